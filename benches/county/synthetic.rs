//! A seeded coverage of square-ish grids whose shared edges are ragged lines, as GeoJSON layers for `gridmap import`.

use std::fmt::Write;

/// Points on one side of a grid, its first corner included: four sides make about 100.
const POINTS_A_SIDE: i64 = 25;
/// Lattice steps from one corner to the next, about a kilometre.
const STEP: i64 = 100_000;
const WEST: i64 = 1_030_000_000;
const SOUTH: i64 = 340_000_000;

type Point = (i64, i64);

/// A county of `side` x `side` grids: the layers `county` and `grid`.
pub fn layers(side: i64) -> (String, String) {
    let mut outline: Vec<Point> = Vec::new();
    let mut grids = Vec::new();
    for i in 0..side {
        outline.extend(edge((i, 0), (i + 1, 0)));
    }
    for j in 0..side {
        outline.extend(edge((side, j), (side, j + 1)));
    }
    for i in (0..side).rev() {
        outline.extend(edge((i + 1, side), (i, side)));
    }
    for j in (0..side).rev() {
        outline.extend(edge((0, j + 1), (0, j)));
    }
    for j in 0..side {
        for i in 0..side {
            let corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j)];
            let ring: Vec<Point> = corners.windows(2).flat_map(|c| edge(c[0], c[1])).collect();
            grids.push(feature(&format!("9{j:03}{i:03}"), "grid", "\"9\"", &ring));
        }
    }
    (collection(&[feature("9", "county", "null", &outline)]), collection(&grids))
}

/// The points from one corner up to, not including, the next; the same points whichever way it is walked.
fn edge(from: Point, to: Point) -> Vec<Point> {
    let (a, b) = if from <= to { (from, to) } else { (to, from) };
    let ((ax, ay), (bx, by)) = (corner(a), corner(b));
    let mut points = vec![(ax, ay)];
    for k in 1..POINTS_A_SIDE {
        let bow = k * (POINTS_A_SIDE - k);
        let sway = noise(a, b, k) * bow / (POINTS_A_SIDE * POINTS_A_SIDE) / 8;
        let (x, y) = (ax + (bx - ax) * k / POINTS_A_SIDE, ay + (by - ay) * k / POINTS_A_SIDE);
        points.push(if a.1 == b.1 { (x, y + sway) } else { (x + sway, y) });
    }
    points.push((bx, by));
    if from > to {
        points.reverse();
    }
    points.pop();
    points
}

fn corner((i, j): Point) -> Point {
    let shake = |salt| noise((i, j), (salt, salt), 0) / 10;
    (WEST + i * STEP + shake(1), SOUTH + j * STEP + shake(2))
}

/// A number within half a step of zero that depends on its arguments alone (`SplitMix64`, Steele et al. 2014).
fn noise(a: Point, b: Point, k: i64) -> i64 {
    let mut z = [a.0, a.1, b.0, b.1, k].iter().fold(0x9e37_79b9_7f4a_7c15_u64, |h, n| mix(h ^ n.cast_unsigned()));
    z = mix(z);
    z.cast_signed().rem_euclid(STEP) - STEP / 2
}

fn mix(z: u64) -> u64 {
    let z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn feature(code: &str, level: &str, parent: &str, ring: &[Point]) -> String {
    let mut text = format!(
        r#"{{"type":"Feature","properties":{{"code":"{code}","name":"{code}","level":"{level}","parent":{parent}}},"geometry":{{"type":"Polygon","coordinates":[["#
    );
    for (x, y) in ring.iter().chain(ring.first()) {
        let degrees = |n: i64| format!("{}.{:07}", n / 10_000_000, n % 10_000_000);
        write!(text, "[{},{}],", degrees(*x), degrees(*y)).expect("writing to a string does not fail");
    }
    text.pop();
    text + "]]}}"
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}
