//! The locator against a scan of all boundaries by an exact test written anew: another ray, another product.

use std::collections::BTreeSet;

use gridmap::domain::Grid;
use gridmap::geometry::LatticePoint;
use gridmap::index::Tree;

use super::world::{Dice, county, county_grids, generation, rectangle};

/// A boundary as the oracle sees it: its edges and its box.
struct Scanned {
    code: String,
    depth: u8,
    edges: Vec<(LatticePoint, LatticePoint)>,
    low: LatticePoint,
    high: LatticePoint,
}

impl Scanned {
    fn of(grid: &Grid) -> Self {
        let edges: Vec<_> = grid.boundary.rings().flat_map(|ring| ring.edges().collect::<Vec<_>>()).collect();
        let (xs, ys) = (|| edges.iter().map(|(a, _)| a.x), || edges.iter().map(|(a, _)| a.y));
        let low = LatticePoint::new(xs().min().unwrap(), ys().min().unwrap());
        let high = LatticePoint::new(xs().max().unwrap(), ys().max().unwrap());
        Self { code: grid.code.clone(), depth: grid.depth, low, high, edges }
    }

    fn box_covers(&self, p: LatticePoint) -> bool {
        (self.low.x..=self.high.x).contains(&p.x) && (self.low.y..=self.high.y).contains(&p.y)
    }

    /// Casts a ray north from the point moved by (e, e*e), e infinitely small, and counts the edges above it.
    fn owns(&self, p: LatticePoint) -> bool {
        let above = |&(a, b): &(LatticePoint, LatticePoint)| {
            if (a.x > p.x) == (b.x > p.x) {
                return false;
            }
            let (west, east) = if a.x < b.x { (a, b) } else { (b, a) };
            let (dx, dy) = (i128::from(east.x) - i128::from(west.x), i128::from(east.y) - i128::from(west.y));
            let height = (i128::from(west.y) - i128::from(p.y)) * dx + dy * (i128::from(p.x) - i128::from(west.x));
            height > 0 || (height == 0 && dy > 0)
        };
        self.edges.iter().filter(|edge| above(edge)).count() % 2 == 1
    }

    fn has_on_edge(&self, p: LatticePoint) -> bool {
        self.edges.iter().any(|&(a, b)| {
            let (ux, uy) = (i128::from(p.x) - i128::from(a.x), i128::from(p.y) - i128::from(a.y));
            let (vx, vy) = (i128::from(p.x) - i128::from(b.x), i128::from(p.y) - i128::from(b.y));
            ux * vy == uy * vx && ux * vx + uy * vy <= 0
        })
    }
}

struct Oracle(Vec<Scanned>);

impl Oracle {
    fn new(grids: &[Grid]) -> Self {
        Self(grids.iter().map(Scanned::of).collect())
    }

    /// The owners at each depth by the nudge alone.
    fn owners(&self, p: LatticePoint, deepest_only: bool) -> Vec<&Scanned> {
        let levels = self.0.iter().filter(|grid| !deepest_only || grid.depth == 4);
        levels.filter(|grid| grid.box_covers(p) && grid.owns(p)).collect()
    }

    /// The owner on the outer border: the deepest that touches the point, the smallest code of those.
    fn touching(&self, p: LatticePoint) -> Option<&Scanned> {
        let touching = self.0.iter().filter(|grid| grid.box_covers(p) && grid.has_on_edge(p));
        touching.min_by(|a, b| b.depth.cmp(&a.depth).then_with(|| a.code.cmp(&b.code)))
    }
}

fn owner_code(tree: &Tree, p: LatticePoint) -> Option<&str> {
    tree.owner(p).map(|ix| tree.grid(ix).code.as_str())
}

/// Compares the owner at the deepest level; `all_levels` also demands one owner a level, the path of the tree.
fn check(tree: &Tree, oracle: &Oracle, p: LatticePoint, all_levels: bool) {
    let owners = oracle.owners(p, !all_levels);
    let expected = owners.iter().max_by_key(|grid| grid.depth).copied().or_else(|| oracle.touching(p));
    assert_eq!(owner_code(tree, p), expected.map(|grid| grid.code.as_str()), "{p:?}");
    if all_levels && !owners.is_empty() {
        let path: BTreeSet<_> = tree.path(tree.owner(p).unwrap()).iter().map(|&ix| &tree.grid(ix).code).collect();
        assert_eq!(owners.iter().map(|grid| &grid.code).collect::<BTreeSet<_>>(), path, "{p:?}");
    }
}

#[test]
fn the_owner_is_the_one_a_scan_finds() {
    let (grids, tree) = (county_grids(), county());
    let oracle = Oracle::new(&grids);
    let groups: Vec<&Scanned> = oracle.0.iter().filter(|grid| grid.depth == 4).collect();
    let county = &oracle.0[0];
    let (mut dice, mut n_points) = (Dice(20_240_601), 0);
    for turn in 0..110_000_u32 {
        let (a, b) = {
            let edges = &groups[dice.index(groups.len())].edges;
            edges[dice.index(edges.len())]
        };
        let p = match turn % 8 {
            0..=3 => LatticePoint::new(
                dice.between(county.low.x - 10_000, county.high.x + 10_000),
                dice.between(county.low.y - 10_000, county.high.y + 10_000),
            ),
            4 => a,
            5 | 6 => middle(a, b),
            _ => LatticePoint::new(a.x + dice.between(-2, 2), a.y + dice.between(-2, 2)),
        };
        check(tree, &oracle, p, turn % 50 == 0);
        n_points += 1;
    }
    assert_eq!(n_points, 110_000);
}

/// The middle of an edge, exactly on it where the lattice allows.
fn middle(a: LatticePoint, b: LatticePoint) -> LatticePoint {
    let half = |a: i32, b: i32| i32::try_from(i64::midpoint(i64::from(a), i64::from(b))).unwrap();
    LatticePoint::new(half(a.x, b.x), half(a.y, b.y))
}

#[test]
fn every_vertex_of_the_county_is_covered_the_outer_border_too() {
    let tree = county();
    let vertices = county_grids()
        .into_iter()
        .flat_map(|grid| grid.boundary.rings().flat_map(|ring| ring.vertices().to_vec()).collect::<Vec<_>>());
    let uncovered: BTreeSet<_> = vertices.filter(|&v| tree.owner(v).is_none()).collect();
    assert!(uncovered.is_empty(), "{} vertices, first {:?}", uncovered.len(), uncovered.first());
}

#[test]
fn the_order_of_the_input_does_not_change_the_owner() {
    let tree = county();
    let mut grids = county_grids();
    grids.reverse();
    let mut dice = Dice(3);
    for at in 0..grids.len() {
        grids.swap(at, dice.index(at + 1));
    }
    let corners: Vec<_> = grids.iter().map(|grid| grid.boundary.polygons()[0].exterior.vertices()[0]).collect();
    let shuffled = Tree::build(generation(1), grids).unwrap();
    for p in corners {
        assert_eq!(owner_code(&shuffled, p), owner_code(tree, p), "{p:?}");
    }
}

#[test]
fn a_gap_is_answered_by_the_parent_and_the_border_by_who_touches_it() {
    // A village of 4 x 2 with two groups in its west half; its east half is an acknowledged gap.
    let grids = vec![
        rectangle("village", 2, None, [0, 0, 4, 2]),
        rectangle("north", 4, Some("village"), [0, 1, 2, 2]),
        rectangle("south", 4, Some("village"), [0, 0, 2, 1]),
    ];
    let tree = Tree::build(generation(1), grids).unwrap();
    let cases = [
        ((0, 0), Some("south"), "a corner of the border, nudged inside"),
        ((1, 1), Some("north"), "a shared edge goes to the north"),
        ((2, 1), Some("village"), "a shared edge with the gap goes to the east"),
        ((3, 1), Some("village"), "in the gap"),
        ((4, 1), Some("village"), "on the border of the gap"),
        ((1, 2), Some("north"), "on the northern border"),
        ((2, 2), Some("north"), "where the border touches a group and the gap, the lower level counts"),
        ((4, 2), Some("village"), "the corner furthest from the nudge"),
        ((5, 1), None, "outside"),
    ];
    for ((x, y), expected, why) in cases {
        assert_eq!(owner_code(&tree, LatticePoint::new(x, y)), expected, "{x},{y}: {why}");
    }
}
