//! What gives a cause away: an area moved as a whole, or an edge simplified on one side only.
//!
//! Both are read from the edges that do not add up. Turned round, the loose edges of the neighbours (and those of the
//! parent as they are) say where the area's own edge should run.

use std::collections::{HashMap, HashSet};

use super::faces::Faces;
use super::tree::Tree;
use crate::geometry::LatticePoint;
use crate::geometry::coverage::edges::AreaEdge;

/// Where the border of an area should run, by its neighbours' word: edges from vertex to vertex with their place.
type Expected = HashMap<LatticePoint, Vec<(LatticePoint, u32)>>;

/// The longest detour, in edges, that one simplified edge may stand for.
const DETOUR: usize = 400;

/// The ends of an edge, with its area to the left.
fn run(edge: &AreaEdge) -> (LatticePoint, LatticePoint) {
    if edge.on_left { (edge.low, edge.high) } else { (edge.high, edge.low) }
}

/// Where the neighbours and the parent of `area` expect its border.
fn expected(tree: &Tree<'_>, found: &Faces, area: u32) -> Expected {
    let mut expected = Expected::new();
    let depth = tree.depths[area as usize];
    for (source, edge) in (0u32..).zip(&found.edges) {
        let (a, b) = run(edge);
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

/// How far a whole area was moved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    pub(super) dx: i64,
    pub(super) dy: i64,
}

fn minus(a: LatticePoint, b: LatticePoint) -> (i64, i64) {
    (i64::from(a.x) - i64::from(b.x), i64::from(a.y) - i64::from(b.y))
}

/// Tells whether an area stands beside the hole that it would fill: whether most of its edges are found again in its
/// neighbours' border, all moved the same way.
pub(super) fn shift(tree: &Tree<'_>, found: &Faces, area: u32) -> Option<Shift> {
    let expected = expected(tree, found, area);
    let exact: HashSet<(LatticePoint, LatticePoint)> = all_of(&expected).collect();
    let own: HashSet<_> = found.edges.iter().filter(|edge| edge.area == area).map(run).collect();
    let misfits: Vec<_> = own.difference(&exact).copied().collect();
    let n_edges = tree.boundaries[area as usize]?.n_vertices();
    if misfits.len() * 2 < n_edges {
        return None;
    }
    let mut by_vector: HashMap<(i64, i64), Vec<LatticePoint>> = HashMap::new();
    for &(start, end) in exact.difference(&own) {
        by_vector.entry(minus(end, start)).or_default().push(start);
    }
    let mut votes: HashMap<(i64, i64), usize> = HashMap::new();
    for (a, b) in misfits {
        let starts: HashSet<_> =
            by_vector.get(&minus(b, a)).into_iter().flatten().map(|start| minus(a, *start)).collect();
        for moved in starts.into_iter().take(64) {
            *votes.entry(moved).or_default() += 1;
        }
    }
    let (&(dx, dy), &n_votes) = votes.iter().max_by_key(|(moved, n)| (**n, **moved))?;
    ((dx, dy) != (0, 0) && n_votes >= 3 && n_votes * 2 > n_edges).then_some(Shift { dx, dy })
}

/// An edge that runs straight where the neighbour has more vertices: its place, and those of the neighbour's edges.
#[derive(Debug)]
pub(super) struct Simplified {
    pub(super) edge: u32,
    pub(super) detour: Vec<u32>,
}

/// The edges of an area that join two vertices of its neighbours straight, passing over vertices between them.
pub(super) fn simplified(tree: &Tree<'_>, found: &Faces, area: u32) -> Vec<Simplified> {
    let expected = expected(tree, found, area);
    let exact: HashSet<(LatticePoint, LatticePoint)> = all_of(&expected).collect();
    let own = (0u32..).zip(&found.edges).filter(|(_, edge)| edge.area == area);
    own.filter(|(_, edge)| !exact.contains(&run(edge)))
        .filter_map(|(source, edge)| Some(Simplified { edge: source, detour: detour(&expected, run(edge))? }))
        .collect()
}

/// The neighbours' edges from `a` to `b`, when they keep near the straight line.
fn detour(expected: &Expected, (a, b): (LatticePoint, LatticePoint)) -> Option<Vec<u32>> {
    let length = |(x, y): (i64, i64)| {
        #[expect(clippy::cast_precision_loss, reason = "33 bits fit a double")]
        (x as f64).hypot(y as f64)
    };
    let straight = length(minus(b, a));
    for (start, source) in expected.get(&a)? {
        let mut path = vec![*source];
        let (mut at, mut walked) = (*start, length(minus(*start, a)));
        while at != b && path.len() < DETOUR && walked <= 2.0 * straight {
            let Some((next, source)) = expected.get(&at).and_then(|ends| nearest(ends, b)) else { break };
            walked += length(minus(next, at));
            at = next;
            path.push(source);
        }
        if at == b && path.len() > 1 && walked <= 2.0 * straight {
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
