//! Kept answers are, byte for byte, what asking gives.

use std::sync::Arc;

use bytes::BytesMut;
use gridmap::domain::{Duty, DutyArea, GridId, Holder, HolderId, Parts, Revision};
use gridmap::format::answer::AnswerJson;
use gridmap::geometry::{LatticePoint, Position};
use gridmap::index::Snapshot;
use gridmap::service::answer_cache::GridAnswers;
use gridmap::service::locate::{Question, locate};

use super::world::{county, duty, grid_of, holder, instant, ring_of, rows, snapshot};

/// A village with no mediators in a township of a few, and one in a township of very many.
const UNSERVED: &str = "623021105200";
const UNSERVED_AMONG_MANY: &str = "623021101001";

/// The county's own people, and in one village two mediators of other committees, one of them twice; two have none.
fn people() -> (Vec<Holder>, Vec<Duty>) {
    let (mut holders, mut duties) = (Vec::new(), Vec::new());
    for row in rows("committees.csv") {
        let position = Position::new(row[3].parse().unwrap(), row[4].parse().unwrap()).ok();
        holders.push(Holder { position, ..holder(&row[0]) });
        duties.push(duty(&format!("d-{}", row[0]), &row[0], "mediation_committee", &row[2]));
    }
    for row in rows("mediators.csv") {
        let body = HolderId::new(&row[2]).ok();
        holders.push(Holder { body, name: row[1].clone(), ..holder(&row[0]) });
        duties.push(duty(&format!("d-{}", row[0]), &row[0], "mediator", &row[3]));
    }
    for (id, grid) in [("M0100", "623021100002"), ("M0101", "623021100002"), ("M0100", "623021100002001")] {
        duties.push(duty(&format!("far-{grid}-{id}"), id, "mediator", grid));
    }
    holders.push(Holder { name: "\"],\"nearest\"null,\"why\"".to_owned(), ..holder("nowhere") });
    duties.push(duty("d-nowhere", "nowhere", "mediator", "623021100002"));
    for row in rows("grid_leaders.csv") {
        holders.push(holder(&row[0]));
        duties.push(duty(&format!("d-{}", row[0]), &row[0], "grid_leader", &row[3]));
    }
    for village in [UNSERVED, UNSERVED_AMONG_MANY] {
        let (area, n_duties) = (DutyArea::Grid(GridId::new(village).unwrap()), duties.len());
        duties.retain(|duty| duty.area != area);
        assert!(duties.len() < n_duties, "someone served {village}");
    }
    (holders, duties)
}

/// The prepared answer of that day, if there is one.
fn prepared_answer(prepared: &GridAnswers, position: Position) -> Option<String> {
    let mut out = BytesMut::new();
    prepared.answer(Revision(7), position, instant("2024-06-01"), &mut out)?;
    Some(String::from_utf8(out.to_vec()).unwrap())
}

fn asked(snapshot: &Snapshot, position: Position) -> String {
    let question = Question::new(position, instant("2024-06-01"));
    serde_json::to_string(&AnswerJson { answer: &locate(snapshot, &question), phones: None }).unwrap()
}

#[test]
fn a_prepared_answer_is_the_answer() {
    let (holders, duties) = people();
    let snapshot = Arc::new(snapshot(county(), holders, duties));
    let prepared = GridAnswers::new(Arc::clone(&snapshot), instant("2024-06-01"), None);
    let (mut n_prepared, mut n_widened) = (0, 0);
    for position in positions() {
        let expected = asked(&snapshot, position);
        let is_in = |village: &str| expected.contains(&format!("\"code\":\"{village}\""));
        match prepared_answer(&prepared, position) {
            Some(answer) => assert_eq!(answer, expected, "{position}"),
            None => assert!(is_in(UNSERVED_AMONG_MANY), "{position}"),
        }
        n_prepared += 1;
        n_widened += usize::from(is_in(UNSERVED));
    }
    assert!(n_prepared > 7_000 && n_widened > 10, "{n_prepared}, {n_widened}");
    assert_eq!(prepared_answer(&prepared, Position::new(0.5, 0.5).unwrap()), None, "outside is asked");
}

/// Homes of every village, and corners where grids meet.
fn positions() -> impl Iterator<Item = Position> {
    let homes = rows("houses.csv").into_iter().step_by(7).map(|mut row| row.drain(1..3).collect::<Vec<_>>());
    let corners = rows("boundary_points.csv").into_iter().map(|row| row[..2].to_vec());
    homes.chain(corners).map(|numbers| Position::new(numbers[0].parse().unwrap(), numbers[1].parse().unwrap()).unwrap())
}

#[test]
fn points_that_a_duty_polygon_covers_are_asked_and_all_others_are_prepared() {
    let (holders, mut duties) = people();
    let boundary =
        grid_of("area", 0, None, vec![ring_of([1_033_000_000, 348_000_000, 1_034_000_000, 348_500_000])]).boundary;
    duties.push(Duty { area: DutyArea::Polygon(boundary.clone()), ..duty("trade", "C001", "mediator", "623021") });
    let snapshot = Arc::new(snapshot(county(), holders, duties));
    let prepared = GridAnswers::new(Arc::clone(&snapshot), instant("2024-06-01"), None);
    let (mut n_prepared, mut n_asked) = (0, 0);
    for position in positions() {
        let expected = asked(&snapshot, position);
        let is_covered = boundary.covers(LatticePoint::from(position));
        let has_many = expected.contains(&format!("\"code\":\"{UNSERVED_AMONG_MANY}\""));
        if let Some(answer) = prepared_answer(&prepared, position) {
            assert_eq!(answer, expected, "{position}");
            assert!(!is_covered, "{position} has the duty of the polygon");
            n_prepared += 1;
        } else {
            assert!(is_covered || has_many, "{position} lies beside the polygon");
            n_asked += 1;
        }
    }
    assert!(n_prepared > 1_000 && n_asked > 100, "{n_prepared} prepared, {n_asked} asked");
}

#[test]
fn what_is_prepared_ends_when_a_duty_turns() {
    let (holders, mut duties) = people();
    duties[0].from = Some(instant("2024-03-01"));
    duties[1].to = Some(instant("2024-09-01"));
    let snapshot_of = |duties: &[Duty]| Arc::new(snapshot(county(), holders.clone(), duties.to_vec()));
    let first = snapshot_of(&duties);
    let prepared = GridAnswers::new(Arc::clone(&first), instant("2024-06-01"), None);
    let holds = |day| prepared.answers_for(&first, instant(day));
    assert_eq!(["2024-02-29", "2024-03-01", "2024-08-31", "2024-09-01"].map(holds), [false, true, true, false]);
    assert!(!prepared.answers_for(&snapshot_of(&duties), instant("2024-06-01")), "other people are others");
}

#[test]
fn what_is_prepared_answers_at_a_later_revision_of_the_same_ground_and_people() {
    let (holders, duties) = people();
    let first = Arc::new(snapshot(county(), holders, duties));
    let prepared = GridAnswers::new(Arc::clone(&first), instant("2024-06-01"), None);
    let at = |revision, region| {
        let (generations, tree) = (Arc::clone(first.generations()), Arc::clone(first.tree()));
        let parts = Parts::all_at(Revision(revision));
        Snapshot::new(parts, region, generations, tree, Arc::clone(first.roster()), None)
    };
    let later = at(8_000_000_000, Arc::clone(first.region()));
    assert!(prepared.answers_for(&later, instant("2024-06-01")));
    for position in positions().step_by(100) {
        let mut out = BytesMut::new();
        if prepared.answer(later.revision(), position, instant("2024-06-01"), &mut out).is_some() {
            assert_eq!(out, asked(&later, position), "{position}");
        }
    }
    let renamed = at(9, Arc::new((**first.region()).clone()));
    assert!(!prepared.answers_for(&renamed, instant("2024-06-01")), "a region that was read anew may have other names");
}
