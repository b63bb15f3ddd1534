//! A server process under measurement.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::load;

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    /// Host and port.
    pub address: String,
    /// From spawning the process until it was ready.
    pub start_s: f64,
    child: Child,
}

impl Server {
    /// Starts `gridmap serve` on a database, opened.
    pub fn gridmap(database: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridmap"));
        command.args(["serve", "--open", "--database", database, "--listen"]);
        Self::spawn(command, "/readyz")
    }

    /// Runs the command with a free address as its last argument and waits until `ready` answers 200.
    pub fn spawn(mut command: Command, ready: &str) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").to_string();
        let begun = Instant::now();
        let child = command.arg(&address).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut server = Self { address, start_s: 0.0, child };
        while !server.ask(ready).is_some_and(|answer| answer.starts_with(b"HTTP/1.1 200")) {
            assert!(begun.elapsed() < Duration::from_mins(5), "{} is not ready after five minutes", server.address);
            assert!(server.child.try_wait().is_ok_and(|ended| ended.is_none()), "{} has ended", server.address);
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
    pub fn peak_mb(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the server lives");
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).expect("a kernel that counts");
        let kb: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number of kB");
        kb / 1024.0
    }

    /// The whole answer, head and body; `None` while nobody listens.
    pub fn ask(&self, path: &str) -> Option<Vec<u8>> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        Some(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that has already ended needs no killing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
