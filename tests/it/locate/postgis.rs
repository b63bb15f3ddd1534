//! The locator against PostGIS: who covers a point (`ST_Covers`), and how far the edge is (`geography`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use gridmap::geometry::{Boundary, LatticePoint, Ring};
use gridmap::index::Tree;
use sqlx::{Connection, PgConnection, Row};

use super::world::{Dice, county};
use crate::backends::Database;

/// In which numbers PostGIS is asked. In lattice steps its arithmetic is exact; in degrees a point on an edge is not
/// always on it, so there only corners and points off every edge are asked about.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Step,
    Degree,
}

impl Unit {
    fn of(self, p: LatticePoint) -> (f64, f64) {
        match self {
            Self::Step => (f64::from(p.x), f64::from(p.y)),
            Self::Degree => (p.lon(), p.lat()),
        }
    }

    fn srid(self) -> i32 {
        if self == Self::Step { 0 } else { 4326 }
    }

    fn text(self, boundary: &Boundary) -> String {
        let mut text = format!("srid={};multipolygon(", self.srid());
        for (at, polygon) in boundary.polygons().iter().enumerate() {
            text.push_str(if at == 0 { "(" } else { ",(" });
            for (at, ring) in std::iter::once(&polygon.exterior).chain(&polygon.holes).enumerate() {
                text.push_str(if at == 0 { "" } else { "," });
                self.push_ring(ring, &mut text);
            }
            text.push(')');
        }
        text + ")"
    }

    fn push_ring(self, ring: &Ring, text: &mut String) {
        let closed = ring.vertices().iter().chain(ring.vertices().first());
        for (at, &vertex) in closed.enumerate() {
            let (x, y) = self.of(vertex);
            write!(text, "{}{x} {y}", if at == 0 { "(" } else { "," }).unwrap();
        }
        text.push(')');
    }
}

/// A connection to a database that holds the groups of the county in `unit`, with an index.
async fn with_groups(database: &Database, tree: &Tree, unit: Unit) -> PgConnection {
    let mut connection = PgConnection::connect(&database.url).await.unwrap();
    sqlx::raw_sql("create extension if not exists postgis; create table area (code text primary key, shape geometry)")
        .execute(&mut connection)
        .await
        .unwrap();
    let groups: Vec<_> = tree.at_depth(4).map(|ix| tree.grid(ix)).collect();
    let codes: Vec<&str> = groups.iter().map(|group| group.code.as_str()).collect();
    let shapes: Vec<String> = groups.iter().map(|group| unit.text(&group.boundary)).collect();
    sqlx::query(
        "insert into area select code, st_geomfromewkt(shape) from unnest($1::text[], $2::text[]) g (code, shape)",
    )
    .bind(&codes)
    .bind(&shapes)
    .execute(&mut connection)
    .await
    .unwrap();
    sqlx::raw_sql("create index on area using gist (shape); analyze area").execute(&mut connection).await.unwrap();
    connection
}

/// The groups that cover each point, by `ST_Covers`.
async fn covering(connection: &mut PgConnection, points: &[LatticePoint], unit: Unit) -> Vec<BTreeSet<String>> {
    let (xs, ys): (Vec<f64>, Vec<f64>) = points.iter().map(|&p| unit.of(p)).unzip();
    let rows = sqlx::query(
        "select p.n, a.code from unnest($1::float8[], $2::float8[]) with ordinality p (x, y, n)
         join area a on st_covers(a.shape, st_setsrid(st_makepoint(p.x, p.y), $3)) order by p.n, a.code",
    )
    .bind(&xs)
    .bind(&ys)
    .bind(unit.srid())
    .fetch_all(connection)
    .await
    .unwrap();
    let mut covering = vec![BTreeSet::new(); points.len()];
    for row in rows {
        let n: i64 = row.get("n");
        covering[usize::try_from(n - 1).unwrap()].insert(row.get("code"));
    }
    covering
}

/// Uniform points over the county and its surroundings, corners of groups, and (in steps) middles of their edges.
fn points(tree: &Tree, unit: Unit, n: usize) -> Vec<LatticePoint> {
    let groups: Vec<_> = tree.at_depth(4).map(|ix| &tree.grid(ix).boundary).collect();
    let bbox = tree.grid(0).bbox;
    let corner = |lon, lat| super::world::point(lon, lat);
    let (low, high) = (corner(bbox.west, bbox.south), corner(bbox.east, bbox.north));
    let mut dice = Dice(77);
    let mut point = |turn: usize| {
        let rings: Vec<_> = groups[dice.index(groups.len())].rings().collect();
        let edges: Vec<_> = rings[dice.index(rings.len())].edges().collect();
        let (a, b) = edges[dice.index(edges.len())];
        match turn % 4 {
            0 | 1 => LatticePoint::new(dice.between(low.x, high.x), dice.between(low.y, high.y)),
            2 if unit == Unit::Step => LatticePoint::new(i32::midpoint(a.x, b.x), i32::midpoint(a.y, b.y)),
            _ => a,
        }
    };
    (0..n).map(&mut point).collect()
}

async fn check_covering(unit: Unit, n: usize) {
    let (tree, database) = (county(), Database::postgres());
    let mut connection = with_groups(&database, tree, unit).await;
    let points = points(tree, unit, n);
    let covering = covering(&mut connection, &points, unit).await;
    let mut by_number: BTreeMap<usize, usize> = BTreeMap::new();
    for (&p, covering) in points.iter().zip(&covering) {
        let owner = tree.owner(p).map(|ix| tree.grid(ix).code.clone());
        match &owner {
            Some(owner) => assert!(covering.contains(owner), "{p:?}: {owner} is not of {covering:?}"),
            None => assert!(covering.is_empty(), "{p:?}: nobody owns what {covering:?} cover"),
        }
        *by_number.entry(covering.len()).or_default() += 1;
    }
    // The points are worth asking about: outside, inside, on edges, on corners of three.
    assert!((0..=3).all(|number| by_number.contains_key(&number)), "{by_number:?}");
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn postgis_covers_a_point_by_the_owner_and_by_nobody_else_off_the_edges() {
    check_covering(Unit::Step, 24_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgis_agrees_in_degrees_off_the_edges_and_on_corners() {
    check_covering(Unit::Degree, 12_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_edge_is_as_far_as_postgis_measures_on_the_ellipsoid() {
    let (tree, database) = (county(), Database::postgres());
    let mut connection = with_groups(&database, tree, Unit::Degree).await;
    let inside: Vec<_> = points(tree, Unit::Step, 800).into_iter().filter(|&p| tree.owner(p).is_some()).collect();
    for &p in inside.iter().take(300) {
        let owner = tree.owner(p).unwrap();
        let row = sqlx::query(
            "select st_distance(st_boundary(shape)::geography, st_setsrid(st_makepoint($1, $2), 4326)::geography) as m
             from area where code = $3",
        );
        let row = row.bind(p.lon()).bind(p.lat()).bind(&tree.grid(owner).code);
        let expected: f64 = row.fetch_one(&mut connection).await.unwrap().get("m");
        let (found, _) = tree.edge(owner, p).unwrap();
        // An edge is straight in degrees here and a great circle there: over the longest ones that is decimetres.
        assert!((found - expected).abs() < 0.3 + expected * 1e-3, "{p:?}: {found} m, PostGIS {expected} m");
    }
    connection.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_group_outside_is_the_one_postgis_finds() {
    let (tree, database) = (county(), Database::postgres());
    let mut connection = with_groups(&database, tree, Unit::Degree).await;
    let outside: Vec<_> = points(tree, Unit::Step, 200).into_iter().filter(|&p| tree.owner(p).is_none()).collect();
    assert!(outside.len() > 10, "{} points outside", outside.len());
    for &p in outside.iter().take(25) {
        let row = sqlx::query(
            "select code, st_distance(shape::geography, st_setsrid(st_makepoint($1, $2), 4326)::geography) as m
             from area order by m, code limit 1",
        );
        let row = row.bind(p.lon()).bind(p.lat()).fetch_one(&mut connection).await.unwrap();
        let expected: f64 = row.get("m");
        let (found, found_m) = tree.nearest(p).unwrap();
        let row = sqlx::query(
            "select st_distance(shape::geography, st_setsrid(st_makepoint($1, $2), 4326)::geography) as m
             from area where code = $3",
        );
        let row = row.bind(p.lon()).bind(p.lat()).bind(&tree.grid(found).code);
        let to_found: f64 = row.fetch_one(&mut connection).await.unwrap().get("m");
        assert!((found_m - expected).abs() < 0.3 + expected * 1e-3, "{p:?}: {found_m} m, PostGIS {expected} m");
        assert!(to_found - expected < 0.3, "{p:?}: PostGIS finds one nearer by {} m", to_found - expected);
    }
    connection.close().await.unwrap();
}
