//! What a list is narrowed by.

use chrono::{DateTime, Utc};

use crate::domain::{GenerationNumber, GridPath, Scope};
use crate::geometry::Bbox;

/// Narrows a list; everything given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub id: Option<String>,
    /// Points in the box or on its edge; duties whose own polygon's box shares a point with it. What has no place of its
    /// own (a duty of a grid) is in no box.
    pub bbox: Option<Bbox>,
    /// Incidents reported in the span; duties that count at some instant of it. No meaning for the others.
    pub time: Option<TimeSpan>,
    /// What lies in this grid or in one below it. Holders have no grid.
    pub grid: Option<Within>,
    pub location: Option<Location>,
    /// What lies in these areas or below them, beside all else that is asked; by the path for what has one, and by the
    /// last grid of each area, in the ground that stored things are located on, for what names a grid. What has no grid is
    /// narrowed by no area.
    pub scope: Scope,
    pub equals: Vec<(Property, String)>,
    /// Only ids after this one: the next page.
    pub after: Option<String>,
    pub limit: Option<u32>,
}

/// A grid with all below it, in the ground in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// The way down to it. What is stored keeps the way down to its own grid in the ground in force.
    pub path: GridPath,
    /// The generation in force: the tree that what names a grid is asked by.
    pub generation: GenerationNumber,
}

/// The grid of things by the path kept with them, whatever lies below. What keeps none has no grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In one of these grids itself.
    In(Vec<GridPath>),
    /// In no grid.
    Outside,
}

/// From one instant to another, both included; `None` is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeSpan {
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
}

/// A column that can be asked for by value, by its name. One that a noun does not have matches nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property(&'static str);

#[expect(non_upper_case_globals, reason = "each is one of the properties there are, and reads as one")]
impl Property {
    pub const Kind: Self = Self("kind");
    pub const Status: Self = Self("status");
    pub const Category: Self = Self("category");
    pub const Tier: Self = Self("tier");
    pub const Role: Self = Self("role");
    pub const Holder: Self = Self("holder_id");
    pub const Body: Self = Self("body_id");
    pub const StatedGrid: Self = Self("stated_grid");

    /// The property kept in the column `name`.
    #[must_use]
    pub const fn of(name: &'static str) -> Self {
        Self(name)
    }

    pub(super) fn column(self) -> &'static str {
        self.0
    }
}
