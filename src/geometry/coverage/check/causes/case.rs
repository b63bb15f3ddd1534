//! What causes are read from.

use crate::geometry::LatticePoint;
use crate::geometry::coverage::check::faces::Faces;
use crate::geometry::coverage::check::tree::Tree;
use crate::geometry::coverage::{RawArea, Rules};

/// Everything a cause is read from.
pub(in crate::geometry::coverage::check) struct Case<'a> {
    pub(in crate::geometry::coverage::check) areas: &'a [RawArea],
    pub(in crate::geometry::coverage::check) rules: &'a Rules,
    pub(in crate::geometry::coverage::check) tree: &'a Tree<'a>,
    /// The edges where each area's own rings cross.
    pub(in crate::geometry::coverage::check) crossed: &'a [&'a [(LatticePoint, LatticePoint)]],
    pub(in crate::geometry::coverage::check) found: &'a Faces,
}
