//! The public is told no small count, and can compute none from the others.

use std::collections::BTreeMap;

use serde_json::Value;

use super::county;
use super::http::get;

const LEVELS: [&str; 5] = ["county", "township", "village", "grid", "group"];

/// Every told count of a figure, by grid; absent where it is withheld.
fn told(path: &str, read: impl Fn(&Value) -> &Value) -> BTreeMap<String, Option<u64>> {
    let mut told = BTreeMap::new();
    for level in LEVELS {
        let reply = get(county::public(), &format!("{path}?level={level}"));
        assert_eq!(reply.status, 200, "{}", reply.text());
        for row in reply.json()["rows"].as_array().unwrap() {
            let n = read(row)["numerator"].as_u64();
            told.insert(row["code"].as_str().unwrap().to_owned(), n);
        }
    }
    told
}

fn children<'t>(told: &'t BTreeMap<String, Option<u64>>, code: &str) -> Vec<(&'t str, Option<u64>)> {
    let digits = match code.len() {
        6 => 9,
        9 => 12,
        12 => 15,
        _ => 17,
    };
    let below = told.iter().filter(|(other, _)| other.len() == digits && other.starts_with(code));
    below.map(|(code, n)| (code.as_str(), *n)).collect()
}

/// Solves what can be solved: as long as a family misses one number, it is the difference.
fn solve(told: &BTreeMap<String, Option<u64>>) -> BTreeMap<String, Option<u64>> {
    let mut known = told.clone();
    loop {
        let mut found = Vec::new();
        for (code, n) in known.iter().filter(|(code, _)| code.len() < 17) {
            let family = children(&known, code);
            let sum: u64 = family.iter().filter_map(|(_, n)| *n).sum();
            let missing: Vec<&str> = family.iter().filter(|(_, n)| n.is_none()).map(|(code, _)| *code).collect();
            match (n, &missing[..]) {
                (Some(n), [one]) => found.push(((*one).to_owned(), n - sum)),
                (None, []) if !family.is_empty() => found.push((code.clone(), sum)),
                _ => {}
            }
        }
        if found.is_empty() {
            return known;
        }
        known.extend(found.into_iter().map(|(code, n)| (code, Some(n))));
    }
}

fn check(told: &BTreeMap<String, Option<u64>>) {
    assert!(told.values().flatten().all(|n| *n == 0 || *n >= 5), "no small count is told");
    let withheld = told.values().filter(|n| n.is_none()).count();
    assert!(withheld > 0 && withheld < told.len(), "{withheld} of {}", told.len());
    assert_eq!(solve(told), *told, "nothing that is withheld can be computed");
    for (code, n) in told.iter().filter(|(code, n)| n.is_some() && code.len() < 17) {
        let family = children(told, code);
        let hidden = family.iter().filter(|(_, n)| n.is_none()).count() as u64;
        let left = n.unwrap() - family.iter().filter_map(|(_, n)| *n).sum::<u64>();
        assert!(hidden == 0 || (left >= 5 && left > hidden), "{code}: {hidden} withheld ones sum to {left}");
    }
}

#[test]
fn incidents_of_grids_cannot_be_computed() {
    let by_hotspots = told("/api/hotspots", |row| &row["incidents"]);
    check(&by_hotspots);
    assert_eq!(told("/api/coverage", |row| &row["figures"]["incidents"]), by_hotspots);
}

#[test]
fn homes_of_grids_cannot_be_computed() {
    let mut homes = told("/api/coverage", |row| &row["figures"]["incidents"]);
    homes.clear();
    for level in LEVELS {
        let grids = get(county::public(), &format!("/api/collections/grids/items?level={level}&limit=10000")).json();
        for grid in grids["features"].as_array().unwrap() {
            let told = &grid["properties"];
            homes.insert(told["code"].as_str().unwrap().to_owned(), told["n_households"].as_u64());
        }
    }
    check(&homes);
    for level in ["grid", "group"] {
        let rows = get(county::public(), &format!("/api/coverage?level={level}")).json();
        for row in rows["rows"].as_array().unwrap() {
            let code = row["code"].as_str().unwrap();
            assert_eq!(row["figures"]["homes"]["numerator"].as_u64(), homes[code], "{code}");
            let per_homes = row["figures"]["incidents"]["denominator"].as_u64();
            assert!(per_homes.is_none() || per_homes == homes[code], "{code}");
        }
    }
}

#[test]
fn the_public_cannot_narrow_incidents_and_then_subtract() {
    for query in ["datetime=2024-01-01/2024-06-30", "kind=dispute", "tier=grid", "status=open", "category=邻里"] {
        let reply = get(county::public(), &format!("/api/hotspots?{query}"));
        assert_eq!((reply.status, reply.json()["type"].clone()), (403, "/problems/personal-data".into()), "{query}");
    }
    assert_eq!(get(county::public(), "/api/coverage?kind=dispute").status, 403);
    assert_eq!(get(county::public(), "/api/hotspots?by=week&parent=623021100").status, 403);
    let document = get(county::public(), "/api/openapi").json();
    let names: Vec<&str> = document["paths"]["/hotspots"]["get"]["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["level", "parent", "at", "known_at", "f", "by"]);
}

#[test]
fn the_regions_weeks_and_points_tell_no_small_count_either() {
    let body = get(county::public(), "/api/hotspots?level=village&by=week,point").json();
    let weeks: Vec<Option<u64>> = body["total"]["by_week"].as_array().unwrap().iter().map(Value::as_u64).collect();
    assert!(weeks.iter().flatten().all(|n| *n == 0 || *n >= 5));
    let left = 305 - weeks.iter().flatten().sum::<u64>();
    let hidden = weeks.iter().filter(|n| n.is_none()).count() as u64;
    assert!(hidden > 1 && left > hidden, "{hidden} weeks sum to {left}");
    assert!(body["rows"].as_array().unwrap().iter().all(|row| row.get("by_week").is_none()));
    let points = body["points"].as_array().unwrap();
    assert!(points.iter().all(|point| point["n"].as_u64().unwrap() >= 5));
    let told = body["rows"].as_array().unwrap().iter().filter(|row| row["incidents"]["numerator"].as_u64() > Some(0));
    assert_eq!(points.len(), told.count(), "points stand for told grids");
}
