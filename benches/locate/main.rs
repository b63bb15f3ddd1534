//! What one answer costs in memory and time, without HTTP: one thread, the demo county, minimum of several runs.
//!
//! The peer of finding an owner is the scan of the boxes of all groups with the same exact test behind it.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_macros,
    dead_code,
    unreachable_pub,
    reason = "a bench that cannot go on says where"
)]

#[path = "../report.rs"]
mod report;
#[path = "../../tests/it/locate/world.rs"]
mod world;

use std::hint::black_box;
use std::sync::Arc;

use gridmap::geometry::{LatticePoint, Position};
use gridmap::index::Tree;
use gridmap::service::locate::{Question, locate};
use report::{Better, Row};

fn main() {
    let grids = world::county_grids();
    let before_mb = resident_mb();
    let grids_for_build = grids.clone();
    let copy_mb = resident_mb() - before_mb;
    let begun = cpu_ns();
    let tree = Arc::new(Tree::build(world::generation(1), grids_for_build).unwrap());
    let build_ms = (cpu_ns() - begun) / 1e6;
    println!(
        "tree of {} grids built in {build_ms:.1} ms; boundaries {copy_mb:.1} MB, all {:.1} MB",
        tree.len(),
        resident_mb() - before_mb
    );

    let (holders, duties) = world::people();
    let snapshot = world::snapshot(&tree, holders, duties);
    let homes: Vec<Position> = world::rows("houses.csv")
        .iter()
        .map(|home| Position::new(home[1].parse().unwrap(), home[2].parse().unwrap()).unwrap())
        .collect();
    let points: Vec<LatticePoint> = homes.iter().map(|&home| home.into()).collect();
    let now = world::instant("2024-06-01");

    let owner_ns = best_ns(points.len(), || points.iter().filter_map(|&p| tree.owner(p)).map(u64::from).sum());
    let edge_ns = best_ns(points.len(), || {
        points.iter().filter_map(|&p| tree.edge(tree.owner(p)?, p)).map(|(m, _)| m.to_bits() & 1).sum()
    });
    let answer_ns = best_ns(homes.len(), || {
        homes.iter().map(|&home| locate(&snapshot, &Question::new(home, now)).chain.len() as u64).sum()
    });
    let json_ns = best_ns(homes.len(), || {
        let mut body = Vec::with_capacity(4096);
        let mut length = 0;
        for &home in &homes {
            body.clear();
            let answer = locate(&snapshot, &Question::new(home, now));
            serde_json::to_writer(&mut body, &gridmap::format::answer::AnswerJson { answer: &answer, phones: None })
                .unwrap();
            length += body.len() as u64;
        }
        length
    });
    let leaves: Vec<_> = tree.at_depth(4).map(|ix| tree.grid(ix).clone()).collect();
    let some: Vec<_> = points.iter().copied().step_by(25).collect();
    let scan_ns = best_ns(some.len(), || {
        let covers =
            |p: LatticePoint| leaves.iter().position(|leaf| leaf.bbox.covers(p.position()) && leaf.boundary.owns(p));
        some.iter().filter_map(|&p| covers(p)).map(|at| at as u64).sum()
    });
    println!("with edge {edge_ns:.0} ns, whole answer {answer_ns:.0} ns, as JSON {json_ns:.0} ns");
    let size = format!("{} grids", tree.len());
    let rows = [
        Row::new("owner", &size, "ns", Better::Lower, owner_ns, ("scan of boxes", scan_ns)),
        Row::new("answer", &size, "ns", Better::Lower, answer_ns, ("scan of boxes", scan_ns)),
    ];
    report::print(&rows);
    report::write("locate", &rows);
}

/// How often a run is repeated: the kernel counts a thread's time in ticks of milliseconds.
const N_REPEATS: u32 = 20;

/// The least processor time for one of `n`, nanoseconds, of five runs.
fn best_ns(n: usize, mut run: impl FnMut() -> u64) -> f64 {
    let times = (0..5).map(|_| {
        let begun = cpu_ns();
        for _ in 0..N_REPEATS {
            black_box(run());
        }
        cpu_ns() - begun
    });
    #[expect(clippy::cast_precision_loss, reason = "50,000 is exact")]
    let n = n as f64 * f64::from(N_REPEATS);
    times.fold(f64::INFINITY, f64::min) / n
}

/// What this thread has had of the processor, nanoseconds: other work on the machine does not count.
fn cpu_ns() -> f64 {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    schedstat.split(' ').next().unwrap().parse().unwrap()
}

fn resident_mb() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u32 = statm.split(' ').nth(1).unwrap().parse().unwrap();
    f64::from(pages) * 4096.0 / 1e6
}
