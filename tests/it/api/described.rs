//! The OpenAPI document says what the server does: schemathesis asks for what the document allows, which must be answered as it
//! says, and for what it does not allow, which must be refused. What is no request of its own stands in `tests/openapi`. The
//! document itself is held against the schema of OpenAPI 3.0.
#![expect(clippy::disallowed_macros, reason = "it prints how many")]

use std::fs;
use std::net::SocketAddr;

use serde_json::Value;

use super::county;
use super::http::{Reply, get, request};
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

/// Things of the county that stand in the place of a name in a path.
const THINGS: [(&str, &str); 9] = [
    ("grids/items/{featureId}", "grids/items/623021"),
    ("households/items/{featureId}", "households/items/H00001"),
    ("incidents/items/{featureId}", "incidents/items/D0001"),
    ("holders/items/{featureId}", "holders/items/C001"),
    ("duties/items/{featureId}", "duties/items/grid_leader.623021100002001.W0001"),
    ("service_points/items/{featureId}", "service_points/items/J01"),
    ("incidents/{id}/", "incidents/D0001/"),
    ("{number}", "1"),
    ("/locate", "/locate?lon=103.381591&lat=34.886626&accuracy_m=30"),
];

/// What more is asked of some paths.
const QUERIES: [&str; 7] = [
    "/api/locate?lon=104.5&lat=35.5",
    "/api/coverage?level=township",
    "/api/hotspots?level=village&by=week,point",
    "/api/collections/grids/tiles/WebMercatorQuad?f=tilejson",
    "/api/collections/incidents/items?limit=3",
    "/api/region?colour=red",
    "/api/collections/grids/items?limit=0&bbox=1",
];

#[test]
fn what_is_answered_is_what_the_document_says_and_nothing_else() {
    for server in [county::open(), county::public()] {
        let document = get(server, "/api/openapi").json();
        let mut n_checked = 0;
        for path in document["paths"].as_object().unwrap().keys() {
            let named = THINGS.iter().fold(path.clone(), |path, (name, thing)| path.replace(name, thing));
            let own = format!("/api{named}");
            let queries = QUERIES.iter().filter(|query| query.split('?').next() == own.split('?').next());
            for asked in [own.as_str()].into_iter().chain(queries.copied()) {
                let reply = get(server, asked);
                n_checked += usize::from(check_reply(&document, &document["paths"][path]["get"], &reply, asked));
            }
        }
        assert!(n_checked > 20, "only {n_checked} answers were checked");
    }
}

#[test]
fn rows_are_answered_as_the_document_says() {
    let document = get(county::open(), "/api/openapi").json();
    let rows = r#"[{"id": 7, "lon": 103.381591, "lat": 34.886626}, {"lon": 104.5, "lat": 35.5}, {"lon": "x"}]"#;
    let reply =
        request(county::open(), "POST", "/api/locate", &[("content-type", "application/json")], rows.as_bytes());
    assert!(check_reply(&document, &document["paths"]["/locate"]["post"], &reply, "rows"));
    assert_eq!(reply.json().as_array().map(Vec::len), Some(3));
}

/// Holds an answer in JSON against what `operation` says of its status; tells whether it was one.
fn check_reply(document: &Value, operation: &Value, reply: &Reply, at: &str) -> bool {
    let content_type = reply.header("content-type").unwrap_or_default().split(';').next().unwrap();
    if !content_type.ends_with("json") {
        return false;
    }
    let response = &operation["responses"][reply.status.to_string()];
    let response = response["$ref"].as_str().map_or(response, |target| document.pointer(&target[1..]).unwrap());
    let schema = &response["content"][content_type]["schema"];
    assert!(schema.is_object(), "{at}: {} {content_type} is not described", reply.status);
    let fault = fault(document, schema, &reply.json(), at);
    assert_eq!(fault, None);
    true
}

/// What of a value its schema does not say: a required member that is not there, one that is not described, another type.
fn fault(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    if let Some(target) = schema["$ref"].as_str() {
        return fault(document, document.pointer(&target[1..]).unwrap(), value, at);
    }
    if *schema == true || schema.as_object().is_some_and(|words| words.keys().all(|word| word == "description")) {
        return None;
    }
    if value.is_null() {
        return (schema["nullable"] != true).then(|| format!("{at} is null"));
    }
    if let [only] = schema["allOf"].as_array().map_or(&[][..], Vec::as_slice) {
        return fault(document, only, value, at);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let mut faults = any.iter().map(|one| fault(document, one, value, at));
        return if faults.any(|fault| fault.is_none()) { None } else { Some(format!("{at} is none of {any:?}")) };
    }
    let is_of_type = match schema["type"].as_str() {
        Some("object") => return fault_in_object(document, schema, value, at),
        Some("array") => {
            let Some(list) = value.as_array() else { return Some(format!("{at} is no list")) };
            return list.iter().find_map(|one| fault(document, &schema["items"], one, at));
        }
        Some("string") => value.is_string() && schema["enum"].as_array().is_none_or(|words| words.contains(value)),
        Some("integer") => value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        _ => false,
    };
    (!is_of_type).then(|| format!("{at}: {value} is not as in {schema}"))
}

fn fault_in_object(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let Some(members) = value.as_object() else { return Some(format!("{at} is no object")) };
    let mut required = schema["required"].as_array().into_iter().flatten();
    if let Some(missing) = required.find(|name| !members.contains_key(name.as_str().unwrap())) {
        return Some(format!("{at} has no {missing}"));
    }
    members.iter().find_map(|(name, member)| {
        let at = format!("{at}.{name}");
        match schema["properties"].get(name).or(schema.get("additionalProperties")) {
            Some(described) => fault(document, described, member, &at),
            None => Some(format!("{at} is not described")),
        }
    })
}
