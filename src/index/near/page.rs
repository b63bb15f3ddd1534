//! A page: 32 by 32 cells, each with the few pieces that can be nearest to a point in it.

use std::collections::HashMap;

use super::piece::Piece;
use super::raster::PAGE_CELLS;
use crate::geometry::LatticePoint;

/// How many pieces a cell has place for.
pub(super) const FEW: usize = 4;
/// No piece; in the first place, that the list is a long one.
const NONE: u8 = u8::MAX;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Page {
    /// The numbers of pieces, then [`NONE`]; or that and where in `long` the list is, low digits first.
    cells: [[u8; FEW]; PAGE_CELLS],
    /// Lists that no cell has place for: how many, and these.
    long: Vec<u16>,
    /// In the order of their lines.
    pub(super) pieces: Vec<Piece>,
    /// The vertices of pieces that are not exact themselves.
    exact: Vec<LatticePoint>,
    /// The lengths of a step east and north in the middle, metres.
    pub(super) scale: (f32, f32),
    /// How much longer or shorter they can be elsewhere in the page, as a share of them.
    pub(super) slack: f32,
}

/// The pieces of a cell.
#[derive(Clone, Copy, Debug)]
pub(super) enum List<'l> {
    Few([u8; FEW], usize),
    Many(&'l [u16]),
}

impl Page {
    /// One that knows nothing.
    pub(super) fn empty() -> Self {
        let cells = [[NONE; FEW]; PAGE_CELLS];
        Self { cells, long: Vec::new(), pieces: Vec::new(), exact: Vec::new(), scale: (0.0, 0.0), slack: 0.0 }
    }

    /// All pieces that can be nearest to a point of the cell.
    #[inline]
    pub(super) fn list(&self, cell: usize) -> List<'_> {
        let cell = self.cells[cell];
        if cell[0] == NONE {
            let [_, low, middle, high] = cell;
            return List::Many(self.long(u32::from_le_bytes([low, middle, high, 0]) as usize));
        }
        List::Few(cell, cell.iter().map(|id| usize::from(*id != NONE)).sum())
    }

    fn long(&self, at: usize) -> &[u16] {
        self.long.get(at).map_or(&[], |n| &self.long[at + 1..=at + usize::from(*n)])
    }

    /// The ends of an edge of a piece, exactly.
    #[inline]
    pub(super) fn edge(&self, piece: &Piece, edge: usize) -> (LatticePoint, LatticePoint) {
        if piece.is_exact() {
            return piece.edge(edge);
        }
        let at = piece.exact as usize + edge;
        (self.exact[at], self.exact[at + 1])
    }

    /// Bytes on the heap and in the page itself.
    pub(super) fn n_bytes(&self) -> usize {
        let lists = size_of_val(&*self.long) + size_of_val(&*self.exact);
        size_of::<Self>() + size_of_val(&*self.pieces) + lists
    }
}

/// The lists of a page before they are written.
pub(super) struct Record {
    pub(super) lists: Vec<Vec<u32>>,
    pub(super) of_cells: [u16; PAGE_CELLS],
}

impl Record {
    /// Writes the page of lists with `n` pieces, of which only those in a list are kept. Without any where these are too
    /// many to be told apart.
    pub(super) fn page<'v>(self, n: u32, piece: impl Fn(u32) -> (Piece, &'v [LatticePoint])) -> Page {
        let mut numbers = vec![None; n as usize];
        for id in self.lists.iter().flatten() {
            numbers[*id as usize] = Some(0);
        }
        let mut page = Page::empty();
        for (id, number) in (0..n).zip(&mut numbers).filter(|(_, number)| number.is_some()) {
            let Ok(next) = u16::try_from(page.pieces.len()) else { return Page::empty() };
            *number = Some(next);
            page.put(piece(id));
        }
        let number = |id: &u32| numbers[*id as usize].expect("it is in a list");
        let mut long: HashMap<Vec<u16>, usize> = HashMap::new();
        let mut cells = Vec::with_capacity(self.lists.len());
        for list in &self.lists {
            let list: Vec<u16> = list.iter().map(number).collect();
            let Some(cell) = short(&list).or_else(|| {
                let at = *long.entry(list.clone()).or_insert(page.long.len());
                if at == page.long.len() {
                    page.long.push(u16::try_from(list.len()).ok()?);
                    page.long.extend_from_slice(&list);
                }
                let [low, middle, high, none] = u32::try_from(at).ok()?.to_le_bytes();
                (none == 0).then_some([NONE, low, middle, high])
            }) else {
                return Page::empty();
            };
            cells.push(cell);
        }
        for (cell, list) in page.cells.iter_mut().zip(self.of_cells) {
            *cell = cells[usize::from(list)];
        }
        page.long.shrink_to_fit();
        page.pieces.shrink_to_fit();
        page.exact.shrink_to_fit();
        page
    }
}

impl Page {
    fn put(&mut self, (mut piece, run): (Piece, &[LatticePoint])) {
        if !piece.is_exact() {
            piece.exact = u32::try_from(self.exact.len()).expect("nine for each of fewer than 2^16 pieces");
            self.exact.extend((0..super::piece::VERTICES).map(|at| run[at.min(run.len() - 1)]));
        }
        self.pieces.push(piece);
    }
}

/// As a cell that has place for the list.
fn short(list: &[u16]) -> Option<[u8; FEW]> {
    let mut cell = [NONE; FEW];
    if list.len() > FEW {
        return None;
    }
    for (place, id) in cell.iter_mut().zip(list) {
        *place = u8::try_from(*id).ok().filter(|id| *id != NONE)?;
    }
    Some(cell)
}
