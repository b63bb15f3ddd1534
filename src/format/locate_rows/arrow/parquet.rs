//! Parquet in and out. A file is read from its table of contents at the end, so it must be a file: it cannot be taken as
//! it comes.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::answers::schema_out;
use super::cutter::{BATCH_ROWS, ColumnCutter, Source, guarded, io_of};
use super::questions::Columns;
use crate::format::locate_rows::outcome::{AnswerSettings, RowsError};

/// Rows that are gathered before they are written: what a reader of the output takes at once.
const ROW_GROUP_ROWS: usize = 64 * 1024;

pub(in crate::format::locate_rows) type FileReader = ColumnCutter<ParquetFile>;

pub(in crate::format::locate_rows) struct ParquetFile {
    batches: ParquetRecordBatchReader,
    n_bytes: u64,
    n_rows: u64,
    n_read: u64,
    on_read: Box<dyn Fn(u64) + Send>,
}

impl FileReader {
    /// Opens a file; `on_read` gets how many of its bytes are read, as far as the rows tell.
    pub(in crate::format::locate_rows) fn open(
        file: File,
        on_read: impl Fn(u64) + Send + 'static,
    ) -> Result<Self, RowsError> {
        let n_bytes = file.metadata().map_err(RowsError::Read)?.len();
        if n_bytes == 0 {
            return Err(RowsError::Empty);
        }
        let open = || match ParquetRecordBatchReaderBuilder::try_new(file) {
            Ok(builder) => Ok(Some(Ok(builder))),
            Err(error) => not_read(error).map(Err).map(Some),
        };
        let builder = match guarded(open)? {
            Some(Ok(builder)) => builder,
            Some(Err(why)) => return Err(RowsError::NotParquet(why)),
            None => return Err(RowsError::Empty),
        };
        let schema = builder.schema().clone();
        let n_rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let batches = builder.with_batch_size(BATCH_ROWS).build();
        let batches = batches.map_err(|error| RowsError::NotParquet(error.to_string()))?;
        Self::new(ParquetFile { batches, n_bytes, n_rows, n_read: 0, on_read: Box::new(on_read) }, &schema)
    }
}

impl Source for ParquetFile {
    fn read(&mut self) -> Result<Option<Result<RecordBatch, String>>, RowsError> {
        match self.batches.next().transpose() {
            Ok(batch) => {
                self.n_read += batch.as_ref().map_or(0, |batch| batch.num_rows() as u64);
                let n_bytes = u128::from(self.n_bytes) * u128::from(self.n_read) / u128::from(self.n_rows.max(1));
                (self.on_read)(u64::try_from(n_bytes).unwrap_or(self.n_bytes));
                Ok(batch.map(Ok))
            }
            Err(error) => io_of(error).map_or_else(|why| Ok(Some(Err(why))), |io| Err(RowsError::Read(io))),
        }
    }
}

impl fmt::Debug for ParquetFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ParquetFile")
    }
}

/// The failure of reading, or what is wrong with the file in words.
fn not_read(error: ParquetError) -> Result<String, RowsError> {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(io) => Err(RowsError::Read(*io)),
            Err(cause) => Ok(cause.to_string()),
        },
        other => Ok(other.to_string()),
    }
}

pub(in crate::format::locate_rows) struct FileWriter<W: Write>(ArrowWriter<W>);

impl<W: Write + Send> FileWriter<W> {
    pub(in crate::format::locate_rows) fn begin(
        columns: &Columns,
        settings: &AnswerSettings,
        out: W,
    ) -> Result<Self, RowsError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(out, schema_out(columns, settings), Some(properties));
        writer.map(Self).map_err(not_written)
    }

    pub(in crate::format::locate_rows) fn put(&mut self, batch: &RecordBatch) -> Result<(), RowsError> {
        self.0.write(batch).map_err(not_written)
    }

    pub(in crate::format::locate_rows) fn end(self) -> Result<(), RowsError> {
        self.0.into_inner().map_err(not_written)?.flush().map_err(RowsError::Write)
    }
}

impl<W: Write> fmt::Debug for FileWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileWriter")
    }
}

fn not_written(error: ParquetError) -> RowsError {
    match not_read(error) {
        Err(RowsError::Read(io)) => RowsError::Write(io),
        Err(other) => other,
        Ok(why) => RowsError::Write(io::Error::other(why)),
    }
}
