//! A hierarchy made from another where grids come, go or move.

use std::collections::HashMap;
use std::ops::Range;

use super::{FLAT, FREE, Hierarchy, NO_INDEX, NO_PARENT, Node, number, order};
use crate::domain::Depth;
use crate::index::entry::{GridEntry, GridIndex};
use crate::index::outline::Slot;
use crate::index::shared_vec::Writer;

/// What moves in a tree.
#[derive(Clone, Debug, Default)]
pub(in crate::index) struct Change {
    pub(in crate::index) gone: Vec<Slot>,
    /// With the slot of the parent.
    pub(in crate::index) coming: Vec<(Slot, Option<Slot>)>,
}

impl Hierarchy {
    /// Takes grids out of their places and puts others in; one that moves is in both lists, and takes all below along.
    ///
    /// `was` gives what is in a slot before, `is` what is there afterwards. `None` when that is no tree: something
    /// left without a parent, or under one of no higher level. Cost: a copy of eight bytes for each grid behind the first that
    /// moves on, and a search for each
    /// that comes or goes.
    pub(in crate::index) fn patched<'e>(
        &self,
        change: &Change,
        was: impl Fn(Slot) -> &'e GridEntry,
        is: impl Fn(Slot) -> &'e GridEntry,
    ) -> Option<Self> {
        let is_above =
            |(slot, parent): &(Slot, Option<Slot>)| parent.is_none_or(|above| is(above).depth < is(*slot).depth);
        change.coming.iter().all(is_above).then_some(())?;
        let mut gone = change.gone.clone();
        gone.sort_unstable();
        gone.dedup();
        let touched = self.touched(change);
        let mut walk = Walk {
            old: self,
            steps: self.steps(change, &touched, &gone, &was, &is),
            touched,
            is: &is,
            slots: Writer::new(&self.slots),
            n_same: None,
            nodes: gone.iter().map(|slot| (*slot, FREE)).collect(),
        };
        walk.children(NO_PARENT);
        let Walk { slots, n_same, mut nodes, .. } = walk;
        let slots = slots.finish();
        if slots.len() + gone.len() != self.len() + change.coming.len() {
            return None;
        }
        let mut places = self.places.clone();
        let n_slots = change.coming.iter().map(|(slot, _)| slot + 1).max().unwrap_or(0);
        places.put((self.n_slots()..n_slots).chain(gone.iter().copied()).map(|slot| (slot, NO_INDEX)));
        let n_same = n_same.unwrap_or(0);
        places.put((number(n_same)..).zip(slots.iter_from(n_same)).map(|(ix, slot)| (*slot, ix)));
        // Of one that goes and comes what was written last counts.
        nodes.sort_by_key(|(slot, _)| *slot);
        let mut new =
            Self { slots, places, nodes: self.nodes.clone(), ids: self.ids.clone(), codes: self.codes.clone() };
        new.nodes.put(nodes);
        for slot in &gone {
            new.ids.remove(*slot, |slot| was(slot).id.as_str())?;
            new.codes.remove(*slot, |slot| was(slot).code.as_str())?;
        }
        for (slot, _) in &change.coming {
            new.ids.insert(*slot, |slot| is(slot).id.as_str());
            new.codes.insert(*slot, |slot| is(slot).code.as_str());
        }
        let is_above_children = |(slot, _): &(Slot, Option<Slot>)| {
            let depth = |slot: Slot| new.nodes.get(slot).depth;
            let below = new.place(*slot).map(|ix| ix + 1..new.end(ix));
            below.is_some_and(|below| new.children(below).all(|child| depth(*slot) < depth(new.slot(child))))
        };
        change.coming.iter().all(is_above_children).then_some(new)
    }

    /// What happens among the children of each grid, by its slot: where in the order, ordered.
    fn steps<'e>(
        &self,
        change: &Change,
        touched: &[Slot],
        gone: &[Slot],
        was: &impl Fn(Slot) -> &'e GridEntry,
        is: &impl Fn(Slot) -> &'e GridEntry,
    ) -> HashMap<Slot, Vec<(GridIndex, Step)>> {
        let mut steps: HashMap<Slot, Vec<(GridIndex, Step)>> = HashMap::new();
        let mut coming = change.coming.clone();
        coming.sort_unstable_by(|(a, _), (b, _)| order(is(*a)).cmp(&order(is(*b))));
        for (slot, parent) in coming {
            let parent = parent.unwrap_or(NO_PARENT);
            let at = self.first_not_before(parent, |sibling| order(was(sibling)) < order(is(slot)));
            steps.entry(parent).or_default().push((at, Step::Comes(slot)));
        }
        for (slots, is_leaving) in [(gone, true), (touched, false)] {
            for slot in slots.iter().filter(|slot| is_leaving || gone.binary_search(slot).is_err()) {
                let Some(at) = self.place(*slot) else { continue };
                let step = if is_leaving { Step::Leaves } else { Step::Changes(*slot) };
                steps.entry(self.nodes.get(*slot).parent).or_default().push((at, step));
            }
        }
        for steps in steps.values_mut() {
            // What comes goes before what was there, in its own order.
            steps.sort_by_key(|(at, step)| (*at, !matches!(step, Step::Comes(_))));
        }
        steps
    }

    /// The place of the first child of `parent` for which `is_before` no longer holds, or the end of them.
    fn first_not_before(&self, parent: Slot, is_before: impl Fn(Slot) -> bool) -> GridIndex {
        let mut range = self.below(parent);
        while !range.is_empty() {
            let mut child = self.slot(range.start.midpoint(range.end));
            while let Some(above) = self.parent_slot(child).filter(|above| *above != parent) {
                child = above;
            }
            let at = *self.places.get(child);
            if is_before(child) {
                range.start = self.end(at);
            } else {
                range.end = at;
            }
        }
        range.start
    }

    /// The places below a slot, of all for nobody.
    fn below(&self, slot: Slot) -> Range<GridIndex> {
        match self.place(slot) {
            Some(ix) => ix + 1..self.end(ix),
            None if slot == NO_PARENT => 0..number(self.len()),
            None => 0..0,
        }
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

/// What happens at a place among siblings.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Before the place.
    Comes(Slot),
    Leaves,
    /// It stays, but something below does not.
    Changes(Slot),
}

/// The walk that writes the new order.
struct Walk<'p, F> {
    old: &'p Hierarchy,
    steps: HashMap<Slot, Vec<(GridIndex, Step)>>,
    /// Ordered.
    touched: Vec<Slot>,
    is: &'p F,
    slots: Writer<'p, Slot, FLAT>,
    /// How many of them are as before.
    n_same: Option<usize>,
    /// Those that are other than before.
    nodes: Vec<(Slot, Node)>,
}

impl<'e, F: Fn(Slot) -> &'e GridEntry> Walk<'_, F> {
    /// Writes what lies below `parent`.
    fn children(&mut self, parent: Slot) {
        let below = self.old.below(parent);
        let mut next = below.start;
        for (at, step) in self.steps.remove(&parent).unwrap_or_default() {
            self.copy(next..at);
            next = match step {
                Step::Comes(_) => at,
                Step::Leaves | Step::Changes(_) => self.old.end(at),
            };
            if !matches!(step, Step::Changes(_)) {
                self.n_same.get_or_insert(self.slots.len());
            }
            if let Step::Comes(slot) | Step::Changes(slot) = step {
                self.visit(slot, parent);
            }
        }
        self.copy(next..below.end);
    }

    fn visit(&mut self, slot: Slot, parent: Slot) {
        let at = self.slots.len();
        if let Some(old) = self.old.place(slot).filter(|_| self.touched.binary_search(&slot).is_err()) {
            self.copy(old..self.old.end(old));
        } else {
            self.slots.push(slot);
            self.children(slot);
        }
        let size = number(self.slots.len() - at);
        self.nodes.push((slot, Node { parent, size, depth: (self.is)(slot).depth }));
    }

    /// Copies a run of old places.
    fn copy(&mut self, run: Range<GridIndex>) {
        self.slots.copy(run.start as usize..run.end as usize);
    }
}
