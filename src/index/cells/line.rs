//! One cache line of a boundary cell: a piece of a polyline with one owner on each side.
//!
//! ```text
//! 4 bytes  base     what the ray to the east ends in (first line of a leaf), or nothing
//! 4 bytes  across   left owner XOR right owner: what crossing the polyline changes
//! 56 bytes          its vertices: 14 of 16 bits, seen from the cell's middle, or 7 of 32 bits
//! ```
//! The owner of a point is the `base` of the leaf's first line, XOR `across` once for every edge that the ray from the
//! point to the east crosses. Unused places repeat the last vertex: an edge without length crosses no ray.

use std::cmp::Ordering;

use crate::geometry::LatticePoint;
use crate::geometry::lattice::orientation;

/// A line with vertices of type `T`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub(super) struct Line<T, const N: usize> {
    base: u32,
    across: u32,
    x: [T; N],
    y: [T; N],
}

/// Vertices near the cell: most cells of most regions.
pub(super) type Narrow = Line<i16, 14>;
/// Vertices anywhere on the lattice.
pub(super) type Wide = Line<i32, 7>;

/// A coordinate that fits a line.
pub(super) trait Step: Copy + PartialOrd + Default {
    /// Like [`orientation`], exact.
    fn turn(a: (Self, Self), b: (Self, Self), p: (Self, Self)) -> Ordering;
}

impl Step for i16 {
    fn turn(a: (Self, Self), b: (Self, Self), p: (Self, Self)) -> Ordering {
        let minus = |to: Self, from: Self| i64::from(i32::from(to) - i32::from(from));
        (minus(b.0, a.0) * minus(p.1, a.1)).cmp(&(minus(b.1, a.1) * minus(p.0, a.0)))
    }
}

impl Step for i32 {
    fn turn(a: (Self, Self), b: (Self, Self), p: (Self, Self)) -> Ordering {
        let point = |(x, y)| LatticePoint::new(x, y);
        orientation(point(a), point(b), point(p))
    }
}

impl<T: Step, const N: usize> Line<T, N> {
    /// How many edges fit.
    pub(super) const EDGES: usize = N - 1;

    /// Takes 2 to `N` vertices of one polyline.
    pub(super) fn new(base: u32, across: u32, vertices: &[(T, T)]) -> Self {
        let last = *vertices.last().expect("a polyline has vertices");
        let at = |i: usize| vertices.get(i).copied().unwrap_or(last);
        Self { base, across, x: std::array::from_fn(|i| at(i).0), y: std::array::from_fn(|i| at(i).1) }
    }

    pub(super) fn base(&self) -> u32 {
        self.base
    }

    /// What crossing this polyline on the way east from `p` changes.
    ///
    /// The edges that span the height of `p` come from one comparison of all vertices; usually there is one or none.
    #[inline]
    pub(super) fn crossed(&self, p: (T, T)) -> u32 {
        let below = self.below(p.1);
        let mut spanning = (below ^ (below >> 1)) & ((1 << Self::EDGES) - 1);
        let mut crossed = false;
        while spanning != 0 {
            let i = spanning.trailing_zeros() as usize;
            spanning &= spanning - 1;
            let (a, b) = ((self.x[i], self.y[i]), (self.x[i + 1], self.y[i + 1]));
            let upward = below >> i & 1 == 1;
            crossed ^= T::turn(a, b, p) == if upward { Ordering::Greater } else { Ordering::Less };
        }
        if crossed { self.across } else { 0 }
    }

    /// One bit per vertex: whether it lies at the height `y` or below.
    #[inline]
    fn below(&self, y: T) -> u32 {
        let mut bits = 0;
        for i in 0..N {
            bits |= u32::from(self.y[i] <= y) << i;
        }
        bits
    }
}
