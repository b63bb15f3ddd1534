//! Many questions in, as many answers out, in the same format and order: CSV, NDJSON or one JSON array.
//!
//! Rows are answered one by one as they are read; nothing is gathered, whatever the size. A bad row gets an `error` in
//! its place and the next one is read: nothing stops in the middle. The same on the command line and over HTTP.
//!
//! | format | a question | an answer |
//! |---|---|---|
//! | CSV | columns `lon`, `lat` (or `x`, `y`, `lng`, 经度, 纬度 ...), perhaps `accuracy_m`, `category`; others are kept | the row, then the columns of [`csv_rows::result_columns`] |
//! | NDJSON, JSON array | `{"lon": 103.6, "lat": 34.7}`, perhaps `accuracy_m`, `category`, `id`; others are ignored | the answer, with the row's `id`; or `{"row", "id", "error"}` |

mod csv_rows;
mod elements;
mod json_rows;

use std::io::{self, BufRead, Write};

use thiserror::Error;

pub use csv_rows::result_columns;

use crate::domain::Answer;

/// The longest row taken, in bytes.
pub const MAX_ROW_BYTES: usize = 64 * 1024;

/// How rows are written, in and out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    Csv,
    Ndjson,
    JsonArray,
}

/// What one row asks. The numbers are in the frame the caller takes them to be in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowQuestion<'r> {
    pub lon: f64,
    pub lat: f64,
    pub accuracy_m: Option<f64>,
    pub category: Option<&'r str>,
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
    #[error("the input broke off")]
    Read(#[source] io::Error),
    #[error("the output broke off")]
    Write(#[source] io::Error),
}

/// Rows about to be answered. The header (CSV) or the opening bracket is read already, so input that is not of the
/// format at all is refused before the first byte of output.
#[derive(Debug)]
pub struct Rows<R>(Inner<R>);

#[derive(Debug)]
enum Inner<R> {
    Csv(csv_rows::CsvRows<R>),
    Json(json_rows::JsonRows<R>),
}

impl<R: BufRead> Rows<R> {
    /// Reads as far as the first row. A byte order mark is passed over.
    ///
    /// # Errors
    /// When the input has no header with coordinates, or does not begin as a JSON array.
    pub fn open(format: RowFormat, mut reader: R) -> Result<Self, RowsError> {
        if reader.fill_buf().map_err(RowsError::Read)?.starts_with(b"\xEF\xBB\xBF") {
            reader.consume(3);
        }
        Ok(Self(match format {
            RowFormat::Csv => Inner::Csv(csv_rows::CsvRows::open(reader)?),
            RowFormat::Ndjson => Inner::Json(json_rows::JsonRows::lines(reader)),
            RowFormat::JsonArray => Inner::Json(json_rows::JsonRows::array(reader)?),
        }))
    }

    /// Answers every row with `locate`; `levels` are the codes of the region's levels, top first (columns of the CSV).
    ///
    /// # Errors
    /// When reading or writing fails. An error of `locate` goes into its row.
    pub fn answer<'s>(
        self,
        levels: &[&str],
        out: impl Write,
        locate: impl FnMut(&RowQuestion<'_>) -> Result<Answer<'s>, String>,
    ) -> Result<Summary, RowsError> {
        match self.0 {
            Inner::Csv(rows) => rows.answer(levels, out, locate),
            Inner::Json(rows) => rows.answer(out, locate),
        }
    }
}

impl Summary {
    fn count(&mut self, answer: &Result<Answer<'_>, String>) {
        self.n_rows += 1;
        match answer {
            Ok(answer) => self.n_outside += u64::from(answer.grids.is_empty()),
            Err(_) => self.n_refused += 1,
        }
    }
}
