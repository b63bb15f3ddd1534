//! A part of the planar graph, made anew where a few areas changed.
//!
//! The graph of all areas is made of edges; which areas own the sides of an edge, and where it is split, depends only on
//! the areas right there. So where areas changed, the edges in a few windows are made anew by the same rules as those of
//! [`Topology::build`](super::Topology::build), and strung together with what stays of the lines that reach into the windows.

use super::chains::{self, OwnedEdge};
use super::edges::{AreaEdge, by_ends};
use super::owners::Owners;
use super::{AreaIndex, Window, noding, owners};
use crate::geometry::LatticePoint;

/// A line of the graph by itself: a [`Chain`](super::Chain) with its vertices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polyline {
    pub points: Vec<LatticePoint>,
    /// The deepest area to the left of the line run forward; `None` is outside everything.
    pub left: Option<AreaIndex>,
    pub right: Option<AreaIndex>,
}

/// An area, as far as it matters near the windows.
#[derive(Clone, Debug)]
pub struct AreaPart {
    /// The area it lies in.
    pub parent: Option<AreaIndex>,
    /// Edges of its boundary, with the area to their left.
    pub edges: Vec<(LatticePoint, LatticePoint)>,
}

/// Returns the lines that the edges in `windows` and those of `kept` make together, as the whole graph would have them.
///
/// `areas` are all that have an edge in [`grown`]`(areas, windows)`, with those edges, and all above them, parents first.
/// `kept` are the parts outside the windows of lines that reached into one, and `nodes` the ends of those lines that lie
/// outside. `None` when the areas on the two sides of an edge contradict each other. Cost: a few sorts of the edges around.
#[must_use]
pub fn lines_in(
    areas: &[AreaPart],
    windows: &[Window],
    kept: &[Polyline],
    mut nodes: Vec<LatticePoint>,
) -> Option<Vec<Polyline>> {
    let parents: Vec<Option<AreaIndex>> = areas.iter().map(|area| area.parent).collect();
    let parts = (0..).zip(areas);
    let of_part = |(index, area): (AreaIndex, &'_ AreaPart)| -> Vec<AreaEdge> {
        area.edges.iter().map(|(a, b)| AreaEdge::new(*a, *b, index)).collect()
    };
    let mut edges: Vec<AreaEdge> = parts.flat_map(of_part).collect();
    edges.sort_unstable();
    noding::node(&mut edges, &parents);
    let is_inside = |edge: &AreaEdge| windows.iter().any(|window| window.meets(edge.low, edge.high));
    let mut owned: Vec<OwnedEdge> = kept.iter().flat_map(owned_edges).collect();
    for run in by_ends(&edges).filter(|run| is_inside(&run[0])) {
        let owners = owners::of_edge(run, &parents)?;
        if owners.left != owners.right {
            owned.push(OwnedEdge { low: run[0].low, high: run[0].high, owners });
        }
    }
    owned.sort_unstable_by_key(|edge| (edge.low, edge.high));
    nodes.sort_unstable();
    let (points, chains) = chains::chain(&owned, &nodes);
    let vertices = |range: std::ops::Range<u32>| points[range.start as usize..range.end as usize].to_vec();
    Some(
        chains
            .into_iter()
            .map(|chain| Polyline { points: vertices(chain.points), left: chain.left, right: chain.right })
            .collect(),
    )
}

/// The windows, each grown around the edges that reach into it: what lies on those edges may split them.
#[must_use]
pub fn grown(areas: &[AreaPart], windows: &[Window]) -> Vec<Window> {
    let mut grown = windows.to_vec();
    for (a, b) in areas.iter().flat_map(|area| &area.edges) {
        for (grown, window) in grown.iter_mut().zip(windows) {
            if window.meets(*a, *b) {
                *grown = grown.joined(Window::around(*a, *b));
            }
        }
    }
    grown
}

fn owned_edges(line: &Polyline) -> impl Iterator<Item = OwnedEdge> + '_ {
    line.points.windows(2).map(|ends| {
        let (a, b) = (ends[0], ends[1]);
        let (left, right) = if a < b { (line.left, line.right) } else { (line.right, line.left) };
        OwnedEdge { low: a.min(b), high: a.max(b), owners: Owners { left, right } }
    })
}
