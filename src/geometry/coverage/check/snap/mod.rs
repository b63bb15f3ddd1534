//! Snaps what is narrower than a tolerance to its neighbours, and says where.
//!
//! A layer that is valid in its own frame comes to the lattice with vertices moved by up to half a step: edges that met
//! cross, rings cross themselves, needles fold. So what is narrow is settled by rule instead of refused:
//! - a ring without an inside, or a spike, is left out;
//! - of rings that cross, what they run round more than once is taken once, and what they run round the wrong way not at all
//!   (`rings`);
//! - ground that several areas cover, that none does, or that lies in the wrong parent goes to the neighbour with the longest
//!   border along it, at all levels at once (`places`); a long place is cut where its neighbours change (`cuts`).
//!
//! What is wider stays as it is, for [`check`](super::check()) to find. Crossings of edges become vertices of the lattice
//! (`redraw`), which may make the edges around them cross anew, so this is done again until nothing narrow is left.

mod cuts;
mod places;
mod redraw;
mod rings;

use crate::geometry::coverage::report::{FaultKind, Severity, Size};
use crate::geometry::coverage::{Finding, RawArea, Report, Rules};

/// How often the areas are gone over: each time what the rounding of the time before has left is less.
const MAX_PASSES: usize = 10;

/// Twice the lattice step: edges that meet in their own frame come no further apart by rounding. Metres.
const ROUNDING_M: f64 = 0.0223;

/// What is narrow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// A place narrower than this: twice its area over the way round it. Metres.
    width_m: f64,
    /// A spike, or a ring without an inside, no longer than this. Metres.
    spike_m: f64,
    /// A hairline of these rules is narrow too.
    rules: Rules,
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

    fn holds(&self, (area_m2, width_m): (f64, f64)) -> bool {
        let Rules { hairline_area_m2, hairline_width_m, .. } = self.rules;
        width_m < self.width_m || (area_m2 < hairline_area_m2 && width_m < hairline_width_m)
    }
}

/// Areas in which nothing narrow is left, as far as it could be settled.
#[derive(Clone, Debug)]
pub struct Snapped {
    pub areas: Vec<RawArea>,
    /// A note for each place that was settled.
    pub report: Report,
}

/// Settles what is narrow. `None` when there is nothing narrow: the areas stand as they are.
///
/// Cost: that of a [`check`](super::check()) for each pass, mostly two or three; areas without a narrow place keep their rings,
/// vertex by vertex.
#[must_use]
pub fn snap(areas: &[RawArea], tolerance: &Tolerance) -> Option<Snapped> {
    let mut snapped = Snapped { areas: areas.to_vec(), report: Report::default() };
    for _ in 0..MAX_PASSES {
        let Snapped { areas, report } = &mut snapped;
        let n_before = report.findings.len();
        for area in areas.iter_mut() {
            rings::settle(area, tolerance, &mut report.findings);
        }
        places::settle(areas, tolerance, &mut report.findings);
        if report.findings.len() == n_before {
            break;
        }
    }
    snapped.report.sort();
    (!snapped.report.findings.is_empty()).then_some(snapped)
}

/// A note that something was settled.
fn note(codes: Vec<String>, places: Vec<usize>, detail: String) -> Finding {
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

#[cfg(test)]
mod tests;
