//! How the answers of `/api/coverage` and `/api/hotspots` are written, as JSON and as cells of a table.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::wire::{GridNameJson, InstantJson, PeriodJson};
use crate::analysis::{Amount, Figure};
use crate::domain::IncidentKind;
use crate::format::Value as Cell;
use crate::service::figures::{Head, Place, Question};

/// The head of an answer: of which ground, when and for whom the figures are.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct HeadJson<'a> {
    revision: u64,
    generation: u32,
    at: InstantJson,
    level: &'a str,
    parent: Option<GridNameJson<'a>>,
    period: Option<PeriodJson>,
    kind: Option<&'static str>,
    /// Where it is not null, counts under it are withheld, and all others rounded down to a multiple of it.
    minimum: Option<u64>,
    /// When those counts were released; exact ones are of now.
    released: Option<InstantJson>,
}

impl<'a> HeadJson<'a> {
    pub(crate) fn new(head: &Head<'a>, question: &Question) -> Self {
        let named = |place: Place<'a>| {
            let Place { id, code, name, level, .. } = place;
            Some(GridNameJson { id, code, name, level: level? })
        };
        Self {
            revision: head.revision.0,
            generation: head.generation().number,
            at: InstantJson(head.at),
            level: &head.region().level(head.level()).code,
            parent: head.parent().and_then(named),
            period: head.period.map(Into::into),
            kind: question.incident_filter.kind.map(IncidentKind::as_str),
            minimum: head.minimum,
            released: head.released.map(InstantJson),
        }
    }
}

/// How a row is named.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PlaceJson<'a> {
    id: &'a str,
    code: &'a str,
    name: Option<&'a str>,
    /// The id of the grid right above.
    parent: Option<&'a str>,
}

impl<'a> From<Place<'a>> for PlaceJson<'a> {
    fn from(Place { id, code, name, parent, .. }: Place<'a>) -> Self {
        Self { id, code, name, parent }
    }
}

/// A rate; 0 of 0 has no value, an unknown or withheld one has no numbers. `incidents` are per 100 homes.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Figure")]
pub(crate) struct FigureJson {
    #[schemars(with = "Option<f64>")]
    numerator: Option<AmountJson>,
    #[schemars(with = "Option<f64>")]
    denominator: Option<AmountJson>,
    value: Option<f64>,
    /// True where the caller may not know it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    withheld: bool,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum AmountJson {
    Count(u64),
    /// In square metres, to tenths.
    Area(f64),
}

impl From<Figure> for FigureJson {
    fn from(figure: Figure) -> Self {
        let (numerator, denominator) = parts(figure);
        Self {
            numerator: numerator.map(Into::into),
            denominator: denominator.map(Into::into),
            value: value(figure),
            withheld: figure == Figure::Withheld,
        }
    }
}

impl From<Amount> for AmountJson {
    fn from(amount: Amount) -> Self {
        match amount {
            Amount::Count(n) => Self::Count(n),
            Amount::Area(m2) => Self::Area(tenths(m2)),
        }
    }
}

/// Code, name and level of a row, as the first cells of a table.
pub(crate) fn place_cells(place: Place<'_>) -> [Cell<'static>; 3] {
    [text(Some(place.code)), text(place.name), text(place.level)]
}

pub(crate) fn period_cells(head: &Head<'_>) -> [(&'static str, Cell<'static>); 2] {
    let (from, to) = head.period.unzip();
    [("period_from", Cell::time(from)), ("period_to", Cell::time(to))]
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

fn value(figure: Figure) -> Option<f64> {
    figure.value().map(rounded)
}

/// A rate as it is written: to ten thousandths.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

pub(crate) fn tenths(m2: f64) -> f64 {
    (m2 * 10.0).round() / 10.0
}
