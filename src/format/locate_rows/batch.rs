//! Rows cut off an input, of whatever format.

use arrow_array::RecordBatch;

use super::elements::Element;

/// Rows that follow each other.
#[derive(Debug)]
pub struct Batch {
    /// The number of the first, from 1.
    pub(super) first_row: u64,
    pub(super) rows: BatchRows,
}

#[derive(Debug)]
pub(super) enum BatchRows {
    Csv(CsvText),
    /// Features, and what their collection said of its frame since the batch before.
    Features(Vec<FeatureText>, Option<Vec<u8>>),
    Columns(ColumnRows),
    Json(Vec<JsonText>),
}

/// Whole rows of a CSV.
#[derive(Debug)]
pub(super) struct CsvText {
    pub(super) bytes: Vec<u8>,
    /// Why the row at the end, whose text is not here, cannot be read.
    pub(super) bad: Option<String>,
}

/// One feature as it was cut out, or why there is none.
pub(super) type FeatureText = Result<Vec<u8>, String>;

/// One row as it was cut out.
pub(super) type JsonText = (Element, Vec<u8>);

/// Columns of whole rows, or why there are no more.
#[derive(Debug)]
pub(super) struct ColumnRows {
    pub(super) columns: RecordBatch,
    /// Why the row at the end, which is not among the columns, cannot be read.
    pub(super) bad: Option<String>,
}
