//! Vector tiles: what a reader decodes from them, and that nothing shows between two grids.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Command;

use prost::Message;

use super::county;
use super::http::{Reply, get, request};

/// The messages of the vector tile specification, 2.1, as far as we look at them.
#[derive(Clone, PartialEq, Message)]
struct Tile {
    #[prost(message, repeated, tag = "3")]
    layers: Vec<Layer>,
}

#[derive(Clone, PartialEq, Message)]
struct Layer {
    #[prost(uint32, required, tag = "15")]
    version: u32,
    #[prost(string, required, tag = "1")]
    name: String,
    #[prost(message, repeated, tag = "2")]
    features: Vec<Feature>,
    #[prost(string, repeated, tag = "3")]
    keys: Vec<String>,
    #[prost(message, repeated, tag = "4")]
    values: Vec<Text>,
    #[prost(uint32, optional, tag = "5")]
    extent: Option<u32>,
}

#[derive(Clone, PartialEq, Message)]
struct Feature {
    #[prost(uint64, optional, tag = "1")]
    id: Option<u64>,
    #[prost(uint32, repeated, tag = "2")]
    tags: Vec<u32>,
    #[prost(int32, optional, tag = "3")]
    kind: Option<i32>,
    #[prost(uint32, repeated, tag = "4")]
    geometry: Vec<u32>,
}

#[derive(Clone, PartialEq, Message)]
struct Text {
    #[prost(string, optional, tag = "1")]
    string: Option<String>,
}

type Point = (i32, i32);

fn url(zoom: u32, row: u32, column: u32, query: &str) -> String {
    format!("/api/collections/grids/tiles/WebMercatorQuad/{zoom}/{row}/{column}{query}")
}

/// The ids of all features in the first layer.
pub(super) fn ids_in(reply: &Reply) -> Vec<String> {
    let layer = Tile::decode(&reply.body[..]).unwrap().layers.remove(0);
    layer.features.iter().filter_map(|feature| property(&layer, feature, "id")).map(str::to_owned).collect()
}

/// The layer of what was asked for, and that of the names that stand in the tile.
fn layers(reply: &Reply) -> (Layer, Option<Layer>) {
    assert_eq!(reply.header("content-type"), Some("application/vnd.mapbox-vector-tile"));
    let mut layers = Tile::decode(&reply.body[..]).unwrap().layers.into_iter();
    let (layer, names) = (layers.next().unwrap(), layers.next());
    assert!(layers.next().is_none());
    assert_eq!((layer.version, layer.extent), (2, Some(4096)));
    assert!(names.iter().all(|names| names.name == format!("{}_names", layer.name)));
    (layer, names)
}

fn layer(reply: &Reply) -> Layer {
    layers(reply).0
}

/// Where a feature that is one point stands.
fn point(feature: &Feature) -> Point {
    let step = |n: u32| (n >> 1).cast_signed() ^ -((n & 1).cast_signed());
    assert_eq!((feature.kind, feature.geometry[0]), (Some(1), 9), "one MoveTo");
    (step(feature.geometry[1]), step(feature.geometry[2]))
}

fn property<'l>(layer: &'l Layer, feature: &Feature, key: &str) -> Option<&'l str> {
    let mut pairs = feature.tags.chunks_exact(2);
    let pair = pairs.find(|pair| layer.keys[pair[0] as usize] == key)?;
    layer.values[pair[1] as usize].string.as_deref()
}

/// The polygons of all features in the first layer, each its shell and then its holes.
pub(super) fn rings_in(reply: &Reply) -> Vec<Vec<Vec<Point>>> {
    let tile = Tile::decode(&reply.body[..]).unwrap();
    let mut polygons: Vec<Vec<Vec<Point>>> = Vec::new();
    for feature in tile.layers.iter().take(1).flat_map(|layer| &layer.features) {
        for (at, ring) in rings(&feature.geometry).into_iter().enumerate() {
            let next = ring.iter().cycle().skip(1);
            let turn = |(a, b): (&Point, &Point)| i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1);
            let area2: i64 = ring.iter().zip(next).map(turn).sum();
            match polygons.last_mut().filter(|_| at > 0 && area2 < 0) {
                Some(polygon) => polygon.push(ring),
                None => polygons.push(vec![ring]),
            }
        }
    }
    polygons
}

/// The rings of a polygon: each after a `MoveTo`, closed by a `ClosePath`.
fn rings(geometry: &[u32]) -> Vec<Vec<Point>> {
    let mut numbers = geometry.iter().copied();
    let (mut rings, mut x, mut y) = (Vec::new(), 0, 0);
    while let Some(command) = numbers.next() {
        match command & 7 {
            7 => {}
            kind => {
                if kind == 1 {
                    rings.push(Vec::new());
                }
                for _ in 0..command >> 3 {
                    let mut step = || {
                        let n = numbers.next().unwrap();
                        (n >> 1).cast_signed() ^ -((n & 1).cast_signed())
                    };
                    x += step();
                    y += step();
                    rings.last_mut().unwrap().push((x, y));
                }
            }
        }
    }
    rings
}

fn area2(ring: &[Point]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| i64::from(a.0) * i64::from(b.1) - i64::from(b.0) * i64::from(a.1)).sum()
}

/// The row and column that hold a point.
fn at(zoom: u32, lon: f64, lat: f64) -> (u32, u32) {
    let n = f64::from(1_u32 << zoom);
    let north = lat.to_radians().tan().asinh() / std::f64::consts::PI;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both are inside the square")]
    let place = |share: f64| (share * n) as u32;
    (place((1.0 - north) / 2.0), place((lon + 180.0) / 360.0))
}

/// The tiles of one zoom that the county lies in.
fn tiles_of_the_county(zoom: u32) -> Vec<(u32, u32)> {
    let bbox = get(county::open(), "/api/region").json()["bbox"].clone();
    let side = |at: usize| bbox[at].as_f64().unwrap();
    let ((south, west), (north, east)) = (at(zoom, side(0), side(1)), at(zoom, side(2), side(3)));
    (north..=south).flat_map(|row| (west..=east).map(move |column| (row, column))).collect()
}

fn is_on_the_frame(a: Point, b: Point) -> bool {
    let on = |a: i32, b: i32| a == b && [-64, 4096 + 64].contains(&a);
    on(a.0, b.0) || on(a.1, b.1)
}

/// Every edge inside the tile that is not run as often one way as the other, with how much more.
fn unmatched(layer: &Layer) -> BTreeMap<(Point, Point), i32> {
    let mut edges: BTreeMap<(Point, Point), i32> = BTreeMap::new();
    for ring in layer.features.iter().flat_map(|feature| rings(&feature.geometry)) {
        for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            if !is_on_the_frame(*a, *b) {
                *edges.entry((*a.min(b), *a.max(b))).or_default() += if a < b { 1 } else { -1 };
            }
        }
    }
    edges.retain(|_, more| *more != 0);
    edges
}

#[test]
fn neighbours_share_every_edge_at_every_zoom() {
    for (zoom, level) in [
        (4, "township"),
        (7, "village"),
        (8, "grid"),
        (9, "group"),
        (10, "grid"),
        (12, "group"),
        (14, "grid"),
        (16, "grid"),
    ] {
        let tiles = tiles_of_the_county(zoom);
        let (mut n_drawn, mut n_exact, mut n_tiles) = (0, 0, 0);
        for (row, column) in tiles.iter().step_by(tiles.len().div_ceil(12)) {
            let county = get(county::open(), &url(zoom, *row, *column, "?level=county"));
            let parts = get(county::open(), &url(zoom, *row, *column, &format!("?level={level}")));
            assert_eq!(county.status, parts.status);
            if county.status == 204 {
                continue;
            }
            let (county, parts) = (layer(&county), layer(&parts));
            n_drawn += parts.features.len();
            let area = |layer: &Layer| -> i64 {
                layer.features.iter().flat_map(|feature| rings(&feature.geometry)).map(|ring| area2(&ring)).sum()
            };
            // A grid too small to be seen, or turned over, is left out; what lies there is then drawn by its neighbours. Where
            // a line is simplified so far that it crosses itself, what it runs around both ways is drawn for both sides.
            assert!(area(&parts) >= area(&county), "{level} {zoom}/{row}/{column} leaves ground white");
            n_tiles += 1;
            if area(&parts) == area(&county) {
                n_exact += 1;
                assert_eq!(unmatched(&parts), unmatched(&county), "{level} {zoom}/{row}/{column}");
            }
            assert!(area(&parts) - area(&county) <= 2 * 64, "{level} {zoom}/{row}/{column}: drawn twice");
        }
        assert!(n_drawn > 10, "{level} at {zoom}");
        assert!(zoom < 10 || n_exact == n_tiles, "{level} at {zoom}: {n_exact} of {n_tiles} tiles fit exactly");
    }
}

#[test]
fn a_tile_names_its_grids_and_outer_rings_come_first() {
    let (row, column) = at(12, 103.38, 34.88);
    let tile = layer(&get(county::open(), &url(12, row, column, "?level=village")));
    assert_eq!(
        (tile.name.as_str(), &tile.keys[..]),
        ("village", &["id", "code", "name", "parent"].map(String::from)[..])
    );
    let found = tile.features.iter().find(|feature| property(&tile, feature, "code") == Some("623021100002")).unwrap();
    assert_eq!(property(&tile, found, "parent"), Some("623021100"));
    assert_eq!(property(&tile, found, "name"), Some("东环路社区居民委员会"));
    for feature in &tile.features {
        assert_eq!((feature.kind, feature.id.is_some()), (Some(3), true));
        assert!(area2(&rings(&feature.geometry)[0]) > 0, "an outer ring has a positive area");
    }
    let all = Tile::decode(&get(county::open(), &url(12, row, column, "")).body[..]).unwrap();
    let names: Vec<&str> = all.layers.iter().map(|layer| layer.name.as_str()).collect();
    let levels: Vec<&str> = names.iter().copied().filter(|name| !name.ends_with("_names")).collect();
    assert_eq!(levels, ["county", "township", "village", "grid", "group"]);
    assert!(names.contains(&"village_names") && !names.contains(&"county_names"), "{names:?}");
}

/// However many tiles cut a grid, its name stands in one of them, and there inside the grid.
#[test]
fn each_name_stands_in_one_tile_inside_its_grid() {
    let region = get(county::open(), "/api/region").json();
    for (depth, level, zoom) in [(0, "county", 8), (1, "township", 10), (2, "village", 13), (3, "grid", 14)] {
        let n = usize::try_from(region["levels"][depth]["n_grids"].as_u64().unwrap()).unwrap();
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for (row, column) in tiles_of_the_county(zoom) {
            let reply = get(county::open(), &url(zoom, row, column, &format!("?level={level}")));
            if reply.status == 204 {
                continue;
            }
            let (areas, names) = layers(&reply);
            let Some(names) = names else { continue };
            assert_eq!(names.keys, ["code", "name"]);
            for label in &names.features {
                let code = property(&names, label, "code").unwrap();
                let (x, y) = point(label);
                assert!((0..4096).contains(&x) && (0..4096).contains(&y), "{code} stands in another tile");
                let area = areas.features.iter().find(|area| area.id == label.id).unwrap();
                assert_eq!(property(&areas, area, "code"), Some(code));
                assert_eq!(property(&areas, area, "name"), property(&names, label, "name"));
                assert!(holds(&rings(&area.geometry), f64::from(x), f64::from(y)), "{code} at {zoom}");
                *times.entry(code.to_owned()).or_default() += 1;
            }
        }
        assert_eq!(times.len(), n, "{level} at {zoom}");
        assert!(times.values().all(|&n| n == 1), "{level}: {times:?}");
    }
    let (row, column) = at(6, 103.38, 34.88);
    assert!(layers(&get(county::open(), &url(6, row, column, "?level=grid"))).1.is_none(), "no grid has room there");
}

/// Tells whether rings hold a place, by the even-odd rule.
fn holds(rings: &[Vec<Point>], x: f64, y: f64) -> bool {
    let edges = rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    edges.fold(false, |inside, (a, b)| {
        let ((ax, ay), (bx, by)) = ((f64::from(a.0), f64::from(a.1)), (f64::from(b.0), f64::from(b.1)));
        inside ^ ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax)
    })
}

#[test]
fn a_point_lies_in_the_polygon_of_its_grid() {
    let (lon, lat) = (103.381_591, 34.886_626);
    let code = get(county::open(), &format!("/api/locate?lon={lon}&lat={lat}")).json()["grids"][3]["code"].clone();
    for zoom in [12, 14, 16, 18] {
        let (row, column) = at(zoom, lon, lat);
        let tile = layer(&get(county::open(), &url(zoom, row, column, "?level=grid")));
        let n = f64::from(1_u32 << zoom) * 4096.0;
        let north = lat.to_radians().tan().asinh() / std::f64::consts::PI;
        let x = (lon + 180.0) / 360.0 * n - f64::from(column) * 4096.0;
        let y = (1.0 - north) / 2.0 * n - f64::from(row) * 4096.0;
        let around: Vec<_> = tile.features.iter().filter(|feature| holds(&rings(&feature.geometry), x, y)).collect();
        assert_eq!(around.len(), 1, "zoom {zoom}");
        assert_eq!(property(&tile, around[0], "code"), code.as_str(), "zoom {zoom}");
    }
}

#[test]
fn tilejson_leads_to_tiles_that_are_kept_for_ever() {
    let server = county::open();
    let described = get(server, "/api/collections/grids/tiles/WebMercatorQuad?f=tilejson&level=grid").json();
    assert_eq!((&described["tilejson"], &described["scheme"]), (&"3.0.0".into(), &"xyz".into()));
    assert_eq!(described["vector_layers"][0]["id"], "grid");
    assert_eq!(described["vector_layers"][1]["id"], "grid_names");
    assert_eq!(described["vector_layers"][1]["fields"], serde_json::json!({"code": "String", "name": "String"}));
    let template = described["tiles"][0].as_str().unwrap().split_once(&server.to_string()).unwrap().1;
    let (row, column) = at(10, 103.5, 34.7);
    let path = template.replace("{z}", "10").replace("{y}", &row.to_string()).replace("{x}", &column.to_string());
    let reply = get(server, &path);
    assert_eq!(reply.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert!(layer(&reply).features.len() > 50);
    let tag = reply.header("etag").unwrap();
    assert_eq!(request(server, "GET", &path, &[("If-None-Match", tag)], b"").status, 304);
    let unnamed = get(server, &url(10, row, column, "?level=grid&revision=old"));
    assert_eq!(unnamed.header("cache-control"), Some("private, no-cache"));
    assert_eq!(unnamed.body, reply.body);
    let packed = request(server, "GET", &path, &[("Accept-Encoding", "gzip")], b"");
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() < reply.body.len());
}

#[test]
fn the_tileset_is_described_as_the_standard_wants() {
    let sets = get(county::open(), "/api/collections/grids/tiles").json();
    assert_eq!(sets["tilesets"][0]["dataType"], "vector");
    let set = get(county::open(), "/api/collections/grids/tiles/WebMercatorQuad").json();
    assert_eq!(set["tileMatrixSetURI"], "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad");
    let item = set["links"].as_array().unwrap().iter().find(|link| link["rel"] == "item").unwrap();
    assert!(item["href"].as_str().unwrap().contains("/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}?revision="));
    let matrices = get(county::open(), "/api/tileMatrixSets/WebMercatorQuad").json();
    let zero = &matrices["tileMatrices"][0];
    assert!((zero["scaleDenominator"].as_f64().unwrap() - 559_082_264.028_717).abs() < 1e-3);
    assert_eq!(matrices["tileMatrices"][18]["matrixWidth"], 262_144);
    assert_eq!(get(county::open(), "/api/tileMatrixSets").json()["tileMatrixSets"][0]["id"], "WebMercatorQuad");
    assert_eq!(get(county::open(), "/api/collections/holders/tiles").status, 404);
}

#[test]
fn what_is_not_there_is_empty_or_refused() {
    assert_eq!(get(county::open(), &url(8, 0, 0, "")).status, 204);
    for path in [
        url(8, 256, 0, ""),
        url(8, 0, 256, ""),
        url(19, 0, 0, ""),
        url(4_000_000_000, 0, 0, ""),
        "/api/collections/grids/tiles/WebMercatorQuad/8/1/-1".into(),
        "/api/collections/grids/tiles/WebMercatorQuad/8/1/99999999999999999999".into(),
        "/api/collections/grids/tiles/WorldCRS84Quad/8/1/1".into(),
        "/api/collections/households/tiles/WebMercatorQuad/5/1/1".into(),
    ] {
        let reply = get(county::open(), &path);
        assert_eq!((reply.status, reply.header("content-type")), (404, Some("application/problem+json")), "{path}");
    }
    for query in ["?level=street", "?colour=red", "?f=png"] {
        assert_eq!(get(county::open(), &url(8, 101, 201, query)).status, 400, "{query}");
    }
}

fn n_points(server: SocketAddr, collection: &str, zoom: u32) -> usize {
    let tiles = tiles_of_the_county(zoom).into_iter().map(|(row, column)| {
        get(server, &format!("/api/collections/{collection}/tiles/WebMercatorQuad/{zoom}/{row}/{column}"))
    });
    let within = |feature: &&Feature| {
        let (x, y) = point(feature);
        (0..4096).contains(&x) && (0..4096).contains(&y)
    };
    tiles.filter(|reply| reply.status == 200).map(|reply| layer(&reply).features.iter().filter(within).count()).sum()
}

#[test]
fn homes_and_incidents_are_points_for_the_entitled_alone() {
    assert_eq!(n_points(county::open(), "incidents", 10), 305);
    let (row, column) = at(14, 103.381_591, 34.886_626);
    let path = format!("/api/collections/households/tiles/WebMercatorQuad/14/{row}/{column}");
    let homes = layer(&get(county::open(), &path));
    assert!(homes.features.len() > 20 && homes.features.iter().all(|home| home.kind == Some(1)));
    assert_eq!(homes.keys, ["id"]);
    for collection in ["households", "incidents"] {
        let path = format!("/api/collections/{collection}/tiles/WebMercatorQuad/14/{row}/{column}");
        let reply = get(county::public(), &path);
        assert_eq!((reply.status, reply.json()["type"].clone()), (403, "/problems/personal-data".into()), "{path}");
    }
    let public = get(county::public(), &url(14, row, column, ""));
    assert_eq!(public.body, get(county::open(), &url(14, row, column, "")).body, "the ground is no secret");
}

/// The driver takes the place of a tile from its path.
#[test]
fn gdal_reads_a_tile() {
    let (row, column) = at(12, 103.38, 34.88);
    let tile = get(county::open(), &url(12, row, column, "?level=village"));
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join(format!("12/{column}"));
    std::fs::create_dir_all(&place).unwrap();
    let file = place.join(format!("{row}.pbf"));
    std::fs::write(&file, &tile.body).unwrap();
    let sql = "select code, name from village where code = '623021100002'";
    let mut command = Command::new("ogrinfo");
    command.args(["-ro", "-al", "-oo", "CLIP=NO"]).arg(format!("MVT:{}", file.display())).args(["-sql", sql]);
    let output = command.output().expect("gdal-bin is installed");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && err.is_empty(), "{out}\n{err}");
    assert!(out.contains("code (String) = 623021100002") && out.contains("name (String) = 东环路社区"), "{out}");
    assert!(out.contains("POLYGON"), "{out}");
    let mut command = Command::new("ogrinfo");
    command.args(["-ro", "-so", "-al"]).arg(format!("MVT:{}", file.display()));
    let out = String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned();
    let n = layer(&tile).features.len();
    assert!(out.contains(&format!("Feature Count: {n}")) && out.contains("EPSG\",3857"), "{out}");
    assert!(out.contains("Layer name: village_names") && out.contains("Geometry: Point"), "{out}");
}
