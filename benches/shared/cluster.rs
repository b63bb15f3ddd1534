//! The cluster of databases that a bench was given.

use std::process::Command;

/// Creates an empty database in the cluster and returns its address.
///
/// # Panics
/// When `GRIDMAP_TEST_POSTGRES` does not name a cluster.
pub fn create_database(name: &str) -> String {
    let cluster = std::env::var("GRIDMAP_TEST_POSTGRES").expect("GRIDMAP_TEST_POSTGRES names a PostGIS cluster");
    for statement in [format!("drop database if exists {name}"), format!("create database {name}")] {
        psql(&cluster, &statement);
    }
    let (server, options) = cluster.split_once('?').map_or((cluster.as_str(), None), |(s, o)| (s, Some(o)));
    let (host, _) = server.rsplit_once('/').expect("postgres://HOST/DATABASE");
    options.map_or_else(|| format!("{host}/{name}"), |options| format!("{host}/{name}?{options}"))
}

/// Has a database run one statement, and returns what that printed.
pub fn psql(database: &str, statement: &str) -> String {
    run(Command::new("psql").args(["-qX", "-d", database, "-c", statement]))
}

/// Runs a command to its end and returns what it printed.
///
/// # Panics
/// When it fails; its words are in the message.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
