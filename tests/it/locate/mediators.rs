//! Which mediators are named for a point, in which order, and why.

use std::sync::Arc;

use gridmap::domain::{Duty, Holder, HolderId};
use gridmap::geometry::LatticePoint;
use gridmap::index::{Snapshot, Tree};
use gridmap::service::locate::{Question, locate};

use super::world::{duty, generation, holder, instant, on_polygon, only_for, rectangle, snapshot};

/// A township of two villages; `near` and `far` mediate in the west one from the committee `K`.
fn tree() -> Arc<Tree> {
    let grids = vec![
        rectangle("T", 1, None, [0, 0, 40_000, 10_000]),
        rectangle("W", 2, Some("T"), [0, 0, 20_000, 10_000]),
        rectangle("E", 2, Some("T"), [20_000, 0, 40_000, 10_000]),
    ];
    Arc::new(Tree::build(generation(1), grids).unwrap())
}

fn at(mut holder: Holder, x: i32, y: i32) -> Holder {
    holder.position = Some(LatticePoint::new(x, y).position());
    holder
}

fn of(mut holder: Holder, body: &str) -> Holder {
    holder.body = Some(HolderId::new(body).unwrap());
    holder
}

fn world(more: Vec<(Holder, Duty)>) -> Snapshot {
    let mut all = vec![
        (at(holder("K"), 5_000, 5_000), duty("d-k", "K", "mediation_committee", "W")),
        (of(at(holder("far"), 9_000, 5_000), "K"), duty("d-far", "far", "mediator", "W")),
        (of(holder("near"), "K"), duty("d-near", "near", "mediator", "W")),
    ];
    all.extend(more);
    let (holders, duties) = all.into_iter().unzip();
    snapshot(&tree(), holders, duties)
}

fn check(why: &str, world: &Snapshot, x: i32, category: Option<&str>, expected: &[(&str, &str)]) {
    let position = LatticePoint::new(x, 5_000).position();
    let question = Question { category, ..Question::new(position, instant("2024-06-01")) };
    let answer = locate(world, &question);
    let found: Vec<_> = answer.mediators.iter().map(|one| (one.holder.id.as_str(), one.why.to_string())).collect();
    let found: Vec<_> = found.iter().map(|(id, why)| (*id, why.as_str())).collect();
    assert_eq!(found, expected, "{why}");
}

#[test]
fn those_who_serve_the_point_come_nearest_first_from_their_own_place_or_their_body() {
    let world = world(Vec::new());
    check("near the committee", &world, 5_000, None, &[("near", "serves W"), ("far", "serves W")]);
    check("near the one with an own place", &world, 9_000, None, &[("far", "serves W"), ("near", "serves W")]);
    let position = LatticePoint::new(5_000, 5_000).position();
    let answer = locate(&world, &Question::new(position, instant("2024-06-01")));
    let first = &answer.mediators[0];
    assert_eq!((first.distance_m, first.body.map(|body| body.name)), (Some(0.0), Some("name of K")));
}

#[test]
fn where_nobody_serves_the_point_the_search_widens_to_the_parent_and_says_so() {
    let expected = [
        ("far", "nobody who fits serves the point, nearest in T, serves W"),
        ("near", "nobody who fits serves the point, nearest in T, serves W"),
    ];
    check("the village in the east has none", &world(Vec::new()), 25_000, None, &expected);
}

#[test]
fn a_category_is_fitted_before_distance() {
    let wages = (at(holder("wages"), 39_000, 5_000), only_for(duty("d-w", "wages", "mediator", "E"), "wages"));
    let world = world(vec![wages]);
    let serves_w = [("near", "serves W"), ("far", "serves W")];
    check("all of the village fit", &world, 5_000, Some("wages"), &serves_w);
    check("only the specialist fits", &world, 25_000, Some("wages"), &[("wages", "serves E, for wages only")]);
    check(
        "unasked, the specialist is named with the limit",
        &world,
        25_000,
        None,
        &[("wages", "serves E, for wages only")],
    );
    let elsewhere = "nobody who fits serves the point, nearest in T, serves W";
    check(
        "for another category the parent is searched",
        &world,
        25_000,
        Some("land"),
        &[("far", elsewhere), ("near", elsewhere)],
    );
}

#[test]
fn a_trade_body_overrides_geography_and_a_committee_without_people_stands_for_itself() {
    let trade = duty("d-trade", "trade", "mediation_committee", "T");
    let trade = (at(holder("trade"), 39_000, 5_000), only_for(on_polygon(trade, [0, 0, 40_000, 10_000]), "wages"));
    let world = world(vec![trade]);
    let rule = "duty d-trade has a polygon of its own that covers the point, for wages only";
    check("its trade", &world, 5_000, Some("wages"), &[("trade", rule), ("near", "serves W"), ("far", "serves W")]);
    check("not its trade", &world, 5_000, Some("land"), &[("near", "serves W"), ("far", "serves W")]);
}

#[test]
fn at_most_five_are_named_and_ties_go_by_id() {
    let crowd = (0..9).rev().map(|n| {
        let id = format!("m{n}");
        (of(holder(&id), "K"), duty(&format!("d-{id}"), &id, "mediator", "W"))
    });
    let why = "serves W";
    let world = world(crowd.collect());
    check("nine more at the same committee", &world, 5_000, None, &["m0", "m1", "m2", "m3", "m4"].map(|id| (id, why)));
}

#[test]
fn a_mediator_without_any_place_is_named_last_and_one_whose_duty_ended_not_at_all() {
    let mut ended = duty("d-old", "old", "mediator", "W");
    ended.to = Some(instant("2024-05-01"));
    let world = world(vec![(holder("nowhere"), duty("d-no", "nowhere", "mediator", "W")), (holder("old"), ended)]);
    check(
        "by distance, then unknown",
        &world,
        5_000,
        None,
        &[("near", "serves W"), ("far", "serves W"), ("nowhere", "serves W")],
    );
}
