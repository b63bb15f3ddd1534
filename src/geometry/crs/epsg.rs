//! Systems of the EPSG register, computed by proj4rs from the definitions that `crs-definitions` carries.

use std::fmt;
use std::sync::Arc;

use proj4rs::Proj;
use proj4rs::transform::transform;

use super::{CrsError, Position};

/// One system of the register, ready to compute. Cheap to clone; equal when the codes are.
#[derive(Clone)]
pub struct Epsg {
    code: u16,
    north_first: bool,
    proj: Arc<Proj>,
    wgs84: Arc<Proj>,
    /// The central meridian of a zone, in degrees; none where the system is none.
    meridian: Option<f64>,
}

/// How far from its central meridian a zone is used: it is 1.5 or 3 degrees wide to either side, and a county that lies
/// across the border of several is surveyed in one.
const ZONE_REACH: f64 = 15.0;

impl Epsg {
    /// # Errors
    /// When the code is not in the register's copy, or the way to WGS 84 is not known.
    pub fn new(code: u32) -> Result<Self, CrsError> {
        let definition =
            u16::try_from(code).ok().and_then(crs_definitions::from_code).ok_or(CrsError::UnknownCode(code))?;
        let code = definition.code;
        if !has_known_datum(definition.proj4) {
            return Err(CrsError::UnknownDatum(code));
        }
        let proj = Proj::from_proj_string(definition.proj4).map_err(|_| CrsError::UnknownProjection(code))?;
        let wgs84 = Proj::from_proj_string("+proj=longlat +datum=WGS84 +no_defs").expect("WGS 84 is built in");
        // The register's text leaves the axes out exactly where north comes first: degrees, and Gauss-Krüger zones.
        let north_first = proj.is_latlong() || !definition.wkt.contains("EAST]");
        let meridian = meridian(definition.proj4);
        Ok(Self { code, north_first, proj: Arc::new(proj), wgs84: Arc::new(wgs84), meridian })
    }

    #[must_use]
    pub fn code(&self) -> u16 {
        self.code
    }

    #[must_use]
    pub fn is_north_first(&self) -> bool {
        self.north_first
    }

    pub(super) fn to_wgs84(&self, x: f64, y: f64) -> Result<Position, CrsError> {
        if self.proj.is_latlong() {
            Position::new(x, y)?;
        }
        let frame = || format!("EPSG:{}", self.code);
        if !x.is_finite() || !y.is_finite() {
            return Err(CrsError::OutOfReach { x, y, frame: frame() });
        }
        // No projected system of the register has its origin's neighbourhood of 180 by 90 metres in use.
        if !self.proj.is_latlong() && x.abs() <= 180.0 && y.abs() <= 180.0 && x.fract() != 0.0 && y.fract() != 0.0 {
            return Err(CrsError::Degrees { x, y, frame: frame() });
        }
        let (lon, lat) = shift(&self.proj, &self.wgs84, (x, y)).ok_or(CrsError::OutOfReach { x, y, frame: frame() })?;
        let degrees = self.degrees_off(lon);
        if degrees > ZONE_REACH {
            let swapped = shift(&self.proj, &self.wgs84, (y, x));
            let is_swapped = swapped.is_some_and(|(lon, _)| self.degrees_off(lon) <= ZONE_REACH);
            return Err(CrsError::BeyondZone { x, y, frame: frame(), degrees, is_swapped });
        }
        Position::new(lon, lat).map_err(|_| CrsError::OutOfReach { x, y, frame: frame() })
    }

    /// How many degrees a longitude lies from the zone's meridian; none where the system has no zone.
    fn degrees_off(&self, lon: f64) -> f64 {
        self.meridian.map_or(0.0, |meridian| ((lon - meridian + 540.0).rem_euclid(360.0) - 180.0).abs())
    }

    pub(super) fn numbers_of(&self, position: Position) -> Result<(f64, f64), CrsError> {
        let (x, y) = (position.lon(), position.lat());
        let frame = || format!("EPSG:{}", self.code);
        shift(&self.wgs84, &self.proj, (x, y)).ok_or_else(|| CrsError::OutOfReach { x, y, frame: frame() })
    }
}

/// proj4rs counts geographic systems in radians.
fn shift(from: &Proj, to: &Proj, (x, y): (f64, f64)) -> Option<(f64, f64)> {
    let radians = from.is_latlong();
    let mut point = if radians { (x.to_radians(), y.to_radians(), 0.0) } else { (x, y, 0.0) };
    transform(from, to, &mut point).ok()?;
    let (x, y) = (point.0, point.1);
    let (x, y) = if to.is_latlong() { (x.to_degrees(), y.to_degrees()) } else { (x, y) };
    (x.is_finite() && y.is_finite()).then_some((x, y))
}

/// The central meridian of a transverse Mercator zone, UTM included.
fn meridian(definition: &str) -> Option<f64> {
    let number = |name: &str| {
        let parts = definition.split_whitespace();
        parts.filter_map(|part| part.strip_prefix(name)).find_map(|value| value.parse::<f64>().ok())
    };
    if definition.contains("+proj=utm") {
        return number("+zone=").map(|zone| zone * 6.0 - 183.0);
    }
    definition.contains("+proj=tmerc").then(|| number("+lon_0=")).flatten()
}

/// Without a datum the projection would be computed as if it were WGS 84: right for the GRS 80 ellipsoid (CGCS2000,
/// ETRS89: the same within a metre), hundreds of metres wrong for older surveys.
fn has_known_datum(definition: &str) -> bool {
    ["+datum=", "+towgs84=", "+ellps=GRS80", "+ellps=WGS84", "+nadgrids=@null"]
        .iter()
        .any(|part| definition.contains(part))
}

impl PartialEq for Epsg {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Epsg {}

impl fmt::Debug for Epsg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Epsg({})", self.code)
    }
}
