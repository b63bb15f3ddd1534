//! `GET /api/coverage`: how well the grids of one level cover their parent, figure by figure.

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use futures::future::BoxFuture;
use serde_json::json;

use super::app::Context;
use super::body::Ask;
use super::coverage_answer::CoverageJson;
use super::description::Description;
use super::error::ApiResult;
use super::figures::{self, AT, DATETIME, KIND, KNOWN_AT, LEVEL, PARENT};
use super::figures_answer::{cells, columns, period_cells, place_cells, tenths, text};
use super::operation::PathItem;
use super::parameter::{FORM, Parameter, takes};
use super::params::{Query, shortened};
use super::representation::Form;
use super::value_schemas as values;
use super::wire;
use crate::format::csv;
use crate::service::Validator;
use crate::service::figures::coverage::{self, CoverageReport};

/// Which figures each row holds, by anyone.
const FIGURES: Parameter = Parameter::new(
    "figures",
    "which figures each row holds, each named once: homes, incidents, closed_at_village ...; all when left out. The \
     total holds all in any case. A table has the columns of these alone",
    |words| {
        let names = values::one_of(&words.figures);
        json!({"type": "array", "minItems": 1, "uniqueItems": true, "items": names, "example": ["homes", "incidents"]})
    },
);

const PARAMETERS: [Parameter; 8] = [LEVEL, PARENT, AT, KNOWN_AT, FORM, DATETIME, KIND, FIGURES];

pub(crate) async fn coverage(context: Context, headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult {
    let mut query = Query::parse(raw.as_deref(), |name| takes(&PARAMETERS, name));
    let caller = context.caller();
    let form = Form::asked(&mut query, &headers);
    let question = figures::read(&mut query, caller.offset());
    let names = query.read(FIGURES.name, names);
    query.finish()?;
    let render = |report: &CoverageReport<'_>| match form {
        Form::Csv => table(report),
        Form::GeoJson => wire::value(&CoverageJson::new(report, &question)).to_string().into_bytes(),
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

/// The operation on it.
pub(crate) fn operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let get = figures::operation::<CoverageJson<'_>>(
        "coverage",
        "How well the grids of one level cover their parent",
        &PARAMETERS,
        description,
    );
    vec![PathItem::new("/coverage", [get])]
}

fn table(report: &CoverageReport<'_>) -> Vec<u8> {
    let CoverageReport { head, coverage, metrics } = report;
    let region = head.region();
    let mut names: Vec<String> = ["code", "name", "level", "area_m2"].map(String::from).into();
    names.extend(metrics.iter().flat_map(|metric| columns(&metric.name(region))));
    names.extend(["missing_roles", "period_from", "period_to"].map(String::from));
    let mut out = Vec::new();
    csv::write_header(&names.iter().map(String::as_str).collect::<Vec<_>>(), &mut out);
    for row in coverage.rows.iter().chain([&coverage.total]) {
        let mut row_cells = place_cells(head.place(row.grid)).map(|cell| ("", cell)).to_vec();
        row_cells.push(("", crate::format::Value::Number(tenths(row.area_m2))));
        let figures = metrics.iter().filter_map(|metric| row.figure(*metric));
        row_cells.extend(figures.flat_map(cells).map(|cell| ("", cell)));
        row_cells.push(("", text(Some(&row.missing_roles.join(";")))));
        row_cells.extend(period_cells(head));
        csv::write_row(&row_cells, &mut out);
    }
    out
}
