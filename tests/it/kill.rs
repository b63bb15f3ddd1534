//! The program killed with SIGKILL: an import leaves all or nothing, and no acknowledged write is lost. And its database
//! killed under it: it goes on with what is in memory, and writes again when the database is back.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use gridmap::domain::{Actor, Noun, Revision};
use gridmap::geometry::{Bbox, Boundary, Polygon};
use gridmap::store::{self, Filter, Store};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use crate::backends::{Database, on_both};
use crate::store_contract::made::{all, generation, grid, instant, region, ring, write};

const SIGKILL: i32 = 9;
const LONG: Duration = Duration::from_mins(1);

fn gridmap(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridmap"));
    command.args(arguments);
    command
}

/// A county of two villages, so that there is ground to stand on.
pub(crate) async fn settle(store: &Arc<dyn Store>) {
    let outline =
        [(0, 0), (1_000_000, 0), (2_000_000, 0), (2_000_000, 2_000_000), (1_000_000, 2_000_000), (0, 2_000_000)];
    let ground = vec![
        grid("A", 0, None, outlined(&outline)),
        grid("A1", 1, Some("A"), half(0)),
        grid("A2", 1, Some("A"), half(1_000_000)),
    ];
    write(store, async |t| {
        t.put_region(&region()).await.unwrap();
        t.publish(&generation(None, ground, &[]), instant("2024-03-01T00:00:00Z")).await.unwrap();
    })
    .await;
}

fn half(west: i32) -> Boundary {
    let east = west + 1_000_000;
    outlined(&[(west, 0), (east, 0), (east, 2_000_000), (west, 2_000_000)])
}

fn outlined(vertices: &[(i32, i32)]) -> Boundary {
    Boundary::from_valid(vec![Polygon { exterior: ring(vertices), holes: Vec::new() }])
}

/// How many homes each import brings: enough that SQLite writes their boxes beforehand, and that its rows leave its cache for
/// the file before the commit.
const N_HOMES: u64 = 60_000;

fn homes_csv(folder: &Path, round: u64) -> String {
    let mut text = String::from("id,lon,lat,residents,address\n");
    for n in 0..N_HOMES {
        let (column, row) = (n % 190, n / 190);
        writeln!(
            text,
            "H{round}-{n},0.{:04},0.{:04},3,a long address to fill pages with {n}",
            column * 10 + 5,
            row * 10 + 5
        )
        .unwrap();
    }
    let file = folder.join(format!("homes-{round}.csv"));
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

/// Waits until the import writes, or has ended before it was seen to.
async fn begun(database: &Database, import: &mut Child) {
    let start = Instant::now();
    while !is_writing(database).await && import.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < LONG, "the import never began to write");
        thread::sleep(Duration::from_millis(2));
    }
}

/// On SQLite, pages written ahead of the commit; on PostgreSQL, the writers' lock.
async fn is_writing(database: &Database) -> bool {
    if let Some(file) = database.url.strip_prefix("sqlite:") {
        return std::fs::metadata(format!("{file}-wal")).is_ok_and(|wal| wal.len() > 300_000);
    }
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    let held: bool = sqlx::query_scalar(
        "select exists (select 1 from pg_locks l join pg_database d on d.oid = l.database
         where l.locktype = 'advisory' and l.granted and d.datname = current_database())",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    held
}

#[test]
fn an_import_that_is_killed_stores_all_of_its_file_or_nothing() {
    on_both(async |database, store| {
        settle(&store).await;
        drop(store);
        let folder = TempDir::new().unwrap();
        let mut n_torn = 0;
        let mut before = 0;
        // Killed at once, soon and late; again where a slow machine let an import end first.
        for (round, pause_ms) in (1..=9).zip([0, 60, 250].into_iter().cycle()) {
            if round > 3 && n_torn > 0 {
                break;
            }
            let file = homes_csv(folder.path(), round);
            let mut import = gridmap(&["import", "households", &file, "--database", &database.url])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            begun(database, &mut import).await;
            thread::sleep(Duration::from_millis(pause_ms));
            import.kill().unwrap();
            let killed = import.wait().unwrap().signal() == Some(SIGKILL);
            // Opening again is what a restart does: SQLite forgets the pages of the unfinished commit here.
            let store = database.open().await;
            store.begin(&Actor::SYSTEM, "a test").await.expect("the dead writer holds no lock");
            let n = store.count(Noun::Households, Filter::default()).await.unwrap();
            let revision = store.revision().await.unwrap();
            assert!(n == before || n == before + N_HOMES, "{n} homes after {before}: torn");
            assert_eq!(revision, Revision(1 + n / N_HOMES), "a revision for each whole import, none for a torn one");
            let boxed = Bbox { west: 0.0, south: 0.0, east: 1.0, north: 1.0 };
            let by_box =
                store.count(Noun::Households, Filter { bbox: Some(boxed), ..Filter::default() }).await.unwrap();
            assert_eq!(by_box, n, "the box index agrees");
            n_torn += u32::from(killed && n == before);
            before = n;
        }
        assert!(n_torn > 0, "no import was killed before its commit");
        let file = homes_csv(folder.path(), 9);
        let whole = gridmap(&["import", "households", &file, "--database", &database.url]).output().unwrap();
        assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
        let store = database.open().await;
        assert_eq!(store.count(Noun::Households, Filter::default()).await.unwrap(), before + N_HOMES);
    });
}

/// A server on a free port, killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(database: &str) -> Self {
        let mut child = gridmap(&["serve", "--open", "--listen", "127.0.0.1:0", "--database", database])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        let address = said.split("http://").nth(1).unwrap().split([',', ' ']).next().unwrap().to_owned();
        let server = Self { child, address };
        let start = Instant::now();
        while request(&server.address, "GET", "/readyz", "").is_none_or(|answer| !answer.starts_with("HTTP/1.1 200")) {
            assert!(start.elapsed() < LONG, "the server never became ready");
            thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sends one request and returns the answer, or `None` when the server broke off before all of it came.
pub(crate) fn request(address: &str, method: &str, path: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(LONG)).ok()?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/geo+json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.contains("\r\n\r\n").then_some(answer)
}

/// A cluster of its own for one test, removed at its end.
pub(crate) struct Cluster {
    folder: TempDir,
    pub(crate) url: String,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let folder = Self::folder();
        let url = Self::script(&["start"], folder.path());
        Self { folder, url }
    }

    /// A cluster that follows this one and can only be read.
    pub(crate) fn replicate(&self) -> Self {
        let folder = Self::folder();
        let of = self.folder.path().join("cluster");
        let url = Self::script(&["replicate", of.to_str().unwrap()], folder.path());
        Self { folder, url }
    }

    fn folder() -> TempDir {
        let folder = TempDir::new().unwrap();
        // The database's own user must get in.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        folder
    }

    fn halt(&self) {
        Self::script(&["halt"], self.folder.path());
    }

    fn resume(&self) {
        Self::script(&["resume"], self.folder.path());
    }

    fn script(words: &[&str], folder: &Path) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres.sh");
        let said = Command::new(script).args(words).arg(folder.join("cluster")).output().unwrap();
        assert!(said.status.success(), "{words:?}: {}", String::from_utf8_lossy(&said.stderr));
        String::from_utf8(said.stdout).unwrap().trim().to_owned()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        Self::script(&["stop"], self.folder.path());
    }
}

/// Asks until the answer is as it should be: however slow the machine, it comes to that.
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < LONG, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_outlives_its_database_and_writes_again_when_it_is_back() {
    let cluster = Cluster::start();
    let store = store::open(&cluster.url).await.unwrap();
    settle(&store).await;
    store.close().await;
    let server = Server::start(&cluster.url);
    let ask = |method: &str, path: &str, body: &str| request(&server.address, method, path, body).unwrap_or_default();
    let open = |id: &str| {
        let geometry = r#"{"type":"Point","coordinates":[0.05,0.05]}"#;
        let body = format!(
            r#"{{"type":"Feature","geometry":{geometry},"properties":{{"id":"{id}","kind":"hazard","text":"loose step"}}}}"#
        );
        ask("POST", "/api/collections/incidents/items", &body)
    };
    assert!(open("I1").starts_with("HTTP/1.1 201"));

    cluster.halt();
    for answer in [open("I2"), ask("GET", "/api/collections/incidents/items/I1", "")] {
        let head = answer.to_ascii_lowercase();
        assert!(
            head.starts_with("http/1.1 503") && head.contains("content-type: application/problem+json"),
            "{answer}"
        );
        assert!(head.contains("retry-after: ") && head.contains("/problems/unavailable"), "{answer}");
    }
    assert!(ask("GET", "/api/locate?lon=0.05&lat=0.05", "").starts_with("HTTP/1.1 200"), "points need no database");
    until("it never noticed that its database is away", || ask("GET", "/readyz", "").contains("store-away"));

    cluster.resume();
    until("it never wrote again", || open("I3").starts_with("HTTP/1.1 201"));
    until("it never followed again", || {
        let ready = ask("GET", "/readyz", "");
        ready.contains("\"current\"") && ready.contains("\"revision\":3")
    });
    assert!(ask("GET", "/api/collections/incidents/items/I1", "").starts_with("HTTP/1.1 200"), "nothing was lost");
    assert!(
        ask("GET", "/api/collections/incidents/items/I2", "").starts_with("HTTP/1.1 404"),
        "what was refused is not there"
    );
}

/// Opens incidents one after another until the server is gone; returns those it acknowledged.
fn open_incidents(address: &str, client: usize, n_acknowledged: &AtomicUsize) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for n in 0.. {
        let id = format!("I{client}-{n}");
        let body = format!(
            r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[0.05,0.05]}},"properties":{{"id":"{id}","kind":"hazard","text":"loose step {n}"}}}}"#
        );
        match request(address, "POST", "/api/collections/incidents/items", &body) {
            Some(answer) if answer.starts_with("HTTP/1.1 201") => {
                acknowledged.push(id);
                n_acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            Some(answer) => panic!("refused: {answer}"),
            None => break,
        }
    }
    acknowledged
}

#[test]
fn a_server_that_is_killed_loses_nothing_it_acknowledged() {
    on_both(async |database, store| {
        settle(&store).await;
        drop(store);
        let mut server = Server::start(&database.url);
        let n_acknowledged = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..4)
            .map(|client| {
                let (address, n_acknowledged) = (server.address.clone(), Arc::clone(&n_acknowledged));
                thread::spawn(move || open_incidents(&address, client, &n_acknowledged))
            })
            .collect();
        let start = Instant::now();
        while n_acknowledged.load(Ordering::Relaxed) < 60 {
            assert!(start.elapsed() < LONG, "writing is too slow");
            assert!(clients.iter().all(|client| !client.is_finished()), "a client stopped before the server did");
            thread::sleep(Duration::from_millis(2));
        }
        server.child.kill().unwrap();
        let ended = server.child.wait().unwrap();
        assert_eq!(ended.signal(), Some(SIGKILL));
        let acknowledged: Vec<String> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
        let store = database.open().await;
        let kept = all(store.incidents(Filter::default())).await;
        let kept: Vec<&str> = kept.iter().map(|row| row.thing.id.as_str()).collect();
        let lost: Vec<&String> = acknowledged.iter().filter(|id| !kept.contains(&id.as_str())).collect();
        assert!(lost.is_empty(), "of {} acknowledged, lost {lost:?}", acknowledged.len());
        assert!(kept.len() <= acknowledged.len() + 4, "each client had at most one under way");
        assert_eq!(store.revision().await.unwrap(), Revision(1 + kept.len() as u64));
        assert!(Server::start(&database.url).address.starts_with("127.0.0.1:"), "it starts again on what is left");
    });
}
