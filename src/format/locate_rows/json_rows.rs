//! Questions as JSON objects, one a line or in one array.

use std::borrow::Cow;
use std::io::{BufRead, Write};

use serde::Deserialize;
use serde_json::Value;

use super::elements::{Array, Element, next_line};
use super::{MAX_ROW_BYTES, RowQuestion, RowsError, Summary};
use crate::domain::Answer;
use crate::format::answer::{RowAnswer, RowFault};

#[derive(Debug)]
pub(super) struct JsonRows<R> {
    reader: R,
    /// `None` when every line is a row.
    array: Option<Array>,
}

#[derive(Debug, Deserialize)]
struct InRow<'r> {
    lon: f64,
    lat: f64,
    accuracy_m: Option<f64>,
    #[serde(borrow)]
    category: Option<Cow<'r, str>>,
}

#[derive(Debug, Deserialize)]
struct InId {
    id: Option<Value>,
}

impl<R: BufRead> JsonRows<R> {
    pub(super) fn lines(reader: R) -> Self {
        Self { reader, array: None }
    }

    pub(super) fn array(mut reader: R) -> Result<Self, RowsError> {
        loop {
            let buffer = reader.fill_buf().map_err(RowsError::Read)?;
            match buffer.first() {
                None => return Err(RowsError::Empty),
                Some(byte) if byte.is_ascii_whitespace() => reader.consume(1),
                Some(b'[') => break reader.consume(1),
                Some(_) => return Err(RowsError::NotAnArray),
            }
        }
        Ok(Self { reader, array: Some(Array::default()) })
    }

    pub(super) fn answer<'s>(
        mut self,
        mut out: impl Write,
        mut locate: impl FnMut(&RowQuestion<'_>) -> Result<Answer<'s>, String>,
    ) -> Result<Summary, RowsError> {
        let (mut summary, mut row, mut text) = (Summary::default(), Vec::new(), Vec::new());
        while let Some(element) = self.next(&mut row)? {
            let answer = question(element, &row).and_then(|row| locate(&row.question()));
            summary.count(&answer);
            text.clear();
            text.extend_from_slice(self.before(summary.n_rows));
            render(summary.n_rows, &row, &answer, &mut text);
            text.extend_from_slice(if self.array.is_some() { b"" } else { b"\n" });
            out.write_all(&text).map_err(RowsError::Write)?;
        }
        let end: &[u8] = match (&self.array, summary.n_rows) {
            (None, _) => b"",
            (Some(_), 0) => b"[]\n",
            (Some(_), _) => b"\n]\n",
        };
        out.write_all(end).and_then(|()| out.flush()).map_err(RowsError::Write)?;
        Ok(summary)
    }

    fn next(&mut self, row: &mut Vec<u8>) -> Result<Option<Element>, RowsError> {
        let next = match &mut self.array {
            Some(array) => array.next(&mut self.reader, row),
            None => next_line(&mut self.reader, row),
        };
        next.map_err(RowsError::Read)
    }

    fn before(&self, n_row: u64) -> &'static [u8] {
        match (&self.array, n_row) {
            (None, _) => b"",
            (Some(_), 1) => b"[\n",
            (Some(_), _) => b",\n",
        }
    }
}

impl InRow<'_> {
    fn question(&self) -> RowQuestion<'_> {
        let category = self.category.as_deref();
        RowQuestion { lon: self.lon, lat: self.lat, accuracy_m: self.accuracy_m, category }
    }
}

fn question(element: Element, row: &[u8]) -> Result<InRow<'_>, String> {
    match element {
        Element::Whole => serde_json::from_slice(row).map_err(|error| error.to_string()),
        Element::TooLong => Err(format!("the row is longer than {MAX_ROW_BYTES} bytes")),
        Element::BrokenOff => Err("the array breaks off here".to_owned()),
        Element::AfterEnd => Err("something follows the end of the array".to_owned()),
    }
}

fn render(n_row: u64, row: &[u8], answer: &Result<Answer<'_>, String>, text: &mut Vec<u8>) {
    let id = serde_json::from_slice::<InId>(row).ok().and_then(|row| row.id);
    let id = id.as_ref();
    let written = match answer {
        Ok(answer) => serde_json::to_writer(text, &RowAnswer { id, answer }),
        Err(error) => serde_json::to_writer(text, &RowFault { row: n_row, id, error }),
    };
    written.expect("an answer has only text keys and finite numbers, and a vector takes every byte");
}
