//! A made county of squares with shaken corners: townships of 7 x 7 grids, homes and incidents at the same density whatever
//! its size.

use std::fmt::Write as _;
use std::io::Cursor;

use gridmap::format::Mapping;
use gridmap::format::record::Syntax;
use gridmap::geometry::Position;
use gridmap::geometry::crs::Frame;
use gridmap::service::import::{OnEdited, Source};

/// Grids along each side of a township.
const IN_TOWNSHIP: i64 = 7;
/// Lattice steps from one corner to the next, about a kilometre.
const STEP: i64 = 100_000;
const WEST: i64 = 1_030_000_000;
const SOUTH: i64 = 340_000_000;
const HOMES_A_GRID: i64 = 3;
/// One grid in so many has an incident.
const GRIDS_AN_INCIDENT: i64 = 5;

pub const REGION: &str = r#"code = "9"
names = { zh = "试验县", en = "Trial county" }
utc_offset = "+08:00"
fallback = { holder = "office", name = "office" }

[[levels]]
code = "county"
names = { zh = "县", en = "County" }

[[levels]]
code = "township"
names = { zh = "镇", en = "Township" }

[[levels]]
code = "grid"
names = { zh = "网格", en = "Grid" }

[[roles]]
code = "grid_leader"
names = { zh = "网格长", en = "Grid leader" }
"#;

/// A county of so many townships along each side.
#[derive(Clone, Copy, Debug)]
pub struct County {
    pub townships: i64,
}

impl County {
    pub fn side(self) -> i64 {
        self.townships * IN_TOWNSHIP
    }

    pub fn n_grids(self) -> i64 {
        self.side() * self.side()
    }

    /// Every level, as GeoJSON.
    pub fn grids(self) -> Source {
        let mut features = vec![square("9", "county", None, (0, 0), self.side(), "9")];
        for (i, j) in pairs(self.townships) {
            let corner = (i * IN_TOWNSHIP, j * IN_TOWNSHIP);
            features.push(square(&township(i, j), "township", Some("9"), corner, IN_TOWNSHIP, "town"));
        }
        features.extend(pairs(self.side()).map(grid));
        source("grids.geojson", collection(&features))
    }

    pub fn homes(self) -> Source {
        let mut text = String::from("id,lon,lat\n");
        for (i, j) in pairs(self.side()) {
            for n in 0..HOMES_A_GRID {
                let home = inside((i, j), n);
                writeln!(text, "H{i}-{j}-{n},{},{}", home.lon(), home.lat()).expect("a text takes text");
            }
        }
        source("homes.csv", text)
    }

    pub fn incidents(self) -> Source {
        let mut text = String::from("id,kind,lon,lat,reported_at\n");
        for (i, j) in pairs(self.side()).filter(|(i, j)| (i + j) % GRIDS_AN_INCIDENT == 0) {
            let at = inside((i, j), 7);
            writeln!(text, "D{i}-{j},dispute,{},{},2024-05-01T08:00:00+08:00", at.lon(), at.lat())
                .expect("a text takes text");
        }
        source("incidents.csv", text)
    }

    fn middle(self) -> (i64, i64) {
        (self.side() / 2, self.side() / 2)
    }

    /// The code of the grid in the middle, and of its township.
    pub fn codes(self) -> (String, String) {
        let (i, j) = self.middle();
        (code(i, j), township(i / IN_TOWNSHIP, j / IN_TOWNSHIP))
    }

    /// A place in the grid in the middle.
    pub fn place(self) -> Position {
        inside(self.middle(), 1)
    }

    /// Places all over, in an order that knows nothing of place.
    pub fn places(self) -> impl Iterator<Item = Position> {
        let side = self.side();
        (0_i64..).map(move |n| inside((mix(n) % side, mix(-n) % side), n % 9))
    }
}

fn pairs(side: i64) -> impl Iterator<Item = (i64, i64)> {
    (0..side).flat_map(move |j| (0..side).map(move |i| (i, j)))
}

fn township(i: i64, j: i64) -> String {
    format!("T{j:03}{i:03}")
}

fn code(i: i64, j: i64) -> String {
    format!("G{j:03}{i:03}")
}

fn grid((i, j): (i64, i64)) -> String {
    square(&code(i, j), "grid", Some(&township(i / IN_TOWNSHIP, j / IN_TOWNSHIP)), (i, j), 1, "grid")
}

/// A square of `side` x `side` grids, along whose edge every corner of a grid is a vertex.
fn square(code: &str, level: &str, parent: Option<&str>, (i, j): (i64, i64), side: i64, name: &str) -> String {
    let along = 0..side;
    let south = along.clone().map(|n| (i + n, j));
    let east = along.clone().map(|n| (i + side, j + n));
    let north = along.clone().map(|n| (i + side - n, j + side));
    let west = along.map(|n| (i, j + side - n));
    let ring: Vec<String> = south.chain(east).chain(north).chain(west).chain([(i, j)]).map(corner).collect();
    let parent = parent.map_or("null".to_owned(), |parent| format!("\"{parent}\""));
    format!(
        r#"{{"type":"Feature","properties":{{"code":"{code}","name":"{name}","level":"{level}","parent":{parent}}},"geometry":{{"type":"Polygon","coordinates":[[{}]]}}}}"#,
        ring.join(",")
    )
}

fn corner((i, j): (i64, i64)) -> String {
    let shaken = |salt| mix(mix(i * 1_000 + j) + salt) % (STEP / 5) - STEP / 10;
    let degrees = |n: i64| format!("{}.{:07}", n / 10_000_000, n % 10_000_000);
    format!("[{},{}]", degrees(WEST + i * STEP + shaken(1)), degrees(SOUTH + j * STEP + shaken(2)))
}

/// One of nine places well inside a grid.
fn inside((i, j): (i64, i64), n: i64) -> Position {
    let at = |origin: i64, number: i64, third: i64| (origin + number * STEP + STEP / 2 + (third - 1) * STEP / 5) as f64;
    Position::new(at(WEST, i, n % 3) / 1e7, at(SOUTH, j, n / 3 % 3) / 1e7).expect("it lies on the earth")
}

/// A number that nobody sees through, never negative (`SplitMix64`, Steele et al. 2014).
fn mix(n: i64) -> i64 {
    let z = n.cast_unsigned().wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 2).cast_signed()
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn source(name: &str, text: String) -> Source {
    Source {
        name: name.to_owned(),
        input: Box::new(Cursor::new(text)),
        syntax: Syntax::of(name),
        mapping: Mapping::default(),
        frame: Frame::Wgs84,
        on_edited: OnEdited::Refuse,
        is_dry_run: false,
    }
}
