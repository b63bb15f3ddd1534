//! Rings that cross themselves: what does not add up beside them follows from that.

use std::collections::HashSet;

use super::heap::Heap;
use crate::geometry::coverage::check::faces::Face;
use crate::geometry::coverage::{FaultKind, Report};

impl Heap<'_> {
    /// Faces bounded by an edge that crosses its own ring follow from that.
    pub(super) fn crossed_rings(&mut self, report: &mut Report) {
        for (area, crossed) in (0u32..).zip(self.case.crossed).filter(|(_, crossed)| !crossed.is_empty()) {
            let crossed: HashSet<_> = crossed.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
            let follows = |face: &Face| {
                let edges = face.sources.iter().map(|&source| &self.case.found.edges[source as usize]);
                edges.into_iter().any(|edge| edge.area == area && crossed.contains(&(edge.low, edge.high)))
            };
            let faces: Vec<usize> = self.open_of(area).filter(|(_, face)| follows(face)).map(|(i, _)| i).collect();
            let area_m2: f64 = faces.iter().map(|&i| self.face(i).area_m2).sum();
            let n_places = self.close(&faces);
            let code = self.code(area);
            let kinds = [FaultKind::RingCrossesItself, FaultKind::RingsCross];
            let ring = report.findings.iter_mut().find(|f| kinds.contains(&f.kind) && f.codes[0] == code);
            if let Some(ring) = ring.filter(|_| n_places > 0) {
                ring.size.area_m2 = Some(area_m2);
                ring.n_places += n_places;
                ring.detail = format!("{}; gaps and overlaps that follow from it: {n_places}", ring.detail);
            }
        }
    }
}
