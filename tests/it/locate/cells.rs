//! The ways to an owner agree: cells, one by one and in batches, and a look at every boundary.

use gridmap::geometry::LatticePoint;

use super::scan::Scan;
use super::world::{Dice, county, county_grids};

#[test]
fn cells_batches_and_boundaries_name_the_same_owner() {
    let tree = county();
    let grids = county_grids();
    let mut dice = Dice(11);
    let mut points: Vec<LatticePoint> = Vec::new();
    for grid in &grids {
        let vertices = || grid.boundary.rings().flat_map(|ring| ring.vertices().iter().copied());
        let (west, east) = (vertices().map(|v| v.x).min().unwrap(), vertices().map(|v| v.x).max().unwrap());
        let (south, north) = (vertices().map(|v| v.y).min().unwrap(), vertices().map(|v| v.y).max().unwrap());
        points.extend(vertices().step_by(if grid.depth == 0 { 1 } else { 5 }));
        points.extend((0..5).map(|_| LatticePoint::new(dice.between(west, east), dice.between(south, north))));
    }
    let mut owners = vec![None; points.len()];
    tree.owners(&points, &mut owners);
    let scan = Scan::of(tree);
    for (p, owner) in points.iter().zip(owners) {
        assert_eq!(scan.owner(*p), owner, "{p:?}");
        assert_eq!(tree.owner(*p), owner, "{p:?}");
    }
}
