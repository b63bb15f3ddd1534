//! Grounds to ask: the demo county read by a reader of this file's own, and small worlds of squares.

use std::fs;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, FixedOffset, Utc};
use gridmap::domain::region::Fallback;
use gridmap::domain::{
    Duty, DutyArea, DutyId, Generation, GenerationKind, Grid, GridId, Holder, HolderId, HolderKind, Level, Names,
    Parts, Personal, Region, Revision, Role,
};
use gridmap::geometry::crs::Frame;
use gridmap::geometry::{Boundary, LatticePoint, Polygon, Position, Ring};
use gridmap::index::{Directory, Roster, Snapshot, Tree};
use gridmap::service::locate_rows::Terms;
use serde_json::Value;

pub(crate) const LEVELS: [(&str, &str); 5] = [
    ("county", "agency"),
    ("township", "area_lead"),
    ("village", "mediation_committee"),
    ("grid", "grid_leader"),
    ("group", "group_leader"),
];

/// The text of a file of the demo county.
pub(crate) fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/lintan/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of a plain CSV (no quotes), each split at its commas, without the header.
pub(crate) fn rows(name: &str) -> Vec<Vec<String>> {
    fixture(name).lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// Every grid of the demo county; the id of a grid is its code.
pub(crate) fn county_grids() -> Vec<Grid> {
    let files = ["county", "townships", "villages", "grids", "groups"];
    (0..).zip(files).flat_map(|(depth, file)| read_grids(&fixture(&format!("{file}.geojson")), depth)).collect()
}

fn read_grids(text: &str, depth: u8) -> Vec<Grid> {
    let collection: Value = serde_json::from_str(text).unwrap();
    let grid = |feature: &Value| {
        let text = |key: &str| feature["properties"][key].as_str();
        let code = text("code").unwrap().to_owned();
        let parent = text("parent").filter(|_| depth > 0).map(|parent| GridId::new(parent).unwrap());
        let boundary = boundary(&feature["geometry"]);
        Grid { id: GridId::new(&code).unwrap(), code, name: text("name").map(str::to_owned), depth, parent, boundary }
    };
    collection["features"].as_array().unwrap().iter().map(grid).collect()
}

fn boundary(geometry: &Value) -> Boundary {
    let coordinates = &geometry["coordinates"];
    let polygons: Vec<&Value> = match geometry["type"].as_str().unwrap() {
        "Polygon" => vec![coordinates],
        "MultiPolygon" => coordinates.as_array().unwrap().iter().collect(),
        other => panic!("no ground: {other}"),
    };
    let vertex = |v: &Value| point(v[0].as_f64().unwrap(), v[1].as_f64().unwrap());
    let ring = |ring: &Value| {
        let mut vertices: Vec<_> = ring.as_array().unwrap().iter().map(vertex).collect();
        assert_eq!(vertices.pop(), vertices.first().copied(), "rings are closed");
        Ring::new(vertices).unwrap()
    };
    let polygon = |polygon: &&Value| {
        let mut rings = polygon.as_array().unwrap().iter().map(ring);
        Polygon { exterior: rings.next().unwrap(), holes: rings.collect() }
    };
    Boundary::from_valid(polygons.iter().map(polygon).collect())
}

pub(crate) fn point(lon: f64, lat: f64) -> LatticePoint {
    LatticePoint::from(Position::new(lon, lat).unwrap())
}

/// The tree of the demo county.
pub(crate) fn county() -> &'static Arc<Tree> {
    static COUNTY: OnceLock<Arc<Tree>> = OnceLock::new();
    COUNTY.get_or_init(|| Arc::new(Tree::build(generation(1), county_grids()).unwrap()))
}

/// A snapshot of `tree` with these people.
pub(crate) fn snapshot(tree: &Arc<Tree>, holders: Vec<Holder>, duties: Vec<Duty>) -> Snapshot {
    let people = Arc::new(Directory::new(holders, duties, Vec::new()));
    let roster = Arc::new(Roster::build(people, tree));
    let generations = vec![tree.generation().clone()].into();
    Snapshot::new(Parts::all_at(Revision(7)), Arc::new(region()), generations, Arc::clone(tree), roster, None)
}

pub(crate) fn generation(number: u32) -> Generation {
    let (recorded, in_force) = (instant("2024-01-01"), instant("2024-01-01"));
    Generation {
        number,
        plan: "test".to_owned(),
        kind: GenerationKind::Plan,
        base: None,
        recorded,
        in_force,
        n_acknowledged_gaps: 0,
    }
}

/// Midnight UTC of a day.
pub(crate) fn instant(day: &str) -> DateTime<Utc> {
    format!("{day}T00:00:00Z").parse().unwrap()
}

pub(crate) fn region() -> Region {
    let names = |code: &str| Names { zh: code.to_owned(), en: code.to_owned() };
    let level = |(code, answers): (&str, &str)| Level {
        code: code.to_owned(),
        names: names(code),
        household_target: None,
        answers: Some(answers.to_owned()),
        required_roles: Vec::new(),
    };
    let roles = LEVELS.iter().map(|(_, role)| *role).chain(["mediator"]);
    Region {
        code: "623021".to_owned(),
        names: names("Lintan"),
        utc_offset: FixedOffset::east_opt(8 * 3600).unwrap(),
        levels: LEVELS.map(level).to_vec(),
        roles: roles
            .map(|code| Role { code: code.to_owned(), names: names(code), mediates: code.starts_with("mediat") })
            .collect(),
        fallback: Fallback { holder: HolderId::new("FALLBACK").unwrap(), name: "County duty desk".to_owned() },
    }
}

pub(crate) fn holder(id: &str) -> Holder {
    Holder {
        id: HolderId::new(id).unwrap(),
        kind: HolderKind::Person,
        name: format!("name of {id}"),
        body: None,
        position: None,
        phone: Personal::new(None),
    }
}

/// A duty on the grid of that id, without dates or limits.
pub(crate) fn duty(id: &str, holder: &str, role: &str, grid: &str) -> Duty {
    Duty {
        id: DutyId::new(id).unwrap(),
        holder: HolderId::new(holder).unwrap(),
        role: role.to_owned(),
        area: DutyArea::Grid(GridId::new(grid).unwrap()),
        deputy: None,
        categories: Vec::new(),
        from: None,
        to: None,
    }
}

/// Everyone of the demo county: leaders, committees, mediators.
pub(crate) fn people() -> (Vec<Holder>, Vec<Duty>) {
    let (mut holders, mut duties) = (Vec::new(), Vec::new());
    for leader in rows("grid_leaders.csv") {
        holders.push(holder(&leader[0]));
        duties.push(duty(&leader[0], &leader[0], "grid_leader", &leader[3]));
    }
    for committee in rows("committees.csv") {
        let mut body = holder(&committee[0]);
        body.position = Some(Position::new(committee[3].parse().unwrap(), committee[4].parse().unwrap()).unwrap());
        holders.push(body);
        duties.push(duty(&committee[0], &committee[0], "mediation_committee", &committee[2]));
    }
    for mediator in rows("mediators.csv") {
        let mut person = holder(&mediator[0]);
        person.body = Some(HolderId::new(&mediator[2]).unwrap());
        holders.push(person);
        duties.push(duty(&mediator[0], &mediator[0], "mediator", &mediator[3]));
    }
    (holders, duties)
}

/// A grid that is one rectangle, in lattice steps: west, south, east, north.
pub(crate) fn rectangle(id: &str, depth: u8, parent: Option<&str>, sides: [i32; 4]) -> Grid {
    grid_of(id, depth, parent, vec![ring_of(sides)])
}

/// A grid that is one polygon of such rings, the first its outside. All must share their corners where they touch.
pub(crate) fn grid_of(id: &str, depth: u8, parent: Option<&str>, mut rings: Vec<Ring>) -> Grid {
    let exterior = rings.remove(0);
    Grid {
        id: GridId::new(id).unwrap(),
        code: id.to_owned(),
        name: None,
        depth,
        parent: parent.map(|parent| GridId::new(parent).unwrap()),
        boundary: Boundary::from_valid(vec![Polygon { exterior, holes: rings }]),
    }
}

pub(crate) fn ring_of([west, south, east, north]: [i32; 4]) -> Ring {
    let corners = [(west, south), (east, south), (east, north), (west, north)];
    Ring::new(corners.map(|(x, y)| LatticePoint::new(x, y)).to_vec()).unwrap()
}

/// Numbers that look random and are the same on every run (`SplitMix64`).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// One of `low..=high`.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u64::try_from(i64::from(high) - i64::from(low) + 1).unwrap();
        i32::try_from(i64::from(low) + i64::try_from(self.next() % span).unwrap()).unwrap()
    }

    pub(crate) fn index(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }
}

/// What the rows of a table are asked on: anyone, on a day in the middle of the year.
pub(crate) fn terms() -> Terms {
    Terms { frame: Frame::Wgs84, at: instant("2024-06-01"), accuracy_m: None, category: None }
}

pub(crate) fn only_for(mut duty: Duty, category: &str) -> Duty {
    duty.categories = vec![category.to_owned()];
    duty
}

pub(crate) fn on_polygon(mut duty: Duty, sides: [i32; 4]) -> Duty {
    let polygon = Polygon { exterior: ring_of(sides), holes: Vec::new() };
    duty.area = DutyArea::Polygon(Boundary::from_valid(vec![polygon]));
    duty
}
