//! An edge simplified on one side only: it runs straight past vertices of its neighbours.

use std::collections::{HashMap, HashSet};

use super::heap::Heap;
use super::minus;
use crate::geometry::LatticePoint;
use crate::geometry::boundary::on_segment;
use crate::geometry::coverage::check::faces::{Face, Faces};
use crate::geometry::coverage::check::tree::Tree;
use crate::geometry::coverage::{FaultKind, Report};

/// Where the border of an area should run, by its neighbours' word: edges from vertex to vertex with their place.
type Expected = HashMap<LatticePoint, Vec<(LatticePoint, u32)>>;

/// The longest detour, in edges, that one simplified edge may stand for.
const DETOUR: usize = 400;

impl Heap<'_> {
    pub(super) fn simplified(&mut self, area: u32, report: &mut Report) {
        let concerned = self.open().any(|(_, face)| face.border.contains(&area) && !self.is_hairline(face));
        if !concerned {
            return;
        }
        let simplified = simplified(self.case.tree, self.case.found, area);
        let edges: HashSet<u32> = simplified.iter().flat_map(|s| s.detour.iter().copied().chain([s.edge])).collect();
        let straight: HashSet<u32> = simplified.iter().map(|s| s.edge).collect();
        let along = |source: &u32| {
            // Edges of other levels that run along the same line are the same line.
            let edge = &self.case.found.edges[*source as usize];
            edges.iter().any(|&known| {
                let known = &self.case.found.edges[known as usize];
                (known.low, known.high) == (edge.low, edge.high)
            })
        };
        let follows = |face: &Face| {
            !self.is_drawn(face) && face.sources.iter().any(|s| straight.contains(s)) && face.sources.iter().all(along)
        };
        let faces: Vec<usize> = self.open().filter(|(_, face)| follows(face)).map(|(i, _)| i).collect();
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
fn simplified(tree: &Tree<'_>, found: &Faces, area: u32) -> Vec<Simplified> {
    let expected = expected(tree, found, area);
    let exact: HashSet<(LatticePoint, LatticePoint)> = all_of(&expected).collect();
    let own = (0u32..).zip(&found.edges).filter(|(_, edge)| edge.area == area);
    own.filter(|(_, edge)| !exact.contains(&edge.run()))
        .filter_map(|(source, edge)| Some(Simplified { edge: source, detour: detour(&expected, edge.run())? }))
        .collect()
}

/// Where the neighbours and the parent of `area` expect its border.
fn expected(tree: &Tree<'_>, found: &Faces, area: u32) -> Expected {
    let mut expected = Expected::new();
    let depth = tree.depths[area as usize];
    for (source, edge) in (0u32..).zip(&found.edges) {
        let (a, b) = edge.run();
        if edge.area == area {
            continue;
        }
        if tree.parents[area as usize] == Some(edge.area as usize) {
            expected.entry(a).or_default().push((b, source));
        } else if tree.depths[edge.area as usize] == depth {
            expected.entry(b).or_default().push((a, source));
        }
    }
    expected
}

fn all_of(expected: &Expected) -> impl Iterator<Item = (LatticePoint, LatticePoint)> + '_ {
    expected.iter().flat_map(|(a, ends)| ends.iter().map(|(b, _)| (*a, *b)))
}

/// The neighbours' edges from `a` to `b`, when they keep near the straight line. Where one of them runs along it, they were
/// drawn with the same line, and what leaves it is a bump and not a detail left out.
fn detour(expected: &Expected, (a, b): (LatticePoint, LatticePoint)) -> Option<Vec<u32>> {
    let length = |(x, y): (i64, i64)| {
        #[expect(clippy::cast_precision_loss, reason = "33 bits fit a double")]
        (x as f64).hypot(y as f64)
    };
    let straight = length(minus(b, a));
    for (start, source) in expected.get(&a)? {
        let mut path = vec![*source];
        let (mut at, mut walked) = (*start, length(minus(*start, a)));
        let mut along = on_segment(a, b, at);
        while at != b && path.len() < DETOUR && walked <= 2.0 * straight {
            let Some((next, source)) = expected.get(&at).and_then(|ends| nearest(ends, b)) else { break };
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
fn nearest(ends: &[(LatticePoint, u32)], b: LatticePoint) -> Option<(LatticePoint, u32)> {
    let far = |p: LatticePoint| {
        let (x, y) = minus(p, b);
        i128::from(x) * i128::from(x) + i128::from(y) * i128::from(y)
    };
    ends.iter().copied().min_by_key(|(end, source)| (far(*end), *source))
}
