//! A map of somebody else's to lay under the ground. It is only offered: the ground never moves to fit it.

use super::Names;

/// One map that the page offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basemap {
    pub id: String,
    pub names: Names,
    pub kind: BasemapKind,
    /// A style, or a template with `{z}`, `{x}` and `{y}`; beginning with `https://`, `http://`, or `/` on this server.
    pub url: String,
    pub frame: BasemapFrame,
    /// Pixels along a tile.
    pub tile_size: u32,
    pub max_zoom: u32,
    /// What its licence wants to be shown.
    pub attribution: String,
    /// The approval number (审图号) of a map published in China.
    pub approval: Option<String>,
    /// Where else a browser must be allowed to fetch from: the tiles, glyphs and sprites of a style.
    pub origins: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasemapKind {
    /// A `MapLibre` style.
    Style,
    /// Pictures by zoom, column and row.
    Raster,
    /// The same by the names of WMTS.
    Wmts,
}

/// What the coordinates of a basemap are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BasemapFrame {
    Wgs84,
    /// Shifted, as maps published in China are.
    Gcj02,
}

impl BasemapKind {
    pub const ALL: [Self; 3] = [Self::Style, Self::Raster, Self::Wmts];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Style => "style",
            Self::Raster => "raster",
            Self::Wmts => "wmts",
        }
    }
}

impl BasemapFrame {
    pub const ALL: [Self; 2] = [Self::Wgs84, Self::Gcj02];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Gcj02 => "gcj02",
        }
    }
}

impl Basemap {
    /// Every origin a browser fetches from for it, such as `https://tiles.example:8443`; none for this server's own.
    pub fn all_origins(&self) -> impl Iterator<Item = &str> {
        origin(&self.url).into_iter().chain(self.origins.iter().map(String::as_str))
    }
}

/// Scheme, host and port of an address; `None` of a path.
#[must_use]
pub fn origin(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    Some(&url[..scheme.len() + 3 + host])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_where_the_path_begins() {
        assert_eq!(origin("https://a.example:8443/{z}/{x}"), Some("https://a.example:8443"));
        assert_eq!(origin("http://a.example"), Some("http://a.example"));
        assert_eq!(origin("/maps/{z}/{x}/{y}"), None);
    }
}
