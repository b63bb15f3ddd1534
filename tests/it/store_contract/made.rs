//! Small worlds to store: a region, squares of ground, and things that stand on them.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Utc};
use futures::TryStreamExt;
use gridmap::domain::generation::AcknowledgedGap;
use gridmap::domain::region::Fallback;
use gridmap::domain::{
    Actor, Duty, DutyArea, GenerationKind, GenerationNumber, Grid, GridId, GridPath, Holder, HolderId, HolderKind,
    Household, HouseholdTarget, Id, Incident, IncidentKind, Level, Names, NewGeneration, Personal, Region, Revision,
    Role, ServicePoint, Step, StepKind,
};
use gridmap::geometry::{Boundary, LatticePoint, Polygon, Position, Ring};
use gridmap::store::{Filter, Rows, Store, Stored, Transaction, Within};

pub(crate) fn id<T>(text: &str) -> Id<T> {
    Id::new(text).unwrap()
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn at(lon: f64, lat: f64) -> Position {
    Position::new(lon, lat).unwrap()
}

fn names(zh: &str, en: &str) -> Names {
    Names { zh: zh.into(), en: en.into() }
}

pub(crate) fn region() -> Region {
    let level = |code: &str, target| Level {
        code: code.into(),
        names: names("层", code),
        household_target: target,
        answers: Some(format!("{code}_leader")),
        required_roles: vec!["grid_leader".into()],
    };
    Region {
        code: "623021".into(),
        names: names("临潭县", "Lintan county"),
        utc_offset: FixedOffset::east_opt(8 * 3600).unwrap(),
        levels: vec![
            level("county", None),
            level("village", None),
            level("grid", Some(HouseholdTarget { floor: 20, target: 65, ceiling: 300 })),
        ],
        roles: vec![Role { code: "grid_leader".into(), names: names("网格长", "grid leader"), mediates: true }],
        fallback: Fallback { holder: id("COUNTY"), name: "临潭县".into() },
    }
}

pub(crate) fn ring(vertices: &[(i32, i32)]) -> Ring {
    Ring::new(vertices.iter().map(|&(x, y)| LatticePoint::new(x, y)).collect()).unwrap()
}

/// A square of lattice steps.
pub(crate) fn square(west: i32, south: i32, size: i32) -> Boundary {
    let (east, north) = (west + size, south + size);
    let exterior = ring(&[(west, south), (east, south), (east, north), (west, north)]);
    Boundary::from_valid(vec![Polygon { exterior, holes: Vec::new() }])
}

/// Two polygons, one with a hole, on coordinates that end in every digit.
pub(crate) fn exclave_with_hole() -> Boundary {
    let exterior = ring(&[(1_032_252_971, 347_300_003), (1_032_352_977, 347_300_009), (1_032_252_973, 347_400_001)]);
    let hole = ring(&[(1_032_262_971, 347_310_003), (1_032_262_979, 347_310_011), (1_032_262_985, 347_310_001)]);
    let exclave =
        ring(&[(-1_799_999_999, -899_999_999), (-1_799_999_997, -899_999_999), (-1_799_999_998, -899_999_993)]);
    Boundary::from_valid(vec![Polygon { exterior, holes: vec![hole] }, Polygon { exterior: exclave, holes: vec![] }])
}

pub(crate) fn grid(code: &str, depth: u8, parent: Option<&str>, boundary: Boundary) -> Grid {
    Grid {
        id: id(code),
        code: code.into(),
        name: Some(format!("第{code}网格")),
        depth,
        parent: parent.map(id),
        boundary,
    }
}

/// A county `A`, its villages `A1` and `A10`, and grids `A1-1`, `A1-2` and `A10-1`.
pub(crate) fn tree() -> Vec<Grid> {
    vec![
        grid("A", 0, None, square(0, 0, 400)),
        grid("A1", 1, Some("A"), square(0, 0, 200)),
        grid("A10", 1, Some("A"), square(200, 0, 200)),
        grid("A1-1", 2, Some("A1"), square(0, 0, 100)),
        grid("A1-2", 2, Some("A1"), exclave_with_hole()),
        grid("A10-1", 2, Some("A10"), square(200, 0, 100)),
    ]
}

pub(crate) fn path(ids: &[&str]) -> Option<GridPath> {
    GridPath::new(ids.iter().map(|text| id(text)).collect())
}

/// The grid at the end of a path with all below it, in the first generation.
pub(crate) fn within(ids: &[&str]) -> Within {
    Within { path: path(ids).unwrap(), generation: 1 }
}

/// A plan made on the generation `base`, the newest.
pub(crate) fn generation(base: Option<GenerationNumber>, put: Vec<Grid>, removed: &[&str]) -> NewGeneration {
    NewGeneration {
        plan: format!("made on {base:?}"),
        kind: GenerationKind::Plan,
        newest: base,
        base,
        in_force: instant("2024-03-04T00:00:00Z"),
        put,
        removed: removed.iter().map(|text| id(text)).collect(),
        acknowledged_gaps: Vec::new(),
    }
}

pub(crate) fn gap() -> AcknowledgedGap {
    AcknowledgedGap { parent: Some(id("A1")), at: LatticePoint::new(1_032_262_971, 347_310_003), area_m2: 12.25 }
}

pub(crate) fn household(code: &str, lon: f64, lat: f64) -> Household {
    Household {
        id: id(code),
        position: at(lon, lat),
        n_residents: Some(3),
        stated_grid: Some("A1-1".into()),
        grid: path(&["A", "A1", "A1-1"]),
        address: Personal::new(Some("东环路 1 号\t\"乙\"\\N".into())),
        phone: Personal::new(None),
    }
}

pub(crate) fn holder(code: &str) -> Holder {
    Holder {
        id: id(code),
        kind: HolderKind::Person,
        name: format!("李某{code}"),
        body: None,
        position: None,
        phone: Personal::new(Some("000-0000-0001".into())),
    }
}

pub(crate) fn duty(code: &str, holder: &str, area: DutyArea) -> Duty {
    Duty {
        id: id(code),
        holder: id(holder),
        role: "grid_leader".into(),
        area,
        deputy: None,
        categories: vec!["邻里".into(), "land".into()],
        from: Some(instant("2024-01-01T00:00:00Z")),
        to: None,
    }
}

pub(crate) fn service_point(code: &str, lon: f64, lat: f64) -> ServicePoint {
    ServicePoint {
        id: id(code),
        kind: "court_station".into(),
        name: "城关镇法官工作站".into(),
        position: at(lon, lat),
        stated_grid: Some("A1".into()),
        grid: path(&["A", "A1"]),
    }
}

pub(crate) fn incident(code: &str, reported: &str) -> Incident {
    Incident {
        id: id(code),
        kind: IncidentKind::Dispute,
        category: Some("邻里".into()),
        tier: Some("grid".into()),
        position: at(103.226_297_1, 34.731_000_3),
        stated_grid: None,
        grid: path(&["A", "A1", "A1-2"]),
        steps: vec![Step { kind: StepKind::Receive, at: instant(reported), by: None }],
        text: Personal::new(Some("两家争地界\n第二行".into())),
    }
}

pub(crate) fn grid_id(text: &str) -> GridId {
    id(text)
}

pub(crate) fn holder_id(text: &str) -> HolderId {
    id(text)
}

/// Writes in one transaction and commits it.
pub(crate) async fn write(store: &Arc<dyn Store>, work: impl AsyncFnOnce(&mut dyn Transaction)) -> Revision {
    let mut transaction = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
    work(&mut *transaction).await;
    transaction.commit().await.unwrap()
}

/// Stores the region and the tree of grids, recorded on 1 March.
pub(crate) async fn settle(store: &Arc<dyn Store>) {
    write(store, async |t| {
        t.put_region(&region()).await.unwrap();
        t.publish(&generation(None, tree(), &[]), instant("2024-03-01T00:00:00Z")).await.unwrap();
    })
    .await;
}

pub(crate) async fn all<T>(rows: Rows<'_, T>) -> Vec<Stored<T>> {
    rows.try_collect().await.unwrap()
}

pub(crate) async fn ids_of_households(store: &Arc<dyn Store>, filter: Filter) -> Vec<String> {
    all(store.households(filter)).await.into_iter().map(|row| row.thing.id.to_string()).collect()
}
