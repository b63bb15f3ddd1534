//! Who changed what, and why; and which things the feed says changed.

use gridmap::domain::{Actor, Change, GridPath, Noun, Revision, Which};
use gridmap::store::Expect;
use sqlx::Connection;

use super::made::{generation, holder, household, instant, path, settle, tree, write};
use crate::backends::{Database, on_both};

/// Runs statements on the database behind the store's back.
pub(crate) async fn run(database: &Database, sql: &'static str) {
    if database.is_sqlite() {
        let mut connection = sqlx::SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = sqlx::PgConnection::connect(&database.url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
}

#[test]
fn every_commit_names_who_made_it_and_why() {
    on_both(async |_, store| {
        settle(&store).await;
        let by = Actor::new("U17").unwrap();
        let mut t = store.begin(&by, "a new worker").await.unwrap();
        t.name_request("req-1");
        t.put_holders(&[holder("W1")], Expect::Any).await.unwrap();
        t.commit().await.unwrap();
        let mut unchanged = store.begin(&by, "the same again").await.unwrap();
        unchanged.put_holders(&[holder("W1")], Expect::Any).await.unwrap();
        unchanged.commit().await.unwrap();
        let mut dropped = store.begin(&by, "never mind").await.unwrap();
        dropped.put_holders(&[holder("W2")], Expect::Any).await.unwrap();
        drop(dropped);

        let entries = store.journal(Revision(0), 10).await.unwrap();
        assert_eq!(entries.len(), 2, "a commit that changes nothing makes no revision: {entries:?}");
        assert_eq!((entries[0].revision, &entries[0].actor), (Revision(1), &Actor::SYSTEM));
        let entry = &entries[1];
        assert_eq!((entry.revision, &entry.actor, entry.reason.as_str()), (Revision(2), &by, "a new worker"));
        assert_eq!(entry.request.as_deref(), Some("req-1"));
        assert!(entries[0].committed_at <= entry.committed_at);
        assert!(entry.committed_at > instant("2024-01-01T00:00:00Z"), "by a clock: {}", entry.committed_at);
        assert_eq!(store.journal(Revision(1), 10).await.unwrap(), entries[1..]);
        assert_eq!(store.journal(Revision(0), 1).await.unwrap(), entries[..1]);
    });
}

fn few(things: &[(&str, Option<GridPath>)]) -> Which {
    Which::Few(things.iter().map(|(id, at)| ((*id).to_owned(), at.clone())).collect())
}

#[test]
fn the_feed_says_where_a_thing_was_and_where_it_is() {
    on_both(async |_, store| {
        settle(&store).await;
        let (here, there) = (path(&["A", "A1", "A1-1"]), path(&["A", "A10", "A10-1"]));
        let told = async |revision: u64| {
            let mut changes = store.changes(Revision(revision - 1), 10).await.unwrap();
            assert_eq!(changes.len(), 1);
            changes.remove(0).which
        };
        let mut home = household("H1", 1.0, 1.0);
        write(&store, async |t| t.put_households(&[home.clone()], Expect::Any).await.unwrap()).await;
        assert_eq!(told(2).await, few(&[("H1", here.clone())]));
        home.grid = there.clone();
        write(&store, async |t| t.put_households(&[home.clone()], Expect::Any).await.unwrap()).await;
        assert_eq!(told(3).await, few(&[("H1", here.clone()), ("H1", there.clone())]));
        assert_eq!(told(3).await.n_changed(), 1);
        write(&store, async |t| {
            t.relocate_records(Noun::Households, &[("H1".into(), here.clone()), ("H9".into(), None)]).await.unwrap();
        })
        .await;
        assert_eq!(told(4).await, few(&[("H1", there.clone()), ("H1", here.clone())]));
        write(&store, async |t| t.delete(Noun::Households, "H1", Expect::Any).await.unwrap()).await;
        assert_eq!(told(5).await, few(&[("H1", here.clone())]), "where it stood until then");
        write(&store, async |t| {
            t.publish(&generation(Some(1), vec![tree().remove(3)], &["A10-1"]), instant("2024-05-01T00:00:00Z"))
                .await
                .unwrap();
        })
        .await;
        assert_eq!(told(6).await, few(&[("A1-1", None), ("A10-1", None)]), "a grid is its own place");
    });
}

#[test]
fn of_many_things_only_the_number_is_told() {
    on_both(async |_, store| {
        settle(&store).await;
        let homes: Vec<_> = (0..65).map(|n| household(&format!("H{n}"), 1.0, 1.0)).collect();
        write(&store, async |t| t.put_households(&homes[..64], Expect::Any).await.unwrap()).await;
        write(&store, async |t| t.put_households(&homes, Expect::Any).await.unwrap()).await;
        write(&store, async |t| {
            for home in &homes {
                t.delete(Noun::Households, home.id.as_str(), Expect::Any).await.unwrap();
            }
        })
        .await;
        let changes = store.changes(Revision(1), 10).await.unwrap();
        assert!(matches!(&changes[0].which, Which::Few(things) if things.len() == 64), "{:?}", changes[0]);
        assert_eq!(changes[1].which, Which::Many(1), "65 were given, one was new");
        assert_eq!(changes[2].which, Which::Many(65));
    });
}

#[test]
fn what_an_older_or_a_newer_program_commits_is_read() {
    on_both(async |database, store| {
        settle(&store).await;
        write(&store, async |t| t.put_holders(&[holder("W1")], Expect::Any).await.unwrap()).await;
        run(
            database,
            "update change set things = null where noun = 'holders';
             insert into change (region_code, revision, noun, n_changed) values ('623021', 3, 'operations', 5);
             update region set revision = 3",
        )
        .await;
        let changes = store.changes(Revision(1), 10).await.unwrap();
        let operations = Change { revision: Revision(3), noun: Noun::named("operations"), which: Which::Many(5) };
        assert_eq!(changes[0].which, Which::Many(1));
        assert_eq!(changes[1], operations);
        assert_eq!(store.journal(Revision(2), 10).await.unwrap(), [], "it had no journal to write to");
    });
}
