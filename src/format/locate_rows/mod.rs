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
//! | Arrow stream, Parquet | columns `lon`, `lat` of numbers or texts, named as in CSV | the columns, then those of [`Told`], null where a cell is empty |
//! | NDJSON, JSON array | `{"lon": 103.6, "lat": 34.7}`, perhaps `accuracy_m`, `category`, `id`; others are ignored | the whole answer, with the row's `id` and `status`; or `{"row", "id", "error", "status"}` |

mod arrow;
mod csv;
mod elements;
mod features;
mod given;
mod json_rows;
mod told;

use std::fs::File;
use std::io::{self, BufRead, Read, Write};

use arrow_array::RecordBatch;
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
            (position, accuracy_m, category) => Err(told([position.err(), accuracy_m.err(), category.err()])),
        }
    }
}

/// Puts a position together, or tells the faults of both parts.
fn position(lon: Result<f64, String>, lat: Result<f64, String>) -> Result<(f64, f64), String> {
    match (lon, lat) {
        (Ok(lon), Ok(lat)) => Ok((lon, lat)),
        (lon, lat) => Err(told([lon.err(), lat.err()])),
    }
}

/// All faults as one text.
fn told<const N: usize>(faults: [Option<String>; N]) -> String {
    faults.into_iter().flatten().collect::<Vec<_>>().join("; ")
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

/// Cuts an input into batches of whole rows. The header (CSV) or the opening bracket is read already, so input that is
/// not of the format at all is refused before the first byte of output.
#[derive(Debug)]
pub struct Reader<R: Read>(InReader<R>);

#[derive(Debug)]
enum InReader<R: Read> {
    Csv(csv::Cutter<R>),
    Features(Box<features::Rows<R>>),
    Arrow(Box<arrow::StreamReader<R>>),
    Parquet(Box<arrow::FileReader>),
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
    Columns(arrow::Rows),
    Json(Vec<json_rows::Cut>),
}

/// The answers to a batch.
#[derive(Debug)]
pub struct Page {
    pub summary: Summary,
    /// The first rows that were refused, at most [`MOST_FAULTS`].
    pub refused: Vec<RowFault>,
    body: PageBody,
}

#[derive(Debug)]
enum PageBody {
    Text(Vec<u8>),
    /// Features, and what their collection says of its frame.
    Features(Vec<u8>, Option<Vec<u8>>),
    Columns(RecordBatch),
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
    Columns(Box<arrow::Renderer>),
    Json(json_rows::Renderer),
}

/// Writes pages in their order.
#[derive(Debug)]
pub struct Writer<W: Write>(InWriter<W>);

#[derive(Debug)]
enum InWriter<W: Write> {
    Text { out: W, format: RowFormat, crs: Option<Vec<u8>> },
    Arrow(Box<arrow::StreamWriter<W>>),
    Parquet(Box<arrow::FileWriter<W>>),
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
            RowFormat::ArrowStream => InReader::Arrow(Box::new(arrow::StreamReader::open(input)?)),
            RowFormat::Parquet => return Err(RowsError::NotAFile),
        }))
    }

    /// Reads the table of contents of a Parquet file; `on_read` is told how many of its bytes are read.
    ///
    /// # Errors
    /// When it is none, or has no columns with coordinates.
    pub fn open_parquet(file: File, on_read: impl Fn(u64) + Send + 'static) -> Result<Self, RowsError> {
        Ok(Self(InReader::Parquet(Box::new(arrow::FileReader::open(file, on_read)?))))
    }

    /// Returns the next rows, or `None` at the end of the input.
    ///
    /// # Errors
    /// When reading fails.
    pub fn next_batch(&mut self) -> Result<Option<Batch>, RowsError> {
        match &mut self.0 {
            InReader::Csv(cutter) => cutter.next_batch(),
            InReader::Features(rows) => rows.next_batch(),
            InReader::Arrow(rows) => rows.next_batch(),
            InReader::Parquet(rows) => rows.next_batch(),
            InReader::Json(rows) => rows.next_batch(),
        }
    }

    /// Returns what answers the batches of this input.
    #[must_use]
    pub fn renderer(&self, shape: &Shape) -> Renderer {
        let kind = match &self.0 {
            InReader::Csv(cutter) => RendererKind::Csv(csv::Renderer::new(cutter.columns(), shape)),
            InReader::Features(_) => RendererKind::Features(features::Renderer::new(shape)),
            InReader::Arrow(rows) => RendererKind::Columns(Box::new(arrow::Renderer::new(rows.columns(), shape))),
            InReader::Parquet(rows) => RendererKind::Columns(Box::new(arrow::Renderer::new(rows.columns(), shape))),
            InReader::Json(rows) => RendererKind::Json(rows.renderer()),
        };
        Renderer { most_rows: shape.most_rows.unwrap_or(u64::MAX), kind }
    }

    /// Begins the output, in the format of this input.
    ///
    /// # Errors
    /// When writing fails.
    pub fn writer<W: Write + Send>(&self, shape: &Shape, mut out: W) -> Result<Writer<W>, RowsError> {
        let (format, head) = match &self.0 {
            InReader::Csv(cutter) => (RowFormat::Csv, cutter.columns().header_out(shape)),
            InReader::Features(_) => (RowFormat::GeoJson, features::HEAD.to_vec()),
            InReader::Json(rows) => (rows.format(), Vec::new()),
            InReader::Arrow(rows) => {
                let writer = arrow::StreamWriter::begin(rows.columns(), shape, out)?;
                return Ok(Writer(InWriter::Arrow(Box::new(writer))));
            }
            InReader::Parquet(rows) => {
                let writer = arrow::FileWriter::begin(rows.columns(), shape, out)?;
                return Ok(Writer(InWriter::Parquet(Box::new(writer))));
            }
        };
        out.write_all(&head).map_err(RowsError::Write)?;
        Ok(Writer(InWriter::Text { out, format, crs: None }))
    }
}

impl Renderer {
    /// Answers every row of a batch.
    pub fn render(&mut self, batch: Batch, locator: &mut dyn RowLocator) -> Page {
        let first_row = batch.first_row;
        let (summary, refused) = (Summary::default(), Vec::new());
        let tally = Tally { next: first_row, most: self.most_rows, first_row, summary, refused };
        match (&mut self.kind, batch.rows) {
            (RendererKind::Csv(renderer), BatchRows::Csv(text)) => renderer.render(&text, tally, locator),
            (RendererKind::Features(renderer), BatchRows::Features(rows, crs)) => {
                renderer.render(&rows, crs, tally, locator)
            }
            (RendererKind::Columns(renderer), BatchRows::Columns(rows)) => renderer.render(&rows, tally, locator),
            (RendererKind::Json(renderer), BatchRows::Json(rows)) => renderer.render(&rows, tally, locator),
            _ => unreachable!("a renderer is of the format of its reader"),
        }
    }
}

impl<W: Write + Send> Writer<W> {
    /// Writes the next page.
    ///
    /// # Errors
    /// When writing fails.
    pub fn put(&mut self, page: Page) -> Result<(), RowsError> {
        match (&mut self.0, page.body) {
            (InWriter::Text { out, .. }, PageBody::Text(text)) => out.write_all(&text).map_err(RowsError::Write),
            (InWriter::Text { out, crs, .. }, PageBody::Features(text, stated)) => {
                *crs = stated.or(crs.take());
                out.write_all(&text).map_err(RowsError::Write)
            }
            (InWriter::Arrow(writer), PageBody::Columns(batch)) => writer.put(&batch),
            (InWriter::Parquet(writer), PageBody::Columns(batch)) => writer.put(&batch),
            _ => unreachable!("a page is of the format of its reader"),
        }
    }

    /// Ends the output after `summary.n_rows` rows.
    ///
    /// # Errors
    /// When writing fails.
    pub fn end(self, summary: &Summary) -> Result<(), RowsError> {
        let (mut out, format, crs) = match self.0 {
            InWriter::Text { out, format, crs } => (out, format, crs),
            InWriter::Arrow(writer) => return writer.end(),
            InWriter::Parquet(writer) => return writer.end(),
        };
        let end = match (format, summary.n_rows) {
            (RowFormat::JsonArray, 0) => b"[]\n".to_vec(),
            (RowFormat::JsonArray, _) => b"\n]\n".to_vec(),
            (RowFormat::GeoJson, _) => features::end(crs),
            _ => Vec::new(),
        };
        out.write_all(&end).and_then(|()| out.flush()).map_err(RowsError::Write)
    }
}

/// Counts the rows of a batch, and those behind the last that is answered.
#[derive(Clone, Debug)]
struct Tally {
    /// The number of the row that is limited next.
    next: u64,
    most: u64,
    first_row: u64,
    summary: Summary,
    refused: Vec<RowFault>,
}

impl Tally {
    /// Takes the questions away of rows behind the last that is answered. Called once for each row, in order.
    fn limit(&mut self, asked: &mut [Asked<'_>]) {
        for asked in asked {
            if self.next > self.most {
                *asked = Err(format!("at most {} points are answered at once", self.most));
            }
            self.next += 1;
        }
    }

    /// Counts a row's answer. Called once for each row, in order.
    fn count<T>(&mut self, answer: &Result<T, &str>, is_located: impl Fn(&T) -> bool) {
        let row = self.first_row + self.summary.n_rows;
        self.summary.n_rows += 1;
        match answer {
            Ok(answer) => self.summary.n_outside += u64::from(!is_located(answer)),
            Err(why) => {
                self.summary.n_refused += 1;
                if self.refused.len() < MOST_FAULTS {
                    self.refused.push(RowFault { row, why: (*why).to_owned() });
                }
            }
        }
    }

    fn page(self, body: PageBody) -> Page {
        Page { summary: self.summary, refused: self.refused, body }
    }
}

impl Summary {
    /// Adds what became of further rows.
    pub fn add(&mut self, more: Summary) {
        self.n_rows += more.n_rows;
        self.n_outside += more.n_outside;
        self.n_refused += more.n_refused;
    }
}
