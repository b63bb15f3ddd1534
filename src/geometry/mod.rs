//! Valid shapes and what can be asked of them.
//!
//! Everything here is pure: no files, no clock, no database. Positions are what people give ([`Position`], degrees in
//! EPSG:4326); vertices of boundaries are points of a fixed integer lattice ([`LatticePoint`]), so every question about
//! sides, edges and equality has one exact answer.

pub mod boundary;
pub mod coverage;
pub mod crs;
pub mod exchange;
pub mod lattice;
pub mod measure;
mod meets;
pub mod merge;
pub mod position;
pub mod tile;

pub use boundary::{Boundary, Polygon, Ring, Side};
pub use lattice::LatticePoint;
pub use position::{Bbox, Position, PositionError};
