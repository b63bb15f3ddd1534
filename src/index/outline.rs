//! The edges around one grid's own ground: lines shared with the grid beyond.

use std::sync::Arc;

use super::projection::LocalProjection;
use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;

/// The number of a grid in the index: unlike a [`GridIndex`](super::GridIndex) the same from one generation to the next.
pub(super) type Slot = u32;

/// A line between the own grounds of two grids, or of one and nobody; shared by both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BorderLine {
    /// Closed ones end where they begin.
    pub(super) points: Arc<[LatticePoint]>,
    /// Who owns the left of the line run forward.
    pub(super) left: Option<Slot>,
    pub(super) right: Option<Slot>,
}

impl BorderLine {
    /// Lines in this order are the same whatever they were made from: no two begin with the same edge.
    pub(super) fn order(&self) -> (LatticePoint, LatticePoint, LatticePoint) {
        let (a, b) = (self.points[0], self.points[1]);
        (a, a.min(b), a.max(b))
    }

    pub(super) fn owners(&self) -> impl Iterator<Item = Slot> + use<> {
        self.left.into_iter().chain(self.right)
    }

    /// Who owns the other side of a line of `own`.
    fn beyond(&self, own: Slot) -> Option<Slot> {
        if self.left == Some(own) { self.right } else { self.left }
    }

    pub(super) fn edges(&self) -> impl Iterator<Item = (LatticePoint, LatticePoint)> + '_ {
        self.points.windows(2).map(|edge| (edge[0], edge[1]))
    }

    pub(super) fn window(&self) -> Window {
        around(&self.points)
    }
}

/// The nearest edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nearest {
    /// Square metres.
    pub(super) distance2: f64,
    /// Who owns the other side.
    pub(super) beyond: Option<Slot>,
}

/// All edges of one own ground; none where grids below tile it.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    own: Slot,
    lines: Arc<[BorderLine]>,
}

impl Outline {
    /// Takes the lines that `own` is on one side of, in their [order](BorderLine::order).
    pub(super) fn new(own: Slot, lines: Vec<BorderLine>) -> Self {
        Self { own, lines: lines.into() }
    }

    /// Bytes, those of shared lines by half.
    pub(super) fn n_bytes(&self) -> usize {
        let vertices = |line: &BorderLine| size_of_val(&*line.points) / line.owners().count();
        let lines: usize = self.lines.iter().map(vertices).sum();
        size_of::<Self>() + size_of_val(&*self.lines) + lines
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn lines(&self) -> &[BorderLine] {
        &self.lines
    }

    /// The lines with an edge whose box meets one of `windows`.
    pub(super) fn lines_meeting<'o>(&'o self, windows: &'o [Window]) -> impl Iterator<Item = &'o BorderLine> + 'o {
        let meets = |around: Window| windows.iter().any(|window| window.touches(around));
        let inside =
            move |line: &&BorderLine| meets(line.window()) && line.edges().any(|(a, b)| meets(Window::around(a, b)));
        self.lines.iter().filter(inside)
    }

    /// The edge nearest to the origin of `projection`; of edges equally near one of the first line. Cost: linear in edges.
    pub(super) fn nearest(&self, projection: &LocalProjection) -> Option<Nearest> {
        let nearest = |line: &BorderLine| {
            let distances2 = line.edges().map(|(a, b)| projection.edge_distance2(a, b));
            Nearest { distance2: distances2.fold(f64::INFINITY, f64::min), beyond: line.beyond(self.own) }
        };
        self.lines.iter().map(nearest).reduce(|a, b| if b.distance2 < a.distance2 { b } else { a })
    }

    /// The box around all lines.
    pub(super) fn window(&self) -> Option<Window> {
        self.lines.iter().map(BorderLine::window).reduce(Window::joined)
    }
}

fn around(points: &[LatticePoint]) -> Window {
    let first = points[0];
    points[1..].iter().fold(Window { low: first, high: first }, |all, p| all.joined(Window { low: *p, high: *p }))
}
