//! Steps of incidents in: `{"kind": "assign", "at": "2024-01-02T13:25:00+08:00", "by": "W0001"}`.

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Map, Value as Json};

use super::Problem;
use super::properties::STEP;
use super::row::shortened;
use super::time::{DayEnd, parse_time};
use crate::domain::{Id, Step, StepKind};

/// Where in a step something is wrong, and what: the name of a field, or nothing where it is the whole.
pub type StepFault = (String, Problem);

/// Reads the one step of a text, for whoever is at `now`, which is when it was taken where it does not say. A time without
/// an offset counts in `offset`.
///
/// # Errors
/// All faults of it.
pub fn parse(text: &[u8], now: DateTime<Utc>, offset: FixedOffset) -> Result<Step, Vec<StepFault>> {
    match serde_json::from_slice(text) {
        Ok(value) => read(&value, Some(now), offset),
        Err(error) => Err(vec![(String::new(), Problem::Json(error.to_string()))]),
    }
}

/// Reads a list of steps, which say each when they were taken.
///
/// # Errors
/// All faults of all of them, each by the place in the list and the field: `2/kind`.
pub fn parse_list(text: &str, offset: FixedOffset) -> Result<Vec<Step>, Vec<StepFault>> {
    let whole = |problem| Err(vec![(String::new(), problem)]);
    let list = match serde_json::from_str(text) {
        Ok(Json::Array(list)) => list,
        Ok(_) => return whole(Problem::Json("expected a list of steps".into())),
        Err(error) => return whole(Problem::Json(error.to_string())),
    };
    let (mut steps, mut faults) = (Vec::with_capacity(list.len()), Vec::new());
    for (place, value) in list.iter().enumerate() {
        match read(value, None, offset) {
            Ok(step) => steps.push(step),
            Err(more) => faults.extend(more.into_iter().map(|(field, problem)| (below(place, &field), problem))),
        }
    }
    if faults.is_empty() { Ok(steps) } else { Err(faults) }
}

/// The name of a field of the step at that place of a list.
#[must_use]
pub fn below(place: usize, field: &str) -> String {
    if field.is_empty() { place.to_string() } else { format!("{place}/{field}") }
}

fn read(value: &Json, now: Option<DateTime<Utc>>, offset: FixedOffset) -> Result<Step, Vec<StepFault>> {
    let Json::Object(object) = value else {
        return Err(vec![(String::new(), Problem::Json("expected an object".into()))]);
    };
    let mut faults: Vec<StepFault> = object
        .keys()
        .filter(|name| !STEP.contains(&name.as_str()))
        .map(|name| (name.clone(), Problem::UnknownField(STEP.join(", "))))
        .collect();
    let kind = kind(object).map_err(|problem| faults.push(("kind".into(), problem))).ok();
    let at = at(object, now, offset).map_err(|problem| faults.push(("at".into(), problem))).ok();
    let by = text(object, "by").and_then(|by| Ok(by.map(Id::new).transpose()?));
    let by = by.map_err(|problem| faults.push(("by".into(), problem))).ok();
    match (kind, at, by) {
        (Some(kind), Some(at), Some(by)) if faults.is_empty() => Ok(Step { kind, at, by }),
        _ => Err(faults),
    }
}

fn kind(object: &Map<String, Json>) -> Result<StepKind, Problem> {
    let word = text(object, "kind")?.ok_or(Problem::Missing)?;
    let expected = || StepKind::ALL.map(StepKind::as_str).join(", ");
    StepKind::parse(word).ok_or_else(|| Problem::UnknownWord { word: shortened(word), expected: expected() })
}

fn at(object: &Map<String, Json>, now: Option<DateTime<Utc>>, offset: FixedOffset) -> Result<DateTime<Utc>, Problem> {
    match text(object, "at")? {
        Some(text) => parse_time(text, offset, DayEnd::First).ok_or_else(|| Problem::NotATime(shortened(text))),
        None => now.ok_or(Problem::Missing),
    }
}

/// A text that may be null or absent.
fn text<'o>(object: &'o Map<String, Json>, name: &str) -> Result<Option<&'o str>, Problem> {
    match object.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::Json("expected a text".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        let beijing = FixedOffset::east_opt(8 * 3600).unwrap();
        let faults = parse_list(text, beijing).unwrap_err();
        faults.iter().map(|(field, problem)| format!("{field}: {problem}")).collect()
    }

    #[test]
    fn a_step_says_what_was_done_when_and_by_whom() {
        let (utc, now) = (FixedOffset::east_opt(0).unwrap(), "2024-01-02T05:25:00Z".parse().unwrap());
        let step = parse(br#"{"kind":"assign","by":"W1"}"#, now, utc).unwrap();
        assert_eq!((step.kind, step.at, step.by), (StepKind::Assign, now, Some(Id::new("W1").unwrap())));
        let step = parse(br#"{"kind":"rate","at":"2024-01-01","by":null}"#, now, utc).unwrap();
        assert_eq!((step.at.to_rfc3339(), step.by), ("2024-01-01T00:00:00+00:00".to_owned(), None));
        assert_eq!(parse(b"", now, utc).unwrap_err().len(), 1);
    }

    #[test]
    fn every_fault_of_every_step_is_told_by_its_place() {
        let told =
            faults(r#"[{"kind":"dance","at":"soon","by":"a b","who":1},{"kind":"rate"},7,{"kind":3,"at":null}]"#);
        let fields: Vec<_> = told.iter().map(|told| told.split_once(": ").unwrap().0).collect();
        assert_eq!(fields, ["0/who", "0/kind", "0/at", "0/by", "1/at", "2", "3/kind", "3/at"]);
        assert_eq!(faults("{}"), [": is not understood: expected a list of steps"]);
        assert!(faults("[").len() == 1 && faults("receive").len() == 1);
    }
}
