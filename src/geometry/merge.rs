//! Two changes of one boundary merged, exactly, edge by edge.
//!
//! A boundary is the set of its directed edges, the inside to their left. What either change takes away is taken away, what
//! either adds is added; if what is left closes to rings again, both changes fit beside each other. Edges are compared after
//! each is cut at every vertex that another of the three boundaries has on it, so that a vertex put in for a neighbour is no
//! change.

use std::collections::{BTreeMap, BTreeSet};

use super::boundary::on_segment;
use super::{Boundary, LatticePoint, Polygon, Ring, Side};

type DirectedEdge = (LatticePoint, LatticePoint);

/// No point comes before it.
const FIRST: LatticePoint = LatticePoint { x: i32::MIN, y: i32::MIN };

/// Returns `theirs` with what `ours` changes of `base`; `None` where the two changes do not fit beside each other.
///
/// Cost: a sort of the edges, and a look at each of them for every vertex that not all three have.
#[must_use]
pub fn merged(base: &Boundary, ours: &Boundary, theirs: &Boundary) -> Option<Boundary> {
    if ours == theirs || base == ours {
        return Some(theirs.clone());
    }
    if base == theirs {
        return Some(ours.clone());
    }
    let all = [base, ours, theirs];
    let cuts = vertices_of_some(all);
    let [base, ours, theirs] = all.map(|boundary| edges_cut(boundary, &cuts));
    let edges: BTreeSet<DirectedEdge> = base
        .union(&ours)
        .chain(&theirs)
        .filter(|edge| {
            let [b, o, t] = [&base, &ours, &theirs].map(|edges| edges.contains(edge));
            // Who differs from the base has changed it; where both do they agree.
            if b == o { t } else { o }
        })
        .copied()
        .collect();
    assembled(&edges)
}

/// Tells whether two boundaries bound the same ground, whatever vertices are on their straight edges.
#[must_use]
pub fn same_ground(one: &Boundary, other: &Boundary) -> bool {
    if one == other {
        return true;
    }
    let cuts = vertices_of_some([one, other]);
    edges_cut(one, &cuts) == edges_cut(other, &cuts)
}

/// The vertices that not all of the boundaries have.
fn vertices_of_some<const N: usize>(boundaries: [&Boundary; N]) -> Vec<LatticePoint> {
    let mut n_having: BTreeMap<LatticePoint, usize> = BTreeMap::new();
    for boundary in boundaries {
        let own: BTreeSet<LatticePoint> = boundary.rings().flat_map(Ring::vertices).copied().collect();
        for vertex in own {
            *n_having.entry(vertex).or_default() += 1;
        }
    }
    n_having.into_iter().filter(|(_, n)| *n < N).map(|(vertex, _)| vertex).collect()
}

/// The directed edges, each cut at those of `cuts` that lie on it. `cuts` are in order.
fn edges_cut(boundary: &Boundary, cuts: &[LatticePoint]) -> BTreeSet<DirectedEdge> {
    let mut edges = BTreeSet::new();
    for (a, b) in boundary.rings().flat_map(Ring::edges) {
        let (low, high) = (a.min(b), a.max(b));
        let from = cuts.partition_point(|cut| *cut <= low);
        let to = cuts.partition_point(|cut| *cut < high);
        let on_edge = cuts[from.min(to)..to].iter().filter(|cut| on_segment(a, b, **cut));
        let mut points: Vec<LatticePoint> = std::iter::once(low).chain(on_edge.copied()).chain([high]).collect();
        if a > b {
            points.reverse();
        }
        edges.extend(points.windows(2).map(|pair| (pair[0], pair[1])));
    }
    edges
}

/// Returns the boundary with these edges, or `None` when they do not close, or bound no ground.
fn assembled(edges: &BTreeSet<DirectedEdge>) -> Option<Boundary> {
    if edges.iter().any(|&(a, b)| edges.contains(&(b, a))) {
        return None;
    }
    let mut left = edges.clone();
    let mut rings = Vec::new();
    while let Some((start, _)) = left.first().copied() {
        let mut line = vec![start];
        let mut places = BTreeMap::from([(start, 0)]);
        while let Some(from) = line.last().copied() {
            let Some(edge) = left.range((from, FIRST)..).next().copied().filter(|edge| edge.0 == from) else {
                // Only where a line began may it end, when all that went out from there has come back.
                if line.len() > 1 {
                    return None;
                }
                break;
            };
            left.remove(&edge);
            // A vertex that is met again closes a ring; what came before it goes on from there.
            if let Some(at) = places.get(&edge.1).copied() {
                let ring = line.split_off(at);
                ring[1..].iter().for_each(|vertex| {
                    places.remove(vertex);
                });
                line.push(edge.1);
                rings.push(Ring::new(ring)?);
            } else {
                places.insert(edge.1, line.len());
                line.push(edge.1);
            }
        }
    }
    with_holes(rings)
}

/// Puts every hole into the smallest outer ring around it.
fn with_holes(rings: Vec<Ring>) -> Option<Boundary> {
    let (mut shells, holes): (Vec<Ring>, Vec<Ring>) = rings.into_iter().partition(|ring| ring.signed_area2() > 0);
    shells.sort_by_key(Ring::signed_area2);
    let mut polygons: Vec<Polygon> =
        shells.into_iter().map(|exterior| Polygon { exterior, holes: Vec::new() }).collect();
    for hole in holes {
        let around = polygons.iter_mut().find(|polygon| {
            let shell = Boundary::from_valid(vec![Polygon { exterior: polygon.exterior.clone(), holes: Vec::new() }]);
            let side = hole.vertices().iter().map(|vertex| shell.side(*vertex)).find(|side| *side != Side::Edge);
            side == Some(Side::Inside)
        });
        around?.holes.push(hole);
    }
    (!polygons.is_empty()).then(|| Boundary::from_valid(polygons))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(vertices: &[(i32, i32)]) -> Ring {
        Ring::new(vertices.iter().map(|&(x, y)| LatticePoint::new(x, y)).collect()).unwrap()
    }

    fn plain(vertices: &[(i32, i32)]) -> Boundary {
        Boundary::from_valid(vec![Polygon { exterior: ring(vertices), holes: Vec::new() }])
    }

    const SQUARE: [(i32, i32); 4] = [(0, 0), (100, 0), (100, 100), (0, 100)];

    #[test]
    fn changes_of_two_sides_stand_beside_each_other() {
        let east = plain(&[(0, 0), (150, 0), (150, 100), (0, 100)]);
        let west = plain(&[(-50, 0), (100, 0), (100, 100), (-50, 100)]);
        let both = merged(&plain(&SQUARE), &east, &west);
        assert!(both.is_some_and(|both| same_ground(&both, &plain(&[(-50, 0), (150, 0), (150, 100), (-50, 100)]))));
    }

    #[test]
    fn changes_of_one_side_are_a_conflict_unless_they_are_the_same() {
        let (near, far) =
            (plain(&[(0, 0), (150, 0), (150, 100), (0, 100)]), plain(&[(0, 0), (200, 0), (200, 100), (0, 100)]));
        assert_eq!(merged(&plain(&SQUARE), &near, &far), None);
        assert_eq!(merged(&plain(&SQUARE), &near, &near), Some(near));
    }

    #[test]
    fn a_vertex_on_an_edge_is_no_change() {
        let noded = plain(&[(0, 0), (30, 0), (100, 0), (100, 100), (0, 100)]);
        let other = plain(&[(0, 0), (60, 0), (100, 0), (100, 100), (0, 100)]);
        let south = plain(&[(0, -40), (100, -40), (100, 0), (100, 100), (0, 100), (0, 0)]);
        assert!(same_ground(&noded, &plain(&SQUARE)) && !same_ground(&noded, &south));
        let merged = |ours, theirs| merged(&plain(&SQUARE), ours, theirs).unwrap();
        assert!(same_ground(&merged(&noded, &other), &plain(&SQUARE)));
        assert!(same_ground(&merged(&noded, &south), &south) && same_ground(&merged(&south, &noded), &south));
    }

    #[test]
    fn a_hole_and_an_exclave_are_kept_apart() {
        let hole = ring(&[(20, 20), (20, 40), (40, 40), (40, 20)]);
        let exclave = Polygon { exterior: ring(&[(500, 0), (510, 0), (510, 10)]), holes: Vec::new() };
        let square = Polygon { exterior: ring(&SQUARE), holes: Vec::new() };
        let holed = Boundary::from_valid(vec![Polygon { exterior: ring(&SQUARE), holes: vec![hole.clone()] }]);
        let with_exclave = Boundary::from_valid(vec![square.clone(), exclave.clone()]);
        let both = merged(&plain(&SQUARE), &holed, &with_exclave).unwrap();
        let expected = Boundary::from_valid(vec![Polygon { holes: vec![hole], ..square }, exclave]);
        assert_eq!(both.polygons().len(), 2);
        assert!(same_ground(&both, &expected));
    }
}
