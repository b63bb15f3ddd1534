//! The grids of one generation as a tree, and which of them owns a point.
//!
//! Grids lie in preorder (a parent, then each child with all below it, siblings by code), so what lies in a grid or
//! below it is one range of indexes, and being an ancestor is two comparisons.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::entry::{GridEntry, GridIndex, TreeError, UnplacedGrid};
use super::hierarchy::Hierarchy;
use super::locator::Locator;
use super::outline::Slot;
use super::shared_vec::SharedVec;
use crate::domain::{Depth, Generation, Grid, GridPath};
use crate::geometry::coverage::{Topology, ValidArea, Window};
use crate::geometry::{Bbox, LatticePoint, Position, Side};

/// How far an edge is, metres, and who owns its other side.
pub type Edge = (f64, Option<GridIndex>);

/// The grids of all levels in one generation.
#[derive(Debug)]
pub struct Tree {
    pub(super) generation: Generation,
    pub(super) hierarchy: Arc<Hierarchy>,
    pub(super) entries: Entries,
    pub(super) locator: Locator,
    ground: OnceLock<Topology>,
}

/// The grids by slot. A free slot keeps the grid it had.
pub(super) type Entries = SharedVec<Arc<GridEntry>>;

impl Tree {
    /// Builds the tree of `grids`, in any order, which leads to the same tree.
    ///
    /// Cost: linear in vertices, and a sort of the grids and of all edges.
    ///
    /// # Errors
    /// When an id is there twice, a parent is missing or not of a higher level, or boundaries contradict each other.
    pub fn build(generation: Generation, grids: Vec<Grid>) -> Result<Self, TreeError> {
        Self::build_from(generation, grids.into_iter().map(UnplacedGrid::from).collect())
    }

    pub(super) fn build_from(generation: Generation, grids: Vec<UnplacedGrid>) -> Result<Self, TreeError> {
        let (hierarchy, entries) = Hierarchy::build(grids)?;
        let ground = ground(&hierarchy, &entries)?;
        let locator = Locator::build(&entries, &ground);
        Ok(Self::of(generation, Arc::new(hierarchy), SharedVec::new(entries.into_iter()), locator))
    }

    pub(super) fn of(generation: Generation, hierarchy: Arc<Hierarchy>, entries: Entries, locator: Locator) -> Self {
        Self { generation, hierarchy, entries, locator, ground: OnceLock::new() }
    }

    #[must_use]
    pub fn generation(&self) -> &Generation {
        &self.generation
    }

    /// The planar graph of the boundaries; areas there have the indexes of the grids here.
    ///
    /// Cost: made when first asked for, a few sorts of all edges.
    #[must_use]
    pub fn ground(&self) -> &Topology {
        self.ground.get_or_init(|| {
            let entries: Vec<_> = self.indexes().map(|ix| Arc::clone(self.entry(ix))).collect();
            ground(&self.hierarchy, &entries).expect("a tree's boundaries fit together")
        })
    }

    /// Bytes of the index: owners and edges, without the boundaries it was made of.
    #[must_use]
    pub fn n_index_bytes(&self) -> usize {
        self.locator.n_bytes() + self.hierarchy.n_bytes()
    }

    /// Tells whether the same grids have the same places as in `other`, whatever their boundaries.
    #[must_use]
    pub fn has_shape_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.hierarchy, &other.hierarchy)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.hierarchy.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many levels a region must have for these grids: one more than the greatest depth.
    #[must_use]
    pub fn n_levels(&self) -> usize {
        self.hierarchy.depths().max().map_or(0, |depth| usize::from(depth) + 1)
    }

    /// The depth of every grid, in preorder.
    pub fn depths(&self) -> impl Iterator<Item = Depth> + '_ {
        self.hierarchy.depths()
    }

    /// Returns the grid at `ix`.
    ///
    /// # Panics
    /// When `ix` comes from another tree.
    #[must_use]
    pub fn grid(&self, ix: GridIndex) -> &GridEntry {
        self.entry(ix)
    }

    pub(super) fn entry(&self, ix: GridIndex) -> &Arc<GridEntry> {
        self.entries.get(self.hierarchy.slot(ix))
    }

    /// The grid right above, `None` at the top.
    #[must_use]
    pub fn parent(&self, ix: GridIndex) -> Option<GridIndex> {
        self.hierarchy.parent(ix)
    }

    /// Tells whether no grid lies below.
    #[must_use]
    pub fn is_leaf(&self, ix: GridIndex) -> bool {
        self.hierarchy.end(ix) == ix + 1
    }

    /// Every index in preorder: parents before children.
    #[must_use]
    pub fn indexes(&self) -> Range<GridIndex> {
        0..GridIndex::try_from(self.len()).expect("build refuses more")
    }

    /// Every index in the order of the ids, the order of lists and pages.
    pub fn ordered_by_id(&self) -> impl Iterator<Item = GridIndex> + '_ {
        self.hierarchy.ids().iter().filter_map(|slot| self.hierarchy.place(slot))
    }

    /// Those of [`Self::ordered_by_id`] whose id comes after `id`, which need not be there. Cost: a binary search.
    pub fn ordered_after<'t>(&'t self, id: &str) -> impl Iterator<Item = GridIndex> + use<'t> {
        let after = self.hierarchy.ids().after(id, |slot| self.entries.get(slot).id.as_str());
        after.filter_map(|slot| self.hierarchy.place(slot))
    }

    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<GridIndex> {
        self.hierarchy.place(self.hierarchy.ids().find(id, |slot| self.entries.get(slot).id.as_str())?)
    }

    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<GridIndex> {
        self.hierarchy.place(self.hierarchy.codes().find(code, |slot| self.entries.get(slot).code.as_str())?)
    }

    /// The grid itself and everything below it.
    #[must_use]
    pub fn subtree(&self, ix: GridIndex) -> Range<GridIndex> {
        ix..self.hierarchy.end(ix)
    }

    /// The grids right below, ordered by code.
    pub fn children(&self, ix: GridIndex) -> impl Iterator<Item = GridIndex> + '_ {
        let end = self.hierarchy.end(ix);
        let within = move |child: GridIndex| (child < end).then_some(child);
        std::iter::successors(within(ix + 1), move |&child| within(self.hierarchy.end(child)))
    }

    /// The way from the top of the tree down to `ix`, both included.
    #[must_use]
    pub fn path(&self, ix: GridIndex) -> Vec<GridIndex> {
        let mut path: Vec<_> = std::iter::successors(Some(ix), |&at| self.parent(at)).collect();
        path.reverse();
        path
    }

    /// The way from the top of the tree down to `ix` by ids.
    #[must_use]
    pub fn grid_path(&self, ix: GridIndex) -> GridPath {
        let ids = self.path(ix).into_iter().map(|ix| self.grid(ix).id.clone()).collect();
        GridPath::new(ids).expect("a path has its own grid")
    }

    /// The grids of one level, in preorder.
    pub fn at_depth(&self, depth: Depth) -> impl Iterator<Item = GridIndex> + '_ {
        (0..).zip(self.hierarchy.depths()).filter(move |(_, at)| *at == depth).map(|(ix, _)| ix)
    }

    /// Returns the one grid that owns `p`: the lowest one there is; those above it own `p` too.
    ///
    /// On a shared edge the owner is the grid that covers the point moved by an infinitely small step east, then north
    /// ([`Boundary::owns`](crate::geometry::Boundary::owns)). On the outer border, where that leads outside, it is the lowest
    /// grid that touches the point; of several the one with the smallest code. `None` where nothing covers `p`. In a gap the
    /// parent owns it. Cost: one to three cache lines, whatever the number of grids and vertices; more only on the outer
    /// border.
    #[must_use]
    pub fn owner(&self, p: LatticePoint) -> Option<GridIndex> {
        let owner = self.locator.owner(p).and_then(|slot| self.hierarchy.place(slot));
        owner.or_else(|| self.touching(p))
    }

    /// Returns the lattice point by which a position is asked for. Of the two names of a place on the meridian of 180 degrees
    /// that by which it lies on the ground; 180 where both do, or neither.
    ///
    /// Every question about a position begins here, so that both names have one answer.
    #[must_use]
    pub fn point(&self, position: Position) -> LatticePoint {
        let p = LatticePoint::from(position);
        let Some(other) = p.other_name() else { return p };
        match (self.owner(p), self.owner(other)) {
            (Some(_), None) => p,
            (None, Some(_)) => other,
            _ => p.max(other),
        }
    }

    /// Writes the owner of each point to the same place in `owners`; several times faster than one by one.
    ///
    /// # Panics
    /// When the slices differ in length.
    pub fn owners(&self, points: &[LatticePoint], owners: &mut [Option<GridIndex>]) {
        self.locator.owners(points, owners);
        for (p, owner) in points.iter().zip(owners) {
            *owner = owner.and_then(|slot| self.hierarchy.place(slot)).or_else(|| self.touching(*p));
        }
    }

    /// Of the lowest grids that have `p` on an edge the one with the smallest code.
    fn touching(&self, p: LatticePoint) -> Option<GridIndex> {
        let touching = self.boxes_at(p).filter(|&ix| self.grid(ix).boundary.side(p) == Side::Edge);
        touching.min_by(|&a, &b| {
            let (a, b) = (self.grid(a), self.grid(b));
            b.depth.cmp(&a.depth).then_with(|| a.code.cmp(&b.code))
        })
    }

    /// The grids with own ground whose box holds `p`.
    fn boxes_at(&self, p: LatticePoint) -> impl Iterator<Item = GridIndex> + '_ {
        self.locator.boxes_at(p).filter_map(|slot| self.hierarchy.place(slot))
    }

    /// Returns the distance in metres from `p`, which `ix` owns, to the nearest edge of what `ix` owns and no grid below it
    /// does, and who owns the other side there (`None`: the outer border). `None` when grids below tile `ix`.
    ///
    /// Cost: some seven cache lines, and some nine edges measured two at a time. Who asks first in a place, or first after
    /// the ground around has changed, waits a few milliseconds while its lists are made.
    #[must_use]
    pub fn edge(&self, ix: GridIndex, p: LatticePoint) -> Option<Edge> {
        let (distance_m, beyond) = self.locator.edge(self.hierarchy.slot(ix), p)?;
        Some((distance_m, beyond.and_then(|slot| self.hierarchy.place(slot))))
    }

    /// Writes what [`Self::edge`] returns for each point and its owner to the same place in `edges`; `None` where there is
    /// no owner. Several times faster than one by one.
    ///
    /// # Panics
    /// When the slices differ in length.
    pub fn edges(&self, points: &[LatticePoint], owners: &[Option<GridIndex>], edges: &mut [Option<Edge>]) {
        assert!(points.len() == owners.len() && owners.len() == edges.len(), "one owner and one edge for each point");
        let slots: Vec<Option<Slot>> = owners.iter().map(|owner| owner.map(|ix| self.hierarchy.slot(ix))).collect();
        edges.fill(None);
        self.locator.edges(points, &slots, |at, distance_m, beyond| {
            edges[at] = Some((distance_m, beyond.and_then(|slot| self.hierarchy.place(slot))));
        });
    }

    /// Returns the lowest grids within `radius_m` of `p` and how far each is, nearest first; 0 for the one around it.
    #[must_use]
    pub fn within(&self, p: LatticePoint, radius_m: f64) -> Vec<(GridIndex, f64)> {
        let owner = self.owner(p);
        let place = |(slot, distance_m)| Some((self.hierarchy.place(slot)?, distance_m));
        let mut found: Vec<_> = self.locator.within(p, radius_m).into_iter().filter_map(place).collect();
        for (ix, distance_m) in &mut found {
            if Some(*ix) == owner {
                *distance_m = 0.0;
            }
        }
        if let Some(owner) = owner.filter(|owner| found.iter().all(|(ix, _)| ix != owner)) {
            found.push((owner, 0.0));
        }
        found.sort_by(|a, b| {
            a.1.total_cmp(&b.1).then_with(|| (Some(b.0) == owner).cmp(&(Some(a.0) == owner))).then(a.0.cmp(&b.0))
        });
        found
    }

    /// Returns the lowest grid at the part of the outer border nearest to `p`, and the distance in metres.
    #[must_use]
    pub fn nearest(&self, p: LatticePoint) -> Option<(GridIndex, f64)> {
        let (slot, distance_m) = self.locator.nearest(p)?;
        Some((self.hierarchy.place(slot)?, distance_m))
    }

    /// The grids whose ground meets `bbox`, edges included, in preorder.
    ///
    /// Cost: logarithmic in grids, plus one exact test, linear in vertices, for each grid whose box meets it.
    #[must_use]
    pub fn meeting(&self, bbox: Bbox) -> Vec<GridIndex> {
        let windows = bbox.plain().into_iter().filter_map(Window::outwards);
        let lowest = windows.flat_map(|window| self.locator.meeting(window));
        let mut found: Vec<_> = lowest.filter_map(|slot| self.hierarchy.place(slot)).collect();
        // Whoever has ground there, or one below it has, is such a grid or above one.
        let mut above: Vec<_> = found.iter().filter_map(|ix| self.parent(*ix)).collect();
        while !above.is_empty() {
            above.sort_unstable();
            above.dedup();
            found.extend(&above);
            above = above.into_iter().filter_map(|ix| self.parent(ix)).collect();
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|ix| self.grid(*ix).boundary.meets(bbox));
        found
    }
}

fn ground(hierarchy: &Hierarchy, entries: &[Arc<GridEntry>]) -> Result<Topology, TreeError> {
    let area = |(ix, entry): (GridIndex, &Arc<GridEntry>)| ValidArea {
        depth: entry.depth,
        parent: hierarchy.parent(ix),
        boundary: Arc::clone(&entry.boundary),
    };
    let areas: Vec<_> = (0..).zip(entries).map(area).collect();
    Topology::build(&areas).map_err(|report| {
        let first = report.findings.first();
        let code = |place: &String| place.parse().ok().and_then(|at: usize| entries.get(at)).map(|e| e.code.as_str());
        let codes: Vec<_> = first.iter().flat_map(|finding| &finding.codes).filter_map(code).collect();
        let (codes, first) = (codes.join(", "), first.map(|finding| finding.detail.clone()).unwrap_or_default());
        TreeError::Topology { n_faults: report.findings.len(), codes, first }
    })
}
