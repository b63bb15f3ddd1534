//! Turns the features of a file into records.

use std::io::Read;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::super::record::{Record, RecordResult, Shape};
use super::super::{Fault, Place, Problem, ReadError, profile};
use super::scan::{Piece, Scanner};
use crate::geometry::crs::Frame;

/// The features of a GeoJSON file, one at a time.
pub struct Features<R: Read> {
    scanner: Scanner<R>,
    n_read: u64,
    /// The columns of the feature before: most features have the same ones.
    columns: Arc<[String]>,
    frame: Frame,
    failed: bool,
}

impl<R: Read> Features<R> {
    /// Reads features whose coordinates the caller takes to be in `frame`.
    pub fn new(input: R, frame: Frame) -> Self {
        Self { scanner: Scanner::new(input), n_read: 0, columns: Arc::new([]), frame, failed: false }
    }

    fn read(&mut self) -> Result<Option<RecordResult>, ReadError> {
        loop {
            match self.scanner.next_piece()? {
                None => return Ok(None),
                Some(Piece::Crs(text)) => check_frame(&text, &self.frame)?,
                Some(Piece::Feature(text)) => {
                    self.n_read += 1;
                    return self.record(&text).map(Some);
                }
            }
        }
    }

    fn record(&mut self, text: &[u8]) -> Result<RecordResult, ReadError> {
        let place = Place::Feature(self.n_read);
        let refused = |field: &str, problem| Ok(Err(vec![Fault { place, field: field.to_owned(), problem }]));
        let feature: Feature = match serde_json::from_slice(text) {
            Ok(feature) => feature,
            Err(error) => return refused("feature", Problem::Json(json_error(&error))),
        };
        if feature.kind.as_deref() != Some("Feature") {
            let found = feature.kind.map_or("without a type".to_owned(), |kind| format!("a {kind}"));
            return refused("feature", Problem::Shape { found, expected: "a Feature" });
        }
        let mut shape = None;
        if let Some(raw) = feature.geometry {
            shape = match self::shape(raw.get()) {
                Ok(shape) => Some(shape),
                Err(error) => return refused("geometry", Problem::Json(error)),
            };
        }
        let mut properties = feature.properties.unwrap_or_default();
        if let (Some(id), false) = (feature.id, properties.contains_key("id")) {
            properties.insert("id".to_owned(), id);
        }
        self.take_columns(&properties)?;
        let values = properties.into_iter().map(|(_, value)| plain(value)).collect();
        Ok(Ok(Record { place, columns: Arc::clone(&self.columns), values, shape }))
    }

    fn take_columns(&mut self, properties: &Map<String, Json>) -> Result<(), ReadError> {
        if properties.len() == self.columns.len() && properties.keys().eq(self.columns.iter()) {
            return Ok(());
        }
        if let Some((column, why)) = properties.keys().find_map(|name| Some((name, profile::refusal(name)?))) {
            return Err(ReadError::Profile { column: column.clone(), why });
        }
        self.columns = properties.keys().cloned().collect();
        Ok(())
    }
}

impl<R: Read> Iterator for Features<R> {
    type Item = Result<RecordResult, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.read();
        self.failed = next.is_err();
        next.transpose()
    }
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(rename = "type")]
    kind: Option<String>,
    id: Option<Json>,
    properties: Option<Map<String, Json>>,
    #[serde(borrow)]
    geometry: Option<&'a RawValue>,
}

/// Reads the text of a geometry.
pub(in crate::format) fn shape(text: &str) -> Result<Shape, String> {
    serde_json::from_str(text).map(Geometry::shape).map_err(|error| json_error(&error))
}

#[derive(Deserialize)]
#[serde(tag = "type")]
#[expect(clippy::enum_variant_names, reason = "the names are those of RFC 7946")]
enum Geometry {
    Point { coordinates: Coordinates },
    Polygon { coordinates: Vec<Vec<Coordinates>> },
    MultiPolygon { coordinates: Vec<Vec<Vec<Coordinates>>> },
    LineString,
    MultiPoint,
    MultiLineString,
    GeometryCollection,
}

/// A position; what stands after longitude and latitude (a height) is not kept.
#[derive(Clone, Copy)]
struct Coordinates(f64, f64);

impl<'de> Deserialize<'de> for Coordinates {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(CoordinatesVisitor)
    }
}

struct CoordinatesVisitor;

impl<'de> serde::de::Visitor<'de> for CoordinatesVisitor {
    type Value = Coordinates;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a position of two or three numbers")
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Coordinates, A::Error> {
        let short = |n| serde::de::Error::invalid_length(n, &"a position of two or three numbers");
        let x = seq.next_element()?.ok_or_else(|| short(0))?;
        let y = seq.next_element()?.ok_or_else(|| short(1))?;
        while seq.next_element::<f64>()?.is_some() {}
        Ok(Coordinates(x, y))
    }
}

impl Geometry {
    fn shape(self) -> Shape {
        let pair = |Coordinates(x, y)| (x, y);
        let rings = |rings: Vec<Vec<Coordinates>>| -> Vec<Vec<(f64, f64)>> {
            rings.into_iter().map(|ring| ring.into_iter().map(pair).collect()).collect()
        };
        match self {
            Self::Point { coordinates } => Shape::Point(pair(coordinates)),
            Self::Polygon { coordinates } => Shape::Polygons(vec![rings(coordinates)]),
            Self::MultiPolygon { coordinates } => Shape::Polygons(coordinates.into_iter().map(rings).collect()),
            Self::LineString => Shape::Other("a LineString".to_owned()),
            Self::MultiPoint => Shape::Other("a MultiPoint".to_owned()),
            Self::MultiLineString => Shape::Other("a MultiLineString".to_owned()),
            Self::GeometryCollection => Shape::Other("a GeometryCollection".to_owned()),
        }
    }
}

/// The text of a property: null is empty, a list of plain values is parted by `;`, an object stays JSON.
fn plain(value: Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text,
        Json::Array(list) if list.iter().all(|v| !v.is_array() && !v.is_object()) => {
            list.into_iter().map(plain).collect::<Vec<_>>().join(";")
        }
        other => other.to_string(),
    }
}

/// `serde_json` counts lines and columns within one feature; only what it found is worth telling.
fn json_error(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned()
}

/// Compares what the file says about itself, `{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4547"}}` as in
/// the GeoJSON of 2008, with the frame its reader was told.
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

impl<R: Read> std::fmt::Debug for Features<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Features").field("n_read", &self.n_read).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collection(features: &str) -> Vec<Result<RecordResult, ReadError>> {
        Features::new(format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}").as_bytes(), Frame::Wgs84)
            .collect()
    }

    fn fault(feature: &str) -> String {
        match collection(feature).remove(0).unwrap() {
            Err(faults) => faults[0].to_string(),
            Ok(record) => panic!("{record:?}"),
        }
    }

    #[test]
    fn a_feature_becomes_a_record_of_texts_and_a_shape() {
        let text = r#"{"type":"Feature","id":"D1","properties":{"a":1.50,"b":null,"c":["x","y"]},
            "geometry":{"type":"Point","coordinates":[103.5,34.7,2100]}}"#;
        let record = collection(text).remove(0).unwrap().unwrap();
        assert_eq!(record.value("id"), Some("D1"));
        assert_eq!(record.value("a"), Some("1.5"));
        assert_eq!((record.value("b"), record.value("c")), (None, Some("x;y")));
        assert_eq!(record.shape, Some(Shape::Point((103.5, 34.7))));
    }

    #[test]
    fn a_broken_feature_is_a_fault_and_the_next_one_is_read() {
        let read = collection(r#"{"type":"Feature","properties":{"a":nope}}, {"type":"Feature","properties":{}}"#);
        assert!(read[0].as_ref().unwrap().is_err());
        assert!(read[1].as_ref().unwrap().is_ok());
        assert_eq!(fault(r#"{"type":"Point"}"#), "feature 1: feature: is a Point, expected a Feature");
        assert_eq!(
            fault(r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1]}}"#),
            "feature 1: geometry: is not understood: invalid length 1, expected a position of two or three numbers"
        );
        let deep =
            format!("{{\"type\":\"Feature\",\"properties\":{{\"a\":{}{}}}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(fault(&deep), "feature 1: feature: is not understood: recursion limit exceeded");
        let nan = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,1]}}"#;
        assert!(fault(nan).contains("expected"), "{}", fault(nan));
    }

    #[test]
    fn a_file_that_names_another_frame_is_not_taken_for_degrees() {
        let read = |name: &str| {
            let head = format!(
                "{{\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\"{name}\"}}}},\"features\":[],\"type\":\"FeatureCollection\"}}"
            );
            Features::new(head.as_bytes(), Frame::Wgs84).next().map(|read| read.unwrap_err().to_string())
        };
        assert_eq!(read("urn:ogc:def:crs:OGC:1.3:CRS84"), None);
        assert_eq!(read("urn:ogc:def:crs:EPSG::4490"), None, "the same within centimetres");
        let error = read("urn:ogc:def:crs:EPSG::4547").unwrap();
        assert!(
            error.starts_with("the file says that its coordinates are urn:ogc:def:crs:EPSG::4547, it is read as wgs84")
        );
    }
}
