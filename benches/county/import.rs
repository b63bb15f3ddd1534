//! Storing 50,000 homes, parsed, placed on the ground and checked, against plain `\copy` of the rows that result; and
//! what the whole county costs.

use std::process::Command;
use std::time::Instant;

use crate::databases::{Databases, fixture, gridmap};
use crate::report::{Better, Row};
use crate::shared::cluster::{create_database, run};
use crate::shared::load::commands_cpu_s;

const N_HOMES: f64 = 50_000.0;
const ROUNDS: usize = 5;
/// What the whole county may cost, seconds: there is no other program to measure it against.
const MAX_COUNTY_CPU_S: f64 = 10.0;

/// Rows a second into PostGIS: our whole import, process start included, and `\\copy` by a `psql` of its own.
pub fn import(databases: &Databases) -> Vec<Row> {
    let file = |table: &str| databases.folder.path().join(table).display().to_string();
    let peer = create_database("bench_copy");
    gridmap(&["migrate"], &peer);
    for table in ["region", "household"] {
        psql(&databases.postgres, &format!("\\copy {table} to '{}'", file(table)));
    }
    psql(&peer, &format!("\\copy region from '{}'", file("region")));
    let copy = format!("\\copy household from '{}'", file("household"));
    let (mut ours_s, mut copy_s) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        psql(&databases.postgres, "truncate household");
        ours_s = ours_s.min(seconds(|| import_homes(&databases.postgres)));
        psql(&peer, "truncate household");
        copy_s = copy_s.min(seconds(|| psql(&peer, &copy)));
    }
    let row = |size, unit, better, ours, peer| Row::new("import", size, unit, better, ours, peer);
    vec![
        row("50,000 homes, PostGIS", "rows/s", Better::Higher, N_HOMES / ours_s, ("copy", N_HOMES / copy_s)),
        row("whole county, SQLite", "cpu_s", Better::Lower, county_cpu_s(databases), ("bound", MAX_COUNTY_CPU_S)),
    ]
}

/// Processor time of the whole county into a new SQLite file, every file of it, all checks on; the best of a few.
fn county_cpu_s(databases: &Databases) -> f64 {
    let manifest = fixture("import.toml").display().to_string();
    let imported = |n| {
        let before = commands_cpu_s();
        let file = databases.folder.path().join(format!("whole-{n}.db"));
        gridmap(&["import", "manifest", &manifest], &format!("sqlite:{}", file.display()));
        commands_cpu_s() - before
    };
    (0..3).map(imported).fold(f64::INFINITY, f64::min)
}

fn import_homes(database: &str) {
    let homes = fixture("houses.csv").display().to_string();
    gridmap(&["import", "households", &homes, "--map", "id=house_id", "--map", "stated_grid=group_code"], database);
}

fn psql(database: &str, statement: &str) {
    run(Command::new("psql").args(["-qX", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]));
}

fn seconds(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64()
}
