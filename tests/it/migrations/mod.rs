//! A county stored by each earlier program is the same county in this one.
//!
//! The schema of back then is made by its own migrations, filled by plain SQL as programs wrote it then, and opened.

mod data;

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use gridmap::domain::{
    Actor, DutyArea, GridPath, Household, IncidentKind, Noun, Parts, Personal, Revision, Status, StepKind, Which,
};
use gridmap::geometry::LatticePoint;
use gridmap::index::Snapshot;
use gridmap::service::Gridmap;
use gridmap::store::{self, Filter, Record as _, Store};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqlSafeStr, SqliteConnection};

use crate::backends::Database;
use crate::store_contract::made::{all, at, id, instant};

/// The schemas that programs of before wrote with the statements in [`data`].
const EARLIER: RangeInclusive<i64> = 1..=4;

/// Those since, into which such a county came by migrations before a program of then wrote on.
const LATER: RangeInclusive<i64> = 5..=9;

#[test]
fn a_county_stored_by_an_earlier_program_is_read_as_it_was() {
    for version in EARLIER {
        for database in [Database::sqlite(), Database::postgres()] {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                fill(&database, version).await;
                check(&*store::open(&database.url).await.unwrap(), version).await;
                check_ground(&database, "2024-06-01T00:00:00Z", "A2", "B2").await;
            });
        }
    }
}

#[test]
fn what_a_program_of_each_later_schema_stored_is_read_as_it_was() {
    for version in LATER {
        for database in [Database::sqlite(), Database::postgres()] {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                fill(&database, *EARLIER.end()).await;
                migrate(&database, version, data::later(version, database.is_sqlite())).await;
                check_later(&*store::open(&database.url).await.unwrap(), version).await;
                let gridmap = Gridmap::open(database.open().await, Arc::new(instant("2024-06-01T00:00:00Z"))).await;
                let (gridmap, a1) = (gridmap.unwrap(), LatticePoint::new(100_000, 100_000));
                let snapshot = gridmap.snapshot().unwrap();
                assert_eq!(snapshot.n_households(snapshot.tree().owner(a1).unwrap()), Some(2), "{version}");
            });
        }
    }
}

async fn check_later(store: &dyn Store, version: i64) {
    let homes = all(store.households(Filter::default())).await;
    let ids: Vec<_> = homes.iter().map(|home| home.thing.id.as_str()).collect();
    assert_eq!(ids, ["H1", "H2", "H3", "H4"], "{version}");
    let incidents = all(store.incidents(Filter::default())).await;
    assert_eq!(incidents.iter().map(|one| one.thing.steps.len()).collect::<Vec<_>>(), [4, 1], "{version}");
    let step = store.steps("D2").await.unwrap().remove(0);
    assert_eq!((step.number, step.step.kind, step.step.at), (1, StepKind::Receive, instant("2024-04-01T08:00:00Z")));
    let actor = |name: &'static str| Actor::new(name).unwrap();
    assert_eq!(step.actor, (version >= 8).then(|| actor("clerk-7")), "{version}");
    assert_eq!(step.recorded, (version >= 8).then(|| instant("2024-04-01T08:01:00Z")), "{version}");

    let changes = store.changes(Revision(7), 10).await.unwrap();
    let told: Vec<_> =
        changes.iter().map(|change| (change.revision.0, change.noun, change.which.n_changed())).collect();
    assert_eq!(told, [(8, Noun::Households, 1), (9, Noun::Incidents, 1)], "{version}");
    let named = Which::Few(vec![("H4".to_owned(), GridPath::new(vec![id("A"), id("A1")]))]);
    assert_eq!(changes[0].which == named, version >= 6, "{version}: {changes:?}");
    let journal = store.journal(Revision(0), 10).await.unwrap();
    let told: Vec<_> = journal.iter().map(|entry| (entry.revision.0, entry.actor.clone(), &*entry.reason)).collect();
    let expected = (version >= 6).then(|| (9, actor("clerk-7"), "a call"));
    assert_eq!(told, expected.into_iter().collect::<Vec<_>>(), "{version}");

    let mut transaction = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
    let edited = transaction.edited(Household::TABLE, &["H1", "H4"]).await.unwrap();
    assert_eq!(edited, if version >= 7 { vec!["H4"] } else { Vec::new() }, "{version}");
    let parts = store.parts().await.unwrap();
    let expected = Parts { settled: parts.settled, committed_at: parts.committed_at, ..Parts::all_at(Revision(9)) };
    // Since 9 the feed raises its part alone; what was there before that may have changed last with any.
    let by_part = Parts { ground: Revision(7), people: Revision(7), households: Revision(8), ..expected };
    assert_eq!(parts, if version >= 9 { by_part } else { expected }, "{version}");
}

/// Makes the schema of `version` and puts a county into it.
async fn fill(database: &Database, version: i64) {
    let data = if database.is_sqlite() { data::sqlite() } else { data::postgres() };
    migrate(database, version, data).await;
}

/// Brings the schema up to `version` and runs statements on it.
async fn migrate(database: &Database, version: i64, data: String) {
    let folder = if database.is_sqlite() { "sqlite" } else { "postgres" };
    let migrator = Migrator::with_migrations(migrations(folder, version));
    let data = AssertSqlSafe(data);
    if database.is_sqlite() {
        let mut connection = SqliteConnection::connect(&format!("{}?mode=rwc", database.url)).await.unwrap();
        migrator.run_direct(None, &mut connection, false).await.unwrap();
        sqlx::raw_sql(data).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        migrator.run_direct(None, &mut connection, false).await.unwrap();
        sqlx::raw_sql(data).execute(&mut connection).await.unwrap();
    }
}

/// The migrations up to that number, as the program of then had them.
fn migrations(folder: &str, last: i64) -> Vec<Migration> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let migration = |file: &std::path::PathBuf| {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let (number, what) = name.split_once('_').unwrap();
        let sql = AssertSqlSafe(std::fs::read_to_string(file).unwrap()).into_sql_str();
        let what = std::borrow::Cow::Owned(what.to_owned());
        Migration::new(number.parse().unwrap(), what, MigrationType::Simple, sql, false)
    };
    files.iter().map(migration).filter(|migration| migration.version <= last).collect()
}

async fn check(store: &dyn Store, version: i64) {
    let region = store.region().await.unwrap().unwrap();
    assert_eq!((region.code.as_str(), region.levels.len(), region.roles.len()), ("623021", 2, 2));
    assert_eq!(region.roles[1].mediates, version < 2, "mediators mediate where a program of before roles said so");
    assert!(store.revision().await.unwrap() >= Revision(7));

    let (parts, revision) = (store.parts().await.unwrap(), store.revision().await.unwrap());
    assert_eq!(
        parts,
        Parts { settled: parts.settled, committed_at: parts.committed_at, ..Parts::all_at(revision) },
        "every part may have changed last"
    );

    let homes = all(store.households(Filter::default())).await;
    let told: Vec<_> =
        homes.iter().map(|home| (home.thing.id.as_str(), home.version.0, home.thing.n_residents)).collect();
    assert_eq!(told, [("H1", 1, Some(3)), ("H2", 4, None), ("H3", 1, Some(1))]);
    assert_eq!(homes[0].thing.address, Personal::new(Some("东环路 1 号".into())));
    assert_eq!(homes[0].thing.position, at(0.01, 0.01));
    assert_eq!(homes[2].thing.grid, None, "outside");

    let holders = all(store.holders(Filter::default())).await;
    assert_eq!(holders.len(), 2);
    assert_eq!(holders[1].thing.body, Some(id("B1")));
    let duties = all(store.duties(Filter::default())).await;
    assert!(matches!(&duties[0].thing.area, DutyArea::Grid(grid) if grid.as_str() == "A2"));
    assert!(matches!(&duties[1].thing.area, DutyArea::Polygon(own) if own.covers(LatticePoint::new(5_000, 5_000))));
    assert_eq!(duties[0].thing.categories, ["邻里"]);
    assert_eq!(all(store.service_points(Filter::default())).await[0].thing.name, "站");

    let incidents = all(store.incidents(Filter::default())).await;
    let one = &incidents[0].thing;
    assert_eq!((one.kind, one.status(), incidents[0].version.0), (IncidentKind::Dispute, Status::Resolved, 2));
    let steps: Vec<_> = one.steps.iter().map(|step| (step.kind, step.at, step.by.clone())).collect();
    let expected = [
        (StepKind::Receive, instant("2024-03-01T08:00:00Z"), None),
        (StepKind::Assign, instant("2024-03-02T08:00:00.000001Z"), Some(id("P1"))),
        (StepKind::Assign, instant("2024-03-03T08:00:00Z"), Some(id("P1"))),
        (StepKind::Resolve, instant("2024-03-04T08:00:00Z"), None),
    ];
    assert_eq!(steps, expected, "also the repeated one, and who took them");
    assert_eq!(store.count(Noun::Incidents, Filter::default()).await.unwrap(), 1);
}

/// Each past and coming ground, and what stands in it on `day`.
async fn check_ground(database: &Database, day: &str, grid: &str, name: &str) {
    let gridmap = Gridmap::open(database.open().await, Arc::new(instant(day))).await.unwrap();
    let owner = async |at: &str, x: i32| {
        let snapshot = gridmap.snapshot_at(instant(at), None).await.unwrap()?;
        let ix = snapshot.tree().owner(LatticePoint::new(x, 100_000))?;
        Some((snapshot.grid(ix).code.clone(), snapshot.grid(ix).name.clone().unwrap_or_default()))
    };
    let told = |code: &str, name: &str| Some((code.to_owned(), name.to_owned()));
    assert_eq!(owner("2023-12-31T00:00:00Z", 100_000).await, None);
    assert_eq!(owner("2024-01-15T00:00:00Z", 100_000).await, told("A1", "B1"));
    assert_eq!(owner("2024-01-15T00:00:00Z", 220_000).await, told("A2", "B2"));
    assert_eq!(owner("2024-02-15T00:00:00Z", 100_000).await, told("A1", "B1 renamed"));
    assert_eq!(owner("2024-02-15T00:00:00Z", 220_000).await, told("A1", "B1 renamed"), "the border moved");
    assert_eq!(owner("2999-01-15T00:00:00Z", 300_000).await, told("A3", "B3"), "waits for its day");
    let snapshot: Arc<Snapshot> = gridmap.snapshot().unwrap();
    let ix = snapshot.by_code(grid).unwrap();
    assert_eq!(snapshot.grid(ix).name.as_deref(), Some(name));
    assert_eq!((snapshot.n_households(ix), snapshot.n_households_outside()), (Some(1), Some(1)));
    assert_eq!(gridmap.store().acknowledged_gaps(2).await.unwrap().len(), 1);
}
