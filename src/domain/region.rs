//! A region and its ladder of levels. Levels are data: their names, targets and required roles differ by region.

use chrono::FixedOffset;

use super::{Depth, HolderId};

/// A name in the two languages of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    pub zh: String,
    pub en: String,
}

/// One region: a tree of grids with its own ladder, roles and time zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The statistical code of the region, the first part of every table's key: `623021`.
    pub code: String,
    pub names: Names,
    /// The offset in which days begin and end.
    pub utc_offset: FixedOffset,
    /// From the top down; a level's place in the list is its depth. Never empty.
    pub levels: Vec<Level>,
    pub roles: Vec<Role>,
    /// Who answers where every duty up the tree is vacant (属地兜底), so that nobody is left with "nobody".
    pub fallback: Fallback,
}

/// One level of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// The word used in data and queries: `village`.
    pub code: String,
    pub names: Names,
    /// How many households a grid of this level should have; absent where no rule is written.
    pub household_target: Option<HouseholdTarget>,
    /// The role whose holder answers for a grid of this level in the chain.
    pub answers: Option<String>,
    /// Roles that must be filled in every grid of this level.
    pub required_roles: Vec<String>,
}

/// How many households a grid should have: under the floor it is too small, over the ceiling over-full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HouseholdTarget {
    pub floor: u32,
    pub target: u32,
    pub ceiling: u32,
}

/// A role a duty can have: `grid_leader` 网格长.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    pub code: String,
    pub names: Names,
    /// Whether those who hold it settle disputes: they are the mediators an answer names.
    pub mediates: bool,
}

/// The holder of last resort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    pub holder: HolderId,
    pub name: String,
}

impl Region {
    /// Returns the depth of the level with that code.
    #[must_use]
    pub fn depth_of(&self, level_code: &str) -> Option<Depth> {
        let depth = self.levels.iter().position(|level| level.code == level_code)?;
        Depth::try_from(depth).ok()
    }

    /// Returns the level at `depth`.
    ///
    /// # Panics
    /// When the tree has no such level; depths come from [`Self::depth_of`] of the same region.
    #[must_use]
    pub fn level(&self, depth: Depth) -> &Level {
        &self.levels[usize::from(depth)]
    }

    /// Returns the role with that code, or with that Chinese or English name.
    #[must_use]
    pub fn role(&self, word: &str) -> Option<&Role> {
        self.roles.iter().find(|r| r.code == word || r.names.zh == word || r.names.en == word)
    }
}
