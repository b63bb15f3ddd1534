//! A thing as values to be written, of whichever noun it is.

use std::borrow::Cow;
use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::{ColumnKind, Record, TableSpec};
use crate::domain::{GridPath, Id, Noun, Personal, Step};
use crate::geometry::{Boundary, Position};
use crate::store::row::{kept, kept_instant, path};
use crate::store::{Result, StoreError};

/// What is written into one cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Integer(i64),
    Real(f64),
    Instant(DateTime<Utc>),
    Point(Position),
    Boundary(&'a Boundary),
    Steps(Cow<'a, [Step]>),
}

/// A thing as one row of its table.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    table: &'static TableSpec,
    id: &'a str,
    /// One for each column of the table.
    values: Vec<Value<'a>>,
}

impl<'a> Row<'a> {
    #[must_use]
    pub fn of<R: Record>(thing: &'a R) -> Self {
        let values = vec![Value::Null; R::TABLE.columns.len()];
        let mut row = Self { table: R::TABLE, id: thing.id(), values };
        thing.bind(&mut row);
        row
    }

    /// Fills the column `name`; one never filled is null.
    ///
    /// # Panics
    /// When the table has no such column, or it is of another kind: a mistake in the [`Record`] that any write shows.
    pub fn set(&mut self, name: &'static str, value: impl Into<Value<'a>>) {
        let value = value.into();
        let at = self.table.columns.iter().position(|column| column.name == name);
        let at = at.unwrap_or_else(|| panic!("{} has no column {name}", self.table.name));
        let kind = self.table.columns[at].kind;
        assert!(value.is_of(kind), "{}.{name} keeps another kind of value", self.table.name);
        self.values[at] = value;
    }

    pub(in crate::store) fn id(&self) -> &'a str {
        self.id
    }

    pub(in crate::store) fn value(&self, column: usize) -> &Value<'a> {
        &self.values[column]
    }

    /// What was done about the thing, as it says itself.
    pub(in crate::store) fn steps(&self) -> &[Step] {
        self.values
            .iter()
            .find_map(|value| if let Value::Steps(steps) = value { Some(&**steps) } else { None })
            .unwrap_or_default()
    }

    /// Tells whether a text holds the one character that PostgreSQL does not keep.
    pub(in crate::store) fn has_nul(&self) -> bool {
        self.values.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0')))
    }
}

impl Value<'_> {
    fn is_of(&self, kind: ColumnKind) -> bool {
        match self {
            Self::Null => true,
            Self::Text(_) => kind == ColumnKind::Text,
            Self::Integer(_) => kind == ColumnKind::Integer,
            Self::Real(_) => kind == ColumnKind::Real,
            Self::Instant(_) => kind == ColumnKind::Instant,
            Self::Point(_) => kind == ColumnKind::Point,
            Self::Boundary(_) => kind == ColumnKind::Boundary,
            Self::Steps(_) => kind == ColumnKind::Steps,
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a, T> From<&'a Id<T>> for Value<'a> {
    fn from(id: &'a Id<T>) -> Self {
        id.as_str().into()
    }
}

impl From<&GridPath> for Value<'_> {
    fn from(way: &GridPath) -> Self {
        path::write(way).into()
    }
}

impl<'a> From<&'a Personal<Option<String>>> for Value<'a> {
    fn from(text: &'a Personal<Option<String>>) -> Self {
        kept(text).into()
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<DateTime<Utc>> for Value<'_> {
    fn from(instant: DateTime<Utc>) -> Self {
        Self::Instant(kept_instant(instant))
    }
}

impl From<Position> for Value<'_> {
    fn from(position: Position) -> Self {
        Self::Point(position)
    }
}

impl<'a> From<&'a Boundary> for Value<'a> {
    fn from(boundary: &'a Boundary) -> Self {
        Self::Boundary(boundary)
    }
}

impl<'a> From<Cow<'a, [Step]>> for Value<'a> {
    fn from(steps: Cow<'a, [Step]>) -> Self {
        Self::Steps(steps)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Refuses what the backends would not keep alike: a batch that names the same thing twice, a text with a NUL.
pub(in crate::store) fn check_batch(noun: Noun, things: &[Row<'_>]) -> Result<()> {
    if things.iter().any(Row::has_nul) {
        return Err(StoreError::Character);
    }
    let mut seen = HashSet::with_capacity(things.len());
    match things.iter().find(|thing| !seen.insert(thing.id())) {
        Some(twice) => Err(StoreError::Twice { noun, id: twice.id().into() }),
        None => Ok(()),
    }
}
