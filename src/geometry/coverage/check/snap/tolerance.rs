//! What counts as narrow, and the note that says where it was settled.

use crate::geometry::coverage::report::{FaultKind, Severity, Size};
use crate::geometry::coverage::{Finding, Rules};

/// Twice the lattice step: edges that meet in their own frame come no further apart by rounding. Metres.
const ROUNDING_M: f64 = 0.0223;

/// What is narrow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// A place narrower than this: twice its area over the way round it. Metres.
    pub(super) width_m: f64,
    /// A spike, or a ring without an inside, no longer than this. Metres.
    pub(super) spike_m: f64,
    /// A hairline of these rules is narrow too.
    pub(super) rules: Rules,
}

impl Default for Tolerance {
    /// What rounding to the lattice can make, and what the default [`Rules`] call a hairline.
    fn default() -> Self {
        let rules = Rules::default();
        Self { width_m: ROUNDING_M, spike_m: rules.short_spike_m, rules }
    }
}

impl Tolerance {
    /// Metres that can be asked for: what is wider is no rounding.
    pub const MAX_WIDTH_M: f64 = 10.0;

    /// Whatever is narrower than `width_m` too, and spikes of any length. `None` unless that is more than zero and at most
    /// [`Self::MAX_WIDTH_M`].
    #[must_use]
    pub fn narrower_than(width_m: f64) -> Option<Self> {
        let is_width = width_m > 0.0 && width_m <= Self::MAX_WIDTH_M;
        is_width.then(|| Self { width_m: width_m.max(ROUNDING_M), spike_m: f64::INFINITY, ..Self::default() })
    }

    pub(super) fn holds(&self, (area_m2, width_m): (f64, f64)) -> bool {
        let Rules { hairline_area_m2, hairline_width_m, .. } = self.rules;
        width_m < self.width_m || (area_m2 < hairline_area_m2 && width_m < hairline_width_m)
    }
}

/// A note that something was settled.
pub(super) fn note(codes: Vec<String>, places: Vec<usize>, detail: String) -> Finding {
    Finding {
        kind: FaultKind::Snapped,
        severity: Severity::Note,
        codes,
        parent: None,
        at: None,
        size: Size::default(),
        places,
        n_places: 1,
        detail,
    }
}
