//! Behind a proxy that strips a path: what callers are told leads back to where they came from.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::Duration;

use super::county;
use super::http::{Reply, get, request};
use super::process::Serving;

/// A proxy at `/grid` before a server; it is killed when dropped.
struct Proxy {
    child: Child,
    address: SocketAddr,
}

impl Proxy {
    fn before(server: SocketAddr) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/cases/28-path-prefix/proxy.py");
        let port = address.port().to_string();
        let mut proxy = crate::python::python();
        let child = proxy.args([script, &port, &format!("http://{server}"), "/grid", "keep"]).spawn().unwrap();
        while TcpStream::connect(address).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { child, address }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every address in a body.
fn links(reply: &Reply) -> Vec<String> {
    let text = reply.text();
    text.split('"').filter(|part| part.starts_with("http") && part.contains("/api")).map(str::to_owned).collect()
}

#[test]
fn links_and_tiles_lead_through_the_proxy() {
    let (database, _folder) = county::file();
    let serving = Serving::over(&database, &[]);
    serving.wait_until_ready();
    let proxy = Proxy::before(serving.address);
    let begin = format!("http://{}/grid/api", proxy.address);
    for path in [
        "/api",
        "/api/openapi",
        "/api/collections",
        "/api/collections/grids/items?limit=2",
        "/api/collections/grids/tiles/WebMercatorQuad?f=tilejson",
    ] {
        let reply = get(proxy.address, &format!("/grid{path}"));
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        let links = links(&reply);
        assert!(!links.is_empty() && links.iter().all(|link| link.starts_with(&begin)), "{path}: {links:?}");
    }
    let output = Command::new("ogrinfo")
        .args(["-ro", "-so", "-al", "-oo", "PAGE_SIZE=100", "-where", "level = 'village'"])
        .args([&format!("OAPIF:{begin}"), "grids"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Feature Count: 147"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_page_stands_at_any_path() {
    let page = get(county::public(), "/").text();
    let sources = page.split(['"', ' ']).filter(|part| part.contains("assets/") || part.starts_with("api/"));
    let absolute: Vec<&str> = sources.filter(|source| source.starts_with('/') || source.contains("=/")).collect();
    assert!(page.contains("assets/") && absolute.is_empty(), "{absolute:?}\n{page}");
}

#[test]
fn only_a_trusted_proxy_is_believed() {
    let (database, _folder) = county::file();
    let said = [("X-Forwarded-Host", "map.example"), ("X-Forwarded-Prefix", "/grid"), ("X-Forwarded-Proto", "https")];
    let first = |arguments: &[&str]| {
        let serving = Serving::over(&database, arguments);
        serving.wait_until_ready();
        let reply = request(serving.address, "GET", "/api", &said, b"");
        links(&reply)[0].replace(&serving.address.to_string(), "server")
    };
    assert_eq!(first(&[]), "https://map.example/grid/api");
    assert_eq!(first(&["--trusted-proxy", "10.0.0.0/8"]), "http://server/api");
    let public = ["--public-url", "https://county.example/map"];
    assert_eq!(first(&public), "https://county.example/map/api");
}

#[test]
fn an_address_that_is_none_is_refused_at_the_start() {
    for (option, value) in [("--public-url", "county.example/map"), ("--trusted-proxy", "10.0.0.0/33")] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_gridmap")).args(["serve", option, value]).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains("expected an address"), "{said}");
    }
}
