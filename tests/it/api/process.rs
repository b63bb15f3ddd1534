//! The server as a process: `gridmap serve` starts, says where, and stops in good order.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::http::get;

#[test]
fn it_says_where_it_listens_and_stops_when_told() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("new.db").display());
    let mut serve = Command::new(env!("CARGO_BIN_EXE_gridmap"));
    let serve = serve.args(["serve", "--listen", "127.0.0.1:0", "--database", &database]).stdout(Stdio::piped());
    let mut child = serve.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("gridmap serves on http://").unwrap().parse().unwrap();
    assert_eq!(get(address, "/healthz").status, 200);
    assert_eq!(get(address, "/api").json()["x-open"], false, "open only when asked to be");
    assert!(terminated(&mut child).success());
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
