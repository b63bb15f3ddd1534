//! How rows are written, what became of them, and why they cannot be read.

use std::io;

use thiserror::Error;

use super::limits::MAX_ROW_BYTES;
use crate::format::ReadError;

/// How rows are written, in and out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    Csv,
    Ndjson,
    JsonArray,
    GeoJson,
    /// Arrow's IPC stream; an Arrow file is read too.
    ArrowStream,
    /// Only from a file: it is read from its end.
    Parquet,
}

/// How many faults of rows are gathered beside the output.
pub const MOST_FAULTS: usize = 100;

/// Why a row is refused; rows count from 1, the header not among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    pub row: u64,
    pub why: String,
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub n_rows: u64,
    /// Rows at a place that no grid covers.
    pub n_outside: u64,
    /// Rows that hold an error instead of an answer.
    pub n_refused: u64,
}

impl Summary {
    /// Adds what became of further rows.
    pub fn add(&mut self, more: Summary) {
        self.n_rows += more.n_rows;
        self.n_outside += more.n_outside;
        self.n_refused += more.n_refused;
    }
}

/// Why rows cannot be read at all, or no further.
#[derive(Debug, Error)]
pub enum RowsError {
    #[error("the header has no column {missing}; it has {found}")]
    Header { missing: &'static str, found: String },
    #[error("expected a JSON array of points: the input does not begin with [")]
    NotAnArray,
    #[error("the input is empty")]
    Empty,
    #[error("the header is longer than {MAX_ROW_BYTES} bytes")]
    HeaderTooLong,
    #[error(transparent)]
    Features(ReadError),
    #[error("the column {column} is of {found}, expected {expected}")]
    ColumnKind { column: String, found: String, expected: &'static str },
    #[error("not an Arrow stream: {0}")]
    NotArrow(String),
    #[error("not a Parquet file: {0}")]
    NotParquet(String),
    #[error("Parquet is read from its end and cannot be taken as it comes: give a file, or an Arrow stream")]
    NotAFile,
    #[error("the input broke off")]
    Read(#[source] io::Error),
    #[error("the output broke off")]
    Write(#[source] io::Error),
}

/// What holds for all rows of one input.
#[derive(Clone, Debug)]
pub struct AnswerSettings {
    /// The codes of the region's levels, top first: a column each.
    pub levels: Vec<String>,
    /// How many rows are answered; those behind are refused.
    pub most_rows: Option<u64>,
}
