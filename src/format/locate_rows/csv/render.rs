//! Answers batches of CSV rows.
//!
//! A row goes out as it came in, byte for byte, and its answer behind it. What an answer says of a ground (the codes of
//! its levels, who answers there) is written once and then copied; only distances are written anew for each row.

use std::borrow::Cow;
use std::str;

use csv::ByteRecord;

use super::columns::{Columns, is_blank, write_cell};
use crate::format::csv::as_written;
use crate::format::locate_rows::answered::{AnsweredBatch, BatchBody, RowCounter};
use crate::format::locate_rows::batch::CsvText;
use crate::format::locate_rows::limits::MAX_ROW_BYTES;
use crate::format::locate_rows::outcome::AnswerSettings;
use crate::format::locate_rows::question::{Asked, RowLocator, RowQuestion, position};
use crate::format::locate_rows::row_answer::RowAnswer;
use crate::format::locate_rows::row_answer::{N_COLUMNS, REFUSED, write_count, write_metres};

/// How many grounds a thread keeps the text of: some 100 bytes each.
const MAX_GROUNDS: usize = 100_000;

#[derive(Clone, Debug)]
pub(in crate::format::locate_rows) struct Renderer {
    columns: Columns,
    n_levels: usize,
    grounds: Grounds,
}

impl Renderer {
    pub(in crate::format::locate_rows) fn new(columns: &Columns, settings: &AnswerSettings) -> Self {
        Self { columns: columns.clone(), n_levels: settings.levels.len(), grounds: Grounds::default() }
    }

    pub(in crate::format::locate_rows) fn render(
        &mut self,
        batch: &CsvText,
        counter: RowCounter,
        locator: &mut dyn RowLocator,
    ) -> AnsweredBatch {
        // Without quotes and lone carriage returns a row is a line and a cell what is between commas.
        let is_plain = memchr::memchr(b'"', &batch.bytes).is_none() && !has_lone_return(&batch.bytes);
        if is_plain {
            return self.answered(self.columns.clone().lines(&batch.bytes), batch, counter, locator);
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(&*batch.bytes);
        let is_row = |record: &ByteRecord| !record.iter().all(is_blank);
        let records: Vec<ByteRecord> = reader.byte_records().flatten().filter(is_row).collect();
        let columns = self.columns.clone();
        self.answered(records.iter().map(|record| columns.record(record)), batch, counter, locator)
    }

    fn answered<'r>(
        &mut self,
        rows: impl Iterator<Item = (Cow<'r, [u8]>, Asked<'r>)>,
        batch: &CsvText,
        mut counter: RowCounter,
        locator: &mut dyn RowLocator,
    ) -> AnsweredBatch {
        let (mut texts, mut asked): (Vec<Cow<'_, [u8]>>, Vec<Asked<'_>>) = rows.unzip();
        if let Some(bad) = &batch.bad {
            texts.push(vec![b','; self.columns.header.len() - 1].into());
            asked.push(Err(bad.clone()));
        }
        counter.limit(&mut asked);
        let mut text = Vec::with_capacity(batch.bytes.len() + 200 * texts.len());
        let mut texts = texts.iter();
        locator.answer(&asked, &mut |row_answer| {
            counter.count(&row_answer, |row_answer| row_answer.is_located());
            text.extend_from_slice(texts.next().map(|text| &**text).unwrap_or_default());
            text.push(b',');
            match row_answer {
                Ok(row_answer) => self.grounds.write(row_answer, &mut text),
                Err(why) => self.write_refused(why, &mut text),
            }
            text.push(b'\n');
        });
        counter.answered(BatchBody::Text(text))
    }

    fn write_refused(&self, why: &str, text: &mut Vec<u8>) {
        text.extend(std::iter::repeat_n(b',', self.n_levels + N_COLUMNS - 2));
        text.extend_from_slice(REFUSED.as_bytes());
        text.push(b',');
        write_cell(why.as_bytes(), text);
    }
}

/// Tells whether there is a carriage return without a line feed behind it: it ends a row alone then.
fn has_lone_return(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
}

impl Columns {
    /// The rows of a text without quotes: each as it is written again, and what it asks.
    fn lines(self, bytes: &[u8]) -> impl Iterator<Item = (Cow<'_, [u8]>, Asked<'_>)> {
        let mut ends = Vec::new();
        let lines = LinesOf(bytes).map(|line| line.strip_suffix(b"\r").unwrap_or(line)).filter(|line| !is_blank(line));
        lines.map(move |line| {
            ends.clear();
            ends.extend(memchr::memchr_iter(b',', line));
            ends.push(line.len());
            let cell = |column: usize| {
                let start = if column == 0 { 0 } else { ends[column - 1] + 1 };
                &line[start..ends[column]]
            };
            let n = self.header.len();
            if line.len() > MAX_ROW_BYTES {
                return (vec![b','; n - 1].into(), Err(format!("the row is longer than {MAX_ROW_BYTES} bytes")));
            }
            if ends.len() >= n && is_blank(&line[ends[n - 1]..]) {
                return (line[..ends[n - 1]].into(), self.question(cell));
            }
            let mut text = line[..ends[n.min(ends.len()) - 1]].to_vec();
            text.extend(std::iter::repeat_n(b',', n.saturating_sub(ends.len())));
            (text.into(), Err(wrong_number(ends.len(), n)))
        })
    }

    /// One row of a text with quotes.
    fn record<'r>(&self, record: &'r ByteRecord) -> (Cow<'r, [u8]>, Asked<'r>) {
        let mut text = Vec::new();
        for column in 0..self.header.len() {
            if column > 0 {
                text.push(b',');
            }
            write_cell(record.get(column).unwrap_or_default(), &mut text);
        }
        let n = self.header.len();
        let asked = if record.len() >= n && record.iter().skip(n).all(is_blank) {
            self.question(|column| &record[column])
        } else {
            Err(wrong_number(record.len(), n))
        };
        (text.into(), asked)
    }

    fn question<'r>(&self, cell: impl Fn(usize) -> &'r [u8]) -> Asked<'r> {
        let text = |column: usize, name: &str| {
            str::from_utf8(cell(column)).map(|cell| as_written(cell).trim()).map_err(|_| format!("{name} is not UTF-8"))
        };
        let number = |column: usize, name: &str| {
            let text = text(column, name)?;
            // The text "NaN" parses, but names no place.
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            number.ok_or_else(|| format!("{name} {text:?} is not a number"))
        };
        let given = |column: &usize| !str::from_utf8(cell(*column)).is_ok_and(|text| text.trim().is_empty());
        RowQuestion::of(
            position(number(self.lon, "lon"), number(self.lat, "lat")),
            self.accuracy_m.filter(given).map(|column| number(column, "accuracy_m")).transpose(),
            self.category.filter(given).map(|column| text(column, "category")).transpose(),
        )
    }
}

fn wrong_number(n: usize, expected: usize) -> String {
    format!("the row has {n} fields, the header {expected}")
}

/// The lines of a text, without their ends.
struct LinesOf<'t>(&'t [u8]);

impl<'t> Iterator for LinesOf<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.0).unwrap_or(self.0.len());
        let line = &self.0[..end];
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        Some(line)
    }
}

/// The text of grounds: written once for each, copied into every row.
#[derive(Clone, Debug, Default)]
struct Grounds {
    /// The place of each ground's text in `texts`, plus one; 0 where there is none yet.
    places: Vec<u32>,
    texts: Vec<GroundText>,
}

/// The cells of a ground's levels, and those of who answers there.
#[derive(Clone, Debug)]
struct GroundText {
    levels: Box<[u8]>,
    link: Box<[u8]>,
}

impl Grounds {
    fn write(&mut self, row_answer: &RowAnswer<'_>, out: &mut Vec<u8>) {
        let place = row_answer.ground.map(|ground| self.place(ground, row_answer));
        let kept = place.map(|place| &self.texts[place]);
        match kept {
            Some(kept) => out.extend_from_slice(&kept.levels),
            None => write_levels(row_answer, out),
        }
        out.extend_from_slice(if row_answer.certain { b"true," } else { b"false," });
        if let Some(m) = row_answer.edge_m {
            write_metres(m, out);
        }
        out.push(b',');
        write_cell(row_answer.neighbour.unwrap_or_default().as_bytes(), out);
        out.push(b',');
        write_cell(row_answer.candidates().as_bytes(), out);
        out.push(b',');
        match kept {
            Some(kept) => out.extend_from_slice(&kept.link),
            None => write_link(row_answer, out),
        }
        write_rest(row_answer, out);
    }

    fn place(&mut self, ground: u32, row_answer: &RowAnswer<'_>) -> usize {
        let ground = ground as usize;
        if self.places.len() <= ground {
            self.places.resize(ground + 1, 0);
        }
        if let Some(place) = (self.places[ground] as usize).checked_sub(1) {
            return place;
        }
        if self.texts.len() == MAX_GROUNDS {
            self.texts.clear();
            self.places.fill(0);
        }
        let (mut levels, mut link) = (Vec::new(), Vec::new());
        write_levels(row_answer, &mut levels);
        write_link(row_answer, &mut link);
        self.texts.push(GroundText { levels: levels.into(), link: link.into() });
        self.places[ground] = u32::try_from(self.texts.len()).expect("there are fewer than MAX_GROUNDS");
        self.texts.len() - 1
    }
}

fn write_levels(row_answer: &RowAnswer<'_>, out: &mut Vec<u8>) {
    for code in row_answer.grids.iter() {
        write_cell(code.unwrap_or_default().as_bytes(), out);
        out.push(b',');
    }
}

fn write_link(row_answer: &RowAnswer<'_>, out: &mut Vec<u8>) {
    let link = row_answer.link.map(|link| [link.id, link.name, link.how]);
    for cell in link.unwrap_or_default() {
        write_cell(cell.as_bytes(), out);
        out.push(b',');
    }
}

fn write_rest(row_answer: &RowAnswer<'_>, out: &mut Vec<u8>) {
    if let Some(mediator) = row_answer.mediator {
        write_cell(mediator.id.as_bytes(), out);
        out.push(b',');
        write_cell(mediator.name.as_bytes(), out);
        out.push(b',');
        if let Some(m) = mediator.distance_m {
            write_metres(m, out);
        }
    } else {
        out.extend_from_slice(b",,");
    }
    out.push(b',');
    if let Some((code, _)) = row_answer.nearest {
        write_cell(code.as_bytes(), out);
    }
    out.push(b',');
    if let Some((_, m)) = row_answer.nearest {
        write_metres(m, out);
    }
    out.push(b',');
    write_count(row_answer.generation.into(), out);
    out.push(b',');
    write_count(row_answer.revision.0, out);
    out.push(b',');
    out.extend_from_slice(row_answer.status().as_bytes());
    out.push(b',');
}
