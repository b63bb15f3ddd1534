//! Cuts columns of any length into small batches.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};

use super::questions::Columns;
use crate::format::locate_rows::batch::{Batch, BatchRows, ColumnRows};
use crate::format::locate_rows::outcome::RowsError;

/// How many rows are answered at once.
pub(super) const BATCH_ROWS: usize = 8_192;

/// Where batches of columns come from.
pub(in crate::format::locate_rows) trait Source {
    /// The next batch; `Ok(Err(_))` says why what follows cannot be read.
    fn read(&mut self) -> Result<Option<Result<RecordBatch, String>>, RowsError>;
}

/// Cuts what a source reads into small batches.
#[derive(Debug)]
pub(in crate::format::locate_rows) struct ColumnCutter<S> {
    source: S,
    columns: Columns,
    /// What was read, and how many rows of it were handed over.
    read: Option<(RecordBatch, usize)>,
    ended: bool,
    n_rows: u64,
}

impl<S: Source> ColumnCutter<S> {
    pub(super) fn new(source: S, schema: &SchemaRef) -> Result<Self, RowsError> {
        let columns = Columns::of(schema)?;
        Ok(Self { source, columns, read: None, ended: false, n_rows: 0 })
    }

    pub(in crate::format::locate_rows) fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(in crate::format::locate_rows) fn next_batch(&mut self) -> Result<Option<Batch>, RowsError> {
        loop {
            if let Some((batch, n_done)) = self.read.take_if(|(batch, n_done)| batch.num_rows() > *n_done) {
                let n = BATCH_ROWS.min(batch.num_rows() - n_done);
                let columns = batch.slice(n_done, n);
                self.read = Some((batch, n_done + n));
                return Ok(Some(self.batch(ColumnRows { columns, bad: None })));
            }
            if self.ended {
                return Ok(None);
            }
            match guarded(|| self.source.read())? {
                Some(Ok(batch)) => self.read = Some((batch, 0)),
                Some(Err(why)) => {
                    self.ended = true;
                    let columns = RecordBatch::new_empty(self.columns.schema().clone());
                    return Ok(Some(self.batch(ColumnRows { columns, bad: Some(why) })));
                }
                None => return Ok(None),
            }
        }
    }

    fn batch(&mut self, rows: ColumnRows) -> Batch {
        let first_row = self.n_rows + 1;
        self.n_rows += rows.columns.num_rows() as u64 + u64::from(rows.bad.is_some());
        Batch { first_row, rows: BatchRows::Columns(rows) }
    }
}

/// Runs a reader of other people's bytes; where it panics, the bytes were at fault.
pub(super) fn guarded<T>(
    read: impl FnOnce() -> Result<Option<Result<T, String>>, RowsError>,
) -> Result<Option<Result<T, String>>, RowsError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Ok(Some(Err("the bytes make no sense from here".to_owned()))))
}

/// What a library says of broken bytes, or the reader's or writer's own failure.
pub(super) fn io_of(error: ArrowError) -> Result<std::io::Error, String> {
    match error {
        ArrowError::IoError(_, io) => Ok(io),
        ArrowError::ExternalError(cause) => match cause.downcast::<std::io::Error>() {
            Ok(io) => Ok(*io),
            Err(cause) => Err(cause.to_string()),
        },
        other => Err(other.to_string()),
    }
}

pub(super) fn not_written(error: ArrowError) -> RowsError {
    RowsError::Write(io_of(error).unwrap_or_else(std::io::Error::other))
}
