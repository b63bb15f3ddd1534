//! The cell index: who owns a point, at the speed of memory.
//!
//! ```text
//! flat raster, about 16 cells per grid          a cell is one word
//! ┌──┬──┬──┬──┐   one owner all over            the answer itself: most points end here
//! │A │A/│B │B │   a boundary passes             a leaf: 1 to 4 lines of 64 bytes, whole edges of up to 13 vertices each
//! │A │/B│B │B │   crowded                       a node of 4 x 4 words in 64 bytes, and so on below
//! └──┴──┴──┴──┘
//! ```
//! No polygon is ever tested. A ray runs from the point to the east; its end has a known owner, and every edge it
//! crosses changes that by `left XOR right`. Each crossing is one exact integer product, and a point on an edge is nudged
//! east, then north, exactly as [`Boundary::owns`](crate::geometry::Boundary::owns) does, so the owner is unique
//! everywhere. That holds for any partition of the plane: exclaves, holes and gaps (nobody) included.
//!
//! Root cells lie in pages that never change; an edit writes the pages it touches anew and shares the others.
//! Start with [`CellIndex::owner`]; `pieces` explains the leaf, `line` its bytes.

mod batch;
mod build;
mod builder;
mod edges;
mod frame;
mod line;
mod page;
mod pieces;
mod raster;

use std::sync::Arc;

pub use edges::Edges;
pub(super) use frame::Frame;
use page::CellPage;

use super::shared_vec::SharedVec;
use crate::geometry::LatticePoint;

/// The number of whoever owns ground: below a thousand million.
pub type Owner = u32;

/// Who owns each point of the plane, as one immutable value; cheap to clone.
///
/// Two indexes over the same raster are equal exactly when they answer alike from the same edges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellIndex {
    frame: Frame,
    pages: SharedVec<Arc<CellPage>>,
}

impl CellIndex {
    /// Returns the owner of `p`, or `None` where nobody owns it, as on the outer border where the nudge leads outside.
    ///
    /// Cost: one to three cache lines, and about one exact product for every point near an edge.
    #[must_use]
    pub fn owner(&self, p: LatticePoint) -> Option<Owner> {
        edges::grid(self.code(p))
    }

    /// Where the cells lie.
    pub(super) fn frame(&self) -> &Frame {
        &self.frame
    }

    #[inline]
    fn code(&self, p: LatticePoint) -> u32 {
        let Some(offset) = self.frame.offset(p) else { return 0 };
        let (page, slot) = self.frame.place(offset);
        let page = self.pages.get(page);
        page.owner(page.root[slot], p, offset, (self.frame.kx, self.frame.ky))
    }

    /// Bytes in memory.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        self.pages.iter().map(|page| page.n_bytes() + size_of::<Arc<CellPage>>()).sum::<usize>() + size_of::<Self>()
    }
}
