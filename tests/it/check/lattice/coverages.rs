//! Coverages of two to four areas: cells shared out at random, then redrawn so that some overlap, leave gaps, or lack the
//! vertices of a neighbour.

use std::collections::{BTreeMap, BTreeSet};

use gridmap::geometry::{LatticePoint, Polygon};

use super::polygons::any_polygons;
use super::{Rings, assert_right, line};
use crate::check::random::{CELL, Cell, polygons};
use crate::random::{Random, n_cases};

const N_COVERAGES: usize = 10_000;
/// Cells along a side, which have 6 x 6 corners.
const SIDE: i32 = 5;

fn shared_out(random: &mut Random) -> Vec<Vec<Rings>> {
    let n_areas = 2 + random.index(3);
    let side = usize::try_from(SIDE).unwrap();
    let coordinate = |random: &mut Random| i32::try_from(random.index(side)).unwrap();
    let seeds: Vec<Cell> = (0..n_areas).map(|_| (coordinate(random), coordinate(random))).collect();
    let mut cells: BTreeMap<usize, BTreeSet<Cell>> = BTreeMap::new();
    for (x, y) in (0..SIDE).flat_map(|x| (0..SIDE).map(move |y| (x, y))) {
        let near = (0..n_areas).min_by_key(|&i| (seeds[i].0 - x).abs() + (seeds[i].1 - y).abs()).unwrap();
        match random.index(12) {
            0 => {}
            1 => drop(cells.entry(random.index(n_areas)).or_default().insert((x, y))),
            _ => drop(cells.entry(near).or_default().insert((x, y))),
        }
    }
    let point = |v: &LatticePoint| (v.x / CELL, v.y / CELL);
    let rings = |polygon: &Polygon| {
        let rings = std::iter::once(&polygon.exterior).chain(&polygon.holes);
        rings.map(|ring| ring.vertices().iter().map(point).collect()).collect()
    };
    cells.values().map(|cells| polygons(cells).iter().map(rings).collect()).collect()
}

/// Drops vertices on straight lines, as another program might.
fn straightened(ring: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let n = ring.len();
    let is_corner = |i: usize| {
        let (a, b, c) = (ring[(i + n - 1) % n], ring[i], ring[(i + 1) % n]);
        (b.0 - a.0) * (c.1 - b.1) != (b.1 - a.1) * (c.0 - b.0)
    };
    (0..n).filter(|&i| is_corner(i)).map(|i| ring[i]).collect()
}

fn redrawn(mut areas: Vec<Vec<Rings>>, random: &mut Random) -> Vec<Vec<Rings>> {
    let which = random.index(areas.len());
    let part = random.index(areas[which].len());
    let rings = &mut areas[which][part];
    let ring = random.index(rings.len());
    let vertex = random.index(rings[ring].len());
    match random.index(5) {
        0 => *rings = rings.iter().map(|ring| straightened(ring)).collect(),
        1 => {
            let step = |random: &mut Random| i32::try_from(random.index(3)).unwrap() - 1;
            let (x, y) = rings[ring][vertex];
            let moved = ((x + step(random)).clamp(0, SIDE), (y + step(random)).clamp(0, SIDE));
            rings[ring][vertex] = moved;
        }
        2 if rings[ring].len() > 3 => drop(rings[ring].remove(vertex)),
        3 => areas[which] = any_polygons(random),
        _ => {}
    }
    areas
}

#[test]
fn what_is_said_of_random_coverages_and_stored_of_them_is_what_geos_says() {
    let mut random = Random::new(10);
    let mut lines = String::new();
    for _ in 0..n_cases(N_COVERAGES) {
        let areas = shared_out(&mut random);
        lines.push_str(&line(&redrawn(areas, &mut random)));
    }
    assert_right(&lines);
}
