//! A grid: one piece of ground at one level of the tree.

use super::Id;
use crate::geometry::Boundary;

/// The stable identifier of a grid; a code may be given anew one day, an id is not.
pub type GridId = Id<Grid>;

/// How deep a level lies in its region's ladder: 0 is the top (the county).
pub type Depth = u8;

/// One grid as it is in one generation.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub id: GridId,
    /// The official code; unique in its generation.
    pub code: String,
    /// Groups often have none.
    pub name: Option<String>,
    pub depth: Depth,
    /// `None` only at the top of the tree. May skip a level where the region lacks one.
    pub parent: Option<GridId>,
    pub boundary: Boundary,
}

/// The way from the top of the tree down to one grid; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GridPath(Vec<GridId>);

impl GridPath {
    /// Returns the path through `ids`, top first, or `None` when there are none.
    #[must_use]
    pub fn new(ids: Vec<GridId>) -> Option<Self> {
        (!ids.is_empty()).then_some(Self(ids))
    }

    /// The deepest grid on the path.
    #[must_use]
    pub fn leaf(&self) -> &GridId {
        self.0.last().expect("a path is never empty")
    }

    /// Tells whether the way leads through the end of `above`, or ends there.
    #[must_use]
    pub fn is_within(&self, above: &Self) -> bool {
        self.0.starts_with(&above.0)
    }

    /// From the top down.
    #[must_use]
    pub fn ids(&self) -> &[GridId] {
        &self.0
    }
}
