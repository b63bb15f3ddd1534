//! The truth that comes with the demo county: 50,000 homes with their group, 300 corners with the grids they touch.

use gridmap::geometry::{Position, Side};
use gridmap::service::locate::{Question, locate};

use super::world::{county, instant, point, rows, snapshot};

#[test]
fn every_home_is_in_the_group_it_states() {
    let tree = county();
    let wrong: Vec<_> = rows("houses.csv")
        .into_iter()
        .filter(|home| {
            let owner = tree.owner(point(home[1].parse().unwrap(), home[2].parse().unwrap()));
            owner.map(|ix| tree.grid(ix).code.clone()) != Some(home[4].clone())
        })
        .collect();
    assert!(wrong.is_empty(), "{} homes, first {:?}", wrong.len(), wrong.first());
    assert_eq!(rows("houses.csv").len(), 50_000);
}

#[test]
fn a_corner_has_one_owner_out_of_those_that_touch_it_and_all_levels_agree() {
    let snapshot = snapshot(county(), Vec::new(), Vec::new());
    let corners = rows("boundary_points.csv");
    assert_eq!(corners.len(), 300);
    for corner in corners {
        let position = Position::new(corner[0].parse().unwrap(), corner[1].parse().unwrap()).unwrap();
        let answer = locate(&snapshot, &Question::new(position, instant("2024-06-01")));
        let levels: Vec<_> = answer.grids.iter().map(|grid| grid.level).collect();
        assert_eq!(levels, ["county", "township", "village", "grid", "group"], "{position}");
        assert!(corner[2].split(' ').any(|touching| touching == answer.grids[3].code), "{position}");
        for pair in answer.grids.windows(2) {
            let above = snapshot.tree().parent(snapshot.by_id(pair[1].id.as_str()).unwrap());
            assert_eq!(above.map(|ix| &snapshot.grid(ix).id), Some(pair[0].id), "{position}");
        }
        let n_owners = |depth| {
            let p = position.into();
            snapshot.grids_at(depth).filter(|&ix| snapshot.grid(ix).boundary.owns(p)).count()
        };
        // On the outer border the nudge leads outside, at every level alike.
        let on_border = snapshot.grid(0).boundary.side(position.into()) == Side::Edge;
        let expected: &[usize] = if on_border { &[0, 1] } else { &[1] };
        assert!(expected.iter().any(|&n| (0..5).all(|depth| n_owners(depth) == n)), "{position}: one owner a level");
        assert_eq!(answer.edge.map(|edge| edge.distance_m.to_bits()), Some(0), "{position} lies on an edge");
    }
}
