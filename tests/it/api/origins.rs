//! Pages of other origins: who may read, and what a browser is told.

use std::net::SocketAddr;
use std::process::Command;

use super::county;
use super::http::{Reply, request};
use super::process::Serving;

const DASH: (&str, &str) = ("Origin", "http://dash.example");

fn from_dash(server: SocketAddr, path: &str) -> Reply {
    request(server, "GET", path, &[DASH], b"")
}

fn preflight(server: SocketAddr, path: &str) -> Reply {
    let asked = [DASH, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type")];
    request(server, "OPTIONS", path, &asked, b"")
}

fn allowed(reply: &Reply) -> Option<&str> {
    reply.header("access-control-allow-origin")
}

const PATHS: [(&str, u16); 6] = [
    ("/api/locate?lon=103.373907&lat=34.88357", 200),
    ("/api/locate?lon=x", 400),
    ("/api/collections/grids/tiles/WebMercatorQuad/12/0/0", 204),
    ("/api/collections/nope", 404),
    ("/api/collections/grids/items?limit=1", 200),
    ("/api/collections/households/items", 403),
];

#[test]
fn what_the_public_may_see_any_page_may_read() {
    let (database, _folder) = county::file();
    let serving = Serving::over(&database, &[]);
    serving.wait_until_ready();
    for (path, status) in PATHS {
        let reply = from_dash(serving.address, path);
        assert_eq!((reply.status, allowed(&reply)), (status, Some("*")), "{path}: {}", reply.text());
        let seen = reply.header("access-control-expose-headers").unwrap_or_default().to_ascii_lowercase();
        for name in ["etag", "link", "content-crs", "location", "retry-after"] {
            assert!(seen.split(',').any(|seen| seen.trim() == name), "{path}: {name} in {seen}");
        }
    }
    let reply = preflight(serving.address, "/api/locate");
    assert_eq!((reply.status, allowed(&reply)), (200, Some("*")));
    assert!(reply.header("access-control-allow-methods").unwrap().contains("POST"));
    assert!(reply.header("access-control-allow-headers").unwrap().contains("content-type"));
}

#[test]
fn only_the_origins_named_may_read() {
    let (database, _folder) = county::file();
    let allow = ["--open", "--allow-origin", "http://dash.example", "--allow-origin", "https://map.example"];
    let serving = Serving::over(&database, &allow);
    serving.wait_until_ready();
    for (path, _) in PATHS {
        let reply = from_dash(serving.address, path);
        assert_eq!(allowed(&reply), Some("http://dash.example"), "{path}");
        let varies = reply.headers.iter().any(|(name, value)| name == "vary" && value.contains("origin"));
        assert!(varies, "{path}: caches keep the origins apart");
        let stranger = request(serving.address, "GET", path, &[("Origin", "http://evil.example")], b"");
        assert_eq!(allowed(&stranger), None, "{path}");
    }
}

#[test]
fn a_server_that_shows_everything_allows_no_other_origin_unless_told() {
    let (database, _folder) = county::file();
    for arguments in [&["--open"][..], &["--allow-origin", "none"]] {
        let serving = Serving::over(&database, arguments);
        serving.wait_until_ready();
        let reply = from_dash(serving.address, PATHS[0].0);
        assert_eq!((reply.status, allowed(&reply)), (200, None), "{arguments:?}");
        assert_eq!(preflight(serving.address, "/api/locate").status, 405, "{arguments:?}");
    }
}

#[test]
fn what_is_no_origin_is_refused_on_the_command_line() {
    let mut serve = Command::new(env!("CARGO_BIN_EXE_gridmap"));
    let output = serve.args(["serve", "--allow-origin", "https://map.example/page"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("expected an origin: https://map.example"), "{said}");
}

#[test]
fn only_pages_of_the_origins_named_may_show_the_map_within_them() {
    let (database, _folder) = county::file();
    let named = ["--embed-origin", "https://town.example", "--embed-origin", "http://intranet.example:8080"];
    for (arguments, ancestors) in [
        (&[][..], "frame-ancestors 'none'"),
        (&named[..], "frame-ancestors https://town.example http://intranet.example:8080"),
        (&["--embed-origin", "*"][..], "frame-ancestors *"),
    ] {
        let serving = Serving::over(&database, arguments);
        let page = request(serving.address, "GET", "/?embed=1", &[], b"");
        // A binary without its page has nothing to show.
        let Some(policy) = page.header("content-security-policy") else { return };
        assert!(policy.split("; ").any(|rule| rule == ancestors), "{arguments:?}: {policy}");
    }
}

#[test]
fn every_answer_says_which_server_gave_it() {
    let versions = ["/", "/api/region", "/api/nope"].map(|path| {
        let reply = request(county::open(), "GET", path, &[], b"");
        reply.header("server").map(str::to_owned)
    });
    assert!(versions[0].as_deref().is_some_and(|version| version.starts_with("gridmap/")), "{versions:?}");
    assert!(versions.iter().all(|version| *version == versions[0]), "{versions:?}");
}
