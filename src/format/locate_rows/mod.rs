//! Many questions in, as many answers out, in the same format and order: CSV, NDJSON, JSON, GeoJSON, Arrow, Parquet.
//!
//! Rows are cut off the input in batches of bounded size ([`Reader`]), answered batch by batch, on as many threads as one
//! likes ([`Renderer`]), and written in their order ([`Writer`]); nothing else is gathered, whatever the size. A bad row
//! gets an error in its place and the next one is read: nothing stops in the middle. The same on the command line and
//! over HTTP. Who answers is not known here: a [`RowLocator`].
//!
//! | format | a question | an answer |
//! |---|---|---|
//! | CSV | columns `lon`, `lat` (or `x`, `y`, `lng`, 经度, 纬度 ...), perhaps `accuracy_m`, `category` | the row, then the columns of [`Told`] |
//! | GeoJSON | a Feature with a Point, perhaps with the properties `accuracy_m`, `category` | the feature with those columns as further properties |
//! | NDJSON, JSON array | `{"lon": 103.6, "lat": 34.7}`, perhaps `accuracy_m`, `category`, `id`; others are ignored | the whole answer, with the row's `id`; or `{"row", "id", "error"}` |

mod csv;
mod elements;
mod features;
mod json_rows;
mod told;

use std::io::{self, BufRead, Read, Write};

use thiserror::Error;

pub use told::{Told, ToldLink, ToldMediator};

use super::ReadError;
use crate::domain::Answer;
use crate::geometry::crs::Frame;

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
}

/// What one row asks. The numbers are in the frame the caller takes them to be in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowQuestion<'r> {
    pub lon: f64,
    pub lat: f64,
    pub accuracy_m: Option<f64>,
    pub category: Option<&'r str>,
}

/// A row's question, or why it holds none.
pub type Asked<'r> = Result<RowQuestion<'r>, String>;

/// Whoever answers rows. One serves one thread.
pub trait RowLocator {
    /// Answers each of `asked` in turn, as a table is told; an error is for whoever wrote the row.
    fn tell(&mut self, asked: &[Asked<'_>], each: &mut dyn FnMut(Result<&Told<'_>, &str>));

    /// Answers one question whole.
    ///
    /// # Errors
    /// In words, for whoever wrote the row.
    fn locate(&mut self, question: &RowQuestion<'_>) -> Result<Answer<'_>, String>;
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
    #[error(transparent)]
    Features(ReadError),
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

/// Cuts an input into batches of whole rows. The header (CSV) or the opening bracket is read already, so input that is
/// not of the format at all is refused before the first byte of output.
#[derive(Debug)]
pub struct Reader<R: Read>(InReader<R>);

#[derive(Debug)]
enum InReader<R: Read> {
    Csv(csv::Cutter<R>),
    Features(Box<features::Rows<R>>),
    Json(json_rows::Rows<R>),
}

/// Some rows in a row.
#[derive(Debug)]
pub struct Batch {
    /// The number of the first, from 1.
    first_row: u64,
    rows: BatchRows,
}

#[derive(Debug)]
enum BatchRows {
    Csv(csv::Text),
    /// Features, and what their collection said of its frame since the batch before.
    Features(Vec<features::Cut>, Option<Vec<u8>>),
    Json(Vec<json_rows::Cut>),
}

/// The answers to a batch.
#[derive(Debug)]
pub struct Page {
    pub summary: Summary,
    text: Vec<u8>,
    /// What a collection of features says of its frame.
    crs: Option<Vec<u8>>,
}

/// Answers batches. Each thread has one of its own, since it keeps what it made of a ground.
#[derive(Clone, Debug)]
pub struct Renderer {
    most_rows: u64,
    kind: RendererKind,
}

#[derive(Clone, Debug)]
enum RendererKind {
    Csv(csv::Renderer),
    Features(features::Renderer),
    Json(json_rows::Renderer),
}

/// Writes pages in their order.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    format: RowFormat,
    crs: Option<Vec<u8>>,
}

impl<R: BufRead> Reader<R> {
    /// Reads as far as the first row. A byte order mark is passed over. Features that say of themselves that they are in
    /// another frame than `frame` are an error.
    ///
    /// # Errors
    /// When the input has no header with coordinates, or does not begin as a JSON array.
    pub fn open(format: RowFormat, frame: &Frame, mut input: R) -> Result<Self, RowsError> {
        if input.fill_buf().map_err(RowsError::Read)?.starts_with(b"\xEF\xBB\xBF") {
            input.consume(3);
        }
        Ok(Self(match format {
            RowFormat::Csv => InReader::Csv(csv::Cutter::open(input)?),
            RowFormat::GeoJson => InReader::Features(Box::new(features::Rows::open(input, frame)?)),
            RowFormat::Ndjson => InReader::Json(json_rows::Rows::lines(input)),
            RowFormat::JsonArray => InReader::Json(json_rows::Rows::array(input)?),
        }))
    }

    /// Returns the next rows, or `None` at the end of the input.
    ///
    /// # Errors
    /// When reading fails.
    pub fn next_batch(&mut self) -> Result<Option<Batch>, RowsError> {
        match &mut self.0 {
            InReader::Csv(cutter) => cutter.next_batch(),
            InReader::Features(rows) => rows.next_batch(),
            InReader::Json(rows) => rows.next_batch(),
        }
    }

    /// Returns what answers the batches of this input.
    #[must_use]
    pub fn renderer(&self, shape: &Shape) -> Renderer {
        let kind = match &self.0 {
            InReader::Csv(cutter) => RendererKind::Csv(csv::Renderer::new(cutter.columns(), shape)),
            InReader::Features(_) => RendererKind::Features(features::Renderer::new(shape)),
            InReader::Json(rows) => RendererKind::Json(rows.renderer()),
        };
        Renderer { most_rows: shape.most_rows.unwrap_or(u64::MAX), kind }
    }

    /// Begins the output, in the format of this input.
    ///
    /// # Errors
    /// When writing fails.
    pub fn writer<W: Write>(&self, shape: &Shape, mut out: W) -> Result<Writer<W>, RowsError> {
        let (format, head) = match &self.0 {
            InReader::Csv(cutter) => (RowFormat::Csv, cutter.columns().header_out(shape)),
            InReader::Features(_) => (RowFormat::GeoJson, b"{\"type\":\"FeatureCollection\",\"features\":[\n".to_vec()),
            InReader::Json(rows) => (rows.format(), Vec::new()),
        };
        out.write_all(&head).map_err(RowsError::Write)?;
        Ok(Writer { out, format, crs: None })
    }
}

impl Renderer {
    /// Answers every row of a batch.
    pub fn render(&mut self, batch: Batch, locator: &mut dyn RowLocator) -> Page {
        let limit = Limit { next: batch.first_row, most: self.most_rows };
        match (&mut self.kind, batch.rows) {
            (RendererKind::Csv(renderer), BatchRows::Csv(text)) => renderer.render(&text, limit, locator),
            (RendererKind::Features(renderer), BatchRows::Features(rows, crs)) => {
                renderer.render(&rows, crs, limit, locator)
            }
            (RendererKind::Json(renderer), BatchRows::Json(rows)) => renderer.render(&rows, limit, locator),
            _ => unreachable!("a renderer is of the format of its reader"),
        }
    }
}

impl<W: Write> Writer<W> {
    /// Writes the next page.
    ///
    /// # Errors
    /// When writing fails.
    pub fn put(&mut self, page: Page) -> Result<(), RowsError> {
        self.crs = page.crs.or(self.crs.take());
        self.out.write_all(&page.text).map_err(RowsError::Write)
    }

    /// Ends the output after `summary.n_rows` rows.
    ///
    /// # Errors
    /// When writing fails.
    pub fn end(mut self, summary: &Summary) -> Result<(), RowsError> {
        let end: &[u8] = match (self.format, summary.n_rows) {
            (RowFormat::Csv | RowFormat::Ndjson, _) => b"",
            (RowFormat::JsonArray, 0) => b"[]\n",
            (RowFormat::JsonArray, _) => b"\n]\n",
            (RowFormat::GeoJson, _) => b"\n]",
        };
        self.out.write_all(end).map_err(RowsError::Write)?;
        if self.format == RowFormat::GeoJson {
            let crs = self.crs.map(|crs| [b",\"crs\":", &*crs].concat()).unwrap_or_default();
            self.out.write_all(&[&*crs, b"}\n"].concat()).map_err(RowsError::Write)?;
        }
        self.out.flush().map_err(RowsError::Write)
    }
}

/// Counts the rows of a batch against those that are answered.
#[derive(Clone, Copy, Debug)]
struct Limit {
    next: u64,
    most: u64,
}

impl Limit {
    /// Counts a row; one behind the limit asks nothing.
    fn take<'r>(&mut self, asked: Asked<'r>) -> Asked<'r> {
        self.next += 1;
        if self.next - 1 > self.most {
            return Err(format!("at most {} points are answered at once", self.most));
        }
        asked
    }
}

impl Summary {
    fn count<T>(&mut self, answer: &Result<T, &str>, is_located: impl Fn(&T) -> bool) {
        self.n_rows += 1;
        match answer {
            Ok(answer) => self.n_outside += u64::from(!is_located(answer)),
            Err(_) => self.n_refused += 1,
        }
    }

    /// Adds what became of further rows.
    pub fn add(&mut self, more: Summary) {
        self.n_rows += more.n_rows;
        self.n_outside += more.n_outside;
        self.n_refused += more.n_refused;
    }
}
