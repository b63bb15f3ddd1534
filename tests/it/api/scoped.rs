//! A caller bounded by some areas: every answer is the whole answer without the rest.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use crate::backends::Database;
use gridmap::domain::{GridId, GridPath, Principal, Scope};
use gridmap::service::Gridmap;
use serde_json::{Value, json};

use super::county;
use super::http::{Reply, get, request};
use super::tiles::ids_in;

/// The two areas of the caller: a township, and a village of another one.
const AREAS: [&str; 2] = ["623021109", "623021100206"];
/// A township outside them.
const ELSEWHERE: &str = "623021101";

/// A server whose callers are bounded, one over the same data whose callers are not, and the ids of the grids inside.
struct Two {
    bounded: SocketAddr,
    open: SocketAddr,
    inside: BTreeSet<String>,
    _database: Database,
}

impl Two {
    async fn new() -> Self {
        let database = county::copy();
        let gridmap = Gridmap::open(database.open().await, Arc::new(county::now())).await.unwrap();
        let snapshot = gridmap.snapshot().unwrap();
        let (tree, mut inside, mut areas) = (snapshot.tree(), BTreeSet::new(), Vec::new());
        let id = |ix| -> GridId { snapshot.grid(ix).id.clone() };
        for area in AREAS {
            let ix = snapshot.by_code(area).unwrap();
            inside.extend(tree.subtree(ix).map(|ix| id(ix).to_string()));
            areas.extend(GridPath::new(snapshot.path(ix).into_iter().map(id).collect()));
        }
        assert!(inside.len() > 20 && inside.len() < tree.len() / 2);
        let bounded = Principal { scope: Scope::within(areas), ..Principal::open() };
        let app = county::app(gridmap, Principal::open());
        let (bounded, open) = (county::serve_app(app.seen_by(bounded)).await, county::serve_app(app).await);
        Self { bounded, open, inside, _database: database }
    }

    fn both(&self, path: &str) -> (Reply, Reply) {
        let (bounded, open) = (get(self.bounded, path), get(self.open, path));
        assert_eq!((bounded.status, open.status), (200, 200), "{path}: {}", bounded.text());
        (bounded, open)
    }

    /// The rows of a table, and of the whole one those whose `column` names a grid inside.
    fn tables(&self, path: &str, column: &str) -> (Vec<String>, Vec<String>) {
        let (bounded, open) = self.both(path);
        let rows = |reply: &Reply, keep: &dyn Fn(&str) -> bool| {
            let mut lines = csv(&reply.text()).into_iter();
            let head = lines.next().unwrap();
            let at = head.iter().position(|name| name == column).unwrap();
            lines.filter(|row| keep(&row[at])).map(|row| row.join(",")).collect()
        };
        (rows(&bounded, &|_| true), rows(&open, &|grid| self.inside.contains(grid)))
    }
}

/// The lines of a table without quotes, of which the demo county has none.
fn csv(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn without_time(reply: &Reply) -> Value {
    let mut body = reply.json();
    body.as_object_mut().unwrap().remove("timeStamp");
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_counts_are_those_of_the_areas() {
    let two = Two::new().await;
    let tables = [
        ("grids", "id"),
        ("households", "grid"),
        ("incidents", "grid"),
        ("service_points", "grid"),
        ("duties", "grid"),
    ];
    for (collection, column) in tables {
        let (bounded, expected) = two.tables(&format!("/api/collections/{collection}/items?f=csv"), column);
        assert!(!expected.is_empty(), "{collection}");
        assert_eq!(bounded, expected, "{collection}");
        let page = get(two.bounded, &format!("/api/collections/{collection}/items?limit=3")).json();
        assert_eq!(page["numberMatched"], expected.len(), "{collection}");
        assert_eq!(page["numberReturned"], 3.min(expected.len()), "{collection}");
    }
    let (bounded, expected) = two.tables("/api/collections/incidents/items?f=csv&status=open", "grid");
    assert_eq!(bounded, expected);
    let elsewhere = get(two.bounded, &format!("/api/collections/households/items?grid={ELSEWHERE}")).json();
    assert_eq!(elsewhere["numberMatched"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_outside_is_not_there() {
    let two = Two::new().await;
    for (collection, column) in [("grids", "id"), ("households", "grid"), ("incidents", "grid"), ("duties", "grid")] {
        let rows = csv(&get(two.open, &format!("/api/collections/{collection}/items?f=csv")).text());
        let at = rows[0].iter().position(|name| name == column).unwrap();
        let (inside, outside): (Vec<_>, Vec<_>) = rows[1..].iter().partition(|row| two.inside.contains(&row[at]));
        let item = |id: &str| format!("/api/collections/{collection}/items/{id}");
        let (bounded, open) = two.both(&item(&inside[0][0]));
        let linkless = |reply: &Reply| {
            let mut feature = reply.json();
            feature.as_object_mut().unwrap().remove("links").expect("they name the server that was asked");
            feature
        };
        assert_eq!(linkless(&bounded), linkless(&open), "{collection}");
        let none = get(two.bounded, &item("no-such-thing"));
        let hidden = get(two.bounded, &item(&outside[0][0]));
        assert_eq!((hidden.status, hidden.text()), (404, none.text()), "{collection}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_values_are_told_inside_only() {
    let two = Two::new().await;
    let (bounded, open) = two.both("/api/collections/holders/items?f=csv");
    let (bounded, open) = (csv(&bounded.text()), csv(&open.text()));
    assert_eq!((&bounded[0], bounded.len()), (&open[0], open.len()));
    let phone = open[0].iter().position(|name| name == "phone").unwrap();
    assert!(open[1..].iter().any(|row| !row[phone].is_empty()));
    for (bounded, open) in bounded[1..].iter().zip(&open[1..]) {
        assert_eq!(bounded[phone], "", "a holder stands in no grid");
        assert_eq!(bounded[..phone], open[..phone]);
    }
    for point in ["lon=103.6187147&lat=34.5703125", "lon=103.3739&lat=34.8836"] {
        for query in [point.to_owned(), format!("{point}&accuracy_m=500")] {
            let (bounded, open) = two.both(&format!("/api/locate?{query}"));
            let (bounded, mut open) = (bounded.json(), open.json());
            assert!(open.to_string().contains("\"phone\":"));
            without_phones(&mut open);
            assert_eq!(bounded, open, "who answers for a point is nothing personal, by which telephone is");
        }
    }
}

fn without_phones(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("phone");
            members.values_mut().for_each(without_phones);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_phones),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_what_is_inside_and_no_person() {
    let two = Two::new().await;
    let (bounded, open) = two.both("/api/search?q=6230&limit=50");
    let ids = |reply: &Reply| -> Vec<String> {
        let grids = reply.json()["grids"].as_array().unwrap().clone();
        grids.iter().map(|grid| grid["id"].as_str().unwrap().to_owned()).collect()
    };
    assert!(ids(&open).iter().any(|id| !two.inside.contains(id)));
    assert!(!ids(&bounded).is_empty() && ids(&bounded).iter().all(|id| two.inside.contains(id)));
    let (bounded, open) = two.both("/api/search?q=W0001");
    assert_eq!((&bounded.json()["holders"], open.json()["holders"].as_array().map(Vec::len)), (&json!([]), Some(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_those_of_the_areas() {
    let two = Two::new().await;
    for path in ["/api/coverage?level=village", "/api/hotspots?level=village&by=week", "/api/hotspots?level=group"] {
        let (bounded, open) = two.both(path);
        let (bounded, open) = (bounded.json(), open.json());
        let is_inside = |row: &&Value| two.inside.contains(row["id"].as_str().unwrap());
        let expected: Vec<&Value> = open["rows"].as_array().unwrap().iter().filter(is_inside).collect();
        let n_reported = |row: &Value| {
            let figure = if path.contains("coverage") { &row["figures"]["incidents"] } else { &row["incidents"] };
            figure["numerator"].as_u64().unwrap()
        };
        let rows: Vec<&Value> = bounded["rows"].as_array().unwrap().iter().collect();
        let named = |rows: &[&Value]| rows.iter().map(|row| (row["id"].clone(), n_reported(row))).collect::<Vec<_>>();
        assert_eq!(named(&rows), named(&expected), "{path}");
        assert_eq!(n_reported(&bounded["total"]), expected.iter().map(|row| n_reported(row)).sum::<u64>(), "{path}");
    }
    let hidden = get(two.bounded, &format!("/api/coverage?parent={ELSEWHERE}"));
    let none = get(two.bounded, "/api/coverage?parent=nowhere");
    assert_eq!((hidden.status, none.status), (400, 400));
    assert_eq!(hidden.text().replace(ELSEWHERE, "nowhere"), none.text());
    let region = get(two.bounded, "/api/region").json();
    let (homes, _) = two.tables("/api/collections/households/items?f=csv", "grid");
    assert_eq!(region["households"]["n_inside"], homes.len());
    assert_eq!(region["households"]["n_outside"], Value::Null);
    let (incidents, _) = two.tables("/api/collections/incidents/items?f=csv", "grid");
    let told = region["incidents"].as_array().unwrap().iter().map(|kind| kind["n_reported"].as_u64().unwrap());
    assert_eq!(told.sum::<u64>(), incidents.len() as u64);
}

/// The tile of zoom 10 around an incident inside.
fn tile_of(two: &Two) -> String {
    let incidents = csv(&get(two.bounded, "/api/collections/incidents/items?f=csv").text());
    let number = |name: &str| -> f64 {
        let at = incidents[0].iter().position(|column| column == name).unwrap();
        incidents[1][at].parse().unwrap()
    };
    let across = (number("lon") + 180.0) / 360.0;
    let down = 0.5 - number("lat").to_radians().tan().asinh() / std::f64::consts::TAU;
    format!("10/{:.0}/{:.0}", (down * 1024.0).floor(), (across * 1024.0).floor())
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_show_the_areas_and_no_shared_cache_keeps_them() {
    let two = Two::new().await;
    let inside: BTreeSet<String> = ["households", "incidents"]
        .iter()
        .flat_map(|collection| {
            let (rows, _) = two.tables(&format!("/api/collections/{collection}/items?f=csv"), "grid");
            rows.into_iter().map(|row| row.split(',').next().unwrap().to_owned()).collect::<Vec<_>>()
        })
        .chain(two.inside.iter().cloned())
        .collect();
    let address = tile_of(&two);
    for (collection, level) in [("grids", "level=village"), ("incidents", "")] {
        let path = format!("/api/collections/{collection}/tiles/WebMercatorQuad/{address}?{level}");
        let (bounded, open) = two.both(&path);
        let expected: Vec<String> = ids_in(&open).into_iter().filter(|id| inside.contains(id)).collect();
        assert!(!expected.is_empty() && expected.len() < ids_in(&open).len(), "{collection}");
        assert_eq!(ids_in(&bounded), expected, "{collection}");
        assert_ne!(bounded.header("etag"), open.header("etag"), "{collection}");
        let tag = bounded.header("etag").unwrap();
        let revision = tag.trim_start_matches("W/").trim_matches('"');
        let named = get(two.bounded, &format!("{path}&revision={revision}"));
        assert!(named.header("cache-control").unwrap().starts_with("private"), "{collection}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn incidents_are_written_inside_only() {
    let two = Two::new().await;
    let items = "/api/collections/incidents/items";
    let rows = csv(&get(two.open, &format!("{items}?f=csv")).text());
    let column = |name: &str| rows[0].iter().position(|column| column == name).unwrap();
    let is_inside = |row: &&Vec<String>| two.inside.contains(&row[column("grid")]);
    let inside = rows[1..].iter().find(is_inside).unwrap();
    let outside = rows[1..].iter().find(|row| !is_inside(row)).unwrap();
    let feature = |row: &Vec<String>| {
        let (lon, lat) = (&row[column("lon")], &row[column("lat")]);
        format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{lon},{lat}]}},"properties":{{"kind":"hazard"}}}}"#
        )
    };
    let send = |method, path: &str, body: &str| {
        let headers = [("Content-Type", "application/geo+json"), ("If-Match", "\"1\"")];
        request(two.bounded, method, path, &headers, body.as_bytes())
    };
    let posted = send("POST", items, &feature(outside));
    assert_eq!((posted.status, posted.json()["type"].clone()), (403, "/problems/read-only".into()));
    assert_eq!(send("POST", items, &feature(inside)).status, 201);
    for method in ["PUT", "DELETE"] {
        let body = if method == "PUT" {
            feature(inside).replace("hazard", "hazard\",\"reported_at\":\"2024-06-01T00:00:00Z")
        } else {
            String::new()
        };
        assert_eq!(send(method, &format!("{items}/{}", outside[0]), &body).status, 404, "{method}");
        assert_eq!(get(two.open, &format!("{items}/{}", outside[0])).status, 200, "{method}");
    }
    assert_eq!(send("DELETE", &format!("{items}/{}", inside[0]), "").status, 204);
    let (bounded, open) = two.both(items);
    assert_ne!(without_time(&bounded), without_time(&open));
}
