//! The boundary of one grid: polygons with holes, every vertex on the lattice.
//!
//! Rings are kept open (the first vertex is not repeated); outer rings run counter-clockwise and holes clockwise (RFC
//! 7946, 3.1.6), so the inside always lies to the left of an edge.

use std::cmp::Ordering;

use super::lattice::orientation;
use super::{Bbox, LatticePoint};

/// One closed line of at least three vertices.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ring(Vec<LatticePoint>);

/// One outer ring and the holes in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Polygon {
    pub exterior: Ring,
    pub holes: Vec<Ring>,
}

/// The ground of one grid: one polygon, or several where it has exclaves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Boundary {
    polygons: Vec<Polygon>,
}

impl Ring {
    /// Returns the ring through `vertices`, first one not repeated, or `None` when fewer than three are given.
    #[must_use]
    pub fn new(vertices: Vec<LatticePoint>) -> Option<Self> {
        (vertices.len() >= 3).then_some(Self(vertices))
    }

    #[must_use]
    pub fn vertices(&self) -> &[LatticePoint] {
        &self.0
    }

    /// The directed edges, the closing one last.
    pub fn edges(&self) -> impl Iterator<Item = (LatticePoint, LatticePoint)> + '_ {
        let next = self.0.iter().cycle().skip(1);
        self.0.iter().copied().zip(next.copied())
    }

    /// Twice the signed area in lattice steps squared: positive when the ring runs counter-clockwise. Exact.
    #[must_use]
    pub fn signed_area2(&self) -> i128 {
        self.edges().map(|(a, b)| i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y)).sum()
    }

    /// The same ring run the other way.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.0.reverse();
        self
    }
}

/// Where a point lies towards a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Inside,
    Edge,
    Outside,
}

impl Boundary {
    /// Takes polygons that are known to be valid (checked, or read back from the store) and turns every ring the right
    /// way round.
    #[must_use]
    pub fn from_valid(mut polygons: Vec<Polygon>) -> Self {
        let turned = |ring: Ring, ccw: bool| if (ring.signed_area2() > 0) == ccw { ring } else { ring.reversed() };
        for polygon in &mut polygons {
            polygon.exterior = turned(std::mem::replace(&mut polygon.exterior, Ring(Vec::new())), true);
            polygon.holes = std::mem::take(&mut polygon.holes).into_iter().map(|r| turned(r, false)).collect();
        }
        Self { polygons }
    }

    #[must_use]
    pub fn polygons(&self) -> &[Polygon] {
        &self.polygons
    }

    /// Every ring, outer ones and holes.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> {
        self.polygons.iter().flat_map(|p| std::iter::once(&p.exterior).chain(&p.holes))
    }

    #[must_use]
    pub fn n_vertices(&self) -> usize {
        self.rings().map(|ring| ring.0.len()).sum()
    }

    /// The smallest box around it, degrees.
    #[must_use]
    pub fn bbox(&self) -> Bbox {
        let mut vertices = self.rings().flat_map(|ring| &ring.0);
        let first = *vertices.next().expect("a boundary has at least one ring of three vertices");
        let (low, high) = vertices.fold((first, first), |(low, high), v| {
            let low = LatticePoint::new(low.x.min(v.x), low.y.min(v.y));
            (low, LatticePoint::new(high.x.max(v.x), high.y.max(v.y)))
        });
        Bbox { west: low.lon(), south: low.lat(), east: high.lon(), north: high.lat() }
    }

    /// Returns a point well inside the largest polygon, for a label: the middle of the widest stretch of the parallel half
    /// way up it. Of a polygon thinner than the lattice it may lie on an edge. Cost: linear in vertices.
    ///
    /// Not `geo::InteriorPoint`, which finds such a point too, but relates it to the polygon and takes 100 times as long: 23 ms
    /// for the 770 grids of the demo county, here 0.24 ms, for every grid of every ground that tiles are drawn of. It also
    /// gives doubles, so whether the nearest point of the lattice is inside would have to be asked of [`Self::side`].
    #[must_use]
    pub fn point_inside(&self) -> LatticePoint {
        let largest = self.polygons.iter().max_by_key(|polygon| polygon.exterior.signed_area2());
        let largest = largest.expect("a boundary has at least one polygon");
        let heights = || largest.exterior.vertices().iter().map(|v| v.y);
        let y = heights().min().unwrap_or(0).midpoint(heights().max().unwrap_or(0));
        let rings = std::iter::once(&largest.exterior).chain(&largest.holes);
        let spans = rings.flat_map(Ring::edges).filter(|(a, b)| (a.y <= y) != (b.y <= y));
        let mut crossings: Vec<i64> = spans.map(|(a, b)| x_at(a, b, y)).collect();
        crossings.sort_unstable();
        let widest = crossings.chunks_exact(2).max_by_key(|pair| pair[1] - pair[0]);
        let x = widest.map_or(0, |pair| pair[0].midpoint(pair[1]));
        LatticePoint::new(i32::try_from(x).expect("it lies between two vertices"), y)
    }

    /// Tells whether `p` lies inside, on an edge or vertex, or outside. Exact. Cost: linear in vertices.
    #[must_use]
    pub fn side(&self, p: LatticePoint) -> Side {
        let mut inside = false;
        for (a, b) in self.rings().flat_map(Ring::edges) {
            if on_segment(a, b, p) {
                return Side::Edge;
            }
            inside ^= crosses_ray(a, b, p);
        }
        if inside { Side::Inside } else { Side::Outside }
    }

    /// Tells whether `p` is inside or on an edge.
    #[must_use]
    pub fn covers(&self, p: LatticePoint) -> bool {
        self.side(p) != Side::Outside
    }

    /// Tells whether the boundary owns `p`: whether it covers the point moved by an infinitely small step to the east
    /// and, infinitely smaller still, to the north.
    ///
    /// Of boundaries that tile the plane exactly one owns each point, edges and corners included, whatever their order
    /// (simulation of simplicity, Edelsbrunner & Mücke 1990). Exact. Cost: linear in vertices.
    #[must_use]
    pub fn owns(&self, p: LatticePoint) -> bool {
        self.rings().flat_map(Ring::edges).fold(false, |inside, (a, b)| inside ^ crosses_ray(a, b, p))
    }
}

/// Where the edge from `a` to `b` crosses the parallel `y`, rounded; the edge is not level.
fn x_at(a: LatticePoint, b: LatticePoint, y: i32) -> i64 {
    let (ax, ay) = (i64::from(a.x), i64::from(a.y));
    let (dx, dy) = (i128::from(i64::from(b.x) - ax), i128::from(i64::from(b.y) - ay));
    let east = dx * i128::from(i64::from(y) - ay) / dy;
    ax + i64::try_from(east).expect("it is at most the width of the edge")
}

/// Tells whether the ray from `p`, nudged as in [`Boundary::owns`], to the east crosses the edge.
pub(crate) fn crosses_ray(a: LatticePoint, b: LatticePoint, p: LatticePoint) -> bool {
    if (a.y <= p.y) == (b.y <= p.y) {
        return false;
    }
    let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
    orientation(low, high, p) == Ordering::Greater
}

/// Tells whether `p` is on the closed edge from `a` to `b`. Exact.
pub(super) fn on_segment(a: LatticePoint, b: LatticePoint, p: LatticePoint) -> bool {
    (a.x.min(b.x)..=a.x.max(b.x)).contains(&p.x)
        && (a.y.min(b.y)..=a.y.max(b.y)).contains(&p.y)
        && orientation(a, b, p) == Ordering::Equal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: i32, south: i32, size: i32) -> Boundary {
        let corners = [(west, south), (west + size, south), (west + size, south + size), (west, south + size)];
        let ring = Ring::new(corners.map(|(x, y)| LatticePoint::new(x, y)).to_vec()).unwrap();
        Boundary::from_valid(vec![Polygon { exterior: ring.reversed(), holes: Vec::new() }])
    }

    #[test]
    fn rings_turn_the_right_way_round() {
        assert_eq!(square(0, 0, 10).polygons()[0].exterior.signed_area2(), 200);
    }

    #[test]
    fn a_label_stands_inside_even_round_a_hole() {
        let hole = square(2, 2, 96).polygons()[0].exterior.clone();
        let frame = Polygon { exterior: square(0, 0, 100).polygons()[0].exterior.clone(), holes: vec![hole] };
        let frame = Boundary::from_valid(vec![square(500, 0, 4).polygons()[0].clone(), frame]);
        assert_eq!(frame.side(frame.point_inside()), Side::Inside);
        assert_eq!(square(0, 0, 10).point_inside(), LatticePoint::new(5, 5));
    }

    #[test]
    fn four_squares_share_every_point_without_quarrel() {
        let squares = [square(0, 0, 2), square(2, 0, 2), square(0, 2, 2), square(2, 2, 2)];
        let owners = |x, y| squares.iter().filter(|s| s.owns(LatticePoint::new(x, y))).count();
        for x in 0..4 {
            for y in 0..4 {
                assert_eq!(owners(x, y), 1, "{x},{y}");
            }
        }
        assert!(squares[3].owns(LatticePoint::new(2, 2)), "the common corner goes to the north-east");
        assert_eq!(owners(4, 1), 0, "the eastern border is covered, but owned only by the fallback rule");
        assert_eq!(squares[1].side(LatticePoint::new(4, 1)), Side::Edge);
    }
}
