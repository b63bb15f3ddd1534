//! The grids of one generation as a tree, and which of them owns a point.
//!
//! Grids lie in preorder (a parent, then each child with all below it, siblings by code), so what lies in a grid or
//! below it is one range of indexes, and being an ancestor is two comparisons.

use std::ops::Range;
use std::sync::Arc;

use thiserror::Error;

use super::locator::Locator;
use crate::domain::{Depth, Generation, Grid, GridId};
use crate::geometry::coverage::{Ground, ValidArea};
use crate::geometry::measure::area_m2;
use crate::geometry::{Bbox, Boundary, LatticePoint};

/// A grid's place in its tree: in preorder, from 0. Means nothing in another tree.
pub type GridIndex = u32;

/// One grid in its tree.
#[derive(Clone, Debug)]
pub struct GridEntry {
    pub id: GridId,
    pub code: String,
    pub name: Option<String>,
    pub depth: Depth,
    pub parent: Option<GridIndex>,
    pub boundary: Arc<Boundary>,
    pub bbox: Bbox,
    pub area_m2: f64,
    /// The index after the last grid below this one.
    end: GridIndex,
}

/// The grids of all levels in one generation.
#[derive(Debug)]
pub struct Tree {
    generation: Generation,
    entries: Vec<GridEntry>,
    ids: Vec<GridIndex>,
    codes: Vec<GridIndex>,
    ground: Ground,
    locator: Locator,
}

/// Why grids are not a tree. A published generation always is one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TreeError {
    #[error("grid {id} is there twice")]
    Twice { id: GridId },
    #[error("grid {id} has the parent {parent}, which is not there or not above it")]
    Parent { id: GridId, parent: GridId },
    /// Their boundaries do not fit together; `n_faults` findings, and what the first one says of which grids.
    #[error("the ground of {n_faults} sets of grids does not fit, first {codes}: {first}")]
    Ground { n_faults: usize, codes: String, first: String },
    #[error("{n} grids are more than a tree can hold")]
    TooMany { n: usize },
}

impl GridEntry {
    /// Tells whether no grid lies below it; `ix` is its own place.
    #[must_use]
    pub(super) fn is_leaf(&self, ix: GridIndex) -> bool {
        self.end == ix + 1
    }
}

impl Tree {
    /// Builds the tree of `grids`, in any order, which leads to the same tree.
    ///
    /// Cost: linear in vertices, and a sort of the grids.
    ///
    /// # Errors
    /// When an id is there twice, a parent is missing or not of a higher level, or boundaries contradict each other.
    pub fn build(generation: Generation, grids: Vec<Grid>) -> Result<Self, TreeError> {
        let entries = preorder(grids)?;
        let mut ids: Vec<GridIndex> = (0..).zip(&entries).map(|(ix, _)| ix).collect();
        let mut codes = ids.clone();
        ids.sort_unstable_by_key(|&ix| &entries[ix as usize].id);
        codes.sort_unstable_by_key(|&ix| &entries[ix as usize].code);
        let ground = ground(&entries)?;
        let locator = Locator::build(&entries, &ground);
        Ok(Self { generation, entries, ids, codes, ground, locator })
    }

    #[must_use]
    pub fn generation(&self) -> &Generation {
        &self.generation
    }

    /// The planar graph of the boundaries; areas there have the indexes of the grids here.
    #[must_use]
    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many levels a region must have for these grids: one more than the greatest depth.
    #[must_use]
    pub fn n_levels(&self) -> usize {
        self.entries.iter().map(|entry| usize::from(entry.depth) + 1).max().unwrap_or(0)
    }

    /// Returns the grid at `ix`.
    ///
    /// # Panics
    /// When `ix` comes from another tree.
    #[must_use]
    pub fn grid(&self, ix: GridIndex) -> &GridEntry {
        &self.entries[ix as usize]
    }

    /// Every index in preorder: parents before children.
    #[must_use]
    pub fn indexes(&self) -> Range<GridIndex> {
        0..GridIndex::try_from(self.entries.len()).expect("build refuses more")
    }

    /// Every index in the order of the ids, the order of lists and pages.
    #[must_use]
    pub fn ordered_by_id(&self) -> &[GridIndex] {
        &self.ids
    }

    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<GridIndex> {
        let place = self.ids.binary_search_by(|&ix| self.grid(ix).id.as_str().cmp(id)).ok()?;
        Some(self.ids[place])
    }

    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<GridIndex> {
        let place = self.codes.binary_search_by(|&ix| self.grid(ix).code.as_str().cmp(code)).ok()?;
        Some(self.codes[place])
    }

    /// The grid itself and everything below it.
    #[must_use]
    pub fn subtree(&self, ix: GridIndex) -> Range<GridIndex> {
        ix..self.grid(ix).end
    }

    /// The grids right below, ordered by code.
    pub fn children(&self, ix: GridIndex) -> impl Iterator<Item = GridIndex> + '_ {
        let end = self.grid(ix).end;
        let within = move |child: GridIndex| (child < end).then_some(child);
        std::iter::successors(within(ix + 1), move |&child| within(self.grid(child).end))
    }

    /// The way from the top of the tree down to `ix`, both included.
    #[must_use]
    pub fn path(&self, ix: GridIndex) -> Vec<GridIndex> {
        let mut path: Vec<_> = std::iter::successors(Some(ix), |&at| self.grid(at).parent).collect();
        path.reverse();
        path
    }

    /// The grids of one level, in preorder.
    pub fn at_depth(&self, depth: Depth) -> impl Iterator<Item = GridIndex> + '_ {
        self.indexes().filter(move |&ix| self.grid(ix).depth == depth)
    }

    /// Returns the one grid that owns `p`: the lowest one there is; those above it own `p` too.
    ///
    /// On a shared edge the owner is the grid that covers the point moved by an infinitely small step east, then north
    /// ([`Boundary::owns`]). On the outer border, where that leads outside, it is the lowest grid that touches the point;
    /// of several the one with the smallest code. `None` where nothing covers `p`. In a gap the parent owns it.
    /// Cost: one to three cache lines, whatever the number of grids and vertices; more only on the outer border.
    #[must_use]
    pub fn owner(&self, p: LatticePoint) -> Option<GridIndex> {
        self.locator.owner(&self.entries, p)
    }

    /// Writes the owner of each point to the same place in `owners`; several times faster than one by one.
    ///
    /// # Panics
    /// When the slices differ in length.
    pub fn owners(&self, points: &[LatticePoint], owners: &mut [Option<GridIndex>]) {
        self.locator.owners(&self.entries, points, owners);
    }

    /// Returns what [`Self::owner`] returns by another way, boxes and whole boundaries: the judge in tests.
    ///
    /// Cost: logarithmic in grids, plus one exact test, linear in vertices, per box that holds the point.
    #[must_use]
    pub fn owner_by_boxes(&self, p: LatticePoint) -> Option<GridIndex> {
        self.locator.owner_by_boxes(&self.entries, p)
    }

    /// Returns the distance in metres from `p` to the nearest edge of what `ix` owns and no grid below it does, and who
    /// owns the other side there (`None`: the outer border). `None` when grids below tile `ix`.
    #[must_use]
    pub fn edge(&self, ix: GridIndex, p: LatticePoint) -> Option<(f64, Option<GridIndex>)> {
        self.locator.edge(&self.ground, ix, p)
    }

    /// Returns the lowest grids within `radius_m` of `p` and how far each is, nearest first; 0 for the one around it.
    #[must_use]
    pub fn within(&self, p: LatticePoint, radius_m: f64) -> Vec<(GridIndex, f64)> {
        let owner = self.owner(p);
        let mut found = self.locator.within(&self.ground, p, radius_m);
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
        self.locator.nearest(p)
    }

    /// The grids whose box meets `bbox`, in no order.
    pub fn in_bbox(&self, bbox: Bbox) -> impl Iterator<Item = GridIndex> + '_ {
        self.indexes().filter(move |&ix| self.grid(ix).bbox.intersects(bbox))
    }
}

fn ground(entries: &[GridEntry]) -> Result<Ground, TreeError> {
    let area = |entry: &GridEntry| ValidArea {
        depth: entry.depth,
        parent: entry.parent,
        boundary: Arc::clone(&entry.boundary),
    };
    let areas: Vec<_> = entries.iter().map(area).collect();
    Ground::build(&areas).map_err(|report| {
        let first = report.findings.first();
        let code = |place: &String| place.parse().ok().and_then(|at: usize| entries.get(at)).map(|e| e.code.as_str());
        let codes: Vec<_> = first.iter().flat_map(|finding| &finding.codes).filter_map(code).collect();
        let (codes, first) = (codes.join(", "), first.map(|finding| finding.detail.clone()).unwrap_or_default());
        TreeError::Ground { n_faults: report.findings.len(), codes, first }
    })
}

/// Sorts grids into preorder, siblings by code.
fn preorder(mut grids: Vec<Grid>) -> Result<Vec<GridEntry>, TreeError> {
    let n = grids.len();
    if GridIndex::try_from(n).is_err() {
        return Err(TreeError::TooMany { n });
    }
    grids.sort_unstable_by(|a, b| (a.depth, &a.code, &a.id).cmp(&(b.depth, &b.code, &b.id)));
    let mut by_id: Vec<usize> = (0..n).collect();
    by_id.sort_unstable_by_key(|&at| &grids[at].id);
    if let Some(pair) = by_id.windows(2).find(|pair| grids[pair[0]].id == grids[pair[1]].id) {
        return Err(TreeError::Twice { id: grids[pair[0]].id.clone() });
    }
    let mut children = vec![Vec::new(); n];
    let mut tops = Vec::new();
    for (at, grid) in grids.iter().enumerate() {
        let Some(parent) = &grid.parent else {
            tops.push(at);
            continue;
        };
        let above = by_id.binary_search_by_key(&parent, |&at| &grids[at].id).ok().map(|place| by_id[place]);
        match above.filter(|&above| grids[above].depth < grid.depth) {
            Some(above) => children[above].push(at),
            None => return Err(TreeError::Parent { id: grid.id.clone(), parent: parent.clone() }),
        }
    }
    Ok(Walk { grids: grids.into_iter().map(Some).collect(), children, entries: Vec::with_capacity(n) }.run(&tops))
}

/// The walk that takes grids one by one into their order.
struct Walk {
    grids: Vec<Option<Grid>>,
    children: Vec<Vec<usize>>,
    entries: Vec<GridEntry>,
}

impl Walk {
    fn run(mut self, tops: &[usize]) -> Vec<GridEntry> {
        for &top in tops {
            self.visit(top, None);
        }
        self.entries
    }

    /// Goes no deeper than there are levels (at most 256): depths grow strictly along the way.
    fn visit(&mut self, at: usize, parent: Option<GridIndex>) {
        let Some(grid) = self.grids[at].take() else { return };
        let ix = GridIndex::try_from(self.entries.len()).expect("preorder refuses more");
        self.entries.push(entry(grid, parent));
        for child in std::mem::take(&mut self.children[at]) {
            self.visit(child, Some(ix));
        }
        self.entries[ix as usize].end = GridIndex::try_from(self.entries.len()).expect("preorder refuses more");
    }
}

fn entry(grid: Grid, parent: Option<GridIndex>) -> GridEntry {
    let Grid { id, code, name, depth, boundary, .. } = grid;
    let (bbox, area_m2) = (boundary.bbox(), area_m2(&boundary));
    GridEntry { id, code, name, depth, parent, boundary: Arc::new(boundary), bbox, area_m2, end: 0 }
}
