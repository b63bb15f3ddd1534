//! Arrow's IPC stream in and out.
//!
//! An Arrow *file* is such a stream between a mark and a table of contents: it is read as one. The bytes are handed to the
//! decoder as they come, so a message that says it is longer than it is takes no memory; one that really is longer than
//! [`MAX_MESSAGE_BYTES`] is refused.

use std::fmt;
use std::io::{BufRead, Write};

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer;

use super::answers::schema_out;
use super::cutter::{ColumnCutter, Source, guarded, not_written};
use super::questions::Columns;
use crate::format::locate_rows::outcome::{AnswerSettings, RowsError};

/// The longest message taken: the columns of one batch.
const MAX_MESSAGE_BYTES: usize = 64 * 1024 * 1024;

/// What an Arrow file begins with, padded to eight bytes or to more of them.
const FILE_MARK: &[u8; 8] = b"ARROW1\0\0";

pub(in crate::format::locate_rows) type StreamReader<R> = ColumnCutter<Stream<R>>;

#[derive(Debug)]
pub(in crate::format::locate_rows) struct Stream<R> {
    input: R,
    decoder: StreamDecoder,
    /// Bytes the decoder was given since it last returned something.
    n_bytes: usize,
    rest: Buffer,
    /// A batch that was read with the schema.
    first: Option<RecordBatch>,
    /// A table of contents follows the stream.
    is_file: bool,
}

impl<R: BufRead> StreamReader<R> {
    pub(in crate::format::locate_rows) fn open(mut input: R) -> Result<Self, RowsError> {
        let start = input.fill_buf().map_err(RowsError::Read)?;
        if start.is_empty() {
            return Err(RowsError::Empty);
        }
        let is_file = start.starts_with(FILE_MARK);
        if is_file {
            input.consume(FILE_MARK.len());
            while input.fill_buf().map_err(RowsError::Read)?.first() == Some(&0) {
                input.consume(1);
            }
        }
        let mut stream =
            Stream { input, decoder: StreamDecoder::new(), n_bytes: 0, rest: Buffer::default(), first: None, is_file };
        let schema = loop {
            if let Some(schema) = stream.decoder.schema() {
                break schema;
            }
            let read = guarded(|| stream.decode_some());
            match read? {
                Some(Ok(None)) => {}
                // The first batch was whole in what the schema came with.
                Some(Ok(Some(batch))) => stream.first = Some(batch),
                Some(Err(why)) => return Err(RowsError::NotArrow(why)),
                None => return Err(RowsError::NotArrow("there is no schema".to_owned())),
            }
        };
        Self::new(stream, &schema)
    }
}

impl<R: BufRead> Stream<R> {
    /// Hands the decoder what is there of the input; returns a batch when one is whole, and `None` at the end.
    fn decode_some(&mut self) -> Result<Option<Result<Option<RecordBatch>, String>>, RowsError> {
        if self.rest.is_empty() {
            let more = self.input.fill_buf().map_err(RowsError::Read)?;
            if more.is_empty() {
                let ended = self.decoder.finish().map_err(|_| "the stream breaks off here".to_owned());
                return Ok(ended.err().map(Err));
            }
            let n = more.len();
            self.rest = Buffer::from(more);
            self.input.consume(n);
        }
        let n_before = self.rest.len();
        let decoded = self.decoder.decode(&mut self.rest);
        self.n_bytes += n_before - self.rest.len();
        match decoded {
            Ok(Some(batch)) => {
                self.n_bytes = 0;
                Ok(Some(Ok(Some(batch))))
            }
            Ok(None) if self.n_bytes > MAX_MESSAGE_BYTES => {
                Ok(Some(Err(format!("a batch is longer than {MAX_MESSAGE_BYTES} bytes: write smaller ones"))))
            }
            Ok(None) => Ok(Some(Ok(None))),
            // Behind its end mark the decoder takes no more.
            Err(_) if self.decoder.finish().is_ok() && self.is_file => Ok(None),
            Err(error) => Ok(Some(Err(error.to_string()))),
        }
    }
}

impl<R: BufRead> Source for Stream<R> {
    fn read(&mut self) -> Result<Option<Result<RecordBatch, String>>, RowsError> {
        if let Some(first) = self.first.take() {
            return Ok(Some(Ok(first)));
        }
        loop {
            match self.decode_some()? {
                None => return Ok(None),
                Some(Ok(None)) => {}
                Some(Ok(Some(batch))) => return Ok(Some(Ok(batch))),
                Some(Err(why)) => return Ok(Some(Err(why))),
            }
        }
    }
}

pub(in crate::format::locate_rows) struct StreamWriter<W>(writer::StreamWriter<W>);

impl<W: Write> StreamWriter<W> {
    pub(in crate::format::locate_rows) fn begin(
        columns: &Columns,
        settings: &AnswerSettings,
        out: W,
    ) -> Result<Self, RowsError> {
        let schema = schema_out(columns, settings);
        writer::StreamWriter::try_new(out, &schema).map(Self).map_err(not_written)
    }

    pub(in crate::format::locate_rows) fn put(&mut self, batch: &RecordBatch) -> Result<(), RowsError> {
        self.0.write(batch).map_err(not_written)
    }

    pub(in crate::format::locate_rows) fn end(mut self) -> Result<(), RowsError> {
        self.0.finish().map_err(not_written)?;
        self.0.get_mut().flush().map_err(RowsError::Write)
    }
}

impl<W> fmt::Debug for StreamWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreamWriter")
    }
}
