//! One point over HTTP while incidents are reported to the same server.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::databases::Databases;
use crate::locate::paths;
use crate::report::{Better, Row};
use crate::serving::peer;
use crate::shared::load::{self, Rate};
use crate::shared::server::Server;

/// Incidents a second.
const REPORTS: u32 = 50;

/// How often the two sides take turns.
const TURNS: usize = 2;

const INCIDENT: &str = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[103.3739,34.8836]},
    "properties":{"kind":"dispute","category":"noise"}}"#;

/// `/api/locate` while the server stores [`REPORTS`] a second: requests a second beside the peer's hello, which has nothing
/// else to do, and beside the same server with nothing to store; and the time in which 99 of 100 are answered.
pub fn http_locate_busy(databases: &Databases) -> Vec<Row> {
    let copy = databases.folder.path().join("busy.db");
    fs::copy(databases.sqlite.trim_start_matches("sqlite:"), &copy).expect("room for a county");
    let paths = paths(5000);
    let hello_paths: Vec<String> = paths.iter().map(|path| path.replace("/api/locate", "/hello")).collect();
    let ours = Server::gridmap(&format!("sqlite:{}", copy.display()));
    let peer = peer(&databases.postgres);
    let turn = |_| {
        let [busy] = while_reporting(&ours, || load::in_turns([(&ours, paths.as_slice())], "identity"));
        let sides = [(&ours, paths.as_slice()), (&peer, hello_paths.as_slice())];
        let [idle, hello] = load::in_turns(sides, "identity");
        [busy, idle, hello]
    };
    let better = |best: [Rate; 3], turn: [Rate; 3]| std::array::from_fn(|side| best[side].or_better(turn[side]));
    let [busy, idle, hello] = (0..TURNS).map(turn).reduce(better).expect("there are turns");
    let size = format!("770 grids, {REPORTS} incidents/s");
    let rate = |peer, of: Rate| {
        let (ours, theirs) = (busy.requests_per_s, of.requests_per_s);
        Row::new("http_locate_busy", &size, "requests/s", Better::Higher, ours, (peer, theirs))
    };
    let p99 = Row::new("locate_p99", &size, "ms", Better::Lower, busy.p99_ms, ("idle", idle.p99_ms));
    vec![rate("hello", hello), rate("idle", idle), p99]
}

/// The rate that `measure` gives while incidents are posted at a steady rate.
///
/// # Panics
/// When one is refused, or fewer than nine tenths could be posted in their time.
fn while_reporting(server: &Server, measure: impl FnOnce() -> [Rate; 1]) -> [Rate; 1] {
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reporting = scope.spawn(|| {
            let (begun, mut n) = (Instant::now(), 0_u32);
            while !is_done.load(Ordering::Relaxed) {
                post(server);
                n += 1;
                thread::sleep((Duration::from_secs(1) * n / REPORTS).saturating_sub(begun.elapsed()));
            }
            f64::from(n) / begun.elapsed().as_secs_f64()
        });
        let measured = measure();
        is_done.store(true, Ordering::Relaxed);
        let posted = reporting.join().expect("every incident was stored");
        assert!(posted > 0.9 * f64::from(REPORTS), "only {posted:.1} incidents a second were stored");
        measured
    })
}

fn post(server: &Server) {
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    let head = format!(
        "POST /api/collections/incidents/items HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
         Content-Type: application/geo+json\r\nContent-Length: {}\r\n\r\n",
        server.address,
        INCIDENT.len()
    );
    stream.write_all((head + INCIDENT).as_bytes()).expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the server answers");
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}
