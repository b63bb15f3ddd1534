//! Finds the owner of a point, the edge nearest to it, and what lies beyond.
//!
//! Every grid has its *own ground*: what it covers and no grid below it does (all of it at the bottom; a gap further
//! up). Own grounds tile the region, so the [cell index](super::cells) built from their edges gives the owner. The R-tree
//! of their boxes, with one exact test of a boundary each, answers the same slowly and is the judge of it; it also finds
//! what touches a point of the outer border, and what lies within a radius. [Lists by place](super::near) of the edges
//! that can be nearest give distance and neighbour; the [outlines](super::outline) of the own grounds, which they are
//! made from, give the same slowly. Everything here knows grids by [`Slot`].

use std::sync::Arc;

use rstar::primitives::Rectangle;
use rstar::{AABB, PointDistance, RTreeObject};

use super::boxes::{Boxes, OfSlot};
use super::cells::{CellIndex, Edges};
use super::entry::GridEntry;
use super::near::NearEdges;
use super::outline::{BorderLine, Nearest, Outline, Slot};
use super::projection::LocalProjection;
use super::shared_vec::SharedVec;
use crate::geometry::coverage::{Topology, Window};
use crate::geometry::lattice::STEPS_PER_DEGREE;
use crate::geometry::measure;
use crate::geometry::{LatticePoint, Position};

#[derive(Debug)]
pub(super) struct Locator {
    pub(super) cells: CellIndex,
    pub(super) near: NearEdges,
    pub(super) outlines: SharedVec<Outline>,
    pub(super) boxes: Boxes<OwnBox>,
    pub(super) border: Boxes<BorderPiece>,
}

impl Locator {
    /// Builds the index of a ground whose areas have the slots of their places.
    pub(super) fn build(entries: &[Arc<GridEntry>], ground: &Topology) -> Self {
        let mut lines: Vec<BorderLine> = (0..)
            .zip(ground.chains())
            .map(|(index, chain)| BorderLine {
                points: ground.points(index).into(),
                left: chain.left,
                right: chain.right,
            })
            .collect();
        lines.sort_by_key(BorderLine::order);
        let mut of_slots = vec![Vec::new(); entries.len()];
        for line in &lines {
            for owner in line.owners() {
                of_slots[owner as usize].push(line.clone());
            }
        }
        let outlines = SharedVec::new(
            of_slots
                .into_iter()
                .enumerate()
                .map(|(slot, lines)| Outline::new(Slot::try_from(slot).expect("a tree has fewer grids"), lines)),
        );
        let boxes = (0..).zip(entries).zip(outlines.iter());
        let boxes = boxes.filter(|(_, outline)| !outline.is_empty()).map(|((slot, entry), _)| OwnBox::new(slot, entry));
        let boxes = Boxes::new(boxes.collect());
        let border = Boxes::new(lines.iter().flat_map(BorderPiece::of).collect());
        let cells = CellIndex::build(&edges(&lines), n_threads());
        let near = NearEdges::over(&cells);
        Self { cells, near, outlines, boxes, border }
    }

    pub(super) fn owner(&self, p: LatticePoint) -> Option<Slot> {
        self.cells.owner(p)
    }

    pub(super) fn owners(&self, points: &[LatticePoint], owners: &mut [Option<Slot>]) {
        self.cells.owners(points, owners);
    }

    /// Those with own ground whose box holds `p`.
    pub(super) fn boxes_at(&self, p: LatticePoint) -> impl Iterator<Item = Slot> + '_ {
        self.meeting(Window { low: p, high: p })
    }

    /// Those with own ground whose box meets `window`.
    pub(super) fn meeting(&self, window: Window) -> impl Iterator<Item = Slot> + '_ {
        let corner = |p: LatticePoint| [f64::from(p.x), f64::from(p.y)];
        self.boxes.meeting(AABB::from_corners(corner(window.low), corner(window.high))).map(OfSlot::slot)
    }

    /// The lines with an edge whose box meets one of `windows`, in their order.
    pub(super) fn lines_meeting(&self, windows: &[Window]) -> Vec<BorderLine> {
        let mut owners: Vec<Slot> = windows.iter().flat_map(|window| self.meeting(*window)).collect();
        owners.sort_unstable();
        owners.dedup();
        let lines = owners.into_iter().flat_map(|slot| self.outlines.get(slot).lines_meeting(windows));
        let mut lines: Vec<BorderLine> = lines.cloned().collect();
        lines.sort_by_key(BorderLine::order);
        lines.dedup_by(|a, b| Arc::ptr_eq(&a.points, &b.points));
        lines
    }

    /// All lines of those who have ground in `window`, in their order.
    pub(super) fn lines_around(&self, window: Window) -> Vec<BorderLine> {
        let mut owners: Vec<Slot> = self.lines_meeting(&[window]).iter().flat_map(BorderLine::owners).collect();
        if owners.is_empty() {
            owners.extend(self.owner(window.low));
        }
        owners.sort_unstable();
        owners.dedup();
        let mut lines: Vec<BorderLine> =
            owners.into_iter().flat_map(|slot| self.outlines.get(slot).lines()).cloned().collect();
        lines.sort_by_key(BorderLine::order);
        lines.dedup_by(|a, b| Arc::ptr_eq(&a.points, &b.points));
        lines
    }

    /// How far the nearest edge is from a point that `slot` owns, and who lies beyond it.
    pub(super) fn edge(&self, slot: Slot, p: LatticePoint) -> Option<(f64, Option<Slot>)> {
        let projection = LocalProjection::around(p);
        let nearest = self.near.nearest(&projection, slot, |window| self.lines_around(window));
        let Nearest { distance2, beyond } = nearest.or_else(|| self.outlines.get(slot).nearest(&projection))?;
        Some((distance2.sqrt(), beyond))
    }

    /// Like [`Self::edge`] for many points; calls `put` with the place of each that has an owner.
    pub(super) fn edges(
        &self,
        points: &[LatticePoint],
        slots: &[Option<Slot>],
        mut put: impl FnMut(usize, f64, Option<Slot>),
    ) {
        self.near.nearest_of_each(
            points,
            slots,
            |window| self.lines_around(window),
            |at, nearest| {
                let by_outline = |slot| self.outlines.get(slot).nearest(&LocalProjection::around(points[at]));
                if let Some(Nearest { distance2, beyond }) = nearest.or_else(|| slots[at].and_then(by_outline)) {
                    put(at, distance2.sqrt(), beyond);
                }
            },
        );
    }

    pub(super) fn within(&self, p: LatticePoint, radius_m: f64) -> Vec<(Slot, f64)> {
        let projection = LocalProjection::around(p);
        let (low, high) = projection.window(radius_m);
        let boxes = self.boxes.meeting(AABB::from_corners(low, high)).map(OfSlot::slot);
        boxes
            .filter_map(|slot| Some((slot, self.outlines.get(slot).nearest(&projection)?.distance2.sqrt())))
            .filter(|(_, distance_m)| *distance_m <= radius_m)
            .collect()
    }

    pub(super) fn nearest(&self, p: LatticePoint) -> Option<(Slot, f64)> {
        let piece = self.border.nearest(&on_sphere(p))?;
        Some((piece.slot(), measure::distance_m(p.position(), piece.closest_to(p))))
    }

    pub(super) fn n_bytes(&self) -> usize {
        let outlines = self.outlines.iter().map(Outline::n_bytes).sum::<usize>();
        self.cells.n_bytes() + self.near.n_bytes() + outlines + self.boxes.n_bytes() + self.border.n_bytes()
    }

    /// Every line once, in order.
    #[cfg(any(debug_assertions, feature = "judge"))]
    pub(super) fn lines(&self) -> Vec<BorderLine> {
        let mut lines = Vec::new();
        for (slot, outline) in (0..).zip(self.outlines.iter()) {
            lines.extend(outline.lines().iter().filter(|line| line.owners().next() == Some(slot)).cloned());
        }
        lines.sort_by_key(BorderLine::order);
        lines
    }
}

pub(super) fn n_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

pub(super) fn edges(lines: &[BorderLine]) -> Edges {
    let mut edges = Edges::default();
    for line in lines {
        edges.push(&line.points, line.left, line.right);
    }
    edges
}

/// The box of a grid that has own ground, in lattice steps.
#[derive(Clone, Debug)]
pub(super) struct OwnBox {
    around: Rectangle<[f64; 2]>,
    slot: Slot,
}

impl OwnBox {
    pub(super) fn new(slot: Slot, entry: &GridEntry) -> Self {
        let steps = |degrees: f64| (degrees * STEPS_PER_DEGREE).round();
        let bbox = entry.bbox;
        let (low, high) = ([steps(bbox.west), steps(bbox.south)], [steps(bbox.east), steps(bbox.north)]);
        Self { around: Rectangle::from_corners(low, high), slot }
    }
}

impl OfSlot for OwnBox {
    fn slot(&self) -> Slot {
        self.slot
    }
}

impl RTreeObject for OwnBox {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.around.envelope()
    }
}

/// A few edges of the outer border, as chords of the unit sphere, where near is near all over the earth.
#[derive(Clone, Debug)]
pub(super) struct BorderPiece(Arc<Chords>);

#[derive(Debug)]
struct Chords {
    around: AABB<[f64; 3]>,
    vertices: Vec<(LatticePoint, [f64; 3])>,
    slot: Slot,
}

/// Edges in a piece of the border.
const BORDER_EDGES: usize = 16;

impl BorderPiece {
    /// The pieces of a line of the outer border; none of another line.
    pub(super) fn of(line: &BorderLine) -> impl Iterator<Item = Self> + '_ {
        let firsts = (0..line.points.len() - 1).step_by(BORDER_EDGES);
        let slot = line.left.xor(line.right);
        slot.into_iter().flat_map(move |slot| {
            let run = |first: usize| &line.points[first..line.points.len().min(first + BORDER_EDGES + 1)];
            firsts.clone().map(move |first| {
                let vertices: Vec<_> = run(first).iter().map(|v| (*v, on_sphere(*v))).collect();
                let around = AABB::from_points(vertices.iter().map(|(_, chord)| chord));
                Self(Arc::new(Chords { around, vertices, slot }))
            })
        })
    }

    /// The squared distance from `p` to the nearest chord, the edge under it, and how far along the nearest point lies.
    fn nearest(&self, p: [f64; 3]) -> (f64, [LatticePoint; 2], f64) {
        let found = self.0.vertices.windows(2).map(|ends| {
            let ((a, from), (b, to)) = (ends[0], ends[1]);
            let (chord, to_p) = (minus(to, from), minus(p, from));
            let length2 = dot(chord, chord);
            let along = if length2 > 0.0 { (dot(to_p, chord) / length2).clamp(0.0, 1.0) } else { 0.0 };
            let off = [0, 1, 2].map(|axis| along * chord[axis] - to_p[axis]);
            (dot(off, off), [a, b], along)
        });
        found.min_by(|a, b| a.0.total_cmp(&b.0)).expect("a piece has an edge")
    }

    fn closest_to(&self, p: LatticePoint) -> Position {
        let (_, [a, b], along) = self.nearest(on_sphere(p));
        let between = |a: f64, b: f64| a + along * (b - a);
        let closest = Position::new(between(a.lon(), b.lon()), between(a.lat(), b.lat()));
        closest.expect("between two positions lies a position")
    }
}

impl OfSlot for BorderPiece {
    fn slot(&self) -> Slot {
        self.0.slot
    }
}

impl RTreeObject for BorderPiece {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        self.0.around
    }
}

impl PointDistance for BorderPiece {
    fn distance_2(&self, p: &[f64; 3]) -> f64 {
        self.nearest(*p).0
    }
}

fn on_sphere(p: LatticePoint) -> [f64; 3] {
    let ((sin_lon, cos_lon), (sin_lat, cos_lat)) = (p.lon().to_radians().sin_cos(), p.lat().to_radians().sin_cos());
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

fn minus(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
