//! A naive replayer beside the service: a list of plans, folded by date and by the order they were recorded.
//!
//! Each history is random: plans of past, present and future dates, withdrawn and rescheduled ones, homes and incidents
//! stored in between, a clock that goes on, restarts, and two servers on one store. The replayer knows nothing of generations:
//! a plan sets some fields of the strip from its date on, as long as it is known and not withdrawn. Values are never used
//! twice in a history, so it is plain which plan a value comes from.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use gridmap::domain::Noun;
use gridmap::geometry::tile::{self, EXTENT, Tile};
use gridmap::geometry::{LatticePoint, Position};
use gridmap::service::area::Area;
use gridmap::service::collections::tiles::{Layers, tile as draw};
use gridmap::service::figures::IncidentFilter;
use gridmap::service::generations::{self, ChangeError};
use gridmap::service::import::Outcome;
use gridmap::service::{Caller, Gridmap};
use gridmap::store::Store;

use super::{Strip, WIDE, n_counted, n_listed, open, open_incident, owner, publish, settle_homes, settle_region};
use crate::backends::Database;
use crate::import::day;
use crate::random::{Random, n_cases};
use crate::stand_ins::Hands;

/// How many there are, of which `make test` replays a fifth, and the questions asked of all.
const N_HISTORIES: usize = 200;
const N_QUESTIONS: usize = 10_000;
const N_STEPS: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Field {
    Border(usize),
    First,
    Name(usize),
}

#[derive(Clone, Debug)]
struct Plan {
    number: u32,
    recorded: DateTime<Utc>,
    in_force: DateTime<Utc>,
    withdrawn: Option<DateTime<Utc>>,
    sets: Vec<(Field, u32)>,
}

/// Everything the replayer knows.
struct World {
    plans: Vec<Plan>,
    homes: Vec<(String, u32)>,
    incidents: Vec<u32>,
    used: Vec<u32>,
    firsts: Vec<u32>,
}

impl World {
    fn strip(&self, at: DateTime<Utc>, known_at: DateTime<Utc>) -> Strip {
        let counts = |plan: &&Plan| {
            plan.recorded <= known_at
                && plan.in_force <= at
                && plan.withdrawn.is_none_or(|withdrawn| withdrawn > known_at)
        };
        let mut counting: Vec<&Plan> = self.plans.iter().filter(counts).collect();
        counting.sort_by_key(|plan| (plan.in_force, plan.number));
        let mut strip = Strip::new();
        for (field, value) in counting.iter().flat_map(|plan| &plan.sets) {
            match field {
                Field::Border(at) => strip.borders[*at] = *value,
                Field::First => strip.n_first = *value as usize,
                Field::Name(at) => strip.names[*at] = *value,
            }
        }
        strip
    }

    fn now(&self, now: DateTime<Utc>) -> Strip {
        self.strip(now, DateTime::<Utc>::MAX_UTC)
    }

    /// What a plan may set next: a few fields, to values nobody had.
    fn sets(&mut self, random: &mut Random) -> Vec<(Field, u32)> {
        let mut sets: Vec<(Field, u32)> = Vec::new();
        for _ in 0..=random.below(2) {
            let set = match random.below(8) {
                0 if !self.firsts.is_empty() => (Field::First, self.firsts.pop().unwrap()),
                0..4 => {
                    let at = random.index(3);
                    let low = u32::try_from(at).unwrap() * 100 + 10;
                    let Some(free) =
                        (0..20).map(|_| low + random.small(80)).find(|x| x % 10 != 5 && !self.used.contains(x))
                    else {
                        continue;
                    };
                    self.used.push(free);
                    (Field::Border(at), free)
                }
                _ => {
                    self.used.push(1_000 + u32::try_from(self.used.len()).unwrap());
                    (Field::Name(random.index(4)), *self.used.last().unwrap())
                }
            };
            if sets.iter().all(|(field, _)| *field != set.0) {
                sets.push(set);
            }
        }
        sets
    }

    /// Whether a change must be taken, or must be refused, by what waits after its date; `None` where it hangs on geometry.
    fn must_be_taken(&self, in_force: DateTime<Utc>, sets: &[(Field, u32)]) -> Option<bool> {
        let later = self.plans.iter().filter(|plan| plan.withdrawn.is_none() && plan.in_force > in_force);
        let later: Vec<Field> = later.flat_map(|plan| plan.sets.iter().map(|(field, _)| *field)).collect();
        let ours: Vec<Field> = sets.iter().map(|(field, _)| *field).collect();
        if ours.iter().any(|field| later.contains(field)) {
            return Some(false);
        }
        let has_border = |fields: &[Field]| fields.iter().any(|field| matches!(field, Field::Border(_)));
        let villages = |fields: &[Field], others: &[Field]| fields.contains(&Field::First) && has_border(others);
        (!villages(&ours, &later) && !villages(&later, &ours)).then_some(true)
    }
}

struct History<'h> {
    database: &'h Database,
    store: Arc<dyn Store>,
    clock: Hands,
    now: DateTime<Utc>,
    servers: [Gridmap; 2],
    world: World,
    random: Random,
}

impl History<'_> {
    /// Does something at random.
    async fn step(&mut self) {
        self.now += TimeDelta::hours(1);
        self.clock.turn_to(self.now);
        match self.random.below(10) {
            0..4 => self.publish().await,
            4 => self.withdraw().await,
            5 => self.store_things().await,
            6 => {
                self.now += TimeDelta::days(i64::try_from(self.random.below(60)).unwrap());
                self.clock.turn_to(self.now);
            }
            7 => {
                let at = self.random.index(2);
                self.servers[at] = open(&self.database.open().await, &self.clock).await;
            }
            _ => {
                self.publish().await;
                self.store_things().await;
            }
        }
        for server in &self.servers {
            server.refresh().await.unwrap();
        }
    }

    fn server(&mut self) -> Gridmap {
        self.servers[self.random.index(2)].clone()
    }

    fn date(&mut self) -> DateTime<Utc> {
        match self.random.below(4) {
            0 => self.now,
            1 => day("2024-01-02") + TimeDelta::days(i64::try_from(self.random.below(50)).unwrap()),
            _ => self.now + TimeDelta::days(1 + i64::try_from(self.random.below(90)).unwrap()),
        }
    }

    async fn publish(&mut self) {
        let in_force = self.date();
        let sets = self.world.sets(&mut self.random);
        let number = u32::try_from(self.world.plans.len()).unwrap();
        let plan = Plan { number, recorded: self.now, in_force, withdrawn: None, sets };
        let must = self.world.must_be_taken(in_force, &plan.sets);
        self.world.plans.push(plan);
        let asked = self.world.now(in_force);
        let report = publish(&self.server(), &asked, Some(in_force)).await;
        match report.outcome {
            Outcome::Stored { .. } => {
                assert_ne!(must, Some(false), "two plans would set the same: {:?}", self.world.plans);
                self.world.plans.last_mut().unwrap().number = report.generation.unwrap().number;
            }
            Outcome::Tried => unreachable!("every import is meant"),
            Outcome::Refused => {
                assert_ne!(must, Some(true), "{report:?}\n{:?}", self.world.plans);
                assert!(!report.conflicts.is_empty(), "{report:?}");
                self.world.plans.pop();
            }
            Outcome::Unchanged => {
                self.world.plans.pop();
            }
        }
    }

    async fn withdraw(&mut self) {
        let waiting: Vec<usize> = (0..self.world.plans.len())
            .filter(|at| self.world.plans[*at].in_force > self.now && self.world.plans[*at].withdrawn.is_none())
            .collect();
        if waiting.is_empty() {
            return;
        }
        let at = waiting[self.random.index(waiting.len())];
        let (server, number) = (self.server(), self.world.plans[at].number);
        let to = (self.random.below(2) == 0).then(|| self.now + TimeDelta::days(1 + i64::from(self.random.small(90))));
        let done = match to {
            Some(to) => generations::reschedule(&Caller::system(&server), number, to).await,
            None => generations::withdraw(&Caller::system(&server), number).await,
        };
        match done {
            Ok(changed) => {
                self.world.plans[at].withdrawn = Some(self.now);
                if let Some(in_force) = to {
                    let sets = self.world.plans[at].sets.clone();
                    let moved = changed.published.iter().find(|(_, date)| *date == in_force);
                    let number = moved.map_or(0, |(number, _)| *number);
                    self.world.plans.push(Plan { number, recorded: self.now, in_force, withdrawn: None, sets });
                }
            }
            Err(ChangeError::Conflicts(_) | ChangeError::SameDate { .. }) => {}
            Err(other) => panic!("{other:?} {:?}", self.world.plans),
        }
    }

    async fn store_things(&mut self) {
        let server = self.server();
        let homes: Vec<(String, u32)> = (0..5)
            .map(|_| (format!("H{}", self.random.below(40)), self.random.small(WIDE / 10) * 10 + 5))
            .fold(Vec::new(), |mut homes: Vec<(String, u32)>, home| {
                if homes.iter().all(|(id, _)| *id != home.0) {
                    homes.push(home);
                }
                homes
            });
        settle_homes(&server, &homes).await;
        self.world.homes.retain(|(id, _)| homes.iter().all(|(other, _)| other != id));
        self.world.homes.extend(homes);
        let x = self.random.small(WIDE / 10) * 10 + 5;
        open_incident(&server, &format!("I{}", self.world.incidents.len()), x).await;
        self.world.incidents.push(x);
    }

    /// Asks one thing, and compares the answer with what the replayer says.
    async fn ask(&mut self) {
        let server = self.server();
        match self.random.below(5) {
            0 | 1 => self.ask_owner(&server).await,
            2 => self.ask_lists(&server).await,
            3 => self.ask_figures(&server).await,
            _ => self.ask_tiles(&server).await,
        }
    }

    async fn ask_owner(&mut self, server: &Gridmap) {
        let x = self.random.small(WIDE / 10) * 10 + 5;
        let at = day("2024-01-02") + TimeDelta::hours(i64::from(self.random.small(24 * 500)));
        let span = u64::try_from((self.now - day("2024-03-01")).num_minutes()).unwrap();
        let known_at = day("2024-03-01") + TimeDelta::minutes(i64::try_from(self.random.below(span + 1)).unwrap());
        let snapshot = server.snapshot_at(at, Some(known_at)).await.unwrap().unwrap();
        let strip = self.world.strip(at, known_at);
        let group = strip.group(x);
        let expected = (format!("G{}", group + 1), strip.name(group), strip.village(group).to_owned());
        assert_eq!(owner(&snapshot, x), expected, "{x} at {at} as known at {known_at}: {:?}", self.world.plans);
    }

    async fn ask_lists(&mut self, server: &Gridmap) {
        let (strip, group) = (self.world.now(self.now), self.random.index(4));
        let (code, plans) = (format!("G{}", group + 1), &self.world.plans);
        let homes = self.world.homes.iter().filter(|(_, x)| strip.group(*x) == group).count() as u64;
        let incidents = self.world.incidents.iter().filter(|x| strip.group(**x) == group).count() as u64;
        assert_eq!(n_listed(server, Noun::Households, &code).await, homes, "{code}: {plans:?}");
        assert_eq!(n_listed(server, Noun::Incidents, &code).await, incidents, "{code}: {plans:?}");
    }

    async fn ask_figures(&self, server: &Gridmap) {
        let (strip, plans) = (self.world.now(self.now), &self.world.plans);
        let in_village = |x: u32| strip.village(strip.group(x)) == "V1";
        let homes = self.world.homes.iter().filter(|(_, x)| in_village(*x)).count() as u64;
        let incidents = self.world.incidents.iter().filter(|x| in_village(**x)).count() as u64;
        assert_eq!(n_counted(server, "V1"), homes, "{plans:?}");
        assert_eq!(n_counted(server, "A"), self.world.homes.len() as u64, "{plans:?}");
        let (snapshot, all) = (server.snapshot().unwrap(), Area::default());
        let kept = server.caches().figures();
        let counted = kept.grid_counts(server, &snapshot, &IncidentFilter::default(), false, &all).await.unwrap().1;
        let village = snapshot.tree().subtree(snapshot.by_code("V1").unwrap());
        assert_eq!(counted.within(village).n_reported, incidents, "{plans:?}");
    }

    async fn ask_tiles(&self, server: &Gridmap) {
        let (strip, plans) = (self.world.now(self.now), &self.world.plans);
        let (caller, mut drawn) = (Caller::system(server), Vec::new());
        for tile in tiles() {
            let answer = draw(&caller, Layers::Grids, Some("grid"), tile, |_| false).await.unwrap();
            drawn.extend(answer.body.unwrap());
        }
        let has = |name: &str| drawn.windows(name.len()).any(|bytes| bytes == name.as_bytes());
        for group in 0..4 {
            assert!(has(&strip.name(group)), "{}: {plans:?}", strip.name(group));
        }
        let others = plans.iter().flat_map(|plan| &plan.sets);
        let others = others.filter(|(field, name)| matches!(field, Field::Name(_)) && !strip.names.contains(name));
        for (_, name) in others {
            assert!(!has(&format!("[{name}]")), "{name}: {plans:?}");
        }
    }
}

/// The tiles that the strip lies in, of a zoom at which each of its groups is to be seen.
fn tiles() -> impl Iterator<Item = Tile> {
    const ZOOM: u8 = 12;
    let tile_of = |x: u32, lat: f64| {
        let lon = 103.0 + f64::from(x) / 10_000.0;
        let at = tile::World::of(LatticePoint::from(Position::new(lon, lat).unwrap())).pixel(ZOOM);
        (u32::try_from(at.x / EXTENT).unwrap(), u32::try_from(at.y / EXTENT).unwrap())
    };
    let ((west, south), (east, north)) = (tile_of(0, 34.0), tile_of(WIDE, 34.01));
    (west..=east).flat_map(move |column| (north..=south).map(move |row| Tile::new(ZOOM, row, column).unwrap()))
}

async fn replay(database: &Database, seed: u64, n_questions: u64) {
    let store = database.open().await;
    settle_region(&store).await;
    let now = day("2024-03-01");
    let clock = Hands::at(now);
    let servers = [open(&store, &clock).await, open(&database.open().await, &clock).await];
    let first = publish(&servers[0], &Strip::new(), Some(day("2024-01-01"))).await;
    assert!(matches!(first.outcome, Outcome::Stored { .. }), "{first:?}");
    let used = vec![50, 150, 250];
    let world = World { plans: Vec::new(), homes: Vec::new(), incidents: Vec::new(), used, firsts: vec![1, 3] };
    let mut history = History { database, store, clock, now, servers, world, random: Random::new(seed) };
    for server in &history.servers {
        server.refresh().await.unwrap();
    }
    for step in 0..N_STEPS {
        history.step().await;
        let share = |step: usize| n_questions * step as u64 / N_STEPS as u64;
        for _ in share(step)..share(step + 1) {
            history.ask().await;
        }
    }
    history.store.close().await;
    for server in &history.servers {
        server.store().close().await;
    }
}

/// Replays every history, each on a database of its own, a few at a time.
fn replay_all(database: impl Fn() -> Database + Sync) {
    let (next, n_histories) = (AtomicUsize::new(0), n_cases(N_HISTORIES));
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= n_histories {
                        break;
                    }
                    let database = database();
                    let history = std::panic::AssertUnwindSafe(|| {
                        runtime.block_on(replay(&database, seed as u64, (N_QUESTIONS / N_HISTORIES) as u64));
                    });
                    // What went wrong is printed where it happened.
                    assert!(std::panic::catch_unwind(history).is_ok(), "history {seed} went otherwise");
                }
            });
        }
    });
}

#[test]
fn random_histories_on_sqlite_answer_as_the_replayer_does() {
    replay_all(Database::sqlite);
}

#[test]
fn random_histories_on_postgresql_answer_as_the_replayer_does() {
    replay_all(Database::postgres);
}
