//! The program killed with SIGKILL while the ground changes: all of a publishing, and all of a day's taking over, or nothing.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use gridmap::domain::clock::SystemClock;
use gridmap::domain::{Clock, Noun, Timeline};
use gridmap::store::Filter;
use tempfile::TempDir;

use super::{Strip, n_counted, n_listed, open, publish, published, settle_homes, settle_region};
use crate::backends::on_both;
use crate::import::day;
use crate::stand_ins::Hands;

const LONG: Duration = Duration::from_mins(1);

/// Homes enough that moving them takes a while.
fn homes() -> Vec<(String, u32)> {
    (0..6_000).map(|n| (format!("H{n}"), (n % 40) * 10 + 5)).collect()
}

fn program(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gridmap"));
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Kills the program after a while, or sees it end.
fn kill_after(mut child: Child, pause_ms: u64) {
    thread::sleep(Duration::from_millis(pause_ms));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_publishing_that_is_killed_leaves_all_of_it_or_nothing() {
    on_both(async |database, store| {
        settle_region(&store).await;
        let clock = Hands::at(SystemClock.now());
        let server = open(&store, &clock).await;
        published(&server, &Strip::new(), Some(day("2024-01-01"))).await;
        settle_homes(&server, &homes()).await;
        let later = SystemClock.now() + TimeDelta::days(30);
        published(&server, &Strip { n_first: 1, ..Strip::new() }, Some(later)).await;
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("strip.geojson");
        for (round, pause_ms) in [20, 60, 120, 250, 500, 900].into_iter().enumerate() {
            let before = store.generations().await.unwrap().len();
            let border = 60 + u32::try_from(round).unwrap() * 10;
            let redraw = Strip { borders: [border, 150, 250], ..Strip::new() };
            std::fs::write(&file, redraw.geojson()).unwrap();
            kill_after(program(&["import", "grids", file.to_str().unwrap(), "--database", &database.url]), pause_ms);
            let store = database.open().await;
            let generations = store.generations().await.unwrap();
            let n_new = generations.len() - before;
            assert!(n_new == 0 || n_new == 2, "the change and the waiting plan with it, or neither: {n_new}");
            let restarted = open(&store, &clock).await;
            clock.turn_to(SystemClock.now());
            restarted.refresh().await.unwrap();
            let counting = Timeline::new(&generations).base_for(SystemClock.now()).unwrap().number;
            assert_eq!(store.settled().await.unwrap(), Some(counting));
            let snapshot = restarted.snapshot().unwrap();
            assert_eq!(snapshot.n_households_outside(), Some(0));
            for code in ["G1", "G2", "V1"] {
                assert_eq!(n_listed(&restarted, Noun::Households, code).await, n_counted(&restarted, code), "{code}");
            }
            let placed = homes().iter().filter(|(_, x)| super::owner(&snapshot, *x).0 == "G1").count() as u64;
            assert_eq!(n_counted(&restarted, "G1"), placed, "all that is stored stands on the ground in force");
            store.close().await;
        }
    });
}

#[test]
fn a_taking_over_that_is_killed_is_done_by_the_next_to_start() {
    on_both(async |database, store| {
        settle_region(&store).await;
        let clock = Hands::at(SystemClock.now() - TimeDelta::days(2));
        let server = open(&store, &clock).await;
        published(&server, &Strip::new(), Some(day("2024-01-01"))).await;
        settle_homes(&server, &homes()).await;
        // Its day has come by the clock of the program, though not by that of this test.
        let yesterday = SystemClock.now() - TimeDelta::days(1);
        assert!(publish(&server, &Strip { n_first: 1, ..Strip::new() }, Some(yesterday)).await.generation.is_some());
        assert_eq!(n_listed(&server, Noun::Households, "V2").await, 3_750);
        for pause_ms in [15, 40, 80] {
            let serving = program(&["serve", "--listen", "127.0.0.1:0", "--database", &database.url]);
            kill_after(serving, pause_ms);
            let store = database.open().await;
            let settled = store.settled().await.unwrap();
            let pending: u64 = store.pending().await.unwrap().iter().map(|(_, n)| n).sum();
            let expected = if settled == Some(1) { 1_500 } else { 0 };
            assert_eq!(pending, expected, "what is pending is there until it is taken over, and then no more");
            store.close().await;
        }
        let mut serving = program(&["serve", "--listen", "127.0.0.1:0", "--database", &database.url]);
        let start = Instant::now();
        let store = database.open().await;
        while store.settled().await.unwrap() != Some(2) {
            assert!(start.elapsed() < LONG, "it was never taken over");
            thread::sleep(Duration::from_millis(20));
        }
        serving.kill().unwrap();
        serving.wait().unwrap();
        let restarted = gridmap::service::Gridmap::open(store, std::sync::Arc::new(SystemClock)).await.unwrap();
        assert_eq!(n_listed(&restarted, Noun::Households, "V2").await, 5_250);
        assert_eq!(n_counted(&restarted, "V2"), 5_250);
        assert_eq!(restarted.store().count(Noun::Households, Filter::default()).await.unwrap(), 6_000);
    });
}
