//! Homes, holders, duties, points and incidents: what is written comes back, versions guard it, nothing is stored twice.

use std::sync::Arc;

use gridmap::domain::{Actor, DutyArea, HolderKind, Noun, Personal, Revision, Step, StepKind, Version};
use gridmap::store::{self, Expect, Filter, IdempotentResponse, Store, StoreError};

use super::made::{
    all, at, duty, exclave_with_hole, grid_id, holder, holder_id, household, incident, instant, path, region,
    service_point, settle, write,
};
use crate::backends::on_both;

#[test]
fn a_region_comes_back_whole() {
    on_both(async |_, store| {
        assert_eq!(store.region().await.unwrap(), None);
        let mut kept = region();
        write(&store, async |t| t.put_region(&kept).await.unwrap()).await;
        assert_eq!(store.region().await.unwrap().as_ref(), Some(&kept));
        kept.levels[2].household_target = None;
        kept.fallback.name = "县政府".into();
        assert_eq!(write(&store, async |t| t.put_region(&kept).await.unwrap()).await, Revision(2));
        assert_eq!(store.region().await.unwrap().as_ref(), Some(&kept));
    });
}

#[test]
fn a_second_region_is_refused_by_name() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut other = region();
        other.code = "330602".into();
        let error = store.begin(&Actor::SYSTEM, "a test").await.unwrap().put_region(&other).await.unwrap_err();
        assert!(matches!(error, StoreError::OtherRegion { bound, given } if bound == "623021" && given == "330602"));
    });
}

#[test]
fn a_new_database_takes_nothing_before_its_region() {
    on_both(async |_, store| {
        let mut transaction = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        let error = transaction.put_holders(&[holder("W1")], Expect::Any).await.unwrap_err();
        assert!(matches!(error, StoreError::NoRegion));
        drop(transaction);
        assert_eq!(store.begin(&Actor::SYSTEM, "a test").await.unwrap().commit().await.unwrap(), Revision(0));
        assert!(all(store.holders(Filter::default())).await.is_empty());
    });
}

#[test]
fn every_field_of_every_noun_comes_back() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut bare = household("H2", -179.999_999_9, -0.1 - 0.2);
        (bare.n_residents, bare.stated_grid, bare.grid, bare.address) = (None, None, None, Personal::new(None));
        let homes = vec![household("H1", 103.373_907_123_456_78, 34.883_57), bare];
        let mut body = holder("C1");
        (body.kind, body.position) = (HolderKind::Body, Some(at(103.381_591, 34.886_626)));
        let mut member = holder("W1");
        member.body = Some(holder_id("C1"));
        let holders = vec![body, member];
        let mut own_ground = duty("D2", "W1", DutyArea::Polygon(exclave_with_hole()));
        own_ground.deputy = Some(holder_id("C1"));
        (own_ground.from, own_ground.to) = (None, Some(instant("2024-12-31T15:59:59.123456Z")));
        own_ground.categories.clear();
        let duties = vec![duty("D1", "W1", DutyArea::Grid(grid_id("A1-1"))), own_ground];
        let points = vec![service_point("J1", 103.385_675, 34.844_376)];
        let mut settled = incident("D0001", "2024-01-02T05:25:00Z");
        let resolve =
            Step { kind: StepKind::Resolve, at: instant("2024-01-03T00:00:00.5Z"), by: Some(holder_id("W1")) };
        settled.steps.push(resolve);
        let incidents = vec![settled, incident("D0002", "2024-02-01T00:00:00Z")];
        write(&store, async |t| {
            t.put_incidents(&incidents, Expect::Any).await.unwrap();
            t.put_duties(&duties, Expect::Any).await.unwrap();
            t.put_holders(&holders, Expect::Any).await.unwrap();
            t.put_households(&homes, Expect::Any).await.unwrap();
            t.put_service_points(&points, Expect::Any).await.unwrap();
        })
        .await;
        let every = Filter::default;
        let back: Vec<_> = all(store.households(every())).await;
        assert_eq!(back.iter().map(|row| &row.thing).collect::<Vec<_>>(), homes.iter().collect::<Vec<_>>());
        assert_eq!(back[0].thing.position.lon().to_bits(), homes[0].position.lon().to_bits(), "as it was given");
        assert!(back.iter().all(|row| row.version == Version::FIRST));
        assert_eq!(things(all(store.holders(every())).await), holders);
        assert_eq!(things(all(store.duties(every())).await), duties);
        assert_eq!(things(all(store.service_points(every())).await), points);
        assert_eq!(things(all(store.incidents(every())).await), incidents);
    });
}

fn things<T>(rows: Vec<gridmap::store::Stored<T>>) -> Vec<T> {
    rows.into_iter().map(|row| row.thing).collect()
}

async fn version_of(store: &Arc<dyn Store>, home: &str) -> Version {
    let filter = Filter { id: Some(home.into()), ..Filter::default() };
    all(store.households(filter)).await[0].version
}

#[test]
fn the_same_again_keeps_its_version_and_makes_no_revision() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut home = household("H1", 103.3, 34.8);
        let put = async |home: &_| {
            write(&store, async |t| t.put_households(std::slice::from_ref(home), Expect::Any).await.unwrap()).await
        };
        assert_eq!(put(&home).await, Revision(2));
        assert_eq!(put(&home).await, Revision(2));
        assert_eq!(version_of(&store, "H1").await, Version(1));
        home.phone = Personal::new(Some("000-1".into()));
        assert_eq!(put(&home).await, Revision(3));
        assert_eq!(version_of(&store, "H1").await, Version(2));
    });
}

#[test]
fn a_writer_learns_the_version_it_makes() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut home = household("H1", 103.3, 34.8);
        write(&store, async |t| {
            assert_eq!(t.version(Noun::Households, "H1").await.unwrap(), None);
            t.put_households(&[home.clone()], Expect::Absent).await.unwrap();
            assert_eq!(t.version(Noun::Households, "H1").await.unwrap(), Some(Version(1)));
        })
        .await;
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        t.put_households(&[home.clone()], Expect::Version(Version(1))).await.unwrap();
        assert_eq!(t.version(Noun::Households, "H1").await.unwrap(), Some(Version(1)), "the same again");
        home.n_residents = None;
        t.put_households(&[home], Expect::Version(Version(1))).await.unwrap();
        assert_eq!(t.version(Noun::Households, "H1").await.unwrap(), Some(Version(2)));
        assert_eq!(t.version(Noun::Grids, "A").await.unwrap(), None);
    });
}

#[test]
fn a_derived_grid_changes_without_a_version() {
    on_both(async |_, store| {
        settle(&store).await;
        let home = household("H1", 103.3, 34.8);
        write(&store, async |t| t.put_households(&[home], Expect::Any).await.unwrap()).await;
        let moved = [("H1".to_owned(), path(&["A", "A10"])), ("gone".to_owned(), None)];
        let revision = write(&store, async |t| t.relocate_records(Noun::Households, &moved).await.unwrap()).await;
        assert_eq!(revision, Revision(3));
        let row = all(store.households(Filter::default())).await.remove(0);
        assert_eq!((row.thing.grid, row.version), (path(&["A", "A10"]), Version(1)));
        let again = write(&store, async |t| t.relocate_records(Noun::Households, &moved).await.unwrap()).await;
        assert_eq!(again, Revision(3), "nothing moved");
        write(&store, async |t| {
            t.put_incidents(&[incident("I1", "2024-01-01T00:00:00Z")], Expect::Any).await.unwrap();
            t.put_service_points(&[service_point("J1", 103.3, 34.8)], Expect::Any).await.unwrap();
            t.relocate_records(Noun::Incidents, &[("I1".to_owned(), None)]).await.unwrap();
            t.relocate_records(Noun::ServicePoints, &[("J1".to_owned(), None)]).await.unwrap();
        })
        .await;
        assert_eq!(all(store.incidents(Filter::default())).await[0].thing.grid, None);
        assert_eq!(all(store.service_points(Filter::default())).await[0].thing.grid, None);
    });
}

#[test]
fn a_change_made_on_an_older_version_is_refused_with_the_newer_one() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut one = holder("W1");
        write(&store, async |t| t.put_holders(&[one.clone()], Expect::Absent).await.unwrap()).await;
        one.name = "王某".into();
        write(&store, async |t| t.put_holders(&[one.clone()], Expect::Version(Version(1))).await.unwrap()).await;
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        let stale = t.put_holders(&[holder("W1")], Expect::Version(Version(1))).await.unwrap_err();
        assert!(
            matches!(&stale, StoreError::Stale { noun: Noun::Holders, id, newer: Version(2) } if id == "W1"),
            "{stale:?}"
        );
        let exists = t.put_holders(&[holder("W1")], Expect::Absent).await.unwrap_err();
        assert!(matches!(&exists, StoreError::Exists { id, .. } if id == "W1"));
        let absent = t.put_holders(&[holder("W2")], Expect::Version(Version(1))).await.unwrap_err();
        assert!(matches!(&absent, StoreError::Absent { id, .. } if id == "W2"));
        let twice = t.put_holders(&[holder("W2"), holder("W2")], Expect::Any).await.unwrap_err();
        assert!(matches!(&twice, StoreError::Twice { id, .. } if id == "W2"));
        drop(t);
        let row = all(store.holders(Filter::default())).await.remove(0);
        assert_eq!((row.thing, row.version), (one, Version(2)));
    });
}

#[test]
fn a_thing_is_removed_by_its_version() {
    on_both(async |_, store| {
        settle(&store).await;
        write(&store, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap()).await;
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        let stale = t.delete(Noun::Holders, "W1", Expect::Version(Version(7))).await.unwrap_err();
        assert!(matches!(stale, StoreError::Stale { newer: Version(1), .. }));
        let absent = t.delete(Noun::Holders, "W2", Expect::Any).await.unwrap_err();
        assert!(matches!(absent, StoreError::Absent { .. }));
        let grid = t.delete(Noun::Grids, "A1", Expect::Any).await.unwrap_err();
        assert!(matches!(grid, StoreError::Absent { .. }), "grids go by a plan");
        t.delete(Noun::Holders, "W1", Expect::Version(Version(1))).await.unwrap();
        assert_eq!(t.commit().await.unwrap(), Revision(3));
        assert_eq!(store.count(Noun::Holders, Filter::default()).await.unwrap(), 0);
    });
}

/// A change made on a thing that was removed must not meet another that came under its id.
#[test]
fn a_version_never_comes_again() {
    on_both(async |_, store| {
        settle(&store).await;
        let nouns = [Noun::Households, Noun::Holders, Noun::Duties, Noun::ServicePoints, Noun::Incidents];
        let ids = ["H1", "W1", "D1", "P1", "I1"];
        let versions = async || {
            let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
            let mut found = Vec::new();
            for (noun, id) in nouns.into_iter().zip(ids) {
                found.push(t.version(noun, id).await.unwrap().unwrap().0);
            }
            found
        };
        let put = async || {
            write(&store, async |t| {
                t.put_holders(&[holder("W1"), holder("W2")], Expect::Any).await.unwrap();
                t.put_households(&[household("H1", 103.5, 34.7)], Expect::Any).await.unwrap();
                t.put_duties(&[duty("D1", "W2", DutyArea::Grid(grid_id("A1")))], Expect::Any).await.unwrap();
                t.put_service_points(&[service_point("P1", 103.5, 34.7)], Expect::Any).await.unwrap();
                t.put_incidents(&[incident("I1", "2024-05-01T00:00:00Z")], Expect::Any).await.unwrap();
            })
            .await;
        };
        for turn in 1..4 {
            put().await;
            assert_eq!(versions().await, [turn; 5]);
            put().await;
            assert_eq!(versions().await, [turn; 5], "the same again");
            write(&store, async |t| {
                for (noun, id) in nouns.into_iter().zip(ids) {
                    t.delete(noun, id, Expect::Version(Version(turn))).await.unwrap();
                }
            })
            .await;
        }
        assert_eq!(store.count(Noun::Holders, Filter::default()).await.unwrap(), 1, "W2 stayed");
    });
}

#[test]
fn a_repeated_request_finds_its_answer() {
    on_both(async |_, store| {
        settle(&store).await;
        let answer = IdempotentResponse {
            fingerprint: "d1".into(),
            status: 201,
            location: Some("/api/collections/incidents/items/I1".into()),
            body: vec![0, 255, b'{'],
            version: Version(3),
        };
        let now = instant("2024-03-05T00:00:00Z");
        let revision = write(&store, async |t| {
            assert_eq!(t.remembered("k1").await.unwrap(), None);
            t.remember("k1", &answer, now).await.unwrap();
        })
        .await;
        assert_eq!(revision, Revision(1), "remembering alone is no change");
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        assert_eq!(t.remembered("k1").await.unwrap().as_ref(), Some(&answer));
        assert!(matches!(t.remember("k1", &answer, now).await, Err(StoreError::Overtaken)));
        drop(t);
        write(&store, async |t| {
            t.remember("k2", &answer, instant("2024-03-06T00:00:01Z")).await.unwrap();
            assert_eq!(t.remembered("k1").await.unwrap(), None, "forgotten after a day");
        })
        .await;
    });
}

#[test]
fn a_store_that_was_closed_has_everything_in_the_one_file() {
    on_both(async |database, store| {
        settle(&store).await;
        let homes: Vec<_> = (0..500).map(|n| household(&format!("H{n}"), 0.001, 0.001)).collect();
        write(&store, async |t| t.put_households(&homes, Expect::Any).await.unwrap()).await;
        assert_eq!(all(store.households(Filter::default())).await.len(), 500);
        store.close().await;
        assert!(matches!(store.revision().await, Err(StoreError::Unavailable(_))));

        let folder = tempfile::tempdir().unwrap();
        let mut url = database.url.clone();
        if let Some(file) = database.url.strip_prefix("sqlite:") {
            url = format!("sqlite:{}", folder.path().join("copied.db").display());
            std::fs::copy(file, url.trim_start_matches("sqlite:")).unwrap();
        }
        let again = store::open(&url).await.unwrap();
        assert_eq!(all(again.households(Filter::default())).await.len(), 500);
    });
}
