//! GeoJSON (RFC 7946) in and out.
//!
//! Reading goes feature by feature: `scan` cuts the text of one feature out of a file of any length, `read` turns it
//! into a [`super::Record`]. Writing prints straight from the lattice integers of a boundary: no doubles, no trailing
//! zeros, the same bytes every time.

mod read;
mod scan;
mod write;

pub use read::Features;
pub(super) use read::{check_frame, shape};
pub(super) use scan::{Piece, Scanner};
pub use write::{Geometry, write_boundary, write_feature, write_position, write_text};
