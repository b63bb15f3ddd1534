//! How long the server's health is waited for, and a point is located, while others hold their connections and do not go on.
//! The deadlines are those that a server has unless it is told otherwise.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crate::bulk;
use crate::databases::Databases;
use crate::report::{Better, Row};
use crate::shared::server::Server;

/// How many do not go on: as many as may locate in bulk at once.
const N_CALLERS: usize = 64;
/// How long each way of it lasts: beyond the deadline of a body.
const LASTING: Duration = Duration::from_secs(25);
/// What health may take at most, ms.
const BOUND_MS: f64 = 1000.0;
const LOCATE: &str = "/api/locate?lon=103.373907&lat=34.88357";

/// The longest time of each question while 64 never read, 64 send a byte a second, and one sends a million points before
/// it reads.
pub fn callers(databases: &Databases) -> Vec<Row> {
    let server = Server::gridmap(&databases.sqlite);
    let points = bulk::points();
    let sends_first = || {
        let mut stream = posting(&server, points.len());
        stream.write_all(&points).expect("all is taken before it is read");
        let mut answer = Vec::with_capacity(8 * points.len());
        stream.read_to_end(&mut answer).expect("it is answered");
        let n_lines = |text: &[u8]| memchr::memchr_iter(b'\n', text).count();
        assert!(n_lines(&answer) > n_lines(&points), "each point is answered");
    };
    let worst = [
        worst("64 never read", &server, || never_read(&server)),
        worst("64 a byte a second", &server, || send_slowly(&server)),
        worst("1M points sent first", &server, sends_first),
    ];
    worst.into_iter().flatten().collect()
}

/// Asks both questions until `hold` has ended.
fn worst(how: &str, server: &Server, hold: impl FnOnce()) -> Vec<Row> {
    let is_done = AtomicBool::new(false);
    let asked = |path: &str| {
        let mut longest = Duration::ZERO;
        while !is_done.load(Ordering::Relaxed) {
            let begun = Instant::now();
            let answer = server.ask(path).expect("somebody listens");
            assert!(answer.starts_with(b"HTTP/1.1 200"), "{how}: {path}: {}", String::from_utf8_lossy(&answer));
            longest = longest.max(begun.elapsed());
            sleep(Duration::from_millis(20));
        }
        longest.as_secs_f64() * 1e3
    };
    let [health, locate] = thread::scope(|scope| {
        let asking = ["/healthz", LOCATE].map(|path| scope.spawn(move || asked(path)));
        hold();
        is_done.store(true, Ordering::Relaxed);
        asking.map(|asking| asking.join().expect("each question was answered"))
    });
    let row = |name, longest_ms| Row::new(name, how, "ms at most", Better::Lower, longest_ms, ("bound", BOUND_MS));
    vec![row("health", health), row("locate", locate)]
}

fn never_read(server: &Server) {
    let request = format!("GET /api/collections/households/items?f=csv HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    let holding: Vec<TcpStream> = (0..N_CALLERS)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.address).expect("the server listens");
            stream.write_all(request.repeat(4).as_bytes()).expect("a short request is taken");
            stream
        })
        .collect();
    sleep(LASTING);
    drop(holding);
}

fn send_slowly(server: &Server) {
    let sending: Vec<TcpStream> = (0..N_CALLERS).map(|_| posting(server, 9999)).collect();
    let begun = Instant::now();
    while begun.elapsed() < LASTING {
        for mut stream in &sending {
            // Those that the server has given up take no more.
            let _ = stream.write_all(b"l");
        }
        sleep(Duration::from_secs(1));
    }
    for mut stream in sending {
        // One that was cut has no other side to shut down.
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        assert!(answer.starts_with(b"HTTP/1.1 408"), "{ended:?}: {}", String::from_utf8_lossy(&answer));
    }
}

/// A connection on which a bulk request of `n_bytes` has begun.
fn posting(server: &Server, n_bytes: usize) -> TcpStream {
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    let address = &server.address;
    write!(stream, "POST /api/locate HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: text/csv\r\n")
        .and_then(|()| write!(stream, "Content-Length: {n_bytes}\r\n\r\n"))
        .expect("a head is taken");
    stream
}
