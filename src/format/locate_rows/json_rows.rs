//! Questions as JSON objects, one a line or in one array.

use std::borrow::Cow;
use std::io::BufRead;

use serde::Deserialize;
use serde_json::Value;

use super::elements::{Array, Element, next_line};
use super::told::{REFUSED, status};
use super::{
    BATCH_BYTES, Batch, BatchRows, MAX_ROW_BYTES, Page, PageBody, RowFormat, RowLocator, RowQuestion, RowsError, Tally,
};
use crate::domain::Answer;
use crate::format::answer::{RowAnswer, RowFault};

/// One row as it was cut out.
pub(super) type Cut = (Element, Vec<u8>);

#[derive(Debug)]
pub(super) struct Rows<R> {
    input: R,
    /// `None` when every line is a row.
    array: Option<Array>,
    n_read: u64,
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

impl<R: BufRead> Rows<R> {
    pub(super) fn lines(input: R) -> Self {
        Self { input, array: None, n_read: 0 }
    }

    pub(super) fn array(mut input: R) -> Result<Self, RowsError> {
        loop {
            let buffer = input.fill_buf().map_err(RowsError::Read)?;
            match buffer.first() {
                None => return Err(RowsError::Empty),
                Some(byte) if byte.is_ascii_whitespace() => input.consume(1),
                Some(b'[') => break input.consume(1),
                Some(_) => return Err(RowsError::NotAnArray),
            }
        }
        Ok(Self { input, array: Some(Array::default()), n_read: 0 })
    }

    pub(super) fn format(&self) -> RowFormat {
        if self.array.is_some() { RowFormat::JsonArray } else { RowFormat::Ndjson }
    }

    pub(super) fn renderer(&self) -> Renderer {
        Renderer { is_array: self.array.is_some() }
    }

    pub(super) fn next_batch(&mut self) -> Result<Option<Batch>, RowsError> {
        let (mut rows, mut n_bytes) = (Vec::new(), 0);
        while n_bytes < BATCH_BYTES {
            let mut row = Vec::new();
            let Some(element) = self.cut(&mut row)? else { break };
            n_bytes += row.len().max(64);
            rows.push((element, row));
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let first_row = self.n_read + 1;
        self.n_read += rows.len() as u64;
        Ok(Some(Batch { first_row, rows: BatchRows::Json(rows) }))
    }

    fn cut(&mut self, row: &mut Vec<u8>) -> Result<Option<Element>, RowsError> {
        let cut = match &mut self.array {
            Some(array) => array.next(&mut self.input, row),
            None => next_line(&mut self.input, row),
        };
        cut.map_err(RowsError::Read)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Renderer {
    is_array: bool,
}

impl Renderer {
    pub(super) fn render(&self, rows: &[Cut], mut tally: Tally, locator: &mut dyn RowLocator) -> Page {
        let mut text = Vec::new();
        for (element, row) in rows {
            let n_row = tally.next;
            let asked = question(*element, row);
            let mut asked = asked.as_ref().map(InRow::question).map_err(Clone::clone);
            tally.limit(std::slice::from_mut(&mut asked));
            let answer = match asked {
                Ok(question) => locator.locate(&question),
                Err(error) => Err(error),
            };
            tally.count(&answer.as_ref().map_err(String::as_str), |answer| !answer.grids.is_empty());
            text.extend_from_slice(self.before(n_row));
            render(n_row, row, &answer, &mut text);
            text.extend_from_slice(if self.is_array { b"" } else { b"\n" });
        }
        tally.page(PageBody::Text(text))
    }

    fn before(&self, n_row: u64) -> &'static [u8] {
        match (self.is_array, n_row) {
            (false, _) => b"",
            (true, 1) => b"[\n",
            (true, _) => b",\n",
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
        Ok(answer) => {
            let status = status(!answer.grids.is_empty());
            serde_json::to_writer(text, &RowAnswer { id, answer, status })
        }
        Err(error) => serde_json::to_writer(text, &RowFault { row: n_row, id, error, status: REFUSED }),
    };
    written.expect("an answer has only text keys and finite numbers, and a vector takes every byte");
}
