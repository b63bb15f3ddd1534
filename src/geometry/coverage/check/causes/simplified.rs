//! An edge simplified on one side only: it runs straight past vertices of its neighbours.

use std::collections::HashSet;

use super::heap::Heap;
use super::kin::{Kin, Run};
use crate::geometry::LatticePoint;
use crate::geometry::boundary::on_segment;
use crate::geometry::coverage::check::faces::Face;
use crate::geometry::coverage::{FaultKind, Report};
use crate::geometry::lattice::minus;

/// The longest detour, in edges, that one simplified edge may stand for.
const DETOUR: usize = 400;

impl Heap<'_> {
    pub(super) fn simplified(&mut self, area: u32, report: &mut Report) {
        if !self.is_touched(area) {
            return;
        }
        let simplified = simplified(&self.kin, area);
        let ends = |source: u32| {
            let edge = &self.case.found.edges[source as usize];
            (edge.low, edge.high)
        };
        let sources = simplified.iter().flat_map(|s| s.detour.iter().copied().chain([s.edge]));
        let lines: HashSet<Run> = sources.map(ends).collect();
        let straight: HashSet<u32> = simplified.iter().map(|s| s.edge).collect();
        // Edges of other levels that run along the same line are the same line.
        let along = |source: &u32| lines.contains(&ends(*source));
        let follows = |face: &Face| {
            !self.is_drawn(face) && face.sources.iter().any(|s| straight.contains(s)) && face.sources.iter().all(along)
        };
        let faces: Vec<usize> = self.open_of(area).filter(|(_, face)| follows(face)).map(|(i, _)| i).collect();
        if faces.iter().all(|&i| self.is_hairline(self.face(i))) {
            return;
        }
        let n_skipped: usize = simplified.iter().map(|s| s.detour.len() - 1).sum();
        let detail = format!("its edge runs straight past vertices of its neighbours: {n_skipped}");
        self.explain(&faces, FaultKind::OneSidedSimplification, &[area], detail, report);
    }
}

/// An edge that runs straight where the neighbour has more vertices: its place, and those of the neighbour's edges.
#[derive(Debug)]
struct Simplified {
    edge: u32,
    detour: Vec<u32>,
}

/// The edges of an area that join two vertices of its neighbours straight, passing over vertices between them.
fn simplified(kin: &Kin<'_>, area: u32) -> Vec<Simplified> {
    kin.own(area)
        .filter(|(_, run)| !kin.expect(area, *run))
        .filter_map(|(edge, run)| Some(Simplified { edge, detour: detour(kin, area, run)? }))
        .collect()
}

/// The neighbours' edges from `a` to `b`, when they keep near the straight line. Where one of them runs along it, they were
/// drawn with the same line, and what leaves it is a bump and not a detail left out.
fn detour(kin: &Kin<'_>, area: u32, (a, b): Run) -> Option<Vec<u32>> {
    let length = |(x, y): (i64, i64)| {
        #[expect(clippy::cast_precision_loss, reason = "33 bits fit a double")]
        (x as f64).hypot(y as f64)
    };
    let straight = length(minus(b, a));
    for (start, source) in kin.onward(area, a) {
        let mut path = vec![source];
        let (mut at, mut walked) = (start, length(minus(start, a)));
        let mut along = on_segment(a, b, at);
        while at != b && path.len() < DETOUR && walked <= 2.0 * straight {
            let Some((next, source)) = nearest(kin.onward(area, at), b) else { break };
            walked += length(minus(next, at));
            along |= on_segment(a, b, at) && on_segment(a, b, next);
            at = next;
            path.push(source);
        }
        if at == b && path.len() > 1 && walked <= 2.0 * straight && !along {
            return Some(path);
        }
    }
    None
}

/// Of the edges that go on from a vertex the one whose end is nearest to `b`.
fn nearest(ends: impl Iterator<Item = (LatticePoint, u32)>, b: LatticePoint) -> Option<(LatticePoint, u32)> {
    let far = |p: LatticePoint| {
        let (x, y) = minus(p, b);
        i128::from(x) * i128::from(x) + i128::from(y) * i128::from(y)
    };
    ends.min_by_key(|(end, source)| (far(*end), *source))
}
