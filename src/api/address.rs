//! The address that callers use, which links begin with: behind a proxy it is another one than the server's own.

use std::net::IpAddr;

use axum::http::header::{FORWARDED, HOST};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use url::Url;

use crate::config::AddressSettings;

/// What the name, the scheme and the path before the API are said to be, as proxies commonly write it.
pub(crate) const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
pub(crate) const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
pub(crate) const FORWARDED_PREFIX: HeaderName = HeaderName::from_static("x-forwarded-prefix");

/// Where callers reach the server, and who is believed about it.
#[derive(Clone, Debug, Default)]
pub struct PublicAddress {
    url: Option<Url>,
    trusted: Vec<IpNet>,
}

impl PublicAddress {
    #[must_use]
    pub fn new(settings: &AddressSettings) -> Self {
        Self { url: settings.public_url.clone(), trusted: settings.trusted_proxy.clone() }
    }

    /// Leaves in the headers of a request from `peer` what is believed of its address, as `X-Forwarded-*`.
    ///
    /// A public URL that was set is all that counts; else what a trusted proxy says, by `Forwarded` (RFC 7239) or by
    /// `X-Forwarded-*`; of others nothing.
    pub(crate) fn settle(&self, headers: &mut HeaderMap, peer: IpAddr) {
        let forwarded = headers.remove(FORWARDED);
        let is_trusted =
            self.url.is_none() && self.trusted.iter().any(|network| network.contains(&peer.to_canonical()));
        if !is_trusted {
            for name in [FORWARDED_HOST, FORWARDED_PROTO, FORWARDED_PREFIX] {
                headers.remove(name);
            }
        } else if let Some(forwarded) = forwarded.as_ref().and_then(|value| value.to_str().ok()) {
            for (name, header) in [("host", FORWARDED_HOST), ("proto", FORWARDED_PROTO)] {
                put(headers, header, parameter(forwarded, name));
            }
        }
        if let Some(url) = &self.url {
            put(headers, HOST, Some(url.authority()));
            put(headers, FORWARDED_PROTO, Some(url.scheme()));
            put(headers, FORWARDED_PREFIX, Some(url.path()));
        }
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: Option<&str>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
        headers.insert(name, value);
    }
}

/// The value of a parameter in the first element of `Forwarded`, which the outermost proxy wrote.
fn parameter<'f>(forwarded: &'f str, name: &str) -> Option<&'f str> {
    let first = parts(forwarded, ',').next()?;
    let mut pairs = parts(first, ';').filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim_matches('"'))
}

/// What stands between the marks of a header's value; a mark in quotes is none (RFC 9110, 5.6.4).
pub(super) fn parts(value: &str, mark: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    value.split(move |c| {
        let is_mark = c == mark && !is_quoted;
        is_quoted ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && is_quoted && !is_escaped;
        is_mark
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::representation::Base;

    const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 7));
    const STRANGER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn base(url: Option<&str>, peer: IpAddr, said: &[(&'static str, &'static str)]) -> String {
        let url = url.map(|url| url.parse().unwrap());
        let address = PublicAddress { url, trusted: vec!["10.0.0.0/8".parse().unwrap()] };
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("inner:8080"));
        headers
            .extend(said.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))));
        address.settle(&mut headers, peer);
        Base::of(&headers).join("")
    }

    #[test]
    fn links_begin_with_what_a_trusted_proxy_says() {
        let common =
            [("x-forwarded-host", "map.example"), ("x-forwarded-proto", "https"), ("x-forwarded-prefix", "/grid")];
        assert_eq!(base(None, PROXY, &common), "https://map.example/grid/api");
        assert_eq!(base(None, STRANGER, &common), "http://inner:8080/api");
        let standard = [("forwarded", "for=192.0.2.1;Proto=https;host=\"map.example:8443\", for=10.0.0.1;proto=http")];
        assert_eq!(base(None, PROXY, &standard), "https://map.example:8443/api");
        assert_eq!(base(None, STRANGER, &standard), "http://inner:8080/api");
        let quoted = [("forwarded", "for=\"_a;host=evil.example, b\";by=\"\\\";host=evil.example\";host=map.example")];
        assert_eq!(base(None, PROXY, &quoted), "http://map.example/api", "what a caller wrote stands in quotes");
        assert_eq!(base(None, PROXY, &[]), "http://inner:8080/api");
    }

    #[test]
    fn odd_words_of_a_proxy_do_not_come_back_in_links() {
        for odd in ["grid", "/gr id", "//evil.example", "/<script>", "/a/../b", "/"] {
            assert_eq!(base(None, PROXY, &[("x-forwarded-prefix", odd)]), "http://inner:8080/api", "{odd}");
        }
        assert_eq!(base(None, PROXY, &[("x-forwarded-prefix", "/a/b/")]), "http://inner:8080/a/b/api");
        assert_eq!(base(None, PROXY, &[("x-forwarded-host", "a.example, b.example")]), "http://a.example/api");
        assert_eq!(base(None, PROXY, &[("x-forwarded-proto", "https, http")]), "https://inner:8080/api");
    }

    #[test]
    fn a_public_address_that_was_set_is_all_that_counts() {
        let said = [("x-forwarded-host", "evil.example"), ("x-forwarded-prefix", "/evil")];
        for peer in [PROXY, STRANGER] {
            assert_eq!(base(Some("https://map.example/grid/"), peer, &said), "https://map.example/grid/api");
            assert_eq!(base(Some("http://map.example:81"), peer, &said), "http://map.example:81/api");
        }
    }
}
