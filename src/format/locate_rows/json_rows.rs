//! Questions as JSON objects, one a line or in one array.

use std::io::BufRead;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::answered::{AnsweredBatch, BatchBody, RowCounter};
use super::batch::{Batch, BatchRows, JsonText};
use super::elements::{Array, Element, next_line};
use super::given::{Given, asked, number, text};
use super::limits::{BATCH_BYTES, MAX_ROW_BYTES};
use super::outcome::{RowFormat, RowsError};
use super::question::{RowLocator, position};
use super::row_answer::{REFUSED, status};
use crate::domain::Answer;
use crate::format::answer::{WireRow, WireRowFault};

#[derive(Debug)]
pub(super) struct JsonRows<R> {
    input: R,
    /// `None` when every line is a row.
    array: Option<Array>,
    n_read: u64,
}

#[derive(Debug, Deserialize)]
#[serde(expecting = "expected an object with lon and lat")]
struct InRow<'r> {
    #[serde(borrow)]
    lon: Option<&'r RawValue>,
    #[serde(borrow)]
    lat: Option<&'r RawValue>,
    #[serde(borrow)]
    accuracy_m: Option<&'r RawValue>,
    #[serde(borrow)]
    category: Option<&'r RawValue>,
}

#[derive(Debug, Deserialize)]
struct InId<'r> {
    /// As it was written: a number of many digits keeps all of them.
    #[serde(borrow)]
    id: Option<&'r RawValue>,
}

impl<R: BufRead> JsonRows<R> {
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
    pub(super) fn render(
        &self,
        rows: &[JsonText],
        mut counter: RowCounter,
        locator: &mut dyn RowLocator,
    ) -> AnsweredBatch {
        let mut text = Vec::new();
        for (element, row) in rows {
            let n_row = counter.next;
            let given = given(*element, row);
            let mut asked = asked(&given);
            counter.limit(std::slice::from_mut(&mut asked));
            let answer = match asked {
                Ok(question) => locator.locate(&question),
                Err(error) => Err(error),
            };
            counter.count(&answer.as_ref().map_err(String::as_str), |answer| !answer.grids.is_empty());
            text.extend_from_slice(self.before(n_row));
            render(n_row, row, &answer, &mut text);
            text.extend_from_slice(if self.is_array { b"" } else { b"\n" });
        }
        counter.answered(BatchBody::Text(text))
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
    fn given(&self) -> Given {
        let required = |name: &str, raw| number(name, raw)?.ok_or_else(|| format!("{name} is missing"));
        Given {
            position: position(required("lon", self.lon), required("lat", self.lat)),
            accuracy_m: number("accuracy_m", self.accuracy_m),
            category: text("category", self.category),
        }
    }
}

fn given(element: Element, row: &[u8]) -> Result<Given, String> {
    match element {
        Element::Whole => {
            serde_json::from_slice::<InRow<'_>>(row).map(|row| row.given()).map_err(|error| error.to_string())
        }
        Element::TooLong => Err(format!("the row is longer than {MAX_ROW_BYTES} bytes")),
        Element::BrokenOff => Err("the array breaks off here".to_owned()),
        Element::AfterEnd => Err("something follows the end of the array".to_owned()),
    }
}

fn render(n_row: u64, row: &[u8], answer: &Result<Answer<'_>, String>, text: &mut Vec<u8>) {
    let id = serde_json::from_slice::<InId<'_>>(row).ok().and_then(|row| row.id);
    let written = match answer {
        Ok(answer) => {
            let status = status(!answer.grids.is_empty());
            serde_json::to_writer(text, &WireRow { id, answer, status })
        }
        Err(error) => serde_json::to_writer(text, &WireRowFault { row: n_row, id, error, status: REFUSED }),
    };
    written.expect("an answer has only text keys and finite numbers, and a vector takes every byte");
}
