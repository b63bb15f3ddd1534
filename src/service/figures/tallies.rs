//! Incidents counted by the store, laid over the tree of a snapshot.

use std::ops::Range;

use chrono::{DateTime, FixedOffset, Utc};

use crate::domain::{Depth, IncidentKind, Status, Week};
use crate::geometry::LatticePoint;
use crate::index::{GridIndex, Snapshot};
use crate::service::area::Area;
use crate::store::{Filter, Property, Result, Store, Tally, TimeSpan};

/// Which incidents are counted, wherever they lie.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Narrowing {
    pub time: Option<TimeSpan>,
    pub kind: Option<IncidentKind>,
    pub category: Option<String>,
    pub tier: Option<String>,
    pub status: Option<Status>,
}

impl Narrowing {
    /// The parameter of the API that narrows, the first of them where there are several.
    #[must_use]
    pub fn first_parameter(&self) -> Option<&'static str> {
        let given = [
            (self.time.is_some(), "datetime"),
            (self.kind.is_some(), "kind"),
            (self.category.is_some(), "category"),
            (self.tier.is_some(), "tier"),
            (self.status.is_some(), "status"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, name)| name)
    }

    #[must_use]
    pub fn filter(&self) -> Filter {
        let kind = self.kind.map(|kind| (Property::Kind, kind.as_str().to_owned()));
        let status = self.status.map(|status| (Property::Status, status.as_str().to_owned()));
        let category = self.category.clone().map(|category| (Property::Category, category));
        let tier = self.tier.clone().map(|tier| (Property::Tier, tier));
        let equals = [kind, status, category, tier].into_iter().flatten().collect();
        Filter { time: self.time, equals, ..Filter::default() }
    }
}

/// How many incidents lie somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub n_reported: u64,
    pub n_resolved: u64,
    /// Resolved ones by the level that settled them, from the top down.
    pub resolved_by_tier: Vec<u64>,
}

/// Counts of incidents over one tree.
#[derive(Debug)]
pub struct Tallies {
    /// Ordered by grid, so that what lies in a subtree is one run.
    inside: Vec<Entry>,
    outside: Vec<Entry>,
    n_levels: usize,
    period: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    grid: GridIndex,
    tier: Option<Depth>,
    status: Status,
    week: Option<Week>,
    n: u64,
}

impl Tallies {
    /// Counts the incidents that `narrowing` leaves in `area`, on the ground of `snapshot`; by ISO week too, where asked.
    ///
    /// Cost: one grouped query. For a ground whose grids the store does not keep, and so for days of the past, incidents
    /// are grouped by position and each position is located.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn count(
        store: &dyn Store,
        snapshot: &Snapshot,
        narrowing: &Narrowing,
        by_week: bool,
        area: &Area,
    ) -> Result<Self> {
        let weeks = by_week.then_some(snapshot.region().utc_offset);
        let number = Some(snapshot.generation().number);
        if store.settled().await? == number {
            let found = store.incidents_by_grid(narrowing.filter(), weeks).await?;
            // A generation may have come into force meanwhile, with the incidents moved.
            if store.settled().await? == number {
                let known = |grid: &_| snapshot.by_id(crate::domain::GridId::as_str(grid));
                return Ok(Self::lay(snapshot, &found, area, |grid| grid.as_ref().and_then(known)));
            }
        }
        Self::located(store, snapshot, narrowing, weeks, area).await
    }

    async fn located(
        store: &dyn Store,
        snapshot: &Snapshot,
        narrowing: &Narrowing,
        weeks: Option<FixedOffset>,
        area: &Area,
    ) -> Result<Self> {
        let found = store.incidents_by_position(narrowing.filter(), weeks).await?;
        Ok(Self::lay(snapshot, &found, area, |position| snapshot.tree().owner(LatticePoint::from(*position))))
    }

    fn lay<P>(snapshot: &Snapshot, found: &[Tally<P>], area: &Area, grid: impl Fn(&P) -> Option<GridIndex>) -> Self {
        let region = snapshot.region();
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        let mut period: Option<(DateTime<Utc>, DateTime<Utc>)> = None;
        for tally in found {
            let tier = tally.tier.as_deref().and_then(|code| region.depth_of(code));
            let entry = Entry { grid: 0, tier, status: tally.status, week: tally.week, n: tally.n };
            let grid = grid(&tally.place);
            if !grid.map_or(area.is_everything(), |grid| area.holds(grid)) {
                continue;
            }
            let (first, last) = period.unwrap_or((tally.first, tally.last));
            period = Some((first.min(tally.first), last.max(tally.last)));
            match grid {
                Some(grid) => inside.push(Entry { grid, ..entry }),
                None => outside.push(entry),
            }
        }
        inside.sort_by_key(|entry| entry.grid);
        Self { inside, outside, n_levels: region.levels.len(), period }
    }

    /// When the first and the last of all counted incidents were reported.
    #[must_use]
    pub fn period(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.period
    }

    /// What lies in some grids that follow each other in the tree: a subtree, or all of it.
    #[must_use]
    pub fn within(&self, grids: Range<GridIndex>) -> Counts {
        self.sum(self.run(grids))
    }

    #[must_use]
    pub fn outside(&self) -> Counts {
        self.sum(&self.outside)
    }

    /// Counts by week from `first` on, of the same grids as [`Self::within`].
    #[must_use]
    pub fn by_week(&self, grids: Range<GridIndex>, weeks: &Range<i64>) -> Vec<u64> {
        let mut counts = vec![0; usize::try_from(weeks.end - weeks.start).unwrap_or(0)];
        Self::add_weeks(self.run(grids), weeks, &mut counts);
        counts
    }

    /// Counts by week of what lies outside every grid.
    pub fn add_outside_by_week(&self, weeks: &Range<i64>, counts: &mut [u64]) {
        Self::add_weeks(&self.outside, weeks, counts);
    }

    fn add_weeks(entries: &[Entry], weeks: &Range<i64>, counts: &mut [u64]) {
        for entry in entries {
            let place = entry.week.and_then(|week| usize::try_from(week.0 - weeks.start).ok());
            if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
                *count += entry.n;
            }
        }
    }

    fn run(&self, grids: Range<GridIndex>) -> &[Entry] {
        let start = self.inside.partition_point(|entry| entry.grid < grids.start);
        let end = self.inside.partition_point(|entry| entry.grid < grids.end);
        &self.inside[start..end]
    }

    fn sum(&self, entries: &[Entry]) -> Counts {
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
