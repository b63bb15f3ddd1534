//! What `/api/coverage` and `/api/hotspots` have in common: what they are asked, and how their operations are described.

use chrono::FixedOffset;
use schemars::JsonSchema;
use serde_json::json;

use super::description::Description;
use super::error::Kind;
use super::operation::Operation;
use super::parameter::{self, Parameter};
use super::params::{self, DayEnd, Query, shortened};
use super::value_schemas as values;
use super::wire::JSON;
use crate::domain::{IncidentKind, Status};
use crate::service::figures::{IncidentFilter, Question};

pub(crate) const LEVEL: Parameter = Parameter::new(
    "level",
    "the level of the rows, one under the parent; the one right under it when left out",
    |words| values::one_of(&words.levels),
);
pub(crate) const PARENT: Parameter =
    Parameter::new("parent", "the code of the grid whose parts the rows are; the whole region when left out", |_| {
        values::word()
    });

// Of two answers that are narrowed by these one could be subtracted from the other.
pub(crate) const AT: Parameter = parameter::AT.for_exact_counts();
pub(crate) const KNOWN_AT: Parameter = parameter::KNOWN_AT.for_exact_counts();
pub(crate) const DATETIME: Parameter =
    Parameter::new("datetime", "when the incidents were reported; an interval begins before it ends", |_| {
        values::interval()
    })
    .for_exact_counts();
pub(crate) const KIND: Parameter = Parameter::new(
    "kind",
    "what they are",
    |_| json!({"type": "string", "enum": IncidentKind::ALL.map(IncidentKind::as_str)}),
)
.for_exact_counts();
pub(crate) const CATEGORY: Parameter =
    Parameter::new("category", "a word of the region's category tree", |_| values::word()).for_exact_counts();
pub(crate) const TIER: Parameter =
    Parameter::new("tier", "the code of the level that settles them", |words| values::one_of(&words.levels))
        .for_exact_counts();
pub(crate) const STATUS: Parameter = Parameter::new(
    "status",
    "whether they are settled",
    |_| json!({"type": "string", "enum": Status::ALL.map(Status::as_str)}),
)
.for_exact_counts();

/// Reads what both take.
pub(crate) fn read(query: &mut Query<'_>, offset: FixedOffset) -> Question {
    Question {
        level: query.read(LEVEL.name, word),
        parent: query.read(PARENT.name, word),
        at: query.read(AT.name, |text| params::instant(text, offset, DayEnd::First)),
        known_at: query.read(KNOWN_AT.name, |text| params::instant(text, offset, DayEnd::Last)),
        incident_filter: IncidentFilter {
            time: query.read(DATETIME.name, |text| params::datetime(text, offset)),
            kind: query.read(KIND.name, |text| {
                one_of(text, IncidentKind::parse, &IncidentKind::ALL.map(IncidentKind::as_str))
            }),
            category: query.read(CATEGORY.name, word),
            tier: query.read(TIER.name, word),
            status: query.read(STATUS.name, |text| one_of(text, Status::parse, &Status::ALL.map(Status::as_str))),
        },
    }
}

/// The operation that answers with `T`, or with its table.
pub(crate) fn operation<T: JsonSchema>(
    id: &'static str,
    summary: &'static str,
    parameters: &[Parameter],
    description: &mut Description<'_>,
) -> Operation {
    Operation::get(id, summary)
        .taking(parameters, description)
        .answering(JSON, description.answer::<T>())
        .answering("text/csv", json!({"type": "string"}))
        .tagged("figures")
        .unchanged()
        .failing(&[Kind::PersonalData, Kind::NotFound, Kind::NoGround])
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
