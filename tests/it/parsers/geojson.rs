//! GeoJSON that is imported: boundaries, positions and texts written and read back; files damaged and in pieces.

use std::io::Read;

use ::geojson::GeometryValue;
use gridmap::format::geojson::{Features, Geometry, write_feature};
use gridmap::format::{Place, ReadError, Record, Value};
use gridmap::geometry::crs::Frame;
use gridmap::geometry::{Boundary, LatticePoint, Polygon, Position, Ring};
use proptest::prelude::*;

use super::damage::{damaged, damages, sizes};
use super::tables::stored_texts;
use super::{Trickle, hold};
use crate::locate::world::fixture;

type Found = (Vec<Result<Record, (Place, String)>>, Option<ReadError>);

fn read(input: impl Read) -> Found {
    let (mut found, mut broken) = (Vec::new(), None);
    for feature in Features::new(input, Frame::Wgs84) {
        match feature {
            Ok(Ok(record)) => found.push(Ok(record)),
            Ok(Err(faults)) => found.push(Err((faults[0].place, faults[0].to_string()))),
            Err(error) => broken = Some(error),
        }
    }
    (found, broken)
}

fn written(geometry: Geometry<'_>, texts: &[String]) -> Record {
    let names = ["a", "b", "c"];
    let properties: Vec<_> = names.into_iter().zip(texts).map(|(name, text)| (name, Value::text(text))).collect();
    let mut out = b"{\"type\":\"FeatureCollection\",\"features\":[".to_vec();
    write_feature("id 1", geometry, &properties, &mut out);
    out.extend(b"]}");
    let (mut found, broken) = read(out.as_slice());
    assert!(broken.is_none() && found.len() == 1, "{}", String::from_utf8_lossy(&out));
    found.remove(0).unwrap()
}

/// Boxes, some with a hole, anywhere on the lattice.
fn polygons() -> impl Strategy<Value = Polygon> {
    let span = || 4..900_000_i32;
    ((-1_799_000_000..1_799_000_000_i32, -899_000_000..899_000_000_i32), span(), span(), any::<bool>()).prop_map(
        |((x, y), width, height, has_hole)| {
            let ring = |by: i32| {
                let corners = [
                    (x + by, y + by),
                    (x + width - by, y + by),
                    (x + width - by, y + height - by),
                    (x + by, y + height - by),
                ];
                Ring::new(corners.map(|(x, y)| LatticePoint::new(x, y)).to_vec()).unwrap()
            };
            Polygon { exterior: ring(0), holes: has_hole.then(|| ring(1)).into_iter().collect() }
        },
    )
}

#[test]
fn a_boundary_is_read_back_to_the_last_digit() {
    hold(200, &prop::collection::vec(polygons(), 1..4), |polygons| {
        let boundary = Boundary::from_valid(polygons);
        let read = match written(Geometry::Boundary(&boundary), &[]).geometry {
            Some(GeometryValue::Polygon { coordinates }) => vec![coordinates],
            Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
            other => panic!("no polygons: {other:?}"),
        };
        let lattice = |ring: &Vec<::geojson::Position>| {
            let points = ring.iter().map(|at| LatticePoint::from(Position::new(at[0], at[1]).unwrap()));
            let mut points: Vec<LatticePoint> = points.collect();
            assert_eq!(points.pop().as_ref(), points.first(), "rings are closed");
            points
        };
        let read: Vec<Vec<_>> = read.iter().map(|rings| rings.iter().map(lattice).collect()).collect();
        let rings = |polygon: &Polygon| [std::slice::from_ref(&polygon.exterior), &polygon.holes].concat();
        let kept: Vec<Vec<_>> = boundary
            .polygons()
            .iter()
            .map(|polygon| rings(polygon).iter().map(|ring| ring.vertices().to_vec()).collect())
            .collect();
        prop_assert_eq!(read, kept);
        Ok(())
    });
}

#[test]
fn positions_and_texts_are_read_back() {
    let texts = prop::collection::vec(stored_texts(), 3);
    hold(300, &(-180.0..=180.0_f64, -90.0..=90.0_f64, texts), |(lon, lat, texts)| {
        let record = written(Geometry::Point(Position::new(lon, lat).unwrap()), &texts);
        let Some(GeometryValue::Point { coordinates }) = &record.geometry else { panic!("no point") };
        let (x, y) = (coordinates[0], coordinates[1]);
        prop_assert_eq!((x.to_bits(), y.to_bits()), (lon.to_bits(), lat.to_bits()));
        prop_assert_eq!(&record.values[..3], &texts[..]);
        prop_assert_eq!(record.value("id"), Some("id 1"));
        Ok(())
    });
}

/// The first features of a file of the demo county, with what names their frame.
fn villages() -> Vec<u8> {
    let collection: serde_json::Value = serde_json::from_str(&fixture("disputes.geojson")).unwrap();
    let features = &collection["features"].as_array().unwrap()[..12];
    let crs = serde_json::json!({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}});
    let few = serde_json::json!({"type": "FeatureCollection", "crs": crs, "features": features});
    serde_json::to_vec(&few).unwrap()
}

#[test]
fn damage_leaves_the_features_before_it_and_every_fault_has_a_place() {
    let whole = villages();
    let (undamaged, _) = read(whole.as_slice());
    assert!(undamaged.len() == 12 && undamaged.iter().all(Result::is_ok));
    let ends: Vec<usize> = (1..=12).map(|n| end_of_feature(&whole, n)).collect();
    hold(400, &(damages(), sizes()), |(damages, sizes)| {
        let (text, untouched) = damaged(&whole, &damages);
        let (found, broken) = read(text.as_slice());
        let n_before = ends.iter().filter(|end| **end < untouched).count();
        // Bytes that are no UTF-8 are found before the features around them are cut out.
        if !matches!(broken, Some(ReadError::Encoding(_))) {
            prop_assert!(found.len() >= n_before, "{} of {}", found.len(), n_before);
            prop_assert_eq!(&found[..n_before], &undamaged[..n_before]);
        }
        for (at, found) in (1..).zip(&found) {
            let place = found.as_ref().map_or_else(|(place, _)| *place, |record| record.place);
            prop_assert_eq!(place, Place::Feature(at));
        }
        let at = match &broken {
            Some(ReadError::Truncated { offset, .. } | ReadError::NotGeoJson { offset, .. }) => *offset,
            Some(ReadError::Encoding(error)) => error.offset,
            None
            | Some(
                ReadError::Empty | ReadError::OtherFrame { .. } | ReadError::Profile { .. } | ReadError::TooLong { .. },
            ) => 0,
            Some(other) => panic!("{other}"),
        };
        prop_assert!(at <= text.len() as u64, "{:?}", broken);
        let told = |(found, broken): Found| (found, broken.map(|error| error.to_string()));
        prop_assert_eq!(told(read(Trickle::new(&text, &sizes))), told((found, broken)));
        Ok(())
    });
}

/// Where the text of a feature ends, counted by the brackets of a file without any in its texts.
fn end_of_feature(text: &[u8], n: usize) -> usize {
    let start = text.windows(11).position(|window| window == b"\"features\":").unwrap() + 12;
    let mut depth = 0;
    let ends = text.iter().enumerate().skip(start).filter(|(_, byte)| {
        depth += i32::from(**byte == b'{') - i32::from(**byte == b'}');
        **byte == b'}' && depth == 0
    });
    ends.map(|(at, _)| at).nth(n - 1).unwrap()
}

#[test]
fn a_feature_alone_is_the_one_of_a_collection() {
    let whole: serde_json::Value = serde_json::from_slice(&villages()).unwrap();
    for feature in whole["features"].as_array().unwrap() {
        let alone = serde_json::to_vec_pretty(feature).unwrap();
        let together = [b"{\"features\":[", &*alone, b"],\"type\":\"FeatureCollection\"}"].concat();
        let (alone, together) = (read(alone.as_slice()), read(together.as_slice()));
        assert_eq!((alone.0, alone.1.is_none()), (together.0, together.1.is_none()));
    }
}
