//! Incidents counted by the store, laid over the tree of a snapshot.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::IncidentFilter;
use crate::domain::{Depth, GridId, IncidentKind, Status, Week};
use crate::index::{GridIndex, SharedVec, Snapshot};
use crate::service::area::Area;
use crate::service::touched::Touched;
use crate::store::{IncidentCount, Result, Store};

/// How many incidents lie somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub n_reported: u64,
    pub n_resolved: u64,
    /// Resolved ones by the level that settled them, from the top down.
    pub resolved_by_tier: Vec<u64>,
}

/// From the first to the last report.
pub type Period = (DateTime<Utc>, DateTime<Utc>);

/// Counts of incidents over one tree. One made of another shares what is the same.
#[derive(Clone, Debug)]
pub struct GridCounts {
    /// By grid, what lies right in it.
    inside: SharedVec<Arc<[Entry]>>,
    outside: Arc<[Entry]>,
    n_levels: usize,
    period: Option<Period>,
}

/// Incidents of one place that are alike.
#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: IncidentKind,
    tier: Option<Depth>,
    status: Status,
    week: Option<Week>,
    n: u64,
    period: Period,
}

/// What is counted: the incidents that `incident_filter` leaves in `area`, on the ground of `snapshot`; by ISO week too, where
/// asked.
#[derive(Clone, Copy)]
pub(super) struct Counting<'c> {
    pub store: &'c dyn Store,
    pub snapshot: &'c Snapshot,
    pub incident_filter: &'c IncidentFilter,
    pub by_week: bool,
    pub area: &'c Area,
}

impl Counting<'_> {
    /// Counts all of them.
    ///
    /// Cost: one grouped query. For a ground whose grids the store does not keep, and so for days of the past, incidents
    /// are grouped by position and each position is located.
    pub(super) async fn all(self) -> Result<GridCounts> {
        let number = Some(self.snapshot.generation().number);
        let weeks = self.by_week.then_some(self.snapshot.region().utc_offset);
        if self.store.settled().await? == number {
            let found = self.store.incidents_by_grid(self.incident_filter.filter(), weeks).await?;
            // A generation may have come into force meanwhile, with the incidents moved.
            if self.store.settled().await? == number {
                return Ok(self.aggregate_by_grid(&found, |grid| self.known(grid.as_ref()?)));
            }
        }
        let found = self.store.incidents_by_position(self.incident_filter.filter(), weeks).await?;
        let tree = self.snapshot.tree();
        Ok(self.aggregate_by_grid(&found, |position| tree.owner(tree.point(*position))))
    }

    /// Counts only those in the grids `touched` and outside, the others being as `before`; `None` where that does not do, since
    /// the store keeps the grids of another ground by now.
    ///
    /// Cost: one query of what lies there, and one look at each grid for the period.
    pub(super) async fn again(self, before: &GridCounts, touched: &Touched) -> Result<Option<GridCounts>> {
        let number = Some(self.snapshot.generation().number);
        let weeks = self.by_week.then_some(self.snapshot.region().utc_offset);
        let mut found = Vec::new();
        for filter in touched.within(&self.incident_filter.filter()) {
            found.extend(self.store.incidents_by_grid(filter, weeks).await?);
        }
        if self.store.settled().await? != number {
            return Ok(None);
        }
        let grids: Option<Vec<GridIndex>> = touched.grids().iter().map(|grid| self.known(grid)).collect();
        let is_known =
            |count: &IncidentCount<Option<GridId>>| count.place.as_ref().is_none_or(|grid| self.known(grid).is_some());
        let Some(mut grids) = grids.filter(|_| found.iter().all(is_known)) else { return Ok(None) };
        grids.sort_unstable();
        let mut entries = self.entries(&found, |grid| self.known(grid.as_ref()?));
        let mut grid_counts = before.clone();
        grid_counts.outside = entries.remove(&None).unwrap_or_default().into();
        let now = grids.into_iter().map(|grid| (grid, entries.remove(&Some(grid)).unwrap_or_default().into()));
        grid_counts.inside.put(now);
        grid_counts.period = grid_counts.whole_period();
        Ok(Some(grid_counts))
    }

    fn known(&self, grid: &GridId) -> Option<GridIndex> {
        self.snapshot.by_id(grid.as_str())
    }

    fn aggregate_by_grid<P>(&self, found: &[IncidentCount<P>], grid: impl Fn(&P) -> Option<GridIndex>) -> GridCounts {
        let mut entries = self.entries(found, grid);
        let outside = entries.remove(&None).unwrap_or_default().into();
        let none: Arc<[Entry]> = Arc::default();
        let inside = self.snapshot.tree().indexes().map(|grid| match entries.remove(&Some(grid)) {
            Some(entries) => entries.into(),
            None => Arc::clone(&none),
        });
        let n_levels = self.snapshot.region().levels.len();
        let mut grid_counts = GridCounts { inside: SharedVec::new(inside), outside, n_levels, period: None };
        grid_counts.period = grid_counts.whole_period();
        grid_counts
    }

    /// What was found in the area, by grid.
    fn entries<P>(
        &self,
        found: &[IncidentCount<P>],
        grid: impl Fn(&P) -> Option<GridIndex>,
    ) -> HashMap<Option<GridIndex>, Vec<Entry>> {
        let region = self.snapshot.region();
        let mut entries: HashMap<Option<GridIndex>, Vec<Entry>> = HashMap::new();
        for count in found {
            let grid = grid(&count.place);
            if !grid.map_or(self.area.is_everything(), |grid| self.area.holds(grid)) {
                continue;
            }
            let tier = count.tier.as_deref().and_then(|code| region.depth_of(code));
            let IncidentCount { kind, status, week, n, first, last, .. } = *count;
            entries.entry(grid).or_default().push(Entry { kind, tier, status, week, n, period: (first, last) });
        }
        entries
    }
}

impl GridCounts {
    /// When the first and the last of all counted incidents were reported.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        self.period
    }

    fn whole_period(&self) -> Option<Period> {
        self.entries().map(|entry| entry.period).reduce(both)
    }

    /// All incidents in each grid and below it, in the order of the tree.
    #[must_use]
    pub fn reported_in_each(&self, snapshot: &Snapshot) -> Vec<u64> {
        let tree = snapshot.tree();
        tree.indexes().map(|ix| self.within(tree.subtree(ix)).n_reported).collect()
    }

    /// What lies in some grids that follow each other in the tree: a subtree, or all of it.
    #[must_use]
    pub fn within(&self, grids: Range<GridIndex>) -> Counts {
        self.sum(self.run(grids))
    }

    /// All of them, wherever they lie.
    #[must_use]
    pub fn n_reported(&self) -> u64 {
        self.entries().map(|entry| entry.n).sum()
    }

    #[must_use]
    pub fn outside(&self) -> Counts {
        self.sum(self.outside.iter())
    }

    /// All of one kind, wherever they lie, and from when to when they were reported; `None` where there are none.
    #[must_use]
    pub fn of_kind(&self, kind: IncidentKind) -> Option<(Counts, Period)> {
        let of_kind = || self.entries().filter(|entry| entry.kind == kind);
        Some((self.sum(of_kind()), of_kind().map(|entry| entry.period).reduce(both)?))
    }

    /// How many in `runs` of grids, and outside where asked, are of a kind and a status; `None` is any.
    #[must_use]
    pub fn n_alike(
        &self,
        runs: impl Iterator<Item = Range<GridIndex>>,
        with_outside: bool,
        kind: Option<IncidentKind>,
        status: Option<Status>,
    ) -> u64 {
        let outside = if with_outside { &self.outside[..] } else { &[] };
        let is_alike = |entry: &&Entry| {
            kind.is_none_or(|kind| entry.kind == kind) && status.is_none_or(|status| entry.status == status)
        };
        let inside = runs.flat_map(|run| self.run(run));
        inside.chain(outside).filter(is_alike).map(|entry| entry.n).sum()
    }

    /// Counts by week from `first` on, of the same grids as [`Self::within`].
    #[must_use]
    pub fn by_week(&self, grids: Range<GridIndex>, weeks: &Range<i64>) -> Vec<u64> {
        let mut counts = vec![0; usize::try_from(weeks.end - weeks.start).unwrap_or(0)];
        add_weeks(self.run(grids), weeks, &mut counts);
        counts
    }

    /// The same of all there are, also outside every grid.
    #[must_use]
    pub fn by_week_everywhere(&self, weeks: &Range<i64>) -> Vec<u64> {
        let mut counts = vec![0; usize::try_from(weeks.end - weeks.start).unwrap_or(0)];
        add_weeks(self.entries(), weeks, &mut counts);
        counts
    }

    /// Counts by week of what lies outside every grid.
    pub fn add_outside_by_week(&self, weeks: &Range<i64>, counts: &mut [u64]) {
        add_weeks(self.outside.iter(), weeks, counts);
    }

    fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.inside.iter().flat_map(|entries| entries.iter()).chain(self.outside.iter())
    }

    fn run(&self, grids: Range<GridIndex>) -> impl Iterator<Item = &Entry> {
        let (first, n) = (grids.start as usize, grids.len());
        self.inside.iter_from(first).take(n).flat_map(|entries| entries.iter())
    }

    fn sum<'e>(&self, entries: impl Iterator<Item = &'e Entry>) -> Counts {
        let mut counts = Counts { resolved_by_tier: vec![0; self.n_levels], ..Counts::default() };
        for entry in entries {
            counts.n_reported += entry.n;
            if entry.status == Status::Resolved {
                counts.n_resolved += entry.n;
                if let Some(tier) = entry.tier {
                    counts.resolved_by_tier[usize::from(tier)] += entry.n;
                }
            }
        }
        counts
    }
}

/// Around two periods.
fn both(one: Period, other: Period) -> Period {
    (one.0.min(other.0), one.1.max(other.1))
}

fn add_weeks<'e>(entries: impl Iterator<Item = &'e Entry>, weeks: &Range<i64>, counts: &mut [u64]) {
    for entry in entries {
        let place = entry.week.and_then(|week| usize::try_from(week.0 - weeks.start).ok());
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += entry.n;
        }
    }
}

impl Counts {
    /// Both together.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        self.n_reported += other.n_reported;
        self.n_resolved += other.n_resolved;
        for (mine, theirs) in self.resolved_by_tier.iter_mut().zip(&other.resolved_by_tier) {
            *mine += theirs;
        }
        self
    }
}
