//! Whether a boundary and a box share a point: what a map asks for when it shows a window.

use super::boundary::Side;
use super::{Bbox, Boundary, LatticePoint, Position, Ring};

impl Boundary {
    /// Tells whether the boundary shares a point with `bbox`; touching counts. The box is taken to the lattice outwards,
    /// so a grid that touches it by less than a centimetre may count.
    ///
    /// Cost: linear in vertices.
    #[must_use]
    pub fn meets(&self, bbox: Bbox) -> bool {
        bbox.plain().into_iter().any(|half| Window::around(half).is_some_and(|window| window.meets(self)))
    }
}

/// A box on the lattice, edges included.
struct Window {
    low: LatticePoint,
    high: LatticePoint,
}

impl Window {
    /// `None` for a box that is not one of positions.
    fn around(bbox: Bbox) -> Option<Self> {
        let low = LatticePoint::from(Position::new(bbox.west, bbox.south).ok()?);
        let high = LatticePoint::from(Position::new(bbox.east, bbox.north).ok()?);
        let outwards = |low: i32, given: f64, step: i32, lattice: f64| {
            let inside = if step < 0 { lattice > given } else { lattice < given };
            if inside { low.saturating_add(step) } else { low }
        };
        Some(Self {
            low: LatticePoint::new(
                outwards(low.x, bbox.west, -1, low.lon()),
                outwards(low.y, bbox.south, -1, low.lat()),
            ),
            high: LatticePoint::new(
                outwards(high.x, bbox.east, 1, high.lon()),
                outwards(high.y, bbox.north, 1, high.lat()),
            ),
        })
    }

    fn meets(&self, boundary: &Boundary) -> bool {
        // No edge reaches the box: it lies inside the boundary as a whole, or outside.
        boundary.rings().flat_map(Ring::edges).any(|(a, b)| self.touches(a, b))
            || boundary.side(self.low) != Side::Outside
    }

    /// Tells whether the segment and the box share a point. Exact.
    fn touches(&self, a: LatticePoint, b: LatticePoint) -> bool {
        if a.x.max(b.x) < self.low.x || a.x.min(b.x) > self.high.x {
            return false;
        }
        if a.y.max(b.y) < self.low.y || a.y.min(b.y) > self.high.y {
            return false;
        }
        let corners = [
            self.low,
            LatticePoint::new(self.high.x, self.low.y),
            self.high,
            LatticePoint::new(self.low.x, self.high.y),
        ];
        let sides = corners.map(|corner| super::lattice::orientation(a, b, corner));
        // All corners strictly on one side of the line: the boxes overlap, the segment passes by.
        !(sides.iter().all(|side| side.is_lt()) || sides.iter().all(|side| side.is_gt()))
    }
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
