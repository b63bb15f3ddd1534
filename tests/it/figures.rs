//! Figures over ground with holes, and over the ground of another day; areas against PostGIS.

use std::sync::Arc;

use gridmap::analysis::{Amount, Figure, Metric, Observation};
use gridmap::domain::{DutyArea, Principal, Revision};
use gridmap::geometry::Position;
use gridmap::index::Snapshot;
use gridmap::service::Gridmap;
use gridmap::service::area::Area;
use gridmap::service::figures::coverage::{Coverage, Facts, Row};
use gridmap::service::figures::released::{self, ReleasedCounts};
use gridmap::service::figures::{
    FigureCache, GridCounts, IncidentCounts, IncidentFilter, RowSelection, hotspots, is_suppressed_for,
};
use gridmap::store::{Expect, Store};
use sqlx::{Connection as _, PgConnection};

use crate::backends::on_both;
use crate::store_contract::made::{
    duty, generation, grid, holder, household, incident, instant, path, region, square, write,
};

const WEST: i32 = 1_035_000_000;
const SOUTH: i32 = 347_000_000;
/// A village is so many lattice steps wide, a grid half of that.
const WIDE: i32 = 20_000;

fn at(east: f64, north: f64) -> Position {
    let degrees = |start: i32, part: f64| (f64::from(start) + part * f64::from(WIDE)) / 1e7;
    Position::new(degrees(WEST, east), degrees(SOUTH, north)).unwrap()
}

/// A county of four quarters, of which the north-eastern is no village; the south-western village has three grids where
/// four would be, and the others are not divided.
async fn settle(store: &Arc<dyn Store>) {
    let quarter =
        |code: &str, east, north| grid(code, 1, Some("A"), square(WEST + east * WIDE, SOUTH + north * WIDE, WIDE));
    let half = WIDE / 2;
    let part =
        |code: &str, east, north| grid(code, 2, Some("SW"), square(WEST + east * half, SOUTH + north * half, half));
    let ground = vec![
        grid("A", 0, None, square(WEST, SOUTH, 2 * WIDE)),
        quarter("NW", 0, 1),
        quarter("SE", 1, 0),
        quarter("SW", 0, 0),
        part("SW-1", 0, 0),
        part("SW-2", 1, 0),
        part("SW-3", 0, 1),
    ];
    write(store, async |t| {
        t.put_region(&region()).await.unwrap();
        t.publish(&generation(None, ground, &[]), instant("2024-03-01T00:00:00Z")).await.unwrap();
        t.put_holders(&[holder("L1")], Expect::Any).await.unwrap();
        let mut leads = duty("D1", "L1", DutyArea::Grid(gridmap::domain::Id::new("SW-1").unwrap()));
        leads.categories.clear();
        leads.to = Some(instant("2024-07-01T00:00:00Z"));
        t.put_duties(&[leads], Expect::Any).await.unwrap();
    })
    .await;
    people(store).await;
}

/// Homes: 30 in SW-1, 2 where its fourth grid would be, 3 in no village, 1 outside. Incidents: one in each of these
/// places, and one more in SW-1.
async fn people(store: &Arc<dyn Store>) {
    let places: [(&[&str], f64, f64, usize, usize); 4] = [
        (&["A", "SW", "SW-1"], 0.2, 0.2, 30, 2),
        (&["A", "SW"], 0.7, 0.7, 2, 1),
        (&["A"], 1.5, 1.5, 3, 1),
        (&[], -1.0, -1.0, 1, 1),
    ];
    let (mut homes, mut incidents) = (Vec::new(), Vec::new());
    for (number, (grids, east, north, n_homes, n_incidents)) in places.into_iter().enumerate() {
        for n in 0..n_homes {
            let mut one = household(&format!("H{number}-{n}"), 0.0, 0.0);
            (one.position, one.grid) = (at(east, north), path(grids));
            homes.push(one);
        }
        for n in 0..n_incidents {
            let mut one = incident(&format!("I{number}-{n}"), "2024-06-05T00:00:00Z");
            (one.position, one.grid) = (at(east, north), path(grids));
            incidents.push(one);
        }
    }
    write(store, async |t| {
        t.put_households(&homes, Expect::Any).await.unwrap();
        t.put_incidents(&incidents, Expect::Any).await.unwrap();
    })
    .await;
}

fn share(numerator: u64, denominator: u64) -> Figure {
    Figure::share(Observation::Counted(numerator), Observation::Counted(denominator))
}

fn per_hundred(numerator: u64, denominator: u64) -> Figure {
    Figure::per_hundred(Observation::Counted(numerator), Observation::Counted(denominator))
}

async fn grid_counts(gridmap: &Gridmap, snapshot: &Snapshot) -> Arc<GridCounts> {
    let all = IncidentFilter::default();
    FigureCache::default().grid_counts(gridmap, snapshot, &all, false, &Area::default()).await.unwrap().1
}

/// The level of that depth in the whole region, told to `to`.
async fn coverage<'s>(gridmap: &Gridmap, snapshot: &'s Snapshot, level: u8, at: &str, to: Principal) -> Coverage<'s> {
    let grid_counts = grid_counts(gridmap, snapshot).await;
    let cases = if is_suppressed_for(&to) {
        let release = released::release(snapshot, &grid_counts, &[], None, instant(at));
        IncidentCounts::Released(Arc::new(ReleasedCounts::over(Arc::new(release), snapshot)))
    } else {
        IncidentCounts::Exact { revision: Revision(1), grid_counts }
    };
    let own_areas = FigureCache::default().own_areas(snapshot.tree());
    let facts = Facts { snapshot, own_areas, incidents: &cases, at: instant(at) };
    facts.coverage(&RowSelection::new(level, None), &Metric::all(snapshot.region()))
}

fn figure(row: &Row<'_>, metric: Metric) -> Figure {
    row.figure(metric).unwrap()
}

fn square_metres(figure: Figure) -> f64 {
    match figure {
        Figure::Rate { numerator: Amount::Area(m2), .. } => m2,
        other => panic!("{other:?} is no area"),
    }
}

async fn open(store: &Arc<dyn Store>) -> Gridmap {
    Gridmap::open(Arc::clone(store), Arc::new(instant("2024-06-10T00:00:00Z"))).await.unwrap()
}

#[test]
fn homes_and_ground_in_no_grid_are_told_by_level() {
    on_both(async |_, store| {
        settle(&store).await;
        let gridmap = open(&store).await;
        let snapshot = gridmap.snapshot().unwrap();
        let villages = coverage(&gridmap, &snapshot, 1, "2024-06-10T00:00:00Z", Principal::open()).await;
        let of = figure;
        assert_eq!(of(&villages.total, Metric::WithoutGrid), share(3 + 1, 36));
        assert_eq!(of(&villages.total, Metric::Incidents), per_hundred(4, 35));
        let [nw, _, sw] = &villages.rows[..] else { panic!("{villages:?}") };
        assert_eq!(of(sw, Metric::WithoutGrid), share(2, 32));
        assert_eq!(of(sw, Metric::Incidents), per_hundred(3, 32));
        assert_eq!((of(nw, Metric::WithoutGrid), of(nw, Metric::Uncovered)), (Figure::none(), Figure::none()));
        let quarter = square_metres(of(&villages.total, Metric::Uncovered)) / villages.total.area_m2;
        assert!((quarter - 0.25).abs() < 1e-4, "{quarter}");
        let grids = coverage(&gridmap, &snapshot, 2, "2024-06-10T00:00:00Z", Principal::open()).await;
        let bare = square_metres(of(&grids.total, Metric::Uncovered)) / grids.total.area_m2;
        assert!((bare - 13.0 / 16.0).abs() < 1e-4, "{bare}");
        assert_eq!(square_metres(of(&grids.total, Metric::Overlap)).to_bits(), 0);
        assert_eq!(of(&grids.total, Metric::WithoutGrid), share(2 + 3 + 1, 36));
        assert_eq!(of(&grids.total, Metric::Households), share(35, 3 * 65));
        assert_eq!(of(&grids.total, Metric::WithoutLeader), share(2, 3));
        let later = coverage(&gridmap, &snapshot, 2, "2024-07-01T00:00:00Z", Principal::open()).await;
        assert_eq!(of(&later.total, Metric::WithoutLeader), share(3, 3), "the duty has ended");
        assert_eq!(later.total.missing_roles, ["grid_leader"]);
    });
}

#[test]
fn the_public_is_not_told_how_few_stand_in_no_grid() {
    on_both(async |_, store| {
        settle(&store).await;
        let gridmap = open(&store).await;
        let snapshot = gridmap.snapshot().unwrap();
        for level in [1, 2] {
            let told = coverage(&gridmap, &snapshot, level, "2024-06-10T00:00:00Z", Principal::public()).await;
            for row in told.rows.iter().chain([&told.total]) {
                let without_grid = figure(row, Metric::WithoutGrid);
                assert!([Figure::Withheld, Figure::none()].contains(&without_grid), "{without_grid:?}");
                assert_eq!(figure(row, Metric::Resolved), Figure::Withheld);
            }
        }
    });
}

#[test]
fn another_day_is_counted_on_its_own_ground() {
    on_both(async |_, store| {
        settle(&store).await;
        let half = WIDE / 2;
        let fourth = grid("SW-4", 2, Some("SW"), square(WEST + half, SOUTH + half, half));
        let mut redraw = generation(Some(1), vec![fourth], &["SW-2"]);
        redraw.in_force = instant("2024-06-01T00:00:00Z");
        write(&store, async |t| {
            t.publish(&redraw, instant("2024-05-01T00:00:00Z")).await.unwrap();
            let mut moved = incident("I1-0", "2024-06-05T00:00:00Z");
            (moved.position, moved.grid) = (at(0.7, 0.7), path(&["A", "SW", "SW-4"]));
            t.put_incidents(&[moved], Expect::Any).await.unwrap();
        })
        .await;
        let gridmap = open(&store).await;
        let now = gridmap.snapshot().unwrap();
        let then = gridmap.snapshot_at(instant("2024-05-20T00:00:00Z"), None).await.unwrap().unwrap();
        let counts = async |snapshot: &Snapshot| -> Vec<(String, u64)> {
            let grid_counts = grid_counts(&gridmap, snapshot).await;
            let grids = RowSelection::new(2, None).grids(snapshot).collect::<Vec<_>>();
            let count = |ix| grid_counts.within(snapshot.tree().subtree(ix)).n_reported;
            grids.into_iter().map(|ix| (snapshot.grid(ix).code.clone(), count(ix))).collect()
        };
        let named = |counts: &[(&str, u64)]| counts.iter().map(|(c, n)| ((*c).to_owned(), *n)).collect::<Vec<_>>();
        assert_eq!(counts(&now).await, named(&[("SW-1", 2), ("SW-3", 0), ("SW-4", 1)]));
        assert_eq!(counts(&then).await, named(&[("SW-1", 2), ("SW-2", 0), ("SW-3", 0)]));
        let past = coverage(&gridmap, &then, 2, "2024-05-20T00:00:00Z", Principal::open()).await;
        assert_eq!(figure(&past.total, Metric::Households), Figure::Unknown);
        assert_eq!(figure(&past.total, Metric::Incidents), Figure::Undivided(Amount::Count(4)));
    });
}

#[test]
fn a_point_that_holds_too_many_reports_is_told_apart() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut reports = Vec::new();
        for n in 0..95 {
            let mut one = incident(&format!("R{n}"), "2024-06-06T00:00:00Z");
            // Every seventh was put on the desk's own point; nine share another, which is too few to say.
            let east = if n % 7 == 0 {
                0.5
            } else if n < 10 {
                0.6
            } else {
                0.7 + f64::from(n) / 1e3
            };
            (one.position, one.grid) = (at(east, 0.25), path(&["A", "SW", "SW-2"]));
            reports.push(one);
        }
        write(&store, async |t| t.put_incidents(&reports, Expect::Any).await.unwrap()).await;
        let gridmap = open(&store).await;
        let snapshot = gridmap.snapshot().unwrap();
        let found = async |parent: Option<&str>, to| {
            let rows = RowSelection::new(2, parent.map(|code| snapshot.by_code(code).unwrap()));
            let all = IncidentFilter::default();
            hotspots::fallback_points(&*store, &snapshot, &rows, &all, 100, &to).await.unwrap()
        };
        let point = |position| hotspots::Point { position, n: 14 };
        assert_eq!(found(None, Principal::open()).await, [point(Some(at(0.5, 0.25)))]);
        assert_eq!(found(Some("SW-2"), Principal::open()).await, [point(Some(at(0.5, 0.25)))]);
        assert_eq!(found(Some("SW-1"), Principal::open()).await, []);
    });
}

/// PostGIS measures along geodesics, which over 200 m leave a parallel by less than a millimetre.
#[test]
fn areas_are_those_that_postgis_measures() {
    on_both(async |database, store| {
        settle(&store).await;
        if database.is_sqlite() {
            return;
        }
        let gridmap = open(&store).await;
        let snapshot = gridmap.snapshot().unwrap();
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        for level in [1_u8, 2] {
            let (covered, whole): (f64, f64) = sqlx::query_as(
                "select st_area(st_union(boundary)::geography),
                     (select st_area(boundary::geography) from grid where depth = 0) from grid where depth = $1",
            )
            .bind(i32::from(level))
            .fetch_one(&mut connection)
            .await
            .unwrap();
            let told = coverage(&gridmap, &snapshot, level, "2024-06-10T00:00:00Z", Principal::open()).await;
            let uncovered = square_metres(figure(&told.total, Metric::Uncovered));
            assert!((told.total.area_m2 / whole - 1.0).abs() < 1e-5, "{} for {whole}", told.total.area_m2);
            assert!((uncovered / (whole - covered) - 1.0).abs() < 1e-5, "{uncovered} for {}", whole - covered);
        }
    });
}
