//! Cuts the features of a GeoJSON file apart without reading it into memory.
//!
//! Only brackets, quotes and the members of the outermost object are looked at; what is inside a feature is left to
//! a JSON parser. So one feature with a fault does not hide those behind it.
//!
//! Neither `geojson::FeatureReader` nor `serde_json` with features as `RawValue` can do this: both read with one cursor, so a
//! `NaN`, a bare word or too deep a nesting in one feature ends the whole file, where here it is that feature's fault and the
//! next one is read. Both also gather a value of any length before they hand it over; here [`MAX_FEATURE_BYTES`] is the limit.

use std::io::{BufRead, BufReader, Read};

use crate::format::ReadError;
use crate::format::row::shortened;
use crate::format::text::Utf8;

/// The longest feature taken: over two million vertices.
pub(super) const MAX_FEATURE_BYTES: usize = 64 * 1024 * 1024;
/// The longest member beside the features (`crs`, `name`, `bbox`) that is looked at.
const MAX_MEMBER_BYTES: usize = 64 * 1024;

/// The `type` of a collection, raw.
const COLLECTION: &[u8] = b"\"FeatureCollection\"";

/// A part of a collection that is read.
#[derive(Debug, PartialEq)]
pub(in crate::format) enum CollectionPart {
    /// The text of one feature, or of whatever is in its place.
    Feature(Vec<u8>),
    /// The text of the member `crs` of the collection.
    Crs(Vec<u8>),
}

#[derive(Clone, Copy, PartialEq)]
enum At {
    Start,
    /// Among the members of the outermost object; `true` before the first.
    Members(bool),
    /// In the list of features; `true` before the first.
    Features(bool),
    End,
}

pub(in crate::format) struct Scanner<R: Read> {
    input: BufReader<Utf8<R>>,
    offset: u64,
    at: At,
    n_features: u64,
    has_features: bool,
    /// The `type` of the outermost object, raw.
    kind: Option<Vec<u8>>,
    /// The text so far of an outermost object that may turn out to be a lone feature.
    lone: Option<Vec<u8>>,
}

impl<R: Read> Scanner<R> {
    pub(in crate::format) fn new(input: R) -> Self {
        Self {
            input: BufReader::with_capacity(64 * 1024, Utf8::new(input)),
            offset: 0,
            at: At::Start,
            n_features: 0,
            has_features: false,
            kind: None,
            lone: Some(Vec::new()),
        }
    }

    /// Returns the next part, or `None` at the end of a whole file.
    pub(in crate::format) fn next_part(&mut self) -> Result<Option<CollectionPart>, ReadError> {
        loop {
            match self.at {
                At::Start => self.open()?,
                At::Members(is_first) => {
                    if let Some(part) = self.member(is_first)? {
                        return Ok(Some(part));
                    }
                }
                At::Features(is_first) => {
                    if let Some(part) = self.feature(is_first)? {
                        return Ok(Some(part));
                    }
                }
                At::End => return Ok(None),
            }
        }
    }

    fn open(&mut self) -> Result<(), ReadError> {
        match self.skip_space()? {
            None => return Err(ReadError::Empty),
            Some(b'{') => {}
            Some(byte) => return Err(self.unexpected(byte, "a GeoJSON object begins with {")),
        }
        self.take();
        self.keep(b"{");
        self.at = At::Members(true);
        Ok(())
    }

    /// Reads one member of the outermost object, or its end.
    fn member(&mut self, is_first: bool) -> Result<Option<CollectionPart>, ReadError> {
        let within = "the file's outermost object";
        let byte = self.skip_space()?.ok_or_else(|| self.truncated(within))?;
        if byte == b'}' {
            return self.close();
        }
        if !is_first {
            self.expect(b',', within)?;
            self.keep(b",");
            self.skip_space()?;
        }
        let mut name = Vec::new();
        if self.skip_space()? != Some(b'"') {
            return Err(self.unexpected_next("a member begins with a quoted name", within)?);
        }
        self.value(&mut name, MAX_MEMBER_BYTES, within)?;
        self.skip_space()?;
        self.expect(b':', within)?;
        self.skip_space()?;
        self.at = At::Members(false);
        if name == b"\"features\"" {
            self.check_kind(true)?;
            self.expect(b'[', "the list of features")?;
            (self.at, self.has_features, self.lone) = (At::Features(true), true, None);
            return Ok(None);
        }
        let mut text = Vec::new();
        let limit = if self.lone.is_some() { MAX_FEATURE_BYTES } else { MAX_MEMBER_BYTES };
        self.value(&mut text, limit, within)?;
        self.keep(&name);
        self.keep(b":");
        self.keep(&text);
        if name == b"\"type\"" {
            self.kind = Some(text);
        } else if name == b"\"crs\"" {
            return Ok(Some(CollectionPart::Crs(text)));
        }
        Ok(None)
    }

    /// Ends the outermost object; one of type `Feature` is a file of one feature.
    fn close(&mut self) -> Result<Option<CollectionPart>, ReadError> {
        self.take();
        self.keep(b"}");
        self.at = At::End;
        if let Some(byte) = self.skip_space()? {
            return Err(self.unexpected(byte, "nothing may follow the outermost object"));
        }
        if self.has_features {
            return self.check_kind(false).map(|()| None);
        }
        match (self.kind.as_deref(), self.lone.take()) {
            (Some(b"\"Feature\""), Some(text)) => Ok(Some(CollectionPart::Feature(text))),
            (Some(COLLECTION), _) => Err(self.not_geojson("the collection has no member \"features\"".to_owned())),
            _ => self.check_kind(false).map(|()| None),
        }
    }

    /// Refuses an outermost object that is no collection; one whose type may yet come is no fault.
    fn check_kind(&self, may_come: bool) -> Result<(), ReadError> {
        match self.kind.as_deref() {
            Some(COLLECTION) => Ok(()),
            None if may_come => Ok(()),
            None => Err(self.not_geojson("the outermost object has no member \"type\"".to_owned())),
            Some(kind) => {
                let kind = shortened(&String::from_utf8_lossy(kind));
                Err(self.not_geojson(format!("expected a FeatureCollection, this is a {kind}")))
            }
        }
    }

    fn feature(&mut self, is_first: bool) -> Result<Option<CollectionPart>, ReadError> {
        let within = "the list of features";
        let byte = self.skip_space()?.ok_or_else(|| self.truncated(within))?;
        if byte == b']' {
            self.take();
            self.at = At::Members(false);
            return Ok(None);
        }
        if !is_first {
            self.expect(b',', within)?;
            self.skip_space()?;
        }
        self.at = At::Features(false);
        self.n_features += 1;
        let mut text = Vec::new();
        self.value(&mut text, MAX_FEATURE_BYTES, &format!("feature {}", self.n_features))?;
        Ok(Some(CollectionPart::Feature(text)))
    }

    /// Takes the text of one JSON value: up to its closing bracket or quote, or the next mark that ends a number or word.
    fn value(&mut self, out: &mut Vec<u8>, limit: usize, within: &str) -> Result<(), ReadError> {
        let (mut depth, mut in_text, mut escaped) = (0_u64, false, false);
        loop {
            let byte = self.peek()?.ok_or_else(|| self.truncated(within))?;
            if depth == 0 && !in_text && matches!(byte, b',' | b'}' | b']' | b':') {
                return if out.is_empty() { Err(self.unexpected(byte, "a value is missing")) } else { Ok(()) };
            }
            self.take();
            if out.len() == limit {
                return Err(ReadError::TooLong { within: within.to_owned(), limit });
            }
            out.push(byte);
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_text => escaped = true,
                b'"' => in_text = !in_text,
                b'{' | b'[' if !in_text => depth += 1,
                b'}' | b']' if !in_text => depth -= 1,
                _ => {}
            }
            if depth == 0 && !in_text && matches!(byte, b'"' | b'}' | b']') {
                return Ok(());
            }
        }
    }

    fn keep(&mut self, text: &[u8]) {
        if let Some(lone) = &mut self.lone {
            lone.extend(text);
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, ReadError> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn take(&mut self) {
        self.input.consume(1);
        self.offset += 1;
    }

    fn skip_space(&mut self) -> Result<Option<u8>, ReadError> {
        while matches!(self.peek()?, Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.take();
        }
        self.peek()
    }

    fn expect(&mut self, wanted: u8, within: &str) -> Result<(), ReadError> {
        match self.peek()? {
            None => Err(self.truncated(within)),
            Some(byte) if byte == wanted => {
                self.take();
                Ok(())
            }
            Some(byte) => Err(self.unexpected(byte, &format!("expected {:?} in {within}", char::from(wanted)))),
        }
    }

    fn unexpected_next(&mut self, why: &str, within: &str) -> Result<ReadError, ReadError> {
        let byte = self.peek()?.ok_or_else(|| self.truncated(within))?;
        Ok(self.unexpected(byte, why))
    }

    fn unexpected(&self, byte: u8, why: &str) -> ReadError {
        self.not_geojson(format!("found {:?} where {why}", char::from(byte)))
    }

    fn not_geojson(&self, what: String) -> ReadError {
        ReadError::NotGeoJson { what, offset: self.offset }
    }

    fn truncated(&self, within: &str) -> ReadError {
        ReadError::Truncated { within: within.to_owned(), offset: self.offset }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(text: &str) -> Result<Vec<String>, String> {
        let mut scanner = Scanner::new(text.as_bytes());
        let mut all = Vec::new();
        while let Some(part) = scanner.next_part().map_err(|e| e.to_string())? {
            match part {
                CollectionPart::Feature(text) => all.push(String::from_utf8(text).unwrap()),
                CollectionPart::Crs(text) => all.push(format!("crs {}", String::from_utf8(text).unwrap())),
            }
        }
        Ok(all)
    }

    #[test]
    fn features_are_cut_apart_whatever_they_hold() {
        let text = r#" {"name":"a ]}\" b","features" : [ {"a":"}]\\"}, [1, [2]], 3 ] , "type":"FeatureCollection"} "#;
        assert_eq!(features(text).unwrap(), [r#"{"a":"}]\\"}"#, "[1, [2]]", "3 "]);
        assert_eq!(features(r#"{"type":"FeatureCollection","features":[]}"#).unwrap(), [""; 0]);
        assert_eq!(
            features(r#"{"crs":{"a":1},"features":[],"type":"FeatureCollection"}"#).unwrap(),
            [r#"crs {"a":1}"#]
        );
        assert_eq!(features(r#"{"type":"Feature", "id" : 1}"#).unwrap(), [r#"{"type":"Feature","id":1}"#]);
    }

    #[test]
    fn what_is_no_collection_is_refused_at_its_byte() {
        let error = |text: &str| features(text).unwrap_err();
        assert_eq!(error(""), "the file is empty");
        assert_eq!(error("id,lon"), "not GeoJSON: found 'i' where a GeoJSON object begins with { (byte 0)");
        assert_eq!(error("{}"), "not GeoJSON: the outermost object has no member \"type\" (byte 2)");
        assert_eq!(
            error(r#"{"type":"Topology"}"#),
            "not GeoJSON: expected a FeatureCollection, this is a \"Topology\" (byte 19)"
        );
        assert_eq!(
            error(r#"{"type":"Feature","features":[{"a":1}]}"#),
            "not GeoJSON: expected a FeatureCollection, this is a \"Feature\" (byte 29)"
        );
        assert_eq!(
            error(r#"{"features":[],"type":["FeatureCollection"]}"#),
            "not GeoJSON: expected a FeatureCollection, this is a [\"FeatureCollection\"] (byte 44)"
        );
        assert_eq!(error(r#"{"features":[]}"#), "not GeoJSON: the outermost object has no member \"type\" (byte 15)");
        assert_eq!(
            error(r#"{"features":[{"a":1"#),
            "the file ends in the middle of feature 1: it was cut off (byte 19)"
        );
        assert_eq!(error(r#"{"features":[1,"#), "the file ends in the middle of feature 2: it was cut off (byte 15)");
        assert_eq!(
            error(r#"{"features":[]"#),
            "the file ends in the middle of the file's outermost object: it was cut off (byte 14)"
        );
        assert_eq!(
            error(r#"{"type":"FeatureCollection","features":[]}}"#),
            "not GeoJSON: found '}' where nothing may follow the outermost object (byte 42)"
        );
    }
}
