//! Finds the owner of a point, the edge nearest to it, and what lies beyond.
//!
//! Every grid has its *own ground*: what it covers and no grid below it does (all of it at the bottom; a gap further
//! up). Own grounds tile the region, so the [cell index](super::cells) built from their edges gives the owner. The R-tree
//! of their boxes, with one exact test of a boundary each, answers the same slowly and is the judge of it; it also finds
//! what touches a point of the outer border, and what lies within a radius. The edges of the own grounds, each with the
//! owner of its other side, give distance and neighbour.

use std::ops::Range;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, PointDistance, RTree, RTreeObject};

use super::cells::{CellIndex, Edges};
use super::metric::Metric;
use super::tree::{GridEntry, GridIndex};
use crate::geometry::coverage::{ArcIndex, Ground};
use crate::geometry::lattice::STEPS_PER_DEGREE;
use crate::geometry::measure;
use crate::geometry::{LatticePoint, Position, Side};

/// The box of a grid that has own ground, in lattice steps.
type OwnBox = GeomWithData<Rectangle<[f64; 2]>, GridIndex>;

/// One arc of an own ground, and the owner of its other side.
#[derive(Clone, Copy, Debug)]
struct OwnArc {
    arc: ArcIndex,
    beyond: Option<GridIndex>,
}

#[derive(Debug)]
pub(super) struct Locator {
    cells: CellIndex,
    boxes: RTree<OwnBox>,
    border: RTree<BorderEdge>,
    arcs: Vec<OwnArc>,
    /// Each grid's part of `arcs`; empty where grids below tile it.
    own: Vec<Range<u32>>,
}

impl Locator {
    pub(super) fn build(entries: &[GridEntry], ground: &Ground) -> Self {
        let (arcs, own) = own_arcs(entries.len(), ground);
        let with_ground = (0..).zip(&own).filter(|(_, range)| !range.is_empty()).map(|(ix, _): (GridIndex, _)| ix);
        let boxes = with_ground.map(|ix| own_box(&entries[ix as usize], ix)).collect();
        let border = border_edges(ground).collect();
        Self { cells: cells(ground), boxes: RTree::bulk_load(boxes), border: RTree::bulk_load(border), arcs, own }
    }

    pub(super) fn owner(&self, entries: &[GridEntry], p: LatticePoint) -> Option<GridIndex> {
        self.cells.owner(p).or_else(|| self.touching(entries, p))
    }

    pub(super) fn owners(&self, entries: &[GridEntry], points: &[LatticePoint], owners: &mut [Option<GridIndex>]) {
        self.cells.owners(points, owners);
        for (p, owner) in points.iter().zip(owners).filter(|(_, owner)| owner.is_none()) {
            *owner = self.touching(entries, *p);
        }
    }

    pub(super) fn owner_by_boxes(&self, entries: &[GridEntry], p: LatticePoint) -> Option<GridIndex> {
        let entry = |ix: GridIndex| &entries[ix as usize];
        let is_leaf = |ix: GridIndex| entry(ix).is_leaf(ix);
        // Grids at the bottom cannot contain one another, so the first that owns the point is the owner.
        if let Some(leaf) = self.boxes_at(p).find(|&ix| is_leaf(ix) && entry(ix).boundary.owns(p)) {
            return Some(leaf);
        }
        let gap = self.boxes_at(p).filter(|&ix| !is_leaf(ix) && entry(ix).boundary.owns(p));
        if let Some(parent) = gap.max_by_key(|&ix| entry(ix).depth) {
            return Some(parent);
        }
        self.touching(entries, p)
    }

    /// Of the lowest grids that have `p` on an edge the one with the smallest code.
    fn touching(&self, entries: &[GridEntry], p: LatticePoint) -> Option<GridIndex> {
        let entry = |ix: GridIndex| &entries[ix as usize];
        let touching = self.boxes_at(p).filter(|&ix| entry(ix).boundary.side(p) == Side::Edge);
        touching.min_by(|&a, &b| {
            let (a, b) = (entry(a), entry(b));
            b.depth.cmp(&a.depth).then_with(|| a.code.cmp(&b.code))
        })
    }

    fn boxes_at(&self, p: LatticePoint) -> impl Iterator<Item = GridIndex> + '_ {
        self.boxes.locate_all_at_point([f64::from(p.x), f64::from(p.y)]).map(|own_box| own_box.data)
    }

    pub(super) fn edge(&self, ground: &Ground, ix: GridIndex, p: LatticePoint) -> Option<(f64, Option<GridIndex>)> {
        let metric = Metric::around(p);
        let distances = self.arcs_of(ix).iter().map(|own| (arc_distance2(&metric, ground, own.arc), own.beyond));
        let nearest = distances.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some((nearest.0.sqrt(), nearest.1))
    }

    pub(super) fn within(&self, ground: &Ground, p: LatticePoint, radius_m: f64) -> Vec<(GridIndex, f64)> {
        let metric = Metric::around(p);
        let (low, high) = metric.window(radius_m);
        let boxes = self.boxes.locate_in_envelope_intersecting(AABB::from_corners(low, high));
        boxes
            .filter_map(|own_box| {
                let arcs = self.arcs_of(own_box.data).iter();
                let distance2 = arcs.map(|own| arc_distance2(&metric, ground, own.arc)).min_by(f64::total_cmp)?;
                Some((own_box.data, distance2.sqrt()))
            })
            .filter(|(_, distance_m)| *distance_m <= radius_m)
            .collect()
    }

    pub(super) fn nearest(&self, p: LatticePoint) -> Option<(GridIndex, f64)> {
        let edge = self.border.nearest_neighbor(on_sphere(p))?;
        Some((edge.grid, measure::distance_m(p.position(), edge.closest_to(p))))
    }

    fn arcs_of(&self, ix: GridIndex) -> &[OwnArc] {
        let range = &self.own[ix as usize];
        &self.arcs[range.start as usize..range.end as usize]
    }
}

fn cells(ground: &Ground) -> CellIndex {
    let mut edges = Edges::default();
    for (index, arc) in (0..).zip(ground.arcs()) {
        edges.push(ground.points(index), arc.left, arc.right);
    }
    let n_threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    CellIndex::build(&edges, n_threads)
}

/// Squared metres from where `metric` is laid to the nearest edge of an arc.
fn arc_distance2(metric: &Metric, ground: &Ground, arc: ArcIndex) -> f64 {
    let edges = ground.points(arc).windows(2);
    edges.map(|edge| metric.edge_distance2(edge[0], edge[1])).fold(f64::INFINITY, f64::min)
}

fn own_box(entry: &GridEntry, ix: GridIndex) -> OwnBox {
    let steps = |degrees: f64| (degrees * STEPS_PER_DEGREE).round();
    let bbox = entry.bbox;
    let (low, high) = ([steps(bbox.west), steps(bbox.south)], [steps(bbox.east), steps(bbox.north)]);
    GeomWithData::new(Rectangle::from_corners(low, high), ix)
}

/// Lists the arcs of every own ground: those that have it on one side.
fn own_arcs(n_grids: usize, ground: &Ground) -> (Vec<OwnArc>, Vec<Range<u32>>) {
    let mut by_owner: Vec<(GridIndex, OwnArc)> = Vec::with_capacity(2 * ground.arcs().len());
    for (index, arc) in (0..).zip(ground.arcs()) {
        let sides = [(arc.left, arc.right), (arc.right, arc.left)];
        by_owner.extend(sides.into_iter().filter_map(|(own, beyond)| Some((own?, OwnArc { arc: index, beyond }))));
    }
    by_owner.sort_by_key(|(owner, _)| *owner);
    let place = |ix: usize| {
        let place = by_owner.partition_point(|(owner, _)| (*owner as usize) < ix);
        u32::try_from(place).expect("arcs are numbered by u32, and each has two sides")
    };
    let own = (0..n_grids).map(|ix| place(ix)..place(ix + 1)).collect();
    (by_owner.into_iter().map(|(_, own)| own).collect(), own)
}

fn border_edges(ground: &Ground) -> impl Iterator<Item = BorderEdge> + '_ {
    let of_border = (0..).zip(ground.arcs()).filter_map(|(index, arc)| match (arc.left, arc.right) {
        (Some(grid), None) | (None, Some(grid)) => Some((index, grid)),
        _ => None,
    });
    of_border.flat_map(|(index, grid)| ground.points(index).windows(2).map(move |e| BorderEdge::new(e[0], e[1], grid)))
}

/// An edge of the outer border, as a chord of the unit sphere, where near is near all over the earth.
#[derive(Clone, Debug)]
struct BorderEdge {
    ends: (LatticePoint, LatticePoint),
    chord: ([f64; 3], [f64; 3]),
    grid: GridIndex,
}

impl BorderEdge {
    fn new(a: LatticePoint, b: LatticePoint, grid: GridIndex) -> Self {
        Self { ends: (a, b), chord: (on_sphere(a), on_sphere(b)), grid }
    }

    /// How far along the chord the point nearest to `p` lies: 0 at its beginning, 1 at its end.
    fn along(&self, p: [f64; 3]) -> f64 {
        let (a, b) = self.chord;
        let (chord, to_p) = (minus(b, a), minus(p, a));
        let length2 = dot(chord, chord);
        if length2 > 0.0 { (dot(to_p, chord) / length2).clamp(0.0, 1.0) } else { 0.0 }
    }

    fn closest_to(&self, p: LatticePoint) -> Position {
        let (along, (a, b)) = (self.along(on_sphere(p)), self.ends);
        let between = |a: f64, b: f64| a + along * (b - a);
        let closest = Position::new(between(a.lon(), b.lon()), between(a.lat(), b.lat()));
        closest.expect("between two positions lies a position")
    }
}

impl RTreeObject for BorderEdge {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.chord.0, self.chord.1)
    }
}

impl PointDistance for BorderEdge {
    fn distance_2(&self, p: &[f64; 3]) -> f64 {
        let ((a, b), along) = (self.chord, self.along(*p));
        let off = [0, 1, 2].map(|axis| a[axis] + along * (b[axis] - a[axis]) - p[axis]);
        dot(off, off)
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
