//! The edges in question, found by area, by vertex and by direction, to ask an area's kin where its border should run.
//!
//! Kin are the areas that a border is to match: those of the same level, whose edges run the other way, and the parent,
//! whose edges run the same way. Everything asked here looks only at edges nearby, or of the same direction and length.

use crate::geometry::LatticePoint;
use crate::geometry::coverage::check::faces::Faces;
use crate::geometry::coverage::check::tree::Tree;
use crate::geometry::coverage::edges::AreaEdge;
use crate::geometry::lattice::minus;

/// An edge from vertex to vertex, with its area to the left.
pub(super) type Run = (LatticePoint, LatticePoint);

/// An outline that more edges than this share is no evidence of anything, such as the side of a cell in a field of squares.
const COMMON: usize = 1_000;

/// Edges are named by their place among those of the faces.
pub(super) struct Kin<'a> {
    tree: &'a Tree<'a>,
    edges: &'a [AreaEdge],
    by_area: Vec<(u32, u32)>,
    by_vertex: Vec<(LatticePoint, u32)>,
    by_way: Vec<((i64, i64), u32)>,
}

/// The entries of a sorted list that have this key, in the order of their edges.
fn having<K: Ord + Copy>(list: &[(K, u32)], key: K) -> &[(K, u32)] {
    let from = list.partition_point(|entry| entry.0 < key);
    let n = list[from..].partition_point(|entry| entry.0 == key);
    &list[from..from + n]
}

fn sorted<K: Ord>(list: impl Iterator<Item = (K, u32)>) -> Vec<(K, u32)> {
    let mut list: Vec<(K, u32)> = list.collect();
    list.sort_unstable();
    list
}

impl<'a> Kin<'a> {
    pub(super) fn new(tree: &'a Tree<'a>, found: &'a Faces) -> Self {
        let edges = || (0u32..).zip(&found.edges);
        Self {
            tree,
            edges: &found.edges,
            by_area: sorted(edges().map(|(at, edge)| (edge.area, at))),
            by_vertex: sorted(edges().flat_map(|(at, edge)| [(edge.low, at), (edge.high, at)])),
            by_way: sorted(edges().map(|(at, edge)| (minus(edge.high, edge.low), at))),
        }
    }

    /// The area's own edges.
    pub(super) fn own(&self, area: u32) -> impl Iterator<Item = (u32, Run)> + '_ {
        having(&self.by_area, area).iter().map(|&(_, at)| (at, self.edges[at as usize].run()))
    }

    /// Where the border of `area` should go on from `vertex`, by the word of its kin.
    pub(super) fn onward(&self, area: u32, vertex: LatticePoint) -> impl Iterator<Item = (LatticePoint, u32)> + '_ {
        let here = having(&self.by_vertex, vertex).iter();
        here.filter_map(move |&(_, at)| {
            let (start, end) = self.as_seen(area, at)?;
            (start == vertex).then_some((end, at))
        })
    }

    /// Tells whether an area's kin have this edge.
    pub(super) fn expect(&self, area: u32, (a, b): Run) -> bool {
        self.onward(area, a).any(|(end, _)| end == b)
    }

    /// Tells whether an area's kin have this vertex.
    pub(super) fn know(&self, area: u32, vertex: LatticePoint) -> bool {
        having(&self.by_vertex, vertex).iter().any(|&(_, at)| self.as_seen(area, at).is_some())
    }

    /// Where edges like this one start that `area` alone could have: its kin's, as seen from its side, that no other area
    /// matches.
    pub(super) fn free_like(&self, area: u32, (a, b): Run) -> impl Iterator<Item = LatticePoint> + '_ {
        let way = minus(b, a);
        let alike = having(&self.by_way, if a < b { way } else { (-way.0, -way.1) });
        let alike = if alike.len() > COMMON { &[] } else { alike };
        alike.iter().filter_map(move |&(_, at)| {
            let run = self.as_seen(area, at)?;
            (minus(run.1, run.0) == way && self.is_free(area, at, run)).then_some(run.0)
        })
    }

    /// An edge of the kin of `area`, run as the area's own edge would be.
    fn as_seen(&self, area: u32, at: u32) -> Option<Run> {
        let edge = &self.edges[at as usize];
        let (a, b) = edge.run();
        if edge.area == area {
            None
        } else if self.is_parent(area, edge) {
            Some((a, b))
        } else {
            self.is_level(area, edge).then_some((b, a))
        }
    }

    fn is_free(&self, area: u32, at: u32, run: Run) -> bool {
        let same_ends = having(&self.by_vertex, run.0).iter().map(|&(_, other)| &self.edges[other as usize]);
        let is_seen_from_the_level = !self.is_parent(area, &self.edges[at as usize]);
        !same_ends.into_iter().any(|edge| {
            let taken = edge.run() == run && edge.area != area && self.is_level(area, edge);
            // A border that the parent has too has nothing of the parent's beyond it.
            taken || is_seen_from_the_level && edge.run() == (run.1, run.0) && self.is_parent(area, edge)
        })
    }

    fn is_parent(&self, area: u32, edge: &AreaEdge) -> bool {
        self.tree.parents[area as usize] == Some(edge.area as usize)
    }

    fn is_level(&self, area: u32, edge: &AreaEdge) -> bool {
        self.tree.depths[edge.area as usize] == self.tree.depths[area as usize]
    }
}
