//! The steps of an incident are added one by one, and none is ever lost: not by a change of the incident, not on the way
//! out to a file and in again.

use std::net::SocketAddr;

use gridmap::domain::{Noun, Principal};
use gridmap::service::import::{self, OnEdited, Outcome, Source};
use gridmap::service::{Caller, Gridmap};
use gridmap::store::{Expect, Filter};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::task::spawn_blocking;

use super::county;
use super::http::{Reply, get, request};
use crate::import::text_source;
use crate::store_contract::made::all;

const ITEM: &str = "/api/collections/incidents/items/D0001";
const STEPS: &str = "/api/incidents/D0001/steps";
/// A leader of the county.
const BY: &str = "W0001";

fn send(server: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
    let headers = [&[("Content-Type", "application/json")], headers].concat();
    request(server, method, path, &headers, body.to_string().as_bytes())
}

fn add(server: SocketAddr, body: &Value) -> Reply {
    let added = send(server, "POST", STEPS, &[], body);
    assert_eq!(added.status, 201, "{}", added.text());
    added
}

/// The fault of FAULTS.md, C5: a second `assign`, and who took it, were gone after a change of the category.
#[test]
fn a_change_of_an_incident_loses_no_step() {
    let (server, _county) = county::own();
    let assigned = |at: &str| json!({"kind": "assign", "at": at, "by": BY});
    add(server, &assigned("2024-01-02T15:00:00.000001+08:00"));
    add(server, &assigned("2024-01-03T15:00:00+08:00"));
    add(server, &assigned("2024-01-03T15:00:00+08:00"));
    let read = get(server, ITEM);
    let mut changed = read.json();
    let steps = changed["properties"]["steps"].clone();
    assert_snapshot!(steps, @r#"[{"at":"2024-01-02T05:25:00Z","by":null,"kind":"receive"},{"at":"2024-01-02T07:00:00.000001Z","by":"W0001","kind":"assign"},{"at":"2024-01-02T13:44:00Z","by":null,"kind":"register"},{"at":"2024-01-03T05:44:00Z","by":null,"kind":"resolve"},{"at":"2024-01-03T07:00:00Z","by":"W0001","kind":"assign"},{"at":"2024-01-03T07:00:00Z","by":"W0001","kind":"assign"}]"#);
    changed["properties"]["category"] = "another".into();
    let version = read.header("etag").unwrap();
    let replaced = send(server, "PUT", ITEM, &[("If-Match", version)], &changed);
    assert_eq!(replaced.status, 200, "{}", replaced.text());
    let read = get(server, ITEM);
    assert_eq!(read.json()["properties"]["steps"], steps);
    assert_eq!(read.json()["properties"]["category"], "another");

    // A body that does not speak of steps leaves them alone, too.
    let properties = changed["properties"].as_object_mut().unwrap();
    properties.retain(|name, _| ["id", "kind", "category"].contains(&name.as_str()));
    let replaced = send(server, "PUT", ITEM, &[("If-Match", read.header("etag").unwrap())], &changed);
    assert_eq!((replaced.status, &replaced.json()["properties"]["steps"]), (200, &steps), "{}", replaced.text());
}

#[test]
fn a_step_is_a_resource_with_a_number_and_an_address() {
    let (server, _county) = county::own();
    let before = get(server, STEPS);
    assert_eq!((before.header("etag"), before.json()["steps"].as_array().unwrap().len()), (Some("\"1\""), 3));
    let added = add(server, &json!({"kind": "return_visit", "by": BY}));
    assert_eq!(added.header("etag"), Some("\"2\""));
    assert_eq!(added.header("location"), Some(format!("http://{server}{STEPS}/4").as_str()));
    let step = added.json();
    assert_eq!((&step["number"], &step["kind"], &step["by"]), (&4.into(), &"return_visit".into(), &BY.into()));
    assert_eq!((&step["at"], &step["actor"]), (&county::NOW.into(), &"open".into()), "now, where nothing is said");
    assert!(step["recorded"].is_string());
    assert_eq!(get(server, &format!("{STEPS}/4")).json(), step);
    let list = get(server, STEPS);
    assert_eq!((list.header("etag"), &list.json()["steps"][3]), (Some("\"2\""), &step));
    assert_eq!(request(server, "GET", STEPS, &[("If-None-Match", "\"2\"")], b"").status, 304);
    let incident = get(server, ITEM);
    assert_eq!(
        (incident.header("etag"), &incident.json()["properties"]["return_visit_at"]),
        (Some("\"2\""), &county::NOW.into())
    );
    for gone in ["/api/incidents/D9999/steps", "/api/incidents/D0001/steps/5", "/api/incidents/D0001/steps/x"] {
        assert_eq!(get(server, gone).status, 404, "{gone}");
    }
    assert_eq!(send(server, "POST", "/api/incidents/D9999/steps", &[], &json!({"kind": "rate"})).status, 404);
}

#[test]
fn a_step_can_settle_an_incident_and_the_numbers_follow() {
    let (server, _county) = county::own();
    let open = || get(server, "/api/collections/incidents/items?status=open&limit=1").json();
    let before = open();
    let id = before["features"][0]["id"].as_str().unwrap();
    let settled = send(server, "POST", &format!("/api/incidents/{id}/steps"), &[], &json!({"kind": "resolve"}));
    assert_eq!(settled.status, 201, "{}", settled.text());
    let n = |list: &Value| list["numberMatched"].as_u64().unwrap();
    assert_eq!(n(&open()), n(&before) - 1);
}

#[test]
fn what_is_recorded_is_not_changed() {
    let (server, _county) = county::own();
    for (method, path) in
        [("PUT", format!("{STEPS}/1")), ("DELETE", format!("{STEPS}/1")), ("DELETE", STEPS.to_owned())]
    {
        let refused = send(server, method, &path, &[], &json!({}));
        assert_eq!(refused.status, 405, "{method} {path}");
        assert_eq!(refused.json()["detail"], "what is recorded stays as it is: a step is only added");
    }
    let mut changed = get(server, ITEM).json();
    let steps = changed["properties"]["steps"].clone();
    changed["properties"]["resolved_at"] = "2024-02-01T00:00:00Z".into();
    changed["properties"]["steps"] = json!([steps[0]]);
    let refused = send(server, "PUT", ITEM, &[("If-Match", "\"1\"")], &changed);
    assert_eq!(refused.status, 400);
    let faults = refused.json()["errors"].clone();
    let pointers: Vec<_> = faults.as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/properties/steps", "/properties/resolved_at"]);
    assert_eq!(faults[0]["detail"], "is not what is recorded: steps are added one by one, and none is changed");
    assert_eq!(get(server, ITEM).header("etag"), Some("\"1\""));
}

#[test]
fn every_fault_of_a_step_is_told_at_once_and_nothing_is_added() {
    let (server, _county) = county::own();
    let pointers = |body: &Value, status: u16| -> Vec<String> {
        let refused = send(server, "POST", STEPS, &[], body);
        assert_eq!(refused.status, status, "{}", refused.text());
        let faults = refused.json()["errors"].as_array().unwrap().clone();
        faults.iter().map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect()
    };
    let odd = json!({"kind": "dance", "at": "soon", "by": "a b", "who~/": 1});
    assert_eq!(pointers(&odd, 400), ["/who~0~1", "/kind", "/at", "/by"]);
    let unknown = json!({"kind": "assign", "at": "2023-12-31T00:00:00Z", "by": "W9999"});
    assert_eq!(pointers(&unknown, 422), ["/at", "/by"], "each is well, but not of this incident and this county");
    assert_eq!(pointers(&json!([]), 400), [""]);
    let tabled = request(server, "POST", STEPS, &[("Content-Type", "text/csv")], b"kind\nassign");
    assert_eq!(tabled.status, 415);
    let public = send(county::public(), "POST", STEPS, &[], &json!({"kind": "assign"}));
    assert_eq!(
        (public.status, public.json()["type"].clone()),
        (403, "/problems/read-only".into()),
        "{}",
        public.text()
    );
    assert_eq!(get(county::public(), STEPS).status, 403);
    assert_eq!(get(server, STEPS).json()["steps"].as_array().unwrap().len(), 3);
}

#[test]
fn a_step_is_added_once_and_on_the_version_it_is_meant_for() {
    let (server, _county) = county::own();
    let body = json!({"kind": "handle", "by": BY});
    let stale = send(server, "POST", STEPS, &[("If-Match", "\"9\"")], &body);
    assert_eq!((stale.status, &stale.json()["version"]), (412, &1.into()));
    let headers = [("If-Match", "\"1\""), ("Idempotency-Key", "of-the-phone")];
    let (first, again) = (send(server, "POST", STEPS, &headers, &body), send(server, "POST", STEPS, &headers, &body));
    assert_eq!((first.status, again.status, &first.body), (201, 201, &again.body));
    assert_eq!((first.header("location"), first.header("etag")), (again.header("location"), again.header("etag")));
    assert_eq!(get(server, STEPS).json()["steps"].as_array().unwrap().len(), 4);
    let other = send(server, "POST", STEPS, &[("Idempotency-Key", "of-the-phone")], &json!({"kind": "rate"}));
    assert_eq!(other.status, 422);
}

#[test]
fn a_new_incident_may_bring_its_steps() {
    let (server, _county) = county::own();
    let feature = |steps: Value| {
        json!({
            "type": "Feature", "geometry": {"type": "Point", "coordinates": [103.373_907, 34.883_57]},
            "properties": {"id": "X1", "kind": "dispute", "steps": steps},
        })
    };
    let items = "/api/collections/incidents/items";
    let wrong = json!([{"kind": "assign", "at": "2024-01-01"}, {"kind": "receive", "at": "2024-01-02"}, {"kind": "x"}]);
    let refused = send(server, "POST", items, &[], &feature(wrong));
    let faults = refused.json()["errors"].clone();
    let pointers: Vec<_> = faults.as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/properties/steps/2/kind", "/properties/steps/2/at"]);
    let early = json!([{"kind": "assign", "at": "2024-01-01"}, {"kind": "receive", "at": "2024-01-02"}]);
    let refused = send(server, "POST", items, &[], &feature(early));
    assert_eq!(refused.json()["errors"][0]["pointer"], "/properties/steps/0/at", "{}", refused.text());
    let steps = json!([{"kind": "assign", "at": "2024-01-03", "by": BY}, {"kind": "receive", "at": "2024-01-02"}]);
    let created = send(server, "POST", items, &[], &feature(steps));
    assert_eq!(created.status, 201, "{}", created.text());
    let told = created.json()["properties"].clone();
    assert_eq!((&told["reported_at"], &told["steps"][1]["by"]), (&"2024-01-01T16:00:00Z".into(), &BY.into()));
}

/// Everything that both forms tell of all incidents, but the server's own address.
fn exported(server: SocketAddr) -> [String; 2] {
    let all = |form| get(server, &format!("/api/collections/incidents/items?{form}")).text();
    ["f=csv", "f=json&limit=10000"].map(|form| all(form).replace(&server.to_string(), "server"))
}

#[test]
fn steps_go_out_and_come_in_whole_in_both_forms() {
    let (server, _county) = county::own();
    for at in ["2024-01-02T15:00:00.000001+08:00", "2024-01-02T13:25:00+08:00", "2024-01-02T15:00:00.000001+08:00"] {
        add(server, &json!({"kind": "assign", "at": at, "by": BY}));
    }
    let out = exported(server);
    let runtime = Runtime::new().unwrap();
    for (name, text) in ["incidents.csv", "incidents.geojson"].into_iter().zip(out.clone()) {
        // Into a county without incidents, and into one that has them without these steps.
        for empties in [true, false] {
            let database = county::copy();
            let text = text.clone();
            let told = runtime.block_on(async {
                let store = database.open().await;
                if empties {
                    let ids: Vec<_> = all(store.incidents(Filter::default())).await;
                    let mut t = store.begin(&gridmap::domain::Actor::SYSTEM, "a test").await.unwrap();
                    for one in ids {
                        t.delete(Noun::Incidents, one.thing.id.as_str(), Expect::Any).await.unwrap();
                    }
                    t.commit().await.unwrap();
                }
                let gridmap = Gridmap::open(store, std::sync::Arc::new(county::now())).await.unwrap();
                let source = Source { on_edited: OnEdited::Overwrite, ..text_source(name, text) };
                let report = import::incidents(&Caller::system(&gridmap), source).await.unwrap();
                assert!(matches!(report.outcome, Outcome::Stored { .. }), "{report:?}");
                let server = county::serve(gridmap, Principal::open()).await;
                spawn_blocking(move || exported(server)).await.unwrap()
            });
            assert!(told == out, "{name} {empties}: what came in goes out as it was");
        }
    }
}

#[test]
fn a_file_whose_steps_name_a_stranger_is_refused_by_its_line() {
    let runtime = Runtime::new().unwrap();
    runtime.block_on(async {
        let database = county::copy();
        let gridmap = Gridmap::open(database.open().await, std::sync::Arc::new(county::now())).await.unwrap();
        let row = |id: &str, by: &str| {
            format!("{id},hazard,103.37,34.88,\"[{{\"\"kind\"\":\"\"receive\"\",\"\"at\"\":\"\"2024-01-01\"\",\"\"by\"\":\"\"{by}\"\"}}]\"\n")
        };
        let text = format!("id,kind,lon,lat,steps\n{}{}", row("N1", BY), row("N2", "W9999"));
        let report = import::incidents(&Caller::system(&gridmap), text_source("new.csv", text)).await.unwrap();
        assert!(!report.is_good() && report.n_refused == 1, "{report:?}");
        assert!(format!("{report:?}").contains("W9999"));
        assert_eq!(gridmap.store().steps("N1").await.unwrap(), []);
    });
}
