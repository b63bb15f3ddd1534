//! A page: 32 by 32 cells, each with the few edges that can be nearest to a point in it.

use std::sync::Arc;

use super::raster::PAGE_CELLS;
use crate::geometry::LatticePoint;
use crate::index::outline::{BorderLine, Slot};

/// How many runs a cell has place for.
const FEW: usize = 3;
/// Edges in a run and lines in a page, as powers of two.
const EDGES_SHIFT: u32 = 5;
const LINES_SHIFT: u32 = u16::BITS - EDGES_SHIFT;
/// The most edges of a run.
const MOST_EDGES: u32 = (1 << EDGES_SHIFT) - 1;
/// So few edges between two runs of a line are taken into one run with these.
const FEW_BETWEEN: u32 = 2;

/// Nobody's ground.
const NO_OWNER: Slot = Slot::MAX;

/// Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct EdgePage {
    /// Those of each cell, then those of cells that have no place for theirs.
    runs: Arc<[Run]>,
    /// In sequence along each line, one line behind another.
    vertices: Arc<[LatticePoint]>,
    /// Who owns the ground left and right of each line; [`NO_OWNER`] may.
    sides: Arc<[[Slot; 2]]>,
}

/// Runs in the order of their lines, then empty ones; or an empty one with where the runs begin that follow all cells,
/// and one with how many.
type Cell = [Run; FEW];

/// Some edges in sequence of one line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Run {
    /// The number of the first vertex.
    first: u16,
    /// The number of the line, then in [`EDGES_SHIFT`] bits how many edges; none in an empty run.
    line_and_edges: u16,
}

impl Run {
    #[inline]
    fn n_edges(self) -> usize {
        usize::from(self.line_and_edges) & ((1 << EDGES_SHIFT) - 1)
    }
}

impl EdgePage {
    /// All edges that can be nearest to a point of the cell, in the order of their lines. None in a page that knows nothing.
    #[inline]
    pub(super) fn runs(&self, cell: usize) -> &[Run] {
        let Some(runs) = self.runs.get(cell * FEW..(cell + 1) * FEW) else { return &[] };
        if runs[0].n_edges() == 0 {
            // So is a cell without any.
            let (from, n) = (usize::from(runs[0].first), usize::from(runs[1].first));
            return &self.runs[from..from + n];
        }
        &runs[..runs.iter().map(|run| usize::from(run.n_edges() > 0)).sum()]
    }

    #[inline]
    pub(super) fn vertices(&self, run: Run) -> &[LatticePoint] {
        let first = usize::from(run.first);
        &self.vertices[first..=first + run.n_edges()]
    }

    #[inline]
    pub(super) fn sides(&self, run: Run) -> [Slot; 2] {
        self.sides[usize::from(run.line_and_edges >> EDGES_SHIFT)]
    }

    /// Bytes on the heap.
    pub(super) fn n_bytes(&self) -> usize {
        size_of_val(&*self.runs) + size_of_val(&*self.vertices) + size_of_val(&*self.sides)
    }
}

/// Who owns the side that `own` does not.
#[inline]
pub(super) fn beyond(sides: [Slot; 2], own: Slot) -> Option<Slot> {
    let [left, right] = sides;
    Some(if left == own { right } else { left }).filter(|slot| *slot != NO_OWNER)
}

/// Edges in sequence of one line, by their numbers among all edges: from and to, the last not included.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    line: usize,
    edges: (u32, u32),
}

/// Writes a page of cells that each have some of the edges of `lines`, in order: an edge's number is that of its first
/// vertex, where all vertices of all lines follow one another. Without any where these are too many to be numbered.
pub(super) fn write(lists: &[Vec<u32>], of_cells: &[u16; PAGE_CELLS], lines: &[BorderLine]) -> EdgePage {
    let mut firsts = Vec::with_capacity(lines.len() + 1);
    firsts.push(0);
    for line in lines {
        firsts.push(firsts[firsts.len() - 1] + line.points.len());
    }
    let lists: Vec<Vec<Stretch>> = lists.iter().map(|list| stretches(list, &firsts)).collect();
    Kept::of(&lists, &firsts).and_then(|kept| kept.page(&lists, of_cells, lines)).unwrap_or_default()
}

/// A list of edges as stretches. `firsts` are the numbers of the lines' first vertices.
fn stretches(list: &[u32], firsts: &[usize]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut line = 0;
    for edge in list {
        while firsts[line + 1] <= *edge as usize {
            line += 1;
        }
        match stretches.last_mut().filter(|run| run.line == line) {
            Some(run) if *edge - run.edges.1 <= FEW_BETWEEN && *edge - run.edges.0 < MOST_EDGES => {
                run.edges.1 = *edge + 1;
            }
            _ => stretches.push(Stretch { line, edges: (*edge, *edge + 1) }),
        }
    }
    stretches
}

/// Which of all vertices and lines are in some list, and the numbers that these have in a page, one after another.
struct Kept {
    vertices: (Vec<bool>, Vec<u16>),
    lines: (Vec<bool>, Vec<u16>),
}

impl Kept {
    /// `None` where they are too many.
    fn of(lists: &[Vec<Stretch>], firsts: &[usize]) -> Option<Self> {
        let mut vertices = vec![false; firsts[firsts.len() - 1]];
        let mut lines = vec![false; firsts.len() - 1];
        for Stretch { line, edges } in lists.iter().flatten() {
            vertices[edges.0 as usize..=edges.1 as usize].fill(true);
            lines[*line] = true;
        }
        let (numbers, line_numbers) = (numbers(&vertices, u16::BITS)?, numbers(&lines, LINES_SHIFT)?);
        Some(Self { vertices: (vertices, numbers), lines: (lines, line_numbers) })
    }

    /// `None` where there is no place for all runs.
    fn page(&self, lists: &[Vec<Stretch>], of_cells: &[u16; PAGE_CELLS], lines: &[BorderLine]) -> Option<EdgePage> {
        let mut behind = Vec::new();
        let cells = lists.iter().map(|list| cell(list.iter().map(|stretch| self.run(stretch)).collect(), &mut behind));
        let cells: Vec<Cell> = cells.collect::<Option<_>>()?;
        let of_cells = of_cells.iter().flat_map(|list| cells[usize::from(*list)]);
        let vertices = lines.iter().flat_map(|line| line.points.iter()).zip(&self.vertices.0);
        let sides = lines.iter().map(|line| [line.left, line.right].map(|side| side.unwrap_or(NO_OWNER)));
        Some(EdgePage {
            runs: of_cells.chain(behind.iter().copied()).collect(),
            vertices: vertices.filter(|(_, kept)| **kept).map(|(vertex, _)| *vertex).collect(),
            sides: sides.zip(&self.lines.0).filter(|(_, kept)| **kept).map(|(sides, _)| sides).collect(),
        })
    }

    fn run(&self, stretch: &Stretch) -> Run {
        let n = u16::try_from(stretch.edges.1 - stretch.edges.0).expect("a stretch is no longer than a run");
        let first = self.vertices.1[stretch.edges.0 as usize];
        Run { first, line_and_edges: self.lines.1[stretch.line] << EDGES_SHIFT | n }
    }
}

/// How many are kept before each; `None` where more than a power of two are.
fn numbers(kept: &[bool], most_shift: u32) -> Option<Vec<u16>> {
    let n = kept.iter().filter(|kept| **kept).count();
    let mut next = 0_u16;
    let numbers = kept.iter().map(|kept| {
        let number = next;
        next = next.wrapping_add(u16::from(*kept));
        number
    });
    (n <= 1 << most_shift).then(|| numbers.collect())
}

/// A cell with some runs, which are put `behind` all cells where they are many; `None` where there is no place for so many.
fn cell(runs: Vec<Run>, behind: &mut Vec<Run>) -> Option<Cell> {
    let mut cell = Cell::default();
    if runs.len() <= FEW {
        cell[..runs.len()].copy_from_slice(&runs);
    } else {
        cell[0].first = u16::try_from(PAGE_CELLS * FEW + behind.len()).ok()?;
        cell[1].first = u16::try_from(runs.len()).ok()?;
        behind.extend(runs);
    }
    Some(cell)
}
