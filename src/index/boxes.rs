//! An R-tree that is cheap to change a little: one that never changes, and beside it what changed since.

use std::sync::Arc;

use rstar::{AABB, Envelope, Point, PointDistance, RTree, RTreeObject};

use super::outline::Slot;

/// A thing of one grid.
pub(super) trait OfSlot {
    fn slot(&self) -> Slot;
}

/// Things of grids by place.
#[derive(Clone, Debug)]
pub(super) struct Boxes<T: RTreeObject> {
    base: Arc<RTree<T>>,
    /// The grids of which `base` no longer tells the truth, ordered.
    changed: Arc<[Slot]>,
    /// What those grids have.
    added: Arc<[T]>,
}

/// With so many things beside the tree, and one for every sixteen in it, it is built anew.
const MOST_BESIDE: usize = 1024;

impl<T, P> Boxes<T>
where
    P: Point,
    T: RTreeObject<Envelope = AABB<P>> + OfSlot + Clone,
{
    pub(super) fn new(things: Vec<T>) -> Self {
        Self { base: Arc::new(RTree::bulk_load(things)), changed: Arc::default(), added: Arc::default() }
    }

    /// Replaces everything of the grids in `slots` by `things`.
    ///
    /// Cost: what changed since the tree was built; once in a while the tree.
    pub(super) fn patched(&self, slots: &[Slot], things: impl IntoIterator<Item = T>) -> Self {
        let stays = |thing: &&T| !slots.contains(&thing.slot());
        let added: Vec<T> = self.added.iter().filter(stays).cloned().chain(things).collect();
        let mut changed: Vec<Slot> = self.changed.iter().chain(slots).copied().collect();
        changed.sort_unstable();
        changed.dedup();
        let next = Self { base: Arc::clone(&self.base), changed: changed.into(), added: added.into() };
        if next.changed.len().max(next.added.len()) < MOST_BESIDE + self.base.size() / 16 {
            return next;
        }
        Self::new(next.base.iter().filter(|thing| next.counts(thing)).chain(next.added.iter()).cloned().collect())
    }

    /// Bytes of the things, without the inner nodes.
    pub(super) fn n_bytes(&self) -> usize {
        (self.base.size() + self.added.len()) * size_of::<T>()
    }

    /// Everything whose box meets `envelope`, in no order.
    pub(super) fn meeting(&self, envelope: AABB<P>) -> impl Iterator<Item = &T> {
        let in_base = self.base.locate_in_envelope_intersecting(envelope.clone());
        let beside = self.added.iter().filter(move |thing| thing.envelope().intersects(&envelope));
        in_base.filter(|thing| self.counts(thing)).chain(beside)
    }

    pub(super) fn nearest(&self, p: &P) -> Option<&T>
    where
        T: PointDistance,
        P::Scalar: PartialOrd,
    {
        let in_base = self.base.nearest_neighbor_iter(p.clone()).find(|thing| self.counts(thing));
        let mut best = in_base.map(|thing| (thing.distance_2(p), thing));
        for thing in self.added.iter() {
            let is_near = |far| best.as_ref().is_none_or(|(least, _)| far < *least);
            if is_near(thing.envelope().distance_2(p)) && is_near(thing.distance_2(p)) {
                best = Some((thing.distance_2(p), thing));
            }
        }
        best.map(|(_, thing)| thing)
    }

    /// Tells whether a thing in the tree is still there.
    fn counts(&self, thing: &T) -> bool {
        self.changed.is_empty() || self.changed.binary_search(&thing.slot()).is_err()
    }
}
