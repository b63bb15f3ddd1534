//! The OpenAPI document says what the server does: schemathesis asks for what the document allows, which must be answered as it
//! says, and for what it does not allow, which must be refused. What is no request of its own stands in `tests/openapi`. The
//! document itself is held against the schema of OpenAPI 3.0.
#![expect(clippy::disallowed_macros, reason = "it prints how many")]

use std::fs;
use std::net::SocketAddr;

use super::county;
use super::http::get;
use crate::backends::asked;
use crate::python::python;

/// Asks a server, for some seconds; longer where `GRIDMAP_TEST_EXAMPLES` says how many requests are drawn of each operation,
/// and `GRIDMAP_TEST_SEED` which (`make test-described`).
fn check(server: SocketAddr) {
    let examples = asked("GRIDMAP_TEST_EXAMPLES");
    let seed = asked("GRIDMAP_TEST_SEED").unwrap_or_else(|| "1".into());
    let mut asking = python();
    asking.args(["-m", "schemathesis.cli", "--config-file", "tests/openapi/schemathesis.toml", "--no-color", "run"]);
    asking.arg(format!("http://{server}/api/openapi")).args(["--seed", &seed, "--continue-on-failure"]);
    match &examples {
        Some(examples) => asking.args(["--max-examples", examples]),
        None => asking.args(["--max-examples", "10", "--phases", "examples,coverage,fuzzing"]),
    };
    asking.env("PYTHONDONTWRITEBYTECODE", "1").current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = asking.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let tested = said.lines().filter(|line| line.contains("generated") || line.contains("Selected:"));
    println!("{}", tested.collect::<Vec<_>>().join("\n"));
}

#[test]
fn who_may_do_everything_is_told_what_the_server_asks() {
    let (server, _database) = county::own();
    check(server);
}

#[test]
fn so_is_the_public() {
    let (server, _database) = county::own_public();
    check(server);
}

#[test]
fn the_document_is_one_by_the_standard() {
    let (empty, _database) = county::empty();
    for (server, whose) in [(county::open(), "open"), (county::public(), "public"), (empty, "empty")] {
        let file = tempfile::NamedTempFile::with_suffix(".json").unwrap();
        fs::write(file.path(), get(server, "/api/openapi").body).unwrap();
        let checked =
            python().args(["-m", "openapi_spec_validator", "--schema", "3.0"]).arg(file.path()).output().unwrap();
        assert!(checked.status.success(), "{whose}: {}", String::from_utf8_lossy(&checked.stdout));
    }
}
