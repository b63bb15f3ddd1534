//! Takes out of a ring what has no ground in it, and says so.

use super::checked::finding;
use crate::geometry::coverage::raw::{without_repeats, without_spikes};
use crate::geometry::coverage::report::{Severity, Size};
use crate::geometry::coverage::{FaultKind, Finding, RawArea, Rules};
use crate::geometry::{LatticePoint, Ring, measure};

/// Takes repeated vertices and spikes out of a ring, with a finding for each kind.
pub(super) fn clean(area: &RawArea, ring: &[LatticePoint], rules: &Rules, findings: &mut Vec<Finding>) -> Option<Ring> {
    let vertices = without_repeats(ring);
    if vertices.len() < ring.len() {
        let n_repeats = ring.len() - vertices.len();
        let at = ring.windows(2).find(|pair| pair[0] == pair[1]).map_or(ring[0], |pair| pair[0]);
        let detail = format!("vertices that repeat the one before them: {n_repeats}");
        let mut repeated = finding(area, FaultKind::RepeatedVertex, Some(at), Size::default(), detail);
        repeated.n_places = n_repeats;
        findings.push(repeated);
    }
    let mut distinct = vertices.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 3 {
        let detail = format!("a ring has {} different vertices, it needs three", distinct.len());
        findings.push(finding(area, FaultKind::TooFewVertices, ring.first().copied(), Size::default(), detail));
        return None;
    }
    let (vertices, tips) = without_spikes(vertices);
    for (tip, foot) in &tips {
        let length_m = measure::distance_m(tip.position(), foot.position());
        let size = Size { length_m: Some(length_m), ..Size::default() };
        let detail = format!("the edge runs {length_m:.2} m out and back");
        let mut spike = finding(area, FaultKind::Spike, Some(*tip), size, detail);
        if length_m <= rules.short_spike_m {
            spike.severity = Severity::Note;
        }
        findings.push(spike);
    }
    let ring = Ring::new(vertices);
    if ring.is_none() && tips.is_empty() {
        let detail = "a ring has no inside".to_owned();
        findings.push(finding(area, FaultKind::TooFewVertices, Some(distinct[0]), Size::default(), detail));
    }
    ring
}
