//! Several callers over one application: what is kept serves them all, and none hears what another was told.

use std::net::SocketAddr;
use std::sync::Arc;

use gridmap::domain::Principal;
use gridmap::service::Gridmap;

use super::county;
use super::http::{get, request};

const PATHS: [&str; 14] = [
    "/api/collections/grids/items?level=village&limit=1000",
    "/api/collections/grids/items?level=group&f=csv",
    "/api/collections/holders/items?limit=50",
    "/api/collections/duties/items?limit=50",
    "/api/collections/service_points/items",
    "/api/collections/households/items?limit=5",
    "/api/collections/incidents/items?limit=5",
    "/api/collections/grids/tiles/WebMercatorQuad/10/408/806?level=village",
    "/api/region",
    "/api/coverage?level=village",
    "/api/coverage?level=group&f=csv",
    "/api/hotspots?level=village&by=week",
    "/api/locate?lon=103.3739&lat=34.8836",
    "/api/locate?lon=103.3739&lat=34.8836&accuracy_m=200",
];

/// The status and body of every path, without the time at which lists were written.
fn all(server: SocketAddr) -> Vec<(u16, String)> {
    let one = |path: &&str| {
        let reply = get(server, path);
        let text = reply.text();
        let text = match text.split_once(r#""timeStamp":""#) {
            Some((before, after)) => format!("{before}{}", &after[after.find('"').unwrap()..]),
            None => text,
        };
        (reply.status, text.replace(&server.to_string(), "HOST"))
    };
    PATHS.iter().map(one).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_in_turn_make_nothing_anew_and_never_mix() {
    let database = county::copy();
    let gridmap = Gridmap::open(database.open().await, Arc::new(county::now())).await.unwrap();
    let app = county::app(gridmap.clone(), Principal::public());
    let open = county::serve_app(app.seen_by(Principal::open())).await;
    let public = county::serve_app(app).await;
    let (alone_public, alone_open) = (all(county::public()), all(county::open()));
    assert_ne!(alone_public, alone_open);
    let before = gridmap.caches().n_made();
    assert_eq!((all(public), all(open)), (alone_public.clone(), alone_open.clone()));
    let made = gridmap.caches().n_made();
    assert_ne!(made, before);
    for round in 0..3 {
        assert_eq!(all(open), alone_open, "{round}");
        assert_eq!(all(public), alone_public, "{round}");
        assert_eq!(gridmap.caches().n_made(), made, "{round}: something was made anew");
    }
}

#[test]
fn a_request_keeps_its_name_and_gets_one_where_it_has_none() {
    for path in ["/api/region", "/api/collections/none", "/api/locate?lon=103.3739&lat=34.8836", "/api/locate"] {
        let named = request(county::open(), "GET", path, &[("X-Request-Id", "desk-7/42")], b"");
        assert_eq!(named.header("x-request-id"), Some("desk-7/42"), "{path}");
    }
    for odd in ["a b", "<script>", ""] {
        let reply = request(county::open(), "GET", "/api/region", &[("X-Request-Id", odd)], b"");
        let name = reply.header("x-request-id").unwrap();
        assert!(name != odd && name.len() == 16, "{name}");
    }
    let (one, other) = (get(county::open(), "/api/region"), get(county::open(), "/api/region"));
    assert_ne!(one.header("x-request-id").unwrap(), other.header("x-request-id").unwrap());
}

/// D1: 64 clients that asked for the whole coverage had it computed 64 times.
#[tokio::test(flavor = "multi_thread")]
async fn who_ask_for_the_same_at_once_are_answered_by_one_computation() {
    let database = county::copy();
    let gridmap = Gridmap::open(database.open().await, Arc::new(county::now())).await.unwrap();
    let server = county::serve_app(county::app(gridmap.clone(), Principal::open())).await;
    for path in ["/api/coverage?level=group", "/api/coverage?level=group&f=csv", "/api/hotspots?level=village&by=week"]
    {
        let before = gridmap.caches().n_made().figures;
        let bodies: Vec<String> = std::thread::scope(|threads| {
            let asking: Vec<_> = (0..32).map(|_| threads.spawn(|| get(server, path).text())).collect();
            asking.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(bodies[0].len() > 1_000 && bodies.iter().all(|body| *body == bodies[0]), "{path}");
        let made = gridmap.caches().n_made().figures - before;
        assert!(made <= 2, "{path}: {made} counts and sets of areas were made");
        let tag = get(server, path).header("etag").unwrap().to_owned();
        assert_eq!(request(server, "GET", path, &[("If-None-Match", &tag)], b"").status, 304, "{path}");
    }
}

/// Dispatchers ask where others report: nothing that is said of the ground is made anew for an incident.
#[tokio::test(flavor = "multi_thread")]
async fn incidents_that_are_stored_leave_what_was_made_of_the_ground() {
    let database = county::copy();
    let gridmap = Gridmap::open(database.open().await, Arc::new(county::now())).await.unwrap();
    let server = county::serve_app(county::app(gridmap.clone(), Principal::open())).await;
    let incident = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[103.3739,34.8836]},
        "properties":{"kind":"dispute","category":"noise"}}"#;
    let told = || {
        let answer = get(server, "/api/locate?lon=103.3739&lat=34.8836").text();
        let (before, after) = answer.split_once(r#""revision":"#).unwrap();
        let (revision, after) = after.split_once(',').unwrap();
        let grids = get(server, "/api/collections/grids/items?level=group&f=csv").text();
        (revision.parse::<u64>().unwrap(), format!("{before}{after}"), grids)
    };
    let (first, answer, grids) = told();
    let made = gridmap.caches().n_made();
    for n in 1..=50 {
        let posted = request(
            server,
            "POST",
            "/api/collections/incidents/items",
            &[("Content-Type", "application/geo+json")],
            incident.as_bytes(),
        );
        assert_eq!(posted.status, 201, "{}", posted.text());
        gridmap.refresh().await.unwrap();
        assert_eq!(told(), (first + n, answer.clone(), grids.clone()));
    }
    let now = gridmap.caches().n_made();
    assert_eq!((now.answers, now.texts, now.pictures), (made.answers, made.texts, made.pictures));
}
