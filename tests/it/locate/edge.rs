//! Edges, certainty and candidates; distances against the geodesic of an oracle of its own.

use gridmap::geometry::{Boundary, LatticePoint, Polygon, Position, Ring};
use gridmap::index::projection::LocalProjection;
use gridmap::service::locate::{Answer, Question, locate};

use super::world::{Dice, county, duty, generation, grid_of, holder, instant, rectangle, ring_of, snapshot};

/// Metres between two positions on the WGS 84 ellipsoid (Vincenty's inverse formula, good to under a millimetre).
fn geodesic_m(from: Position, to: Position) -> f64 {
    let (major, flattening) = (6_378_137.0_f64, 1.0 / 298.257_223_563);
    let minor = major * (1.0 - flattening);
    let reduced = |p: Position| ((1.0 - flattening) * p.lat().to_radians().tan()).atan();
    let (u1, u2) = (reduced(from), reduced(to));
    let (s1, c1, s2, c2) = (u1.sin(), u1.cos(), u2.sin(), u2.cos());
    let span = (to.lon() - from.lon()).to_radians();
    let mut lambda = span;
    for _ in 0..100 {
        let (sl, cl) = lambda.sin_cos();
        let sin_sigma = ((c2 * sl).powi(2) + (c1 * s2 - s1 * c2 * cl).powi(2)).sqrt();
        if sin_sigma == 0.0 {
            return 0.0;
        }
        let cos_sigma = s1 * s2 + c1 * c2 * cl;
        let sigma = sin_sigma.atan2(cos_sigma);
        let sin_alpha = c1 * c2 * sl / sin_sigma;
        let cos2_alpha = 1.0 - sin_alpha * sin_alpha;
        let middle = if cos2_alpha == 0.0 { 0.0 } else { cos_sigma - 2.0 * s1 * s2 / cos2_alpha };
        let c = flattening / 16.0 * cos2_alpha * (4.0 + flattening * (4.0 - 3.0 * cos2_alpha));
        let correction = middle + c * cos_sigma * (2.0 * middle * middle - 1.0);
        let next = span + (1.0 - c) * flattening * sin_alpha * (sigma + c * sin_sigma * correction);
        let moved = (next - lambda).abs();
        lambda = next;
        if moved < 1e-12 {
            let u = cos2_alpha * (major * major - minor * minor) / (minor * minor);
            let a = 1.0 + u / 16_384.0 * (4_096.0 + u * (-768.0 + u * (320.0 - 175.0 * u)));
            let b = u / 1_024.0 * (256.0 + u * (-128.0 + u * (74.0 - 47.0 * u)));
            let inner = cos_sigma * (2.0 * middle * middle - 1.0)
                - b / 6.0 * middle * (4.0 * sin_sigma * sin_sigma - 3.0) * (4.0 * middle * middle - 3.0);
            return minor * a * (sigma - b * sin_sigma * (middle + b / 4.0 * inner));
        }
    }
    panic!("nearly antipodal points are not asked about here");
}

/// The distance to the edge by golden-section search along it, each step a geodesic.
fn edge_m(p: Position, a: LatticePoint, b: LatticePoint) -> f64 {
    let at = |t: f64| {
        let (from, to) = (a.position(), b.position());
        let along = Position::new(from.lon() + t * (to.lon() - from.lon()), from.lat() + t * (to.lat() - from.lat()));
        geodesic_m(p, along.unwrap())
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let third = (high - low) / 3.0;
        if at(low + third) < at(high - third) { high -= third } else { low += third }
    }
    at(f64::midpoint(low, high)).min(at(0.0)).min(at(1.0))
}

#[test]
fn the_edge_is_as_far_as_the_geodesic_says() {
    let tree = county();
    let mut dice = Dice(11);
    let mut n_checked = 0;
    while n_checked < 40 {
        let bbox = tree.grid(0).boundary.bbox();
        let (low, high) = (corner(bbox.west, bbox.south), corner(bbox.east, bbox.north));
        let p = LatticePoint::new(dice.between(low.x, high.x), dice.between(low.y, high.y));
        let Some(owner) = tree.owner(p) else { continue };
        let edges = tree.grid(owner).boundary.rings().flat_map(|ring| ring.edges().collect::<Vec<_>>());
        let expected = edges.map(|(a, b)| edge_m(p.position(), a, b)).min_by(f64::total_cmp).unwrap();
        let (found, _) = tree.edge(owner, p).unwrap();
        assert!((found - expected).abs() <= 0.01 + expected * 1e-3, "{p:?}: {found} m, geodesic {expected} m");
        n_checked += 1;
    }
}

#[test]
fn the_distance_is_bit_for_bit_the_least_of_all_edges() {
    let tree = county();
    let mut dice = Dice(12);
    let mut points: Vec<LatticePoint> = Vec::new();
    for ix in tree.at_depth(4).step_by(7) {
        let vertices = tree.grid(ix).boundary.polygons()[0].exterior.vertices();
        let (a, b) = (vertices[dice.index(vertices.len())], vertices[dice.index(vertices.len())]);
        let halfway = LatticePoint::new(a.x.midpoint(b.x), a.y.midpoint(b.y));
        points.extend([a, halfway, LatticePoint::new(a.x + dice.between(-3, 3), a.y + dice.between(-3, 3))]);
    }
    check_least(tree, &points);
}

#[test]
fn edges_of_any_length_are_measured_alike() {
    // From a few steps to a third of the earth.
    let mut dice = Dice(13);
    for size in [40, 9_000, 70_000, 3_000_000, 900_000_000] {
        let mut at = |least: i32, most: i32| dice.between(size / 16 * least, size / 16 * most);
        let ring = (0..40).map(|n| LatticePoint::new(size / 40 * n, at(-16, -8)));
        let back = (0..40).map(|n| LatticePoint::new(size / 40 * (39 - n), size / 2 + size / 40 * (n % 7)));
        let ring = Ring::new(ring.chain(back).collect()).unwrap();
        let boundary = Boundary::from_valid(vec![Polygon { exterior: ring, holes: Vec::new() }]);
        let grid = grid_of("A", 0, None, vec![boundary.polygons()[0].exterior.clone()]);
        let tree = gridmap::index::Tree::build(generation(1), vec![grid]).unwrap();
        let points: Vec<_> =
            (0..500).map(|_| LatticePoint::new(dice.between(0, size), dice.between(-size, size / 2))).collect();
        check_least(&tree, &points);
    }
}

#[test]
fn a_batch_gives_the_edges_that_single_questions_give() {
    let tree = county();
    let mut dice = Dice(14);
    let bbox = tree.grid(0).boundary.bbox();
    let (low, high) = (corner(bbox.west, bbox.south), corner(bbox.east, bbox.north));
    let points: Vec<_> = (0..4_000)
        .map(|_| LatticePoint::new(dice.between(low.x, high.x), dice.between(low.y, high.y)))
        .chain(tree.at_depth(4).map(|ix| tree.grid(ix).boundary.polygons()[0].exterior.vertices()[0]))
        .collect();
    let mut owners = vec![None; points.len()];
    tree.owners(&points, &mut owners);
    let mut edges = vec![Some((0.0, None)); points.len()];
    tree.edges(&points, &owners, &mut edges);
    for ((p, owner), edge) in points.iter().zip(owners).zip(edges) {
        assert_eq!(edge, owner.and_then(|owner| tree.edge(owner, *p)), "{p:?}");
    }
}

#[test]
fn hundreds_of_grids_in_one_cell_are_told_apart() {
    // Two fields of 10 km, and between them a strip of 400 grids a metre wide.
    let wide = |code: &str, x: i32| rectangle(code, 4, Some("V"), [x, 0, x + 1_000_000, 1_000_000]);
    let strip = (0..400).map(|n| {
        rectangle(&format!("S{n:03}"), 4, Some("V"), [1_000_000 + n * 100, 0, 1_000_100 + n * 100, 1_000_000])
    });
    let village = rectangle("V", 2, None, [0, 0, 2_040_000, 1_000_000]);
    let grids = [village, wide("W", 0), wide("X", 1_040_000)].into_iter().chain(strip).collect();
    let tree = gridmap::index::Tree::build(generation(1), grids).unwrap();
    let mut dice = Dice(15);
    let points: Vec<_> =
        (0..400).map(|_| LatticePoint::new(dice.between(900_000, 1_100_000), dice.between(0, 999_999))).collect();
    check_least(&tree, &points);
}

fn check_least(tree: &gridmap::index::Tree, points: &[LatticePoint]) {
    let mut n_inside = 0;
    for &p in points {
        let Some(owner) = tree.owner(p) else { continue };
        let projection = LocalProjection::around(p);
        let edges = tree.grid(owner).boundary.rings().flat_map(|ring| ring.edges().collect::<Vec<_>>());
        let expected = edges.map(|(a, b)| projection.edge_distance2(a, b)).min_by(f64::total_cmp).unwrap().sqrt();
        let (found, _) = tree.edge(owner, p).unwrap();
        // An edge run the other way may differ in the last digit.
        assert!((found - expected).abs() <= 1e-6 + expected * 1e-12, "{p:?}: {found} m for {expected} m");
        n_inside += 1;
    }
    assert!(n_inside > points.len() / 4, "{n_inside}");
}

fn corner(lon: f64, lat: f64) -> LatticePoint {
    Position::new(lon, lat).unwrap().into()
}

#[test]
fn the_nearest_grid_is_named_from_a_step_away_to_the_other_end_of_the_earth() {
    let snapshot = snapshot(county(), Vec::new(), Vec::new());
    let tree = county();
    for (lon, lat) in [(103.0, 34.0), (104.5, 35.5), (103.2, 34.5), (100.0, 30.0), (0.0, 0.0), (-76.0, -35.0)] {
        let position = Position::new(lon, lat).unwrap();
        let answer = locate(&snapshot, &Question::new(position, instant("2024-06-01")));
        assert!(answer.grids.is_empty() && answer.chain.is_empty() && answer.certain, "{position}");
        let nearest = answer.nearest.unwrap();
        let vertices = tree.at_depth(4).flat_map(|ix| {
            let rings = tree.grid(ix).boundary.rings();
            rings.flat_map(|ring| ring.vertices().to_vec()).map(move |v| (ix, v)).collect::<Vec<_>>()
        });
        // Coarse on the sphere first, then the geodesic to the few best: edges here are short against the distance.
        let mut vertices: Vec<_> = vertices.map(|(ix, v)| (angle(position, v.position()), ix, v)).collect();
        vertices.sort_by(|a, b| a.0.total_cmp(&b.0));
        let by_vertex = vertices[..50].iter().map(|(_, _, v)| geodesic_m(position, v.position()));
        let expected = by_vertex.min_by(f64::total_cmp).unwrap();
        let found = nearest.distance_m;
        assert!((found - expected).abs() <= 0.5 + expected * 1e-3, "{position}: {found} m, geodesic {expected} m");
        let near: Vec<_> = vertices[..50].iter().map(|(_, ix, _)| tree.grid(*ix).code.as_str()).collect();
        assert!(near.contains(&nearest.grid.code), "{position}: {}", nearest.grid.code);
    }
}

fn angle(a: Position, b: Position) -> f64 {
    let ((sa, ca), (sb, cb)) = (a.lat().to_radians().sin_cos(), b.lat().to_radians().sin_cos());
    let turn = (a.lon() - b.lon()).to_radians();
    let (x, y) =
        (sa * sb + ca * cb * turn.cos(), ((cb * turn.sin()).powi(2) + (ca * sb - sa * cb * turn.cos()).powi(2)).sqrt());
    y.atan2(x)
}

/// A village at the equator, 1e-3 degree (about 111 m) a side: groups `W` and `E`, and a hole in `E` that is a gap.
fn village() -> gridmap::index::Snapshot {
    let grids = vec![
        rectangle("V", 2, None, [0, 0, 20_000, 10_000]),
        rectangle("W", 4, Some("V"), [0, 0, 10_000, 10_000]),
        grid_of("E", 4, Some("V"), vec![ring_of([10_000, 0, 20_000, 10_000]), ring_of([14_000, 4_000, 16_000, 6_000])]),
    ];
    let tree = std::sync::Arc::new(gridmap::index::Tree::build(generation(1), grids).unwrap());
    snapshot(&tree, vec![holder("vic")], vec![duty("1", "vic", "mediation_committee", "V")])
}

fn ask(snapshot: &gridmap::index::Snapshot, x: i32, y: i32, accuracy_m: Option<f64>) -> Answer<'_> {
    let position = LatticePoint::new(x, y).position();
    locate(snapshot, &Question { accuracy_m, ..Question::new(position, instant("2024-06-01")) })
}

#[test]
fn the_edge_names_who_lies_beyond_it() {
    let village = village();
    let cases = [
        ((9_900, 5_000), Some("E"), 1.11, "the other group"),
        ((10_100, 5_000), Some("W"), 1.11, "and back"),
        ((100, 5_000), None, 1.11, "the outer border"),
        ((13_900, 5_000), Some("V"), 1.11, "the gap, which the village owns"),
        ((15_000, 4_300), Some("E"), 3.32, "out of the gap"),
        ((10_000, 5_000), Some("W"), 0.0, "on the edge"),
    ];
    for ((x, y), neighbour, distance_m, why) in cases {
        let answer = ask(&village, x, y, None);
        let edge = answer.edge.unwrap();
        assert_eq!(edge.neighbour.map(|grid| grid.code), neighbour, "{why}");
        assert!((edge.distance_m - distance_m).abs() < 0.01, "{why}: {}", edge.distance_m);
    }
    let in_gap = ask(&village, 15_000, 5_000, None);
    assert_eq!(in_gap.grids.iter().map(|grid| grid.code).collect::<Vec<_>>(), ["V"]);
    assert_eq!(in_gap.chain[0].holder.id.as_str(), "vic", "the parent answers in the gap");
}

#[test]
fn an_accuracy_over_the_edge_is_not_certain_and_lists_the_candidates() {
    type Case<'a> = (i32, Option<f64>, bool, &'a [&'a str], &'a str);
    let village = village();
    let cases: [Case<'_>; 8] = [
        (9_900, None, true, &[], "no accuracy is taken as exact"),
        (9_900, Some(1.0), true, &[], "short of the edge"),
        (9_900, Some(1.2), false, &["W", "E"], "over the edge"),
        (9_900, Some(50.0), false, &["W", "E", "V"], "as far as the gap"),
        (100, Some(1.2), false, &["W"], "over the outer border there is nobody else"),
        (10_000, Some(0.0), true, &[], "an accuracy of nothing, on the edge"),
        (-100, Some(1.0), true, &[], "outside and far enough"),
        (-100, Some(1.2), false, &["W"], "outside, perhaps inside"),
    ];
    for (x, accuracy_m, certain, candidates, why) in cases {
        let answer = ask(&village, x, 5_000, accuracy_m);
        assert_eq!(answer.certain, certain, "{why}");
        assert_eq!(answer.candidates.iter().map(|one| one.grid.code).collect::<Vec<_>>(), candidates, "{why}");
        assert_eq!(answer.n_candidates, candidates.len(), "{why}");
        assert!(answer.candidates.windows(2).all(|pair| pair[0].distance_m <= pair[1].distance_m), "{why}");
    }
}

#[test]
fn a_wild_accuracy_lists_the_nearest_and_counts_the_rest() {
    let snapshot = snapshot(county(), Vec::new(), Vec::new());
    let position = Position::new(103.7, 34.7).unwrap();
    let question = Question { accuracy_m: Some(1e9), ..Question::new(position, instant("2024-06-01")) };
    let answer = locate(&snapshot, &question);
    assert_eq!((answer.certain, answer.candidates.len(), answer.n_candidates), (false, 20, 1_995));
}
