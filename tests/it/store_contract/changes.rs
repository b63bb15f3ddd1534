//! The change feed: one revision a commit, in order, without gaps, and whoever waits is woken.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::FixedOffset;
use gridmap::domain::{Actor, Change, Noun, Parts, Region, Revision, Which};
use gridmap::store::{Expect, Filter, Store};
use tokio::time::timeout;

use super::journal::run;
use super::made::{generation, holder, household, incident, instant, path, region, service_point, settle, tree, write};
use crate::backends::on_both;

const LONG: Duration = Duration::from_secs(20);

#[test]
fn the_feed_tells_what_each_commit_touched() {
    on_both(async |_, store| {
        assert_eq!(store.revision().await.unwrap(), Revision(0));
        assert_eq!(store.changes(Revision(0), 10).await.unwrap(), []);
        settle(&store).await;
        write(&store, async |t| {
            t.put_households(&[household("H1", 1.0, 1.0), household("H2", 1.0, 2.0)], Expect::Any).await.unwrap();
            t.put_holders(&[holder("W1")], Expect::Any).await.unwrap();
        })
        .await;
        let change = |revision, noun, which| Change { revision: Revision(revision), noun, which };
        let home = |code: &str| (code.to_owned(), path(&["A", "A1", "A1-1"]));
        let all = [
            change(1, Noun::Grids, Which::Many(7)),
            change(2, Noun::Holders, Which::Few(vec![("W1".to_owned(), None)])),
            change(2, Noun::Households, Which::Few(vec![home("H1"), home("H2")])),
        ];
        assert_eq!(store.changes(Revision(0), 10).await.unwrap(), all, "six grids and the region");
        assert_eq!(store.changes(Revision(1), 10).await.unwrap(), all[1..]);
        assert_eq!(store.changes(Revision(0), 2).await.unwrap(), all[..2]);
        assert_eq!(store.changes(Revision(2), 10).await.unwrap(), []);
        assert_eq!(store.revision().await.unwrap(), Revision(2));
    });
}

#[test]
fn a_commit_changes_the_parts_of_what_it_touched_and_no_other() {
    on_both(async |database, store| {
        assert_eq!(store.parts().await.unwrap(), Parts::default());
        settle(&store).await;
        let ground = Parts { revision: Revision(1), ground: Revision(1), ..Parts::default() };
        let settled = store.settled().await.unwrap();
        let (parts, newest) = (store.parts().await.unwrap(), store.journal(Revision(0), 1).await.unwrap().remove(0));
        assert_eq!(parts, Parts { settled, committed_at: Some(newest.committed_at), ..ground });
        let told = async |revision, noun: &str, [ground, people, homes, cases]: [u64; 4]| {
            let parts = store.parts().await.unwrap();
            assert_eq!(parts.revision, Revision(revision), "{noun}");
            let read = [parts.ground, parts.people, parts.households, parts.incidents].map(|part| part.0);
            assert_eq!(read, [ground, people, homes, cases], "{noun}");
        };
        write(&store, async |t| t.put_households(&[household("H1", 1.0, 1.0)], Expect::Any).await.unwrap()).await;
        told(2, "a home", [1, 0, 2, 0]).await;
        write(&store, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap()).await;
        told(3, "a holder", [1, 3, 2, 0]).await;
        write(&store, async |t| t.put_incidents(&[incident("I1", "2024-05-01T00:00:00Z")], Expect::Any).await.unwrap())
            .await;
        told(4, "an incident", [1, 3, 2, 4]).await;
        write(&store, async |t| {
            t.put_region(&Region { utc_offset: FixedOffset::east_opt(25_200).unwrap(), ..region() }).await.unwrap();
        })
        .await;
        told(5, "the region", [5, 3, 2, 4]).await;
        write(&store, async |t| {
            t.put_service_points(&[service_point("S1", 1.0, 1.0)], Expect::Any).await.unwrap();
            t.delete(Noun::Households, "H1", Expect::Any).await.unwrap();
        })
        .await;
        told(6, "a service point, and a home less", [5, 6, 6, 4]).await;
        write(&store, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap()).await;
        told(6, "nothing", [5, 6, 6, 4]).await;
        run(database, "insert into change (region_code, revision, noun, n_changed) values ('623021', 7, 'plans', 1)")
            .await;
        told(6, "what another program alone knows, which counts for all", [7, 7, 7, 7]).await;
    });
}

#[test]
fn a_dropped_transaction_leaves_nothing() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        t.put_households(&[household("H1", 1.0, 1.0)], Expect::Any).await.unwrap();
        t.publish(&generation(Some(1), vec![tree().remove(3)], &["A10-1"]), instant("2024-05-01T00:00:00Z"))
            .await
            .unwrap();
        drop(t);
        assert_eq!(store.count(Noun::Households, Filter::default()).await.unwrap(), 0);
        assert_eq!(store.generations().await.unwrap().len(), 1);
        assert_eq!(store.revision().await.unwrap(), Revision(1));
        let next = write(&store, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap()).await;
        assert_eq!(next, Revision(2), "no number is lost either");
    });
}

#[test]
fn an_uncommitted_change_is_not_seen() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        t.put_holders(&[holder("W1")], Expect::Any).await.unwrap();
        assert_eq!(store.count(Noun::Holders, Filter::default()).await.unwrap(), 0);
        assert_eq!(store.revision().await.unwrap(), Revision(1));
        assert_eq!(t.commit().await.unwrap(), Revision(2));
        assert_eq!(store.count(Noun::Holders, Filter::default()).await.unwrap(), 1);
    });
}

#[test]
fn whoever_waits_is_woken_by_a_commit_of_their_own_process() {
    on_both(async |_, store| {
        settle(&store).await;
        timeout(LONG, store.wait(Revision(0))).await.expect("there is a newer one already");
        let waiting = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.wait(Revision(1)).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished(), "nothing is newer yet");
        write(&store, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap()).await;
        timeout(LONG, waiting).await.expect("woken").unwrap();
    });
}

#[test]
fn whoever_waits_is_woken_by_a_commit_of_another_process() {
    on_both(async |database, store| {
        settle(&store).await;
        let other = database.open().await;
        let mut quickest = Duration::MAX;
        for round in 1..=5 {
            let waiting = tokio::spawn({
                let other = Arc::clone(&other);
                async move { other.wait(Revision(round)).await }
            });
            write(&store, async |t| t.put_holders(&[holder(&format!("W{round}"))], Expect::Any).await.unwrap()).await;
            let start = Instant::now();
            timeout(LONG, waiting).await.expect("woken").unwrap();
            quickest = quickest.min(start.elapsed());
            assert_eq!(other.revision().await.unwrap(), Revision(round + 1));
        }
        if !database.is_sqlite() {
            assert!(quickest < Duration::from_millis(500), "by listening, not by the poll each second: {quickest:?}");
        }
    });
}

#[test]
fn writers_at_once_make_one_line_of_revisions_and_readers_see_no_gap() {
    const WRITERS: u64 = 4;
    const ROUNDS: u64 = 10;
    on_both(async |database, store| {
        write(&store, async |t| t.put_region(&region()).await.unwrap()).await;
        let other = database.open().await;
        let mut writers = Vec::new();
        for writer in 0..WRITERS {
            let store = Arc::clone(if writer % 2 == 0 { &store } else { &other });
            writers.push(tokio::spawn(async move { write_rounds(&store, writer, ROUNDS).await }));
        }
        let mut seen = vec![Revision(1)];
        while *seen.last().unwrap() < Revision(1 + WRITERS * ROUNDS) {
            let newest = *seen.last().unwrap();
            timeout(LONG, other.wait(newest)).await.expect("a commit is told");
            seen.extend(other.changes(newest, 100).await.unwrap().iter().map(|change| change.revision));
            let n = other.count(Noun::Households, Filter::default()).await.unwrap();
            assert!(n + 1 >= seen.last().unwrap().0, "every row of a revision that is seen is there");
        }
        assert_eq!(seen, (1..=1 + WRITERS * ROUNDS).map(Revision).collect::<Vec<_>>());
        let mut given = Vec::new();
        for writer in writers {
            given.extend(writer.await.unwrap());
        }
        given.sort_unstable();
        assert_eq!(given, seen[1..], "each writer heard the number of its own commit");
    });
}

/// Commits one household a round and returns the revisions it was given.
async fn write_rounds(store: &Arc<dyn Store>, writer: u64, rounds: u64) -> Vec<Revision> {
    let mut given = Vec::new();
    for round in 0..rounds {
        let home = household(&format!("H{writer}-{round}"), 1.0, 1.0);
        let mut transaction = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        transaction.put_households(&[home], Expect::Absent).await.unwrap();
        given.push(transaction.commit().await.unwrap());
    }
    given
}

#[test]
fn of_two_changes_made_on_one_version_one_is_stored() {
    on_both(async |database, store| {
        settle(&store).await;
        write(&store, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap()).await;
        let other = database.open().await;
        let change = async |store: &Arc<dyn Store>, name: &str| {
            let mut one = holder("W1");
            one.name = name.into();
            let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
            t.put_holders(&[one], Expect::Version(gridmap::domain::Version(1))).await?;
            t.commit().await
        };
        let (left, right) = tokio::join!(change(&store, "left"), change(&other, "right"));
        assert_ne!(left.is_ok(), right.is_ok(), "{left:?} {right:?}");
    });
}
