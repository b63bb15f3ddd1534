//! Is it right? A million points of each kind against the oracle, fresh and after 200 edits.

use gridmap::geometry::{LatticePoint, Position};
use gridmap::index::cells::CellIndex;

use crate::edits::Edited;
use crate::oracle::Oracle;
use crate::random::Random;

/// Compares the index, one by one and in batches, with the oracle; returns how many answers differ.
pub fn mismatches(edited: &Edited, index: &CellIndex, n: usize) -> usize {
    let oracle = Oracle::new(&edited.coverage.boundaries());
    let coverage = &edited.coverage;
    let mut random = Random::new(8);
    let kinds: [(&str, Vec<Position>); 4] = [
        ("uniform", coverage.uniform(n, &mut random)),
        ("homes", coverage.homes(n, &mut random)),
        ("vertices", coverage.vertices(n, &mut random)),
        ("on edges", coverage.on_edges(n, &mut random)),
    ];
    let mut sum = 0;
    for (kind, positions) in kinds {
        let points: Vec<LatticePoint> = positions.into_iter().map(LatticePoint::from).collect();
        let mut together = vec![None; points.len()];
        index.owners(&points, &mut together);
        let wrong = points.iter().zip(together).filter(|&(&p, together)| {
            let fields = oracle.owners(p);
            let owner = fields.first().map(|field| edited.owners[*field as usize]);
            fields.len() > 1 || together != owner || index.owner(p) != owner
        });
        let wrong = wrong.count();
        println!("  {n} points {kind}: {wrong} mismatches");
        sum += wrong;
    }
    sum
}
