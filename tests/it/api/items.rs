//! Items: every feature once, narrowed by place, time and property, in both forms.

use std::collections::HashSet;
use std::io::Read as _;
use std::net::SocketAddr;

use geo::{Intersects, LineString, MultiPolygon, Polygon, Rect};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::county;
use super::http::{Reply, get, request};

/// Follows the next links from `path` on, and returns the ids in order and the size of each page.
fn all_pages(server: SocketAddr, path: &str) -> (Vec<String>, Vec<usize>) {
    let (mut ids, mut sizes, mut next) = (Vec::new(), Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let page = get(server, &path).json();
        let features = page["features"].as_array().unwrap();
        assert_eq!(page["numberReturned"], features.len());
        ids.extend(features.iter().map(|f| f["id"].as_str().unwrap().to_owned()));
        sizes.push(features.len());
        let links = page["links"].as_array().unwrap();
        next = links
            .iter()
            .find(|link| link["rel"] == "next")
            .map(|link| link["href"].as_str().unwrap().split_once(&server.to_string()).unwrap().1.to_owned());
        if next.is_none() {
            assert_eq!(page["numberMatched"], ids.len(), "{path}");
        }
    }
    (ids, sizes)
}

#[test]
fn paging_gives_every_home_once_and_no_empty_last_page() {
    let (ids, sizes) = all_pages(county::open(), "/api/collections/households/items?limit=5000");
    assert_eq!(sizes, [5000; 10]);
    let distinct: HashSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), 50_000);
    assert!(ids.is_sorted());
}

#[test]
fn pages_of_any_size_give_the_same_grids() {
    let path = "/api/collections/grids/items?level=village&limit=";
    for (limit, n_pages) in [(1, 147), (49, 3), (50, 3), (147, 1), (10_000, 1), (99_999_999, 1)] {
        let (ids, sizes) = all_pages(county::open(), &format!("{path}{limit}"));
        assert_eq!((ids.len(), sizes.len()), (147, n_pages), "limit {limit}");
    }
}

#[test]
fn a_limit_above_the_most_is_capped() {
    let page = get(county::open(), "/api/collections/households/items?limit=1000000").json();
    assert_eq!((&page["numberReturned"], &page["numberMatched"]), (&10_000.into(), &50_000.into()));
    assert_eq!(page["links"][1]["rel"], "next");
}

fn n_matched(path: &str) -> u64 {
    let reply = get(county::open(), &format!("/api/collections/{path}"));
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()["numberMatched"].as_u64().unwrap()
}

#[test]
fn properties_narrow_a_list() {
    for (path, n) in [
        ("grids/items?level=township", 16),
        ("grids/items?parent=623021&level=township", 16),
        ("grids/items?parent=623021&level=village", 0),
        ("grids/items?code=623021100", 1),
        ("grids/items?name=%E5%9F%8E%E5%85%B3%E9%95%87", 1),
        ("incidents/items?status=resolved", 291),
        ("incidents/items?status=open", 14),
        ("incidents/items?kind=dispute&tier=county&status=resolved", 18),
        ("incidents/items?kind=hazard", 0),
        ("duties/items?role=grid_leader", 770),
        ("duties/items?holder=W0001", 1),
        ("duties/items?grid=623021", 770 + 147 + 587),
        ("duties/items?grid=623021100", 190),
        ("holders/items?kind=body", 147),
        ("holders/items?body=C001", 5),
        ("service_points/items?kind=court_station", 16),
        ("households/items?grid=623021", 50_000),
        ("households/items?grid=62302110000200101", 16),
    ] {
        assert_eq!(n_matched(path), n, "{path}");
    }
}

#[test]
fn the_homes_of_a_township_are_those_that_its_grids_count() {
    let townships = get(county::open(), "/api/collections/grids/items?level=township").json();
    for township in townships["features"].as_array().unwrap() {
        let code = township["properties"]["code"].as_str().unwrap();
        let n = n_matched(&format!("households/items?limit=1&grid={code}"));
        assert_eq!(township["properties"]["n_households"], n, "{code}");
    }
}

#[test]
fn a_box_narrows_by_place() {
    let all = "103.2,34.5,104,35";
    for (path, n) in [
        (format!("grids/items?bbox={all}"), 2929),
        (format!("households/items?bbox={all}"), 50_000),
        ("households/items?bbox=103.2,34.5,-10,104,35,9000&grid=62302110000200101".into(), 16),
        ("households/items?bbox=103.299999999999997,34,103.3,34".into(), 0),
        ("grids/items?bbox=170,34,-170,35".into(), 0),
        ("grids/items?bbox=170,34,104,35&level=county".into(), 1),
        ("service_points/items?bbox=103.385675,34.844376,103.385675,34.844376".into(), 1),
        ("duties/items?bbox=103.2,34.5,104,35".into(), 0),
    ] {
        assert_eq!(n_matched(&path), n, "{path}");
    }
}

#[test]
fn a_box_finds_the_grid_of_a_home_at_every_level() {
    let homes = get(county::open(), "/api/collections/households/items?limit=20&after=H25000").json();
    for home in homes["features"].as_array().unwrap() {
        let at = &home["geometry"]["coordinates"];
        let (lon, lat) = (at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
        let found = get(county::open(), &format!("/api/collections/grids/items?bbox={lon},{lat},{lon},{lat}")).json();
        let codes: Vec<&str> =
            found["features"].as_array().unwrap().iter().map(|f| f["properties"]["code"].as_str().unwrap()).collect();
        let group = home["properties"]["stated_grid"].as_str().unwrap();
        let expected = [6, 9, 12, 15, 17].map(|digits| &group[..digits]);
        assert_eq!(codes, expected);
    }
}

#[test]
fn whatever_narrows_the_grids_finds_those_that_a_look_at_every_grid_finds() {
    let all = get(county::open(), "/api/collections/grids/items?limit=10000").json();
    let grids: Vec<(&Value, MultiPolygon)> =
        all["features"].as_array().unwrap().iter().map(|grid| (grid, ground_of(grid))).collect();
    let text = |grid: &Value, name: &str| grid["properties"][name].as_str().unwrap_or_default().to_owned();
    let boxes = [
        [103.21, 34.61, 103.42, 34.87],
        [103.301, 34.801, 103.3012, 34.8012],
        [103.0, 34.0, 105.0, 36.0],
        [10.0, 10.0, 11.0, 11.0],
    ];
    let (mut n_asked, mut n_found) = (0, 0);
    for (chosen, _) in grids.iter().step_by(271) {
        for bbox in boxes.iter().map(Some).chain([None]) {
            for (by_code, by_parent, by_level) in (0..8).map(|n| (n & 1 > 0, n & 2 > 0, n & 4 > 0)) {
                let (code, parent, level) = (text(chosen, "code"), text(chosen, "parent"), text(chosen, "level"));
                if by_parent && parent.is_empty() {
                    continue; // No filter finds what has no parent.
                }
                let expected = grids.iter().filter(|(grid, ground)| {
                    (!by_code || text(grid, "code") == code)
                        && (!by_parent || text(grid, "parent") == parent)
                        && (!by_level || text(grid, "level") == level)
                        && bbox.is_none_or(|[w, s, e, n]| ground.intersects(&Rect::new((*w, *s), (*e, *n))))
                });
                let expected: Vec<&str> = expected.map(|(grid, _)| grid["id"].as_str().unwrap()).collect();
                let words = [("code", by_code, &code), ("parent", by_parent, &parent), ("level", by_level, &level)];
                let words = words.into_iter().filter(|(_, is_asked, _)| *is_asked);
                let words = words.map(|(name, _, value)| format!("&{name}={value}"));
                let bbox = bbox.map(|[w, s, e, n]| format!("&bbox={w},{s},{e},{n}"));
                let narrowed: String = words.chain(bbox).collect();
                let path = format!("/api/collections/grids/items?limit=1500{narrowed}");
                assert_eq!(all_pages(county::open(), &path).0, expected, "{path}");
                (n_asked, n_found) = (n_asked + 1, n_found + expected.len());
            }
        }
    }
    assert!(n_asked > 300 && n_found > 10_000, "{n_asked} asked, {n_found} found");
}

fn ground_of(grid: &Value) -> MultiPolygon {
    let ring = |ring: &Value| -> LineString {
        let at = |position: &Value| (position[0].as_f64().unwrap(), position[1].as_f64().unwrap());
        ring.as_array().unwrap().iter().map(at).collect()
    };
    let polygon = |rings: &Value| {
        let mut rings = rings.as_array().unwrap().iter().map(ring);
        Polygon::new(rings.next().unwrap(), rings.collect())
    };
    let coordinates = &grid["geometry"]["coordinates"];
    match grid["geometry"]["type"].as_str().unwrap() {
        "Polygon" => MultiPolygon(vec![polygon(coordinates)]),
        _ => coordinates.as_array().unwrap().iter().map(polygon).collect(),
    }
}

#[test]
fn time_narrows_what_has_time_and_is_ignored_elsewhere() {
    let day = n_matched("incidents/items?datetime=2024-01-02");
    let before = n_matched("incidents/items?datetime=../2024-01-02T23:59:59%2B08:00");
    assert_eq!((day, before), (1, 1));
    assert_eq!(n_matched("incidents/items?datetime=2024-01-01/.."), 305);
    assert_eq!(
        n_matched("incidents/items?datetime=2024-07-01/2024-12-31"),
        305 - n_matched("incidents/items?datetime=/2024-06-30")
    );
    assert_eq!(n_matched("incidents/items?datetime=2024-01-02T05:25:00Z"), 1);
    assert_eq!(n_matched("duties/items?role=grid_leader&datetime=2020-01-01T00:00:00Z"), 770);
    assert_eq!(n_matched("households/items?datetime=1990-01-01T00:00:00Z"), 50_000);
}

#[test]
fn the_ground_of_another_day_is_another_ground() {
    let grids = "/api/collections/grids/items?limit=1";
    assert_eq!(get(county::open(), &format!("{grids}&at=2024-03-03")).json()["numberMatched"], 2929);
    let before = get(county::open(), &format!("{grids}&at=2023-03-03"));
    assert_eq!(before.status, 404, "no ground was in force then");
    assert_eq!(before.json()["type"], "/problems/no-ground-then");
    assert_eq!(before.json()["earliest"], "2023-12-31T16:00:00Z", "by the region's own clock 2024 has begun");
    let unknown = get(county::open(), &format!("{grids}&at=2024-03-03&known_at=2024-03-05"));
    assert_eq!(unknown.status, 404, "it was recorded only later");
    assert_eq!(unknown.json()["earliest"], serde_json::Value::Null);
}

#[test]
fn features_look_like_this() {
    let here = county::open().to_string();
    let one = |path: &str| get(county::open(), &format!("/api/collections/{path}")).text().replace(&here, "HERE");
    assert_snapshot!(one("holders/items/W0001"), @r#"{"type":"Feature","id":"W0001","geometry":null,"properties":{"id":"W0001","kind":"person","name":"李某0001","body":null,"lon":null,"lat":null,"phone":"000-0000-0001"},"links":[{"rel":"self","type":"application/geo+json","href":"http://HERE/api/collections/holders/items/W0001"},{"rel":"collection","type":"application/json","href":"http://HERE/api/collections/holders"}]}"#);
    assert_snapshot!(one("service_points/items/J01"), @r#"{"type":"Feature","id":"J01","geometry":{"type":"Point","coordinates":[103.385675,34.844376]},"properties":{"id":"J01","kind":"court_station","name":"城关镇法官工作站","lon":103.385675,"lat":34.844376,"stated_grid":"623021100","grid":"62302110020300101"},"links":[{"rel":"self","type":"application/geo+json","href":"http://HERE/api/collections/service_points/items/J01"},{"rel":"collection","type":"application/json","href":"http://HERE/api/collections/service_points"}]}"#);
    assert_snapshot!(one("households/items/H00001"), @r#"{"type":"Feature","id":"H00001","geometry":{"type":"Point","coordinates":[103.373907,34.88357]},"properties":{"id":"H00001","lon":103.373907,"lat":34.88357,"residents":2,"stated_grid":"62302110000200101","grid":"62302110000200101","address":null,"phone":null},"links":[{"rel":"self","type":"application/geo+json","href":"http://HERE/api/collections/households/items/H00001"},{"rel":"collection","type":"application/json","href":"http://HERE/api/collections/households"}]}"#);
    assert_snapshot!(one("incidents/items/D0001"), @r#"{"type":"Feature","id":"D0001","geometry":{"type":"Point","coordinates":[103.7784,34.796228]},"properties":{"id":"D0001","kind":"dispute","category":"婚姻家庭","tier":"group","status":"resolved","lon":103.7784,"lat":34.796228,"stated_grid":"62302110320300102","grid":"62302110320300102","reported_at":"2024-01-02T05:25:00Z","registered_at":"2024-01-02T13:44:00Z","assigned_at":null,"handled_at":null,"supervised_at":null,"resolved_at":"2024-01-03T05:44:00Z","rated_at":null,"return_visit_at":null,"archived_at":null,"steps":[{"kind":"receive","at":"2024-01-02T05:25:00Z","by":null},{"kind":"register","at":"2024-01-02T13:44:00Z","by":null},{"kind":"resolve","at":"2024-01-03T05:44:00Z","by":null}],"text":null},"links":[{"rel":"self","type":"application/geo+json","href":"http://HERE/api/collections/incidents/items/D0001"},{"rel":"collection","type":"application/json","href":"http://HERE/api/collections/incidents"}]}"#);
    assert_snapshot!(one("duties/items/grid_leader.623021100002001.W0001"), @r#"{"type":"Feature","id":"grid_leader.623021100002001.W0001","geometry":null,"properties":{"id":"grid_leader.623021100002001.W0001","holder":"W0001","role":"grid_leader","grid":"623021100002001","deputy":null,"categories":[],"from":null,"to":null},"links":[{"rel":"self","type":"application/geo+json","href":"http://HERE/api/collections/duties/items/grid_leader.623021100002001.W0001"},{"rel":"collection","type":"application/json","href":"http://HERE/api/collections/duties"}]}"#);
    let group = get(county::open(), "/api/collections/grids/items/62302110000200101").json();
    assert_snapshot!(group["properties"], @r#"{"area_m2":2228078.6,"code":"62302110000200101","id":"62302110000200101","level":"group","n_households":16,"name":null,"parent":"623021100002001"}"#);
}

/// OGC API - Features, part 1, 7.16.2: a feature on its own says where it is and to what it belongs.
#[test]
fn a_feature_links_to_itself_as_it_was_asked_for_and_to_its_collection() {
    let item = "/api/collections/grids/items/62302110000200101";
    let asked = format!("{item}?f=json&at=2024-06-01");
    let links = get(county::open(), &asked).json()["links"].clone();
    let links: Vec<_> =
        links.as_array().unwrap().iter().map(|link| (&link["rel"], link["href"].as_str().unwrap())).collect();
    let here = format!("http://{}", county::open());
    let [this, collection] = [format!("{here}{asked}"), format!("{here}/api/collections/grids")];
    assert_eq!(links, [(&json!("self"), this.as_str()), (&json!("collection"), collection.as_str())]);
    assert_eq!(get(county::open(), &this[here.len()..]).json()["id"], "62302110000200101");
}

#[test]
fn rings_run_by_the_right_hand_rule() {
    let grids = get(county::open(), "/api/collections/grids/items?limit=10000").json();
    let area = |ring: &Value| -> f64 {
        let points: Vec<(f64, f64)> =
            ring.as_array().unwrap().iter().map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap())).collect();
        assert_eq!(points.first(), points.last(), "a ring is closed");
        points.windows(2).map(|w| (w[0].0 - 103.0) * (w[1].1 - 34.0) - (w[1].0 - 103.0) * (w[0].1 - 34.0)).sum()
    };
    for grid in grids["features"].as_array().unwrap() {
        let geometry = &grid["geometry"];
        let polygons = match geometry["type"].as_str().unwrap() {
            "Polygon" => vec![geometry["coordinates"].clone()],
            _ => geometry["coordinates"].as_array().unwrap().clone(),
        };
        for polygon in polygons {
            for (at, ring) in polygon.as_array().unwrap().iter().enumerate() {
                assert_eq!(area(ring) > 0.0, at == 0, "{} ring {at}", grid["id"]);
            }
        }
    }
}

#[test]
fn tables_come_whole_unless_a_page_is_asked_for() {
    let csv = [("Accept", "text/csv")];
    let whole = request(county::open(), "GET", "/api/collections/households/items", &csv, b"");
    assert_eq!(whole.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(whole.text().lines().count(), 50_001);
    assert!(whole.text().starts_with("id,lon,lat,residents,stated_grid,grid,address,phone\r\nH00001,103.373907,"));
    let page = get(county::open(), "/api/collections/grids/items?f=csv&limit=2&level=village");
    assert_eq!(page.text().lines().count(), 3);
    let next = page.header("link").unwrap();
    assert!(next.ends_with("&after=623021100003>; rel=\"next\""), "{next}");
    let page = get(county::open(), "/api/collections/incidents/items?f=csv&limit=300");
    assert!(page.header("link").is_some_and(|link| link.contains("after=D0300")));
    let last = get(county::open(), "/api/collections/incidents/items?f=csv&limit=300&after=D0300");
    assert_eq!((last.text().lines().count(), last.header("link")), (6, None));
}

#[test]
fn who_has_this_revision_is_not_sent_it_again() {
    for path in ["grids/items", "households/items?limit=2", "grids/items/623021", "incidents/items/D0001"] {
        let path = format!("/api/collections/{path}");
        let first = get(county::open(), &path);
        let tag = first.header("etag").unwrap().to_owned();
        let again = request(county::open(), "GET", &path, &[("If-None-Match", &tag)], b"");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), Some(tag.as_str()), "{path}");
        let other = request(county::open(), "GET", &path, &[("If-None-Match", "\"other\"")], b"");
        assert_eq!(other.status, 200, "{path}");
    }
    let vary = get(county::open(), "/api/collections/grids/items").header("vary").unwrap().to_ascii_lowercase();
    assert!(vary.contains("accept") && vary.contains("accept-encoding"), "{vary}");
}

fn unpacked(reply: &Reply) -> Vec<u8> {
    let mut plain = Vec::new();
    match reply.header("content-encoding") {
        Some("gzip") => flate2::read::GzDecoder::new(&*reply.body).read_to_end(&mut plain).unwrap(),
        Some("br") => brotli_decompressor::Decompressor::new(&*reply.body, 4096).read_to_end(&mut plain).unwrap(),
        other => panic!("{other:?}"),
    };
    plain
}

#[test]
fn answers_come_packed_to_who_can_unpack_them() {
    for path in ["/api/collections/grids/items?limit=50", "/api/collections/households/items?limit=500"] {
        let plain = get(county::open(), path);
        assert_eq!(plain.header("content-encoding"), None);
        for encoding in ["gzip", "br"] {
            let packed = request(county::open(), "GET", path, &[("Accept-Encoding", encoding)], b"");
            assert_eq!(packed.header("content-encoding"), Some(encoding));
            assert!(packed.body.len() * 2 < plain.body.len(), "{path} {encoding}: {}", packed.body.len());
            assert_eq!(unpacked(&packed), plain.body, "{path} {encoding}");
        }
    }
    let small = request(county::open(), "GET", "/api/conformance", &[("Accept-Encoding", "gzip")], b"");
    assert_eq!(small.header("content-encoding"), None, "not worth it");
}

#[test]
fn one_feature_comes_as_json_alone() {
    let one = "/api/collections/grids/items/62302110000200101";
    for (f, status) in [("json", 200), ("geojson", 200), ("csv", 400), ("xml", 400)] {
        assert_eq!(get(county::open(), &format!("{one}?f={f}")).status, status, "{f}");
    }
}
