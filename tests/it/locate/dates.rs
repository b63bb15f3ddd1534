//! The application over a store: which ground counts when, following the feed, and a store that goes away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::TryStreamExt;
use gridmap::domain::{
    Actor, GenerationKind, GenerationNumber, Grid, GridId, GridPath, Household, HouseholdId, NewGeneration, Noun,
    Personal, Revision,
};
use gridmap::geometry::LatticePoint;
use gridmap::index::{GridEntry, Snapshot, Tree};
use gridmap::service::locate::{Question, locate};
use gridmap::service::{Gridmap, Lag, State, follow};
use gridmap::store::{self, Expect, Pending, Store, Transaction};
use tempfile::TempDir;

use super::patched::Field;
use super::world::{duty, holder, instant, rectangle, region};
use crate::stand_ins::{Hands, Unplugged};
use crate::store_contract::made::incident;

struct World {
    gridmap: Gridmap,
    store: Arc<dyn Store>,
    clock: Hands,
    away: Arc<AtomicBool>,
    _folder: TempDir,
}

/// An application over an empty SQLite file, at that day.
async fn world(day: &str) -> World {
    let folder = TempDir::new().unwrap();
    let store = store::open(&format!("sqlite:{}", folder.path().join("test.db").display())).await.unwrap();
    let clock = Hands::at(instant(day));
    let (unplugged, away) = Unplugged::over(Arc::clone(&store));
    let gridmap = Gridmap::open(unplugged, Arc::new(clock.clone())).await.unwrap();
    World { gridmap, store, clock, away, _folder: folder }
}

impl World {
    async fn write(&self, write: impl AsyncFnOnce(&mut dyn Transaction)) -> Revision {
        let mut transaction = self.store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        write(&mut *transaction).await;
        transaction.commit().await.unwrap()
    }

    async fn grids(&self, number: GenerationNumber) -> Vec<Grid> {
        self.store.grids(number).try_collect().await.unwrap()
    }

    /// Publishes the grids of `put` on the generation before.
    async fn publish(&self, number: GenerationNumber, recorded: &str, in_force: &str, put: Vec<Grid>) {
        self.publish_difference(number, recorded, in_force, put, Vec::new()).await;
    }

    async fn publish_difference(
        &self,
        number: GenerationNumber,
        recorded: &str,
        in_force: &str,
        put: Vec<Grid>,
        removed: Vec<GridId>,
    ) {
        let base = (number > 1).then_some(number - 1);
        let new = NewGeneration {
            plan: format!("plan {number}"),
            kind: GenerationKind::Plan,
            newest: base,
            base,
            in_force: instant(in_force),
            put,
            removed,
            acknowledged_gaps: Vec::new(),
        };
        self.write(async |transaction| {
            if number == 1 {
                transaction.put_region(&region()).await.unwrap();
            }
            assert_eq!(transaction.publish(&new, instant(recorded)).await.unwrap(), number);
        })
        .await;
    }

    /// Who owns the point 10,000 steps east at an instant, as known at another.
    async fn owner(&self, at: &str, known_at: Option<&str>) -> Option<(GenerationNumber, String)> {
        let snapshot = self.gridmap.snapshot_at(instant(at), known_at.map(instant)).await.unwrap()?;
        let question = Question::new(LatticePoint::new(10_000, 5_000).position(), instant(at));
        let answer = locate(&snapshot, &question);
        Some((answer.generation, answer.grids.last()?.code.to_owned()))
    }
}

/// A village whose groups `W` and `E` meet at `x`.
fn village(x: i32) -> Vec<Grid> {
    vec![
        rectangle("V", 2, None, [0, 0, 20_000, 10_000]),
        rectangle("W", 4, Some("V"), [0, 0, x, 10_000]),
        rectangle("E", 4, Some("V"), [x, 0, 20_000, 10_000]),
    ]
}

#[expect(clippy::unnecessary_wraps, reason = "compared with what may be nobody")]
fn owned(generation: GenerationNumber, code: &str) -> Option<(GenerationNumber, String)> {
    Some((generation, code.to_owned()))
}

#[tokio::test]
async fn the_ground_in_force_then_answers_as_known_then() {
    let world = world("2024-04-01").await;
    world.publish(1, "2024-01-05", "2024-01-01", village(5_000)).await;
    world.publish(2, "2024-03-01", "2024-06-01", village(15_000)).await;
    world.gridmap.refresh().await.unwrap();
    assert_eq!(world.gridmap.snapshot().unwrap().generation().number, 1, "the second is not in force yet");
    let cases = [
        ("2023-12-31", None, None, "before the first"),
        ("2024-01-01", None, owned(1, "E"), "from its first instant, though recorded later"),
        ("2024-01-03", Some("2024-01-04"), None, "nothing was known then"),
        ("2024-05-31", None, owned(1, "E"), "the day before the second"),
        ("2024-06-01", None, owned(2, "W"), "the second, from its first instant"),
        ("2024-07-01", Some("2024-02-01"), owned(1, "E"), "as known before the second was recorded"),
        ("2024-07-01", Some("2024-03-01"), owned(2, "W"), "as known when it was recorded"),
    ];
    for (at, known_at, expected, why) in cases {
        assert_eq!(world.owner(at, known_at).await, expected, "{why}");
    }
}

#[tokio::test]
async fn a_future_generation_comes_into_force_by_the_clock_alone() {
    let world = world("2024-04-01").await;
    world.publish(1, "2024-01-01", "2024-01-01", village(5_000)).await;
    world.publish(2, "2024-03-01", "2024-06-01", village(15_000)).await;
    let home = home("h-1", "E");
    let pending = Pending { id: "h-1".to_owned(), generation: 2, grid: GridPath::new(vec![id("V"), id("W")]) };
    world
        .write(async |transaction| {
            transaction.put_households(&[home], Expect::Any).await.unwrap();
            transaction.put_pending(Noun::Households, &["h-1"], &[pending]).await.unwrap();
        })
        .await;
    world.gridmap.refresh().await.unwrap();
    let before = world.gridmap.snapshot().unwrap();
    world.clock.turn_to(instant("2024-06-01"));
    assert_eq!(world.owner("2024-06-01", None).await, owned(2, "W"), "a question about the day needs no publishing");
    world.gridmap.refresh().await.unwrap();
    let after = world.gridmap.snapshot().unwrap();
    assert_eq!(after.generation().number, 2);
    let homes = |snapshot: &Snapshot, code: &str| snapshot.n_households(snapshot.by_code(code).unwrap());
    assert_eq!((homes(&before, "E"), homes(&before, "W")), (Some(1), Some(0)), "counted on the ground in force");
    assert_eq!((homes(&after, "E"), homes(&after, "W")), (Some(0), Some(1)), "and taken over on the day");
    assert_eq!(world.owner("2024-05-01", None).await, owned(1, "E"), "the past goes on being answered");
}

#[tokio::test]
async fn more_past_generations_than_are_kept_at_hand_are_read_again() {
    let world = world("2024-12-01").await;
    for number in 1..=8 {
        let day = format!("2024-{number:02}-01");
        world.publish(number, &day, &day, village(1_000 * i32::try_from(number).unwrap() * 2)).await;
    }
    world.gridmap.refresh().await.unwrap();
    for turn in 0..3 {
        for number in 1..=8 {
            let expected = owned(number, if number * 2_000 > 10_000 { "W" } else { "E" });
            assert_eq!(world.owner(&format!("2024-{number:02}-15"), None).await, expected, "turn {turn}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_who_ask_for_a_past_day_at_once_wait_for_one_tree() {
    let world = world("2024-12-01").await;
    for number in 1..=3 {
        let day = format!("2024-{number:02}-01");
        world.publish(number, &day, &day, village(1_000 * i32::try_from(number).unwrap() * 2)).await;
    }
    world.gridmap.refresh().await.unwrap();
    let asked: Vec<_> = (0..16)
        .map(|_| {
            let gridmap = world.gridmap.clone();
            tokio::spawn(async move { gridmap.snapshot_at(instant("2024-01-15"), None).await.unwrap().unwrap() })
        })
        .collect();
    let mut trees = Vec::new();
    for snapshot in asked {
        trees.push(Arc::clone(snapshot.await.unwrap().tree()));
    }
    assert!(trees.iter().all(|tree| Arc::ptr_eq(tree, &trees[0])));
    assert_eq!(trees[0].unlike_built(usize::MAX), None, "patched from the ground that counts now");
}

#[tokio::test]
async fn random_plans_published_one_by_one_answer_as_a_ground_built_from_nothing() {
    let world = world("2024-12-01").await;
    let mut field = Field::new(21, 900);
    world.publish(1, "2024-01-01", "2024-01-01", field.all()).await;
    let mut kept: Vec<(Arc<Snapshot>, Vec<Grid>)> = Vec::new();
    for number in 2..=20 {
        let day = format!("2024-02-{number:02}");
        kept.push((refreshed(&world.gridmap).await, world.grids(number - 1).await));
        let (put, removed) = field.plan();
        world.publish_difference(number, &day, &day, put, removed).await;
        let snapshot = refreshed(&world.gridmap).await;
        assert_eq!(snapshot.generation().number, number);
        field.check(snapshot.tree(), &format!("generation {number}"));
    }
    for (snapshot, grids) in kept {
        let built = Tree::build(snapshot.generation().clone(), grids).unwrap();
        let facts = |grid: &GridEntry| (grid.id.clone(), grid.code.clone(), grid.depth, Arc::clone(&grid.boundary));
        let same = |ix: u32| facts(snapshot.grid(ix)) == facts(built.grid(ix)) && snapshot.path(ix) == built.path(ix);
        assert!(built.len() == snapshot.tree().len() && built.indexes().all(same), "a snapshot never changes");
        assert_eq!(snapshot.tree().unlike_built(usize::MAX), None, "generation {}", snapshot.generation().number);
        let past = world.gridmap.snapshot_at(snapshot.generation().in_force, None).await.unwrap().unwrap();
        assert_eq!(past.tree().unlike_built(usize::MAX), None, "read again, {}", snapshot.generation().number);
    }
}

#[tokio::test]
async fn only_what_changed_is_built_anew() {
    let world = world("2024-04-01").await;
    let gridmap = &world.gridmap;
    assert_eq!((gridmap.state(), gridmap.snapshot().is_none()), (State::Empty { revision: Revision(0) }, true));
    world.write(async |transaction| transaction.put_region(&region()).await.unwrap()).await;
    assert!(matches!(gridmap.refresh().await.unwrap(), State::Empty { .. }), "a region without ground");

    world.publish(1, "2024-01-01", "2024-01-01", village(5_000)).await;
    let first = refreshed(gridmap).await;
    assert_eq!(first.n_households(0), Some(0));

    let home = home("h-1", "E");
    world.write(async |transaction| transaction.put_households(&[home], Expect::Any).await.unwrap()).await;
    let second = refreshed(gridmap).await;
    assert!(Arc::ptr_eq(first.tree(), second.tree()) && Arc::ptr_eq(first.roster(), second.roster()));
    let count = |code: &str| second.n_households(second.by_code(code).unwrap());
    assert_eq!((count("V"), count("E"), count("W")), (Some(1), Some(1), Some(0)));
    assert_eq!(first.n_households(0), Some(0), "a snapshot never changes");

    world
        .write(async |transaction| {
            transaction.put_holders(&[holder("ann")], Expect::Any).await.unwrap();
            transaction.put_duties(&[duty("d", "ann", "mediation_committee", "V")], Expect::Any).await.unwrap();
        })
        .await;
    let third = refreshed(gridmap).await;
    assert!(Arc::ptr_eq(second.tree(), third.tree()) && !Arc::ptr_eq(second.roster(), third.roster()));
    assert!(Arc::ptr_eq(second.households().unwrap(), third.households().unwrap()));
    assert_eq!(third.people().duties().len(), 1);

    world.publish(2, "2024-03-01", "2024-03-01", village(15_000)).await;
    let fourth = refreshed(gridmap).await;
    assert!(Arc::ptr_eq(third.people(), fourth.people()) && !Arc::ptr_eq(third.tree(), fourth.tree()));
    let past = gridmap.snapshot_at(instant("2024-02-01"), None).await.unwrap().unwrap();
    assert_eq!((past.n_households(0), past.people().duties().len()), (None, 1));

    gridmap.refresh().await.unwrap();
    assert!(Arc::ptr_eq(&fourth, &gridmap.snapshot().unwrap()), "nothing new is not published again");
}

async fn refreshed(gridmap: &Gridmap) -> Arc<Snapshot> {
    let state = gridmap.refresh().await.unwrap();
    let snapshot = gridmap.snapshot().unwrap();
    assert_eq!(state, State::Current { revision: snapshot.revision() });
    snapshot
}

fn id(text: &str) -> GridId {
    GridId::new(text).unwrap()
}

fn home(id: &str, grid: &str) -> Household {
    let path = GridPath::new(vec![self::id("V"), self::id(grid)]);
    Household {
        id: HouseholdId::new(id).unwrap(),
        position: LatticePoint::new(10_000, 5_000).position(),
        n_residents: None,
        stated_grid: None,
        grid: path,
        address: Personal::new(None),
        phone: Personal::new(None),
    }
}

#[tokio::test]
async fn a_store_that_is_away_leaves_the_old_snapshot_and_says_since_when() {
    let world = world("2024-04-01").await;
    world.publish(1, "2024-01-01", "2024-01-01", village(5_000)).await;
    let before = refreshed(&world.gridmap).await;
    world.away.store(true, Ordering::SeqCst);
    assert!(world.gridmap.refresh().await.is_err());
    let since = instant("2024-04-01");
    let away = State::StoreAway { since, revision: Some(before.revision()) };
    assert_eq!(world.gridmap.state(), away);
    assert_eq!(world.owner("2024-04-01", None).await, owned(1, "E"), "answers go on");
    world.clock.turn_to(instant("2024-04-02"));
    assert!(world.gridmap.refresh().await.is_err());
    assert_eq!(world.gridmap.state(), away, "away since the first failure");
    world.away.store(false, Ordering::SeqCst);
    assert_eq!(world.gridmap.refresh().await.unwrap(), State::Current { revision: before.revision() });
}

/// C2: a server that others kept writing beside started over at each of their commits, and stayed minutes behind.
#[tokio::test]
async fn cases_that_others_store_meanwhile_hold_no_server_up() {
    let world = world("2024-04-01").await;
    world.publish(1, "2024-01-01", "2024-01-01", village(5_000)).await;
    let incidents = (0..50).map(|n| incident(&format!("I{n}"), "2024-03-01T00:00:00Z")).collect();
    let store = Unplugged::written_to(Arc::clone(&world.store), incidents);
    let gridmap = Gridmap::open(store.clone(), Arc::new(world.clock.clone())).await.unwrap();
    assert!(store.n_foreign() > 40, "read once, not as often as others commit: {} are left", store.n_foreign());
    let behind = world.store.revision().await.unwrap().0 - gridmap.snapshot().unwrap().revision().0;
    assert!(behind < 10, "{behind}");
    let first = gridmap.snapshot().unwrap();
    gridmap.refresh().await.unwrap();
    let second = gridmap.snapshot().unwrap();
    assert!(second.revision() > first.revision() && store.n_foreign() > 30);
    assert!(Arc::ptr_eq(first.tree(), second.tree()) && Arc::ptr_eq(first.roster(), second.roster()));
    let homes = [&first, &second].map(|snapshot| Arc::clone(snapshot.households().unwrap()));
    assert!(Arc::ptr_eq(&homes[0], &homes[1]), "nothing of the ground is made anew");
}

/// Whoever follows is told of each change by one statement, and reads only what that change is of.
#[tokio::test]
async fn what_others_store_costs_one_statement_and_what_it_changed() {
    let world = world("2024-04-01").await;
    world.publish(1, "2024-01-01", "2024-01-01", village(5_000)).await;
    let store = Unplugged::written_to(Arc::clone(&world.store), Vec::new());
    let gridmap = Gridmap::open(store.clone(), Arc::new(world.clock.clone())).await.unwrap();
    let statements = async |revision: Revision| {
        let before = store.n_asked();
        assert_eq!(gridmap.refresh().await.unwrap(), State::Current { revision });
        store.n_asked() - before
    };
    let opened = async |t: &mut dyn Transaction| {
        t.put_incidents(&[incident("I1", "2024-03-01T00:00:00Z")], Expect::Any).await.unwrap();
    };
    assert_eq!(statements(world.write(opened).await).await, 1, "nothing of a case is in memory");
    let built = async |t: &mut dyn Transaction| t.put_households(&[home("H1", "W")], Expect::Any).await.unwrap();
    let only_there = "where a home changed since when, the homes of that grid, those outside, and whether that is all";
    assert_eq!(statements(world.write(built).await).await, 6, "{only_there}");
    let hired = async |t: &mut dyn Transaction| t.put_holders(&[holder("ann")], Expect::Any).await.unwrap();
    assert_eq!(statements(world.write(hired).await).await, 5, "holders, duties and points, and whether that is all");
    let before = store.n_asked();
    gridmap.refresh().await.unwrap();
    assert_eq!(store.n_asked() - before, 1, "nothing is new");
}

#[tokio::test]
async fn a_server_knows_how_far_it_is_behind() {
    let world = world("2024-04-01").await;
    world.publish(1, "2024-01-01", "2024-01-01", village(5_000)).await;
    let newest = refreshed(&world.gridmap).await.revision();
    let served = Some(newest);
    assert_eq!(world.gridmap.lag(), Lag { served, newest, behind: Duration::ZERO });

    let opened = async |t: &mut dyn Transaction| {
        t.put_incidents(&[incident("I1", "2024-03-01T00:00:00Z")], Expect::Any).await.unwrap();
    };
    let newest = world.write(opened).await;
    world.gridmap.news().await;
    world.clock.turn_to(instant("2024-04-02"));
    let behind = Duration::from_hours(24);
    assert_eq!(world.gridmap.lag(), Lag { served, newest, behind });
    assert_eq!(world.gridmap.lag().n_revisions(), 1);
    refreshed(&world.gridmap).await;
    assert_eq!(world.gridmap.lag(), Lag { served: Some(newest), newest, behind: Duration::ZERO });

    world.away.store(true, Ordering::SeqCst);
    assert!(world.gridmap.refresh().await.is_err());
    world.clock.turn_to(instant("2024-04-03"));
    assert_eq!(world.gridmap.lag().behind, behind, "nobody knows whether there is anything newer");
}

#[tokio::test]
async fn following_publishes_what_others_commit() {
    let world = world("2024-04-01").await;
    let mut states = world.gridmap.states();
    let following = tokio::spawn(follow::run(world.gridmap.clone()));
    world.publish(1, "2024-01-01", "2024-01-01", village(5_000)).await;
    let published = states.wait_for(|state| matches!(state, State::Current { .. }));
    tokio::time::timeout(Duration::from_secs(20), published).await.unwrap().unwrap();
    assert_eq!(world.owner("2024-04-01", None).await, owned(1, "E"));
    following.abort();
}
