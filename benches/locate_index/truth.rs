//! Is it right? A million points of each kind against the oracle, fresh and after 200 edits, at every level.

use std::ops::Range;

use gridmap::geometry::{Boundary, LatticePoint, Position, Ring, Side};
use gridmap::index::projection::LocalProjection;
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
    /// Which field each is that the oracle knows.
    names: Vec<u32>,
    villages: Oracle,
    /// The number of each village the oracle knows.
    numbers: Vec<u32>,
    whole: Oracle,
}

/// Fields whose edges the judge knows at once.
const MOST_FIELDS: usize = 100_000;

/// Compares the tree, one by one and in batches, with the oracle at every level, and a part with the R-tree; returns how
/// many answers differ. A large county is judged from south to north, a part at a time.
pub fn mismatches(county: &County, tree: &Tree, n: usize) -> usize {
    let coverage = &county.coverage;
    let mut random = Random::new(8);
    let kinds: [(&str, Vec<Position>); 4] = [
        ("uniform", coverage.uniform(n, &mut random)),
        ("homes", coverage.homes(n, &mut random)),
        ("vertices", coverage.vertices(n, &mut random)),
        ("on edges", coverage.on_edges(n, &mut random)),
    ];
    assert_eq!(tree.n_levels(), 3, "county, villages, grids");
    let kinds =
        kinds.map(|(kind, positions)| (kind, positions.into_iter().map(LatticePoint::from).collect::<Vec<_>>()));
    let heights = || kinds.iter().flat_map(|(_, points)| points.iter().map(|p| p.y));
    let (south, north) = (heights().min().unwrap_or(0), heights().max().unwrap_or(0));
    let n_bands = (coverage.n_grids() / MOST_FIELDS + 1) as i32;
    let height = (north - south) / n_bands + 1;
    let mut wrong = [0; 4];
    for band in 0..n_bands {
        let within = south + band * height..south + (band + 1) * height;
        let judge = Judge::of(county, &within);
        for ((_, points), wrong) in kinds.iter().zip(&mut wrong) {
            let points: Vec<LatticePoint> = points.iter().copied().filter(|p| within.contains(&p.y)).collect();
            *wrong += judge.mismatches(tree, &points);
        }
    }
    for ((kind, _), wrong) in kinds.iter().zip(wrong) {
        println!("  {n} points {kind}: {wrong} mismatches");
    }
    wrong.iter().sum()
}

/// Tells whether the edge found in a batch is the one found alone, none of the owner's edges is nearer, and whoever is said
/// to lie beyond is as near.
fn is_nearest(tree: &Tree, p: LatticePoint, owner: Option<GridIndex>, edge: Option<Edge>) -> bool {
    let Some(owner) = owner else { return edge.is_none() };
    let projection = LocalProjection::around(p);
    let least_m = |ix| {
        let edges = tree.grid(ix).boundary.rings().flat_map(Ring::edges);
        edges.map(|(a, b)| projection.edge_distance2(a, b)).fold(f64::INFINITY, f64::min).sqrt()
    };
    // An edge run the other way may differ in the last digits.
    let is_least = |ix, m: f64| (least_m(ix) - m).abs() <= 1e-6 + m * 1e-12;
    edge == tree.edge(owner, p)
        && edge.is_some_and(|(m, beyond)| is_least(owner, m) && beyond.is_none_or(|beyond| is_least(beyond, m)))
}

impl<'c> Judge<'c> {
    /// The judge of points at some heights.
    fn of(county: &'c County, within: &Range<i32>) -> Self {
        let is_near = |boundary: &Boundary| {
            let heights = || boundary.rings().flat_map(Ring::vertices).map(|v| v.y);
            heights().min() <= Some(within.end) && heights().max() >= Some(within.start)
        };
        let (villages, whole) = county.above();
        let near = villages.into_iter().filter(|(_, boundary)| is_near(boundary));
        let (numbers, villages): (Vec<u32>, Vec<Boundary>) = near.unzip();
        let fields = (0..county.coverage.n_grids()).map(|field| (field as u32, county.coverage.boundary(field)));
        let (names, fields): (Vec<u32>, Vec<Boundary>) = fields.filter(|(_, boundary)| is_near(boundary)).unzip();
        Self {
            county,
            fields: Oracle::new(&fields),
            names,
            villages: Oracle::new(&villages),
            numbers,
            whole: Oracle::new(&[whole]),
        }
    }

    /// Counts the points whose answer is wrong, one by one or in a batch.
    fn mismatches(&self, tree: &Tree, points: &[LatticePoint]) -> usize {
        let mut together = vec![None; points.len()];
        tree.owners(points, &mut together);
        let mut edges = vec![None; points.len()];
        tree.edges(points, &together, &mut edges);
        let is_wrong = |(at, (p, (together, edge))): &(usize, (&LatticePoint, Together))| {
            let owner = tree.owner(**p);
            owner != *together
                || (at % 64 == 0 && !is_nearest(tree, **p, owner, *edge))
                || !self.agrees(tree, **p, owner)
        };
        let all: Vec<_> = points.iter().zip(together.into_iter().zip(edges)).enumerate().collect();
        let n_threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        std::thread::scope(|scope| {
            let count = |part: &[_]| part.iter().filter(|one| is_wrong(one)).count();
            let parts = all.chunks(all.len().div_ceil(n_threads).max(1));
            let threads: Vec<_> = parts.map(|part| scope.spawn(move || count(part))).collect();
            threads.into_iter().map(|thread| thread.join().expect("the oracle answers")).sum()
        })
    }

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
            && number(code(grid)) == self.county.owners[self.names[field as usize] as usize]
    }
}
