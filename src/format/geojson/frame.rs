//! Whether a file is in the frame its reader takes it to be in.

use serde_json::Value as Json;

use crate::format::ReadError;
use crate::geometry::crs::Frame;

/// Compares what the file says about itself, `{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}}` as in
/// the GeoJSON of 2008, with the frame that its reader was given.
pub(in crate::format) fn check_frame(text: &[u8], frame: &Frame) -> Result<(), ReadError> {
    let crs: Json = serde_json::from_slice(text).unwrap_or_default();
    let Some(stated) = crs.pointer("/properties/name").and_then(Json::as_str) else { return Ok(()) };
    if Frame::parse(stated).is_ok_and(|stated| canonical(&stated) == canonical(frame)) {
        return Ok(());
    }
    Err(ReadError::OtherFrame { stated: stated.to_owned(), named: frame.to_string() })
}

/// One name for the frames that are the same here.
fn canonical(frame: &Frame) -> String {
    match frame.to_string().as_str() {
        "wgs84" | "cgcs2000" | "EPSG:4326" | "EPSG:4490" | "EPSG:4979" => "wgs84".to_owned(),
        other => other.to_owned(),
    }
}
