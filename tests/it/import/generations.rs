//! Ground that changes: a changed layer is the next generation, and either answers for its own dates.

use futures::TryStreamExt;
use gridmap::domain::{GridId, Noun};
use gridmap::geometry::coverage::{FaultKind, Tolerance};
use gridmap::geometry::{LatticePoint, Position};
use gridmap::service::import::{self, GridOptions, ImportReport, Outcome};
use gridmap::service::{Caller, Gridmap};
use gridmap::store::{Filter, Store};

use super::{day, fixtures, import_manifest, open, text_source};
use crate::backends::on_both;

/// The two grids of the little town, their border moved from 103.1 to `border` degrees.
pub(super) fn layer(border: &str) -> String {
    let grid = |code: &str, west: &str, east: &str| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{code}\",\"name\":\"{code}\",\"level\":\"grid\",\
             \"parent\":\"990001\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{west},34],[{east},34],\
             [{east},34.1],[{west},34.1],[{west},34]]]}}}}"
        )
    };
    let (west, east) = (grid("990001001", "103", border), grid("990001002", border, "103.2"));
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{west},{east}]}}")
}

async fn import_layer(gridmap: &Gridmap, border: &str, options: &GridOptions) -> ImportReport {
    let source = text_source("grids.geojson", layer(border));
    import::grids(&Caller::system(gridmap), vec![source], options).await.unwrap()
}

/// What rounding can have made is settled by rule and said; a gap of nearly two metres is refused, until somebody has seen it
/// or asks for what is narrower than five metres to be settled.
#[test]
fn a_hairline_gap_is_settled_and_a_narrow_one_when_that_is_asked_for() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-03-01")).await;
        import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
        let narrow = std::fs::read_to_string(fixtures().join("broken/import/grids-with-narrow-gap.geojson")).unwrap();
        let hairline = narrow.replace("103.09998", "103.0999998");
        let import = async |layer: &str, accept_gaps, tolerance| {
            let options = GridOptions { accept_gaps, tolerance, ..GridOptions::default() };
            let source = text_source("grids.geojson", layer.to_owned());
            import::grids(&Caller::system(&gridmap), vec![source], &options).await.unwrap()
        };
        let settled = |report: &ImportReport| {
            let notes = report.coverage.as_ref().unwrap().notes();
            let notes = notes.filter(|note| note.kind == FaultKind::Snapped);
            notes.map(|note| (note.detail.clone(), note.size.width_m.unwrap())).collect::<Vec<_>>()
        };
        let owner = || {
            let gap = LatticePoint::from(Position::new(103.099_999_9, 34.050_025).unwrap());
            let snapshot = gridmap.snapshot().unwrap();
            snapshot.grid(snapshot.tree().owner(gap).unwrap()).code.clone()
        };

        let stored = import(&hairline, false, Tolerance::default()).await;
        let [(detail, width_m)] = &settled(&stored)[..] else { panic!("{stored:#?}") };
        assert!(
            detail.starts_with("a gap, which goes to 990001") && (0.005..0.0223).contains(width_m),
            "{detail} {width_m}"
        );
        assert_eq!(stored.generation.unwrap().n_acknowledged_gaps, 0);
        assert_ne!(owner(), "990001", "a grid answers for what was the gap");

        let refused = import(&narrow, false, Tolerance::default()).await;
        assert_eq!((refused.outcome, refused.generation), (Outcome::Refused, None));
        assert_eq!(import(&narrow, true, Tolerance::default()).await.generation.unwrap().n_acknowledged_gaps, 1);
        assert_eq!(owner(), "990001", "the town answers for the gap");
        let stored = import(&narrow, false, Tolerance::narrower_than(5.0).unwrap()).await;
        assert_eq!((settled(&stored).len(), stored.generation.unwrap().n_acknowledged_gaps), (1, 0));
        assert_ne!(owner(), "990001");
    });
}

/// The code of the grid that answers for a point between the two borders.
async fn owner_between(gridmap: &Gridmap, at: &str, known_at: Option<&str>) -> Option<String> {
    let snapshot = gridmap.snapshot_at(day(at), known_at.map(day)).await.unwrap()?;
    let point = LatticePoint::from(Position::new(103.12, 34.05).unwrap());
    Some(snapshot.grid(snapshot.tree().owner(point).unwrap()).code.clone())
}

async fn grid_of(store: &dyn Store, id: &str) -> GridId {
    let filter = Filter { id: Some(id.to_owned()), ..Filter::default() };
    let homes: Vec<_> = store.households(filter).try_collect().await.unwrap();
    homes[0].thing.grid.as_ref().unwrap().leaf().clone()
}

#[test]
fn a_changed_layer_is_a_second_generation_and_either_answers_for_its_dates() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-03-01")).await;
        import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
        let homes = "id,lon,lat\nH1,103.12,34.05\nH2,103.05,34.05\nH3,103.18,34.05\n";
        let source = text_source("homes.csv", homes);
        import::households(&Caller::system(&gridmap), source, &[]).await.unwrap();
        assert_eq!(grid_of(&*store, "H1").await.as_str(), "990001002");

        let later = open(store.clone(), day("2024-03-10")).await;
        let options = GridOptions { in_force: Some(day("2024-03-05")), ..GridOptions::default() };
        let report = import_layer(&later, "103.15", &options).await;
        let published = report.generation.unwrap();
        assert_eq!((published.number, published.n_new, published.n_removed), (2, 0, 0), "{report:?}");
        assert_eq!(published.n_changed, 3, "both grids, and the town has one vertex elsewhere");
        assert_eq!(published.n_relocated, 1);
        assert_eq!(grid_of(&*store, "H1").await.as_str(), "990001001");
        assert_eq!(grid_of(&*store, "H2").await.as_str(), "990001001");

        let owner = async |at, known_at| owner_between(&later, at, known_at).await;
        assert_eq!(owner("2024-03-04", None).await.as_deref(), Some("990001002"), "not yet in force");
        assert_eq!(owner("2024-03-05", None).await.as_deref(), Some("990001001"));
        assert_eq!(owner("2024-03-06", Some("2024-03-09")).await.as_deref(), Some("990001002"), "not yet known");
        assert_eq!(owner("2024-03-06", Some("2024-03-10")).await.as_deref(), Some("990001001"));
        assert_eq!(owner("2024-02-28", None).await, None, "before the first generation");
    });
}

#[test]
fn the_same_layer_again_makes_no_generation() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-03-01")).await;
        import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
        let before = store.revision().await.unwrap();
        let again = import_layer(&gridmap, "103.1", &GridOptions::default()).await;
        assert_eq!(again.outcome, Outcome::Unchanged, "{again:?}");
        let all = import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
        assert_eq!(all[0].outcome, Outcome::Unchanged);
        assert_eq!(store.revision().await.unwrap(), before);
        assert_eq!(store.generations().await.unwrap().len(), 1);
    });
}

/// Also when the homes came from another file, or long before.
#[test]
fn homes_stated_for_grids_are_held_against_those_that_are_there() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-03-01")).await;
        import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
        let stated = async |options: &GridOptions, border: &str| {
            let text = layer(border).replace("\"level\"", "\"houses\":2,\"level\"");
            let source = text_source("grids.geojson", text);
            let report = import::grids(&Caller::system(&gridmap), vec![source], options).await.unwrap();
            let told = report.totals.first.iter().map(|t| (t.code.clone(), t.stated, t.counted)).collect::<Vec<_>>();
            (report.outcome, told)
        };
        let now = GridOptions::default();
        assert_eq!(stated(&now, "103.1").await, (Outcome::Unchanged, vec![]), "no homes yet, nothing to compare with");
        let homes = "id,lon,lat\nH1,103.12,34.05\nH2,103.05,34.05\nH3,103.18,34.05\n";
        import::households(&Caller::system(&gridmap), text_source("homes.csv", homes), &[]).await.unwrap();
        let short = vec![("990001001".to_owned(), 2, 1)];
        assert_eq!(stated(&now, "103.1").await, (Outcome::Unchanged, short));
        let later = GridOptions { in_force: Some(day("2024-06-01")), ..GridOptions::default() };
        let (outcome, told) = stated(&later, "103.15").await;
        assert!(matches!(outcome, Outcome::Stored { .. }) && told.is_empty(), "homes move there on its day: {told:?}");
    });
}

#[test]
fn ground_in_force_later_moves_homes_on_its_day() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-03-01")).await;
        import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
        let source = text_source("homes.csv", "id,lon,lat\nH1,103.12,34.05\n");
        import::households(&Caller::system(&gridmap), source, &[]).await.unwrap();
        let options = GridOptions { in_force: Some(day("2024-06-01")), ..GridOptions::default() };
        let report = import_layer(&gridmap, "103.15", &options).await;
        assert_eq!(report.generation.unwrap().n_relocated, 0);
        assert_eq!(grid_of(&*store, "H1").await.as_str(), "990001002");
        assert_eq!(owner_between(&gridmap, "2024-05-31", None).await.as_deref(), Some("990001002"));
        assert_eq!(owner_between(&gridmap, "2024-06-01", None).await.as_deref(), Some("990001001"));
        assert_eq!(store.count(Noun::Households, Filter::default()).await.unwrap(), 1);

        let before = store.revision().await.unwrap();
        let on_the_day = Gridmap::new(store.clone(), std::sync::Arc::new(day("2024-06-01")));
        let mut states = on_the_day.states();
        let following = tokio::spawn(gridmap::service::follow::run(on_the_day));
        states.wait_for(|state| state.revision().is_some_and(|revision| revision > before)).await.unwrap();
        following.abort();
        assert_eq!(grid_of(&*store, "H1").await.as_str(), "990001001", "the day has come");
    });
}
