//! Many points at once: a group goes down level by level together.
//!
//! One look-up waits for memory two or three times in a row. In a group the loads of one level do not depend on each
//! other, so the processor has them all under way at once, and each leaf's first line is read before any is worked on.

use super::page::{CellPage, Holds, Word, below, near_middle, part};
use super::{CellIndex, Owner, edges};
use crate::geometry::LatticePoint;

/// Points under way at once: more than the line-fill buffers of a core can hold.
const GROUP: usize = 32;

impl CellIndex {
    /// Writes the owner of each point to the same place in `owners`, as [`Self::owner`] gives it.
    ///
    /// # Panics
    /// When the slices differ in length.
    pub fn owners(&self, points: &[LatticePoint], owners: &mut [Option<Owner>]) {
        assert_eq!(points.len(), owners.len(), "one owner for each point");
        for (points, owners) in points.chunks(GROUP).zip(owners.chunks_mut(GROUP)) {
            let mut group = Group::new(self.pages.get(0));
            group.read_roots(self, points);
            group.descend((self.frame.kx, self.frame.ky));
            group.read_leaves();
            group.work_leaves(points);
            for (owner, code) in owners.iter_mut().zip(group.codes) {
                *owner = edges::grid(code);
            }
        }
    }
}

/// The state of each point of a group.
struct Group<'i> {
    pages: [&'i CellPage; GROUP],
    offsets: [(u32, u32); GROUP],
    words: [Word; GROUP],
    /// The sides of the cell that each word means.
    sides: [(u32, u32); GROUP],
    /// Who owns the end of the ray, then the owner.
    codes: [u32; GROUP],
    leaves: List,
}

/// The places in the group that need something.
#[derive(Clone, Copy, Default)]
struct List {
    places: [u8; GROUP],
    n: usize,
}

impl List {
    /// Adds `place` when it is `wanted`, without a branch: which points are near an edge is not predictable.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a group is small")]
    fn add(&mut self, place: usize, wanted: bool) {
        self.places[self.n % GROUP] = place as u8;
        self.n += usize::from(wanted);
    }

    #[inline]
    fn iter(&self) -> impl Iterator<Item = usize> + use<> {
        let (places, n) = (self.places, self.n);
        (0..n).map(move |at| usize::from(places[at]) % GROUP)
    }
}

impl<'i> Group<'i> {
    fn new(page: &'i CellPage) -> Self {
        Self {
            pages: [page; GROUP],
            offsets: [(0, 0); GROUP],
            words: [Word::default(); GROUP],
            sides: [(0, 0); GROUP],
            codes: [0; GROUP],
            leaves: List::default(),
        }
    }

    #[inline]
    fn read_roots(&mut self, index: &'i CellIndex, points: &[LatticePoint]) {
        for (at, p) in points.iter().enumerate().take(GROUP) {
            if let Some(offset) = index.frame.offset(*p) {
                let (page, slot) = index.frame.place(offset);
                let page = index.pages.get(page);
                (self.pages[at], self.offsets[at], self.words[at]) = (page, offset, page.root[slot]);
            }
        }
    }

    /// Sorts the points into those done, those in a leaf, and those in a node, which go on one level below.
    #[inline]
    fn descend(&mut self, mut sides: (u32, u32)) {
        let mut nodes = List::default();
        for at in 0..GROUP {
            self.sort(at, sides, &mut nodes);
        }
        while nodes.n > 0 {
            sides = below(sides.0, sides.1);
            let mut deeper = List::default();
            for at in nodes.iter() {
                if let Holds::Node(node) = self.words[at].holds() {
                    self.words[at] = self.pages[at].nodes[node].0[part(self.offsets[at], sides.0, sides.1)];
                }
            }
            for at in nodes.iter() {
                self.sort(at, sides, &mut deeper);
            }
            nodes = deeper;
        }
    }

    #[inline]
    fn sort(&mut self, at: usize, sides: (u32, u32), nodes: &mut List) {
        let word = self.words[at];
        self.sides[at] = sides;
        self.codes[at] = word.rest();
        self.leaves.add(at, word.is_leaf());
        nodes.add(at, word.is_node());
    }

    /// Reads the base of each leaf, from its first and last line: both are then near.
    #[inline]
    fn read_leaves(&mut self) {
        for at in self.leaves.iter() {
            let page = self.pages[at];
            self.codes[at] = match self.words[at].holds() {
                Holds::Narrow(leaf) => leaf.base(&page.narrow),
                Holds::Wide(leaf) => leaf.base(&page.wide),
                Holds::Owner(_) | Holds::Node(_) => 0,
            };
        }
    }

    #[inline]
    fn work_leaves(&mut self, points: &[LatticePoint]) {
        for at in self.leaves.iter() {
            let (page, p, (kx, ky)) = (self.pages[at], points[at], self.sides[at]);
            self.codes[at] ^= match self.words[at].holds() {
                Holds::Narrow(leaf) => leaf.crossed(&page.narrow, near_middle(self.offsets[at], kx, ky)),
                Holds::Wide(leaf) => leaf.crossed(&page.wide, (p.x, p.y)),
                Holds::Owner(_) | Holds::Node(_) => 0,
            };
        }
    }
}
