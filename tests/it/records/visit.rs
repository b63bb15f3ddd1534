//! The noun itself: a visit of a worker to a place.

use chrono::{DateTime, Utc};
use gridmap::domain::{GridPath, Id, Noun, Personal};
use gridmap::geometry::Position;

pub(super) const VISITS: Noun = Noun::named("visits");

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Visit {
    pub(super) id: Id<Visit>,
    pub(super) kind: String,
    pub(super) position: Position,
    pub(super) from: DateTime<Utc>,
    pub(super) to: Option<DateTime<Utc>>,
    /// Derived.
    pub(super) grid: Option<GridPath>,
    pub(super) note: Personal<Option<String>>,
}
