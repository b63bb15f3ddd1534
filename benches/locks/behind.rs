//! How far two servers are behind a database into which eight write at full speed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use gridmap::domain::{Actor, Duty, DutyArea, Holder, HolderId, HolderKind, Household, Id, Personal};
use gridmap::geometry::Position;
use gridmap::store::{self, Expect, Store};
use serde_json::Value;

use crate::reporter::is_stored;
use crate::shared::server::Server;

/// How long they write.
const WRITING: Duration = Duration::from_secs(10);

/// Of the eight: these report incidents, half of them to each server; the last two move homes in and name duties.
const N_REPORTERS: usize = 6;

/// How often the database and the servers are asked for their revision.
const PAUSE: Duration = Duration::from_millis(20);

/// What was seen of two servers.
#[derive(Debug)]
pub struct Behind {
    /// Revisions a second.
    pub rate: f64,
    /// The longest that each went on serving a revision after the database had shown a newer one, seconds.
    pub longest_s: [f64; 2],
}

/// A revision, and when it was seen.
type Seen = (Instant, u64);

/// Has eight write into the database of both servers for some seconds.
pub fn while_writing(servers: &[Server; 2], database: &str, positions: &[(f64, f64)]) -> Behind {
    let (is_done, n_stored) = (AtomicBool::new(false), AtomicU64::new(0));
    let goes_on = || !is_done.load(Ordering::Relaxed);
    thread::scope(|scope| {
        for n in 0..N_REPORTERS {
            let (server, positions) = (&servers[n % 2], positions.iter().skip(n));
            let (goes_on, n_stored) = (&goes_on, &n_stored);
            scope.spawn(move || {
                for position in positions.cycle().take_while(|_| goes_on()) {
                    assert!(is_stored(server, *position), "an incident was refused");
                    n_stored.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for write in [Write::Homes, Write::Duties] {
            let (goes_on, n_stored) = (&goes_on, &n_stored);
            scope.spawn(move || write.over_and_over(database, positions, goes_on, n_stored));
        }
        let stored = scope.spawn(|| revisions_stored(database, &goes_on));
        let served = [0, 1].map(|at: usize| {
            let goes_on = &goes_on;
            scope.spawn(move || revisions_served(&servers[at], goes_on))
        });
        thread::sleep(WRITING);
        is_done.store(true, Ordering::Relaxed);
        let stored = stored.join().expect("the database answers");
        let longest_s = served.map(|served| longest(&stored, &served.join().expect("the server answers")));
        #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 revisions")]
        let rate = n_stored.load(Ordering::Relaxed) as f64 / WRITING.as_secs_f64();
        Behind { rate, longest_s }
    })
}

/// The longest that a revision was served after a newer one was seen.
fn longest(stored: &[Seen], served: &[Seen]) -> f64 {
    let behind = |(at, revision): &Seen| {
        let newer = stored.iter().find(|(_, newer)| newer > revision);
        newer.map_or(Duration::ZERO, |(since, _)| at.saturating_duration_since(*since))
    };
    served.iter().map(behind).max().unwrap_or_default().as_secs_f64()
}

fn revisions_stored(database: &str, goes_on: &impl Fn() -> bool) -> Vec<Seen> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = runtime.block_on(store::open_existing(database, None)).expect("it is there");
    let mut seen = Vec::new();
    while goes_on() {
        let revision = runtime.block_on(store.revision()).expect("the database answers").0;
        seen.push((Instant::now(), revision));
        thread::sleep(PAUSE);
    }
    seen
}

/// The moment is that before a server was asked: it has not been behind for longer.
fn revisions_served(server: &Server, goes_on: &impl Fn() -> bool) -> Vec<Seen> {
    let mut seen = Vec::new();
    while goes_on() {
        let asked = Instant::now();
        let answer = server.ask("/readyz").expect("the server answers");
        let body = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(&[][..], |at| &answer[at + 4..]);
        let ready: Value = serde_json::from_slice(body).expect("readiness is JSON");
        seen.push((asked, ready["revision"].as_u64().expect("a revision")));
        thread::sleep(PAUSE);
    }
    seen
}

/// What is written past the servers, by another program.
#[derive(Clone, Copy, Debug)]
enum Write {
    Homes,
    Duties,
}

impl Write {
    fn over_and_over(
        self,
        database: &str,
        positions: &[(f64, f64)],
        goes_on: &impl Fn() -> bool,
        n_stored: &AtomicU64,
    ) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let store = runtime.block_on(store::open_existing(database, None)).expect("it is there");
        for (n, position) in positions.iter().enumerate().take_while(|_| goes_on()) {
            runtime.block_on(self.once(&store, n, *position));
            n_stored.fetch_add(1, Ordering::Relaxed);
        }
    }

    async fn once(self, store: &Arc<dyn Store>, n: usize, (lon, lat): (f64, f64)) {
        let position = Position::new(lon, lat).expect("a place of the county");
        let mut transaction = store.begin(&Actor::SYSTEM, "a bench").await.expect("the store answers");
        match self {
            Self::Homes => transaction.put_households(&[home(n, position)], Expect::Absent).await,
            Self::Duties => {
                transaction.put_holders(&[holder(n)], Expect::Absent).await.expect("they are new");
                transaction.put_duties(&[duty(n)], Expect::Absent).await
            }
        }
        .expect("it is new");
        transaction.commit().await.expect("nothing dangles");
    }
}

fn home(n: usize, position: Position) -> Household {
    Household {
        id: id(&format!("late{n}")),
        position,
        n_residents: None,
        stated_grid: None,
        grid: None,
        address: Personal::new(None),
        phone: Personal::new(None),
    }
}

fn holder(n: usize) -> Holder {
    Holder {
        id: holder_id(n),
        kind: HolderKind::Person,
        name: format!("deputy {n}"),
        body: None,
        position: None,
        phone: Personal::new(None),
    }
}

fn duty(n: usize) -> Duty {
    Duty {
        id: id(&format!("late{n}")),
        holder: holder_id(n),
        role: "grid_leader".into(),
        area: DutyArea::Grid(id("623021")),
        deputy: None,
        categories: Vec::new(),
        from: None,
        to: None,
    }
}

fn holder_id(n: usize) -> HolderId {
    id(&format!("late{n}"))
}

fn id<T>(text: &str) -> Id<T> {
    Id::new(text).expect("letters and digits")
}
