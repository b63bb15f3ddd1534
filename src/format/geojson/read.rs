//! Turns the features of a file into records.

use std::io::Read;
use std::sync::Arc;

use ::geojson::feature::Id;
use serde_json::{Map, Value as Json};

use super::frame::check_frame;
use super::parse;
use super::scan::{CollectionPart, Scanner};
use crate::format::raw_record::{Record, RecordResult};
use crate::format::{Fault, Place, ReadError, profile};
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
            match self.scanner.next_part()? {
                None => return Ok(None),
                Some(CollectionPart::Crs(text)) => check_frame(&text, &self.frame)?,
                Some(CollectionPart::Feature(text)) => {
                    self.n_read += 1;
                    return self.record(&text).map(Some);
                }
            }
        }
    }

    fn record(&mut self, text: &[u8]) -> Result<RecordResult, ReadError> {
        let place = Place::Feature(self.n_read);
        let feature = match parse::feature(text) {
            Ok(feature) => feature,
            Err(faults) => {
                return Ok(Err(faults.into_iter().map(|(field, problem)| Fault { place, field, problem }).collect()));
            }
        };
        let mut properties = feature.properties.unwrap_or_default();
        if let (Some(id), false) = (feature.id, properties.contains_key("id")) {
            let id = match id {
                Id::String(id) => Json::String(id),
                Id::Number(id) => Json::Number(id),
            };
            properties.insert("id".to_owned(), id);
        }
        self.take_columns(&properties)?;
        let values = properties.into_iter().map(|(_, value)| plain(value)).collect();
        let geometry = feature.geometry.map(|geometry| geometry.value);
        Ok(Ok(Record { place, columns: Arc::clone(&self.columns), values, geometry }))
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

impl<R: Read> std::fmt::Debug for Features<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Features").field("n_read", &self.n_read).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use ::geojson::GeometryValue;

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
    fn a_feature_becomes_a_record_of_texts_and_a_geometry() {
        let text = r#"{"type":"Feature","id":"D1","properties":{"a":1.50,"b":null,"c":["x","y"]},
            "geometry":{"type":"Point","coordinates":[103.5,34.7,2100]}}"#;
        let record = collection(text).remove(0).unwrap().unwrap();
        assert_eq!(record.value("id"), Some("D1"));
        assert_eq!(record.value("a"), Some("1.5"));
        assert_eq!((record.value("b"), record.value("c")), (None, Some("x;y")));
        assert_eq!(record.geometry, Some(GeometryValue::new_point([103.5, 34.7, 2100.0])));
    }

    #[test]
    fn a_broken_feature_is_a_fault_and_the_next_one_is_read() {
        let read = collection(r#"{"type":"Feature","properties":{"a":nope}}, {"type":"Feature","properties":{}}"#);
        assert!(read[0].as_ref().unwrap().is_err());
        assert!(read[1].as_ref().unwrap().is_ok());
        assert_eq!(fault(r#"{"type":"Point"}"#), "feature 1: feature: is a Point, expected a Feature");
        assert_eq!(
            fault(r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1]}}"#),
            "feature 1: geometry/coordinates: is a list of 1, expected a position of two or three numbers"
        );
        let deep =
            format!("{{\"type\":\"Feature\",\"properties\":{{\"a\":{}{}}}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(fault(&deep), "feature 1: properties: is not understood: recursion limit exceeded");
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
