//! Parses features and geometries into the types of the crate `geojson`.
//!
//! The crate stops at the first thing it cannot read and leaves positions of one number in; both go to `faults`, which names
//! everything that is wrong.

use ::geojson::{Feature, Geometry, GeometryValue, Position};

use super::faults::{self, MemberFault};

/// Parses the text of a feature.
///
/// # Errors
/// All faults of its members; of wrong positions the first of each line.
pub(super) fn feature(text: &[u8]) -> Result<Feature, Vec<MemberFault>> {
    match serde_json::from_slice::<Feature>(text) {
        Ok(feature) if feature.geometry.as_ref().is_none_or(|geometry| is_whole(&geometry.value)) => Ok(feature),
        Ok(_) => Err(faults::of_feature(text, None)),
        Err(error) => Err(faults::of_feature(text, Some(&error))),
    }
}

/// Parses the text of a geometry.
///
/// # Errors
/// As [`feature`].
pub(in crate::format) fn geometry(text: &str) -> Result<GeometryValue, Vec<MemberFault>> {
    match serde_json::from_str::<Geometry>(text) {
        Ok(geometry) if is_whole(&geometry.value) => Ok(geometry.value),
        Ok(_) => Err(faults::of_geometry(text, None)),
        Err(error) => Err(faults::of_geometry(text, Some(&error))),
    }
}

/// Tells whether each position has a longitude and a latitude, in the types that are read on; of points the crate makes sure.
fn is_whole(geometry: &GeometryValue) -> bool {
    let is_polygon = |rings: &Vec<Vec<Position>>| rings.iter().flatten().all(|position| position.len() >= 2);
    match geometry {
        GeometryValue::Polygon { coordinates } => is_polygon(coordinates),
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().all(is_polygon),
        _ => true,
    }
}
