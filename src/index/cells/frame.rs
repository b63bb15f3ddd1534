//! Where the root cells lie: a flat raster of cells of 2^kx by 2^ky lattice steps, in pages of 32 by 32.

use crate::geometry::LatticePoint;

/// Cells along one side of a page, as a power of two.
pub(super) const PAGE_SHIFT: u32 = 5;
pub(super) const PAGE_SIDE: u32 = 1 << PAGE_SHIFT;
pub(super) const PAGE_CELLS: usize = 1 << (2 * PAGE_SHIFT);

/// The raster over one region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::index) struct Frame {
    low: LatticePoint,
    /// From `low` to the last vertex, lattice steps.
    extent: (u32, u32),
    /// The sides of a cell as powers of two.
    pub(in crate::index) kx: u32,
    pub(in crate::index) ky: u32,
}

/// One cell of any level: a low corner and the sides as powers of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) kx: u32,
    pub(super) ky: u32,
}

/// A rectangle of root cells by column and row, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cells {
    pub(super) columns: (u32, u32),
    pub(super) rows: (u32, u32),
}

impl Frame {
    /// Lays cells of about `cell_area` square steps over the box from `low` to `high`.
    pub(super) fn new(low: LatticePoint, high: LatticePoint, cell_area: f64) -> Self {
        let extent = (high.x.abs_diff(low.x), high.y.abs_diff(low.y));
        // No less than a step, and no more than a quarter of the lattice, so that no cell reaches around the world.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 54")]
        let k = cell_area.max(1.0).log2().round().min(54.0) as u32;
        Self { low, extent, kx: k.div_ceil(2), ky: k / 2 }
    }

    pub(in crate::index) fn low(&self) -> LatticePoint {
        self.low
    }

    pub(in crate::index) fn extent(&self) -> (u32, u32) {
        self.extent
    }

    pub(super) fn columns(&self) -> u32 {
        (self.extent.0 >> self.kx) + 1
    }

    pub(super) fn rows(&self) -> u32 {
        (self.extent.1 >> self.ky) + 1
    }

    pub(super) fn page_columns(&self) -> u32 {
        self.columns().div_ceil(PAGE_SIDE)
    }

    pub(super) fn page_rows(&self) -> u32 {
        self.rows().div_ceil(PAGE_SIDE)
    }

    /// The steps from the low corner, or `None` outside the raster.
    #[inline]
    pub(super) fn offset(&self, p: LatticePoint) -> Option<(u32, u32)> {
        // What lies west or south wraps round to more than any extent.
        let (dx, dy) = (p.x.wrapping_sub(self.low.x).cast_unsigned(), p.y.wrapping_sub(self.low.y).cast_unsigned());
        (dx <= self.extent.0 && dy <= self.extent.1).then_some((dx, dy))
    }

    /// The page that holds an offset, and the cell's place in it.
    #[inline]
    pub(super) fn place(&self, (dx, dy): (u32, u32)) -> (u32, usize) {
        let (column, row) = (dx >> self.kx, dy >> self.ky);
        let page = (row >> PAGE_SHIFT) * self.page_columns() + (column >> PAGE_SHIFT);
        (page, slot(column, row))
    }

    pub(super) fn cell(&self, column: u32, row: u32) -> Cell {
        let (kx, ky) = (self.kx, self.ky);
        let at = |low: i32, n: u32, k: u32| i64::from(low) + (i64::from(n) << k);
        Cell { x: at(self.low.x, column, kx), y: at(self.low.y, row, ky), kx, ky }
    }

    /// The root cells whose closed box meets the box from `low` to `high`; `None` when it reaches over the raster.
    pub(super) fn cells_meeting(&self, low: LatticePoint, high: LatticePoint) -> Option<Cells> {
        let ((x0, y0), (x1, y1)) = (self.offset(low)?, self.offset(high)?);
        // A box that begins on a cell's low side touches the cell before, too.
        let first = |d: u32, k: u32| d.saturating_sub(1) >> k;
        Some(Cells { columns: (first(x0, self.kx), x1 >> self.kx), rows: (first(y0, self.ky), y1 >> self.ky) })
    }

    /// Every cell in the rows of one row of pages.
    pub(super) fn band(&self, page_row: u32) -> Cells {
        let first = page_row << PAGE_SHIFT;
        Cells { columns: (0, self.columns() - 1), rows: (first, (first + PAGE_SIDE).min(self.rows()) - 1) }
    }
}

/// A cell's place in its page.
#[inline]
pub(super) fn slot(column: u32, row: u32) -> usize {
    const MASK: u32 = PAGE_SIDE - 1;
    ((row & MASK) << PAGE_SHIFT | column & MASK) as usize
}

impl Cell {
    /// The far corner: the first step beyond.
    pub(super) fn end(&self) -> (i64, i64) {
        (self.x + (1 << self.kx), self.y + (1 << self.ky))
    }

    /// The point that narrow lines are seen from.
    pub(super) fn middle(&self) -> (i64, i64) {
        (self.x + (1 << self.kx >> 1), self.y + (1 << self.ky >> 1))
    }

    /// The low corner as a point; cells begin on the lattice.
    #[expect(clippy::cast_possible_truncation, reason = "a cell begins inside the raster, whose corners are i32")]
    pub(super) fn corner(&self) -> LatticePoint {
        LatticePoint::new(self.x as i32, self.y as i32)
    }

    /// Tells whether the closed box of the cell meets the edge. Exact.
    pub(super) fn meets(&self, a: LatticePoint, b: LatticePoint) -> bool {
        let ((ax, ay), (bx, by)) = ((i64::from(a.x), i64::from(a.y)), (i64::from(b.x), i64::from(b.y)));
        let (ex, ey) = self.end();
        if ax.min(bx) > ex || ax.max(bx) < self.x || ay.min(by) > ey || ay.max(by) < self.y {
            return false;
        }
        let within = |x: i64, y: i64| (self.x..=ex).contains(&x) && (self.y..=ey).contains(&y);
        if within(ax, ay) || within(bx, by) {
            return true;
        }
        // The edge passes when the corners do not all lie strictly to one side of it.
        let side = |x: i64, y: i64| {
            let (left, right) = (i128::from(bx - ax) * i128::from(y - ay), i128::from(by - ay) * i128::from(x - ax));
            left.cmp(&right)
        };
        let sides = [side(self.x, self.y), side(ex, self.y), side(self.x, ey), side(ex, ey)];
        sides[0].is_eq() || sides[1..].iter().any(|s| *s != sides[0])
    }

    /// Tells whether it can be split in four by four.
    pub(super) fn splits(&self) -> bool {
        self.kx >= 2 && self.ky >= 2
    }

    /// The part at column and row 0 to 3.
    pub(super) fn part(&self, column: u32, row: u32) -> Self {
        let (kx, ky) = (self.kx - 2, self.ky - 2);
        Self { x: self.x + (i64::from(column) << kx), y: self.y + (i64::from(row) << ky), kx, ky }
    }
}
