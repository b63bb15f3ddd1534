//! Lists: filters, boxes, order and paging, the same answers on both stores.

use std::sync::Arc;

use gridmap::domain::{DutyArea, HolderKind, Household, Noun, Scope, Step, StepKind};
use gridmap::geometry::Bbox;
use gridmap::store::{Expect, Filter, Location, Property, Store, TimeSpan};

use super::made::{
    all, at, duty, grid_id, holder, holder_id, household, ids_of_households, incident, instant, path, service_point,
    settle, square, write,
};
use crate::backends::on_both;

async fn put(store: &Arc<dyn Store>, homes: &[Household]) {
    write(store, async |t| t.put_households(homes, Expect::Any).await.unwrap()).await;
}

fn boxed(west: f64, south: f64, east: f64, north: f64) -> Filter {
    Filter { bbox: Some(Bbox { west, south, east, north }), ..Filter::default() }
}

fn equal(property: Property, value: &str) -> Filter {
    Filter { equals: vec![(property, value.into())], ..Filter::default() }
}

fn within(grid: &str) -> Filter {
    let path: Vec<&str> = match grid.split_once('-') {
        Some((village, _)) => vec!["A", village, grid],
        None if grid == "A" => vec!["A"],
        None => vec!["A", grid],
    };
    Filter { grid: Some(super::made::within(&path)), ..Filter::default() }
}

#[test]
fn a_box_is_exact_and_its_edge_counts() {
    on_both(async |_, store| {
        settle(&store).await;
        // A 32-bit float near 103 degrees steps by 7.6e-6: the indexes alone would take all of these for the edge.
        let homes = [
            ("corner", 103.1, 34.1),
            ("edge", 103.15, 34.2),
            ("inside", 103.15, 34.15),
            ("just-east", 103.200_000_000_1, 34.15),
            ("just-north", 103.15, 34.200_000_000_1),
            ("just-south", 103.15, 34.099_999_999_9),
            ("just-west", 103.099_999_999_9, 34.15),
        ];
        put(&store, &homes.map(|(code, lon, lat)| household(code, lon, lat))).await;
        let filter = boxed(103.1, 34.1, 103.2, 34.2);
        assert_eq!(ids_of_households(&store, filter.clone()).await, ["corner", "edge", "inside"]);
        assert_eq!(store.count(Noun::Households, filter).await.unwrap(), 3);
        assert_eq!(ids_of_households(&store, boxed(103.1, 34.1, 103.1, 34.1)).await, ["corner"], "a box of one point");
    });
}

#[test]
fn a_box_over_the_antimeridian_covers_both_sides() {
    on_both(async |_, store| {
        settle(&store).await;
        let homes = [("east", -179.5, -17.0), ("far", 0.0, -17.0), ("line", 180.0, -17.0), ("west", 179.5, -17.0)];
        put(&store, &homes.map(|(code, lon, lat)| household(code, lon, lat))).await;
        assert_eq!(ids_of_households(&store, boxed(177.0, -20.0, -178.0, -16.0)).await, ["east", "line", "west"]);
    });
}

#[test]
fn what_has_no_place_of_its_own_is_in_no_box() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut placed = holder("C1");
        (placed.kind, placed.position) = (HolderKind::Body, Some(at(103.1, 34.1)));
        let duties = [
            duty("D1", "W1", DutyArea::Grid(grid_id("A1"))),
            duty("D2", "W1", DutyArea::Polygon(square(1_031_000_000, 341_000_000, 1_000_000))),
        ];
        write(&store, async |t| {
            t.put_holders(&[placed, holder("W1")], Expect::Any).await.unwrap();
            t.put_duties(&duties, Expect::Any).await.unwrap();
            t.put_service_points(&[service_point("J1", 103.1, 34.1)], Expect::Any).await.unwrap();
        })
        .await;
        let here = || boxed(103.0, 34.0, 103.1, 34.1);
        assert_eq!(all(store.holders(here())).await.len(), 1);
        let found = all(store.duties(here())).await;
        assert_eq!(found.iter().map(|row| row.thing.id.as_str()).collect::<Vec<_>>(), ["D2"], "its corner touches");
        assert_eq!(store.count(Noun::Duties, boxed(103.0, 34.0, 103.099_999_999, 34.1)).await.unwrap(), 0);
        assert_eq!(store.count(Noun::ServicePoints, here()).await.unwrap(), 1);
        let unplaced = {
            let mut h = holder("C1");
            h.kind = HolderKind::Body;
            h
        };
        write(&store, async |t| t.put_holders(&[unplaced], Expect::Any).await.unwrap()).await;
        assert_eq!(store.count(Noun::Holders, here()).await.unwrap(), 0, "it has moved out of every box");
    });
}

#[test]
fn a_grid_holds_what_stands_in_it_or_below() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut homes = ["in-A1-1", "in-A1", "in-A10-1", "nowhere"].map(|code| household(code, 1.0, 1.0));
        homes[1].grid = path(&["A", "A1"]);
        homes[2].grid = path(&["A", "A10", "A10-1"]);
        homes[3].grid = None;
        put(&store, &homes).await;
        write(&store, async |t| {
            t.put_holders(&[holder("W1")], Expect::Any).await.unwrap();
            let duties = ["A", "A1", "A1-1", "A10-1"].map(|grid| duty(grid, "W1", DutyArea::Grid(grid_id(grid))));
            t.put_duties(&duties, Expect::Any).await.unwrap();
            t.put_incidents(&[incident("I1", "2024-01-01T00:00:00Z")], Expect::Any).await.unwrap();
        })
        .await;
        assert_eq!(ids_of_households(&store, within("A1")).await, ["in-A1", "in-A1-1"], "and not what is in A10");
        assert_eq!(ids_of_households(&store, within("A")).await, ["in-A1", "in-A1-1", "in-A10-1"]);
        assert_eq!(ids_of_households(&store, within("A1-1")).await, ["in-A1-1"]);
        assert!(ids_of_households(&store, within("unknown")).await.is_empty());
        let duties = all(store.duties(within("A1"))).await;
        assert_eq!(duties.iter().map(|row| row.thing.id.as_str()).collect::<Vec<_>>(), ["A1", "A1-1"]);
        assert_eq!(store.count(Noun::Incidents, within("A1-2")).await.unwrap(), 1);
        assert_eq!(store.count(Noun::Holders, within("A")).await.unwrap(), 0, "holders stand nowhere");
        let counts = store.households_by_grid(Filter::default()).await.unwrap();
        let expected = [(None, 1), (Some(grid_id("A1")), 1), (Some(grid_id("A1-1")), 1), (Some(grid_id("A10-1")), 1)];
        assert_eq!(counts, expected);
        let standing = |standing| Filter { location: Some(standing), ..Filter::default() };
        let there = || standing(Location::In([path(&["A", "A1"]), path(&["A"])].into_iter().flatten().collect()));
        assert_eq!(store.households_by_grid(there()).await.unwrap(), expected[1..2], "and not what is below");
        assert_eq!(store.households_by_grid(standing(Location::Outside)).await.unwrap(), expected[..1]);
        assert_eq!(ids_of_households(&store, there()).await, ["in-A1"]);
        assert!(all(store.duties(there())).await.is_empty(), "a duty stands nowhere");
    });
}

#[test]
fn a_time_span_takes_both_of_its_ends() {
    on_both(async |_, store| {
        settle(&store).await;
        let day = |d: u32| format!("2024-03-{d:02}T00:00:00Z");
        let span = |from: Option<u32>, to: Option<u32>| {
            let time = TimeSpan { from: from.map(|d| instant(&day(d))), to: to.map(|d| instant(&day(d))) };
            Filter { time: Some(time), ..Filter::default() }
        };
        let mut half = incident("I3", "2024-03-03T00:00:00.000001Z");
        half.steps.push(Step { kind: StepKind::Resolve, at: instant("2024-03-09T00:00:00Z"), by: None });
        let lasting = |code: &str, from: Option<u32>, to: Option<u32>| {
            let mut one = duty(code, "W1", DutyArea::Grid(grid_id("A1")));
            (one.from, one.to) = (from.map(|d| instant(&day(d))), to.map(|d| instant(&day(d))));
            one
        };
        write(&store, async |t| {
            let incidents = [incident("I1", &day(1)), incident("I2", &day(3)), half];
            t.put_incidents(&incidents, Expect::Any).await.unwrap();
            t.put_holders(&[holder("W1")], Expect::Any).await.unwrap();
            let duties = [lasting("D1", None, Some(3)), lasting("D2", Some(3), Some(5)), lasting("D3", Some(5), None)];
            t.put_duties(&duties, Expect::Any).await.unwrap();
        })
        .await;
        let incidents = async |filter| {
            let rows = all(store.incidents(filter)).await;
            rows.into_iter().map(|row| row.thing.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(incidents(span(Some(1), Some(3))).await, ["I1", "I2"]);
        assert_eq!(incidents(span(Some(3), None)).await, ["I2", "I3"]);
        assert_eq!(incidents(span(None, Some(1))).await, ["I1"]);
        assert_eq!(incidents(span(None, None)).await.len(), 3);
        let duties = async |filter| {
            let rows = all(store.duties(filter)).await;
            rows.into_iter().map(|row| row.thing.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(duties(span(Some(3), Some(3))).await, ["D2"], "a duty counts from its first instant up to its end");
        assert_eq!(duties(span(Some(2), Some(5))).await, ["D1", "D2", "D3"]);
        assert_eq!(duties(span(Some(5), None)).await, ["D3"]);
        assert_eq!(duties(span(None, Some(2))).await, ["D1"]);
        assert_eq!(
            store.count(Noun::Holders, span(Some(1), Some(1))).await.unwrap(),
            1,
            "time says nothing of holders"
        );
    });
}

#[test]
fn properties_are_asked_for_by_value() {
    on_both(async |_, store| {
        settle(&store).await;
        let mut body = holder("C1");
        body.kind = HolderKind::Body;
        let mut member = holder("W1");
        member.body = Some(holder_id("C1"));
        let mut resolved = incident("I2", "2024-03-01T00:00:00Z");
        resolved.steps.push(Step { kind: StepKind::Resolve, at: instant("2024-03-02T00:00:00Z"), by: None });
        resolved.category = Some("it's \"odd\" -- 甲".into());
        let mut mediator = duty("D2", "C1", DutyArea::Grid(grid_id("A1")));
        mediator.role = "mediation_committee".into();
        write(&store, async |t| {
            t.put_holders(&[body, member], Expect::Any).await.unwrap();
            t.put_incidents(&[incident("I1", "2024-03-01T00:00:00Z"), resolved], Expect::Any).await.unwrap();
            t.put_duties(&[duty("D1", "W1", DutyArea::Grid(grid_id("A1"))), mediator], Expect::Any).await.unwrap();
            t.put_service_points(&[service_point("J1", 1.0, 1.0)], Expect::Any).await.unwrap();
            t.put_households(&[household("H1", 1.0, 1.0)], Expect::Any).await.unwrap();
        })
        .await;
        let count = async |noun, property, value| store.count(noun, equal(property, value)).await.unwrap();
        assert_eq!(count(Noun::Holders, Property::Kind, "body").await, 1);
        assert_eq!(count(Noun::Holders, Property::Body, "C1").await, 1);
        assert_eq!(count(Noun::Duties, Property::Role, "grid_leader").await, 1);
        assert_eq!(count(Noun::Duties, Property::Holder, "C1").await, 1);
        assert_eq!(count(Noun::ServicePoints, Property::Kind, "court_station").await, 1);
        assert_eq!(count(Noun::ServicePoints, Property::StatedGrid, "A1").await, 1);
        assert_eq!(count(Noun::Households, Property::StatedGrid, "A1-1").await, 1);
        assert_eq!(count(Noun::Incidents, Property::Status, "open").await, 1);
        assert_eq!(count(Noun::Incidents, Property::Status, "resolved").await, 1);
        assert_eq!(count(Noun::Incidents, Property::Kind, "dispute").await, 2);
        assert_eq!(count(Noun::Incidents, Property::Tier, "grid").await, 2);
        assert_eq!(count(Noun::Incidents, Property::Category, "it's \"odd\" -- 甲").await, 1);
        assert_eq!(count(Noun::Incidents, Property::Category, "' or 1 = 1 --").await, 0, "values are never SQL");
        assert_eq!(count(Noun::Incidents, Property::Category, "nul \0 here").await, 0);
        assert_eq!(count(Noun::Households, Property::Role, "grid_leader").await, 0, "it has no such property");
        let mut both = equal(Property::Kind, "dispute");
        both.equals.push((Property::Status, "open".into()));
        assert_eq!(store.count(Noun::Incidents, both).await.unwrap(), 1, "everything given must hold");
        let one = Filter { id: Some("I2".into()), ..Filter::default() };
        assert_eq!(all(store.incidents(one)).await.len(), 1);
    });
}

/// 2,500 homes whose ids sort differently by alphabet than by bytes, in an order that is not theirs.
fn town() -> Vec<Household> {
    let mark = ["a", "B", "-", "_", "é", "Z", "甲", "~", "0", "😀"];
    (0..2_500_i32)
        .map(|n| {
            let shuffled = (n * 1_237) % 2_500;
            let mut home = household(&format!("{}{shuffled}", mark[usize::try_from(shuffled % 10).unwrap()]), 1.0, 1.0);
            home.position = at(103.0 + f64::from(shuffled) / 1e4, 34.0);
            home
        })
        .collect()
}

#[test]
fn pages_put_together_are_the_whole_in_byte_order() {
    on_both(async |_, store| {
        settle(&store).await;
        let town = town();
        put(&store, &town).await;
        let mut expected: Vec<String> = town.iter().map(|home| home.id.to_string()).collect();
        expected.sort_unstable();
        assert_eq!(ids_of_households(&store, Filter::default()).await, expected, "in one stream");
        for (limit, bbox) in [(7, None), (999, None), (1_500, None), (400, boxed(0.0, 0.0, 180.0, 90.0).bbox)] {
            let mut pages = Vec::new();
            let mut filter = Filter { limit: Some(limit), bbox, ..Filter::default() };
            loop {
                let page = ids_of_households(&store, filter.clone()).await;
                let Some(last) = page.last() else { break };
                assert!(page.len() <= usize::try_from(limit).unwrap());
                filter.after = Some(last.clone());
                pages.extend(page);
            }
            assert_eq!(pages, expected, "in pages of {limit}");
        }
        let rest = Filter { after: Some(expected[0].clone()), limit: Some(3), ..Filter::default() };
        assert_eq!(store.count(Noun::Households, rest).await.unwrap(), 2_500, "whatever its after and limit say");
        assert!(ids_of_households(&store, Filter { limit: Some(0), ..Filter::default() }).await.is_empty());
    });
}

#[test]
fn nothing_is_lost_or_doubled_while_others_write() {
    on_both(async |_, store| {
        settle(&store).await;
        let town = town();
        put(&store, &town).await;
        let mut seen = Vec::new();
        let mut filter = Filter { limit: Some(500), ..Filter::default() };
        for round in 0.. {
            let page = ids_of_households(&store, filter.clone()).await;
            let Some(last) = page.last() else { break };
            filter.after = Some(last.clone());
            seen.extend(page);
            put(&store, &[household(&format!("!{round}"), 1.0, 1.0)]).await;
            write(&store, async |t| t.relocate_records(Noun::Households, &[(seen[0].clone(), None)]).await.unwrap())
                .await;
        }
        assert_eq!(seen.len(), 2_500, "homes that came before the page read are not in it");
        seen.dedup();
        assert_eq!(seen.len(), 2_500);
    });
}

type Ids = &'static [&'static str];

/// What is bounded by areas is the whole list without the rest; holders stand nowhere and are bounded by none.
#[test]
fn a_scope_narrows_whatever_else_is_asked() {
    on_both(async |_, store| {
        settle(&store).await;
        let paths = [vec!["A", "A1", "A1-1"], vec!["A", "A1"], vec!["A", "A10", "A10-1"], vec!["A"], vec![]];
        let mut cases = ["I1", "I2", "I3", "I4", "I5"].map(|id| incident(id, "2024-01-01T00:00:00Z"));
        for (case, ids) in cases.iter_mut().zip(&paths) {
            case.grid = path(ids);
        }
        write(&store, async |t| {
            t.put_holders(&[holder("W1")], Expect::Any).await.unwrap();
            let mut duties = ["A", "A1", "A1-1", "A10-1"].map(|grid| duty(grid, "W1", DutyArea::Grid(grid_id(grid))));
            duties[0].area = DutyArea::Polygon(square(1_031_000_000, 341_000_000, 1_000_000));
            t.put_duties(&duties, Expect::Any).await.unwrap();
            t.settle(1).await.unwrap();
            t.put_incidents(&cases, Expect::Any).await.unwrap();
        })
        .await;
        let areas: [(&[Ids], Ids, Ids); 6] = [
            (&[], &[], &[]),
            (&[&["A", "A1"]], &["I1", "I2"], &["A1", "A1-1"]),
            (&[&["A", "A1"], &["A", "A10", "A10-1"]], &["I1", "I2", "I3"], &["A1", "A1-1", "A10-1"]),
            (&[&["A"]], &["I1", "I2", "I3", "I4"], &["A1", "A1-1", "A10-1"]),
            (&[&["A1"]], &[], &["A1", "A1-1"]),
            (&[&["B"]], &[], &[]),
        ];
        for (areas, incidents, duties) in areas {
            let bounded =
                Filter { scope: Scope::within(areas.iter().filter_map(|ids| path(ids))), ..Filter::default() };
            let found = all(store.incidents(bounded.clone())).await;
            assert_eq!(found.iter().map(|row| row.thing.id.as_str()).collect::<Vec<_>>(), incidents, "{areas:?}");
            let n = incidents.len() as u64;
            assert_eq!(store.count(Noun::Incidents, bounded.clone()).await.unwrap(), n, "{areas:?}");
            let counts = store.incidents_by_grid(bounded.clone(), None).await.unwrap();
            assert_eq!(counts.iter().map(|count| count.n).sum::<u64>(), n, "{areas:?}");
            let within_a1 = Filter { grid: Some(super::made::within(&["A", "A1"])), ..bounded.clone() };
            let both = incidents.iter().filter(|id| ["I1", "I2"].contains(id)).count() as u64;
            assert_eq!(store.count(Noun::Incidents, within_a1).await.unwrap(), both, "{areas:?}");
            let found = all(store.duties(bounded.clone())).await;
            assert_eq!(found.iter().map(|row| row.thing.id.as_str()).collect::<Vec<_>>(), duties, "{areas:?}");
            assert_eq!(store.count(Noun::Holders, bounded).await.unwrap(), 1, "{areas:?}");
        }
    });
}
