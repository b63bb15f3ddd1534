//! Finds the owner of a point, the edge nearest to it, and what lies beyond.
//!
//! Every grid has its *own ground*: what it covers and no grid below it does (all of it at the bottom; a gap further
//! up). Own grounds tile the region, so the boxes of the own grounds in an R-tree and one exact test each give the owner.
//! The edges of the own grounds, each with the owner of its other side, give distance and neighbour.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, PointDistance, RTree, RTreeObject};

use super::metric::Metric;
use super::tree::{GridEntry, GridIndex};
use crate::geometry::{LatticePoint, Ring, Side};

/// The box of a grid that has own ground, in lattice steps.
type OwnBox = GeomWithData<Rectangle<[f64; 2]>, GridIndex>;

/// One edge of an own ground, which lies to its left.
#[derive(Clone, Copy, Debug)]
struct OwnEdge {
    a: LatticePoint,
    b: LatticePoint,
    beyond: Option<GridIndex>,
}

#[derive(Debug)]
pub(super) struct Locator {
    boxes: RTree<OwnBox>,
    border: RTree<BorderEdge>,
    edges: Vec<OwnEdge>,
    /// Each grid's part of `edges`; empty where grids below tile it.
    own: Vec<Range<u32>>,
}

impl Locator {
    pub(super) fn build(entries: &[GridEntry]) -> Self {
        let (edges, own) = own_edges(entries);
        let with_ground = (0..).zip(&own).filter(|(_, range)| !range.is_empty()).map(|(ix, _): (GridIndex, _)| ix);
        let boxes = with_ground.map(|ix| own_box(&entries[ix as usize], ix)).collect();
        let border = (0..)
            .zip(&own)
            .flat_map(|(ix, range)| slice(&edges, range).iter().map(move |edge| (ix, edge)))
            .filter(|(_, edge)| edge.beyond.is_none())
            .map(|(ix, edge)| BorderEdge::new(edge.a, edge.b, ix))
            .collect();
        Self { boxes: RTree::bulk_load(boxes), border: RTree::bulk_load(border), edges, own }
    }

    pub(super) fn owner(&self, entries: &[GridEntry], p: LatticePoint) -> Option<GridIndex> {
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
        let touching = self.boxes_at(p).filter(|&ix| entry(ix).boundary.side(p) == Side::Edge);
        touching.min_by(|&a, &b| {
            let (a, b) = (entry(a), entry(b));
            b.depth.cmp(&a.depth).then_with(|| a.code.cmp(&b.code))
        })
    }

    fn boxes_at(&self, p: LatticePoint) -> impl Iterator<Item = GridIndex> + '_ {
        self.boxes.locate_all_at_point([f64::from(p.x), f64::from(p.y)]).map(|own_box| own_box.data)
    }

    pub(super) fn edge(&self, ix: GridIndex, p: LatticePoint) -> Option<(f64, Option<GridIndex>)> {
        let metric = Metric::around(p);
        let distances = self.edges_of(ix).iter().map(|edge| (metric.edge_distance2(edge.a, edge.b), edge.beyond));
        let nearest = distances.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some((nearest.0.sqrt(), nearest.1))
    }

    pub(super) fn within(&self, p: LatticePoint, radius_m: f64) -> Vec<(GridIndex, f64)> {
        let metric = Metric::around(p);
        let (low, high) = metric.window(radius_m);
        self.boxes
            .locate_in_envelope_intersecting(AABB::from_corners(low, high))
            .filter_map(|own_box| {
                let edges = self.edges_of(own_box.data).iter();
                let distance2 = edges.map(|edge| metric.edge_distance2(edge.a, edge.b)).min_by(f64::total_cmp)?;
                Some((own_box.data, distance2.sqrt()))
            })
            .filter(|(_, distance_m)| *distance_m <= radius_m)
            .collect()
    }

    pub(super) fn nearest(&self, p: LatticePoint) -> Option<(GridIndex, f64)> {
        let edge = self.border.nearest_neighbor(on_sphere(p))?;
        Some((edge.grid, Metric::around(p).edge_distance2(edge.ends.0, edge.ends.1).sqrt()))
    }

    fn edges_of(&self, ix: GridIndex) -> &[OwnEdge] {
        slice(&self.edges, &self.own[ix as usize])
    }
}

fn slice<'a>(edges: &'a [OwnEdge], range: &Range<u32>) -> &'a [OwnEdge] {
    &edges[range.start as usize..range.end as usize]
}

fn own_box(entry: &GridEntry, ix: GridIndex) -> OwnBox {
    let steps = |degrees: f64| (degrees * crate::geometry::lattice::STEPS_PER_DEGREE).round();
    let bbox = entry.bbox;
    let (low, high) = ([steps(bbox.west), steps(bbox.south)], [steps(bbox.east), steps(bbox.north)]);
    GeomWithData::new(Rectangle::from_corners(low, high), ix)
}

/// Lists the edges of every own ground.
///
/// An edge belongs to the lowest grid that has it on its left. Beyond it lies the lowest grid that has it the other way
/// round; where none has, the lowest ancestor that the edge does not bound, and then the edge bounds that ancestor's own
/// ground too.
fn own_edges(entries: &[GridEntry]) -> (Vec<OwnEdge>, Vec<Range<u32>>) {
    let all = || {
        (0..).zip(entries).flat_map(|(ix, entry): (GridIndex, _)| {
            entry.boundary.rings().flat_map(Ring::edges).map(move |edge| (ix, edge))
        })
    };
    // Parents come before children, so what is seen last is lowest.
    let mut bounded: HashMap<_, (GridIndex, GridIndex)> = HashMap::new();
    for (ix, edge) in all() {
        match bounded.entry(edge) {
            Entry::Vacant(vacant) => _ = vacant.insert((ix, ix)),
            Entry::Occupied(mut lowest) => lowest.get_mut().1 = ix,
        }
    }
    let mut by_owner: Vec<(GridIndex, OwnEdge)> = Vec::with_capacity(bounded.len());
    for (ix, (a, b)) in all() {
        let (highest, lowest) = bounded[&(a, b)];
        if ix != lowest {
            continue;
        }
        let twin = bounded.get(&(b, a)).map(|&(_, twin)| twin);
        let beyond = twin.or(entries[highest as usize].parent);
        if let (None, Some(above)) = (twin, beyond) {
            by_owner.push((above, OwnEdge { a: b, b: a, beyond: Some(ix) }));
        }
        by_owner.push((ix, OwnEdge { a, b, beyond }));
    }
    by_owner.sort_by_key(|(owner, _)| *owner);
    let place = |ix: usize| {
        let place = by_owner.partition_point(|(owner, _)| (*owner as usize) < ix);
        u32::try_from(place).expect("a region has fewer than 4e9 edges")
    };
    let own = (0..entries.len()).map(|ix| place(ix)..place(ix + 1)).collect();
    (by_owner.into_iter().map(|(_, edge)| edge).collect(), own)
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
}

impl RTreeObject for BorderEdge {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.chord.0, self.chord.1)
    }
}

impl PointDistance for BorderEdge {
    fn distance_2(&self, p: &[f64; 3]) -> f64 {
        let (a, b) = self.chord;
        let (along, to_p) = (minus(b, a), minus(*p, a));
        let length2 = dot(along, along);
        let t = if length2 > 0.0 { (dot(to_p, along) / length2).clamp(0.0, 1.0) } else { 0.0 };
        let off = [to_p[0] - t * along[0], to_p[1] - t * along[1], to_p[2] - t * along[2]];
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
