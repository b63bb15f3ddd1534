//! Puts homes, incidents and service points into the grids of a changed ground, where it changed.
//!
//! An import that counts at once does so in its own transaction ([`within`]). Ground that was published for a later date
//! moves nobody until that day; then whoever follows the store does it ([`settle`]).

use futures::TryStreamExt;

use super::Gridmap;
use crate::domain::{Actor, Generation, GridPath};
use crate::geometry::{Bbox, Boundary, LatticePoint, Position};
use crate::index::{GridIndex, Tree};
use crate::store::{Filter, Result, Store, Transaction};

/// How many are told to the store at once.
const BATCH: usize = 5_000;

/// How many things stand in another grid than before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moved {
    households: u64,
    incidents: u64,
    service_points: u64,
}

impl Moved {
    pub(super) fn total(self) -> u64 {
        self.households + self.incidents + self.service_points
    }
}

/// Relocates what stands in the box around `touched`; all else keeps its grid.
pub(super) async fn within(
    store: &dyn Store,
    transaction: &mut dyn Transaction,
    tree: &Tree,
    touched: &[Boundary],
) -> Result<Moved> {
    match around(touched) {
        Some(bbox) => relocate(store, transaction, tree, Some(bbox)).await,
        None => Ok(Moved::default()),
    }
}

/// Relocates what stands in `bbox`, or everything.
async fn relocate(
    store: &dyn Store,
    transaction: &mut dyn Transaction,
    tree: &Tree,
    bbox: Option<Bbox>,
) -> Result<Moved> {
    let filter = || Filter { bbox, ..Filter::default() };
    let mut moved = Moved::default();

    let mut batch = Vec::new();
    let mut households = store.households(filter());
    while let Some(home) = households.try_next().await? {
        if let Some(grid) = elsewhere(tree, home.thing.position, home.thing.grid.as_ref()) {
            moved.households += 1;
            batch.push((home.thing.id, grid));
        }
        if batch.len() == BATCH {
            transaction.relocate_households(&std::mem::take(&mut batch)).await?;
        }
    }
    transaction.relocate_households(&batch).await?;

    let mut batch = Vec::new();
    let mut incidents = store.incidents(filter());
    while let Some(incident) = incidents.try_next().await? {
        if let Some(grid) = elsewhere(tree, incident.thing.position, incident.thing.grid.as_ref()) {
            moved.incidents += 1;
            batch.push((incident.thing.id, grid));
        }
        if batch.len() == BATCH {
            transaction.relocate_incidents(&std::mem::take(&mut batch)).await?;
        }
    }
    transaction.relocate_incidents(&batch).await?;

    let mut batch = Vec::new();
    let mut points = store.service_points(filter());
    while let Some(point) = points.try_next().await? {
        if let Some(grid) = elsewhere(tree, point.thing.position, point.thing.grid.as_ref()) {
            moved.service_points += 1;
            batch.push((point.thing.id, grid));
        }
    }
    transaction.relocate_service_points(&batch).await?;
    Ok(moved)
}

/// Relocates everything onto the ground in force, if that was published before it counted. Returns how many moved.
///
/// Done twice, or by several servers, the second finds nothing to move and makes no revision. Cost: one pass over all
/// that is stored.
pub(super) async fn settle(gridmap: &Gridmap) -> Result<u64> {
    let Some(snapshot) = gridmap.snapshot() else { return Ok(0) };
    let Generation { recorded, in_force, .. } = *snapshot.generation();
    if in_force <= recorded {
        return Ok(0);
    }
    let mut transaction = gridmap.store().begin(&Actor::SYSTEM, "the ground of a new day").await?;
    let moved = relocate(gridmap.store().as_ref(), &mut *transaction, snapshot.tree(), None).await?;
    transaction.commit().await?;
    Ok(moved.total())
}

/// The path from the top of the tree down to `owner`.
pub(super) fn grid_path(tree: &Tree, owner: Option<GridIndex>) -> Option<GridPath> {
    GridPath::new(tree.path(owner?).into_iter().map(|ix| tree.grid(ix).id.clone()).collect())
}

/// The grid of `position`, if it is not the one it had.
#[expect(clippy::option_option, reason = "outside every grid is a place too")]
fn elsewhere(tree: &Tree, position: Position, before: Option<&GridPath>) -> Option<Option<GridPath>> {
    let grid = grid_path(tree, tree.owner(LatticePoint::from(position)));
    (grid.as_ref() != before).then_some(grid)
}

fn around(boundaries: &[Boundary]) -> Option<Bbox> {
    boundaries.iter().map(Boundary::bbox).reduce(|a, b| Bbox {
        west: a.west.min(b.west),
        south: a.south.min(b.south),
        east: a.east.max(b.east),
        north: a.north.max(b.north),
    })
}
