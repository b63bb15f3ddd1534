//! `GET /api/region`: the region, its ladder, and its numbers, so that the page computes none.

use std::collections::BTreeMap;

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
use crate::domain::{Depth, Level, Names, Principal};
use crate::index::Snapshot;
use crate::service::totals::{self, Cases, shown};

pub(crate) async fn region(State(app): State<App>, headers: HeaderMap, RawQuery(raw): RawQuery) -> Answered<Response> {
    let mut query = Query::parse(raw.as_deref(), |name| name == "f");
    query.read("f", |f| if f == "json" { Ok(()) } else { Err("the only form here is json") });
    query.finish()?;
    let snapshot = app.ground()?;
    let cases = app.cases().count(app.gridmap()).await?;
    let (to, now) = (app.principal(), app.now());
    let tag = ListTag::new(cases.revision, Form::GeoJson).with_ground(&snapshot).with_duties(&snapshot, now);
    if let Some(same) = tag.not_modified(&headers) {
        return Ok(same);
    }
    let region = snapshot.region();
    let generation = snapshot.generation();
    let bbox = features::extent(&snapshot).map(|b| [b.west, b.south, b.east, b.north]);
    let body = json!({
        "revision": snapshot.revision().0,
        "open": to == Principal::Open,
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
        "levels": (0..).zip(&region.levels).map(|(depth, l)| level(&snapshot, depth, l, to)).collect::<Vec<_>>(),
        "households": {
            "n_inside": snapshot.grids_at(0).map(|ix| snapshot.n_households(ix).unwrap_or(0)).sum::<u64>(),
            "n_outside": snapshot.n_households_outside().and_then(|n| shown(n, to)),
        },
        "roles": roles(&snapshot, now),
        "service_points": totals::service_points(&snapshot),
        "incidents": cases.by_kind.iter().map(|(kind, cases)| incidents(kind.as_str(), cases, to)).collect::<Vec<_>>(),
    });
    Ok(tag.mark(Json(body).into_response()))
}

fn names(names: &Names) -> Value {
    json!({"zh": names.zh, "en": names.en})
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn level(snapshot: &Snapshot, depth: Depth, level: &Level, to: Principal) -> Value {
    let mut homes: Vec<u64> = snapshot.grids_at(depth).filter_map(|ix| snapshot.n_households(ix)).collect();
    homes.sort_unstable();
    let median = homes.get(homes.len() / 2).copied();
    let outside_target = level.household_target.map(|target| {
        let n = |far: &dyn Fn(u64) -> bool| homes.iter().filter(|homes| far(**homes)).count();
        json!({
            "n_under_floor": n(&|homes| homes < u64::from(target.floor)),
            "n_over_ceiling": n(&|homes| homes > u64::from(target.ceiling)),
        })
    });
    json!({
        "code": level.code,
        "depth": depth,
        "names": names(&level.names),
        "answers": level.answers,
        "required_roles": level.required_roles,
        "household_target": level.household_target.map(|target| {
            json!({"floor": target.floor, "target": target.target, "ceiling": target.ceiling})
        }),
        "n_grids": snapshot.grids_at(depth).count(),
        "households_per_grid": {
            "least": homes.first().and_then(|n| shown(*n, to)),
            "median": median.and_then(|n| shown(n, to)),
            "most": homes.last().and_then(|n| shown(*n, to)),
            "outside_target": outside_target,
        },
    })
}

fn roles(snapshot: &Snapshot, now: DateTime<Utc>) -> Vec<Value> {
    let counted = totals::roles(snapshot, now).into_iter();
    counted
        .zip(&snapshot.region().roles)
        .map(|(count, role)| {
            json!({
                "code": role.code, "names": names(&role.names), "n_holders": count.n_holders, "n_grids": count.n_grids,
            })
        })
        .collect()
}

/// A rate comes with its numerator, denominator and period; 0 of 0 is none, not 100 %.
fn incidents(kind: &str, cases: &Cases, to: Principal) -> Value {
    let (reported, resolved) = (shown(cases.n_reported, to), shown(cases.n_resolved, to));
    let n_open = cases.n_reported - cases.n_resolved;
    // One minus the other would tell a small number of open cases.
    let resolved = resolved.filter(|_| shown(n_open, to).is_some());
    json!({
        "kind": kind,
        "n_reported": reported,
        "n_resolved": resolved,
        "resolution": reported.zip(resolved).and_then(|(reported, resolved)| rate(resolved, reported)),
        "resolved_by_tier": by_tier(&cases.resolved_by_tier, to),
        "period": cases.period.map(|(from, to)| json!({"from": time(from), "to": time(to)})),
    })
}

/// One count left out alone could be had from the sum, so the smallest told one is left out with it.
fn by_tier(counts: &BTreeMap<String, u64>, to: Principal) -> BTreeMap<&str, Option<u64>> {
    let mut told: BTreeMap<&str, Option<u64>> = counts.iter().map(|(tier, n)| (tier.as_str(), shown(*n, to))).collect();
    if told.values().filter(|n| n.is_none()).count() == 1
        && let Some(smallest) = told.values_mut().filter(|n| n.is_some()).min()
    {
        *smallest = None;
    }
    told
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
    fn a_small_count_cannot_be_had_by_subtraction() {
        let counts = [("a", 100), ("b", 3), ("c", 7)].map(|(tier, n)| (tier.to_owned(), n)).into();
        let told = |to| by_tier(&counts, to).into_values().collect::<Vec<_>>();
        assert_eq!(told(Principal::Public), [Some(100), None, None]);
        assert_eq!(told(Principal::Open), [Some(100), Some(3), Some(7)]);
    }

    #[test]
    fn nothing_of_nothing_is_no_rate() {
        assert_eq!(rate(0, 0), None);
        assert_eq!(rate(291, 305).map(|rate| rate["percent"].clone()), Some(95.41.into()));
    }
}
