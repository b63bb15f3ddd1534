//! `GET /api/region`: the region, its ladder, and its numbers, so that the page computes none.

use axum::Json;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::app::Context;
use super::error::ApiResult;
use super::params::Query;
use super::representation::{Form, known, tagged};
use crate::domain::{Level, Names, Role};
use crate::service::totals::{self, IncidentTotals, LevelTotals, RegionAnswer, RoleCount};

pub(crate) async fn region(context: Context, headers: HeaderMap, RawQuery(raw): RawQuery) -> ApiResult<Response> {
    let mut query = Query::parse(raw.as_deref(), |name| name == "f");
    query.read("f", |f| if f == "json" { Ok(()) } else { Err("the only form here is json") });
    query.finish()?;
    let found = totals::region(&context.caller(), &known(&headers, Form::GeoJson)).await?;
    Ok(tagged(Form::GeoJson, found, |found| Json(body(&found)).into_response()))
}

fn body(found: &RegionAnswer) -> Value {
    let RegionAnswer { region, generation, totals, .. } = found;
    let levels = region.levels.iter().zip(&totals.levels).enumerate();
    json!({
        "revision": found.revision.0,
        "open": found.is_open,
        "released": found.released.map(time),
        "code": region.code,
        "names": names(&region.names),
        "utc_offset": region.utc_offset.to_string(),
        "bbox": found.bbox.map(|b| [b.west, b.south, b.east, b.north]),
        "generation": {
            "number": generation.number,
            "plan": generation.plan,
            "recorded": time(generation.recorded),
            "in_force": time(generation.in_force),
            "n_acknowledged_gaps": generation.n_acknowledged_gaps,
        },
        "levels": levels.map(|(depth, (one, totals))| level(depth, one, totals)).collect::<Vec<_>>(),
        "households": {"n_inside": totals.n_households_inside, "n_outside": totals.n_households_outside},
        "roles": region.roles.iter().zip(&totals.roles).map(|(one, count)| role(one, count)).collect::<Vec<_>>(),
        "service_points": totals.service_points_by_kind,
        "incidents": found.incidents.iter().map(incidents).collect::<Vec<_>>(),
    })
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
            "least": totals.households.least,
            "median": totals.households.median,
            "most": totals.households.greatest,
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
fn incidents(totals: &IncidentTotals) -> Value {
    json!({
        "kind": totals.kind.as_str(),
        "n_reported": totals.n_reported,
        "n_resolved": totals.n_resolved,
        "resolution": totals.n_reported.zip(totals.n_resolved).and_then(|(reported, resolved)| rate(resolved, reported)),
        "resolved_by_tier": totals.resolved_by_tier,
        "period": totals.period.map(|(from, to)| json!({"from": time(from), "to": time(to)})),
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
