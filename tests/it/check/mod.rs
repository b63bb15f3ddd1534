//! The checker: the planted faults of the demo township, clean layers, broken files, and coverages made at random.

mod broken;
mod lattice;
mod lintan;
pub(crate) mod random;
mod snapped;

use std::fs::File;

use gridmap::format::Mapping;
use gridmap::geometry::coverage::Rules;
use gridmap::geometry::crs::Frame;
use gridmap::service::check::{Checked, Input, Reading, plain_region};

/// Checks files of `fixtures/` as `gridmap check` does.
fn check(files: &[&str]) -> Checked {
    let reading = Reading { region: plain_region(), mapping: Mapping::default(), frame: Frame::Wgs84 };
    let mut input = Input::default();
    for file in files {
        let path = format!("{}/fixtures/{file}", env!("CARGO_MANIFEST_DIR"));
        input.read(file, File::open(path).unwrap(), &reading).unwrap();
    }
    input.check(Rules::default(), None)
}
