//! Cuts rings along the edges of a box (Sutherland and Hodgman 1974).
//!
//! Where an edge of a ring crosses an edge of the box is computed from the same end, whichever way the ring runs, so two
//! grids that share the edge are cut at the same pixel.

use super::{Pixel, PixelBox};

/// One side of a box: everything up to `at` along one axis.
#[derive(Clone, Copy)]
struct FrameEdge {
    vertical: bool,
    at: i32,
    /// Whether the inside has the smaller numbers.
    below: bool,
}

impl FrameEdge {
    fn holds(self, p: Pixel) -> bool {
        let along = if self.vertical { p.x } else { p.y };
        if self.below { along <= self.at } else { along >= self.at }
    }

    fn has(self, p: Pixel) -> bool {
        self.at == if self.vertical { p.x } else { p.y }
    }

    /// Where the line between two pixels on different sides crosses.
    fn crossing(self, a: Pixel, b: Pixel) -> Pixel {
        let (a, b) = if a < b { (a, b) } else { (b, a) };
        let across = |from: i32, to: i32, start: i32, end: i32| {
            let part = i64::from(self.at - start) * i64::from(to - from);
            let whole = i64::from(end - start);
            // To the nearest pixel; the crossing lies between the two ends.
            let moved = (2 * part + whole).div_euclid(2 * whole);
            from + i32::try_from(moved).expect("it lies between two pixels")
        };
        if self.vertical {
            Pixel { x: self.at, y: across(a.y, b.y, a.x, b.x) }
        } else {
            Pixel { x: across(a.x, b.x, a.y, b.y), y: self.at }
        }
    }
}

/// Leaves in `ring` what lies in `frame`; `spare` is room to work in. The ring does not repeat its first pixel.
///
/// A ring that leaves the frame and comes back stays one ring, joined along the frame's edge; tells whether it may run along an
/// edge twice, see [`mend`](super::mend::mend). Cost: linear.
pub fn clip(ring: &mut Vec<Pixel>, frame: PixelBox, spare: &mut Vec<Pixel>) -> bool {
    let edges = [
        FrameEdge { vertical: true, at: frame.west, below: false },
        FrameEdge { vertical: true, at: frame.east, below: true },
        FrameEdge { vertical: false, at: frame.north, below: false },
        FrameEdge { vertical: false, at: frame.south, below: true },
    ];
    for edge in edges {
        // Few rings leave the frame on more than one side.
        if ring.iter().all(|&p| edge.holds(p)) {
            continue;
        }
        spare.clear();
        let Some(&last) = ring.last() else { return false };
        let mut before = (last, edge.holds(last));
        for &p in ring.iter() {
            let inside = edge.holds(p);
            if inside != before.1 {
                spare.push(edge.crossing(before.0, p));
            }
            if inside {
                spare.push(p);
            }
            before = (p, inside);
        }
        std::mem::swap(ring, spare);
        ring.dedup();
    }
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    edges.iter().any(|edge| ring.iter().filter(|&&p| edge.has(p)).count() > 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clipped(ring: &[(i32, i32)]) -> Vec<(i32, i32)> {
        let mut ring: Vec<Pixel> = ring.iter().map(|&(x, y)| Pixel { x, y }).collect();
        clip(&mut ring, PixelBox { west: 0, north: 0, east: 10, south: 10 }, &mut Vec::new());
        ring.iter().map(|p| (p.x, p.y)).collect()
    }

    #[test]
    fn what_is_inside_stays_and_what_is_outside_goes() {
        assert_eq!(clipped(&[(1, 1), (9, 1), (9, 9)]), [(1, 1), (9, 1), (9, 9)]);
        assert_eq!(clipped(&[(11, 1), (19, 1), (19, 9)]), []);
        assert_eq!(clipped(&[(5, 5), (15, 5), (15, 8), (5, 8)]).len(), 4);
        let mut whole = clipped(&[(-5, -5), (15, -5), (15, 15), (-5, 15)]);
        whole.sort_unstable();
        assert_eq!(whole, [(0, 0), (0, 10), (10, 0), (10, 10)]);
    }

    #[test]
    fn an_edge_is_cut_at_the_same_pixel_from_both_sides() {
        let there = clipped(&[(3, 4), (17, 9), (3, 9)]);
        let back = clipped(&[(17, 9), (3, 4), (17, 4)]);
        let cut = |ring: &[(i32, i32)]| {
            ring.iter().copied().filter(|(x, y)| *x == 10 && ![4, 9].contains(y)).collect::<Vec<_>>()
        };
        assert_eq!((cut(&there), cut(&back)), (vec![(10, 7)], vec![(10, 7)]));
    }
}
