//! The databases the benches run on: the demo county and a synthetic one, in SQLite and in PostGIS.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shared::cluster::{create_database, run};
use crate::synthetic;

/// Grids along one side of the synthetic county: 1,024 in all.
const SIDE: i64 = 32;

const SYNTHETIC_REGION: &str = r#"code = "9"
names = { zh = "试验县", en = "Trial county" }
utc_offset = "+08:00"
fallback = { holder = "office", name = "office" }

[[levels]]
code = "county"
names = { zh = "县", en = "County" }

[[levels]]
code = "grid"
names = { zh = "网格", en = "Grid" }

[[roles]]
code = "grid_leader"
names = { zh = "网格长", en = "Grid leader" }
"#;

/// Addresses of databases that are filled and closed.
#[derive(Debug)]
pub struct Databases {
    pub sqlite: String,
    pub postgres: String,
    pub synthetic_sqlite: String,
    pub synthetic_postgres: String,
    pub folder: tempfile::TempDir,
}

impl Databases {
    /// Makes and fills all four.
    ///
    /// # Panics
    /// When `GRIDMAP_TEST_POSTGRES` does not name a cluster, or an import fails.
    pub fn prepare() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let sqlite = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
        let databases = Self {
            sqlite: sqlite("county.db"),
            synthetic_sqlite: sqlite("synthetic.db"),
            postgres: create_database("bench_county"),
            synthetic_postgres: create_database("bench_synthetic"),
            folder,
        };
        for database in [&databases.sqlite, &databases.postgres] {
            gridmap(&["import", "manifest", fixture("import.toml").to_str().expect("a plain path")], database);
        }
        databases.fill_synthetic();
        databases
    }

    fn fill_synthetic(&self) {
        let (county, grids) = synthetic::layers(SIDE);
        let path = |name: &str| self.folder.path().join(name).to_str().expect("a plain path").to_owned();
        for (name, text) in [("region.toml", SYNTHETIC_REGION), ("county.geojson", &county), ("grids.geojson", &grids)]
        {
            fs::write(path(name), text).expect("a temporary folder is writable");
        }
        for database in [&self.synthetic_sqlite, &self.synthetic_postgres] {
            gridmap(&["import", "region", &path("region.toml")], database);
            gridmap(&["import", "grids", &path("county.geojson"), &path("grids.geojson")], database);
        }
    }
}

/// A file of the demo county.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/lintan").join(name)
}

/// Runs the program on a database.
pub fn gridmap(words: &[&str], database: &str) {
    run(Command::new(env!("CARGO_BIN_EXE_gridmap")).args(words).args(["--database", database]));
}
