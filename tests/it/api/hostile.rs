//! Requests no one should send: each gets a 4xx problem document, and the server lives.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::county;
use super::http::{get, raw, request};

/// Checks that the server is still there and still right.
#[track_caller]
fn lives() {
    assert_eq!(get(county::open(), "/api/locate?lon=103.373907&lat=34.88357").status, 200);
}

#[test]
fn senseless_queries_are_told_every_fault() {
    let long = "x".repeat(10_000);
    for (path, status, n_faults) in [
        ("/api/locate", 400, 2),
        ("/api/locate?lon=NaN&lat=34.7", 400, 1),
        ("/api/locate?lon=inf&lat=-inf", 400, 1),
        ("/api/locate?lon=1e999&lat=34", 400, 1),
        ("/api/locate?lon=34.7&lat=103.6", 400, 1),
        ("/api/locate?lon=521334&lat=3845112", 400, 1),
        ("/api/locate?lon=103,5&lat=34,7", 400, 2),
        ("/api/locate?lon=&lat=", 400, 2),
        ("/api/locate?lon=103.5&lat=34.7&crs=mars", 400, 1),
        ("/api/locate?lon=103.5&lat=34.7&accuracy_m=-1&at=never&known_at=1&colour=2", 400, 4),
        ("/api/locate?lon=103.5&lon=103.5&lat=34.7", 400, 1),
        ("/api/locate?lon=%zz&lat=%ff%fe", 400, 4),
        ("/api/locate?%ff=1&lon=103.5&lat=34.7", 400, 1),
        ("/api/collections/grids/items?bbox=1,2,3", 400, 1),
        ("/api/collections/grids/items?bbox=NaN,1,2,3", 400, 1),
        ("/api/collections/grids/items?bbox=34,103,35,104", 400, 1),
        ("/api/collections/grids/items?bbox=1,9,2,3&limit=0&datetime=x/y&f=xml&level=street", 400, 4),
        ("/api/collections/grids/items?level=street", 400, 1),
        ("/api/collections/grids/items?limit=-5", 400, 1),
        ("/api/collections/incidents/items?status=maybe&kind=war", 400, 2),
        ("/api/collections/households/items?limit=1e3", 400, 1),
        ("/api/collections/holders/items?colour=red&shape=round", 400, 2),
        (&format!("/api/collections/holders/items?body={long}"), 400, 1),
        (&format!("/api/collections/holders/items?after={long}"), 400, 1),
        (&format!("/api/locate?lon={long}&lat={long}"), 400, 2),
        (&format!("/api/locate?{long}=1&lon=103.5&lat=34.7"), 400, 1),
    ] {
        let reply = get(county::open(), path);
        let shown = &path[..path.len().min(120)];
        assert_eq!(reply.status, status, "{shown}: {}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{shown}");
        let problem = reply.json();
        assert_eq!(problem["errors"].as_array().map_or(0, Vec::len), n_faults, "{shown}: {problem}");
        assert!(reply.body.len() < 2000, "{shown}: what was sent is not sent back whole");
    }
    lives();
}

#[test]
fn odd_paths_are_not_found_or_refused() {
    for path in [
        "/api/collections/%ff/items",
        "/api/collections/grids/items/%ff",
        "/api/collections/grids/items/%00",
        "/api/collections/holders/items/%00",
        "/api/collections/incidents/items/..%2f..%2fetc%2fpasswd",
        "/api/../../../etc/passwd",
        "//api//collections",
        "/api/collections/households/items/'%20or%201=1",
        "/api/collections/holders/items/%F0%9F%92%A9",
    ] {
        let reply = get(county::open(), path);
        assert!((400..500).contains(&reply.status), "{path}: {}", reply.status);
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{path}");
    }
    lives();
}

#[test]
fn quotes_and_wildcards_are_only_text() {
    for word in ["'", "%27%20or%20%271%27=%271", "%25", "_", "*", "%22", ";drop%20table%20holder", "%5C"] {
        let reply = get(county::open(), &format!("/api/collections/holders/items?body={word}"));
        assert_eq!((reply.status, reply.json()["numberMatched"].clone()), (200, 0.into()), "{word}");
        let reply = get(county::open(), &format!("/api/collections/households/items?grid={word}"));
        assert_eq!((reply.status, reply.json()["errors"][0]["parameter"].clone()), (400, "grid".into()), "{word}");
    }
    lives();
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn senseless_bodies_are_refused() {
    let ring = (0..1_000_000).fold(String::with_capacity(30_000_000), |mut ring, n| {
        write!(ring, "[103.{n:06},34.5],").unwrap();
        ring
    });
    let vast = format!(
        r#"{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":[[{ring}[0,0]]]}},"properties":{{}}}}"#
    );
    let feature = |geometry: &str| {
        format!(r#"{{"type":"Feature","geometry":{geometry},"properties":{{"id":"X9","kind":"dispute"}}}}"#)
            .into_bytes()
    };
    let deep = "[".repeat(100_000).into_bytes();
    let deep_objects = r#"{"a":"#.repeat(100_000).into_bytes();
    let (geo, json, csv, lines) = ("application/geo+json", "application/json", "text/csv", "application/x-ndjson");
    let (items, locate) = ("/api/collections/incidents/items", "/api/locate");
    let good = feature(r#"{"type":"Point","coordinates":[103.5,34.7]}"#);
    let cases: Vec<(&str, &str, Vec<u8>, u16, &str)> = vec![
        (items, geo, vec![], 400, "nothing"),
        (items, geo, b"{".to_vec(), 400, "broken off"),
        (items, geo, good[..good.len() / 2].to_vec(), 400, "cut in half"),
        (items, geo, b"null".to_vec(), 400, "no feature"),
        (items, geo, b"[1,2,3]".to_vec(), 400, "a list"),
        (items, geo, b"\xff\xfe{\x00}\x00".to_vec(), 400, "UTF-16"),
        (items, geo, b"\xd2\xbb\xb8\xf6".to_vec(), 400, "GB 18030"),
        (items, geo, deep.clone(), 400, "deep brackets"),
        (items, geo, deep_objects.clone(), 400, "deep braces"),
        (
            items,
            geo,
            [b"{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"id\":".to_vec(), deep.clone()].concat(),
            400,
            "deep id",
        ),
        (items, geo, vast.into_bytes(), 413, "a million vertices"),
        (items, geo, feature("null"), 400, "nowhere"),
        (items, geo, feature(r#"{"type":"Point","coordinates":[NaN,1]}"#), 400, "NaN"),
        (items, geo, feature(r#"{"type":"Point","coordinates":[1e999,1]}"#), 400, "too large a number"),
        (items, geo, feature(r#"{"type":"Point","coordinates":[34.7,103.5]}"#), 400, "swapped"),
        (items, geo, feature(r#"{"type":"Point","coordinates":[521334,3845112]}"#), 400, "metres"),
        (items, geo, feature(r#"{"type":"Point","coordinates":[0,0]}"#), 400, "0,0"),
        (items, geo, feature(r#"{"type":"Point","coordinates":[]}"#), 400, "no numbers"),
        (items, geo, feature(r#"{"type":"Polygon","coordinates":[[[103,34],[104,34],[103,34]]]}"#), 400, "a shape"),
        (items, geo, feature(r#"{"type":"Blob","coordinates":[]}"#), 400, "no shape"),
        (items, "text/plain", good.clone(), 415, "no type"),
        (items, "application/xml", good.clone(), 415, "XML"),
        (locate, json, vec![], 400, "nothing"),
        (locate, json, b"{}".to_vec(), 400, "not an array"),
        (locate, json, deep.clone(), 400, "deep brackets"),
        (locate, json, [b"[".to_vec(), deep_objects].concat(), 400, "deep braces"),
        (locate, json, b"[{\"lon\":103.5,\"lat\"".to_vec(), 400, "cut off"),
        (locate, json, b"[{\"lon\":NaN,\"lat\":1}]".to_vec(), 400, "NaN"),
        (locate, csv, vec![], 400, "nothing"),
        (locate, csv, b"a,b\n1,2\n".to_vec(), 400, "no coordinates"),
        (locate, csv, b"lon,lat\n\"103.5,34.7\n".to_vec(), 400, "an open quote"),
        (locate, csv, b"lon,lat\n\xff,\xfe\n".to_vec(), 400, "not UTF-8"),
        (locate, lines, b"\x00\x00\x00\n".to_vec(), 400, "zeros"),
        (locate, lines, vec![b'9'; 1_000_000], 400, "one endless line"),
        (locate, "image/png", b"x".to_vec(), 415, "a picture"),
        (locate, "", b"x".to_vec(), 415, "no type at all"),
    ];
    for (path, content_type, body, status, what) in cases {
        let reply = request(county::open(), "POST", path, &[("Content-Type", content_type)], &body);
        assert_eq!(reply.status, status, "{path} {what}: {}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{path} {what}");
        let problem = reply.json();
        assert!(problem["errors"].is_array() || problem["detail"].is_string() || status == 413, "{what}: {problem}");
        assert!(reply.body.len() < 20_000, "{what}");
    }
    lives();
}

#[test]
fn broken_requests_are_refused_before_they_are_read() {
    for (bytes, status) in [
        (&b"GET /\x00 HTTP/1.1\r\n\r\n"[..], 400),
        (b"\xff\xff\xff\xff\r\n\r\n", 400),
        (b"POST /api/locate HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n", 400),
        (b"GET /api HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400),
    ] {
        assert_eq!(raw(county::open(), bytes).status, status, "{}", String::from_utf8_lossy(bytes));
    }
    let huge = format!("GET /api HTTP/1.1\r\nHost: x\r\nX-Huge: {}\r\n\r\n", "x".repeat(200_000));
    assert_eq!(raw(county::open(), huge.as_bytes()).status, 431);
    lives();
}

#[test]
fn a_head_that_never_ends_is_given_up() {
    let mut stream = TcpStream::connect(county::open()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(b"GET /api HTTP/1.1\r\nHost: x\r\nX-Slow: ").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server closes after its read timeout");
    lives();
}

#[test]
fn a_body_that_never_comes_is_given_up() {
    for path in ["/api/locate", "/api/collections/incidents/items"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: 1000\r\n\r\n"
        );
        let reply = raw(county::open(), head.as_bytes());
        assert_eq!((reply.status, reply.json()["type"].clone()), (408, "/problems/body-timeout".into()), "{path}");
    }
    lives();
}

#[test]
fn readers_who_leave_in_the_middle_do_no_harm() {
    for _ in 0..50 {
        let mut stream = TcpStream::connect(county::open()).unwrap();
        let head = b"GET /api/collections/households/items?f=csv HTTP/1.1\r\nHost: x\r\n\r\n";
        stream.write_all(head).unwrap();
        let mut some = [0; 100];
        stream.read_exact(&mut some).unwrap();
    }
    lives();
    assert_eq!(get(county::open(), "/api/collections/households/items?limit=1").status, 200);
}
