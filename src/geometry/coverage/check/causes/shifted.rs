//! An area moved as a whole: it lies beside the hole that it would fill.
//!
//! Read from the edges that do not add up. Turned round, the loose edges of the neighbours (and those of the parent as they
//! are) say where the area's own edge should run.

use std::collections::{HashMap, HashSet};

use super::heap::Heap;
use super::kin::{Kin, Run};
use crate::geometry::coverage::check::faces::{Face, Wrong};
use crate::geometry::coverage::check::overlay::Fine;
use crate::geometry::coverage::check::tree::Tree;
use crate::geometry::coverage::edges::AreaEdge;
use crate::geometry::coverage::{FaultKind, Report};
use crate::geometry::lattice::minus;
use crate::geometry::{Boundary, LatticePoint, Ring, measure};

/// How many moves are tried for one edge, and how many of the best supported ones are tried in full.
const MOVES: usize = 64;

impl Heap<'_> {
    pub(super) fn shifted(&mut self, area: u32, report: &mut Report) {
        let Some(moved) = self.is_touched(area).then(|| shift(self.case.tree, &self.kin, area)).flatten() else {
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
        // Equal outlines alone say nothing: the area must also lie where it should not.
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

/// Tells whether an area lies beside the hole that it would fill. That takes strong evidence: hardly a vertex of it is
/// anybody else's where it lies, most of its edges are found again, all moved the same way, where its neighbours or its
/// parent lack one, and the ground there is free.
fn shift(tree: &Tree<'_>, kin: &Kin<'_>, area: u32) -> Option<Shift> {
    let boundary = tree.boundaries[area as usize]?;
    let n_edges = boundary.n_vertices();
    let own: Vec<Run> = kin.own(area).map(|(_, run)| run).collect();
    if own.len() * 2 <= n_edges || n_in_place(boundary, kin, area, &own) * 4 > n_edges {
        return None;
    }
    let mut votes = votes(&own, kin, area);
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
fn votes(own: &[Run], kin: &Kin<'_>, area: u32) -> HashMap<Shift, Vec<Run>> {
    let mut votes: HashMap<Shift, Vec<Run>> = HashMap::new();
    for &(a, b) in own {
        let ways = kin.free_like(area, (a, b)).map(|start| minus(a, start));
        let mut moves: Vec<Shift> = ways.map(|(dx, dy)| Shift { dx, dy }).collect();
        moves.sort_unstable_by_key(|moved| (moved.length2(), *moved));
        moves.dedup();
        for moved in moves.into_iter().take(MOVES) {
            votes.entry(moved).or_default().push((a, b));
        }
    }
    votes
}

/// How many of an area's vertices its kin have too, where it lies. `own` are its edges that do not add up or lie near a
/// wrong place; the others match.
fn n_in_place(boundary: &Boundary, kin: &Kin<'_>, area: u32, own: &[Run]) -> usize {
    let starts: HashSet<LatticePoint> = own.iter().map(|run| run.0).collect();
    let ends: HashSet<LatticePoint> = own.iter().map(|run| run.1).collect();
    let in_place = |v: &&LatticePoint| kin.know(area, **v) || !starts.contains(v) || !ends.contains(v);
    boundary.rings().flat_map(Ring::vertices).filter(in_place).count()
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
