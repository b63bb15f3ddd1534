//! A raster with a mark in every cell that one of many boxes meets: a look at a bit or two tells of most others that they
//! meet none of them.

use super::boxes::Extent;

/// Cells for each box.
const CELLS_PER_BOX: usize = 64;
/// A box over more cells is not worth the marks.
const MOST_CELLS: i64 = 1024;

#[derive(Debug)]
pub(super) struct Marks {
    all: Extent,
    /// The side of a cell as a power of two.
    shift: u32,
    columns: i64,
    bits: Vec<u64>,
    /// Some box is so large that anything may meet it.
    has_large: bool,
}

impl Marks {
    pub(super) fn new(boxes: &[Extent]) -> Self {
        let joined = |a: Extent, b: &Extent| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])];
        let all = boxes.iter().skip(1).fold(boxes.first().copied().unwrap_or([0, 0, -1, -1]), joined);
        let side = |low: i64, high: i64, shift: u32| ((high - low) >> shift) + 1;
        let n_cells = |shift| side(all[0], all[2], shift).saturating_mul(side(all[1], all[3], shift));
        let most = i64::try_from(boxes.len().saturating_mul(CELLS_PER_BOX)).unwrap_or(i64::MAX);
        let shift = (0..63).find(|shift| n_cells(*shift) <= most.max(1)).unwrap_or(63);
        let n_words = usize::try_from(n_cells(shift) / 64 + 1).expect("there are no more cells than was asked for");
        let columns = side(all[0], all[2], shift);
        let mut marks = Self { all, shift, columns, bits: vec![0; n_words], has_large: false };
        for extent in boxes {
            match marks.cells(extent) {
                Some(cells) => cells.for_each(|(word, bit)| marks.bits[word] |= bit),
                None => marks.has_large = true,
            }
        }
        marks
    }

    /// Tells whether some box may share a point with `extent`: never no where one does.
    pub(super) fn may_meet(&self, extent: &Extent) -> bool {
        if self.has_large {
            return true;
        }
        let all = &self.all;
        let [west, south] = [extent[0].max(all[0]), extent[1].max(all[1])];
        let [east, north] = [extent[2].min(all[2]), extent[3].min(all[3])];
        if west > east || south > north {
            return false;
        }
        self.cells(&[west, south, east, north])
            .is_none_or(|mut cells| cells.any(|(word, bit)| self.bits[word] & bit != 0))
    }

    /// The cells that an extent within the raster meets; `None` where they are many.
    fn cells(&self, extent: &Extent) -> Option<impl Iterator<Item = (usize, u64)> + use<>> {
        let at = |v: i64, low: i64| (v - low) >> self.shift;
        let (west, south) = (at(extent[0], self.all[0]), at(extent[1], self.all[1]));
        let (east, north) = (at(extent[2], self.all[0]), at(extent[3], self.all[1]));
        let columns = self.columns;
        ((east - west + 1) * (north - south + 1) <= MOST_CELLS).then(|| {
            (south..=north).flat_map(move |row| (west..=east).map(move |column| row * columns + column)).map(|cell| {
                let cell = usize::try_from(cell).expect("the extent lies within the raster");
                (cell / 64, 1 << (cell % 64))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::coverage::boxes::meets;

    #[test]
    fn whatever_meets_a_box_is_never_told_apart() {
        let boxes = |n: i64, step: i64, most: i64| -> Vec<Extent> {
            let corner = |i: i64| (i * 7919 * step % 10_007 - 5_000, i * 104_729 * step % 9_973 - 5_000);
            (0..n).map(|i| (corner(i), i % most)).map(|((x, y), d)| [x, y, x + d, y + d / 2]).collect()
        };
        for marked in [boxes(400, 1, 30), boxes(3, 5, 2), boxes(40, 1, 9_000), Vec::new()] {
            let marks = Marks::new(&marked);
            let asked = boxes(3_000, 3, 25);
            let mut n_apart = 0;
            for asked in &asked {
                let is_met = marked.iter().any(|marked| meets(marked, asked));
                assert!(marks.may_meet(asked) || !is_met, "{asked:?}");
                n_apart += usize::from(!marks.may_meet(asked));
            }
            assert!(marked.len() == 40 || n_apart * 2 > asked.len(), "{n_apart} were told apart");
        }
    }
}
