//! Intervals and smoothed rates against scipy and Marshall's formula written anew (`tests/estimate_peer.py`).

use gridmap::analysis::Figure;
use gridmap::analysis::Observation::Counted;
use gridmap::analysis::estimate::estimates;
use serde_json::Value;

use crate::api::county;
use crate::api::http::get;
use crate::python::python;
use crate::random::Random;

/// What the peer makes of the rates per hundred: low, high and smoothed.
fn by_peer(rates: &[(u64, u64)]) -> Vec<[f64; 3]> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rates.csv");
    let lines: Vec<String> = rates.iter().map(|(n, of)| format!("{n},{of}")).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/estimate_peer.py");
    let output = python().arg(script).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let row = |line: &str| line.split(',').map(|n| n.parse().unwrap()).collect::<Vec<f64>>().try_into().unwrap();
    text.lines().map(row).collect()
}

#[test]
fn estimates_of_random_rates_are_those_of_scipy_and_of_marshall() {
    let mut random = Random::new(0x6172_7761);
    for most in [1, 4, 60, 3_000, 200_000] {
        let of = |random: &mut Random| 1 + random.below(5 * most + 400);
        let rates: Vec<(u64, u64)> = (0..200).map(|_| (random.below(most + 1), of(&mut random))).collect();
        let figures: Vec<Figure> = rates.iter().map(|&(n, of)| Figure::per_hundred(Counted(n), Counted(of))).collect();
        for ((ours, peer), rate) in estimates(&figures).iter().zip(by_peer(&rates)).zip(&rates) {
            let ours = ours.map(|one| [one.low, one.high, one.smoothed]).unwrap();
            for (ours, peer) in ours.iter().zip(peer) {
                assert!((ours - peer).abs() <= 1e-9 * (1.0 + peer.abs()), "{rate:?}: {ours} and {peer}");
            }
        }
    }
}

#[test]
fn every_rate_of_the_county_has_its_estimate_among_those_of_its_level() {
    for level in ["township", "village", "grid", "group"] {
        let body = get(county::open(), &format!("/api/hotspots?level={level}")).json();
        let rates: Vec<(u64, u64, &Value)> = body["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let part = |name| row["incidents"][name].as_u64().unwrap();
                (part("numerator"), part("denominator"), &row["estimate"])
            })
            .filter(|(_, of, _)| *of > 0)
            .collect();
        let plain: Vec<(u64, u64)> = rates.iter().map(|&(n, of, _)| (n, of)).collect();
        for ((n, of, estimate), peer) in rates.iter().zip(by_peer(&plain)) {
            for (name, peer) in ["low", "high", "smoothed"].into_iter().zip(peer) {
                assert!((estimate[name].as_f64().unwrap() - peer).abs() < 1e-4, "{name} of {n} in {of}: {estimate}");
            }
            assert_eq!(estimate["confidence"], 0.95);
        }
    }
}

#[test]
fn the_public_is_given_no_estimate() {
    for path in ["/api/hotspots?level=village", "/api/hotspots?level=township&by=week,point", "/api/hotspots"] {
        let text = get(county::public(), path).text();
        assert!(!text.contains("estimate") && !text.contains("smoothed"), "{path}");
    }
    let table = get(county::public(), "/api/hotspots?level=village&f=csv").text();
    let mut lines = table.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    for name in ["incidents_low", "incidents_high", "incidents_smoothed"] {
        let at = head.iter().position(|one| *one == name).unwrap();
        assert!(lines.clone().all(|cells| cells[at].is_empty()), "{name}");
    }
}
