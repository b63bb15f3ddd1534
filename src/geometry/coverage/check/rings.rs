//! Whether the rings of one area are valid, and where not.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::geometry::boundary::on_segment;
use crate::geometry::coverage::boxes::{Boxes, Extent};
use crate::geometry::coverage::raw::{without_repeats, without_spikes};
use crate::geometry::coverage::report::{FaultKind, Severity, Size};
use crate::geometry::coverage::{Finding, RawArea, Rules};
use crate::geometry::lattice::orientation;
use crate::geometry::{Boundary, LatticePoint, Polygon, Ring, measure};

/// How many pairs of edges are looked at for each edge, on average, before an area counts as too entangled.
const PAIRS_PER_EDGE: usize = 400;
/// How many crossings of one area are worth naming.
const CROSSINGS: usize = 50;

/// An area's rings without repeats and spikes, and what was wrong with them.
#[derive(Debug)]
pub(super) struct CheckedArea {
    /// `None` when nothing with an inside is left.
    pub(super) boundary: Option<Boundary>,
    pub(super) findings: Vec<Finding>,
    /// The edges that cross or lie between two that cross close by: faults of the coverage there follow from the ring.
    pub(super) crossed: Vec<(LatticePoint, LatticePoint)>,
}

/// Checks the rings of one area. Cost: near-linear in vertices; a hopeless tangle is given up and reported as such.
pub(super) fn check(area: &RawArea, rules: &Rules) -> CheckedArea {
    let mut checked = CheckedArea { boundary: None, findings: Vec::new(), crossed: Vec::new() };
    let mut polygons = Vec::new();
    for polygon in &area.polygons {
        let mut rings = polygon.rings.iter().map(|ring| clean(area, ring, rules, &mut checked.findings));
        let exterior = rings.next().flatten();
        let holes: Vec<Ring> = rings.flatten().collect();
        polygons.extend(exterior.map(|exterior| Polygon { exterior, holes }));
    }
    if polygons.is_empty() {
        if checked.findings.iter().all(|finding| finding.severity == Severity::Note) {
            let detail = "there is no geometry with an inside".to_owned();
            checked.findings.push(finding(area, FaultKind::EmptyGeometry, None, Size::default(), detail));
        }
        return checked;
    }
    let boundary = Boundary::from_valid(polygons);
    let edges = Edges::of(&boundary);
    match edges.crossings() {
        Err(at) => {
            let detail = "its edges cross or crowd each other so often that it was not checked further".to_owned();
            checked.findings.push(finding(area, FaultKind::TooEntangled, Some(at), Size::default(), detail));
            return checked;
        }
        Ok(crossings) if crossings.is_empty() => {
            let misplaced = nesting(area, &boundary, &mut checked.findings);
            checked.boundary = without(boundary, &misplaced);
        }
        Ok(crossings) => {
            edges.report(area, &crossings, &mut checked);
            checked.boundary = Some(boundary);
        }
    }
    checked
}

fn finding(area: &RawArea, kind: FaultKind, at: Option<LatticePoint>, size: Size, detail: String) -> Finding {
    let severity = match kind {
        FaultKind::RepeatedVertex | FaultKind::RingTouchesItself => Severity::Note,
        _ => Severity::Fault,
    };
    Finding {
        kind,
        severity,
        codes: vec![area.code.clone()],
        parent: None,
        at: at.map(LatticePoint::position),
        size,
        places: vec![area.place],
        n_places: 1,
        detail,
    }
}

/// Takes repeated vertices and spikes out of a ring, with a finding for each kind.
fn clean(area: &RawArea, ring: &[LatticePoint], rules: &Rules, findings: &mut Vec<Finding>) -> Option<Ring> {
    let vertices = without_repeats(ring);
    if vertices.len() < ring.len() {
        let n_repeats = ring.len() - vertices.len();
        let at = ring.windows(2).find(|pair| pair[0] == pair[1]).map_or(ring[0], |pair| pair[0]);
        let detail = format!("vertices that repeat the one before them: {n_repeats}");
        let mut repeated = finding(area, FaultKind::RepeatedVertex, Some(at), Size::default(), detail);
        repeated.n_places = n_repeats;
        findings.push(repeated);
    }
    let mut distinct = vertices.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 3 {
        let detail = format!("a ring has {} different vertices, it needs three", distinct.len());
        findings.push(finding(area, FaultKind::TooFewVertices, ring.first().copied(), Size::default(), detail));
        return None;
    }
    let (vertices, tips) = without_spikes(vertices);
    for (tip, foot) in &tips {
        let length_m = measure::distance_m(tip.position(), foot.position());
        let size = Size { length_m: Some(length_m), ..Size::default() };
        let detail = format!("the edge runs {length_m:.2} m out and back");
        let mut spike = finding(area, FaultKind::Spike, Some(*tip), size, detail);
        if length_m <= rules.short_spike_m {
            spike.severity = Severity::Note;
        }
        findings.push(spike);
    }
    let ring = Ring::new(vertices);
    if ring.is_none() && tips.is_empty() {
        let detail = "a ring has no inside".to_owned();
        findings.push(finding(area, FaultKind::TooFewVertices, Some(distinct[0]), Size::default(), detail));
    }
    ring
}

/// The edges of one boundary, ring by ring.
struct Edges {
    ends: Vec<(LatticePoint, LatticePoint)>,
    /// The ring of each edge.
    ring: Vec<u32>,
    /// The first edge of each ring, and the end.
    first: Vec<usize>,
}

#[derive(Clone, Copy)]
struct Crossing {
    i: usize,
    j: usize,
    at: LatticePoint,
    /// Whether the lines only touch: in a vertex, or along an edge run there and back.
    touch: bool,
}

impl Edges {
    fn of(boundary: &Boundary) -> Self {
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
    fn crossings(&self) -> Result<Vec<Crossing>, LatticePoint> {
        let extents: Vec<Extent> = self.ends.iter().map(|&(a, b)| extent(a, b)).collect();
        let tree = Boxes::new(&extents);
        let mut found = Vec::new();
        let mut left = PAIRS_PER_EDGE * (self.ends.len() + 1_000);
        for (i, own) in extents.iter().enumerate() {
            let done = tree.hits(own, &mut |j| {
                left -= 1;
                if left == 0 {
                    return ControlFlow::Break(());
                }
                let j = j as usize;
                if j > i {
                    found.extend(self.crossing(i, j));
                }
                if found.len() > CROSSINGS * 20 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
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

    /// Turns crossings into findings, one for each pair of rings and place.
    fn report(&self, area: &RawArea, crossings: &[Crossing], checked: &mut CheckedArea) {
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

/// Takes misplaced rings out, so that the ground is compared as if they were not there.
fn without(boundary: Boundary, misplaced: &[usize]) -> Option<Boundary> {
    if misplaced.is_empty() {
        return Some(boundary);
    }
    let mut number = 0..;
    let mut keep = || number.next().is_some_and(|n| !misplaced.contains(&n));
    let mut polygons = Vec::new();
    for polygon in boundary.polygons() {
        let keep_shell = keep();
        let holes: Vec<Ring> = polygon.holes.iter().filter(|_| keep()).cloned().collect();
        if keep_shell {
            polygons.push(Polygon { exterior: polygon.exterior.clone(), holes });
        }
    }
    (!polygons.is_empty()).then(|| Boundary::from_valid(polygons))
}

/// Finds holes outside their shell, holes in holes and parts in parts, where no rings cross; returns their numbers in the
/// order of the rings.
fn nesting(area: &RawArea, boundary: &Boundary, findings: &mut Vec<Finding>) -> Vec<usize> {
    let mut misplaced = Vec::new();
    if boundary.rings().count() == 1 {
        return misplaced;
    }
    let rings: Vec<(usize, bool, &Ring)> = (0..)
        .zip(boundary.polygons())
        .flat_map(|(part, p)| {
            std::iter::once((part, true, &p.exterior)).chain(p.holes.iter().map(move |h| (part, false, h)))
        })
        .collect();
    let outlines: Vec<Boundary> = rings
        .iter()
        .map(|(_, _, ring)| Boundary::from_valid(vec![Polygon { exterior: (*ring).clone(), holes: Vec::new() }]))
        .collect();
    let extents: Vec<Extent> = rings.iter().map(|(_, _, ring)| ring_extent(ring)).collect();
    let tree = Boxes::new(&extents);
    let mut left = PAIRS_PER_EDGE * (boundary.n_vertices() + 1_000);
    for (i, &(part, is_shell, ring)) in rings.iter().enumerate() {
        let mut around = Vec::new();
        tree.each_hit(&extents[i], |j| {
            let j = j as usize;
            if j != i && left > 0 && within(&extents[i], &extents[j]) {
                left = left.saturating_sub(rings[j].2.vertices().len());
                if lies_in(ring, &outlines[j]) {
                    around.push(j);
                }
            }
        });
        let at = Some(ring.vertices()[0]);
        if left == 0 {
            let detail = "its rings stand in each other so deep that it was not checked further".to_owned();
            findings.push(finding(area, FaultKind::TooEntangled, at, Size::default(), detail));
            return misplaced;
        }
        let size = Size { area_m2: Some(measure::ring_area_m2(ring).abs()), ..Size::default() };
        let own_shell = around.iter().any(|&j| rings[j].0 == part && rings[j].1);
        let (kind, detail) = if !is_shell && !own_shell {
            (FaultKind::HoleOutsideShell, "a hole lies outside its outer ring")
        } else if !is_shell && around.iter().any(|&j| rings[j].0 == part && !rings[j].1) {
            (FaultKind::NestedHoles, "a hole lies in another hole")
        } else if is_shell && !in_hole(&around, &rings) {
            (FaultKind::OverlappingParts, "one of its parts lies in another")
        } else {
            continue;
        };
        findings.push(finding(area, kind, at, size, detail.to_owned()));
        misplaced.push(i);
    }
    misplaced
}

/// Tells whether every other part around a shell has a hole around it too.
fn in_hole(around: &[usize], rings: &[(usize, bool, &Ring)]) -> bool {
    let shells = around.iter().filter(|&&j| rings[j].1);
    shells.into_iter().all(|&j| around.iter().any(|&k| !rings[k].1 && rings[k].0 == rings[j].0))
}

/// Tells whether `ring`, which does not cross `outline`, lies inside it.
fn lies_in(ring: &Ring, outline: &Boundary) -> bool {
    let sides = ring.vertices().iter().map(|&v| outline.side(v));
    let decided = sides.into_iter().take(64).find(|side| *side != crate::geometry::Side::Edge);
    decided.is_none_or(|side| side == crate::geometry::Side::Inside)
}

fn within(inner: &Extent, outer: &Extent) -> bool {
    outer[0] <= inner[0] && outer[1] <= inner[1] && inner[2] <= outer[2] && inner[3] <= outer[3]
}

fn ring_extent(ring: &Ring) -> Extent {
    ring.vertices().iter().fold([i64::MAX, i64::MAX, i64::MIN, i64::MIN], |e, v| {
        let (x, y) = (i64::from(v.x), i64::from(v.y));
        [e[0].min(x), e[1].min(y), e[2].max(x), e[3].max(y)]
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
