//! What is asked about one position.

use chrono::{DateTime, Utc};

use crate::geometry::Position;

/// What is asked about one position. The answer is the same for everyone; only who may know telephones reads them in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question<'q> {
    /// EPSG:4326.
    pub position: Position,
    /// The instant at which duties must count. The ground is the snapshot's: see `Gridmap::snapshot_at`.
    pub at: DateTime<Utc>,
    /// How far the true position may be from the stated one, metres.
    pub accuracy_m: Option<f64>,
    /// The category of the incident: only mediators meant for it fit, and duties limited to it count.
    pub category: Option<&'q str>,
}

impl Question<'_> {
    /// Asks about an exact position, whatever the category.
    #[must_use]
    pub fn new(position: Position, at: DateTime<Utc>) -> Self {
        Self { position, at, accuracy_m: None, category: None }
    }

    /// Tells whether a duty limited to `categories` (none: all) is meant for this question; `unasked` is the answer
    /// where a limited duty meets a question without a category.
    pub(super) fn fits(&self, categories: &[String], unasked: bool) -> bool {
        categories.is_empty() || self.category.map_or(unasked, |asked| categories.iter().any(|one| one == asked))
    }
}
