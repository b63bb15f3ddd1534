//! Pages written in their order.

use std::io::Write;

use super::answered::{AnsweredBatch, BatchBody};
use super::outcome::{RowFormat, RowsError, Summary};
use super::{arrow, features};

/// Writes pages in their order.
#[derive(Debug)]
pub struct Writer<W: Write>(pub(super) InWriter<W>);

#[derive(Debug)]
pub(super) enum InWriter<W: Write> {
    Text { out: W, format: RowFormat, crs: Option<Vec<u8>> },
    Arrow(Box<arrow::StreamWriter<W>>),
    Parquet(Box<arrow::FileWriter<W>>),
}

impl<W: Write + Send> Writer<W> {
    /// Writes the next batch.
    ///
    /// # Errors
    /// When writing fails.
    pub fn put(&mut self, batch: AnsweredBatch) -> Result<(), RowsError> {
        match (&mut self.0, batch.body) {
            (InWriter::Text { out, .. }, BatchBody::Text(text)) => out.write_all(&text).map_err(RowsError::Write),
            (InWriter::Text { out, crs, .. }, BatchBody::Features(text, stated)) => {
                *crs = stated.or(crs.take());
                out.write_all(&text).map_err(RowsError::Write)
            }
            (InWriter::Arrow(writer), BatchBody::Columns(batch)) => writer.put(&batch),
            (InWriter::Parquet(writer), BatchBody::Columns(batch)) => writer.put(&batch),
            _ => unreachable!("a batch is of the format of its reader"),
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
