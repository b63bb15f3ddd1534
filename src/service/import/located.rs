//! Imports what has a place: households, service points, incidents. The ground says in which grid.

use std::collections::HashSet;
use std::sync::Arc;

use super::people::{dangling, known_holders};
use super::put::{OnEdited, commit, put_staged};
use super::report::{Counted, Disagreement, ImportReport, Outcome, Total};
use super::stream::{Reading, Seen};
use super::{ImportError, Source, begin, may_import, show};
use crate::domain::{GridPath, HolderId, Household, Incident, Noun, ServicePoint};
use crate::format::{Place, household, incident, service_point};
use crate::geometry::Position;
use crate::index::{Snapshot, Tree};
use crate::service::collections::CollectionItem;
use crate::service::relocate::Grounds;
use crate::service::{Caller, Gridmap};
use crate::store::table::Row;
use crate::store::{Placed, Record, Result as StoreResult, Transaction};

/// Imports households. `totals` are the households that a source of grids states, by code: they are compared with the
/// households that lie there afterwards.
///
/// # Errors
/// When nothing could be tried; what is wrong with the file is in the report.
pub async fn households(
    caller: &Caller<'_>,
    source: Source,
    totals: &[(String, u32)],
) -> Result<ImportReport, ImportError> {
    let gridmap = may_import(caller, Noun::Households)?;
    let parse =
        |record: &_, source: &super::stream::SourceSettings| household::parse(record, &source.mapping, &source.frame);
    let (report, on_edited) = (begin(&source, Noun::Households), source.on_edited);
    let reading = Reading::start(source, &household::FIELDS, household::NOUN, parse)?;
    let mut report = store::<Household>(caller, report, reading, on_edited).await?;
    if matches!(report.outcome, Outcome::Stored { .. }) && !totals.is_empty() {
        compare(&*gridmap.newest().await?, totals, &mut report);
    }
    Ok(report)
}

/// Imports service points.
///
/// # Errors
/// Like [`households`].
pub async fn service_points(caller: &Caller<'_>, source: Source) -> Result<ImportReport, ImportError> {
    let gridmap = may_import(caller, Noun::ServicePoints)?;
    let snapshot = gridmap.newest().await?;
    let region = Arc::clone(snapshot.region());
    let parse = move |record: &_, source: &super::stream::SourceSettings| {
        service_point::parse(record, &source.mapping, &source.frame, &region)
    };
    let (report, on_edited) = (begin(&source, Noun::ServicePoints), source.on_edited);
    let reading = Reading::start(source, &service_point::FIELDS, service_point::NOUN, parse)?;
    store::<ServicePoint>(caller, report, reading, on_edited).await
}

/// Imports incidents.
///
/// # Errors
/// Like [`households`].
pub async fn incidents(caller: &Caller<'_>, source: Source) -> Result<ImportReport, ImportError> {
    let gridmap = may_import(caller, Noun::Incidents)?;
    let snapshot = gridmap.newest().await?;
    let region = Arc::clone(snapshot.region());
    let parse = move |record: &_, source: &super::stream::SourceSettings| {
        incident::parse(record, &source.mapping, &source.frame, &region)
    };
    let (report, on_edited) = (begin(&source, Noun::Incidents), source.on_edited);
    let reading = Reading::start(source, &incident::FIELDS, incident::NOUN, parse)?;
    store::<Incident>(caller, report, reading, on_edited).await
}

/// Something with a position, whose grid is derived.
trait Located: Record + CollectionItem {
    fn position(&self) -> Position;
    fn stated_grid(&self) -> Option<&str>;
    fn set_grid(&mut self, grid: Option<GridPath>);

    /// The holders who did something about it.
    fn holders(&self) -> Vec<&HolderId> {
        Vec::new()
    }
}

/// Reads, checks and locates the whole file and sets it aside, then puts all of it in one transaction, if all of it was good.
/// Others write meanwhile; they wait only while SQLite has that transaction open, on PostgreSQL for its commit.
async fn store<T: Located>(
    caller: &Caller<'_>,
    mut report: ImportReport,
    mut reading: Reading<T>,
    on_edited: OnEdited,
) -> Result<ImportReport, ImportError> {
    let mut seen = Seen::default();
    let gridmap = caller.gridmap();
    let snapshot = gridmap.newest().await?;
    let grounds = gridmap.grounds(&snapshot).await?;
    let mut known = None;
    let mut stage = gridmap.store().stage(T::TABLE).await?;
    let mut n_staged = 0;
    while let Some(things) = reading.next(&mut report).await {
        let mut located = Vec::with_capacity(things.len());
        if known.is_none() && things.iter().any(|(_, thing)| !thing.holders().is_empty()) {
            known = Some(known_holders(gridmap).await?);
        }
        for (place, mut thing) in things {
            if let Some(fault) = seen.note(Record::id(&thing), place) {
                report.refuse([fault]);
                continue;
            }
            if let Some(unknown) = known.as_ref().and_then(|known| unknown_holder(&thing, known)) {
                report.refuse([dangling(place, "steps", "holder", unknown.as_str())]);
                continue;
            }
            locate(&mut thing, place, snapshot.tree(), &mut report);
            show(caller, place, &thing, &mut report)?;
            located.push(thing);
        }
        if report.is_understood() {
            let rows: Vec<Row<'_>> = located.iter().map(Row::of).collect();
            stage.add(&rows).await?;
            n_staged += rows.len() as u64;
        }
    }
    if !report.is_understood() {
        return Ok(report);
    }
    let mut transaction = caller.begin_staged(stage, &format!("import of {}", T::TABLE.noun)).await?;
    transaction.reserve(T::TABLE.noun).await?;
    put_staged(&mut *transaction, n_staged, on_edited, &mut report).await?;
    if grounds.is_waiting() {
        put_on::<T>(&mut *transaction, &grounds).await?;
    }
    if report.is_good() {
        still_on::<T>(gridmap, &mut *transaction, &grounds).await?;
    }
    commit(gridmap, transaction, &mut report).await?;
    Ok(report)
}

/// Holds the region, and puts on the new ground what was located on another that has gone meanwhile.
async fn still_on<T: Located>(
    gridmap: &Gridmap,
    transaction: &mut dyn Transaction,
    grounds: &Grounds,
) -> Result<(), ImportError> {
    transaction.hold().await?;
    if !grounds.known().is_still(transaction.ground().await?) {
        gridmap.reread().await?;
        let snapshot = gridmap.snapshot().ok_or(ImportError::NoGround)?;
        put_on::<T>(transaction, &gridmap.grounds(&snapshot).await?).await?;
    }
    Ok(())
}

/// Moves what was put to the grids of these grounds, and keeps what generations that wait will make of it.
async fn put_on<T: Located>(transaction: &mut dyn Transaction, grounds: &Grounds) -> StoreResult<()> {
    let mut after = String::new();
    loop {
        let things = transaction.placed_staged(&after).await?;
        let Some(last) = things.last() else { return Ok(()) };
        after.clone_from(&last.id);
        let moved = |thing: &Placed| (thing.id.clone(), grounds.grid(thing.position));
        let is_elsewhere = |thing: &&Placed| grounds.grid(thing.position) != thing.grid;
        let moved: Vec<_> = things.iter().filter(is_elsewhere).map(moved).collect();
        transaction.relocate_records(T::TABLE.noun, &moved).await?;
        let ids: Vec<&str> = things.iter().map(|thing| thing.id.as_str()).collect();
        let pending: Vec<_> = things.iter().flat_map(|thing| grounds.pending(&thing.id, thing.position)).collect();
        transaction.put_pending(T::TABLE.noun, &ids, &pending).await?;
    }
}

/// The first holder that a thing names and nobody knows.
fn unknown_holder<'t>(thing: &'t impl Located, known: &HashSet<HolderId>) -> Option<&'t HolderId> {
    thing.holders().into_iter().find(|id| !known.contains(*id))
}

/// Derives the grid of a thing, and notes where its source says otherwise.
fn locate<T: Located>(thing: &mut T, place: Place, tree: &Tree, report: &mut ImportReport) {
    let owner = tree.owner(tree.point(thing.position()));
    let path = owner.map(|ix| tree.path(ix)).unwrap_or_default();
    if owner.is_none() {
        report.outside.push(place);
    }
    if let Some(stated) = thing.stated_grid().filter(|code| !path.iter().any(|&ix| tree.grid(ix).code == *code)) {
        report.disagreeing.push(Disagreement {
            place,
            stated: stated.to_owned(),
            is_known: tree.by_code(stated).is_some(),
            found: owner.map(|ix| tree.grid(ix).code.clone()),
        });
    }
    thing.set_grid(owner.map(|ix| tree.grid_path(ix)));
}

/// Compares stated totals with the households that lie in each grid.
pub(super) fn compare(snapshot: &Snapshot, totals: &[(String, u32)], report: &mut ImportReport) {
    for (code, stated) in totals {
        let counted = snapshot.by_code(code).and_then(|ix| snapshot.n_households(ix)).unwrap_or(0);
        let stated = u64::from(*stated);
        if counted != stated {
            report.totals.push(Total { code: code.clone(), stated, counted, of: Counted::Households });
        }
    }
}

/// What has a place is described alike: its id, its place, the grid stated and the grid found.
macro_rules! located {
    ($thing:ident $($more:item)?) => {
        impl Located for $thing {
            fn position(&self) -> Position {
                self.position
            }

            fn stated_grid(&self) -> Option<&str> {
                self.stated_grid.as_deref()
            }

            fn set_grid(&mut self, grid: Option<GridPath>) {
                self.grid = grid;
            }

            $($more)?
        }
    };
}

located!(Household);
located!(ServicePoint);
located!(Incident
    fn holders(&self) -> Vec<&HolderId> {
        self.steps.iter().filter_map(|step| step.by.as_ref()).collect()
    }
);
