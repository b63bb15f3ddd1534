//! Makes an index from edges, on all cores, and patches one where edges changed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use super::CellIndex;
use super::builder::Builder;
use super::edges::{self, Edges};
use super::frame::{Cells, Frame, PAGE_SHIFT, PAGE_SIDE, slot};
use super::page::CellPage;
use super::raster::Raster;
use crate::geometry::LatticePoint;
use crate::index::shared_vec::SharedVec;

/// Root cells per owner, over the ground that is owned.
const CELLS_PER_OWNER: f64 = 16.0;
/// And over the whole box, where most of it is nobody's.
const MOST_CELLS_PER_OWNER: f64 = 64.0;

/// Cells around the box, on each side.
const MARGIN: f64 = 4.0;

impl CellIndex {
    /// Builds the index of the partition that `edges` make, on up to `n_threads` threads.
    ///
    /// The edges must part the plane: around every vertex the owners of neighbouring edges agree. They may meet in any
    /// way, also a vertex in the middle of a straight line. Cost: linear in edges.
    #[must_use]
    pub fn build(edges: &Edges, n_threads: usize) -> Self {
        let corner = LatticePoint::new(0, 0);
        let (low, high) = edges.corners().unwrap_or((corner, corner));
        let side = |low: i32, high: i32| f64::from(high.abs_diff(low)) + 1.0;
        let n = f64::from(edges.n_owners().max(1));
        let all = side(low.x, high.x) * side(low.y, high.y);
        let cell_area = (edges.area() / (CELLS_PER_OWNER * n)).max(all / (MOST_CELLS_PER_OWNER * n));
        // A border that is drawn anew a little further out still lies on the raster.
        #[expect(clippy::cast_possible_truncation, reason = "the side of a cell is less than the lattice")]
        let beyond = (MARGIN * cell_area.sqrt()) as i32;
        let low = LatticePoint::new(low.x.saturating_sub(beyond), low.y.saturating_sub(beyond));
        let high = LatticePoint::new(high.x.saturating_add(beyond), high.y.saturating_add(beyond));
        Self::build_in(Frame::new(low, high, cell_area), edges, n_threads)
    }

    /// Builds the index of other edges over the raster of this one, as [`Self::patched`] would leave it. `None` when
    /// the edges reach beyond the raster.
    #[must_use]
    pub fn rebuilt(&self, edges: &Edges, n_threads: usize) -> Option<Self> {
        self.frame.holds(edges).then(|| Self::build_in(self.frame, edges, n_threads))
    }

    /// Tells whether this is, byte for byte, what [`Self::rebuilt`] makes of `edges`, a row of pages at a time.
    #[cfg(any(debug_assertions, feature = "judge"))]
    pub(in crate::index) fn is_built_from(&self, edges: &Edges) -> bool {
        let is_same = |(row, names): (u32, Vec<u32>)| {
            let first = row * self.frame.page_columns();
            (first..).zip(build_band(&self.frame, edges, row, &names)).all(|(at, page)| *self.pages.get(at) == page)
        };
        self.frame.holds(edges) && by_band(&self.frame, edges).into_iter().all(is_same)
    }

    fn build_in(frame: Frame, edges: &Edges, n_threads: usize) -> Self {
        let bands = by_band(&frame, edges);
        let done: Vec<Mutex<Vec<Arc<CellPage>>>> = bands.iter().map(|_| Mutex::default()).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(names) = bands.get(next.fetch_add(1, Ordering::Relaxed)).map(|band| (band.0, &band.1)) {
                let pages = build_band(&frame, edges, names.0, names.1);
                *done[names.0 as usize].lock().expect("no thread panics while it holds the lock") = pages;
            }
        };
        thread::scope(|scope| {
            for _ in 1..n_threads.clamp(1, bands.len()) {
                scope.spawn(work);
            }
            work();
        });
        let pages: Vec<Arc<CellPage>> = done
            .into_iter()
            .flat_map(|band| band.into_inner().expect("no thread panics while it holds the lock"))
            .collect();
        Self { frame, pages: SharedVec::new(pages.into_iter()) }
    }

    /// Returns this index with the ground between `low` and `high` made anew from `edges`; every page outside is shared.
    ///
    /// `edges` are all that meet the box [`Self::reach`] gives, at least; others do no harm. `None` when the box or an
    /// edge reaches beyond the raster: then the region has outgrown it and needs [`Self::build`].
    /// Cost: the edges given, the pages under the box, and one count per hundred pages or so.
    #[must_use]
    pub fn patched(&self, edges: &Edges, low: LatticePoint, high: LatticePoint) -> Option<Self> {
        let cells = self.frame.cells_meeting(low, high).filter(|_| self.frame.holds(edges))?;
        let raster = Raster::sort(edges, &self.frame, cells, &edges.names().collect::<Vec<_>>());
        let corners: Vec<Vec<u32>> = (cells.rows.0..=cells.rows.1)
            .map(|row| {
                // East of the cells nothing has changed.
                let beyond = self.corner_owner(cells.columns.1 + 1, row);
                raster.corners(edges, &self.frame, row, beyond)
            })
            .collect();
        let mut made = Vec::new();
        for page_row in cells.rows.0 >> PAGE_SHIFT..=cells.rows.1 >> PAGE_SHIFT {
            for page_column in cells.columns.0 >> PAGE_SHIFT..=cells.columns.1 >> PAGE_SHIFT {
                let at = page_row * self.frame.page_columns() + page_column;
                let (before, mut builder) = (self.pages.get(at), Builder::new(edges, self.frame));
                for (column, row) in cells_of_page(&self.frame, page_column, page_row) {
                    let word = if cells.hold(column, row) {
                        let corner = corners[(row - cells.rows.0) as usize][(column - cells.columns.0) as usize];
                        builder.cell(self.frame.cell(column, row), raster.names(column, row), corner)
                    } else {
                        builder.copy(before, before.root[slot(column, row)])
                    };
                    builder.set(slot(column, row), word);
                }
                made.push((at, Arc::new(builder.finish())));
            }
        }
        let mut pages = self.pages.clone();
        pages.put(made);
        Some(Self { frame: self.frame, pages })
    }

    /// The box that [`Self::patched`] makes anew for a change between `low` and `high`: whole root cells.
    #[must_use]
    pub fn reach(&self, low: LatticePoint, high: LatticePoint) -> Option<(LatticePoint, LatticePoint)> {
        let cells = self.frame.cells_meeting(low, high)?;
        let (x, y) = self.frame.cell(cells.columns.1, cells.rows.1).end();
        let fit = |at: i64| i32::try_from(at).unwrap_or(i32::MAX);
        Some((self.frame.cell(cells.columns.0, cells.rows.0).corner(), LatticePoint::new(fit(x), fit(y))))
    }

    fn corner_owner(&self, column: u32, row: u32) -> u32 {
        if column >= self.frame.columns() {
            return 0;
        }
        edges::code(self.owner(self.frame.cell(column, row).corner()))
    }
}

/// The names of the edges that reach into each row of pages.
fn by_band(frame: &Frame, edges: &Edges) -> Vec<(u32, Vec<u32>)> {
    let mut bands: Vec<(u32, Vec<u32>)> = (0..frame.page_rows()).map(|row| (row, Vec::new())).collect();
    for name in edges.names() {
        let (a, b) = edges.ends(name);
        let low = LatticePoint::new(a.x.min(b.x), a.y.min(b.y));
        let high = LatticePoint::new(a.x.max(b.x), a.y.max(b.y));
        let cells = frame.cells_meeting(low, high).expect("the raster was laid over all edges");
        for row in cells.rows.0 >> PAGE_SHIFT..=cells.rows.1 >> PAGE_SHIFT {
            bands[row as usize].1.push(name);
        }
    }
    bands
}

/// Builds one row of pages: a band reaches from the far west, outside, to the far east, so it needs no other.
fn build_band(frame: &Frame, edges: &Edges, page_row: u32, names: &[u32]) -> Vec<Arc<CellPage>> {
    let cells = frame.band(page_row);
    let raster = Raster::sort(edges, frame, cells, names);
    let corners: Vec<Vec<u32>> =
        (cells.rows.0..=cells.rows.1).map(|row| raster.corners(edges, frame, row, 0)).collect();
    let page = |page_column| {
        let mut builder = Builder::new(edges, *frame);
        for (column, row) in cells_of_page(frame, page_column, page_row) {
            let corner = corners[(row - cells.rows.0) as usize][column as usize];
            let word = builder.cell(frame.cell(column, row), raster.names(column, row), corner);
            builder.set(slot(column, row), word);
        }
        Arc::new(builder.finish())
    };
    (0..frame.page_columns()).map(page).collect()
}

/// Column and row of each cell of a page that lies in the raster, in the order they are written.
fn cells_of_page(frame: &Frame, page_column: u32, page_row: u32) -> impl Iterator<Item = (u32, u32)> + use<> {
    let along = |page: u32, n: u32| page << PAGE_SHIFT..((page + 1) << PAGE_SHIFT).min(n);
    debug_assert!(frame.columns().div_ceil(PAGE_SIDE) > page_column);
    let columns = along(page_column, frame.columns());
    along(page_row, frame.rows()).flat_map(move |row| columns.clone().map(move |column| (column, row)))
}

impl Cells {
    fn hold(&self, column: u32, row: u32) -> bool {
        (self.columns.0..=self.columns.1).contains(&column) && (self.rows.0..=self.rows.1).contains(&row)
    }
}

impl Frame {
    /// Tells whether no edge reaches beyond the raster.
    fn holds(&self, edges: &Edges) -> bool {
        edges.corners().is_none_or(|(low, high)| self.offset(low).is_some() && self.offset(high).is_some())
    }
}
