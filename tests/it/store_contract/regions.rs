//! Several regions in one database: none sees another, and none waits for another where the database lets them.

use std::sync::Arc;
use std::time::Duration;

use gridmap::domain::{Actor, GridId, Noun, Region, Revision, Version, Which};
use gridmap::store::{self, Expect, Filter, IdempotentResponse, Store, StoreError};
use tokio::time::timeout;

use super::made::{
    all, duty, generation, grid_id, holder, household, ids_of_households, incident, instant, region, service_point,
    tree, within, write,
};
use crate::backends::{Database, on_both};

const LINTAN: &str = "623021";
const KEQIAO: &str = "330602";

fn region_of(code: &str) -> Region {
    Region { code: code.into(), ..region() }
}

/// Opens both regions, each with the same tree of grids under it.
async fn both(database: &Database) -> [Arc<dyn Store>; 2] {
    let open = async |code: &str| {
        let store = store::open_region(&database.url, code).await.unwrap();
        write(&store, async |t| {
            t.put_region(&region_of(code)).await.unwrap();
            t.publish(&generation(None, tree(), &[]), instant("2024-03-01T00:00:00Z")).await.unwrap();
        })
        .await;
        store
    };
    [open(LINTAN).await, open(KEQIAO).await]
}

#[test]
fn things_of_one_id_in_two_regions_never_mix() {
    on_both(async |database, _| {
        let [left, right] = both(database).await;
        for (store, n_residents) in [(&left, 3), (&right, 7)] {
            let mut home = household("H1", 1.0, 1.0);
            home.n_residents = Some(n_residents);
            write(store, async |t| {
                t.put_households(&[home], Expect::Absent).await.unwrap();
                t.put_holders(&[holder("W1")], Expect::Absent).await.unwrap();
                let leads = duty("D1", "W1", gridmap::domain::DutyArea::Grid(grid_id("A1")));
                t.put_duties(&[leads], Expect::Absent).await.unwrap();
                t.put_service_points(&[service_point("J1", 1.0, 1.0)], Expect::Absent).await.unwrap();
                t.put_incidents(&[incident("I1", "2024-01-01T00:00:00Z")], Expect::Absent).await.unwrap();
            })
            .await;
        }
        let residents =
            async |store: &Arc<dyn Store>| all(store.households(Filter::default())).await[0].thing.n_residents;
        assert_eq!((residents(&left).await, residents(&right).await), (Some(3), Some(7)));
        for noun in [Noun::Households, Noun::Holders, Noun::Duties, Noun::ServicePoints, Noun::Incidents] {
            assert_eq!(left.count(noun, Filter::default()).await.unwrap(), 1, "{noun}");
        }
        let everywhere = gridmap::geometry::Bbox { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };
        let boxed = Filter { bbox: Some(everywhere), ..Filter::default() };
        assert_eq!(ids_of_households(&left, boxed).await, ["H1"]);
        let within = Filter { grid: Some(within(&["A", "A1"])), ..Filter::default() };
        assert_eq!(all(left.duties(within.clone())).await.len(), 1);
        assert_eq!(ids_of_households(&right, within).await, ["H1"]);
        assert_eq!(left.households_by_grid(Filter::default()).await.unwrap(), [(Some(grid_id("A1-1")), 1)]);
        assert_eq!(left.incidents_by_grid(Filter::default(), None).await.unwrap().len(), 1);

        write(&left, async |t| {
            t.delete(Noun::Duties, "D1", Expect::Any).await.unwrap();
            t.delete(Noun::Holders, "W1", Expect::Any).await.unwrap();
            t.delete(Noun::Households, "H1", Expect::Any).await.unwrap();
        })
        .await;
        assert_eq!(residents(&right).await, Some(7), "it stays where it was not removed");
        let mut t = right.begin(&Actor::SYSTEM, "a test").await.unwrap();
        assert_eq!(t.version(Noun::Households, "H1").await.unwrap(), Some(Version(1)));
        drop(t);
        write(&left, async |t| t.put_households(&[household("H1", 1.0, 1.0)], Expect::Absent).await.unwrap()).await;
        assert_eq!(all(left.households(Filter::default())).await[0].version, Version(2), "its own former version");
    });
}

#[test]
fn revisions_feed_journal_and_generations_are_each_region_s_own() {
    on_both(async |database, _| {
        let [left, right] = both(database).await;
        write(&left, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap()).await;
        write(&left, async |t| {
            t.publish(&generation(Some(1), vec![], &["A10-1"]), instant("2024-05-01T00:00:00Z")).await.unwrap();
        })
        .await;
        assert_eq!((left.revision().await.unwrap(), right.revision().await.unwrap()), (Revision(3), Revision(1)));
        assert_eq!(left.changes(Revision(0), 10).await.unwrap().len(), 3);
        assert_eq!(right.changes(Revision(0), 10).await.unwrap().len(), 1);
        assert_eq!(left.journal(Revision(0), 10).await.unwrap().len(), 3);
        assert_eq!(right.journal(Revision(0), 10).await.unwrap().len(), 1);
        assert_eq!((left.generations().await.unwrap().len(), right.generations().await.unwrap().len()), (2, 1));
        let gone = left.grids_between(1, 2).await.unwrap().removed;
        assert_eq!(gone, [GridId::new("A10-1").unwrap()]);
        assert_eq!(left.region().await.unwrap(), Some(region_of(LINTAN)));
        assert_eq!(right.region().await.unwrap(), Some(region_of(KEQIAO)));
        assert!(timeout(Duration::from_millis(1_500), right.wait(Revision(1))).await.is_err(), "nothing is new there");
    });
}

#[test]
fn an_idempotency_key_of_one_region_is_free_in_another() {
    on_both(async |database, _| {
        let [left, right] = both(database).await;
        let answer = IdempotentResponse {
            fingerprint: "f".into(),
            status: 201,
            location: None,
            body: b"{}".to_vec(),
            version: Version(1),
        };
        let now = instant("2024-05-01T00:00:00Z");
        for store in [&left, &right] {
            write(store, async |t| {
                assert_eq!(t.remembered("key").await.unwrap(), None);
                t.remember("key", &answer, now).await.unwrap();
                t.put_holders(&[holder("W1")], Expect::Absent).await.unwrap();
            })
            .await;
        }
    });
}

#[test]
fn which_region_is_meant_must_be_said_where_there_are_several() {
    on_both(async |database, _| {
        let [left, _] = both(database).await;
        let refused = store::open(&database.url).await.err().expect("two are there");
        assert!(matches!(&refused, StoreError::SeveralRegions { codes } if *codes == [KEQIAO, LINTAN]), "{refused:?}");
        assert_eq!(refused.to_string(), "the database holds several regions, say which one is meant: 330602, 623021");
        let mut t = left.begin(&Actor::SYSTEM, "a test").await.unwrap();
        let refused = t.put_region(&region_of(KEQIAO)).await.unwrap_err();
        assert!(matches!(refused, StoreError::OtherRegion { .. }), "{refused:?}");
        drop(t);
        let third = store::open_region(&database.url, "110101").await.unwrap();
        assert_eq!(third.region().await.unwrap(), None);
        let mut t = third.begin(&Actor::SYSTEM, "a test").await.unwrap();
        let refused = t.put_holders(&[holder("W1")], Expect::Any).await.unwrap_err();
        assert!(matches!(refused, StoreError::NoRegion), "{refused:?}");
    });
}

#[test]
fn a_store_opened_before_there_were_several_goes_on_with_its_own() {
    on_both(async |database, store| {
        write(&store, async |t| t.put_region(&region()).await.unwrap()).await;
        assert_eq!(store.revision().await.unwrap(), Revision(1));
        let other = store::open_region(&database.url, KEQIAO).await.unwrap();
        write(&other, async |t| t.put_region(&region_of(KEQIAO)).await.unwrap()).await;
        write(&store, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap()).await;
        assert_eq!(store.count(Noun::Holders, Filter::default()).await.unwrap(), 1);
        assert_eq!(other.count(Noun::Holders, Filter::default()).await.unwrap(), 0);
        assert!(matches!(other.changes(Revision(0), 9).await.unwrap()[0].which, Which::Many(1)));
    });
}

#[test]
fn on_postgresql_no_writer_waits_for_another_region_s() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let database = Database::postgres();
        let [left, right] = both(&database).await;
        let mut writing = left.begin(&Actor::SYSTEM, "a test").await.unwrap();
        writing.put_holders(&[holder("W1")], Expect::Any).await.unwrap();
        writing.hold().await.unwrap();
        let meanwhile = write(&right, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap());
        assert_eq!(timeout(Duration::from_secs(8), meanwhile).await.expect("it waits for no one"), Revision(2));
        let again = store::open_region(&database.url, LINTAN).await.unwrap();
        let own = tokio::spawn(async move {
            let mut t = again.begin(&Actor::SYSTEM, "a test").await.unwrap();
            t.put_holders(&[holder("W2")], Expect::Any).await.unwrap();
            t.commit().await.unwrap()
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!own.is_finished(), "a writer of the same region commits in its turn");
        assert_eq!(writing.commit().await.unwrap(), Revision(2));
        assert_eq!(own.await.unwrap(), Revision(3));
    });
}
