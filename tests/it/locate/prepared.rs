//! Prepared answers are, byte for byte, what asking gives.

use std::sync::Arc;

use gridmap::domain::{Duty, DutyArea, Holder, HolderId, Principal};
use gridmap::format::answer::AnswerJson;
use gridmap::geometry::Position;
use gridmap::index::Snapshot;
use gridmap::service::locate::{Question, locate};
use gridmap::service::prepared::Prepared;

use super::world::{county, duty, grid_of, holder, instant, ring_of, rows, snapshot};

/// The county's own people, and in one village two mediators of other committees, one of them twice.
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
    (holders, duties)
}

fn asked(snapshot: &Snapshot, position: Position) -> String {
    let question = Question::new(Principal::System, position, instant("2024-06-01"));
    serde_json::to_string(&AnswerJson(&locate(snapshot, &question))).unwrap()
}

#[test]
fn a_prepared_answer_is_the_answer() {
    let (holders, duties) = people();
    let snapshot = Arc::new(snapshot(county(), holders, duties));
    let prepared = Prepared::new(Arc::clone(&snapshot), Principal::System, instant("2024-06-01"));
    let homes = rows("houses.csv").into_iter().step_by(7).map(|mut row| row.drain(1..3).collect::<Vec<_>>());
    let corners = rows("boundary_points.csv").into_iter().map(|row| row[..2].to_vec());
    let mut n_prepared = 0;
    for numbers in homes.chain(corners) {
        let position = Position::new(numbers[0].parse().unwrap(), numbers[1].parse().unwrap()).unwrap();
        let answer = prepared.answer(position, instant("2024-06-01")).expect("every village has its mediators");
        assert_eq!(String::from_utf8(answer).unwrap(), asked(&snapshot, position), "{position}");
        n_prepared += 1;
    }
    assert!(n_prepared > 7_000);
    assert_eq!(prepared.answer(Position::new(0.5, 0.5).unwrap(), instant("2024-06-01")), None, "outside is asked");
}

#[test]
fn what_is_prepared_ends_when_a_duty_turns_and_yields_to_polygons() {
    let (holders, mut duties) = people();
    duties[0].from = Some(instant("2024-03-01"));
    duties[1].to = Some(instant("2024-09-01"));
    let snapshot_of = |duties: &[Duty]| Arc::new(snapshot(county(), holders.clone(), duties.to_vec()));
    let first = snapshot_of(&duties);
    let prepared = Prepared::new(Arc::clone(&first), Principal::System, instant("2024-06-01"));
    let holds = |day| prepared.answers_for(&first, Principal::System, instant(day));
    assert_eq!(["2024-02-29", "2024-03-01", "2024-08-31", "2024-09-01"].map(holds), [false, true, true, false]);
    assert!(
        !prepared.answers_for(&snapshot_of(&duties), Principal::System, instant("2024-06-01")),
        "another snapshot is another"
    );

    let boundary =
        grid_of("area", 0, None, vec![ring_of([1_030_000_000, 340_000_000, 1_040_000_000, 350_000_000])]).boundary;
    duties.push(Duty { area: DutyArea::Polygon(boundary), ..duty("trade", "C001", "mediator", "623021") });
    let with_polygon = Prepared::new(snapshot_of(&duties), Principal::System, instant("2024-06-01"));
    let position = Position::new(103.3739, 34.8836).unwrap();
    assert_eq!(with_polygon.answer(position, instant("2024-06-01")), None);
}
