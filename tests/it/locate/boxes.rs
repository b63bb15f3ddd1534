//! What lies in a box or stands after an id, and whose own polygon covers a point, against a look at everything.

use std::sync::Arc;

use gridmap::domain::{Duty, DutyArea};
use gridmap::geometry::{Bbox, LatticePoint};
use gridmap::index::{Directory, GridIndex, Roster, Tree};

use super::patched::Field;
use super::world::{Dice, duty, generation, holder, on_polygon};

/// A box of up to `most` steps with its low corner in the field or near it.
fn sides(dice: &mut Dice, most: i32) -> [i32; 4] {
    let (west, south) = (dice.between(-8_000, 60_000), dice.between(-8_000, 60_000));
    [west, south, west + dice.between(1, most), south + dice.between(1, most)]
}

fn degrees([west, south, east, north]: [i32; 4]) -> Bbox {
    let (low, high) = (LatticePoint::new(west, south), LatticePoint::new(east, north));
    Bbox { west: low.lon(), south: low.lat(), east: high.lon(), north: high.lat() }
}

/// Built, and patched from another.
fn trees(seed: u64) -> [Tree; 2] {
    let mut field = Field::new(seed, 900);
    let built = Tree::build(generation(1), field.all()).unwrap();
    let (put, removed) = field.plan();
    let patched = built.patched(generation(2), put, &removed).unwrap();
    [built, patched]
}

#[test]
fn a_box_is_met_by_those_whose_boundary_meets_it() {
    let mut dice = Dice(11);
    let mut n_found = 0;
    for tree in (0..12).flat_map(trees) {
        for _ in 0..60 {
            let bbox = degrees(sides(&mut dice, 20_000));
            let looked: Vec<GridIndex> = tree.indexes().filter(|ix| tree.grid(*ix).boundary.meets(bbox)).collect();
            let found = tree.meeting(bbox);
            assert_eq!(found, looked, "{bbox:?}");
            n_found += found.len();
        }
        let around = Bbox { west: 179.0, south: -1.0, east: 1.0, north: 1.0 };
        assert_eq!(tree.meeting(around).len(), tree.len(), "over the antimeridian, all the way round");
    }
    assert!(n_found > 10_000, "boxes lie on the ground: {n_found}");
}

#[test]
fn grids_after_an_id_are_the_rest_of_the_list() {
    for tree in (0..12).flat_map(trees) {
        let all: Vec<GridIndex> = tree.ordered_by_id().collect();
        let ids = || tree.indexes().map(|ix| tree.grid(ix).id.as_str());
        for id in ids().chain(["", "0~", "zzz", "3"]) {
            let rest = all.iter().copied().skip_while(|ix| tree.grid(*ix).id.as_str() <= id);
            assert_eq!(tree.ordered_after(id).collect::<Vec<_>>(), rest.collect::<Vec<_>>(), "{id:?}");
        }
    }
}

#[test]
fn polygons_of_duties_are_found_as_by_a_look_at_each() {
    let mut dice = Dice(5);
    let tree = Tree::build(generation(1), Field::new(3, 0).all()).unwrap();
    let roles = ["mediator", "grid_leader", "market"];
    let duties: Vec<Duty> = (0..600)
        .map(|n| {
            let plain = duty(&format!("d{n:03}"), "ann", roles[dice.index(3)], "0");
            if n % 5 == 0 { plain } else { on_polygon(plain, sides(&mut dice, 6_000)) }
        })
        .collect();
    let people = Arc::new(Directory::new(vec![holder("ann")], duties.clone(), Vec::new()));
    let roster = Roster::build(people, &tree);
    let covers = |duty: &Duty, p: LatticePoint| matches!(&duty.area, DutyArea::Polygon(own) if own.covers(p));
    let mut n_found = 0;
    for n in 0..1_000 {
        // Also corners, which count.
        let corner = match &duties[n % duties.len()].area {
            DutyArea::Polygon(own) => own.rings().next().map(|ring| ring.vertices()[n % 4]),
            DutyArea::Grid(_) => None,
        };
        let p = corner.unwrap_or_else(|| LatticePoint::new(dice.between(0, 60_000), dice.between(0, 60_000)));
        assert_eq!(roster.has_polygon_over(p), duties.iter().any(|duty| covers(duty, p)), "{p:?}");
        for role in roles {
            let looked: Vec<&Duty> = duties.iter().filter(|duty| duty.role == role && covers(duty, p)).collect();
            let found: Vec<&Duty> = roster.on_polygons(role, p).map(|post| post.duty).collect();
            assert_eq!(found, looked, "{role} at {p:?}");
            n_found += found.len();
        }
        let bbox = degrees(sides(&mut dice, 6_000));
        let near = |duty: &Duty| matches!(&duty.area, DutyArea::Polygon(own) if own.bbox().intersects(bbox));
        assert_eq!(roster.has_polygon_in(bbox), duties.iter().any(near), "{bbox:?}");
    }
    assert!(n_found > 1_000, "points lie in polygons: {n_found}");
}
