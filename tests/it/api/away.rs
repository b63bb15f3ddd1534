//! With the store away, what is answered from memory goes on, and the rest says that it comes back.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use gridmap::domain::Principal;
use gridmap::service::Gridmap;

use super::county;
use super::http::{get, request};
use crate::stand_ins::Unplugged;

const INCIDENTS: &str = "/api/collections/incidents/items";
const DISPUTE: &[u8] = br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[103.373907,34.88357]},
    "properties":{"id":"X1","kind":"dispute","category":"x"}}"#;

fn post(server: SocketAddr) -> super::http::Reply {
    request(server, "POST", INCIDENTS, &[("Content-Type", "application/geo+json")], DISPUTE)
}

#[tokio::test(flavor = "multi_thread")]
async fn points_and_grids_are_answered_while_the_store_is_away() {
    let database = county::copy();
    let (store, away) = Unplugged::over(database.open().await);
    let gridmap = Gridmap::open(store, Arc::new(county::now())).await.unwrap();
    let server = county::serve(gridmap.clone(), Principal::open()).await;
    let from_memory = [
        "/api/locate?lon=103.373907&lat=34.88357",
        "/api/collections/grids/items?level=village&f=csv",
        "/api/collections/grids/tiles/WebMercatorQuad/10/406/806?level=grid",
    ];
    let before = from_memory.map(|path| get(server, path).body);

    away.store(true, Ordering::SeqCst);
    assert!(gridmap.refresh().await.is_err());
    let counted = get(server, "/api/coverage");
    for reply in [
        counted,
        get(server, "/api/hotspots"),
        get(server, INCIDENTS),
        get(server, &format!("{INCIDENTS}/D0001")),
        post(server),
    ] {
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("2")), "{}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        assert_eq!(reply.json()["type"], "/problems/unavailable");
    }
    for (path, before) in from_memory.into_iter().zip(before) {
        let reply = get(server, path);
        assert_eq!((reply.status, reply.body == before), (200, true), "{path}: {}", reply.text());
    }
    assert_eq!(get(server, "/api/collections/grids/items").status, 200);
    let ready = get(server, "/readyz");
    assert_eq!((ready.status, ready.json()["state"].clone()), (200, "store-away".into()));

    away.store(false, Ordering::SeqCst);
    assert_eq!((post(server).status, get(server, INCIDENTS).json()["numberMatched"].clone()), (201, 306.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_has_not_read_its_store_does_not_call_it_empty() {
    let database = county::copy();
    let gridmap = Gridmap::new(database.open().await, Arc::new(county::now()));
    let server = county::serve(gridmap.clone(), Principal::open()).await;
    let here = "/api/locate?lon=103.373907&lat=34.88357";
    let past = format!("{here}&at=2024-06-01");
    let paths = ["/api/region", here, past.as_str(), "/api/coverage", "/api/search?q=a"];
    for path in paths {
        let reply = get(server, path);
        assert_eq!((reply.status, reply.json()["type"].clone()), (503, "/problems/unavailable".into()), "{path}");
        assert_eq!(reply.json()["detail"], "the store was not read yet", "{path}");
    }
    gridmap.refresh().await.unwrap();
    for path in paths {
        assert_eq!(get(server, path).status, 200, "{path}");
    }
}
