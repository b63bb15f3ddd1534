//! What an index is built from: polylines, each with one owner on its left and one on its right.

use super::Owner;
use crate::geometry::LatticePoint;

/// The edges between own grounds, every one once.
///
/// An edge is named by its first vertex; the edges of a polyline have names in sequence.
#[derive(Clone, Debug, Default)]
pub struct Edges {
    vertices: Vec<LatticePoint>,
    /// Left owner XOR right owner of the edge that begins at each vertex; 0 where a polyline ends.
    across: Vec<u32>,
    /// Twice the area of all owned ground, square steps.
    area2: i128,
    n_owners: u32,
}

/// How owners are written in the index: 0 is nobody.
pub(super) fn code(owner: Option<Owner>) -> u32 {
    owner.map_or(0, |ix| ix + 1)
}

pub(super) fn grid(code: u32) -> Option<Owner> {
    code.checked_sub(1)
}

impl Edges {
    /// Adds the polyline through `vertices`. One with the same owner on both sides says nothing and is left out.
    ///
    /// # Panics
    /// When there are more owners than an index can tell apart (a thousand million).
    pub fn push(&mut self, vertices: &[LatticePoint], left: Option<Owner>, right: Option<Owner>) {
        let (left, right) = (code(left), code(right));
        assert!(left.max(right) <= super::page::MAX_OWNERS, "owners are counted in 30 bits");
        let Some(last) = vertices.len().checked_sub(1).filter(|_| left != right) else { return };
        self.vertices.extend_from_slice(vertices);
        self.across.extend(std::iter::repeat_n(left ^ right, last));
        self.across.push(0);
        self.n_owners = self.n_owners.max(left).max(right);
        let turn = |pair: &[LatticePoint]| {
            let (a, b) = (pair[0], pair[1]);
            i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y)
        };
        if left == 0 || right == 0 {
            let area2: i128 = vertices.windows(2).map(turn).sum();
            self.area2 += if right == 0 { area2 } else { -area2 };
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.vertices.is_empty()
    }

    pub(super) fn n_owners(&self) -> u32 {
        self.n_owners
    }

    /// The area of all owned ground, square steps.
    #[expect(clippy::cast_precision_loss, reason = "it only sets the size of cells")]
    pub(super) fn area(&self) -> f64 {
        self.area2.unsigned_abs() as f64 / 2.0
    }

    /// The names of all edges.
    pub(super) fn names(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.across).filter(|(_, across)| **across != 0).map(|(name, _)| name)
    }

    pub(super) fn ends(&self, name: u32) -> (LatticePoint, LatticePoint) {
        let at = name as usize;
        (self.vertices[at], self.vertices[at + 1])
    }

    pub(super) fn across(&self, name: u32) -> u32 {
        self.across[name as usize]
    }

    /// The vertices along `n` edges in sequence.
    pub(super) fn along(&self, first: u32, n: usize) -> &[LatticePoint] {
        &self.vertices[first as usize..=first as usize + n]
    }

    /// The low and high corner of the box around all edges.
    pub(super) fn corners(&self) -> Option<(LatticePoint, LatticePoint)> {
        let first = *self.vertices.first()?;
        Some(self.vertices.iter().fold((first, first), |(low, high), v| {
            let low = LatticePoint::new(low.x.min(v.x), low.y.min(v.y));
            (low, LatticePoint::new(high.x.max(v.x), high.y.max(v.y)))
        }))
    }
}
