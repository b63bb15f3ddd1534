//! Landing page, conformance, collections, OpenAPI, health, the region's numbers.

use insta::assert_snapshot;
use serde_json::Value;

use super::county;
use super::http::{get, request};

const GRIDS: &str = "/api/collections/grids/items";

#[test]
fn the_landing_page_leads_everywhere_and_says_that_it_is_open() {
    let landing = get(county::open(), "/api");
    assert_eq!(landing.header("content-type"), Some("application/json"));
    let landing = landing.json();
    let rels: Vec<&str> = landing["links"].as_array().unwrap().iter().map(|l| l["rel"].as_str().unwrap()).collect();
    let described = ["service-desc", "conformance", "data", "describedby"];
    assert_eq!(rels, [&["self", "alternate", "service-doc"], &described[..], &["related"; 3]].concat());
    for link in landing["links"].as_array().unwrap() {
        let path = link["href"].as_str().unwrap().split_once(&county::open().to_string()).unwrap().1;
        let reply = get(county::open(), path);
        if path != "/api/locate" {
            assert_eq!(reply.status, 200, "{path}");
            let kind = reply.header("content-type").unwrap();
            assert_eq!(Some(kind.trim_end_matches("; charset=utf-8")), link["type"].as_str(), "{path}");
        }
    }
    assert_eq!(landing["x-open"], true);
    assert_eq!(get(county::public(), "/api").json()["x-open"], false);
}

/// Browsers ask for a page first; everyone else gets JSON, as before.
#[test]
fn a_browser_gets_the_description_for_people() {
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    let kind = |accept: &str, path: &str| {
        let reply = request(county::open(), "GET", path, &[("Accept", accept)], b"");
        assert_eq!((reply.status, reply.header("vary").is_some_and(|vary| vary.contains("accept"))), (200, true));
        reply.header("content-type").unwrap().to_owned()
    };
    assert_eq!(kind(browser, "/api"), "text/html; charset=utf-8");
    assert_eq!(kind("*/*", "/api?f=html"), "text/html; charset=utf-8");
    for accept in ["*/*", "application/json", "application/json, text/html;q=0.9", "text/html;q=0", ""] {
        assert_eq!(kind(accept, "/api"), "application/json", "{accept}");
    }
    assert_eq!(kind(browser, "/api?f=json"), "application/json");
    let policy = get(county::open(), "/api?f=html").header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains("default-src 'self';") && !policy.contains("http"), "{policy}");
}

#[test]
fn it_says_what_it_conforms_to() {
    let body = get(county::open(), "/api/conformance?f=json").json();
    let classes: Vec<&str> = body["conformsTo"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for class in ["core", "geojson", "oas30"] {
        let uri = format!("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{class}");
        assert!(classes.contains(&uri.as_str()), "{class}");
    }
}

#[test]
fn every_collection_is_described() {
    let body = get(county::open(), "/api/collections").json();
    let ids: Vec<&str> = body["collections"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["grids", "households", "incidents", "holders", "duties", "service_points"]);
    for described in body["collections"].as_array().unwrap() {
        let id = described["id"].as_str().unwrap();
        assert_eq!(get(county::open(), &format!("/api/collections/{id}")).json(), *described);
        assert_eq!(described["extent"]["spatial"]["bbox"][0].as_array().unwrap().len(), 4);
    }
    let missing = get(county::open(), "/api/collections/people");
    assert_eq!((missing.status, &missing.json()["type"]), (404, &"/problems/not-found".into()));
}

#[test]
fn the_openapi_document_is_one_a_generator_can_read() {
    let reply = get(county::open(), "/api/openapi");
    assert_eq!(reply.header("content-type"), Some("application/vnd.oai.openapi+json;version=3.0"));
    let document = reply.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.0."));
    let mut operation_ids = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            assert!(["get", "post", "put", "delete"].contains(&method.as_str()), "{path} {method}");
            operation_ids.push(operation["operationId"].as_str().unwrap().to_owned());
            assert!(!operation["responses"].as_object().unwrap().is_empty(), "{path} {method}");
            for parameter in operation["parameters"].as_array().unwrap() {
                check_parameter(path, parameter);
            }
        }
    }
    let n = operation_ids.len();
    operation_ids.sort();
    operation_ids.dedup();
    assert_eq!(operation_ids.len(), n, "an operation id stands for one operation");
    check_references(&document, &document);
}

fn check_parameter(path: &str, parameter: &Value) {
    let name = parameter["name"].as_str().unwrap();
    assert!(parameter["schema"]["type"].is_string(), "{path} {name}");
    match parameter["in"].as_str().unwrap() {
        "query" => {
            assert_eq!((&parameter["style"], &parameter["explode"]), (&"form".into(), &false.into()), "{path} {name}");
        }
        "path" => assert!(path.contains(&format!("{{{name}}}")) && parameter["required"] == true, "{path} {name}"),
        "header" => {}
        other => panic!("{path} {name} in {other}"),
    }
    if name == "limit" {
        let most = if path == "/search" { 50 } else { 10_000 };
        assert_eq!((&parameter["schema"]["minimum"], &parameter["schema"]["maximum"]), (&1.into(), &most.into()));
    }
    if name == "bbox" {
        assert_eq!((&parameter["schema"]["minItems"], &parameter["schema"]["maxItems"]), (&4.into(), &6.into()));
    }
}

fn check_references(document: &Value, part: &Value) {
    match part {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                let pointer = reference.strip_prefix('#').unwrap();
                assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
            }
            members.values().for_each(|member| check_references(document, member));
        }
        Value::Array(elements) => elements.iter().for_each(|element| check_references(document, element)),
        _ => {}
    }
}

#[test]
fn every_declared_parameter_is_taken_and_no_other() {
    let document = get(county::open(), "/api/openapi").json();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let is_table = ["/coverage", "/hotspots"].contains(&path.as_str());
        if !path.ends_with("/items") && !path.ends_with("/WebMercatorQuad") && !is_table {
            continue;
        }
        for parameter in operations["get"]["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let value = match name {
                "limit" => "3",
                "bbox" => "103,34,104,35",
                "datetime" | "at" | "known_at" => "2025-01-15",
                "f" => "json",
                "level" | "tier" => "village",
                "parent" | "grid" => "623021",
                "role" => "grid_leader",
                "kind" if path.contains("service_points") => "court_station",
                "by" => "week,point",
                "figures" => "homes,incidents",
                _ => parameter["schema"]["enum"][0].as_str().unwrap_or("x"),
            };
            let reply = get(county::open(), &format!("/api{path}?{name}={value}"));
            assert_eq!(reply.status, 200, "{path} {name}: {}", reply.text());
        }
        assert_eq!(get(county::open(), &format!("/api{path}?colour=red")).status, 400, "{path}");
    }
}

#[test]
fn it_lives_and_is_ready_even_before_the_first_import() {
    assert_eq!(get(county::open(), "/healthz").status, 200);
    let ready = get(county::open(), "/readyz");
    assert_eq!((ready.status, ready.json()["state"].clone()), (200, "current".into()));
    assert_eq!(ready.json()["behind"], serde_json::json!({"revisions": 0, "seconds": 0.0}));
    let (empty, _folder) = county::empty();
    assert_eq!(get(empty, "/readyz").json()["state"], "empty");
    assert_eq!(get(empty, "/api/collections").status, 200);
    let no_ground = get(empty, "/api/locate?lon=103.5&lat=34.7");
    assert_eq!((no_ground.status, no_ground.header("retry-after")), (503, Some("2")));
    assert_eq!(no_ground.json()["type"], "/problems/no-ground");
}

#[test]
fn the_region_is_told_in_numbers() {
    let region = get(county::open(), "/api/region").json();
    let levels: Vec<(&str, u64)> = region["levels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|level| (level["code"].as_str().unwrap(), level["n_grids"].as_u64().unwrap()))
        .collect();
    assert_eq!(levels, [("county", 1), ("township", 16), ("village", 147), ("grid", 770), ("group", 1995)]);
    assert_eq!(region["households"]["n_inside"], 50_000);
    assert_eq!(region["households"]["n_outside"], 0);
    let role = |code: &str| region["roles"].as_array().unwrap().iter().find(|r| r["code"] == code).unwrap().clone();
    assert_eq!(role("grid_leader")["n_holders"], 770);
    assert_eq!(role("mediator")["n_holders"], 587);
    assert_eq!(role("mediation_committee")["n_holders"], 147);
    assert_eq!(region["service_points"]["court_station"], 16);
    let disputes = &region["incidents"][0];
    assert_eq!((&disputes["n_reported"], &disputes["n_resolved"]), (&305.into(), &291.into()));
    assert_snapshot!(disputes["resolution"], @r#"{"denominator":305,"numerator":291,"percent":95.41}"#);
    assert!(disputes["period"]["from"].as_str().unwrap().starts_with("2024-01-02"));
}

#[test]
fn methods_that_mean_nothing_are_refused_with_those_that_do() {
    let reply = request(county::open(), "DELETE", GRIDS, &[], b"");
    assert_eq!((reply.status, reply.header("allow")), (405, Some("GET, HEAD")));
    assert_eq!(reply.json()["type"], "/problems/method-not-allowed");
    let head = request(county::open(), "HEAD", "/api/conformance", &[], b"");
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn what_a_refusal_allows_is_what_is_described() {
    for server in [county::open(), county::public()] {
        let document = get(server, "/api/openapi").json();
        for (path, operations) in document["paths"].as_object().unwrap() {
            let mut described: Vec<String> = operations.as_object().unwrap().keys().map(|m| m.to_uppercase()).collect();
            described.push("HEAD".into());
            described.sort();
            let path = path.replace("{featureId}", "x").replace("{tileMatrix}/{tileRow}/{tileCol}", "0/0/0");
            let reply = request(server, "OPTIONS", &format!("/api{path}"), &[], b"");
            let mut allowed: Vec<&str> = reply.header("allow").expect("every 405 has it").split(", ").collect();
            allowed.sort_unstable();
            assert_eq!((reply.status, allowed), (405, described.iter().map(String::as_str).collect()), "{path}");
        }
    }
}

#[test]
fn one_feature_is_described_as_one() {
    let document = get(county::open(), "/api/openapi").json();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let Some(items) = path.strip_suffix("/{featureId}") else { continue };
        let content = &operations["get"]["responses"]["200"]["content"]["application/geo+json"];
        let schema = document.pointer(content["schema"]["$ref"].as_str().unwrap().strip_prefix('#').unwrap()).unwrap();
        let list = get(county::open(), &format!("/api{items}?limit=1")).json();
        let id = list["features"][0]["id"].as_str().unwrap().to_owned();
        let one = get(county::open(), &format!("/api{items}/{id}")).json();
        assert_eq!(schema["properties"]["type"]["enum"][0], one["type"], "{path}");
        for name in schema["required"].as_array().unwrap() {
            assert!(one.get(name.as_str().unwrap()).is_some(), "{path} {name}");
        }
    }
}

#[test]
fn what_is_not_there_is_a_problem_too() {
    for path in ["/api/nothing", "/nothing", "/api/collections/grids/items/none", "/api/collections/holders/items/none"]
    {
        let reply = get(county::open(), path);
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{path}");
    }
}

#[test]
fn basemaps_are_listed_and_the_policy_lets_the_page_fetch_them() {
    let list = get(county::open(), "/api/basemaps").json();
    let expected = serde_json::json!({
        "id": "town", "names": {"zh": "镇图", "en": "town map"}, "kind": "raster", "frame": "gcj02",
        "url": "https://tiles.example/{z}/{x}/{y}.png", "tile_size": 256, "max_zoom": 18,
        "attribution": "the town", "approval": null,
    });
    assert_eq!(list["basemaps"], serde_json::json!([expected]));
    let page = get(county::open(), "/");
    if let Some(policy) = page.header("content-security-policy") {
        assert!(policy.contains("connect-src 'self' https://tiles.example;"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    }
}
