//! A boundary in stretches of a few edges, each with a box around it, so that what of it lies in a window is found without
//! a walk along all of it: the border of a province has hundreds of thousands of edges.

use std::ops::Range;

use crate::geometry::coverage::Window;
use crate::geometry::{Boundary, LatticePoint, Ring};

/// Edges in a stretch.
const EDGES: usize = 64;

#[derive(Clone, Debug)]
pub(super) struct Stretches(Vec<Stretch>);

#[derive(Clone, Debug)]
struct Stretch {
    ring: usize,
    /// The vertices its edges begin with.
    vertices: Range<usize>,
    around: Window,
}

impl Stretches {
    /// Cost: linear in vertices.
    pub(super) fn of(boundary: &Boundary) -> Self {
        let stretch = |(at, ring): (usize, &Ring), first: usize| {
            let vertices = first..ring.vertices().len().min(first + EDGES);
            let around = edges(ring, vertices.clone()).map(|(a, b)| Window::around(a, b)).reduce(Window::joined);
            Some(Stretch { ring: at, vertices, around: around? })
        };
        let rings = boundary.rings().enumerate();
        let firsts = |ring: &Ring| (0..ring.vertices().len()).step_by(EDGES);
        Self(rings.flat_map(|ring| firsts(ring.1).filter_map(move |first| stretch(ring, first))).collect())
    }

    /// The edges of `boundary`, which this was made of, that meet one of `windows`, with the ground to their left.
    pub(super) fn edges_meeting(&self, boundary: &Boundary, windows: &[Window]) -> Vec<(LatticePoint, LatticePoint)> {
        let rings: Vec<&Ring> = boundary.rings().collect();
        let near = self.0.iter().filter(|stretch| windows.iter().any(|window| window.touches(stretch.around)));
        let edges = near.flat_map(|stretch| edges(rings[stretch.ring], stretch.vertices.clone()));
        edges.filter(|(a, b)| windows.iter().any(|window| window.meets(*a, *b))).collect()
    }
}

/// The edges of a ring that begin with some of its vertices.
fn edges(ring: &Ring, firsts: Range<usize>) -> impl Iterator<Item = (LatticePoint, LatticePoint)> + '_ {
    let vertices = ring.vertices();
    firsts.map(move |at| (vertices[at], vertices[(at + 1) % vertices.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Polygon;

    #[test]
    fn the_edges_found_are_those_a_walk_finds() {
        let circle = |radius: f64, n: u32| {
            let at = |step: u32| {
                let (y, x) = (f64::from(step) / f64::from(n) * std::f64::consts::TAU).sin_cos();
                #[expect(clippy::cast_possible_truncation, reason = "a radius is small")]
                LatticePoint::new((radius * x) as i32, (radius * y) as i32)
            };
            Ring::new((0..n).map(at).collect()).unwrap()
        };
        let holes = vec![circle(500.0, 64), circle(200.0, 129)];
        let boundary = Boundary::from_valid(vec![Polygon { exterior: circle(1000.0, 1001), holes }]);
        let stretches = Stretches::of(&boundary);
        let window = |x: i32, y: i32| Window { low: LatticePoint::new(x, y), high: LatticePoint::new(x + 90, y + 90) };
        let windows: Vec<Window> = (-12..12).flat_map(|x| (-12..12).map(move |y| window(90 * x, 90 * y))).collect();
        for windows in windows.chunks(2) {
            let walked = boundary.rings().flat_map(Ring::edges);
            let walked = walked.filter(|(a, b)| windows.iter().any(|window| window.meets(*a, *b)));
            assert_eq!(stretches.edges_meeting(&boundary, windows), walked.collect::<Vec<_>>());
        }
    }
}
