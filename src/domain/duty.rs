//! Who answers: holders (persons and bodies), their duties, and places where help is found.

use chrono::{DateTime, Utc};

use super::{GridId, GridPath, Id, Personal};
use crate::geometry::{Boundary, Position};

pub type HolderId = Id<Holder>;
pub type DutyId = Id<Duty>;
pub type ServicePointId = Id<ServicePoint>;

/// A person or body that can hold duties. The name is official (it is posted at the grid); the phone is not.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    pub id: HolderId,
    pub kind: HolderKind,
    pub name: String,
    /// The body a person belongs to: a mediator's committee.
    pub body: Option<HolderId>,
    /// Where the holder is found; a person without one is found at the body.
    pub position: Option<Position>,
    pub phone: Personal<Option<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderKind {
    Person,
    Body,
}

impl HolderKind {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Body => "body",
        }
    }

    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Person, Self::Body].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a holder answers for, in a role, for a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Duty {
    pub id: DutyId,
    pub holder: HolderId,
    /// The code of a role of the region.
    pub role: String,
    pub area: DutyArea,
    /// Who takes over where the holder's duty is vacant (AB岗).
    pub deputy: Option<HolderId>,
    /// Incident categories it is meant for; empty means all.
    pub categories: Vec<String>,
    /// The first instant it counts; `None` since ever.
    pub from: Option<DateTime<Utc>>,
    /// The first instant it no longer counts; `None` until further notice.
    pub to: Option<DateTime<Utc>>,
}

/// Where a duty holds: in a grid of any level, or in a polygon of its own.
#[derive(Clone, Debug, PartialEq)]
pub enum DutyArea {
    Grid(GridId),
    Polygon(Boundary),
}

impl Duty {
    /// Tells whether the duty counts at `instant`: from its first instant, up to but not at its end.
    #[must_use]
    pub fn holds_at(&self, instant: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| from <= instant) && self.to.is_none_or(|to| instant < to)
    }
}

/// A place where help is found: a court station, a contact point.
#[derive(Clone, Debug, PartialEq)]
pub struct ServicePoint {
    pub id: ServicePointId,
    /// A role code of the region: `court_station`.
    pub kind: String,
    pub name: String,
    pub position: Position,
    /// The code of the grid its source says it serves.
    pub stated_grid: Option<String>,
    /// The grid the ground puts it in; derived.
    pub grid: Option<GridPath>,
}
