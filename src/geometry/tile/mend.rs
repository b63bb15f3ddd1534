//! Makes polygons of rings that were cut one by one.
//!
//! Cut along the same box, a shell and its hole may run along the same edge, and a ring that left the box and came back runs
//! along its edge there and back. What they enclose is right; as rings of a polygon they are not valid (OGC 06-103r4, 6.1.11).

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::i_float::int::point::IntPoint;

use super::Pixel;

/// Returns the polygons of what an odd number of `rings` enclose, each its shell and then its holes: shells clockwise on the
/// screen, holes the other way. No vertex moves; what encloses nothing goes. Cost: n log n.
#[must_use]
pub fn mend(rings: &[Vec<Pixel>]) -> Vec<Vec<Vec<Pixel>>> {
    let options = IntOverlayOptions {
        preserve_input_collinear: true,
        preserve_output_collinear: true,
        ogc: true,
        ..IntOverlayOptions::default()
    };
    let contour = |ring: &Vec<Pixel>| ring.iter().map(|p| IntPoint::new(p.x, p.y)).collect::<Vec<_>>();
    let contours: Vec<_> = rings.iter().map(contour).collect();
    let mut overlay = Overlay::with_contours_custom(&contours, &[], options, Solver::default());
    let polygons = overlay.overlay(OverlayRule::Subject, FillRule::EvenOdd);
    let ring = |contour: Vec<IntPoint>| contour.into_iter().map(|p| Pixel { x: p.x, y: p.y }).collect();
    polygons.into_iter().map(|polygon| polygon.into_iter().map(ring).collect()).collect()
}

/// Tells whether rings are polygons as they are: whether mending them would change nothing. Cost: that of mending.
#[must_use]
pub fn are_polygons(rings: &[Vec<Pixel>]) -> bool {
    let n_vertices = |rings: &mut dyn Iterator<Item = &Vec<Pixel>>| rings.map(Vec::len).collect::<Vec<_>>();
    let mended = mend(rings);
    let (mut before, mut after) = (n_vertices(&mut rings.iter()), n_vertices(&mut mended.iter().flatten()));
    before.sort_unstable();
    after.sort_unstable();
    before == after
}

#[cfg(test)]
mod tests {
    use super::super::screen_area2;
    use super::*;

    fn ring(places: &[(i32, i32)]) -> Vec<Pixel> {
        places.iter().map(|&(x, y)| Pixel { x, y }).collect()
    }

    #[test]
    fn a_shell_and_a_hole_along_one_edge_are_a_polygon_without_a_hole() {
        let frame = ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]);
        assert!(mend(&[frame.clone(), frame.clone()]).is_empty(), "nothing is left in its hole");
        let hole = ring(&[(0, 3), (0, 7), (5, 7), (5, 3)]);
        let found = mend(&[frame, hole]);
        assert_eq!((found.len(), found[0].len(), screen_area2(&found[0][0])), (1, 1, 2 * (100 - 20)));
    }

    #[test]
    fn a_bridge_along_the_edge_parts_two_polygons() {
        let bridged = ring(&[(0, 0), (4, 0), (4, 2), (0, 2), (0, 6), (4, 6), (4, 8), (0, 8)]);
        let found = mend(&[bridged]);
        let areas: Vec<_> = found.iter().map(|polygon| screen_area2(&polygon[0])).collect();
        assert_eq!(areas, [16, 16]);
    }
}
