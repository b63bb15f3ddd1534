//! The server as a process: `gridmap serve` starts, says where, and stops in good order.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use super::http::get;

/// A server process; it is killed when dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Serving {
    pub(crate) fn over(database: &str, arguments: &[&str]) -> Self {
        Self::by(Command::new(env!("CARGO_BIN_EXE_gridmap")), database, arguments)
    }

    /// The same by `program`, perhaps as another user.
    pub(crate) fn by(mut program: Command, database: &str, arguments: &[&str]) -> Self {
        let serve = program.args(["serve", "--listen", "127.0.0.1:0", "--database", database]).args(arguments);
        let mut child = serve.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("gridmap serves on http://").expect("it says where");
        Self { child, address: address.split(',').next().unwrap().parse().unwrap() }
    }

    /// Waits until the ground is in memory.
    pub(crate) fn wait_until_ready(&self) {
        while get(self.address, "/readyz").json()["state"] != "current" {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_says_where_it_listens_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("new.db").display());
    let mut serving = Serving::over(&database, &[]);
    assert_eq!(get(serving.address, "/healthz").status, 200);
    assert_eq!(get(serving.address, "/api").json()["x-open"], false, "open only when asked to be");
    assert!(terminated(&mut serving.child).success());
}

fn terminated(child: &mut Child) -> std::process::ExitStatus {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    child.wait().unwrap()
}

#[test]
fn a_server_that_cannot_start_says_why_in_one_line() {
    let serve = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_gridmap")).arg("serve").args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, message) = serve(&["--database", "oracle:here", "--listen", "127.0.0.1:0"]);
    assert_eq!(code, Some(2));
    assert!(message.contains("expected sqlite:FILE or postgres://HOST/DATABASE"), "{message}");
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("new.db").display());
    let (code, message) = serve(&["--database", &database, "--listen", "203.0.113.1:80"]);
    assert_eq!((code, message.contains("cannot listen on 203.0.113.1:80")), (Some(2), true), "{message}");
}
