//! `GET /api/hotspots`: where incidents gather, by grid, by week and by point.

use axum::extract::RawQuery;
use axum::http::HeaderMap;
use futures::future::BoxFuture;
use serde_json::{Map, Value, json};

use super::app::Context;
use super::body::Ask;
use super::error::ApiResult;
use super::figures::{self, COMMON, NARROWING};
use super::params::{Query, shortened};
use super::representation::Form;
use crate::analysis::{Figure, Observation, fallback};
use crate::domain::{Status, Week};
use crate::format::csv;
use crate::geometry::Position;
use crate::service::Validator;
use crate::service::figures::hotspots::{self, By, HotspotReport, Point, Row};
use crate::service::figures::{Head, Question};

pub(crate) async fn hotspots(context: Context, headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult {
    let mut query = Query::parse(raw.as_deref(), |name| COMMON.contains(&name) || NARROWING.contains(&name));
    let caller = context.caller();
    let form = Form::asked(&mut query, &headers);
    let question = figures::read(&mut query, caller.offset());
    let by = query.read("by", read_by).unwrap_or_default();
    query.finish()?;
    let render = |report: &HotspotReport<'_>| match form {
        Form::Csv => table(report),
        Form::GeoJson => Value::Object(json_of(report, &question, by)).to_string().into_bytes(),
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

fn json_of(report: &HotspotReport<'_>, question: &Question, by: By) -> Map<String, Value> {
    let HotspotReport { head, hotspots, weeks, points, fallback } = report;
    let narrowing = &question.narrowing;
    let mut body = figures::head(head, question);
    body.insert("tier".into(), narrowing.tier.as_deref().into());
    body.insert("status".into(), narrowing.status.map(Status::as_str).into());
    body.insert("category".into(), narrowing.category.as_deref().into());
    body.insert("total".into(), row(head, &hotspots.total, by.week));
    body.insert("rows".into(), hotspots.rows.iter().map(|found| row(head, found, by.week)).collect());
    if by.week {
        body.insert("weeks".into(), weeks.clone().map(|week| week_json(Week(week))).collect());
    }
    if by.point {
        body.insert("points".into(), points.iter().map(point).collect());
    }
    body.insert("fallback".into(), fallback_json(fallback, hotspots.n_reported));
    body
}

fn row(head: &Head<'_>, row: &Row, by_week: bool) -> Value {
    let mut body = figures::named(head.place(row.grid));
    if let Some(ix) = row.grid {
        let at = head.point_inside(ix);
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
        let mut body = figures::figure(Figure::share(Observation::Counted(one.n), Observation::Counted(n_reported)));
        body["lon"] = one.position.map(Position::lon).into();
        body["lat"] = one.position.map(Position::lat).into();
        body
    };
    json!({"share": fallback::SHARE, "least": fallback::LEAST, "points": points.iter().map(share).collect::<Vec<_>>()})
}

fn table(report: &HotspotReport<'_>) -> Vec<u8> {
    let HotspotReport { head, hotspots, weeks, .. } = report;
    let mut names: Vec<String> = ["code", "name", "level"].map(String::from).into();
    names.extend(figures::columns("incidents"));
    names.extend(["period_from", "period_to"].map(String::from));
    names.extend(weeks.clone().map(|week| Week(week).to_string()));
    let mut out = Vec::new();
    csv::write_header(&names.iter().map(String::as_str).collect::<Vec<_>>(), &mut out);
    for row in hotspots.rows.iter().chain([&hotspots.total]) {
        let mut cells = figures::place_cells(head.place(row.grid)).map(|cell| ("", cell)).to_vec();
        cells.extend(figures::cells(row.incidents).map(|cell| ("", cell)));
        cells.extend(figures::period_cells(head));
        cells.extend(weeks.clone().enumerate().map(|(at, _)| {
            let n = row.by_week.get(at).copied().flatten();
            ("", crate::format::Value::count(n))
        }));
        csv::write_row(&cells, &mut out);
    }
    out
}
