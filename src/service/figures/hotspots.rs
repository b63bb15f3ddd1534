//! Where incidents gather: counts and rates by grid and week, single points, and points that stand in for an unknown one.

use std::ops::Range;

use super::coverage::per_hundred_homes;
use super::tallies::{Narrowing, Tallies};
use super::told::{self, Untold};
use super::{Rows, tallies};
use crate::analysis::Figure;
use crate::domain::{Action, Noun, Principal, Week};
use crate::geometry::{Bbox, LatticePoint, Position};
use crate::index::{GridIndex, Snapshot};
use crate::service::totals::is_small;
use crate::store::{Filter, Result, Store};

/// Desks that do not know where something happened put it on one point, such as the town hall. A point that holds more
/// than this share of all reports is shown as such a point, not as a hotspot (in Boston's 311 one holds 14 %).
pub const FALLBACK_SHARE: f64 = 0.05;
/// With fewer reports than this a share says nothing.
pub const FALLBACK_LEAST: u64 = 10;
/// The most fallback points told; 19 could not be more than 5 % each of anything larger.
const MOST_FALLBACK: u32 = 20;

/// What happened in one grid, or in all of a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// `None` is the whole region.
    pub grid: Option<GridIndex>,
    /// For every hundred homes.
    pub incidents: Figure,
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

/// Counts the incidents of `rows` from `tallies`. `weeks` is empty where they were not asked for.
///
/// The public is told weeks of the whole region only.
#[must_use]
pub fn hotspots(
    snapshot: &Snapshot,
    rows: Rows,
    tallies: &Tallies,
    weeks: &Range<i64>,
    untold: Option<&Untold>,
) -> Hotspots {
    let subtree = |ix| snapshot.tree().subtree(ix);
    let figure = |n: u64, grids: &[GridIndex]| {
        if untold.is_some_and(|untold| grids.iter().any(|&ix| untold.incidents(ix))) {
            return Figure::Withheld;
        }
        let told = grids.iter().all(|&ix| !untold.is_some_and(|untold| untold.homes(ix)));
        per_hundred_homes(n, grids.iter().map(|&ix| snapshot.n_households(ix)).sum::<Option<u64>>().filter(|_| told))
    };
    let row = |ix: GridIndex| {
        let by_week = if untold.is_some() { Vec::new() } else { tallies.by_week(subtree(ix), weeks) };
        let incidents = figure(tallies.within(subtree(ix)).n_reported, &[ix]);
        Row { grid: Some(ix), incidents, by_week: by_week.into_iter().map(Some).collect() }
    };
    let whole = rows.whole(snapshot);
    let n_inside: u64 = whole.iter().map(|&ix| tallies.within(subtree(ix)).n_reported).sum();
    let n_outside = if rows.parent.is_none() { tallies.outside().n_reported } else { 0 };
    let mut by_week = vec![0; usize::try_from(weeks.end - weeks.start).unwrap_or(0)];
    for &ix in &whole {
        for (sum, n) in by_week.iter_mut().zip(tallies.by_week(subtree(ix), weeks)) {
            *sum += n;
        }
    }
    let incidents = figure(n_inside, &whole);
    let by_week = match untold {
        None => by_week.into_iter().map(Some).collect(),
        Some(_) if incidents == Figure::Withheld => vec![None; by_week.len()],
        Some(_) => told::of_list(&by_week),
    };
    Hotspots {
        rows: rows.grids(snapshot).map(row).collect(),
        total: Row { grid: rows.parent, incidents, by_week },
        n_reported: n_inside + n_outside,
    }
}

/// The weeks of a series: those of the asked period, and where it is open those of the reports there are.
#[must_use]
pub fn weeks(snapshot: &Snapshot, narrowing: &Narrowing, tallies: &Tallies) -> Range<i64> {
    let (first, last) = tallies.period().unzip();
    let asked = narrowing.time.unwrap_or_default();
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
pub async fn points(
    store: &dyn Store,
    snapshot: &Snapshot,
    rows: Rows,
    narrowing: &Narrowing,
    most: u32,
) -> Result<Vec<Point>> {
    shared(store, snapshot, rows, Filter { limit: Some(most), ..narrowing.filter() }, 1).await
}

/// Returns the points in the parent of `rows` that hold more than [`FALLBACK_SHARE`] of its `n_reported` incidents.
///
/// The public is not told where they are, nor of any that would leave a small count beside it, nor of a part of the
/// region, whose counts it could compare.
///
/// # Errors
/// When the store cannot be read.
pub async fn fallback_points(
    store: &dyn Store,
    snapshot: &Snapshot,
    rows: Rows,
    narrowing: &Narrowing,
    n_reported: u64,
    to: &Principal,
) -> Result<Vec<Point>> {
    #[expect(clippy::cast_precision_loss, reason = "nothing is counted up to 2^53")]
    let holds_much = |point: &Point| point.n as f64 > FALLBACK_SHARE * n_reported as f64;
    let public = !to.may(Action::CountExactly, Noun::Incidents);
    if public && rows.parent.is_some() {
        return Ok(Vec::new());
    }
    let filter = Filter { limit: Some(MOST_FALLBACK), ..narrowing.filter() };
    let mut found = shared(store, snapshot, rows, filter, FALLBACK_LEAST).await?;
    found.retain(holds_much);
    if public {
        let left = n_reported - found.iter().map(|point| point.n).sum::<u64>().min(n_reported);
        found.retain(|_| !is_small(left));
        for point in &mut found {
            point.position = None;
        }
    }
    Ok(found)
}

async fn shared(
    store: &dyn Store,
    snapshot: &Snapshot,
    rows: Rows,
    filter: Filter,
    at_least: u64,
) -> Result<Vec<Point>> {
    let bbox: Option<Bbox> = rows.parent.map(|parent| snapshot.grid(parent).bbox);
    let found = store.shared_positions(Filter { bbox, ..filter }, at_least).await?;
    let tree = snapshot.tree();
    let within = |position: Position| {
        let Some(parent) = rows.parent else { return true };
        tree.owner(LatticePoint::from(position)).is_some_and(|owner| tree.subtree(parent).contains(&owner))
    };
    let found = found.into_iter().filter(|(position, _)| within(*position));
    Ok(found.map(|(position, n)| Point { position: Some(position), n }).collect())
}

/// The told counts in the middle of their grids: what stands in for points where those are not told.
#[must_use]
pub fn middles(snapshot: &Snapshot, rows: &[Row]) -> Vec<Point> {
    let told = rows.iter().filter_map(|row| Some((row.grid?, row.incidents.counted()?)));
    let told = told.filter(|(_, n)| *n > 0);
    told.map(|(ix, n)| Point { position: Some(snapshot.grid(ix).boundary.point_inside().position()), n }).collect()
}

/// All incidents in each grid and below it, in the order of the tree.
#[must_use]
pub fn in_each_grid(snapshot: &Snapshot, tallies: &tallies::Tallies) -> Vec<u64> {
    let tree = snapshot.tree();
    tree.indexes().map(|ix| tallies.within(tree.subtree(ix)).n_reported).collect()
}
