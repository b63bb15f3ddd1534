//! What is called so: grids for everyone, persons for whoever may know their telephones.

use std::net::SocketAddr;

use gridmap::index::names::{NameEntry, NameIndex};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::county;
use super::http::get;

fn search(server: SocketAddr, q: &str) -> Value {
    let reply = get(server, &format!("/api/search?q={}", utf8_percent_encode(q, NON_ALPHANUMERIC)));
    assert_eq!(reply.status, 200, "{q}: {}", reply.text());
    reply.json()
}

fn codes(found: &Value) -> Vec<&str> {
    found["grids"].as_array().unwrap().iter().map(|grid| grid["code"].as_str().unwrap()).collect()
}

#[test]
fn a_grid_is_found_by_code_name_pinyin_initials_and_traditional_characters() {
    for server in [county::open(), county::public()] {
        for q in ["623021100", "城关镇", "城關鎮", "chengguanzhen", "cheng guan", "CGZ", "cgz", " 城 关 镇 "] {
            assert_eq!(codes(&search(server, q))[0], "623021100", "{q}");
        }
        let found = search(server, "623021100002001");
        assert_eq!(codes(&found)[0], "623021100002001", "a whole code before those that begin with it");
        let above: Vec<&str> =
            found["grids"][0]["above"].as_array().unwrap().iter().map(|grid| grid["code"].as_str().unwrap()).collect();
        assert_eq!(above, ["623021", "623021100", "623021100002"]);
        assert_eq!(codes(&search(server, "nowhere")), [""; 0]);
        assert_eq!(codes(&search(server, "")), [""; 0]);
    }
}

#[test]
fn whoever_may_know_telephones_finds_persons_by_name_and_post() {
    let server = county::open();
    for q in ["李某0001", "李某０００１", "limou0001", "lm0001"] {
        let holder = &search(server, q)["holders"][0];
        assert_eq!((&holder["id"], &holder["phone"]), (&"W0001".into(), &"000-0000-0001".into()), "{q}");
        assert_eq!((&holder["role"], &holder["grid"]["code"]), (&"grid_leader".into(), &"623021100002001".into()));
    }
    let leaders = search(server, "网格长 623021100002001");
    assert_eq!(leaders["holders"][0]["id"], "W0001");
    let mediators = search(server, "调解员 城关镇");
    let mediators = mediators["holders"].as_array().unwrap();
    assert!(!mediators.is_empty() && mediators.iter().all(|one| one["role"] == "mediator"), "{mediators:?}");
}

#[test]
fn the_public_finds_no_person() {
    for q in ["李某0001", "W0001", "limou0001", "网格长 623021100002001", "调解员 城关镇", "000-0000-0001", "李"]
    {
        let text = search(county::public(), q).to_string();
        assert!(text.contains(r#""holders":[]"#) && !text.contains("某") && !text.contains("000-0"), "{q}: {text}");
    }
}

#[test]
fn a_senseless_search_is_refused_by_place() {
    let server = county::open();
    for (query, place) in [("", "q"), ("q=a&limit=0", "limit"), ("q=a&limit=51", "limit"), ("q=a&name=b", "name")] {
        let reply = get(server, &format!("/api/search?{query}"));
        assert_eq!((reply.status, &reply.json()["errors"][0]["parameter"]), (400, &place.into()), "{query}");
    }
    assert_eq!(get(server, &format!("/api/search?q={}", "a".repeat(201))).status, 400);
    assert_eq!(codes(&get(server, "/api/search?q=623021&limit=50").json()).len(), 50);
}

/// What is written on the map, and the same typed on another keyboard.
#[test]
fn a_name_is_found_however_it_is_typed() {
    let case = std::fs::read_to_string("fixtures/cases/14-name-search/grids.geojson").unwrap();
    let grids: Value = serde_json::from_str(&case).unwrap();
    let grids = grids["features"].as_array().unwrap();
    let mut names = NameIndex::default();
    for (order, grid) in (0..).zip(grids) {
        let text = |name: &str| grid["properties"][name].as_str().unwrap();
        names.add(NameEntry { code: text("code"), name: text("name"), order, ..NameEntry::default() });
    }
    for (typed, code) in [
        ("第１网格", "99000101"),
        ("第1网格", "99000101"),
        ("１网格", "99000101"),
        ("\u{fa10}村一组", "99000102"),
        ("塚村一组", "99000102"),
        ("Ａ座", "99000201"),
        ("a座", "99000201"),
        ("Cafe\u{301} 街", "99000202"),
        ("Caf\u{e9} 街", "99000202"),
        ("９９０００２０２", "99000202"),
        ("yizu", "99000102"),
    ] {
        let found: Vec<&Value> =
            names.find(typed, 8, |_| true).into_iter().map(|at| &grids[at]["properties"]).collect();
        assert!(found.len() == 1 && found[0]["code"] == code, "{typed}: {found:?}");
    }
}
