//! Is it right? A million points of each kind against the oracle, fresh and after 200 edits, at every level.

use gridmap::geometry::{Boundary, LatticePoint, Position, Side};
use gridmap::index::{GridIndex, Tree};

use crate::edits::{County, number};
use crate::oracle::Oracle;
use crate::random::Random;

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
        let is_wrong = |(at, (p, together)): &(usize, (&LatticePoint, Option<GridIndex>))| {
            let owner = tree.owner(**p);
            owner != *together || (at % 64 == 0 && tree.owner_by_boxes(**p) != owner) || !judge.agrees(tree, **p, owner)
        };
        let wrong = points.iter().zip(together).enumerate().filter(is_wrong).count();
        println!("  {n} points {kind}: {wrong} mismatches");
        sum += wrong;
    }
    sum
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
