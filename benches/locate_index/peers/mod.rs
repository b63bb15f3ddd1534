//! What the cell index is measured against, all in this process and over the same boundaries and points.

pub mod floor;
#[cfg(feature = "bench-peers")]
pub mod geos;
pub mod rstar_edges;
pub mod rstar_geo;
#[cfg(feature = "bench-peers")]
pub mod sqlite;
