//! Reads a file record by record: the lines of CSV or the features of GeoJSON.

use std::fmt;
use std::io::Read;
use std::sync::Arc;

pub use super::raw_record::{Mapping, PAIRS, Record, RecordResult};
use super::{ReadError, csv, geojson};
use crate::geometry::crs::Frame;

/// The records of a file, one at a time.
pub struct Records<'a> {
    /// The names of its columns, where the file has a header.
    pub header: Option<Arc<[String]>>,
    rows: Box<dyn Iterator<Item = Result<RecordResult, ReadError>> + Send + 'a>,
}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").field("header", &self.header).finish_non_exhaustive()
    }
}

impl Iterator for Records<'_> {
    type Item = Result<RecordResult, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    Csv,
    GeoJson,
}

impl Syntax {
    /// Tells by the end of its name: `.csv`, else GeoJSON.
    #[must_use]
    pub fn of(file_name: &str) -> Self {
        let is_csv = std::path::Path::new(file_name).extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"));
        if is_csv { Self::Csv } else { Self::GeoJson }
    }
}

/// Reads `input` record by record, with the memory of one.
///
/// `frame` is the one the coordinates are taken to be in; a file that says otherwise about itself is an error.
/// An `Err` ends the file: what follows it cannot be told apart. Columns that profile people are an error at once.
///
/// # Errors
/// When not even the head of the file can be read.
pub fn read<'a>(input: impl Read + Send + 'a, syntax: Syntax, frame: &Frame) -> Result<Records<'a>, ReadError> {
    Ok(match syntax {
        Syntax::Csv => {
            let rows = csv::Rows::new(input)?;
            Records { header: Some(Arc::clone(rows.columns())), rows: Box::new(rows) }
        }
        Syntax::GeoJson => Records { header: None, rows: Box::new(geojson::Features::new(input, frame.clone())) },
    })
}
