//! Prints GeoJSON.
//!
//! Not by the types of the crate `geojson`, which reads it: its `Feature` puts the id behind the geometry and the properties in
//! the order of their names, since `serde_json` keeps a map so, and prints whole degrees with a fraction, `103.0`. Here a
//! feature is printed without being built, in the order of its noun's list, and tags and caches rest on the bytes being the
//! same.

use crate::format::Value;
use crate::format::json::write_text;
use crate::geometry::{Boundary, LatticePoint, Position, Ring};

/// The geometry of a feature.
#[derive(Clone, Copy, Debug)]
pub enum Geometry<'a> {
    None,
    Point(Position),
    Boundary(&'a Boundary),
    /// A geometry printed before.
    Printed(&'a [u8]),
}

/// Prints one feature: `{"type":"Feature","id":...,"geometry":...,"properties":{...}}`.
pub fn write_feature(id: &str, geometry: Geometry<'_>, properties: &[(&'static str, Value<'_>)], out: &mut Vec<u8>) {
    out.extend(b"{\"type\":\"Feature\",\"id\":");
    write_text(id, out);
    out.extend(b",\"geometry\":");
    match geometry {
        Geometry::None => out.extend(b"null"),
        Geometry::Point(position) => write_position(position, out),
        Geometry::Boundary(boundary) => write_boundary(boundary, out),
        Geometry::Printed(bytes) => out.extend(bytes),
    }
    out.extend(b",\"properties\":{");
    for (at, (name, value)) in properties.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_text(name, out);
        out.push(b':');
        value.write_json(out);
    }
    out.extend(b"}}");
}

/// Prints the geometry of a boundary: a `Polygon`, or a `MultiPolygon` where there is more than one; outer rings
/// counter-clockwise, holes clockwise, each closed.
pub fn write_boundary(boundary: &Boundary, out: &mut Vec<u8>) {
    out.reserve(boundary.n_vertices() * 25 + 64);
    let polygons = boundary.polygons();
    let is_multi = polygons.len() > 1;
    out.extend(if is_multi {
        &b"{\"type\":\"MultiPolygon\",\"coordinates\":["[..]
    } else {
        b"{\"type\":\"Polygon\",\"coordinates\":"
    });
    for (at, polygon) in polygons.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.push(b'[');
        write_ring(&polygon.exterior, out);
        for hole in &polygon.holes {
            out.push(b',');
            write_ring(hole, out);
        }
        out.push(b']');
    }
    out.extend(if is_multi { &b"]}"[..] } else { b"}" });
}

/// Prints a `Point` with the digits it was given.
pub fn write_position(position: Position, out: &mut Vec<u8>) {
    out.extend(format!("{{\"type\":\"Point\",\"coordinates\":[{},{}]}}", position.lon(), position.lat()).bytes());
}

fn write_ring(ring: &Ring, out: &mut Vec<u8>) {
    out.push(b'[');
    for &vertex in ring.vertices() {
        write_vertex(vertex, out);
        out.push(b',');
    }
    write_vertex(ring.vertices()[0], out);
    out.push(b']');
}

fn write_vertex(vertex: LatticePoint, out: &mut Vec<u8>) {
    out.push(b'[');
    write_degrees(vertex.x, out);
    out.push(b',');
    write_degrees(vertex.y, out);
    out.push(b']');
}

/// Prints lattice steps as degrees: `1032252970` as `103.225297`.
fn write_degrees(steps: i32, out: &mut Vec<u8>) {
    const DIGITS: usize = 7;
    if steps < 0 {
        out.push(b'-');
    }
    let mut rest = steps.unsigned_abs();
    // Filled from the back: at most ten digits and the point.
    let mut text = [0_u8; 12];
    let (mut start, mut end) = (text.len(), text.len());
    for n_printed in 0_usize.. {
        if n_printed == DIGITS {
            if start < end {
                start -= 1;
                text[start] = b'.';
            }
        } else if n_printed > DIGITS && rest == 0 {
            break;
        }
        let digit = u8::try_from(rest % 10).expect("a digit is under ten");
        rest /= 10;
        start -= 1;
        text[start] = b'0' + digit;
        if n_printed < DIGITS && digit == 0 && end == start + 1 {
            end = start;
        }
    }
    out.extend(&text[start..end]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Polygon;

    #[test]
    fn degrees_are_printed_as_the_shortest_decimal() {
        let check = |steps: i32, expected: &str| {
            let mut out = Vec::new();
            write_degrees(steps, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
            assert_eq!(expected.parse::<f64>().unwrap().to_bits(), LatticePoint::new(steps, 0).lon().to_bits());
        };
        check(1_032_252_970, "103.225297");
        check(-1_800_000_000, "-180");
        check(1_000_000_000, "100");
        check(1, "0.0000001");
        check(-10, "-0.000001");
        check(0, "0");
        check(12_345_678, "1.2345678");
        check(i32::MAX, "214.7483647");
    }

    #[test]
    fn a_feature_is_printed_by_the_standard() {
        let ring = |corners: &[(i32, i32)]| {
            Ring::new(corners.iter().map(|&(x, y)| LatticePoint::new(x * 10_000_000, y * 10_000_000)).collect())
                .unwrap()
        };
        let exterior = ring(&[(0, 0), (4, 0), (4, 4)]);
        let hole = ring(&[(2, 1), (3, 1), (3, 2)]);
        let boundary = Boundary::from_valid(vec![Polygon { exterior, holes: vec![hole] }]);
        let mut out = Vec::new();
        write_feature("a\"b", Geometry::Boundary(&boundary), &[("name", Value::Null)], &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"type\":\"Feature\",\"id\":\"a\\\"b\",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":\
             [[[0,0],[4,0],[4,4],[0,0]],[[3,2],[3,1],[2,1],[3,2]]]},\"properties\":{\"name\":null}}"
        );
    }
}
