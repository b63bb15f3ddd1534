//! Where the cells of the near lists lie: the raster of the owners' cells, split finer, in pages of 32 by 32.

use crate::geometry::LatticePoint;
use crate::geometry::coverage::Window;
use crate::index::cells::Frame;

/// Cells along one side of a page, as a power of two.
pub(super) const PAGE_SHIFT: u32 = 5;
pub(super) const PAGE_CELLS: usize = 1 << (2 * PAGE_SHIFT);

/// An owners' cell is split in so many parts, as a power of two.
const FINER: u32 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Raster {
    low: LatticePoint,
    /// From `low` to the far corner, steps.
    extent: (u32, u32),
    /// The sides of a cell as powers of two.
    kx: u32,
    ky: u32,
}

impl Raster {
    pub(super) fn over(frame: &Frame) -> Self {
        let k = (frame.kx + frame.ky).saturating_sub(FINER);
        Self { low: frame.low(), extent: frame.extent(), kx: k.div_ceil(2), ky: k / 2 }
    }

    /// The page of `p` and the cell in it, or `None` outside the raster.
    #[inline]
    pub(super) fn place(&self, p: LatticePoint) -> Option<(u32, usize)> {
        // What lies west or south wraps round to more than any extent.
        let (dx, dy) = (p.x.wrapping_sub(self.low.x).cast_unsigned(), p.y.wrapping_sub(self.low.y).cast_unsigned());
        let (column, row) = (dx >> self.kx, dy >> self.ky);
        let page = (row >> PAGE_SHIFT) * self.columns() + (column >> PAGE_SHIFT);
        let mask = (1 << PAGE_SHIFT) - 1;
        let cell = (row & mask) << PAGE_SHIFT | column & mask;
        (dx <= self.extent.0 && dy <= self.extent.1).then_some((page, cell as usize))
    }

    /// Columns of pages.
    #[inline]
    fn columns(&self) -> u32 {
        (self.extent.0 >> self.kx >> PAGE_SHIFT) + 1
    }

    fn rows(&self) -> u32 {
        (self.extent.1 >> self.ky >> PAGE_SHIFT) + 1
    }

    pub(super) fn n_pages(&self) -> usize {
        self.columns() as usize * self.rows() as usize
    }

    /// The pages that meet a window, row by row.
    pub(super) fn pages_in(&self, window: Window) -> impl Iterator<Item = u32> + use<> {
        let along = |at: i32, low: i32, extent: u32, k: u32| {
            let d = (i64::from(at) - i64::from(low)).clamp(0, i64::from(extent));
            u32::try_from(d >> k >> PAGE_SHIFT).expect("less than the extent")
        };
        let Window { low, high } = window;
        let column = |x: i32| along(x, self.low.x, self.extent.0, self.kx);
        let row = |y: i32| along(y, self.low.y, self.extent.1, self.ky);
        let (n, columns) = (self.columns(), column(low.x)..=column(high.x));
        (row(low.y)..=row(high.y)).flat_map(move |row| columns.clone().map(move |column| row * n + column))
    }

    /// All points of a page, up to the end of the raster.
    #[expect(clippy::cast_possible_truncation, reason = "it lies between the raster's corners")]
    pub(super) fn window(&self, page: u32) -> Window {
        let (column, row) = (page % self.columns(), page / self.columns());
        let first = |n: u32, low: i32, k: u32| i64::from(low) + (i64::from(n) << k << PAGE_SHIFT);
        let last = |first: i64, low: i32, extent: u32, k: u32| {
            (first + (1 << k << PAGE_SHIFT) - 1).min(i64::from(low) + i64::from(extent)) as i32
        };
        let (x, y) = (first(column, self.low.x, self.kx), first(row, self.low.y, self.ky));
        Window {
            low: LatticePoint::new(x as i32, y as i32),
            high: LatticePoint::new(
                last(x, self.low.x, self.extent.0, self.kx),
                last(y, self.low.y, self.extent.1, self.ky),
            ),
        }
    }

    /// The sides of a cell, steps.
    pub(super) fn cell(&self) -> (u64, u64) {
        (1 << self.kx, 1 << self.ky)
    }
}
