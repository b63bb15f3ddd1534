//! A record: one line of CSV or one feature of GeoJSON, before anything in it is understood.

use std::sync::Arc;

use ::geojson::GeometryValue;

use super::{Fault, Place, ReadError};

/// One row of a file: named texts, and a geometry where the file has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub place: Place,
    /// As the file calls them.
    pub columns: Arc<[String]>,
    /// One per column; an empty text means that nothing was said.
    pub values: Vec<String>,
    /// What the file draws, in numbers of its own frame, east first; every position has two.
    pub geometry: Option<GeometryValue>,
}

impl Record {
    /// Returns what `column` says, or `None` when it is empty or not there.
    #[must_use]
    pub fn value(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|c| c == column)?;
        self.values.get(at).map(String::as_str).map(str::trim).filter(|text| !text.is_empty())
    }
}

/// Which column of a file holds which field, and what holds for all its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// (field, column). A field not named here is looked for in a column of its own name.
    pub columns: Vec<(String, String)>,
    /// (field, value) for every row: `kind=dispute`.
    pub constants: Vec<(String, String)>,
}

impl Mapping {
    /// Returns what `record` says about `field`.
    #[must_use]
    pub fn value<'a>(&'a self, record: &'a Record, field: &str) -> Option<&'a str> {
        if let Some((_, constant)) = self.constants.iter().find(|(f, _)| f == field) {
            return Some(constant);
        }
        record.value(self.column_of(field, &record.columns)?)
    }

    /// Which of `columns` holds `field`: the one that is named for it, else the one of its name. Coordinates that no column is
    /// named for may be a [pair](PAIRS) of other names.
    #[must_use]
    pub fn column_of<'a>(&'a self, field: &'a str, columns: &'a [String]) -> Option<&'a str> {
        let is_coordinate = |field: &str| ["lon", "lat"].contains(&field);
        if is_coordinate(field) && !self.columns.iter().any(|(field, _)| is_coordinate(field)) {
            let called =
                |name: &str| columns.iter().find(|column| column.eq_ignore_ascii_case(name)).map(String::as_str);
            let pair = PAIRS.iter().find_map(|(lon, lat)| Some((called(lon)?, called(lat)?)));
            if let Some((lon, lat)) = pair {
                return Some(if field == "lon" { lon } else { lat });
            }
        }
        let named = self.column(field);
        columns.iter().any(|column| column == named).then_some(named)
    }

    /// The column that holds `field`.
    #[must_use]
    pub fn column<'a>(&'a self, field: &'a str) -> &'a str {
        self.columns.iter().find(|(f, _)| f == field).map_or(field, |(_, column)| column)
    }

    /// Refuses a mapping that names a field the noun does not have, before a file is opened.
    ///
    /// # Errors
    /// For the first such field.
    pub fn check(&self, noun: &'static str, fields: &[&str]) -> Result<(), ReadError> {
        match self.columns.iter().chain(&self.constants).find(|(field, _)| !fields.contains(&field.as_str())) {
            None => Ok(()),
            Some((field, _)) => Err(ReadError::NoField { field: field.clone(), noun, fields: fields.join(", ") }),
        }
    }
}

/// What the columns of longitude and latitude may be called beside each other, in any case of letters. Not x and y: surveys
/// have x north.
pub const PAIRS: [(&str, &str); 5] =
    [("lon", "lat"), ("lng", "lat"), ("long", "lat"), ("longitude", "latitude"), ("经度", "纬度")];

/// A record that can be read on, or the faults of one that cannot; the next one may still be good.
pub type RecordResult = Result<Record, Vec<Fault>>;
