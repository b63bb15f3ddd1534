//! A redraw published while something is being stored: it ends up in the new ground, never in the old.

use std::sync::Arc;
use std::time::Duration;

use gridmap::domain::{Actor, Grid, Incident};
use gridmap::geometry::{Boundary, Polygon};
use gridmap::service::collections::One;
use gridmap::service::collections::write::{self, Reply};
use gridmap::service::{Caller, Gridmap};
use gridmap::store::Filter;

use crate::backends::on_both;
use crate::store_contract::made::{all, at, generation, grid, incident, instant, path, region, ring, write};

/// A county of two villages that meet at `split`.
fn ground(split: i32) -> Vec<Grid> {
    let outlined =
        |vertices: &[(i32, i32)]| Boundary::from_valid(vec![Polygon { exterior: ring(vertices), holes: Vec::new() }]);
    let (east, north) = (2_000_000, 2_000_000);
    vec![
        grid("A", 0, None, outlined(&[(0, 0), (split, 0), (east, 0), (east, north), (split, north), (0, north)])),
        grid("A1", 1, Some("A"), outlined(&[(0, 0), (split, 0), (split, north), (0, north)])),
        grid("A2", 1, Some("A"), outlined(&[(split, 0), (east, 0), (east, north), (split, north)])),
    ]
}

#[test]
fn an_incident_opened_amid_a_redraw_stands_in_the_new_ground() {
    on_both(async |_, store| {
        let recorded = instant("2024-03-01T00:00:00Z");
        write(&store, async |t| {
            t.put_region(&region()).await.unwrap();
            t.publish(&generation(None, ground(1_000_000), &[]), recorded).await.unwrap();
        })
        .await;
        let now = instant("2024-06-01T00:00:00Z");
        let gridmap = Gridmap::open(Arc::clone(&store), Arc::new(now)).await.unwrap();
        let mut redraw = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        redraw.publish(&generation(Some(1), ground(500_000), &[]), now).await.unwrap();
        redraw.settle(2).await.unwrap();
        let opening = tokio::spawn({
            let gridmap = gridmap.clone();
            let mut new = incident("I1", "2024-05-01T00:00:00Z");
            new.position = at(0.07, 0.1);
            let reply =
                |one: &One<Incident>| Reply { status: 201, location: None, body: one.feature(), version: one.version };
            async move { write::open(&Caller::system(&gridmap), new, None, reply).await.map(|_| ()) }
        });
        // Long enough for it to have looked at the old ground, if it looked before its turn to write.
        tokio::time::sleep(Duration::from_millis(50)).await;
        redraw.commit().await.unwrap();
        opening.await.unwrap().unwrap();
        let kept = all(store.incidents(Filter::default())).await.remove(0);
        assert_eq!(kept.thing.grid, path(&["A", "A2"]));
    });
}
