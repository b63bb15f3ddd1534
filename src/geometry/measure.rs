//! Areas in square metres and distances in metres, on the WGS 84 ellipsoid.
//!
//! An edge of a boundary is straight in longitude and latitude (RFC 7946, 3.1.1), so areas integrate the ellipsoid's
//! authalic function (Snyder 1987, Map Projections: A Working Manual, eq. 3-12) along exactly that line. Distances
//! between positions are geodesic (Karney 2013); distances to an edge are taken in the plane that touches the ellipsoid
//! at the asking point, true to about one part in ten thousand over 10 km.

use geo::{Distance, Geodesic, Point};

use super::{Boundary, LatticePoint, Position, Ring};

/// Equatorial radius of WGS 84, metres.
const A: f64 = 6_378_137.0;
/// Squared eccentricity of WGS 84.
const E2: f64 = 0.006_694_379_990_141_316;

/// Returns the area in square metres, holes left out. Cost: two sines and logarithms a vertex.
///
/// Not `geo::GeodesicArea`, whose edges are geodesics: those of neighbours with different vertices along a shared edge would
/// not add up, and it takes 13 times as long (28 ms for the 770 grids of the demo county, here 2.2 ms). The two differ by
/// 6e-6 of a grid at most, by 1e-6 of a box of one degree and 4e-5 of one of ten.
#[must_use]
pub fn area_m2(boundary: &Boundary) -> f64 {
    boundary.rings().map(ring_area_m2).sum()
}

/// The signed area of a ring in square metres: positive when it runs counter-clockwise.
#[must_use]
pub fn ring_area_m2(ring: &Ring) -> f64 {
    vertices_area_m2(ring.vertices())
}

/// Like [`ring_area_m2`], for vertices that need not be a valid ring.
#[must_use]
pub fn vertices_area_m2(vertices: &[LatticePoint]) -> f64 {
    let Some(first) = vertices.first() else { return 0.0 };
    degrees_area_m2(vertices.iter().map(|v| (v.lon(), v.lat())), (first.lon(), first.lat()))
}

/// The signed area inside a closed line of degrees. Summed from `origin`, which should be near, to keep every digit.
pub(crate) fn degrees_area_m2(vertices: impl Iterator<Item = (f64, f64)>, origin: (f64, f64)) -> f64 {
    let base = zone(origin.1);
    let height = |lat: f64| zone(lat) - base;
    let mut sum = 0.0;
    let mut edge = |(lon0, lat0, low): (f64, f64, f64), (lon1, lat1, high): (f64, f64, f64)| {
        let middle = if (lat0 - lat1).abs() < f64::EPSILON { low } else { height(f64::midpoint(lat0, lat1)) };
        sum -= (lon1 - lon0).to_radians() * (low + 4.0 * middle + high) / 6.0;
    };
    let mut first = None;
    let mut last = None;
    for (lon, lat) in vertices {
        let here = (lon - origin.0, lat, height(lat));
        first.get_or_insert(here);
        if let Some(last) = last {
            edge(last, here);
        }
        last = Some(here);
    }
    if let (Some(first), Some(last)) = (first, last) {
        edge(last, first);
    }
    sum
}

/// Area between the equator and `lat` degrees, per radian of longitude, square metres.
fn zone(lat: f64) -> f64 {
    let sin = lat.to_radians().sin();
    let e = E2.sqrt();
    A * A * (1.0 - E2) / 2.0 * (sin / (1.0 - E2 * sin * sin) + (e * sin).atanh() / e)
}

/// Returns the length of the geodesic between two positions, metres.
#[must_use]
pub fn distance_m(a: Position, b: Position) -> f64 {
    Geodesic.distance(Point::new(a.lon(), a.lat()), Point::new(b.lon(), b.lat()))
}

/// How long one degree is where it is measured.
#[derive(Clone, Copy, Debug)]
pub struct MetresPerDegree {
    pub east: f64,
    pub north: f64,
}

impl MetresPerDegree {
    /// The lengths at `lat` degrees, from the ellipsoid's two radii of curvature.
    #[must_use]
    pub fn at(lat: f64) -> Self {
        let (sin, cos) = lat.to_radians().sin_cos();
        let w = 1.0 - E2 * sin * sin;
        Self { east: (A / w.sqrt() * cos).to_radians(), north: (A * (1.0 - E2) / (w * w.sqrt())).to_radians() }
    }
}

/// Returns the distance from `p` to the edge from `a` to `b`, metres; 0 on it.
#[must_use]
pub fn distance_to_edge_m(p: Position, a: LatticePoint, b: LatticePoint) -> f64 {
    let scale = MetresPerDegree::at(p.lat());
    let flat = |v: LatticePoint| ((v.lon() - p.lon()) * scale.east, (v.lat() - p.lat()) * scale.north);
    let ((ax, ay), (bx, by)) = (flat(a), flat(b));
    let (dx, dy) = (bx - ax, by - ay);
    let length2 = dx * dx + dy * dy;
    let along = if length2 > 0.0 { (-(ax * dx + ay * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    (ax + along * dx).hypot(ay + along * dy)
}

/// Returns the distance from `p` to the nearest edge of `boundary`, metres, whether `p` is inside or not.
/// Cost: linear in vertices.
#[must_use]
pub fn distance_to_boundary_m(p: Position, boundary: &Boundary) -> f64 {
    boundary.rings().flat_map(Ring::edges).map(|(a, b)| distance_to_edge_m(p, a, b)).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use geo::{GeodesicArea, MultiPolygon};

    use super::*;
    use crate::geometry::Polygon;

    fn boundary(degrees: &[(f64, f64)]) -> Boundary {
        let vertices = degrees.iter().map(|&(lon, lat)| LatticePoint::from(Position::new(lon, lat).unwrap()));
        Boundary::from_valid(vec![Polygon { exterior: Ring::new(vertices.collect()).unwrap(), holes: Vec::new() }])
    }

    /// Compares with Karney's geodesic polygon area, which PostGIS uses for `geography`. Its edges are geodesics, so the
    /// rings are small: over 60 m the two kinds of edge are 0.06 mm apart.
    #[test]
    fn areas_agree_with_the_geodesic_area() {
        for degrees in [
            vec![(103.6, 34.7), (103.601, 34.7), (103.601, 34.701), (103.6, 34.701)],
            vec![(-104.96, 39.7), (-104.9595, 39.7005), (-104.9598, 39.7008)],
            vec![(10.0, 78.0), (10.001, 78.0), (10.001, 78.0004), (10.0, 78.0002)],
        ] {
            let boundary = boundary(&degrees);
            let (ours, theirs) = (area_m2(&boundary), MultiPolygon::from(&boundary).geodesic_area_signed());
            assert!((ours / theirs - 1.0).abs() < 5e-6, "{ours} for {theirs}");
        }
    }

    #[test]
    fn distances_to_an_edge_agree_with_geodesics() {
        let p = Position::new(103.6, 34.7).unwrap();
        let at = |lon, lat| LatticePoint::from(Position::new(lon, lat).unwrap());
        let due_east = distance_to_edge_m(p, at(103.61, 34.6), at(103.61, 34.8));
        let geodesic = distance_m(p, Position::new(103.61, 34.7).unwrap());
        assert!((due_east / geodesic - 1.0).abs() < 1e-4, "{due_east} for {geodesic}");
        assert!(distance_to_edge_m(p, at(103.59, 34.69), at(103.61, 34.71)) < 1e-6, "on the edge");
        let corner = distance_to_edge_m(p, at(103.61, 34.71), at(103.62, 34.72));
        let geodesic = distance_m(p, Position::new(103.61, 34.71).unwrap());
        assert!((corner / geodesic - 1.0).abs() < 1e-4, "{corner} for {geodesic}");
    }
}
