//! Reads the fields of one record, gathering every fault on the way.
//!
//! ```text
//! let mut row = Row::new(&record, &mapping);
//! let id = row.id("id");                      // None and a fault when it is missing or wrong
//! let position = row.position(&frame);
//! row.finish(|| Some(Thing { id: id?, position: position? }))
//! ```

use std::str::FromStr;

use ::geojson::GeometryValue;
use chrono::{DateTime, FixedOffset, Utc};

use super::time::{DayEnd, parse_time};
use super::{Fault, Mapping, Problem, Record};
use crate::domain::Id;
use crate::geometry::Position;
use crate::geometry::crs::Frame;

/// The longest name, category or address taken, in characters.
const MAX_TEXT: usize = 500;
/// The longest free text taken, in characters.
pub const MAX_FREE_TEXT: usize = 10_000;

/// One record being read.
#[derive(Debug)]
pub struct Row<'a> {
    record: &'a Record,
    mapping: &'a Mapping,
    faults: Vec<Fault>,
}

impl<'a> Row<'a> {
    #[must_use]
    pub fn new(record: &'a Record, mapping: &'a Mapping) -> Self {
        Self { record, mapping, faults: Vec::new() }
    }

    /// Returns what `thing` builds, or every fault found.
    ///
    /// # Errors
    /// When there was a fault; `thing` may then return `None`.
    pub fn finish<T>(self, thing: impl FnOnce() -> Option<T>) -> Result<T, Vec<Fault>> {
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        Ok(thing().expect("a field is absent only after a fault was noted"))
    }

    pub fn refuse(&mut self, field: &str, problem: impl Into<Problem>) {
        self.faults.push(Fault { place: self.record.place, field: field.to_owned(), problem: problem.into() });
    }

    /// How many faults were noted so far.
    #[must_use]
    pub fn n_faults(&self) -> usize {
        self.faults.len()
    }

    /// What the record says about `field`, if anything.
    #[must_use]
    pub fn raw(&self, field: &str) -> Option<&'a str> {
        self.mapping.value(self.record, field)
    }

    #[must_use]
    pub fn geometry(&self) -> Option<&'a GeometryValue> {
        self.record.geometry.as_ref()
    }

    /// A text that may be absent.
    pub fn text(&mut self, field: &str) -> Option<String> {
        self.text_up_to(field, MAX_TEXT)
    }

    /// A text that may be absent, of at most `limit` characters.
    pub fn text_up_to(&mut self, field: &str, limit: usize) -> Option<String> {
        let text = self.raw(field)?;
        let n_chars = text.chars().count();
        if n_chars > limit {
            self.refuse(field, Problem::TooLong { n_chars, limit });
            return None;
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.refuse(field, Problem::ControlCharacter);
            return None;
        }
        Some(text.to_owned())
    }

    /// A text that must be there.
    pub fn required(&mut self, field: &str) -> Option<String> {
        if self.raw(field).is_none() {
            self.refuse(field, Problem::Missing);
        }
        self.text(field)
    }

    /// An identifier that must be there.
    pub fn id<T>(&mut self, field: &str) -> Option<Id<T>> {
        if self.raw(field).is_none() {
            self.refuse(field, Problem::Missing);
        }
        self.optional_id(field)
    }

    /// A code of somebody else's that may be absent.
    pub fn code(&mut self, field: &str) -> Option<String> {
        self.as_written(field)?;
        self.text(field)
    }

    /// What names something, unless a program has changed it on the way.
    fn as_written(&mut self, field: &str) -> Option<&'a str> {
        let text = self.raw(field)?;
        if self.mapping.constants.iter().any(|(constant, _)| constant == field) {
            return Some(text);
        }
        if let Some(invisible) = text.chars().find(|c| is_invisible(*c)) {
            self.refuse(field, Problem::Invisible(invisible));
            return None;
        }
        if is_cut_number(text) {
            self.refuse(field, Problem::CutNumber(shortened(text)));
            return None;
        }
        Some(text)
    }

    pub fn optional_id<T>(&mut self, field: &str) -> Option<Id<T>> {
        match Id::new(self.as_written(field)?) {
            Ok(id) => Some(id),
            Err(error) => {
                self.refuse(field, error);
                None
            }
        }
    }

    /// A whole number from 0 that may be absent.
    pub fn count(&mut self, field: &str) -> Option<u32> {
        let text = self.raw(field)?;
        // A column of whole numbers with a blank among them is written as 3.0 by some programs.
        let count = text.strip_suffix(".0").unwrap_or(text).parse().ok();
        if count.is_none() {
            self.refuse(field, Problem::NotACount(shortened(text)));
        }
        count
    }

    /// A word of a fixed list.
    pub fn word<T>(&mut self, field: &str, parse: impl Fn(&str) -> Option<T>, expected: &[&str]) -> Option<T> {
        let word = self.raw(field)?;
        let parsed = parse(word);
        if parsed.is_none() {
            self.refuse(field, Problem::UnknownWord { word: shortened(word), expected: expected.join(", ") });
        }
        parsed
    }

    /// A word of a fixed list that must be there.
    pub fn required_word<T>(&mut self, field: &str, parse: impl Fn(&str) -> Option<T>, expected: &[&str]) -> Option<T> {
        if self.raw(field).is_none() {
            self.refuse(field, Problem::Missing);
        }
        self.word(field, parse, expected)
    }

    /// An instant that may be absent: RFC 3339, or a date with or without a time of day, then counted in `offset`.
    pub fn time(&mut self, field: &str, offset: FixedOffset) -> Option<DateTime<Utc>> {
        self.time_at(field, offset, DayEnd::First)
    }

    /// The instant at which something ends, which may be absent: a bare date is the last day of it.
    pub fn end(&mut self, field: &str, offset: FixedOffset) -> Option<DateTime<Utc>> {
        self.time_at(field, offset, DayEnd::After)
    }

    fn time_at(&mut self, field: &str, offset: FixedOffset, end: DayEnd) -> Option<DateTime<Utc>> {
        let text = self.raw(field)?;
        let time = parse_time(text, offset, end);
        if time.is_none() {
            self.refuse(field, Problem::NotATime(shortened(text)));
        }
        time
    }

    /// The place: the record's point, or its fields `lon` and `lat` (east and north), taken from `frame`.
    pub fn position(&mut self, frame: &Frame) -> Option<Position> {
        if !self.has_position() {
            self.refuse("position", Problem::Missing);
        }
        self.optional_position(frame)
    }

    fn has_position(&self) -> bool {
        self.geometry().is_some() || self.raw("lon").is_some() || self.raw("lat").is_some()
    }

    /// Like [`Self::position`], where nothing need be said.
    pub fn optional_position(&mut self, frame: &Frame) -> Option<Position> {
        if !self.has_position() {
            return None;
        }
        let (x, y) = match self.geometry() {
            Some(GeometryValue::Point { coordinates }) => (coordinates[0], coordinates[1]),
            Some(other) => return self.wrong_type(other, "a Point"),
            None => self.lon_lat()?,
        };
        if x == 0.0 && y == 0.0 {
            self.refuse("position", Problem::ZeroZero);
            return None;
        }
        match frame.to_wgs84(x, y) {
            Ok(position) => Some(position),
            Err(error) => {
                self.refuse("position", error);
                None
            }
        }
    }

    fn lon_lat(&mut self) -> Option<(f64, f64)> {
        let mut number = |field: &str| {
            if self.raw(field).is_none() {
                self.refuse(field, Problem::Missing);
            }
            let number = self.parsed(field, |text| Problem::NotANumber(shortened(text)));
            // The text "NaN" parses, but names no place.
            if number.is_some_and(|number: f64| !number.is_finite()) {
                self.refuse(field, Problem::NotANumber(self.raw(field).map(shortened).unwrap_or_default()));
            }
            number
        };
        let (x, y) = (number("lon"), number("lat"));
        Some((x?, y?))
    }

    /// Refuses a geometry of another type than the record takes.
    pub(super) fn wrong_type<T>(&mut self, found: &GeometryValue, expected: &'static str) -> Option<T> {
        self.refuse("geometry", Problem::Shape { found: format!("a {}", found.type_name()), expected });
        None
    }

    fn parsed<T: FromStr>(&mut self, field: &str, problem: impl Fn(&str) -> Problem) -> Option<T> {
        let text = self.raw(field)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.refuse(field, problem(text));
        }
        parsed
    }
}

/// Tells whether a character is one of format, which nobody sees (Unicode, general category Cf, those that get into tables).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Tells whether a text is a number as spreadsheets write those of many digits: `9.9E+13`.
fn is_cut_number(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(exponent) && mantissa.split('.').all(is_digits)
}

/// What is repeated of a refused text: enough to find it, no more.
pub(super) fn shortened(text: &str) -> String {
    const MAX: usize = 40;
    if text.chars().count() <= MAX { text.to_owned() } else { text.chars().take(MAX).chain(['…']).collect() }
}
