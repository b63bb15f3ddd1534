//! What is counted only where something has changed agrees with what is counted from nothing.

use std::sync::Arc;

use gridmap::domain::{
    Grid, GridPath, Household, Incident, IncidentKind, NewGeneration, Noun, Principal, Step, StepKind,
};
use gridmap::service::Gridmap;
use gridmap::store::{Expect, Filter, Store, Within};

use super::county;
use super::http::get;
use super::tags::told;
use crate::backends::on_both;
use crate::random::Random;
use crate::stand_ins::Unplugged;
use crate::store_contract::journal::run;
use crate::store_contract::made::{
    generation, grid, household, ids_of_households, incident, instant, path, region, square, write,
};

/// Everything that tells a count.
const PATHS: [&str; 12] = [
    "/api/region",
    "/api/coverage",
    "/api/coverage?parent=A1",
    "/api/hotspots?by=week",
    "/api/hotspots?kind=hazard",
    "/api/collections/grids/items",
    "/api/collections/households/items?limit=1",
    "/api/collections/households/items?limit=1&grid=A1",
    "/api/collections/incidents/items?limit=1",
    "/api/collections/incidents/items?limit=1&grid=A1",
    "/api/collections/incidents/items?limit=1&status=open",
    "/api/collections/incidents/items?limit=1&kind=hazard&status=resolved",
];

/// Where things stand: also between grids, and outside.
fn places() -> [Option<GridPath>; 5] {
    [None, path(&["A", "A1"]), path(&["A", "A1", "A1-1"]), path(&["A", "A1", "A1-2"]), path(&["A", "A10", "A10-1"])]
}

/// Random changes of a few things each.
struct Changes(Random);

impl Changes {
    fn place(&mut self) -> Option<GridPath> {
        places()[self.0.index(5)].clone()
    }

    fn home(&mut self) -> Household {
        Household { grid: self.place(), ..household(&format!("H{}", self.0.index(30)), 103.5, 34.5) }
    }

    fn incident(&mut self) -> Incident {
        let day = 1 + self.0.index(27);
        let mut one = incident(&format!("I{}", self.0.index(30)), &format!("2024-04-{day:02}T00:00:00Z"));
        one.kind = IncidentKind::ALL[self.0.index(4)];
        one.grid = self.place();
        if self.0.index(2) == 0 {
            one.steps.push(Step { kind: StepKind::Resolve, at: instant("2024-05-01T00:00:00Z"), by: None });
        }
        one
    }

    async fn make(&mut self, store: &Arc<dyn Store>) {
        match self.0.index(6) {
            0 | 1 => {
                let home = self.home();
                write(store, async |t| t.put_households(&[home], Expect::Any).await.unwrap()).await;
            }
            2 | 3 => {
                let one = self.incident();
                write(store, async |t| t.put_incidents(&[one], Expect::Any).await.unwrap()).await;
            }
            4 => {
                let (noun, id) = match self.0.index(2) {
                    0 => (Noun::Households, self.home().id.to_string()),
                    _ => (Noun::Incidents, self.incident().id.to_string()),
                };
                write(store, async |t| {
                    if t.version(noun, &id).await.unwrap().is_some() {
                        t.delete(noun, &id, Expect::Any).await.unwrap();
                    }
                })
                .await;
            }
            _ => {
                let (home, one, to) = (self.home(), self.incident(), self.place());
                write(store, async |t| {
                    t.relocate(&[(home.id.clone(), to.clone())]).await.unwrap();
                    t.relocate(&[(one.id.clone(), to.clone())]).await.unwrap();
                })
                .await;
            }
        }
    }
}

/// A county `A` of two villages, one of them of two grids.
fn tree() -> Vec<Grid> {
    vec![
        grid("A", 0, None, square(0, 0, 400)),
        grid("A1", 1, Some("A"), square(0, 0, 200)),
        grid("A10", 1, Some("A"), square(200, 0, 200)),
        grid("A1-1", 2, Some("A1"), square(0, 0, 100)),
        grid("A1-2", 2, Some("A1"), square(100, 0, 100)),
        grid("A10-1", 2, Some("A10"), square(200, 0, 100)),
    ]
}

/// Publishes a generation at once, with some homes in other grids of it.
async fn publish(store: &Arc<dyn Store>, new: NewGeneration, moved: &[(String, Option<GridPath>)]) {
    write(store, async |t| {
        let number = t.publish(&new, instant("2024-05-01T00:00:00Z")).await.unwrap();
        t.relocate_records(Noun::Households, moved).await.unwrap();
        t.settle(number).await.unwrap();
    })
    .await;
}

#[test]
fn counts_made_where_something_changed_are_those_made_from_nothing() {
    on_both(async |database, store| {
        write(&store, async |t| t.put_region(&region()).await.unwrap()).await;
        publish(&store, generation(None, tree(), &[]), &[]).await;
        let clock = Arc::new(instant("2024-06-01T00:00:00Z"));
        let (watched, _) = Unplugged::over(database.open().await);
        let gridmap = Gridmap::open(watched.clone(), clock.clone()).await.unwrap();
        let server = county::serve(gridmap.clone(), Principal::open()).await;
        let agree = async || {
            gridmap.refresh().await.unwrap();
            let anew = Gridmap::open(database.open().await, clock.clone()).await.unwrap();
            let fresh = county::serve(anew, Principal::open()).await;
            for path in PATHS {
                let text = |server| told(&get(server, path)).replace(&format!("{server}"), "HOST");
                assert_eq!(text(server), text(fresh), "{path}");
            }
        };
        agree().await;
        let (n_whole, mut changes) = (watched.n_counted_whole(), Changes(Random::new(10)));
        for _ in 0..20 {
            for _ in 0..=changes.0.index(3) {
                changes.make(&store).await;
            }
            agree().await;
        }
        assert_eq!(watched.n_counted_whole(), n_whole, "nothing was counted but where something changed");

        // A backup was restored, as far as the server can tell: its revisions are not those of the database.
        run(database, "delete from journal").await;
        write(&store, async |t| t.put_households(&[household("late", 103.5, 34.5)], Expect::Absent).await.unwrap())
            .await;
        write(&store, async |t| {
            t.put_incidents(&[incident("late", "2024-04-01T00:00:00Z")], Expect::Absent).await.unwrap();
        })
        .await;
        agree().await;
        assert!(watched.n_counted_whole() >= n_whole + 2, "homes and incidents were counted from nothing");

        // Another name, with no home moved; then a grid less and a grid more, with their homes.
        let renamed = Grid { name: Some("other".into()), ..grid("A1-1", 2, Some("A1"), square(0, 0, 100)) };
        publish(&store, generation(Some(1), vec![renamed], &[]), &[]).await;
        agree().await;
        let new = generation(Some(2), vec![grid("A1-0", 2, Some("A1"), square(100, 0, 100))], &["A1-2"]);
        let filter = Filter {
            grid: Some(Within { path: path(&["A", "A1", "A1-2"]).unwrap(), generation: 2 }),
            ..Filter::default()
        };
        let moved = ids_of_households(&store, filter).await.into_iter().map(|id| (id, path(&["A", "A1", "A1-0"])));
        let moved: Vec<_> = moved.collect();
        assert!(!moved.is_empty());
        publish(&store, new, &moved).await;
        agree().await;
    });
}
