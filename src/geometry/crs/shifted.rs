//! GCJ-02 and BD-09: WGS 84 shifted by a wave, then shifted again.
//!
//! The formulas are not published by their makers. These are the ones of wandergis/coordtransform (MIT) and its many
//! ports: Krasovsky's ellipsoid of 1940 and a sum of sines for GCJ-02, a turn and a stretch about the origin for BD-09.
//! Outside a box around China GCJ-02 is WGS 84 itself; BD-09 keeps its own shift everywhere.

use std::f64::consts::PI;

use crate::geometry::Position;

/// Krasovsky 1940: semi-major axis, metres, and squared eccentricity.
const AXIS_M: f64 = 6_378_245.0;
const ECCENTRICITY2: f64 = 0.006_693_421_622_965_943;

/// The box in which GCJ-02 is shifted, degrees.
const CHINA: (std::ops::RangeInclusive<f64>, std::ops::RangeInclusive<f64>) = (72.004..=137.8347, 0.8293..=55.8271);

/// Baidu's factor in the sines of its shift.
const BD_PI: f64 = PI * 3000.0 / 180.0;

/// An inverse stops when a step moves it by less: a hundredth of a millimetre.
const CLOSE_DEG: f64 = 1e-10;
const MAX_STEPS: usize = 30;

pub(super) fn wgs84_to_gcj02(p: Position) -> Position {
    if is_in_china(p) { position(gcj02((p.lon(), p.lat())), p) } else { p }
}

pub(super) fn gcj02_to_wgs84(p: Position) -> Position {
    if is_in_china(p) { position(inverse(gcj02, (p.lon(), p.lat())), p) } else { p }
}

pub(super) fn wgs84_to_bd09(p: Position) -> Position {
    let p = wgs84_to_gcj02(p);
    position(bd09((p.lon(), p.lat())), p)
}

pub(super) fn bd09_to_wgs84(p: Position) -> Position {
    gcj02_to_wgs84(position(inverse(bd09, (p.lon(), p.lat())), p))
}

fn is_in_china(p: Position) -> bool {
    CHINA.0.contains(&p.lon()) && CHINA.1.contains(&p.lat())
}

/// A shift at the very end of the range could leave it; the unshifted place is then the honest answer.
fn position((lon, lat): (f64, f64), unshifted: Position) -> Position {
    Position::new(lon, lat).unwrap_or(unshifted)
}

/// Finds what `shift` takes to `target`: the shift changes so little from place to place that correcting by the
/// remaining error closes in by two to three digits a step.
fn inverse(shift: impl Fn((f64, f64)) -> (f64, f64), target: (f64, f64)) -> (f64, f64) {
    let mut at = target;
    for _ in 0..MAX_STEPS {
        let shifted = shift(at);
        let (dx, dy) = (target.0 - shifted.0, target.1 - shifted.1);
        at = (at.0 + dx, at.1 + dy);
        if dx.abs().max(dy.abs()) < CLOSE_DEG {
            break;
        }
    }
    at
}

fn gcj02((lon, lat): (f64, f64)) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let waves = |t: f64, lengths: [f64; 2], heights: [f64; 2]| {
        (heights[0] * (t / lengths[0] * PI).sin() + heights[1] * (t / lengths[1] * PI).sin()) * 2.0 / 3.0
    };
    let common = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let root = x.abs().sqrt();
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + common
        + waves(x, [1.0, 3.0], [20.0, 40.0])
        + waves(x, [12.0, 30.0], [150.0, 300.0]);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + common
        + waves(y, [1.0, 3.0], [20.0, 40.0])
        + waves(y, [12.0, 30.0], [160.0, 320.0]);
    let rad = lat.to_radians();
    let magic = 1.0 - ECCENTRICITY2 * rad.sin() * rad.sin();
    let dlat = north.to_degrees() / (AXIS_M * (1.0 - ECCENTRICITY2) / (magic * magic.sqrt()));
    let dlon = east.to_degrees() / (AXIS_M / magic.sqrt() * rad.cos());
    (lon + dlon, lat + dlat)
}

fn bd09((lon, lat): (f64, f64)) -> (f64, f64) {
    let radius = lon.hypot(lat) + 0.000_02 * (lat * BD_PI).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * BD_PI).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}
