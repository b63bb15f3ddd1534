//! Map tiles: the square of the web Mercator projection, cut in four again and again.
//!
//! Everything is an integer. A place is a [`World`] position, 2^32 steps each way, finer than the lattice; at zoom `z`
//! it is taken to the pixels of that zoom, [`EXTENT`] to a tile. Since a vertex that two grids share is one place, it is
//! one pixel at every zoom, and what is drawn of the two meets. Start with [`Tile`]; [`simplify`] leaves out what cannot
//! be seen, [`clip`] what is not in the tile, and [`mend`] makes polygons of what is left.

pub mod clip;
pub mod mend;
pub mod simplify;

use super::{Bbox, LatticePoint};

/// Pixels along a tile, as is usual in vector tiles.
pub const EXTENT: i32 = 4096;
/// How far beyond its edge a tile is drawn, pixels, so that no outline runs along the edge.
pub const BUFFER: i32 = 64;
/// The deepest zoom: a pixel is 4 cm there, and its number fits in 31 bits.
pub const MAX_ZOOM: u8 = 18;

/// The parallel at which the square ends, degrees.
const MAX_LAT: f64 = 85.051_128_779_806_59;
const STEPS: f64 = 4_294_967_296.0;
const EXTENT_BITS: u32 = 12;

/// A place in the square, from its north-western corner: steps east and south.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct World {
    pub x: u32,
    pub y: u32,
}

/// A pixel of one zoom, or of one tile of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pixel {
    pub x: i32,
    pub y: i32,
}

/// One tile: column from the west and row from the north.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tile {
    zoom: u8,
    column: u32,
    row: u32,
}

/// A box of pixels, edges included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelBox {
    pub west: i32,
    pub north: i32,
    pub east: i32,
    pub south: i32,
}

impl World {
    /// Projects a lattice point (EPSG:3857). Latitudes beyond the square end on its edge.
    #[must_use]
    pub fn of(point: LatticePoint) -> Self {
        let lat = point.lat().clamp(-MAX_LAT, MAX_LAT).to_radians();
        let north = lat.sin().atanh() / std::f64::consts::PI;
        Self { x: step((point.lon() + 180.0) / 360.0), y: step((1.0 - north) / 2.0) }
    }

    /// The nearest pixel at `zoom`.
    #[must_use]
    pub fn pixel(self, zoom: u8) -> Pixel {
        let shift = 32 - EXTENT_BITS - u32::from(zoom);
        let nearest = |at: u32| {
            let pixel = (u64::from(at) + (1 << (shift - 1))) >> shift;
            i32::try_from(pixel).expect("2^30 pixels at the deepest zoom")
        };
        Pixel { x: nearest(self.x), y: nearest(self.y) }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range right before")]
fn step(share: f64) -> u32 {
    (share * STEPS).round().clamp(0.0, STEPS - 1.0) as u32
}

impl Tile {
    /// Returns the tile, or `None` when that zoom has no such row or column.
    #[must_use]
    pub fn new(zoom: u8, row: u32, column: u32) -> Option<Self> {
        let n = 1_u32.checked_shl(zoom.into()).filter(|_| zoom <= MAX_ZOOM)?;
        (row < n && column < n).then_some(Self { zoom, column, row })
    }

    #[must_use]
    pub fn zoom(self) -> u8 {
        self.zoom
    }

    /// The pixel of this zoom at its north-western corner.
    #[must_use]
    pub fn corner(self) -> Pixel {
        let at = |number: u32| i32::try_from(number << EXTENT_BITS).expect("2^30 pixels at the deepest zoom");
        Pixel { x: at(self.column), y: at(self.row) }
    }

    /// What is drawn of it: the tile and [`BUFFER`] around it, in pixels of this zoom.
    #[must_use]
    pub fn drawn(self) -> PixelBox {
        let Pixel { x, y } = self.corner();
        PixelBox { west: x - BUFFER, north: y - BUFFER, east: x + EXTENT + BUFFER, south: y + EXTENT + BUFFER }
    }

    /// The box in degrees of what is drawn of it.
    #[must_use]
    pub fn bbox(self) -> Bbox {
        let pixels = f64::from(1 << self.zoom) * f64::from(EXTENT);
        let lon = |x: i32| (f64::from(x) / pixels * 360.0 - 180.0).clamp(-180.0, 180.0);
        let lat = |y: i32| {
            let north = (1.0 - 2.0 * f64::from(y) / pixels) * std::f64::consts::PI;
            north.tanh().asin().to_degrees()
        };
        let drawn = self.drawn();
        Bbox { west: lon(drawn.west), south: lat(drawn.south), east: lon(drawn.east), north: lat(drawn.north) }
    }
}

impl PixelBox {
    /// The smallest box around `pixels`; `None` around nothing.
    #[must_use]
    pub fn around(pixels: &[Pixel]) -> Option<Self> {
        let (first, rest) = pixels.split_first()?;
        let one = Self { west: first.x, north: first.y, east: first.x, south: first.y };
        Some(rest.iter().fold(one, |all, p| Self {
            west: all.west.min(p.x),
            north: all.north.min(p.y),
            east: all.east.max(p.x),
            south: all.south.max(p.y),
        }))
    }

    #[must_use]
    pub fn holds(self, other: Self) -> bool {
        self.west <= other.west && other.east <= self.east && self.north <= other.north && other.south <= self.south
    }

    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.west <= other.east && other.west <= self.east && self.north <= other.south && other.north <= self.south
    }

    /// Tells whether `other` lies wholly beyond one of the four edges.
    #[must_use]
    pub fn has_beyond_one_edge(self, other: Self) -> bool {
        other.east < self.west || other.west > self.east || other.south < self.north || other.north > self.south
    }
}

/// Twice the area of a ring of pixels, positive when it runs clockwise as seen on the screen (`y` grows southwards): what
/// vector tiles want of an outer ring. The ring does not repeat its first pixel.
#[must_use]
pub fn screen_area2(ring: &[Pixel]) -> i64 {
    let Some(last) = ring.last() else { return 0 };
    let mut before = *last;
    let mut sum = 0_i64;
    for &p in ring {
        sum += i64::from(before.x) * i64::from(p.y) - i64::from(p.x) * i64::from(before.y);
        before = p;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Position;

    fn world(lon: f64, lat: f64) -> World {
        World::of(LatticePoint::from(Position::new(lon, lat).unwrap()))
    }

    #[test]
    fn places_stand_where_the_projection_puts_them() {
        assert_eq!(world(0.0, 0.0), World { x: 1 << 31, y: 1 << 31 });
        assert_eq!(world(-180.0, 90.0), World { x: 0, y: 0 });
        assert_eq!(world(180.0, -90.0), World { x: u32::MAX, y: u32::MAX });
        // EPSG:3857 of 103.38, 34.88 by PROJ 9: 11508209.014, 4146895.583 metres in a square of 40075016.686.
        let steps = |metres: f64| (0.5 + metres / 40_075_016.685_578_49) * STEPS;
        let there = world(103.38, 34.88);
        assert!((f64::from(there.x) - steps(11_508_208.96)).abs() < 100.0, "{there:?}");
    }

    #[test]
    fn a_tile_covers_its_box_and_no_zoom_has_more_than_it_has() {
        assert_eq!(Tile::new(0, 0, 1), None);
        assert_eq!(Tile::new(19, 0, 0), None);
        let tile = Tile::new(8, 101, 201).unwrap();
        let bbox = tile.bbox();
        let wide = 360.0 / 256.0;
        let buffer = wide * f64::from(BUFFER) / f64::from(EXTENT);
        assert!((bbox.west - (201.0 * wide - 180.0 - buffer)).abs() < 1e-9);
        assert!((bbox.east - bbox.west - wide - 2.0 * buffer).abs() < 1e-9);
        let corner = world(bbox.west, bbox.north).pixel(8);
        assert_eq!(corner, Pixel { x: tile.drawn().west, y: tile.drawn().north });
    }

    #[test]
    fn a_ring_clockwise_on_the_screen_is_an_outer_one() {
        let square = [(0, 0), (4, 0), (4, 4), (0, 4)].map(|(x, y)| Pixel { x, y });
        assert_eq!(screen_area2(&square), 32);
        assert_eq!(screen_area2(&[]), 0);
    }
}
