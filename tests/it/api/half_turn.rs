//! 180 and -180 degrees are one meridian: a place on it has one answer by both names.

use super::county;
use super::http::{get, request};

#[tokio::test(flavor = "multi_thread")]
async fn a_place_on_the_half_turn_has_one_answer() {
    let (server, _folder) = county::case("21-half-turn").await;
    let points = std::fs::read_to_string("fixtures/cases/21-half-turn/points.txt").unwrap();
    let points: Vec<(&str, &str)> = points.lines().map(|line| line.split_once(' ').unwrap()).collect();
    assert_eq!(points, [("180", "-16.995"), ("-180", "-16.995")]);
    for (lon, lat) in &points {
        for more in ["", "&accuracy_m=5"] {
            let answer = get(server, &format!("/api/locate?lon={lon}&lat={lat}{more}")).json();
            assert_eq!(answer["grids"][2]["code"], "G", "{lon} {more}");
            assert_eq!(answer["edge"]["distance_m"], 0.0, "{lon} {more}: {}", answer["edge"]);
        }
    }
    let rows: Vec<String> = points.iter().map(|(lon, lat)| format!("{lon},{lat}")).collect();
    let reply = request(
        server,
        "POST",
        "/api/locate",
        &[("Content-Type", "text/csv")],
        format!("lon,lat\n{}\n", rows.join("\n")).as_bytes(),
    );
    let answers = reply.text();
    let told: Vec<&str> = answers.lines().skip(1).map(|line| line.splitn(3, ',').nth(2).unwrap()).collect();
    assert!(told.len() == 2 && told[0] == told[1] && told[0].contains('G'), "{answers}");
}
