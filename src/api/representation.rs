//! Which form an answer takes, whether the caller has it already, and under which address it was asked for.

use axum::http::header::{ACCEPT, CACHE_CONTROL, ETAG, HOST, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::address::{FORWARDED_HOST, FORWARDED_PREFIX, FORWARDED_PROTO, parts};
use super::params::Query;
use crate::format::geojson::write_text;
use crate::service::{Validated, Validator};

/// The forms features are answered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    GeoJson,
    Csv,
}

impl Form {
    /// Reads `f`, and where it is not given the `Accept` header. JSON unless CSV is preferred by name.
    pub(crate) fn asked(query: &mut Query<'_>, headers: &HeaderMap) -> Self {
        let by_name = query.read("f", |f| match f {
            "json" | "geojson" => Ok(Self::GeoJson),
            "csv" => Ok(Self::Csv),
            _ => Err("the forms are json and csv"),
        });
        by_name.unwrap_or_else(|| Self::accepted(headers))
    }

    fn accepted(headers: &HeaderMap) -> Self {
        let json = quality(headers, &["application/geo+json", "application/json", "application/*"]);
        if quality(headers, &["text/csv", "text/*"]) > json { Self::Csv } else { Self::GeoJson }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::GeoJson => "application/geo+json",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }
}

/// Tells whether a caller would rather have a page than JSON, as browsers do.
pub(crate) fn prefers_html(headers: &HeaderMap) -> bool {
    quality(headers, &["text/html"]) > quality(headers, &["application/json", "application/*", "*/*"])
}

/// The greatest weight that the `Accept` header gives to one of these ranges; 0 where it names none (RFC 9110, 12.5.1).
fn quality(headers: &HeaderMap, wanted: &[&str]) -> f64 {
    let accept = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges = accept.flat_map(|list| parts(list, ',')).filter_map(|range| {
        let mut parts = parts(range, ';');
        let name = parts.next()?.trim();
        let mut pairs = parts.filter_map(|part| part.trim().split_once('='));
        let q = pairs.find(|(name, _)| name.eq_ignore_ascii_case("q")).map(|(_, q)| q.trim().parse().unwrap_or(0.0));
        wanted.iter().any(|one| one.eq_ignore_ascii_case(name)).then(|| q.unwrap_or(1.0))
    });
    ranges.fold(0.0, f64::max)
}

/// The weak tag of an answer: the same facts, whatever the encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListTag(String);

impl ListTag {
    fn new(validator: &Validator, form: Form) -> Self {
        let form = match form {
            Form::GeoJson => "",
            Form::Csv => ".csv",
        };
        Self(format!("W/\"{validator}{form}\""))
    }

    fn mark(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.insert(ETAG, HeaderValue::try_from(&self.0).expect("digits and quotes are fit for a header"));
        headers.insert(VARY, HeaderValue::from_static("accept, accept-encoding"));
        // What one caller may see stays with that caller, who asks again each time with the tag.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        response
    }
}

/// Tells of each answer in `form` whether the client has it already.
pub(crate) fn known(headers: &HeaderMap, form: Form) -> impl Fn(&Validator) -> bool + Send + Sync {
    move |validator| if_none_match(headers, &ListTag::new(validator, form).0)
}

/// Renders an answer under its tag; the tag alone to a client who has it already.
pub(crate) fn tagged<T>(form: Form, validated: Validated<T>, render: impl FnOnce(T) -> Response) -> Response {
    let tag = ListTag::new(&validated.validator, form);
    tag.mark(validated.answer.map_or_else(|| StatusCode::NOT_MODIFIED.into_response(), render))
}

/// Tells whether the caller names `tag` as known. Compares weakly, as the standard says for reading.
pub(crate) fn if_none_match(headers: &HeaderMap, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|list| parts(list, ',')).any(|known| known.trim() == "*" || bare(known) == bare(tag))
}

/// Adds to a feature on its own, which is at the address `this`, the links to itself and to its collection (OGC API - Features,
/// part 1, 7.16.2).
pub(crate) fn linked(mut feature: Vec<u8>, this: &str) -> Vec<u8> {
    let collection = this.rsplit_once("/items/").map_or(this, |(collection, _)| collection);
    feature.truncate(feature.len() - 1);
    feature.extend(br#","links":[{"rel":"self","type":"application/geo+json","href":"#);
    write_text(this, &mut feature);
    feature.extend(br#"},{"rel":"collection","type":"application/json","href":"#);
    write_text(collection, &mut feature);
    feature.extend(b"}]}");
    feature
}

/// The address of the API as the caller reached it, without a slash at the end: `http://127.0.0.1:8080/api`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base(String);

impl Base {
    /// Builds it from `Host` and what [`PublicAddress`](super::address::PublicAddress) left of `X-Forwarded-*`. Links stay
    /// relative when the host looks odd.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let said = |name: &HeaderName| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.and_then(|list| list.split(',').next()).map(str::trim)
        };
        let prefix = said(&FORWARDED_PREFIX).map(|path| path.trim_end_matches('/')).filter(|path| is_path(path));
        let prefix = prefix.unwrap_or_default();
        let host = said(&FORWARDED_HOST).or_else(|| said(&HOST)).unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-:[]_".contains(c);
        if host.is_empty() || !host.chars().all(plain) {
            return Self(format!("{prefix}/api"));
        }
        let scheme = if said(&FORWARDED_PROTO) == Some("https") { "https" } else { "http" };
        Self(format!("{scheme}://{host}{prefix}/api"))
    }

    pub(crate) fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// Tells whether a text is a plain absolute path: no other host, no way up, nothing to escape.
fn is_path(text: &str) -> bool {
    let is_segment = |segment: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        !segment.is_empty() && !segment.starts_with('.') && segment.chars().all(plain)
    };
    text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(accept: &'static str) -> Form {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        Form::accepted(&headers)
    }

    #[test]
    fn csv_comes_only_when_preferred_by_name() {
        assert_eq!(accepted("text/csv"), Form::Csv);
        assert_eq!(accepted("text/csv, */*;q=0.1"), Form::Csv);
        assert_eq!(accepted("*/*"), Form::GeoJson);
        assert_eq!(accepted("text/html,application/json;q=0.9"), Form::GeoJson);
        assert_eq!(accepted("application/geo+json, text/csv;q=0.5"), Form::GeoJson);
        assert_eq!(accepted(";;,q=,/"), Form::GeoJson);
        assert_eq!(accepted("Text/CSV;Header=Present, application/json;Q=0.5"), Form::Csv);
        assert_eq!(accepted("text/csv;x=\"a;q=0\""), Form::Csv, "what stands in quotes is no weight");
    }

    #[test]
    fn a_tag_in_the_quotes_of_another_is_not_named() {
        let named = |tags: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, HeaderValue::from_static(tags));
            if_none_match(&headers, "W/\"1\"")
        };
        assert!(named("\"a,b\", \"1\"") && named("*") && named("W/\"1\""));
        assert!(!named("\"a, *, b\"") && !named("\"a, 1\""));
    }

    #[test]
    fn a_strange_host_does_not_come_back_in_links() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("a.example:80"));
        assert_eq!(Base::of(&headers).join("/x"), "http://a.example:80/api/x");
        headers.insert(HOST, HeaderValue::from_static("evil\"><script>"));
        assert_eq!(Base::of(&headers).join("/x"), "/api/x");
    }
}
