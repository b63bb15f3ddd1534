//! Coverage and hotspots against a count by hand: the fixture files read line by line, no code of the service's own.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, FixedOffset};
use serde_json::Value;

use super::county;
use super::http::get;

/// How many digits the codes of each level have in the demo county.
const LEVELS: [(&str, usize); 5] = [("county", 6), ("township", 9), ("village", 12), ("grid", 15), ("group", 17)];

#[derive(Clone, Debug)]
struct Dispute {
    group: String,
    tier: String,
    resolved: bool,
    category: String,
    reported: DateTime<FixedOffset>,
}

fn column(file: &str, name: &str) -> Vec<String> {
    let text = std::fs::read_to_string(format!("fixtures/lintan/{file}")).unwrap();
    let mut lines = text.lines();
    let at = lines.next().unwrap().split(',').position(|column| column == name).unwrap();
    lines.map(|line| line.split(',').nth(at).unwrap().to_owned()).collect()
}

fn disputes() -> Vec<Dispute> {
    let of = |name| column("disputes.csv", name);
    let (groups, tiers, states) = (of("group_code"), of("tier"), of("status"));
    let (categories, times) = (of("kind"), of("reported_at"));
    (0..groups.len())
        .map(|at| Dispute {
            group: groups[at].clone(),
            tier: tiers[at].clone(),
            resolved: states[at] == "resolved",
            category: categories[at].clone(),
            reported: times[at].parse().unwrap(),
        })
        .collect()
}

/// How many of `codes` begin with each code of a level.
fn by_prefix<'c>(codes: impl Iterator<Item = &'c str>, digits: usize) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for code in codes {
        *counts.entry(code[..digits].to_owned()).or_default() += 1;
    }
    counts
}

fn figure(row: &Value, name: &str) -> (Option<u64>, Option<u64>) {
    let figure = &row["figures"][name];
    (figure["numerator"].as_u64(), figure["denominator"].as_u64())
}

fn rows(path: &str) -> (Value, Vec<Value>) {
    let reply = get(county::open(), path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    let body = reply.json();
    let rows = body["rows"].as_array().unwrap().clone();
    (body, rows)
}

#[test]
fn homes_and_incidents_of_every_level_are_those_counted_by_hand() {
    let homes = column("houses.csv", "group_code");
    let disputes = disputes();
    for (level, digits) in LEVELS {
        let (body, rows) = rows(&format!("/api/coverage?level={level}"));
        let homes = by_prefix(homes.iter().map(String::as_str), digits);
        let reported = by_prefix(disputes.iter().map(|d| d.group.as_str()), digits);
        for row in &rows {
            let code = row["code"].as_str().unwrap();
            let (here, incidents) = (homes.get(code).copied().unwrap_or(0), reported.get(code).copied().unwrap_or(0));
            let target = match level {
                "grid" => (Some(here), Some(65)),
                "group" => (Some(here), Some(25)),
                _ => (Some(here), None),
            };
            assert_eq!(figure(row, "homes"), target, "{code}");
            assert_eq!(figure(row, "incidents"), (Some(incidents), Some(here)), "{code}");
            for tier in LEVELS.map(|(level, _)| level) {
                let settled = disputes.iter().filter(|d| d.resolved && d.tier == tier && d.group.starts_with(code));
                let closed = figure(row, &format!("closed_at_{tier}"));
                assert_eq!(closed, (Some(settled.count() as u64), Some(incidents)), "{code} {tier}");
            }
        }
        let total = &body["total"];
        assert_eq!(figure(total, "incidents"), (Some(305), Some(50_000)));
        assert_eq!(total["figures"]["incidents"]["value"], 0.61);
        assert_eq!(figure(total, "resolved"), (Some(291), Some(305)));
        assert_eq!(total["figures"]["resolved"]["value"], 0.9541);
        assert_eq!(figure(total, "without_grid"), (Some(0), Some(50_000)));
        assert_eq!(total["code"], "623021");
    }
}

#[test]
fn over_full_grids_are_those_counted_by_hand() {
    let homes = by_prefix(column("houses.csv", "group_code").iter().map(String::as_str), 15);
    let over = homes.values().filter(|n| **n > 120).count() as u64;
    let under = homes.values().filter(|n| **n < 30).count() as u64;
    let (body, rows) = rows("/api/coverage?level=grid");
    assert_eq!(body["household_target"], serde_json::json!({"floor": 30, "target": 65, "ceiling": 120}));
    assert_eq!(figure(&body["total"], "over_ceiling"), (Some(over), Some(770)));
    assert_eq!(figure(&body["total"], "under_floor"), (Some(under), Some(770)));
    let marked = rows.iter().filter(|row| figure(row, "over_ceiling") == (Some(1), Some(1))).count();
    assert_eq!(marked as u64, over);
    assert!(over > 10, "the demo has over-full grids to find");
}

#[test]
fn vacancies_and_missing_roles_are_told_by_level() {
    let missing = |body: &Value| body["total"]["missing_roles"].as_array().unwrap().len();
    let (grids, _) = rows("/api/coverage?level=grid");
    assert_eq!(figure(&grids["total"], "without_leader"), (Some(0), Some(770)));
    assert_eq!((figure(&grids["total"], "lacking_roles"), missing(&grids)), ((Some(0), Some(770)), 0));
    let (groups, _) = rows("/api/coverage?level=group");
    assert_eq!(figure(&groups["total"], "without_leader"), (Some(1995), Some(1995)));
    let (villages, rows_of_villages) = rows("/api/coverage?level=village");
    assert_eq!(figure(&villages["total"], "without_leader"), (Some(0), Some(147)));
    assert_eq!(figure(&villages["total"], "lacking_roles"), (Some(147), Some(147)));
    let lacks = serde_json::json!(["legal_adviser", "police_assistant", "safety_officer"]);
    assert!(rows_of_villages.iter().all(|row| row["missing_roles"] == lacks));
    let (_, townships) = rows("/api/coverage?level=township");
    let lacks = serde_json::json!(["area_lead"]);
    assert!(townships.iter().all(|row| row["missing_roles"] == lacks), "a court station stands in each");
    let (before, _) = rows("/api/coverage?level=grid&at=2024-06-01");
    assert_eq!(figure(&before["total"], "without_leader"), (Some(0), Some(770)));
}

#[test]
fn ground_adds_up_and_nothing_is_covered_twice() {
    for (level, _) in &LEVELS[1..] {
        let (body, rows) = rows(&format!("/api/coverage?level={level}"));
        let whole = body["total"]["area_m2"].as_f64().unwrap();
        let sum: f64 = rows.iter().map(|row| row["area_m2"].as_f64().unwrap()).sum();
        assert!((whole - sum).abs() < 1e-7 * whole, "{level}: {sum} of {whole}");
        assert_eq!(body["total"]["figures"]["uncovered"]["numerator"], 0.0, "{level}");
        assert_eq!(body["total"]["figures"]["overlap"]["numerator"], 0.0, "{level}");
    }
}

#[test]
fn a_period_a_kind_and_a_parent_narrow_what_is_counted() {
    let disputes = disputes();
    let (body, rows) = rows("/api/coverage?parent=623021100&level=village&datetime=2024-03-01/2024-05-31&kind=dispute");
    let within = |d: &&Dispute| {
        let day = d.reported.date_naive().to_string();
        d.group.starts_with("623021100") && ("2024-03-01"..="2024-05-31").contains(&day.as_str())
    };
    let here: Vec<&Dispute> = disputes.iter().filter(within).collect();
    assert_eq!(figure(&body["total"], "incidents").0, Some(here.len() as u64));
    assert!(here.len() > 3);
    for row in &rows {
        let code = row["code"].as_str().unwrap();
        let n = here.iter().filter(|d| d.group.starts_with(code)).count() as u64;
        assert_eq!(figure(row, "incidents").0, Some(n), "{code}");
    }
    assert_eq!(body["period"]["from"], "2024-02-29T16:00:00Z");
    assert_eq!(body["parent"]["code"], "623021100");
    let none = get(county::open(), "/api/coverage?level=village&kind=hazard").json();
    assert_eq!(
        none["total"]["figures"]["resolved"],
        serde_json::json!({"numerator": 0, "denominator": 0, "value": null})
    );
}

#[test]
fn the_table_says_what_the_json_says() {
    let (body, rows) = rows("/api/coverage?level=township");
    let reply = get(county::open(), "/api/coverage?level=township&f=csv");
    assert!(reply.header("content-type").unwrap().starts_with("text/csv"));
    let text = reply.text();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let lines: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert_eq!(lines.len(), 17);
    for (line, row) in lines.iter().zip(rows.iter().chain([&body["total"]])) {
        let cell = |name: &str| line[head.iter().position(|column| *column == name).unwrap()];
        assert_eq!(cell("code"), row["code"].as_str().unwrap());
        for (name, figure) in row["figures"].as_object().unwrap() {
            let text = |part: &str| match &figure[part] {
                Value::Null => String::new(),
                number => number.as_f64().unwrap().to_string(),
            };
            for part in ["numerator", "denominator", "value"] {
                assert_eq!(cell(&format!("{name}_{part}")), text(part), "{name}_{part}");
            }
        }
        assert_eq!(cell("period_from"), body["period"]["from"].as_str().unwrap());
    }
}

#[test]
fn rows_hold_the_figures_that_were_asked_for_and_the_total_all() {
    for server in [county::open(), county::public()] {
        let ask = |query: &str| get(server, &format!("/api/coverage?level=village{query}"));
        let all = ask("").json();
        let names: Vec<&String> = all["total"]["figures"].as_object().unwrap().keys().collect();
        assert_eq!(names.len(), 10 + LEVELS.len());
        for asked in [&["homes"][..], &["closed_at_village", "incidents"], &["lacking_roles", "uncovered", "resolved"]]
        {
            let some = ask(&format!("&figures={}", asked.join(","))).json();
            assert_eq!(some["total"], all["total"]);
            for (narrow, full) in some["rows"].as_array().unwrap().iter().zip(all["rows"].as_array().unwrap()) {
                let mut expected = full.clone();
                expected["figures"].as_object_mut().unwrap().retain(|name, _| asked.contains(&name.as_str()));
                assert_eq!(narrow, &expected, "told alone, a figure is what it is among all");
            }
            assert_eq!(some["rows"].as_array().unwrap().len(), 147);
        }
        let every: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
        assert_eq!(ask(&format!("&figures={}", every.join(","))).json()["rows"], all["rows"]);
    }
}

#[test]
fn a_table_has_the_columns_of_the_figures_that_were_asked_for() {
    let table = |query: &str| -> Vec<Vec<String>> {
        let reply = get(county::open(), &format!("/api/coverage?level=township&f=csv{query}"));
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.text().lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    };
    let (all, some) = (table(""), table("&figures=resolved,homes"));
    assert_eq!(
        some[0].join(","),
        "code,name,level,area_m2,resolved_numerator,resolved_denominator,resolved_value,\
         homes_numerator,homes_denominator,homes_value,missing_roles,period_from,period_to"
    );
    assert_eq!(some.len(), 18);
    for (line, full) in some.iter().zip(&all) {
        for (name, cell) in some[0].iter().zip(line) {
            let there = all[0].iter().position(|column| column == name).unwrap();
            assert_eq!(cell, &full[there], "{name}");
        }
    }
}

#[test]
fn figures_that_are_not_there_are_refused_one_by_one_with_what_else_is_wrong() {
    let reply = get(county::open(), "/api/coverage?level=street&parent=999&figures=homes,wealth,closed_at_street");
    let body = reply.json();
    assert_eq!((reply.status, &body["type"]), (400, &"/problems/invalid-parameter".into()));
    let errors = body["errors"].as_array().unwrap();
    let named: Vec<&str> = errors.iter().map(|error| error["parameter"].as_str().unwrap()).collect();
    assert_eq!(named, ["level", "parent", "figures", "figures"]);
    assert_eq!(
        errors[2]["detail"],
        "\"wealth\" is none of homes, over_ceiling, under_floor, uncovered, overlap, without_leader, without_grid, \
         lacking_roles, incidents, resolved, closed_at_county, closed_at_township, closed_at_village, closed_at_grid, \
         closed_at_group"
    );
    for (query, detail) in [
        ("figures=homes,incidents,homes", "\"homes\" is named twice"),
        ("figures=", "\"\" is none of homes"),
        ("figures=homes,", "\"\" is none of homes"),
        ("figures=HOMES", "\"HOMES\" is none of homes"),
    ] {
        let reply = get(county::open(), &format!("/api/coverage?{query}"));
        assert_eq!(reply.status, 400, "{query}");
        let told = reply.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
        assert!(told.starts_with(detail), "{query}: {told}");
    }
    let many: Vec<String> = (0..5_000).map(|n| format!("f{n}")).collect();
    let reply = get(county::open(), &format!("/api/coverage?figures={}", many.join(",")));
    assert_eq!(reply.status, 400);
    assert!(reply.body.len() < 600);
    assert_eq!(get(county::open(), "/api/hotspots?figures=homes").json()["errors"][0]["parameter"], "figures");
}

#[test]
fn weeks_are_those_counted_by_hand_and_empty_ones_are_there() {
    let disputes = disputes();
    let (body, rows) = rows("/api/hotspots?level=township&by=week");
    let weeks: Vec<&str> = body["weeks"].as_array().unwrap().iter().map(|w| w["week"].as_str().unwrap()).collect();
    assert_eq!((weeks[0], weeks.len()), ("2024-W01", 53), "{weeks:?}");
    let count = |prefix: &str| -> Vec<u64> {
        let mut counts = vec![0; weeks.len()];
        for dispute in disputes.iter().filter(|d| d.group.starts_with(prefix)) {
            let week = dispute.reported.iso_week();
            let name = format!("{}-W{:02}", week.year(), week.week());
            counts[weeks.iter().position(|w| **w == name).unwrap()] += 1;
        }
        counts
    };
    assert_eq!(body["total"]["by_week"], serde_json::json!(count("")));
    for row in &rows {
        assert_eq!(row["by_week"], serde_json::json!(count(row["code"].as_str().unwrap())));
    }
    assert!(count("623021202").contains(&0));
}

#[test]
fn hotspots_are_narrowed_by_what_incidents_are() {
    let disputes = disputes();
    let (body, rows) = rows("/api/hotspots?level=village&tier=village&status=resolved&category=邻里");
    let asked = |d: &&Dispute| d.tier == "village" && d.resolved && d.category == "邻里";
    let n = disputes.iter().filter(asked).count() as u64;
    assert_eq!(body["total"]["incidents"]["numerator"], n);
    let sum: u64 = rows.iter().map(|row| row["incidents"]["numerator"].as_u64().unwrap()).sum();
    assert_eq!(sum, n);
    let planted = get(county::open(), "/api/hotspots?level=village").json();
    let fullest =
        planted["rows"].as_array().unwrap().iter().max_by_key(|r| r["incidents"]["numerator"].as_u64()).unwrap();
    assert_eq!(fullest["code"], "623021100003");
    let (lon, lat) = (fullest["lon"].as_f64().unwrap(), fullest["lat"].as_f64().unwrap());
    let located = get(county::open(), &format!("/api/locate?lon={lon}&lat={lat}")).json();
    assert_eq!(located["grids"][2]["code"], "623021100003", "the symbol stands in its grid");
}

#[test]
fn points_hold_every_incident_once() {
    let (body, _) = rows("/api/hotspots?by=point");
    let points = body["points"].as_array().unwrap();
    assert_eq!(points.iter().map(|p| p["n"].as_u64().unwrap()).sum::<u64>(), 305);
    let (body, _) = rows("/api/hotspots?by=point&parent=623021100");
    let here = disputes().iter().filter(|d| d.group.starts_with("623021100")).count() as u64;
    assert_eq!(body["points"].as_array().unwrap().iter().map(|p| p["n"].as_u64().unwrap()).sum::<u64>(), here);
    assert_eq!(body["fallback"]["points"], serde_json::json!([]), "no point of the demo stands in for others");
}

#[test]
fn what_cannot_be_asked_is_refused_by_name() {
    for (path, parameter) in [
        ("/api/coverage?level=street", "level"),
        ("/api/coverage?parent=999", "parent"),
        ("/api/coverage?parent=623021100&level=county", "level"),
        ("/api/coverage?kind=quarrel", "kind"),
        ("/api/coverage?colour=red", "colour"),
        ("/api/coverage?by=week", "by"),
        ("/api/hotspots?by=month", "by"),
        ("/api/hotspots?tier=street", "tier"),
        ("/api/hotspots?by=week&datetime=0001-01-01/2024-01-01", "datetime"),
        ("/api/hotspots?datetime=2024-05-01/2024-04-01", "datetime"),
        ("/api/hotspots?status=lost", "status"),
    ] {
        let reply = get(county::open(), path);
        assert_eq!(reply.status, 400, "{path}: {}", reply.text());
        assert_eq!(reply.json()["errors"][0]["parameter"], parameter, "{path}");
    }
    let long = get(county::open(), &format!("/api/coverage?parent={}", "x".repeat(10_000)));
    assert_eq!(long.status, 400);
    assert!(long.body.len() < 600);
}

#[test]
fn an_answer_that_is_known_is_not_sent_again() {
    for path in ["/api/coverage?level=village", "/api/coverage?level=village&figures=homes"] {
        let first = get(county::open(), path);
        let tag = first.header("etag").unwrap();
        let again = super::http::request(county::open(), "GET", path, &[("If-None-Match", tag)], b"");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
}
