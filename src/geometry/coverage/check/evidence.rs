//! What gives a cause away: an area moved as a whole, or an edge simplified on one side only.
//!
//! Both are read from the edges that do not add up. Turned round, the loose edges of the neighbours (and those of the
//! parent as they are) say where the area's own edge should run.

use std::collections::{HashMap, HashSet};

use super::faces::Faces;
use super::overlay::Fine;
use super::tree::Tree;
use crate::geometry::boundary::on_segment;
use crate::geometry::coverage::edges::AreaEdge;
use crate::geometry::{LatticePoint, Ring};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Shift {
    pub(super) dx: i64,
    pub(super) dy: i64,
}

impl Shift {
    fn length2(self) -> i128 {
        i128::from(self.dx) * i128::from(self.dx) + i128::from(self.dy) * i128::from(self.dy)
    }
}

/// An edge from vertex to vertex, with its area to the left.
type Run = (LatticePoint, LatticePoint);

/// How many moves are tried for one edge, and how many of the best supported ones are tried in full.
const MOVES: usize = 64;

fn minus(a: LatticePoint, b: LatticePoint) -> (i64, i64) {
    (i64::from(a.x) - i64::from(b.x), i64::from(a.y) - i64::from(b.y))
}

/// Tells whether an area stands beside the hole that it would fill. That takes strong evidence: hardly a vertex of it is
/// anybody else's where it stands, most of its edges are found again, all moved the same way, where its neighbours or its
/// parent lack one, and the ground there is free.
pub(super) fn shift(tree: &Tree<'_>, found: &Faces, area: u32) -> Option<Shift> {
    let n_edges = tree.boundaries[area as usize]?.n_vertices();
    let own: Vec<Run> = found.edges.iter().filter(|edge| edge.area == area).map(run).collect();
    if own.len() * 2 <= n_edges || n_in_place(tree, found, area, &own) * 4 > n_edges {
        return None;
    }
    let mut by_vector: HashMap<(i64, i64), Vec<LatticePoint>> = HashMap::new();
    for (start, end) in free(tree, found, area) {
        by_vector.entry(minus(end, start)).or_default().push(start);
    }
    let mut votes: HashMap<Shift, Vec<Run>> = HashMap::new();
    for &(a, b) in &own {
        let starts = by_vector.get(&minus(b, a)).into_iter().flatten();
        let mut moves: Vec<Shift> = starts.map(|start| minus(a, *start)).map(|(dx, dy)| Shift { dx, dy }).collect();
        moves.sort_unstable_by_key(|moved| (moved.length2(), *moved));
        moves.dedup();
        for moved in moves.into_iter().take(MOVES) {
            votes.entry(moved).or_default().push((a, b));
        }
    }
    votes.retain(|moved, runs| moved.length2() > 0 && runs.len() >= 3 && runs.len() * 2 > n_edges);
    let mut best: Vec<(Shift, Vec<Run>)> = votes.into_iter().collect();
    best.sort_unstable_by_key(|(moved, runs)| (usize::MAX - runs.len(), moved.length2(), *moved));
    let fits = |(moved, runs): &(Shift, Vec<Run>)| {
        let n_free = runs.iter().filter(|run| is_free(tree, area, **run, *moved)).count();
        n_free * 10 >= runs.len() * 9
    };
    best.into_iter().take(MOVES).find(fits).map(|(moved, _)| moved)
}

/// Areas that an area's border is to match: those of its level, and its parent.
fn is_kin(tree: &Tree<'_>, area: u32, other: u32) -> bool {
    let is_parent = tree.parents[area as usize] == Some(other as usize);
    other != area && (is_parent || tree.depths[other as usize] == tree.depths[area as usize])
}

/// How many of an area's vertices its kin have too, where it stands. `own` are its edges that do not add up or lie near a
/// wrong place; the others match.
fn n_in_place(tree: &Tree<'_>, found: &Faces, area: u32, own: &[Run]) -> usize {
    let Some(boundary) = tree.boundaries[area as usize] else { return 0 };
    let kin = found.edges.iter().filter(|edge| is_kin(tree, area, edge.area));
    let known: HashSet<LatticePoint> = kin.flat_map(|edge| [edge.low, edge.high]).collect();
    let starts: HashSet<LatticePoint> = own.iter().map(|run| run.0).collect();
    let ends: HashSet<LatticePoint> = own.iter().map(|run| run.1).collect();
    let in_place = |v: &&LatticePoint| known.contains(v) || !starts.contains(v) || !ends.contains(v);
    boundary.rings().flat_map(Ring::vertices).filter(in_place).count()
}

/// Where an edge of `area` is missing: its kin's edges, as seen from its side, that no other area matches.
fn free(tree: &Tree<'_>, found: &Faces, area: u32) -> HashSet<Run> {
    let depth = tree.depths[area as usize];
    let parent = tree.parents[area as usize];
    let others = |edge: &&AreaEdge| edge.area != area && tree.depths[edge.area as usize] == depth;
    let level: HashSet<Run> = found.edges.iter().filter(others).map(run).collect();
    let of_parent = found.edges.iter().filter(|edge| parent == Some(edge.area as usize));
    let of_parent: HashSet<Run> = of_parent.map(run).collect();
    let beside = level.iter().filter(|run| !of_parent.contains(run)).map(|&(a, b)| (b, a));
    beside.chain(of_parent.iter().copied()).filter(|run| !level.contains(run)).collect()
}

/// Tells whether the ground just inside an edge of `area`, moved to its place, is its parent's and nobody else's.
fn is_free(tree: &Tree<'_>, area: u32, (a, b): Run, moved: Shift) -> bool {
    let back = |v: LatticePoint| Fine::of(v).moved(-moved.dx, -moved.dy);
    let inside = Fine::left_of_middle(back(a), back(b));
    let covering = tree.covering(inside, inside, &[area]);
    let depth = tree.depths[area as usize];
    let parent = tree.parents[area as usize].is_none_or(|parent| covering.iter().any(|&c| c as usize == parent));
    parent && covering.iter().all(|&c| tree.depths[c as usize] != depth)
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
