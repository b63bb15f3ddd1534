//! Where something is: a checked longitude and latitude, and boxes of them.

use std::fmt;

use thiserror::Error;

/// A place on the earth: longitude and latitude in degrees, EPSG:4326, always finite and in range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    lon: f64,
    lat: f64,
}

/// Why two numbers are not a position.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum PositionError {
    #[error("{lon}, {lat} is not a position: both numbers must be finite")]
    NotFinite { lon: f64, lat: f64 },
    #[error("{lon}, {lat} is not a position: longitude and latitude look swapped")]
    Swapped { lon: f64, lat: f64 },
    #[error("{lon}, {lat} is not a position in degrees: these look like metres, name their coordinate system")]
    Metres { lon: f64, lat: f64 },
    #[error("{lon}, {lat} is not a position: longitude is within 180 and latitude within 90 degrees")]
    OutOfRange { lon: f64, lat: f64 },
}

impl Position {
    /// Returns the position at `lon`, `lat` degrees.
    ///
    /// # Errors
    /// When a number is not finite or out of range; the error says which usual mistake it looks like.
    pub fn new(lon: f64, lat: f64) -> Result<Self, PositionError> {
        if !lon.is_finite() || !lat.is_finite() {
            return Err(PositionError::NotFinite { lon, lat });
        }
        if lon.abs() <= 180.0 && lat.abs() <= 90.0 {
            return Ok(Self { lon, lat });
        }
        if lon.abs() <= 90.0 && lat.abs() <= 180.0 {
            return Err(PositionError::Swapped { lon, lat });
        }
        if lon.abs() > 1_000.0 && lat.abs() > 1_000.0 {
            return Err(PositionError::Metres { lon, lat });
        }
        Err(PositionError::OutOfRange { lon, lat })
    }

    #[must_use]
    pub fn lon(self) -> f64 {
        self.lon
    }

    #[must_use]
    pub fn lat(self) -> f64 {
        self.lat
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.7},{:.7}", self.lon, self.lat)
    }
}

/// A box in degrees, edges included. `west > east` means it crosses the antimeridian (RFC 7946, 5.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bbox {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

impl Bbox {
    /// Splits a box over the antimeridian into its two plain halves; any other box comes back alone.
    #[must_use]
    pub fn plain(self) -> Vec<Self> {
        if self.west <= self.east {
            return vec![self];
        }
        vec![Self { east: 180.0, ..self }, Self { west: -180.0, ..self }]
    }

    /// Tells whether `position` is in the box or on its edge.
    #[must_use]
    pub fn covers(self, position: Position) -> bool {
        self.plain()
            .iter()
            .any(|b| (b.west..=b.east).contains(&position.lon) && (b.south..=b.north).contains(&position.lat))
    }

    /// Tells whether the two boxes share a point; touching edges count.
    #[must_use]
    pub fn intersects(self, other: Self) -> bool {
        self.plain().iter().any(|a| {
            other
                .plain()
                .iter()
                .any(|b| a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_mistakes_are_named() {
        let error = |lon, lat| Position::new(lon, lat).unwrap_err();
        assert!(matches!(error(f64::NAN, 1.0), PositionError::NotFinite { .. }));
        assert!(matches!(error(34.7, 103.6), PositionError::Swapped { .. }));
        assert!(matches!(error(521_334.0, 3_845_112.0), PositionError::Metres { .. }));
        assert!(matches!(error(200.0, 100.0), PositionError::OutOfRange { .. }));
    }

    #[test]
    fn a_box_over_the_antimeridian_covers_both_sides() {
        let fiji = Bbox { west: 177.0, south: -20.0, east: -178.0, north: -16.0 };
        assert!(fiji.covers(Position::new(179.5, -17.0).unwrap()));
        assert!(fiji.covers(Position::new(-179.5, -17.0).unwrap()));
        assert!(!fiji.covers(Position::new(0.0, -17.0).unwrap()));
        let near = Bbox { west: -178.0, south: -17.0, east: -177.0, north: -16.0 };
        assert!(fiji.intersects(near), "touching edges count");
    }
}
