//! Is it right? A million points of each kind against the oracle, fresh and after 200 edits, at every level.

use gridmap::geometry::{Boundary, LatticePoint, Position, Ring, Side};
use gridmap::index::metric::Metric;
use gridmap::index::{Edge, GridIndex, Tree};

use crate::edits::{County, number};
use crate::oracle::Oracle;
use crate::random::Random;

/// What a batch gives for one point.
type Together = (Option<GridIndex>, Option<Edge>);

/// The oracles of one state of a county.
struct Judge<'c> {
    county: &'c County,
    fields: Oracle,
    villages: Oracle,
    /// The number of each village the oracle knows.
    numbers: Vec<u32>,
    whole: Oracle,
}

/// Compares the tree, one by one and in batches, with the oracle at every level, and a part with the R-tree; returns how
/// many answers differ.
pub fn mismatches(county: &County, tree: &Tree, n: usize) -> usize {
    let (villages, whole) = county.above();
    let (numbers, villages): (Vec<u32>, Vec<Boundary>) = villages.into_iter().unzip();
    let judge = Judge {
        county,
        fields: Oracle::new(&county.coverage.boundaries()),
        villages: Oracle::new(&villages),
        numbers,
        whole: Oracle::new(&[whole]),
    };
    let coverage = &county.coverage;
    let mut random = Random::new(8);
    let kinds: [(&str, Vec<Position>); 4] = [
        ("uniform", coverage.uniform(n, &mut random)),
        ("homes", coverage.homes(n, &mut random)),
        ("vertices", coverage.vertices(n, &mut random)),
        ("on edges", coverage.on_edges(n, &mut random)),
    ];
    assert_eq!(tree.n_levels(), 3, "county, villages, grids");
    let mut sum = 0;
    for (kind, positions) in kinds {
        let points: Vec<LatticePoint> = positions.into_iter().map(LatticePoint::from).collect();
        let mut together = vec![None; points.len()];
        tree.owners(&points, &mut together);
        let mut edges = vec![None; points.len()];
        tree.edges(&points, &together, &mut edges);
        let is_wrong = |(at, (p, (together, edge))): &(usize, (&LatticePoint, Together))| {
            let owner = tree.owner(**p);
            let by_boxes = || tree.owner_by_boxes(**p);
            owner != *together
                || (at % 64 == 0 && (by_boxes() != owner || !is_nearest(tree, **p, owner, *edge)))
                || !judge.agrees(tree, **p, owner)
        };
        let all: Vec<_> = points.iter().zip(together.into_iter().zip(edges)).enumerate().collect();
        let n_threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let wrong: usize = std::thread::scope(|scope| {
            let count = |part: &[_]| part.iter().filter(|one| is_wrong(one)).count();
            let parts = all.chunks(all.len().div_ceil(n_threads));
            let threads: Vec<_> = parts.map(|part| scope.spawn(move || count(part))).collect();
            threads.into_iter().map(|thread| thread.join().expect("the oracle answers")).sum()
        });
        println!("  {n} points {kind}: {wrong} mismatches");
        sum += wrong;
    }
    sum
}

/// Tells whether the edge found in a batch is the one found alone, none of the owner's edges is nearer, and whoever is said
/// to lie beyond is as near.
fn is_nearest(tree: &Tree, p: LatticePoint, owner: Option<GridIndex>, edge: Option<Edge>) -> bool {
    let Some(owner) = owner else { return edge.is_none() };
    let metric = Metric::around(p);
    let least_m = |ix| {
        let edges = tree.grid(ix).boundary.rings().flat_map(Ring::edges);
        edges.map(|(a, b)| metric.edge_distance2(a, b)).fold(f64::INFINITY, f64::min).sqrt()
    };
    // An edge run the other way may differ in the last digits.
    let is_least = |ix, m: f64| (least_m(ix) - m).abs() <= 1e-6 + m * 1e-12;
    edge == tree.edge(owner, p)
        && edge.is_some_and(|(m, beyond)| is_least(owner, m) && beyond.is_none_or(|beyond| is_least(beyond, m)))
}

impl Judge<'_> {
    fn agrees(&self, tree: &Tree, p: LatticePoint, owner: Option<GridIndex>) -> bool {
        let (fields, villages, whole) = (self.fields.owners(p), self.villages.owners(p), self.whole.owners(p));
        let [field] = fields[..] else {
            // On the outer border, where the nudge leads outside, whoever touches the point answers.
            let touches = |ix| tree.grid(ix).boundary.side(p) == Side::Edge;
            return fields.is_empty() && villages.is_empty() && whole.is_empty() && owner.is_none_or(touches);
        };
        let path = owner.map(|ix| tree.path(ix)).unwrap_or_default();
        let [top, village, grid] = path[..] else { return false };
        let code = |ix| tree.grid(ix).code.as_str();
        code(top) == "county"
            && whole == [0]
            && villages.len() == 1
            && number(code(village)) == self.numbers[villages[0] as usize]
            && number(code(grid)) == self.county.owners[field as usize]
    }
}
