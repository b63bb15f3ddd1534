//! GeoJSON (RFC 7946) in and out.
//!
//! Reading goes feature by feature: `scan` cuts the text of one feature out of a file of any length, `parse` makes the types
//! of the crate `geojson` of it, and `read` a [`super::Record`]; where a text cannot be read, `faults` names everything that is
//! wrong by its place. Writing prints straight from the lattice integers of a boundary: no doubles, no trailing zeros, the
//! same bytes every time.

mod faults;
mod frame;
mod parse;
mod read;
mod scan;
mod write;

pub(super) use frame::check_frame;
pub(super) use parse::geometry;
pub use read::Features;
pub(super) use scan::{CollectionPart, Scanner};
pub use write::{Geometry, write_boundary, write_feature, write_position};

pub use super::json::write_text;
