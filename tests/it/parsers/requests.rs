//! What callers write into addresses and headers, as the real server understands it.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::damage::{damaged, damages};
use super::hold;
use super::tables::texts;
use crate::api::county;
use crate::api::http::{get, request};

/// A text as it stands in a query, every byte escaped.
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        write!(out, "%{byte:02X}").unwrap();
        out
    })
}

/// The value of a parameter in an address, by a reader of another make.
fn parameter(address: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(address).unwrap();
    url.query_pairs().find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
}

/// The addresses that a list tells of itself and of its next page repeat what was asked.
#[test]
fn a_text_comes_back_in_the_links_as_it_was_asked() {
    hold(100, &(texts(), texts()), |(body, after)| {
        let path = format!("/api/collections/holders/items?limit=1&body={}&after={}", escaped(&body), escaped(&after));
        let reply = get(county::open(), &path);
        prop_assert_eq!(reply.status, 200, "{}", reply.text());
        let answer = reply.json();
        let this = answer["links"][0]["href"].as_str().unwrap();
        prop_assert_eq!(parameter(this, "body"), Some(body));
        prop_assert_eq!(parameter(this, "after").unwrap_or_default(), after);
        Ok(())
    });
}

/// A number that is asked in many ways is one number, and the same one that an independent reader sees.
#[test]
fn damaged_queries_are_answered_or_refused_in_words() {
    let paths = [
        "/api/locate?lon=103.373907&lat=34.88357&accuracy_m=30&crs=gcj02&at=2025-03-01&category=%E5%9C%9F",
        "/api/collections/grids/items?bbox=103.2,34.5,103.9,35&limit=2&level=grid",
        "/api/collections/incidents/items?datetime=2025-03-01/2025-03-31&status=open&limit=2&f=json",
        "/api/collections/grids/tiles/WebMercatorQuad/10/408/806?level=grid&f=mvt",
        "/api/collections/grids/items/623021100?known_at=2025-03-01T00:00:00%2B08:00",
    ];
    hold(150, &(prop::sample::select(paths.to_vec()), damages()), |(path, damages)| {
        let (damaged, untouched) = damaged(path.as_bytes(), &damages);
        let fit = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=%".contains(byte);
        if untouched < 5 || !damaged.iter().all(fit) {
            return Ok(());
        }
        let damaged = String::from_utf8(damaged).unwrap();
        let reply = get(county::open(), &damaged);
        prop_assert!(
            [200, 204].contains(&reply.status) || (400..500).contains(&reply.status),
            "{} {}",
            reply.status,
            damaged
        );
        if reply.status >= 400 {
            prop_assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{}", damaged);
            prop_assert!(reply.json()["title"].is_string());
        }
        Ok(())
    });
}

/// A tile's address stands for a tile exactly where its numbers are digits and lie in the square of their zoom.
#[test]
fn tiles_stand_where_the_square_of_their_zoom_is() {
    let number = || {
        prop_oneof![
            4 => (0..2_000_u64).prop_map(|n| n.to_string()),
            1 => any::<u64>().prop_map(|n| n.to_string()),
            1 => prop::sample::select(&["-1", "+1", "1.0", "1e1", "0x1", "%20", "007", "4294967296", "１", "x"][..]).prop_map(escaped),
        ]
    };
    let zoom = prop_oneof![4 => (0..22_u64).prop_map(|n| n.to_string()), 1 => number()];
    hold(150, &(zoom, number(), number()), |(zoom, row, column)| {
        let digits = |text: &str| {
            let text = url::form_urlencoded::parse(text.as_bytes())
                .next()
                .map(|(name, _)| name.into_owned())
                .unwrap_or_default();
            text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u128>().ok()).flatten()
        };
        let is_there = digits(&zoom)
            .zip(digits(&row))
            .zip(digits(&column))
            .is_some_and(|((zoom, row), column)| zoom <= 18 && row < 1 << zoom && column < 1 << zoom);
        let path = format!("/api/collections/grids/tiles/WebMercatorQuad/{zoom}/{row}/{column}");
        let status = get(county::open(), &path).status;
        prop_assert_eq!([200, 204].contains(&status), is_there, "{} {}", status, path);
        prop_assert!(is_there || status == 404, "{} {}", status, path);
        Ok(())
    });
}

/// The form is the one of the greatest weight, whatever the order, the case and the blanks.
#[test]
fn the_form_is_the_one_of_the_greatest_weight() {
    let case = prop::sample::select(&[str::to_owned as fn(&str) -> String, str::to_ascii_uppercase][..]);
    let blank = prop::sample::select(&["", " ", "\t "][..]);
    let cases = (0..=10_u32, 0..=10_u32, any::<[bool; 3]>(), case, blank);
    hold(80, &cases, |(csv, json, [is_csv_first, is_in_two, has_parameter], case, blank)| {
        let range = |kind: &str, weight: u32| {
            let parameter = if has_parameter { "charset=utf-8;" } else { "" };
            format!("{}{blank};{parameter}{blank}{}={}.{}", case(kind), case("q"), weight / 10, weight % 10)
        };
        let mut ranges = [range("application/geo+json", json), range("text/csv", csv)];
        if is_csv_first {
            ranges.reverse();
        }
        let together = ranges.join(",");
        let headers: Vec<(&str, &str)> = if is_in_two {
            ranges.iter().map(|range| ("Accept", range.as_str())).collect()
        } else {
            vec![("Accept", &together)]
        };
        let reply = request(county::open(), "GET", "/api/collections/holders/items?limit=1", &headers, b"");
        let is_csv = reply.header("content-type").is_some_and(|kind| kind.starts_with("text/csv"));
        prop_assert_eq!((reply.status, is_csv), (200, csv > json), "{:?}", headers);
        Ok(())
    });
}

/// A list of tags that a caller knows says "not modified" exactly where the tag itself is among them.
#[test]
fn a_known_tag_is_known_in_any_list() {
    let path = "/api/collections/holders/items?limit=1";
    let tag = get(county::open(), path).header("etag").unwrap().to_owned();
    let strong = tag.trim_start_matches("W/").to_owned();
    let other = prop::sample::select(vec!["\"x\"", "W/\"1\"", "\"a, *, b\"", "\"\"", "\"*\"", "W/\"a,b\""]);
    let own = prop::sample::select(vec![tag, strong, "*".to_owned()]);
    hold(80, &(prop::collection::vec(other, 0..4), own, any::<bool>()), |(others, own, has_own)| {
        let mut list: Vec<&str> = others;
        if has_own {
            list.insert(list.len() / 2, &own);
        }
        let list = list.join(", ");
        let reply = request(county::open(), "GET", path, &[("If-None-Match", &list)], b"");
        prop_assert_eq!(reply.status, if has_own { 304 } else { 200 }, "{}", list);
        Ok(())
    });
}

/// One tag, letter by letter as it was answered, is the version; another one is a later or an earlier version; all else is
/// no tag of this server.
#[test]
fn a_change_is_made_on_the_tag_as_it_was_answered() {
    let (server, _folder) = county::own();
    let path = "/api/collections/incidents/items/D0001";
    let incident = get(server, path);
    assert_eq!(incident.header("etag"), Some("\"1\""));
    let body = incident.text();
    let number = prop_oneof![Just("1".to_owned()), "[0-9]{1,4}", "[0-9]{18,24}"];
    let forms = ["\"#\"", "#", "W/\"#\"", "\"+#\"", "\"0#\"", "\"#\", \"#\"", "\"#", "\" #\"", "\"#.0\"", "*", "\"\""];
    hold(120, &(number, prop::sample::select(forms.to_vec())), |(number, form)| {
        let tag = form.replace('#', &number);
        let headers = [("Content-Type", "application/geo+json"), ("If-Match", tag.as_str())];
        let reply = request(server, "PUT", path, &headers, body.as_bytes());
        let is_canonical = number.parse::<u64>().is_ok_and(|n| n.to_string() == number);
        let expected = match (form, number.as_str()) {
            ("\"#\"", "1") => 200,
            ("\"#\"", _) if is_canonical => 412,
            _ => 400,
        };
        prop_assert_eq!(reply.status, expected, "{}", tag);
        Ok(())
    });
    assert_eq!(get(server, path).header("etag"), Some("\"1\""), "nothing has changed");
}
