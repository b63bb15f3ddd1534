//! Up to eight edges of one line in sequence, in one cache line, to be measured in one go.

use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;
use crate::index::outline::Slot;

pub(super) const EDGES: usize = 8;
pub(super) const VERTICES: usize = EDGES + 1;

/// Up to eight edges of a line. Unused places repeat the last vertex.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub(super) struct Piece {
    /// From the middle, in units.
    x: [i16; VERTICES],
    y: [i16; VERTICES],
    middle: LatticePoint,
    /// Who owns the ground left and right; [`NOBODY`] may.
    owners: [Slot; 2],
    /// Steps: 1 unless the piece is too long for 16 bits.
    unit: f32,
    /// Steps that rounding can add to or take from the difference of two distances, apart from a share of these.
    pub(super) error: f32,
    /// Where the exact vertices of a piece with a greater unit begin.
    pub(super) exact: u32,
}

const NOBODY: Slot = Slot::MAX;

impl Piece {
    /// Takes vertices in sequence, and who owns the ground left and right of them.
    #[expect(clippy::cast_precision_loss, reason = "a power of two, and what need not be exact")]
    pub(super) fn new(run: &[LatticePoint], left: Option<Slot>, right: Option<Slot>) -> Self {
        let Window { low, high } = around(run);
        let middle = LatticePoint::new(low.x.midpoint(high.x), low.y.midpoint(high.y));
        let extent = high.x.abs_diff(low.x).max(high.y.abs_diff(low.y));
        // So that half the extent, and one for the rounding of the middle, is left with 15 bits.
        let shift = (u32::BITS - (extent / 2 + 1).leading_zeros()).saturating_sub(15);
        let near = |at: i32, middle: i32| {
            let off = i64::from(at) - i64::from(middle);
            i16::try_from(off >> shift).expect("the shift is made so that it fits")
        };
        let at = |n: usize| run[n.min(run.len() - 1)];
        let unit = (1_u32 << shift) as f32;
        Self {
            x: std::array::from_fn(|n| near(at(n).x, middle.x)),
            y: std::array::from_fn(|n| near(at(n).y, middle.y)),
            middle,
            owners: [left.unwrap_or(NOBODY), right.unwrap_or(NOBODY)],
            unit,
            // An end is cut off by less than a unit each way.
            error: extent as f32 * 1e-5 + if shift > 0 { 4.0 * unit } else { 0.0 },
            exact: 0,
        }
    }

    /// Tells whether the vertices are kept exactly.
    #[inline]
    pub(super) fn is_exact(&self) -> bool {
        self.unit <= 1.0
    }

    /// The ends of an edge of an exact piece.
    #[inline]
    pub(super) fn edge(&self, at: usize) -> (LatticePoint, LatticePoint) {
        let vertex =
            |at: usize| LatticePoint::new(self.middle.x + i32::from(self.x[at]), self.middle.y + i32::from(self.y[at]));
        (vertex(at), vertex(at + 1))
    }

    #[inline]
    pub(super) fn is_of(&self, own: Slot) -> bool {
        self.owners.contains(&own)
    }

    /// Who owns the side that `own` does not.
    #[inline]
    pub(super) fn beyond(&self, own: Slot) -> Option<Slot> {
        let [left, right] = self.owners;
        Some(if left == own { right } else { left }).filter(|slot| *slot != NOBODY)
    }

    /// Roughly the squared distance to each edge.
    #[inline]
    pub(super) fn distances2(&self, p: LatticePoint, scale: (f32, f32)) -> [f32; EDGES] {
        let (x, y) = (steps(self.middle.x, p.x), steps(self.middle.y, p.y));
        let seen = |at: i16, from: f32, scale: f32| (f32::from(at) * self.unit - from) * scale;
        std::array::from_fn(|at| {
            let (ax, ay) = (seen(self.x[at], x, scale.0), seen(self.y[at], y, scale.1));
            let (bx, by) = (seen(self.x[at + 1], x, scale.0), seen(self.y[at + 1], y, scale.1));
            let (ex, ey) = (bx - ax, by - ay);
            // An edge without length is nearest where it begins.
            let along = -(ax * ex + ay * ey) / (ex * ex + ey * ey + 1e-12);
            let along = below(above(along, 0.0), 1.0);
            let (nx, ny) = (ax + along * ex, ay + along * ey);
            nx * nx + ny * ny
        })
    }
}

/// The least of the squared distances to a piece's edges.
#[inline]
pub(super) fn least(distances2: &[f32; EDGES]) -> f32 {
    let four: [f32; 4] = std::array::from_fn(|at| below(distances2[at], distances2[at + 4]));
    below(below(four[0], four[1]), below(four[2], four[3]))
}

/// How many steps further `to` is than `from`: exact up to 2^24.
#[inline]
#[expect(clippy::cast_precision_loss, reason = "single precision is asked for")]
fn steps(from: i32, to: i32) -> f32 {
    (i64::from(to) - i64::from(from)) as f32
}

/// The greater of two numbers that are numbers.
#[inline]
pub(super) fn above(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline]
pub(super) fn below(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// The vertices of the pieces of a line.
pub(super) fn runs(points: &[LatticePoint]) -> impl Iterator<Item = &[LatticePoint]> {
    (0..points.len() - 1).step_by(EDGES).map(|first| &points[first..points.len().min(first + VERTICES)])
}

pub(super) fn around(run: &[LatticePoint]) -> Window {
    let first = Window { low: run[0], high: run[0] };
    run[1..].iter().fold(first, |all, v| all.joined(Window { low: *v, high: *v }))
}
