//! `GET /api/coverage`: how well the grids of one level cover their parent, figure by figure.

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use futures::future::BoxFuture;
use serde_json::{Map, Value, json};

use super::app::Context;
use super::body::Ask;
use super::error::ApiResult;
use super::figures::{self, COMMON};
use super::params::{Query, shortened};
use super::representation::Form;
use crate::domain::Region;
use crate::format::csv;
use crate::service::Validator;
use crate::service::figures::Question;
use crate::service::figures::coverage::{self, CoverageReport, Row};

/// What may be asked beside [`COMMON`]; not by the public.
pub(crate) const NARROWING: [&str; 2] = ["datetime", "kind"];
/// What may be asked beside both, by anyone: which figures each row holds.
pub(crate) const FIGURES: &str = "figures";

pub(crate) async fn coverage(context: Context, headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult {
    let known_name = |name: &str| COMMON.contains(&name) || NARROWING.contains(&name) || name == FIGURES;
    let mut query = Query::parse(raw.as_deref(), known_name);
    let caller = context.caller();
    let form = Form::asked(&mut query, &headers);
    let question = figures::read(&mut query, caller.offset());
    let names = query.read(FIGURES, names);
    query.finish()?;
    let render = |report: &CoverageReport<'_>| match form {
        Form::Csv => table(report),
        Form::GeoJson => Value::Object(json_of(report, &question)).to_string().into_bytes(),
    };
    let ask = |wanted: Ask| -> BoxFuture<'_, _> {
        let is_enough = move |_: &Validator| wanted == Ask::Name;
        let (caller, question, names) = (&caller, &question, names.as_deref());
        Box::pin(async move { Ok(coverage::ask(caller, question, names, &is_enough, render).await?) })
    };
    let path = format!("coverage?{}", raw.as_deref().unwrap_or_default());
    context.app().bodies().answer(&path, form, &headers, ask).await
}

/// Reads words with commas between, each once.
fn names(text: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = text.split(',').map(str::to_owned).collect();
    if names.len() > MOST_NAMES {
        return Err(format!("names {} figures, at most {MOST_NAMES} are taken", names.len()));
    }
    match names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)) {
        Some((_, twice)) => Err(format!("{:?} is named twice", shortened(twice))),
        None => Ok(names),
    }
}

/// More than any region has.
const MOST_NAMES: usize = 100;

fn json_of(report: &CoverageReport<'_>, question: &Question) -> Map<String, Value> {
    let CoverageReport { head, coverage, .. } = report;
    let region = head.region();
    let level = region.level(head.level());
    let row = |row: &Row<'_>| {
        let mut body = figures::named(head.place(row.grid));
        let figures = row.figures.iter().map(|(metric, figure)| (metric.name(region), figures::figure(*figure)));
        body.insert("area_m2".into(), figures::tenths(row.area_m2).into());
        body.insert("missing_roles".into(), row.missing_roles.clone().into());
        body.insert("figures".into(), Value::Object(figures.collect()));
        Value::Object(body)
    };
    let target = level.household_target;
    let mut body = figures::head(head, question);
    body.insert(
        "household_target".into(),
        target.map_or(Value::Null, |t| json!({"floor": t.floor, "target": t.target, "ceiling": t.ceiling})),
    );
    body.insert("required_roles".into(), level.required_roles.clone().into());
    body.insert("tiers".into(), tiers(region).into());
    body.insert("total".into(), row(&coverage.total));
    body.insert("rows".into(), coverage.rows.iter().map(row).collect());
    body
}

fn tiers(region: &Region) -> Vec<&str> {
    region.levels.iter().map(|level| level.code.as_str()).collect()
}

fn table(report: &CoverageReport<'_>) -> Vec<u8> {
    let CoverageReport { head, coverage, metrics } = report;
    let region = head.region();
    let mut names: Vec<String> = ["code", "name", "level", "area_m2"].map(String::from).into();
    names.extend(metrics.iter().flat_map(|metric| figures::columns(&metric.name(region))));
    names.extend(["missing_roles", "period_from", "period_to"].map(String::from));
    let mut out = Vec::new();
    csv::write_header(&names.iter().map(String::as_str).collect::<Vec<_>>(), &mut out);
    for row in coverage.rows.iter().chain([&coverage.total]) {
        let mut cells = figures::place_cells(head.place(row.grid)).map(|cell| ("", cell)).to_vec();
        cells.push(("", crate::format::Value::Number(figures::tenths(row.area_m2))));
        let figures = metrics.iter().filter_map(|metric| row.figure(*metric));
        cells.extend(figures.flat_map(figures::cells).map(|cell| ("", cell)));
        cells.push(("", figures::text(Some(&row.missing_roles.join(";")))));
        cells.extend(figures::period_cells(head));
        csv::write_row(&cells, &mut out);
    }
    out
}
