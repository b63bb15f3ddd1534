//! How many statements a request asks of the database, read from the log of a server process: each stands there under the id
//! of its request. What is added to a request shows here.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::http::request;
use super::process::Serving;
use crate::backends::on_both;
use crate::kill::{settle, until};

const GEOJSON: (&str, &str) = ("Content-Type", "application/geo+json");

const WORDS: &str = "the words of a caller";

fn incident(id: &str) -> String {
    format!(
        r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[0.05,0.05]}},"properties":{{"id":"{id}","kind":"hazard","text":"{WORDS}"}}}}"#
    )
}

/// A server that writes its statements to `log`.
fn logging(database: &str, log: &Path) -> Serving {
    let mut program = Command::new(env!("CARGO_BIN_EXE_gridmap"));
    program
        .env("RUST_LOG", "info,sqlx::query=debug")
        .env("NO_COLOR", "1")
        .stderr(Stdio::from(File::create(log).unwrap()));
    let serving = Serving::by(program, database, &["--open"]);
    serving.wait_until_ready();
    serving
}

/// The statements of request `id`, in their order.
fn statements(log: &Path, id: &str) -> Vec<String> {
    let of_request = format!("request{{id={id}}}: sqlx::query: ");
    let log = std::fs::read_to_string(log).unwrap();
    log.lines().filter_map(|line| line.split_once(&of_request)).map(|(_, statement)| statement.to_owned()).collect()
}

/// A body or none, and how many statements the answer to it takes on SQLite and on PostgreSQL.
type Asked<'a> = (&'a str, &'a str, Option<String>, [usize; 2]);

#[test]
fn a_request_asks_no_more_of_the_database_than_is_said_here() {
    let step = r#"{"kind":"assign"}"#.to_owned();
    let asked: [Asked<'_>; 4] = [
        ("POST", "/api/collections/incidents/items", Some(incident("A")), [8, 11]),
        ("POST", "/api/incidents/A/steps", Some(step), [12, 15]),
        ("GET", "/api/collections/incidents/items/A", None, [1, 1]),
        ("GET", "/api/collections/grids/items?limit=10", None, [0, 0]),
    ];
    on_both(async |database, store| {
        settle(&store).await;
        store.close().await;
        let folder = TempDir::new().unwrap();
        let log = folder.path().join("log");
        let serving = logging(&database.url, &log);
        let send = |name: &str, method: &str, path: &str, body: Option<&str>| {
            let headers = [GEOJSON, ("X-Request-Id", name)];
            let reply = request(serving.address, method, path, &headers, body.unwrap_or_default().as_bytes());
            assert!(reply.status == 200 || reply.status == 201, "{path}: {}", reply.text());
        };
        send("before", "POST", "/api/collections/incidents/items", Some(&incident("before")));
        for (n, (method, path, body, _)) in asked.iter().enumerate() {
            send(&format!("request-{n}"), method, path, body.as_deref());
        }
        send("after", "POST", "/api/collections/incidents/items", Some(&incident("after")));
        until("the statements are logged", || !statements(&log, "after").is_empty());
        assert!(!std::fs::read_to_string(&log).unwrap().contains(WORDS), "what is stored does not stand in the log");
        let logged: Vec<_> = (0..asked.len()).map(|n| statements(&log, &format!("request-{n}"))).collect();
        let n_logged: Vec<usize> = logged.iter().map(Vec::len).collect();
        let said = asked.iter().map(|(.., [sqlite, postgres])| if database.is_sqlite() { *sqlite } else { *postgres });
        assert_eq!(n_logged, said.collect::<Vec<_>>(), "{logged:#?}");
    });
}
