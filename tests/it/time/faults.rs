//! What went wrong once: corrections while a redraw waits for its date, and the day itself.

use gridmap::domain::Noun;
use gridmap::service::Caller;
use gridmap::service::generations::{self, ChangeError, GenerationState};
use gridmap::service::import::Outcome;
use gridmap::store::Filter;

use super::{
    Strip, n_counted, n_listed, open, open_incident, owner_at, publish, published, settle_homes, settle_region,
};
use crate::backends::on_both;
use crate::import::day;
use crate::stand_ins::Hands;

/// A redraw that hands `G2` to the other village and half of `G1` to `G2`.
fn redraw() -> Strip {
    Strip { borders: [25, 150, 250], n_first: 1, ..Strip::new() }
}

fn renamed(mut strip: Strip) -> Strip {
    strip.names[3] = 40;
    strip
}

fn homes() -> Vec<(String, u32)> {
    (0..40).map(|n| (format!("H{n}"), n * 10 + 5)).collect()
}

fn told(code: &str, name: &str, village: &str) -> (String, String, String) {
    (code.to_owned(), name.to_owned(), village.to_owned())
}

/// T1: an unrelated name was corrected; the redraw came into force at once, and undid the correction on its day.
#[test]
fn a_correction_leaves_a_waiting_redraw_waiting_and_is_not_undone_by_it() {
    on_both(async |_, store| {
        settle_region(&store).await;
        let gridmap = open(&store, &Hands::at(day("2024-03-01"))).await;
        published(&gridmap, &Strip::new(), None).await;
        published(&gridmap, &redraw(), Some(day("2024-06-01"))).await;
        let report = published(&gridmap, &renamed(Strip::new()), None).await;
        let generation = report.generation.unwrap();
        assert_eq!((generation.n_changed, generation.n_rebased), (1, 1));
        for (at, x, expected) in [
            ("2024-03-01", 40, told("G1", "[1]", "V1")),
            ("2024-03-01", 100, told("G2", "[2]", "V1")),
            ("2024-03-01", 300, told("G4", "[40]", "V2")),
            ("2024-05-31", 100, told("G2", "[2]", "V1")),
            ("2024-06-01", 40, told("G2", "[2]", "V2")),
            ("2024-06-01", 300, told("G4", "[40]", "V2")),
        ] {
            assert_eq!(owner_at(&gridmap, x, day(at)).await, expected, "{x} at {at}");
        }
        let grids = store.grids_between(2, 4).await.unwrap();
        assert_eq!((grids.put.len(), grids.removed.len()), (1, 0), "the redraw with the name in it costs a row");
    });
}

/// T1: two plans published out of the order of their dates, and one of a past date.
#[test]
fn plans_count_in_the_order_of_their_dates() {
    on_both(async |_, store| {
        settle_region(&store).await;
        let gridmap = open(&store, &Hands::at(day("2024-03-01"))).await;
        published(&gridmap, &Strip::new(), Some(day("2024-01-01"))).await;
        published(&gridmap, &redraw(), Some(day("2024-06-01"))).await;
        let third = Strip { borders: [50, 150, 350], ..Strip::new() };
        published(&gridmap, &third, Some(day("2024-04-01"))).await;
        published(&gridmap, &renamed(Strip::new()), Some(day("2024-02-01"))).await;
        for (at, x, expected) in [
            ("2024-01-15", 300, told("G4", "[4]", "V2")),
            ("2024-02-01", 300, told("G4", "[40]", "V2")),
            ("2024-04-01", 300, told("G3", "[3]", "V2")),
            ("2024-04-01", 375, told("G4", "[40]", "V2")),
            ("2024-04-01", 40, told("G1", "[1]", "V1")),
            ("2024-06-01", 300, told("G3", "[3]", "V2")),
            ("2024-06-01", 40, told("G2", "[2]", "V2")),
            ("2024-06-01", 375, told("G4", "[40]", "V2")),
        ] {
            assert_eq!(owner_at(&gridmap, x, day(at)).await, expected, "{x} at {at}");
        }
    });
}

/// What does not fit a waiting plan is refused whole, with the date, the grid, the field and the place.
#[test]
fn a_change_that_does_not_fit_a_waiting_plan_is_refused_by_place() {
    on_both(async |_, store| {
        settle_region(&store).await;
        let gridmap = open(&store, &Hands::at(day("2024-03-01"))).await;
        published(&gridmap, &Strip::new(), None).await;
        published(
            &gridmap,
            &Strip { borders: [25, 150, 250], names: [1, 2, 3, 9], ..Strip::new() },
            Some(day("2024-06-01")),
        )
        .await;
        let revision = store.revision().await.unwrap();
        let other = Strip { borders: [75, 150, 250], names: [1, 2, 3, 8], ..Strip::new() };
        let report = publish(&gridmap, &other, None).await;
        assert_eq!(report.outcome, Outcome::Refused);
        let found: Vec<_> =
            report.conflicts.first.iter().map(|c| (c.generation, c.in_force, c.code.as_str(), c.field)).collect();
        let june = day("2024-06-01");
        let expected = [(2, june, "G1", "boundary"), (2, june, "G2", "boundary"), (2, june, "G4", "name")];
        assert_eq!(found, expected, "{:?}", report.conflicts);
        assert!(report.conflicts.first.iter().all(|conflict| conflict.at.is_some()));
        assert_eq!(store.revision().await.unwrap(), revision);
        assert_eq!(store.generations().await.unwrap().len(), 2, "nothing is half published");
    });
}

/// T2: homes in ground that a waiting plan changes were "outside" for good after another publishing.
#[test]
fn homes_stay_in_the_ground_in_force_whatever_is_published_for_later() {
    on_both(async |_, store| {
        settle_region(&store).await;
        let clock = Hands::at(day("2024-03-01"));
        let gridmap = open(&store, &clock).await;
        published(&gridmap, &Strip::new(), None).await;
        settle_homes(&gridmap, &homes()).await;
        published(&gridmap, &redraw(), Some(day("2024-06-01"))).await;
        published(&gridmap, &renamed(Strip::new()), None).await;
        let counts = || ["G1", "G2", "V1", "V2", "A"].map(|code| n_counted(&gridmap, code));
        assert_eq!(counts(), [5, 10, 15, 25, 40]);
        assert_eq!(gridmap.snapshot().unwrap().n_households_outside(), Some(0));
        for (code, n) in [("G1", 5), ("G2", 10), ("V1", 15)] {
            assert_eq!(n_listed(&gridmap, Noun::Households, code).await, n, "{code}");
        }
        clock.turn_to(day("2024-06-01"));
        gridmap.refresh().await.unwrap();
        assert_eq!(counts(), [2, 13, 2, 38, 40]);
        assert_eq!(store.pending().await.unwrap(), [], "what was pending is done with");
        let again = open(&store, &clock).await;
        assert_eq!(again.snapshot().unwrap().n_households_outside(), Some(0));
    });
}

/// T3: the same plan for another date was "the same as is published".
#[test]
fn the_same_plan_may_be_given_an_earlier_date() {
    on_both(async |_, store| {
        settle_region(&store).await;
        let gridmap = open(&store, &Hands::at(day("2024-03-01"))).await;
        published(&gridmap, &Strip::new(), None).await;
        published(&gridmap, &redraw(), Some(day("2024-06-01"))).await;
        assert_eq!(publish(&gridmap, &redraw(), Some(day("2024-07-01"))).await.outcome, Outcome::Unchanged);
        published(&gridmap, &redraw(), Some(day("2024-05-01"))).await;
        assert_eq!(owner_at(&gridmap, 40, day("2024-04-30")).await.0, "G1");
        assert_eq!(owner_at(&gridmap, 40, day("2024-05-01")).await.0, "G2");
        published(&gridmap, &redraw(), None).await;
        assert_eq!(owner_at(&gridmap, 40, day("2024-03-01")).await.0, "G2");
    });
}

/// T3: no command withdrew or moved a plan.
#[test]
fn a_waiting_plan_is_withdrawn_and_rescheduled_and_a_past_one_is_not() {
    on_both(async |_, store| {
        settle_region(&store).await;
        let clock = Hands::at(day("2024-03-01"));
        let gridmap = open(&store, &clock).await;
        published(&gridmap, &Strip::new(), None).await;
        settle_homes(&gridmap, &homes()).await;
        published(&gridmap, &redraw(), Some(day("2024-06-01"))).await;
        published(&gridmap, &renamed(redraw()), Some(day("2024-07-01"))).await;
        let owner = async |x, at| owner_at(&gridmap, x, day(at)).await;
        generations::reschedule(&Caller::system(&gridmap), 2, day("2024-08-01")).await.unwrap();
        assert_eq!(owner(40, "2024-06-15").await, told("G1", "[1]", "V1"));
        assert_eq!(owner(300, "2024-07-15").await, told("G4", "[40]", "V2"), "the later plan goes on without it");
        assert_eq!(owner(40, "2024-07-15").await, told("G1", "[1]", "V1"));
        assert_eq!(owner(40, "2024-08-01").await, told("G2", "[2]", "V2"));
        let waiting = async || -> Vec<u32> {
            let all = generations::list(&gridmap).await.unwrap();
            all.iter().filter(|(_, standing)| *standing == GenerationState::Waiting).map(|(g, _)| g.number).collect()
        };
        let rescheduled = *waiting().await.last().unwrap();
        generations::withdraw(&Caller::system(&gridmap), rescheduled).await.unwrap();
        assert_eq!(owner(40, "2024-08-01").await, told("G1", "[1]", "V1"));
        let twice = generations::withdraw(&Caller::system(&gridmap), rescheduled).await;
        assert!(matches!(twice, Err(ChangeError::Withdrawn(_))), "{twice:?}");
        let past = generations::withdraw(&Caller::system(&gridmap), 1).await;
        assert!(matches!(past, Err(ChangeError::InForce { number: 1, .. })), "{past:?}");
        clock.turn_to(day("2024-09-01"));
        gridmap.refresh().await.unwrap();
        assert_eq!(["G1", "G2", "V1"].map(|code| n_counted(&gridmap, code)), [5, 10, 15]);
    });
}

/// T4: filters by a grid that a waiting plan changes were empty while it waits.
#[test]
fn lists_follow_the_ground_in_force_while_a_plan_waits() {
    on_both(async |_, store| {
        settle_region(&store).await;
        let clock = Hands::at(day("2024-03-01"));
        let gridmap = open(&store, &clock).await;
        published(&gridmap, &Strip::new(), None).await;
        settle_homes(&gridmap, &homes()).await;
        open_incident(&gridmap, "I1", 95).await;
        published(&gridmap, &redraw(), Some(day("2024-06-01"))).await;
        open_incident(&gridmap, "I2", 105).await;
        let listed = async |code| {
            (n_listed(&gridmap, Noun::Households, code).await, n_listed(&gridmap, Noun::Incidents, code).await)
        };
        assert_eq!((listed("G2").await, listed("V1").await, listed("V2").await), ((10, 2), (15, 2), (25, 0)));
        clock.turn_to(day("2024-06-01"));
        gridmap.refresh().await.unwrap();
        assert_eq!((listed("G2").await, listed("V1").await, listed("V2").await), ((13, 2), (2, 0), (38, 2)));
    });
}

/// T5: on the day itself figures were wrong until a pass over everything had ended; a restart repeated it.
#[test]
fn on_the_day_ground_and_counts_change_together_and_once() {
    on_both(async |database, store| {
        settle_region(&store).await;
        let clock = Hands::at(day("2024-03-01"));
        let gridmap = open(&store, &clock).await;
        published(&gridmap, &Strip::new(), None).await;
        published(&gridmap, &redraw(), Some(day("2024-06-01"))).await;
        settle_homes(&gridmap, &homes()).await;
        assert_eq!(
            store.pending().await.unwrap(),
            [(2, 13)],
            "three of G1, and all ten of G2, which changes its village"
        );
        let other = open(&database.open().await, &clock).await;
        clock.turn_to(day("2024-06-01"));
        let asked = other.snapshot_at(day("2024-06-01"), None).await.unwrap().unwrap();
        assert_eq!(asked.generation().number, 2, "a question about the day goes by the clock");
        let before = (n_counted(&other, "G1"), n_listed(&other, Noun::Households, "G1").await);
        assert_eq!(before, (5, 5), "nobody has taken over: what is shown agrees with what is stored");
        gridmap.refresh().await.unwrap();
        other.refresh().await.unwrap();
        let revision = store.revision().await.unwrap();
        for server in [&gridmap, &other] {
            assert_eq!((n_counted(server, "G1"), n_counted(server, "G2"), n_counted(server, "V1")), (2, 13, 2));
            assert_eq!(n_listed(server, Noun::Households, "G2").await, 13);
        }
        let restarted = open(&database.open().await, &clock).await;
        assert_eq!(restarted.snapshot().unwrap().generation().number, 2);
        assert_eq!(store.revision().await.unwrap(), revision, "done once");
        assert_eq!(store.count(Noun::Households, Filter::default()).await.unwrap(), 40);
    });
}
