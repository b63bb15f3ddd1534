//! The lines of disagreeing areas laid over each other: where they cross, and the faces between them.
//!
//! Crossings of lattice edges are not on the lattice, so they are rounded to one 65,536 times finer (0.2 micrometres),
//! and edges are cut and compared there until none cross. This measures faults; it never makes boundaries.

use std::cmp::Ordering;

use crate::geometry::LatticePoint;
use crate::geometry::coverage::boxes::{Boxes, Extent};
use crate::geometry::coverage::edges::AreaEdge;
use crate::geometry::measure::{MetresPerDegree, degrees_area_m2};

/// Fine steps in one lattice step, as a power of two.
const FINER: u32 = 16;

/// A point of the finer lattice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Fine {
    pub(super) x: i64,
    pub(super) y: i64,
}

/// A segment of an input edge; `source` is the edge's place in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Segment {
    low: Fine,
    high: Fine,
    source: u32,
}

/// Edge `h / 2` of the overlay, run from its low end when `h` is even.
pub(super) type Half = u32;

/// A closed walk along edges with one face to its left: the outside of a face when `area2` is positive, else the edge of
/// a hole in one.
#[derive(Debug)]
pub(super) struct Cycle {
    pub(super) halves: Vec<Half>,
    pub(super) area2: i128,
    pub(super) extent: Extent,
}

#[derive(Debug)]
pub(super) struct Overlay {
    /// Different edges, ordered, none crossing another, each with its sources.
    edges: Vec<(Fine, Fine)>,
    sources: Vec<u32>,
    first: Vec<usize>,
    pub(super) cycles: Vec<Cycle>,
    /// Input edges that were cut at a vertex of the lattice, and where.
    pub(super) noded: Vec<(u32, LatticePoint)>,
}

/// Two input edges whose neighbourhood crosses so often that the overlay was given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entangled(pub(super) u32, pub(super) u32);

impl Fine {
    pub(super) fn of(p: LatticePoint) -> Self {
        Self { x: i64::from(p.x) << FINER, y: i64::from(p.y) << FINER }
    }

    /// The point this many lattice steps away.
    pub(super) fn moved(self, dx: i64, dy: i64) -> Self {
        Self { x: self.x + (dx << FINER), y: self.y + (dy << FINER) }
    }

    /// The point a quarter of a lattice step to the left of the middle of the way from `a` to `b`.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a place beside a line")]
    pub(super) fn left_of_middle(a: Self, b: Self) -> Self {
        let (dx, dy) = ((b.x - a.x) as f64, (b.y - a.y) as f64);
        let quarter = f64::from(1u32 << (FINER - 2)) / dx.hypot(dy).max(1.0);
        let beside = |middle: i64, way: f64| middle + (way * quarter).round() as i64;
        Self { x: beside(a.x.midpoint(b.x), -dy), y: beside(a.y.midpoint(b.y), dx) }
    }

    /// The point this share of the way to `to`.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a place beside a line")]
    pub(super) fn towards(self, to: Self, share: f64) -> Self {
        let along = |from: i64, to: i64| from + ((to - from) as f64 * share).round() as i64;
        Self { x: along(self.x, to.x), y: along(self.y, to.y) }
    }

    /// How far it is to `to`, in lattice steps.
    #[expect(clippy::cast_precision_loss, reason = "a distance")]
    pub(super) fn steps_to(self, to: Self) -> f64 {
        ((to.x - self.x) as f64).hypot((to.y - self.y) as f64) / f64::from(1u32 << FINER)
    }

    /// Longitude and latitude in degrees.
    #[expect(clippy::cast_precision_loss, reason = "47 bits fit a double")]
    pub(super) fn degrees(self) -> (f64, f64) {
        let step = f64::from(1u32 << FINER) * 1e7;
        (self.x as f64 / step, self.y as f64 / step)
    }

    /// The nearest lattice point.
    pub(super) fn rounded(self) -> LatticePoint {
        let nearest =
            |v: i64| i32::try_from((v + (1 << (FINER - 1))) >> FINER).expect("it lies between lattice points");
        LatticePoint::new(nearest(self.x), nearest(self.y))
    }

    /// The lattice point here, if there is one.
    pub(super) fn on_lattice(self) -> Option<LatticePoint> {
        let whole = |v: i64| if v.trailing_zeros() >= FINER { i32::try_from(v >> FINER).ok() } else { None };
        Some(LatticePoint::new(whole(self.x)?, whole(self.y)?))
    }
}

/// The sign of the turn from `a` over `b` to `p`: `Greater` is left. Exact.
pub(super) fn turn(a: Fine, b: Fine, p: Fine) -> Ordering {
    let d = |from: i64, to: i64| i128::from(to) - i128::from(from);
    (d(a.x, b.x) * d(a.y, p.y)).cmp(&(d(a.y, b.y) * d(a.x, p.x)))
}

impl Overlay {
    /// Lays `edges` over each other. Cost: near-linear in edges and crossings.
    pub(super) fn new(edges: &[AreaEdge]) -> Result<Self, Entangled> {
        let mut segments: Vec<Segment> = (0u32..)
            .zip(edges)
            .map(|(source, edge)| Segment { low: Fine::of(edge.low), high: Fine::of(edge.high), source })
            .collect();
        segments.sort_unstable();
        let mut noded = Vec::new();
        loop {
            let cuts = cuts(&segments)?;
            if cuts.is_empty() {
                break;
            }
            segments = cut(&segments, &cuts, &mut noded);
        }
        let (mut lines, mut first) = (Vec::new(), Vec::new());
        for (at, segment) in segments.iter().enumerate() {
            if lines.last() != Some(&(segment.low, segment.high)) {
                lines.push((segment.low, segment.high));
                first.push(at);
            }
        }
        first.push(segments.len());
        let sources = segments.iter().map(|segment| segment.source).collect();
        let mut overlay = Self { edges: lines, sources, first, cycles: Vec::new(), noded };
        overlay.cycles = overlay.walk();
        Ok(overlay)
    }

    /// The ends of a half-edge, in its direction.
    pub(super) fn ends(&self, half: Half) -> (Fine, Fine) {
        let (low, high) = self.edges[half as usize / 2];
        if half.is_multiple_of(2) { (low, high) } else { (high, low) }
    }

    /// The input edges that run along a half-edge.
    pub(super) fn sources(&self, half: Half) -> &[u32] {
        &self.sources[self.first[half as usize / 2]..self.first[half as usize / 2 + 1]]
    }

    /// The length of a half-edge in metres, near where a degree is as long as `scale` says.
    pub(super) fn length_m(&self, half: Half, scale: MetresPerDegree) -> f64 {
        let (a, b) = self.ends(half);
        let ((ax, ay), (bx, by)) = (a.degrees(), b.degrees());
        ((bx - ax) * scale.east).hypot((by - ay) * scale.north)
    }

    /// How long a degree is where a cycle begins.
    pub(super) fn scale(&self, cycle: &Cycle) -> MetresPerDegree {
        MetresPerDegree::at(self.ends(cycle.halves[0]).0.degrees().1)
    }

    /// The area between cycles, and its width: twice the area over the way round. Square metres and metres.
    pub(super) fn size(&self, cycles: &[&Cycle]) -> (f64, f64) {
        let origin = self.ends(cycles[0].halves[0]).0.degrees();
        let scale = self.scale(cycles[0]);
        let (mut area_m2, mut around_m) = (0.0, 0.0);
        for cycle in cycles {
            area_m2 += degrees_area_m2(cycle.halves.iter().map(|&half| self.ends(half).0.degrees()), origin);
            around_m += cycle.halves.iter().map(|&half| self.length_m(half, scale)).sum::<f64>();
        }
        (area_m2, if around_m > 0.0 { 2.0 * area_m2 / around_m } else { 0.0 })
    }

    /// How many different edges there are: their halves are numbered below twice that.
    pub(super) fn n_edges(&self) -> u32 {
        u32::try_from(self.edges.len()).expect("half-edges are numbered by u32")
    }

    /// Every closed walk: at each vertex on to the first edge clockwise from the way back.
    fn walk(&self) -> Vec<Cycle> {
        let n_halves = u32::try_from(self.edges.len() * 2).expect("half-edges are numbered by u32");
        let mut around: Vec<Half> = (0..n_halves).collect();
        around.sort_unstable_by(|&a, &b| {
            let ((a0, a1), (b0, b1)) = (self.ends(a), self.ends(b));
            a0.cmp(&b0).then_with(|| counter_clockwise(a0, a1, b1))
        });
        let mut next = vec![0; around.len()];
        for run in around.chunk_by(|&a, &b| self.ends(a).0 == self.ends(b).0) {
            for (i, &half) in run.iter().enumerate() {
                next[half as usize ^ 1] = run[(i + run.len() - 1) % run.len()];
            }
        }
        let mut seen = vec![false; around.len()];
        let mut cycles = Vec::new();
        for start in 0..n_halves {
            let mut halves = Vec::new();
            let mut half = start;
            while !std::mem::replace(&mut seen[half as usize], true) {
                halves.push(half);
                half = next[half as usize];
            }
            if !halves.is_empty() {
                cycles.push(self.cycle(halves));
            }
        }
        cycles
    }

    fn cycle(&self, halves: Vec<Half>) -> Cycle {
        let origin = self.ends(halves[0]).0;
        let mut area2 = 0;
        let mut extent = [i64::MAX, i64::MAX, i64::MIN, i64::MIN];
        for &half in &halves {
            let (a, b) = self.ends(half);
            let d = |p: Fine| (i128::from(p.x) - i128::from(origin.x), i128::from(p.y) - i128::from(origin.y));
            let ((ax, ay), (bx, by)) = (d(a), d(b));
            area2 += ax * by - bx * ay;
            extent = [extent[0].min(a.x), extent[1].min(a.y), extent[2].max(a.x), extent[3].max(a.y)];
        }
        Cycle { halves, area2, extent }
    }
}

/// Compares the directions from `o` to `a` and `b` counter-clockwise from due east.
fn counter_clockwise(o: Fine, a: Fine, b: Fine) -> Ordering {
    let lower = |p: Fine| (p.y, p.x) < (o.y, o.x);
    lower(a).cmp(&lower(b)).then_with(|| turn(o, b, a))
}

/// Where segments have to be cut: pairs of a segment's place and a point inside it, ordered.
fn cuts(segments: &[Segment]) -> Result<Vec<(u32, Fine)>, Entangled> {
    let mut firsts: Vec<u32> = Vec::new();
    let same = |a: &Segment, b: &Segment| (a.low, a.high) == (b.low, b.high);
    let mut at = 0;
    for run in segments.chunk_by(same) {
        firsts.push(at);
        at += u32::try_from(run.len()).expect("segments are numbered by u32");
    }
    let extents: Vec<Extent> = firsts
        .iter()
        .map(|&i| &segments[i as usize])
        .map(|p| [p.low.x, p.low.y.min(p.high.y), p.high.x, p.low.y.max(p.high.y)])
        .collect();
    let tree = Boxes::new(&extents);
    let mut cuts = Vec::new();
    let most = 64 * segments.len() + 100_000;
    for (i, &first) in firsts.iter().enumerate() {
        let a = &segments[first as usize];
        let mut last = first;
        tree.each_hit(&extents[i], |j| {
            if j as usize > i && cuts.len() <= most {
                last = firsts[j as usize];
                cut_pair(a, first, &segments[last as usize], last, &mut cuts);
            }
        });
        if cuts.len() > most {
            return Err(Entangled(a.source, segments[last as usize].source));
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    Ok(cuts)
}

fn cut_pair(a: &Segment, a_at: u32, b: &Segment, b_at: u32, cuts: &mut Vec<(u32, Fine)>) {
    let (b_low, b_high) = (turn(a.low, a.high, b.low), turn(a.low, a.high, b.high));
    if b_low == b_high && b_low != Ordering::Equal {
        return;
    }
    let (a_low, a_high) = (turn(b.low, b.high, a.low), turn(b.low, b.high, a.high));
    let inside = |p: Fine, segment: &Segment| p > segment.low && p < segment.high && in_box(p, segment);
    let n_before = cuts.len();
    for (side, p) in [(b_low, b.low), (b_high, b.high)] {
        if side == Ordering::Equal && inside(p, a) {
            cuts.push((a_at, p));
        }
    }
    for (side, p) in [(a_low, a.low), (a_high, a.high)] {
        if side == Ordering::Equal && inside(p, b) {
            cuts.push((b_at, p));
        }
    }
    let apart = |x: Ordering, y: Ordering| x != Ordering::Equal && y != Ordering::Equal && x != y;
    if n_before == cuts.len() && apart(a_low, a_high) && apart(b_low, b_high) {
        let p = crossing(a, b);
        cuts.extend(
            [(a_at, a), (b_at, b)].into_iter().filter(|(_, s)| p != s.low && p != s.high).map(|(at, _)| (at, p)),
        );
    }
}

fn in_box(p: Fine, segment: &Segment) -> bool {
    (segment.low.y.min(segment.high.y)..=segment.low.y.max(segment.high.y)).contains(&p.y)
}

/// The point where two crossing segments cross, to the nearest point of the finer lattice.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "only the rounded crossing is wanted")]
fn crossing(a: &Segment, b: &Segment) -> Fine {
    let d = |from: i64, to: i64| (to - from) as f64;
    let (ax, ay) = (d(a.low.x, a.high.x), d(a.low.y, a.high.y));
    let (bx, by) = (d(b.low.x, b.high.x), d(b.low.y, b.high.y));
    let (cx, cy) = (d(a.low.x, b.low.x), d(a.low.y, b.low.y));
    let t = ((cx * by - cy * bx) / (ax * by - ay * bx)).clamp(0.0, 1.0);
    Fine { x: a.low.x + (ax * t).round() as i64, y: a.low.y + (ay * t).round() as i64 }
}

/// Cuts segments at their points; vertices of the lattice that were put in are added to `noded`.
fn cut(segments: &[Segment], cuts: &[(u32, Fine)], noded: &mut Vec<(u32, LatticePoint)>) -> Vec<Segment> {
    let mut shorter = Vec::with_capacity(segments.len() + cuts.len() * 2);
    let mut runs = cuts.chunk_by(|a, b| a.0 == b.0).peekable();
    let mut run: &[(u32, Fine)] = &[];
    let mut known = None;
    for (at, segment) in (0u32..).zip(segments) {
        if known != Some((segment.low, segment.high)) {
            known = Some((segment.low, segment.high));
            run = runs.next_if(|run| run[0].0 == at).unwrap_or(&[]);
        }
        let mut low = segment.low;
        for &(_, p) in run {
            noded.extend(p.on_lattice().map(|p| (segment.source, p)));
            push_ordered(&mut shorter, low, p, segment.source);
            low = p;
        }
        push_ordered(&mut shorter, low, segment.high, segment.source);
    }
    shorter.sort_unstable();
    shorter
}

fn push_ordered(segments: &mut Vec<Segment>, a: Fine, b: Fine, source: u32) {
    // A crossing rounded beyond an end would turn the segment round; it is then too short to matter and is left out.
    if a < b {
        segments.push(Segment { low: a, high: b, source });
    }
}
