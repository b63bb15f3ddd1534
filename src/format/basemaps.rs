//! `basemaps.toml` in: the maps that the page offers to lay under the ground.
//!
//! A key is never in it, since whatever the page fetches by it, anyone can read there. A map that needs a key is
//! fetched through the operator's own reverse proxy, which adds it; its address here is then a path on this server.

use std::collections::HashSet;

use url::{ParseError, Url, form_urlencoded};

pub use super::basemap_problem::BasemapProblem;
use super::basemap_problem::MAX_ZOOM;
use super::keys::{self, KeyFault, KeyProblem, Keys};
use crate::domain::basemap::{Basemap, BasemapFrame, BasemapKind, origin};

/// Parameters in which such services take their keys.
const KEY_PARAMETERS: [&str; 11] =
    ["key", "tk", "ak", "sk", "token", "access_token", "apikey", "api_key", "appid", "sig", "secret"];

/// Reads a list of basemaps.
///
/// # Errors
/// All faults, each with the key it is about.
pub fn parse(text: &str) -> Result<Vec<Basemap>, Vec<KeyFault>> {
    keys::parse(text, |keys| {
        keys.allow(&["basemap"]);
        if !keys.has("basemap") {
            return Some(Vec::new());
        }
        let basemaps: Vec<Basemap> = keys.tables("basemap", basemap).into_iter().collect::<Option<_>>()?;
        let mut seen = HashSet::new();
        for (at, basemap) in basemaps.iter().enumerate().filter(|(_, basemap)| !seen.insert(basemap.id.as_str())) {
            keys.refuse(&format!("basemap[{at}].id"), KeyProblem::Repeated(basemap.id.clone()));
        }
        Some(basemaps)
    })
}

fn basemap(keys: &mut Keys<'_>) -> Option<Basemap> {
    keys.allow(&["id", "names", "kind", "url", "frame", "tile_size", "max_zoom", "attribution", "approval", "origins"]);
    let id = keys.text("id");
    if let Some(bad) =
        id.as_deref().filter(|id| !id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_')))
    {
        keys.refuse("id", BasemapProblem::Id(bad.to_owned()));
    }
    let names = keys.names();
    let kind = word(keys, "kind", &BasemapKind::ALL, BasemapKind::as_str);
    let frame = if keys.has("frame") {
        word(keys, "frame", &BasemapFrame::ALL, BasemapFrame::as_str)
    } else {
        Some(BasemapFrame::Wgs84)
    };
    if (kind, frame) == (Some(BasemapKind::Style), Some(BasemapFrame::Gcj02)) {
        keys.refuse("frame", BasemapProblem::ShiftedStyle);
    }
    let url = keys.text("url").and_then(|url| Some(address(keys, &url, kind?)));
    let tile_size = if keys.has("tile_size") { keys.positive("tile_size") } else { Some(256) };
    let max_zoom = if keys.has("max_zoom") { keys.positive("max_zoom") } else { Some(18) };
    if let Some(deep) = max_zoom.filter(|zoom| *zoom > MAX_ZOOM) {
        keys.refuse("max_zoom", BasemapProblem::Zoom(deep));
    }
    let attribution = keys.text("attribution");
    let approval = if keys.has("approval") { Some(keys.text("approval")?) } else { None };
    let origins = keys.texts("origins");
    for bad in origins.iter().filter(|text| !is_address(text) || origin(text) != Some(text.as_str())) {
        keys.refuse("origins", BasemapProblem::Origin(bad.clone()));
    }
    Some(Basemap {
        id: id?,
        names: names?,
        kind: kind?,
        url: url?,
        frame: frame?,
        tile_size: tile_size?,
        max_zoom: max_zoom?,
        attribution: attribution?,
        approval,
        origins,
    })
}

fn word<T: Copy>(keys: &mut Keys<'_>, key: &str, all: &[T], as_str: impl Fn(T) -> &'static str) -> Option<T> {
    let word = keys.text(key)?;
    let found = all.iter().copied().find(|one| as_str(*one) == word);
    if found.is_none() {
        let expected = all.iter().map(|one| as_str(*one)).collect::<Vec<_>>().join(", ");
        keys.refuse(key, KeyProblem::UnknownWord { word, expected });
    }
    found
}

/// The address with the placeholders every client knows, after noting what is wrong with it.
fn address(keys: &mut Keys<'_>, url: &str, kind: BasemapKind) -> String {
    if !is_address(url) {
        keys.refuse("url", BasemapProblem::Address(url.to_owned()));
    }
    if let Some(key) = key_parameter(url) {
        keys.refuse("url", BasemapProblem::Key(key));
    }
    let names: [(&'static str, &str); 3] = match kind {
        BasemapKind::Style => [("", ""); 3],
        BasemapKind::Raster => [("{z}", "{z}"), ("{x}", "{x}"), ("{y}", "{y}")],
        BasemapKind::Wmts => [("{TileMatrix}", "{z}"), ("{TileCol}", "{x}"), ("{TileRow}", "{y}")],
    };
    let (mut told, mut left) = (url.to_owned(), url.to_owned());
    for (theirs, ours) in names.into_iter().filter(|(theirs, _)| !theirs.is_empty()) {
        if !url.contains(theirs) {
            keys.refuse("url", BasemapProblem::NoPlaceholder(theirs));
        }
        told = told.replace(theirs, ours);
        left = left.replace(theirs, "");
    }
    for part in left.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or(part);
        keys.refuse("url", BasemapProblem::Placeholder(name.to_owned()));
    }
    told
}

/// Whether it may be in an answer and, as an origin, in a header: no quotes, spaces, or users before an `@`.
fn is_address(url: &str) -> bool {
    let is_plain = url.chars().all(|c| c.is_ascii_alphanumeric() || URL_CHARACTERS.contains(c));
    is_plain
        && match Url::parse(url) {
            Ok(parsed) => {
                let has_user = !parsed.username().is_empty() || parsed.password().is_some();
                ["http", "https"].contains(&parsed.scheme()) && origin(url).is_some() && !has_user
            }
            Err(ParseError::RelativeUrlWithoutBase) => url.starts_with('/') && !url.starts_with("//"),
            Err(_) => false,
        }
}

const URL_CHARACTERS: &str = "-._~:/?#[]@!$&()*+,;=%{}";

fn key_parameter(url: &str) -> Option<String> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let names = form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.to_ascii_lowercase());
    names.into_iter().find(|name| KEY_PARAMETERS.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<String> {
        parse(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_list_comes_back_with_the_placeholders_every_client_knows() {
        let text = r#"
            [[basemap]]
            id = "tdt"
            names = { zh = "天地图", en = "Tianditu" }
            kind = "wmts"
            url = "/maps/vec_w?LAYER=vec&TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={TileCol}"
            attribution = "天地图"
            approval = "GS(2024)0650号"
            [[basemap]]
            id = "town"
            names = { zh = "镇图", en = "town" }
            kind = "raster"
            url = "https://a.example:8443/{z}/{x}/{y}.png"
            frame = "gcj02"
            tile_size = 512
            attribution = "town"
        "#;
        let maps = parse(text).unwrap();
        assert_eq!(maps[0].url, "/maps/vec_w?LAYER=vec&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}");
        assert_eq!(maps[0].all_origins().count(), 0);
        assert_eq!(maps[1].all_origins().collect::<Vec<_>>(), ["https://a.example:8443"]);
        assert_eq!((maps[1].frame, maps[1].tile_size, maps[1].max_zoom), (BasemapFrame::Gcj02, 512, 18));
        assert_eq!(parse("").unwrap(), []);
    }

    #[test]
    fn the_documented_list_is_one() {
        let page = include_str!("../../docs/basemaps.md");
        let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
        let maps = parse(example).unwrap();
        assert_eq!(
            maps.iter().map(|map| map.kind).collect::<Vec<_>>(),
            [BasemapKind::Raster, BasemapKind::Wmts, BasemapKind::Style]
        );
    }

    #[test]
    fn only_addresses_that_browsers_read_alike_are_taken() {
        for good in ["https://a.example", "http://a.example:8080/{z}?x={x}", "/maps/{z}", "https://[2001:db8::1]/x"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "https://user@a.example/",
            "https://a.example:99999/",
            "https://",
            "//a.example/",
            "a.example/{z}",
            "javascript:alert(1)",
            "https://a.example/ x",
            "https://a.example\\@b.example/",
            "https://1.2.3.999/",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert_eq!(key_parameter("/maps?LAYER=vec&T%6B=1").as_deref(), Some("tk"), "however it is written");
        assert_eq!(key_parameter("/maps?layer=key"), None);
    }

    #[test]
    fn every_fault_of_a_list_is_told_at_once() {
        let text = r#"
            [[basemap]]
            id = "A B"
            names = { zh = "甲", en = "a" }
            kind = "style"
            url = "https://a.example/style.json?tk=123"
            frame = "gcj02"
            attribution = "a"
            origins = ["https://a.example/tiles", "https://b.example; script-src *"]
            [[basemap]]
            id = "b"
            names = { zh = "乙", en = "b" }
            kind = "raster"
            url = "ftp://b.example/{z}/{x}/{k}"
            max_zoom = 99
            colour = "red"
        "#;
        assert_eq!(
            faults(text),
            [
                "basemap[0].id: \"A B\" is no id: small letters, digits, - and _",
                "basemap[0].frame: a style cannot be shifted: only raster and wmts may be gcj02",
                "basemap[0].url: a key in the address (tk=) would be told to every visitor: let a reverse proxy add it, \
                 and give its path",
                "basemap[0].origins: \"https://a.example/tiles\" is no origin: only scheme, host and port, such as \
                 https://tiles.example",
                "basemap[0].origins: \"https://b.example; script-src *\" is no origin: only scheme, host and port, such \
                 as https://tiles.example",
                "basemap[1].colour: is not a key that is known here",
                "basemap[1].url: \"ftp://b.example/{z}/{x}/{k}\" is no address: it begins with https://, http:// or / \
                 and has only characters of addresses",
                "basemap[1].url: the address must hold {y}",
                "basemap[1].url: {k} stands for nothing here",
                "basemap[1].max_zoom: 99 is deeper than any map, at most 24",
                "basemap[1].attribution: is missing",
            ]
        );
    }
}
