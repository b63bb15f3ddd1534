//! An area moved as a whole: it stands beside the hole that it would fill.
//!
//! Read from the edges that do not add up. Turned round, the loose edges of the neighbours (and those of the parent as they
//! are) say where the area's own edge should run.

use std::collections::{HashMap, HashSet};

use super::heap::Heap;
use super::minus;
use crate::geometry::coverage::check::faces::{Face, Faces, Wrong};
use crate::geometry::coverage::check::overlay::Fine;
use crate::geometry::coverage::check::tree::Tree;
use crate::geometry::coverage::edges::AreaEdge;
use crate::geometry::coverage::{FaultKind, Report};
use crate::geometry::{LatticePoint, Ring, measure};

/// An edge from vertex to vertex, with its area to the left.
type Run = (LatticePoint, LatticePoint);

/// How many moves are tried for one edge, and how many of the best supported ones are tried in full.
const MOVES: usize = 64;

impl Heap<'_> {
    pub(super) fn shifted(&mut self, area: u32, report: &mut Report) {
        let concerned = self.open().any(|(_, face)| face.border.contains(&area) && !self.is_hairline(face));
        let Some(moved) = concerned.then(|| shift(self.case.tree, self.case.found, area)).flatten() else {
            return;
        };
        let Some(boundary) = self.case.tree.boundaries[area as usize] else { return };
        let vertices: HashSet<LatticePoint> = boundary.rings().flat_map(Ring::vertices).copied().collect();
        let was = |v: LatticePoint| {
            let back = (i32::try_from(i64::from(v.x) + moved.dx), i32::try_from(i64::from(v.y) + moved.dy));
            matches!(back, (Ok(x), Ok(y)) if vertices.contains(&LatticePoint::new(x, y)))
        };
        let follows = |face: &Face| {
            let edges = || face.sources.iter().map(|&source| &self.case.found.edges[source as usize]);
            let depth = |area: u32| self.case.tree.depths[area as usize];
            let of_the_move = |edge: &AreaEdge| edge.area == area || was(edge.low) && was(edge.high);
            match &face.wrong {
                Wrong::Overlap(areas) => areas.contains(&area),
                Wrong::Outside { area: outside, .. } => *outside == area,
                Wrong::Hole if self.is_drawn(face) => false,
                // Edges of areas above may be longer than the area's; but they alone do not tell of it.
                _ => {
                    edges().any(of_the_move) && edges().all(|edge| depth(edge.area) < depth(area) || of_the_move(edge))
                }
            }
        };
        let faces: Vec<usize> = self.open().filter(|(_, face)| follows(face)).map(|(i, _)| i).collect();
        // Equal outlines alone say nothing: the area must also stand where it should not.
        let misplaced = |&i: &usize| matches!(self.face(i).wrong, Wrong::Overlap(_) | Wrong::Outside { .. });
        if !faces.iter().any(misplaced) {
            return;
        }
        let from = vertices.iter().min().copied().unwrap_or(LatticePoint::new(0, 0));
        #[expect(clippy::cast_precision_loss, reason = "33 bits fit a double")]
        let (east, north) = (moved.dx as f64 / 1e7, moved.dy as f64 / 1e7);
        let scale = measure::MetresPerDegree::at(from.lat());
        let length = (east * scale.east).hypot(north * scale.north);
        let detail = format!("the whole area stands {length:.1} m from its place ({east:+.7}, {north:+.7} degrees)");
        self.explain(&faces, FaultKind::Shifted, &[area], detail, report);
        if let Some(finding) = report.findings.last_mut().filter(|f| f.kind == FaultKind::Shifted) {
            finding.size.length_m = Some(length);
        }
    }
}

/// How far a whole area was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Shift {
    dx: i64,
    dy: i64,
}

impl Shift {
    fn length2(self) -> i128 {
        i128::from(self.dx) * i128::from(self.dx) + i128::from(self.dy) * i128::from(self.dy)
    }
}

/// Tells whether an area stands beside the hole that it would fill. That takes strong evidence: hardly a vertex of it is
/// anybody else's where it stands, most of its edges are found again, all moved the same way, where its neighbours or its
/// parent lack one, and the ground there is free.
fn shift(tree: &Tree<'_>, found: &Faces, area: u32) -> Option<Shift> {
    let n_edges = tree.boundaries[area as usize]?.n_vertices();
    let own: Vec<Run> = found.edges.iter().filter(|edge| edge.area == area).map(AreaEdge::run).collect();
    if own.len() * 2 <= n_edges || n_in_place(tree, found, area, &own) * 4 > n_edges {
        return None;
    }
    let mut votes = votes(&own, &free(tree, found, area));
    votes.retain(|moved, runs| moved.length2() > 0 && runs.len() >= 3 && runs.len() * 2 > n_edges);
    let mut best: Vec<(Shift, Vec<Run>)> = votes.into_iter().collect();
    best.sort_unstable_by_key(|(moved, runs)| (usize::MAX - runs.len(), moved.length2(), *moved));
    let fits = |(moved, runs): &(Shift, Vec<Run>)| {
        let n_free = runs.iter().filter(|run| is_free(tree, area, **run, *moved)).count();
        n_free * 10 >= runs.len() * 9
    };
    best.into_iter().take(MOVES).find(fits).map(|(moved, _)| moved)
}

/// The moves that would lay edges of an area onto free ones, and which edges each of them does.
fn votes(own: &[Run], free: &HashSet<Run>) -> HashMap<Shift, Vec<Run>> {
    let mut by_vector: HashMap<(i64, i64), Vec<LatticePoint>> = HashMap::new();
    for &(start, end) in free {
        by_vector.entry(minus(end, start)).or_default().push(start);
    }
    let mut votes: HashMap<Shift, Vec<Run>> = HashMap::new();
    for &(a, b) in own {
        let starts = by_vector.get(&minus(b, a)).into_iter().flatten();
        let mut moves: Vec<Shift> = starts.map(|start| minus(a, *start)).map(|(dx, dy)| Shift { dx, dy }).collect();
        moves.sort_unstable_by_key(|moved| (moved.length2(), *moved));
        moves.dedup();
        for moved in moves.into_iter().take(MOVES) {
            votes.entry(moved).or_default().push((a, b));
        }
    }
    votes
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
    let level: HashSet<Run> = found.edges.iter().filter(others).map(AreaEdge::run).collect();
    let of_parent = found.edges.iter().filter(|edge| parent == Some(edge.area as usize));
    let of_parent: HashSet<Run> = of_parent.map(AreaEdge::run).collect();
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
