//! One map tile: grids from memory, homes and incidents from the store for those who may see where they are.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures::TryStreamExt as _;

use crate::domain::{Depth, Grant, Household, Incident, Region};
use crate::format::mvt::{Key, Layer};
use crate::geometry::tile::{EXTENT, Pixel, Tile, World};
use crate::geometry::{Bbox, LatticePoint};
use crate::index::{Picture, Tree};
use crate::store::{Filter, Result, Store};

/// The properties of a grid in a tile.
pub const GRID_KEYS: [Key; 4] = [Key::own("id"), Key::own("code"), Key::own("name"), Key::shared("parent")];
/// The properties of the point at which a grid's name stands.
pub const NAME_KEYS: [Key; 2] = [Key::own("code"), Key::own("name")];
/// The properties of a home, of whom nothing else is on the map.
pub const HOUSEHOLD_KEYS: [Key; 1] = [Key::own("id")];
pub const INCIDENT_KEYS: [Key; 5] =
    [Key::own("id"), Key::shared("kind"), Key::shared("tier"), Key::shared("status"), Key::own("reported_at")];

/// Deeper than this a tile shows nothing more: clients magnify it. It has the names of all its grids.
pub const DEEPEST_USEFUL: u8 = 14;
/// How wide a grid is on the screen, tiles shown 512 pixels wide, when its name is in the tile: half a name fits at that
/// zoom, a whole one before the next.
const NAMED_FROM_PX: f64 = 32.0;

/// From which zoom on homes are in tiles: a tile there is 2 km wide.
pub const HOUSEHOLD_MIN_ZOOM: u8 = 14;
/// From which zoom on incidents are: a tile there is 40 km wide.
pub const INCIDENT_MIN_ZOOM: u8 = 10;

/// The picture of the ground asked for last, made once and drawn by everyone.
#[derive(Debug, Default)]
pub struct KeptPicture(Mutex<Option<Pending>>);

/// A picture that may still have to be made.
#[derive(Clone, Debug)]
pub struct Pending {
    tree: Arc<Tree>,
    picture: Arc<OnceLock<Picture>>,
}

impl KeptPicture {
    #[must_use]
    pub fn of(&self, tree: &Arc<Tree>) -> Pending {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.as_ref().filter(|kept| Arc::ptr_eq(&kept.tree, tree)) {
            return known.clone();
        }
        kept.insert(Pending { tree: Arc::clone(tree), picture: Arc::default() }).clone()
    }
}

impl Pending {
    /// Tells whether a tile of that zoom is drawn at once, or something has to be made first.
    #[must_use]
    pub fn is_ready(&self, zoom: u8) -> bool {
        self.picture.get().is_some_and(|picture| picture.is_ready(zoom))
    }

    /// Draws the grids of `levels`, a layer each, followed by one with the names that stand in this tile, where a grid
    /// is wide enough for its name; an empty tile is no bytes at all.
    ///
    /// Cost: what is in the tile; the first of a ground, and of a zoom, makes what all others share.
    #[must_use]
    pub fn draw(&self, region: &Region, levels: &[Depth], tile: Tile) -> Vec<u8> {
        let picture = self.picture.get_or_init(|| Picture::new(Arc::clone(&self.tree)));
        let mut out = Vec::new();
        for &level in levels {
            let names_id = names_layer(region, level);
            let mut layer = Layer::new(&region.level(level).code, &GRID_KEYS);
            let mut names = Layer::new(&names_id, &NAME_KEYS);
            picture.draw(tile, level, |ix, drawn| {
                let grid = self.tree.grid(ix);
                let parent = self.tree.parent(ix).map(|parent| self.tree.grid(parent).id.as_str());
                let values = [Some(grid.id.as_str()), Some(grid.code.as_str()), grid.name.as_deref(), parent];
                layer.add_polygon(u64::from(ix) + 1, &values, drawn.rings());
                if has_room_for_name(grid.bbox, tile.zoom())
                    && let Some(at) = within(picture.point_inside(ix), tile)
                {
                    names.add_point(u64::from(ix) + 1, &[Some(grid.code.as_str()), grid.name.as_deref()], at);
                }
            });
            layer.write(&mut out);
            names.write(&mut out);
        }
        out
    }
}

/// The layer with the names of a level's grids, each a point in the one tile where it stands: a grid that tiles cut is
/// named once.
#[must_use]
pub fn names_layer(region: &Region, level: Depth) -> String {
    let mut id = format!("{}_names", region.level(level).code);
    while region.depth_of(&id).is_some() {
        id.push('_');
    }
    id
}

fn has_room_for_name(grid: Bbox, zoom: u8) -> bool {
    let px = (grid.east - grid.west) / 360.0 * 512.0 * f64::from(1_u32 << zoom);
    zoom >= DEEPEST_USEFUL || px >= NAMED_FROM_PX
}

/// Draws the homes in `tile`.
///
/// # Errors
/// When the store cannot be read.
pub async fn households(store: &dyn Store, tile: Tile, _: &Grant) -> Result<Vec<u8>> {
    let filter = Filter { bbox: Some(tile.bbox()), ..Filter::default() };
    let homes: Vec<Household> = store.households(filter).map_ok(|stored| stored.thing).try_collect().await?;
    let mut layer = Layer::new("households", &HOUSEHOLD_KEYS);
    for (number, home) in (1..).zip(&homes) {
        layer.add_point(number, &[Some(home.id.as_str())], pixel(home.position.into(), tile));
    }
    Ok(written(layer))
}

/// Draws the incidents in `tile`.
///
/// # Errors
/// When the store cannot be read.
pub async fn incidents(store: &dyn Store, tile: Tile, _: &Grant) -> Result<Vec<u8>> {
    let filter = Filter { bbox: Some(tile.bbox()), ..Filter::default() };
    let incidents: Vec<Incident> = store.incidents(filter).map_ok(|stored| stored.thing).try_collect().await?;
    let times: Vec<String> = incidents.iter().map(|incident| incident.reported_at().to_rfc3339()).collect();
    let mut layer = Layer::new("incidents", &INCIDENT_KEYS);
    for (number, (incident, time)) in (1..).zip(incidents.iter().zip(&times)) {
        let values = [
            Some(incident.id.as_str()),
            Some(incident.kind.as_str()),
            incident.tier.as_deref(),
            Some(incident.status().as_str()),
            Some(time.as_str()),
        ];
        layer.add_point(number, &values, pixel(incident.position.into(), tile));
    }
    Ok(written(layer))
}

/// The pixel of a point of this very tile: of those around, its frame of [`BUFFER`](crate::geometry::tile::BUFFER) left
/// out, one has it.
fn within(point: LatticePoint, tile: Tile) -> Option<Pixel> {
    let at = pixel(point, tile);
    ((0..EXTENT).contains(&at.x) && (0..EXTENT).contains(&at.y)).then_some(at)
}

fn pixel(point: LatticePoint, tile: Tile) -> Pixel {
    let (there, corner) = (World::of(point).pixel(tile.zoom()), tile.corner());
    Pixel { x: there.x - corner.x, y: there.y - corner.y }
}

fn written(layer: Layer<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    layer.write(&mut out);
    out
}
