//! What can be wrong in a file, with its place.

use std::fmt;
use std::io;

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::text::EncodingError;
use crate::domain::IdError;
use crate::geometry::Position;
use crate::geometry::coverage::FaultKind;
use crate::geometry::crs::CrsError;

/// Where in a file a record is; both count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A line of a CSV file, the header being line 1.
    Line(u64),
    /// A feature of a GeoJSON file.
    Feature(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(n) => write!(f, "line {n}"),
            Self::Feature(n) => write!(f, "feature {n}"),
        }
    }
}

/// One thing wrong with one record. Never carries personal data: an address that is refused is not repeated.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub place: Place,
    /// The field it is about, as the service calls it: `stated_grid`.
    pub field: String,
    pub problem: Problem,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.field, self.problem)
    }
}

/// Why a field is refused.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Problem {
    #[error("is missing")]
    Missing,
    #[error("is missing: 0, 0 stands for a place nobody wrote down")]
    ZeroZero,
    #[error(transparent)]
    Id(#[from] IdError),
    #[error(transparent)]
    Coordinates(#[from] CrsError),
    #[error("{0:?} is not a number")]
    NotANumber(String),
    #[error("{0:?} is not a whole number from 0")]
    NotACount(String),
    #[error("{0:?} is not a time: expected 2024-01-02T13:25:00+08:00, or 2024-01-02 13:25 in the region's own time")]
    NotATime(String),
    #[error("{word:?} is not one of {expected}")]
    UnknownWord { word: String, expected: String },
    #[error("there is no {what} {id}")]
    Dangling { what: &'static str, id: String },
    #[error("{id} stands already at {first}")]
    Repeated { id: String, first: Place },
    #[error("has {n_chars} characters, at most {limit} are taken")]
    TooLong { n_chars: usize, limit: usize },
    #[error("contains a control character")]
    ControlCharacter,
    #[error("{at} is before {reference} of the incident, {then}")]
    TooEarly { at: DateTime<Utc>, reference: &'static str, then: DateTime<Utc> },
    #[error("ends at {to}, not after it begins at {from}")]
    EndsBeforeItBegins { from: DateTime<Utc>, to: DateTime<Utc> },
    #[error("has no {0}: the first step is the report")]
    NoFirstStep(&'static str),
    #[error("is {said}, the steps say {steps}")]
    StepsDisagree { said: DateTime<Utc>, steps: String },
    #[error("is not what is recorded: steps are added one by one, and none is changed")]
    Recorded,
    #[error("says {said}, the dates say {dates}")]
    StatusDisagrees { said: &'static str, dates: &'static str },
    #[error("is {found}, expected {expected}")]
    Shape { found: String, expected: &'static str },
    #[error("ring {ring} is not closed: its last position differs from its first")]
    OpenRing { ring: usize },
    #[error("ring {ring} has {n_positions} positions, a ring has at least 4")]
    ShortRing { ring: usize, n_positions: usize },
    #[error("{kind}{}: {detail}", at.map(|at| format!(" at {at}")).unwrap_or_default())]
    Ring { kind: FaultKind, at: Option<Position>, detail: String },
    #[error("is missing: a duty names a grid, or draws a polygon of its own in GeoJSON")]
    NoArea,
    #[error("is {0} beside the feature's own geometry: a duty holds in one of the two")]
    TwoAreas(String),
    #[error("is missing: a duty with a polygon of its own has no grid to make one from")]
    NoDutyId,
    #[error("has {found} cells, the header has {expected}")]
    Cells { found: usize, expected: usize },
    #[error("has a blank before a quote: a quote must follow its comma at once")]
    QuoteAfterBlank,
    #[error("has a word in a column that the header does not name")]
    Unnamed,
    #[error("has the invisible character U+{:04X}", u32::from(*.0))]
    Invisible(char),
    #[error("{0:?} is a number that a spreadsheet has cut: make the column one of text before the file is saved")]
    CutNumber(String),
    #[error("is not understood: {0}")]
    Json(String),
    #[error("there is no such field, expected {0}")]
    UnknownField(String),
    #[error("is refused: {why}")]
    Profile { why: &'static str },
}

/// Why a file cannot be read any further.
#[derive(Debug, Error)]
pub enum ReadError {
    #[error(transparent)]
    Encoding(EncodingError),
    #[error("the file is empty")]
    Empty,
    #[error("the file ends in the middle of {within}: it was cut off (byte {offset})")]
    Truncated { within: String, offset: u64 },
    #[error("not GeoJSON: {what} (byte {offset})")]
    NotGeoJson { what: String, offset: u64 },
    #[error("{within} is longer than {limit} bytes")]
    TooLong { within: String, limit: usize },
    #[error("the file says that its coordinates are {stated}, it is read as {named}: name the right frame by crs")]
    OtherFrame { stated: String, named: String },
    #[error("line {line}: {what}")]
    Csv { line: u64, what: String },
    #[error("the header names the column {0:?} twice")]
    RepeatedColumn(String),
    #[error("there is no column {column:?} for {field}; the file has {present}")]
    NoColumn { field: String, column: String, present: String },
    #[error("no column is a field of these records: the header has {present}, expected {fields}")]
    NoKnownColumn { fields: String, present: String },
    #[error("{field:?} is not a field of {noun}; its fields are {fields}")]
    NoField { field: String, noun: &'static str, fields: String },
    #[error("column {column:?} is refused: {why}")]
    Profile { column: String, why: &'static str },
    #[error("the file cannot be read: {0}")]
    Io(io::Error),
}

impl From<io::Error> for ReadError {
    /// Finds the encoding error that [`super::text::Utf8`] hands through readers which know only I/O errors.
    fn from(error: io::Error) -> Self {
        match error.downcast::<EncodingError>() {
            Ok(encoding) => Self::Encoding(encoding),
            Err(error) => Self::Io(error),
        }
    }
}
