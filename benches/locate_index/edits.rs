//! A coverage that is edited while its index lives: shared lines drawn anew, grids given to a neighbour.

use gridmap::geometry::LatticePoint;
use gridmap::index::cells::{CellIndex, Edges};

use crate::random::Random;
use crate::synthetic::{Coverage, Line};

/// A coverage, and which grid answers for each field of it now.
#[derive(Debug)]
pub struct Edited {
    pub coverage: Coverage,
    pub owners: Vec<u32>,
}

impl Edited {
    pub fn new(coverage: Coverage) -> Self {
        let owners = (0..).take(coverage.n_grids()).collect();
        Self { coverage, owners }
    }

    pub fn edges(&self) -> Edges {
        self.edges_of(0..self.coverage.lines.len())
    }

    fn edges_of(&self, lines: impl IntoIterator<Item = usize>) -> Edges {
        let mut edges = Edges::default();
        let owner = |field: Option<u32>| field.map(|field| self.owners[field as usize]);
        for Line { vertices, left, right } in lines.into_iter().map(|at| &self.coverage.lines[at]) {
            edges.push(vertices, owner(*left), owner(*right));
        }
        edges
    }

    /// Changes one thing; returns the box around it and the field it happened to.
    pub fn edit(&mut self, random: &mut Random) -> (LatticePoint, LatticePoint, usize) {
        let field = random.below(self.coverage.n_grids());
        let lines = self.coverage.sides(field);
        let mut changed: Vec<LatticePoint> = Vec::new();
        if random.below(2) == 0 {
            let line = lines[random.below(lines.len())];
            changed.extend(&self.coverage.lines[line].vertices);
            self.coverage.redraw(line, random);
            changed.extend(&self.coverage.lines[line].vertices);
        } else {
            let side = &self.coverage.lines[lines[random.below(lines.len())]];
            let beyond = if side.left == u32::try_from(field).ok() { side.right } else { side.left };
            self.owners[field] = beyond.map_or(0, |beyond| self.owners[beyond as usize]);
            changed.extend(lines.iter().flat_map(|line| &self.coverage.lines[*line].vertices));
        }
        let (x, y) = (changed.iter().map(|v| v.x), changed.iter().map(|v| v.y));
        let least = |(x, y): (Option<i32>, Option<i32>)| {
            LatticePoint::new(x.expect("something changed"), y.expect("something changed"))
        };
        (least((x.clone().min(), y.clone().min())), least((x.max(), y.max())), field)
    }

    /// The index after an edit, from the lines round about the field alone.
    pub fn patched(&self, index: &CellIndex, low: LatticePoint, high: LatticePoint, field: usize) -> CellIndex {
        let near = self.edges_of(self.coverage.lines_around(field, 3));
        index.patched(&near, low, high).expect("lines are drawn anew inside the coverage")
    }
}
