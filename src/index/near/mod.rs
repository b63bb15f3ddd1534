//! Which edge is nearest to a point, and who owns its other side.
//!
//! ```text
//! cells     a raster over the region: each has the runs of edges that can be nearest to a point in it, mostly one to three
//! vertices  of the lines that these edges are of, in sequence: a run is measured two edges at a time
//! ```
//! Nothing lies between a point and the edge nearest to it, so of all edges that one bounds the point's own ground: lists
//! need not ask who owns a point. Where several edges are equally near, only those of the own ground count.
//!
//! Every edge of a list is measured as [`LocalProjection`] measures it, so the answer is, bit for bit, the least that it gives
//! for any edge.
//!
//! Cells lie in pages. A page is made when it is first asked for, of the lines of all who have ground in it and of nothing
//! else, and then never changes; an edit forgets the pages around the grounds whose lines changed. Start with
//! [`NearEdges::nearest`].

mod batch;
mod fill;
mod page;
mod plane;
mod raster;

use std::sync::OnceLock;

use page::{EdgePage, Run, beyond};
use plane::Plane;
use raster::Raster;

use super::cells::CellIndex;
use super::outline::{BorderLine, Nearest, Slot};
use super::projection::LocalProjection;
use super::shared_vec::SharedVec;
use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;

/// Pages in one part of the list of them: an edit counts every page once more that lies in a part with one it forgets.
const PART: usize = 16;

/// The edges of a region by place.
#[derive(Clone, Debug)]
pub(super) struct NearEdges {
    raster: Raster,
    pages: SharedVec<OnceLock<EdgePage>, PART>,
}

impl NearEdges {
    /// Knows nothing yet, over the same ground as `cells`.
    pub(super) fn over(cells: &CellIndex) -> Self {
        let raster = Raster::over(cells.frame());
        Self { raster, pages: SharedVec::new((0..raster.n_pages()).map(|_| OnceLock::new())) }
    }

    /// Forgets every page that meets one of `windows`.
    pub(super) fn without(&self, windows: &[Window]) -> Self {
        let mut pages: Vec<u32> = windows.iter().flat_map(|window| self.raster.pages_in(*window)).collect();
        pages.sort_unstable();
        pages.dedup();
        let mut next = self.clone();
        next.pages.put(pages.into_iter().map(|page| (page, OnceLock::new())));
        next
    }

    /// The edge nearest to the origin of `projection`, on ground of `own`; of edges equally near one of the first line.
    ///
    /// `lines_in` gives all lines of those who have ground in a window, in their order. `None` where too many edges crowd
    /// together, or `own` does not own that point.
    #[inline]
    pub(super) fn nearest(
        &self,
        projection: &LocalProjection,
        own: Slot,
        lines_in: impl FnOnce(Window) -> Vec<BorderLine>,
    ) -> Option<Nearest> {
        self.seen(projection.origin(), lines_in)?.nearest(&Plane::of(projection), own)
    }

    /// Looks up which edges can be nearest to `p`.
    #[inline]
    fn seen(&self, p: LatticePoint, lines_in: impl FnOnce(Window) -> Vec<BorderLine>) -> Option<Seen<'_>> {
        let (number, cell) = self.raster.place(p)?;
        let page = self.pages.get(number).get_or_init(|| self.made(number, lines_in));
        Some(Seen { page, runs: page.runs(cell) })
    }

    #[cold]
    fn made(&self, page: u32, lines_in: impl FnOnce(Window) -> Vec<BorderLine>) -> EdgePage {
        let window = self.raster.window(page);
        fill::page(window, self.raster.cell(), &lines_in(window))
    }

    /// Tells whether all pages are as they are made now.
    #[cfg(any(debug_assertions, feature = "judge"))]
    pub(super) fn is_up_to_date(&self, lines_in: impl Fn(Window) -> Vec<BorderLine>) -> bool {
        let mut pages = (0..).zip(self.pages.iter());
        pages.all(|(number, page)| page.get().is_none_or(|page| *page == self.made(number, &lines_in)))
    }

    /// Bytes of the pages made so far.
    pub(super) fn n_bytes(&self) -> usize {
        let pages =
            self.pages.iter().map(|page| page.get().map_or(0, EdgePage::n_bytes) + size_of::<OnceLock<EdgePage>>());
        pages.sum()
    }
}

/// The edges that can be nearest to a point.
#[derive(Clone, Copy, Debug)]
struct Seen<'s> {
    page: &'s EdgePage,
    runs: &'s [Run],
}

impl Seen<'_> {
    #[inline]
    fn nearest(&self, plane: &Plane, own: Slot) -> Option<Nearest> {
        let mut best = (f64::INFINITY, [own; 2]);
        for run in self.runs {
            let sides = self.page.sides(*run);
            let distance2 = plane.distance2(self.page.vertices(*run));
            // Runs lie in the order of their lines.
            if distance2 < best.0 && sides.contains(&own) {
                best = (distance2, sides);
            }
        }
        let (distance2, sides) = best;
        distance2.is_finite().then(|| Nearest { distance2, beyond: beyond(sides, own) })
    }
}
