//! Callers who stand still, dribble, or send all before they read: each is answered or cut in time, and everyone else is
//! served meanwhile. The real server process, with shortened deadlines; callers tell apart by their loopback address.

use std::fmt::Write as _;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::TcpSocket;

use super::county;
use super::http::{get, request};
use super::process::Serving;

const LOCATE: &str = "/api/locate?lon=103.373907&lat=34.88357";
const CSV: (&str, &str) = ("Content-Type", "text/csv");
/// Streamed from the store, and prepared in memory.
const HOMES: &[u8] = b"GET /api/collections/households/items?f=csv HTTP/1.1\r\nHost: x\r\n\r\n";
const GRIDS: &[u8] = b"GET /api/collections/grids/items?limit=10000 HTTP/1.1\r\nHost: x\r\n\r\n";
/// Far longer than any deadline below, for machines that have much else to do.
const LONG: Duration = Duration::from_mins(1);

fn county_process(arguments: &[&str]) -> (Serving, TempDir) {
    let (database, folder) = county::file();
    let serving = Serving::over(&database, &[&["--open"], arguments].concat());
    serving.wait_until_ready();
    (serving, folder)
}

/// A connection from 127.0.0.`n`, with little room for what is not read.
fn from(n: u8, server: SocketAddr) -> TcpStream {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let connected = runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        socket.bind((Ipv4Addr::new(127, 0, 0, n), 0).into()).unwrap();
        socket.connect(server).await.unwrap().into_std().unwrap()
    });
    connected.set_nonblocking(false).unwrap();
    connected.set_read_timeout(Some(LONG)).unwrap();
    connected
}

/// Asks for far more than the buffers of a connection hold.
fn unread(n: u8, server: SocketAddr, request: &[u8]) -> TcpStream {
    let mut stream = from(n, server);
    stream.write_all(&request.repeat(4)).unwrap();
    stream
}

/// Reads what is left; tells whether the server ended the connection, in whatever way.
fn is_ended(mut stream: TcpStream) -> bool {
    let ended = stream.read_to_end(&mut Vec::new());
    !ended.is_err_and(|error| matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
}

fn points(n: usize) -> Vec<u8> {
    let mut csv = String::from("id,lon,lat\n");
    for i in 0..n {
        writeln!(csv, "P{i},103.{:06},34.{:06}", 300_000 + i % 500_000, 500_000 + i * 7 % 400_000).unwrap();
    }
    csv.into_bytes()
}

fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LONG, "{what}");
        thread::sleep(Duration::from_millis(100));
    }
}

/// Asks after the server's health until it is stopped; returns how long an answer took at worst.
struct Watch {
    stop: Arc<AtomicBool>,
    watching: JoinHandle<Duration>,
}

impl Watch {
    fn over(server: SocketAddr) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let watching = thread::spawn(move || {
            let mut longest = Duration::ZERO;
            while !stopped.load(Ordering::SeqCst) {
                let asked = Instant::now();
                assert_eq!(get(server, "/healthz").status, 200);
                longest = longest.max(asked.elapsed());
                thread::sleep(Duration::from_millis(50));
            }
            longest
        });
        Self { stop, watching }
    }

    /// It is healthy if it says so well before a caller's patience ends.
    fn assert_healthy(self) {
        self.stop.store(true, Ordering::SeqCst);
        let longest = self.watching.join().unwrap();
        assert!(longest < Duration::from_secs(5), "health was answered after {longest:?}");
    }
}

#[test]
fn callers_who_never_read_are_cut_and_nobody_misses_their_connections() {
    let limits = ["--connections", "20", "--connections-per-address", "0", "--write-timeout", "3"];
    let (serving, _folder) = county_process(&limits);
    let stalled: Vec<TcpStream> = (0..20).map(|_| unread(2, serving.address, HOMES)).collect();
    thread::sleep(Duration::from_millis(500));
    let watch = Watch::over(serving.address);
    assert_eq!(get(serving.address, LOCATE).status, 503, "all connections are taken, and that is said");
    eventually("others are served again", || get(serving.address, LOCATE).status == 200);
    watch.assert_healthy();
    assert!(stalled.into_iter().all(is_ended));
}

#[test]
fn prepared_bytes_that_nobody_reads_are_cut_too() {
    let (serving, _folder) = county_process(&["--write-timeout", "1"]);
    let stream = unread(2, serving.address, GRIDS);
    thread::sleep(Duration::from_secs(3));
    assert!(is_ended(stream));
}

#[test]
fn silent_connections_are_cut_and_leave_room_for_other_addresses() {
    let (serving, _folder) = county_process(&["--connections", "40", "--head-timeout", "3"]);
    let silent: Vec<TcpStream> = (0..200).map(|_| from(2, serving.address)).collect();
    let begun = Instant::now();
    assert_eq!(get(serving.address, LOCATE).status, 200);
    assert!(begun.elapsed() < Duration::from_secs(3), "nobody waited for the silent ones");
    assert!(silent.into_iter().all(is_ended));
}

fn sent_slowly(n: u8, server: SocketAddr, path: &str, content_type: &str) -> TcpStream {
    let mut stream = from(n, server);
    write!(stream, "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nContent-Length: 9999\r\n\r\n")
        .unwrap();
    let mut sending = stream.try_clone().unwrap();
    thread::spawn(move || {
        while sending.write_all(b"l").is_ok() {
            thread::sleep(Duration::from_millis(500));
        }
    });
    stream
}

fn status_of(mut stream: TcpStream) -> String {
    let mut head = [0; 12];
    stream.read_exact(&mut head).map_or_else(|error| error.to_string(), |()| String::from_utf8_lossy(&head).into())
}

#[test]
fn a_byte_at_a_time_closes_no_door_and_is_given_up() {
    let (serving, _folder) = county_process(&["--read-timeout", "3"]);
    let (items, geo) = ("/api/collections/incidents/items", "application/geo+json");
    let mut slow: Vec<TcpStream> =
        (0..64).map(|_| sent_slowly(2, serving.address, "/api/locate", "text/csv")).collect();
    slow.extend((0..8).map(|_| sent_slowly(2, serving.address, items, geo)));
    let answered = request(serving.address, "POST", "/api/locate", &[CSV], &points(10));
    assert_eq!((answered.status, answered.text().lines().count()), (200, 11));
    for stream in slow {
        assert_eq!(status_of(stream), "HTTP/1.1 408");
    }
}

#[test]
fn one_who_begins_fast_and_then_dribbles_gives_its_thread_back() {
    let (serving, _folder) = county_process(&["--read-timeout", "3"]);
    let body = points(20_000);
    let dribbling: Vec<TcpStream> = (0..64)
        .map(|_| {
            let mut stream = from(2, serving.address);
            write!(stream, "POST /api/locate HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n").unwrap();
            write!(stream, "Content-Length: 99999999\r\n\r\n").unwrap();
            stream.write_all(&body[..100_000]).unwrap();
            stream
        })
        .collect();
    eventually("others have a thread again", || {
        request(serving.address, "POST", "/api/locate", &[CSV], &points(10)).status == 200
    });
    assert!(dribbling.into_iter().all(is_ended));
}

/// Sends a whole request and only then reads.
fn sent_first(server: SocketAddr, body: &[u8]) -> String {
    let mut stream = from(3, server);
    write!(stream, "POST /api/locate HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: text/csv\r\n").unwrap();
    write!(stream, "Content-Length: {}\r\n\r\n", body.len()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn who_sends_all_before_reading_is_answered_and_who_reads_meanwhile_too() {
    let (serving, folder) = county_process(&[]);
    let n = 100_000;
    let body = points(n);
    let answer = sent_first(serving.address, &body);
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{}", &answer[..500.min(answer.len())]);
    assert!(answer.contains(&format!("\nP{},", n - 1)) && answer.ends_with("0\r\n\r\n"), "the answer is whole");

    let file = folder.path().join("points.csv");
    std::fs::write(&file, &body).unwrap();
    let curl = Command::new("curl")
        .args(["-sS", "-H", "Content-Type: text/csv", "--data-binary"])
        .args([format!("@{}", file.display()), format!("http://{}/api/locate", serving.address)])
        .output()
        .expect("curl is installed");
    assert_eq!(String::from_utf8_lossy(&curl.stdout).lines().count(), n + 1, "{:?}", curl.stderr);
}

#[test]
fn python_s_own_clients_are_answered() {
    const SCRIPT: &str = r#"
import http.client, sys, urllib.error, urllib.request
host, path = sys.argv[1], sys.argv[2]
body = open(path, "rb").read()
headers = {"Content-Type": "text/csv"}
connection = http.client.HTTPConnection(host, timeout=120)
connection.request("POST", "/api/locate", body, headers)
print(connection.getresponse().read().count(b"\n"))
asked = urllib.request.Request(f"http://{host}/api/locate", body, headers)
print(urllib.request.urlopen(asked, timeout=120).read().count(b"\n"))
for kind, body in [("image/png", body * 4), ("text/csv", bytes(600 * 1024 * 1024))]:
    try:
        urllib.request.urlopen(urllib.request.Request(f"http://{host}/api/locate", body, {"Content-Type": kind}), timeout=120)
    except urllib.error.HTTPError as refused:
        print(refused.code, refused.headers["Content-Type"])
"#;
    let (serving, folder) = county_process(&[]);
    let file = folder.path().join("points.csv");
    std::fs::write(&file, points(100_000)).unwrap();
    let python = Command::new("python3").args(["-c", SCRIPT, &serving.address.to_string()]).arg(&file).output();
    let python = python.expect("python3 is installed");
    let (out, err) = (String::from_utf8_lossy(&python.stdout), String::from_utf8_lossy(&python.stderr));
    let problem = "application/problem+json";
    assert_eq!(out, format!("100001\n100001\n415 {problem}\n413 {problem}\n"), "{err}");
}

#[test]
fn with_all_of_them_at_once_everyone_else_is_served() {
    let limits = ["--connections", "400", "--head-timeout", "3", "--read-timeout", "4", "--write-timeout", "4"];
    let (serving, _folder) = county_process(&limits);
    let server = serving.address;
    let watch = Watch::over(server);
    let silent: Vec<TcpStream> = (0..300).map(|_| from(4, server)).collect();
    let stalled: Vec<TcpStream> = (0..20).map(|i| unread(2, server, if i % 5 == 0 { HOMES } else { GRIDS })).collect();
    let slow: Vec<TcpStream> = (0..64).map(|_| sent_slowly(5, server, "/api/locate", "text/csv")).collect();
    let sending = thread::spawn(move || sent_first(server, &points(50_000)));
    for _ in 0..10 {
        assert_eq!(get(server, LOCATE).status, 200);
        assert_eq!(request(server, "POST", "/api/locate", &[CSV], &points(10)).status, 200);
        assert_eq!(get(server, "/api/collections/households/items?limit=10").status, 200);
    }
    assert!(sending.join().unwrap().ends_with("0\r\n\r\n"), "who sends first is answered whole");
    assert!(slow.into_iter().all(|stream| status_of(stream) == "HTTP/1.1 408"));
    assert!(stalled.into_iter().chain(silent).all(is_ended));
    watch.assert_healthy();
}
