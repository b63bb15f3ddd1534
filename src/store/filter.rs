//! What a list is narrowed by.

use chrono::{DateTime, Utc};

use crate::domain::{GenerationNumber, GridPath};
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
    /// What stands in this grid or in one below it. Holders stand nowhere.
    pub grid: Option<Within>,
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

/// From one instant to another, both included; `None` is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeSpan {
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
}

/// A column that can be asked for by value. A property a noun does not have matches nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    Kind,
    Status,
    Category,
    Tier,
    Role,
    Holder,
    Body,
    StatedGrid,
}
