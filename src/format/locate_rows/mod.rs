//! Many questions in, as many answers out, in the same format and order: CSV, NDJSON, JSON, GeoJSON, Arrow, Parquet.
//!
//! Rows are cut off the input in batches of bounded size ([`Reader`]), answered batch by batch, on as many threads as one
//! likes ([`Renderer`]), and written in their order ([`Writer`]); nothing else is gathered, whatever the size. A bad row
//! gets an error in its place and the next one is read: nothing stops in the middle. The same on the command line and
//! over HTTP. Who answers is not known here: a [`RowLocator`].
//!
//! | format | a question | an answer |
//! |---|---|---|
//! | CSV | columns `lon`, `lat` (or `x`, `y`, `lng`, 经度, 纬度 ...), perhaps `accuracy_m`, `category` | the row, then the columns of [`RowAnswer`] |
//! | GeoJSON | a Feature with a Point, perhaps with the properties `accuracy_m`, `category` | the feature with those columns as further properties |
//! | Arrow stream, Parquet | columns `lon`, `lat` of numbers or texts, named as in CSV | the columns, then those of [`RowAnswer`], null where a cell is empty |
//! | NDJSON, JSON array | `{"lon": 103.6, "lat": 34.7}`, perhaps `accuracy_m`, `category`, `id`; others are ignored | the whole answer, with the row's `id` and `status`; or `{"row", "id", "error", "status"}` |

mod arrow;
mod csv;
mod elements;
mod features;
mod given;
mod json_rows;
mod reader;
mod renderer;
mod row_answer;
mod writer;

use std::io;

use thiserror::Error;

use reader::BatchRows;
pub use reader::{Batch, Reader};
pub use renderer::{Page, Renderer};
use renderer::{PageBody, Tally};
pub use row_answer::{RowAnswer, RowLink, RowMediator};
pub use writer::Writer;

use super::ReadError;
use crate::domain::Answer;

/// The longest row taken, in bytes.
pub const MAX_ROW_BYTES: usize = 64 * 1024;

/// How many bytes of rows make a batch: enough that handing it over costs nothing, few enough that several fit a cache.
const BATCH_BYTES: usize = 128 * 1024;

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

/// What one row asks. The numbers are in the frame the caller takes them to be in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowQuestion<'r> {
    pub lon: f64,
    pub lat: f64,
    pub accuracy_m: Option<f64>,
    pub category: Option<&'r str>,
}

impl<'r> RowQuestion<'r> {
    /// Puts a question together, or tells all faults of its parts.
    fn of(
        position: Result<(f64, f64), String>,
        accuracy_m: Result<Option<f64>, String>,
        category: Result<Option<&'r str>, String>,
    ) -> Asked<'r> {
        match (position, accuracy_m, category) {
            (Ok((lon, lat)), Ok(accuracy_m), Ok(category)) => Ok(Self { lon, lat, accuracy_m, category }),
            (position, accuracy_m, category) => Err(joined([position.err(), accuracy_m.err(), category.err()])),
        }
    }
}

/// Puts a position together, or tells the faults of both parts.
fn position(lon: Result<f64, String>, lat: Result<f64, String>) -> Result<(f64, f64), String> {
    match (lon, lat) {
        (Ok(lon), Ok(lat)) => Ok((lon, lat)),
        (lon, lat) => Err(joined([lon.err(), lat.err()])),
    }
}

/// All faults as one text.
fn joined<const N: usize>(faults: [Option<String>; N]) -> String {
    faults.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// A row's question, or why it holds none.
pub type Asked<'r> = Result<RowQuestion<'r>, String>;

/// Whoever answers rows. One serves one thread.
pub trait RowLocator {
    /// Answers each of `asked` in turn, as far as a table has columns for it; an error is for whoever wrote the row.
    fn answer(&mut self, asked: &[Asked<'_>], each: &mut dyn FnMut(Result<&RowAnswer<'_>, &str>));

    /// Answers one question whole.
    ///
    /// # Errors
    /// In words, for whoever wrote the row.
    fn locate(&mut self, question: &RowQuestion<'_>) -> Result<Answer<'_>, String>;
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
pub struct Shape {
    /// The codes of the region's levels, top first: a column each.
    pub levels: Vec<String>,
    /// How many rows are answered; those behind are refused.
    pub most_rows: Option<u64>,
}
