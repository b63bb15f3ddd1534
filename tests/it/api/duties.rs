//! Duties with a polygon of their own: drawn in a file, stored, shown by the collection, and told by the answer.

use std::sync::Arc;

use gridmap::domain::{Noun, Principal};
use gridmap::format::Mapping;
use gridmap::format::record::Syntax;
use gridmap::geometry::crs::Frame;
use gridmap::service::import::{self, ImportReport, OnEdited, Outcome, Source};
use gridmap::service::{Caller, Gridmap};
use serde_json::{Value, json};

use super::county::{now, serve};
use super::http::get;
use crate::backends::on_both;
use crate::import::import_manifest;

fn source(name: &str, text: String, frame: Frame) -> Source {
    let (input, syntax) = (Box::new(std::io::Cursor::new(text)), Syntax::of(name));
    Source {
        name: name.to_owned(),
        input,
        syntax,
        mapping: Mapping::default(),
        frame,
        on_edited: OnEdited::Refuse,
        is_dry_run: false,
    }
}

fn square([west, south, east, north]: [f64; 4]) -> Value {
    json!([[[west, south], [east, south], [east, north], [west, north], [west, south]]])
}

/// A market over the border of the two grids, with a hole; an estate in two parts; and one far away.
fn file() -> String {
    let market = json!([square([103.05, 34.02, 103.15, 34.08])[0], square([103.09, 34.04, 103.11, 34.06])[0]]);
    let estate = json!([square([103.0, 34.0, 103.01, 34.01]), square([103.19, 34.0, 103.2, 34.01])]);
    let feature = |id: &str, role: &str, kind: &str, coordinates: Value| {
        let properties = json!({"id": id, "holder": "W1", "role": role, "grid": null, "categories": ["wages"]});
        json!({"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}})
    };
    let features = [
        feature("market", "mediator", "Polygon", market),
        feature("estate", "area_lead", "MultiPolygon", estate),
        feature("far", "mediator", "Polygon", square([110.0, 30.0, 110.1, 30.1])),
    ];
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

async fn import_duties(gridmap: &Gridmap, frame: Frame) -> ImportReport {
    import::duties(&Caller::system(gridmap), source("duties.geojson", file(), frame)).await.unwrap()
}

#[test]
fn a_duty_on_a_polygon_of_its_own_is_imported_shown_and_told() {
    on_both(async |_, store| {
        let gridmap = Gridmap::open(store, Arc::new(now())).await.unwrap();
        import_manifest(&gridmap, "fixtures/broken/import/town.toml".as_ref()).await;
        let holders = source("holders.csv", "id,name,kind\nW1,Market office,body\n".to_owned(), Frame::Wgs84);
        import::holders(&Caller::system(&gridmap), holders).await.unwrap();
        let report = import_duties(&gridmap, Frame::Wgs84).await;
        assert!(matches!(report.outcome, Outcome::Stored { .. }), "{report:?}");
        let outside: Vec<String> = report.outside.first.iter().map(ToString::to_string).collect();
        assert_eq!((report.n_stored, outside), (3, vec!["feature 3".to_owned()]));

        let server = serve(gridmap.clone(), Principal::open()).await;
        let found = get(server, "/api/collections/duties/items?f=json").json();
        let features = found["features"].as_array().unwrap();
        let drawn = |id: &str| features.iter().find(|feature| feature["id"] == id).unwrap()["geometry"].clone();
        assert_eq!(features.len(), 3, "{found}");
        assert_eq!(drawn("market")["type"], "Polygon");
        assert_eq!(drawn("market")["coordinates"].as_array().unwrap().len(), 2, "the hole is kept");
        assert_eq!(drawn("estate")["type"], "MultiPolygon");
        assert_eq!(features[0]["properties"]["grid"], Value::Null);
        let again = source("again.geojson", found.to_string(), Frame::Wgs84);
        let again = import::duties(&Caller::system(&gridmap), again).await.unwrap();
        assert_eq!(again.n_stored, 3, "what the collection shows can be imported: {again:?}");

        check(server, "lon=103.07&lat=34.05", "its market", Some("market"), false);
        check(server, "lon=103.05&lat=34.05", "on the edge of its market", Some("market"), false);
        check(server, "lon=103.1&lat=34.05", "in the hole of the market", None, false);
        check(server, "lon=103.195&lat=34.005&category=wages", "the second part of the estate", None, true);
        check(server, "lon=103.195&lat=34.005&category=land", "not its category", None, false);
    });
}

/// What mediates at a point by a polygon of its own, and whether the estate answers there for the town.
fn check(server: std::net::SocketAddr, query: &str, why: &str, mediates: Option<&str>, is_estate: bool) {
    let answer = get(server, &format!("/api/locate?{query}")).json();
    let by_polygon = |of: &Value| of["why"].as_str().unwrap().contains("polygon of its own");
    let mediator = answer["mediators"].as_array().unwrap().iter().find(|one| by_polygon(one));
    let expected =
        mediates.map(|duty| format!("duty {duty} has a polygon of its own that covers the point, for wages only"));
    assert_eq!(mediator.map(|one| one["why"].as_str().unwrap().to_owned()), expected, "{why}: {answer}");
    let chain = answer["chain"].as_array().unwrap();
    assert_eq!(chain.iter().any(|link| link["level"] == "town" && by_polygon(link)), is_estate, "{why}: {answer}");
}

#[test]
fn a_polygon_is_taken_out_of_the_frame_it_was_drawn_in() {
    on_both(async |_, store| {
        let gridmap = Gridmap::open(store.clone(), Arc::new(now())).await.unwrap();
        import_manifest(&gridmap, "fixtures/broken/import/town.toml".as_ref()).await;
        let holders = source("holders.csv", "id,name,kind\nW1,Market office,body\n".to_owned(), Frame::Wgs84);
        import::holders(&Caller::system(&gridmap), holders).await.unwrap();
        import_duties(&gridmap, Frame::Gcj02).await;
        assert_eq!(store.count(Noun::Duties, gridmap::store::Filter::default()).await.unwrap(), 3);
        let server = serve(gridmap, Principal::open()).await;
        for (query, mediates) in
            [("lon=103.0501&lat=34.0201&crs=gcj02", Some("market")), ("lon=103.1499&lat=34.05", None)]
        {
            check(server, query, query, mediates, false);
        }
    });
}
