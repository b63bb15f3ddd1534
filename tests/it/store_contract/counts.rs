//! Counts of incidents, grouped: the same rows on both stores, and those that a count by hand gives.

use std::collections::BTreeMap;

use chrono::FixedOffset;
use gridmap::domain::{GridId, Incident, IncidentKind, Status, Step, StepKind, Week};
use gridmap::store::{Expect, Filter, Property, TimeSpan};

use super::made::{at, grid_id, incident, instant, path, settle, within, write};
use crate::backends::on_both;

/// Incidents of some places, kinds, tiers, states and weeks, around New Year and midnight in China.
fn incidents() -> Vec<Incident> {
    let times = [
        "2023-12-31T15:59:59.999999Z",
        "2023-12-31T16:00:00Z",
        "2024-01-07T15:59:59Z",
        "2024-01-07T16:00:00.5Z",
        "1969-12-28T15:00:00Z",
        "1969-12-28T16:00:00Z",
    ];
    let places = [None, path(&["A", "A1"]), path(&["A", "A1", "A1-1"]), path(&["A", "A10", "A10-1"])];
    let tiers = [None, Some("grid"), Some("village")];
    (0..48)
        .map(|n| {
            let mut one = incident(&format!("D{n:02}"), times[n % 6]);
            one.grid.clone_from(&places[n % 4]);
            one.tier = tiers[n % 3].map(String::from);
            one.kind = [IncidentKind::Hazard, IncidentKind::Dispute][n / 4 % 2];
            one.position = at(103.5 + f64::from(u8::try_from(n % 5).unwrap()) / 3.0, 34.5);
            if n % 7 == 0 {
                let resolved = Step { kind: StepKind::Resolve, at: instant("2024-06-01T00:00:00Z"), by: None };
                one.steps.push(resolved);
            }
            one
        })
        .collect()
}

type Groups = BTreeMap<(Option<GridId>, &'static str, Option<String>, &'static str, Option<Week>), u64>;

fn by_hand(incidents: &[Incident], weeks: Option<FixedOffset>, counts: impl Fn(&Incident) -> bool) -> Groups {
    let mut groups = Groups::new();
    for one in incidents.iter().filter(|one| counts(one)) {
        let grid = one.grid.as_ref().map(|path| path.leaf().clone());
        let week = weeks.map(|offset| Week::of(one.reported_at(), offset));
        *groups.entry((grid, one.kind.as_str(), one.tier.clone(), one.status().as_str(), week)).or_default() += 1;
    }
    groups
}

/// What is asked, and which incidents that is.
type Case<'c> = (Filter, Option<FixedOffset>, &'c dyn Fn(&Incident) -> bool);

#[test]
fn incidents_are_counted_by_grid_kind_tier_status_and_week() {
    on_both(async |_, store| {
        settle(&store).await;
        let all = incidents();
        write(&store, async |t| t.put_incidents(&all, Expect::Any).await.unwrap()).await;
        let china = FixedOffset::east_opt(8 * 3600);
        let since = Filter {
            time: Some(TimeSpan { from: Some(instant("2023-12-31T16:00:00Z")), to: None }),
            ..Filter::default()
        };
        let open = Filter { equals: vec![(Property::Status, "open".into())], ..Filter::default() };
        let below = Filter { grid: Some(within(&["A", "A1"])), ..Filter::default() };
        let in_a1 = |one: &Incident| one.grid.as_ref().is_some_and(|path| path.ids().contains(&grid_id("A1")));
        let cases: [Case<'_>; 5] = [
            (Filter::default(), None, &|_| true),
            (Filter::default(), china, &|_| true),
            (Filter::default(), FixedOffset::west_opt(5 * 3600), &|_| true),
            (since, china, &|one| one.reported_at() >= instant("2023-12-31T16:00:00Z")),
            (open, None, &|one| one.status() == Status::Open),
        ];
        for (filter, weeks, counts) in cases.into_iter().chain([(below, china, &in_a1 as &dyn Fn(&Incident) -> bool)]) {
            let expected = by_hand(&all, weeks, counts);
            let found = store.incidents_by_grid(filter.clone(), weeks).await.unwrap();
            let groups = found
                .iter()
                .map(|t| ((t.place.clone(), t.kind.as_str(), t.tier.clone(), t.status.as_str(), t.week), t.n));
            assert_eq!(groups.clone().collect::<Vec<_>>(), expected.clone().into_iter().collect::<Vec<_>>());
            let first = all.iter().filter(|one| counts(one)).map(Incident::reported_at).min();
            assert_eq!(found.iter().map(|tally| tally.first).min(), first);
            let by_position = store.incidents_by_position(filter, weeks).await.unwrap();
            assert_eq!(by_position.iter().map(|t| t.n).sum::<u64>(), expected.values().sum::<u64>());
            assert!(by_position.windows(2).all(|two| two[0].place.lon() <= two[1].place.lon()));
        }
    });
}

#[test]
fn shared_positions_come_fullest_first() {
    on_both(async |_, store| {
        settle(&store).await;
        assert_eq!(store.shared_positions(Filter::default(), 1).await.unwrap(), []);
        let all = incidents();
        write(&store, async |t| t.put_incidents(&all, Expect::Any).await.unwrap()).await;
        let lon = |n: u8| 103.5 + f64::from(n) / 3.0;
        let expected = [(lon(0), 10), (lon(1), 10), (lon(2), 10), (lon(3), 9), (lon(4), 9)];
        let expected: Vec<_> = expected.into_iter().map(|(lon, n)| (at(lon, 34.5), n)).collect();
        assert_eq!(store.shared_positions(Filter::default(), 1).await.unwrap(), expected);
        let two = Filter { limit: Some(2), ..Filter::default() };
        assert_eq!(store.shared_positions(two, 10).await.unwrap(), expected[..2]);
        assert_eq!(store.shared_positions(Filter::default(), 11).await.unwrap(), []);
    });
}
