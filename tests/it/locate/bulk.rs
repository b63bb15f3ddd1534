//! Rows are answered in batches from what was found out once for each ground: the same, to the byte, as one by one.

use std::fmt::Write as _;

use gridmap::domain::{Duty, DutyArea};
use gridmap::format::locate_rows::{Reader, RowFormat};
use gridmap::geometry::crs::Frame;
use gridmap::geometry::{Boundary, Polygon, Position};
use gridmap::index::Snapshot;
use gridmap::service::locate::{Answer, Question, locate};
use gridmap::service::locate_rows::{self};

use super::world::{LEVELS, county, duty, holder, instant, people, ring_of, rows, snapshot, terms};

/// The demo county with everyone in it, and a market with a polygon of its own across some groups, a leader who is gone
/// but has a deputy, a specialist, and a village without any mediator.
fn world() -> Snapshot {
    let (mut holders, mut duties) = people();
    duties.retain(|duty| duty.area != duty_area("623021101001"));
    let mut gone = duty("d-gone", holders[8].id.as_str(), "group_leader", &rows("houses.csv")[20_000][4]);
    (gone.to, gone.deputy) = (Some(instant("2024-05-01")), Some(holders[9].id.clone()));
    duties.push(gone);
    holders.extend(["market", "specialist"].map(holder));
    let corner = rows("houses.csv")[7].clone();
    let (lon, lat) = (steps(&corner[1]), steps(&corner[2]));
    let exterior = ring_of([lon - 20_000, lat - 20_000, lon + 20_000, lat + 20_000]);
    let own = DutyArea::Polygon(Boundary::from_valid(vec![Polygon { exterior, holes: Vec::new() }]));
    duties.push(Duty { area: own, ..duty("d-market", "market", "mediator", "623021") });
    duties.push(Duty {
        categories: vec!["wages".to_owned()],
        ..duty("d-specialist", "specialist", "mediator", "623021")
    });
    snapshot(county(), holders, duties)
}

fn duty_area(code: &str) -> DutyArea {
    duty("any", "any", "any", code).area
}

fn steps(degrees: &str) -> i32 {
    let point = super::world::point(degrees.parse().unwrap(), 0.0);
    point.x
}

/// What the row must say, made of the whole answer by the columns' description alone.
fn expected(answer: &Answer<'_>) -> String {
    let mut line = String::new();
    let metres = |m: f64| ((m * 100.0).round() / 100.0).to_string();
    for (level, _) in LEVELS {
        let code = answer.grids.iter().find(|grid| grid.level == level).map_or("", |grid| grid.code);
        write!(line, ",{code}").unwrap();
    }
    let neighbour = answer.edge.and_then(|edge| edge.neighbour).map_or("", |grid| grid.code);
    let edge = answer.edge.map(|edge| metres(edge.distance_m)).unwrap_or_default();
    let candidates: Vec<&str> = answer.candidates.iter().map(|candidate| candidate.grid.code).collect();
    write!(line, ",{},{edge},{neighbour},{}", answer.certain, candidates.join(" ")).unwrap();
    let first = answer.chain.first().map(|link| (link.holder.id.as_str(), link.holder.name, link.how.as_str()));
    let (id, name, how) = first.unwrap_or_default();
    write!(line, ",{id},{name},{how}").unwrap();
    let mediator = answer.mediators.first();
    let far = mediator.and_then(|one| one.distance_m).map(metres).unwrap_or_default();
    let (id, name) = mediator.map(|one| (one.holder.id.as_str(), one.holder.name)).unwrap_or_default();
    write!(line, ",{id},{name},{far}").unwrap();
    let nearest = answer.nearest.map(|nearest| (nearest.grid.code, metres(nearest.distance_m))).unwrap_or_default();
    let status = if answer.grids.is_empty() { "outside" } else { "located" };
    write!(line, ",{},{},1,7,{status},", nearest.0, nearest.1).unwrap();
    line
}

#[test]
fn every_home_is_told_what_it_is_answered_alone() {
    let world = world();
    let homes = rows("houses.csv");
    let mut input = "id,lon,lat,accuracy_m,category\n".to_owned();
    let mut lines = Vec::new();
    for (n, home) in homes.iter().enumerate() {
        let (accuracy, category) = (["", "", "", "12", "400"][n % 5], ["", "", "", "wages"][n % 4]);
        let lon: f64 = home[1].parse().unwrap();
        let lon = if n % 97 == 0 { lon + 1.5 } else { lon };
        let row = format!("{},{lon},{},{accuracy},{category}", home[0], home[2]);
        let position = Position::new(lon, home[2].parse().unwrap()).unwrap();
        let question = Question {
            accuracy_m: accuracy.parse().ok(),
            category: Some(category).filter(|category| !category.is_empty()),
            ..Question::new(position, terms().at)
        };
        lines.push(format!("{row}{}", expected(&locate(&world, &question))));
        writeln!(input, "{row}").unwrap();
    }
    let mut out = Vec::new();
    let reader = Reader::open(RowFormat::Csv, &Frame::Wgs84, input.as_bytes()).unwrap();
    let summary = locate_rows::answer(&world, &terms(), reader, None, &mut out).unwrap().summary;
    assert_eq!((summary.n_rows, summary.n_refused), (50_000, 0));
    let out = String::from_utf8(out).unwrap();
    let mut n_compared = 0;
    for (found, expected) in out.lines().skip(1).zip(&lines) {
        assert_eq!(found, expected);
        n_compared += 1;
    }
    assert_eq!(n_compared, homes.len());
    for says in [",deputy,", ",specialist,", ",market,", ",parent,", ",outside,", ",false,"] {
        assert!(lines.iter().any(|line| line.contains(says)), "no home shows {says}");
    }
}
