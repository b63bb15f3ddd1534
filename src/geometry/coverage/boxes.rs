//! A packed tree of boxes: which boxes meet this one?
//!
//! Boxes are laid in Z-order and grouped eight by eight, level on level, so it is built by one sort and kept in flat
//! arrays. Cost: near-linear to build, near-logarithmic to ask where boxes are small beside the whole.

use std::ops::ControlFlow;

/// A box with its edges: west, south, east, north.
pub(super) type Extent = [i64; 4];

const FANOUT: usize = 8;

#[derive(Debug)]
pub(super) struct Boxes {
    /// The boxes' numbers in Z-order.
    order: Vec<u32>,
    /// The boxes in that order, then their groups, then the groups of groups up to one.
    levels: Vec<Vec<Extent>>,
}

impl Boxes {
    /// Takes boxes; a box is known by its place in the slice.
    pub(super) fn new(boxes: &[Extent]) -> Self {
        let all = boxes.iter().fold(None, |all, b| Some(all.map_or(*b, |all| joined(&all, b)))).unwrap_or_default();
        let mut keyed: Vec<(u64, u32)> = (0u32..).zip(boxes).map(|(i, b)| (z_order(b, &all), i)).collect();
        keyed.sort_unstable();
        let order: Vec<u32> = keyed.into_iter().map(|(_, i)| i).collect();
        let mut levels = vec![order.iter().map(|&i| boxes[i as usize]).collect::<Vec<_>>()];
        while let Some(last) = levels.last().filter(|level| level.len() > 1) {
            let group = |boxes: &[Extent]| boxes[1..].iter().fold(boxes[0], |all, b| joined(&all, b));
            levels.push(last.chunks(FANOUT).map(group).collect());
        }
        Self { order, levels }
    }

    /// Calls `visit` with the number of every box that shares a point with `extent`, until it breaks.
    pub(super) fn hits(&self, extent: &Extent, visit: &mut impl FnMut(u32) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.order.is_empty() {
            return ControlFlow::Continue(());
        }
        self.descend(self.levels.len() - 1, 0, extent, visit)
    }

    /// Like [`Self::hits`], to the end.
    pub(super) fn each_hit(&self, extent: &Extent, mut visit: impl FnMut(u32)) {
        let _ = self.hits(extent, &mut |i| {
            visit(i);
            ControlFlow::Continue(())
        });
    }

    fn descend(
        &self,
        level: usize,
        first: usize,
        extent: &Extent,
        visit: &mut impl FnMut(u32) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let boxes = &self.levels[level];
        let last = if level + 1 == self.levels.len() { boxes.len() } else { (first + FANOUT).min(boxes.len()) };
        for (i, b) in boxes.iter().enumerate().take(last).skip(first) {
            if !meets(b, extent) {
                continue;
            }
            if level == 0 {
                visit(self.order[i])?;
            } else {
                self.descend(level - 1, i * FANOUT, extent, visit)?;
            }
        }
        ControlFlow::Continue(())
    }
}

pub(super) fn meets(a: &Extent, b: &Extent) -> bool {
    a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

fn joined(a: &Extent, b: &Extent) -> Extent {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// The place of a box's middle on a Z-curve of 2^16 cells each way over `all`.
fn z_order(b: &Extent, all: &Extent) -> u64 {
    let cell = |low: i64, high: i64, from: i64, to: i64| {
        let middle = i128::from(low) + i128::from(high) - 2 * i128::from(from);
        let span = (2 * (i128::from(to) - i128::from(from))).max(1);
        u64::try_from(middle * 0xffff / span).expect("a middle lies between the ends")
    };
    spread(cell(b[0], b[2], all[0], all[2])) | spread(cell(b[1], b[3], all[1], all[3])) << 1
}

/// Puts a zero bit between every two of the low 16 bits.
fn spread(mut bits: u64) -> u64 {
    bits = (bits | bits << 8) & 0x00ff_00ff;
    bits = (bits | bits << 4) & 0x0f0f_0f0f;
    bits = (bits | bits << 2) & 0x3333_3333;
    (bits | bits << 1) & 0x5555_5555
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meeting_box_is_found_once() {
        let boxes: Vec<Extent> = (0..1000i64)
            .map(|i| (i * 7919 % 1009, i * 104_729 % 997))
            .map(|(x, y)| [x, y, x + 5 + x % 40, y + y % 13])
            .collect();
        let tree = Boxes::new(&boxes);
        for asked in &boxes {
            let mut found = Vec::new();
            tree.each_hit(asked, |i| found.push(i));
            found.sort_unstable();
            let expected: Vec<u32> = (0u32..).zip(&boxes).filter(|(_, b)| meets(b, asked)).map(|(i, _)| i).collect();
            assert_eq!(found, expected);
        }
        Boxes::new(&[]).each_hit(&[0, 0, 1, 1], |_| panic!("there is nothing to find"));
    }
}
