//! The county in numbers, as whoever asks may know them: what the first page shows.
//!
//! Grids, households and people are counted in the snapshot; incidents are added up from their counts by grid. The public sees
//! the households and incidents of the [release](super::release).

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::area::Area;
use super::figures::grid_counts::Period;
use super::figures::released::{self, ReleasedCounts};
use super::figures::{GridCounts, IncidentFilter};
use super::made::Made;
use super::{Caller, Gridmap, Known, Refused, Validated, Validator};
use crate::analysis::{Observation, Summary};
use crate::domain::region::HouseholdTarget;
use crate::domain::{
    Action, Depth, Duty, DutyArea, Generation, IncidentKind, Level, Noun, Part, Principal, Region, Release, Revision,
    Role, Scope,
};
use crate::geometry::Bbox;
use crate::index::{GridIndex, Snapshot};
use crate::store::StoreError;

/// A region and its numbers, as the caller may know them.
#[derive(Clone, Debug)]
pub struct RegionAnswer {
    /// The newest that changed any of it.
    pub revision: Revision,
    /// When that was committed; nothing where the store does not say now.
    pub committed: Option<DateTime<Utc>>,
    /// When the counts of households and incidents were released, where the counts are not exact.
    pub released: Option<DateTime<Utc>>,
    /// Whether personal data is shown to callers whom nobody knows.
    pub is_open: bool,
    pub region: Arc<Region>,
    pub generation: Generation,
    /// Around the caller's areas.
    pub bbox: Option<Bbox>,
    pub totals: Totals,
    pub incidents: Vec<IncidentTotals>,
}

/// Describes the region: what the first page shows.
///
/// Cost: one pass over grids, duties and service points, and after a change of an incident that of counting where it lies.
///
/// # Errors
/// When the caller may not see counts, there is no ground, or the store cannot be read and nothing was counted
/// before.
pub async fn region(caller: &Caller<'_>, known: Known<'_>) -> Result<Validated<RegionAnswer>, Refused> {
    let (gridmap, to) = (caller.gridmap(), caller.principal());
    for noun in Noun::ALL {
        to.allows(Action::Count, noun)?;
    }
    let snapshot = caller.ground()?;
    let read = &[Part::Ground, Part::People, Part::Households];
    let counts = caller.released_counts(&snapshot).await?;
    let (revision, validator, incidents) = if let Some(counts) = &counts {
        // Households of the release are as old as it is.
        let (read, release) = (&read[..2], counts.release());
        let validator = Validator::released(release, to).with_snapshot(&snapshot, read);
        (snapshot.parts().newest(read), validator, released_incidents(release, snapshot.region()))
    } else {
        let counted = gridmap.caches().incidents.counted(gridmap, &snapshot, &to.scope).await?;
        let validator = Validator::new(counted.revision, to).with_snapshot(&snapshot, read);
        let incidents = counted.by_kind.iter().map(|(kind, incidents)| incidents.totals(*kind)).collect();
        (counted.revision.max(snapshot.parts().newest(read)), validator, incidents)
    };
    let validator = validator.with_duties(&snapshot, caller.now());
    if known(&validator) {
        return Ok(Validated::known(validator));
    }
    let answer = RegionAnswer {
        revision,
        committed: committed(gridmap, revision).await,
        released: counts.as_ref().map(|counts| counts.release().made),
        is_open: to.is_open(),
        region: Arc::clone(snapshot.region()),
        generation: snapshot.generation().clone(),
        bbox: caller.extent(),
        totals: totals(&snapshot, to, counts.as_deref(), caller.now()),
        incidents,
    };
    Ok(Validated::new(validator, answer))
}

async fn committed(gridmap: &Gridmap, revision: Revision) -> Option<DateTime<Utc>> {
    let entries = gridmap.store().journal(Revision(revision.0.checked_sub(1)?), 1).await.ok()?;
    entries.first().filter(|entry| entry.revision == revision).map(|entry| entry.committed_at)
}

/// The households of one level's grids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelTotals {
    pub n_grids: usize,
    pub households: Summary,
    /// How many grids have fewer households than the floor and more than the ceiling, where the level has a target.
    pub outside_target: Option<(usize, usize)>,
}

/// How many hold a role now, and how many grids they hold it for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleCount {
    pub role: String,
    pub n_holders: u64,
    pub n_grids: u64,
}

/// What can be counted in a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// By depth.
    pub levels: Vec<LevelTotals>,
    pub n_households_inside: u64,
    pub n_households_outside: Option<u64>,
    /// In the region's order of roles.
    pub roles: Vec<RoleCount>,
    pub service_points_by_kind: BTreeMap<String, u64>,
}

/// Counts grids, households (or takes those `released` instead) and, as they count at `at`, people, in the areas of `to`.
///
/// Cost: one pass over grids, duties and service points.
#[must_use]
fn totals(snapshot: &Snapshot, to: &Principal, released: Option<&ReleasedCounts>, at: DateTime<Utc>) -> Totals {
    let (tree, area) = (snapshot.tree(), Area::of(&to.scope, snapshot.tree()));
    let mut service_points_by_kind = BTreeMap::new();
    for point in snapshot.people().service_points() {
        let owner = || tree.owner(tree.point(point.position));
        if area.is_everything() || owner().is_some_and(|ix| area.holds(ix)) {
            *service_points_by_kind.entry(point.kind.clone()).or_default() += 1;
        }
    }
    let levels = (0..).zip(&snapshot.region().levels);
    let households = |ix| match released {
        Some(released) => Observation::published(released.households(ix)),
        None => Observation::made(snapshot.n_households(ix)),
    };
    let n_outside = match released {
        Some(released) => released.release().households_outside,
        None => snapshot.n_households_outside(),
    };
    let of_level = |(depth, level): (Depth, &Level)| {
        let grids: Vec<GridIndex> = snapshot.grids_at(depth).filter(|&ix| area.holds(ix)).collect();
        level_totals(&grids.into_iter().map(households).collect::<Vec<_>>(), level.household_target)
    };
    Totals {
        levels: levels.map(of_level).collect(),
        n_households_inside: area.tops(tree).into_iter().filter_map(|ix| households(ix).counted()).sum(),
        n_households_outside: n_outside.filter(|_| area.is_everything()),
        roles: roles(snapshot, &area, at),
        service_points_by_kind,
    }
}

/// From the households of each grid; what is withheld is taken as below all others.
fn level_totals(households: &[Observation], target: Option<HouseholdTarget>) -> LevelTotals {
    let is = |n: Observation, far: &dyn Fn(u64) -> bool| match n {
        Observation::Counted(n) => far(n),
        Observation::Withheld => far(0),
        Observation::Unknown => false,
    };
    let n_that = |far: &dyn Fn(u64) -> bool| households.iter().filter(|n| is(**n, far)).count();
    let outside =
        |target: HouseholdTarget| (n_that(&|n| n < target.floor.into()), n_that(&|n| n > target.ceiling.into()));
    LevelTotals {
        n_grids: households.len(),
        households: Summary::of(households.iter().copied()),
        outside_target: target.map(outside),
    }
}

fn roles(snapshot: &Snapshot, area: &Area, at: DateTime<Utc>) -> Vec<RoleCount> {
    let held = snapshot.people().duties().iter().filter(|duty| duty.holds_at(at) && stands_in(snapshot, area, duty));
    let mut by_role: BTreeMap<&str, (HashSet<&str>, HashSet<&str>)> = BTreeMap::new();
    for duty in held {
        let (holders, grids) = by_role.entry(&duty.role).or_default();
        holders.insert(duty.holder.as_str());
        if let DutyArea::Grid(grid) = &duty.area {
            grids.insert(grid.as_str());
        }
    }
    let count = |role: &Role| {
        let (holders, grids) = by_role.remove(role.code.as_str()).unwrap_or_default();
        RoleCount { role: role.code.clone(), n_holders: holders.len() as u64, n_grids: grids.len() as u64 }
    };
    snapshot.region().roles.iter().map(count).collect()
}

fn stands_in(snapshot: &Snapshot, area: &Area, duty: &Duty) -> bool {
    let grid = match &duty.area {
        DutyArea::Grid(id) => snapshot.by_id(id.as_str()),
        DutyArea::Polygon(_) => None,
    };
    area.is_everything() || grid.is_some_and(|ix| area.holds(ix))
}

/// The incidents of one kind; `None` where a number is withheld.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentTotals {
    pub kind: IncidentKind,
    pub n_reported: Option<u64>,
    pub n_resolved: Option<u64>,
    /// Resolved incidents by the level that settled them.
    pub resolved_by_tier: BTreeMap<String, Option<u64>>,
    /// When the first and the last one were reported: the period of the counts. Of withheld ones there is none.
    pub period: Option<Period>,
}

/// How many different areas are kept at once; asking for one more forgets the one asked for longest ago.
const MOST_SCOPES: usize = 16;

/// The counts of incidents by kind they were asked for last, by the areas they were counted in.
#[derive(Debug, Default)]
pub struct IncidentCache {
    counted: Mutex<VecDeque<(Scope, Arc<Counted>)>>,
    made: Made,
}

/// What was counted at one revision.
#[derive(Debug)]
struct Counted {
    /// That of the incidents.
    revision: Revision,
    /// What it was added up from.
    grid_counts: Arc<GridCounts>,
    by_kind: Vec<(IncidentKind, KindCounts)>,
}

#[derive(Debug)]
struct KindCounts {
    n_reported: u64,
    n_resolved: u64,
    resolved_by_tier: BTreeMap<String, u64>,
    period: Period,
}

impl IncidentCache {
    /// How often incidents were added up.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    /// Adds up the incidents of each kind in `scope`, or repeats the sums when none has changed since.
    ///
    /// Cost: that of the [counts](super::figures::FigureCache) by grid, and one look at each.
    ///
    /// # Errors
    /// When the store cannot be read and nothing was counted before.
    async fn counted(&self, gridmap: &Gridmap, snapshot: &Snapshot, scope: &Scope) -> Result<Arc<Counted>, StoreError> {
        let (kept, area) = (self.kept(scope), Area::of(scope, snapshot.tree()));
        let all = IncidentFilter::default();
        let (revision, grid_counts) =
            match gridmap.caches().figures.grid_counts(gridmap, snapshot, &all, false, &area).await {
                Ok(counted) => counted,
                Err(error) => return kept.ok_or(error),
            };
        if let Some(kept) =
            kept.filter(|kept| Arc::ptr_eq(&kept.grid_counts, &grid_counts) && kept.revision == revision)
        {
            return Ok(kept);
        }
        let by_kind = by_kind(snapshot.region(), &grid_counts);
        let counted = Arc::new(Counted { revision, grid_counts, by_kind });
        self.made.note();
        let mut kept = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(of, _)| of != scope);
        kept.push_back((scope.clone(), Arc::clone(&counted)));
        while kept.len() > MOST_SCOPES {
            kept.pop_front();
        }
        Ok(counted)
    }

    fn kept(&self, scope: &Scope) -> Option<Arc<Counted>> {
        let mut kept = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(of, _)| of == scope)?;
        let found = kept.remove(place)?;
        kept.push_back(found);
        kept.back().map(|(_, counted)| Arc::clone(counted))
    }
}

fn by_kind(region: &Region, grid_counts: &GridCounts) -> Vec<(IncidentKind, KindCounts)> {
    let of_kind = |kind| {
        let (counts, period) = grid_counts.of_kind(kind)?;
        let n_by_tier: u64 = counts.resolved_by_tier.iter().sum();
        let by_tier = region.levels.iter().map(|level| level.code.clone()).zip(counts.resolved_by_tier);
        let by_none = (String::new(), counts.n_resolved - n_by_tier);
        let resolved_by_tier = by_tier.chain([by_none]).filter(|(_, n)| *n > 0).collect();
        Some((
            kind,
            KindCounts { n_reported: counts.n_reported, n_resolved: counts.n_resolved, resolved_by_tier, period },
        ))
    };
    IncidentKind::ALL.into_iter().filter_map(of_kind).collect()
}

impl KindCounts {
    fn totals(&self, kind: IncidentKind) -> IncidentTotals {
        IncidentTotals {
            kind,
            n_reported: Some(self.n_reported),
            n_resolved: Some(self.n_resolved),
            resolved_by_tier: self.resolved_by_tier.iter().map(|(tier, n)| (tier.clone(), Some(*n))).collect(),
            period: Some(self.period),
        }
    }
}

/// What was released of every kind, whether there are any or not. Those resolved are at least the sum of those published by
/// tier.
fn released_incidents(release: &Release, region: &Region) -> Vec<IncidentTotals> {
    let tiers = || region.levels.iter().map(|level| level.code.as_str()).chain([""]);
    let of_kind = |kind| {
        let published = release.kinds.as_ref().and_then(|kinds| kinds.get(&kind));
        let by_tier = published.map(|counts| &counts.resolved_by_tier);
        let of_tier = |tier: &str| by_tier.and_then(|by_tier| by_tier.get(tier)).copied();
        IncidentTotals {
            kind,
            n_reported: published.map(|counts| counts.n_reported),
            n_resolved: by_tier.map(|by_tier| by_tier.values().sum()).filter(|n| *n > 0),
            resolved_by_tier: tiers()
                .filter(|_| published.is_some())
                .map(|tier| (tier.to_owned(), of_tier(tier)))
                .collect(),
            period: published.and_then(|_| released::period(release, region)),
        }
    };
    IncidentKind::ALL.into_iter().map(of_kind).collect()
}
