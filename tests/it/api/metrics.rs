//! What a server tells whoever watches it, and that this names nobody and no place.

use std::sync::Arc;

use gridmap::domain::Principal;
use gridmap::service::Gridmap;

use super::county;
use super::http::{get, request};

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_counted_by_route_and_name_no_place_or_thing() {
    let database = county::copy();
    let gridmap = Gridmap::open(database.open().await, Arc::new(county::now())).await.unwrap();
    let server = county::serve(gridmap.clone(), Principal::open()).await;
    for path in [
        "/api/collections/incidents/items/D0001",
        "/api/collections/incidents/items/D0002",
        "/api/collections/incidents/items/none",
        "/api/collections/grids/tiles/WebMercatorQuad/10/408/806?level=village",
        "/api/locate?lon=103.3739&lat=34.8836",
        "/api/locate?lon=103.3739&lat=34.8836",
        "/api/locate?lon=103.3739&lat=34.8836&accuracy_m=200",
        "/D0003",
    ] {
        get(server, path);
    }
    request(server, "D0004", "/api/region", &[], b"");
    let reply = get(server, "/metrics");
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/plain; version=0.0.4; charset=utf-8")));
    let text = reply.text();
    let items = "/api/collections/{collection}/items/{id}";
    for line in [
        &format!(r#"gridmap_http_requests_total{{route="{items}",method="GET",status="2xx"}} 2"#),
        &format!(r#"gridmap_http_requests_total{{route="{items}",method="GET",status="4xx"}} 1"#),
        r#"gridmap_http_requests_total{route="/api/locate",method="GET",status="2xx"} 3"#,
        r#"gridmap_http_requests_total{route="none",method="GET",status="4xx"} 1"#,
        r#"gridmap_http_requests_total{route="/api/region",method="other",status="4xx"} 1"#,
        &format!(r#"gridmap_http_request_seconds_count{{route="{items}",method="GET"}} 3"#),
        "gridmap_connections 1",
        "gridmap_behind_seconds 0.0",
        "gridmap_store_away 0",
        "gridmap_made_answers_total 1",
        &format!("gridmap_revision_served {}", gridmap.snapshot().unwrap().revision()),
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
    }
    for told in ["D000", "408", "103.3", "village"] {
        assert!(!text.contains(told), "{told} is in\n{text}");
    }
}
