//! The planar graph of the whole tree of areas.
//!
//! An edge that a group, its grid and its village share is one [`Chain`] here, with one owner on each side: the deepest
//! area there. Everything else follows from the owners and the tree: the boundary of any area is made of the chains that
//! have a descendant of it (or itself) on exactly one side. Start with [`Topology::build`], then [`Topology::boundary`].

use super::chains::{self, Chain, ChainIndex};
use super::edges::{self, AreaEdge, by_ends};
use super::noding::{self, Noded};
use super::report::{FaultKind, Finding, Report, Severity, Size};
use super::{AreaIndex, ValidArea, owners};
use crate::geometry::LatticePoint;

/// One chain of an area's boundary, seen from the area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainSide<'a> {
    pub chain: ChainIndex,
    /// The vertices, in the chain's own direction; a closed chain ends where it begins.
    pub points: &'a [LatticePoint],
    /// Whether the area lies to the left of the chain run forward.
    pub on_left: bool,
    /// The deepest area on the area's own side of the chain: itself or a descendant.
    pub own: AreaIndex,
    /// The deepest area on the other side; `None` is outside everything.
    pub other: Option<AreaIndex>,
}

/// The planar graph: chains, and which of them bound each area.
#[derive(Debug)]
pub struct Topology {
    pub(super) parents: Vec<Option<AreaIndex>>,
    depths: Vec<u8>,
    pub(super) points: Vec<LatticePoint>,
    pub(super) chains: Vec<Chain>,
    /// Chains by area: those of area `i` are `bounding[first[i]..first[i + 1]]`.
    bounding: Vec<ChainIndex>,
    first: Vec<u32>,
    noded: Vec<Noded>,
}

impl Topology {
    /// Builds the graph of areas that [`check`](super::check()) found no overlap and no misfit in. Gaps may remain: the
    /// ground there belongs to the parent.
    ///
    /// Where a vertex lies exactly on a straight edge of a neighbour, a parent or a child, it becomes a vertex of that
    /// edge too; see [`Self::noded`]. Cost: a few sorts of all edges; about 100 bytes an edge while building.
    ///
    /// # Errors
    /// When the areas on the two sides of an edge contradict each other, with one finding for each set of areas, which
    /// are named by their place in the slice, from 0.
    pub fn build(areas: &[ValidArea]) -> Result<Self, Report> {
        let parents = areas.iter().map(|area| area.parent).collect();
        Self::of_edges(edges::of_areas(areas), parents, areas.iter().map(|area| area.depth).collect())
    }

    /// Builds the graph of areas of which the edges are known, ordered, and the parents and depths.
    pub(super) fn of_edges(
        mut edges: Vec<AreaEdge>,
        parents: Vec<Option<AreaIndex>>,
        depths: Vec<u8>,
    ) -> Result<Self, Report> {
        let noded = noding::node(&mut edges, &parents);
        let mut owned = Vec::with_capacity(edges.len() / 2);
        let mut report = Report::default();
        for run in by_ends(&edges) {
            match owners::of_edge(run, &parents) {
                Some(owners) if owners.left == owners.right => {}
                Some(owners) => owned.push(chains::OwnedEdge { low: run[0].low, high: run[0].high, owners }),
                None => report_contradiction(&mut report, run),
            }
        }
        drop(edges);
        if !report.findings.is_empty() {
            report.sort();
            return Err(report);
        }
        let (points, chains) = chains::chain(&owned, &[]);
        let mut ground = Self { parents, depths, points, chains, bounding: Vec::new(), first: Vec::new(), noded };
        ground.index_chains();
        Ok(ground)
    }

    #[must_use]
    pub fn n_areas(&self) -> usize {
        self.parents.len()
    }

    #[must_use]
    pub fn chains(&self) -> &[Chain] {
        &self.chains
    }

    /// The vertices of a chain, in its own direction; a closed chain ends where it begins.
    #[must_use]
    pub fn points(&self, chain: ChainIndex) -> &[LatticePoint] {
        let range = &self.chains[chain as usize].points;
        &self.points[range.start as usize..range.end as usize]
    }

    /// Vertices that were put into edges so that neighbours match; ordered by area. No area changed by them.
    #[must_use]
    pub fn noded(&self) -> &[Noded] {
        &self.noded
    }

    /// The chains of an area's boundary. Cost: what is taken.
    pub fn chains_of(&self, area: AreaIndex) -> impl Iterator<Item = ChainSide<'_>> {
        let range = self.first[area as usize] as usize..self.first[area as usize + 1] as usize;
        self.bounding[range].iter().map(move |&index| {
            let chain = &self.chains[index as usize];
            let on_left = chain.left.is_some_and(|owner| self.is_in(owner, area));
            let (own, other) = if on_left { (chain.left, chain.right) } else { (chain.right, chain.left) };
            let own = own.expect("a chain bounds an area only where the area has an owner on one side");
            ChainSide { chain: index, points: self.points(index), on_left, own, other }
        })
    }

    /// Returns the areas that share an edge with `area`, ordered: of its own depth, or the deepest there is where the
    /// neighbouring ground is not divided so far. Areas that hold it are not its neighbours.
    #[must_use]
    pub fn neighbours(&self, area: AreaIndex) -> Vec<AreaIndex> {
        let depth = self.depths[area as usize];
        let raised = |owner| self.line(owner).find(|&a| self.depths[a as usize] <= depth);
        let others = self.chains_of(area).filter_map(|side| side.other);
        let mut found: Vec<_> = others.filter_map(raised).filter(|&other| !self.is_in(area, other)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Tells whether `area` is `above` or lies below it in the tree.
    #[must_use]
    pub fn is_in(&self, area: AreaIndex, above: AreaIndex) -> bool {
        self.line(area).any(|a| a == above)
    }

    /// An area, its parent, and so on to the top.
    pub(super) fn line(&self, area: AreaIndex) -> impl Iterator<Item = AreaIndex> + '_ {
        std::iter::successors(Some(area), |&a| self.parents[a as usize])
    }

    fn index_chains(&mut self) {
        let mut pairs = Vec::new();
        for (index, chain) in (0..).zip(&self.chains) {
            for (owner, other) in [(chain.left, chain.right), (chain.right, chain.left)] {
                let line = owner.into_iter().flat_map(|owner| self.line(owner));
                pairs.extend(
                    line.take_while(|&area| !other.is_some_and(|other| self.is_in(other, area)))
                        .map(|area| (area, index)),
                );
            }
        }
        pairs.sort_unstable();
        let count = u32::try_from(self.n_areas()).expect("areas are numbered by u32");
        self.first = (0..=count)
            .map(|area| pairs.partition_point(|pair| pair.0 < area))
            .map(|first| u32::try_from(first).expect("chains are numbered by u32"))
            .collect();
        self.bounding = pairs.into_iter().map(|(_, index)| index).collect();
    }
}

/// Adds one edge's contradiction to the finding for its set of areas, or a new one.
fn report_contradiction(report: &mut Report, run: &[AreaEdge]) {
    let codes: Vec<String> = run.iter().map(|edge| edge.area.to_string()).collect();
    if let Some(known) = report.findings.iter_mut().find(|finding| finding.codes == codes) {
        known.n_places += 1;
        return;
    }
    report.findings.push(Finding {
        kind: FaultKind::EdgeMismatch,
        severity: Severity::Fault,
        codes,
        parent: None,
        at: Some(run[0].low.position()),
        size: Size::default(),
        places: Vec::new(),
        n_places: 1,
        detail: "the areas on the two sides of an edge contradict each other".to_owned(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Boundary, Polygon, Ring};

    fn area(depth: u8, parent: Option<AreaIndex>, polygons: &[&[&[(i32, i32)]]]) -> ValidArea {
        let ring =
            |points: &&[(i32, i32)]| Ring::new(points.iter().map(|&(x, y)| LatticePoint::new(x, y)).collect()).unwrap();
        let polygons = polygons
            .iter()
            .map(|rings| Polygon { exterior: ring(&rings[0]), holes: rings[1..].iter().map(ring).collect() })
            .collect();
        ValidArea { depth, parent, boundary: std::sync::Arc::new(Boundary::from_valid(polygons)) }
    }

    const WEST: &[(i32, i32)] = &[(0, 0), (4, 0), (4, 4), (0, 4)];
    const EAST: &[(i32, i32)] = &[(4, 0), (8, 0), (8, 4), (4, 4)];
    const BOTH: &[(i32, i32)] = &[(0, 0), (8, 0), (8, 4), (0, 4)];

    #[test]
    fn a_parent_and_its_children_share_arcs() {
        let areas = [area(0, None, &[&[BOTH]]), area(1, Some(0), &[&[WEST]]), area(1, Some(0), &[&[EAST]])];
        let ground = Topology::build(&areas).unwrap();
        assert_eq!(ground.chains().len(), 3);
        assert_eq!(ground.noded().iter().map(|n| (n.area, n.at.x)).collect::<Vec<_>>(), [(0, 4), (0, 4)]);
        assert_eq!(ground.boundary(0).n_vertices(), 6, "the parent takes the children's vertices");
        assert_eq!(ground.boundary(1), *areas[1].boundary);
        assert_eq!(ground.own_region(0), None);
        assert_eq!(ground.own_regions()[2].as_ref(), Some(&*areas[2].boundary));
        assert_eq!(ground.neighbours(1), [2]);
        assert!(ground.neighbours(0).is_empty());
    }

    #[test]
    fn ground_no_child_covers_belongs_to_the_parent() {
        let hole: &[(i32, i32)] = &[(1, 1), (2, 1), (2, 2), (1, 2)];
        let areas = [area(0, None, &[&[BOTH]]), area(1, Some(0), &[&[WEST, hole]]), area(1, Some(0), &[&[EAST]])];
        let ground = Topology::build(&areas).unwrap();
        assert_eq!(ground.own_region(0), Some((*area(0, None, &[&[hole]]).boundary).clone()));
        assert_eq!(ground.boundary(1).polygons()[0].holes.len(), 1);
        assert_eq!(ground.boundary(0).rings().count(), 1);
    }

    #[test]
    fn parts_that_touch_in_a_point_are_split_and_touching_holes_nested() {
        // A ring of eight cells round a middle one; the hole's corner touches nothing, the diagonal cells touch it.
        let cell = |x: i32, y: i32| vec![(x, y), (x + 2, y), (x + 2, y + 2), (x, y + 2)];
        let diagonal: Vec<Vec<(i32, i32)>> = vec![cell(0, 0), cell(2, 2), cell(4, 4), cell(0, 4), cell(4, 0)];
        let straight: Vec<Vec<(i32, i32)>> = vec![cell(2, 0), cell(0, 2), cell(4, 2), cell(2, 4)];
        let parts = |cells: &[Vec<(i32, i32)>], depth, parent| {
            let rings: Vec<[&[(i32, i32)]; 1]> = cells.iter().map(|c| [c.as_slice()]).collect();
            let polygons: Vec<&[&[(i32, i32)]]> = rings.iter().map(<[_; 1]>::as_slice).collect();
            area(depth, parent, &polygons)
        };
        let areas = [parts(&diagonal, 0, None), parts(&straight, 0, None)];
        let ground = Topology::build(&areas).unwrap();
        assert_eq!(ground.boundary(0).polygons().len(), 5);
        assert_eq!(ground.boundary(1).polygons().len(), 4);

        let ring_of_four = [
            area(0, None, &[&[&[(0, 0), (6, 0), (6, 6), (0, 6)]]]),
            parts(&diagonal, 1, Some(0)),
            parts(&straight, 1, Some(0)),
        ];
        let whole = Topology::build(&ring_of_four).unwrap().boundary(0);
        assert_eq!((whole.polygons().len(), whole.rings().count()), (1, 1));
    }

    #[test]
    fn overlapping_siblings_are_refused() {
        let areas = [area(0, None, &[&[WEST]]), area(0, None, &[&[WEST]])];
        assert_eq!(Topology::build(&areas).unwrap_err().findings[0].codes, ["0", "1"]);
    }
}
