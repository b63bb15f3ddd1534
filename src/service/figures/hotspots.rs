//! Where incidents gather: counts and rates by grid and week, single points, and points given for an unknown one.

use std::ops::Range;

use super::ask;
use super::released::{self, ReleasedCounts};
use super::{GridCounts, Head, IncidentCounts, IncidentFilter, Question, RowSelection};
use crate::analysis::coverage::per_hundred_households;
use crate::analysis::estimate::{Estimate, estimates};
use crate::analysis::{Figure, Observation, fallback};
use crate::domain::{Part, Principal, Scope, Week};
use crate::geometry::{Bbox, Position};
use crate::index::{GridIndex, Snapshot};
use crate::service::{Caller, Known, Refused, Validated};
use crate::store::{Filter, Result, Store};

/// The most points in one answer.
const MOST_POINTS: u32 = 50_000;
/// The most weeks in one answer, and the most numbers in all of its series.
const MOST_WEEKS: i64 = 1_100;
const MOST_NUMBERS: i64 = 1_000_000;

/// What is counted beside each grid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct By {
    pub week: bool,
    pub point: bool,
}

/// One answer, to be written out before the ground is let go.
#[derive(Debug)]
pub struct HotspotReport<'s> {
    pub head: Head<'s>,
    pub hotspots: Hotspots,
    /// The weeks of each series, see [`Week`].
    pub weeks: Range<i64>,
    /// Where asked for: every point, or the middles of grids where points are withheld.
    pub points: Vec<Point>,
    pub fallback: Vec<Point>,
}

/// Answers where incidents gather, as the caller may know it; `render` writes it out.
///
/// # Errors
/// When the caller may not ask so, what is asked makes no sense on this ground, or the store cannot be read.
pub async fn ask<R>(
    caller: &Caller<'_>,
    question: &Question,
    by: By,
    known: Known<'_>,
    render: impl FnOnce(&HotspotReport<'_>) -> R,
) -> std::result::Result<Validated<R>, Refused> {
    let snapshot = question.ground(caller).await?;
    let rows = question.rows(caller, &snapshot)?;
    let incidents = question.incidents(caller, &snapshot, &rows, by.week).await?;
    if incidents.released().is_some() && by.week && rows.parent.is_some() {
        return Err(Refused::Narrowed { parameter: "by" });
    }
    let (revision, validator) = ask::hanging_on(caller, &incidents, &snapshot, &[Part::Ground]);
    if known(&validator) {
        return Ok(Validated::known(validator));
    }
    let head = Head::new(caller, &snapshot, &rows, question, revision, &incidents);
    let answer = match &incidents {
        IncidentCounts::Released(released) => render(&of_release(released, head, by)),
        IncidentCounts::Exact { grid_counts, .. } => {
            let (store, scope) = (&**caller.gridmap().store(), &caller.principal().scope);
            let weeks =
                if by.week { few_weeks(&snapshot, &question.incident_filter, &rows, grid_counts)? } else { 0..0 };
            let hotspots = hotspots(&snapshot, &rows, grid_counts, &weeks);
            let (incident_filter, n_reported) = (&question.incident_filter, hotspots.n_reported);
            let fallback =
                fallback_points(store, &snapshot, &rows, incident_filter, n_reported, caller.principal()).await?;
            let filter = bounded(incident_filter, scope);
            let points = if by.point { all_points(store, &snapshot, &rows, filter).await? } else { Vec::new() };
            render(&HotspotReport { head, hotspots, weeks, points, fallback })
        }
    };
    Ok(Validated::new(validator, answer))
}

/// The answer as it was released: weeks of the whole region only, and the middles of grids instead of points.
fn of_release<'s>(released: &ReleasedCounts, head: Head<'s>, by: By) -> HotspotReport<'s> {
    let (snapshot, rows, release) = (head.snapshot, head.rows, released.release());
    let figure = |grids: &[GridIndex]| {
        let sum = |published: &dyn Fn(GridIndex) -> Option<u64>| {
            Observation::sum(grids.iter().map(|&ix| Observation::published(published(ix))))
        };
        per_hundred_households(sum(&|ix| released.incidents(ix)), sum(&|ix| released.households(ix)))
    };
    let row = |ix: GridIndex| Row { grid: Some(ix), incidents: figure(&[ix]), estimate: None, by_week: Vec::new() };
    let table: Vec<Row> = rows.grids(snapshot).map(row).collect();
    let weeks = match release.since.filter(|_| by.week) {
        Some(year) => released::first_week(year)..Week::of(release.made, snapshot.region().utc_offset).0 + 1,
        None => 0..0,
    };
    let of_week = |week| release.weeks.as_ref()?.get(&week).copied();
    let incidents = figure(&rows.whole(snapshot));
    let outside = release.incidents_outside.filter(|_| rows.has_outside()).unwrap_or(0);
    let by_week = weeks.clone().map(of_week).collect();
    let total = Row { grid: rows.parent, incidents, estimate: None, by_week };
    let on_one_point = if rows.has_outside() { &release.on_one_point[..] } else { &[] };
    HotspotReport {
        head,
        points: if by.point { middles(snapshot, &table) } else { Vec::new() },
        hotspots: Hotspots { n_reported: incidents.counted().unwrap_or(0) + outside, rows: table, total },
        weeks,
        fallback: on_one_point.iter().map(|&n| Point { position: None, n }).collect(),
    }
}

async fn all_points(
    store: &dyn Store,
    snapshot: &Snapshot,
    rows: &RowSelection,
    filter: Filter,
) -> std::result::Result<Vec<Point>, Refused> {
    let points = points(store, snapshot, rows, filter, MOST_POINTS.saturating_add(1)).await?;
    if points.len() > MOST_POINTS as usize {
        let detail = format!("there are more than {MOST_POINTS} points: name a parent or a shorter period");
        return Err(Refused::parameter("by", detail));
    }
    Ok(points)
}

fn few_weeks(
    snapshot: &Snapshot,
    incident_filter: &IncidentFilter,
    rows: &RowSelection,
    grid_counts: &GridCounts,
) -> std::result::Result<Range<i64>, Refused> {
    let weeks = weeks(snapshot, incident_filter, grid_counts);
    let (n_weeks, n_rows) = (weeks.end - weeks.start, rows.grids(snapshot).zip(2_i64..).last().map_or(1, |(_, n)| n));
    if n_weeks > MOST_WEEKS || n_weeks * n_rows > MOST_NUMBERS {
        let detail = format!(
            "{n_weeks} weeks of {n_rows} rows are too many: at most {MOST_WEEKS} weeks and {MOST_NUMBERS} numbers"
        );
        return Err(Refused::parameter("datetime", detail));
    }
    Ok(weeks)
}

/// What `incident_filter` leaves of what `scope` holds.
fn bounded(incident_filter: &IncidentFilter, scope: &Scope) -> Filter {
    Filter { scope: scope.clone(), ..incident_filter.filter() }
}

/// What happened in one grid, or in all of a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// `None` is the whole region.
    pub grid: Option<GridIndex>,
    /// For every hundred households.
    pub incidents: Figure,
    /// What is made of the rate among those of all rows; nobody has it who may not know all counts.
    pub estimate: Option<Estimate>,
    /// `None` is withheld; empty where weeks were not asked for.
    pub by_week: Vec<Option<u64>>,
}

/// The grids of one level and their parent.
#[derive(Clone, Debug, PartialEq)]
pub struct Hotspots {
    pub rows: Vec<Row>,
    pub total: Row,
    /// Reports in the parent, also where the rows do not cover it; in the region also outside every grid.
    pub n_reported: u64,
}

/// Counts the incidents of `rows` from `grid_counts`. `weeks` is empty where they were not asked for.
fn hotspots(snapshot: &Snapshot, rows: &RowSelection, grid_counts: &GridCounts, weeks: &Range<i64>) -> Hotspots {
    let subtree = |ix| snapshot.tree().subtree(ix);
    let figure = |n: u64, grids: &[GridIndex]| {
        let households = Observation::sum(grids.iter().map(|&ix| Observation::made(snapshot.n_households(ix))));
        per_hundred_households(Observation::Counted(n), households)
    };
    let row = |ix: GridIndex| {
        let by_week = grid_counts.by_week(subtree(ix), weeks);
        let incidents = figure(grid_counts.within(subtree(ix)).n_reported, &[ix]);
        Row { grid: Some(ix), incidents, estimate: None, by_week: by_week.into_iter().map(Some).collect() }
    };
    let mut table: Vec<Row> = rows.grids(snapshot).map(row).collect();
    let rates: Vec<Figure> = table.iter().map(|row| row.incidents).collect();
    for (row, estimate) in table.iter_mut().zip(estimates(&rates)) {
        row.estimate = estimate;
    }
    let whole = rows.whole(snapshot);
    let n_inside: u64 = whole.iter().map(|&ix| grid_counts.within(subtree(ix)).n_reported).sum();
    let n_outside = if rows.has_outside() { grid_counts.outside().n_reported } else { 0 };
    let mut by_week = vec![0; usize::try_from(weeks.end - weeks.start).unwrap_or(0)];
    for &ix in &whole {
        for (sum, n) in by_week.iter_mut().zip(grid_counts.by_week(subtree(ix), weeks)) {
            *sum += n;
        }
    }
    let incidents = figure(n_inside, &whole);
    Hotspots {
        rows: table,
        total: Row { grid: rows.parent, incidents, estimate: None, by_week: by_week.into_iter().map(Some).collect() },
        n_reported: n_inside + n_outside,
    }
}

/// The weeks of a series: those of the asked period, and where it is open those of the reports there are.
fn weeks(snapshot: &Snapshot, incident_filter: &IncidentFilter, grid_counts: &GridCounts) -> Range<i64> {
    let (first, last) = grid_counts.period().unzip();
    let asked = incident_filter.time.unwrap_or_default();
    let week = |instant| Week::of(instant, snapshot.region().utc_offset).0;
    match (asked.from.or(first), asked.to.or(last)) {
        (Some(from), Some(to)) => week(from)..week(to) + 1,
        _ => 0..0,
    }
}

/// A point and how many incidents lie exactly there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// `None` where the caller may not know it.
    pub position: Option<Position>,
    pub n: u64,
}

/// Returns every point with incidents in the parent of `rows`, the fullest first, at most `most`.
///
/// # Errors
/// When the store cannot be read.
async fn points(
    store: &dyn Store,
    snapshot: &Snapshot,
    rows: &RowSelection,
    filter: Filter,
    most: u32,
) -> Result<Vec<Point>> {
    shared(store, snapshot, rows, Filter { limit: Some(most), ..filter }, 1).await
}

/// Returns the points in the parent of `rows` that are [fallbacks](fallback) among its `n_reported` incidents.
///
/// # Errors
/// When the store cannot be read.
pub async fn fallback_points(
    store: &dyn Store,
    snapshot: &Snapshot,
    rows: &RowSelection,
    incident_filter: &IncidentFilter,
    n_reported: u64,
    to: &Principal,
) -> Result<Vec<Point>> {
    let filter = Filter { limit: Some(fallback::MOST), ..bounded(incident_filter, &to.scope) };
    let mut found = shared(store, snapshot, rows, filter, fallback::LEAST).await?;
    found.retain(|point| fallback::is_fallback(point.n, n_reported));
    Ok(found)
}

async fn shared(
    store: &dyn Store,
    snapshot: &Snapshot,
    rows: &RowSelection,
    filter: Filter,
    at_least: u64,
) -> Result<Vec<Point>> {
    let bbox: Option<Bbox> = rows.parent.map(|parent| snapshot.grid(parent).bbox);
    let found = store.shared_positions(Filter { bbox, ..filter }, at_least).await?;
    let tree = snapshot.tree();
    let within = |position: Position| {
        if rows.has_outside() {
            return true;
        }
        let in_parent = |owner| rows.parent.is_none_or(|parent| tree.subtree(parent).contains(&owner));
        let owner = tree.owner(tree.point(position));
        owner.is_some_and(|owner| in_parent(owner) && rows.area.holds(owner))
    };
    let found = found.into_iter().filter(|(position, _)| within(*position));
    Ok(found.map(|(position, n)| Point { position: Some(position), n }).collect())
}

/// The published counts in the middle of their grids, instead of points.
fn middles(snapshot: &Snapshot, rows: &[Row]) -> Vec<Point> {
    let counted = rows.iter().filter_map(|row| Some((row.grid?, row.incidents.counted()?)));
    let counted = counted.filter(|(_, n)| *n > 0);
    counted.map(|(ix, n)| Point { position: Some(snapshot.grid(ix).boundary.point_inside().position()), n }).collect()
}
