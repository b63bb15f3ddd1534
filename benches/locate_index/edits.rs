//! A county that is edited while its index lives: shared lines drawn anew, ground given to a neighbour.
//!
//! Grids answer for fields of the coverage, at first one each; villages of five by five grids and the county lie above.
//! So grids get several fields, exclaves and holes, and go when they have none. Here and there a grid has a vertex on a
//! straight edge of its neighbour, which has none there.

use std::collections::BTreeSet;

use gridmap::domain::{Depth, Generation, GenerationKind, Grid, GridId};
use gridmap::geometry::{Boundary, LatticePoint, Polygon, Ring};
use gridmap::index::Tree;
use gridmap::index::cells::Edges;

use crate::random::Random;
use crate::synthetic::{Coverage, Line, gcd};

/// Fields along each side of a village.
const VILLAGE: usize = 5;

#[derive(Debug)]
pub struct County {
    pub coverage: Coverage,
    /// The grid that answers for each field.
    pub owners: Vec<u32>,
    fields: Vec<Vec<u32>>,
}

/// What an edit changes.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub put: Vec<Grid>,
    pub removed: Vec<GridId>,
}

impl County {
    pub fn new(coverage: Coverage) -> Self {
        let owners: Vec<u32> = (0..).take(coverage.n_grids()).collect();
        let fields = owners.iter().map(|field| vec![*field]).collect();
        Self { coverage, owners, fields }
    }

    pub fn edges(&self) -> Edges {
        let mut edges = Edges::default();
        let owner = |field: Option<u32>| field.map(|field| self.owners[field as usize]);
        for Line { vertices, left, right } in &self.coverage.lines {
            edges.push(vertices, owner(*left), owner(*right));
        }
        edges
    }

    pub fn tree(&self) -> Tree {
        Tree::build(generation(1), self.all()).expect("the county is a coverage")
    }

    /// The county, the villages, the grids.
    pub fn all(&self) -> Vec<Grid> {
        let villages: BTreeSet<u32> = self.with_ground().map(|grid| self.village_of(grid)).collect();
        let villages = villages.into_iter().map(|village| self.village(village));
        std::iter::once(self.county()).chain(villages).chain(self.with_ground().map(|grid| self.grid(grid))).collect()
    }

    fn with_ground(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.fields).filter(|(_, fields)| !fields.is_empty()).map(|(grid, _)| grid)
    }

    pub fn n_grids(&self) -> usize {
        self.with_ground().count()
    }

    pub fn village_of(&self, grid: u32) -> u32 {
        let (side, grid) = (self.coverage.side(), grid as usize);
        ((grid / side / VILLAGE) * side.div_ceil(VILLAGE) + grid % side / VILLAGE) as u32
    }

    /// The boundaries of the villages with their numbers, and of the county.
    pub fn above(&self) -> (Vec<(u32, Boundary)>, Boundary) {
        let villages: BTreeSet<u32> = self.with_ground().map(|grid| self.village_of(grid)).collect();
        (
            villages.into_iter().map(|village| (village, self.village(village).boundary)).collect(),
            self.county().boundary,
        )
    }

    fn grid(&self, grid: u32) -> Grid {
        let boundary = self
            .boundary(self.fields[grid as usize].iter().copied(), true, |field| self.owners[field as usize] == grid);
        made(format!("g{grid:07}"), 2, Some(format!("v{:06}", self.village_of(grid))), boundary)
    }

    fn village(&self, village: u32) -> Grid {
        let per_row = self.coverage.side().div_ceil(VILLAGE);
        let (column, row) = (village as usize % per_row * VILLAGE, village as usize / per_row * VILLAGE);
        let side = self.coverage.side();
        let along = |from: usize| from..(from + VILLAGE).min(side);
        let grids = along(row).flat_map(|j| along(column).map(move |i| j * side + i));
        let fields = grids.flat_map(|grid| self.fields[grid].iter().copied());
        let is_in = |field: u32| self.village_of(self.owners[field as usize]) == village;
        made(format!("v{village:06}"), 1, Some("county".into()), self.boundary(fields, false, is_in))
    }

    fn county(&self) -> Grid {
        made("county".into(), 0, None, self.boundary(0..self.owners.len() as u32, false, |_| true))
    }

    /// The boundary of `fields`, all those for which `is_in` holds: the lines that have them on one side, strung together.
    fn boundary(&self, fields: impl Iterator<Item = u32>, with_more: bool, is_in: impl Fn(u32) -> bool) -> Boundary {
        let mut open: Vec<Vec<LatticePoint>> = Vec::new();
        for field in fields {
            for (at, line) in self.coverage.sides(field as usize).into_iter().enumerate() {
                let Line { vertices, left, right } = &self.coverage.lines[line];
                let beyond = if *left == Some(field) { *right } else { *left };
                if !beyond.is_some_and(&is_in) {
                    let mut vertices = vertices.clone();
                    if with_more && at == 1 {
                        one_more(&mut vertices);
                    }
                    // The first three sides run counter-clockwise, the others against it.
                    if at >= 3 {
                        vertices.reverse();
                    }
                    open.push(vertices);
                }
            }
        }
        open.sort_unstable_by_key(|line| line[0]);
        let mut rings: Vec<Ring> = Vec::new();
        let mut used = vec![false; open.len()];
        for start in 0..open.len() {
            let mut ring = Vec::new();
            let mut at = start;
            while !used[at] {
                used[at] = true;
                let line = &open[at];
                ring.extend_from_slice(&line[..line.len() - 1]);
                // Three lines meet in a corner, so one set's boundary goes on in one way.
                let end = line[line.len() - 1];
                at = open.binary_search_by_key(&end, |line| line[0]).expect("a boundary is closed");
            }
            ring.shrink_to_fit();
            rings.extend(Ring::new(ring));
        }
        let (shells, holes): (Vec<Ring>, Vec<Ring>) = rings.into_iter().partition(|ring| ring.signed_area2() > 0);
        let mut polygons: Vec<Polygon> =
            shells.into_iter().map(|exterior| Polygon { exterior, holes: Vec::new() }).collect();
        for hole in holes {
            let around = |polygon: &&mut Polygon| {
                let shell = Polygon { exterior: polygon.exterior.clone(), holes: Vec::new() };
                Boundary::from_valid(vec![shell]).covers(hole.vertices()[0])
            };
            let index = polygons.iter_mut().find(around).expect("a hole lies in a shell");
            index.holes.push(hole);
        }
        Boundary::from_valid(polygons)
    }

    /// Changes one thing.
    pub fn edit(&mut self, random: &mut Random) -> Plan {
        let field = random.below(self.owners.len());
        let lines = self.coverage.sides(field);
        let line = lines[random.below(lines.len())];
        let sides = [self.coverage.lines[line].left, self.coverage.lines[line].right];
        let mut grids: BTreeSet<u32> = sides.iter().flatten().map(|side| self.owners[*side as usize]).collect();
        let on_border = sides.contains(&None);
        let before: BTreeSet<u32> = grids.iter().map(|grid| self.village_of(*grid)).collect();
        let beyond = sides.into_iter().flatten().find(|side| *side as usize != field);
        if random.below(2) == 0 || beyond.is_none() {
            self.coverage.redraw(line, random);
            if grids.len() == 1 && !on_border {
                grids.clear();
            }
        } else if let Some(beyond) = beyond {
            let (from, to) = (self.owners[field], self.owners[beyond as usize]);
            self.owners[field] = to;
            self.fields[from as usize].retain(|one| *one as usize != field);
            self.fields[to as usize].push(field as u32);
        }
        self.plan(&grids, if on_border || before.len() > 1 { before } else { BTreeSet::new() }, on_border)
    }

    /// Draws one side of every third grid or so anew, as a redraw of the whole county does.
    pub fn redraw_a_third(&mut self, random: &mut Random) -> Plan {
        let mut grids = BTreeSet::new();
        while grids.len() * 10 < self.owners.len() * 3 {
            let field = random.below(self.owners.len());
            let line = self.coverage.sides(field)[random.below(6)];
            let Line { left: Some(left), right: Some(right), .. } = self.coverage.lines[line] else { continue };
            self.coverage.redraw(line, random);
            grids.extend([left, right].map(|side| self.owners[side as usize]));
        }
        let villages = grids.iter().map(|grid| self.village_of(*grid)).collect();
        self.plan(&grids, villages, false)
    }

    fn plan(&self, grids: &BTreeSet<u32>, villages: BTreeSet<u32>, with_county: bool) -> Plan {
        let (there, gone): (Vec<u32>, Vec<u32>) =
            grids.iter().partition(|grid| !self.fields[**grid as usize].is_empty());
        let villages = villages.into_iter().map(|village| self.village(village));
        let county = with_county.then(|| self.county());
        Plan {
            put: county.into_iter().chain(villages).chain(there.into_iter().map(|grid| self.grid(grid))).collect(),
            removed: gone.into_iter().map(|grid| id(&format!("g{grid:07}"))).collect(),
        }
    }
}

/// The number in the code of a grid or village.
pub fn number(code: &str) -> u32 {
    code[1..].parse().expect("a letter and digits")
}

pub fn generation(number: u32) -> Generation {
    let in_force = "2024-01-01T00:00:00Z".parse().expect("an instant");
    Generation {
        number,
        plan: "bench".into(),
        kind: GenerationKind::Plan,
        base: None,
        recorded: in_force,
        in_force,
        n_acknowledged_gaps: 0,
    }
}

fn made(code: String, depth: Depth, parent: Option<String>, boundary: Boundary) -> Grid {
    Grid { id: id(&code), code, name: None, depth, parent: parent.map(|parent| id(&parent)), boundary }
}

fn id(text: &str) -> GridId {
    GridId::new(text).expect("letters and digits")
}

/// Puts a vertex into the first edge that goes through a point of the lattice.
fn one_more(vertices: &mut Vec<LatticePoint>) {
    let step = |pair: &[LatticePoint]| {
        let (dx, dy) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
        let n = gcd(dx.unsigned_abs(), dy.unsigned_abs()) as i32;
        (n > 1).then(|| LatticePoint::new(pair[0].x + dx / n, pair[0].y + dy / n))
    };
    if let Some((at, vertex)) = vertices.windows(2).enumerate().find_map(|(at, pair)| Some((at + 1, step(pair)?))) {
        vertices.insert(at, vertex);
    }
}
