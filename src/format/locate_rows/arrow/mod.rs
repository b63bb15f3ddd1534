//! Questions as rows of Arrow's columns, from an IPC stream or a Parquet file; the answer is put behind them as further
//! columns.
//!
//! `stream` and `parquet` read and write batches of columns; `questions` takes the numbers out of them; `answers` builds
//! the columns of an answer. Batches are cut small, whatever size they come in. Input columns go out as they came, but any
//! may be null: where the input breaks off, a last row says so.

mod answers;
mod parquet;
mod questions;
mod stream;

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::{RecordBatch, new_null_array};
use arrow_schema::{ArrowError, Schema, SchemaRef};

use super::{Batch, BatchRows, RowsError, Shape};

pub(super) use answers::Renderer;
pub(super) use parquet::{FileReader, FileWriter};
pub(super) use questions::Columns;
pub(super) use stream::{StreamReader, StreamWriter};

/// How many rows are answered at once.
const BATCH_ROWS: usize = 8_192;

/// Columns of whole rows, or why there are no more.
#[derive(Debug)]
pub(super) struct Rows {
    columns: RecordBatch,
    /// Why the row at the end, which is not among the columns, cannot be read.
    bad: Option<String>,
}

/// Where batches of columns come from.
pub(super) trait Source {
    /// The next batch; `Ok(Err(_))` says why what follows cannot be read.
    fn read(&mut self) -> Result<Option<Result<RecordBatch, String>>, RowsError>;
}

/// Cuts what a source reads into small batches.
#[derive(Debug)]
pub(super) struct Cutter<S> {
    source: S,
    columns: Columns,
    /// What was read, and how many rows of it were handed over.
    read: Option<(RecordBatch, usize)>,
    ended: bool,
    n_rows: u64,
}

impl<S: Source> Cutter<S> {
    fn new(source: S, schema: &SchemaRef) -> Result<Self, RowsError> {
        let columns = Columns::of(schema)?;
        Ok(Self { source, columns, read: None, ended: false, n_rows: 0 })
    }

    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn next_batch(&mut self) -> Result<Option<Batch>, RowsError> {
        loop {
            if let Some((batch, n_done)) = self.read.take_if(|(batch, n_done)| batch.num_rows() > *n_done) {
                let n = BATCH_ROWS.min(batch.num_rows() - n_done);
                let columns = batch.slice(n_done, n);
                self.read = Some((batch, n_done + n));
                return Ok(Some(self.batch(Rows { columns, bad: None })));
            }
            if self.ended {
                return Ok(None);
            }
            match guarded(|| self.source.read())? {
                Some(Ok(batch)) => self.read = Some((batch, 0)),
                Some(Err(why)) => {
                    self.ended = true;
                    let columns = RecordBatch::new_empty(self.columns.schema().clone());
                    return Ok(Some(self.batch(Rows { columns, bad: Some(why) })));
                }
                None => return Ok(None),
            }
        }
    }

    fn batch(&mut self, rows: Rows) -> Batch {
        let first_row = self.n_rows + 1;
        self.n_rows += rows.columns.num_rows() as u64 + u64::from(rows.bad.is_some());
        Batch { first_row, rows: BatchRows::Columns(rows) }
    }
}

/// The schema of the output: every column of the input, any of which may be null, then those of the answers.
pub(super) fn schema_out(columns: &Columns, shape: &Shape) -> SchemaRef {
    let input = columns.schema();
    let kept = input.fields().iter().map(|field| field.as_ref().clone().with_nullable(true));
    let added = answers::fields(input, shape);
    let fields: Vec<_> = kept.chain(added).collect();
    Schema::new_with_metadata(fields, input.metadata().clone()).into()
}

/// The columns of a row that has nothing in any of them.
fn nothing(schema: &Schema) -> Vec<arrow_array::ArrayRef> {
    schema.fields().iter().map(|field| new_null_array(field.data_type(), 1)).collect()
}

/// Runs a reader of other people's bytes; where it panics, the bytes were at fault.
fn guarded<T>(
    read: impl FnOnce() -> Result<Option<Result<T, String>>, RowsError>,
) -> Result<Option<Result<T, String>>, RowsError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Ok(Some(Err("the bytes make no sense from here".to_owned()))))
}

/// What a library says of broken bytes, or the reader's or writer's own failure.
fn io_of(error: ArrowError) -> Result<std::io::Error, String> {
    match error {
        ArrowError::IoError(_, io) => Ok(io),
        ArrowError::ExternalError(cause) => match cause.downcast::<std::io::Error>() {
            Ok(io) => Ok(*io),
            Err(cause) => Err(cause.to_string()),
        },
        other => Err(other.to_string()),
    }
}

fn not_written(error: ArrowError) -> RowsError {
    RowsError::Write(io_of(error).unwrap_or_else(std::io::Error::other))
}
