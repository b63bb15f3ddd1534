//! What is timed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::TryStreamExt as _;
use gridmap::domain::clock::SystemClock;
use gridmap::domain::{
    Actor, GenerationKind, Grid, GridPath, Household, HouseholdId, Incident, IncidentId, IncidentKind, NewGeneration,
    Personal, Principal, Step, StepKind,
};
use gridmap::geometry::tile::{EXTENT, Tile, World};
use gridmap::geometry::{Bbox, Position};
use gridmap::service::collections::tiles::{self, Layers};
use gridmap::service::collections::write::{self, Reply};
use gridmap::service::collections::{self, By, CollectionItem, Query, grids};
use gridmap::service::figures::{self, coverage};
use gridmap::service::import::{self, GridOptions, ImportReport, Outcome};
use gridmap::service::{Caller, Gridmap, RequestId, answer_cache, totals};
use gridmap::store::{self, Expect, Store};

use crate::ground::{County, REGION};

/// The name of an operation and its median, microseconds.
pub type Timed = (&'static str, f64);

/// How long each is done over and over, and how often at least.
const AT_LEAST: (Duration, usize) = (Duration::from_millis(500), 5);

/// Makes the county and times every operation on it.
pub async fn all(county: County) -> Vec<Timed> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("growth.db").display());
    fill(&store::open(&url).await.expect("a new file"), county).await;
    let store = store::open(&url).await.expect("it was there before");
    let gridmap = opened(&store).await;
    let at = At { county, gridmap: &gridmap };
    let mut timed = Vec::new();
    timed.extend(at.reads().await);
    timed.extend(at.tiles().await);
    timed.extend(at.figures().await);
    timed.extend(at.writes().await);
    timed.push(("start (grows)", median(async |_| drop(opened(&store).await)).await));
    timed
}

async fn fill(store: &Arc<dyn Store>, county: County) {
    let gridmap = opened(store).await;
    let caller = Caller::system(&gridmap);
    import::region(&caller, REGION).await.expect("a region");
    stored(&import::grids(&caller, vec![county.grids()], &GridOptions::default()).await.expect("the store answers"));
    stored(&import::households(&caller, county.homes(), &[]).await.expect("the store answers"));
    stored(&import::incidents(&caller, county.incidents()).await.expect("the store answers"));
    store.close().await;
}

fn stored(report: &ImportReport) {
    assert!(matches!(report.outcome, Outcome::Stored { .. }), "{report:?}");
}

async fn opened(store: &Arc<dyn Store>) -> Gridmap {
    Gridmap::open(Arc::clone(store), Arc::new(SystemClock)).await.expect("it is there")
}

/// The median of what `operation` takes, told how often it was done before; the first time, which makes what others share, is
/// not counted.
async fn median(mut operation: impl AsyncFnMut(usize)) -> f64 {
    operation(0).await;
    let (all, mut times) = (Instant::now(), Vec::new());
    while all.elapsed() < AT_LEAST.0 || times.len() < AT_LEAST.1 {
        let begun = Instant::now();
        operation(times.len() + 1).await;
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

struct At<'a> {
    county: County,
    gridmap: &'a Gridmap,
}

impl At<'_> {
    fn caller(&self) -> Caller<'_> {
        Caller::new(self.gridmap, Arc::new(Principal::open()), RequestId::made())
    }

    async fn reads(&self) -> Vec<Timed> {
        let (code, township) = self.county.codes();
        let near = self.county.place();
        let bbox = Bbox {
            west: near.lon() - 0.02,
            south: near.lat() - 0.02,
            east: near.lon() + 0.02,
            north: near.lat() + 0.02,
        };
        let by = |by: By, word: &str| Query { filters: vec![(by, word.to_owned())], ..Query::default() };
        let level =
            |query: Query| Query { filters: [query.filters, vec![(By::Level, "grid".to_owned())]].concat(), ..query };
        let townships = Query { filters: vec![(By::Level, "township".to_owned())], ..Query::default() };
        vec![
            ("100 locates", self.locates().await),
            ("page of 100 grids", self.page(Query::default()).await),
            ("page of 100 later", self.page(Query { after: Some(code.clone()), ..Query::default() }).await),
            ("page of 100, level", self.page(level(Query::default())).await),
            ("townships (grow)", self.page(townships).await),
            ("grids in a box", self.page(level(Query { bbox: Some(bbox), ..Query::default() })).await),
            ("grids of a parent", self.page(by(By::Parent, &township)).await),
            ("grid by its code", self.page(by(By::Code, &code)).await),
        ]
    }

    /// At places that were asked for before: the first who asks in a place has its lists made.
    async fn locates(&self) -> f64 {
        let places: Vec<Position> = self.county.places().take(5_000).collect();
        let principal = Principal::open();
        let ask = |place: &Position| assert!(answer_cache::answer(self.gridmap, &principal, *place).is_some());
        places.iter().for_each(ask);
        let mut hundreds = places.chunks(100).cycle();
        median(async |_| hundreds.next().into_iter().flatten().for_each(ask)).await
    }

    async fn page(&self, query: Query) -> f64 {
        median(async |_| {
            let page = grids::list(&self.caller(), &query, 100, &|_| false).await.expect("it is listed");
            let page = page.answer.expect("nothing was known");
            assert!((0..page.len()).map(|at| page.feature(at).map_or(0, <[u8]>::len)).sum::<usize>() > 100);
        })
        .await
    }

    async fn tiles(&self) -> Vec<Timed> {
        vec![
            ("tile of grids, z11", self.tile(Layers::Grids, 11).await),
            ("tile of grids, z14", self.tile(Layers::Grids, 14).await),
            ("tile of homes, z14", self.tile(Layers::Households, 14).await),
            ("tile of cases, z11", self.tile(Layers::Incidents, 11).await),
            ("tile of cases, z14", self.tile(Layers::Incidents, 14).await),
        ]
    }

    async fn tile(&self, layers: Layers, zoom: u8) -> f64 {
        let pixel = World::of(self.county.place().into()).pixel(zoom);
        let number = |pixel: i32| (pixel / EXTENT).unsigned_abs();
        let tile = Tile::new(zoom, number(pixel.y), number(pixel.x)).expect("a tile");
        let level = (layers == Layers::Grids).then_some("grid");
        median(async |_| {
            let answer = tiles::tile(&self.caller(), layers, level, tile, |_| false).await.expect("it is drawn");
            assert!(answer.body.is_some());
        })
        .await
    }

    async fn figures(&self) -> Vec<Timed> {
        let open = Arc::new(Principal::open());
        vec![
            ("coverage, township", median(async |_| self.coverage(&open).await).await),
            ("the same, public", median(async |_| self.coverage(&Arc::new(Principal::public())).await).await),
        ]
    }

    async fn coverage(&self, principal: &Arc<Principal>) {
        let parent = Some(self.county.codes().1);
        let question = figures::Question { level: Some("grid".to_owned()), parent, ..figures::Question::default() };
        let caller = Caller::new(self.gridmap, Arc::clone(principal), RequestId::made());
        let n = coverage::ask(&caller, &question, None, &|_| false, |report| report.coverage.rows.len()).await;
        assert_eq!(n.expect("it is told").answer, Some(49));
    }

    async fn writes(&self) -> Vec<Timed> {
        let open = Arc::new(Principal::open());
        let mut n_before = 0;
        let mut store = async |what: &str| {
            n_before += 1;
            let incident = self.incident(&format!("{what}-{n_before}"));
            write::open(&self.caller(), incident, None, reply).await.expect("it is stored");
            self.gridmap.refresh().await.expect("the store answers");
        };
        let opened = median(async |_| store("N").await).await;
        let counted = median(async |_| {
            store("C").await;
            self.coverage(&open).await;
        })
        .await;
        let counted_all = median(async |_| {
            store("R").await;
            self.region(&open).await;
            self.n_matched::<Incident>(&open).await;
        })
        .await;
        let homed = median(async |turn| {
            self.move_in(turn).await;
            self.gridmap.refresh().await.expect("the store answers");
            self.n_matched::<Household>(&open).await;
        })
        .await;
        let grid = self.grid().await;
        let published = median(async |turn| {
            self.publish(Grid { name: Some(format!("name {turn}")), ..grid.clone() }).await;
            self.gridmap.refresh().await.expect("the store answers");
        })
        .await;
        vec![
            ("an incident", opened),
            ("that and coverage", counted),
            ("that and the region", counted_all),
            ("a home", homed),
            ("one grid published", published),
        ]
    }

    /// What the first page shows.
    async fn region(&self, principal: &Arc<Principal>) {
        let caller = Caller::new(self.gridmap, Arc::clone(principal), RequestId::made());
        assert!(totals::region(&caller, &|_| false).await.expect("it is told").answer.is_some());
    }

    /// A list of all, up to its rows.
    async fn n_matched<T: CollectionItem>(&self, principal: &Arc<Principal>) {
        let caller = Caller::new(self.gridmap, Arc::clone(principal), RequestId::made());
        let listing = collections::list::<T>(&caller, &Query::default(), &|_| false).await.expect("it is listed");
        assert!(listing.answer.expect("nothing was known").n_matched() > 100);
    }

    /// Somebody moves into the grid in the middle.
    async fn move_in(&self, turn: usize) {
        let home = Household {
            id: HouseholdId::new(&format!("M{turn}")).expect("letters and digits"),
            position: self.county.place(),
            n_residents: None,
            stated_grid: None,
            grid: Some(self.path()),
            address: Personal::new(None),
            phone: Personal::new(None),
        };
        let mut transaction = self.gridmap.store().begin(&Actor::SYSTEM, "a bench").await.expect("nobody else writes");
        transaction.put_households(&[home], Expect::Absent).await.expect("it is new");
        transaction.commit().await.expect("nothing dangles");
    }

    /// The way down to the grid in the middle.
    fn path(&self) -> GridPath {
        let snapshot = self.gridmap.snapshot().expect("there is ground");
        let grid = snapshot.by_code(&self.county.codes().0).expect("it is in the middle");
        snapshot.tree().grid_path(grid)
    }

    /// The grid in the middle.
    async fn grid(&self) -> Grid {
        let (code, _) = self.county.codes();
        let grids: Vec<Grid> = self.gridmap.store().grids(1).try_collect().await.expect("the store answers");
        grids.into_iter().find(|grid| grid.code == code).expect("it is in the middle")
    }

    /// Writes a generation in which that grid alone is other.
    async fn publish(&self, grid: Grid) {
        let store = self.gridmap.store();
        let newest = store.generations().await.expect("the store answers").last().map(|last| last.number);
        let new = NewGeneration {
            plan: "a name".into(),
            kind: GenerationKind::Plan,
            newest,
            base: newest,
            in_force: self.gridmap.now(),
            put: vec![grid],
            removed: Vec::new(),
            acknowledged_gaps: Vec::new(),
        };
        let mut transaction = store.begin(&Actor::SYSTEM, "a bench").await.expect("nobody else writes");
        let number = transaction.publish(&new, self.gridmap.now()).await.expect("made on the newest");
        transaction.settle(number).await.expect("nothing moves");
        transaction.commit().await.expect("nothing dangles");
    }

    fn incident(&self, id: &str) -> Incident {
        Incident {
            id: IncidentId::new(id).expect("letters and digits"),
            kind: IncidentKind::Dispute,
            category: None,
            tier: None,
            position: self.county.place(),
            stated_grid: None,
            grid: None,
            steps: vec![Step { kind: StepKind::Receive, at: self.gridmap.now(), by: None }],
            text: Personal::new(None),
        }
    }
}

fn reply(one: &gridmap::service::collections::One<Incident>) -> Reply {
    Reply { status: 201, location: None, body: one.feature(), version: one.version }
}
