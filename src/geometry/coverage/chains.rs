//! Strings edges together to chains, from node to node.

use std::ops::Range;

use super::AreaIndex;
use super::owners::Owners;
use crate::geometry::LatticePoint;

/// The number of a chain.
pub type ChainIndex = u32;

/// A line between two nodes, or a closed one without a node, with the same owners all along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    pub(super) points: Range<u32>,
    /// The deepest area to the left of the chain run forward; `None` is outside everything.
    pub left: Option<AreaIndex>,
    /// The deepest area to the right.
    pub right: Option<AreaIndex>,
}

/// One edge of the graph and who owns its sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnedEdge {
    pub(super) low: LatticePoint,
    pub(super) high: LatticePoint,
    pub(super) owners: Owners,
}

/// Edge `h / 2`, run from its low end when `h` is even.
type HalfEdge = u32;

/// Half-edges grouped by the vertex they leave from.
struct Vertices<'a> {
    edges: &'a [OwnedEdge],
    /// Vertices that lines end at whatever passes through them, ordered.
    nodes: &'a [LatticePoint],
    leaving: Vec<HalfEdge>,
    /// The half-edges of vertex `v` are `leaving[first[v]..first[v + 1]]`.
    first: Vec<u32>,
    /// The vertex each half-edge leaves from.
    from: Vec<u32>,
}

/// Returns the vertices of all chains one behind the other, and the chains. The order depends on the edges alone.
///
/// Edges come ordered by their ends. Chains end also at the vertices `nodes`, ordered: where `edges` are only a part of the
/// graph, and others end there.
pub(super) fn chain(edges: &[OwnedEdge], nodes: &[LatticePoint]) -> (Vec<LatticePoint>, Vec<Chain>) {
    let vertices = Vertices::new(edges, nodes);
    let n_vertices = vertices.first.len() - 1;
    let mut chains =
        Chains { used: vec![false; edges.len()], points: Vec::with_capacity(edges.len()), made: Vec::new() };
    for pass_through in [false, true] {
        for v in 0..n_vertices {
            if vertices.passes_through(v) == pass_through {
                for &half in vertices.leaving(v) {
                    chains.follow(&vertices, half);
                }
            }
        }
    }
    (chains.points, chains.made)
}

struct Chains {
    used: Vec<bool>,
    points: Vec<LatticePoint>,
    made: Vec<Chain>,
}

impl Chains {
    /// Adds the chain that starts with `half`, unless one with its edge is there already.
    fn follow(&mut self, vertices: &Vertices<'_>, half: HalfEdge) {
        if self.used[half as usize / 2] {
            return;
        }
        let start = u32::try_from(self.points.len()).expect("vertices are numbered by u32");
        let Owners { left, right } = vertices.owners(half);
        self.points.push(vertices.end(half ^ 1));
        let mut half = half;
        loop {
            self.used[half as usize / 2] = true;
            self.points.push(vertices.end(half));
            let at = vertices.from[half as usize ^ 1] as usize;
            if !vertices.passes_through(at) {
                break;
            }
            let both = vertices.leaving(at);
            half = if both[0] == half ^ 1 { both[1] } else { both[0] };
            if self.used[half as usize / 2] {
                break;
            }
        }
        let end = u32::try_from(self.points.len()).expect("vertices are numbered by u32");
        self.made.push(Chain { points: start..end, left, right });
    }
}

impl<'a> Vertices<'a> {
    fn new(edges: &'a [OwnedEdge], nodes: &'a [LatticePoint]) -> Self {
        let n_halves = u32::try_from(edges.len() * 2).expect("half-edges are numbered by u32");
        let mut starts: Vec<(LatticePoint, HalfEdge)> = (0..n_halves)
            .map(|half| {
                let edge = &edges[half as usize / 2];
                (if half % 2 == 0 { edge.low } else { edge.high }, half)
            })
            .collect();
        starts.sort_unstable();
        let mut first = Vec::with_capacity(edges.len() + 2);
        let mut from = vec![0; edges.len() * 2];
        for (at, (start, half)) in (0..).zip(&starts) {
            if at == 0 || starts[at as usize - 1].0 != *start {
                first.push(at);
            }
            from[*half as usize] = u32::try_from(first.len() - 1).expect("there are fewer vertices than half-edges");
        }
        first.push(n_halves);
        Self { edges, nodes, leaving: starts.into_iter().map(|(_, half)| half).collect(), first, from }
    }

    fn leaving(&self, vertex: usize) -> &[HalfEdge] {
        &self.leaving[self.first[vertex] as usize..self.first[vertex + 1] as usize]
    }

    fn end(&self, half: HalfEdge) -> LatticePoint {
        let edge = &self.edges[half as usize / 2];
        if half.is_multiple_of(2) { edge.high } else { edge.low }
    }

    fn owners(&self, half: HalfEdge) -> Owners {
        let owners = self.edges[half as usize / 2].owners;
        if half.is_multiple_of(2) { owners } else { Owners { left: owners.right, right: owners.left } }
    }

    /// Tells whether exactly one line passes through the vertex, with the same owners before and behind it.
    fn passes_through(&self, vertex: usize) -> bool {
        let [a, b] = *self.leaving(vertex) else { return false };
        let is_node = || self.nodes.binary_search(&self.end(a ^ 1)).is_ok();
        self.owners(a ^ 1) == self.owners(b) && (self.nodes.is_empty() || !is_node())
    }
}
