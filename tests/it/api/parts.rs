//! An answer keeps its tag while nothing that it is made of changes, on every server, and no longer.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use gridmap::domain::{Names, Principal, Region};
use gridmap::service::Gridmap;
use gridmap::store::{Expect, Store};

use super::county;
use super::http::{Reply, get, request};
use super::tags::{told, village};
use crate::backends::on_both;
use crate::locate::world::{holder, instant, region};
use crate::store_contract::made::{generation, household, incident, write};

const PATHS: [(&str, &str); 13] = [
    ("grids", "/api/collections/grids/items"),
    ("grid", "/api/collections/grids/items/W"),
    ("past grids", "/api/collections/grids/items?at=2024-02-01"),
    ("tile of grids", "/api/collections/grids/tiles/WebMercatorQuad/10/511/512"),
    ("homes", "/api/collections/households/items?limit=5"),
    ("tile of homes", "/api/collections/households/tiles/WebMercatorQuad/14/8191/8192"),
    ("holders", "/api/collections/holders/items"),
    ("duties", "/api/collections/duties/items?f=csv"),
    ("incidents", "/api/collections/incidents/items"),
    ("tile of incidents", "/api/collections/incidents/tiles/WebMercatorQuad/10/511/512"),
    ("coverage", "/api/coverage"),
    ("hotspots", "/api/hotspots"),
    ("region", "/api/region"),
];

/// Two servers on one database, and what a caller was answered by the first.
struct Servers {
    gridmaps: [Gridmap; 2],
    addresses: [SocketAddr; 2],
    known: Vec<Reply>,
}

impl Servers {
    async fn over(stores: [Arc<dyn Store>; 2]) -> Self {
        let [here, there] = stores;
        let clock = Arc::new(instant("2024-06-01"));
        let gridmaps = [Gridmap::open(here, clock.clone()).await.unwrap(), Gridmap::open(there, clock).await.unwrap()];
        let addresses = [0, 1].map(|at: usize| county::serve(gridmaps[at].clone(), Principal::open()));
        let [first, second] = addresses;
        let addresses = [first.await, second.await];
        let known = PATHS.map(|(_, path)| get(addresses[0], path)).into();
        Self { gridmaps, addresses, known }
    }

    /// What is no longer the same by its tag, on both servers alike. Nothing that is the same by its tag differs, also where a
    /// server has not heard yet of the change.
    async fn changed(&mut self) -> BTreeSet<&'static str> {
        for address in self.addresses {
            self.ask(address);
        }
        for gridmap in &self.gridmaps {
            gridmap.refresh().await.unwrap();
        }
        let [here, there] = self.addresses.map(|address| self.ask(address));
        assert_eq!(here, there);
        self.known = PATHS.map(|(_, path)| get(self.addresses[1], path)).into();
        here
    }

    fn ask(&self, server: SocketAddr) -> BTreeSet<&'static str> {
        let mut changed = BTreeSet::new();
        for ((name, path), known) in PATHS.iter().zip(&self.known) {
            let tag = known.header("etag").unwrap_or_else(|| panic!("{name}: {}", known.text()));
            let again = request(server, "GET", path, &[("If-None-Match", tag)], b"");
            // A tile in which nothing lies is 204.
            if [200, 204].contains(&again.status) {
                changed.insert(*name);
            } else {
                assert_eq!(again.status, 304, "{name}");
                assert_eq!(self.told(&get(server, path)), self.told(known), "{name}: what the caller has is not true");
            }
        }
        changed
    }

    /// The body whichever server wrote it, and whenever.
    fn told(&self, reply: &Reply) -> String {
        self.addresses.iter().fold(told(reply), |text, address| text.replace(&address.to_string(), "HOST"))
    }
}

#[test]
fn an_answer_keeps_its_tag_while_what_it_is_made_of_stays() {
    on_both(async |database, store| {
        write(&store, async |t| {
            t.put_region(&region()).await.unwrap();
            for (base, in_force) in [(None, "2024-01-01"), (Some(1), "2024-03-01")] {
                let put = village(if base.is_none() { 5_000 } else { 15_000 });
                let new = gridmap::domain::NewGeneration { in_force: instant(in_force), ..generation(base, put, &[]) };
                t.publish(&new, instant("2024-01-01")).await.unwrap();
            }
        })
        .await;
        let mut servers = Servers::over([Arc::clone(&store), database.open().await]).await;
        assert_eq!(servers.changed().await, [].into());

        for n in 0..3 {
            let one = incident(&format!("I{n}"), "2024-05-01T00:00:00Z");
            write(&store, async |t| t.put_incidents(&[one], Expect::Absent).await.unwrap()).await;
            let of_cases = ["incidents", "tile of incidents", "coverage", "hotspots", "region"];
            assert_eq!(servers.changed().await, of_cases.into(), "an incident");
        }

        let home = household("H1", 0.001, 0.0005);
        write(&store, async |t| t.put_households(&[home], Expect::Absent).await.unwrap()).await;
        let of_homes = ["grids", "grid", "past grids", "homes", "tile of homes", "coverage", "hotspots", "region"];
        assert_eq!(servers.changed().await, of_homes.into(), "a home");

        write(&store, async |t| t.put_holders(&[holder("ann")], Expect::Absent).await.unwrap()).await;
        assert_eq!(servers.changed().await, ["holders", "duties", "coverage", "region"].into(), "a holder");

        let renamed = Region { names: Names { zh: "别".into(), en: "other".into() }, ..region() };
        write(&store, async |t| t.put_region(&renamed).await.unwrap()).await;
        let all_but_tiles = PATHS.map(|(name, _)| name).into_iter().filter(|name| !name.starts_with("tile"));
        assert_eq!(servers.changed().await, all_but_tiles.collect(), "the region");
    });
}
