//! Draws an area anew from the edges around it.
//!
//! The area is what the edges run round counter-clockwise. Their ends are rounded to the lattice, which may make them cross, so
//! what they run round is looked for again until they meet in vertices of the lattice only.

use std::cmp::Ordering;

use crate::geometry::coverage::check::overlay::{Fine, Half, Overlay, turn};
use crate::geometry::coverage::edges::AreaEdge;
use crate::geometry::coverage::{RawArea, RawPolygon, Topology};
use crate::geometry::{Boundary, Polygon, Ring};

/// How often edges are rounded: each time fewer cross than before.
const MAX_ROUNDS: usize = 8;

/// Draws the area that lies to the left of these edges. `None` when nothing is left of it, or its edges find no place on the
/// lattice. Cost: linear in edges for each face between them, mostly one for each ring.
pub(super) fn boundary(edges: impl Iterator<Item = (Fine, Fine)>) -> Option<Boundary> {
    let mut edges = rounded(edges);
    for _ in 0..MAX_ROUNDS {
        let overlay = Overlay::new(&edges).ok()?;
        let windings = windings(&edges, &overlay);
        let is_edge = |half: &Half| windings[*half as usize] > 0 && windings[(half ^ 1) as usize] <= 0;
        let around: Vec<_> = (0..2 * overlay.n_edges()).filter(is_edge).map(|half| overlay.ends(half)).collect();
        let is_on_lattice = around.iter().all(|(a, b)| a.on_lattice().is_some() && b.on_lattice().is_some());
        edges = rounded(around.into_iter());
        if is_on_lattice {
            let ground = Topology::of_edges(edges, vec![None], vec![0]).ok()?;
            return (!ground.chains().is_empty()).then(|| ground.boundary(0));
        }
    }
    None
}

fn rounded(edges: impl Iterator<Item = (Fine, Fine)>) -> Vec<AreaEdge> {
    let rounded = edges.map(|(a, b)| (a.rounded(), b.rounded())).filter(|(a, b)| a != b);
    let mut edges: Vec<AreaEdge> = rounded.map(|(a, b)| AreaEdge::new(a, b, 0)).collect();
    edges.sort_unstable();
    edges
}

/// By half-edge, how often the edges run round the ground to its left, counter-clockwise.
pub(super) fn windings(edges: &[AreaEdge], overlay: &Overlay) -> Vec<i32> {
    let mut windings = vec![0; 2 * overlay.n_edges() as usize];
    for cycle in &overlay.cycles {
        let winding = winding(edges, overlay, cycle.halves[0]);
        cycle.halves.iter().for_each(|&half| windings[half as usize] = winding);
    }
    windings
}

/// The edges that a ray from the left of a half-edge to the east meets: those that run north less those that run south.
fn winding(edges: &[AreaEdge], overlay: &Overlay, half: Half) -> i32 {
    let (a, b) = overlay.ends(half);
    let (x, y) = (a.x.midpoint(b.x), a.y.midpoint(b.y));
    // Where the half-edge runs west, the ground to its left lies lower than the half-edge by next to nothing.
    let is_lower = a.y == b.y && b.x < a.x;
    let is_south = |v: Fine| if is_lower { v.y < y } else { v.y <= y };
    let own = overlay.sources(half);
    let met = (0u32..).zip(edges).map(|(number, edge)| {
        let (from, to) = edge.run();
        let (from, to) = (Fine::of(from), Fine::of(to));
        if is_south(from) == is_south(to) {
            return 0;
        }
        let (way, low, high) = if is_south(from) { (1, from, to) } else { (-1, to, from) };
        let is_east =
            if own.contains(&number) { b.y > a.y } else { turn(low, high, Fine { x, y }) == Ordering::Greater };
        if is_east { way } else { 0 }
    });
    met.sum()
}

/// Gives an area this boundary.
pub(super) fn put(area: &mut RawArea, boundary: &Boundary) {
    let rings = |polygon: &Polygon| {
        let rings = std::iter::once(&polygon.exterior).chain(&polygon.holes);
        rings.map(|ring: &Ring| ring.vertices().to_vec()).collect()
    };
    area.polygons = boundary.polygons().iter().map(|polygon| RawPolygon { rings: rings(polygon) }).collect();
}
