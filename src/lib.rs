//! gridmap: who answers for this point.

pub mod domain;
pub mod geometry;
pub mod store;
