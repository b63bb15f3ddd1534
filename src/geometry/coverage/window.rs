//! A box of the lattice in which something changed.

use crate::geometry::{Bbox, LatticePoint, Position};

/// A box by its low and its high corner, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub low: LatticePoint,
    pub high: LatticePoint,
}

impl Window {
    /// The box around the edge from `a` to `b`.
    #[must_use]
    pub fn around(a: LatticePoint, b: LatticePoint) -> Self {
        let (low, high) =
            (LatticePoint::new(a.x.min(b.x), a.y.min(b.y)), LatticePoint::new(a.x.max(b.x), a.y.max(b.y)));
        Self { low, high }
    }

    /// The lattice's smallest box around a box of degrees that does not cross the antimeridian; `None` where its corners are
    /// no positions.
    #[must_use]
    pub fn outwards(bbox: Bbox) -> Option<Self> {
        let low = LatticePoint::from(Position::new(bbox.west, bbox.south).ok()?);
        let high = LatticePoint::from(Position::new(bbox.east, bbox.north).ok()?);
        let down = |step: i32, is_inside: bool| if is_inside { step.saturating_sub(1) } else { step };
        let up = |step: i32, is_inside: bool| if is_inside { step.saturating_add(1) } else { step };
        Some(Self {
            low: LatticePoint::new(down(low.x, low.lon() > bbox.west), down(low.y, low.lat() > bbox.south)),
            high: LatticePoint::new(up(high.x, high.lon() < bbox.east), up(high.y, high.lat() < bbox.north)),
        })
    }

    /// The box around both.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        let low = LatticePoint::new(self.low.x.min(other.low.x), self.low.y.min(other.low.y));
        Self { low, high: LatticePoint::new(self.high.x.max(other.high.x), self.high.y.max(other.high.y)) }
    }

    /// Tells whether the boxes share a point.
    #[must_use]
    pub fn touches(self, other: Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }

    /// Tells whether the box around the edge from `a` to `b` shares a point with this one.
    #[must_use]
    pub fn meets(self, a: LatticePoint, b: LatticePoint) -> bool {
        self.touches(Self::around(a, b))
    }

    #[must_use]
    pub fn holds(self, p: LatticePoint) -> bool {
        self.meets(p, p)
    }

    /// Joins boxes until no two share a point.
    #[must_use]
    pub fn merge_overlapping(windows: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut apart: Vec<Self> = Vec::new();
        for mut window in windows {
            while let Some(at) = apart.iter().position(|other| other.touches(window)) {
                window = window.joined(apart.swap_remove(at));
            }
            apart.push(window);
        }
        apart
    }
}
