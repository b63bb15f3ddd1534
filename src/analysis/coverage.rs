//! The figures of coverage: how well a grid, or all grids of a parent, serve the households and the ground.

use super::{Amount, Figure, Metric, Observation};
use crate::domain::HouseholdTarget;

/// What was counted and measured in one grid, or in all grids of one level in a parent.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// Households of each grid.
    pub households_by_grid: Vec<Observation>,
    /// Households in the whole, be they in one of the grids or between them.
    pub households: Observation,
    /// Of how many households so many lie in no grid below; `None` where there is none below.
    pub without_grid: Option<(Observation, Observation)>,
    /// `None` where there is no grid below.
    pub ground: Option<Ground>,
    /// Grids in which nobody holds the role that answers; `None` where no role does.
    pub n_without_leader: Option<u64>,
    /// Grids that lack a required role; `None` where none is required.
    pub n_lacking_roles: Option<u64>,
    pub reported: Observation,
    pub resolved: Observation,
    /// Resolved incidents by the depth of the level that settled them; empty where they are withheld.
    pub resolved_by_tier: Vec<u64>,
}

/// Square metres of a whole: under each of its parts, under none of them, and its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ground {
    pub covered_m2: f64,
    pub uncovered_m2: f64,
    pub whole_m2: f64,
}

impl Ground {
    /// What is covered and what is not make up the whole; what is more than that is covered twice.
    fn overlap_m2(self) -> f64 {
        let overlap_m2 = self.covered_m2 + self.uncovered_m2 - self.whole_m2;
        // Sums of doubles are off by a few parts in 10^12.
        if overlap_m2 > self.whole_m2 * 1e-9 { overlap_m2 } else { 0.0 }
    }
}

impl Measures {
    /// Of no grid, no household and no incident.
    #[must_use]
    pub fn none() -> Self {
        let none = Observation::Counted(0);
        Self {
            households_by_grid: Vec::new(),
            households: none,
            without_grid: None,
            ground: None,
            n_without_leader: None,
            n_lacking_roles: None,
            reported: none,
            resolved: none,
            resolved_by_tier: Vec::new(),
        }
    }

    /// The figure of one metric; `target` is how many households a grid should hold, where its level says so.
    #[must_use]
    pub fn figure(&self, metric: Metric, target: Option<HouseholdTarget>) -> Figure {
        let n_grids = Observation::Counted(self.households_by_grid.len() as u64);
        let of_grids = |n: Option<u64>| n.map_or(Figure::none(), |n| Figure::share(Observation::Counted(n), n_grids));
        match metric {
            Metric::Households => match target {
                None => Figure::undivided(self.households),
                Some(target) => {
                    let wanted = n_grids.with(Observation::Counted(target.target.into()), |n, each| n * each);
                    Figure::share(self.households, wanted)
                }
            },
            Metric::OverCeiling => self.outside_target(target, |households, target| households > target.ceiling.into()),
            Metric::UnderFloor => self.outside_target(target, |households, target| households < target.floor.into()),
            Metric::Uncovered => self.of_ground(|ground| ground.uncovered_m2),
            Metric::Overlap => self.of_ground(Ground::overlap_m2),
            Metric::WithoutLeader => of_grids(self.n_without_leader),
            Metric::WithoutGrid => {
                self.without_grid.map_or(Figure::none(), |(n, households)| Figure::share(n, households))
            }
            Metric::LackingRoles => of_grids(self.n_lacking_roles),
            Metric::Incidents => per_hundred_households(self.reported, self.households),
            Metric::Resolved => Figure::share(self.resolved, self.reported),
            Metric::ClosedAt(depth) => {
                let n = self.resolved_by_tier.get(usize::from(depth)).copied().unwrap_or(0);
                Figure::share(self.resolved.with(Observation::Counted(n), |_, n| n), self.reported)
            }
        }
    }

    /// Grids whose households are `far` from the target, of those whose households are not withheld.
    fn outside_target(&self, target: Option<HouseholdTarget>, far: fn(u64, HouseholdTarget) -> bool) -> Figure {
        let Some(target) = target else { return Figure::none() };
        let mut published = self.households_by_grid.iter().filter(|n| **n != Observation::Withheld).peekable();
        if published.peek().is_none() && !self.households_by_grid.is_empty() {
            return Figure::Withheld;
        }
        let one = Observation::Counted(1);
        let (n_far, n_published) =
            published.fold((Observation::Counted(0), Observation::Counted(0)), |(n_far, n_published), households| {
                (
                    n_far.with(*households, |n, households| n + u64::from(far(households, target))),
                    n_published.with(one, |n, one| n + one),
                )
            });
        Figure::share(n_far, n_published)
    }

    fn of_ground(&self, pick: fn(Ground) -> f64) -> Figure {
        self.ground.map_or(Figure::none(), |ground| Figure::of_area(pick(ground), ground.whole_m2))
    }
}

/// Incidents for every hundred households; undivided where the households are unknown or withheld.
#[must_use]
pub fn per_hundred_households(incidents: Observation, households: Observation) -> Figure {
    match (incidents, households) {
        (Observation::Counted(n), Observation::Unknown | Observation::Withheld) => Figure::Undivided(Amount::Count(n)),
        (incidents, households) => Figure::per_hundred(incidents, households),
    }
}
