//! What `/api/coverage` and `/api/hotspots` have in common: what is asked, and how a figure is written.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::params::{self, DayEnd, Query, shortened};
use crate::analysis::{Amount, Figure};
use crate::domain::{IncidentKind, Status};
use crate::format::Value as Cell;
use crate::service::figures::{Head, IncidentFilter, Place, Question};

/// What may be asked of figures by anyone; both take these.
pub(crate) const COMMON: [&str; 5] = ["level", "parent", "at", "known_at", "f"];
/// What only the entitled may narrow incidents by: of two answers one could be subtracted from the other.
pub(crate) const NARROWING: [&str; 6] = ["datetime", "kind", "category", "tier", "status", "by"];

/// What both take, read.
pub(crate) fn read(query: &mut Query<'_>, offset: FixedOffset) -> Question {
    Question {
        level: query.read("level", word),
        parent: query.read("parent", word),
        at: query.read("at", |text| params::instant(text, offset, DayEnd::First)),
        known_at: query.read("known_at", |text| params::instant(text, offset, DayEnd::Last)),
        narrowing: IncidentFilter {
            time: query.read("datetime", |text| params::datetime(text, offset)),
            kind: query
                .read("kind", |text| one_of(text, IncidentKind::parse, &IncidentKind::ALL.map(IncidentKind::as_str))),
            category: query.read("category", word),
            tier: query.read("tier", word),
            status: query.read("status", |text| one_of(text, Status::parse, &Status::ALL.map(Status::as_str))),
        },
    }
}

fn one_of<T>(text: &str, parse: impl Fn(&str) -> Option<T>, words: &[&str]) -> Result<T, String> {
    parse(text).ok_or_else(|| format!("{:?} is none of {}", shortened(text), words.join(", ")))
}

fn word(text: &str) -> Result<String, String> {
    match text.chars().count() {
        1..=400 => Ok(text.to_owned()),
        n => Err(format!("has {n} characters, 1 to 400 are taken")),
    }
}

/// The head of an answer: of which ground, when and for whom the figures are.
pub(crate) fn head(head: &Head<'_>, question: &Question) -> Map<String, Value> {
    let json = json!({
        "revision": head.revision.0,
        "generation": head.generation().number,
        "at": time(head.at),
        "level": head.region().level(head.level()).code,
        "parent": head.parent().map(|place| {
            json!({"id": place.id, "code": place.code, "name": place.name, "level": place.level})
        }),
        "period": head.period.map(|(from, to)| json!({"from": time(from), "to": time(to)})),
        "kind": question.narrowing.kind.map(IncidentKind::as_str),
        "minimum": head.minimum,
        "released": head.released.map(time),
    });
    match json {
        Value::Object(head) => head,
        _ => Map::new(),
    }
}

/// Id, code, name and parent of a row.
pub(crate) fn named(place: Place<'_>) -> Map<String, Value> {
    let mut named = Map::new();
    named.insert("id".into(), place.id.into());
    named.insert("code".into(), place.code.into());
    named.insert("name".into(), place.name.into());
    named.insert("parent".into(), place.parent.into());
    named
}

/// Code, name and level of a row, as the first cells of a table.
pub(crate) fn place_cells(place: Place<'_>) -> [Cell<'static>; 3] {
    [text(Some(place.code)), text(place.name), text(place.level)]
}

pub(crate) fn period_cells(head: &Head<'_>) -> [(&'static str, Cell<'static>); 2] {
    let (from, to) = head.period.unzip();
    [("period_from", Cell::time(from)), ("period_to", Cell::time(to))]
}

pub(crate) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A figure with its numerator and denominator, see the `Figure` schema of the API description.
pub(crate) fn figure(figure: Figure) -> Value {
    let (numerator, denominator) = parts(figure);
    let mut body = json!({
        "numerator": numerator.map(amount), "denominator": denominator.map(amount), "value": value(figure),
    });
    if figure == Figure::Withheld {
        body["withheld"] = true.into();
    }
    body
}

/// The three cells of a figure.
pub(crate) fn cells(figure: Figure) -> [Cell<'static>; 3] {
    let (numerator, denominator) = parts(figure);
    let cell = |amount: Option<Amount>| match amount {
        None => Cell::Null,
        Some(Amount::Count(n)) => Cell::Count(n),
        Some(Amount::Area(m2)) => Cell::Number(tenths(m2)),
    };
    [cell(numerator), cell(denominator), value(figure).map_or(Cell::Null, Cell::Number)]
}

/// The names of those three.
pub(crate) fn columns(name: &str) -> [String; 3] {
    ["numerator", "denominator", "value"].map(|part| format!("{name}_{part}"))
}

pub(crate) fn text(text: Option<&str>) -> Cell<'static> {
    Cell::optional(text.map(|text| Cow::Owned(text.to_owned())))
}

fn parts(figure: Figure) -> (Option<Amount>, Option<Amount>) {
    match figure {
        Figure::Rate { numerator, denominator, .. } => (Some(numerator), Some(denominator)),
        Figure::Undivided(numerator) => (Some(numerator), None),
        Figure::Unknown | Figure::Withheld => (None, None),
    }
}

fn amount(amount: Amount) -> Value {
    match amount {
        Amount::Count(n) => n.into(),
        Amount::Area(m2) => tenths(m2).into(),
    }
}

fn value(figure: Figure) -> Option<f64> {
    figure.value().map(|value| (value * 1e4).round() / 1e4)
}

pub(crate) fn tenths(m2: f64) -> f64 {
    (m2 * 10.0).round() / 10.0
}
