//! Fills one page, cell by cell: with new edges, or with what the page had before an edit.
//!
//! Cells are written in one order, nodes before what lies below them, so a patched page is the same, byte for byte, as
//! one built from nothing.

use super::edges::Edges;
use super::frame::{Cell, Frame};
use super::line::{Line, Narrow, Step, Wide};
use super::page::{CellPage, Holds, Leaf, MAX_LINES, Node, Word, below, part};
use super::pieces::Pieces;
use crate::geometry::LatticePoint;

/// A leaf with more lines is split, while its cell can be.
const LEAF_LINES: usize = 4;

#[derive(Debug)]
pub(super) struct Builder<'e> {
    edges: &'e Edges,
    frame: Frame,
    page: CellPage,
}

impl<'e> Builder<'e> {
    pub(super) fn new(edges: &'e Edges, frame: Frame) -> Self {
        Self { edges, frame, page: CellPage::empty() }
    }

    pub(super) fn finish(mut self) -> CellPage {
        self.page.nodes.shrink_to_fit();
        self.page.narrow.shrink_to_fit();
        self.page.wide.shrink_to_fit();
        self.page
    }

    pub(super) fn set(&mut self, slot: usize, word: Word) {
        self.page.root[slot] = word;
    }

    /// Writes a cell that meets the edges `names` and whose low corner belongs to `corner`.
    pub(super) fn cell(&mut self, cell: Cell, names: &[u32], corner: u32) -> Word {
        if names.is_empty() {
            return Word::owner(corner);
        }
        let pieces = Pieces::gather(self.edges, names, cell, corner);
        if pieces.all().is_empty() {
            return Word::owner(corner);
        }
        let narrow = is_narrow(cell, &pieces);
        let per_line = if narrow { Narrow::EDGES } else { Wide::EDGES };
        let n_lines: usize = pieces.all().iter().map(|piece| (piece.vertices.len() - 1).div_ceil(per_line)).sum();
        if n_lines > LEAF_LINES && cell.splits() {
            return self.split(cell, names, &pieces);
        }
        if n_lines > MAX_LINES {
            return self.steps(cell, &pieces);
        }
        if narrow {
            let (mx, my) = cell.middle();
            let seen = |v: LatticePoint| (near(v.x, mx), near(v.y, my));
            Word::narrow(write(&mut self.page.narrow, &pieces, seen))
        } else {
            Word::wide(write(&mut self.page.wide, &pieces, |v| (v.x, v.y)))
        }
    }

    fn split(&mut self, cell: Cell, names: &[u32], pieces: &Pieces) -> Word {
        let at = self.reserve();
        for row in 0..4 {
            for column in 0..4 {
                let part = cell.part(column, row);
                let meets = |name: &u32| {
                    let (a, b) = self.edges.ends(*name);
                    part.meets(a, b)
                };
                let inside: Vec<u32> = names.iter().copied().filter(meets).collect();
                let word = self.cell(part, &inside, pieces.owner(part.corner()));
                self.page.nodes[at].0[(row << 2 | column) as usize] = word;
            }
        }
        Word::node(at)
    }

    /// Writes the owner of every step of a cell too small to split, where hundreds of grids meet.
    fn steps(&mut self, cell: Cell, pieces: &Pieces) -> Word {
        let at = self.reserve();
        let (x, y) = cell.end();
        let (kx, ky) = below(cell.kx, cell.ky);
        for py in cell.y..y {
            for px in cell.x..x {
                let Some(p) = i32::try_from(px).ok().zip(i32::try_from(py).ok()) else { continue };
                let p = LatticePoint::new(p.0, p.1);
                let Some(offset) = self.frame.offset(p) else { continue };
                self.page.nodes[at].0[part(offset, kx, ky)] = Word::owner(pieces.owner(p));
            }
        }
        Word::node(at)
    }

    fn reserve(&mut self) -> usize {
        self.page.nodes.push(Node::default());
        self.page.nodes.len() - 1
    }

    /// Writes what `word` holds in `page` once more, with all below it.
    pub(super) fn copy(&mut self, page: &CellPage, word: Word) -> Word {
        match word.holds() {
            Holds::Owner(_) => word,
            Holds::Narrow(leaf) => Word::narrow(again(&mut self.page.narrow, &page.narrow, leaf)),
            Holds::Wide(leaf) => Word::wide(again(&mut self.page.wide, &page.wide, leaf)),
            Holds::Node(from) => {
                let at = self.reserve();
                for (n, word) in page.nodes[from].0.into_iter().enumerate() {
                    let word = self.copy(page, word);
                    self.page.nodes[at].0[n] = word;
                }
                Word::node(at)
            }
        }
    }
}

/// Tells whether all vertices are near enough to the cell's middle for 16 bits each way, and all its points too.
fn is_narrow(cell: Cell, pieces: &Pieces) -> bool {
    let (mx, my) = cell.middle();
    let fits = |at: i32, middle: i64| i16::try_from(i64::from(at) - middle).is_ok();
    let mut vertices = pieces.all().iter().flat_map(|piece| &piece.vertices);
    cell.kx.max(cell.ky) <= 16 && vertices.all(|v| fits(v.x, mx) && fits(v.y, my))
}

#[expect(clippy::cast_possible_truncation, reason = "only what fits is narrow")]
fn near(at: i32, middle: i64) -> i16 {
    (i64::from(at) - middle) as i16
}

fn write<T: Step, const N: usize>(
    lines: &mut Vec<Line<T, N>>,
    pieces: &Pieces,
    seen: impl Fn(LatticePoint) -> (T, T),
) -> Leaf {
    let first = lines.len();
    for piece in pieces.all() {
        let vertices: Vec<(T, T)> = piece.vertices.iter().map(|v| seen(*v)).collect();
        let mut rest = vertices.as_slice();
        while rest.len() > 1 {
            let n = rest.len().min(N);
            let base = if lines.len() == first { pieces.base() } else { 0 };
            lines.push(Line::new(base, piece.across, &rest[..n]));
            // The next line begins where this one ends.
            rest = &rest[n - 1..];
        }
    }
    Leaf { first, n: lines.len() - first }
}

fn again<L: Copy>(lines: &mut Vec<L>, from: &[L], leaf: Leaf) -> Leaf {
    let first = lines.len();
    lines.extend_from_slice(&from[leaf.first..leaf.first + leaf.n]);
    Leaf { first, n: leaf.n }
}
