//! Generations: a line of states of the ground, none of them ever changed.

use std::sync::Arc;

use futures::TryStreamExt;
use gridmap::domain::{Actor, GenerationNumber, Grid, NewGeneration, Noun, Timeline};
use gridmap::store::{Store, StoreError};

use super::made::{exclave_with_hole, gap, generation, grid, instant, settle, square, tree, write};
use crate::backends::on_both;

async fn grids(store: &Arc<dyn Store>, number: GenerationNumber) -> Vec<Grid> {
    store.grids(number).try_collect().await.unwrap()
}

/// The second generation: `A1-1` shrinks, `A1-3` takes the rest, `A10-1` goes and its code is given anew.
fn redraw() -> NewGeneration {
    let mut renamed = grid("B7", 2, Some("A10"), square(200, 0, 200));
    renamed.code = "A10-1".into();
    let put =
        vec![grid("A1-1", 2, Some("A1"), square(0, 0, 50)), grid("A1-3", 2, Some("A1"), square(50, 0, 50)), renamed];
    let mut new = generation(Some(1), put, &["A10-1"]);
    new.acknowledged_gaps = vec![gap(), gap()];
    new.acknowledged_gaps[1].parent = None;
    new
}

#[test]
fn a_generation_comes_back_bit_for_bit_parents_first() {
    on_both(async |_, store| {
        settle(&store).await;
        let back = grids(&store, 1).await;
        assert_eq!(back, tree());
        assert_eq!(back[4].boundary, exclave_with_hole());
        assert_eq!(grids(&store, 2).await, [], "no such generation");
        assert_eq!(grids(&store, 0).await, []);
    });
}

#[test]
fn a_redraw_leaves_the_older_generation_as_it_was() {
    on_both(async |_, store| {
        settle(&store).await;
        let new = redraw();
        write(&store, async |t| {
            assert_eq!(t.publish(&new, instant("2024-05-01T00:00:00Z")).await.unwrap(), 2);
        })
        .await;
        assert_eq!(grids(&store, 1).await, tree());
        let ids: Vec<String> = grids(&store, 2).await.iter().map(|grid| grid.id.to_string()).collect();
        assert_eq!(ids, ["A", "A1", "A10", "A1-1", "A1-2", "A1-3", "B7"]);
        let second = grids(&store, 2).await;
        assert!(new.put.iter().all(|grid| second.contains(grid)));
    });
}

#[test]
fn what_differs_between_two_generations_makes_one_of_the_other() {
    on_both(async |_, store| {
        settle(&store).await;
        write(&store, async |t| {
            t.publish(&redraw(), instant("2024-05-01T00:00:00Z")).await.unwrap();
            let third = generation(Some(2), vec![grid("A1-1", 2, Some("A1"), square(0, 0, 80))], &["A1-3"]);
            t.publish(&third, instant("2024-05-02T00:00:00Z")).await.unwrap();
        })
        .await;
        for (from, to) in [(1, 2), (2, 3), (1, 3), (3, 1), (2, 1), (3, 2), (2, 2), (0, 2)] {
            let between = store.grids_between(from, to).await.unwrap();
            let (before, after) = (grids(&store, from).await, grids(&store, to).await);
            // A grid whose state ended and was put again counts as differing even where nothing is other.
            let missing = after.iter().filter(|grid| !before.contains(grid) && !between.put.contains(grid)).count();
            assert_eq!(missing, 0, "{from} to {to}");
            assert!(between.put.iter().all(|grid| after.contains(grid)), "{from} to {to}");
            let there = |id| after.iter().any(|grid| grid.id == id);
            let mut gone: Vec<_> = before.iter().map(|grid| grid.id.clone()).filter(|id| !there(id.clone())).collect();
            gone.sort();
            assert_eq!(between.removed, gone, "{from} to {to}");
        }
        let ids = |grids: &[Grid]| grids.iter().map(|grid| grid.id.to_string()).collect::<Vec<_>>();
        assert_eq!(ids(&store.grids_between(1, 2).await.unwrap().put), ["A1-1", "A1-3", "B7"], "no more than differs");
    });
}

#[test]
fn two_dates_and_the_accepted_gaps_are_kept() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut new = redraw();
        new.in_force = instant("2024-06-01T00:00:00Z");
        write(&store, async |t| {
            t.publish(&new, instant("2024-05-01T00:00:00.123456789Z")).await.unwrap();
        })
        .await;
        let all = store.generations().await.unwrap();
        assert_eq!(all.iter().map(|g| (g.number, g.n_acknowledged_gaps)).collect::<Vec<_>>(), [(1, 0), (2, 2)]);
        assert_eq!(all[1].plan, new.plan);
        assert_eq!(all[1].recorded, instant("2024-05-01T00:00:00.123456Z"), "kept to the microsecond");
        let number = |at, known_at| Timeline::new(&all).in_force(instant(at), instant(known_at)).map(|g| g.number);
        assert_eq!(number("2024-05-15T00:00:00Z", "2024-07-01T00:00:00Z"), Some(1), "the second counts from June");
        assert_eq!(number("2024-06-01T00:00:00Z", "2024-07-01T00:00:00Z"), Some(2));
        assert_eq!(number("2024-06-01T00:00:00Z", "2024-04-01T00:00:00Z"), Some(1), "as it was known in April");
        assert_eq!(number("2024-03-01T00:00:00Z", "2024-07-01T00:00:00Z"), None);
        assert_eq!(store.acknowledged_gaps(1).await.unwrap(), []);
        assert_eq!(store.acknowledged_gaps(2).await.unwrap(), new.acknowledged_gaps);
    });
}

#[test]
fn a_plan_made_on_an_older_generation_is_refused() {
    on_both(async |_, store| {
        settle(&store).await;
        for known in [None, Some(2)] {
            let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
            let new = NewGeneration { newest: known, ..generation(Some(1), Vec::new(), &[]) };
            let refused = t.publish(&new, instant("2024-05-01T00:00:00Z")).await;
            let moved = matches!(refused, Err(StoreError::GenerationMoved { newest: Some(1), known: k }) if k == known);
            assert!(moved, "{refused:?}");
        }
    });
}

#[test]
fn of_two_plans_published_at_once_one_is_refused() {
    on_both(async |database, store| {
        settle(&store).await;
        let other = database.open().await;
        let publish = async |store: &Arc<dyn Store>| {
            let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
            t.publish(&redraw(), instant("2024-05-01T00:00:00Z")).await?;
            t.commit().await
        };
        let (left, right) = tokio::join!(publish(&store), publish(&other));
        assert_ne!(left.is_ok(), right.is_ok(), "{left:?} {right:?}");
        let refused = left.err().or(right.err()).unwrap();
        assert!(matches!(refused, StoreError::GenerationMoved { known: Some(1), newest: Some(2) }), "{refused:?}");
        assert_eq!(store.generations().await.unwrap().len(), 2);
        assert_eq!(grids(&store, 2).await.len(), 7);
    });
}

#[test]
fn a_plan_that_does_not_fit_is_refused_whole() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        let gone = t.publish(&generation(Some(1), Vec::new(), &["A9"]), instant("2024-05-01T00:00:00Z")).await;
        assert!(matches!(gone, Err(StoreError::Absent { noun: Noun::Grids, id }) if id == "A9"));
        drop(t);
        let mut same_code = grid("A1-9", 2, Some("A1"), square(0, 0, 50));
        same_code.code = "A1-1".into();
        let mut t = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        let clash = t.publish(&generation(Some(1), vec![same_code], &[]), instant("2024-05-01T00:00:00Z")).await;
        assert!(matches!(clash, Err(StoreError::Clash { .. })), "{clash:?}");
        drop(t);
        assert_eq!(store.generations().await.unwrap().len(), 1);
        assert_eq!(grids(&store, 1).await, tree());
    });
}
