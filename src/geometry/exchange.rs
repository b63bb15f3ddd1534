//! Boundaries as polygons of `geo`, and back, for whatever that crate can do with them.
//!
//! ```
//! use geo::{Centroid, MultiPolygon, polygon};
//! use gridmap::geometry::Boundary;
//!
//! let square = polygon![(x: 103.6, y: 34.7), (x: 103.7, y: 34.7), (x: 103.7, y: 34.8), (x: 103.6, y: 34.8)];
//! let boundary = Boundary::try_from(&MultiPolygon(vec![square])).unwrap();
//! assert!(MultiPolygon::from(&boundary).centroid().is_some());
//! ```
//!
//! Numbers are degrees. `geo` computes in doubles: to measure with, not to decide on sides, nor to store, since its boolean
//! operations move vertices.

use geo::{Coord, LineString, MultiPolygon};
use thiserror::Error;

use super::coverage::{RawArea, RawPolygon, Report, Rules, check_alone};
use super::{Boundary, LatticePoint, Polygon, Position, PositionError, Ring};

/// Why polygons are not a boundary: all their faults.
#[derive(Clone, Debug, Error)]
pub enum NoBoundary {
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Positions(Vec<PositionError>),
    #[error("{}", in_words(.0))]
    Rings(Report),
}

fn in_words(report: &Report) -> String {
    let faults = report.findings.iter().map(|finding| match finding.at {
        Some(at) => format!("{} at {at}: {}", finding.kind, finding.detail),
        None => format!("{}: {}", finding.kind, finding.detail),
    });
    faults.collect::<Vec<_>>().join("; ")
}

impl From<&Ring> for LineString<f64> {
    /// Closed by its first vertex.
    fn from(ring: &Ring) -> Self {
        let vertices = ring.vertices().iter().chain(&ring.vertices()[..1]);
        Self(vertices.map(|vertex| Coord { x: vertex.lon(), y: vertex.lat() }).collect())
    }
}

impl From<&Polygon> for geo::Polygon<f64> {
    fn from(polygon: &Polygon) -> Self {
        Self::new((&polygon.exterior).into(), polygon.holes.iter().map(LineString::from).collect())
    }
}

impl From<&Boundary> for MultiPolygon<f64> {
    fn from(boundary: &Boundary) -> Self {
        Self(boundary.polygons().iter().map(geo::Polygon::from).collect())
    }
}

impl TryFrom<&MultiPolygon<f64>> for Boundary {
    type Error = NoBoundary;

    /// Takes every vertex to the nearest point of the lattice, then checks the rings as those of a duty are, and renders them:
    /// simple rings, each from its lowest vertex. What `geo` gave for a boundary comes back as the same ground.
    ///
    /// Cost: near-linear in vertices.
    ///
    /// # Errors
    /// All vertices that are no positions, the first of each ring; or all faults of the rings.
    fn try_from(polygons: &MultiPolygon<f64>) -> Result<Self, NoBoundary> {
        let mut wrong = Vec::new();
        let mut ring = |line: &LineString<f64>| match lattice_ring(line) {
            Ok(ring) => ring,
            Err(error) => {
                wrong.push(error);
                Vec::new()
            }
        };
        let rings = |polygon: &geo::Polygon<f64>| RawPolygon {
            rings: std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(&mut ring).collect(),
        };
        let polygons = polygons.0.iter().map(rings).collect();
        if !wrong.is_empty() {
            return Err(NoBoundary::Positions(wrong));
        }
        let area = RawArea { code: String::new(), depth: 0, parent: None, polygons, place: 0 };
        check_alone(&area, &Rules::for_publishing()).map_err(NoBoundary::Rings)
    }
}

/// The vertices without the last, which repeats the first: `geo` closes the rings of its polygons.
fn lattice_ring(line: &LineString<f64>) -> Result<Vec<LatticePoint>, PositionError> {
    let n = line.0.len().saturating_sub(1);
    line.0[..n].iter().map(|at| Position::new(at.x, at.y).map(LatticePoint::from)).collect()
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    #[test]
    fn a_boundary_comes_back_to_the_last_step_of_the_lattice() {
        let ring = |corners: &[(i32, i32)]| {
            Ring::new(corners.iter().map(|&(x, y)| LatticePoint::new(x, y)).collect()).unwrap()
        };
        let holed = Polygon {
            exterior: ring(&[(1_032_252_971, 347_000_001), (1_032_352_973, 347_000_001), (1_032_352_973, 348_000_007)]),
            holes: vec![ring(&[
                (1_032_333_333, 347_100_000),
                (1_032_333_331, 347_200_001),
                (1_032_340_000, 347_200_001),
            ])],
        };
        let exclave = Polygon {
            exterior: ring(&[(-1_799_999_999, -5), (-1_799_000_000, -5), (-1_799_500_000, 7)]),
            holes: vec![],
        };
        let boundary = Boundary::from_valid(vec![holed, exclave]);
        let polygons = MultiPolygon::from(&boundary);
        assert!(polygons.iter().all(|polygon| polygon.exterior().is_closed()));
        let back = Boundary::try_from(&polygons).unwrap();
        assert!(crate::geometry::merge::same_ground(&back, &boundary), "{back:?}");
        assert_eq!(back.n_vertices(), boundary.n_vertices());
    }

    #[test]
    fn what_is_no_boundary_is_refused_with_all_its_faults() {
        let error =
            |polygons: Vec<geo::Polygon<f64>>| Boundary::try_from(&MultiPolygon(polygons)).unwrap_err().to_string();
        let swapped = || polygon![(x: 34.7, y: 103.6), (x: 34.7, y: 103.7), (x: 34.8, y: 103.7)];
        let said = "34.7, 103.6 is not a position: longitude and latitude look swapped";
        assert_eq!(error(vec![swapped(), swapped()]), format!("{said}; {said}"));
        let bow = polygon![(x: 1.0, y: 1.0), (x: 2.0, y: 2.0), (x: 2.0, y: 1.0), (x: 1.0, y: 2.0)];
        assert!(error(vec![bow]).contains("1.5000000,1.5000000"), "it crosses itself there");
        assert!(!error(vec![]).is_empty(), "no ground");
        assert!(!error(vec![polygon![(x: 1.0, y: 1.0), (x: 2.0, y: 2.0)]]).is_empty(), "two vertices");
    }
}
