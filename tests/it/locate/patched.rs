//! A tree patched plan by plan against one built from nothing, and against the cells it was made of.
//!
//! A field of cells is given to grids of five levels; each turn changes a few things as plans do: ground goes to another
//! grid of any parent, grids are split, merged, subdivided, dissolved, put under another parent, or given another code;
//! ground falls into gaps and out of the region. Cells are the oracle. Fixed seeds.

use std::collections::{BTreeMap, BTreeSet};

use gridmap::domain::{Depth, Grid, GridId};
use gridmap::geometry::{Boundary, LatticePoint, Polygon, Ring};
use gridmap::index::Tree;

use super::scan::Scan;
use super::world::generation;
use crate::check::random::{CELL, Cell, polygons};
use crate::random::{Random, n_cases};

/// Cells along each side.
const SIZE: i32 = 14;
/// Lattice steps along a cell.
const PITCH: i32 = 4_000;

/// Grids by the number that is their id, and who owns each cell.
pub(super) struct Field {
    grids: BTreeMap<u32, Node>,
    owners: BTreeMap<Cell, u32>,
    next: u32,
    random: Random,
    /// How far a cell's corner may be off, steps; with none, vertices on straight lines are left out here and there.
    shake: i32,
}

#[derive(Clone)]
struct Node {
    parent: Option<u32>,
    depth: Depth,
    code: String,
}

impl Field {
    pub(super) fn new(seed: u64, shake: i32) -> Self {
        let county = Node { parent: None, depth: 0, code: "00".into() };
        let cells = (0..SIZE).flat_map(|x| (0..SIZE).map(move |y| (x, y)));
        let owners = cells.map(|cell| (cell, 0)).collect();
        let mut field =
            Self { grids: BTreeMap::from([(0, county)]), owners, next: 1, random: Random::new(seed), shake };
        for _ in 0..60 {
            field.subdivide();
        }
        field
    }

    /// Everything as it stands.
    pub(super) fn all(&self) -> Vec<Grid> {
        self.grids.keys().map(|&number| self.grid(number)).collect()
    }

    /// Changes a few things; returns what is put and what is removed.
    pub(super) fn plan(&mut self) -> (Vec<Grid>, Vec<GridId>) {
        let before: BTreeMap<GridId, Grid> = self.all().into_iter().map(|grid| (grid.id.clone(), grid)).collect();
        for _ in 0..=self.random.index(3) {
            self.change();
        }
        self.tidy();
        let after = self.all();
        let there: BTreeSet<&GridId> = after.iter().map(|grid| &grid.id).collect();
        let removed = before.keys().filter(|id| !there.contains(id)).cloned().collect();
        (after.iter().filter(|grid| before.get(&grid.id) != Some(grid)).cloned().collect(), removed)
    }

    fn change(&mut self) {
        match self.random.index(12) {
            0..=3 => self.give(),
            4 => self.subdivide(),
            5 => self.merge(),
            6 => self.split(),
            7 => self.adopt(),
            8 => self.dissolve(),
            9 => self.fall(),
            10 => {
                let (one, code) = (self.any(), format!("{:02}", self.random.index(90)));
                let code = format!("{code}-{one}");
                self.grids.entry(one).and_modify(|grid| grid.code = code);
            }
            _ => {
                let cell = (i32::try_from(self.random.index(16)).unwrap() - 1, 3);
                let owner = self.any();
                self.owners.insert(cell, owner);
            }
        }
    }

    /// Some cells around one go to whoever owns another cell near.
    fn give(&mut self) {
        let (x, y) = self.cell();
        let Some(to) = self.near((x, y)) else { return };
        for cell in [(x, y), (x + 1, y), (x, y + 1)].into_iter().take(1 + self.random.index(3)) {
            self.owners.entry(cell).and_modify(|owner| *owner = to);
        }
    }

    /// What owns a cell gets children that tile all it owns, or most.
    fn subdivide(&mut self) {
        let cell = self.cell();
        let parent = self.owners[&cell];
        let depth = self.grids[&parent].depth + 1 + u8::from(self.random.index(8) == 0);
        let mine: Vec<Cell> = self.owned(parent);
        if depth > 4 || mine.len() < 4 {
            return;
        }
        let seeds: Vec<Cell> = (0..2 + self.random.index(2)).map(|_| mine[self.random.index(mine.len())]).collect();
        let children: Vec<u32> = seeds.iter().map(|_| self.add(parent, depth)).collect();
        for (x, y) in mine {
            let near = (0..seeds.len()).min_by_key(|&i| (seeds[i].0 - x).abs() + (seeds[i].1 - y).abs()).unwrap();
            if self.random.index(25) > 0 {
                self.owners.insert((x, y), children[near]);
            }
        }
        self.tidy();
    }

    /// All of a grid at the bottom goes to another.
    fn merge(&mut self) {
        let cell = self.cell();
        let (one, Some(other)) = (self.owners[&cell], self.near(cell)) else { return };
        if self.children(one).is_empty() && one != other {
            self.owners.values_mut().filter(|owner| **owner == one).for_each(|owner| *owner = other);
        }
    }

    fn split(&mut self) {
        let cell = self.cell();
        let one = self.owners[&cell];
        let Some(parent) = self.grids[&one].parent.filter(|_| self.children(one).is_empty()) else { return };
        let new = self.add(parent, self.grids[&one].depth);
        for cell in self.owned(one).into_iter().filter(|(x, _)| *x < cell.0) {
            self.owners.insert(cell, new);
        }
    }

    /// A grid with all below it goes to another parent.
    fn adopt(&mut self) {
        let (one, parent) = (self.any(), self.any());
        if self.grids[&parent].depth < self.grids[&one].depth && self.grids[&one].parent.is_some() {
            self.grids.entry(one).and_modify(|grid| grid.parent = Some(parent));
        }
    }

    /// A grid goes; what was below it goes to its parent.
    fn dissolve(&mut self) {
        let one = self.any();
        let Some(parent) = self.grids[&one].parent else { return };
        for child in self.children(one) {
            self.grids.entry(child).and_modify(|grid| grid.parent = Some(parent));
        }
        self.owners.values_mut().filter(|owner| **owner == one).for_each(|owner| *owner = parent);
        self.grids.remove(&one);
    }

    /// A cell falls to the parent as a gap, or out of the region.
    fn fall(&mut self) {
        let cell = self.cell();
        match self.grids[&self.owners[&cell]].parent {
            Some(parent) if self.random.index(3) > 0 => _ = self.owners.insert(cell, parent),
            _ if self.owners.len() > 100 => _ = self.owners.remove(&cell),
            _ => {}
        }
    }

    fn add(&mut self, parent: u32, depth: Depth) -> u32 {
        let number = self.next;
        self.next += 1;
        let code = format!("{:02}-{number}", self.random.index(90));
        self.grids.insert(number, Node { parent: Some(parent), depth, code });
        number
    }

    /// Grids without ground go.
    fn tidy(&mut self) {
        let lines = self.owners.values().flat_map(|owner| self.line(*owner));
        let with_ground: BTreeSet<u32> = lines.collect();
        self.grids.retain(|number, _| with_ground.contains(number));
    }

    fn cell(&mut self) -> Cell {
        *self.owners.keys().nth(self.random.index(self.owners.len())).unwrap()
    }

    fn any(&mut self) -> u32 {
        *self.grids.keys().nth(self.random.index(self.grids.len())).unwrap()
    }

    fn near(&mut self, (x, y): Cell) -> Option<u32> {
        let way = [(1, 0), (-1, 0), (0, 1), (0, -1), (2, 1)][self.random.index(5)];
        self.owners.get(&(x + way.0, y + way.1)).copied()
    }

    fn owned(&self, one: u32) -> Vec<Cell> {
        self.owners.iter().filter(|(_, owner)| **owner == one).map(|(cell, _)| *cell).collect()
    }

    fn children(&self, one: u32) -> Vec<u32> {
        self.grids.iter().filter(|(_, grid)| grid.parent == Some(one)).map(|(number, _)| *number).collect()
    }

    /// A grid and all above it.
    fn line(&self, one: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(one), |number| self.grids.get(number)?.parent)
    }

    fn grid(&self, number: u32) -> Grid {
        let cells: BTreeSet<Cell> =
            self.owners.iter().filter(|(_, owner)| self.line(**owner).any(|n| n == number)).map(|(c, _)| *c).collect();
        let node = &self.grids[&number];
        let ring = |ring: &Ring| Ring::new(self.ring(ring.vertices(), number)).unwrap();
        let polygon = |polygon: &Polygon| Polygon {
            exterior: ring(&polygon.exterior),
            holes: polygon.holes.iter().map(ring).collect(),
        };
        Grid {
            id: id(number),
            code: node.code.clone(),
            name: None,
            depth: node.depth,
            parent: node.parent.map(id),
            boundary: Boundary::from_valid(polygons(&cells).iter().map(polygon).collect()),
        }
    }

    fn ring(&self, ring: &[LatticePoint], number: u32) -> Vec<LatticePoint> {
        let n = ring.len();
        let is_straight = |at: usize| {
            let (a, v, b) = (ring[(at + n - 1) % n], ring[at], ring[(at + 1) % n]);
            (v.x - a.x, v.y - a.y) == (b.x - v.x, b.y - v.y)
        };
        // The neighbour, or the parent, may still have the vertex.
        let is_left_out = |at: usize| self.shake == 0 && number.is_multiple_of(3) && is_straight(at);
        (0..n).filter(|at| !is_left_out(*at)).map(|at| self.corner((ring[at].x / CELL, ring[at].y / CELL))).collect()
    }

    fn corner(&self, (x, y): Cell) -> LatticePoint {
        let mut off = Random::new(u64::from((x * 1_000 + y).unsigned_abs()));
        let mut off = |at: i32| {
            let wide = usize::try_from(2 * self.shake + 1).unwrap();
            at * PITCH + i32::try_from(off.index(wide)).unwrap() - self.shake
        };
        LatticePoint::new(off(x), off(y))
    }

    /// The middle of a cell: the shaken corners leave it where it is.
    fn middle((x, y): Cell) -> LatticePoint {
        LatticePoint::new(x * PITCH + PITCH / 2, y * PITCH + PITCH / 2)
    }

    /// Compares with a tree built from nothing, and with the cells at every level.
    pub(super) fn check(&self, tree: &Tree, turn: &str) {
        let built = Tree::build(tree.generation().clone(), self.all()).unwrap();
        assert_eq!(tree.unlike_built(tree.len() / 3), None, "{turn}");
        let code = |tree: &Tree, ix: Option<u32>| ix.map(|ix| tree.grid(ix).code.clone());
        let edge = |tree: &Tree, p: LatticePoint| {
            let (distance_m, beyond) = tree.edge(tree.owner(p)?, p)?;
            Some((distance_m.to_bits(), code(tree, beyond)))
        };
        let corners = (0..=SIZE).flat_map(|x| (0..=SIZE).map(move |y| (x, y)));
        let mut points: Vec<LatticePoint> = corners.clone().map(|corner| self.corner(corner)).collect();
        points.extend(corners.map(|(x, y)| LatticePoint::new(x * PITCH + 1_700, y * PITCH - 900)));
        let mut together = vec![None; points.len()];
        let scan = Scan::of(tree);
        tree.owners(&points, &mut together);
        for (&p, together) in points.iter().zip(together) {
            let owner = tree.owner(p);
            assert_eq!(code(tree, owner), code(&built, built.owner(p)), "{turn} {p:?}");
            assert_eq!((together, scan.owner(p)), (owner, owner), "{turn} {p:?}");
            assert_eq!(edge(tree, p), edge(&built, p), "{turn} {p:?}");
            let named = |tree: &Tree, found: Vec<(u32, f64)>| -> Vec<_> {
                found.into_iter().map(|(ix, m)| (code(tree, Some(ix)), m.to_bits())).collect()
            };
            assert_eq!(named(tree, tree.within(p, 30.0)), named(&built, built.within(p, 30.0)), "{turn} {p:?}");
            // Of edges that meet in one corner either may be named.
            let nearest = |tree: &Tree| tree.nearest(p).map(|(_, m)| (m * 1e6).round());
            assert_eq!(nearest(tree), nearest(&built), "{turn} {p:?}");
        }
        for x in -2..=SIZE {
            for y in -2..=SIZE {
                let path = tree.owner(Self::middle((x, y))).map(|ix| tree.path(ix)).unwrap_or_default();
                let mut line: Vec<u32> = self.owners.get(&(x, y)).map(|o| self.line(*o).collect()).unwrap_or_default();
                line.reverse();
                let path: Vec<&str> = path.iter().map(|ix| tree.grid(*ix).code.as_str()).collect();
                let line: Vec<&str> = line.iter().map(|number| self.grids[number].code.as_str()).collect();
                assert_eq!(path, line, "{turn}: the cell {x}, {y}");
            }
        }
    }
}

fn id(number: u32) -> GridId {
    GridId::new(&format!("g{number}")).unwrap()
}

fn check_plans(seed: u64, shake: i32, n_plans: usize) {
    let mut field = Field::new(seed, shake);
    let first = Tree::build(generation(1), field.all()).unwrap();
    field.check(&first, "at first");
    let mut tree = None;
    for turn in 0..n_plans {
        let (put, removed) = field.plan();
        tree = Some(tree.as_ref().unwrap_or(&first).patched(generation(2), put, &removed).unwrap());
        field.check(tree.as_ref().unwrap(), &format!("seed {seed}, plan {turn}"));
    }
    assert_eq!(first.unlike_built(usize::MAX), None, "the first tree never changed");
}

#[test]
fn a_tree_patched_by_many_plans_is_the_one_built_from_nothing() {
    for seed in 0..n_cases(5) as u64 {
        check_plans(seed, 900, 25);
    }
}

#[test]
fn plans_over_straight_lines_whose_vertices_neighbours_do_not_share() {
    for seed in 10..10 + n_cases(5) as u64 {
        check_plans(seed, 0, 20);
    }
}
