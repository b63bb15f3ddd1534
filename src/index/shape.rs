//! The order of the grids in their tree, apart from what they are: which stands where, under whom.
//!
//! A grid keeps its [`Slot`] from one generation to the next; its place in preorder shifts when others come and go. A
//! changed shape is made from the one before by copying runs of grids whose order stays.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::outline::Slot;
use super::tree::{GridEntry, GridIndex, TreeError};
use crate::domain::{Depth, GridId};

/// No place, no parent.
const NOWHERE: GridIndex = GridIndex::MAX;

/// Grids in preorder: parents before children, siblings by depth, code and id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape {
    slots: Vec<Slot>,
    parents: Vec<GridIndex>,
    /// The index after the last grid below each.
    ends: Vec<GridIndex>,
    depths: Vec<Depth>,
    /// The place of each slot.
    places: Vec<GridIndex>,
    /// Ordered by id, and by code.
    ids: Vec<GridIndex>,
    codes: Vec<GridIndex>,
}

/// A grid that stands nowhere yet.
#[derive(Clone, Debug)]
pub(super) struct Loose {
    pub(super) entry: Arc<GridEntry>,
    pub(super) parent: Option<GridId>,
}

impl Shape {
    /// Puts grids into their order. Slots are places.
    pub(super) fn build(mut grids: Vec<Loose>) -> Result<(Self, Vec<Arc<GridEntry>>), TreeError> {
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
            Walk { grids: &grids, children: &children, shape: Self::default(), entries: Vec::with_capacity(n) };
        for top in tops {
            walk.visit(top, NOWHERE);
        }
        let Walk { mut shape, entries, .. } = walk;
        shape.slots = (0..).take(n).collect();
        shape.places.clone_from(&shape.slots);
        shape.ids.clone_from(&shape.slots);
        shape.codes.clone_from(&shape.slots);
        shape.ids.sort_unstable_by_key(|&ix| &entries[ix as usize].id);
        shape.codes.sort_unstable_by_key(|&ix| &entries[ix as usize].code);
        Ok((shape, entries))
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    #[inline]
    pub(super) fn slot(&self, ix: GridIndex) -> Slot {
        self.slots[ix as usize]
    }

    /// The place of a slot, if there is a grid in it.
    #[inline]
    pub(super) fn place(&self, slot: Slot) -> Option<GridIndex> {
        self.places.get(slot as usize).copied().filter(|&place| place != NOWHERE)
    }

    pub(super) fn parent(&self, ix: GridIndex) -> Option<GridIndex> {
        Some(self.parents[ix as usize]).filter(|&parent| parent != NOWHERE)
    }

    pub(super) fn end(&self, ix: GridIndex) -> GridIndex {
        self.ends[ix as usize]
    }

    pub(super) fn depths(&self) -> &[Depth] {
        &self.depths
    }

    pub(super) fn ids(&self) -> &[GridIndex] {
        &self.ids
    }

    pub(super) fn codes(&self) -> &[GridIndex] {
        &self.codes
    }

    /// How many slots there are, with those that are free.
    pub(super) fn n_slots(&self) -> Slot {
        number(self.places.len())
    }

    /// The slots that no grid has.
    pub(super) fn free(&self) -> impl Iterator<Item = Slot> + '_ {
        (0..).zip(&self.places).filter(|(_, place)| **place == NOWHERE).map(|(slot, _)| slot)
    }

    pub(super) fn parent_slot(&self, slot: Slot) -> Option<Slot> {
        Some(self.slot(self.parent(self.place(slot)?)?))
    }

    pub(super) fn n_bytes(&self) -> usize {
        let lists = [&self.slots, &self.parents, &self.ends, &self.places, &self.ids, &self.codes];
        lists.iter().map(|list| size_of_val(list.as_slice())).sum::<usize>() + self.depths.len()
    }

    /// Tells whether the grids stand in the same order, whatever their slots.
    pub(super) fn has_order_of(&self, other: &Self) -> bool {
        (&self.parents, &self.ends, &self.depths, &self.ids, &self.codes)
            == (&other.parents, &other.ends, &other.depths, &other.ids, &other.codes)
    }

    /// Takes grids out of their places and puts others in; one that moves is in both lists, and takes all below along.
    ///
    /// `entry` tells what stands in a slot afterwards. `None` when that is no tree: something left without a parent, or
    /// under one of no higher level. Cost: a few copies of what there is per grid, and a search for each that comes.
    pub(super) fn patched<'e>(&self, change: &Change, entry: impl Fn(Slot) -> &'e GridEntry) -> Option<Self> {
        let mut coming: HashMap<Option<Slot>, Vec<Slot>> = HashMap::new();
        for (slot, parent) in &change.coming {
            let is_above = |parent: &Slot| entry(*parent).depth < entry(*slot).depth;
            parent.as_ref().is_none_or(is_above).then(|| coming.entry(*parent).or_default().push(*slot))?;
        }
        for siblings in coming.values_mut() {
            siblings.sort_unstable_by(|a, b| order(entry(*a)).cmp(&order(entry(*b))));
        }
        let mut gone = change.gone.clone();
        gone.sort_unstable();
        gone.dedup();
        let mut patch =
            Patch { old: self, touched: self.touched(change), gone, coming, entry: &entry, new: Self::default() };
        patch.children(None, NOWHERE);
        let Patch { mut new, gone, .. } = patch;
        let n_coming = change.coming.len();
        if new.len() + gone.len() != self.len() + n_coming {
            return None;
        }
        new.places = vec![NOWHERE; self.places.len().max(new.slots.iter().map(|slot| *slot as usize + 1).max()?)];
        for (ix, slot) in (0..).zip(&new.slots) {
            new.places[*slot as usize] = ix;
        }
        let is_above_children = |slot: Slot| {
            let ix = new.places[slot as usize];
            let depth = |ix: GridIndex| new.depths[ix as usize];
            let below = ix + 1..new.ends[ix as usize];
            below.into_iter().all(|at| new.parents[at as usize] != ix || depth(ix) < depth(at))
        };
        if !change.coming.iter().all(|(slot, _)| is_above_children(*slot)) {
            return None;
        }
        let sorted = |old: &[GridIndex], key: &dyn Fn(Slot) -> &'e str| {
            let stays = old.iter().map(|ix| self.slot(*ix)).filter(|slot| gone.binary_search(slot).is_err());
            let mut sorted: Vec<GridIndex> = Vec::with_capacity(new.len());
            sorted.extend(stays.map(|slot| new.places[slot as usize]));
            for (slot, _) in &change.coming {
                let at = sorted.partition_point(|ix| key(new.slot(*ix)) < key(*slot));
                sorted.insert(at, new.places[*slot as usize]);
            }
            sorted
        };
        let ids = sorted(&self.ids, &|slot| entry(slot).id.as_str());
        let codes = sorted(&self.codes, &|slot| entry(slot).code.as_str());
        Some(Self { ids, codes, ..new })
    }

    /// Everything above what comes and goes: only there siblings change.
    fn touched(&self, change: &Change) -> Vec<Slot> {
        let coming: HashMap<Slot, Option<Slot>> = change.coming.iter().copied().collect();
        let above = |slot: Slot| coming.get(&slot).copied().unwrap_or_else(|| self.parent_slot(slot));
        let mut touched = Vec::new();
        let old = change.gone.iter().filter_map(|slot| self.parent_slot(*slot));
        for start in old.chain(change.coming.iter().filter_map(|(_, parent)| *parent)) {
            for way in [&above as &dyn Fn(Slot) -> Option<Slot>, &|slot| self.parent_slot(slot)] {
                // Depths grow on the way down, so there are no more than 256 steps up; a tree gone wrong may have a ring.
                let line = std::iter::successors(Some(start), |slot| way(*slot));
                touched.extend(line.take(usize::from(Depth::MAX) + 1));
            }
        }
        touched.sort_unstable();
        touched.dedup();
        touched
    }
}

/// What moves in a tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    pub(super) gone: Vec<Slot>,
    /// With the slot of the parent.
    pub(super) coming: Vec<(Slot, Option<Slot>)>,
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
    grids: &'w [Loose],
    children: &'w [Vec<usize>],
    shape: Shape,
    entries: Vec<Arc<GridEntry>>,
}

impl Walk<'_> {
    /// Goes no deeper than there are levels (at most 256): depths grow strictly along the way.
    fn visit(&mut self, at: usize, parent: GridIndex) {
        let (ix, entry) = (number(self.entries.len()), &self.grids[at].entry);
        self.entries.push(Arc::clone(entry));
        self.shape.parents.push(parent);
        self.shape.depths.push(entry.depth);
        self.shape.ends.push(0);
        for &child in &self.children[at] {
            self.visit(child, ix);
        }
        self.shape.ends[ix as usize] = number(self.entries.len());
    }
}

/// The walk that copies a shape with its changes.
struct Patch<'p, F> {
    old: &'p Shape,
    /// Ordered, both.
    touched: Vec<Slot>,
    gone: Vec<Slot>,
    coming: HashMap<Option<Slot>, Vec<Slot>>,
    entry: &'p F,
    new: Shape,
}

impl<'e, F: Fn(Slot) -> &'e GridEntry> Patch<'_, F> {
    /// Writes what lies right below `parent`, which stands at `ix` now, and all below that.
    fn children(&mut self, parent: Option<Slot>, ix: GridIndex) {
        let stays = |ix: &GridIndex| self.gone.binary_search(&self.old.slot(*ix)).is_err();
        let siblings: Vec<GridIndex> = self.old_children(parent).filter(stays).collect();
        let mut rest = siblings.as_slice();
        for coming in self.coming.remove(&parent).unwrap_or_default() {
            let key = order((self.entry)(coming));
            let n_before = rest.partition_point(|old| order((self.entry)(self.old.slot(*old))) < key);
            self.siblings(&rest[..n_before], ix);
            self.visit(coming, ix);
            rest = &rest[n_before..];
        }
        self.siblings(rest, ix);
    }

    fn old_children(&self, parent: Option<Slot>) -> impl Iterator<Item = GridIndex> + use<'_, 'e, F> {
        let range = match parent.map(|slot| self.old.place(slot)) {
            Some(Some(ix)) => ix + 1..self.old.end(ix),
            Some(None) => 0..0,
            None => 0..number(self.old.len()),
        };
        let first = Some(range.start).filter(|_| !range.is_empty());
        std::iter::successors(first, move |ix| Some(self.old.end(*ix)).filter(|next| *next < range.end))
    }

    /// Writes old siblings under the grid at `parent`: in one go those side by side with nothing changed below.
    fn siblings(&mut self, siblings: &[GridIndex], parent: GridIndex) {
        let mut same = 0..0;
        for &ix in siblings {
            let is_touched = self.touched.binary_search(&self.old.slot(ix)).is_ok();
            if !is_touched && ix == same.end {
                same.end = self.old.end(ix);
                continue;
            }
            self.copy(std::mem::replace(&mut same, 0..0), parent);
            if is_touched {
                self.visit(self.old.slot(ix), parent);
            } else {
                same = ix..self.old.end(ix);
            }
        }
        self.copy(same, parent);
    }

    fn visit(&mut self, slot: Slot, parent: GridIndex) {
        if let Some(ix) = self.old.place(slot).filter(|_| self.touched.binary_search(&slot).is_err()) {
            self.copy(ix..self.old.end(ix), parent);
            // Its level may be another.
            let at = self.new.len() - (self.old.end(ix) - ix) as usize;
            self.new.depths[at] = (self.entry)(slot).depth;
            return;
        }
        let ix = number(self.new.len());
        self.new.slots.push(slot);
        self.new.parents.push(parent);
        self.new.depths.push((self.entry)(slot).depth);
        self.new.ends.push(0);
        self.children(Some(slot), ix);
        self.new.ends[ix as usize] = number(self.new.len());
    }

    /// Copies a run of old places whose uppermost grids come under `parent`.
    fn copy(&mut self, run: Range<GridIndex>, parent: GridIndex) {
        let (old, first, to) = (self.old, run.start, number(self.new.len()));
        let Some(&above) = old.parents.get(first as usize).filter(|_| !run.is_empty()) else { return };
        let range = run.start as usize..run.end as usize;
        self.new.slots.extend_from_slice(&old.slots[range.clone()]);
        self.new.depths.extend_from_slice(&old.depths[range.clone()]);
        self.new.ends.extend(old.ends[range.clone()].iter().map(|end| end - first + to));
        let moved = |at: &GridIndex| if *at == above { parent } else { at - first + to };
        self.new.parents.extend(old.parents[range].iter().map(moved));
    }
}
