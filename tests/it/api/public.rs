//! What the public is shown, and what it is not.

use super::county;
use super::http::{get, request};

#[test]
fn homes_are_refused() {
    for path in ["", "/items", "/items/H00001", "/items?f=csv"] {
        let reply = get(county::public(), &format!("/api/collections/households{path}"));
        assert_eq!((reply.status, reply.json()["type"].clone()), (403, "/problems/personal-data".into()), "{path}");
    }
    let listed = get(county::public(), "/api/collections").text();
    assert!(!listed.contains("households"), "a reader of all collections must not stumble over one");
    assert!(!get(county::public(), "/api/openapi").text().contains("/collections/households"));
}

#[test]
fn telephones_are_left_out() {
    let holder = get(county::public(), "/api/collections/holders/items/W0001").json();
    assert_eq!(holder["properties"]["name"], "李某0001");
    for path in ["holders/items?limit=10000", "holders/items?f=csv", "incidents/items?limit=10000"] {
        let body = get(county::public(), &format!("/api/collections/{path}")).text();
        assert!(!body.contains("phone") && !body.contains("000-0"), "{path}");
    }
}

#[test]
fn incidents_lie_no_closer_than_a_township_and_tell_no_text() {
    let list = get(county::public(), "/api/collections/incidents/items?limit=1000").json();
    assert_eq!(list["numberReturned"], 305);
    for incident in list["features"].as_array().unwrap() {
        let told = &incident["properties"];
        assert!(incident["geometry"].is_null() && told["lon"].is_null() && told["lat"].is_null());
        assert!(told["stated_grid"].is_null() && told.get("text").is_none());
        assert_eq!(told["grid"].as_str().unwrap().len(), 9);
    }
}

#[test]
fn incidents_cannot_be_found_by_asking_for_places() {
    for (query, status) in [
        ("bbox=103.2,34.5,104,35", 403),
        ("stated_grid=62302110000200101", 403),
        ("grid=62302110000200101", 403),
        ("grid=623021100002", 403),
        ("grid=623021100", 200),
    ] {
        let reply = get(county::public(), &format!("/api/collections/incidents/items?{query}"));
        assert_eq!(reply.status, status, "{query}: {}", reply.text());
    }
}

#[test]
fn small_counts_of_homes_are_withheld() {
    let counts = |server| -> Vec<Option<u64>> {
        let grids = get(server, "/api/collections/grids/items?level=group&limit=10000").json();
        grids["features"].as_array().unwrap().iter().map(|g| g["properties"]["n_households"].as_u64()).collect()
    };
    let (shown, all) = (counts(county::public()), counts(county::open()));
    assert_eq!(shown.len(), all.len());
    for (shown, all) in shown.into_iter().zip(all) {
        assert!(shown.is_none() || shown == all.filter(|n| *n == 0 || *n >= 5), "{shown:?} of {all:?}");
    }
}

#[test]
fn nothing_can_be_changed() {
    let body = br#"{"type":"Feature","geometry":null,"properties":{}}"#;
    let headers = [("Content-Type", "application/geo+json"), ("If-Match", "\"1\"")];
    for (method, path) in [("POST", ""), ("PUT", "/D0001"), ("DELETE", "/D0001")] {
        let path = format!("/api/collections/incidents/items{path}");
        let reply = request(county::public(), method, &path, &headers, body);
        assert_eq!((reply.status, reply.json()["type"].clone()), (403, "/problems/read-only".into()), "{method}");
    }
}
