//! What `/api/hotspots` answers as JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::figures_answer::{FigureJson, HeadJson, PlaceJson, rounded};
use crate::analysis::estimate::{CONFIDENCE, Estimate};
use crate::analysis::{Figure, Observation, fallback};
use crate::domain::{Status, Week};
use crate::geometry::Position;
use crate::service::figures::hotspots::{By, HotspotReport, Point, Row};
use crate::service::figures::{Head, Question};

/// Where incidents gather, by grid, week and point.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Hotspots")]
pub(crate) struct HotspotsJson<'a> {
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
    pub(crate) fn new(report: &'a HotspotReport<'_>, question: &'a Question, by: By) -> Self {
        let HotspotReport { head, hotspots, weeks, points, fallback: common } = report;
        let incident_filter = &question.incident_filter;
        let shares = common.iter().map(|one| ShareJson::new(one, hotspots.n_reported));
        Self {
            head: HeadJson::new(head, question),
            tier: incident_filter.tier.as_deref(),
            status: incident_filter.status.map(Status::as_str),
            category: incident_filter.category.as_deref(),
            total: RowJson::new(head, &hotspots.total, by.week),
            rows: hotspots.rows.iter().map(|row| RowJson::new(head, row, by.week)).collect(),
            weeks: by.week.then(|| weeks.clone().map(|week| Week(week).into()).collect()),
            points: by.point.then(|| points.iter().map(Into::into).collect()),
            fallback: FallbackJson { share: fallback::SHARE, least: fallback::LEAST, points: shares.collect() },
        }
    }
}

/// The incidents in one grid, for every hundred homes.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HotspotRow")]
struct RowJson<'a> {
    #[serde(flatten)]
    place: PlaceJson<'a>,
    /// A point inside the grid; the whole region has none.
    #[serde(flatten)]
    inside: Option<InsideJson>,
    incidents: FigureJson,
    /// What is made of the rate; where the caller may know every count of the rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "EstimateJson")]
    estimate: Option<EstimateJson>,
    /// Reports by week, in the order of `weeks`; null where the caller may not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Option<u64>>")]
    by_week: Option<&'a [Option<u64>]>,
}

/// How sure a rate is, and what it is likely to be in the long run, per 100 homes as the rate itself.
///
/// From `low` to `high` is its exact Poisson interval at `confidence` (Garwood 1936). `smoothed` is the global empirical Bayes
/// rate among the rows (Marshall 1991): that of few homes is drawn towards the rate of all.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RateEstimate")]
struct EstimateJson {
    low: f64,
    high: f64,
    confidence: f64,
    smoothed: f64,
}

impl From<Estimate> for EstimateJson {
    fn from(Estimate { low, high, smoothed }: Estimate) -> Self {
        let [low, high, smoothed] = [low, high, smoothed].map(rounded);
        Self { low, high, confidence: CONFIDENCE, smoothed }
    }
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
            estimate: row.estimate.map(Into::into),
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
