//! What is published: a release, made of the exact counts, and laid over the ground that is asked about.
//!
//! The counts by grid, by kind and by week are lists of one whole. Each is rounded so that it shows no small count
//! ([`Disclosure`]); those by kind and by week are left out where, beside the others, they would
//! ([`Partition::may_stand_beside`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::GridCounts;
use super::grid_counts::Period;
use crate::analysis::{Disclosure, Partition};
use crate::domain::{GridId, IncidentKind, PUBLIC_BASE, Region, Release, ReleasedKind, Week};
use crate::index::{GridIndex, Snapshot};

/// A release over the tree of a snapshot, grid by grid.
#[derive(Clone, Debug)]
pub struct ReleasedCounts {
    release: Arc<Release>,
    households: Vec<Option<u64>>,
    incidents: Vec<Option<u64>>,
}

impl ReleasedCounts {
    /// Lays `release` over the tree of `snapshot`. Of grids that were not there then nothing is published. Cost: a look-up for
    /// each grid.
    #[must_use]
    pub fn over(release: Arc<Release>, snapshot: &Snapshot) -> Self {
        let by_grid = |published: &BTreeMap<GridId, u64>| {
            let published = |ix| published.get(&snapshot.grid(ix).id).copied().filter(|n| *n > 0);
            snapshot.tree().indexes().map(published).collect()
        };
        Self { households: by_grid(&release.households), incidents: by_grid(&release.incidents), release }
    }

    #[must_use]
    pub fn release(&self) -> &Arc<Release> {
        &self.release
    }

    /// Households in a grid and below it; `None` is withheld.
    #[must_use]
    pub fn households(&self, ix: GridIndex) -> Option<u64> {
        self.households[ix as usize]
    }

    /// Incidents in a grid and below it; `None` is withheld.
    #[must_use]
    pub fn incidents(&self, ix: GridIndex) -> Option<u64> {
        self.incidents[ix as usize]
    }
}

/// Makes the release of `made` from all counts there are: `grid_counts` by week, and how many incidents lie `on_one_point`
/// each. `before` is the one before it: incidents are only added to, so what can be published of them hangs on what was.
///
/// Cost: some passes over the grids, kinds and weeks.
#[must_use]
pub fn release(
    snapshot: &Snapshot,
    grid_counts: &GridCounts,
    on_one_point: &[u64],
    before: Option<&Release>,
    made: DateTime<Utc>,
) -> Release {
    let households: Vec<u64> = snapshot.tree().indexes().map(|ix| snapshot.n_households(ix).unwrap_or(0)).collect();
    let of_before = |before: &Release| {
        snapshot.tree().indexes().map(|ix| before.incidents.get(&snapshot.grid(ix).id).copied()).collect()
    };
    let published_before: Vec<Option<u64>> = before.map(of_before).unwrap_or_default();
    let (areas_m2, year) = (areas_m2(snapshot), made.with_timezone(&snapshot.region().utc_offset).year());
    let redrawn = redrawn(&areas_m2, before, year);
    let since = |first: i32| -> Vec<bool> {
        let is_redrawn = |ix| redrawn.get(&snapshot.grid(ix).id).is_some_and(|year| *year >= first);
        snapshot.tree().indexes().map(is_redrawn).collect()
    };
    // Households stay; with a year's incidents added, what a grid had on its ground of before is no more to be had.
    let incidents = rounded_tree(snapshot, &grid_counts.reported_in_each(snapshot), &published_before, &since(year));
    let households = rounded_tree(snapshot, &households, &[], &since(i32::MIN));
    let outside = rounded(grid_counts.outside().n_reported);
    let (mut n_tops, mut in_grids) = (0, 0);
    for top in snapshot.tree().indexes().filter(|&ix| snapshot.tree().parent(ix).is_none()) {
        n_tops += 1;
        in_grids += incidents[top as usize];
    }
    let (kinds, weeks) = (kinds(snapshot.region(), grid_counts, before), weeks(snapshot.region(), grid_counts, made));
    let grids = Partition { n: n_tops + 1, published: in_grids + outside };
    let by_kind = Partition { n: kinds.len() as u64, published: kinds.values().map(|kind| kind.n_reported).sum() };
    let by_week = Partition { n: weeks.len() as u64, published: weeks.values().sum() };
    let has_kinds = grids.may_stand_beside(by_kind, PUBLIC_BASE);
    let has_weeks =
        grids.may_stand_beside(by_week, PUBLIC_BASE) && (!has_kinds || by_kind.may_stand_beside(by_week, PUBLIC_BASE));
    let is_published = in_grids > 0;
    Release {
        made,
        generation: snapshot.generation().number,
        areas_m2,
        redrawn,
        households: by_grid(snapshot, &households),
        households_outside: snapshot.n_households_outside().map(rounded).filter(|n| *n > 0),
        incidents: by_grid(snapshot, &incidents),
        incidents_outside: Some(outside).filter(|n| *n > 0),
        kinds: has_kinds.then(|| kinds.into_iter().filter(|(_, kind)| kind.n_reported > 0).collect()),
        weeks: has_weeks.then(|| weeks.into_iter().filter(|(_, n)| *n > 0).collect()),
        since: first_year(snapshot.region(), grid_counts).filter(|_| is_published),
        on_one_point: on_one_point.iter().map(|n| rounded(*n)).filter(|n| *n > 0).collect(),
    }
}

/// From the first day of the year of the first report to the day of the release: the period of its counts of incidents, in
/// whole years where it begins, since the first report is one.
#[must_use]
pub fn period(release: &Release, region: &Region) -> Option<Period> {
    let first = NaiveDate::from_ymd_opt(release.since?, 1, 1)?.and_time(chrono::NaiveTime::MIN);
    Some((first.and_local_timezone(region.utc_offset).single()?.to_utc(), release.made))
}

fn rounded(n: u64) -> u64 {
    n - n % PUBLIC_BASE
}

fn rounded_tree(snapshot: &Snapshot, counts: &[u64], before: &[Option<u64>], redrawn: &[bool]) -> Vec<u64> {
    let parents: Vec<_> = snapshot.tree().indexes().map(|ix| snapshot.tree().parent(ix)).collect();
    Disclosure { counts, parents: &parents, base: PUBLIC_BASE, before, redrawn }.published()
}

fn areas_m2(snapshot: &Snapshot) -> BTreeMap<GridId, f64> {
    let parents = snapshot.tree().indexes().filter(|&ix| snapshot.children(ix).next().is_some());
    parents.map(|ix| (snapshot.grid(ix).id.clone(), snapshot.grid(ix).area_m2())).collect()
}

/// Those redrawn before, and those that had another boundary or were not there when the release before was made.
fn redrawn(areas_m2: &BTreeMap<GridId, f64>, before: Option<&Release>, year: i32) -> BTreeMap<GridId, i32> {
    let Some(before) = before else { return BTreeMap::new() };
    let was = |id: &GridId| before.areas_m2.get(id).map(|m2| m2.to_bits());
    let now = areas_m2.iter().filter(|(id, m2)| was(id) != Some(m2.to_bits())).map(|(id, _)| (id.clone(), year));
    before.redrawn.clone().into_iter().chain(now).collect()
}

fn by_grid(snapshot: &Snapshot, published: &[u64]) -> BTreeMap<GridId, u64> {
    snapshot.tree().indexes().map(|ix| snapshot.grid(ix).id.clone()).zip(published.iter().copied()).collect()
}

/// Every kind, published or not. Each is a family of its open incidents and of those that each level settled.
fn kinds(region: &Region, grid_counts: &GridCounts, before: Option<&Release>) -> BTreeMap<IncidentKind, ReleasedKind> {
    let of_kind = |kind| {
        let counts = grid_counts.of_kind(kind).map(|(counts, _)| counts).unwrap_or_default();
        let by_tier = |depth| counts.resolved_by_tier.get(depth).copied().unwrap_or(0);
        let by_none = counts.n_resolved - counts.resolved_by_tier.iter().sum::<u64>();
        let mut family = vec![counts.n_reported, counts.n_reported - counts.n_resolved, by_none];
        family.extend((0..region.levels.len()).map(by_tier));
        let parents: Vec<Option<u32>> = (0..family.len()).map(|at| (at > 0).then_some(0)).collect();
        let tiers = || [""].into_iter().chain(region.levels.iter().map(|level| level.code.as_str()));
        let of_before = |before: &BTreeMap<IncidentKind, ReleasedKind>| {
            let before = before.get(&kind).cloned().unwrap_or_default();
            let by_tier = |tier: &str| before.resolved_by_tier.get(tier).copied().unwrap_or(0);
            [Some(before.n_reported), None].into_iter().chain(tiers().map(|tier| Some(by_tier(tier)))).collect()
        };
        // Where none were released, nothing is known of how they grew.
        let before: Vec<Option<u64>> =
            before.and_then(|before| before.kinds.as_ref()).map(of_before).unwrap_or_default();
        let published =
            Disclosure { counts: &family, parents: &parents, base: PUBLIC_BASE, before: &before, redrawn: &[] }
                .published();
        let resolved_by_tier = tiers().map(str::to_owned).zip(published[2..].iter().copied()).filter(|(_, n)| *n > 0);
        ReleasedKind { n_reported: published[0], resolved_by_tier: resolved_by_tier.collect() }
    };
    IncidentKind::ALL.into_iter().map(|kind| (kind, of_kind(kind))).collect()
}

/// Every week from the first of the first report's year on, published or not.
fn weeks(region: &Region, grid_counts: &GridCounts, made: DateTime<Utc>) -> BTreeMap<i64, u64> {
    let Some((year, (_, last))) = first_year(region, grid_counts).zip(grid_counts.period()) else {
        return BTreeMap::new();
    };
    let weeks = first_week(year)..Week::of(last.max(made), region.utc_offset).0 + 1;
    let counts = grid_counts.by_week_everywhere(&weeks);
    weeks.zip(counts.into_iter().map(rounded)).collect()
}

/// The week of the first of January.
#[must_use]
pub fn first_week(year: i32) -> i64 {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    Week::of(first.and_time(chrono::NaiveTime::MIN).and_utc(), chrono::FixedOffset::east_opt(0).expect("UTC")).0
}

fn first_year(region: &Region, grid_counts: &GridCounts) -> Option<i32> {
    grid_counts.period().map(|(first, _)| first.with_timezone(&region.utc_offset).year())
}
