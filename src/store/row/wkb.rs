//! Boundaries as well-known binary: little-endian multipolygons, rings closed, degrees as doubles.
//!
//! A lattice coordinate divided by 1e7 and taken back to the lattice is the same integer, so what is read is bit for
//! bit what was written.

use crate::geometry::{Boundary, LatticePoint, Polygon, Position, Ring};
use crate::store::Result;
use crate::store::error::inconsistent;

const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;

/// Returns the boundary as a multipolygon.
pub(in crate::store) fn write(boundary: &Boundary) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(16 * boundary.n_vertices() + 64);
    head(&mut bytes, MULTI_POLYGON, boundary.polygons().len());
    for polygon in boundary.polygons() {
        head(&mut bytes, POLYGON, 1 + polygon.holes.len());
        for ring in std::iter::once(&polygon.exterior).chain(&polygon.holes) {
            write_ring(&mut bytes, ring.vertices());
        }
    }
    bytes
}

fn head(bytes: &mut Vec<u8>, kind: u32, n_parts: usize) {
    bytes.push(1);
    bytes.extend(kind.to_le_bytes());
    count(bytes, n_parts);
}

fn count(bytes: &mut Vec<u8>, n: usize) {
    bytes.extend(u32::try_from(n).expect("a boundary of 4e9 parts fits no memory").to_le_bytes());
}

fn write_ring(bytes: &mut Vec<u8>, vertices: &[LatticePoint]) {
    count(bytes, vertices.len() + 1);
    for vertex in vertices.iter().chain(&vertices[..1]) {
        bytes.extend(vertex.lon().to_le_bytes());
        bytes.extend(vertex.lat().to_le_bytes());
    }
}

/// Returns the boundary that [`write()`] wrote.
///
/// # Errors
/// When the bytes are something else.
pub(in crate::store) fn read(bytes: &[u8]) -> Result<Boundary> {
    let wrong = || inconsistent("boundary", "it is not a well-known-binary multipolygon on the lattice");
    Reader { rest: bytes }.boundary().ok_or_else(wrong)
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn boundary(mut self) -> Option<Boundary> {
        let polygons = (0..self.head(MULTI_POLYGON)?).map(|_| self.polygon()).collect::<Option<Vec<_>>>()?;
        (self.rest.is_empty() && !polygons.is_empty()).then(|| Boundary::from_valid(polygons))
    }

    fn polygon(&mut self) -> Option<Polygon> {
        let n_holes = self.head(POLYGON)?.checked_sub(1)?;
        Some(Polygon { exterior: self.ring()?, holes: (0..n_holes).map(|_| self.ring()).collect::<Option<_>>()? })
    }

    fn ring(&mut self) -> Option<Ring> {
        let n = self.count()?;
        let mut vertices = (0..n).map(|_| self.vertex()).collect::<Option<Vec<_>>>()?;
        let closed = vertices.pop()? == *vertices.first()?;
        if closed { Ring::new(vertices) } else { None }
    }

    fn vertex(&mut self) -> Option<LatticePoint> {
        let (lon, lat) = (f64::from_le_bytes(self.take()?), f64::from_le_bytes(self.take()?));
        Some(LatticePoint::from(Position::new(lon, lat).ok()?))
    }

    fn head(&mut self, kind: u32) -> Option<u32> {
        let [little_endian] = self.take()?;
        let found = u32::from_le_bytes(self.take()?);
        if little_endian == 1 && found == kind { self.count() } else { None }
    }

    fn count(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};

    use super::*;

    fn ring(vertices: &[(i32, i32)]) -> Ring {
        Ring::new(vertices.iter().map(|&(x, y)| LatticePoint::new(x, y)).collect()).unwrap()
    }

    #[test]
    fn exclaves_and_holes_come_back_bit_for_bit() {
        let outer = ring(&[(-1_799_999_999, -899_999_999), (1_799_999_999, -1), (3, 899_999_999)]);
        let hole = ring(&[(0, 0), (1, 7), (9, 3)]);
        let exclave = ring(&[(1_032_252_970, 347_300_001), (1_032_252_971, 347_300_001), (1_032_252_970, 347_300_009)]);
        let boundary = Boundary::from_valid(vec![
            Polygon { exterior: outer, holes: vec![hole] },
            Polygon { exterior: exclave, holes: Vec::new() },
        ]);
        let bytes = write(&boundary);
        assert_eq!(read(&bytes).unwrap(), boundary);
        assert!(read(&bytes[..bytes.len() - 1]).is_err(), "cut short");
        assert!(read(&[bytes, vec![0]].concat()).is_err(), "something after the end");
    }

    /// Rings of any vertices: what is written of a boundary does not hang on its being valid.
    fn boundaries() -> impl Strategy<Value = Boundary> {
        let vertex = (-1_800_000_000..=1_800_000_000, -900_000_000..=900_000_000);
        let ring = prop::collection::vec(vertex, 3..9).prop_map(|vertices| ring(&vertices));
        let polygon = (ring.clone(), prop::collection::vec(ring, 0..3));
        let polygon = polygon.prop_map(|(exterior, holes)| Polygon { exterior, holes });
        prop::collection::vec(polygon, 1..4).prop_map(Boundary::from_valid)
    }

    #[test]
    fn a_boundary_comes_back_and_a_damaged_one_is_refused_or_another() {
        let damage = (any::<prop::sample::Index>(), any::<u8>(), any::<bool>());
        let config = Config { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..Config::default() };
        proptest!(config, |(boundary in boundaries(), (at, byte, is_cut) in damage)| {
            let mut bytes = write(&boundary);
            prop_assert_eq!(&read(&bytes).unwrap(), &boundary);
            let at = at.index(bytes.len());
            if is_cut {
                bytes.truncate(at);
                prop_assert!(read(&bytes).is_err());
            } else {
                bytes[at] = byte;
                if let Ok(other) = read(&bytes) {
                    prop_assert_eq!(read(&write(&other)).unwrap(), other);
                }
            }
        });
    }
}
