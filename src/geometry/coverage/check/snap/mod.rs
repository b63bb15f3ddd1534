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
mod tolerance;

pub use tolerance::Tolerance;

use crate::geometry::coverage::{RawArea, Report};

/// How often the areas are gone over: each time what the rounding of the time before has left is less.
const MAX_PASSES: usize = 10;

/// Areas in which nothing narrow is left, as far as it could be settled.
#[derive(Clone, Debug)]
pub struct Snapped {
    pub areas: Vec<RawArea>,
    /// A note for each place that was settled.
    pub report: Report,
}

/// Settles what is narrow. `None` when there is nothing narrow: the areas stay as they are.
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

#[cfg(test)]
mod tests;
