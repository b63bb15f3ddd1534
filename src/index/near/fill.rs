//! Makes the lists of a page: halves it again and again, and leaves out what cannot be nearest in a half.
//!
//! A piece cannot be nearest in a block when one vertex is nearer than the piece from all over the block. That need be
//! asked at the block's corners only: the squared distance to the vertex less that to one point of the piece is linear in
//! where one stands; less that to the piece it is the greatest of those, so it is convex, and greatest at a corner. How
//! far a piece is at least, its box tells, and the strip along its chord; in the end, its edges.

use std::ops::Range;

use super::page::{FEW, Page, Record};
use super::piece::{Piece, around, least, runs};
use super::raster::{PAGE_CELLS, PAGE_SHIFT};
use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;
use crate::geometry::measure::MetresPerDegree;
use crate::index::metric::Metric;
use crate::index::outline::Line;

/// A list so short is good for all the cells it was made for.
const SHORT: usize = 2;
/// Blocks of so many cells are looked at edge by edge.
const THIN: u16 = 4;

/// Makes the page of all points in `window`, whose cells have sides of `cell` steps, from all lines that can be nearest to
/// one of them, in their order.
pub(super) fn page(window: Window, cell: (u64, u64), lines: &[Line]) -> Page {
    let of_lines: Vec<(&Line, &[LatticePoint])> =
        lines.iter().flat_map(|line| runs(&line.points).map(move |run| (line, run))).collect();
    let Ok(n) = u32::try_from(of_lines.len()) else { return Page::empty() };
    if n == 0 {
        return Page::empty();
    }
    let aspect2 = aspect2(window);
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    let cell = (cell.0 as f64, cell.1 as f64);
    let pieces: Vec<Piece> = of_lines.iter().map(|(line, run)| Piece::new(run, line.left, line.right)).collect();
    let (scale, slack) = scale(window);
    let mut fill = Fill {
        low: window.low,
        pieces: &pieces,
        scale,
        slack,
        cell,
        aspect2,
        hulls: of_lines.iter().map(|(_, run)| Hull::new(run, window.low, aspect2.0)).collect(),
        runs: of_lines.iter().map(|(_, run)| *run).collect(),
        stack: (0..n).collect(),
        lists: Vec::new(),
        of_cells: [0; PAGE_CELLS],
    };
    fill.block(Block { columns: (0, 1 << PAGE_SHIFT), rows: (0, 1 << PAGE_SHIFT) }, 0);
    let Fill { lists, of_cells, .. } = fill;
    let piece = |id: u32| {
        let id = id as usize;
        (pieces[id], of_lines[id].1)
    };
    let mut page = Record { lists, of_cells }.page(n, piece);
    (page.scale, page.slack) = (scale, slack);
    page
}

/// The lengths of a step east and north in the middle of a window, metres; and by what share of them they are others
/// elsewhere in it, and a little for the rounding of these.
fn scale(Window { low, high }: Window) -> ((f32, f32), f32) {
    let at = |y: i32| Metric::around(LatticePoint::new(low.x, y)).single();
    let middle = at(low.y.midpoint(high.y));
    // East they are longest at the equator, north they grow to the poles.
    let equator = 0.clamp(low.y, high.y);
    let slack = [low.y, high.y, equator].map(|y| {
        let (east, north) = at(y);
        let share = |here: f32, middle: f32| (here / middle - 1.0).abs().max((middle / here - 1.0).abs());
        share(east, middle.0).max(share(north, middle.1))
    });
    (middle, slack.into_iter().fold(0.0, f32::max) + 1e-6)
}

/// The least and the greatest square of (the length of a step east by that of a step north) in a window.
fn aspect2(Window { low, high }: Window) -> (f64, f64) {
    let at = |lat: f64| {
        let degree = MetresPerDegree::at(lat);
        (degree.east / degree.north).powi(2)
    };
    // It falls from the equator to either pole.
    let (south, north) = (at(low.lat()), at(high.lat()));
    let greatest = if low.y < 0 && high.y > 0 { at(0.0) } else { south.max(north) };
    (south.min(north), greatest)
}

/// Columns and rows, from and to, the last not included.
#[derive(Clone, Copy, Debug)]
struct Block {
    columns: (u16, u16),
    rows: (u16, u16),
}

/// Where something begins and ends, steps from the page's low corner.
#[derive(Clone, Copy, Debug)]
struct Sides {
    x: (f64, f64),
    y: (f64, f64),
}

/// Where a piece lies: in a box, and in a strip along its chord.
#[derive(Clone, Copy, Debug)]
struct Hull {
    around: Sides,
    /// Goes one step, as long as one north, for every step across the chord.
    across: (f64, f64),
    strip: (f64, f64),
}

impl Hull {
    fn new(run: &[LatticePoint], low: LatticePoint, aspect2: f64) -> Self {
        let Window { low: west, high: east } = around(run);
        let (west, east) = (steps(west, low), steps(east, low));
        let (a, b) = (steps(run[0], low), steps(run[run.len() - 1], low));
        let aspect = aspect2.sqrt();
        let along = ((b.0 - a.0) * aspect, b.1 - a.1);
        let length = along.0.hypot(along.1);
        // A closed piece has no chord; every point lies on the strip then.
        let across = if length > 0.0 { (-along.1 / length * aspect, along.0 / length) } else { (0.0, 0.0) };
        let places = run.iter().map(|v| steps(*v, low)).map(|(x, y)| x * across.0 + y * across.1);
        let strip = places.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
        Self { around: Sides { x: (west.0, east.0), y: (west.1, east.1) }, across, strip }
    }
}

/// The pieces are those of all lines, by number.
struct Fill<'f> {
    low: LatticePoint,
    pieces: &'f [Piece],
    scale: (f32, f32),
    slack: f32,
    cell: (f64, f64),
    aspect2: (f64, f64),
    hulls: Vec<Hull>,
    runs: Vec<&'f [LatticePoint]>,
    /// The list of the block at work, behind those of the blocks around.
    stack: Vec<u32>,
    lists: Vec<Vec<u32>>,
    of_cells: [u16; PAGE_CELLS],
}

impl Fill<'_> {
    /// Fills a block from the list that begins at `from` on the stack.
    fn block(&mut self, block: Block, from: usize) {
        let to = self.stack.len();
        let along = |n: (u16, u16), cell: f64| (f64::from(n.0) * cell, f64::from(n.1) * cell - 1.0);
        let sides = Sides { x: along(block.columns, self.cell.0), y: along(block.rows, self.cell.1) };
        self.choose(sides, from..to);
        let (n_columns, n_rows) = (block.columns.1 - block.columns.0, block.rows.1 - block.rows.0);
        let n = self.stack.len() - to;
        if n_columns * n_rows == THIN && n > SHORT || n_columns * n_rows == 1 && n > FEW {
            self.thin(sides, to);
        }
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
        let Some(vertex) = self.vertex(sides.middle(), &self.stack[list.clone()]) else { return };
        let (least, greatest) = self.aspect2;
        // More than the rounding here and of what is measured later.
        let dx2 = [sides.x.0, sides.x.1].map(|x| greatest * (x - vertex.0).powi(2) * (1.0 + 1e-6));
        let dy2 = [sides.y.0, sides.y.1].map(|y| (y - vertex.1).powi(2) * (1.0 + 1e-6));
        for at in list {
            let id = self.stack[at];
            let hull = &self.hulls[id as usize];
            let bx2 = [sides.x.0, sides.x.1].map(|x| least * beside(x, hull.around.x).powi(2));
            let by2 = [sides.y.0, sides.y.1].map(|y| beside(y, hull.around.y).powi(2));
            let sx = [sides.x.0, sides.x.1].map(|x| x * hull.across.0);
            let sy = [sides.y.0, sides.y.1].map(|y| y * hull.across.1);
            let is_nearer = |i: usize, j: usize| {
                let least = (bx2[i] + by2[j]).max(beside(sx[i] + sy[j], hull.strip).powi(2));
                dx2[i] + dy2[j] < least
            };
            if !(is_nearer(0, 0) && is_nearer(1, 1) && is_nearer(1, 0) && is_nearer(0, 1)) {
                self.stack.push(id);
            }
        }
    }

    /// A vertex near `p`: the nearest of the piece that seems nearest.
    fn vertex(&self, p: (f64, f64), list: &[u32]) -> Option<(f64, f64)> {
        let bounds2 = list.iter().map(|id| (self.bound2(p, *id), *id));
        let first = bounds2.reduce(|a, b| if b.0 < a.0 { b } else { a })?.1;
        let vertices = self.runs[first as usize].iter().map(|v| steps(*v, self.low));
        let distance2 = |v: (f64, f64)| self.aspect2.1 * (v.0 - p.0).powi(2) + (v.1 - p.1).powi(2);
        vertices.reduce(|a, b| if distance2(b) < distance2(a) { b } else { a })
    }

    /// The least that the squared distance from `p` to a piece can be.
    fn bound2(&self, p: (f64, f64), id: u32) -> f64 {
        let Hull { around, across, strip } = &self.hulls[id as usize];
        let to_box = self.aspect2.0 * beside(p.0, around.x).powi(2) + beside(p.1, around.y).powi(2);
        to_box.max(beside(p.0 * across.0 + p.1 * across.1, *strip).powi(2))
    }

    /// Gives the list that begins at `from` on the stack to all cells of a block, the nearest to the middle first.
    fn write(&mut self, block: Block, sides: Sides, from: usize) {
        let list = self.ordered(sides, from);
        let number = u16::try_from(self.lists.len()).expect("no more lists than cells");
        self.lists.push(list);
        for row in block.rows.0..block.rows.1 {
            let first = usize::from(row) << PAGE_SHIFT;
            self.of_cells[first + usize::from(block.columns.0)..first + usize::from(block.columns.1)].fill(number);
        }
    }
}

impl Fill<'_> {
    /// The list that begins at `from` on the stack, the nearest to the middle first.
    fn ordered(&self, sides: Sides, from: usize) -> Vec<u32> {
        let bounds2 = self.stack[from..].iter().map(|id| (self.bound2(sides.middle(), *id), *id));
        let mut list: Vec<(f64, u32)> = bounds2.collect();
        list.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        list.into_iter().map(|(_, id)| id).collect()
    }

    /// Takes those from the list that begins at `from` on the stack whose edges are further than one vertex of those that
    /// seem nearest.
    fn thin(&mut self, sides: Sides, from: usize) {
        let mut list = self.ordered(sides, from);
        let corners = [(sides.x.0, sides.y.0), (sides.x.1, sides.y.0), (sides.x.0, sides.y.1), (sides.x.1, sides.y.1)];
        let vertices: Vec<[f64; 4]> = list
            .iter()
            .take(SHORT)
            .flat_map(|id| self.runs[*id as usize])
            .map(|v| {
                let (x, y) = steps(*v, self.low);
                corners.map(|p| self.aspect2.1 * (x - p.0).powi(2) + (y - p.1).powi(2))
            })
            .collect();
        list.retain(|id| {
            let piece = &self.pieces[*id as usize];
            let mut least = [0.0; 4];
            for (least, (x, y)) in least.iter_mut().zip(corners) {
                *least = self.least2(piece, x, y);
            }
            !vertices.iter().any(|to| (0..4).all(|at| to[at] * (1.0 + 1e-5) < least[at]))
        });
        self.stack.truncate(from);
        self.stack.extend(list);
    }
}

impl Fill<'_> {
    /// The least that the squared distance from a corner of cells to the edges of a piece can be by any metric of the page,
    /// square steps north.
    #[inline(never)]
    fn least2(&self, piece: &Piece, x: f64, y: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, reason = "corners of cells lie on the lattice")]
        let at = |low: i32, d: f64| (f64::from(low) + d).clamp(f64::from(i32::MIN), f64::from(i32::MAX)) as i32;
        let distances2 = piece.distances2(LatticePoint::new(at(self.low.x, x), at(self.low.y, y)), self.scale);
        let steps = f64::from(least(&distances2)).sqrt() / f64::from((1.0 + self.slack).powi(2) * self.scale.1);
        (steps - f64::from(piece.error)).max(0.0).powi(2)
    }
}

impl Sides {
    fn middle(&self) -> (f64, f64) {
        (f64::midpoint(self.x.0, self.x.1), f64::midpoint(self.y.0, self.y.1))
    }
}

fn steps(v: LatticePoint, low: LatticePoint) -> (f64, f64) {
    (f64::from(v.x) - f64::from(low.x), f64::from(v.y) - f64::from(low.y))
}

/// How far `at` lies beside what reaches from the first to the second of `sides`.
#[inline]
fn beside(at: f64, sides: (f64, f64)) -> f64 {
    (sides.0 - at).max(at - sides.1).max(0.0)
}
