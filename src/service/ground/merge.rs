//! A change merged into a later state of the ground, grid by grid and field by field.
//!
//! Three states of each grid are compared: the one the change was made on, the changed one, and the later one. What only one
//! side changed is taken from that side; what both changed in the same way is as both say; anything else is a conflict.

use std::sync::Arc;

use super::state::GroundState;
use crate::domain::Grid;
use crate::geometry::coverage::Finding;
use crate::geometry::merge::{merged, same_ground};
use crate::geometry::{LatticePoint, Position};

/// One field of one grid that two changes would have otherwise.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::service) struct Clash {
    pub(in crate::service) code: String,
    pub(in crate::service) field: &'static str,
    pub(in crate::service) at: Option<Position>,
    pub(in crate::service) what: String,
}

impl From<&Finding> for Clash {
    /// What the checker finds where changes are put together.
    fn from(finding: &Finding) -> Self {
        let (code, what) = (finding.codes.join(", "), finding.message());
        Self { code, field: "ground", at: finding.at, what }
    }
}

/// Returns `theirs` with what makes `ours` of `base`, or every field in which that cannot be.
pub(in crate::service) fn merge(
    base: &GroundState,
    ours: &GroundState,
    theirs: &GroundState,
) -> Result<GroundState, Vec<Clash>> {
    let change = base.difference(ours);
    let (mut state, mut clashes) = (theirs.clone(), Vec::new());
    for new in &change.put {
        match (base.get(&new.id), theirs.get(&new.id)) {
            (None, None) => state.put(Arc::clone(new)),
            (Some(old), Some(later)) => state.put(Arc::new(merge_grid(Some(old), new, later, &mut clashes))),
            (None, Some(later)) => state.put(Arc::new(merge_grid(None, new, later, &mut clashes))),
            (Some(old), None) if !is_other(old, new) => {}
            (Some(old), None) => clashes.push(removed(old, "it is changed by the one and removed by the other")),
        }
    }
    for id in &change.removed {
        let Some(old) = base.get(id) else { continue };
        match theirs.get(id) {
            Some(later) if is_other(old, later) => {
                clashes.push(removed(old, "it is removed by the one and changed by the other"));
            }
            Some(_) => state.remove(id),
            None => {}
        }
    }
    if clashes.is_empty() { Ok(state) } else { Err(clashes) }
}

fn removed(grid: &Grid, what: &str) -> Clash {
    let at = Some(grid.boundary.point_inside().position());
    Clash { code: grid.code.clone(), field: "grid", at, what: what.to_owned() }
}

/// Tells whether more than vertices on straight edges was changed.
fn is_other(before: &Grid, after: &Grid) -> bool {
    before.code != after.code
        || before.name != after.name
        || before.depth != after.depth
        || before.parent != after.parent
        || !same_ground(&before.boundary, &after.boundary)
}

fn merge_grid(base: Option<&Arc<Grid>>, ours: &Grid, theirs: &Grid, clashes: &mut Vec<Clash>) -> Grid {
    let base = base.map(Arc::as_ref);
    let mut grid = theirs.clone();
    let mut clash = |field, at, what| clashes.push(Clash { code: theirs.code.clone(), field, at, what });
    let inside = || Some(theirs.boundary.point_inside().position());
    let either = |one: String, other: String| format!("{one} in the one, {other} in the other");
    match field(base.map(|b| &b.code), &ours.code, &theirs.code) {
        Some(code) => grid.code.clone_from(code),
        None => clash("code", inside(), either(ours.code.clone(), theirs.code.clone())),
    }
    match field(base.map(|b| &b.name), &ours.name, &theirs.name) {
        Some(name) => grid.name.clone_from(name),
        None => clash("name", inside(), either(text(ours.name.as_ref()), text(theirs.name.as_ref()))),
    }
    match field(base.map(|b| &b.depth), &ours.depth, &theirs.depth) {
        Some(depth) => grid.depth = *depth,
        None => clash("level", inside(), either(ours.depth.to_string(), theirs.depth.to_string())),
    }
    match field(base.map(|b| &b.parent), &ours.parent, &theirs.parent) {
        Some(parent) => grid.parent.clone_from(parent),
        None => clash("parent", inside(), either(text(ours.parent.as_ref()), text(theirs.parent.as_ref()))),
    }
    let boundary = match base {
        Some(base) => merged(&base.boundary, &ours.boundary, &theirs.boundary),
        None => same_ground(&ours.boundary, &theirs.boundary).then(|| theirs.boundary.clone()),
    };
    if let Some(boundary) = boundary {
        grid.boundary = boundary;
    } else {
        let at = first_differing(ours, theirs).map(LatticePoint::position);
        clash("boundary", at, "both draw it anew in the same place, in different ways".to_owned());
    }
    grid
}

/// What both sides make of a value, `None` when they differ in it.
fn field<'v, T: PartialEq>(base: Option<&T>, ours: &'v T, theirs: &'v T) -> Option<&'v T> {
    match base {
        _ if ours == theirs => Some(theirs),
        Some(base) if base == ours => Some(theirs),
        Some(base) if base == theirs => Some(ours),
        _ => None,
    }
}

fn text(value: Option<&impl std::fmt::Display>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| format!("\"{value}\""))
}

/// A vertex that only one of them has.
fn first_differing(ours: &Grid, theirs: &Grid) -> Option<LatticePoint> {
    let of = |grid: &Grid| -> std::collections::BTreeSet<LatticePoint> {
        grid.boundary.rings().flat_map(|ring| ring.vertices().to_vec()).collect()
    };
    of(ours).symmetric_difference(&of(theirs)).next().copied()
}
