//! Whether a boundary and a box share a point: what a map asks for when it shows a window.

use super::boundary::Side;
use super::coverage::Window;
use super::lattice::orientation;
use super::{Bbox, Boundary, LatticePoint, Ring};

impl Boundary {
    /// Tells whether the boundary shares a point with `bbox`; touching counts. The box is taken to the lattice outwards,
    /// so a grid that touches it by less than a centimetre may count.
    ///
    /// Cost: linear in vertices.
    #[must_use]
    pub fn meets(&self, bbox: Bbox) -> bool {
        bbox.plain().into_iter().filter_map(Window::outwards).any(|window| reaches(window, self))
    }
}

fn reaches(window: Window, boundary: &Boundary) -> bool {
    // No edge reaches the box: it lies inside the boundary as a whole, or outside.
    boundary.rings().flat_map(Ring::edges).any(|(a, b)| crosses(window, a, b))
        || boundary.side(window.low) != Side::Outside
}

/// Tells whether the segment and the box share a point. Exact.
fn crosses(window: Window, a: LatticePoint, b: LatticePoint) -> bool {
    if !window.meets(a, b) {
        return false;
    }
    let Window { low, high } = window;
    let corners = [low, LatticePoint::new(high.x, low.y), high, LatticePoint::new(low.x, high.y)];
    let sides = corners.map(|corner| orientation(a, b, corner));
    // All corners strictly on one side of the line: the boxes overlap, the segment passes by.
    !(sides.iter().all(|side| side.is_lt()) || sides.iter().all(|side| side.is_gt()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Polygon;

    /// A triangle with its corners at 0,0 and 10,0 and 0,10 degrees.
    fn triangle() -> Boundary {
        let corners = [(0, 0), (100_000_000, 0), (0, 100_000_000)];
        let exterior = Ring::new(corners.map(|(x, y)| LatticePoint::new(x, y)).to_vec()).unwrap();
        Boundary::from_valid(vec![Polygon { exterior, holes: Vec::new() }])
    }

    #[test]
    fn boxes_meet_a_boundary_by_edge_corner_or_from_inside() {
        let cases = [
            ([1.0, 1.0, 2.0, 2.0], true, "inside"),
            ([-1.0, -1.0, 11.0, 11.0], true, "around"),
            ([5.0, 5.0, 9.0, 9.0], true, "touches the slope in one point"),
            ([5.1, 5.1, 9.0, 9.0], false, "beyond the slope, though the boxes overlap"),
            ([10.0, -1.0, 12.0, 0.0], true, "touches a corner"),
            ([11.0, 0.0, 12.0, 1.0], false, "far off"),
            ([4.0, -2.0, 4.5, 12.0], true, "cuts through"),
            ([179.0, 0.0, 1.0, 1.0], true, "over the antimeridian, all the way round to it"),
            ([179.0, 0.0, -179.0, 1.0], false, "over the antimeridian, far off"),
        ];
        for ([west, south, east, north], meets, why) in cases {
            assert_eq!(triangle().meets(Bbox { west, south, east, north }), meets, "{why}");
        }
    }
}
