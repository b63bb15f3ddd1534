//! One measured figure beside its peer, as a line of the table and as JSON.

use std::fs;
use std::path::Path;

use serde::Serialize;

/// One figure. `ratio` says how many times better than the peer it is, whichever way is better.
#[derive(Debug, Serialize)]
pub struct Row {
    pub name: &'static str,
    /// What it was measured on: `770 grids`.
    pub size: String,
    pub value: f64,
    pub unit: &'static str,
    pub peer: &'static str,
    pub peer_value: f64,
    pub ratio: f64,
}

/// Which way is better.
#[derive(Clone, Copy, Debug)]
pub enum Better {
    Higher,
    Lower,
}

impl Row {
    pub fn new(
        name: &'static str,
        size: &str,
        unit: &'static str,
        better: Better,
        ours: f64,
        peer: (&'static str, f64),
    ) -> Self {
        let ratio = match better {
            Better::Higher => ours / peer.1,
            Better::Lower => peer.1 / ours,
        };
        Self { name, size: size.to_owned(), value: ours, unit, peer: peer.0, peer_value: peer.1, ratio }
    }
}

/// Prints the rows as aligned lines.
pub fn print(rows: &[Row]) {
    for row in rows {
        println!(
            "{:<12} {:<22} {:>12.3} {:<14} {:>14} {:>12.3}   ratio {:>8.3}",
            row.name, row.size, row.value, row.unit, row.peer, row.peer_value, row.ratio
        );
    }
}

/// Writes the rows to `target/bench/NAME.json`.
pub fn write(name: &str, rows: &[Row]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    fs::create_dir_all(&folder).expect("target/ is writable");
    let text = serde_json::to_string_pretty(rows).expect("figures are finite");
    fs::write(folder.join(format!("{name}.json")), text).expect("target/bench is writable");
}
