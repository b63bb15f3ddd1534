//! Which ground counts when: plans of any date, in any order, on both stores.
//!
//! All of it is told of one strip: a county `A` of two villages, `V1` and `V2`, and four groups, `G1` to `G4`, side by side.

mod faults;
mod kill;
mod replayer;
mod together;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use gridmap::domain::{Incident, Noun};
use gridmap::geometry::{LatticePoint, Position};
use gridmap::index::Snapshot;
use gridmap::service::collections::One;
use gridmap::service::collections::write::{self as incidents, Reply};
use gridmap::service::ground::within;
use gridmap::service::import::{self, GridOptions, ImportReport, Outcome};
use gridmap::service::{Caller, Gridmap};
use gridmap::store::{Filter, Store};

use crate::import::text_source;
use crate::stand_ins::Hands;
use crate::store_contract::made::{incident, region, write};

/// How wide the strip is, in steps of 0.0001 degree.
const WIDE: u32 = 400;

/// The ground as it would be drawn on paper.
#[derive(Clone, Debug, PartialEq)]
struct Strip {
    /// Where a group ends and the next begins, from west to east.
    borders: [u32; 3],
    /// How many of the groups belong to `V1`; the others belong to `V2`.
    n_first: usize,
    names: [u32; 4],
}

impl Strip {
    fn new() -> Self {
        Self { borders: [50, 150, 250], n_first: 2, names: [1, 2, 3, 4] }
    }

    /// Which group covers `x`, which lies on no border.
    fn group(&self, x: u32) -> usize {
        self.borders.iter().filter(|border| **border < x).count()
    }

    fn village(&self, group: usize) -> &'static str {
        if group < self.n_first { "V1" } else { "V2" }
    }

    fn name(&self, group: usize) -> String {
        format!("[{}]", self.names[group])
    }

    /// All levels of the ground as a file.
    fn geojson(&self) -> String {
        let mut features = vec![feature("A", "A", "county", None, 0, WIDE)];
        let split = self.borders[self.n_first - 1];
        features.push(feature("V1", "V1", "village", Some("A"), 0, split));
        features.push(feature("V2", "V2", "village", Some("A"), split, WIDE));
        for group in 0..4 {
            let west = if group == 0 { 0 } else { self.borders[group - 1] };
            let east = self.borders.get(group).copied().unwrap_or(WIDE);
            let (code, parent) = (format!("G{}", group + 1), self.village(group));
            features.push(feature(&code, &self.name(group), "grid", Some(parent), west, east));
        }
        format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
    }
}

fn feature(code: &str, name: &str, level: &str, parent: Option<&str>, west: u32, east: u32) -> String {
    let parent = parent.map(|parent| format!(",\"parent\":\"{parent}\"")).unwrap_or_default();
    let (west, east) = (format!("103.{west:04}"), format!("103.{east:04}"));
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{code}\",\"name\":\"{name}\",\"level\":\"{level}\"{parent}}},\
         \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{west},34],[{east},34],[{east},34.01],[{west},34.01],\
         [{west},34]]]}}}}"
    )
}

fn position(x: u32) -> Position {
    Position::new(103.0 + f64::from(x) / 10_000.0, 34.005).unwrap()
}

/// Stores the region, so that there is something to publish for.
async fn settle_region(store: &Arc<dyn Store>) {
    write(store, async |t| t.put_region(&region()).await.unwrap()).await;
}

async fn open(store: &Arc<dyn Store>, clock: &Hands) -> Gridmap {
    Gridmap::open(Arc::clone(store), Arc::new(clock.clone())).await.unwrap()
}

async fn publish(gridmap: &Gridmap, strip: &Strip, in_force: Option<DateTime<Utc>>) -> ImportReport {
    let source = text_source("strip.geojson", strip.geojson());
    let options = GridOptions { in_force, ..GridOptions::default() };
    import::grids(&Caller::system(gridmap), vec![source], &options).await.unwrap()
}

async fn published(gridmap: &Gridmap, strip: &Strip, in_force: Option<DateTime<Utc>>) -> ImportReport {
    let report = publish(gridmap, strip, in_force).await;
    assert!(matches!(report.outcome, Outcome::Stored { .. }), "{report:?}");
    report
}

/// Imports homes, each by its id and place.
async fn settle_homes(gridmap: &Gridmap, homes: &[(String, u32)]) {
    let row = |rows: String, (id, x): &(String, u32)| rows + &format!("{id},103.{x:04},34.005\n");
    let rows = homes.iter().fold(String::new(), row);
    let source = text_source("homes.csv", format!("id,lon,lat\n{rows}"));
    let report = import::households(&Caller::system(gridmap), source, &[]).await.unwrap();
    assert!(matches!(report.outcome, Outcome::Stored { .. }), "{report:?}");
}

async fn open_incident(gridmap: &Gridmap, id: &str, x: u32) {
    let mut new = incident(id, "2024-01-02T00:00:00Z");
    (new.position, new.stated_grid) = (position(x), None);
    let reply = |one: &One<Incident>| Reply { status: 201, location: None, body: Vec::new(), version: one.version };
    incidents::open(&Caller::system(gridmap), new, None, reply).await.unwrap();
}

/// The code and name of the group that owns `x`, and the village it belongs to.
fn owner(snapshot: &Snapshot, x: u32) -> (String, String, String) {
    let ix = snapshot.tree().owner(LatticePoint::from(position(x))).unwrap();
    let village = snapshot.tree().parent(ix).unwrap();
    let (grid, village) = (snapshot.grid(ix), snapshot.grid(village));
    (grid.code.clone(), grid.name.clone().unwrap_or_default(), village.code.clone())
}

async fn owner_at(gridmap: &Gridmap, x: u32, at: DateTime<Utc>) -> (String, String, String) {
    owner(&gridmap.snapshot_at(at, None).await.unwrap().unwrap(), x)
}

/// How many things a list narrowed to the grid has.
async fn n_listed(gridmap: &Gridmap, noun: Noun, code: &str) -> u64 {
    let grid = within(&gridmap.snapshot().unwrap(), code);
    assert!(grid.is_some(), "{code} is in force");
    gridmap.store().count(noun, Filter { grid, ..Filter::default() }).await.unwrap()
}

/// How many homes the snapshot counts in the grid.
fn n_counted(gridmap: &Gridmap, code: &str) -> u64 {
    let snapshot = gridmap.snapshot().unwrap();
    snapshot.n_households(snapshot.by_code(code).unwrap()).unwrap()
}
