//! What the figures are asked to be, beside what they are, and how they grow with size.

use crate::report::Row;

/// What a figure has to reach, and what it should.
enum Bar {
    Ratio { least: f64, reach: f64 },
    Value { most: f64, reach: f64 },
}

/// Prints every row that something is asked of, then each figure by size.
pub fn print(rows: &[Row]) {
    println!("\nWhat is asked (of 70k grids where size matters):");
    for row in rows {
        let Some(bar) = bar(row) else { continue };
        let (found, word, asked, reach, holds) = match bar {
            Bar::Ratio { least, reach } => (row.ratio, "ratio at least", least, reach, row.ratio >= least),
            Bar::Value { most, reach } => (row.value, "at most", most, reach, row.value <= most),
        };
        let holds = if holds { "holds" } else { "MISSES" };
        println!(
            "{:<16} {:>5} {:<18} {:>14} {found:>10.3}  {word} {asked:.3}, reach for {reach:.3}: {holds}",
            row.name, row.size, row.unit, row.peer
        );
    }
    println!("\nBy size:");
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        if seen.contains(&(row.name, row.unit)) {
            continue;
        }
        seen.push((row.name, row.unit));
        let mut by_size: Vec<(&str, f64)> = Vec::new();
        for other in rows.iter().filter(|other| (other.name, other.unit) == (row.name, row.unit)) {
            if by_size.iter().all(|(size, _)| *size != other.size) {
                by_size.push((&other.size, other.value));
            }
        }
        let figures: Vec<String> = by_size.iter().map(|(size, value)| format!("{size} {value:.3}")).collect();
        println!("{:<16} {:<18} {}", row.name, row.unit, figures.join("   "));
    }
}

fn bar(row: &Row) -> Option<Bar> {
    let ratio = |least, reach| Some(Bar::Ratio { least, reach });
    let value = |most, reach| Some(Bar::Value { most, reach });
    match (row.name, row.unit, row.peer) {
        ("locate_patch", "ms p99", _) => return value(1.0, 1.0),
        ("publish", "ms 30 %, worst", _) if row.size == "770" => return value(1_000.0, 1_000.0),
        _ if row.size != "70k" => return None,
        _ => {}
    }
    match (row.name, row.unit, row.peer) {
        ("locate_batch", _, "rstar_geo" | "rstar_interval") => ratio(24.0, 60.0),
        ("locate_batch", _, "geos_prepared") => ratio(45.0, 120.0),
        ("locate_batch", _, "memory_floor") => ratio(0.2, 0.4),
        ("locate_single", _, "rstar_geo" | "rstar_interval") => ratio(5.0, 10.0),
        ("locate_vertices", _, "rstar_geo" | "rstar_interval") => ratio(2.0, 2.0),
        ("locate_edge", _, "locate_single" | "locate_batch") => ratio(1.0 / 3.0, 1.0 / 3.0),
        ("locate_build", "us CPU/grid", _) => value(60.0, 60.0),
        ("locate_memory", ..) => value(4_096.0, 2_048.0),
        _ => None,
    }
}
