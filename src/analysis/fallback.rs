//! Points given for an unknown one: desks that do not know where something happened put it on one point, such as the
//! town hall. Such a point is no hotspot (in Boston's 311 one holds 14 % of all reports).

/// A point that holds more than this share of all incidents is a fallback.
pub const SHARE: f64 = 0.05;
/// With fewer incidents than this on it a share says nothing.
pub const LEAST: u64 = 10;
/// The most there can be; 20 could not be more than 5 % each of anything.
pub const MOST: u32 = 20;

/// Tells whether a point with `n` of `n_reported` incidents is a fallback.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "nothing is counted up to 2^53")]
pub fn is_fallback(n: u64, n_reported: u64) -> bool {
    n >= LEAST && n as f64 > SHARE * n_reported as f64
}
