//! Which of an outline's edges is nearest to a point: first roughly for many at once, then exactly for the few in doubt.
//!
//! ```text
//! boxes   four in 64 bytes: the smallest a distance to any edge of four pieces can be, in one go
//! pieces  12 vertices in 64 bytes: up to 11 edges of one line in sequence, seen from the piece's middle
//! ```
//! The piece whose box is nearest is looked at first; then only pieces whose boxes are nearer than what was found so far.
//! All of that is done in single precision, without branches inside a piece. What comes within the error of that of the
//! best is measured again by [`Metric`], so the answer is, bit for bit, the least that it gives for any edge.

use std::sync::Arc;

use super::metric::Metric;
use super::outline::{Line, Slot};
use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;

const VERTICES: usize = 12;
pub(super) const EDGES: usize = VERTICES - 1;
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

/// Up to eleven edges of a line. Unused places repeat the last vertex.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Piece {
    /// From the middle, in units of 2^`shift` steps.
    x: [i16; VERTICES],
    y: [i16; VERTICES],
    middle: LatticePoint,
    /// The place of the line in the outline.
    line: u32,
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
    /// The least found, and what may be as little but for rounding; square metres.
    least: f32,
    limit: f32,
    /// Pieces with the least they have, the first `n` of them; those for which there is no room go on in `more`.
    doubtful: [(f32, usize); DOUBTFUL],
    n: usize,
    more: Vec<(f32, usize)>,
}

const DOUBTFUL: usize = 8;

impl NearEdges {
    /// Takes the lines of the outline of `own`.
    pub(super) fn new(own: Slot, lines: &[Line]) -> Self {
        let all = lines.iter().map(Line::window).reduce(Window::joined);
        let corner = LatticePoint::new(0, 0);
        let Window { low, high } = all.unwrap_or(Window { low: corner, high: corner });
        let runs: Vec<(u32, &[LatticePoint])> =
            (0..).zip(lines).flat_map(|(at, line)| runs(&line.points).map(move |run| (at, run))).collect();
        let shift = runs.iter().map(|(_, run)| shift_of(run)).max().unwrap_or(0);
        let pieces = runs.iter().map(|(at, run)| {
            let line = &lines[*at as usize];
            let beyond = if line.left == Some(own) { line.right } else { line.left };
            Piece::new(run, *at, beyond.unwrap_or(NOBODY), shift)
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
        let (least, limit) = (f32::INFINITY, f32::INFINITY);
        let doubtful = [(least, 0); DOUBTFUL];
        Self { near, metric, scale: metric.single(), least, limit, doubtful, n: 0, more: Vec::new() }
    }

    /// Looks at up to 32 boxes, and at the pieces they cannot rule out.
    fn look(&mut self, first: usize, boxes: &[Boxes]) {
        let from = self.metric.steps_from(self.near.low);
        let mut bounds = [[f32::INFINITY; 4]; GROUPS];
        for (bounds, boxes) in bounds.iter_mut().zip(boxes) {
            *bounds = boxes.distance2(from, self.scale);
        }
        let n = (self.near.pieces.len() - first).min(4 * GROUPS);
        let bounds = bounds.as_flattened();
        let mut nearest = 0;
        for at in 1..n {
            if bounds[at] < bounds[nearest] {
                nearest = at;
            }
        }
        if bounds[nearest] <= self.limit {
            self.measure(first + nearest);
        }
        for (at, bound) in bounds.iter().enumerate().take(n) {
            if *bound <= self.limit && at != nearest {
                self.measure(first + at);
            }
        }
    }

    fn measure(&mut self, at: usize) {
        let least = self.near.pieces[at].distances2(self.metric, self.scale, self.near.shift).into_iter();
        let least = least.fold(f32::INFINITY, |a, b| if b < a { b } else { a });
        if least > self.limit {
            return;
        }
        if least < self.least {
            self.least = least;
            // Rounding moves a point by less than a millionth of the way there, a shift by less than so many steps.
            let shifted = if self.near.shift > 0 { (3_u64 << self.near.shift) as f32 } else { 0.0 };
            let (sqrt, error) = (least.sqrt(), (self.near.extent * 2e-6 + shifted) * self.scale.1);
            let reach = sqrt * (1.0 + 2e-6) + error;
            self.limit = reach * reach;
        }
        // What went before is usually out of the question by now.
        while self.n > 0 && self.doubtful[self.n - 1].0 > self.limit {
            self.n -= 1;
        }
        match self.doubtful.get_mut(self.n) {
            Some(free) => {
                *free = (least, at);
                self.n += 1;
            }
            None => self.more.push((least, at)),
        }
    }

    /// Measures all that is in doubt.
    fn decide(self, lines: &[Line]) -> Option<Nearest> {
        let mut best: Option<(f64, u32, Slot)> = None;
        for (least, at) in self.doubtful[..self.n].iter().chain(&self.more).copied() {
            if least > self.limit {
                continue;
            }
            let piece = &self.near.pieces[at];
            let roughly = piece.distances2(self.metric, self.scale, self.near.shift);
            for (edge, _) in roughly[..EDGES].iter().enumerate().filter(|(_, rough)| **rough <= self.limit) {
                let (a, b) = self.near.edge(at, edge, lines);
                let distance2 = self.metric.edge_distance2(a, b);
                if best.is_none_or(|(least, line, _)| distance2 < least || (distance2 <= least && piece.line < line)) {
                    best = Some((distance2, piece.line, piece.beyond));
                }
            }
        }
        best.map(|(distance2, _, beyond)| Nearest { distance2, beyond: Some(beyond).filter(|slot| *slot != NOBODY) })
    }
}

impl NearEdges {
    /// The ends of an edge of a piece, exactly.
    fn edge(&self, at: usize, edge: usize, lines: &[Line]) -> (LatticePoint, LatticePoint) {
        let piece = &self.pieces[at];
        if self.shift == 0 {
            return (piece.vertex(edge), piece.vertex(edge + 1));
        }
        let first = self.pieces[..at].iter().rev().take_while(|before| before.line == piece.line).count() * EDGES;
        let points = &lines[piece.line as usize].points;
        let last = points.len() - 1;
        (points[(first + edge).min(last)], points[(first + edge + 1).min(last)])
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

    /// The squared distances from a point to the boxes.
    #[inline]
    fn distance2(&self, (x, y): (f32, f32), scale: (f32, f32)) -> [f32; 4] {
        std::array::from_fn(|at| {
            let dx = above(above(self.west[at] - x, x - self.east[at]), 0.0) * scale.0;
            let dy = above(above(self.south[at] - y, y - self.north[at]), 0.0) * scale.1;
            dx * dx + dy * dy
        })
    }
}

impl Piece {
    fn new(run: &[LatticePoint], line: u32, beyond: Slot, shift: u32) -> Self {
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
            line,
            beyond,
        }
    }

    /// A vertex of a piece that is not shifted.
    fn vertex(&self, at: usize) -> LatticePoint {
        LatticePoint::new(self.middle.x + i32::from(self.x[at]), self.middle.y + i32::from(self.y[at]))
    }

    /// Roughly the squared distance to each edge; the last one has no length.
    #[inline]
    fn distances2(&self, metric: &Metric, scale: (f32, f32), shift: u32) -> [f32; VERTICES] {
        let (x, y) = metric.steps_from(self.middle);
        #[expect(clippy::cast_precision_loss, reason = "a power of two")]
        let unit = (1_u64 << shift) as f32;
        let (mut vx, mut vy) = ([0.0; VERTICES + 1], [0.0; VERTICES + 1]);
        for at in 0..VERTICES {
            vx[at] = (f32::from(self.x[at]) * unit - x) * scale.0;
            vy[at] = (f32::from(self.y[at]) * unit - y) * scale.1;
        }
        (vx[VERTICES], vy[VERTICES]) = (vx[VERTICES - 1], vy[VERTICES - 1]);
        let mut distances2 = [0.0; VERTICES];
        for at in 0..VERTICES {
            let (ax, ay) = (vx[at], vy[at]);
            let (ex, ey) = (vx[at + 1] - ax, vy[at + 1] - ay);
            // No edge is shorter than a step but one without length, whose beginning is nearest then.
            let along = -(ax * ex + ay * ey) / (ex * ex + ey * ey + 1e-12);
            let along = below(above(along, 0.0), 1.0);
            let (nx, ny) = (ax + along * ex, ay + along * ey);
            distances2[at] = nx * nx + ny * ny;
        }
        distances2
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
