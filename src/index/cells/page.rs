//! A page: 32 by 32 root cells with all that lies below them. Pages that an edit leaves alone are shared between indexes.

use super::frame::PAGE_CELLS;
use super::line::{Line, Narrow, Step, Wide};
use crate::geometry::LatticePoint;

/// What a cell holds: the kind in the two highest bits, the rest by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Word(u32);

/// A word taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// One owner all over: its index and one, or 0 for nobody.
    Owner(u32),
    /// Four by four cells: the place of their node.
    Node(usize),
    Narrow(Leaf),
    Wide(Leaf),
}

/// The lines of a boundary cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) first: usize,
    pub(super) n: usize,
}

const KIND_SHIFT: u32 = 30;
const COUNT_SHIFT: u32 = 22;
/// The most lines one leaf can name.
pub(super) const MAX_LINES: usize = (1 << (KIND_SHIFT - COUNT_SHIFT)) - 1;
/// The most owners there can be.
pub(super) const MAX_OWNERS: u32 = (1 << KIND_SHIFT) - 2;

const NODE: u32 = 1;
const NARROW: u32 = 2;
const WIDE: u32 = 3;

impl Word {
    pub(super) fn owner(owner: u32) -> Self {
        Self(owner)
    }

    pub(super) fn node(at: usize) -> Self {
        Self(NODE << KIND_SHIFT | small(at, KIND_SHIFT))
    }

    pub(super) fn narrow(leaf: Leaf) -> Self {
        Self(NARROW << KIND_SHIFT | leaf.bits())
    }

    pub(super) fn wide(leaf: Leaf) -> Self {
        Self(WIDE << KIND_SHIFT | leaf.bits())
    }

    /// The word without its kind.
    #[inline]
    pub(super) fn rest(self) -> u32 {
        self.0 & ((1 << KIND_SHIFT) - 1)
    }

    #[inline]
    pub(super) fn is_node(self) -> bool {
        self.0 >> KIND_SHIFT == NODE
    }

    #[inline]
    pub(super) fn is_leaf(self) -> bool {
        self.0 >> KIND_SHIFT >= NARROW
    }

    #[inline]
    pub(super) fn holds(self) -> Holds {
        let rest = self.rest();
        let leaf = Leaf { first: (rest & ((1 << COUNT_SHIFT) - 1)) as usize, n: (rest >> COUNT_SHIFT) as usize };
        match self.0 >> KIND_SHIFT {
            NODE => Holds::Node(rest as usize),
            NARROW => Holds::Narrow(leaf),
            WIDE => Holds::Wide(leaf),
            _ => Holds::Owner(rest),
        }
    }
}

impl Leaf {
    #[inline]
    fn of<L>(self, lines: &[L]) -> &[L] {
        &lines[self.first..self.first + self.n]
    }

    /// Who owns the end of every ray: named in the first line only, so the last one adds nothing but being read.
    #[inline]
    pub(super) fn base<T: Step, const N: usize>(self, lines: &[Line<T, N>]) -> u32 {
        lines[self.first].base() | lines[self.first + self.n - 1].base()
    }

    /// What the edges between `p` and the end of its ray change.
    #[inline]
    pub(super) fn crossed<T: Step, const N: usize>(self, lines: &[Line<T, N>], p: (T, T)) -> u32 {
        self.of(lines).iter().fold(0, |change, line| change ^ line.crossed(p))
    }

    #[inline]
    fn owner<T: Step, const N: usize>(self, lines: &[Line<T, N>], p: (T, T)) -> u32 {
        self.base(lines) ^ self.crossed(lines, p)
    }

    fn bits(self) -> u32 {
        small(self.n, KIND_SHIFT - COUNT_SHIFT) << COUNT_SHIFT | small(self.first, COUNT_SHIFT)
    }
}

fn small(n: usize, bits: u32) -> u32 {
    assert!(n >> bits == 0, "a page of 1,024 cells holds fewer than four million lines, a leaf fewer than 256");
    u32::try_from(n).expect("checked right above")
}

/// Sixteen cells in one cache line: row by row from the low corner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(align(64))]
pub(super) struct Node(pub(super) [Word; 16]);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CellPage {
    pub(super) nodes: Vec<Node>,
    pub(super) narrow: Vec<Narrow>,
    pub(super) wide: Vec<Wide>,
    pub(super) root: [Word; PAGE_CELLS],
}

impl CellPage {
    pub(super) fn empty() -> Self {
        Self { nodes: Vec::new(), narrow: Vec::new(), wide: Vec::new(), root: [Word::default(); PAGE_CELLS] }
    }

    /// The owner of `p`, which lies `offset` steps from the raster's corner in the cell of sides `kx`, `ky` that holds
    /// `word`.
    #[inline]
    pub(super) fn owner(&self, word: Word, p: LatticePoint, offset: (u32, u32), (mut kx, mut ky): (u32, u32)) -> u32 {
        let mut word = word;
        loop {
            match word.holds() {
                Holds::Owner(owner) => return owner,
                Holds::Narrow(leaf) => return leaf.owner(&self.narrow, near_middle(offset, kx, ky)),
                Holds::Wide(leaf) => return leaf.owner(&self.wide, (p.x, p.y)),
                Holds::Node(at) => {
                    (kx, ky) = below(kx, ky);
                    word = self.nodes[at].0[part(offset, kx, ky)];
                }
            }
        }
    }

    /// Bytes on the heap and in the page itself.
    pub(super) fn n_bytes(&self) -> usize {
        size_of::<Self>() + 64 * (self.nodes.capacity() + self.narrow.capacity() + self.wide.capacity())
    }
}

/// The sides of a node's cells, from those of the cell it splits. A cell less than four steps wide splits into steps.
#[inline]
pub(super) fn below(kx: u32, ky: u32) -> (u32, u32) {
    (kx.saturating_sub(2), ky.saturating_sub(2))
}

/// Which of the sixteen parts of a node holds the offset; `kx` and `ky` are a part's sides.
#[inline]
pub(super) fn part((dx, dy): (u32, u32), kx: u32, ky: u32) -> usize {
    ((dy >> ky & 3) << 2 | dx >> kx & 3) as usize
}

/// The offset seen from the middle of its cell.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "narrow lines are written only where a cell is up to 2^16 wide")]
pub(super) fn near_middle((dx, dy): (u32, u32), kx: u32, ky: u32) -> (i16, i16) {
    let from_middle = |d: u32, k: u32| (d & ((1 << k) - 1)).wrapping_sub(1 << k >> 1) as i16;
    (from_middle(dx, kx), from_middle(dy, ky))
}
