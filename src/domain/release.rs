//! The counts that the public sees, from one release to the next.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, Utc};

use super::{GenerationNumber, GridId, IncidentKind, Week};

/// Counts under this are withheld from the public, and all others published in multiples of it.
pub const PUBLIC_BASE: u64 = 5;

/// The counts that were released to the public, each rounded down so that no small one can be computed
/// ([`Disclosure`](crate::analysis::Disclosure)).
///
/// Every count that the public sees is read from it and computed from nothing else, so views held side by side tell no more
/// than it does, and who asks again sees nothing new before the next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Release {
    pub made: DateTime<Utc>,
    /// Of the ground that was in force then.
    pub generation: GenerationNumber,
    /// Square metres of each grid that has others below it.
    pub areas_m2: BTreeMap<GridId, f64>,
    /// The grids that another release published with another boundary, and the year of the first after it.
    pub redrawn: BTreeMap<GridId, i32>,
    /// Households in each grid and below it; 0 is withheld.
    pub households: BTreeMap<GridId, u64>,
    /// Households in no grid.
    pub households_outside: Option<u64>,
    /// Incidents reported in each grid and below it; 0 is withheld.
    pub incidents: BTreeMap<GridId, u64>,
    pub incidents_outside: Option<u64>,
    /// By kind, wherever they lie, and what is withheld is not there; absent where kinds are withheld altogether.
    pub kinds: Option<BTreeMap<IncidentKind, ReleasedKind>>,
    /// By the week they were reported in; absent where weeks are withheld altogether.
    pub weeks: Option<BTreeMap<i64, u64>>,
    /// The year of the first report, where any count of incidents is published.
    pub since: Option<i32>,
    /// How many lie on each of the points given for an unknown one.
    pub on_one_point: Vec<u64>,
}

/// The incidents of one kind, as they were released.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleasedKind {
    pub n_reported: u64,
    /// Resolved ones by the code of the level that settled them; empty where none did.
    pub resolved_by_tier: BTreeMap<String, u64>,
}

impl Release {
    /// Tells whether the next one is due at `now`: one is made each week, from Monday on where clocks are `offset` from UTC.
    #[must_use]
    pub fn is_over(&self, now: DateTime<Utc>, offset: FixedOffset) -> bool {
        Week::of(self.made, offset) < Week::of(now, offset)
    }
}
