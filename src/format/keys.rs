//! Reads TOML files key by key, so that whoever writes one sees all of its faults at once, each by its key.

use std::fmt;

use thiserror::Error;
use toml::{Table, Value};

use super::basemap_problem::BasemapProblem;
use crate::domain::{IdError, Names};
use crate::geometry::coverage::Tolerance;

/// One thing wrong with a TOML file.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyFault {
    /// `levels[2].household_target.floor`; empty when the file is no TOML at all.
    pub key: String,
    pub problem: KeyProblem,
}

#[derive(Clone, Debug, PartialEq, Error)]
pub enum KeyProblem {
    #[error("is missing")]
    Missing,
    #[error("is {found}, expected {expected}")]
    Kind { found: &'static str, expected: &'static str },
    #[error("is not a key that is known here")]
    UnknownKey,
    #[error("must not be empty")]
    Empty,
    #[error(transparent)]
    Id(#[from] IdError),
    #[error("{0:?} is not an offset from UTC like \"+08:00\"")]
    NotAnOffset(String),
    #[error("{0:?} stands twice")]
    Repeated(String),
    #[error("there is no role {0:?}")]
    NoRole(String),
    #[error("must be a whole number from 1, this is {0}")]
    NotPositive(i64),
    #[error("{0} is not a width in metres, more than 0 and at most {max}", max = Tolerance::MAX_WIDTH_M)]
    NotAWidth(f64),
    #[error("floor {floor}, target {target} and ceiling {ceiling} must rise")]
    TargetOrder { floor: u32, target: u32, ceiling: u32 },
    #[error("{word:?} is not one of {expected}")]
    UnknownWord { word: String, expected: String },
    #[error("{0}")]
    Frame(String),
    #[error("{0:?} is not a time: expected 2024-01-02 or 2024-01-02T13:25:00+08:00")]
    NotATime(String),
    #[error("more than {0} levels")]
    TooMany(usize),
    #[error(transparent)]
    Basemap(#[from] BasemapProblem),
    #[error("the file is not TOML: {0}")]
    Syntax(String),
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => self.problem.fmt(f),
            key => write!(f, "{key}: {}", self.problem),
        }
    }
}

/// Hands the outermost table of `text` to `read`, and returns what it makes of it, or all the faults noted.
pub(super) fn parse<T>(text: &str, read: impl Fn(&mut Keys<'_>) -> Option<T>) -> Result<T, Vec<KeyFault>> {
    let root: Table = text.parse().map_err(|error: toml::de::Error| {
        vec![KeyFault { key: String::new(), problem: KeyProblem::Syntax(syntax(text, &error)) }]
    })?;
    let mut faults = Vec::new();
    let thing = read(&mut Keys { table: &root, path: String::new(), faults: &mut faults });
    match thing {
        Some(thing) if faults.is_empty() => Ok(thing),
        _ => Err(faults),
    }
}

/// The keys of one table, and where the faults found in it go.
pub(super) struct Keys<'a> {
    table: &'a Table,
    /// How the table is called, with a dot at its end; empty for the root.
    path: String,
    faults: &'a mut Vec<KeyFault>,
}

impl Keys<'_> {
    pub(super) fn refuse(&mut self, key: &str, problem: impl Into<KeyProblem>) {
        self.faults.push(KeyFault { key: format!("{}{key}", self.path), problem: problem.into() });
    }

    pub(super) fn refuse_here(&mut self, problem: KeyProblem) {
        self.faults.push(KeyFault { key: self.path.trim_end_matches('.').to_owned(), problem });
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn allow(&mut self, known: &[&str]) {
        let unknown: Vec<String> = self.table.keys().filter(|key| !known.contains(&key.as_str())).cloned().collect();
        for key in unknown {
            self.refuse(&key, KeyProblem::UnknownKey);
        }
    }

    /// The value of `key` as `pick` sees it; a fault when it is missing or of another kind.
    pub(super) fn take<T>(
        &mut self,
        key: &str,
        expected: &'static str,
        pick: impl Fn(&Value) -> Option<T>,
    ) -> Option<T> {
        let Some(value) = self.table.get(key) else {
            self.refuse(key, KeyProblem::Missing);
            return None;
        };
        let picked = pick(value);
        if picked.is_none() {
            self.refuse(key, KeyProblem::Kind { found: value.type_str(), expected });
        }
        picked
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        let text = self.take(key, "string", |value| value.as_str().map(|text| text.trim().to_owned()))?;
        if text.is_empty() {
            self.refuse(key, KeyProblem::Empty);
            return None;
        }
        Some(text)
    }

    pub(super) fn positive(&mut self, key: &str) -> Option<u32> {
        let number = self.take(key, "integer", Value::as_integer)?;
        let positive = u32::try_from(number).ok().filter(|n| *n > 0);
        if positive.is_none() {
            self.refuse(key, KeyProblem::NotPositive(number));
        }
        positive
    }

    /// A list of texts that may be left out.
    pub(super) fn texts(&mut self, key: &str) -> Vec<String> {
        if !self.has(key) {
            return Vec::new();
        }
        let texts = |value: &Value| value.as_array()?.iter().map(|v| v.as_str().map(str::to_owned)).collect();
        self.take(key, "array of strings", texts).unwrap_or_default()
    }

    /// The pairs of a table of texts, which may be left out.
    pub(super) fn pairs(&mut self, key: &str) -> Vec<(String, String)> {
        if !self.has(key) {
            return Vec::new();
        }
        let pairs = |value: &Value| {
            let table = value.as_table()?.iter();
            table.map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
        };
        self.take(key, "table of strings", pairs).unwrap_or_default()
    }

    pub(super) fn flag(&mut self, key: &str) -> bool {
        self.has(key) && self.take(key, "boolean", Value::as_bool).unwrap_or(false)
    }

    pub(super) fn names(&mut self) -> Option<Names> {
        self.table("names", |keys| {
            keys.allow(&["zh", "en"]);
            let (zh, en) = (keys.text("zh"), keys.text("en"));
            Some(Names { zh: zh?, en: en? })
        })
        .flatten()
    }

    pub(super) fn table<T>(&mut self, key: &str, read: impl Fn(&mut Keys<'_>) -> T) -> Option<T> {
        let table = self.take(key, "table", |value| value.as_table().cloned())?;
        Some(read(&mut Keys { table: &table, path: format!("{}{key}.", self.path), faults: self.faults }))
    }

    /// A list of tables with at least one entry.
    pub(super) fn tables<T>(&mut self, key: &str, read: impl Fn(&mut Keys<'_>) -> T) -> Vec<T> {
        let tables =
            |value: &Value| value.as_array()?.iter().map(|v| v.as_table().cloned()).collect::<Option<Vec<_>>>();
        let Some(tables) = self.take(key, "array of tables", tables) else { return Vec::new() };
        if tables.is_empty() {
            self.refuse(key, KeyProblem::Empty);
        }
        let path = |at| format!("{}{key}[{at}].", self.path);
        let read_one = |(at, table): (usize, &Table)| read(&mut Keys { table, path: path(at), faults: self.faults });
        tables.iter().enumerate().map(read_one).collect()
    }
}

/// What the parser says in its first line, with the line it happened in.
fn syntax(text: &str, error: &toml::de::Error) -> String {
    let what = error.message().lines().next().unwrap_or_default().to_owned();
    match error.span() {
        Some(span) => format!("{what} (line {})", text[..span.start.min(text.len())].matches('\n').count() + 1),
        None => what,
    }
}
