//! Makes valid polygons from the chains around an area.
//!
//! Chains are run with the area to their left. At a node the next chain is the first one clockwise from where we came, which
//! keeps one piece of the inside in hand; a line that comes back to a node it has passed is cut there, so every ring is
//! simple. Rings that run counter-clockwise are shells; the others are holes, and lie in the shell of their own line
//! or in the smallest shell around them.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::topology::Topology;
use super::{AreaIndex, ChainIndex};
use crate::geometry::lattice::orientation;
use crate::geometry::{Boundary, LatticePoint, Polygon, Ring, Side};

/// A chain and whether the area lies to its left.
type DirectedChain = (ChainIndex, bool);

/// A simple ring and the chains it is made of.
struct Traced {
    ring: Ring,
    steps: Vec<DirectedChain>,
}

/// A shell and the holes in it.
struct Shell {
    exterior: Traced,
    holes: Vec<Traced>,
}

/// One ring of an area as the chains it is made of, each with whether it is run forward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineRing {
    pub steps: Vec<(ChainIndex, bool)>,
    /// An outer ring; holes follow the one they lie in.
    pub is_shell: bool,
}

impl Topology {
    /// Returns the boundary of an area of any level, rendered from its chains.
    ///
    /// Rings are simple; parts that touch in a point are polygons of their own, holes lie in their shells. The same
    /// ground always gives the same rings in the same order. Cost: linear in the boundary's vertices.
    #[must_use]
    pub fn boundary(&self, area: AreaIndex) -> Boundary {
        let sides = self.chains_of(area).map(|side| (side.chain, side.on_left));
        boundary(self, sides).expect("every area has chains on its boundary")
    }

    /// Returns a node of an area's boundary around which its inside and its outside do not alternate, where there is one: its
    /// rings overlap there. Cost: like [`Self::boundary`].
    #[must_use]
    pub fn entangled_at(&self, area: AreaIndex) -> Option<LatticePoint> {
        entangled(self, self.chains_of(area).map(|side| (side.chain, side.on_left)))
    }

    /// Returns the rings of an area's boundary as they are traced, each with the area to its left; none for an area whose
    /// holes take away all of it. Cost: like [`Self::boundary`].
    #[must_use]
    pub fn rings(&self, area: AreaIndex) -> Vec<Ring> {
        rings(self, self.chains_of(area).map(|side| (side.chain, side.on_left)))
    }

    /// Returns the rings of an area's boundary as the chains they are made of, run with the area to their left: what can be
    /// drawn of any version of the chains, such as simplified ones, without a gap. Cost: like [`Self::boundary`].
    #[must_use]
    pub fn outline(&self, area: AreaIndex) -> Vec<OutlineRing> {
        outline(self, self.chains_of(area).map(|side| (side.chain, side.on_left)))
    }

    /// Returns the part of an area that none of its children covers: all of a leaf, `None` where children tile it.
    #[must_use]
    pub fn own_region(&self, area: AreaIndex) -> Option<Boundary> {
        let own =
            (0..).zip(self.chains()).filter(|(_, chain)| (chain.left == Some(area)) != (chain.right == Some(area)));
        boundary(self, own.map(|(index, chain)| (index, chain.left == Some(area))))
    }

    /// The own regions of all areas at once, in their order; see [`Self::own_region`]. Cost: one pass over all chains.
    #[must_use]
    pub fn own_regions(&self) -> Vec<Option<Boundary>> {
        let mut sides = vec![Vec::new(); self.n_areas()];
        for (index, chain) in (0..).zip(self.chains()) {
            for (owner, on_left) in [(chain.left, true), (chain.right, false)] {
                if let Some(owner) = owner {
                    sides[owner as usize].push((index, on_left));
                }
            }
        }
        sides.into_iter().map(|sides| boundary(self, sides.into_iter())).collect()
    }
}

/// Returns the boundary made of these chains, or `None` when there are none.
fn boundary(topology: &Topology, steps: impl Iterator<Item = DirectedChain>) -> Option<Boundary> {
    let mut polygons: Vec<Polygon> = Vec::new();
    for Shell { exterior, holes } in shells(topology, steps) {
        let mut holes: Vec<Ring> = holes.into_iter().map(|hole| hole.ring).collect();
        holes.sort_unstable_by_key(|hole| hole.vertices()[0]);
        polygons.push(Polygon { exterior: exterior.ring, holes });
    }
    polygons.sort_unstable_by_key(|polygon| (polygon.exterior.vertices()[0], polygon.exterior.vertices()[1]));
    (!polygons.is_empty()).then(|| Boundary::from_valid(polygons))
}

/// Returns the rings made of these chains.
fn outline(topology: &Topology, steps: impl Iterator<Item = DirectedChain>) -> Vec<OutlineRing> {
    let mut rings = Vec::new();
    for Shell { exterior, holes } in shells(topology, steps) {
        rings.push(OutlineRing { steps: exterior.steps, is_shell: true });
        rings.extend(holes.into_iter().map(|hole| OutlineRing { steps: hole.steps, is_shell: false }));
    }
    rings
}

/// Returns the simple rings made of these chains, shells and holes as they come.
fn rings(topology: &Topology, steps: impl Iterator<Item = DirectedChain>) -> Vec<Ring> {
    Tracer::new(topology, steps).lines().into_iter().flatten().map(|traced| traced.ring).collect()
}

/// Returns a node around which the inside and the outside of these chains do not alternate: there rings enclose ground twice,
/// or take away what none encloses.
fn entangled(topology: &Topology, steps: impl Iterator<Item = DirectedChain>) -> Option<LatticePoint> {
    let mut around: HashMap<LatticePoint, Vec<(LatticePoint, bool)>> = HashMap::new();
    for step in steps {
        let points = topology.points(step.0);
        let (first, last) = ((points[0], points[1]), (points[points.len() - 1], points[points.len() - 2]));
        for (node, next, leaves) in [(first.0, first.1, step.1), (last.0, last.1, !step.1)] {
            around.entry(node).or_default().push((next, leaves));
        }
    }
    let alternates = |node: LatticePoint, ends: &mut Vec<(LatticePoint, bool)>| {
        let back = ends[0].0;
        ends.sort_by(|a, b| clockwise(node, back, a.0, b.0));
        ends.iter().zip(ends.iter().cycle().skip(1)).all(|(a, b)| a.1 != b.1)
    };
    let mut wrong: Vec<LatticePoint> =
        around.into_iter().filter_map(|(node, mut ends)| (!alternates(node, &mut ends)).then_some(node)).collect();
    wrong.sort_unstable();
    wrong.first().copied()
}

fn shells(topology: &Topology, steps: impl Iterator<Item = DirectedChain>) -> Vec<Shell> {
    let mut shells: Vec<Shell> = Vec::new();
    let mut loose_holes = Vec::new();
    for rings in Tracer::new(topology, steps).lines() {
        let (mut outer, holes): (Vec<Traced>, Vec<Traced>) =
            rings.into_iter().partition(|traced| traced.ring.signed_area2() > 0);
        match outer.pop() {
            Some(exterior) if outer.is_empty() => shells.push(Shell { exterior, holes }),
            last => {
                // Lines keep one piece of the inside in hand, so more than one shell cannot be; if it were, each stands.
                shells.extend(last.into_iter().chain(outer).map(|exterior| Shell { exterior, holes: Vec::new() }));
                loose_holes.extend(holes);
            }
        }
    }
    nest(&mut shells, loose_holes);
    shells
}

/// Puts each hole into the smallest shell that holds it.
fn nest(shells: &mut [Shell], holes: Vec<Traced>) {
    let outlines: Vec<(i128, Boundary)> = if holes.is_empty() || shells.len() == 1 {
        Vec::new()
    } else {
        shells.iter().map(|s| (s.exterior.ring.signed_area2(), filled(&s.exterior.ring))).collect()
    };
    for hole in holes {
        let surrounds = |shell: &Boundary| {
            let sides = hole.ring.vertices().iter().map(|&v| shell.side(v));
            sides.into_iter().find(|side| *side != Side::Edge) == Some(Side::Inside)
        };
        let around = (0..outlines.len()).filter(|&i| surrounds(&outlines[i].1)).min_by_key(|&i| outlines[i].0);
        if let Some(shell) = shells.get_mut(around.unwrap_or(0)) {
            shell.holes.push(hole);
        }
    }
}

fn filled(exterior: &Ring) -> Boundary {
    Boundary::from_valid(vec![Polygon { exterior: exterior.clone(), holes: Vec::new() }])
}

struct Tracer<'a> {
    topology: &'a Topology,
    order: Vec<DirectedChain>,
    /// The steps that leave from each end vertex of a chain.
    leaving: HashMap<LatticePoint, Vec<DirectedChain>>,
    taken: HashSet<DirectedChain>,
}

impl<'a> Tracer<'a> {
    fn new(topology: &'a Topology, steps: impl Iterator<Item = DirectedChain>) -> Self {
        let order: Vec<DirectedChain> = steps.collect();
        let mut leaving: HashMap<LatticePoint, Vec<DirectedChain>> = HashMap::new();
        for &step in &order {
            let points = topology.points(step.0);
            let start = if step.1 { points[0] } else { points[points.len() - 1] };
            leaving.entry(start).or_default().push(step);
        }
        Self { topology, order, leaving, taken: HashSet::new() }
    }

    /// Follows every line to where it closes and returns the simple rings of each.
    fn lines(mut self) -> Vec<Vec<Traced>> {
        let mut lines = Vec::new();
        for first in std::mem::take(&mut self.order) {
            if !self.taken.contains(&first) {
                let rings = self.follow(first);
                lines.push(rings.into_iter().filter_map(|steps| self.traced(steps)).collect());
            }
        }
        lines
    }

    /// Follows the line that begins with `first`, cutting a ring off wherever it comes back to a node it has passed.
    fn follow(&mut self, first: DirectedChain) -> Vec<Vec<DirectedChain>> {
        let mut rings = Vec::new();
        let mut line = Vec::new();
        // The nodes between the steps, and how many steps led to each.
        let start = self.ends(first).0;
        let mut nodes = vec![start];
        let mut passed = HashMap::from([(start, 0)]);
        let mut step = first;
        loop {
            self.taken.insert(step);
            line.push(step);
            let (_, before, node) = self.ends(step);
            if let Some(&at) = passed.get(&node) {
                rings.push(line.split_off(at));
                for cut in nodes.drain(at + 1..) {
                    passed.remove(&cut);
                }
            } else {
                passed.insert(node, line.len());
                nodes.push(node);
            }
            step = self.next(before, node);
            if self.taken.contains(&step) {
                return rings;
            }
        }
    }

    /// The ring of these steps; what has fewer than three vertices is none.
    fn traced(&self, steps: Vec<DirectedChain>) -> Option<Traced> {
        let vertices = steps.iter().flat_map(|&step| {
            let mut points = self.run(step);
            points.pop();
            points
        });
        Ring::new(from_lowest(vertices.collect())).map(|ring| Traced { ring, steps })
    }

    /// The first vertex of a step, the last but one and the last.
    fn ends(&self, step: DirectedChain) -> (LatticePoint, LatticePoint, LatticePoint) {
        let points = self.topology.points(step.0);
        let n = points.len();
        if step.1 { (points[0], points[n - 2], points[n - 1]) } else { (points[n - 1], points[1], points[0]) }
    }

    /// The vertices of a chain in the direction of the step.
    fn run(&self, step: DirectedChain) -> Vec<LatticePoint> {
        let mut points = self.topology.points(step.0).to_vec();
        if !step.1 {
            points.reverse();
        }
        points
    }

    /// The step that leaves `node` first clockwise from the way back to `before`.
    fn next(&self, before: LatticePoint, node: LatticePoint) -> DirectedChain {
        let second = |step: &DirectedChain| {
            let points = self.topology.points(step.0);
            if step.1 { points[1] } else { points[points.len() - 2] }
        };
        let leaving = self.leaving.get(&node).expect("around an area as many chains leave a node as come to it");
        *leaving
            .iter()
            .min_by(|a, b| clockwise(node, before, second(a), second(b)))
            .expect("a node is listed with at least one step")
    }
}

/// Compares the angles by which the direction from `node` to `back` must be turned clockwise to meet `a` or `b`.
fn clockwise(node: LatticePoint, back: LatticePoint, a: LatticePoint, b: LatticePoint) -> Ordering {
    // The half turn first, then the half turn back; straight back itself is last of all.
    let half = |p: LatticePoint| match orientation(node, back, p) {
        Ordering::Less => 0,
        Ordering::Equal if !same_way(node, back, p) => 1,
        Ordering::Greater => 2,
        Ordering::Equal => 3,
    };
    half(a).cmp(&half(b)).then_with(|| orientation(node, a, b))
}

/// Tells whether two points on one line with `node` lie on the same side of it.
fn same_way(node: LatticePoint, a: LatticePoint, b: LatticePoint) -> bool {
    (a > node) == (b > node)
}

/// Turns a ring so that it starts with its lowest vertex.
fn from_lowest(mut ring: Vec<LatticePoint>) -> Vec<LatticePoint> {
    let lowest = (0..ring.len()).min_by_key(|&i| ring[i]).unwrap_or(0);
    ring.rotate_left(lowest);
    ring
}
