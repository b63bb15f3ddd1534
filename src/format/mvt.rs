//! Mapbox vector tiles, version 2.1: layers of features whose coordinates are pixels of the tile.
//!
//! A layer is written feature by feature into one buffer; a text that repeats is kept once, where its key says so. The numbers
//! of the format are written by `prost`, the protocol buffers library.

use std::collections::HashMap;

use prost::encoding::{WireType, encode_key, encode_varint};

use crate::geometry::tile::{EXTENT, Pixel};

pub const CONTENT_TYPE: &str = "application/vnd.mapbox-vector-tile";

/// Fields of the messages Tile, Layer, Feature and Value.
mod field {
    pub(super) const LAYERS: u32 = 3;
    pub(super) const NAME: u32 = 1;
    pub(super) const FEATURES: u32 = 2;
    pub(super) const KEYS: u32 = 3;
    pub(super) const VALUES: u32 = 4;
    pub(super) const LAYER_EXTENT: u32 = 5;
    pub(super) const VERSION: u32 = 15;
    pub(super) const ID: u32 = 1;
    pub(super) const TAGS: u32 = 2;
    pub(super) const GEOMETRY_TYPE: u32 = 3;
    pub(super) const GEOMETRY: u32 = 4;
    pub(super) const STRING: u32 = 1;
}

const POINT: u64 = 1;
const POLYGON: u64 = 3;
const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
const CLOSE_PATH: u64 = 7 | 1 << 3;

/// The name of a property.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub name: &'static str,
    /// Whether many features have the same few values. Looking for each is what most of the time would go into, so it is
    /// not done for names and identifiers.
    pub repeats: bool,
}

impl Key {
    /// A property that is another one in each feature.
    #[must_use]
    pub const fn own(name: &'static str) -> Self {
        Self { name, repeats: false }
    }

    /// A property that many features have alike.
    #[must_use]
    pub const fn shared(name: &'static str) -> Self {
        Self { name, repeats: true }
    }
}

/// One layer being written.
#[derive(Debug)]
pub struct Layer<'v> {
    name: &'v str,
    keys: &'static [Key],
    features: Vec<u8>,
    values: Vec<u8>,
    n_values: u64,
    known: HashMap<&'v str, u64>,
    /// The last of them that was asked for: one after the other lie in the same area.
    last: Option<(&'v str, u64)>,
    tags: Vec<u8>,
    geometry: Vec<u8>,
}

impl<'v> Layer<'v> {
    /// A layer whose features have the properties `keys`, in this order.
    #[must_use]
    pub fn new(name: &'v str, keys: &'static [Key]) -> Self {
        let (features, values, known) = (Vec::new(), Vec::new(), HashMap::new());
        let (tags, geometry) = (Vec::new(), Vec::new());
        Self { name, keys, features, values, n_values: 0, known, last: None, tags, geometry }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Adds a polygon: outer rings clockwise on the screen, each followed by its holes, which run the other way. `values`
    /// are in the order of the keys; an absent one is left out.
    pub fn add_polygon<'r>(&mut self, id: u64, values: &[Option<&'v str>], rings: impl Iterator<Item = &'r [Pixel]>) {
        self.geometry.clear();
        let mut cursor = Pixel { x: 0, y: 0 };
        for ring in rings {
            let Some((&first, rest)) = ring.split_first() else { continue };
            self.command(MOVE_TO, 1);
            self.go(&mut cursor, first);
            self.command(LINE_TO, rest.len() as u64);
            for &pixel in rest {
                self.go(&mut cursor, pixel);
            }
            encode_varint(CLOSE_PATH, &mut self.geometry);
        }
        self.add(id, POLYGON, values);
    }

    /// Adds a point.
    pub fn add_point(&mut self, id: u64, values: &[Option<&'v str>], at: Pixel) {
        self.geometry.clear();
        self.command(MOVE_TO, 1);
        self.go(&mut Pixel { x: 0, y: 0 }, at);
        self.add(id, POINT, values);
    }

    fn command(&mut self, command: u64, count: u64) {
        encode_varint(command | count << 3, &mut self.geometry);
    }

    fn go(&mut self, cursor: &mut Pixel, to: Pixel) {
        encode_varint(zigzag(to.x - cursor.x), &mut self.geometry);
        encode_varint(zigzag(to.y - cursor.y), &mut self.geometry);
        *cursor = to;
    }

    fn add(&mut self, id: u64, geometry_type: u64, values: &[Option<&'v str>]) {
        self.tags.clear();
        // A code that is the identifier is written once.
        let mut before: Option<(&str, u64)> = None;
        for ((number, key), value) in (0_u64..).zip(self.keys).zip(values) {
            let Some(text) = value else { continue };
            let value = match before {
                Some((same, value)) if same == *text => value,
                _ => self.value(text, key.repeats),
            };
            before = Some((text, value));
            encode_varint(number, &mut self.tags);
            encode_varint(value, &mut self.tags);
        }
        let mut head = [0; 32];
        let mut rest = &mut head[..];
        number(field::ID, id, &mut rest);
        number(field::GEOMETRY_TYPE, geometry_type, &mut rest);
        let n_head = 32 - rest.len();
        let length = n_head + framed(self.tags.len()) + framed(self.geometry.len());
        encode_key(field::FEATURES, WireType::LengthDelimited, &mut self.features);
        encode_varint(length as u64, &mut self.features);
        self.features.extend_from_slice(&head[..n_head]);
        bytes(field::TAGS, &self.tags, &mut self.features);
        bytes(field::GEOMETRY, &self.geometry, &mut self.features);
    }

    /// The place of a text among the layer's values.
    fn value(&mut self, text: &'v str, repeats: bool) -> u64 {
        if repeats {
            if let Some((_, place)) = self.last.filter(|(last, _)| *last == text) {
                return place;
            }
            let place = *self.known.entry(text).or_insert(self.n_values);
            self.last = Some((text, place));
            if place < self.n_values {
                return place;
            }
        }
        let place = self.n_values;
        self.n_values += 1;
        encode_key(field::VALUES, WireType::LengthDelimited, &mut self.values);
        encode_varint(framed(text.len()) as u64, &mut self.values);
        bytes(field::STRING, text.as_bytes(), &mut self.values);
        place
    }

    /// Appends the layer to a tile; an empty one is left out.
    pub fn write(self, tile: &mut Vec<u8>) {
        if self.is_empty() {
            return;
        }
        let mut ends = Vec::new();
        for key in self.keys {
            bytes(field::KEYS, key.name.as_bytes(), &mut ends);
        }
        number(field::LAYER_EXTENT, u64::from(EXTENT.unsigned_abs()), &mut ends);
        number(field::VERSION, 2, &mut ends);
        let length = framed(self.name.len()) + self.features.len() + self.values.len() + ends.len();
        tile.reserve(length + 12);
        encode_key(field::LAYERS, WireType::LengthDelimited, tile);
        encode_varint(length as u64, tile);
        bytes(field::NAME, self.name.as_bytes(), tile);
        tile.extend_from_slice(&self.features);
        tile.extend_from_slice(&self.values);
        tile.extend_from_slice(&ends);
    }
}

fn zigzag(n: i32) -> u64 {
    u64::from(((n << 1) ^ (n >> 31)).cast_unsigned())
}

fn number(field: u32, n: u64, out: &mut impl prost::bytes::BufMut) {
    encode_key(field, WireType::Varint, out);
    encode_varint(n, out);
}

fn bytes(field: u32, content: &[u8], out: &mut Vec<u8>) {
    encode_key(field, WireType::LengthDelimited, out);
    encode_varint(content.len() as u64, out);
    out.extend_from_slice(content);
}

/// How long a field below 16 is with its key and its length.
fn framed(length: usize) -> usize {
    1 + prost::encoding::encoded_len_varint(length as u64) + length
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [Key; 1] = [Key::own("id")];

    /// The example of the specification, 4.3.5.6: two polygons, the second with a hole.
    #[test]
    fn rings_are_written_as_the_specification_shows() {
        let ring = |points: &[(i32, i32)]| points.iter().map(|&(x, y)| Pixel { x, y }).collect::<Vec<_>>();
        let rings = [
            ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]),
            ring(&[(11, 11), (20, 11), (20, 20), (11, 20)]),
            ring(&[(13, 13), (13, 17), (17, 17), (17, 13)]),
        ];
        let mut layer = Layer::new("x", &KEYS);
        layer.add_polygon(1, &[Some("a")], rings.iter().map(Vec::as_slice));
        let expected: [u64; 34] = [
            9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15, 9, 4, 13, 26, 0, 8, 8, 0, 0,
            7, 15, 0,
        ];
        assert_eq!(layer.geometry.iter().map(|&byte| u64::from(byte)).collect::<Vec<_>>(), expected[..33]);
    }
}
