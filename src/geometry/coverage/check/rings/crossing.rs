//! Edges of one area that cross or touch each other.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::ControlFlow;

use super::checked::{CheckedArea, PAIRS_PER_EDGE, finding};
use crate::geometry::boundary::on_segment;
use crate::geometry::coverage::boxes::{Boxes, Extent};
use crate::geometry::coverage::report::Size;
use crate::geometry::coverage::{FaultKind, Finding, RawArea};
use crate::geometry::lattice::orientation;
use crate::geometry::{Boundary, LatticePoint};

/// How many crossings of one area are worth naming.
const CROSSINGS: usize = 50;

/// The edges of one boundary, ring by ring.
pub(super) struct Edges {
    ends: Vec<(LatticePoint, LatticePoint)>,
    /// The ring of each edge.
    ring: Vec<u32>,
    /// The first edge of each ring, and the end.
    first: Vec<usize>,
}

#[derive(Clone, Copy)]
pub(super) struct Crossing {
    i: usize,
    j: usize,
    at: LatticePoint,
    /// Whether the lines only touch: in a vertex, or along an edge run there and back.
    touch: bool,
}

impl Edges {
    pub(super) fn of(boundary: &Boundary) -> Self {
        let mut edges = Self { ends: Vec::new(), ring: Vec::new(), first: vec![0] };
        for (index, ring) in (0u32..).zip(boundary.rings()) {
            edges.ends.extend(ring.edges());
            edges.ring.resize(edges.ends.len(), index);
            edges.first.push(edges.ends.len());
        }
        edges
    }

    fn follows(&self, i: usize, j: usize) -> bool {
        let ring = self.ring[i] as usize;
        let (first, end) = (self.first[ring], self.first[ring + 1]);
        self.ring[j] as usize == ring && j == if i + 1 == end { first } else { i + 1 }
    }

    /// Pairs of edges that cross, overlap, or touch within one ring. `Err` is where the work was given up.
    pub(super) fn crossings(&self) -> Result<Vec<Crossing>, LatticePoint> {
        let extents: Vec<Extent> = self.ends.iter().map(|&(a, b)| extent(a, b)).collect();
        let tree = Boxes::new(&extents);
        let mut found = Vec::new();
        let mut left = PAIRS_PER_EDGE * (self.ends.len() + 1_000);
        let mut n_crossed = 0;
        for (i, own) in extents.iter().enumerate() {
            let done = tree.hits(own, &mut |j| {
                left -= 1;
                if left == 0 {
                    return ControlFlow::Break(());
                }
                let j = j as usize;
                if j > i
                    && let Some(crossing) = self.crossing(i, j)
                {
                    n_crossed += usize::from(!crossing.touch);
                    found.push(crossing);
                }
                if n_crossed > CROSSINGS * 20 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            if done.is_break() && left == 0 {
                return Err(self.ends[i].0);
            }
            if done.is_break() {
                break;
            }
        }
        Ok(found)
    }

    #[expect(clippy::many_single_char_names, reason = "the ends of two edges are best told apart by letters")]
    fn crossing(&self, i: usize, j: usize) -> Option<Crossing> {
        let ((a, b), (c, d)) = (self.ends[i], self.ends[j]);
        if self.follows(i, j) || self.follows(j, i) {
            return None;
        }
        let (c_side, d_side) = (orientation(a, b, c), orientation(a, b, d));
        let (a_side, b_side) = (orientation(c, d, a), orientation(c, d, b));
        if c_side == Ordering::Equal && d_side == Ordering::Equal {
            let shared = [a, b, c, d].into_iter().filter(|&v| on_segment(a, b, v) && on_segment(c, d, v));
            let shared: Vec<LatticePoint> = shared.collect();
            let along = shared.iter().any(|v| *v != shared[0]);
            // An edge run there and back has no inside: it only touches. The same way twice is an overlap.
            let opposite = (b > a) != (d > c);
            return shared.first().map(|&at| Crossing { i, j, at, touch: !along || opposite });
        }
        let apart = |x: Ordering, y: Ordering| x != y && x != Ordering::Equal && y != Ordering::Equal;
        if apart(c_side, d_side) && apart(a_side, b_side) {
            return Some(Crossing { i, j, at: middle(a, b, c, d), touch: false });
        }
        let touched = [a, b, c, d].into_iter().find(|&v| on_segment(a, b, v) && on_segment(c, d, v))?;
        Some(Crossing { i, j, at: touched, touch: true })
    }

    /// Turns crossings into findings, one for each pair of rings and place; returns how many are more than touches.
    pub(super) fn report(&self, area: &RawArea, crossings: &[Crossing], checked: &mut CheckedArea) -> usize {
        let mut touches: HashMap<LatticePoint, Vec<Crossing>> = HashMap::new();
        let mut n_crossings = 0;
        for crossing in crossings {
            if crossing.touch {
                touches.entry(crossing.at).or_default().push(*crossing);
            } else {
                n_crossings += 1;
                self.mark(crossing, checked);
                if n_crossings == 1 {
                    self.report_crossing(area, crossing, &mut checked.findings);
                }
            }
        }
        let mut touches: Vec<_> = touches.into_iter().collect();
        touches.sort_unstable_by_key(|(at, _)| *at);
        for (at, group) in touches {
            if self.passes_through(at, &group) {
                n_crossings += 1;
                for crossing in &group {
                    self.mark(crossing, checked);
                }
                if n_crossings == 1 {
                    self.report_crossing(area, &group[0], &mut checked.findings);
                }
            } else if group.iter().any(|c| self.ring[c.i] == self.ring[c.j]) {
                let detail = "the ring touches itself there; it is taken apart, no ground changes".to_owned();
                let kind = FaultKind::RingTouchesItself;
                checked.findings.push(finding(area, kind, Some(at), Size::default(), detail));
            }
        }
        if n_crossings > 1 {
            let kinds = [FaultKind::RingCrossesItself, FaultKind::RingsCross];
            if let Some(first) = checked.findings.iter_mut().find(|f| kinds.contains(&f.kind)) {
                first.n_places = n_crossings;
            }
        }
        n_crossings
    }

    fn report_crossing(&self, area: &RawArea, crossing: &Crossing, findings: &mut Vec<Finding>) {
        let (kind, detail) = if self.ring[crossing.i] == self.ring[crossing.j] {
            (FaultKind::RingCrossesItself, "the ring crosses itself there")
        } else {
            (FaultKind::RingsCross, "two of its rings cross there")
        };
        findings.push(finding(area, kind, Some(crossing.at), Size::default(), detail.to_owned()));
    }

    /// Remembers the edges that cross and, if they are few, those between them.
    fn mark(&self, crossing: &Crossing, checked: &mut CheckedArea) {
        let (i, j) = (crossing.i, crossing.j);
        checked.crossed.extend([self.ends[i], self.ends[j]]);
        if self.ring[i] == self.ring[j] {
            let ring = self.ring[i] as usize;
            let n = self.first[ring + 1] - self.first[ring];
            let (from, steps) = if j - i <= n / 2 { (i, j - i) } else { (j, n - (j - i)) };
            let at = |k: usize| self.first[ring] + (from - self.first[ring] + k) % n;
            checked.crossed.extend((0..steps.min(8)).map(|k| self.ends[at(k)]));
        }
    }

    /// Tells whether one of the lines that meet in `at` runs from one side of another to its other side.
    fn passes_through(&self, at: LatticePoint, group: &[Crossing]) -> bool {
        let mut through: Vec<(LatticePoint, LatticePoint)> = Vec::new();
        for &k in group.iter().flat_map(|c| [&c.i, &c.j]) {
            let (a, b) = self.ends[k];
            let ring = self.ring[k] as usize;
            let (first, end) = (self.first[ring], self.first[ring + 1]);
            through.push(if at == b {
                (a, self.ends[if k + 1 == end { first } else { k + 1 }].1)
            } else if at == a {
                (self.ends[if k == first { end - 1 } else { k - 1 }].0, b)
            } else {
                (a, b)
            });
        }
        through.sort_unstable();
        through.dedup();
        let crosses = |x: (LatticePoint, LatticePoint), y: (LatticePoint, LatticePoint)| {
            let left = |p| left_of(at, x, p);
            matches!((left(y.0), left(y.1)), (Some(a), Some(b)) if a != b)
        };
        (1..through.len()).any(|i| (0..i).any(|j| crosses(through[i], through[j])))
    }
}

/// Tells whether the direction from `at` to `p` lies left of the line that comes from `from` and goes on to `to`; `None`
/// when it lies along it.
fn left_of(at: LatticePoint, (from, to): (LatticePoint, LatticePoint), p: LatticePoint) -> Option<bool> {
    let same = |q: LatticePoint| orientation(at, q, p) == Ordering::Equal && ((q > at) == (p > at));
    if same(from) || same(to) {
        return None;
    }
    let left_of_from = orientation(from, at, p) == Ordering::Greater;
    let left_of_to = orientation(at, to, p) == Ordering::Greater;
    Some(match orientation(from, at, to) {
        Ordering::Less => left_of_from || left_of_to,
        _ => left_of_from && left_of_to,
    })
}

fn extent(a: LatticePoint, b: LatticePoint) -> Extent {
    [a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)].map(i64::from)
}

/// The lattice point nearest to where two crossing edges cross.
#[expect(clippy::many_single_char_names, reason = "the ends of two edges are best told apart by letters")]
fn middle(a: LatticePoint, b: LatticePoint, c: LatticePoint, d: LatticePoint) -> LatticePoint {
    let to = |from: LatticePoint, to: LatticePoint| {
        (f64::from(to.x) - f64::from(from.x), f64::from(to.y) - f64::from(from.y))
    };
    let ((abx, aby), (cdx, cdy), (acx, acy)) = (to(a, b), to(c, d), to(a, c));
    let t = (acx * cdy - acy * cdx) / (abx * cdy - aby * cdx);
    #[expect(clippy::cast_possible_truncation, reason = "a point between two lattice points is in range")]
    LatticePoint::new((f64::from(a.x) + abx * t).round() as i32, (f64::from(a.y) + aby * t).round() as i32)
}
