//! Which edge is nearest to a point, and who owns its other side: first roughly for a few that can be, then exactly for
//! those in doubt.
//!
//! ```text
//! cells   a raster over the region: each has the pieces that can be nearest to a point in it, four in 4 bytes
//! pieces  nine vertices in 64 bytes: up to eight edges of one line in sequence, seen from the piece's middle
//! ```
//! Nothing lies between a point and the edge nearest to it, so of all edges that one bounds the point's own ground: lists
//! need not ask who owns a point. Where several edges are equally near, only those of the own ground count.
//!
//! The pieces are measured in single precision, without branches. What comes within the error of that of the best is
//! measured again by [`Metric`], so the answer is, bit for bit, the least that it gives for any edge.
//!
//! Cells lie in pages. A page is made when it is first asked for, of the lines of all who have ground in it and of nothing
//! else, and then never changes; an edit forgets the pages around the grounds whose lines changed. Start with
//! [`NearEdges::nearest`].

mod batch;
mod fill;
mod page;
mod piece;
mod raster;

use std::sync::{Arc, OnceLock};

use page::{FEW, List, Page};
use piece::{EDGES, above, below, least};
use raster::Raster;

use super::cells::CellIndex;
use super::metric::Metric;
use super::outline::{Line, Slot};
use super::shared_vec::SharedVec;
use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;

/// The edges of a region by place.
#[derive(Clone, Debug)]
pub(super) struct NearEdges {
    raster: Raster,
    pages: SharedVec<Arc<OnceLock<Page>>>,
}

/// The nearest edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nearest {
    /// Square metres.
    pub(super) distance2: f64,
    /// Who owns the other side.
    pub(super) beyond: Option<Slot>,
}

impl NearEdges {
    /// Knows nothing yet, over the same ground as `cells`.
    pub(super) fn over(cells: &CellIndex) -> Self {
        let raster = Raster::over(cells.frame());
        Self { raster, pages: SharedVec::new((0..raster.n_pages()).map(|_| Arc::default())) }
    }

    /// Forgets every page that meets one of `windows`.
    pub(super) fn without(&self, windows: &[Window]) -> Self {
        let mut pages: Vec<u32> = windows.iter().flat_map(|window| self.raster.pages_in(*window)).collect();
        pages.sort_unstable();
        pages.dedup();
        let mut next = self.clone();
        next.pages.put(pages.into_iter().map(|page| (page, Arc::default())));
        next
    }

    /// The edge nearest to where `metric` is laid, on ground of `own`; of edges equally near one of the first line.
    ///
    /// `lines_in` gives all lines of those who have ground in a window, in their order. `None` where too many edges crowd
    /// together, or `own` does not own that point.
    #[inline]
    pub(super) fn nearest(
        &self,
        metric: &Metric,
        own: Slot,
        lines_in: impl FnOnce(Window) -> Vec<Line>,
    ) -> Option<Nearest> {
        let seen = self.seen(metric.origin(), lines_in)?;
        seen.nearest(seen.error(), metric, own)
    }

    /// Looks up which pieces can be nearest to `p`.
    #[inline]
    fn seen(&self, p: LatticePoint, lines_in: impl FnOnce(Window) -> Vec<Line>) -> Option<Seen<'_>> {
        let (number, cell) = self.raster.place(p)?;
        let page = self.pages.get(number).get_or_init(|| self.made(number, lines_in));
        Some(Seen { page, list: page.list(cell) })
    }

    #[cold]
    fn made(&self, page: u32, lines_in: impl FnOnce(Window) -> Vec<Line>) -> Page {
        let window = self.raster.window(page);
        fill::page(window, self.raster.cell(), &lines_in(window))
    }

    /// Tells whether all pages are as they are made now.
    pub(super) fn is_up_to_date(&self, lines_in: impl Fn(Window) -> Vec<Line>) -> bool {
        let mut pages = (0..).zip(self.pages.iter());
        pages.all(|(number, page)| page.get().is_none_or(|page| *page == self.made(number, &lines_in)))
    }

    /// Bytes of the pages made so far.
    pub(super) fn n_bytes(&self) -> usize {
        let pages = self.pages.iter().map(|page| page.get().map_or(0, Page::n_bytes) + size_of::<OnceLock<Page>>());
        pages.sum()
    }
}

/// The pieces that can be nearest to a point.
#[derive(Clone, Copy, Debug)]
struct Seen<'s> {
    page: &'s Page,
    list: List<'s>,
}

impl Seen<'_> {
    /// Steps that rounding can add to or take from the difference of two distances, apart from a share of these.
    #[inline]
    fn error(&self) -> f32 {
        let error = |at: usize| self.page.pieces[at].error;
        match self.list {
            List::Few(pieces, n) => pieces[..n].iter().map(|at| error(usize::from(*at))).fold(0.0, above),
            List::Many(pieces) => pieces.iter().map(|at| error(usize::from(*at))).fold(0.0, above),
        }
    }

    #[inline]
    fn nearest(&self, error: f32, metric: &Metric, own: Slot) -> Option<Nearest> {
        let mut search = Search::new(self.page, error, metric, own);
        match self.list {
            List::Few(pieces, n) => search.look(&pieces[..n]),
            List::Many(pieces) => pieces.chunks(FEW).for_each(|few| search.look(few)),
        }
        search.nearest()
    }
}

/// What was found so far.
struct Search<'s> {
    page: &'s Page,
    own: Slot,
    metric: &'s Metric,
    /// What rounding can add to or take from a distance, metres; and a share of the distance.
    error: f32,
    share: f32,
    /// The least roughly found, square metres.
    least: f32,
    /// Exactly, and which piece.
    best: (f64, usize),
}

impl<'s> Search<'s> {
    #[inline]
    fn new(page: &'s Page, error: f32, metric: &'s Metric, own: Slot) -> Self {
        let error = error * above(page.scale.0, page.scale.1) * (1.0 + page.slack);
        let share = (1.0 + page.slack) * (1.0 + page.slack) + 2e-6;
        Self { page, own, metric, error, share, least: f32::INFINITY, best: (f64::INFINITY, usize::MAX) }
    }

    /// Looks at a few pieces.
    #[inline]
    fn look<I: Copy + Into<usize>>(&mut self, pieces: &[I]) {
        let mut rough = [[f32::INFINITY; EDGES]; FEW];
        let mut nearest = [f32::INFINITY; FEW];
        for ((rough, nearest), at) in rough.iter_mut().zip(&mut nearest).zip(pieces) {
            *rough = self.page.pieces[(*at).into()].distances2(self.metric.origin(), self.page.scale);
            *nearest = least(rough);
            self.least = below(self.least, *nearest);
        }
        // What may be as little but for rounding.
        let reach = self.least.sqrt() * self.share + self.error;
        let limit = reach * reach;
        for ((rough, nearest), at) in rough.iter().zip(nearest).zip(pieces) {
            if nearest <= limit {
                self.decide((*at).into(), rough, limit);
            }
        }
    }

    /// Measures what is in doubt.
    #[inline]
    fn decide(&mut self, at: usize, rough: &[f32; EDGES], limit: f32) {
        let piece = &self.page.pieces[at];
        if !piece.is_of(self.own) {
            return;
        }
        let mut left = 0_u32;
        for (edge, rough) in rough.iter().enumerate() {
            left |= u32::from(*rough <= limit) << edge;
        }
        while left != 0 {
            let edge = left.trailing_zeros() as usize;
            left &= left - 1;
            let (a, b) = self.page.edge(piece, edge);
            let distance2 = self.metric.edge_distance2(a, b);
            // Pieces lie in the order of their lines.
            if (distance2, at) < self.best {
                self.best = (distance2, at);
            }
        }
    }

    fn nearest(self) -> Option<Nearest> {
        let (distance2, at) = self.best;
        let beyond = self.page.pieces.get(at)?.beyond(self.own);
        Some(Nearest { distance2, beyond })
    }
}
