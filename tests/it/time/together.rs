//! Writers side by side: whoever commits later stands on the ground that is then, whichever came first; and nobody's write
//! is carried out twice or lost.

use std::io::{Cursor, Read};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use futures::TryStreamExt;
use futures::future::join_all;
use gridmap::domain::{Actor, Version};
use gridmap::service::collections::write::{IdempotencyKey, Opened};
use gridmap::service::import::Source;
use gridmap::store::{Expect, Ground, StoreError};

use super::*;
use crate::backends::on_both;
use crate::store_contract::made::instant;

/// Every stored thing stands in the grid that the ground in force puts it in.
async fn assert_all_stand_where_they_are(gridmap: &Gridmap) {
    gridmap.refresh().await.unwrap();
    let (snapshot, store) = (gridmap.snapshot().unwrap(), gridmap.store());
    assert_eq!(store.settled().await.unwrap(), Some(snapshot.generation().number));
    for noun in [Noun::Households, Noun::Incidents] {
        let placed: Vec<_> = store.placed(noun, None).try_collect().await.unwrap();
        for thing in placed {
            let owner = snapshot.tree().owner(LatticePoint::from(thing.position));
            let path = owner.map(|ix| snapshot.tree().grid_path(ix));
            assert_eq!(thing.grid, path, "{} {}", noun, thing.id);
        }
    }
}

/// The strip with its middle border elsewhere.
fn redrawn(middle: u32) -> Strip {
    Strip { borders: [50, middle, 250], ..Strip::new() }
}

async fn began(store: &Arc<dyn Store>) -> Gridmap {
    settle_region(store).await;
    let gridmap = open(store, &Hands::at(instant("2024-06-01T00:00:00Z"))).await;
    published(&gridmap, &Strip::new(), None).await;
    gridmap
}

#[test]
fn an_incident_located_before_a_redraw_and_committed_after_it_is_made_again() {
    on_both(async |database, store| {
        let gridmap = began(&store).await;
        let known = Ground { newest: Some(1), settled: Some(1) };
        let mut new = incident("I1", "2024-01-02T00:00:00Z");
        (new.position, new.grid) = (position(120), None);
        let mut writing = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        writing.put_incidents(&[new], Expect::Absent).await.unwrap();
        if database.is_sqlite() {
            // Whoever writes is alone from the beginning: the redraw waits, and finds the incident.
            writing.commit_on(known).await.unwrap();
            published(&gridmap, &redrawn(100), None).await;
        } else {
            published(&gridmap, &redrawn(100), None).await;
            let refused = writing.commit_on(known).await.unwrap_err();
            assert!(matches!(refused, StoreError::GenerationMoved { .. }), "{refused}");
            open_incident(&gridmap, "I1", 120).await;
        }
        assert_all_stand_where_they_are(&gridmap).await;
        assert_eq!(n_listed(&gridmap, Noun::Incidents, "V2").await, 1);
    });
}

/// Hands over the rest of a file only when it is told to.
struct Halting {
    first: Cursor<Vec<u8>>,
    rest: Cursor<Vec<u8>>,
    reached: Sender<()>,
    go_on: Option<Receiver<()>>,
}

impl Read for Halting {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.first.read(buffer)?;
        if n > 0 {
            return Ok(n);
        }
        if let Some(go_on) = self.go_on.take() {
            self.reached.send(()).unwrap();
            go_on.recv().unwrap();
        }
        self.rest.read(buffer)
    }
}

/// A file of homes at each step of the strip, which halts before its last row.
fn halting() -> (Source, Receiver<()>, Sender<()>) {
    let rows = (1..WIDE).filter(|x| ![50, 100, 150, 250].contains(x)).map(|x| format!("H{x},103.{x:04},34.005\n"));
    let (reached, is_reached) = channel();
    let (go, go_on) = channel();
    let first = rows.fold("id,lon,lat\n".to_owned(), |text, row| text + &row);
    let mut source = text_source("homes.csv", String::new());
    source.input = Box::new(Halting {
        first: Cursor::new(first.into_bytes()),
        rest: Cursor::new(b"H-last,103.0120,34.005\n".to_vec()),
        reached,
        go_on: Some(go_on),
    });
    (source, is_reached, go)
}

#[test]
fn nobody_waits_while_an_import_reads_its_file_and_its_homes_stand_on_the_ground_of_its_commit() {
    on_both(async |_, store| {
        let gridmap = began(&store).await;
        let (source, is_reached, go) = halting();
        let importing = tokio::spawn({
            let gridmap = gridmap.clone();
            async move { import::households(&Caller::system(&gridmap), source, &[]).await.unwrap() }
        });
        tokio::task::spawn_blocking(move || is_reached.recv().unwrap()).await.unwrap();
        open_incident(&gridmap, "I1", 120).await;
        published(&gridmap, &redrawn(100), None).await;
        let later = Some(instant("2024-07-01T00:00:00Z"));
        published(&gridmap, &redrawn(200), later).await;
        go.send(()).unwrap();
        let report = importing.await.unwrap();
        assert!(matches!(report.outcome, Outcome::Stored { .. }), "{report:?}");
        assert_all_stand_where_they_are(&gridmap).await;
        assert_eq!(store.count(Noun::Households, Filter::default()).await.unwrap(), report.n_stored);
        let n_moving = (100..200).filter(|x| ![100, 150].contains(x)).count() as u64 + 1;
        assert_eq!(
            store.pending().await.unwrap(),
            [(3, n_moving + 1)],
            "and what waits is known of each, the incident too"
        );
    });
}

#[test]
fn two_repetitions_at_once_are_carried_out_once() {
    on_both(async |_, store| {
        let gridmap = began(&store).await;
        let opened = join_all((0..8).map(|n| {
            let gridmap = gridmap.clone();
            tokio::spawn(async move {
                let mut new = incident(&format!("I{n}"), "2024-01-02T00:00:00Z");
                new.position = position(120);
                let once = IdempotencyKey { key: "key".to_owned(), fingerprint: "the same".to_owned() };
                let reply = |one: &One<Incident>| Reply {
                    status: 201,
                    location: None,
                    body: one.thing.id.as_str().into(),
                    version: one.version,
                };
                incidents::open(&Caller::system(&gridmap), new, Some(once), reply).await.unwrap()
            })
        }))
        .await;
        let mut n_new = 0;
        let mut replies = Vec::new();
        for opened in opened {
            let opened = opened.unwrap();
            n_new += usize::from(matches!(opened, Opened::New(_)));
            let (Opened::New(reply) | Opened::Replayed(reply)) = opened;
            replies.push(reply);
        }
        assert_eq!(n_new, 1);
        assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
        assert_eq!(store.count(Noun::Incidents, Filter::default()).await.unwrap(), 1);
    });
}

#[test]
fn of_writers_of_one_thing_at_once_one_is_right() {
    on_both(async |_, store| {
        let gridmap = began(&store).await;
        let open = |gridmap: Gridmap| async move {
            let mut new = incident("I1", "2024-01-02T00:00:00Z");
            new.position = position(120);
            let reply = |one: &One<Incident>| Reply { status: 201, location: None, body: vec![], version: one.version };
            incidents::open(&Caller::system(&gridmap), new, None, reply).await.is_ok()
        };
        let opened = join_all((0..6).map(|_| tokio::spawn(open(gridmap.clone())))).await;
        assert_eq!(opened.into_iter().filter(|opened| *opened.as_ref().unwrap()).count(), 1);
        let replace = |gridmap: Gridmap, n: u32| async move {
            let mut new = incident("I1", "2024-01-02T00:00:00Z");
            (new.position, new.category) = (position(10 + n), Some(format!("c{n}")));
            incidents::replace(&Caller::system(&gridmap), new, Version::FIRST).await.is_ok()
        };
        let replaced = join_all((0..6).map(|n| tokio::spawn(replace(gridmap.clone(), n)))).await;
        assert_eq!(replaced.into_iter().filter(|replaced| *replaced.as_ref().unwrap()).count(), 1);
        assert_all_stand_where_they_are(&gridmap).await;
    });
}

#[test]
fn whatever_is_written_amid_redraws_ends_where_it_stands() {
    on_both(async |database, store| {
        let gridmap = began(&store).await;
        let homes: Vec<(String, u32)> = (51..250).filter(|x| x % 10 != 0).map(|x| (format!("H{x}"), x)).collect();
        settle_homes(&gridmap, &homes).await;
        let writers = (0..4_u32).map(|writer| {
            let gridmap = gridmap.clone();
            tokio::spawn(async move {
                for n in 0..15 {
                    open_incident(&gridmap, &format!("I{writer}-{n}"), 51 + (writer * 37 + n * 13) % 90).await;
                    tokio::time::sleep(Duration::from_millis(3)).await;
                }
            })
        });
        let writers: Vec<_> = writers.collect();
        // Another server redraws.
        let other = open(&database.open().await, &Hands::at(instant("2024-06-01T00:00:00Z"))).await;
        for middle in [100, 120, 140, 80] {
            published(&other, &redrawn(middle), None).await;
            settle_homes(&other, &homes).await;
        }
        for writer in writers {
            writer.await.unwrap();
        }
        assert_all_stand_where_they_are(&gridmap).await;
        assert_eq!(store.count(Noun::Incidents, Filter::default()).await.unwrap(), 60);
        let journal = store.journal(gridmap::domain::Revision(0), 1_000).await.unwrap();
        assert!(journal.windows(2).all(|pair| pair[0].revision.0 + 1 == pair[1].revision.0), "no revision is left out");
    });
}
