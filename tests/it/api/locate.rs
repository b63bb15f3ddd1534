//! Who answers for a point: one over GET, many over POST in three forms.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::county;
use super::http::{Reply, get, request};

fn located(query: &str) -> Value {
    let reply = get(county::open(), &format!("/api/locate?{query}"));
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")), "{}", reply.text());
    reply.json()
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["grids"].as_array().unwrap().iter().map(|grid| grid["code"].as_str().unwrap()).collect()
}

#[test]
fn a_point_has_its_grids_its_chain_and_its_mediators() {
    let answer = located("lon=103.373907&lat=34.883570");
    assert_eq!(codes(&answer), ["623021", "623021100", "623021100002", "623021100002001", "62302110000200101"]);
    let chain: Vec<&str> = answer["chain"].as_array().unwrap().iter().map(|l| l["level"].as_str().unwrap()).collect();
    assert_eq!(chain, ["group", "grid", "village", "township", "county"]);
    assert_snapshot!(answer["chain"][1]["holder"], @r#"{"id":"W0001","name":"李某0001","phone":"000-0000-0001"}"#);
    assert_eq!(answer["mediators"][0]["body"]["id"], "C001");
    assert_eq!((&answer["certain"], &answer["nearest"]), (&true.into(), &Value::Null));
}

#[test]
fn a_point_beside_an_edge_is_not_certain_and_one_outside_has_a_nearest_grid() {
    let doubtful = located("lon=103.373907&lat=34.883570&accuracy_m=5000");
    assert_eq!(doubtful["certain"], false);
    assert!(doubtful["candidates"].as_array().unwrap().len() > 1);
    let outside = located("lon=100&lat=30");
    assert_eq!(codes(&outside), Vec::<&str>::new());
    assert!(outside["nearest"]["distance_m"].as_f64().unwrap() > 100_000.0);
}

#[test]
fn a_candidate_says_where_it_is_and_whom_to_call() {
    let doubtful = located("lon=103.230908&lat=34.940389&accuracy_m=10");
    let candidates = doubtful["candidates"].as_array().unwrap();
    assert!(candidates.len() > 1);
    for candidate in candidates {
        let above: Vec<&str> =
            candidate["above"].as_array().unwrap().iter().map(|g| g["level"].as_str().unwrap()).collect();
        assert_eq!(above, ["county", "township", "village", "grid"]);
        let grid = &candidate["above"][3]["code"];
        assert!(candidate["code"].as_str().unwrap().starts_with(grid.as_str().unwrap()));
        assert!(candidate["responsible"]["holder"]["phone"].as_str().is_some_and(|phone| phone.starts_with("000-")));
    }
}

#[test]
fn a_position_may_come_in_the_frame_of_a_phone() {
    let gcj = located("lon=103.3757&lat=34.8826&crs=gcj02");
    let (lon, lat) = (gcj["position"]["lon"].as_f64().unwrap(), gcj["position"]["lat"].as_f64().unwrap());
    assert!((lon - 103.3757).abs() > 0.0005 && (lat - 34.8826).abs() < 0.01, "{lon} {lat}");
    assert_eq!(codes(&gcj).len(), 5);
}

#[test]
fn another_day_is_answered_from_the_ground_then_in_force() {
    assert_eq!(located("lon=103.373907&lat=34.883570&at=2024-03-03T00:00:00Z")["generation"], 1);
    let before = get(county::open(), "/api/locate?lon=103.373907&lat=34.883570&at=2023-01-01");
    assert_eq!((before.status, before.json()["type"].clone()), (404, "/problems/no-ground-then".into()));
}

fn post(content_type: &str, body: &str) -> Reply {
    request(county::open(), "POST", "/api/locate", &[("Content-Type", content_type)], body.as_bytes())
}

const GROUP: &str = "62302110000200101";

#[test]
fn many_points_come_back_in_the_form_they_came_in() {
    let json = post("application/json", r#"[{"id":7,"lon":103.373907,"lat":34.88357},{"lon":100,"lat":30}]"#);
    assert_eq!((json.status, json.header("content-type")), (200, Some("application/json")));
    let json = json.json();
    assert_eq!((&json[0]["id"], codes(&json[0])[4]), (&7.into(), GROUP));
    assert_eq!(codes(&json[1]).len(), 0);

    let lines = post("application/x-ndjson", "{\"lon\":103.373907,\"lat\":34.88357}\n{\"lon\":100,\"lat\":30}\n");
    assert_eq!(lines.header("content-type"), Some("application/x-ndjson"));
    let lines = lines.text();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), codes(&lines[0])[4]), (2, GROUP));

    let home = r#"{"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[103.373907,34.88357]}}"#;
    let features = post("application/geo+json", &format!(r#"{{"type":"FeatureCollection","features":[{home}]}}"#));
    assert_eq!((features.status, features.header("content-type")), (200, Some("application/geo+json")));
    let features = features.json();
    assert_eq!(
        (&features["features"][0]["id"], &features["features"][0]["properties"]["group"]),
        (&7.into(), &GROUP.into())
    );

    let table = post("text/csv", "name,lon,lat\nhome,103.373907,34.88357\nfar,100,30\n");
    let text = table.text();
    let rows: Vec<&str> = text.lines().collect();
    assert!(rows[0].starts_with("name,lon,lat,county,township,village,grid,group,"), "{}", rows[0]);
    assert!(
        rows[1].starts_with(&format!("home,103.373907,34.88357,623021,623021100,623021100002,623021100002001,{GROUP}"))
    );
    assert_eq!(rows.len(), 3);
}

#[test]
fn a_bad_row_gets_its_error_in_its_place() {
    let rows = r#"[{"lon":103.373907,"lat":34.88357},{"lon":34.88,"lat":103.37},{"lon":"x","lat":1},7,{"lon":103.373907,"lat":34.88357}]"#;
    let answers = post("application/json", rows).json();
    let kinds: Vec<bool> = answers.as_array().unwrap().iter().map(|a| a["error"].is_null()).collect();
    assert_eq!(kinds, [true, false, false, false, true]);
    assert!(answers[1]["error"].as_str().unwrap().contains("swapped"));
    assert_eq!(answers[1]["row"], 2);
}

#[test]
fn points_come_in_a_collection_and_in_nothing_else() {
    let feature = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[103.3739,34.8836]},"properties":{}}"#;
    for kind in [r#""Feature""#, r#""Topology""#, "7", "null"] {
        let reply = post("application/geo+json", &format!(r#"{{"type":{kind},"features":[{feature}]}}"#));
        assert_eq!((reply.status, reply.json()["type"].clone()), (400, "/problems/invalid-body".into()), "{kind}");
    }
    assert_eq!(post("application/geo+json", r#"{"features":[]}"#).status, 400);
    let late = post("application/geo+json", &format!(r#"{{"features":[{feature}],"type":"Topology"}}"#));
    assert_eq!(late.json()["features"][1]["properties"]["status"], "refused", "the first is answered by then");
    let late = post("application/geo+json", &format!(r#"{{"features":[{feature}],"type":"FeatureCollection"}}"#));
    assert_eq!(late.json()["features"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_body_of_which_nothing_can_be_answered_is_a_problem_with_every_fault() {
    for (content_type, body) in [
        ("application/json", r#"[{"lon":34.88,"lat":103.37},{"lat":1}]"#),
        ("application/x-ndjson", "{\"lon\":34.88,\"lat\":103.37}\n{\"lat\":1}\n"),
        ("text/csv", "lon,lat\n34.88,103.37\nx,1\n"),
        (
            "application/geo+json",
            r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[34.88,103.37]}},7]}"#,
        ),
    ] {
        let reply = post(content_type, body);
        assert_eq!(reply.status, 400, "{content_type}: {}", reply.text());
        let problem = reply.json();
        assert_eq!(problem["type"], "/problems/invalid-body");
        let errors = problem["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 2, "{content_type}: {problem}");
        assert_eq!(errors[1]["row"], 2);
        assert!(errors[0]["detail"].as_str().unwrap().contains("swapped"), "{problem}");
    }
}

#[test]
fn every_home_of_the_county_is_located_in_one_request() {
    let homes = std::fs::read_to_string("fixtures/lintan/houses.csv").unwrap();
    let reply = post("text/csv", &homes);
    assert_eq!(reply.status, 200);
    let text = reply.text();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let header = rows.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|field| field == name).unwrap();
    let (stated, found) = (column("group_code"), column("group"));
    let mut n = 0;
    for row in rows.records() {
        let row = row.unwrap();
        assert_eq!(row[stated], row[found]);
        n += 1;
    }
    assert_eq!(n, 50_000);
}

#[test]
fn a_body_sent_in_small_pieces_is_answered_while_it_comes() {
    let rows: Vec<Value> = (0..5000).map(|n| json!({"id": n, "lon": 103.373_907, "lat": 34.883_57})).collect();
    let body = serde_json::to_vec(&rows).unwrap();
    let mut chunked = Vec::new();
    for piece in body.chunks(1000) {
        chunked.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        chunked.extend_from_slice(piece);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    let head = "POST /api/locate HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    let reply = super::http::raw(county::open(), &[head.as_bytes(), &chunked].concat());
    let answers = reply.json();
    let ids: Vec<u64> = answers.as_array().unwrap().iter().map(|a| a["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (0..5000).collect::<Vec<_>>());
}
