//! `GET /api/coverage`: how well the grids of one level cover their parent, figure by figure.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::app::App;
use super::error::{Answered, Fault, Kind, Place, Problem};
use super::figures::{self, Asked, COMMON, Period};
use super::params::{Query, shortened};
use super::representation::{Form, ListTag};
use crate::domain::{Action, Noun, Principal, Region};
use crate::format::csv;
use crate::index::Snapshot;
use crate::service::figures::coverage::{Coverage, Facts, Row};
use crate::service::figures::hotspots::in_each_grid;
use crate::service::figures::told::Untold;
use crate::service::figures::{Metric, Tallies};

/// What may be asked beside [`COMMON`]; not by the public.
pub(crate) const NARROWING: [&str; 2] = ["datetime", "kind"];
/// What may be asked beside both, by anyone: which figures each row holds.
pub(crate) const FIGURES: &str = "figures";

pub(crate) async fn coverage(State(app): State<App>, headers: HeaderMap, RawQuery(raw): RawQuery) -> Answered {
    let known = |name: &str| COMMON.contains(&name) || NARROWING.contains(&name) || name == FIGURES;
    let mut query = Query::parse(raw.as_deref(), known);
    let asked = Asked::read(&mut query, &headers, app.offset());
    let names = query.read(FIGURES, names);
    query.check()?;
    figures::refuse_narrowing(&query, app.principal(), &NARROWING)?;
    let snapshot = app.snapshot_at(asked.at, asked.known_at).await?;
    let (rows, metrics) = Problem::both(asked.rows(&snapshot), metrics(names.as_deref(), snapshot.region()))?;
    let (revision, tallies) = app.figures().tallies(app.gridmap(), &snapshot, &asked.narrowing, false).await?;
    let at = asked.at.unwrap_or_else(|| app.now());
    let tag = ListTag::new(revision, asked.form, app.principal()).with_ground(&snapshot).with_duties(&snapshot, at);
    if let Some(same) = tag.not_modified(&headers) {
        return Ok(same);
    }
    let untold = untold(&app, &snapshot, &tallies).await?;
    let facts = Facts {
        snapshot: &snapshot,
        own_areas: own_areas(&app, &snapshot).await?,
        tallies: &tallies,
        at,
        untold: untold.as_ref(),
    };
    let coverage = facts.coverage(rows, &metrics);
    let period = Period::new(asked.narrowing.time, tallies.period());
    let response = match asked.form {
        Form::Csv => table(&snapshot, &coverage, &metrics, period),
        Form::GeoJson => {
            let mut body = figures::head(&app, &snapshot, &asked, rows, period);
            body.extend(json_of(&snapshot, &coverage, rows.level));
            Json(Value::Object(body)).into_response()
        }
    };
    Ok(tag.mark(response))
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

/// The metrics of those names, or all; every name that the region has no metric for is a fault.
fn metrics(names: Option<&[String]>, region: &Region) -> Answered<Vec<Metric>> {
    let all = Metric::all(region);
    let Some(names) = names else { return Ok(all) };
    let known: Vec<String> = all.iter().map(|metric| metric.name(region)).collect();
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for name in names {
        match known.iter().position(|known| known == name) {
            Some(at) => found.push(all[at]),
            None => faults.push(Fault::new(
                Place::Parameter(FIGURES.into()),
                format!("{:?} is none of {}", shortened(name), known.join(", ")),
            )),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(Problem::faults(Kind::InvalidParameter, faults)) }
}

/// The areas of the ground, measured beside the requests of others where that was not done yet.
async fn own_areas(app: &App, snapshot: &Snapshot) -> Answered<Arc<[f64]>> {
    if let Some(known) = app.figures().known_areas(snapshot.tree()) {
        return Ok(known);
    }
    let (app, tree) = (app.clone(), Arc::clone(snapshot.tree()));
    let measuring = tokio::task::spawn_blocking(move || app.figures().own_areas(&tree));
    measuring.await.map_err(|error| {
        tracing::error!(%error, "the ground could not be measured");
        Problem::new(Kind::Internal)
    })
}

/// What the caller is not told, if anything.
pub(crate) async fn untold(app: &App, snapshot: &Snapshot, tallies: &Tallies) -> Answered<Option<Untold>> {
    if app.principal().may(Action::CountExactly, Noun::Incidents) {
        return Ok(None);
    }
    let (_, cases) = app.cases().count(app.gridmap(), &Principal::system()).await?;
    let by_kind: Vec<u64> = cases.iter().filter_map(|cases| cases.n_reported).collect();
    Ok(Some(Untold::of(snapshot, &in_each_grid(snapshot, tallies), &by_kind)))
}

fn json_of(snapshot: &Snapshot, coverage: &Coverage<'_>, level: u8) -> Map<String, Value> {
    let region = snapshot.region();
    let level = region.level(level);
    let row = |row: &Row<'_>| {
        let mut body = figures::named(snapshot, row.grid);
        let figures = row.figures.iter().map(|(metric, figure)| (metric.name(region), figures::figure(*figure)));
        body.insert("area_m2".into(), figures::tenths(row.area_m2).into());
        body.insert("missing_roles".into(), row.missing_roles.clone().into());
        body.insert("figures".into(), Value::Object(figures.collect()));
        Value::Object(body)
    };
    let target = level.household_target;
    let mut body = Map::new();
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

fn table(snapshot: &Snapshot, coverage: &Coverage<'_>, metrics: &[Metric], period: Period) -> Response {
    let region = snapshot.region();
    let mut names: Vec<String> = ["code", "name", "level", "area_m2"].map(String::from).into();
    names.extend(metrics.iter().flat_map(|metric| figures::columns(&metric.name(region))));
    names.extend(["missing_roles", "period_from", "period_to"].map(String::from));
    let mut out = Vec::new();
    csv::write_header(&names.iter().map(String::as_str).collect::<Vec<_>>(), &mut out);
    for row in coverage.rows.iter().chain([&coverage.total]) {
        let grid = row.grid.map(|ix| snapshot.grid(ix));
        let (code, name) = grid.map_or((region.code.as_str(), Some(region.names.zh.as_str())), |grid| {
            (grid.code.as_str(), grid.name.as_deref())
        });
        let level = grid.map(|grid| region.level(grid.depth).code.as_str());
        let mut cells = vec![
            ("", figures::text(Some(code))),
            ("", figures::text(name)),
            ("", figures::text(level)),
            ("", crate::format::Value::Number(figures::tenths(row.area_m2))),
        ];
        let figures = metrics.iter().filter_map(|metric| row.figure(*metric));
        cells.extend(figures.flat_map(figures::cells).map(|cell| ("", cell)));
        cells.push(("", figures::text(Some(&row.missing_roles.join(";")))));
        cells.extend(period.cells());
        csv::write_row(&cells, &mut out);
    }
    ([(CONTENT_TYPE, Form::Csv.content_type())], out).into_response()
}
