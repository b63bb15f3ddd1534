//! A plan published through the application over SQLite, from the first row written to the snapshot that readers get.
//!
//! While plans are published, a reader asks without a pause; the longest it went without an answer is printed, too.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use chrono::FixedOffset;
use gridmap::domain::clock::SystemClock;
use gridmap::domain::region::Fallback;
use gridmap::domain::{Actor, GenerationKind, GenerationNumber, HolderId, Level, Names, NewGeneration, Region};
use gridmap::geometry::LatticePoint;
use gridmap::service::Gridmap;
use gridmap::store::{self, Store};

use crate::edits::{County, Plan};
use crate::random::Random;
use crate::report::{Better, Row};
use crate::synthetic::Coverage;

const N_SMALL: usize = 100;
const N_LARGE: usize = 10;

pub fn run(name: &'static str, side: usize) -> Vec<Row> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(publish(name, side))
}

async fn publish(name: &'static str, side: usize) -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store::open(&format!("sqlite:{}", folder.path().join("bench.db").display())).await.expect("a database");
    let mut county = County::new(Coverage::new(side, 1));
    let mut number = 1;
    write(&store, number, Plan { put: county.all(), removed: Vec::new() }, true).await;
    let gridmap = Gridmap::open(Arc::clone(&store), Arc::new(SystemClock)).await.expect("the database was read");
    let reader = Reader::start(gridmap.clone());

    let mut random = Random::new(5);
    let (mut one, mut third) = (Vec::new(), Vec::new());
    for turn in 0..N_SMALL + N_LARGE {
        let plan = if turn < N_SMALL { county.edit(&mut random) } else { county.redraw_a_third(&mut random) };
        number += 1;
        let begun = Instant::now();
        write(&store, number, plan, false).await;
        gridmap.refresh().await.expect("the database was read");
        let ms = begun.elapsed().as_secs_f64() * 1e3;
        let times = if turn < N_SMALL { &mut one } else { &mut third };
        times.push(ms);
        let snapshot = gridmap.snapshot().expect("there is ground");
        assert_eq!(snapshot.generation().number, number, "the plan is in force");
    }
    let (n_asked, longest_ms) = reader.stop();
    #[cfg(feature = "judge")]
    let tree = gridmap.snapshot().expect("there is ground");
    #[cfg(feature = "judge")]
    assert_eq!(tree.tree().unlike_built(usize::MAX), None, "a patched index equals a rebuilt one");
    println!("{name}: while plans were published a reader had {n_asked} answers, never later than {longest_ms:.1} ms");
    one.sort_by(f64::total_cmp);
    third.sort_by(f64::total_cmp);
    let row = |unit, ms, asked_ms| Row::new("publish", name, unit, Better::Lower, ms, ("asked", asked_ms));
    vec![row("ms one grid, p50", one[N_SMALL / 2], 1_000.0), row("ms 30 %, worst", third[N_LARGE - 1], 1_000.0)]
}

async fn write(store: &Arc<dyn Store>, number: GenerationNumber, plan: Plan, with_region: bool) {
    let in_force = "2024-01-01T00:00:00Z".parse().expect("an instant");
    let new = NewGeneration {
        plan: "bench".into(),
        kind: GenerationKind::Plan,
        newest: (number > 1).then(|| number - 1),
        base: (number > 1).then(|| number - 1),
        in_force,
        put: plan.put,
        removed: plan.removed,
        acknowledged_gaps: Vec::new(),
    };
    let mut transaction = store.begin(&Actor::SYSTEM, "a test").await.expect("nobody else writes");
    if with_region {
        transaction.put_region(&region()).await.expect("the first region");
    }
    transaction.publish(&new, in_force).await.expect("made on the newest generation");
    // Nothing is stored on it that could move.
    transaction.settle(number).await.expect("it was just published");
    transaction.commit().await.expect("nothing dangles");
}

/// Asks for an owner again and again.
struct Reader {
    is_over: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<(u64, f64)>,
}

impl Reader {
    fn start(gridmap: Gridmap) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            let (mut n_asked, mut longest) = (0, 0.0_f64);
            let mut before = Instant::now();
            while !ends.load(Ordering::Relaxed) {
                let snapshot = gridmap.snapshot().expect("there is ground");
                std::hint::black_box(snapshot.tree().owner(LatticePoint::new(1_030_500_000, 280_500_000)));
                let now = Instant::now();
                longest = longest.max((now - before).as_secs_f64() * 1e3);
                before = now;
                n_asked += 1;
                std::thread::sleep(std::time::Duration::from_micros(50));
            }
            (n_asked, longest)
        });
        Self { is_over, thread }
    }

    /// How often it asked, and the longest from one answer to the next, milliseconds.
    fn stop(self) -> (u64, f64) {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.join().expect("the reader ends")
    }
}

fn region() -> Region {
    let names = |code: &str| Names { zh: code.to_owned(), en: code.to_owned() };
    let level = |code: &&str| Level {
        code: (*code).to_owned(),
        names: names(code),
        household_target: None,
        answers: None,
        required_roles: Vec::new(),
    };
    Region {
        code: "bench".to_owned(),
        names: names("bench"),
        utc_offset: FixedOffset::east_opt(0).expect("UTC"),
        levels: ["county", "village", "grid"].iter().map(level).collect(),
        roles: Vec::new(),
        fallback: Fallback { holder: HolderId::new("FALLBACK").expect("letters"), name: "desk".to_owned() },
    }
}
