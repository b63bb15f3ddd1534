//! Puts vertices in where a neighbour, a parent or a child has one on the same straight edge.
//!
//! Only vertices exactly on the edge, on the lattice, are put in: no area changes by it. Every one is listed.

use super::boxes::{Boxes, Extent};
use super::edges::{AreaEdge, by_ends};
use super::marks::Marks;
use super::{AreaIndex, owners};
use crate::geometry::LatticePoint;
use crate::geometry::boundary::on_segment;

/// A vertex that was put into an edge of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Noded {
    pub area: AreaIndex,
    pub at: LatticePoint,
}

/// Splits edges at the vertices that lie on them, until the edges of neighbours match or nothing is left to split.
///
/// Cost: linear where edges match already; only edges without a partner are compared by place.
pub(super) fn node(edges: &mut Vec<AreaEdge>, parents: &[Option<AreaIndex>]) -> Vec<Noded> {
    let mut noded = Vec::new();
    loop {
        let unmatched: Vec<AreaEdge> =
            by_ends(edges).filter(|run| is_unmatched(run, parents)).flatten().copied().collect();
        let splits = splits(edges, &unmatched);
        if splits.is_empty() {
            noded.sort_unstable();
            noded.dedup();
            return noded;
        }
        noded.extend(splits.iter().map(|(edge, at)| Noded { area: edge.area, at: *at }));
        apply(edges, &splits);
    }
}

/// Tells whether an edge lacks an area on a side, or has areas that contradict each other.
fn is_unmatched(run: &[AreaEdge], parents: &[Option<AreaIndex>]) -> bool {
    run[0].on_left == run[run.len() - 1].on_left || owners::of_edge(run, parents).is_none()
}

/// Pairs of an edge and a vertex inside it, ordered, where either belongs to a unmatched edge.
fn splits(edges: &[AreaEdge], unmatched: &[AreaEdge]) -> Vec<(AreaEdge, LatticePoint)> {
    let extents: Vec<Extent> = unmatched.iter().map(AreaEdge::extent).collect();
    let (tree, marks) = (Boxes::new(&extents), Marks::new(&extents));
    let mut splits = Vec::new();
    for edge in edges.iter().filter(|edge| marks.may_meet(&edge.extent())) {
        tree.each_hit(&edge.extent(), |i| {
            let other = &unmatched[i as usize];
            splits.extend([other.low, other.high].into_iter().filter(|v| inside(edge, *v)).map(|v| (*edge, v)));
            splits.extend([edge.low, edge.high].into_iter().filter(|v| inside(other, *v)).map(|v| (*other, v)));
        });
    }
    splits.sort_unstable();
    splits.dedup();
    splits
}

fn inside(edge: &AreaEdge, v: LatticePoint) -> bool {
    v != edge.low && v != edge.high && on_segment(edge.low, edge.high, v)
}

/// Replaces every split edge by its pieces. The vertices on an edge come in its order, since both sort by x, then y.
fn apply(edges: &mut Vec<AreaEdge>, splits: &[(AreaEdge, LatticePoint)]) {
    let mut pieces = Vec::new();
    let mut runs = splits.chunk_by(|a, b| a.0 == b.0).peekable();
    edges.retain(|edge| {
        let Some(run) = runs.next_if(|run| run[0].0 == *edge) else { return true };
        let mut low = edge.low;
        for v in run.iter().map(|(_, v)| *v).chain([edge.high]) {
            pieces.push(AreaEdge { low, high: v, ..*edge });
            low = v;
        }
        false
    });
    // Of hundreds of millions of edges a few more would otherwise take twice the memory.
    edges.reserve_exact(pieces.len());
    edges.append(&mut pieces);
    edges.sort_unstable();
}
