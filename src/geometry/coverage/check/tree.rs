//! The areas that take part in the comparison, as a tree, and where their edges add up.
//!
//! Every area adds its edges to its parent's account and, when it has children, takes them off its own. Where children
//! tile their parents and neighbours match, every account is zero along every edge. So only edges that do not add up
//! have to be looked at by place, however many levels and areas there are; what they enclose is a gap, an overlap, or a
//! child outside its parent.

use crate::geometry::coverage::boxes::{Boxes, Extent};
use crate::geometry::coverage::edges::{AreaEdge, by_ends};
use crate::geometry::{Boundary, LatticePoint, Ring};

use super::overlay::{Fine, turn};

/// An account: a parent's, or the one of all areas of one depth that have no parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Account {
    Roots(u8),
    Parent(u32),
}

#[derive(Debug)]
pub(super) struct Tree<'a> {
    pub(super) depths: Vec<u8>,
    pub(super) parents: Vec<Option<usize>>,
    pub(super) has_children: Vec<bool>,
    /// `None` for areas that do not take part.
    pub(super) boundaries: Vec<Option<&'a Boundary>>,
    /// Those that take part, and their boxes in the same order.
    present: Vec<u32>,
    by_place: Boxes,
}

impl<'a> Tree<'a> {
    pub(super) fn new(depths: Vec<u8>, parents: Vec<Option<usize>>, boundaries: Vec<Option<&'a Boundary>>) -> Self {
        let mut has_children = vec![false; depths.len()];
        for (parent, boundary) in parents.iter().zip(&boundaries) {
            if let (Some(parent), Some(_)) = (parent, boundary) {
                has_children[*parent] = true;
            }
        }
        let present = (0u32..).zip(&boundaries).filter_map(|(area, boundary)| Some((area, extent((*boundary)?))));
        let (present, extents): (Vec<u32>, Vec<Extent>) = present.unzip();
        Self { depths, parents, has_children, boundaries, present, by_place: Boxes::new(&extents) }
    }

    /// All edges, ordered by their ends.
    pub(super) fn edges(&self) -> Vec<AreaEdge> {
        let n_edges = self.boundaries.iter().flatten().map(|b| b.n_vertices()).sum();
        let mut edges = Vec::with_capacity(n_edges);
        for (area, boundary) in (0u32..).zip(&self.boundaries) {
            for ring in boundary.iter().flat_map(|b| b.rings()) {
                edges.extend(ring.edges().map(|(a, b)| AreaEdge::new(a, b, area)));
            }
        }
        edges.sort_unstable();
        edges
    }

    /// The edges that do not add up.
    pub(super) fn loose(&self, edges: &[AreaEdge]) -> Vec<AreaEdge> {
        let mut entries = Vec::new();
        let adds_up = |run: &&[AreaEdge]| {
            entries.clear();
            for edge in *run {
                self.book(edge.area, if edge.on_left { 1 } else { -1 }, &mut entries);
            }
            is_zero(&mut entries)
        };
        let mut adds_up = adds_up;
        by_ends(edges).filter(|run| !adds_up(run)).flatten().copied().collect()
    }

    /// Books an area on its parent's account and off its own.
    pub(super) fn book(&self, area: u32, amount: i32, entries: &mut Vec<(Account, i32)>) {
        let at = area as usize;
        entries.push((self.account(at), amount));
        if self.has_children[at] {
            entries.push((Account::Parent(area), -amount));
        }
    }

    pub(super) fn account(&self, area: usize) -> Account {
        match self.parents[area] {
            Some(parent) => Account::Parent(u32::try_from(parent).expect("areas are numbered by u32")),
            None => Account::Roots(self.depths[area]),
        }
    }

    /// The areas without `except` that cover a place between `a` and `b`.
    pub(super) fn covering(&self, a: Fine, b: Fine, except: &[u32]) -> Vec<u32> {
        let middle = Fine { x: a.x.midpoint(b.x), y: a.y.midpoint(b.y) };
        let (x, y) = (middle.x >> 16, middle.y >> 16);
        let mut found = Vec::new();
        self.by_place.each_hit(&[x, y, x + 1, y + 1], |place| {
            let area = self.present[place as usize];
            let boundary = self.boundaries[area as usize];
            if !except.contains(&area) && boundary.is_some_and(|b| covers(b, middle)) {
                found.push(area);
            }
        });
        found
    }
}

/// Sums entries by account and leaves those that are not zero; true when none is.
pub(super) fn is_zero(entries: &mut Vec<(Account, i32)>) -> bool {
    entries.sort_unstable_by_key(|entry| entry.0);
    entries.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
    entries.retain(|entry| entry.1 != 0);
    entries.is_empty()
}

fn covers(boundary: &Boundary, p: Fine) -> bool {
    boundary.rings().flat_map(Ring::edges).fold(false, |inside, (a, b)| {
        let (a, b) = (Fine::of(a), Fine::of(b));
        if (a.y <= p.y) == (b.y <= p.y) {
            return inside;
        }
        let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
        inside ^ (turn(low, high, p) == std::cmp::Ordering::Greater)
    })
}

fn extent(boundary: &Boundary) -> Extent {
    boundary.rings().flat_map(Ring::vertices).fold([i64::MAX, i64::MAX, i64::MIN, i64::MIN], |e, v: &LatticePoint| {
        let (x, y) = (i64::from(v.x), i64::from(v.y));
        [e[0].min(x), e[1].min(y), e[2].max(x), e[3].max(y)]
    })
}
