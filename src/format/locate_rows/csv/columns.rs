//! The header of a CSV, and cells as they are written.

use csv::ByteRecord;

use crate::format::locate_rows::outcome::{AnswerSettings, RowsError};
use crate::format::locate_rows::question::{ACCURACY, CATEGORY, LAT, LON};
use crate::format::locate_rows::row_answer::names;

/// The header of an input, and where in it the questions are.
#[derive(Clone, Debug)]
pub(in crate::format::locate_rows) struct Columns {
    pub(super) header: ByteRecord,
    pub(super) lon: usize,
    pub(super) lat: usize,
    pub(super) accuracy_m: Option<usize>,
    pub(super) category: Option<usize>,
}

impl Columns {
    pub(super) fn of(header: ByteRecord) -> Result<Self, RowsError> {
        let column = |names: &[&str]| {
            let is_one =
                |field: &[u8]| names.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(field.trim_ascii()));
            header.iter().position(is_one)
        };
        let found = || shown(&header);
        Ok(Self {
            lon: column(&LON).ok_or_else(|| RowsError::Header { missing: "lon", found: found() })?,
            lat: column(&LAT).ok_or_else(|| RowsError::Header { missing: "lat", found: found() })?,
            accuracy_m: column(&ACCURACY),
            category: column(&CATEGORY),
            header,
        })
    }

    /// The line that begins the output: the input's header, then the columns that answers add.
    pub(in crate::format::locate_rows) fn header_out(&self, settings: &AnswerSettings) -> Vec<u8> {
        let mut line = Vec::new();
        for cell in &self.header {
            write_cell(cell, &mut line);
            line.push(b',');
        }
        let taken = |name: &str| self.header.iter().any(|field| field.eq_ignore_ascii_case(name.as_bytes()));
        for name in names(&settings.levels, taken) {
            write_cell(name.as_bytes(), &mut line);
            line.push(b',');
        }
        line.pop();
        line.push(b'\n');
        line
    }
}

/// The names of a header, if they are names at all: bytes of something else are not repeated.
fn shown(header: &ByteRecord) -> String {
    let names = header.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(", ");
    let is_text = !names.contains(|c: char| c == char::REPLACEMENT_CHARACTER || (c.is_control() && c != '\t'));
    if is_text { names } else { "bytes that are no text in UTF-8".to_owned() }
}

/// Tells whether there is no word in a row or a cell: the padding of a spreadsheet, or an empty line.
pub(super) fn is_blank(text: &[u8]) -> bool {
    text.iter().all(|byte| matches!(byte, b',' | b'"' | b' ' | b'\t' | b'\r' | b'\n'))
}

/// Writes one cell, in quotes where it needs them.
pub(super) fn write_cell(cell: &[u8], out: &mut Vec<u8>) {
    if !cell.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        return out.extend_from_slice(cell);
    }
    out.push(b'"');
    for &byte in cell {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
