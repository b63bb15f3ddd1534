//! The order of the grids in their tree, apart from what they are: the place of each, and its parent.
//!
//! A grid keeps its [`Slot`] from one generation to the next; its place in preorder shifts when others come and go. So
//! all that is kept of a grid, but for its place, is kept by slot and names others by slot, or tells how many there are:
//! it is the same whatever the place of the grid, and shared between a hierarchy and those made from it.

mod patch;
mod sorted;

use std::ops::Range;
use std::sync::Arc;

pub(super) use patch::Change;
use sorted::Sorted;

use super::entry::{GridEntry, GridIndex, TreeError, UnplacedGrid};
use super::outline::Slot;
use super::shared_vec::SharedVec;
use crate::domain::{Depth, GridId};

/// No place.
const NO_INDEX: GridIndex = GridIndex::MAX;
/// No parent.
const NO_PARENT: Slot = Slot::MAX;
/// What shifts when grids come and go is kept in parts of 4 KiB.
const FLAT: usize = 1024;

/// Grids in preorder: parents before children, siblings by depth, code and id.
#[derive(Clone, Debug)]
pub(super) struct Hierarchy {
    slots: SharedVec<Slot, FLAT>,
    /// By slot: the place, and what does not change with it.
    places: SharedVec<GridIndex, FLAT>,
    nodes: SharedVec<Node>,
    /// Ordered by id, and by code.
    ids: Sorted,
    codes: Sorted,
}

/// What is known of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    parent: Slot,
    /// How many grids there are here and below.
    size: GridIndex,
    depth: Depth,
}

/// A slot that no grid has.
const FREE: Node = Node { parent: NO_PARENT, size: 0, depth: 0 };

impl Hierarchy {
    /// Puts grids into their order. Slots are places.
    pub(super) fn build(mut grids: Vec<UnplacedGrid>) -> Result<(Self, Vec<Arc<GridEntry>>), TreeError> {
        let n = grids.len();
        if GridIndex::try_from(n).is_err() {
            return Err(TreeError::TooMany { n });
        }
        grids.sort_unstable_by(|a, b| order(&a.entry).cmp(&order(&b.entry)));
        let mut by_id: Vec<usize> = (0..n).collect();
        by_id.sort_unstable_by_key(|&at| &grids[at].entry.id);
        if let Some(pair) = by_id.windows(2).find(|pair| grids[pair[0]].entry.id == grids[pair[1]].entry.id) {
            return Err(TreeError::Twice { id: grids[pair[0]].entry.id.clone() });
        }
        let mut children = vec![Vec::new(); n];
        let mut tops = Vec::new();
        for (at, grid) in grids.iter().enumerate() {
            let Some(parent) = &grid.parent else {
                tops.push(at);
                continue;
            };
            let above = by_id.binary_search_by_key(&parent, |&at| &grids[at].entry.id).ok().map(|place| by_id[place]);
            match above.filter(|&above| grids[above].entry.depth < grid.entry.depth) {
                Some(above) => children[above].push(at),
                None => return Err(TreeError::Parent { id: grid.entry.id.clone(), parent: parent.clone() }),
            }
        }
        let mut walk =
            Walk { grids: &grids, children: &children, nodes: Vec::with_capacity(n), entries: Vec::with_capacity(n) };
        for top in tops {
            walk.visit(top, NO_PARENT);
        }
        let Walk { nodes, entries, .. } = walk;
        let all: Vec<Slot> = (0..).take(n).collect();
        let (mut ids, mut codes) = (all.clone(), all.clone());
        ids.sort_unstable_by_key(|&ix| &entries[ix as usize].id);
        codes.sort_unstable_by_key(|&ix| &entries[ix as usize].code);
        let (ids, codes) = (Sorted::new(&ids), Sorted::new(&codes));
        let slots = SharedVec::new(all.into_iter());
        Ok((Self { places: slots.clone(), slots, nodes: SharedVec::new(nodes.into_iter()), ids, codes }, entries))
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    #[inline]
    pub(super) fn slot(&self, ix: GridIndex) -> Slot {
        *self.slots.get(ix)
    }

    /// The place of a slot, if there is a grid in it.
    #[inline]
    pub(super) fn place(&self, slot: Slot) -> Option<GridIndex> {
        let place = ((slot as usize) < self.places.len()).then(|| *self.places.get(slot))?;
        (place != NO_INDEX).then_some(place)
    }

    pub(super) fn parent(&self, ix: GridIndex) -> Option<GridIndex> {
        self.place(self.nodes.get(self.slot(ix)).parent)
    }

    /// The index after the last grid below.
    pub(super) fn end(&self, ix: GridIndex) -> GridIndex {
        ix + self.nodes.get(self.slot(ix)).size
    }

    /// The depths of all grids, in preorder.
    pub(super) fn depths(&self) -> impl Iterator<Item = Depth> + '_ {
        self.slots.iter().map(|slot| self.nodes.get(*slot).depth)
    }

    pub(super) fn ids(&self) -> &Sorted {
        &self.ids
    }

    pub(super) fn codes(&self) -> &Sorted {
        &self.codes
    }

    /// How many slots there are, with those that are free.
    pub(super) fn n_slots(&self) -> Slot {
        number(self.places.len())
    }

    /// The slots that no grid has.
    pub(super) fn free(&self) -> impl Iterator<Item = Slot> + '_ {
        (0..).zip(self.places.iter()).filter(|(_, place)| **place == NO_INDEX).map(|(slot, _)| slot)
    }

    pub(super) fn parent_slot(&self, slot: Slot) -> Option<Slot> {
        let node = ((slot as usize) < self.nodes.len()).then(|| self.nodes.get(slot))?;
        Some(node.parent).filter(|parent| *parent != NO_PARENT)
    }

    pub(super) fn n_bytes(&self) -> usize {
        (self.slots.len() + self.places.len()) * size_of::<Slot>()
            + self.nodes.len() * size_of::<Node>()
            + self.ids.n_bytes()
            + self.codes.n_bytes()
    }

    /// Tells whether the grids have the same order, whatever their slots.
    #[cfg(any(debug_assertions, feature = "judge"))]
    pub(super) fn has_order_of(&self, other: &Self) -> bool {
        let nodes = |hierarchy: &Self| -> Vec<_> {
            let places = 0..number(hierarchy.len());
            places.zip(hierarchy.depths()).map(|(ix, depth)| (hierarchy.parent(ix), hierarchy.end(ix), depth)).collect()
        };
        let places =
            |hierarchy: &Self, slots: &Sorted| -> Vec<_> { slots.iter().map(|slot| hierarchy.place(slot)).collect() };
        nodes(self) == nodes(other)
            && places(self, &self.ids) == places(other, &other.ids)
            && places(self, &self.codes) == places(other, &other.codes)
    }

    /// The uppermost grids of a range that ends where the last of them does.
    fn children(&self, range: Range<GridIndex>) -> impl Iterator<Item = GridIndex> + '_ {
        let first = Some(range.start).filter(|_| !range.is_empty());
        std::iter::successors(first, move |ix| Some(self.end(*ix)).filter(|next| *next < range.end))
    }
}

/// Siblings in this order.
fn order(entry: &GridEntry) -> (Depth, &str, &GridId) {
    (entry.depth, &entry.code, &entry.id)
}

fn number(n: usize) -> GridIndex {
    GridIndex::try_from(n).expect("build refuses more grids")
}

/// The walk that takes grids one by one into their order.
struct Walk<'w> {
    grids: &'w [UnplacedGrid],
    children: &'w [Vec<usize>],
    nodes: Vec<Node>,
    entries: Vec<Arc<GridEntry>>,
}

impl Walk<'_> {
    /// Goes no deeper than there are levels (at most 256): depths grow strictly along the way.
    fn visit(&mut self, at: usize, parent: Slot) {
        let (ix, entry) = (number(self.nodes.len()), &self.grids[at].entry);
        self.entries.push(Arc::clone(entry));
        self.nodes.push(Node { parent, size: 0, depth: entry.depth });
        for &child in &self.children[at] {
            self.visit(child, ix);
        }
        self.nodes[ix as usize].size = number(self.nodes.len()) - ix;
    }
}
