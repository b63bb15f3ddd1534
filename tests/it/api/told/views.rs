//! All that the public is told of the demo county, taken together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Knowledge, bounds, solve};
use crate::api::county;
use crate::api::http::get;

const LEVELS: [&str; 5] = ["county", "township", "village", "grid", "group"];
const BASE: u64 = 5;

/// The counts of grids, by code; 0 is withheld.
type Told = BTreeMap<String, u64>;

fn rows(server: std::net::SocketAddr, path: &str) -> Vec<Value> {
    let reply = get(server, path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    let body = reply.json();
    body["rows"].as_array().or_else(|| body["features"].as_array()).unwrap().clone()
}

/// The counts of every level, read from each row of a path.
fn counts(server: std::net::SocketAddr, path: &str, read: impl Fn(&Value) -> &Value) -> Told {
    let row = |row: &Value| {
        let code = row["code"].as_str().or_else(|| row["properties"]["code"].as_str());
        (code.unwrap().to_owned(), read(row).as_u64().unwrap_or(0))
    };
    let level = |level| rows(server, &path.replace("LEVEL", level));
    LEVELS.iter().flat_map(|name| level(name)).map(|found| row(&found)).collect()
}

fn incidents(row: &Value) -> &Value {
    &row["incidents"]["numerator"]
}

fn above(code: &str) -> Option<&str> {
    let n = match code.len() {
        6 => return None,
        9 => 6,
        12 => 9,
        15 => 12,
        _ => 15,
    };
    Some(&code[..n])
}

fn children<'t>(told: &'t Told, code: &str) -> Vec<&'t str> {
    told.keys().map(String::as_str).filter(|child| above(child) == Some(code)).collect()
}

/// Adds all that is known of a county that is told so, and that nothing lies between its grids. Returns its counts.
fn known<'t>(told: &'t Told, knowledge: &mut Knowledge) -> BTreeMap<&'t str, usize> {
    let at: BTreeMap<&str, usize> = told.keys().map(|code| (code.as_str(), knowledge.count())).collect();
    for (code, &told_here) in told {
        let children = children(told, code);
        let over = told_here - children.iter().map(|&child| told[child]).sum::<u64>();
        let most = (BASE - 1) * (children.len() as u64).saturating_sub(1);
        let is_exhausted = !children.is_empty() && over / BASE == most / BASE;
        knowledge.sum(&[at[code.as_str()]], &[], told_here, (!is_exhausted).then_some(told_here + BASE - 1));
        if !children.is_empty() {
            knowledge.whole(at[code.as_str()], &children.iter().map(|&child| at[child]).collect::<Vec<_>>());
        }
    }
    at
}

/// Asks of one withheld grid of each family: nothing is known of the others that is not of it, except of those that have
/// parts themselves, which are asked of one by one. Returns how many are withheld.
fn ask_of_each_family(told: &Told, at: &BTreeMap<&str, usize>, knowledge: &mut Knowledge) -> usize {
    let withheld = || told.iter().filter(|(_, told)| **told == 0).map(|(code, _)| code.as_str());
    let mut families = BTreeSet::new();
    for code in withheld() {
        if !children(told, code).is_empty() || families.insert(above(code)) {
            knowledge.ask(at[code]);
        }
    }
    withheld().count()
}

/// A list of counts that make up the same whole as others, of which each is told so.
fn list(told: impl Iterator<Item = u64>, slack: u64, knowledge: &mut Knowledge) -> Vec<usize> {
    let one = |told: u64| {
        let at = knowledge.count();
        knowledge.sum(&[at], &[], told, Some(told + slack));
        at
    };
    told.map(one).collect()
}

#[test]
fn every_view_tells_the_same_multiples_of_five() {
    let public = county::public();
    let told = counts(public, "/api/hotspots?level=LEVEL", incidents);
    assert_eq!(counts(public, "/api/coverage?level=LEVEL", |row| &row["figures"]["incidents"]["numerator"]), told);
    let homes = counts(
        public,
        "/api/collections/grids/items?level=LEVEL&limit=10000",
        |grid| &grid["properties"]["n_households"],
    );
    assert_eq!(
        counts(public, "/api/coverage?level=LEVEL", |row| &row["figures"]["homes"]["numerator"]).len(),
        homes.len()
    );
    for row in LEVELS[3..].iter().flat_map(|level| rows(public, &format!("/api/coverage?level={level}"))) {
        let code = row["code"].as_str().unwrap();
        assert_eq!(row["figures"]["homes"]["numerator"].as_u64().unwrap_or(0), homes[code], "{code}");
        assert_eq!(row["figures"]["incidents"]["denominator"].as_u64().unwrap_or(homes[code]), homes[code], "{code}");
        assert!(["resolved", "without_grid", "closed_at_grid"].iter().all(|name| {
            let figure = &row["figures"][name];
            figure["withheld"] == true || figure["numerator"] == 0 && figure["denominator"] == 0
        }));
    }
    for parent in told.keys().filter(|code| code.len() <= 12) {
        for row in rows(public, &format!("/api/hotspots?parent={parent}")) {
            assert_eq!(incidents(&row).as_u64().unwrap_or(0), told[row["code"].as_str().unwrap()], "{parent}");
        }
    }
    assert!(told.values().chain(homes.values()).all(|n| n % BASE == 0));
    let (exact, n_told) =
        (counts(county::open(), "/api/hotspots?level=LEVEL", incidents), told.values().filter(|n| **n > 0).count());
    assert!(told.iter().all(|(code, told)| *told <= exact[code] && exact[code] < told + 2 * BASE), "near the truth");
    assert!(n_told > 20 && n_told < told.len(), "{n_told} of {}", told.len());
}

/// The counts of grids, kinds, levels that settled and weeks, which are all lists of one whole.
#[test]
fn no_withheld_count_of_incidents_can_be_narrowed() {
    let public = county::public();
    let told = counts(public, "/api/hotspots?level=LEVEL", incidents);
    let mut knowledge = Knowledge::default();
    let at = known(&told, &mut knowledge);
    let n_withheld = ask_of_each_family(&told, &at, &mut knowledge);
    let (whole, outside) = (at["623021"], list([0].into_iter(), 4, &mut knowledge)[0]);
    let region = get(public, "/api/region").json();
    let (mut kinds, mut opens) = (Vec::new(), Vec::new());
    for kind in region["incidents"].as_array().unwrap() {
        let n = kind["n_reported"].as_u64().unwrap_or(0);
        let this = list([n].into_iter(), 8, &mut knowledge)[0];
        kinds.push(this);
        let tiers = kind["resolved_by_tier"].as_object().unwrap().values().map(|n| n.as_u64().unwrap_or(0));
        let mut family = list(tiers.clone(), 4, &mut knowledge);
        family.iter().zip(tiers).filter(|(_, told)| *told == 0).for_each(|(at, _)| knowledge.ask(*at));
        // What is open is told nowhere, however much it is.
        let open = knowledge.count();
        knowledge.ask(open);
        opens.push(knowledge.asked.len() - 1);
        family.push(open);
        if n > 0 {
            knowledge.whole(this, &family);
        } else {
            knowledge.ask(this);
        }
    }
    knowledge.sum(&kinds, &[whole, outside], 0, Some(0));
    let weeks = get(public, "/api/hotspots?by=week").json();
    let weeks = weeks["total"]["by_week"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap_or(0));
    let weeks: Vec<u64> = weeks.collect();
    assert!(weeks.iter().any(|n| *n > 0) && weeks.contains(&0), "{weeks:?}");
    let by_week = list(weeks.iter().copied(), 4, &mut knowledge);
    by_week.iter().zip(&weeks).filter(|(_, told)| **told == 0).take(1).for_each(|(at, _)| knowledge.ask(*at));
    knowledge.sum(&by_week, &[whole, outside], 0, Some(0));
    let found = bounds(&solve(&[knowledge.question()])[0]);
    for (at, (least, most)) in found.iter().enumerate() {
        assert!(*least <= f64::from(u8::from(opens.contains(&at))) && *most >= 4.0, "{at}: {least} to {most}");
    }
    println!("{n_withheld} withheld counts of incidents, each may be anything from 0 to 4");
}

#[test]
fn nor_one_of_homes() {
    let told =
        counts(
            county::public(),
            "/api/collections/grids/items?level=LEVEL&limit=10000",
            |grid| &grid["properties"]["n_households"],
        );
    let mut knowledge = Knowledge::default();
    let at = known(&told, &mut knowledge);
    let n_withheld = ask_of_each_family(&told, &at, &mut knowledge);
    let found = bounds(&solve(&[knowledge.question()])[0]);
    assert!(!found.is_empty());
    assert!(found.iter().all(|(least, most)| *least <= 0.0 && *most >= 4.0), "{found:?}");
    println!("{n_withheld} withheld counts of homes, each may be anything from 0 to 4");
}

/// What happened since the release does not show: not in a body, not in a tag, not in a period.
#[test]
fn whoever_watches_sees_nothing_before_the_next_release() {
    let body = get(county::public(), "/api/region").json();
    assert_eq!(body["released"], county::NOW);
    let period = &body["incidents"][0]["period"];
    assert_eq!((&period["from"], &period["to"]), (&"2023-12-31T16:00:00Z".into(), &county::NOW.into()), "whole years");
    let hotspots = get(county::public(), "/api/hotspots?level=village&by=week,point").json();
    assert_eq!((&hotspots["released"], &hotspots["minimum"]), (&county::NOW.into(), &5.into()));
    assert!(
        rows(county::public(), "/api/hotspots?level=village&by=week").iter().all(|row| row.get("by_week").is_none())
    );
    let points = hotspots["points"].as_array().unwrap();
    let told = hotspots["rows"].as_array().unwrap().iter().filter(|row| incidents(row).as_u64().is_some());
    assert_eq!(points.len(), told.count(), "points stand for told grids");
}

#[test]
fn the_public_cannot_narrow_incidents_and_then_subtract() {
    let queries = ["datetime=2024-01-01/2024-06-30", "kind=dispute", "tier=grid", "status=open", "category=邻里"];
    for query in queries.into_iter().chain(["at=2024-06-01", "known_at=2024-06-01"]) {
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
    assert_eq!(names, ["level", "parent", "f", "by"]);
}
