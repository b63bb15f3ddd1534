//! What clients send in other spellings than ours: one thing asked in two ways has one answer.

use serde_json::Value;

use super::county;
use super::http::{Reply, get};

const PLACE: &str = "lon=103.373907&lat=34.88357";

fn faults(path: &str) -> Vec<Value> {
    let reply = get(county::open(), path);
    assert_eq!(reply.status, 400, "{path}: {}", reply.text());
    reply.json()["errors"].as_array().unwrap_or_else(|| panic!("{path}: {}", reply.text())).clone()
}

#[test]
fn a_slash_behind_an_address_changes_nothing() {
    let same = |path: &str, slashed: &str| {
        let bodies = [path, slashed].map(|path| {
            let reply = get(county::open(), path);
            assert_eq!(reply.status, 200, "{path}: {}", reply.text());
            reply.text().split("timeStamp").next().unwrap().to_owned()
        });
        assert_eq!(bodies[0], bodies[1], "{slashed}");
    };
    same("/api", "/api/");
    same("/api/collections", "/api/collections/");
    same("/api/collections/grids", "/api/collections/grids/");
    same("/api/collections/grids/items?limit=1", "/api/collections/grids/items/?limit=1");
    same(&format!("/api/locate?{PLACE}"), &format!("/api/locate/?{PLACE}"));
    assert_eq!(get(county::open(), "/api/nothing/").status, 404);
}

#[test]
fn a_plus_that_became_a_blank_is_hinted_at() {
    let faults = faults(&format!("/api/locate?{PLACE}&at=2024-06-01T08:00:00+08:00"));
    assert_eq!(faults[0]["parameter"], "at");
    assert!(faults[0]["detail"].as_str().unwrap().ends_with("; a + is written %2B in a query"), "{faults:?}");
}

#[test]
fn a_time_without_an_offset_is_the_regions_own() {
    let at = |time: &str| -> Value {
        let reply = get(county::open(), &format!("/api/locate?{PLACE}&at={time}"));
        assert_eq!(reply.status, 200, "{time}: {}", reply.text());
        reply.json()
    };
    let expected = at("2025-06-01T08:00:00%2B08:00");
    for same in ["2025-06-01T08:00", "2025-06-01%2008:00:00", "2025/6/1%208:00", "2025-06-01T00:00:00Z"] {
        assert_eq!(at(same), expected, "{same}");
    }
}

#[test]
fn what_the_region_has_not_is_refused_and_not_an_empty_list() {
    for (path, parameters) in [
        ("grids/items?level=vilage", &["level"][..]),
        ("grids/items?parent=nowhere", &["parent"]),
        ("grids/items?level=vilage&parent=nowhere", &["level", "parent"]),
        ("households/items?grid=nowhere", &["grid"]),
        ("households/items?grid=no%20where", &["grid"]),
        ("incidents/items?tier=nope", &["tier"]),
        ("incidents/items?status=nope", &["status"]),
        ("incidents/items?kind=nope", &["kind"]),
        ("duties/items?role=nope", &["role"]),
        ("service_points/items?kind=nope", &["kind"]),
    ] {
        let faults = faults(&format!("/api/collections/{path}"));
        let named: Vec<&str> = faults.iter().map(|fault| fault["parameter"].as_str().unwrap()).collect();
        assert_eq!(named, parameters, "{path}");
    }
    assert_eq!(faults("/api/hotspots?tier=nope")[0]["parameter"], "tier");
}

#[test]
fn a_table_opens_in_a_spreadsheet_with_its_names_right() {
    let begins = |reply: &Reply| reply.body.starts_with("\u{feff}".as_bytes());
    for path in ["coverage?level=grid", "hotspots?level=village", "collections/grids/items?limit=3"] {
        let join = if path.contains('?') { '&' } else { '?' };
        let table = get(county::open(), &format!("/api/{path}{join}f=csv"));
        assert!(begins(&table), "{path}: {:?}", &table.body[..20]);
        assert!(!begins(&get(county::open(), &format!("/api/{path}"))), "{path}: JSON has none (RFC 8259, 8.1)");
    }
    for collection in ["households", "holders", "duties", "service_points", "incidents"] {
        for limit in ["", "&limit=2"] {
            let table = get(county::open(), &format!("/api/collections/{collection}/items?f=csv{limit}"));
            assert!(begins(&table), "{collection}{limit}");
        }
    }
}
