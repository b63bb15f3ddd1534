//! Incidents are opened, replaced and removed; no update is lost and nothing is done twice.

use std::net::SocketAddr;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::county;
use super::http::{Reply, get, request};

const ITEMS: &str = "/api/collections/incidents/items";

fn dispute() -> Value {
    json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [103.373_907, 34.883_57]},
        "properties": {"id": "X1", "kind": "dispute", "category": "邻里", "text": "the wall between two yards"},
    })
}

fn write(server: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
    let headers = [&[("Content-Type", "application/geo+json")], headers].concat();
    request(server, method, path, &headers, body.to_string().as_bytes())
}

#[test]
fn an_incident_is_opened_where_it_lies() {
    let (server, _folder) = county::own();
    let created = write(server, "POST", ITEMS, &[], &dispute());
    assert_eq!(created.status, 201, "{}", created.text());
    assert_eq!(created.header("location"), Some(format!("http://{server}{ITEMS}/X1").as_str()));
    assert_eq!(created.header("etag"), Some("\"1\""));
    assert_snapshot!(created.text().replace(&server.to_string(), "HERE"), @r#"{"type":"Feature","id":"X1","geometry":{"type":"Point","coordinates":[103.373907,34.88357]},"properties":{"id":"X1","kind":"dispute","category":"邻里","tier":null,"status":"open","lon":103.373907,"lat":34.88357,"stated_grid":null,"grid":"62302110000200101","reported_at":"2025-01-15T04:00:00Z","registered_at":null,"assigned_at":null,"handled_at":null,"supervised_at":null,"resolved_at":null,"rated_at":null,"return_visit_at":null,"archived_at":null,"steps":[{"kind":"receive","at":"2025-01-15T04:00:00Z","by":null}],"text":"the wall between two yards"},"links":[{"rel":"self","type":"application/geo+json","href":"http://HERE/api/collections/incidents/items/X1"},{"rel":"collection","type":"application/json","href":"http://HERE/api/collections/incidents"}]}"#);
    let read = get(server, &format!("{ITEMS}/X1"));
    assert_eq!((read.header("etag"), read.text()), (Some("\"1\""), created.text()));
    assert_eq!(get(server, ITEMS).json()["numberMatched"], 306);
    let again = write(server, "POST", ITEMS, &[], &dispute());
    assert_eq!((again.status, again.json()["type"].clone()), (409, "/problems/exists".into()));
}

#[test]
fn an_incident_without_an_id_gets_one_of_its_own() {
    let (server, _folder) = county::own();
    let mut nameless = dispute();
    nameless["properties"].as_object_mut().unwrap().remove("id");
    let ids: Vec<Value> = (0..2).map(|_| write(server, "POST", ITEMS, &[], &nameless).json()["id"].clone()).collect();
    assert!(ids[0].as_str().unwrap().starts_with("I20250115-") && ids[0] != ids[1], "{ids:?}");
}

#[test]
fn a_request_sent_twice_is_carried_out_once() {
    let (server, _folder) = county::own();
    let mut nameless = dispute();
    nameless["properties"].as_object_mut().unwrap().remove("id");
    let key = [("Idempotency-Key", "a-key-of-the-phone")];
    let first = write(server, "POST", ITEMS, &key, &nameless);
    let second = write(server, "POST", ITEMS, &key, &nameless);
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.body, second.body);
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(get(server, ITEMS).json()["numberMatched"], 306);
    let other = write(server, "POST", ITEMS, &key, &dispute());
    assert_eq!((other.status, other.json()["type"].clone()), (422, "/problems/key-reused".into()));
}

#[test]
fn a_change_made_on_an_old_version_is_refused_with_the_newer_one_at_hand() {
    let (server, _folder) = county::own();
    let path = format!("{ITEMS}/D0001");
    let mut changed = get(server, &path).json();
    changed["properties"]["category"] = "邻里".into();
    let unnamed = write(server, "PUT", &path, &[], &changed);
    assert_eq!((unnamed.status, unnamed.json()["type"].clone()), (428, "/problems/version-required".into()));
    let first = write(server, "PUT", &path, &[("If-Match", "\"1\"")], &changed);
    assert_eq!((first.status, first.header("etag")), (200, Some("\"2\"")), "{}", first.text());
    let stale = write(server, "PUT", &path, &[("If-Match", "\"1\"")], &changed);
    assert_eq!(stale.status, 412);
    assert_snapshot!(stale.text(), @r#"{"detail":"it now has version 2","status":412,"title":"it has changed since","type":"/problems/stale","version":2}"#);
    let read = get(server, &path);
    assert_eq!((read.header("etag"), &read.json()["properties"]["category"]), (Some("\"2\""), &"邻里".into()));
    let stale = write(server, "DELETE", &path, &[("If-Match", "\"1\"")], &Value::Null);
    assert_eq!(stale.status, 412);
    assert_eq!(write(server, "DELETE", &path, &[("If-Match", "\"2\"")], &Value::Null).status, 204);
    assert_eq!(get(server, &path).status, 404);
}

#[test]
fn a_new_incident_is_in_the_numbers_at_once() {
    let (server, _folder) = county::own();
    let before = get(server, "/api/region").json();
    assert_eq!(write(server, "POST", ITEMS, &[], &dispute()).status, 201);
    let after = get(server, "/api/region").json();
    assert_eq!(before["incidents"][0]["n_reported"], 305);
    assert_eq!(after["incidents"][0]["n_reported"], 306);
}

#[test]
fn every_fault_of_an_incident_is_told_at_once() {
    let (server, _folder) = county::own();
    let bad = json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [34.88, 103.37]},
        "properties": {"id": "a b", "kind": "quarrel", "tier": "street", "reported_at": "yesterday", "colour": "red"},
    });
    let reply = write(server, "POST", ITEMS, &[], &bad);
    assert_eq!(reply.status, 400);
    let problem = reply.json();
    let mut pointers: Vec<&str> =
        problem["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    pointers.sort_unstable();
    assert_eq!(
        pointers,
        [
            "/geometry",
            "/properties/colour",
            "/properties/id",
            "/properties/kind",
            "/properties/reported_at",
            "/properties/tier"
        ]
    );
}

/// A table has texts alone, and its reader takes a number for one; a feature's values have types.
#[test]
fn a_value_of_another_type_is_refused_and_not_repeated() {
    let (server, _folder) = county::own();
    let refused = |member: &str, value: Value, pointer: &str| {
        let mut bad = dispute();
        match member {
            "type" | "id" | "geometry" | "properties" => bad[member] = value,
            _ => bad["properties"][member] = value,
        }
        let reply = write(server, "POST", ITEMS, &[], &bad);
        assert_eq!((reply.status, &reply.json()["errors"][0]["pointer"]), (400, &pointer.into()), "{}", reply.text());
        assert!(!reply.text().contains("13900000000"), "{}", reply.text());
    };
    refused("type", "FeatureCollection".into(), "/type");
    refused("id", true.into(), "/id");
    refused("id", "X2".into(), "/id");
    refused("geometry", Value::Null, "/geometry");
    refused("properties", Value::Null, "/properties");
    refused("text", 13_900_000_000_u64.into(), "/properties/text");
    refused("category", json!({"phone": "13900000000"}), "/properties/category");
    refused("stated_grid", 13_900_000_000_u64.into(), "/properties/stated_grid");
    refused("kind", json!(["dispute"]), "/properties/kind");
    refused("kind", " dispute".into(), "/properties/kind");
    refused("tier", "".into(), "/properties/tier");
    refused("reported_at", 20_250_115.into(), "/properties/reported_at");
    refused("steps", "receive".into(), "/properties/steps");
    refused("steps", json!([null]), "/properties/steps");
    let list = json!([dispute()]);
    assert_eq!(write(server, "POST", ITEMS, &[], &list).status, 400);
    let collection = json!({"type": "FeatureCollection", "features": [dispute()]});
    assert_eq!(write(server, "POST", ITEMS, &[], &collection).status, 400, "one at a time");
}

#[test]
fn a_time_that_rfc_3339_cannot_write_is_refused() {
    let (server, _folder) = county::own();
    for time in ["9999-12-31T23:59:59-10:00", "0000-01-01"] {
        let mut bad = dispute();
        bad["properties"]["reported_at"] = time.into();
        assert_eq!(write(server, "POST", ITEMS, &[], &bad).status, 400, "{time}");
    }
}
