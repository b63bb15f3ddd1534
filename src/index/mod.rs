//! "What covers this point", answered from one immutable revision in memory.
//!
//! ```text
//! Published ─ current() ─> Arc<Snapshot> ─┬─ Tree ─┬─ Hierarchy: grids of all levels in preorder, by id, by code
//!  (arc-swap: readers never wait)         │        └─ Locator: cells (owner), near lists (edge, neighbour), boxes (radius)
//!                                         ├─ Roster ─ who answers where: duties by grid and role, polygons of their own
//!                                         └─ households per grid, region, generation, revision
//! ```
//! A snapshot is built from domain parts and never changes; the parts that stay the same from one revision to the next
//! are shared between snapshots. A tree of the next generation is [patched](Tree::patched) from the one before, where
//! few grids differ. Start with [`Snapshot`], then [`tree::Tree::owner`] for the edge rule.

mod boxes;
pub mod cells;
mod entry;
mod hierarchy;
mod locator;
pub mod names;
mod near;
mod outline;
mod patch;
pub mod projection;
pub mod published;
pub mod roster;
mod shared_vec;
pub mod snapshot;
mod stretches;
pub mod tile_geometry;
pub mod tree;

pub use entry::{GridEntry, GridIndex, TreeError};
pub use published::Published;
pub use roster::{Assignment, Directory, Roster};
pub(crate) use shared_vec::SharedVec;
pub use snapshot::Snapshot;
pub use tile_geometry::TileGeometry;
pub use tree::{Edge, Tree};
