//! What is measured of grids.

use crate::domain::{Depth, Region};

/// What is measured of a grid. In a total the same of the parent and all of its grids of the asked level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// Households against the target.
    Households,
    /// Grids with more households than the ceiling.
    OverCeiling,
    /// Grids with fewer households than the floor.
    UnderFloor,
    /// Ground in it that no grid below it covers; in a total, that no grid of the level covers.
    Uncovered,
    /// Ground that is covered more than once.
    Overlap,
    /// Grids in which nobody holds the role that answers there.
    WithoutLeader,
    /// Households in it that lie in no grid below it; in a total, in none of the level.
    WithoutGrid,
    /// Grids that lack a role the level requires.
    LackingRoles,
    /// Reported incidents for every hundred households.
    Incidents,
    /// Of the reported incidents those that are resolved.
    Resolved,
    /// Of the reported incidents those that the level of this depth settled.
    ClosedAt(Depth),
}

impl Metric {
    /// Every metric of `region`, in the order of a row's figures.
    #[must_use]
    pub fn all(region: &Region) -> Vec<Self> {
        let fixed = [
            Self::Households,
            Self::OverCeiling,
            Self::UnderFloor,
            Self::Uncovered,
            Self::Overlap,
            Self::WithoutLeader,
            Self::WithoutGrid,
            Self::LackingRoles,
            Self::Incidents,
            Self::Resolved,
        ];
        fixed.into_iter().chain((0..).zip(&region.levels).map(|(depth, _)| Self::ClosedAt(depth))).collect()
    }

    /// The word it has in answers: `over_ceiling`, `closed_at_village`.
    #[must_use]
    pub fn name(self, region: &Region) -> String {
        let fixed = match self {
            Self::Households => "homes",
            Self::OverCeiling => "over_ceiling",
            Self::UnderFloor => "under_floor",
            Self::Uncovered => "uncovered",
            Self::Overlap => "overlap",
            Self::WithoutLeader => "without_leader",
            Self::WithoutGrid => "without_grid",
            Self::LackingRoles => "lacking_roles",
            Self::Incidents => "incidents",
            Self::Resolved => "resolved",
            Self::ClosedAt(depth) => return format!("closed_at_{}", region.level(depth).code),
        };
        fixed.to_owned()
    }
}
