//! What gridmap is measured against: bare axum, and PostGIS doing the same work behind the same axum.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use serde::Deserialize;
use sqlx::postgres::{PgPool, PgPoolOptions};

/// The grids that cover a point, as a database would answer it; the newest generation only.
const ST_COVERS: &str = "select coalesce(json_agg(json_build_object('code', code, 'name', name, 'level', depth) \
     order by depth), '[]')::text from grid \
     where st_covers(boundary, st_setsrid(st_makepoint($1, $2), 4326))";

/// A page of grids as a feature collection, made by the database in one go.
const ST_ASGEOJSON: &str = "select json_build_object('type', 'FeatureCollection', 'features', json_agg(feature))::text \
     from (select json_build_object('type', 'Feature', 'id', code, \
     'geometry', st_asgeojson(boundary, 7)::json, \
     'properties', json_build_object('code', code, 'name', name, 'parent', parent_id)) as feature \
     from grid where depth = 1 order by code limit 1000) page";

#[derive(Deserialize)]
struct Point {
    lon: f64,
    lat: f64,
}

/// Serves the peers on `address` over the database in `PEER_DATABASE` until killed.
pub fn serve(address: &str) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let database = std::env::var("PEER_DATABASE").expect("the bench names the database");
        let pool = PgPoolOptions::new().max_connections(16).connect(&database).await.expect("the cluster answers");
        let app = Router::new()
            .route("/readyz", get(|| async { "ready" }))
            .route("/hello", get(|| async { "hello" }))
            .route("/st_covers", get(st_covers))
            .route("/st_asgeojson", get(st_asgeojson))
            .with_state(pool);
        // Whatever else is asked gets the bare answer too, so that one script can drive both sides.
        let app = app.fallback(|| async { "hello" });
        let listener = tokio::net::TcpListener::bind(address).await.expect("a free address");
        axum::serve(listener, app).await.expect("it serves until killed");
    });
}

async fn st_covers(State(pool): State<PgPool>, Query(point): Query<Point>) -> impl IntoResponse {
    let text: String =
        sqlx::query_scalar(ST_COVERS).bind(point.lon).bind(point.lat).fetch_one(&pool).await.expect("it answers");
    ([(CONTENT_TYPE, "application/json")], text)
}

async fn st_asgeojson(State(pool): State<PgPool>) -> impl IntoResponse {
    let text: String = sqlx::query_scalar(ST_ASGEOJSON).fetch_one(&pool).await.expect("it answers");
    ([(CONTENT_TYPE, "application/geo+json")], text)
}
