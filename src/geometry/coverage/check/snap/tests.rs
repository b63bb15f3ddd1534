use super::*;
use crate::geometry::LatticePoint;
use crate::geometry::coverage::{RawPolygon, Rules, check};

type Points<'p> = &'p [(i32, i32)];

fn area(code: &str, depth: u8, parent: Option<&str>, rings: &[Points<'_>]) -> RawArea {
    let ring = |points: &Points<'_>| points.iter().map(|&(x, y)| LatticePoint::new(x, y)).collect();
    let polygons = vec![RawPolygon { rings: rings.iter().map(ring).collect() }];
    RawArea { code: code.to_owned(), depth, parent: parent.map(str::to_owned), polygons, place: 0 }
}

/// Snaps, and gives what the areas are then and what was said, in which everything is right.
fn snapped(areas: &[RawArea], tolerance: &Tolerance) -> (Vec<RawArea>, Vec<String>) {
    let Snapped { areas, report } = snap(areas, tolerance).expect("something is narrow");
    let faults: Vec<_> = check(&areas, &Rules::for_publishing()).faults().cloned().collect();
    assert!(faults.is_empty(), "{faults:#?}");
    (areas, report.findings.iter().map(|finding| finding.detail.clone()).collect())
}

fn m2(area: &RawArea) -> f64 {
    crate::geometry::measure::area_m2(&area.boundary().unwrap())
}

const WEST: Points<'_> = &[(0, 0), (1000, 0), (1000, 1000), (0, 1000)];

#[test]
fn an_overlap_goes_to_the_neighbour_with_the_longer_border_and_a_gap_likewise() {
    for (edge, said) in [(998, "an overlap, which goes to"), (1002, "a gap, which goes to")] {
        let east: Points<'_> = &[(edge, 0), (2000, 0), (2000, 1000), (edge, 1000)];
        let whole = area("c", 0, None, &[&[(0, 0), (2000, 0), (2000, 1000), (0, 1000)]]);
        let areas = [whole, area("e", 1, Some("c"), &[east]), area("w", 1, Some("c"), &[WEST])];
        let (areas, notes) = snapped(&areas, &Tolerance::narrower_than(0.05).unwrap());
        assert!(notes.len() == 1 && notes[0].starts_with(said), "{notes:?}");
        assert!((m2(&areas[0]) - m2(&areas[1]) - m2(&areas[2])).abs() < 1e-6);
    }
}

#[test]
fn lines_that_cross_meet_in_vertices_of_the_lattice() {
    // The eastern area's border wriggles round the western one's, by two steps at most.
    let east: Points<'_> = &[(998, 0), (2000, 0), (2000, 1000), (1002, 1000), (999, 700), (1001, 311)];
    let areas = [area("e", 0, None, &[east]), area("w", 0, None, &[WEST])];
    let (areas, notes) = snapped(&areas, &Tolerance::default());
    assert_eq!(notes.iter().filter(|note| note.starts_with("an overlap")).count(), 2, "{notes:?}");
    assert!((m2(&areas[0]) + m2(&areas[1])) > 0.0);
}

#[test]
fn a_child_that_leaves_its_parent_is_cut_or_the_parent_follows_at_all_levels() {
    let top: Points<'_> = &[(0, 0), (2000, 0), (2000, 1000), (0, 1000)];
    let east: Points<'_> = &[(1000, 0), (2001, 0), (2001, 1000), (1000, 1000)];
    let areas = [
        area("a", 0, None, &[top]),
        area("b", 1, Some("a"), &[top]),
        area("e", 2, Some("b"), &[east]),
        area("w", 2, Some("b"), &[WEST]),
    ];
    let (areas, _) = snapped(&areas, &Tolerance::default());
    assert_eq!(areas[0].boundary(), areas[1].boundary());
}

#[test]
fn a_ring_that_crosses_itself_by_less_is_drawn_as_if_it_met_and_one_that_crosses_by_more_is_refused() {
    let neck = |by: i32| {
        let points = [(0, 0), (1000, 0), (1000, 490), (3000, 500 + by), (3000, 0), (4000, 0)];
        let back = [(4000, 1000), (3000, 1000), (3000, 500), (1000, 510), (1000, 1000), (0, 1000)];
        [points, back].concat()
    };
    let (areas, notes) = snapped(&[area("n", 0, None, &[&neck(2)])], &Tolerance::default());
    assert_eq!(notes, ["its rings cross there; the ground is drawn as if they met"]);
    assert_eq!(areas[0].boundary().unwrap().polygons().len(), 2);
    assert!(snap(&[area("n", 0, None, &[&neck(200)])], &Tolerance::default()).is_none());
}

#[test]
fn a_ring_without_an_inside_is_left_out_where_it_is_short_and_any_length_is_asked_for_by_name() {
    let short: Points<'_> = &[(500, 500), (600, 500), (500, 500)];
    let long: Points<'_> = &[(100, 500), (900_000, 500), (100, 500)];
    let wide: Points<'_> = &[(0, 0), (1_000_000, 0), (1_000_000, 1000), (0, 1000)];
    let (areas, _) = snapped(&[area("s", 0, None, &[wide, short])], &Tolerance::default());
    assert_eq!(areas[0].polygons[0].rings.len(), 1);
    assert!(snap(&[area("l", 0, None, &[wide, long])], &Tolerance::default()).is_none());
    snapped(&[area("l", 0, None, &[wide, long])], &Tolerance::narrower_than(0.02).unwrap());
}

#[test]
fn the_hole_of_a_shell_without_an_inside_never_becomes_ground() {
    let line: Points<'_> = &[(0, 0), (100, 0), (0, 0)];
    let hole: Points<'_> = &[(2000, 0), (2900, 0), (2900, 900), (2000, 900)];
    let mut areas = [area("a", 0, None, &[WEST])];
    areas[0].polygons.extend(area("b", 0, None, &[line, hole]).polygons);
    assert!(snap(&areas, &Tolerance::default()).is_none());
}

#[test]
fn what_is_wide_stays_as_it_is() {
    let east: Points<'_> = &[(900, 0), (2000, 0), (2000, 1000), (900, 1000)];
    assert!(snap(&[area("e", 0, None, &[east]), area("w", 0, None, &[WEST])], &Tolerance::default()).is_none());
}
