//! Makes the lists of a page: halves it again and again, and leaves out what cannot be nearest in a half.
//!
//! An edge cannot be nearest in a block when one point of the coverage's edges is nearer than it from all over the block.
//! That need be asked at the block's corners only: the squared distance to that point less that to one point of the edge is
//! linear in the position; less that to the edge it is the greatest of those, so it is convex, and greatest at a
//! corner. The points asked about are those nearest to the corners. One point is rarely nearer from all over a cell, so
//! a cell is halved once more, and has what its halves have.

use std::ops::Range;

use wide::f64x4;

use super::page::{EdgePage, write};
use super::raster::{PAGE_CELLS, PAGE_SHIFT};
use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;
use crate::geometry::measure::MetresPerDegree;
use crate::index::outline::BorderLine;

/// A list so short is good for all the cells it was made for.
const SHORT: usize = 2;

/// What a squared distance must be less by to count as less, as a share and in square steps: more than all rounding.
const SHARE: f64 = 1e-6;
const LEAST: f64 = 1e-3;

/// Makes the page of all points in `window`, whose cells have sides of `cell` steps, from all lines that can be nearest to
/// one of them, in their order.
pub(super) fn page(window: Window, cell: (u64, u64), lines: &[BorderLine]) -> EdgePage {
    let (least, greatest) = aspects(window);
    let mut edges = Vec::new();
    let mut number = 0_u32;
    for line in lines {
        for (a, b) in line.edges() {
            edges.push(Edge::new(a, b, window.low, least, number));
            number += 1;
        }
        number += 1;
    }
    if edges.is_empty() {
        return EdgePage::default();
    }
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    let cell = (cell.0 as f64, cell.1 as f64);
    let mut fill = Fill {
        cell,
        aspect: least,
        stretch2: (greatest / least).powi(2),
        stack: (0..edges.len()).collect(),
        seen_in: vec![0; edges.len()],
        edges,
        distances2: Vec::new(),
        lists: Vec::new(),
        of_cells: [0; PAGE_CELLS],
    };
    fill.block(Block { columns: (0, 1 << PAGE_SHIFT), rows: (0, 1 << PAGE_SHIFT) }, 0);
    write(&fill.lists, &fill.of_cells, lines)
}

/// The least and the greatest length of a step east, as a share of that of a step north, in a window.
fn aspects(Window { low, high }: Window) -> (f64, f64) {
    // The raster may reach over the poles, no point does.
    let at = |lat: f64| {
        let degree = MetresPerDegree::at(lat.clamp(-90.0, 90.0));
        degree.east / degree.north
    };
    // It falls from the equator to either pole.
    let (south, north) = (at(low.lat()), at(high.lat()));
    let greatest = if low.y < 0 && high.y > 0 { at(0.0) } else { south.max(north) };
    (south.min(north), greatest)
}

/// An edge, in steps north from the page's low corner.
struct Edge {
    a: (f64, f64),
    d: (f64, f64),
    /// One by the squared length; zero without any.
    per_length2: f64,
    /// Its number among the vertices of all lines.
    number: u32,
}

impl Edge {
    fn new(a: LatticePoint, b: LatticePoint, low: LatticePoint, aspect: f64, number: u32) -> Self {
        let place = |v: LatticePoint| ((f64::from(v.x) - f64::from(low.x)) * aspect, f64::from(v.y) - f64::from(low.y));
        let (a, b) = (place(a), place(b));
        let d = (b.0 - a.0, b.1 - a.1);
        let length2 = d.0 * d.0 + d.1 * d.1;
        Self { a, d, per_length2: if length2 > 0.0 { 1.0 / length2 } else { 0.0 }, number }
    }

    /// The points of the edge nearest to four points.
    #[inline]
    fn nearest(&self, (x, y): (f64x4, f64x4)) -> (f64x4, f64x4) {
        let along = ((x - self.a.0) * self.d.0 + (y - self.a.1) * self.d.1) * self.per_length2;
        let along = along.fast_max(f64x4::ZERO).fast_min(f64x4::ONE);
        (along * self.d.0 + self.a.0, along * self.d.1 + self.a.1)
    }
}

/// Columns and rows, from and to, the last not included.
#[derive(Clone, Copy, Debug)]
struct Block {
    columns: (u16, u16),
    rows: (u16, u16),
}

/// Where a block begins and ends, steps from the page's low corner.
#[derive(Clone, Copy, Debug)]
struct Sides {
    x: (f64, f64),
    y: (f64, f64),
}

impl Sides {
    fn corners(self, aspect: f64) -> (f64x4, f64x4) {
        let x = f64x4::new([self.x.0, self.x.1, self.x.0, self.x.1]) * aspect;
        (x, f64x4::new([self.y.0, self.y.0, self.y.1, self.y.1]))
    }

    fn halves(self) -> [Self; 2] {
        let (wide, high) = (self.x.1 - self.x.0, self.y.1 - self.y.0);
        if wide >= high {
            let middle = self.x.0 + wide / 2.0;
            [Self { x: (self.x.0, middle), ..self }, Self { x: (middle, self.x.1), ..self }]
        } else {
            let middle = self.y.0 + high / 2.0;
            [Self { y: (self.y.0, middle), ..self }, Self { y: (middle, self.y.1), ..self }]
        }
    }
}

struct Fill {
    cell: (f64, f64),
    /// The least in the page; and the square of how much longer a step east can be.
    aspect: f64,
    stretch2: f64,
    edges: Vec<Edge>,
    /// The list of the block at work, behind those of the blocks around.
    stack: Vec<usize>,
    /// The squared distances from the corners at work to those of a list.
    distances2: Vec<f64x4>,
    /// The last list that has each edge, and one.
    seen_in: Vec<usize>,
    lists: Vec<Vec<u32>>,
    of_cells: [u16; PAGE_CELLS],
}

impl Fill {
    /// Fills a block from the list that begins at `from` on the stack.
    fn block(&mut self, block: Block, from: usize) {
        let to = self.stack.len();
        let along = |n: (u16, u16), cell: f64| (f64::from(n.0) * cell, f64::from(n.1) * cell - 1.0);
        let sides = Sides { x: along(block.columns, self.cell.0), y: along(block.rows, self.cell.1) };
        self.choose(sides, from..to);
        let (n_columns, n_rows) = (block.columns.1 - block.columns.0, block.rows.1 - block.rows.0);
        if self.stack.len() - to <= SHORT || n_columns * n_rows == 1 {
            self.write(block, sides, to);
        } else if n_columns >= n_rows {
            let half = block.columns.0 + n_columns / 2;
            self.block(Block { columns: (block.columns.0, half), ..block }, to);
            self.block(Block { columns: (half, block.columns.1), ..block }, to);
        } else {
            let half = block.rows.0 + n_rows / 2;
            self.block(Block { rows: (block.rows.0, half), ..block }, to);
            self.block(Block { rows: (half, block.rows.1), ..block }, to);
        }
        self.stack.truncate(to);
    }

    /// Puts those of a list on the stack that can be nearest to a point between `sides`.
    fn choose(&mut self, sides: Sides, list: Range<usize>) {
        let corners = sides.corners(self.aspect);
        let mut least = f64x4::splat(f64::INFINITY);
        // The nearest to each corner, by place in the list.
        let (mut nearest, mut place) = (f64x4::ZERO, f64x4::ZERO);
        self.distances2.clear();
        for &id in &self.stack[list.clone()] {
            let (x, y) = self.edges[id].nearest(corners);
            let (dx, dy) = (x - corners.0, y - corners.1);
            let distances2 = dx * dx + dy * dy;
            self.distances2.push(distances2);
            nearest = distances2.simd_lt(least).bitselect(place, nearest);
            least = least.fast_min(distances2);
            place += 1.0;
        }
        let limits = nearest.to_array().map(|place| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was counted")]
            let id = self.stack[list.start + place as usize];
            self.edges[id].nearest(corners)
        });
        let limits: [f64x4; 4] = std::array::from_fn(|corner| {
            let (x, y) = &limits[corner];
            let (dx, dy) = (corners.0 - x.to_array()[corner], corners.1 - y.to_array()[corner]);
            // As far as it can be by any projection in the page; what it is compared to is as near as it can be.
            (dx * dx * self.stretch2 + dy * dy) * (1.0 + SHARE) + LEAST
        });
        for (at, distances2) in list.zip(&self.distances2) {
            let [a, b, c, d] = limits.map(|limit| limit.simd_lt(*distances2).all());
            if !(a | b | c | d) {
                self.stack.push(self.stack[at]);
            }
        }
    }

    /// Gives what can be nearest in one half of a block or the other, of the list that begins at `from` on the stack, to all
    /// of its cells.
    fn write(&mut self, block: Block, sides: Sides, from: usize) {
        let (to, number) = (self.stack.len(), self.lists.len());
        for half in sides.halves() {
            self.choose(half, from..to);
            for id in self.stack.drain(to..) {
                self.seen_in[id] = number + 1;
            }
        }
        let seen = self.stack[from..].iter().filter(|id| self.seen_in[**id] == number + 1);
        self.lists.push(seen.map(|id| self.edges[*id].number).collect());
        let number = u16::try_from(number).expect("no more lists than cells");
        for row in block.rows.0..block.rows.1 {
            let first = usize::from(row) << PAGE_SHIFT;
            self.of_cells[first + usize::from(block.columns.0)..first + usize::from(block.columns.1)].fill(number);
        }
    }
}
