//! The interpreter with the packages of `tests/requirements.txt`.

use std::path::Path;
use std::process::Command;

pub(crate) fn python() -> Command {
    let interpreter = concat!(env!("CARGO_MANIFEST_DIR"), "/target/python/bin/python3");
    assert!(Path::new(interpreter).exists(), "{interpreter} is not there: tools/python.sh makes it");
    Command::new(interpreter)
}
