//! `region.toml` in: the ladder of levels, the roles and the clock of one region.
//!
//! The file is walked key by key instead of being handed to a deserializer, because whoever writes it should see all of
//! its faults at once, each by its key.

use std::collections::HashSet;
use std::fmt;

use chrono::FixedOffset;
use thiserror::Error;
use toml::{Table, Value};

use crate::domain::region::Fallback;
use crate::domain::{HouseholdTarget, Id, IdError, Level, Names, Region, Role};

/// One thing wrong with a region file.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionFault {
    /// `levels[2].household_target.floor`; empty when the file is no TOML at all.
    pub key: String,
    pub problem: RegionProblem,
}

#[derive(Clone, Debug, PartialEq, Error)]
pub enum RegionProblem {
    #[error("is missing")]
    Missing,
    #[error("is {found}, expected {expected}")]
    Kind { found: &'static str, expected: &'static str },
    #[error("is not a key of a region")]
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
    #[error("floor {floor}, target {target} and ceiling {ceiling} must rise")]
    TargetOrder { floor: u32, target: u32, ceiling: u32 },
    #[error("more than {0} levels")]
    TooMany(usize),
    #[error("the file is not TOML: {0}")]
    Syntax(String),
}

impl fmt::Display for RegionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => self.problem.fmt(f),
            key => write!(f, "{key}: {}", self.problem),
        }
    }
}

/// More rungs than any ladder has; depths stay small.
const MAX_LEVELS: usize = 16;

/// Reads a region file.
///
/// # Errors
/// All faults, each with the key it is about.
pub fn parse(text: &str) -> Result<Region, Vec<RegionFault>> {
    let root: Table = text.parse().map_err(|error: toml::de::Error| {
        vec![RegionFault { key: String::new(), problem: RegionProblem::Syntax(syntax(text, &error)) }]
    })?;
    let mut faults = Vec::new();
    let region = region(&mut Keys { table: &root, path: String::new(), faults: &mut faults });
    match region {
        Some(region) if faults.is_empty() => Ok(region),
        _ => Err(faults),
    }
}

fn region(keys: &mut Keys<'_>) -> Option<Region> {
    keys.allow(&["code", "names", "utc_offset", "fallback", "levels", "roles"]);
    let code = keys.text("code");
    if let Some(Err(error)) = code.as_deref().map(Id::<Region>::new) {
        keys.refuse("code", error);
    }
    let names = keys.names();
    let utc_offset = keys.text("utc_offset").and_then(|text| {
        let offset = text.parse::<FixedOffset>().ok();
        if offset.is_none() {
            keys.refuse("utc_offset", RegionProblem::NotAnOffset(text));
        }
        offset
    });
    let fallback = keys.table("fallback", fallback).flatten();
    let roles = keys.tables("roles", role);
    let levels = keys.tables("levels", level);
    if levels.len() > MAX_LEVELS {
        keys.refuse("levels", RegionProblem::TooMany(MAX_LEVELS));
    }
    check_words(keys, &levels, &roles);
    let (levels, roles) = (levels.into_iter().collect::<Option<_>>()?, roles.into_iter().collect::<Option<_>>()?);
    Some(Region { code: code?, names: names?, utc_offset: utc_offset?, levels, roles, fallback: fallback? })
}

fn fallback(keys: &mut Keys<'_>) -> Option<Fallback> {
    keys.allow(&["holder", "name"]);
    let holder = keys.text("holder").and_then(|text| Id::new(&text).map_err(|error| keys.refuse("holder", error)).ok());
    let name = keys.text("name");
    Some(Fallback { holder: holder?, name: name? })
}

fn role(keys: &mut Keys<'_>) -> Option<Role> {
    keys.allow(&["code", "names"]);
    let (code, names) = (keys.text("code"), keys.names());
    Some(Role { code: code?, names: names? })
}

fn level(keys: &mut Keys<'_>) -> Option<Level> {
    keys.allow(&["code", "names", "household_target", "answers", "required_roles"]);
    let (code, names) = (keys.text("code"), keys.names());
    let household_target =
        if keys.has("household_target") { keys.table("household_target", target).flatten() } else { None };
    let answers = if keys.has("answers") { keys.text("answers") } else { None };
    let required_roles = keys.texts("required_roles");
    Some(Level { code: code?, names: names?, household_target, answers, required_roles })
}

fn target(keys: &mut Keys<'_>) -> Option<HouseholdTarget> {
    keys.allow(&["floor", "target", "ceiling"]);
    let (floor, target, ceiling) = (keys.positive("floor"), keys.positive("target"), keys.positive("ceiling"));
    let (floor, target, ceiling) = (floor?, target?, ceiling?);
    if floor > target || target > ceiling {
        keys.refuse_here(RegionProblem::TargetOrder { floor, target, ceiling });
    }
    Some(HouseholdTarget { floor, target, ceiling })
}

/// Codes stand once, and every role that a level names is there.
fn check_words(keys: &mut Keys<'_>, levels: &[Option<Level>], roles: &[Option<Role>]) {
    let mut seen = HashSet::new();
    for (at, level) in levels.iter().enumerate() {
        let Some(level) = level else { continue };
        if !seen.insert(level.code.as_str()) {
            keys.refuse(&format!("levels[{at}].code"), RegionProblem::Repeated(level.code.clone()));
        }
    }
    let mut known = HashSet::new();
    for (at, role) in roles.iter().enumerate() {
        let Some(role) = role else { continue };
        if !known.insert(role.code.as_str()) {
            keys.refuse(&format!("roles[{at}].code"), RegionProblem::Repeated(role.code.clone()));
        }
    }
    for (at, level) in levels.iter().enumerate() {
        let Some(level) = level else { continue };
        if let Some(answers) = level.answers.as_deref().filter(|word| !known.contains(word)) {
            keys.refuse(&format!("levels[{at}].answers"), RegionProblem::NoRole(answers.to_owned()));
        }
        for (n, word) in level.required_roles.iter().enumerate().filter(|(_, word)| !known.contains(word.as_str())) {
            keys.refuse(&format!("levels[{at}].required_roles[{n}]"), RegionProblem::NoRole(word.clone()));
        }
    }
}

/// The keys of one table, and where the faults found in it go.
struct Keys<'a> {
    table: &'a Table,
    /// How the table is called, with a dot at its end; empty for the root.
    path: String,
    faults: &'a mut Vec<RegionFault>,
}

impl Keys<'_> {
    fn refuse(&mut self, key: &str, problem: impl Into<RegionProblem>) {
        self.faults.push(RegionFault { key: format!("{}{key}", self.path), problem: problem.into() });
    }

    fn refuse_here(&mut self, problem: RegionProblem) {
        self.faults.push(RegionFault { key: self.path.trim_end_matches('.').to_owned(), problem });
    }

    fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    fn allow(&mut self, known: &[&str]) {
        let unknown: Vec<String> = self.table.keys().filter(|key| !known.contains(&key.as_str())).cloned().collect();
        for key in unknown {
            self.refuse(&key, RegionProblem::UnknownKey);
        }
    }

    /// The value of `key` as `pick` sees it; a fault when it is missing or of another kind.
    fn take<T>(&mut self, key: &str, expected: &'static str, pick: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let Some(value) = self.table.get(key) else {
            self.refuse(key, RegionProblem::Missing);
            return None;
        };
        let picked = pick(value);
        if picked.is_none() {
            self.refuse(key, RegionProblem::Kind { found: value.type_str(), expected });
        }
        picked
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let text = self.take(key, "string", |value| value.as_str().map(|text| text.trim().to_owned()))?;
        if text.is_empty() {
            self.refuse(key, RegionProblem::Empty);
            return None;
        }
        Some(text)
    }

    fn positive(&mut self, key: &str) -> Option<u32> {
        let number = self.take(key, "integer", Value::as_integer)?;
        let positive = u32::try_from(number).ok().filter(|n| *n > 0);
        if positive.is_none() {
            self.refuse(key, RegionProblem::NotPositive(number));
        }
        positive
    }

    /// A list of texts that may be left out.
    fn texts(&mut self, key: &str) -> Vec<String> {
        if !self.has(key) {
            return Vec::new();
        }
        let texts = |value: &Value| value.as_array()?.iter().map(|v| v.as_str().map(str::to_owned)).collect();
        self.take(key, "array of strings", texts).unwrap_or_default()
    }

    fn names(&mut self) -> Option<Names> {
        self.table("names", |keys| {
            keys.allow(&["zh", "en"]);
            let (zh, en) = (keys.text("zh"), keys.text("en"));
            Some(Names { zh: zh?, en: en? })
        })
        .flatten()
    }

    fn table<T>(&mut self, key: &str, read: impl Fn(&mut Keys<'_>) -> T) -> Option<T> {
        let table = self.take(key, "table", |value| value.as_table().cloned())?;
        Some(read(&mut Keys { table: &table, path: format!("{}{key}.", self.path), faults: self.faults }))
    }

    /// A list of tables with at least one entry.
    fn tables<T>(&mut self, key: &str, read: impl Fn(&mut Keys<'_>) -> T) -> Vec<T> {
        let tables =
            |value: &Value| value.as_array()?.iter().map(|v| v.as_table().cloned()).collect::<Option<Vec<_>>>();
        let Some(tables) = self.take(key, "array of tables", tables) else { return Vec::new() };
        if tables.is_empty() {
            self.refuse(key, RegionProblem::Empty);
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

#[cfg(test)]
mod tests {
    use super::*;

    const LINTAN: &str = include_str!("../../fixtures/lintan/region.toml");

    #[test]
    fn the_demo_county_has_five_levels_and_everyone_who_answers_is_a_known_role() {
        let region = parse(LINTAN).unwrap();
        let levels: Vec<&str> = region.levels.iter().map(|level| level.code.as_str()).collect();
        assert_eq!(levels, ["county", "township", "village", "grid", "group"]);
        assert_eq!(region.role("网格长").unwrap().code, "grid_leader");
        assert_eq!(region.utc_offset.local_minus_utc(), 8 * 3600);
        assert!(region.levels.iter().all(|level| level.answers.is_some()));
    }

    #[test]
    fn all_faults_come_at_once_each_by_its_key() {
        let text = r#"
            code = "62 3021"
            names = { zh = "临潭县" }
            utc_offset = "8"
            colour = "red"
            levels = [
                { code = "county", names = { zh = "县", en = "county" }, answers = "mayor" },
                { code = "county", names = { zh = "", en = "x" }, household_target = { floor = 9, target = 5, ceiling = -1 } },
                { code = "grid", names = { zh = "网格", en = "grid" }, household_target = { floor = 9, target = 5, ceiling = 7 } },
                { code = "grid", names = { zh = "网格", en = "grid" }, required_roles = ["grid_leader", "cook"] },
            ]
            roles = [{ code = "grid_leader", names = { zh = "网格长", en = "grid leader" } }]
        "#;
        let faults: Vec<String> = parse(text).unwrap_err().iter().map(ToString::to_string).collect();
        assert_eq!(
            faults,
            [
                "colour: is not a key of a region",
                "code: an identifier must not contain ' '",
                "names.en: is missing",
                "utc_offset: \"8\" is not an offset from UTC like \"+08:00\"",
                "fallback: is missing",
                "levels[1].names.zh: must not be empty",
                "levels[1].household_target.ceiling: must be a whole number from 1, this is -1",
                "levels[2].household_target: floor 9, target 5 and ceiling 7 must rise",
                "levels[3].code: \"grid\" stands twice",
                "levels[0].answers: there is no role \"mayor\"",
                "levels[3].required_roles[1]: there is no role \"cook\"",
            ]
        );
        let syntax = parse("code = \n[").unwrap_err();
        assert!(syntax[0].to_string().starts_with("the file is not TOML"), "{}", syntax[0]);
    }
}
