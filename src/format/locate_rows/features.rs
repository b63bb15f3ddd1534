//! Questions as features of a GeoJSON collection; the answer is put into each feature as further properties.
//!
//! A feature goes out with every member it came with, foreign ones too, in their order. What is no Point is refused in its
//! place; where the collection breaks off the last feature says so, and the output is whole all the same.

use std::fmt;
use std::io::{BufRead, Read};

use ::geojson::GeometryValue;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::answered::{AnsweredBatch, BatchBody, RowCounter};
use super::batch::{Batch, BatchRows, FeatureText};
use super::given::{Given, asked, number, text};
use super::limits::BATCH_BYTES;
use super::outcome::{AnswerSettings, RowsError};
use super::question::{Asked, RowLocator};
use super::row_answer::{Cell, each_cell, names, write_metres};
use crate::format::geojson::{CollectionPart, Scanner, check_frame, geometry, write_text};
use crate::format::{Problem, ReadError};
use crate::geometry::crs::Frame;

pub(super) struct FeatureRows<R: Read> {
    scanner: Scanner<R>,
    frame: Frame,
    first: Option<FeatureText>,
    ended: bool,
    n_read: u64,
    /// What the collection says of its frame, until it is handed over.
    crs: Option<Vec<u8>>,
}

impl<R: BufRead> FeatureRows<R> {
    /// Reads up to the first feature.
    pub(super) fn open(input: R, frame: &Frame) -> Result<Self, RowsError> {
        let scanner = Scanner::new(input);
        let mut rows = Self { scanner, frame: frame.clone(), first: None, ended: false, n_read: 0, crs: None };
        rows.first = rows.feature().map_err(|error| match error {
            ReadError::Io(error) => RowsError::Read(error),
            ReadError::Empty => RowsError::Empty,
            other => RowsError::Features(other),
        })?;
        Ok(rows)
    }

    pub(super) fn next_batch(&mut self) -> Result<Option<Batch>, RowsError> {
        let (mut rows, mut n_bytes) = (Vec::new(), 0);
        while n_bytes < BATCH_BYTES {
            let next = match self.first.take() {
                Some(first) => Ok(Some(first)),
                None if self.ended => Ok(None),
                None => self.feature(),
            };
            let row = match next {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(ReadError::Io(error)) => return Err(RowsError::Read(error)),
                Err(error) => {
                    self.ended = true;
                    Err(error.to_string())
                }
            };
            n_bytes += row.as_ref().map_or(0, Vec::len).max(64);
            rows.push(row);
        }
        if rows.is_empty() && self.crs.is_none() {
            return Ok(None);
        }
        let first_row = self.n_read + 1;
        self.n_read += rows.len() as u64;
        Ok(Some(Batch { first_row, rows: BatchRows::Features(rows, self.crs.take()) }))
    }

    fn feature(&mut self) -> Result<Option<FeatureText>, ReadError> {
        loop {
            match self.scanner.next_part()? {
                None => {
                    self.ended = true;
                    return Ok(None);
                }
                Some(CollectionPart::Feature(text)) => return Ok(Some(Ok(text))),
                Some(CollectionPart::Crs(text)) => {
                    check_frame(&text, &self.frame)?;
                    self.crs = Some(text);
                }
            }
        }
    }
}

impl<R: Read> fmt::Debug for FeatureRows<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FeatureRows").field("n_read", &self.n_read).finish_non_exhaustive()
    }
}

/// What an output begins with.
pub(super) const HEAD: &[u8] = b"{\"type\":\"FeatureCollection\",\"features\":[\n";

/// What an output ends with.
pub(super) fn end(crs: Option<Vec<u8>>) -> Vec<u8> {
    let crs = crs.map(|crs| [b",\"crs\":", &*crs].concat()).unwrap_or_default();
    [b"\n]", &*crs, b"}\n"].concat()
}

#[derive(Clone, Debug)]
pub(super) struct Renderer {
    levels: Vec<String>,
}

impl Renderer {
    pub(super) fn new(settings: &AnswerSettings) -> Self {
        Self { levels: settings.levels.clone() }
    }

    pub(super) fn render(
        &self,
        rows: &[FeatureText],
        crs: Option<Vec<u8>>,
        mut counter: RowCounter,
        locator: &mut dyn RowLocator,
    ) -> AnsweredBatch {
        let mut n_row = counter.next;
        let features: Vec<Result<Feature<'_>, String>> = rows.iter().map(Feature::read).collect();
        let given = |feature: &Result<Feature<'_>, String>| feature.as_ref().map(Feature::given).map_err(Clone::clone);
        let given: Vec<Result<Given, String>> = features.iter().map(given).collect();
        let mut asked: Vec<Asked<'_>> = given.iter().map(asked).collect();
        counter.limit(&mut asked);
        let (mut text, mut features) = (Vec::new(), features.iter());
        locator.answer(&asked, &mut |row_answer| {
            counter.count(&row_answer, |row_answer| row_answer.is_located());
            text.extend_from_slice(if n_row == 1 { b"" } else { b",\n" });
            n_row += 1;
            let none = Feature::default();
            let feature = features.next().and_then(|feature| feature.as_ref().ok()).unwrap_or(&none);
            feature.write(&mut text, |taken, text| {
                let mut names = names(&self.levels, taken).into_iter();
                each_cell(row_answer, self.levels.len(), |cell| {
                    write_text(&names.next().unwrap_or_default(), text);
                    text.push(b':');
                    write_cell(&cell, text);
                    text.push(b',');
                });
                text.pop();
            });
        });
        counter.answered(BatchBody::Features(text, crs))
    }
}

fn write_cell(cell: &Cell<'_>, text: &mut Vec<u8>) {
    match cell {
        Cell::Null => text.extend_from_slice(b"null"),
        Cell::Text(cell) => write_text(cell, text),
        Cell::Metres(m) => write_metres(*m, text),
        Cell::Count(n) => text.extend_from_slice(n.to_string().as_bytes()),
        Cell::Flag(is) => text.extend_from_slice(if *is { b"true" } else { b"false" }),
    }
}

/// The members of a feature in their order, and those of its properties.
#[derive(Default)]
struct Feature<'r> {
    members: Vec<(String, &'r RawValue)>,
    properties: Vec<(String, &'r RawValue)>,
    /// Absent where there is no geometry.
    geometry: Option<Result<GeometryValue, String>>,
}

impl<'r> Feature<'r> {
    fn read(cut: &'r FeatureText) -> Result<Self, String> {
        let text = cut.as_ref().map_err(Clone::clone)?;
        let in_words = |error: serde_json::Error| error.to_string();
        let Members(members) = serde_json::from_slice(text).map_err(in_words)?;
        let found = |name: &str| members.iter().find(|(member, _)| member == name).map(|(_, raw)| raw.get());
        let kind: Option<&str> = found("type").and_then(|raw| serde_json::from_str(raw).ok());
        if kind != Some("Feature") {
            return Err(format!(
                "is {}, expected a Feature",
                kind.map_or("without a type".into(), |kind| format!("a {kind}"))
            ));
        }
        let properties: Option<Members<'r>> =
            found("properties").map_or(Ok(None), serde_json::from_str).map_err(in_words)?;
        let properties = properties.map_or(Vec::new(), |Members(properties)| properties);
        let geometry =
            found("geometry").filter(|raw| *raw != "null").map(|raw| geometry(raw).map_err(|all| in_a_row(&all)));
        Ok(Self { members, properties, geometry })
    }

    fn given(&self) -> Given {
        let property = |name: &str| self.properties.iter().find(|(property, _)| property == name).map(|(_, raw)| *raw);
        Given {
            position: self.position(),
            accuracy_m: number("accuracy_m", property("accuracy_m")),
            category: text("category", property("category")),
        }
    }

    fn position(&self) -> Result<(f64, f64), String> {
        match self.geometry.as_ref().ok_or("the feature has no geometry")?.as_ref().map_err(Clone::clone)? {
            GeometryValue::Point { coordinates } => Ok((coordinates[0], coordinates[1])),
            other => Err(format!("the geometry is a {}, expected a Point", other.type_name())),
        }
    }

    /// Writes the feature with what `answer` writes as its last properties; `answer` gets which names are taken.
    fn write(&self, text: &mut Vec<u8>, answer: impl FnOnce(&dyn Fn(&str) -> bool, &mut Vec<u8>)) {
        text.push(b'{');
        let others = self.members.iter().filter(|(name, _)| name != "properties");
        for (name, raw) in others {
            if name == "geometry" && matches!(self.geometry, Some(Err(_))) {
                // What we cannot read others cannot either.
                text.extend_from_slice(b"\"geometry\":null,");
            } else {
                write_member(name, raw, text);
            }
        }
        if self.members.is_empty() {
            text.extend_from_slice(b"\"type\":\"Feature\",\"geometry\":null,");
        }
        text.extend_from_slice(b"\"properties\":{");
        for (name, raw) in &self.properties {
            write_member(name, raw, text);
        }
        answer(&|name| self.properties.iter().any(|(property, _)| property.eq_ignore_ascii_case(name)), text);
        text.extend_from_slice(b"}}");
    }
}

/// All faults as one text.
fn in_a_row(faults: &[(String, Problem)]) -> String {
    faults.iter().map(|(at, problem)| format!("{at}: {problem}")).collect::<Vec<_>>().join("; ")
}

fn write_member(name: &str, raw: &RawValue, text: &mut Vec<u8>) {
    write_text(name, text);
    text.push(b':');
    text.extend_from_slice(raw.get().as_bytes());
    text.push(b',');
}

/// The members of a JSON object in their order, unread.
struct Members<'r>(Vec<(String, &'r RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some((name, raw)) = map.next_entry::<String, &'de RawValue>()? {
            members.push((name, raw));
        }
        Ok(Members(members))
    }
}
