//! All figures of one size.

use std::hint::black_box;
use std::time::Instant;

use gridmap::geometry::{Boundary, LatticePoint, Position};
use gridmap::index::Tree;
use gridmap::index::cells::CellIndex;

use crate::edits::{County, generation, number};
use crate::measure::{all_cpu_s, least_cpu, ns_per_item};
use crate::peers::floor::Floor;
use crate::peers::rstar_edges::Edges;
use crate::peers::rstar_geo::{self, Boxes};
use crate::random::Random;
use crate::report::{self, Better, Row};
use crate::synthetic::Coverage;
use crate::truth;

/// Homes for ours, of which the peers, so much slower, take the first.
const N_POINTS: usize = 2_000_000;
const N_FOR_PEERS: usize = 100_000;
/// A slice takes well under a millisecond, so that one round or another is not broken in upon.
const SLICE: usize = 1_000;
const SLICE_FOR_PEERS: usize = 100;

/// Grids that are built anew at once to judge a patched tree: a whole second tree of a million would not fit beside it.
#[cfg(feature = "judge")]
const AT_ONCE: usize = 100_000;

/// What a peer takes for one point, nanoseconds.
type Figure = (&'static str, f64);

/// Measures one size; prints each row as soon as it is known. What is no longer needed is dropped, and no two large things
/// stand beside each other that need not.
pub fn run(name: &'static str, side: usize) -> Vec<Row> {
    let mut county = County::new(Coverage::new(side, 1));
    let n = county.n_grids();
    let per_grid = |figure: f64| figure / n as f64;
    let row = |bench, unit, ours, peer: Figure| Row::new(bench, name, unit, Better::Lower, ours, peer);
    let mut rows: Vec<Row> = Vec::new();
    let mut tell = |more: Vec<Row>| {
        report::print(&more);
        rows.extend(more);
    };
    let mut random = Random::new(2);
    let homes = county.coverage.homes(N_POINTS, &mut random);
    let vertices = county.coverage.vertices(N_POINTS / 4, &mut random);

    let peers = Measured::of(&county.coverage.boundaries(), &homes[..N_FOR_PEERS], &vertices[..N_FOR_PEERS]);
    println!("{name}: {n} grids, {:.1} vertices a grid", per_grid(peers.n_vertices as f64));
    let floor_ns = floor_ns();
    let tree_peer = ("rstar_geo", per_grid(peers.build_s * 1e6));
    let memory_peer = ("rstar_geo", per_grid(peers.n_bytes));
    {
        let edges = county.edges();
        let (build_s, cells) = least_cpu(2, || CellIndex::build(&edges, 1));
        tell(vec![
            row("locate_build", "us CPU/grid", per_grid(build_s * 1e6), tree_peer),
            row("locate_memory", "B/grid", per_grid(cells.n_bytes() as f64), memory_peer),
        ]);
    }
    let (begun, begun_cpu) = (Instant::now(), all_cpu_s());
    let tree = county.tree();
    let (tree_s, tree_cpu_s) = (begun.elapsed().as_secs_f64(), all_cpu_s() - begun_cpu);
    println!("  the whole tree was built in {tree_s:.1} s, {tree_cpu_s:.1} s of all processors");
    tell(vec![row("locate_build", "us CPU/grid tree", per_grid(tree_cpu_s * 1e6), tree_peer)]);

    let (batch, single) = (batch_ns(&tree, &homes), single_ns(&tree, &homes));
    let of_peers = |bench, ours: f64, figures: &[Figure]| -> Vec<Row> {
        figures.iter().map(|peer| row(bench, "ns", ours, *peer)).collect()
    };
    tell(of_peers("locate_batch", batch, &peers.homes));
    tell(vec![row("locate_batch", "ns", batch, ("memory_floor", floor_ns))]);
    tell(of_peers("locate_single", single, &peers.homes));
    tell(of_peers("locate_vertices", single_ns(&tree, &vertices), &peers.vertices));
    tell(vec![row("locate_edge", "ns in batches", edge_batch_ns(&tree, &homes), ("locate_batch", batch))]);
    let nearest = nearest_of_peer(&county, &tree, &homes[..N_FOR_PEERS]);
    tell(of_peers("locate_edge", edge_ns(&tree, &homes), &[vec![("locate_single", single)], nearest].concat()));
    // What finds edges is made where it is asked for: everywhere, by now.
    tell(vec![row("locate_memory", "B/grid edges too", per_grid(tree.n_index_bytes() as f64), memory_peer)]);
    // A peer is only one when it answers the same.
    peers.check(&tree, &homes);
    drop((peers, homes, vertices));

    let n_checked = if n > 500_000 { 100_000 } else { 1_000_000 };
    println!("  fresh:");
    let wrong = truth::mismatches(&county, &tree, n_checked);
    let (patches, tree) = patch(&mut county, tree);
    tell(vec![
        row("locate_patch", "ms p50", patches[100], ("rebuild", tree_s * 1e3)),
        row("locate_patch", "ms p99", patches[198], ("rebuild", tree_s * 1e3)),
    ]);
    #[cfg(feature = "judge")]
    assert_eq!(tree.unlike_built(AT_ONCE), None, "a patched index equals a rebuilt one");
    println!("  after 200 edits:");
    let wrong = wrong + truth::mismatches(&county, &tree, n_checked);
    assert_eq!(wrong, 0, "the index contradicts the oracle");
    rows
}

fn floor_ns() -> f64 {
    let floor = Floor::new(N_POINTS);
    ns_per_item(floor.places(), SLICE, 5, |places| _ = black_box(floor.read(places)))
}

fn batch_ns(tree: &Tree, homes: &[Position]) -> f64 {
    let (mut points, mut owners) = (Vec::with_capacity(SLICE), vec![None; SLICE]);
    ns_per_item(homes, SLICE, 7, |homes| {
        points.clear();
        points.extend(homes.iter().map(|home| LatticePoint::from(*home)));
        tree.owners(&points, &mut owners[..homes.len()]);
        black_box(&owners);
    })
}

fn edge_batch_ns(tree: &Tree, homes: &[Position]) -> f64 {
    let (mut points, mut owners) = (Vec::with_capacity(SLICE), vec![None; SLICE]);
    let mut edges = vec![None; SLICE];
    ns_per_item(homes, SLICE, 7, |homes| {
        points.clear();
        points.extend(homes.iter().map(|home| LatticePoint::from(*home)));
        tree.owners(&points, &mut owners[..homes.len()]);
        tree.edges(&points, &owners[..homes.len()], &mut edges[..homes.len()]);
        black_box(&edges);
    })
}

/// One at a time, each question asked only when the one before is answered.
fn single_ns(tree: &Tree, homes: &[Position]) -> f64 {
    one_by_one_ns(homes, |p| tree.owner(p).map_or(0, |ix| ix as i32))
}

/// Like [`single_ns`], and then how far the edge is and who lies beyond.
fn edge_ns(tree: &Tree, homes: &[Position]) -> f64 {
    one_by_one_ns(homes, |p| {
        let edge = tree.owner(p).and_then(|ix| tree.edge(ix, p));
        edge.map_or(0, |(m, beyond)| (m as i32 & 0xff) + beyond.map_or(0, |ix| ix as i32 & 0xff))
    })
}

/// The nearest edge alone, of an R-tree of all edges. It has the same grids on its sides, but where three of them meet: there
/// several edges are as near.
fn nearest_of_peer(county: &County, tree: &Tree, homes: &[Position]) -> Vec<Figure> {
    if tree.len() > MOST_FOR_ALL_PEERS {
        return Vec::new();
    }
    let edges = Edges::new(&county.coverage.lines);
    let differs = |p: &&Position| {
        let owner = tree.owner(LatticePoint::from(**p));
        let beyond = owner.and_then(|ix| tree.edge(ix, LatticePoint::from(**p))).and_then(|(_, beyond)| beyond);
        let [owner, beyond] = [owner, beyond].map(|ix| ix.map(|ix| number(&tree.grid(ix).code)));
        edges.nearest(**p).is_none_or(|sides| sides != (owner, beyond) && sides != (beyond, owner))
    };
    let checked = &homes[..homes.len() / 10];
    let n = checked.iter().filter(differs).count();
    assert!(n * 100 <= checked.len(), "of {n} of {} homes the nearest edge is another by rstar", checked.len());
    let ns = ns_per_item(homes, SLICE_FOR_PEERS, 3, |homes| {
        for home in homes {
            black_box(edges.nearest(*home));
        }
    });
    vec![("rstar_edges", ns)]
}

fn one_by_one_ns(homes: &[Position], ask: impl Fn(LatticePoint) -> i32) -> f64 {
    ns_per_item(homes, SLICE, 7, |homes| {
        let mut before = 0;
        for home in homes {
            let p = LatticePoint::from(*home);
            // Adds nothing, but the processor must wait to know that.
            before = ask(LatticePoint::new(p.x + (before >> 31), p.y));
        }
        black_box(before);
    })
}

/// 200 edits, each a tree patched from the one before; milliseconds (the least of three) in order, and the last tree.
fn patch(county: &mut County, mut tree: Tree) -> (Vec<f64>, Tree) {
    let mut random = Random::new(3);
    let mut took: Vec<f64> = (0..200)
        .map(|_| {
            let plan = county.edit(&mut random);
            let runs = (0..3).map(|_| {
                let put = plan.put.clone();
                let begun = Instant::now();
                let patched = tree.patched(generation(2), put, &plan.removed).expect("an edit leaves a coverage");
                (begun.elapsed().as_secs_f64() * 1e3, patched)
            });
            let best = runs.min_by(|a, b| a.0.total_cmp(&b.0)).expect("three runs");
            tree = best.1;
            best.0
        })
        .collect();
    took.sort_by(f64::total_cmp);
    (took, tree)
}

/// Above this many grids only the first peer is asked: the others would need tens of gigabytes.
const MOST_FOR_ALL_PEERS: usize = 100_000;

/// What the peers took and said, when they are no longer there.
struct Measured {
    n_vertices: usize,
    homes: Vec<Figure>,
    vertices: Vec<Figure>,
    /// Who owns the first homes, by each peer that was asked.
    owners: Vec<Vec<Option<u32>>>,
    build_s: f64,
    n_bytes: f64,
}

impl Measured {
    fn of(boundaries: &[Boundary], homes: &[Position], vertices: &[Position]) -> Self {
        let peers = Peers::new(boundaries);
        if peers.others.is_none() {
            println!("  of the peers only rstar_geo: the others cannot bear {} grids in this memory", boundaries.len());
        }
        let some = &homes[..homes.len() / 10];
        let mut owners = vec![some.iter().map(|p| rstar_geo::plain(&peers.boxes, &peers.polygons, *p)).collect()];
        let by_intervals =
            |others: &Others| some.iter().map(|p| rstar_geo::interval(&peers.boxes, &others.intervals, *p)).collect();
        owners.extend(peers.others.as_ref().map(by_intervals));
        Self {
            n_vertices: boundaries.iter().map(Boundary::n_vertices).sum(),
            homes: peers.figures(homes),
            vertices: peers.figures(vertices),
            owners,
            build_s: peers.build_s,
            n_bytes: peers.n_bytes,
        }
    }

    /// Homes lie on no edge, so all agree; but for the float a degree is kept in.
    fn check(&self, tree: &Tree, homes: &[Position]) {
        for owners in &self.owners {
            let owner = |p: &Position| tree.owner(LatticePoint::from(*p)).map(|ix| number(&tree.grid(ix).code));
            let n = homes.iter().zip(owners).filter(|(p, by_peer)| owner(p) != **by_peer).count();
            assert!(n * 1000 <= owners.len(), "{n} of {} homes have another owner by rstar and geo", owners.len());
        }
    }
}

struct Peers {
    boxes: Boxes,
    polygons: Vec<geo::Polygon>,
    others: Option<Others>,
    build_s: f64,
    n_bytes: f64,
}

struct Others {
    intervals: Vec<geo::indexed::IntervalTreeMultiPolygon<f64>>,
    #[cfg(feature = "bench-peers")]
    geos: crate::peers::geos::Prepared,
    #[cfg(feature = "bench-peers")]
    sqlite: crate::peers::sqlite::Table,
}

impl Peers {
    fn new(boundaries: &[Boundary]) -> Self {
        let polygons = rstar_geo::polygons(boundaries);
        // The polygons are given, as the edges are to ours: what is built is the tree.
        let (build_s, boxes) = least_cpu(3, || Boxes::new(boundaries));
        let n_vertices: usize = boundaries.iter().map(|b| b.n_vertices() + 1).sum();
        let others = || Others {
            intervals: rstar_geo::interval_trees(&polygons),
            #[cfg(feature = "bench-peers")]
            geos: crate::peers::geos::Prepared::new(boundaries),
            #[cfg(feature = "bench-peers")]
            sqlite: crate::peers::sqlite::Table::new(boundaries),
        };
        Self {
            n_bytes: (boxes.n_bytes() + n_vertices * size_of::<geo::Coord>()) as f64,
            others: (boundaries.len() <= MOST_FOR_ALL_PEERS).then(others),
            boxes,
            polygons,
            build_s,
        }
    }

    fn figures(&self, points: &[Position]) -> Vec<Figure> {
        let time = |owner: &dyn Fn(Position) -> Option<u32>| {
            ns_per_item(points, SLICE_FOR_PEERS, 3, |points| points.iter().for_each(|p| _ = black_box(owner(*p))))
        };
        let mut figures = vec![("rstar_geo", time(&|p| rstar_geo::plain(&self.boxes, &self.polygons, p)))];
        if let Some(others) = &self.others {
            figures.push(("rstar_interval", time(&|p| rstar_geo::interval(&self.boxes, &others.intervals, p))));
            #[cfg(feature = "bench-peers")]
            figures.push(("geos_prepared", time(&|p| others.geos.find(&self.boxes, p))));
            #[cfg(feature = "bench-peers")]
            figures.push((
                "sqlite_rtree",
                time(&|p| others.sqlite.find(p, |ix| rstar_geo::contains(&self.polygons[ix], p))),
            ));
        }
        figures
    }
}
