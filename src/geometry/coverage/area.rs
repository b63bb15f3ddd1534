//! Areas that can be put together: those whose rings are valid.

use std::sync::Arc;

use crate::geometry::Boundary;

/// The number of an area: its place in the slice the topology is built from.
pub type AreaIndex = u32;

/// One area of the tree. Parents come before their children in the slice.
#[derive(Clone, Debug)]
pub struct ValidArea {
    /// The depth of its level; 0 is the top.
    pub depth: u8,
    /// The area it lies in; may be more than one level above it.
    pub parent: Option<AreaIndex>,
    pub boundary: Arc<Boundary>,
}
