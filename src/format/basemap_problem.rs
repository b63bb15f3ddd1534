//! What can be wrong with a basemap.

use thiserror::Error;

pub(super) const MAX_ZOOM: u32 = 24;

/// Why an address cannot be offered to browsers.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BasemapProblem {
    #[error("{0:?} is no address: it begins with https://, http:// or / and has only characters of addresses")]
    Address(String),
    #[error("the address must hold {0}")]
    NoPlaceholder(&'static str),
    #[error("{{{0}}} stands for nothing here")]
    Placeholder(String),
    #[error(
        "a key in the address ({0}=) would be told to every visitor: let a reverse proxy add it, and give its path"
    )]
    Key(String),
    #[error("{0:?} is no origin: only scheme, host and port, such as https://tiles.example")]
    Origin(String),
    #[error("a style cannot be shifted: only raster and wmts may be gcj02")]
    ShiftedStyle,
    #[error("{0:?} is no id: small letters, digits, - and _")]
    Id(String),
    #[error("{0} is deeper than any map, at most {MAX_ZOOM}")]
    Zoom(u32),
}
