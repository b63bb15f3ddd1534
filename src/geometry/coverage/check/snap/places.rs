//! Settles the narrow places where areas do not add up: each goes to the neighbour with the longest border along it.
//!
//! A neighbour is all that covers the ground beyond a part of the border, at every level, so that a grid that gains ground
//! gains it in its village and its township too. A place beside which nothing is right waits for the next time.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::tolerance::{Tolerance, note};
use super::{cuts, redraw};
use crate::geometry::coverage::check::faces::{self, Face, Overlaid, Wrong};
use crate::geometry::coverage::check::overlay::{Fine, Half, Overlay};
use crate::geometry::coverage::check::tree::Tree;
use crate::geometry::coverage::check::{names, rings};
use crate::geometry::coverage::report::{Severity, Size};
use crate::geometry::coverage::{Finding, RawArea, Rules};
use crate::geometry::{Boundary, LatticePoint, Ring};

/// What areas gain and lose.
#[derive(Default)]
struct Changes {
    /// By area, then by edge of the overlay: 1 where the area comes to lie on the left of the edge, -1 on the right.
    edges: BTreeMap<u32, BTreeMap<u32, i32>>,
    /// The crossings that become vertices of the lattice.
    crossings: HashSet<Fine>,
}

/// Settles what is narrow between `areas`, as far as their own rings are right.
pub(super) fn settle(areas: &mut [RawArea], tolerance: &Tolerance, findings: &mut Vec<Finding>) {
    let boundaries: Vec<Option<Boundary>> = areas.iter().map(valid).collect();
    let parents = names::parents(areas, &mut Vec::new());
    let depths = areas.iter().map(|area| area.depth).collect();
    let tree = Tree::new(depths, parents, boundaries.iter().map(Option::as_ref).collect());
    let Ok(mut overlaid) = faces::overlay(&tree) else { return };
    let mut found = faces::faces(&tree, &overlaid);
    if let Some(cut) = cuts::cut(&tree, &overlaid, &found, tolerance) {
        overlaid = cut;
        found = faces::faces(&tree, &overlaid);
    }
    let mut changes = Changes::default();
    let mut notes = Vec::new();
    for face in found {
        if tolerance.holds((face.area_m2, face.width_m))
            && let Some(neighbour) = neighbour(&tree, &overlaid, &face)
        {
            notes.push(settled(areas, &tree, &face, &neighbour));
            changes.hand_over(&overlaid, &face, &neighbour);
        }
    }
    changes.add_pieces(&overlaid);
    let mut laid: HashMap<u32, HashSet<(LatticePoint, LatticePoint)>> = HashMap::new();
    for edge in overlaid.edges.iter().filter(|edge| changes.edges.contains_key(&edge.area)) {
        laid.entry(edge.area).or_default().insert((edge.low, edge.high));
    }
    let redrawn = changes.edges.iter().filter_map(|(area, edges)| {
        // An area of which nothing would be left stays as it is, and is found by the check.
        let old = tree.boundaries[*area as usize]?;
        Some((*area, redraw(&overlaid, old, laid.get(area)?, edges)?))
    });
    let redrawn: Vec<(u32, Boundary)> = redrawn.collect();
    if !redrawn.is_empty() {
        findings.append(&mut notes);
    }
    for (area, boundary) in redrawn {
        redraw::put(&mut areas[area as usize], &boundary);
    }
}

/// The boundary of an area whose own rings are right.
fn valid(area: &RawArea) -> Option<Boundary> {
    let checked = rings::check(area, &Rules::for_publishing());
    let is_right = checked.findings.iter().all(|finding| finding.severity == Severity::Note);
    checked.boundary.filter(|_| is_right)
}

/// What covers the ground beyond the longest part of the border of a face, where that is as it should be: rather areas than
/// nothing, and of several those first in order.
fn neighbour(tree: &Tree<'_>, Overlaid { edges, overlay }: &Overlaid, face: &Face) -> Option<Vec<u32>> {
    let scale = overlay.scale(&overlay.cycles[face.cycles[0]]);
    let mut beyond: BTreeMap<Vec<u32>, f64> = BTreeMap::new();
    for half in halves(overlay, face) {
        let (covering, accounts) = faces::state(tree, edges, overlay, half ^ 1);
        if faces::wrong_here(tree, &covering, &accounts, false).is_none() && covering != face.covering {
            *beyond.entry(covering).or_default() += overlay.length_m(half, scale);
        }
    }
    let is_ground = beyond.keys().any(|covering| !covering.is_empty());
    let candidates = beyond.into_iter().filter(|(covering, _)| !covering.is_empty() || !is_ground);
    let longest = candidates.reduce(|best, next| if next.1 > best.1 { next } else { best });
    longest.map(|(covering, _)| covering)
}

fn halves<'f>(overlay: &'f Overlay, face: &'f Face) -> impl Iterator<Item = Half> + 'f {
    face.cycles.iter().flat_map(|&number| &overlay.cycles[number].halves).copied()
}

fn settled(areas: &[RawArea], tree: &Tree<'_>, face: &Face, neighbour: &[u32]) -> Finding {
    let what = match &face.wrong {
        Wrong::Overlap(_) => "an overlap",
        Wrong::Gap(_) | Wrong::Hole => "a gap",
        Wrong::ForeignArea { .. } | Wrong::Outside { .. } => "ground outside its parent",
    };
    let deepest = neighbour.iter().copied().max_by_key(|&area| (tree.depths[area as usize], std::cmp::Reverse(area)));
    let code = |area: u32| areas[area as usize].code.clone();
    let detail = match deepest {
        Some(area) => format!("{what}, which goes to {}", code(area)),
        None => format!("{what}, which is left out"),
    };
    let gained: BTreeSet<u32> = neighbour.iter().copied().collect();
    let lost: BTreeSet<u32> = face.covering.iter().copied().collect();
    let concerned: Vec<u32> = deepest
        .into_iter()
        .chain(gained.symmetric_difference(&lost).copied().filter(|area| deepest != Some(*area)))
        .collect();
    let places = concerned.iter().map(|&area| areas[area as usize].place).collect();
    let mut note = note(concerned.into_iter().map(code).collect(), places, detail);
    note.at = Some(face.at);
    note.size = Size { area_m2: Some(face.area_m2), width_m: Some(face.width_m), length_m: None };
    note
}

impl Changes {
    /// Gives the ground of a face to those who cover the neighbour, and takes it from those who do not.
    fn hand_over(&mut self, Overlaid { overlay, .. }: &Overlaid, face: &Face, neighbour: &[u32]) {
        let gains = neighbour.iter().filter(|area| !face.covering.contains(area)).map(|&area| (area, 1));
        let losses = face.covering.iter().filter(|area| !neighbour.contains(area)).map(|&area| (area, -1));
        for (area, amount) in gains.chain(losses) {
            let edges = self.edges.entry(area).or_default();
            for half in halves(overlay, face) {
                *edges.entry(half / 2).or_default() += if half.is_multiple_of(2) { amount } else { -amount };
            }
        }
        self.crossings.extend(face.vertices.iter().filter(|vertex| vertex.on_lattice().is_none()));
    }

    /// Adds the edges that the areas have now, also of those that gain and lose nothing where one of the crossings is theirs.
    fn add_pieces(&mut self, Overlaid { edges, overlay }: &Overlaid) {
        let areas = |number: u32| {
            let edges = overlay.sources(2 * number).iter().map(|&source| &edges[source as usize]);
            edges.filter(|edge| edge.area != cuts::NO_AREA)
        };
        for number in 0..overlay.n_edges() {
            let (a, b) = overlay.ends(2 * number);
            if self.crossings.contains(&a) || self.crossings.contains(&b) {
                for edge in areas(number) {
                    self.edges.entry(edge.area).or_default();
                }
            }
        }
        for number in 0..overlay.n_edges() {
            for edge in areas(number) {
                if let Some(pieces) = self.edges.get_mut(&edge.area) {
                    *pieces.entry(number).or_default() += if edge.on_left { 1 } else { -1 };
                }
            }
        }
    }
}

/// Draws an area from those of its edges that were not laid over others, and the pieces of those that were.
fn redraw(
    Overlaid { overlay, .. }: &Overlaid,
    old: &Boundary,
    laid: &HashSet<(LatticePoint, LatticePoint)>,
    pieces: &BTreeMap<u32, i32>,
) -> Option<Boundary> {
    let others = old.rings().flat_map(Ring::edges).filter(|&(a, b)| !laid.contains(&(a.min(b), a.max(b))));
    let others = others.map(|(a, b)| (Fine::of(a), Fine::of(b)));
    let pieces = pieces.iter().filter(|(_, amount)| **amount != 0);
    let pieces = pieces.map(|(number, amount)| overlay.ends(2 * number + u32::from(*amount < 0)));
    redraw::boundary(others.chain(pieces))
}
