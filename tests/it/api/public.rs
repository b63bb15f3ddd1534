//! What the public is shown, and what it is not.

use std::collections::BTreeMap;

use serde_json::Value;

use super::county;
use super::http::{get, request};
use crate::locate::world::rows;

/// A list of incidents would tell how few there are of whatever it is narrowed by, so the public gets none, however it asks;
/// and the answer is the same whether there are any or not.
#[test]
fn homes_and_incidents_are_refused() {
    let ways = [
        "",
        "/items",
        "/items?limit=1",
        "/items?f=csv",
        "/items?bbox=103.2,34.5,104,35",
        "/items/H00001",
        "/items/D0001",
        "/items/none",
    ];
    let narrowed = ["kind=unrest", "grid=623021100", "status=open&tier=village", "datetime=2025-03-01/2025-03-31"];
    let narrowed = narrowed.map(|query| format!("/items?{query}&limit=1"));
    for collection in ["households", "incidents"] {
        for path in ways.into_iter().chain(narrowed.iter().map(String::as_str)) {
            let path = format!("/api/collections/{collection}{path}");
            let reply = get(county::public(), &path);
            assert_eq!((reply.status, reply.json()["type"].clone()), (403, "/problems/personal-data".into()), "{path}");
        }
        let listed = get(county::public(), "/api/collections").text();
        assert!(
            !listed.contains(&format!("/collections/{collection}")),
            "a reader of all collections must not stumble over one"
        );
        assert!(!get(county::public(), "/api/openapi").text().contains(&format!("/collections/{collection}")));
    }
}

#[test]
fn telephones_are_left_out() {
    let holder = get(county::public(), "/api/collections/holders/items/W0001").json();
    assert_eq!(holder["properties"]["name"], "李某0001");
    for path in ["holders/items?limit=10000", "holders/items?f=csv"] {
        let body = get(county::public(), &format!("/api/collections/{path}")).text();
        assert!(!body.contains("phone") && !body.contains("000-0"), "{path}");
    }
}

/// However it is asked: from a kept answer, in full, with candidates, on another day, or many at once.
#[test]
fn no_answer_to_the_public_has_a_telephone() {
    let home = "lon=103.230908&lat=34.940389";
    for more in ["", "", "&accuracy_m=10", "&category=%E5%A9%9A%E5%A7%BB", "&at=2024-06-01", "&f=json"] {
        let path = format!("/api/locate?{home}{more}");
        let [public, open] = [county::public(), county::open()].map(|server| get(server, &path).text());
        assert!(open.contains("\"phone\":\"000-0"), "{path}: {open}");
        assert!(!public.contains("phone") && !public.contains("000-0"), "{path}");
    }
    let rows = br#"[{"lon":103.230908,"lat":34.940389,"accuracy_m":10}]"#;
    for server in [county::public(), county::open()] {
        let reply = request(server, "POST", "/api/locate", &[("Content-Type", "application/json")], rows);
        assert!(reply.status == 200 && !reply.text().contains("000-0"), "answers to many have no telephones");
    }
}

/// The truth is what the file of the homes says, counted here.
#[test]
fn counts_of_homes_are_rounded_down_and_only_small_ones_are_withheld() {
    let mut homes: BTreeMap<String, u64> = BTreeMap::new();
    for home in rows("houses.csv") {
        *homes.entry(home[4].clone()).or_default() += 1;
    }
    let counts = |server| -> BTreeMap<String, Option<u64>> {
        let grids = get(server, "/api/collections/grids/items?level=group&limit=10000").json();
        let count = |grid: &Value| {
            let code = grid["properties"]["code"].as_str().unwrap().to_owned();
            (code, grid["properties"]["n_households"].as_u64())
        };
        grids["features"].as_array().unwrap().iter().map(count).collect()
    };
    let (shown, all) = (counts(county::public()), counts(county::open()));
    let truth = |code: &String| homes.get(code).copied().unwrap_or(0);
    assert!(shown.len() == 1_995 && all.iter().all(|(code, n)| *n == Some(truth(code))), "{} groups", shown.len());
    assert!(shown.iter().all(|(code, n)| *n == Some(truth(code) / 5 * 5).filter(|n| *n > 0)));
    let n_told = shown.values().flatten().count();
    let n_withheld = shown.len() - n_told;
    assert!(n_withheld > 0 && n_told > 9 * n_withheld, "{n_told} told, {n_withheld} withheld");
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
