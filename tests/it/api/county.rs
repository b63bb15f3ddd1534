//! The demo county, imported once, and servers over it.

use std::fs::File;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use gridmap::api::{self, App};
use gridmap::config::{AllowedOrigins, LimitSettings};
use gridmap::domain::{Basemap, Principal};
use gridmap::format::Mapping;
use gridmap::format::record::Syntax;
use gridmap::geometry::crs::Frame;
use gridmap::service::import::{self, GridOptions, ImportReport, OnEdited, Outcome, Source};
use gridmap::service::{Caller, Gridmap, follow};
use gridmap::store;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::backends::{Database, api_on_postgres};

/// What the server's clock shows for ever.
pub(crate) const NOW: &str = "2025-01-15T04:00:00Z";

/// Imported once, in a SQLite file or in a PostgreSQL database, and copied for every server.
static IMPORTED: LazyLock<Database> = LazyLock::new(|| {
    let database = new();
    on_a_thread(import_all(database.url.clone()));
    database
});

static OPEN: LazyLock<Server> = LazyLock::new(|| Server::over(IMPORTED.copy(), Principal::open()));
static PUBLIC: LazyLock<Server> = LazyLock::new(|| Server::over(IMPORTED.copy(), Principal::public()));

/// An empty database of the kind that the suite runs on.
fn new() -> Database {
    if api_on_postgres() { Database::postgres() } else { Database::sqlite() }
}

/// The county for those who may see all of it. Shared: nobody writes here.
pub(crate) fn open() -> SocketAddr {
    OPEN.address
}

/// The county as the public sees it.
pub(crate) fn public() -> SocketAddr {
    PUBLIC.address
}

/// A county of one's own to write into; its database is there as long as the second is.
pub(crate) fn own() -> (SocketAddr, Server) {
    let server = Server::over(IMPORTED.copy(), Principal::open());
    (server.address, server)
}

/// The same as the public sees it.
pub(crate) fn own_public() -> (SocketAddr, Server) {
    let server = Server::over(IMPORTED.copy(), Principal::public());
    (server.address, server)
}

/// A copy of the county in a SQLite file, and its address, for a server process: on whatever the suite runs.
pub(crate) fn file() -> (String, TempDir) {
    static FILE: LazyLock<Database> = LazyLock::new(|| {
        let database = Database::sqlite();
        on_a_thread(import_all(database.url.clone()));
        database
    });
    let database = if api_on_postgres() { &FILE } else { &IMPORTED };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("county.db");
    std::fs::copy(database.url.strip_prefix("sqlite:").unwrap(), &file).unwrap();
    (format!("sqlite:{}", file.display()), folder)
}

/// A server over a new, empty database.
pub(crate) fn empty() -> (SocketAddr, Server) {
    let server = Server::over(new(), Principal::open());
    (server.address, server)
}

/// A copy of the county.
pub(crate) fn copy() -> Database {
    IMPORTED.copy()
}

pub(crate) fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// A server that runs until the test binary ends, and the database under it.
pub(crate) struct Server {
    address: SocketAddr,
    #[expect(dead_code, reason = "held so that the database lives as long")]
    database: Database,
}

impl Server {
    /// Starts the real router and server.
    fn over(database: Database, principal: Principal) -> Self {
        let (tell, told) = std::sync::mpsc::channel();
        let url = database.url.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async move {
                let store = store::open(&url).await.unwrap();
                let gridmap = Gridmap::open(store, Arc::new(now())).await.unwrap();
                tokio::spawn(follow::run(gridmap.clone()));
                tell.send(serve(gridmap, principal).await).unwrap();
                std::future::pending::<()>().await;
            });
        });
        Self { address: told.recv().unwrap(), database }
    }
}

/// Serves an application of the test's own making for as long as the test's runtime lives.
pub(crate) async fn serve(gridmap: Gridmap, principal: Principal) -> SocketAddr {
    serve_app(app(gridmap, principal)).await
}

pub(crate) fn app(gridmap: Gridmap, principal: Principal) -> App {
    App::new(gridmap, principal, limits(), basemaps())
}

fn limits() -> LimitSettings {
    LimitSettings { read_timeout: 3, ..LimitSettings::default() }
}

/// The same for an application whose caches a test looks into.
pub(crate) async fn serve_app(app: App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = api::Routes::new(app, &AllowedOrigins::None);
    tokio::spawn(async move { api::serve(listener, router, &limits(), std::future::pending()).await });
    address
}

/// The basemap that every test server offers.
pub(crate) const BASEMAPS: &str = r#"
[[basemap]]
id = "town"
names = { zh = "镇图", en = "town map" }
kind = "raster"
url = "https://tiles.example/{z}/{x}/{y}.png"
frame = "gcj02"
attribution = "the town"
"#;

/// A server over the grids of a case, which stand on no other ground.
pub(crate) async fn case(case: &str) -> (SocketAddr, TempDir) {
    let folder = TempDir::new().unwrap();
    let database = format!("sqlite:{}", folder.path().join("case.db").display());
    let import = |noun: &str, file: &str, options: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridmap"));
        command.args(["import", noun, &format!("fixtures/cases/{file}"), "--database", &database]).args(options);
        assert!(command.output().unwrap().status.success(), "{file}");
    };
    import("region", "00-base/region.toml", &[]);
    import("grids", &format!("{case}/grids.geojson"), &["--in-force", "2024-01-01"]);
    let gridmap = Gridmap::open(store::open(&database).await.unwrap(), Arc::new(now())).await.unwrap();
    (serve(gridmap, Principal::open()).await, folder)
}

fn basemaps() -> Vec<Basemap> {
    gridmap::format::basemaps::parse(BASEMAPS).unwrap()
}

fn on_a_thread(work: impl Future<Output = ()> + Send + 'static) {
    let run = || tokio::runtime::Runtime::new().unwrap().block_on(work);
    std::thread::spawn(run).join().unwrap();
}

async fn import_all(url: String) {
    let store = store::open(&url).await.unwrap();
    let gridmap = Gridmap::open(Arc::clone(&store), Arc::new(now())).await.unwrap();
    let caller = &Caller::system(&gridmap);
    let region = std::fs::read_to_string("fixtures/lintan/region.toml").unwrap();
    assert!(import::region(caller, &region).await.unwrap().faults.is_empty());
    let grids = ["county", "townships", "villages", "grids", "groups"]
        .map(|level| source(&format!("{level}.geojson"), &[], &level_of(level)));
    let options =
        GridOptions { in_force: Some("2024-01-01T00:00:00+08:00".parse().unwrap()), ..GridOptions::default() };
    stored(&import::grids(caller, grids.into(), &options).await.unwrap());
    let homes = [("id", "house_id"), ("residents", "residents"), ("stated_grid", "group_code")];
    stored(&import::households(caller, source("houses.csv", &homes, &[]), &[]).await.unwrap());
    people(caller).await;
    let stations = [("id", "station_id"), ("stated_grid", "township_code")];
    let stations = source("judge_stations.csv", &stations, &[("kind", "court_station")]);
    stored(&import::service_points(caller, stations).await.unwrap());
    let disputes =
        [("id", "dispute_id"), ("category", "kind"), ("registered_at", "accepted_at"), ("stated_grid", "group_code")];
    let disputes = source("disputes.csv", &disputes, &[("kind", "dispute")]);
    stored(&import::incidents(caller, disputes).await.unwrap());
    store.close().await;
}

async fn people(caller: &Caller<'_>) {
    let leaders = source("grid_leaders.csv", &[("id", "worker_id")], &[]);
    stored(&import::holders(caller, leaders).await.unwrap());
    let committees = source("committees.csv", &[("id", "committee_id")], &[("kind", "body")]);
    stored(&import::holders(caller, committees).await.unwrap());
    let mediators = [("id", "mediator_id"), ("body", "committee_id")];
    let mediators = source("mediators.csv", &mediators, &[("kind", "person")]);
    stored(&import::holders(caller, mediators).await.unwrap());
    let leads = source("grid_leaders.csv", &[("holder", "worker_id"), ("grid", "grid_code")], &[]);
    stored(&import::duties(caller, leads).await.unwrap());
    let serves = [("holder", "committee_id"), ("grid", "village_code")];
    let serves = source("committees.csv", &serves, &[("role", "mediation_committee")]);
    stored(&import::duties(caller, serves).await.unwrap());
    let mediates = [("holder", "mediator_id"), ("grid", "village_code")];
    let mediates = source("mediators.csv", &mediates, &[("role", "mediator")]);
    stored(&import::duties(caller, mediates).await.unwrap());
}

fn level_of(file: &str) -> Vec<(&'static str, &'static str)> {
    let level = match file {
        "townships" => "township",
        "villages" => "village",
        "grids" => "grid",
        "groups" => "group",
        _ => "county",
    };
    vec![("level", level)]
}

fn source(file: &str, columns: &[(&str, &str)], constants: &[(&str, &str)]) -> Source {
    let path = format!("fixtures/lintan/{file}");
    let owned = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    Source {
        name: file.to_owned(),
        input: Box::new(File::open(&path).unwrap()),
        syntax: Syntax::of(&path),
        mapping: Mapping { columns: owned(columns), constants: owned(constants) },
        frame: Frame::Wgs84,
        on_edited: OnEdited::Refuse,
        is_dry_run: false,
    }
}

#[track_caller]
fn stored(report: &ImportReport) {
    assert!(matches!(report.outcome, Outcome::Stored { .. }), "{report:#?}");
}
