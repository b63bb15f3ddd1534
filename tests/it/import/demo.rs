//! The demo county: every figure of it, on both stores.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::TryStreamExt;
use gridmap::domain::{DutyArea, HolderKind, Noun, Principal, Status};
use gridmap::format::{Mapping, csv};
use gridmap::geometry::Position;
use gridmap::geometry::crs::Frame;
use gridmap::service::import::{self, ImportError, Outcome, Source};
use gridmap::service::{Caller, RequestId};
use gridmap::store::{Filter, Property};

use super::{day, fixtures, import_manifest, open, text_source};
use crate::backends::on_both;

#[test]
fn the_demo_county_arrives_whole() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-12-31")).await;
        for report in import_manifest(&gridmap, &fixtures().join("lintan/import.toml")).await {
            let name = format!("{} from {:?}", report.noun, report.files);
            assert!(matches!(report.outcome, Outcome::Stored { .. }), "{name}: {report:?}");
            assert_eq!(report.n_stored, report.n_read, "{name}");
            assert!(report.outside.is_empty() && report.disagreeing.is_empty() && report.totals.is_empty(), "{name}");
        }

        let snapshot = gridmap.snapshot().unwrap();
        let at_level: Vec<usize> = (0..5).map(|depth| snapshot.grids_at(depth).count()).collect();
        assert_eq!(at_level, [1, 16, 147, 770, 1995]);
        assert_eq!(snapshot.n_households(snapshot.by_code("623021").unwrap()), Some(50_000));
        assert_eq!(snapshot.n_households_outside(), Some(0));

        let count = async |noun, filter| store.count(noun, filter).await.unwrap();
        assert_eq!(count(Noun::Households, Filter::default()).await, 50_000);
        assert_eq!(count(Noun::Holders, Filter::default()).await, 770 + 147 + 587);
        assert_eq!(count(Noun::ServicePoints, Filter::default()).await, 16);
        assert_eq!(count(Noun::Incidents, Filter::default()).await, 305);
        let resolved = vec![(Property::Status, Status::Resolved.as_str().to_owned())];
        assert_eq!(count(Noun::Incidents, Filter { equals: resolved, ..Filter::default() }).await, 291);
        for (role, n) in [("grid_leader", 770), ("mediation_committee", 147), ("mediator", 587)] {
            let equals = vec![(Property::Role, role.to_owned())];
            assert_eq!(count(Noun::Duties, Filter { equals, ..Filter::default() }).await, n, "{role}");
        }

        let people = snapshot.people();
        let duties = people.duties();
        assert!(
            duties.iter().all(|duty| matches!(&duty.area, DutyArea::Grid(id) if snapshot.by_id(id.as_str()).is_some()))
        );
        let holders = store.holders(Filter::default()).map_ok(|stored| stored.thing);
        let holders: Vec<_> = holders.try_collect().await.unwrap();
        assert_eq!(holders.iter().filter(|holder| holder.kind == HolderKind::Body).count(), 147);
        assert_eq!(holders.iter().filter(|holder| holder.body.is_some()).count(), 587);
    });
}

/// Every row of the source against what was stored: an oracle that shares no code with the import but the CSV crate's.
#[test]
fn every_home_keeps_the_position_and_group_of_its_row() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-12-31")).await;
        import_manifest(&gridmap, &fixtures().join("lintan/import.toml")).await;
        let mut rows = BTreeMap::new();
        for line in std::fs::read_to_string(fixtures().join("lintan/houses.csv")).unwrap().lines().skip(1) {
            let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            rows.insert(cells[0].clone(), cells);
        }
        let mut homes = store.households(Filter::default());
        while let Some(home) = homes.try_next().await.unwrap() {
            let home = home.thing;
            let row = rows.remove(home.id.as_str()).unwrap();
            assert_eq!(home.position.lon().to_bits(), row[1].parse::<f64>().unwrap().to_bits());
            assert_eq!(home.position.lat().to_bits(), row[2].parse::<f64>().unwrap().to_bits());
            assert_eq!(home.n_residents.unwrap().to_string(), row[3]);
            assert_eq!(home.grid.unwrap().leaf().as_str(), row[4]);
        }
        assert!(rows.is_empty());
    });
}

#[test]
fn homes_given_in_gcj02_land_on_the_same_homes_in_wgs84() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-12-31")).await;
        import_manifest(&gridmap, &fixtures().join("lintan/import.toml")).await;
        let homes: Vec<_> =
            store.households(Filter { limit: Some(2_000), ..Filter::default() }).try_collect().await.unwrap();
        let mut shifted = Vec::new();
        csv::write_header(&["id", "x", "y"], &mut shifted);
        for home in &homes {
            let (x, y) = Frame::Gcj02.numbers_of(home.thing.position).unwrap();
            shifted.extend(format!("{},{x},{y}\n", home.thing.id).bytes());
        }
        let mapping = Mapping {
            columns: vec![("lon".into(), "x".into()), ("lat".into(), "y".into())],
            constants: vec![("address".into(), "shifted".into())],
        };
        let source = Source { mapping, frame: Frame::Gcj02, ..text_source("shifted.csv", shifted) };
        let report = import::households(&Caller::system(&gridmap), source, &[]).await.unwrap();
        assert_eq!((report.n_stored, report.outside.n), (2_000, 0));
        let again: Vec<_> =
            store.households(Filter { limit: Some(2_000), ..Filter::default() }).try_collect().await.unwrap();
        for (before, after) in homes.iter().zip(&again) {
            assert_eq!(before.thing.id, after.thing.id);
            assert!(metres(before.thing.position, after.thing.position) < 0.01, "{}", after.thing.id);
            assert_eq!(before.thing.grid, after.thing.grid);
            assert_ne!(before.version, after.version, "it was stored anew");
        }
    });
}

#[test]
fn the_public_imports_nothing() {
    on_both(async |_, store| {
        let gridmap = open(store.clone(), day("2024-12-31")).await;
        import_manifest(&gridmap, &fixtures().join("broken/import/town.toml")).await;
        let before = store.revision().await.unwrap();
        let source = || text_source("homes.csv", "id,lon,lat\nH1,103.05,34.05\n");
        let caller = Caller::new(&gridmap, Arc::new(Principal::public()), RequestId::made());
        let refused = [
            import::households(&caller, source(), &[]).await.err(),
            import::holders(&caller, source()).await.err(),
            import::duties(&caller, source()).await.err(),
            import::service_points(&caller, source()).await.err(),
            import::incidents(&caller, source()).await.err(),
            import::grids(&caller, vec![source()], &import::GridOptions::default()).await.err(),
            import::region(&caller, "").await.err(),
        ];
        for error in refused {
            assert!(matches!(error, Some(ImportError::Denied(_))), "{error:?}");
        }
        assert_eq!(store.revision().await.unwrap(), before);
    });
}

/// Metres between two close places, good to a part in a hundred.
fn metres(a: Position, b: Position) -> f64 {
    let east = (a.lon() - b.lon()) * 111_320.0 * a.lat().to_radians().cos();
    east.hypot((a.lat() - b.lat()) * 111_132.0)
}
