//! The distance to the nearest of edges in sequence, two of them at a time.
//!
//! The arithmetic is that of [`LocalProjection::edge_distance2`], step by step, so both give the same bits.

use wide::{f64x2, i32x4};

use crate::geometry::LatticePoint;
use crate::index::projection::LocalProjection;

/// The plane of a [`LocalProjection`]: east and north in two lanes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    origin: f64x2,
    step_m: f64x2,
}

impl Plane {
    #[inline]
    pub(super) fn of(projection: &LocalProjection) -> Self {
        let LatticePoint { x, y } = projection.origin();
        Self { origin: f64x2::new([f64::from(x), f64::from(y)]), step_m: f64x2::new(projection.step_m().into()) }
    }

    /// Squared metres from the origin to the nearest edge between the vertices; to the only vertex where there is one.
    #[inline]
    pub(super) fn distance2(&self, vertices: &[LatticePoint]) -> f64 {
        let Some((first, rest)) = vertices.split_first() else { return f64::INFINITY };
        let mut a = self.place(*first);
        let mut least = f64x2::splat(f64::INFINITY);
        for ends in rest.chunks(2) {
            let b = self.place(ends[0]);
            // The last vertex is repeated: an edge without length.
            let c = self.place(ends[ends.len() - 1]);
            least = least.fast_min(two_distances2(a, b, c));
            a = c;
        }
        let [even, odd] = least.to_array();
        if odd < even { odd } else { even }
    }

    #[inline]
    fn place(&self, v: LatticePoint) -> f64x2 {
        // Steps are whole numbers: nothing is rounded before they become metres.
        (f64x2::from_i32x4_lower2(i32x4::new([v.x, v.y, 0, 0])) - self.origin) * self.step_m
    }
}

/// The squared distances from zero to the edges from `a` to `b` and from `b` to `c`.
#[inline]
fn two_distances2(a: f64x2, b: f64x2, c: f64x2) -> f64x2 {
    let [ax, ay] = f64x2::transpose([a, b]);
    let [dx, dy] = f64x2::transpose([b - a, c - b]);
    let length2 = dx * dx + dy * dy;
    // Held between the ends before it is divided, so that an edge without length gives zero.
    let along = (-(ax * dx + ay * dy)).fast_max(f64x2::ZERO).fast_min(length2);
    let along = along / length2.fast_max(f64x2::splat(f64::MIN_POSITIVE));
    let (nx, ny) = (ax + along * dx, ay + along * dy);
    nx * nx + ny * ny
}
