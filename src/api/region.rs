//! `GET /api/region`: the region, its ladder, and its numbers, so that the page computes none.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::app::App;
use super::error::Answered;
use super::features;
use super::params::Query;
use super::representation::{Form, ListTag};
use crate::domain::{Level, Names, Role};
use crate::service::totals::{CaseTotals, LevelTotals, RoleCount, totals};

pub(crate) async fn region(State(app): State<App>, headers: HeaderMap, RawQuery(raw): RawQuery) -> Answered<Response> {
    let mut query = Query::parse(raw.as_deref(), |name| name == "f");
    query.read("f", |f| if f == "json" { Ok(()) } else { Err("the only form here is json") });
    query.finish()?;
    let snapshot = app.ground()?;
    let (to, now) = (app.principal(), app.now());
    let (revision, cases) = app.cases().count(app.gridmap(), to).await?;
    let tag = ListTag::new(revision, Form::GeoJson, to).with_ground(&snapshot).with_duties(&snapshot, now);
    if let Some(same) = tag.not_modified(&headers) {
        return Ok(same);
    }
    let region = snapshot.region();
    let generation = snapshot.generation();
    let bbox = features::extent(&snapshot).map(|b| [b.west, b.south, b.east, b.north]);
    let totals = totals(&snapshot, to, now);
    let levels = region.levels.iter().zip(&totals.levels).enumerate();
    let body = json!({
        "revision": snapshot.revision().0,
        "open": to.is_open(),
        "code": region.code,
        "names": names(&region.names),
        "utc_offset": region.utc_offset.to_string(),
        "bbox": bbox,
        "generation": {
            "number": generation.number,
            "plan": generation.plan,
            "recorded": time(generation.recorded),
            "in_force": time(generation.in_force),
            "n_acknowledged_gaps": generation.n_acknowledged_gaps,
        },
        "levels": levels.map(|(depth, (one, totals))| level(depth, one, totals)).collect::<Vec<_>>(),
        "households": {"n_inside": totals.n_homes_inside, "n_outside": totals.n_homes_outside},
        "roles": region.roles.iter().zip(&totals.roles).map(|(one, count)| role(one, count)).collect::<Vec<_>>(),
        "service_points": totals.service_points_by_kind,
        "incidents": cases.iter().map(incidents).collect::<Vec<_>>(),
    });
    Ok(tag.mark(Json(body).into_response()))
}

fn names(names: &Names) -> Value {
    json!({"zh": names.zh, "en": names.en})
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn level(depth: usize, level: &Level, totals: &LevelTotals) -> Value {
    let target = level.household_target;
    json!({
        "code": level.code,
        "depth": depth,
        "names": names(&level.names),
        "answers": level.answers,
        "required_roles": level.required_roles,
        "household_target": target.map(|target| {
            json!({"floor": target.floor, "target": target.target, "ceiling": target.ceiling})
        }),
        "n_grids": totals.n_grids,
        "households_per_grid": {
            "least": totals.least,
            "median": totals.median,
            "most": totals.most,
            "outside_target": totals.outside_target.map(|(n_under, n_over)| {
                json!({"n_under_floor": n_under, "n_over_ceiling": n_over})
            }),
        },
    })
}

fn role(role: &Role, count: &RoleCount) -> Value {
    json!({"code": role.code, "names": names(&role.names), "n_holders": count.n_holders, "n_grids": count.n_grids})
}

/// A rate comes with its numerator, denominator and period; 0 of 0 is none, not 100 %.
fn incidents(cases: &CaseTotals) -> Value {
    let (from, to) = cases.period;
    json!({
        "kind": cases.kind.as_str(),
        "n_reported": cases.n_reported,
        "n_resolved": cases.n_resolved,
        "resolution": cases.n_reported.zip(cases.n_resolved).and_then(|(reported, resolved)| rate(resolved, reported)),
        "resolved_by_tier": cases.resolved_by_tier,
        "period": {"from": time(from), "to": time(to)},
    })
}

fn rate(numerator: u64, denominator: u64) -> Option<Value> {
    if denominator == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "no county has 2^53 incidents")]
    let percent = numerator as f64 * 100.0 / denominator as f64;
    Some(json!({"numerator": numerator, "denominator": denominator, "percent": (percent * 100.0).round() / 100.0}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_nothing_is_no_rate() {
        assert_eq!(rate(0, 0), None);
        assert_eq!(rate(291, 305).map(|rate| rate["percent"].clone()), Some(95.41.into()));
    }
}
