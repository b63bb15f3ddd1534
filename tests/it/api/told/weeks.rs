//! From one release to the next.

use std::sync::Arc;

use chrono::TimeDelta;
use gridmap::domain::{Actor, Principal, Release};
use gridmap::service::{Caller, Gridmap, release};
use gridmap::store::Expect;
use serde_json::Value;

use crate::api::county;
use crate::api::http::{Reply, get, request};
use crate::stand_ins::Hands;
use crate::store_contract::made::{incident, path};

const PATHS: [&str; 6] = [
    "/api/region",
    "/api/coverage?level=village",
    "/api/hotspots?level=township&by=week",
    "/api/hotspots?level=group&f=csv",
    "/api/collections/grids/items?level=grid&limit=1000&f=csv",
    "/api/collections/grids/items/623021100",
];

fn asked(server: std::net::SocketAddr) -> Vec<(String, Option<String>)> {
    let one = |path: &&str| {
        let reply: Reply = get(server, path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        let tag = reply.header("etag").map(str::to_owned);
        // Whose duties count is told as of the moment of the question.
        let text = reply.text().replace(&server.to_string(), "HOST");
        let at = text.find(r#""at":""#).map_or(0, |at| at + 27);
        (text[at..].to_owned(), tag)
    };
    PATHS.iter().map(one).collect()
}

fn total(server: std::net::SocketAddr) -> Value {
    get(server, "/api/hotspots?level=county").json()["rows"][0]["incidents"]["numerator"].clone()
}

/// Two servers over one database, and a week in which much is reported.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_shows_before_monday_and_every_server_tells_the_same() {
    let database = county::copy();
    let store = database.open().await;
    let clock = Arc::new(Hands::at(county::now()));
    let first = Gridmap::open(Arc::clone(&store), Arc::clone(&clock) as _).await.unwrap();
    let here = county::serve(first.clone(), Principal::public()).await;
    let told = asked(here);
    let mut reports: Vec<_> = (0..40).map(|n| incident(&format!("NEW{n}"), county::NOW)).collect();
    for one in &mut reports {
        one.grid = path(&["623021", "623021100"]);
    }
    let mut transaction = store.begin(&Actor::SYSTEM, "a week").await.unwrap();
    transaction.put_incidents(&reports, Expect::Any).await.unwrap();
    transaction.commit().await.unwrap();
    first.refresh().await.unwrap();
    clock.turn_to(county::now() + TimeDelta::days(4));
    assert_eq!(asked(here), told, "neither a body nor a tag shows what was stored since");
    let second = Gridmap::open(database.open().await, Arc::clone(&clock) as _).await.unwrap();
    let there = county::serve(second, Principal::public()).await;
    for (path, (found, told)) in PATHS.iter().zip(asked(there).into_iter().zip(&told)) {
        assert_eq!(&found, told, "{path}: another server, started later in the week");
    }
    let again = request(here, "GET", PATHS[0], &[("If-None-Match", told[0].1.as_deref().unwrap())], b"");
    assert_eq!(again.status, 304);

    assert_eq!(total(here), 305);
    clock.turn_to(county::now() + TimeDelta::days(5));
    assert_eq!((total(here), total(there)), (345.into(), 345.into()), "the Monday after");
    assert_eq!(asked(here), asked(there));
    assert!(asked(here).iter().zip(&told).all(|(now, told)| now.1 != told.1));
}

/// A release without kinds, since beside the grids they would have told something, is no release in which all were small.
#[tokio::test(flavor = "multi_thread")]
async fn kinds_that_were_left_out_are_told_again_as_they_are() {
    let database = county::copy();
    let clock = Arc::new(Hands::at(county::now()));
    let gridmap = Gridmap::open(database.open().await, Arc::clone(&clock) as _).await.unwrap();
    let first = release::now(&Caller::system(&gridmap)).await.unwrap();
    assert!(first.kinds.as_ref().is_some_and(|kinds| kinds.values().any(|kind| kind.n_reported == 305)));
    let without = Release { kinds: None, made: first.made + TimeDelta::hours(1), ..first.clone() };
    let mut transaction = gridmap.store().begin(&Actor::SYSTEM, "without kinds").await.unwrap();
    transaction.put_release(&without).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(gridmap.store().release(None).await.unwrap(), Some(without));
    clock.turn_to(county::now() + TimeDelta::hours(2));
    assert_eq!(release::now(&Caller::system(&gridmap)).await.unwrap().kinds, first.kinds);
}

/// What was not there yet when a release was made can be released before the week is over.
#[tokio::test(flavor = "multi_thread")]
async fn the_operator_releases_at_any_time() {
    let database = county::copy();
    let clock = Arc::new(Hands::at(county::now()));
    let gridmap = Gridmap::open(database.open().await, Arc::clone(&clock) as _).await.unwrap();
    let server = county::serve(gridmap.clone(), Principal::public()).await;
    let before = get(server, PATHS[0]).json()["released"].clone();
    clock.turn_to(county::now() + TimeDelta::hours(1));
    let made = release::now(&Caller::system(&gridmap)).await.unwrap();
    assert_eq!(made.made, county::now() + TimeDelta::hours(1));
    let after = get(server, PATHS[0]).json()["released"].clone();
    assert_eq!((before, after), (county::NOW.into(), "2025-01-15T05:00:00Z".into()));
    assert_eq!(gridmap.store().release(None).await.unwrap(), Some(made.clone()), "it is kept as it was made");
    assert_eq!(gridmap.store().release(Some(made.made)).await.unwrap(), None);
}
