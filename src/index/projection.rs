//! Distances in metres around one place, fast.
//!
//! Near a place the ellipsoid is flat enough: a step of longitude and a step of latitude each have a length, and an
//! edge is straight on the lattice. The same plane as in `geometry::measure`, laid once for many edges: against the
//! geodesic the error is about one part in ten thousand up to 10 km.

use crate::geometry::LatticePoint;
use crate::geometry::lattice::STEPS_PER_DEGREE;
use crate::geometry::measure::MetresPerDegree;

/// The lengths of lattice steps around one point.
#[derive(Clone, Copy, Debug)]
pub struct LocalProjection {
    origin: LatticePoint,
    east_m: f64,
    north_m: f64,
}

impl LocalProjection {
    /// Returns the lengths around `origin`.
    #[must_use]
    pub fn around(origin: LatticePoint) -> Self {
        let degree = MetresPerDegree::at(origin.lat());
        Self { origin, east_m: degree.east / STEPS_PER_DEGREE, north_m: degree.north / STEPS_PER_DEGREE }
    }

    /// The point that distances are measured from.
    #[must_use]
    pub fn origin(&self) -> LatticePoint {
        self.origin
    }

    /// The point's place in metres east and north of the origin.
    fn place(&self, p: LatticePoint) -> (f64, f64) {
        let (dx, dy) = (i64::from(p.x) - i64::from(self.origin.x), i64::from(p.y) - i64::from(self.origin.y));
        #[expect(clippy::cast_precision_loss, reason = "33 bits fit the 52 of a double")]
        let (dx, dy) = (dx as f64, dy as f64);
        (dx * self.east_m, dy * self.north_m)
    }

    /// Squared distance in metres from the origin to the straight edge from `a` to `b`.
    #[must_use]
    pub fn edge_distance2(&self, a: LatticePoint, b: LatticePoint) -> f64 {
        let ((ax, ay), (bx, by)) = (self.place(a), self.place(b));
        let (dx, dy) = (bx - ax, by - ay);
        let length2 = dx * dx + dy * dy;
        let along = if length2 > 0.0 { (-(ax * dx + ay * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
        (ax + along * dx).powi(2) + (ay + along * dy).powi(2)
    }

    /// The lengths of a step east and north in metres.
    #[must_use]
    pub fn step_m(&self) -> (f64, f64) {
        (self.east_m, self.north_m)
    }

    /// Distance in metres from the origin to `p`.
    #[must_use]
    pub fn distance_m(&self, p: LatticePoint) -> f64 {
        let (x, y) = self.place(p);
        x.hypot(y)
    }

    /// The box around the origin that holds everything within `radius_m`, in lattice steps: west, south, east, north.
    #[must_use]
    pub fn window(&self, radius_m: f64) -> ([f64; 2], [f64; 2]) {
        // Towards the poles a step of longitude grows short; a floor keeps the window finite.
        let (w, h) = (radius_m / self.east_m.max(1e-9), radius_m / self.north_m);
        let (x, y) = (f64::from(self.origin.x), f64::from(self.origin.y));
        ([x - w, y - h], [x + w, y + h])
    }
}
