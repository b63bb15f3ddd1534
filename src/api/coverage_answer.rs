//! What `/api/coverage` answers as JSON.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::figures_answer::{FigureJson, HeadJson, PlaceJson, tenths};
use super::wire::TargetJson;
use crate::service::figures::coverage::{CoverageReport, Row};
use crate::service::figures::{Head, Question};

/// How well the grids of one level cover their parent.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Coverage")]
pub(crate) struct CoverageJson<'a> {
    #[serde(flatten)]
    head: HeadJson<'a>,
    household_target: Option<TargetJson>,
    required_roles: &'a [String],
    /// The codes of all levels, from the top down.
    tiers: Vec<&'a str>,
    #[schemars(with = "CoverageTotal<'a>")]
    total: RowJson<'a>,
    rows: Vec<RowJson<'a>>,
}

/// The figures of one grid that were asked for.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CoverageRow")]
struct RowJson<'a> {
    #[serde(flatten)]
    place: PlaceJson<'a>,
    area_m2: f64,
    missing_roles: &'a [&'a str],
    #[schemars(schema_with = "figures_asked_for")]
    figures: BTreeMap<String, FigureJson>,
}

/// A row that holds every figure, whatever was asked for.
#[derive(Debug, JsonSchema)]
#[expect(dead_code, reason = "it is written as any other row")]
struct CoverageTotal<'a> {
    #[schemars(flatten)]
    place: PlaceJson<'a>,
    area_m2: f64,
    missing_roles: &'a [&'a str],
    #[schemars(schema_with = "all_figures")]
    figures: BTreeMap<String, FigureJson>,
}

/// The figures that every region has.
const FIXED: [&str; 10] = [
    "homes",
    "over_ceiling",
    "under_floor",
    "uncovered",
    "overlap",
    "without_leader",
    "without_grid",
    "lacking_roles",
    "incidents",
    "resolved",
];

fn figures_asked_for(schemas: &mut SchemaGenerator) -> Schema {
    let figure = schemas.subschema_for::<FigureJson>();
    let properties: Map<String, Value> = FIXED.iter().map(|name| ((*name).to_owned(), figure.clone().into())).collect();
    json_schema!({
        "type": "object", "properties": properties, "additionalProperties": figure,
        "description": "also closed_at_LEVEL for every level",
    })
}

fn all_figures(schemas: &mut SchemaGenerator) -> Schema {
    let mut figures = figures_asked_for(schemas);
    figures.insert("required".into(), json!(FIXED));
    figures
}

impl<'a> CoverageJson<'a> {
    pub(crate) fn new(report: &'a CoverageReport<'_>, question: &Question) -> Self {
        let CoverageReport { head, coverage, .. } = report;
        let level = head.region().level(head.level());
        Self {
            head: HeadJson::new(head, question),
            household_target: level.household_target.map(Into::into),
            required_roles: &level.required_roles,
            tiers: head.region().levels.iter().map(|level| level.code.as_str()).collect(),
            total: RowJson::new(head, &coverage.total),
            rows: coverage.rows.iter().map(|row| RowJson::new(head, row)).collect(),
        }
    }
}

impl<'a> RowJson<'a> {
    fn new(head: &Head<'a>, row: &'a Row<'_>) -> Self {
        let figures = row.figures.iter().map(|(metric, figure)| (metric.name(head.region()), (*figure).into()));
        Self {
            place: head.place(row.grid).into(),
            area_m2: tenths(row.area_m2),
            missing_roles: &row.missing_roles,
            figures: figures.collect(),
        }
    }
}
