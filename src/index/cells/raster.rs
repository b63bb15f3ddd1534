//! Which edges meet which root cells, and who owns each cell's low corner.

use super::edges::Edges;
use super::frame::{Cells, Frame};
use crate::geometry::LatticePoint;
use crate::geometry::boundary::crosses_ray;

/// The edges of a rectangle of root cells, sorted into them.
#[derive(Debug)]
pub(super) struct Raster {
    cells: Cells,
    /// Where each cell's names begin, row by row; one more at the end.
    starts: Vec<u32>,
    names: Vec<u32>,
}

impl Raster {
    /// Sorts `names` into `cells`; in each cell they keep their order.
    pub(super) fn sort(edges: &Edges, frame: &Frame, cells: Cells, names: &[u32]) -> Self {
        let width = cells.columns.1 - cells.columns.0 + 1;
        let n_cells = (width * (cells.rows.1 - cells.rows.0 + 1)) as usize;
        let place = |(column, row)| ((row - cells.rows.0) * width + column - cells.columns.0) as usize;
        let mut met: Vec<(u32, u32)> = Vec::with_capacity(names.len() * 5 / 4);
        let mut starts = vec![0u32; n_cells + 1];
        for &name in names {
            let (a, b) = edges.ends(name);
            for_each_met(frame, cells, a, b, |cell| {
                starts[place(cell) + 1] += 1;
                met.push((u32::try_from(place(cell)).expect("a raster has fewer than 2^32 cells"), name));
            });
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut sorted = vec![0; met.len()];
        let mut next = starts.clone();
        for (place, name) in met {
            let at = &mut next[place as usize];
            sorted[*at as usize] = name;
            *at += 1;
        }
        Self { cells, starts, names: sorted }
    }

    pub(super) fn names(&self, column: u32, row: u32) -> &[u32] {
        let width = self.cells.columns.1 - self.cells.columns.0 + 1;
        let at = ((row - self.cells.rows.0) * width + column - self.cells.columns.0) as usize;
        &self.names[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// The owners of the low corners of one row's cells, west to east, given the owner of the corner that follows.
    ///
    /// Going west, the owner changes with every edge between two corners, and such an edge meets the cell between them.
    pub(super) fn corners(&self, edges: &Edges, frame: &Frame, row: u32, beyond: u32) -> Vec<u32> {
        let mut owner = beyond;
        let mut owners: Vec<u32> = (self.cells.columns.0..=self.cells.columns.1)
            .rev()
            .map(|column| {
                let corner = frame.cell(column, row).corner();
                let next = frame.cell(column, row).end().0;
                for &name in self.names(column, row) {
                    let (a, b) = edges.ends(name);
                    let passes =
                        |x: i64| i32::try_from(x).is_ok_and(|x| crosses_ray(a, b, LatticePoint::new(x, corner.y)));
                    if passes(i64::from(corner.x)) && !passes(next) {
                        owner ^= edges.across(name);
                    }
                }
                owner
            })
            .collect();
        owners.reverse();
        owners
    }
}

/// Calls `met` with column and row of every cell in `cells` whose closed box meets the edge.
fn for_each_met(frame: &Frame, cells: Cells, a: LatticePoint, b: LatticePoint, mut met: impl FnMut((u32, u32))) {
    let low = LatticePoint::new(a.x.min(b.x), a.y.min(b.y));
    let high = LatticePoint::new(a.x.max(b.x), a.y.max(b.y));
    let Some(around) = frame.cells_meeting(low, high) else { return };
    let (columns, rows) = (overlap(around.columns, cells.columns), overlap(around.rows, cells.rows));
    for row in rows.0..=rows.1 {
        let columns = if columns.1 > columns.0 + 2 { overlap(columns, in_row(frame, row, a, b)) } else { columns };
        for column in columns.0..=columns.1 {
            if frame.cell(column, row).meets(a, b) {
                met((column, row));
            }
        }
    }
}

/// The columns a long edge can meet in one row, and one more on either side for the rounding.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the raster")]
#[expect(clippy::cast_precision_loss, reason = "a column too many is given")]
fn in_row(frame: &Frame, row: u32, a: LatticePoint, b: LatticePoint) -> (u32, u32) {
    let cell = frame.cell(0, row);
    if a.y == b.y {
        return (0, frame.columns() - 1);
    }
    let (ax, ay, bx, by) = (f64::from(a.x), f64::from(a.y), f64::from(b.x), f64::from(b.y));
    let x_at = |y: i64| ax + (bx - ax) * ((y as f64 - ay) / (by - ay)).clamp(0.0, 1.0);
    let column = |x: f64| ((x - cell.x as f64) / (1u64 << frame.kx) as f64).floor();
    let (one, other) = (column(x_at(cell.y)), column(x_at(cell.end().1)));
    let last = f64::from(frame.columns() - 1);
    ((one.min(other) - 1.0).clamp(0.0, last) as u32, (one.max(other) + 1.0).clamp(0.0, last) as u32)
}

fn overlap(a: (u32, u32), b: (u32, u32)) -> (u32, u32) {
    (a.0.max(b.0), a.1.min(b.1))
}
