//! The polylines that matter inside one cell, closed up so that a ray to the east tells the owner.
//!
//! Edges are taken whole, never clipped. Where a polyline leaves the cell it just ends; that does no harm to points of
//! the cell, unless it ends east of the cell at a height within it, for then rays above and below the end would differ.
//! There the polyline goes on straight down to the height of the cell's low side. Pieces with the same owners are joined
//! outside the cell where that is possible, so that they share lines.

use super::edges::Edges;
use super::frame::Cell;
use crate::geometry::LatticePoint;
use crate::geometry::boundary::crosses_ray;

/// A polyline with the same two owners all along.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) across: u32,
    pub(super) vertices: Vec<LatticePoint>,
}

/// The inside of one boundary cell.
#[derive(Clone, Debug)]
pub(super) struct Pieces {
    /// Who owns the end of every ray.
    base: u32,
    all: Vec<Piece>,
}

impl Pieces {
    /// Gathers the edges in `names`, in order, for `cell`, whose low corner belongs to `corner`.
    pub(super) fn gather(edges: &Edges, names: &[u32], cell: Cell, corner: u32) -> Self {
        let limits = Limits::of(cell);
        let mut all: Vec<Piece> = Vec::new();
        for run in names.chunk_by(|a, b| a + 1 == *b) {
            let vertices = edges.along(run[0], run.len());
            if limits.is_out_of_sight(vertices) {
                continue;
            }
            let across = edges.across(run[0]);
            let mut joined = all.iter_mut().filter(|piece| piece.across == across);
            if !joined.any(|piece| limits.join(&mut piece.vertices, vertices)) {
                all.push(Piece { across, vertices: vertices.to_vec() });
            }
        }
        for piece in &mut all {
            limits.close(&mut piece.vertices);
        }
        let mut pieces = Self { base: 0, all };
        pieces.base = corner ^ pieces.owner(cell.corner());
        pieces
    }

    /// The owner of a point of the cell. Exact.
    pub(super) fn owner(&self, p: LatticePoint) -> u32 {
        let crosses = |v: &[LatticePoint]| crosses_ray(v[0], v[1], p);
        self.all.iter().fold(self.base, |owner, piece| {
            let odd = piece.vertices.windows(2).filter(|v| crosses(v)).count() % 2 == 1;
            owner ^ if odd { piece.across } else { 0 }
        })
    }

    pub(super) fn base(&self) -> u32 {
        self.base
    }

    pub(super) fn all(&self) -> &[Piece] {
        &self.all
    }
}

/// How two ends are joined outside a cell.
#[derive(Clone, Copy, Debug)]
enum Bridge {
    Straight,
    Round(LatticePoint),
}

impl Bridge {
    fn vertex(self) -> Option<LatticePoint> {
        match self {
            Self::Straight => None,
            Self::Round(corner) => Some(corner),
        }
    }
}

/// The columns and rows that points of a cell can have, both ends included.
#[derive(Clone, Copy, Debug)]
struct Limits {
    low: LatticePoint,
    high: LatticePoint,
}

impl Limits {
    #[expect(clippy::cast_possible_truncation, reason = "clamped")]
    fn of(cell: Cell) -> Self {
        let (x, y) = cell.end();
        // One step is kept free above, where a bridge may pass.
        let last = |end: i64| (end - 1).min(i64::from(i32::MAX) - 1) as i32;
        Self { low: cell.corner(), high: LatticePoint::new(last(x), last(y)) }
    }

    /// Tells whether all vertices lie beyond one and the same side, where rays of the cell do not see them cross.
    fn is_out_of_sight(&self, vertices: &[LatticePoint]) -> bool {
        let all = |beyond: fn(&Self, LatticePoint) -> bool| vertices.iter().all(|v| beyond(self, *v));
        all(Self::is_west) || all(Self::is_east) || all(Self::is_south) || all(Self::is_north)
    }

    fn is_west(&self, v: LatticePoint) -> bool {
        v.x < self.low.x
    }

    fn is_east(&self, v: LatticePoint) -> bool {
        v.x > self.high.x
    }

    /// A vertex at the height of the low side counts as below: the ray is nudged north.
    fn is_south(&self, v: LatticePoint) -> bool {
        v.y <= self.low.y
    }

    fn is_north(&self, v: LatticePoint) -> bool {
        v.y > self.high.y
    }

    /// Ends a polyline so that it does not end east of the cell at a height within it.
    fn close(&self, vertices: &mut Vec<LatticePoint>) {
        let foot = |v: LatticePoint| {
            let hangs = self.is_east(v) && !self.is_south(v) && !self.is_north(v);
            hangs.then(|| LatticePoint::new(v.x, self.low.y))
        };
        if let Some(foot) = foot(vertices[vertices.len() - 1]) {
            vertices.push(foot);
        }
        if let Some(foot) = foot(vertices[0]) {
            vertices.insert(0, foot);
        }
    }

    /// Joins `more` to either end of `piece` by a bridge outside the cell; says whether that was possible.
    fn join(&self, piece: &mut Vec<LatticePoint>, more: &[LatticePoint]) -> bool {
        let (first, last) = (more[0], more[more.len() - 1]);
        for _ in 0..2 {
            let end = piece[piece.len() - 1];
            if let Some(bridge) = self.bridge(end, first) {
                piece.extend(bridge.vertex());
                piece.extend_from_slice(more);
                return true;
            }
            if let Some(bridge) = self.bridge(end, last) {
                piece.extend(bridge.vertex());
                piece.extend(more.iter().rev());
                return true;
            }
            piece.reverse();
        }
        false
    }

    /// The way from `u` to `v` outside the cell, if there is a short one.
    fn bridge(&self, u: LatticePoint, v: LatticePoint) -> Option<Bridge> {
        if self.is_out_of_sight(&[u, v]) {
            return Some(Bridge::Straight);
        }
        let above = self.high.y + 1;
        let corners = [(u.x, self.low.y), (u.x, above), (v.x, self.low.y), (v.x, above)];
        corners
            .map(|(x, y)| LatticePoint::new(x, y))
            .into_iter()
            .find(|&c| self.is_out_of_sight(&[u, c]) && self.is_out_of_sight(&[c, v]))
            .map(Bridge::Round)
    }
}
