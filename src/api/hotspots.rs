//! `GET /api/hotspots`: where incidents gather, by grid, by week and by point.

use std::ops::Range;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::app::App;
use super::coverage::untold;
use super::error::{Answered, Kind, Place, Problem};
use super::figures::{self, Asked, COMMON, NARROWING, Period};
use super::params::{Query, shortened};
use super::representation::{Form, ListTag};
use crate::analysis::Figure;
use crate::domain::{Action, Noun, Status, Week};
use crate::format::csv;
use crate::geometry::Position;
use crate::index::Snapshot;
use crate::service::figures::hotspots::{self, FALLBACK_LEAST, FALLBACK_SHARE, Hotspots, Point, Row};
use crate::service::figures::{Rows, Tallies};

/// The most points in one answer.
const MOST_POINTS: u32 = 50_000;
/// The most weeks in one answer, and the most numbers in all of its series.
const MOST_WEEKS: i64 = 1_100;
const MOST_NUMBERS: i64 = 1_000_000;

/// What is told beside the count of each grid.
#[derive(Clone, Copy, Debug, Default)]
struct By {
    week: bool,
    point: bool,
}

impl By {
    fn read(text: &str) -> Result<Self, String> {
        let mut by = Self::default();
        for word in text.split(',') {
            match word {
                "week" => by.week = true,
                "point" => by.point = true,
                _ => return Err(format!("{:?} is none of week, point", shortened(word))),
            }
        }
        Ok(by)
    }
}

pub(crate) async fn hotspots(State(app): State<App>, headers: HeaderMap, RawQuery(raw): RawQuery) -> Answered {
    let mut query = Query::parse(raw.as_deref(), |name| COMMON.contains(&name) || NARROWING.contains(&name));
    let asked = Asked::read(&mut query, &headers, app.offset());
    let by = query.read("by", By::read).unwrap_or_default();
    query.check()?;
    let to = app.principal();
    figures::refuse_narrowing(&query, to, &NARROWING[..5])?;
    let snapshot = app.snapshot_at(asked.at, asked.known_at).await?;
    let rows = asked.rows(&snapshot)?;
    if by.week && rows.parent.is_some() {
        figures::refuse_narrowing(&query, to, &["by"])?;
    }
    let (revision, tallies) = app.figures().tallies(app.gridmap(), &snapshot, &asked.narrowing, by.week).await?;
    let tag = ListTag::new(revision, asked.form, app.principal()).with_ground(&snapshot);
    if let Some(same) = tag.not_modified(&headers) {
        return Ok(same);
    }
    let weeks = if by.week { weeks(&snapshot, &asked, rows, &tallies)? } else { 0..0 };
    let untold = untold(&app, &snapshot, &tallies).await?;
    let found = hotspots::hotspots(&snapshot, rows, &tallies, &weeks, untold.as_ref());
    let period = Period::new(asked.narrowing.time, tallies.period());
    if asked.form == Form::Csv {
        return Ok(tag.mark(table(&snapshot, &found, &weeks, period)));
    }
    let store = app.store();
    let fallback = hotspots::fallback_points(&**store, &snapshot, rows, &asked.narrowing, found.n_reported, to).await?;
    let mut body = figures::head(&app, &snapshot, &asked, rows, period);
    body.insert("tier".into(), asked.narrowing.tier.as_deref().into());
    body.insert("status".into(), asked.narrowing.status.map(Status::as_str).into());
    body.insert("category".into(), asked.narrowing.category.as_deref().into());
    body.insert("total".into(), row(&snapshot, &found.total, by.week));
    body.insert("rows".into(), found.rows.iter().map(|found| row(&snapshot, found, by.week)).collect());
    if by.week {
        body.insert("weeks".into(), weeks.clone().map(|week| week_json(Week(week))).collect());
    }
    if by.point {
        let points = if to.may(Action::CountExactly, Noun::Incidents) {
            all_points(&app, &snapshot, rows, &asked).await?
        } else {
            hotspots::middles(&snapshot, &found.rows)
        };
        body.insert("points".into(), points.iter().map(point).collect());
    }
    body.insert("fallback".into(), fallback_json(&fallback, found.n_reported));
    Ok(tag.mark(Json(Value::Object(body)).into_response()))
}

async fn all_points(app: &App, snapshot: &Snapshot, rows: Rows, asked: &Asked) -> Answered<Vec<Point>> {
    let points =
        hotspots::points(&**app.store(), snapshot, rows, &asked.narrowing, MOST_POINTS.saturating_add(1)).await?;
    if points.len() > MOST_POINTS as usize {
        let detail = format!("there are more than {MOST_POINTS} points: name a parent or a shorter period");
        return Err(Problem::fault(Kind::InvalidParameter, Place::Parameter("by".into()), detail));
    }
    Ok(points)
}

fn weeks(snapshot: &Snapshot, asked: &Asked, rows: Rows, tallies: &Tallies) -> Answered<Range<i64>> {
    let weeks = hotspots::weeks(snapshot, &asked.narrowing, tallies);
    let (n_weeks, n_rows) = (weeks.end - weeks.start, rows.grids(snapshot).zip(2_i64..).last().map_or(1, |(_, n)| n));
    if n_weeks > MOST_WEEKS || n_weeks * n_rows > MOST_NUMBERS {
        let detail = format!(
            "{n_weeks} weeks of {n_rows} rows are too many: at most {MOST_WEEKS} weeks and {MOST_NUMBERS} numbers"
        );
        return Err(Problem::fault(Kind::InvalidParameter, Place::Parameter("datetime".into()), detail));
    }
    Ok(weeks)
}

fn row(snapshot: &Snapshot, row: &Row, by_week: bool) -> Value {
    let mut body = figures::named(snapshot, row.grid);
    if let Some(ix) = row.grid {
        let at = snapshot.grid(ix).boundary.point_inside();
        body.insert("lon".into(), at.lon().into());
        body.insert("lat".into(), at.lat().into());
    }
    body.insert("incidents".into(), figures::figure(row.incidents));
    if by_week && !row.by_week.is_empty() {
        body.insert("by_week".into(), row.by_week.clone().into());
    }
    Value::Object(body)
}

fn week_json(week: Week) -> Value {
    json!({"week": week.to_string(), "from": week.monday().to_string()})
}

fn point(point: &Point) -> Value {
    let (lon, lat) = (point.position.map(Position::lon), point.position.map(Position::lat));
    json!({"lon": lon, "lat": lat, "n": point.n})
}

fn fallback_json(points: &[Point], n_reported: u64) -> Value {
    let share = |one: &Point| {
        let mut body = figures::figure(Figure::share(one.n, n_reported));
        body["lon"] = one.position.map(Position::lon).into();
        body["lat"] = one.position.map(Position::lat).into();
        body
    };
    json!({"share": FALLBACK_SHARE, "least": FALLBACK_LEAST, "points": points.iter().map(share).collect::<Vec<_>>()})
}

fn table(snapshot: &Snapshot, found: &Hotspots, weeks: &Range<i64>, period: Period) -> Response {
    let region = snapshot.region();
    let mut names: Vec<String> = ["code", "name", "level"].map(String::from).into();
    names.extend(figures::columns("incidents"));
    names.extend(["period_from", "period_to"].map(String::from));
    names.extend(weeks.clone().map(|week| Week(week).to_string()));
    let mut out = Vec::new();
    csv::write_header(&names.iter().map(String::as_str).collect::<Vec<_>>(), &mut out);
    for row in found.rows.iter().chain([&found.total]) {
        let grid = row.grid.map(|ix| snapshot.grid(ix));
        let (code, name) = grid.map_or((region.code.as_str(), Some(region.names.zh.as_str())), |grid| {
            (grid.code.as_str(), grid.name.as_deref())
        });
        let level = grid.map(|grid| region.level(grid.depth).code.as_str());
        let mut cells = vec![("", figures::text(Some(code))), ("", figures::text(name)), ("", figures::text(level))];
        cells.extend(figures::cells(row.incidents).map(|cell| ("", cell)));
        cells.extend(period.cells());
        cells.extend(weeks.clone().enumerate().map(|(at, _)| {
            let n = row.by_week.get(at).copied().flatten();
            ("", crate::format::Value::count(n))
        }));
        csv::write_row(&cells, &mut out);
    }
    ([(CONTENT_TYPE, Form::Csv.content_type())], out).into_response()
}
