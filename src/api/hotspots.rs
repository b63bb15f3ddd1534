//! `GET /api/hotspots`: where incidents gather, by grid, by week and by point.

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use futures::future::BoxFuture;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::app::Context;
use super::body::Ask;
use super::description::Description;
use super::error::{ApiResult, Kind};
use super::figures::{self, AT, CATEGORY, DATETIME, KIND, KNOWN_AT, LEVEL, PARENT, STATUS, TIER};
use super::figures_answer::{FigureJson, HeadJson, PlaceJson, cells, columns, period_cells, place_cells};
use super::operation::{Operation, PathItem};
use super::parameter::{FORM, Parameter, takes};
use super::params::{Query, shortened};
use super::representation::Form;
use super::wire::{self, JSON};
use crate::analysis::{Figure, Observation, fallback};
use crate::domain::{Status, Week};
use crate::format::csv;
use crate::geometry::Position;
use crate::service::Validator;
use crate::service::figures::hotspots::{self, By, HotspotReport, Point, Row};
use crate::service::figures::{Head, Question};

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
    let get = Operation::get("hotspots", "Where incidents gather, by grid, week and point")
        .taking(&PARAMETERS, description)
        .answering(JSON, description.answer::<HotspotsJson<'_>>())
        .answering("text/csv", json!({"type": "string"}))
        .tagged("figures")
        .unchanged()
        .failing(&[Kind::PersonalData, Kind::NotFound, Kind::NoGround]);
    vec![PathItem::new("/hotspots", [get])]
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Hotspots")]
struct HotspotsJson<'a> {
    #[serde(flatten)]
    head: HeadJson<'a>,
    tier: Option<&'a str>,
    status: Option<&'static str>,
    category: Option<&'a str>,
    total: RowJson<'a>,
    rows: Vec<RowJson<'a>>,
    /// The weeks of the series, where those were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<WeekJson>")]
    weeks: Option<Vec<WeekJson>>,
    /// Single points, or the middles of grids where points are withheld; where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<PointJson>")]
    points: Option<Vec<PointJson>>,
    fallback: FallbackJson,
}

impl<'a> HotspotsJson<'a> {
    fn new(report: &'a HotspotReport<'_>, question: &'a Question, by: By) -> Self {
        let HotspotReport { head, hotspots, weeks, points, fallback: shared } = report;
        let narrowing = &question.narrowing;
        let shares = shared.iter().map(|one| ShareJson::new(one, hotspots.n_reported));
        Self {
            head: HeadJson::new(head, question),
            tier: narrowing.tier.as_deref(),
            status: narrowing.status.map(Status::as_str),
            category: narrowing.category.as_deref(),
            total: RowJson::new(head, &hotspots.total, by.week),
            rows: hotspots.rows.iter().map(|row| RowJson::new(head, row, by.week)).collect(),
            weeks: by.week.then(|| weeks.clone().map(|week| Week(week).into()).collect()),
            points: by.point.then(|| points.iter().map(Into::into).collect()),
            fallback: FallbackJson { share: fallback::SHARE, least: fallback::LEAST, points: shares.collect() },
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HotspotRow")]
struct RowJson<'a> {
    #[serde(flatten)]
    place: PlaceJson<'a>,
    /// A point inside the grid; the whole region has none.
    #[serde(flatten)]
    inside: Option<InsideJson>,
    incidents: FigureJson,
    /// Reports by week, in the order of `weeks`; null where the caller may not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Option<u64>>")]
    by_week: Option<&'a [Option<u64>]>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct InsideJson {
    lon: f64,
    lat: f64,
}

impl<'a> RowJson<'a> {
    fn new(head: &Head<'a>, row: &'a Row, by_week: bool) -> Self {
        let inside = row.grid.map(|ix| head.point_inside(ix));
        Self {
            place: head.place(row.grid).into(),
            inside: inside.map(|at| InsideJson { lon: at.lon(), lat: at.lat() }),
            incidents: row.incidents.into(),
            by_week: (by_week && !row.by_week.is_empty()).then_some(&row.by_week),
        }
    }
}

/// A week of ISO 8601 and its Monday.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Week")]
struct WeekJson {
    week: String,
    #[schemars(extend("format" = "date"))]
    from: String,
}

impl From<Week> for WeekJson {
    fn from(week: Week) -> Self {
        Self { week: week.to_string(), from: week.monday().to_string() }
    }
}

/// So many incidents at a point, which is null where the caller may not know it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HotspotPoint")]
struct PointJson {
    lon: Option<f64>,
    lat: Option<f64>,
    n: u64,
}

impl From<&Point> for PointJson {
    fn from(point: &Point) -> Self {
        Self { lon: point.position.map(Position::lon), lat: point.position.map(Position::lat), n: point.n }
    }
}

/// Points on which a desk puts what it cannot place, such as the town hall: each holds more than `share` of all incidents,
/// and at least `least`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Fallback")]
struct FallbackJson {
    share: f64,
    least: u64,
    points: Vec<ShareJson>,
}

/// What a point holds of all incidents.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FallbackPoint")]
struct ShareJson {
    #[serde(flatten)]
    share: FigureJson,
    lon: Option<f64>,
    lat: Option<f64>,
}

impl ShareJson {
    fn new(point: &Point, n_reported: u64) -> Self {
        let PointJson { lon, lat, n } = point.into();
        Self { share: Figure::share(Observation::Counted(n), Observation::Counted(n_reported)).into(), lon, lat }
    }
}

fn table(report: &HotspotReport<'_>) -> Vec<u8> {
    let HotspotReport { head, hotspots, weeks, .. } = report;
    let mut names: Vec<String> = ["code", "name", "level"].map(String::from).into();
    names.extend(columns("incidents"));
    names.extend(["period_from", "period_to"].map(String::from));
    names.extend(weeks.clone().map(|week| Week(week).to_string()));
    let mut out = Vec::new();
    csv::write_header(&names.iter().map(String::as_str).collect::<Vec<_>>(), &mut out);
    for row in hotspots.rows.iter().chain([&hotspots.total]) {
        let mut row_cells = place_cells(head.place(row.grid)).map(|cell| ("", cell)).to_vec();
        row_cells.extend(cells(row.incidents).map(|cell| ("", cell)));
        row_cells.extend(period_cells(head));
        row_cells.extend(weeks.clone().enumerate().map(|(at, _)| {
            let n = row.by_week.get(at).copied().flatten();
            ("", crate::format::Value::count(n))
        }));
        csv::write_row(&row_cells, &mut out);
    }
    out
}
