//! Points to locate as GeoJSON, and the same features as they are imported.

use std::io::BufReader;

use ::geojson::GeometryValue;
use gridmap::format::geojson::Features;
use gridmap::format::locate_rows::RowFormat;
use gridmap::geometry::crs::Frame;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::damage::{damaged, damages, sizes};
use super::tables::texts;
use super::{Trickle, Understood, hold, listened};

/// A collection of features: points for the most part, with properties of any text.
fn collections() -> impl Strategy<Value = Vec<u8>> {
    let point = (-180.0..180.0_f64, -90.0..90.0_f64).prop_map(|(x, y)| json!({"type": "Point", "coordinates": [x, y]}));
    let other = prop::sample::select(vec![
        json!(null),
        json!({"type": "Point", "coordinates": [1]}),
        json!({"type": "Point", "coordinates": [1, 2, 3]}),
        json!({"coordinates": [103.5, 34.5], "type": "Point", "bbox": [1, 2, 3, 4]}),
        json!({"type": "LineString", "coordinates": [[1, 2], [3, 4]]}),
        json!({"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 7], [1, 2]]]}),
        json!({"type": "Circle"}),
        json!([1, 2]),
    ]);
    let geometry = prop_oneof![5 => point, 1 => other];
    let properties = prop_oneof![
        5 => (texts(), texts()).prop_map(|(name, text)| json!({"a": text, "b": {name: 1}})),
        1 => prop::sample::select(vec![json!(null), json!({}), json!([1])]),
    ];
    let kind = prop_oneof![9 => Just(json!("Feature")), 1 => Just(json!("Point")), 1 => Just(json!(3))];
    let feature = (kind, geometry, properties, any::<bool>()).prop_map(|(kind, geometry, properties, is_bare)| {
        let mut feature = json!({"type": kind, "geometry": geometry, "properties": properties});
        if is_bare && let Some(members) = feature.as_object_mut() {
            members.retain(|name, _| name == "type");
        }
        feature
    });
    let features = prop::collection::vec(feature, 0..6);
    (features, any::<bool>()).prop_map(|(features, is_pretty)| {
        let collection = json!({"type": "FeatureCollection", "name": "x", "features": features});
        if is_pretty { serde_json::to_vec_pretty(&collection) } else { serde_json::to_vec(&collection) }.unwrap()
    })
}

fn located(text: &[u8]) -> Result<(Vec<Understood>, Vec<u8>), String> {
    listened(RowFormat::GeoJson, text).map_err(|error| error.to_string())
}

/// The points of the features as they are imported, `None` for one that has none or is refused; and why the file ends early.
fn imported(text: &[u8]) -> (Vec<Option<(f64, f64)>>, Option<String>) {
    let (mut points, mut broken) = (Vec::new(), None);
    for feature in Features::new(text, Frame::Wgs84) {
        match feature {
            Ok(Ok(record)) => points.push(match record.geometry {
                Some(GeometryValue::Point { coordinates }) => Some((coordinates[0], coordinates[1])),
                _ => None,
            }),
            Ok(Err(faults)) => {
                assert!(!faults.is_empty());
                points.push(None);
            }
            Err(error) => broken = Some(error.to_string()),
        }
    }
    (points, broken)
}

#[test]
fn what_is_imported_is_what_is_located_damaged_or_not() {
    hold(400, &(collections(), damages()), |(whole, damages)| {
        for text in [&whole, &damaged(&whole, &damages).0] {
            let (points, broken) = imported(text);
            match located(text) {
                Err(_) => prop_assert!(points.is_empty() && broken.is_some()),
                Ok((understood, _)) => {
                    // Where the file breaks off, a last row says so.
                    prop_assert_eq!(understood.len(), points.len() + usize::from(broken.is_some()));
                    for (understood, point) in understood.iter().zip(&points) {
                        prop_assert_eq!(understood.as_ref().ok().map(|(x, y, ..)| (*x, *y)), *point);
                    }
                }
            }
        }
        Ok(())
    });
}

#[test]
fn features_in_pieces_are_answered_as_features_at_once_and_the_output_is_json() {
    hold(200, &(collections(), sizes(), damages()), |(whole, sizes, damages)| {
        for text in [&whole, &damaged(&whole, &damages).0] {
            let at_once = located(text);
            let pieces = BufReader::with_capacity(sizes[0], Trickle::new(text, &sizes));
            let in_pieces = listened(RowFormat::GeoJson, pieces).map_err(|error| error.to_string());
            prop_assert_eq!(&in_pieces, &at_once);
            if let Ok((understood, out)) = at_once {
                let told: Value = serde_json::from_slice(&out).unwrap();
                let features = told["features"].as_array().unwrap();
                prop_assert_eq!(features.len(), understood.len());
                prop_assert!(
                    features
                        .iter()
                        .all(|feature| feature["type"] == "Feature" || feature["properties"]["error"] != "heard")
                );
            }
        }
        Ok(())
    });
}

#[test]
fn a_feature_goes_out_with_every_member_it_came_with() {
    hold(200, &collections(), |whole| {
        let (understood, out) = located(&whole).unwrap();
        let (before, after): (Value, Value) =
            (serde_json::from_slice(&whole).unwrap(), serde_json::from_slice(&out).unwrap());
        for (at, _) in understood.iter().enumerate().filter(|(_, understood)| understood.is_ok()) {
            let (before, after) = (&before["features"][at], &after["features"][at]);
            prop_assert_eq!(&before["geometry"], &after["geometry"]);
            for (name, value) in before["properties"].as_object().into_iter().flatten() {
                prop_assert_eq!(&after["properties"][name], value);
            }
        }
        Ok(())
    });
}
