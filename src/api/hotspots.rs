//! `GET /api/hotspots`: where incidents gather, by grid, by week and by point.

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use futures::future::BoxFuture;
use serde_json::json;

use super::app::Context;
use super::body::Ask;
use super::description::Description;
use super::error::ApiResult;
use super::figures::{self, AT, CATEGORY, DATETIME, KIND, KNOWN_AT, LEVEL, PARENT, STATUS, TIER};
use super::figures_answer::{cells, columns, period_cells, place_cells, rounded};
use super::hotspots_answer::HotspotsJson;
use super::operation::PathItem;
use super::parameter::{FORM, Parameter, takes};
use super::params::{Query, shortened};
use super::representation::Form;
use super::wire;
use crate::domain::Week;
use crate::format::{Value as Cell, csv};
use crate::service::Validator;
use crate::service::figures::hotspots::{self, By, HotspotReport};

const BY: Parameter = Parameter::new(
    "by",
    "what is told beside the counts of grids: series by ISO week, single points",
    |_| json!({"type": "array", "minItems": 1, "items": {"type": "string", "enum": ["week", "point"]}}),
);

/// The public may part the series of the whole region by week, and narrow nothing.
const PARAMETERS: [Parameter; 11] = [LEVEL, PARENT, AT, KNOWN_AT, FORM, DATETIME, KIND, CATEGORY, TIER, STATUS, BY];

pub(crate) async fn hotspots(context: Context, headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult {
    let mut query = Query::parse(raw.as_deref(), |name| takes(&PARAMETERS, name));
    let caller = context.caller();
    let form = Form::asked(&mut query, &headers);
    let question = figures::read(&mut query, caller.offset());
    let by = query.read(BY.name, read_by).unwrap_or_default();
    query.finish()?;
    let render = |report: &HotspotReport<'_>| match form {
        Form::Csv => table(report),
        Form::GeoJson => wire::value(&HotspotsJson::new(report, &question, by)).to_string().into_bytes(),
    };
    let ask = |wanted: Ask| -> BoxFuture<'_, _> {
        let is_enough = move |_: &Validator| wanted == Ask::Name;
        let (caller, question) = (&caller, &question);
        Box::pin(async move { Ok(hotspots::ask(caller, question, by, &is_enough, render).await?) })
    };
    let path = format!("hotspots?{}", raw.as_deref().unwrap_or_default());
    context.app().bodies().answer(&path, form, &headers, ask).await
}

fn read_by(text: &str) -> Result<By, String> {
    let mut by = By::default();
    for word in text.split(',') {
        match word {
            "week" => by.week = true,
            "point" => by.point = true,
            _ => return Err(format!("{:?} is none of week, point", shortened(word))),
        }
    }
    Ok(by)
}

/// The operation on it.
pub(crate) fn operations(description: &mut Description<'_>) -> Vec<PathItem> {
    let get = figures::operation::<HotspotsJson<'_>>(
        "hotspots",
        "Where incidents gather, by grid, week and point",
        &PARAMETERS,
        description,
    );
    vec![PathItem::new("/hotspots", [get])]
}

fn table(report: &HotspotReport<'_>) -> Vec<u8> {
    let HotspotReport { head, hotspots, weeks, .. } = report;
    let mut names: Vec<String> = ["code", "name", "level"].map(String::from).into();
    names.extend(columns("incidents"));
    names.extend(["incidents_low", "incidents_high", "incidents_smoothed"].map(String::from));
    names.extend(["period_from", "period_to"].map(String::from));
    names.extend(weeks.clone().map(|week| Week(week).to_string()));
    let mut out = Vec::new();
    csv::write_header(&names.iter().map(String::as_str).collect::<Vec<_>>(), &mut out);
    for row in hotspots.rows.iter().chain([&hotspots.total]) {
        let mut row_cells = place_cells(head.place(row.grid)).map(|cell| ("", cell)).to_vec();
        row_cells.extend(cells(row.incidents).map(|cell| ("", cell)));
        let estimate = row.estimate.map(|one| [one.low, one.high, one.smoothed].map(rounded));
        row_cells.extend((0..3).map(|at| ("", estimate.map_or(Cell::Null, |all| Cell::Number(all[at])))));
        row_cells.extend(period_cells(head));
        row_cells.extend(weeks.clone().enumerate().map(|(at, _)| {
            let n = row.by_week.get(at).copied().flatten();
            ("", Cell::count(n))
        }));
        csv::write_row(&row_cells, &mut out);
    }
    out
}
