//! Coverages made at random, with holes and exclaves at every level: what the graph renders is compared with what it was
//! made of, cell by cell.
//!
//! A field of unit cells is given to leaves, leaves to parents, parents to a root. Cells are the oracle: an area's ground
//! is the set of its cells, whatever the graph says. Fixed seeds.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use gridmap::geometry::coverage::{AreaIndex, RawArea, RawPolygon, Rules, Topology, ValidArea, check};
use gridmap::geometry::{Boundary, LatticePoint, Polygon, Ring, Side};

use crate::random::Random;

/// Lattice steps along one cell: even, so that a cell's middle is a point of the lattice.
pub(crate) const CELL: i32 = 10;
const SIZE: i32 = 12;

pub(crate) type Cell = (i32, i32);

/// Areas from the top down, each with its cells.
struct Field {
    parents: Vec<Option<AreaIndex>>,
    depths: Vec<u8>,
    cells: Vec<BTreeSet<Cell>>,
}

/// Splits a random set of cells again and again into random sets: they have holes, exclaves and corners that touch.
fn field(seed: u64) -> Field {
    let mut random = Random::new(seed);
    let all = (0..SIZE).flat_map(|x| (0..SIZE).map(move |y| (x, y)));
    let root: BTreeSet<Cell> = all.filter(|_| random.index(12) > 0).collect();
    let mut field = Field { parents: vec![None], depths: vec![0], cells: vec![root] };
    let mut at = 0;
    while at < field.cells.len() {
        let depth = field.depths[at];
        // A region may lack a level in places: a few areas are not divided, and a few children skip a level.
        if depth < 4 && field.cells[at].len() > 3 && random.index(6) > 0 {
            let n = 2 + random.index(3);
            let seeds: Vec<Cell> =
                (0..n).map(|_| *field.cells[at].iter().nth(random.index(field.cells[at].len())).unwrap()).collect();
            let mut parts: BTreeMap<usize, BTreeSet<Cell>> = BTreeMap::new();
            for &(x, y) in &field.cells[at] {
                let near = (0..n).min_by_key(|&i| (seeds[i].0 - x).abs() + (seeds[i].1 - y).abs()).unwrap();
                let part = if random.index(9) == 0 { random.index(n) } else { near };
                parts.entry(part).or_default().insert((x, y));
            }
            let skip = u8::from(depth < 3 && random.index(8) == 0);
            for cells in parts.into_values() {
                field.parents.push(Some(u32::try_from(at).unwrap()));
                field.depths.push(depth + 1 + skip);
                field.cells.push(cells);
            }
        }
        at += 1;
    }
    field
}

/// The boundary of a set of cells, made without the graph: one square for each cell would be no valid multipolygon, so
/// the borders between cells are dropped and the rest strung together, always turning right where there is a choice.
fn outline(cells: &BTreeSet<Cell>) -> Vec<Vec<LatticePoint>> {
    let mut edges: BTreeMap<Cell, Vec<Cell>> = BTreeMap::new();
    for &(x, y) in cells {
        let around = [((x, y), (x + 1, y), (x, y - 1)), ((x + 1, y), (x + 1, y + 1), (x + 1, y))];
        let back = [((x + 1, y + 1), (x, y + 1), (x, y + 1)), ((x, y + 1), (x, y), (x - 1, y))];
        for (a, b, beyond) in around.into_iter().chain(back) {
            if !cells.contains(&beyond) {
                edges.entry(a).or_default().push(b);
            }
        }
    }
    let mut rings = Vec::new();
    while let Some((&start, _)) = edges.iter().find(|(_, ends)| !ends.is_empty()) {
        let mut ring = vec![start];
        let mut way = (0, 0);
        let mut at = start;
        loop {
            let ends = edges.get_mut(&at).unwrap();
            // With the ground to the left, the leftmost turn keeps parts that touch in a corner apart.
            let turn = |end: &Cell| way.0 * (end.1 - at.1) - way.1 * (end.0 - at.0);
            let chosen = (0..ends.len()).max_by_key(|&i| turn(&ends[i])).unwrap();
            let next = ends.swap_remove(chosen);
            way = (next.0 - at.0, next.1 - at.1);
            at = next;
            if at == start {
                break;
            }
            ring.push(at);
        }
        rings.push(ring.into_iter().map(|(x, y)| LatticePoint::new(x * CELL, y * CELL)).collect());
    }
    rings
}

/// Polygons of the outline: holes go to the first shell around them that is smallest, by brute force.
pub(crate) fn polygons(cells: &BTreeSet<Cell>) -> Vec<Polygon> {
    let rings: Vec<Ring> = outline(cells).into_iter().map(|ring| Ring::new(ring).unwrap()).collect();
    let (shells, holes): (Vec<Ring>, Vec<Ring>) = rings.into_iter().partition(|ring| ring.signed_area2() > 0);
    let mut polygons: Vec<Polygon> =
        shells.into_iter().map(|exterior| Polygon { exterior, holes: Vec::new() }).collect();
    polygons.sort_by_key(|polygon| polygon.exterior.signed_area2());
    for hole in holes {
        // A point just outside the hole, so inside the ground: to the left of its first edge, half a cell away.
        let (a, b) = hole.edges().next().unwrap();
        let middle = LatticePoint::new(i32::midpoint(a.x, b.x), i32::midpoint(a.y, b.y));
        let left = LatticePoint::new(middle.x - (b.y - a.y) / 2, middle.y + (b.x - a.x) / 2);
        let surrounds = |polygon: &&mut Polygon| {
            let shell = Polygon { exterior: polygon.exterior.clone(), holes: Vec::new() };
            Boundary::from_valid(vec![shell]).side(left) == Side::Inside
        };
        polygons.iter_mut().find(surrounds).unwrap().holes.push(hole);
    }
    polygons
}

fn valid_areas(field: &Field) -> Vec<ValidArea> {
    let boundary = |cells| Arc::new(Boundary::from_valid(polygons(cells)));
    let of =
        |i: usize| ValidArea { depth: field.depths[i], parent: field.parents[i], boundary: boundary(&field.cells[i]) };
    (0..field.cells.len()).map(of).collect()
}

fn raw_areas(field: &Field) -> Vec<RawArea> {
    let polygon = |p: &Polygon| RawPolygon {
        rings: std::iter::once(&p.exterior).chain(&p.holes).map(|ring| ring.vertices().to_vec()).collect(),
    };
    (0..field.cells.len())
        .map(|i| RawArea {
            code: i.to_string(),
            depth: field.depths[i],
            parent: field.parents[i].map(|parent| parent.to_string()),
            polygons: polygons(&field.cells[i]).iter().map(polygon).collect(),
            place: i + 1,
        })
        .collect()
}

fn middle((x, y): Cell) -> LatticePoint {
    LatticePoint::new(x * CELL + CELL / 2, y * CELL + CELL / 2)
}

fn area2(boundary: &Boundary) -> i128 {
    boundary.rings().map(Ring::signed_area2).sum()
}

fn around() -> impl Iterator<Item = Cell> {
    (-1..=SIZE).flat_map(|x| (-1..=SIZE).map(move |y| (x, y)))
}

fn each_field(test: impl Fn(&Field, &Topology, u64)) {
    for seed in 0..60 {
        let field = field(seed);
        let ground = Topology::build(&valid_areas(&field)).unwrap_or_else(|report| panic!("seed {seed}: {report:?}"));
        test(&field, &ground, seed);
    }
}

#[test]
fn every_level_renders_to_its_own_cells() {
    each_field(|field, ground, seed| {
        for (area, cells) in (0u32..).zip(&field.cells) {
            let boundary = ground.boundary(area);
            assert_eq!(area2(&boundary), 2 * i128::from(CELL * CELL) * cells.len() as i128, "seed {seed} area {area}");
            for cell in around() {
                let inside = boundary.side(middle(cell)) == Side::Inside;
                assert_eq!(inside, cells.contains(&cell), "seed {seed} area {area} cell {cell:?}");
            }
        }
    });
}

#[test]
fn rendered_polygons_are_simple_and_their_insides_connected() {
    each_field(|field, ground, seed| {
        for (area, cells) in (0u32..).zip(&field.cells) {
            let mut seen: BTreeSet<Cell> = BTreeSet::new();
            for polygon in ground.boundary(area).polygons() {
                for ring in std::iter::once(&polygon.exterior).chain(&polygon.holes) {
                    let distinct: HashSet<_> = ring.vertices().iter().collect();
                    assert_eq!(distinct.len(), ring.vertices().len(), "seed {seed} area {area}: a ring touches itself");
                }
                let own = Boundary::from_valid(vec![polygon.clone()]);
                let inside: BTreeSet<Cell> =
                    cells.iter().copied().filter(|&c| own.side(middle(c)) == Side::Inside).collect();
                assert_eq!(reached(&inside), inside.len(), "seed {seed} area {area}: one polygon, two insides");
                assert_eq!(area2(&own), 2 * i128::from(CELL * CELL) * inside.len() as i128, "seed {seed} area {area}");
                seen.extend(inside);
            }
            assert_eq!(&seen, cells, "seed {seed} area {area}");
        }
    });
}

/// How many cells can be reached from the first one over common sides.
fn reached(cells: &BTreeSet<Cell>) -> usize {
    let mut seen = BTreeSet::new();
    let mut next: Vec<Cell> = cells.first().copied().into_iter().collect();
    while let Some((x, y)) = next.pop() {
        if cells.contains(&(x, y)) && seen.insert((x, y)) {
            next.extend([(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]);
        }
    }
    seen.len()
}

#[test]
fn every_arc_knows_the_deepest_area_on_each_side() {
    each_field(|field, ground, seed| {
        let deepest = |p: (i32, i32)| {
            let cell = (p.0.div_euclid(CELL), p.1.div_euclid(CELL));
            let covering = (0u32..).zip(&field.cells).filter(|(_, cells)| cells.contains(&cell));
            covering.max_by_key(|(area, _)| field.depths[*area as usize]).map(|(area, _)| area)
        };
        for (index, chain) in (0u32..).zip(ground.chains()) {
            for pair in ground.points(index).windows(2) {
                let (a, b) = (pair[0], pair[1]);
                let (dx, dy) = ((b.x - a.x).signum(), (b.y - a.y).signum());
                let near = (a.x + dx, a.y + dy);
                assert_eq!(chain.left, deepest((near.0 - dy, near.1 + dx)), "seed {seed} chain {index} left");
                assert_eq!(chain.right, deepest((near.0 + dy, near.1 - dx)), "seed {seed} chain {index} right");
            }
        }
    });
}

#[test]
fn building_what_was_rendered_gives_the_same_graph() {
    each_field(|field, ground, seed| {
        let rendered: Vec<ValidArea> = (0u32..)
            .zip(valid_areas(field))
            .map(|(area, valid)| ValidArea { boundary: Arc::new(ground.boundary(area)), ..valid })
            .collect();
        let again = Topology::build(&rendered).unwrap();
        assert_eq!(again.chains(), ground.chains(), "seed {seed}");
        for chain in 0..u32::try_from(ground.chains().len()).unwrap() {
            assert_eq!(again.points(chain), ground.points(chain), "seed {seed}");
        }
        assert_eq!(again.noded(), [], "seed {seed}");
    });
}

#[test]
fn own_regions_are_the_cells_no_child_has() {
    for seed in 0..60 {
        let mut field = field(seed);
        // Taking every fifth area with its descendants out leaves ground that only its parent covers.
        let gone: BTreeSet<usize> = (0..field.cells.len()).filter(|i| *i > 0 && i % 5 == 0).collect();
        let mut kept: Vec<usize> = Vec::new();
        for i in 0..field.cells.len() {
            let parent = field.parents[i].map(|p| p as usize);
            if !gone.contains(&i) && parent.is_none_or(|p| kept.contains(&p)) {
                kept.push(i);
            }
        }
        let place = |i: u32| u32::try_from(kept.iter().position(|&k| k == i as usize).unwrap()).unwrap();
        field = Field {
            parents: kept.iter().map(|&i| field.parents[i].map(place)).collect(),
            depths: kept.iter().map(|&i| field.depths[i]).collect(),
            cells: kept.iter().map(|&i| field.cells[i].clone()).collect(),
        };
        let ground = Topology::build(&valid_areas(&field)).unwrap();
        let own_regions = ground.own_regions();
        for (area, cells) in (0u32..).zip(&field.cells) {
            let mut own = cells.clone();
            for (_, child) in field.parents.iter().zip(&field.cells).filter(|(parent, _)| **parent == Some(area)) {
                own.retain(|cell| !child.contains(cell));
            }
            let region = ground.own_region(area);
            assert_eq!(region, own_regions[area as usize], "seed {seed} area {area}");
            let covers = |cell| region.as_ref().is_some_and(|r| r.side(middle(cell)) == Side::Inside);
            assert!(around().all(|cell| covers(cell) == own.contains(&cell)), "seed {seed} area {area}");
        }
    }
}

#[test]
fn neighbours_share_a_side_of_a_cell() {
    each_field(|field, ground, seed| {
        let level = |area: u32, cell: Cell| {
            let depth = field.depths[area as usize];
            let covering = (0u32..).zip(&field.cells).filter(|(_, cells)| cells.contains(&cell)).map(|(a, _)| a);
            covering.filter(|&a| field.depths[a as usize] <= depth).max_by_key(|&a| field.depths[a as usize])
        };
        for (area, cells) in (0u32..).zip(&field.cells) {
            let sides = cells.iter().flat_map(|&(x, y)| [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)]);
            let beside = sides.filter(|cell| !cells.contains(cell)).filter_map(|cell| level(area, cell));
            let expected: BTreeSet<u32> = beside.filter(|&other| !ground.is_in(area, other)).collect();
            assert_eq!(ground.neighbours(area), expected.into_iter().collect::<Vec<_>>(), "seed {seed} area {area}");
        }
    });
}

#[test]
fn random_coverages_are_clean_and_one_cell_too_many_or_too_few_is_found() {
    for seed in 0..60 {
        let field = field(seed);
        let areas = raw_areas(&field);
        let report = check(&areas, &Rules::default());
        assert!(report.is_clean(), "seed {seed}: {:#?}", report.faults().collect::<Vec<_>>());

        let mut random = Random::new(seed ^ 0xfeed);
        // A root that was never divided has no parent that could miss its cells.
        let Some(leaf) = (1..field.cells.len()).rfind(|&i| field.cells[i].len() > 1) else { continue };
        let n = random.index(field.cells[leaf].len());
        let mut less = raw_areas(&field);
        let mut cells = field.cells[leaf].clone();
        let cell = *cells.iter().nth(n).unwrap();
        cells.remove(&cell);
        less[leaf].polygons =
            raw_areas(&Field { parents: vec![None], depths: vec![0], cells: vec![cells] })[0].polygons.clone();
        let report = check(&less, &Rules::for_publishing());
        assert!(!report.is_clean(), "seed {seed}: a cell taken from {leaf} is a gap");
    }
}
