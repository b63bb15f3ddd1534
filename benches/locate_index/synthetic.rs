//! A seeded coverage like Voronoi's: a shaken honeycomb whose shared edges are fractal lines, about 146 vertices a grid.
//!
//! Corners lie on lines `j`, `k` half a grid apart; grid (i, j) stands on the corners `2i + j % 2` to `2i + j % 2 + 2` of
//! line `j`, under the same ones of line `j + 1`. Every line between two corners is made once and shared.

use gridmap::geometry::{Boundary, LatticePoint, Polygon, Position, Ring};

use crate::random::Random;

/// Lattice steps from grid to grid: 1.2 km.
const WIDTH: f64 = 120_000.0;
const WEST: f64 = 1_030_000_000.0;
const SOUTH: f64 = 280_000_000.0;

/// A shared line and the grids on its sides.
#[derive(Clone, Debug)]
pub struct Line {
    pub vertices: Vec<LatticePoint>,
    pub left: Option<u32>,
    pub right: Option<u32>,
}

#[derive(Debug)]
pub struct Coverage {
    side: usize,
    /// East along each line of corners, then north between them.
    pub lines: Vec<Line>,
}

impl Coverage {
    /// `side` x `side` grids.
    pub fn new(side: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let wide = 2 * side + 2;
        let corners: Vec<(f64, f64)> =
            (0..wide * (side + 1)).map(|at| corner(at % wide, at / wide, &mut random)).collect();
        let at = |k: usize, j: usize| corners[j * wide + k];
        let mut coverage = Self { side, lines: Vec::new() };
        for j in 0..=side {
            for k in 0..wide - 1 {
                let (left, right) = (coverage.grid(k, j), j.checked_sub(1).and_then(|below| coverage.grid(k, below)));
                coverage.lines.push(Line { vertices: fractal(at(k, j), at(k + 1, j), &mut random), left, right });
            }
        }
        for j in 0..side {
            for k in (j % 2..wide).step_by(2) {
                let (left, right) = (k.checked_sub(1).and_then(|west| coverage.grid(west, j)), coverage.grid(k, j));
                coverage.lines.push(Line { vertices: fractal(at(k, j), at(k, j + 1), &mut random), left, right });
            }
        }
        coverage
    }

    pub fn side(&self) -> usize {
        self.side
    }

    pub fn n_grids(&self) -> usize {
        self.side * self.side
    }

    /// The grid of row `j` between the corners `k` and `k + 1`.
    fn grid(&self, k: usize, j: usize) -> Option<u32> {
        let i = k.checked_sub(j % 2)? / 2;
        (i < self.side && j < self.side).then(|| u32::try_from(j * self.side + i).expect("fewer than 2^32 grids"))
    }

    /// Each grid's boundary, put together from the shared lines.
    pub fn boundaries(&self) -> Vec<Boundary> {
        (0..self.n_grids()).map(|grid| self.boundary(grid)).collect()
    }

    /// One grid's boundary.
    pub fn boundary(&self, grid: usize) -> Boundary {
        let mut ring =
            Vec::with_capacity(self.sides(grid).map(|line| self.lines[line].vertices.len() - 1).iter().sum());
        for (at, line) in self.sides(grid).into_iter().enumerate() {
            let line = &self.lines[line].vertices;
            let n = line.len() - 1;
            // The first three sides run counter-clockwise, the others against it.
            ring.extend((0..n).map(|v| if at < 3 { line[v] } else { line[n - v] }));
        }
        let exterior = Ring::new(ring).expect("six sides have more than three vertices");
        Boundary::from_valid(vec![Polygon { exterior, holes: Vec::new() }])
    }

    /// The lines round a grid: two south, one east, two north, one west, counter-clockwise.
    pub fn sides(&self, grid: usize) -> [usize; 6] {
        let (i, j) = (grid % self.side, grid / self.side);
        let k = 2 * i + j % 2;
        let (south, north) = (self.east(k, j), self.east(k, j + 1));
        [south, south + 1, self.north(k + 2, j), north + 1, north, self.north(k, j)]
    }

    /// Draws a line anew between the same two corners.
    pub fn redraw(&mut self, line: usize, random: &mut Random) {
        let vertices = &mut self.lines[line].vertices;
        let (a, b) = (vertices[0], vertices[vertices.len() - 1]);
        let plain = |v: LatticePoint| (f64::from(v.x), f64::from(v.y));
        *vertices = fractal(plain(a), plain(b), random);
    }

    fn east(&self, k: usize, j: usize) -> usize {
        j * (2 * self.side + 1) + k
    }

    fn north(&self, k: usize, j: usize) -> usize {
        (self.side + 1) * (2 * self.side + 1) + j * (self.side + 1) + k / 2
    }

    /// Points like homes: three hamlets in each grid, in an order that knows nothing of place.
    pub fn homes(&self, n: usize, random: &mut Random) -> Vec<Position> {
        let home = |_| {
            let grid = random.below(self.n_grids());
            let mut hamlet = Random::new(grid as u64 * 3 + random.bits() % 3);
            let (column, row) = (grid % self.side, grid / self.side);
            let middle = (0.5 + column as f64 + 0.5 * (row % 2) as f64, 0.5 + row as f64);
            let east = middle.0 + 0.3 * hamlet.swing() + 0.06 * random.normal();
            position(place(east, middle.1 + 0.3 * hamlet.swing() + 0.06 * random.normal()))
        };
        (0..n).map(home).collect()
    }

    pub fn uniform(&self, n: usize, random: &mut Random) -> Vec<Position> {
        let side = self.side as f64;
        (0..n).map(|_| position(place(random.unit() * (side + 0.5), random.unit() * side))).collect()
    }

    pub fn vertices(&self, n: usize, random: &mut Random) -> Vec<Position> {
        (0..n).map(|_| self.edge(random).0.position()).collect()
    }

    /// Points exactly on edges, where the lattice has any between the ends; vertices where not.
    pub fn on_edges(&self, n: usize, random: &mut Random) -> Vec<Position> {
        let on_edge = |_| {
            let (a, b) = self.edge(random);
            let (dx, dy) = (b.x - a.x, b.y - a.y);
            let n = gcd(dx.unsigned_abs(), dy.unsigned_abs()).max(1) as i32;
            let at = random.below(n as usize) as i32;
            LatticePoint::new(a.x + dx / n * at, a.y + dy / n * at).position()
        };
        (0..n).map(on_edge).collect()
    }

    fn edge(&self, random: &mut Random) -> (LatticePoint, LatticePoint) {
        let line = &self.lines[random.below(self.lines.len())].vertices;
        let at = random.below(line.len() - 1);
        (line[at], line[at + 1])
    }
}

pub fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn position((x, y): (f64, f64)) -> Position {
    Position::new(x / 1e7, y / 1e7).expect("the coverage lies on the earth")
}

fn corner(k: usize, j: usize, random: &mut Random) -> (f64, f64) {
    let up = if k % 2 == j % 2 { 0.167 } else { -0.167 };
    place(k as f64 / 2.0 + 0.1 * random.swing(), j as f64 + up + 0.1 * random.swing())
}

/// From grid widths to lattice steps; rows of a honeycomb are closer than columns.
fn place(u: f64, v: f64) -> (f64, f64) {
    (WEST + u * WIDTH, SOUTH + v * WIDTH * 0.866)
}

/// The line between two corners: midpoints shifted sideways, less at each level, so that lines keep clear of each other.
fn fractal(a: (f64, f64), b: (f64, f64), random: &mut Random) -> Vec<LatticePoint> {
    let mut line = vec![a, b];
    let levels = if random.bits().is_multiple_of(2) { 4 } else { 5 };
    let mut sway = 0.11;
    for _ in 0..levels {
        let mut finer = Vec::with_capacity(2 * line.len());
        for pair in line.windows(2) {
            let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
            let side = sway * random.swing();
            finer.extend([pair[0], (ax.midpoint(bx) - side * (by - ay), ay.midpoint(by) + side * (bx - ax))]);
        }
        finer.push(line[line.len() - 1]);
        line = finer;
        sway *= 0.8;
    }
    line.into_iter().map(|(x, y)| LatticePoint::new(x.round() as i32, y.round() as i32)).collect()
}
