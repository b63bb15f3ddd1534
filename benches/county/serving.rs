//! A server process under measurement, and what starting it and keeping it costs.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::databases::Databases;
use crate::load;
use crate::report::{Better, Row};

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    pub url: String,
    /// From spawning the process to its first 200 at `/readyz`.
    pub start_s: f64,
    child: Child,
}

impl Server {
    /// Starts `gridmap serve` on a database, opened.
    pub fn gridmap(database: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridmap"));
        command.args(["serve", "--open", "--database", database, "--listen"]);
        Self::spawn(command)
    }

    /// Starts this program as the peers' server over a PostGIS database.
    pub fn peer(database: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.env("PEER_DATABASE", database).arg("peer");
        Self::spawn(command)
    }

    /// Runs the command with a free address as its last argument and waits until it is ready.
    fn spawn(mut command: Command) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").to_string();
        let begun = Instant::now();
        let child = command.arg(&address).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut server = Self { url: format!("http://{address}"), start_s: 0.0, child };
        while !is_ready(&address) {
            assert!(begun.elapsed() < Duration::from_mins(1), "{} is not ready after a minute", server.url);
            assert!(server.child.try_wait().is_ok_and(|ended| ended.is_none()), "{} has ended", server.url);
            sleep(Duration::from_millis(2));
        }
        server.start_s = begun.elapsed().as_secs_f64();
        server
    }

    /// Processor time used so far, seconds.
    pub fn cpu_s(&self) -> f64 {
        load::cpu_s(self.child.id())
    }

    /// The most memory it ever held, MB (resident, `VmHWM`).
    fn peak_mb(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the server lives");
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).expect("a kernel that counts");
        let kb: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number of kB");
        kb / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that has already ended needs no killing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_ready(address: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let asked = write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
}

/// From spawning the process to `/readyz` 200, the county already stored.
pub fn start(databases: &Databases) -> Vec<Row> {
    let best = |new: &dyn Fn() -> Server| (0..5).map(|_| new().start_s).fold(f64::INFINITY, f64::min);
    let hello = best(&|| Server::peer(&databases.postgres));
    let row = |size, database: &str| {
        Row::new("start", size, "s", Better::Lower, best(&|| Server::gridmap(database)), ("hello", hello))
    };
    vec![row("county, SQLite", &databases.sqlite), row("county, PostGIS", &databases.postgres)]
}

/// The server's peak memory with the county, after a thousand answers and every collection read once.
pub fn memory(databases: &Databases) -> Vec<Row> {
    let paths = crate::locate::paths(1000);
    let hello = Server::peer(&databases.postgres);
    let server = Server::gridmap(&databases.sqlite);
    load::in_turns([(&server, paths.as_slice()), (&hello, paths.as_slice())], "identity");
    let pages: Vec<String> = ["grids", "households", "incidents", "holders", "duties", "service_points"]
        .map(|name| format!("/api/collections/{name}/items?limit=10000"))
        .to_vec();
    load::in_turns([(&server, pages.as_slice())], "identity");
    vec![Row::new("memory", "county, SQLite", "MB", Better::Lower, server.peak_mb(), ("hello", hello.peak_mb()))]
}
