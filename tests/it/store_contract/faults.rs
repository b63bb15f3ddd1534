//! What goes wrong: references that lead nowhere, texts that cannot be kept, a database that is away.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gridmap::domain::{Actor, DutyArea, Noun, Personal, Revision, Step, StepKind};
use gridmap::store::{self, Expect, Filter, Store, StoreError, Transaction};
use sqlx::{Connection, PgConnection, SqliteConnection};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use super::made::{all, duty, grid_id, holder, holder_id, household, incident, instant, region, settle, write};
use crate::backends::{Database, on_both};

/// Writes, commits, and returns which reference was found to lead nowhere.
async fn dangling(store: &Arc<dyn Store>, work: impl AsyncFnOnce(&mut dyn Transaction)) -> (Noun, String) {
    let mut transaction = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
    work(&mut *transaction).await;
    match transaction.commit().await {
        Err(StoreError::Dangling { noun, constraint }) => (noun, constraint),
        other => panic!("expected a dangling reference, got {other:?}"),
    }
}

#[test]
fn a_reference_that_leads_nowhere_is_refused_by_name() {
    on_both(async |_, store| {
        settle(&store).await;
        let of = |noun, constraint: &str| (noun, constraint.to_owned());
        let on_a1 = |code: &str, by: &str| duty(code, by, DutyArea::Grid(grid_id("A1")));
        let found = dangling(&store, async |t| t.put_duties(&[on_a1("D1", "W9")], Expect::Any).await.unwrap()).await;
        assert_eq!(found, of(Noun::Duties, "duty_holder"));
        let mut member = holder("W1");
        member.body = Some(holder_id("C9"));
        let found = dangling(&store, async |t| t.put_holders(&[member], Expect::Any).await.unwrap()).await;
        assert_eq!(found, of(Noun::Holders, "holder_body"));
        let mut step_by = incident("I1", "2024-01-01T00:00:00Z");
        step_by.steps.push(Step {
            kind: StepKind::Assign,
            at: instant("2024-01-02T00:00:00Z"),
            by: Some(holder_id("W9")),
        });
        let found = dangling(&store, async |t| t.put_incidents(&[step_by], Expect::Any).await.unwrap()).await;
        assert_eq!(found, of(Noun::Steps, "step_holder"));
        assert_eq!(store.revision().await.unwrap(), Revision(1), "none of it was stored");

        let mut deputised = on_a1("D1", "W1");
        deputised.deputy = Some(holder_id("W2"));
        write(&store, async |t| {
            t.put_duties(&[deputised], Expect::Any).await.unwrap();
            t.put_holders(&[holder("W1"), holder("W2")], Expect::Any).await.unwrap();
        })
        .await;
        let found = dangling(&store, async |t| t.delete(Noun::Holders, "W2", Expect::Any).await.unwrap()).await;
        assert_eq!(found, of(Noun::Duties, "duty_deputy"), "a holder who is needed stays");
        write(&store, async |t| {
            t.delete(Noun::Duties, "D1", Expect::Any).await.unwrap();
            t.delete(Noun::Holders, "W2", Expect::Any).await.unwrap();
        })
        .await;
    });
}

#[test]
fn an_incident_takes_its_steps_with_it() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut one = incident("I1", "2024-01-01T00:00:00Z");
        for kind in [StepKind::Assign, StepKind::Resolve] {
            one.steps.push(Step { kind, at: instant("2024-01-02T00:00:00Z"), by: Some(holder_id("W1")) });
        }
        write(&store, async |t| {
            t.put_holders(&[holder("W1")], Expect::Any).await.unwrap();
            t.put_incidents(&[one.clone()], Expect::Any).await.unwrap();
        })
        .await;
        write(&store, async |t| {
            t.delete(Noun::Incidents, "I1", Expect::Any).await.unwrap();
            t.delete(Noun::Holders, "W1", Expect::Any).await.unwrap();
        })
        .await;
        assert!(all(store.incidents(Filter::default())).await.is_empty());
    });
}

#[test]
fn a_character_that_no_database_keeps_is_refused() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut home = household("H1", 1.0, 1.0);
        home.address = Personal::new(Some("nul \0 here".into()));
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        let refused = t.put_households(&[home], Expect::Any).await;
        assert!(matches!(refused, Err(StoreError::Character)), "{refused:?}");
        drop(t);
        let id = Filter { id: Some("\0".into()), after: Some("\0".into()), ..Filter::default() };
        assert!(all(store.households(id)).await.is_empty());
        let absent =
            store.begin(&Actor::SYSTEM, "a test").await.unwrap().delete(Noun::Households, "\0", Expect::Any).await;
        assert!(matches!(absent, Err(StoreError::Absent { .. })), "{absent:?}");
    });
}

#[test]
fn what_is_no_database_address_is_refused() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        for url in ["mysql://localhost/x", "gridmap.db", "sqlite:", "sqlite::memory:", ""] {
            let error = store::open(url).await.err().expect(url);
            assert!(matches!(error, StoreError::Address { .. }), "{url}: {error:?}");
        }
        let secret = store::open("postgres://u:secret@[::bad/x").await.err().unwrap();
        assert!(!format!("{secret} {secret:?}").contains("secret"), "a password never shows: {secret:?}");
        let away = store::open("sqlite:/no/such/folder/x.db").await.err().unwrap();
        assert!(matches!(away, StoreError::Unavailable(_)), "{away:?}");
        let away = store::open("postgres://nobody@127.0.0.1:1/x").await.err().unwrap();
        assert!(matches!(away, StoreError::Unavailable(_)), "{away:?}");
    });
}

#[test]
fn a_file_that_another_program_holds_locked_is_unavailable() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let database = Database::sqlite();
        let store = database.open().await;
        settle(&store).await;
        let mut holding = SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::query("begin immediate").execute(&mut holding).await.unwrap();
        let refused = store.begin(&Actor::SYSTEM, "a test").await.err().expect("the other program writes");
        assert!(matches!(refused, StoreError::Locked { waited_s: 4.. }), "{refused:?}");
        assert_eq!(store.revision().await.unwrap(), Revision(1), "reading goes on");
        sqlx::query("rollback").execute(&mut holding).await.unwrap();
        write(&store, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap()).await;
    });
}

/// Stands between a store and its server, and can be cut.
struct Wire {
    address: std::net::SocketAddr,
    server: String,
    task: JoinHandle<()>,
}

impl Wire {
    async fn lay(server: &str, address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let target = server.to_owned();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let mut far = TcpStream::connect(&target).await.unwrap();
                connections.spawn(async move { copy_bidirectional(&mut near, &mut far).await });
            }
        });
        Self { address, server: server.into(), task }
    }

    /// Cuts every connection; new ones are refused.
    async fn cut(self) -> (String, String) {
        self.task.abort();
        drop(self.task.await);
        (self.server, self.address.to_string())
    }
}

#[test]
fn a_server_that_is_away_is_unavailable_and_comes_back() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let database = Database::postgres();
        let (server, name) = database.url.rsplit_once('@').unwrap().1.split_once('/').unwrap();
        let wire = Wire::lay(server, "127.0.0.1:0").await;
        let far = store::open(&format!("postgres://postgres@{}/{name}", wire.address)).await.unwrap();
        settle(&far).await;
        let mut open = far.begin(&Actor::SYSTEM, "a test").await.unwrap();
        let waiting = tokio::spawn({
            let far = Arc::clone(&far);
            async move { far.wait(Revision(1)).await }
        });
        let (server, address) = wire.cut().await;
        let start = Instant::now();
        let away = |error: StoreError| assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        away(open.put_holders(&[holder("W1")], Expect::Any).await.unwrap_err());
        drop(open);
        away(far.revision().await.unwrap_err());
        away(far.begin(&Actor::SYSTEM, "a test").await.err().unwrap());
        away(far.count(Noun::Households, Filter::default()).await.unwrap_err());
        assert!(start.elapsed() < Duration::from_secs(20), "told soon: {:?}", start.elapsed());
        assert!(!waiting.is_finished(), "whoever waits goes on waiting");
        let near = database.open().await;
        write(&near, async |t| t.put_holders(&[holder("W2")], Expect::Any).await.unwrap()).await;
        let _wire = Wire::lay(&server, &address).await;
        timeout(Duration::from_secs(20), waiting).await.expect("it catches up by number").unwrap();
        assert_eq!(
            far.count(Noun::Holders, Filter::default()).await.unwrap(),
            1,
            "and only the committed one is there"
        );
    });
}

#[test]
fn opening_again_changes_nothing_and_two_at_once_do_not_quarrel() {
    for database in [Database::sqlite(), Database::postgres()] {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let (left, right) = tokio::join!(database.open(), database.open());
            write(&left, async |t| t.put_region(&region()).await.unwrap()).await;
            assert_eq!(right.region().await.unwrap(), Some(region()));
            assert_eq!(database.open().await.revision().await.unwrap(), Revision(1));
        });
    }
}

/// Rows enough for a planner to prefer an index, all of them in one corner of the box of all.
#[test]
fn boxes_and_subtrees_are_served_by_their_indexes_in_postgresql() {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let database = Database::postgres();
        let store = database.open().await;
        settle(&store).await;
        let homes: Vec<_> = (0..20_000_i32)
            .map(|n| {
                let mut home =
                    household(&format!("H{n}"), 103.0 + f64::from(n % 200) / 1e3, 34.0 + f64::from(n / 200) / 1e3);
                home.grid = super::made::path(&["A", if n % 50 == 0 { "A1" } else { "A10" }]);
                home
            })
            .collect();
        write(&store, async |t| t.put_households(&homes, Expect::Any).await.unwrap()).await;
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        sqlx::query("analyze household").execute(&mut connection).await.unwrap();
        let few = gridmap::geometry::Bbox { west: 103.0, south: 34.0, east: 103.003, north: 34.003 };
        let boxed = Filter { bbox: Some(few), ..Filter::default() };
        assert_eq!(all(store.households(boxed)).await.len(), 16);
        let within = Filter { grid: Some(super::made::within(&["A", "A1"])), ..Filter::default() };
        assert_eq!(store.count(Noun::Households, within).await.unwrap(), 400);
        drop(store);
        let statement = "select idx_scan from pg_stat_user_indexes where indexrelname = $1";
        for index in ["household_position", "household_by_grid"] {
            let mut n = 0_i64;
            // A session hands in its counts when it ends, which takes a moment.
            for _ in 0..100 {
                n = sqlx::query_scalar(statement).bind(index).fetch_one(&mut connection).await.unwrap();
                if n > 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert!(n > 0, "{index} was not used");
        }
    });
}
