//! The lattice of 1e-7 degree on which every boundary vertex lies (about 1 cm; a signed 32-bit integer each way).
//!
//! On it every orientation test is one exact integer product, and neighbours share vertices bit for bit.

use std::cmp::Ordering;

use super::Position;

/// Lattice steps in one degree.
pub const STEPS_PER_DEGREE: f64 = 1e7;

/// Half a turn in lattice steps: the meridian of 180 degrees, which is that of -180, too.
pub const HALF_TURN: i32 = 1_800_000_000;

/// A point of the lattice: degrees times ten million. Ordered by `x`, then `y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LatticePoint {
    pub x: i32,
    pub y: i32,
}

impl LatticePoint {
    #[must_use]
    pub const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }

    /// Longitude in degrees: the double nearest to the decimal number, so it prints with at most seven digits.
    #[must_use]
    pub fn lon(self) -> f64 {
        f64::from(self.x) / STEPS_PER_DEGREE
    }

    /// Latitude in degrees, like [`Self::lon`].
    #[must_use]
    pub fn lat(self) -> f64 {
        f64::from(self.y) / STEPS_PER_DEGREE
    }

    /// The same place by its other name, where it has one.
    #[must_use]
    pub fn other_name(self) -> Option<Self> {
        (self.x.abs() == HALF_TURN).then(|| Self::new(-self.x, self.y))
    }

    #[must_use]
    pub fn position(self) -> Position {
        Position::new(self.lon(), self.lat()).expect("boundaries are built from positions, so a vertex is in range")
    }
}

impl From<Position> for LatticePoint {
    /// Takes a position to the nearest lattice point, halves away from zero.
    fn from(position: Position) -> Self {
        Self::new(nearest_step(position.lon() * STEPS_PER_DEGREE), nearest_step(position.lat() * STEPS_PER_DEGREE))
    }
}

/// Like `f64::round`, without the call into the system's mathematics that takes longer than finding an owner.
#[expect(clippy::cast_possible_truncation, reason = "180 degrees are 1.8e9 steps, inside i32")]
fn nearest_step(steps: f64) -> i32 {
    let whole = steps as i32;
    let rest = steps - f64::from(whole);
    whole + i32::from(rest >= 0.5) - i32::from(rest <= -0.5)
}

/// The way from `b` to `a`, lattice steps east and north. Exact.
pub(crate) fn minus(a: LatticePoint, b: LatticePoint) -> (i64, i64) {
    (i64::from(a.x) - i64::from(b.x), i64::from(a.y) - i64::from(b.y))
}

/// Tells on which side of the directed line `a` to `b` the point `p` lies: `Greater` left, `Less` right, `Equal` on it.
///
/// Exact. Cost: one 128-bit product, since a difference of two longitudes needs 33 bits.
#[must_use]
pub fn orientation(a: LatticePoint, b: LatticePoint, p: LatticePoint) -> Ordering {
    let (ax, ay) = (i128::from(a.x), i128::from(a.y));
    let left = (i128::from(b.x) - ax) * (i128::from(p.y) - ay);
    let right = (i128::from(b.y) - ay) * (i128::from(p.x) - ax);
    left.cmp(&right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orientation_is_exact_at_the_ends_of_the_range() {
        let (w, e) = (LatticePoint::new(-1_800_000_000, -900_000_000), LatticePoint::new(1_800_000_000, 900_000_000));
        assert_eq!(orientation(w, e, LatticePoint::new(0, 0)), Ordering::Equal);
        assert_eq!(orientation(w, e, LatticePoint::new(0, 1)), Ordering::Greater);
        assert_eq!(orientation(w, e, LatticePoint::new(1, 0)), Ordering::Less);
    }

    #[test]
    fn the_nearest_step_is_what_round_says() {
        let steps = [0.0, 0.5, 1.5, 2.5, 0.1, 0.9, 1e9, 1_799_999_999.5, 1_800_000_000.0, 0.499_999_999_999_999_94];
        for steps in
            steps.into_iter().flat_map(|s: f64| [s, -s, s.next_down(), s.next_up(), -s.next_down(), -s.next_up()])
        {
            assert!((f64::from(nearest_step(steps)) - steps.round()).abs() < 0.25, "{steps}");
        }
    }

    #[test]
    fn seven_decimals_survive_the_lattice() {
        for text in ["103.2252970", "-0.0000001", "179.9999999", "34.7300001"] {
            let degrees: f64 = text.parse().unwrap();
            let point = LatticePoint::from(Position::new(degrees, 0.0).unwrap());
            assert_eq!(point.lon().to_bits(), degrees.to_bits(), "{text}");
        }
    }
}
