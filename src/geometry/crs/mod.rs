//! The frames in which coordinates arrive, and the way from each to WGS 84 (EPSG:4326) and back.
//!
//! Chinese phones and web maps give GCJ-02 or BD-09, off by 100 to 700 m; survey offices give CGCS2000, in degrees or
//! in metres of a Gauss-Krüger zone. Nothing is guessed: every input names its [`Frame`]. Numbers always go in and out
//! **east first** (x, y), as GeoJSON has them, whatever order the authority of a system writes; who speaks to a client
//! that keeps to the authority's order asks [`Frame::is_north_first`].
//!
//! ```
//! use gridmap::geometry::crs::Frame;
//! let home = Frame::parse("gcj02")?.to_wgs84(103.6, 34.7)?;
//! assert_eq!(home.to_string(), "103.5978295,34.7014232");
//! # Ok::<(), gridmap::geometry::crs::CrsError>(())
//! ```

mod epsg;
mod shifted;

use std::fmt;

use thiserror::Error;

use super::{Position, PositionError};
pub use epsg::Epsg;

/// A coordinate frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    Wgs84,
    /// The national datum of 2008, EPSG:4490; the same as WGS 84 within centimetres.
    Cgcs2000,
    /// The shifted frame of Amap, Tencent and phones in China. Outside China it is WGS 84.
    Gcj02,
    /// Baidu's frame: GCJ-02 shifted once more.
    Bd09,
    Epsg(Epsg),
}

/// Why a frame or a position in it cannot be understood.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum CrsError {
    #[error("{0:?} is not a coordinate frame: expected wgs84, cgcs2000, gcj02, bd09 or EPSG:n")]
    Unknown(String),
    #[error("EPSG:{0} is not known here")]
    UnknownCode(u32),
    #[error("EPSG:{0} cannot be used: the way from its datum to WGS 84 is not known here")]
    UnknownDatum(u16),
    #[error("EPSG:{0} cannot be used: its projection is not known here")]
    UnknownProjection(u16),
    #[error("{x}, {y} is not a place in {frame}")]
    OutOfReach { x: f64, y: f64, frame: String },
    #[error(
        "{x}, {y} in {frame} lies {degrees:.0} degrees from the zone's own meridian{}",
        if *.is_swapped { ": easting and northing are swapped" } else { "" }
    )]
    BeyondZone { x: f64, y: f64, frame: String, degrees: f64, is_swapped: bool },
    #[error("{x}, {y} in {frame} is longitude and latitude in degrees, this system counts in metres or feet")]
    Degrees { x: f64, y: f64, frame: String },
    #[error(transparent)]
    Position(#[from] PositionError),
}

impl Frame {
    /// Returns the frame of that name: `wgs84`, `cgcs2000`, `gcj02`, `bd09`, `EPSG:n`, `CRS84`, or the OGC's URI or URN
    /// of one. Letter case, blanks and hyphens do not matter in names: `WGS-84` and `WGS 84` are `wgs84`.
    ///
    /// # Errors
    /// When there is no such frame, or EPSG:n has a datum or projection that cannot be computed here.
    pub fn parse(name: &str) -> Result<Self, CrsError> {
        let lower = name.to_ascii_lowercase().replace([' ', '-'], "");
        match lower.as_str() {
            "wgs84"
            | "crs84"
            | "ogc:crs84"
            | "http://www.opengis.net/def/crs/ogc/1.3/crs84"
            | "urn:ogc:def:crs:ogc:1.3:crs84" => return Ok(Self::Wgs84),
            "cgcs2000" => return Ok(Self::Cgcs2000),
            "gcj02" => return Ok(Self::Gcj02),
            "bd09" => return Ok(Self::Bd09),
            _ => {}
        }
        let digits = |number: &&str| {
            let written = name.rsplit([':', '/']).next().unwrap_or_default();
            *number == written.trim() && number.bytes().all(|byte| byte.is_ascii_digit())
        };
        let number = ["epsg:", "http://www.opengis.net/def/crs/epsg/0/", "urn:ogc:def:crs:epsg::"]
            .into_iter()
            .find_map(|prefix| lower.strip_prefix(prefix))
            .filter(digits)
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| CrsError::Unknown(name.to_owned()))?;
        Epsg::new(number).map(Self::Epsg)
    }

    /// Returns the place of `x` (east) and `y` (north): degrees, or the unit of the system for a projected one.
    ///
    /// GCJ-02 and BD-09 are inverted by iteration, to far under a centimetre.
    ///
    /// # Errors
    /// When the numbers are not finite, out of the reach of the system, or not in its unit.
    pub fn to_wgs84(&self, x: f64, y: f64) -> Result<Position, CrsError> {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => Ok(Position::new(x, y)?),
            Self::Gcj02 => Ok(shifted::gcj02_to_wgs84(Position::new(x, y)?)),
            Self::Bd09 => Ok(shifted::bd09_to_wgs84(Position::new(x, y)?)),
            Self::Epsg(epsg) => epsg.to_wgs84(x, y),
        }
    }

    /// Returns the numbers that name `position` in this frame, east first.
    ///
    /// # Errors
    /// When the projection does not reach there.
    pub fn numbers_of(&self, position: Position) -> Result<(f64, f64), CrsError> {
        let numbers = |p: Position| (p.lon(), p.lat());
        match self {
            Self::Wgs84 | Self::Cgcs2000 => Ok(numbers(position)),
            Self::Gcj02 => Ok(numbers(shifted::wgs84_to_gcj02(position))),
            Self::Bd09 => Ok(numbers(shifted::wgs84_to_bd09(position))),
            Self::Epsg(epsg) => epsg.numbers_of(position),
        }
    }

    /// Tells whether the authority of the system writes north (latitude, northing) first: EPSG:4326, EPSG:4490 and the
    /// Gauss-Krüger zones of CGCS2000 do; CRS84, UTM zones and the frames named by a word here do not.
    #[must_use]
    pub fn is_north_first(&self) -> bool {
        matches!(self, Self::Epsg(epsg) if epsg.is_north_first())
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wgs84 => f.write_str("wgs84"),
            Self::Cgcs2000 => f.write_str("cgcs2000"),
            Self::Gcj02 => f.write_str("gcj02"),
            Self::Bd09 => f.write_str("bd09"),
            Self::Epsg(epsg) => write!(f, "EPSG:{}", epsg.code()),
        }
    }
}

#[cfg(test)]
mod tests;
