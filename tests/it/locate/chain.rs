//! The chain as a table: duties in, who answers at each level out.

use std::sync::Arc;

use gridmap::domain::{Duty, HolderId};
use gridmap::geometry::LatticePoint;
use gridmap::index::Tree;
use gridmap::service::locate::{Question, locate};

use super::world::{duty, generation, holder, instant, on_polygon, only_for, rectangle, snapshot};

/// A county of one township, village, grid and two groups; its west half is `V-1-W`, its east half `V-1-E`.
fn tree() -> Arc<Tree> {
    let whole = [0, 0, 20_000, 10_000];
    let grids = vec![
        rectangle("C", 0, None, whole),
        rectangle("T", 1, Some("C"), whole),
        rectangle("V", 2, Some("T"), whole),
        rectangle("V-1", 3, Some("V"), whole),
        rectangle("V-1-W", 4, Some("V-1"), [0, 0, 10_000, 10_000]),
        rectangle("V-1-E", 4, Some("V-1"), [10_000, 0, 20_000, 10_000]),
    ];
    Arc::new(Tree::build(generation(1), grids).unwrap())
}

/// Asks at a point in the west group and compares `HOLDER how` of the five levels, from the group up.
fn check(why: &str, duties: Vec<Duty>, category: Option<&str>, expected: [&str; 5]) {
    let holders = ["ann", "bob", "cyd", "dee", "eve", "fay", "gus"].map(holder).to_vec();
    let snapshot = snapshot(&tree(), holders, duties);
    let position = LatticePoint::new(5_000, 5_000).position();
    let question = Question { category, ..Question::new(position, instant("2024-06-01")) };
    let answer = locate(&snapshot, &question);
    let found: Vec<_> =
        answer.chain.iter().map(|link| format!("{} {}", link.holder.id.as_str(), link.how.as_str())).collect();
    assert_eq!(found, expected, "{why}: {:#?}", answer.chain);
    let levels: Vec<_> = answer.chain.iter().map(|link| link.level).collect();
    assert_eq!(levels, ["group", "grid", "village", "township", "county"]);
}

fn from(mut duty: Duty, day: &str) -> Duty {
    duty.from = Some(instant(day));
    duty
}

fn to(mut duty: Duty, day: &str) -> Duty {
    duty.to = Some(instant(day));
    duty
}

fn deputy(mut duty: Duty, deputy: &str) -> Duty {
    duty.deputy = Some(HolderId::new(deputy).unwrap());
    duty
}

fn leader(id: &str, holder: &str) -> Duty {
    duty(id, holder, "grid_leader", "V-1")
}

/// Ann answers for the county, and nobody else is named but by `duties`.
fn with_agency(mut duties: Vec<Duty>) -> Vec<Duty> {
    duties.push(duty("agency", "ann", "agency", "C"));
    duties
}

#[test]
fn every_level_has_its_own_holder() {
    let duties = vec![
        duty("1", "eve", "group_leader", "V-1-W"),
        leader("2", "dee"),
        duty("3", "cyd", "mediation_committee", "V"),
        duty("4", "bob", "area_lead", "T"),
    ];
    check(
        "all duties are held",
        with_agency(duties),
        None,
        ["eve duty", "dee duty", "cyd duty", "bob duty", "ann duty"],
    );
}

#[test]
fn a_vacancy_falls_to_the_parent_and_at_the_top_to_the_fallback() {
    let up = ["ann parent", "ann parent", "ann parent", "ann parent", "ann duty"];
    check("only the county answers", with_agency(Vec::new()), None, up);
    check("nobody answers at all", Vec::new(), None, ["FALLBACK parent"; 5]);
    let beside = vec![duty("1", "eve", "group_leader", "V-1-E"), duty("2", "eve", "grid_worker", "V-1")];
    check("the neighbour's leader and another role do not count", with_agency(beside), None, up);
    check("a holder who is gone", with_agency(vec![leader("1", "zoe")]), None, up);
}

#[test]
fn a_vacancy_falls_to_the_deputy_first() {
    let cases = [
        ("ended, the deputy stays", vec![deputy(to(leader("1", "dee"), "2024-05-01"), "fay")], "fay"),
        ("ends at this very instant", vec![deputy(to(leader("1", "dee"), "2024-06-01"), "fay")], "fay"),
        ("not begun", vec![deputy(from(leader("1", "dee"), "2024-07-01"), "fay")], "fay"),
        ("the holder is gone", vec![deputy(leader("1", "zoe"), "fay")], "fay"),
        (
            "of two that ended, the one that ended last",
            vec![
                deputy(to(leader("1", "dee"), "2023-01-01"), "fay"),
                deputy(to(leader("2", "eve"), "2024-01-01"), "gus"),
            ],
            "gus",
        ),
        (
            "what ended goes before what is to come",
            vec![
                deputy(from(leader("1", "dee"), "2024-06-02"), "fay"),
                deputy(to(leader("2", "eve"), "2020-01-01"), "gus"),
            ],
            "gus",
        ),
        (
            "a deputy who is gone is passed over",
            vec![
                deputy(to(leader("1", "dee"), "2024-05-31"), "zoe"),
                deputy(to(leader("2", "eve"), "2020-01-01"), "gus"),
            ],
            "gus",
        ),
    ];
    for (why, duties, holder) in cases {
        let (group, grid) = (format!("{holder} parent"), format!("{holder} deputy"));
        check(why, with_agency(duties), None, [&group, &grid, "ann parent", "ann parent", "ann duty"]);
    }
}

#[test]
fn a_duty_counts_from_its_first_instant_up_to_its_end() {
    let by_dee = ["dee parent", "dee duty", "ann parent", "ann parent", "ann duty"];
    let by_eve = ["eve parent", "eve duty", "ann parent", "ann parent", "ann duty"];
    check("begins now", with_agency(vec![from(leader("1", "dee"), "2024-06-01")]), None, by_dee);
    let handed_over = vec![to(leader("1", "dee"), "2024-06-01"), from(leader("2", "eve"), "2024-06-01")];
    check("handed over at this instant", with_agency(handed_over), None, by_eve);
    let held_with_deputy = vec![deputy(leader("1", "dee"), "fay")];
    check("the deputy of a held duty does not answer", with_agency(held_with_deputy), None, by_dee);
    let two = vec![from(leader("1", "dee"), "2024-03-01"), from(leader("2", "eve"), "2024-02-01")];
    check("of two the one that began last", with_agency(two), None, by_dee);
    check("then the smallest id", with_agency(vec![leader("2", "eve"), leader("1", "dee")]), None, by_dee);
}

#[test]
fn a_duty_with_a_polygon_of_its_own_overrides_the_grid() {
    let by_gus = ["gus parent", "gus duty", "ann parent", "ann parent", "ann duty"];
    let by_dee = ["dee parent", "dee duty", "ann parent", "ann parent", "ann duty"];
    let estate = |sides| with_agency(vec![leader("1", "dee"), on_polygon(leader("2", "gus"), sides)]);
    check("the estate covers the point", estate([4_000, 4_000, 6_000, 6_000]), None, by_gus);
    check("on the edge of the estate", estate([5_000, 4_000, 6_000, 6_000]), None, by_gus);
    check("beside the estate", estate([6_000, 6_000, 7_000, 7_000]), None, by_dee);
    let ended = vec![leader("1", "dee"), to(on_polygon(leader("2", "gus"), [0, 0, 9_000, 9_000]), "2024-01-01")];
    check("no longer run by them", with_agency(ended), None, by_dee);
}

#[test]
fn a_duty_limited_to_a_category_answers_only_for_it() {
    let trade = with_agency(vec![
        leader("1", "dee"),
        only_for(on_polygon(leader("2", "gus"), [0, 0, 9_000, 9_000]), "unpaid wages"),
    ]);
    let by_gus = ["gus parent", "gus duty", "ann parent", "ann parent", "ann duty"];
    let by_dee = ["dee parent", "dee duty", "ann parent", "ann parent", "ann duty"];
    check("its category", trade.clone(), Some("unpaid wages"), by_gus);
    check("another category", trade.clone(), Some("lending"), by_dee);
    check("no category", trade, None, by_dee);
}

#[test]
fn the_answer_says_which_rule_applied() {
    let duties = vec![deputy(to(leader("d-9", "dee"), "2024-05-01"), "fay"), duty("agency", "ann", "agency", "C")];
    let snapshot = snapshot(&tree(), ["ann", "fay"].map(holder).to_vec(), duties);
    let position = LatticePoint::new(5_000, 5_000).position();
    let answer = locate(&snapshot, &Question::new(position, instant("2024-06-01")));
    let whys: Vec<_> = answer.chain.iter().map(|link| link.why.to_string()).collect();
    assert_eq!(
        whys,
        [
            "group_leader of V-1-W is vacant, the grid_leader of the grid answers",
            "grid_leader of V-1 is vacant, deputy of duty d-9",
            "mediation_committee of V is vacant, the area_lead of the township answers",
            "area_lead of T is vacant, the agency of the county answers",
            "agency of C",
        ]
    );
}
