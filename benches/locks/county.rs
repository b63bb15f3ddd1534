//! The demo county with as many homes as are asked for, and a redraw of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Of ten groups, as many are redrawn.
const REDRAWN_OF_TEN: usize = 3;

/// Files to import.
#[derive(Debug)]
pub struct County {
    folder: tempfile::TempDir,
    positions: Vec<(f64, f64)>,
}

impl County {
    /// Writes the files of a county of `n_homes`: those of the demo county over and over, each time some metres further on.
    pub fn new(n_homes: usize) -> Self {
        let homes = fs::read_to_string(fixture("houses.csv")).expect("the demo county");
        let position = |line: &str| {
            let mut cells = line.split(',').skip(1);
            Some((cells.next()?.parse().ok()?, cells.next()?.parse().ok()?))
        };
        let positions: Vec<(f64, f64)> = homes.lines().skip(1).filter_map(position).collect();
        let county = Self { folder: tempfile::tempdir().expect("a temporary folder"), positions };
        fs::write(county.file("homes.csv"), county.homes(n_homes)).expect("a temporary folder is writable");
        fs::write(county.file("groups.geojson"), redrawn()).expect("a temporary folder is writable");
        county
    }

    /// What is imported first.
    pub fn ground() -> [Vec<String>; 2] {
        let layers = ["county", "townships", "villages", "grids", "groups"].map(|layer| format!("{layer}.geojson"));
        let layers = layers.iter().map(|layer| fixture(layer));
        [words("region", [fixture("region.toml")]), words("grids", layers)]
    }

    pub fn import_homes(&self) -> Vec<String> {
        words("households", [self.file("homes.csv")])
    }

    /// Redraws three of ten groups.
    pub fn redraw(&self) -> Vec<String> {
        words("grids", [self.file("groups.geojson")])
    }

    /// Where homes stand.
    pub fn positions(&self) -> &[(f64, f64)] {
        &self.positions
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 rounds")]
    fn homes(&self, n: usize) -> String {
        let mut text = "id,lon,lat,address\n".to_owned();
        for home in 0..n {
            let (lon, lat) = self.positions[home % self.positions.len()];
            let further = (home / self.positions.len()) as f64 * 1e-5;
            let (lon, lat) = (lon + further, lat + further);
            writeln!(text, "H{home:07},{lon:.6},{lat:.6},\"Street {}, door {home}\"", home % 97)
                .expect("a text takes all");
        }
        text
    }
}

/// The groups of the demo county, of which pairs with one parent have changed places.
fn redrawn() -> String {
    let text = fs::read_to_string(fixture("groups.geojson")).expect("the demo county");
    let mut layer: Value = serde_json::from_str(&text).expect("the demo county is GeoJSON");
    let groups = layer["features"].as_array_mut().expect("features");
    let mut waiting: BTreeMap<String, usize> = BTreeMap::new();
    let (mut n_redrawn, most) = (0, groups.len() * REDRAWN_OF_TEN / 10);
    for at in 0..groups.len() {
        let parent = groups[at]["properties"]["parent"].as_str().expect("a parent").to_owned();
        match waiting.remove(&parent) {
            Some(other) if n_redrawn < most => {
                let theirs = groups[other]["geometry"].take();
                groups[other]["geometry"] = std::mem::replace(&mut groups[at]["geometry"], theirs);
                n_redrawn += 2;
            }
            _ => {
                waiting.insert(parent, at);
            }
        }
    }
    assert!(n_redrawn + 1 >= most, "only {n_redrawn} groups of {} can change places", groups.len());
    layer.to_string()
}

fn words(kind: &str, files: impl IntoIterator<Item = PathBuf>) -> Vec<String> {
    let files = files.into_iter().map(|file| file.to_str().expect("a plain path").to_owned());
    ["import".to_owned(), kind.to_owned()].into_iter().chain(files).collect()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lintan").join(name)
}
