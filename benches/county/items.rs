//! A page of 1,000 grids of about 100 points as GeoJSON, against `ST_AsGeoJSON` behind the same axum.

use crate::databases::Databases;
use crate::report::{Better, Row};
use crate::serving::peer;
use crate::shared::load;
use crate::shared::server::Server;

pub fn items(databases: &Databases) -> Vec<Row> {
    let ours = Server::gridmap(&databases.synthetic_sqlite);
    let peer = peer(&databases.synthetic_postgres);
    let ours_path = ["/api/collections/grids/items?level=grid&limit=1000".to_owned()];
    let peer_path = ["/st_asgeojson".to_owned()];
    let [ours, peer] = load::in_turns([(&ours, ours_path.as_slice()), (&peer, peer_path.as_slice())], "identity");
    let size = "1000 grids, 100 points";
    vec![Row::new(
        "items",
        size,
        "requests/s",
        Better::Higher,
        ours.requests_per_s,
        ("st_asgeojson", peer.requests_per_s),
    )]
}
