//! Input cut into batches of whole rows.

use std::fs::File;
use std::io::{BufRead, Chain, Cursor, Read, Write};

use super::batch::Batch;
use super::outcome::{AnswerSettings, RowFormat, RowsError};
use super::renderer::{Renderer, RendererKind};
use super::writer::{InWriter, Writer};
use super::{arrow, csv, features, json_rows};
use crate::geometry::crs::Frame;

/// Cuts an input into batches of whole rows. The header (CSV) or the opening bracket is read already, so input that is
/// not of the format at all is refused before the first byte of output.
#[derive(Debug)]
pub struct Reader<R: Read>(InReader<Chain<Cursor<Vec<u8>>, R>>);

/// How many bytes an input is recognized by: as many as an Arrow file begins with.
const HEAD: u64 = 8;

#[derive(Debug)]
enum InReader<R: Read> {
    Csv(csv::CsvCutter<R>),
    Features(Box<features::FeatureRows<R>>),
    Arrow(Box<arrow::StreamReader<R>>),
    Parquet(Box<arrow::FileReader>),
    Json(json_rows::JsonRows<R>),
}

impl<R: BufRead> Reader<R> {
    /// Reads as far as the first row. A byte order mark is passed over. Features that say of themselves that they are in
    /// another frame than `frame` are an error.
    ///
    /// # Errors
    /// When the input has no header with coordinates, or does not begin as a JSON array.
    pub fn open(format: RowFormat, frame: &Frame, mut input: R) -> Result<Self, RowsError> {
        // An input may come in pieces, the first one of a single byte.
        let mut head = Vec::new();
        input.by_ref().take(HEAD).read_to_end(&mut head).map_err(RowsError::Read)?;
        let n_mark = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let input = Cursor::new(head.split_off(n_mark)).chain(input);
        Ok(Self(match format {
            RowFormat::Csv => InReader::Csv(csv::CsvCutter::open(input)?),
            RowFormat::GeoJson => InReader::Features(Box::new(features::FeatureRows::open(input, frame)?)),
            RowFormat::Ndjson => InReader::Json(json_rows::JsonRows::lines(input)),
            RowFormat::JsonArray => InReader::Json(json_rows::JsonRows::array(input)?),
            RowFormat::ArrowStream => InReader::Arrow(Box::new(arrow::StreamReader::open(input)?)),
            RowFormat::Parquet => return Err(RowsError::NotAFile),
        }))
    }

    /// Reads the table of contents of a Parquet file; `on_read` gets how many of its bytes are read.
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
    pub fn renderer(&self, settings: &AnswerSettings) -> Renderer {
        let kind = match &self.0 {
            InReader::Csv(cutter) => RendererKind::Csv(csv::Renderer::new(cutter.columns(), settings)),
            InReader::Features(_) => RendererKind::Features(features::Renderer::new(settings)),
            InReader::Arrow(rows) => RendererKind::Columns(Box::new(arrow::Renderer::new(rows.columns(), settings))),
            InReader::Parquet(rows) => RendererKind::Columns(Box::new(arrow::Renderer::new(rows.columns(), settings))),
            InReader::Json(rows) => RendererKind::Json(rows.renderer()),
        };
        Renderer { most_rows: settings.most_rows.unwrap_or(u64::MAX), kind }
    }

    /// Begins the output, in the format of this input.
    ///
    /// # Errors
    /// When writing fails.
    pub fn writer<W: Write + Send>(&self, settings: &AnswerSettings, mut out: W) -> Result<Writer<W>, RowsError> {
        let (format, head) = match &self.0 {
            InReader::Csv(cutter) => (RowFormat::Csv, cutter.columns().header_out(settings)),
            InReader::Features(_) => (RowFormat::GeoJson, features::HEAD.to_vec()),
            InReader::Json(rows) => (rows.format(), Vec::new()),
            InReader::Arrow(rows) => {
                let writer = arrow::StreamWriter::begin(rows.columns(), settings, out)?;
                return Ok(Writer(InWriter::Arrow(Box::new(writer))));
            }
            InReader::Parquet(rows) => {
                let writer = arrow::FileWriter::begin(rows.columns(), settings, out)?;
                return Ok(Writer(InWriter::Parquet(Box::new(writer))));
            }
        };
        out.write_all(&head).map_err(RowsError::Write)?;
        Ok(Writer(InWriter::Text { out, format, crs: None }))
    }
}
