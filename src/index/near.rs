//! Which of an outline's edges is nearest to a point: first roughly for many at once, then exactly for the few in doubt.
//!
//! ```text
//! boxes   four in 64 bytes: the least that the distance to any edge of four pieces can be, in one go
//! pieces  nine vertices in 48 bytes: up to eight edges of one line in sequence, seen from the piece's middle
//! ```
//! The piece whose box is nearest is looked at first; then only pieces whose boxes are nearer than what was found so far.
//! All of that is done in single precision, without branches inside a piece. What comes within the error of that of the
//! best is measured again by [`Metric`], so the answer is, bit for bit, the least that it gives for any edge.

use std::sync::Arc;

use super::metric::Metric;
use super::outline::{Line, Slot};
use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;

const EDGES: usize = 8;
const VERTICES: usize = EDGES + 1;
const NOBODY: Slot = Slot::MAX;

/// Four boxes, lattice steps from the outline's low corner.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Boxes {
    west: [f32; 4],
    south: [f32; 4],
    east: [f32; 4],
    north: [f32; 4],
}

/// Up to eight edges of a line. Unused places repeat the last vertex.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// From the middle, in units of 2^`shift` steps.
    x: [i16; VERTICES],
    y: [i16; VERTICES],
    middle: LatticePoint,
    beyond: Slot,
}

/// The edges of one outline.
#[derive(Clone, Debug)]
pub(super) struct NearEdges {
    boxes: Arc<[Boxes]>,
    pieces: Arc<[Piece]>,
    low: LatticePoint,
    /// The greater side of the box around all, steps.
    extent: f32,
    shift: u32,
}

/// The nearest edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nearest {
    /// Square metres.
    pub(super) distance2: f64,
    /// Who owns the other side.
    pub(super) beyond: Option<Slot>,
}

/// Groups of four boxes looked at before any piece is.
const GROUPS: usize = 8;

/// The pieces that may hold the nearest edge.
struct Search<'s> {
    near: &'s NearEdges,
    metric: &'s Metric,
    scale: (f32, f32),
    /// Rounding moves a point by less, metres.
    error: f32,
    /// The least found, and what may be as little but for rounding; square metres.
    least: f32,
    limit: f32,
    /// The first `n` count; those for which there is no room go on in `more`.
    doubtful: [Doubtful; 4],
    n: usize,
    more: Vec<Doubtful>,
}

/// A piece with an edge that may be the nearest.
#[derive(Clone, Copy)]
struct Doubtful {
    at: usize,
    least: f32,
    distances2: [f32; EDGES],
}

impl NearEdges {
    /// Takes the lines of the outline of `own`.
    pub(super) fn new(own: Slot, lines: &[Line]) -> Self {
        let all = lines.iter().map(Line::window).reduce(Window::joined);
        let corner = LatticePoint::new(0, 0);
        let Window { low, high } = all.unwrap_or(Window { low: corner, high: corner });
        let runs: Vec<(&Line, &[LatticePoint])> =
            lines.iter().flat_map(|line| runs(&line.points).map(move |run| (line, run))).collect();
        let shift = runs.iter().map(|(_, run)| shift_of(run)).max().unwrap_or(0);
        let pieces = runs.iter().map(|(line, run)| {
            let beyond = if line.left == Some(own) { line.right } else { line.left };
            Piece::new(run, beyond.unwrap_or(NOBODY), shift)
        });
        let windows: Vec<Window> = runs.iter().map(|(_, run)| around(run)).collect();
        let boxes = windows.chunks(4).map(|four| Boxes::new(four, low)).collect();
        #[expect(clippy::cast_precision_loss, reason = "it only says how far rounding reaches")]
        let extent = high.x.abs_diff(low.x).max(high.y.abs_diff(low.y)) as f32;
        Self { boxes, pieces: pieces.collect(), low, extent, shift }
    }

    pub(super) fn n_bytes(&self) -> usize {
        size_of_val(&*self.boxes) + size_of_val(&*self.pieces)
    }

    /// The edge nearest to where `metric` is laid; of edges equally near one of the first of `lines`, which are those it
    /// was made of.
    pub(super) fn nearest(&self, metric: &Metric, lines: &[Line]) -> Option<Nearest> {
        let mut search = Search::new(self, metric);
        for (group, boxes) in self.boxes.chunks(GROUPS).enumerate() {
            search.look(group * GROUPS * 4, boxes);
        }
        search.decide(lines)
    }
}

impl<'s> Search<'s> {
    fn new(near: &'s NearEdges, metric: &'s Metric) -> Self {
        let scale = metric.single();
        // Less than a millionth of the way, twice; and what a shift of two ends cuts off.
        #[expect(clippy::cast_precision_loss, reason = "a power of two")]
        let shifted = if near.shift > 0 { (4_u64 << near.shift) as f32 } else { 0.0 };
        let none = Doubtful { at: 0, least: f32::INFINITY, distances2: [f32::INFINITY; EDGES] };
        Self {
            near,
            metric,
            scale,
            error: (near.extent * 2e-6 + shifted) * above(scale.0, scale.1),
            least: f32::INFINITY,
            limit: f32::INFINITY,
            doubtful: [none; 4],
            n: 0,
            more: Vec::new(),
        }
    }

    /// Looks at up to 32 boxes, and at the pieces they cannot rule out.
    fn look(&mut self, first: usize, boxes: &[Boxes]) {
        let from = self.metric.steps_from(self.near.low);
        let mut bounds = [[f32::INFINITY; 4]; GROUPS];
        let mut nearest = [f32::INFINITY; 4];
        for (bounds, boxes) in bounds.iter_mut().zip(boxes) {
            *bounds = boxes.distance2(from, self.scale);
            nearest = std::array::from_fn(|at| below(nearest[at], bounds[at]));
        }
        let nearest = below(below(nearest[0], nearest[1]), below(nearest[2], nearest[3]));
        if nearest > self.limit {
            return;
        }
        let bounds = bounds.as_flattened();
        let n = (self.near.pieces.len() - first).min(bounds.len());
        let best = (0..n).find(|at| bounds[*at] <= nearest).unwrap_or(0);
        self.measure(first + best);
        let mut left = 0_u32;
        for (at, bound) in bounds.iter().enumerate() {
            left |= u32::from(*bound <= self.limit) << at;
        }
        // Beyond the last piece the last box is repeated.
        left &= !(1 << best) & (u32::MAX >> (bounds.len() - n));
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            left &= left - 1;
            if bounds[at] <= self.limit {
                self.measure(first + at);
            }
        }
    }

    fn measure(&mut self, at: usize) {
        let distances2 = self.near.pieces[at].distances2(self.metric, self.scale, self.near.shift);
        let four: [f32; 4] = std::array::from_fn(|at| below(distances2[at], distances2[at + 4]));
        let least = below(below(four[0], four[1]), below(four[2], four[3]));
        if least > self.limit {
            return;
        }
        if least < self.least {
            self.least = least;
            let reach = least.sqrt() * (1.0 + 2e-6) + self.error;
            self.limit = reach * reach;
        }
        // What went before is usually out of the question by now.
        while self.n > 0 && self.doubtful[self.n - 1].least > self.limit {
            self.n -= 1;
        }
        let doubtful = Doubtful { at, least, distances2 };
        match self.doubtful.get_mut(self.n) {
            Some(free) => {
                *free = doubtful;
                self.n += 1;
            }
            None => self.more.push(doubtful),
        }
    }

    /// Measures all that is in doubt.
    fn decide(self, lines: &[Line]) -> Option<Nearest> {
        let mut best: Option<(f64, usize)> = None;
        for Doubtful { at, least, distances2 } in self.doubtful[..self.n].iter().chain(&self.more) {
            if *least > self.limit {
                continue;
            }
            for (edge, _) in distances2.iter().enumerate().filter(|(_, rough)| **rough <= self.limit) {
                let (a, b) = self.near.edge(*at, edge, lines);
                let distance2 = self.metric.edge_distance2(a, b);
                // Pieces lie in the order of their lines.
                if best.is_none_or(|(least, piece)| distance2 < least || (distance2 <= least && *at < piece)) {
                    best = Some((distance2, *at));
                }
            }
        }
        let (distance2, at) = best?;
        Some(Nearest { distance2, beyond: Some(self.near.pieces[at].beyond).filter(|slot| *slot != NOBODY) })
    }
}

impl NearEdges {
    /// The ends of an edge of a piece, exactly.
    fn edge(&self, at: usize, edge: usize, lines: &[Line]) -> (LatticePoint, LatticePoint) {
        let piece = &self.pieces[at];
        if self.shift == 0 {
            return (piece.vertex(edge), piece.vertex(edge + 1));
        }
        let mut first = at;
        for line in lines {
            let n = (line.points.len() - 1).div_ceil(EDGES);
            if first < n {
                let vertex = |edge: usize| line.points[(first * EDGES + edge).min(line.points.len() - 1)];
                return (vertex(edge), vertex(edge + 1));
            }
            first -= n;
        }
        unreachable!("every piece is of a line")
    }
}

impl Boxes {
    fn new(windows: &[Window], low: LatticePoint) -> Self {
        // Where there are less than four, the last is repeated.
        let side = |of: fn(&Window) -> i32, low: i32, outwards: f32| {
            std::array::from_fn(|at| steps(of(&windows[at.min(windows.len() - 1)]), low, outwards))
        };
        Self {
            west: side(|w| w.low.x, low.x, -1.0),
            south: side(|w| w.low.y, low.y, -1.0),
            east: side(|w| w.high.x, low.x, 1.0),
            north: side(|w| w.high.y, low.y, 1.0),
        }
    }

    /// The squared distances from a point to the boxes. Kept whole: taken apart, it would be done box by box.
    #[inline(never)]
    fn distance2(&self, (x, y): (f32, f32), scale: (f32, f32)) -> [f32; 4] {
        std::array::from_fn(|at| {
            let dx = above(above(self.west[at] - x, x - self.east[at]), 0.0) * scale.0;
            let dy = above(above(self.south[at] - y, y - self.north[at]), 0.0) * scale.1;
            dx * dx + dy * dy
        })
    }
}

impl Piece {
    fn new(run: &[LatticePoint], beyond: Slot, shift: u32) -> Self {
        let middle = middle(run);
        let near = |at: i32, middle: i32| {
            let off = i64::from(at) - i64::from(middle);
            i16::try_from(off >> shift).expect("the shift is made so that it fits")
        };
        let at = |n: usize| run[n.min(run.len() - 1)];
        Self {
            x: std::array::from_fn(|n| near(at(n).x, middle.x)),
            y: std::array::from_fn(|n| near(at(n).y, middle.y)),
            middle,
            beyond,
        }
    }

    /// A vertex of a piece that is not shifted.
    fn vertex(&self, at: usize) -> LatticePoint {
        LatticePoint::new(self.middle.x + i32::from(self.x[at]), self.middle.y + i32::from(self.y[at]))
    }

    /// Roughly the squared distance to each edge.
    #[inline]
    fn distances2(&self, metric: &Metric, scale: (f32, f32), shift: u32) -> [f32; EDGES] {
        let (x, y) = metric.steps_from(self.middle);
        #[expect(clippy::cast_precision_loss, reason = "a power of two")]
        let unit = (1_u64 << shift) as f32;
        let seen = |at: i16, from: f32, scale: f32| (f32::from(at) * unit - from) * scale;
        std::array::from_fn(|at| {
            let (ax, ay) = (seen(self.x[at], x, scale.0), seen(self.y[at], y, scale.1));
            let (bx, by) = (seen(self.x[at + 1], x, scale.0), seen(self.y[at + 1], y, scale.1));
            let (ex, ey) = (bx - ax, by - ay);
            // An edge without length is nearest where it begins.
            let along = -(ax * ex + ay * ey) / (ex * ex + ey * ey + 1e-12);
            let along = below(above(along, 0.0), 1.0);
            let (nx, ny) = (ax + along * ex, ay + along * ey);
            nx * nx + ny * ny
        })
    }
}

/// The greater of two numbers that are numbers.
#[inline]
fn above(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline]
fn below(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// The pieces of a line.
fn runs(points: &[LatticePoint]) -> impl Iterator<Item = &[LatticePoint]> {
    (0..points.len() - 1).step_by(EDGES).map(|first| &points[first..points.len().min(first + VERTICES)])
}

fn around(run: &[LatticePoint]) -> Window {
    let edges = run.windows(2).map(|edge| Window::around(edge[0], edge[1]));
    edges.reduce(Window::joined).expect("a run has an edge")
}

fn middle(run: &[LatticePoint]) -> LatticePoint {
    let Window { low, high } = around(run);
    LatticePoint::new(low.x.midpoint(high.x), low.y.midpoint(high.y))
}

/// By how many bits the vertices must be shortened, so that 16 hold them.
fn shift_of(run: &[LatticePoint]) -> u32 {
    let Window { low, high } = around(run);
    let extent = high.x.abs_diff(low.x).max(high.y.abs_diff(low.y));
    // Half the extent and one for the rounding of the middle, in 15 bits.
    (u32::BITS - (extent / 2 + 1).leading_zeros()).saturating_sub(15)
}

/// Steps from `low`, rounded away from the box.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "rounded outwards right below")]
fn steps(at: i32, low: i32, outwards: f32) -> f32 {
    let exact = i64::from(at) - i64::from(low);
    let near = exact as f32;
    match (near as i64 - exact).signum() {
        0 => near,
        sign if (sign < 0) == (outwards < 0.0) => near,
        _ if outwards < 0.0 => near.next_down(),
        _ => near.next_up(),
    }
}
