//! What the checks of one area's rings add to.

use crate::geometry::coverage::report::{Severity, Size};
use crate::geometry::coverage::{FaultKind, Finding, RawArea};
use crate::geometry::{Boundary, LatticePoint};

/// How many pairs of edges are looked at for each edge, on average, before an area counts as too entangled.
pub(super) const PAIRS_PER_EDGE: usize = 400;

/// An area's rings without repeats and spikes, and what was wrong with them.
#[derive(Debug)]
pub(in crate::geometry::coverage::check) struct CheckedArea {
    /// `None` when nothing with an inside is left.
    pub(in crate::geometry::coverage::check) boundary: Option<Boundary>,
    pub(in crate::geometry::coverage::check) findings: Vec<Finding>,
    /// The edges that cross or lie between two that cross close by: faults of the coverage there follow from the ring.
    pub(in crate::geometry::coverage::check) crossed: Vec<(LatticePoint, LatticePoint)>,
}

/// A finding about one area.
pub(super) fn finding(
    area: &RawArea,
    kind: FaultKind,
    at: Option<LatticePoint>,
    size: Size,
    detail: String,
) -> Finding {
    let severity = match kind {
        FaultKind::RepeatedVertex | FaultKind::RingTouchesItself => Severity::Note,
        _ => Severity::Fault,
    };
    Finding {
        kind,
        severity,
        codes: vec![area.code.clone()],
        parent: None,
        at: at.map(LatticePoint::position),
        size,
        places: vec![area.place],
        n_places: 1,
        detail,
    }
}
