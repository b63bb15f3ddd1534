//! The two servers under measurement.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What martin is told: one table, the pixels and buffer that gridmap has.
const MARTIN: &str = "postgres:
  connection_string: 'DATABASE'
  pool_size: 16
  auto_publish: false
  tables:
    grids:
      schema: public
      table: tile_grid
      srid: 3857
      geometry_column: boundary
      geometry_type: MULTIPOLYGON
      extent: 4096
      buffer: 64
      clip_geom: true
      properties:
        id: text
        code: text
        name: text
        parent: text
";

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Server {
    address: String,
    child: Child,
    _folder: Option<tempfile::TempDir>,
}

impl Server {
    pub fn gridmap(database: &str) -> Self {
        let address = free_address();
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridmap"));
        command.args(["serve", "--open", "--database", database, "--listen", &address]);
        Self::start(command, address, "/readyz", None)
    }

    pub fn martin(database: &str) -> Self {
        let program = std::env::var("MARTIN").expect("MARTIN names the program");
        let address = free_address();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = folder.path().join("martin.yaml");
        std::fs::write(&config, MARTIN.replace("DATABASE", database)).expect("a temporary folder is writable");
        let mut command = Command::new(program);
        command.args(["--cache-size", "0", "--workers", "2", "--listen-addresses", &address, "--config"]).arg(config);
        Self::start(command, address, "/health", Some(folder))
    }

    fn start(mut command: Command, address: String, ready: &str, folder: Option<tempfile::TempDir>) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut server = Self { address, child, _folder: folder };
        let begun = Instant::now();
        while !server.ask(ready).is_some_and(|answer| answer.starts_with(b"HTTP/1.1 200")) {
            assert!(begun.elapsed() < Duration::from_mins(5), "{} is not ready", server.address);
            assert!(server.child.try_wait().is_ok_and(|ended| ended.is_none()), "{} has ended", server.address);
            sleep(Duration::from_millis(20));
        }
        server
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The body at `path`, which must be there.
    pub fn get(&self, path: &str) -> Vec<u8> {
        let answer = self.ask(path).expect("it answers");
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{path}: {}", String::from_utf8_lossy(&answer[..80]));
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head ends with an empty line");
        answer[end + 4..].to_vec()
    }

    fn ask(&self, path: &str) -> Option<Vec<u8>> {
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

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").to_string()
}
