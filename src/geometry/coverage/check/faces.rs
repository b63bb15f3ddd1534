//! The places where the areas do not add up: each one a face of the overlay, with what is wrong there.

use std::collections::HashSet;

use super::overlay::{Cycle, Entangled, Fine, Half, Overlay};
use super::tree::{Account, Tree, is_zero};
use crate::geometry::coverage::boxes::{Boxes, Extent};
use crate::geometry::coverage::edges::{AreaEdge, by_ends};
use crate::geometry::{LatticePoint, Position};

/// What is wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// These areas of one level cover the same ground.
    Overlap(Vec<u32>),
    /// No child of this area covers its ground.
    Gap(u32),
    /// No child of this area covers its ground, but an area that belongs elsewhere does.
    ForeignArea { parent: u32, area: u32 },
    /// The area leaves its parent, and lies in another area if that is known.
    Outside { area: u32, lies_in: Option<u32> },
    /// Ground that nothing covers, surrounded by areas without parent.
    Hole,
}

/// One face where something is wrong.
#[derive(Debug)]
pub(super) struct Face {
    pub(super) wrong: Wrong,
    pub(super) area_m2: f64,
    /// Twice the area over the way round: the width of what is long and narrow, the radius of what is round.
    pub(super) width_m: f64,
    pub(super) at: Position,
    pub(super) vertices: HashSet<Fine>,
    /// The edges it is bounded by, as places in the overlay's input.
    pub(super) sources: HashSet<u32>,
    /// The areas it is bounded by, the one with the longest part of the border first.
    pub(super) border: Vec<u32>,
    /// The areas that cover it, ordered.
    pub(super) covering: Vec<u32>,
    /// The cycles it lies between, by their numbers in the overlay; the outer one first.
    pub(super) cycles: Vec<usize>,
}

/// The edges in question, laid over each other.
#[derive(Debug)]
pub(super) struct Overlaid {
    pub(super) edges: Vec<AreaEdge>,
    pub(super) overlay: Overlay,
}

/// All faces with faults, and the edges they are made of.
#[derive(Debug, Default)]
pub(super) struct Faces {
    pub(super) edges: Vec<AreaEdge>,
    pub(super) wrong: Vec<Face>,
    /// Vertices of one area that lie on a straight edge of another where nothing else is wrong.
    pub(super) noded: Vec<(u32, LatticePoint)>,
}

/// Finds every place where the areas do not add up.
pub(super) fn find(tree: &Tree<'_>) -> Result<Faces, (Entangled, Vec<AreaEdge>)> {
    let overlaid = overlay(tree)?;
    let faces = faces(tree, &overlaid);
    let Overlaid { edges, overlay } = overlaid;
    let wrong: HashSet<u32> = faces.iter().flat_map(|face| face.sources.iter().copied()).collect();
    let mut noded: Vec<(u32, LatticePoint)> = overlay
        .noded
        .iter()
        .filter(|(source, _)| !wrong.contains(source))
        .map(|&(source, at)| (edges[source as usize].area, at))
        .collect();
    noded.sort_unstable();
    noded.dedup();
    Ok(Faces { edges, wrong: faces, noded })
}

/// Lays the edges that do not add up over each other, and those that run through a wrong place.
pub(super) fn overlay(tree: &Tree<'_>) -> Result<Overlaid, (Entangled, Vec<AreaEdge>)> {
    let all = tree.edges();
    let mut edges = tree.loose(&all);
    let mut overlay = Overlay::new(&edges).map_err(|e| (e, edges.clone()))?;
    let extents = wrong_extents(tree, &edges, &overlay);
    if !extents.is_empty() {
        // Edges that add up may still run through a wrong place, so that different areas overlap in its parts.
        let near = Boxes::new(&extents);
        let meets = |edge: &AreaEdge| {
            let mut meets = false;
            near.each_hit(&edge.extent(), |_| meets = true);
            meets
        };
        let chosen: HashSet<AreaEdge> = edges.iter().copied().collect();
        edges = by_ends(&all).filter(|run| chosen.contains(&run[0]) || meets(&run[0])).flatten().copied().collect();
        overlay = Overlay::new(&edges).map_err(|e| (e, edges.clone()))?;
    }
    Ok(Overlaid { edges, overlay })
}

/// The boxes of the cycles beside which something is wrong, in lattice steps.
fn wrong_extents(tree: &Tree<'_>, edges: &[AreaEdge], overlay: &Overlay) -> Vec<Extent> {
    let wrong = overlay.cycles.iter().filter(|cycle| {
        let (covering, accounts) = state(tree, edges, overlay, cycle.halves[0]);
        matches!(wrong_here(tree, &covering, &accounts, false), Some(wrong) if wrong != Wrong::Hole)
    });
    wrong.map(|cycle| cycle.extent.map(|v| v >> 16)).map(|[w, s, e, n]| [w, s, e + 1, n + 1]).collect()
}

/// The areas to the left of a half-edge, and the accounts that are not zero there.
pub(super) fn state(
    tree: &Tree<'_>,
    edges: &[AreaEdge],
    overlay: &Overlay,
    half: Half,
) -> (Vec<u32>, Vec<(Account, i32)>) {
    let (a, b) = overlay.ends(half);
    let mut sides: Vec<(u32, i32)> = overlay
        .sources(half)
        .iter()
        .map(|&source| &edges[source as usize])
        .map(|edge| (edge.area, if edge.on_left == half.is_multiple_of(2) { 1 } else { -1 }))
        .collect();
    sides.sort_unstable();
    sides.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
    sides.retain(|side| side.1 != 0);
    let known: Vec<u32> = sides.iter().map(|side| side.0).collect();
    let mut covering = tree.covering(a, b, &known);
    covering.extend(sides.iter().filter(|side| side.1 > 0).map(|side| side.0));
    covering.sort_unstable();
    let mut accounts = Vec::new();
    for &area in &covering {
        tree.book(area, 1, &mut accounts);
    }
    keep_wrong(&mut accounts);
    (covering, accounts)
}

/// Leaves the accounts that are wrong: a parent's that is not zero, or more than one root of a level.
fn keep_wrong(accounts: &mut Vec<(Account, i32)>) {
    is_zero(accounts);
    accounts.retain(|(account, amount)| matches!(account, Account::Parent(_)) || *amount > 1);
}

/// Names what is wrong where these areas cover the ground, looking from the top of the tree down.
pub(super) fn wrong_here(
    tree: &Tree<'_>,
    covering: &[u32],
    accounts: &[(Account, i32)],
    enclosed: bool,
) -> Option<Wrong> {
    let depth = |account: &Account| match account {
        Account::Roots(depth) => (*depth, 0),
        Account::Parent(parent) => (tree.depths[*parent as usize] + 1, 1),
    };
    let mut ordered = accounts.to_vec();
    ordered.sort_by_key(|(account, _)| depth(account));
    if let Some((account, _)) = ordered.iter().find(|(_, amount)| *amount > 0) {
        return surplus(tree, covering, *account);
    }
    if let Some((Account::Parent(parent), _)) = ordered.first() {
        let below = covering.iter().copied().filter(|&c| tree.depths[c as usize] > tree.depths[*parent as usize]);
        let foreign = below.min_by_key(|&c| tree.depths[c as usize]);
        return Some(foreign.map_or(Wrong::Gap(*parent), |area| Wrong::ForeignArea { parent: *parent, area }));
    }
    (enclosed && covering.is_empty()).then_some(Wrong::Hole)
}

/// Names what is wrong where an account has more than its due.
fn surplus(tree: &Tree<'_>, covering: &[u32], account: Account) -> Option<Wrong> {
    let kids: Vec<u32> = covering.iter().copied().filter(|&c| tree.account(c as usize) == account).collect();
    if kids.len() > 1 {
        return Some(Wrong::Overlap(kids));
    }
    let kid = *kids.first()?;
    let depth = tree.depths[kid as usize];
    let same_level = covering.iter().copied().find(|&c| c != kid && tree.depths[c as usize] == depth);
    if let Some(other) = same_level {
        return Some(Wrong::Overlap(vec![kid, other]));
    }
    let above = covering.iter().copied().filter(|&c| tree.depths[c as usize] < depth);
    Some(Wrong::Outside { area: kid, lies_in: above.max_by_key(|&c| tree.depths[c as usize]) })
}

/// Puts the cycles of each wrong face together and measures it.
pub(super) fn faces(tree: &Tree<'_>, Overlaid { edges, overlay }: &Overlaid) -> Vec<Face> {
    let cycle = |number: usize| &overlay.cycles[number];
    let wrong = |number: usize| {
        let (covering, accounts) = state(tree, edges, overlay, cycle(number).halves[0]);
        Some((wrong_here(tree, &covering, &accounts, true)?, covering))
    };
    let (shells, rest): (Vec<usize>, Vec<usize>) = (0..overlay.cycles.len()).partition(|&n| cycle(n).area2 > 0);
    let shells: Vec<(usize, Wrong, Vec<u32>)> =
        shells.into_iter().filter_map(|n| wrong(n).map(|(wrong, covering)| (n, wrong, covering))).collect();
    let mut holes: Vec<Vec<usize>> = vec![Vec::new(); shells.len()];
    let extents: Vec<Extent> = shells.iter().map(|shell| cycle(shell.0).extent).collect();
    let by_place = Boxes::new(&extents);
    for hole in rest.into_iter().filter(|&n| cycle(n).area2 < 0) {
        let mut around = Vec::new();
        by_place.each_hit(&cycle(hole).extent, |i| around.push(i as usize));
        if around.is_empty() {
            continue;
        }
        let Some((kind, _)) = wrong(hole) else { continue };
        around.retain(|&i| shells[i].1 == kind && winds_round(overlay, cycle(shells[i].0), cycle(hole)));
        if let Some(i) = around.into_iter().min_by_key(|&i| cycle(shells[i].0).area2) {
            holes[i].push(hole);
        }
    }
    let measured = shells.into_iter().zip(holes).map(|((shell, wrong, covering), holes)| {
        let cycles: Vec<usize> = std::iter::once(shell).chain(holes).collect();
        face(edges, overlay, cycles, wrong, covering)
    });
    measured.collect()
}

/// Tells whether `shell` runs round the first vertex of `hole`.
fn winds_round(overlay: &Overlay, shell: &Cycle, hole: &Cycle) -> bool {
    let p = overlay.ends(hole.halves[0]).0;
    shell.halves.iter().fold(false, |inside, &half| {
        let (a, b) = overlay.ends(half);
        if (a.y <= p.y) == (b.y <= p.y) {
            return inside;
        }
        let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
        inside ^ (super::overlay::turn(low, high, p) == std::cmp::Ordering::Greater)
    })
}

fn face(edges: &[AreaEdge], overlay: &Overlay, cycles: Vec<usize>, wrong: Wrong, covering: Vec<u32>) -> Face {
    let mut around: Vec<&Cycle> = cycles.iter().map(|&number| &overlay.cycles[number]).collect();
    let (mut vertices, mut sources, mut border) = (HashSet::new(), HashSet::new(), Vec::<(u32, f64)>::new());
    let scale = overlay.scale(around[0]);
    for &half in around.iter().flat_map(|cycle| &cycle.halves) {
        let length = overlay.length_m(half, scale);
        vertices.insert(overlay.ends(half).0);
        sources.extend(overlay.sources(half));
        for area in overlay.sources(half).iter().map(|&source| edges[source as usize].area) {
            match border.iter_mut().find(|known| known.0 == area) {
                Some(known) => known.1 += length,
                None => border.push((area, length)),
            }
        }
    }
    border.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let border = border.into_iter().map(|known| known.0).collect();
    let (area_m2, width_m) = overlay.size(&around);
    let shell = around.remove(0);
    let at = inner_point(overlay, shell, &around);
    Face { wrong, area_m2, width_m, at, vertices, sources, border, covering, cycles }
}

/// The middle of the widest stretch inside the face along its middle parallel.
#[expect(clippy::cast_precision_loss, reason = "a place to point at")]
pub(super) fn inner_point(overlay: &Overlay, shell: &Cycle, holes: &[&Cycle]) -> Position {
    let y = shell.extent[1].midpoint(shell.extent[3]);
    let mut crossings: Vec<f64> = std::iter::once(&shell)
        .chain(holes)
        .flat_map(|cycle| &cycle.halves)
        .map(|&half| overlay.ends(half))
        .filter(|(a, b)| (a.y <= y) != (b.y <= y))
        .map(|(a, b)| a.x as f64 + (b.x - a.x) as f64 * ((y - a.y) as f64 / (b.y - a.y) as f64))
        .collect();
    crossings.sort_by(f64::total_cmp);
    let widest = crossings.chunks_exact(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    let x = widest.map_or(shell.extent[0] as f64, |pair| f64::midpoint(pair[0], pair[1]));
    let step = f64::from(1u32 << 16) * 1e7;
    Position::new(x / step, y as f64 / step).expect("a place between positions is a position")
}
