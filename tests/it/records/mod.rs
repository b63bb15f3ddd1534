//! A noun more, added as `store/table/mod.rs` says: a visit, with a place, a period and a personal note.
//!
//! Its files are what any noun needs: itself (`visit`), how it is kept (`record`, and one table in each database) and how
//! it is written in files (`format`). All that is tried here follows from them.

mod format;
mod record;
mod visit;

use std::sync::Arc;

use chrono::FixedOffset;
use gridmap::domain::{Action, Grant, GridPath, Principal, Revision, Version, Which};
use gridmap::format::geojson::{Geometry, write_feature};
use gridmap::format::record::{Syntax, read};
use gridmap::format::{Record as FileRecord, csv};
use gridmap::geometry::Bbox;
use gridmap::geometry::crs::Frame;
use gridmap::store::{Expect, Filter, Property, Record as _, Store, StoreError, TimeSpan};
use sqlx::Connection;

use crate::backends::{Database, on_both};
use crate::store_contract::made::{all, id, instant, path, settle, within, write};
use visit::{VISITS, Visit};

const FILE: &str = "id,kind,lon,lat,from,to,note\r\n\
    V1,patrol,103.1,34.1,2024-01-01,2024-01-02,两家有话说\r\n\
    V2,patrol,103.9,34.9,2024-02-01,,\r\n\
    V3,mediation,103.2,34.2,2024-03-01,2024-03-05,\"a, b\"\r\n";

/// Makes its table, as a migration would.
async fn migrate(database: &Database) {
    if database.is_sqlite() {
        let mut connection = sqlx::SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::raw_sql(include_str!("sqlite.sql")).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = sqlx::PgConnection::connect(&database.url).await.unwrap();
        sqlx::raw_sql(include_str!("postgres.sql")).execute(&mut connection).await.unwrap();
    }
}

fn from_file(text: &str, syntax: Syntax) -> Vec<Visit> {
    let parse = |record: FileRecord| format::parse(&record, FixedOffset::east_opt(0).unwrap()).unwrap();
    let records = read(text.as_bytes(), syntax, &Frame::Wgs84).unwrap();
    records.map(|record| parse(record.unwrap().unwrap())).collect()
}

/// The three visits of the file, each in its grid.
fn three() -> Vec<Visit> {
    let grids = [path(&["A", "A1", "A1-1"]), path(&["A", "A10"]), path(&["A", "A1"])];
    let place = |(visit, grid): (Visit, Option<GridPath>)| Visit { grid, ..visit };
    from_file(FILE, Syntax::Csv).into_iter().zip(grids).map(place).collect()
}

async fn stored(database: &Database, store: &Arc<dyn Store>) {
    migrate(database).await;
    settle(store).await;
    write(store, async |t| t.put(&three(), Expect::Absent).await.unwrap()).await;
}

async fn ids(store: &Arc<dyn Store>, filter: Filter) -> Vec<String> {
    let n = store.count_rows(Visit::TABLE, &Filter { after: None, ..filter.clone() }).await.unwrap();
    let first = filter.after.is_none();
    let found = all(store.list::<Visit>(filter)).await;
    assert!(!first || n == found.len() as u64, "what is counted is what is listed");
    found.into_iter().map(|row| row.thing.id.to_string()).collect()
}

#[test]
fn every_field_comes_back() {
    on_both(async |database, store| {
        stored(database, &store).await;
        let back: Vec<Visit> = all(store.list(Filter::default())).await.into_iter().map(|row| row.thing).collect();
        assert_eq!(back, three());
    });
}

#[test]
fn it_is_found_by_place_period_grid_property_and_page() {
    on_both(async |database, store| {
        stored(database, &store).await;
        let bbox = Some(Bbox { west: 103.0, south: 34.0, east: 103.2, north: 34.2 });
        assert_eq!(ids(&store, Filter { bbox, ..Filter::default() }).await, ["V1", "V3"], "the edge counts");
        let time = |from, to| Filter {
            time: Some(TimeSpan { from: Some(instant(from)), to: Some(instant(to)) }),
            ..Filter::default()
        };
        assert_eq!(ids(&store, time("2024-01-02T00:00:00Z", "2024-02-01T00:00:00Z")).await, ["V2"], "up to its end");
        assert_eq!(ids(&store, time("2024-01-01T12:00:00Z", "2024-01-01T13:00:00Z")).await, ["V1"]);
        assert_eq!(ids(&store, Filter { grid: Some(within(&["A", "A1"])), ..Filter::default() }).await, ["V1", "V3"]);
        let equal = |property, value: &str| Filter { equals: vec![(property, value.into())], ..Filter::default() };
        assert_eq!(ids(&store, equal(Property::of("kind"), "patrol")).await, ["V1", "V2"]);
        assert!(ids(&store, equal(Property::of("note"), "a, b")).await.is_empty(), "nobody asks by a personal column");
        let next = Filter { after: Some("V1".into()), ..Filter::default() };
        assert_eq!(ids(&store, next).await, ["V2", "V3"]);
    });
}

#[test]
fn versions_removal_and_feed_follow() {
    on_both(async |database, store| {
        stored(database, &store).await;
        let mut one = three().remove(0);
        assert_eq!(write(&store, async |t| t.put(&[one.clone()], Expect::Any).await.unwrap()).await, Revision(2));
        one.grid = path(&["A"]);
        write(&store, async |t| t.put(&[one.clone()], Expect::Any).await.unwrap()).await;
        let moved = store.changes(Revision(2), 10).await.unwrap().remove(0);
        let told = Which::Few(vec![("V1".into(), path(&["A", "A1", "A1-1"])), ("V1".into(), path(&["A"]))]);
        assert_eq!((moved.noun, moved.which), (VISITS, told));
        one.kind = "mediation".into();
        write(&store, async |t| {
            t.put(&[one.clone()], Expect::Version(Version(1))).await.unwrap();
            assert_eq!(t.version_of(Visit::TABLE, "V1").await.unwrap(), Some(Version(2)), "the grid alone raised none");
            let stale = t.delete_row(Visit::TABLE, "V1", Expect::Version(Version(1))).await.unwrap_err();
            assert!(matches!(&stale, StoreError::Stale { noun: VISITS, newer: Version(2), .. }), "{stale:?}");
            t.delete_row(Visit::TABLE, "V1", Expect::Version(Version(2))).await.unwrap();
            t.relocate(&[(id::<Visit>("V2"), None)]).await.unwrap();
        })
        .await;
        assert_eq!(ids(&store, Filter::default()).await, ["V2", "V3"]);
        write(&store, async |t| t.put(&[one], Expect::Absent).await.unwrap()).await;
        assert_eq!(all(store.list::<Visit>(Filter::default())).await[0].version, Version(3), "versions go on");
    });
}

/// Writes what is stored as CSV and as GeoJSON.
async fn told(store: &Arc<dyn Store>, personal: Option<&Grant>) -> (String, String) {
    let (mut table, mut features) = (Vec::new(), Vec::new());
    let names = personal.map(|_| &format::PERSONAL[..]).unwrap_or_default();
    csv::write_header(&[&format::NAMES[..], names].concat(), &mut table);
    features.extend(b"{\"type\":\"FeatureCollection\",\"features\":[");
    for (at, row) in all(store.list::<Visit>(Filter::default())).await.into_iter().enumerate() {
        let properties = format::properties(&row.thing, personal);
        csv::write_row(&properties, &mut table);
        features.extend(if at > 0 { &b","[..] } else { b"" });
        write_feature(row.thing.id.as_str(), Geometry::Point(row.thing.position), &properties, &mut features);
    }
    features.extend(b"]}");
    (String::from_utf8(table).unwrap(), String::from_utf8(features).unwrap())
}

#[test]
fn it_goes_out_as_csv_and_geojson_and_comes_back_the_same() {
    on_both(async |database, store| {
        stored(database, &store).await;
        let grant = Principal::system().allows(Action::Personal, VISITS).unwrap();
        let (table, features) = told(&store, Some(&grant)).await;
        let unplaced: Vec<Visit> = three().into_iter().map(|visit| Visit { grid: None, ..visit }).collect();
        assert_eq!(from_file(&table, Syntax::Csv), unplaced);
        assert_eq!(from_file(&features, Syntax::GeoJson), unplaced);
        let (table, features) = told(&store, None).await;
        assert!(table.starts_with("\u{feff}id,kind,lon,lat,from,to\r\nV1,patrol,103.1,34.1,"), "{table}");
        assert!(!table.contains("两家") && !features.contains("两家"), "the note is personal");
    });
}
