//! Names every fault of a feature that cannot be read, each by its place: `geometry/coordinates/0/3`.
//!
//! Values are not repeated, since they may be personal: only what kind they are. Start with [`of_feature`].

use std::collections::BTreeMap;

use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::format::Problem;
use crate::format::row::shortened;

/// How many faults are named of one feature.
const MOST_FAULTS: usize = 100;

/// What each list of coordinates holds, by how deep it goes.
const EXPECTED: [&str; 4] =
    ["a position of two or three numbers", "a list of positions", "a list of lists of positions", "a list of polygons"];

const TYPES: &str = "a Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon or GeometryCollection";

/// A member of a feature, by the path to it, and what is wrong with it.
pub(in crate::format) type MemberFault = (String, Problem);

/// The faults of a feature's text. `error` is the parser's; where no place can be named it is the fault.
pub(super) fn of_feature(text: &[u8], error: Option<&serde_json::Error>) -> Vec<MemberFault> {
    let mut faults = Faults(Vec::new());
    match serde_json::from_slice(text) {
        Ok(json) => faults.feature(&json),
        Err(_) => faults.0 = of_members(text),
    }
    faults.or("feature", error)
}

/// The faults of a geometry's text, as [`of_feature`].
pub(super) fn of_geometry(text: &str, error: Option<&serde_json::Error>) -> Vec<MemberFault> {
    let mut faults = Faults(Vec::new());
    if let Ok(json) = serde_json::from_str(text) {
        faults.geometry("geometry", &json);
    }
    faults.or("geometry", error)
}

/// Which members keep a feature from being read, nested too deep or out of range; none where it is no JSON at all.
fn of_members(text: &[u8]) -> Vec<MemberFault> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(text).unwrap_or_default();
    let error = |raw: &RawValue| serde_json::from_str::<Json>(raw.get()).err();
    let faults = members.into_iter().filter_map(|(name, raw)| Some((name, Problem::Json(in_words(&error(raw)?)))));
    faults.take(MOST_FAULTS).collect()
}

/// `serde_json` counts lines and columns within one feature; only what it found helps.
fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned()
}

struct Faults(Vec<MemberFault>);

impl Faults {
    /// Those that were found, or else what the parser says of the whole.
    fn or(mut self, whole: &str, error: Option<&serde_json::Error>) -> Vec<MemberFault> {
        if self.0.is_empty() {
            let what = error.map_or("a position is not whole".to_owned(), in_words);
            self.0.push((whole.to_owned(), Problem::Json(what)));
        }
        self.0
    }

    fn feature(&mut self, json: &Json) {
        let Some(members) = json.as_object() else { return self.wrong("feature", Some(json), "a Feature") };
        match members.get("type") {
            Some(Json::String(kind)) if kind == "Feature" => {}
            Some(Json::String(kind)) => return self.is("feature", format!("a {}", shortened(kind)), "a Feature"),
            None => return self.is("feature", "without a type".to_owned(), "a Feature"),
            other => return self.wrong("type", other, "the text Feature"),
        }
        if !matches!(members.get("id"), None | Some(Json::Null | Json::String(_) | Json::Number(_))) {
            self.wrong("id", members.get("id"), "a text or a number");
        }
        if !matches!(members.get("properties"), None | Some(Json::Null | Json::Object(_))) {
            self.wrong("properties", members.get("properties"), "an object");
        }
        self.bbox("bbox", members.get("bbox"));
        if let Some(geometry) = members.get("geometry").filter(|geometry| !geometry.is_null()) {
            self.geometry("geometry", geometry);
        }
    }

    fn geometry(&mut self, at: &str, json: &Json) {
        let Some(members) = json.as_object() else { return self.wrong(at, Some(json), "a geometry") };
        self.bbox(&format!("{at}/bbox"), members.get("bbox"));
        let kind = members.get("type");
        let depth = match kind.and_then(Json::as_str) {
            Some("Point") => 0,
            Some("MultiPoint" | "LineString") => 1,
            Some("MultiLineString" | "Polygon") => 2,
            Some("MultiPolygon") => 3,
            Some("GeometryCollection") => {
                return self.collection(&format!("{at}/geometries"), members.get("geometries"));
            }
            Some(other) => return self.is(&format!("{at}/type"), format!("a {}", shortened(other)), TYPES),
            None => return self.wrong(&format!("{at}/type"), kind, TYPES),
        };
        self.coordinates(&format!("{at}/coordinates"), members.get("coordinates"), depth);
    }

    fn collection(&mut self, at: &str, json: Option<&Json>) {
        let Some(Json::Array(geometries)) = json else { return self.wrong(at, json, "a list of geometries") };
        for (n, geometry) in geometries.iter().enumerate() {
            self.geometry(&format!("{at}/{n}"), geometry);
        }
    }

    /// Looks at coordinates nested `depth` lists deep above positions.
    fn coordinates(&mut self, at: &str, json: Option<&Json>, depth: usize) {
        let Some(Json::Array(list)) = json else { return self.wrong(at, json, EXPECTED[depth]) };
        if depth == 0 {
            return self.position(at, list);
        }
        let n_before = self.0.len();
        for (n, value) in list.iter().enumerate() {
            let at = format!("{at}/{n}");
            match value {
                Json::Array(polygon) if depth == 3 && polygon.is_empty() => {
                    self.wrong(&at, Some(value), "a list of rings");
                }
                _ => self.coordinates(&at, Some(value), depth - 1),
            }
            // Of one line the first fault.
            if depth == 1 && self.0.len() > n_before {
                return;
            }
        }
    }

    fn position(&mut self, at: &str, list: &[Json]) {
        match list.iter().enumerate().find(|(_, value)| !value.is_number()) {
            Some((n, value)) => self.wrong(&format!("{at}/{n}"), Some(value), "a number"),
            None if list.len() < 2 => self.is(at, format!("a list of {}", list.len()), EXPECTED[0]),
            None => {}
        }
    }

    fn bbox(&mut self, at: &str, json: Option<&Json>) {
        let is_bbox = |json: &Json| json.as_array().is_some_and(|list| list.iter().all(Json::is_number));
        if json.is_some_and(|json| !json.is_null() && !is_bbox(json)) {
            self.wrong(at, json, "a list of numbers");
        }
    }

    fn wrong(&mut self, at: &str, json: Option<&Json>, expected: &'static str) {
        let found = match json {
            None => return self.add(at, Problem::Missing),
            Some(Json::Null) => "null".to_owned(),
            Some(Json::Bool(_)) => "true or false".to_owned(),
            Some(Json::Number(_)) => "a number".to_owned(),
            Some(Json::String(_)) => "a text".to_owned(),
            Some(Json::Array(list)) => format!("a list of {}", list.len()),
            Some(Json::Object(_)) => "an object".to_owned(),
        };
        self.is(at, found, expected);
    }

    fn is(&mut self, at: &str, found: String, expected: &'static str) {
        self.add(at, Problem::Shape { found, expected });
    }

    fn add(&mut self, at: &str, problem: Problem) {
        if self.0.len() < MOST_FAULTS {
            self.0.push((at.to_owned(), problem));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::geojson::parse;

    fn check(text: &str, expected: &[&str]) {
        let faults = parse::feature(text.as_bytes()).unwrap_err();
        let faults: Vec<String> = faults.iter().map(|(at, problem)| format!("{at}: {problem}")).collect();
        assert_eq!(faults, expected, "{text}");
    }

    #[test]
    fn every_member_that_is_wrong_is_named_at_once() {
        check("3", &["feature: is a number, expected a Feature"]);
        check("{}", &["feature: is without a type, expected a Feature"]);
        check(r#"{"type":3}"#, &["type: is a number, expected the text Feature"]);
        check(
            r#"{"type":"Feature","id":[1],"properties":"x","bbox":[1,"2"],"geometry":7}"#,
            &[
                "id: is a list of 1, expected a text or a number",
                "properties: is a text, expected an object",
                "bbox: is a list of 2, expected a list of numbers",
                "geometry: is a number, expected a geometry",
            ],
        );
        check(
            r#"{"type":"Feature","properties":[],"geometry":{"type":"Circle"}}"#,
            &[
                "properties: is a list of 0, expected an object",
                "geometry/type: is a Circle, expected a Point, MultiPoint, LineString, MultiLineString, Polygon, \
                 MultiPolygon or GeometryCollection",
            ],
        );
    }

    #[test]
    fn coordinates_are_named_by_their_place_one_a_ring() {
        let polygon = |coordinates: &str| {
            format!(r#"{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":{coordinates}}}}}"#)
        };
        check(
            &polygon("[[[1,2],[3],[4]],[[1,2],[3,null]],[[1,2],[3,4,5,6]]]"),
            &[
                "geometry/coordinates/0/1: is a list of 1, expected a position of two or three numbers",
                "geometry/coordinates/1/1/1: is null, expected a number",
            ],
        );
        check(
            &polygon("[[[1,2],[3]]]"),
            &["geometry/coordinates/0/1: is a list of 1, expected a position of two or three numbers"],
        );
        check(&polygon("null"), &["geometry/coordinates: is null, expected a list of lists of positions"]);
        check(
            &polygon("[1,2]"),
            &[
                "geometry/coordinates/0: is a number, expected a list of positions",
                "geometry/coordinates/1: is a number, expected a list of positions",
            ],
        );
        let multi = r#"{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[],[[[1,2]]]]}}"#;
        check(multi, &["geometry/coordinates/0: is a list of 0, expected a list of rings"]);
        let many = format!("[{}]", ["[[1]]"; 500].join(","));
        assert_eq!(parse::feature(polygon(&many).as_bytes()).unwrap_err().len(), MOST_FAULTS);
    }

    #[test]
    fn what_has_no_place_is_said_in_the_parsers_words() {
        check(
            r#"{"type":"Feature","geometry":null,"geometry":null}"#,
            &["feature: is not understood: duplicate field `geometry`"],
        );
        check(r#"{"type":"Feature","id":1e999}"#, &["id: is not understood: number out of range"]);
    }
}
