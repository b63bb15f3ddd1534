//! The edges around one grid's own ground, and which of them is nearest.
//!
//! ```text
//! lines   shared with the grid beyond: vertices, and who owns the left and the right side
//! pieces  a few edges of a line in sequence, with the box around them
//! ```
//! The nearest edge is looked for in the piece whose box is nearest first; then only pieces whose boxes are nearer than
//! what was found can hold a nearer one. Distances are those of [`Metric`], bit for bit what a scan of all edges gives.

use std::sync::Arc;

use super::metric::Metric;
use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;

/// The number of a grid in the index: unlike a [`GridIndex`](super::GridIndex) the same from one generation to the next.
pub(super) type Slot = u32;

/// A line between the own grounds of two grids, or of one and nobody; shared by both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Closed ones end where they begin.
    pub(super) points: Arc<[LatticePoint]>,
    /// Who owns the left of the line run forward.
    pub(super) left: Option<Slot>,
    pub(super) right: Option<Slot>,
}

impl Line {
    /// Lines in this order are the same whatever they were made from: no two begin with the same edge.
    pub(super) fn order(&self) -> (LatticePoint, LatticePoint, LatticePoint) {
        let (a, b) = (self.points[0], self.points[1]);
        (a, a.min(b), a.max(b))
    }

    pub(super) fn owners(&self) -> impl Iterator<Item = Slot> + use<> {
        self.left.into_iter().chain(self.right)
    }

    pub(super) fn edges(&self) -> impl Iterator<Item = (LatticePoint, LatticePoint)> + '_ {
        self.points.windows(2).map(|edge| (edge[0], edge[1]))
    }

    pub(super) fn window(&self) -> Window {
        around(&self.points)
    }
}

/// Some edges of a line in sequence.
#[derive(Clone, Copy, Debug)]
struct Piece {
    around: Window,
    /// The place of the line in the outline.
    line: u32,
    /// The place of the first vertex in the line.
    first: u32,
}

/// All edges of one own ground; none where grids below tile it.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    pieces: Arc<[Piece]>,
    lines: Arc<[Line]>,
    /// How many edges a piece has, the last one of a line fewer.
    step: usize,
}

/// The fewest edges of a piece, where its line is long enough.
const PIECE: usize = 8;

impl Outline {
    /// Takes the lines in their [order](Line::order).
    pub(super) fn new(lines: Vec<Line>) -> Self {
        let n_edges: usize = lines.iter().map(|line| line.points.len() - 1).sum();
        // So that neither pieces nor the edges in them become too many.
        let step = PIECE.max(n_edges.isqrt() / 2);
        let pieces = (0..).zip(&lines).flat_map(|(at, line)| {
            let firsts = (0..line.points.len() - 1).step_by(step);
            firsts.map(move |first| Piece {
                around: around(piece(&line.points, first, step)),
                line: at,
                first: u32::try_from(first).expect("vertices are numbered by u32"),
            })
        });
        Self { pieces: pieces.collect(), lines: lines.into(), step }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The lines with an edge whose box meets one of `windows`.
    pub(super) fn lines_meeting<'o>(&'o self, windows: &'o [Window]) -> impl Iterator<Item = &'o Line> + 'o {
        let meets = |around: Window| windows.iter().any(|window| window.touches(around));
        let inside = move |line: &&Line| meets(line.window()) && line.edges().any(|(a, b)| meets(Window::around(a, b)));
        self.lines.iter().filter(inside)
    }

    /// The squared distance in metres from where `metric` is laid to the nearest edge, and its line; of lines equally
    /// near the first.
    ///
    /// Cost: one box for every few edges, and the edges of two or three pieces.
    pub(super) fn nearest(&self, metric: &Metric) -> Option<(f64, &Line)> {
        // Read now, so that it is near when the piece is known.
        let n_edges = self.lines.first().map_or(0, |line| line.points.len());
        let nearest = self.pieces.iter().map(|piece| metric.box_distance2(piece.around));
        let (at, _) = (0..).zip(nearest).min_by(|a, b| a.1.total_cmp(&b.1)).filter(|_| n_edges > 1)?;
        let mut best = self.piece_distance2(metric, self.pieces[at]);
        for (_, piece) in self.pieces.iter().enumerate().filter(|(other, _)| *other != at) {
            // As much is left over as rounding could hide.
            if metric.box_distance2(piece.around) <= best.0 * (1.0 + 1e-9) {
                let found = self.piece_distance2(metric, *piece);
                if found.0 < best.0 || (found.0 <= best.0 && found.1 < best.1) {
                    best = found;
                }
            }
        }
        Some((best.0, &self.lines[best.1 as usize]))
    }

    fn piece_distance2(&self, metric: &Metric, at: Piece) -> (f64, u32) {
        let points = &self.lines[at.line as usize].points;
        let edges = piece(points, at.first as usize, self.step).windows(2);
        (edges.map(|edge| metric.edge_distance2(edge[0], edge[1])).fold(f64::INFINITY, f64::min), at.line)
    }
}

fn piece(points: &[LatticePoint], first: usize, step: usize) -> &[LatticePoint] {
    &points[first..points.len().min(first + step + 1)]
}

fn around(points: &[LatticePoint]) -> Window {
    let first = points[0];
    points[1..].iter().fold(Window { low: first, high: first }, |all, p| all.joined(Window { low: *p, high: *p }))
}
