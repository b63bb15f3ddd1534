//! The chain and the mediators against the rules as they are written down, applied row by row: who answers for random points
//! of the demo county on random days.
//!
//! Nothing of the product is used to find the answers: boundaries and holders are read by `serde_json` and `csv`, a point's
//! grid is found by casting a ray over every group, and the rules run through every duty. Duties are drawn at random, with
//! dates, deputies, limits and boxes of their own, so that every rule is needed.

use std::collections::{BTreeMap, BTreeSet};

use gridmap::domain::{Duty, HolderId};
use gridmap::geometry::Position;
use gridmap::index::Snapshot;
use gridmap::service::locate::{Question, locate};
use serde_json::Value;

use super::world::{LEVELS, county, duty, fixture, holder, instant, on_polygon, snapshot};
use crate::random::Random;

const CATEGORIES: [&str; 3] = ["land", "wages", "family"];
/// Days from the first to the last on which a duty may begin or end.
const N_DAYS: u32 = 20;

/// A duty as the rules see it.
#[derive(Clone, Debug)]
struct Row {
    id: String,
    holder: String,
    role: &'static str,
    grid: String,
    /// West, south, east, north in steps of 1e-7 degree; the duty then holds there, not on its grid.
    own_box: Option<[i32; 4]>,
    from: Option<u32>,
    to: Option<u32>,
    deputy: Option<String>,
    category: Option<&'static str>,
}

/// Someone who may hold a duty: where, and of which body.
#[derive(Clone, Debug, Default)]
struct Person {
    place: Option<(f64, f64)>,
    body: Option<String>,
}

/// What is asked.
struct Asked {
    point: (i32, i32),
    day: u32,
    category: Option<&'static str>,
}

struct Oracle {
    /// The rings of every group, by its code.
    groups: BTreeMap<String, Vec<Vec<(i32, i32)>>>,
    people: BTreeMap<String, Person>,
    rows: Vec<Row>,
}

fn day(n: u32) -> String {
    format!("2024-06-{:02}", n + 1)
}

#[expect(clippy::cast_possible_truncation, reason = "degrees have at most ten digits")]
fn steps(degrees: &Value) -> i32 {
    (degrees.as_f64().unwrap() * 1e7).round() as i32
}

/// The rings of every group of the county.
fn groups() -> BTreeMap<String, Vec<Vec<(i32, i32)>>> {
    let collection: Value = serde_json::from_str(&fixture("groups.geojson")).unwrap();
    let ring = |ring: &Value| ring.as_array().unwrap().iter().map(|at| (steps(&at[0]), steps(&at[1]))).collect();
    let rings = |feature: &Value| {
        let coordinates = feature["geometry"]["coordinates"].as_array().unwrap();
        match feature["geometry"]["type"].as_str().unwrap() {
            "Polygon" => coordinates.iter().map(ring).collect(),
            _ => coordinates.iter().flat_map(|polygon| polygon.as_array().unwrap()).map(ring).collect(),
        }
    };
    let code = |feature: &Value| feature["properties"]["code"].as_str().unwrap().to_owned();
    collection["features"].as_array().unwrap().iter().map(|feature| (code(feature), rings(feature))).collect()
}

/// The committees with their places, and the mediators who belong to them.
fn people() -> BTreeMap<String, Person> {
    let records = |name: &str| -> Vec<csv::StringRecord> {
        let text = fixture(name);
        csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
    };
    let mut people = BTreeMap::new();
    for committee in records("committees.csv") {
        let place = Some((committee[3].parse().unwrap(), committee[4].parse().unwrap()));
        people.insert(committee[0].to_owned(), Person { place, body: None });
    }
    for mediator in records("mediators.csv") {
        people.insert(mediator[0].to_owned(), Person { place: None, body: Some(mediator[2].to_owned()) });
    }
    for leader in records("grid_leaders.csv") {
        people.insert(leader[0].to_owned(), Person::default());
    }
    people
}

/// The codes of the levels above a group and its own, top first: each begins like the one below it.
fn path(group: &str) -> [&str; 5] {
    [6, 9, 12, 15, 17].map(|n| &group[..n])
}

fn is_inside(rings: &[Vec<(i32, i32)>], (x, y): (i32, i32)) -> bool {
    let crossed = rings.iter().flat_map(|ring| ring.windows(2)).filter(|edge| {
        let ((ax, ay), (bx, by)) = (edge[0], edge[1]);
        if (ay > y) == (by > y) {
            return false;
        }
        let wide = |n: i32| i128::from(n);
        let turn = (wide(bx) - wide(ax)) * (wide(y) - wide(ay)) - (wide(by) - wide(ay)) * (wide(x) - wide(ax));
        (turn > 0) == (by > ay)
    });
    crossed.count() % 2 == 1
}

impl Row {
    /// Tells whether it is meant for the category; `unasked` where it is limited and none is asked.
    fn is_for(&self, asked: &Asked, unasked: bool) -> bool {
        self.category.is_none_or(|own| asked.category.map_or(unasked, |category| category == own))
    }

    fn holds(&self, asked: &Asked) -> bool {
        self.from.is_none_or(|from| from <= asked.day) && self.to.is_none_or(|to| asked.day < to)
    }

    fn covers(&self, (x, y): (i32, i32)) -> bool {
        self.own_box
            .is_some_and(|[west, south, east, north]| (west..=east).contains(&x) && (south..=north).contains(&y))
    }

    fn is_on(&self, grid: &str) -> bool {
        self.own_box.is_none() && self.grid == grid
    }

    fn for_the_product(&self) -> Duty {
        let mut made = duty(&self.id, &self.holder, self.role, &self.grid);
        if let Some(sides) = self.own_box {
            made = on_polygon(made, sides);
        }
        made.from = self.from.map(|n| instant(&day(n)));
        made.to = self.to.map(|n| instant(&day(n)));
        made.deputy = self.deputy.as_ref().map(|id| HolderId::new(id).unwrap());
        made.categories = self.category.iter().map(|one| (*one).to_owned()).collect();
        made
    }
}

impl Oracle {
    fn group_at(&self, point: (i32, i32)) -> Option<&str> {
        self.groups.iter().find(|(_, rings)| is_inside(rings, point)).map(|(code, _)| code.as_str())
    }

    /// `HOLDER how` of each level, the group first.
    fn chain(&self, group: &str, asked: &Asked) -> Vec<String> {
        let mut above = "FALLBACK".to_owned();
        let mut chain = Vec::new();
        for ((_, role), grid) in LEVELS.iter().zip(path(group)) {
            let (holder, how) = self.answering(role, grid, asked).unwrap_or_else(|| (above.clone(), "parent"));
            chain.push(format!("{holder} {how}"));
            above = holder;
        }
        chain.reverse();
        chain
    }

    fn answering(&self, role: &str, grid: &str, asked: &Asked) -> Option<(String, &'static str)> {
        let of_role: Vec<&Row> = self.rows.iter().filter(|row| row.role == role && row.is_for(asked, false)).collect();
        let held = |row: &&&Row| row.holds(asked) && self.people.contains_key(&row.holder);
        // The one that began last, then the smallest id.
        let last = |rows: Vec<&&Row>| -> Option<String> {
            let best = rows.iter().map(|row| row.from).max()?;
            rows.iter().filter(|row| row.from == best).map(|row| (&row.id, &row.holder)).min().map(|(_, h)| h.clone())
        };
        let own = last(of_role.iter().filter(|row| row.covers(asked.point)).filter(held).collect());
        let on_grid: Vec<&Row> = of_role.iter().filter(|row| row.is_on(grid)).copied().collect();
        if let Some(holder) = own.or_else(|| last(on_grid.iter().filter(held).collect())) {
            return Some((holder, "duty"));
        }
        // Someone gone first, then what ended last, then what begins first; then the smallest id.
        let order = |row: &&&Row| match (row.from, row.to) {
            (_, Some(to)) if to <= asked.day => (1, asked.day - to, row.id.clone()),
            (Some(from), _) if from > asked.day => (2, from - asked.day, row.id.clone()),
            _ => (0, 0, row.id.clone()),
        };
        let with_deputy = |row: &&&Row| row.deputy.as_ref().is_some_and(|id| self.people.contains_key(id));
        let vacant = on_grid.iter().filter(with_deputy).min_by_key(order)?;
        Some((vacant.deputy.clone().unwrap(), "deputy"))
    }

    /// The mediators, nearest first; `None` where two are so nearly as far that another formula may part them otherwise.
    fn mediators(&self, group: &str, asked: &Asked) -> Option<Vec<String>> {
        let mediating = |row: &&Row| {
            ["mediator", "mediation_committee"].contains(&row.role)
                && row.is_for(asked, true)
                && row.holds(asked)
                && self.people.contains_key(&row.holder)
        };
        let fitting: Vec<&Row> = self.rows.iter().filter(mediating).collect();
        let without_bodies = |rows: Vec<&Row>| -> Vec<Row> {
            let bodies: BTreeSet<&String> =
                rows.iter().filter_map(|row| self.people[&row.holder].body.as_ref()).collect();
            rows.iter().filter(|row| !bodies.contains(&row.holder)).map(|row| (*row).clone()).collect()
        };
        let path = path(group);
        let serves = |row: &&&Row| row.covers(asked.point) || path.iter().any(|grid| row.is_on(grid));
        let mut found = without_bodies(fitting.iter().filter(serves).copied().collect());
        for above in path.iter().rev() {
            if found.is_empty() {
                let is_below = |row: &&&Row| row.own_box.is_none() && row.grid.starts_with(above);
                found = without_bodies(fitting.iter().filter(is_below).copied().collect());
            }
        }
        self.nearest(&found, asked)
    }

    fn nearest(&self, found: &[Row], asked: &Asked) -> Option<Vec<String>> {
        let far = |row: &Row| self.place(&row.holder).map_or(f64::INFINITY, |place| metres(place, asked.point));
        let mut ranked: Vec<(bool, f64, &String)> =
            found.iter().map(|row| (row.own_box.is_none(), far(row), &row.holder)).collect();
        ranked.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(b.2)));
        let is_close = |a: f64, b: f64| a.to_bits() != b.to_bits() && (a - b).abs() < 2e-3 * a.max(b) + 0.5;
        if ranked.windows(2).any(|pair| pair[0].0 == pair[1].0 && is_close(pair[0].1, pair[1].1)) {
            return None;
        }
        let mut named: Vec<String> = Vec::new();
        for (_, _, holder) in ranked {
            if named.len() < 5 && !named.contains(holder) {
                named.push(holder.clone());
            }
        }
        Some(named)
    }

    fn place(&self, holder: &str) -> Option<(f64, f64)> {
        let person = &self.people[holder];
        person.place.or_else(|| self.people.get(person.body.as_ref()?)?.place)
    }
}

/// Along the ellipsoid of WGS 84, by its radii of curvature where it is asked.
fn metres((lon, lat): (f64, f64), (x, y): (i32, i32)) -> f64 {
    const AXIS_M: f64 = 6_378_137.0;
    const ECCENTRICITY2: f64 = 0.006_694_379_990_14;
    let (from_lon, from_lat) = (f64::from(x) / 1e7, f64::from(y) / 1e7);
    let flat = 1.0 - ECCENTRICITY2 * from_lat.to_radians().sin().powi(2);
    let (east_m, north_m) = (AXIS_M / flat.sqrt(), AXIS_M * (1.0 - ECCENTRICITY2) / flat.powf(1.5));
    let east = (lon - from_lon).to_radians() * from_lat.to_radians().cos() * east_m;
    east.hypot((lat - from_lat).to_radians() * north_m)
}

/// Duties drawn at random over the groups `near` and all above them.
fn rows(random: &mut Random, near: &[String], people: &BTreeMap<String, Person>, centre: (i32, i32)) -> Vec<Row> {
    let (leaders, mediators): (Vec<&String>, Vec<&String>) = people.keys().partition(|id| id.starts_with('W'));
    let some = |random: &mut Random, of: &[&String]| of[random.index(of.len().min(30))].clone();
    let roles = LEVELS.map(|(_, role)| role);
    let mut rows = Vec::new();
    for at in 0..140 {
        let depth = random.index(5);
        let role = if random.index(3) == 0 { "mediator" } else { roles[depth] };
        let is_mediating = role.starts_with("mediat");
        let who = if is_mediating { &mediators } else { &leaders };
        let holder = if random.index(12) == 0 { "gone".to_owned() } else { some(random, who) };
        let days = [random.small(3 * N_DAYS), random.small(3 * N_DAYS)];
        let within = |n: u32| (n < N_DAYS).then_some(n);
        let deputy =
            (random.index(2) == 0).then(|| if random.index(5) == 0 { "gone".into() } else { some(random, &leaders) });
        let own_box = (random.index(6) == 0).then(|| {
            let half = i32::try_from(random.index(300_000)).unwrap() + 1_000;
            [centre.0 - half, centre.1 - half, centre.0 + half, centre.1 + half / 2]
        });
        let grid = path(&near[random.index(near.len())])[depth].to_owned();
        let category = (random.index(4) == 0).then(|| CATEGORIES[random.index(3)]);
        let (from, to) = (within(days[0]), within(days[1]).filter(|to| within(days[0]).is_none_or(|from| from < *to)));
        rows.push(Row { id: format!("d{at:03}"), holder, role, grid, own_box, from, to, deputy, category });
    }
    rows
}

/// The people of the oracle for the product, with the duties in another order.
fn world(oracle: &Oracle) -> Snapshot {
    let holders = oracle.people.iter().map(|(id, person)| {
        let mut made = holder(id);
        made.position = person.place.map(|(lon, lat)| Position::new(lon, lat).unwrap());
        made.body = person.body.as_ref().map(|body| HolderId::new(body).unwrap());
        made
    });
    let duties = oracle.rows.iter().rev().map(Row::for_the_product).collect();
    snapshot(county(), holders.collect(), duties)
}

/// Compares what the product answers with what the rules say. Tells whether the mediators could be compared too.
fn check(oracle: &Oracle, world: &Snapshot, asked: &Asked) -> bool {
    let position = Position::new(f64::from(asked.point.0) / 1e7, f64::from(asked.point.1) / 1e7).unwrap();
    let question = Question { category: asked.category, ..Question::new(position, instant(&day(asked.day))) };
    let answer = locate(world, &question);
    let group = oracle.group_at(asked.point).expect("asked inside");
    let what = format!("{group} {:?} on day {} for {:?}", asked.point, asked.day, asked.category);
    let chain: Vec<String> =
        answer.chain.iter().map(|link| format!("{} {}", link.holder.id.as_str(), link.how.as_str())).collect();
    assert_eq!(chain, oracle.chain(group, asked), "{what}");
    let named: Vec<&str> = answer.mediators.iter().map(|one| one.holder.id.as_str()).collect();
    let Some(expected) = oracle.mediators(group, asked) else { return false };
    assert_eq!(named, expected, "{what}");
    for one in &answer.mediators {
        let expected = oracle.place(one.holder.id.as_str()).map(|place| metres(place, asked.point));
        match (one.distance_m, expected) {
            (Some(told), Some(expected)) => assert!((told - expected).abs() < 0.01 * expected + 1.0, "{what}: {told}"),
            (told, expected) => assert_eq!((told, expected), (None, None), "{what}"),
        }
    }
    true
}

#[test]
fn the_chain_and_the_mediators_are_those_of_the_rules() {
    let (groups, people) = (groups(), people());
    let codes: Vec<String> = groups.keys().cloned().collect();
    let mut oracle = Oracle { groups, people, rows: Vec::new() };
    let (mut random, mut n_asked, mut n_compared) = (Random::new(20_240_601), 0, 0);
    for _ in 0..12 {
        let first = random.index(codes.len() - 12);
        let near = &codes[first..first + 12];
        let centre = oracle.groups[&near[0]][0][0];
        oracle.rows = rows(&mut random, near, &oracle.people, centre);
        let world = world(&oracle);
        for _ in 0..60 {
            let corners = &oracle.groups[&near[random.index(12)]][0];
            let mut corner = || corners[random.index(corners.len())];
            let (a, b, c) = (corner(), corner(), corner());
            let point = (a.0 / 3 + b.0 / 3 + c.0 / 3, a.1 / 3 + b.1 / 3 + c.1 / 3);
            if oracle.group_at(point).is_none() {
                continue;
            }
            let category = [None, Some("land"), Some("wages"), Some("other")][random.index(4)];
            let asked = Asked { point, day: random.small(N_DAYS), category };
            n_compared += u32::from(check(&oracle, &world, &asked));
            n_asked += 1;
        }
    }
    assert!(n_asked > 500 && n_compared > n_asked / 2, "{n_compared} of {n_asked} compared");
}
