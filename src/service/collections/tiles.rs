//! One map tile: grids from memory, households and incidents from the store for those who may see where they are.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures::TryStreamExt as _;

use crate::domain::{Action, Depth, Grant, Household, Incident, Noun, Parts, Region, Scope};
use crate::format::mvt::{Key, Layer};
use crate::geometry::tile::{EXTENT, Pixel, Tile, World};
use crate::geometry::{Bbox, LatticePoint};
use crate::index::{Snapshot, TileGeometry, Tree};
use crate::service::area::Area;
use crate::service::made::Made;
use crate::service::refused::shortened;
use crate::service::{Caller, Refused};
use crate::store::{Filter, Result as StoreResult, Store};

/// The properties of a grid in a tile.
const GRID_KEYS: [Key; 4] = [Key::own("id"), Key::own("code"), Key::own("name"), Key::shared("parent")];
/// The properties of the point at which a grid's name is drawn.
const NAME_KEYS: [Key; 2] = [Key::own("code"), Key::own("name")];
/// The properties of a household, of whom nothing else is on the map.
const HOUSEHOLD_KEYS: [Key; 1] = [Key::own("id")];
const INCIDENT_KEYS: [Key; 5] =
    [Key::own("id"), Key::shared("kind"), Key::shared("tier"), Key::shared("status"), Key::own("reported_at")];

/// Deeper than this a tile shows nothing more: clients magnify it. It has the names of all its grids.
pub const DEEPEST_USEFUL: u8 = 14;
/// How wide a grid is on the screen, tiles shown 512 pixels wide, when its name is in the tile: half a name fits at that
/// zoom, a whole one before the next.
const NAMED_FROM_PX: f64 = 32.0;

/// From which zoom on households are in tiles: a tile there is 2 km wide.
const HOUSEHOLD_MIN_ZOOM: u8 = 14;
/// From which zoom on incidents are: a tile there is 40 km wide.
const INCIDENT_MIN_ZOOM: u8 = 10;

/// Stands for how tiles are written: raised when one of the same ground would not be the same, since tiles are kept.
const FORM: u8 = 2;
/// Tiles of this zoom and above hold so much that drawing one would hold up others.
const LARGE: u8 = 9;

/// What is drawn on the tiles of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layers {
    Grids,
    Households,
    Incidents,
}

impl Layers {
    /// Returns the layers of a noun that has tiles.
    #[must_use]
    pub fn of(noun: Noun) -> Option<Self> {
        match noun {
            Noun::Grids => Some(Self::Grids),
            Noun::Households => Some(Self::Households),
            Noun::Incidents => Some(Self::Incidents),
            _ => None,
        }
    }

    #[must_use]
    pub fn noun(self) -> Noun {
        match self {
            Self::Grids => Noun::Grids,
            Self::Households => Noun::Households,
            Self::Incidents => Noun::Incidents,
        }
    }

    /// From which zoom on there are tiles.
    #[must_use]
    pub fn min_zoom(self) -> u8 {
        match self {
            Self::Grids => 0,
            Self::Households => HOUSEHOLD_MIN_ZOOM,
            Self::Incidents => INCIDENT_MIN_ZOOM,
        }
    }

    /// What everything in a tile hangs on as of `parts`: also for the areas of a caller who is bounded.
    fn revision(self, snapshot: &Snapshot, parts: &Parts, scope: &Scope) -> String {
        let generation = snapshot.generation();
        let mut made_of = DefaultHasher::new();
        (FORM, generation.number, generation.recorded).hash(&mut made_of);
        let codes: Vec<&str> = snapshot.region().levels.iter().map(|level| level.code.as_str()).collect();
        codes.hash(&mut made_of);
        if let Some(areas) = scope.areas() {
            areas.hash(&mut made_of);
        }
        let counter = match self {
            Self::Grids => u64::from(generation.number),
            Self::Households => parts.households.0,
            Self::Incidents => parts.incidents.0,
        };
        format!("{counter}-{:08x}", made_of.finish() & 0xffff_ffff)
    }
}

/// One tile, and how long it stays true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileAnswer {
    /// Names all that it is made of: a tile of the same revision is the same for ever.
    pub revision: String,
    /// Whether it is the same for everyone, so that a cache may give it to others.
    pub is_shared: bool,
    /// `None` where the caller has it already; no bytes where nothing lies in it.
    pub body: Option<Vec<u8>>,
}

/// Draws one tile: of grids those of `level`, or of all levels. `known` tells of a revision whether the caller has that one.
///
/// Cost: what is in the tile; the first of a ground, and of a zoom, makes what all others share. Households and incidents are
/// read from the store.
///
/// # Errors
/// When the caller may not see them on tiles, there is no ground, the level is none of the region's, or the store
/// cannot be read.
pub async fn tile(
    caller: &Caller<'_>,
    layers: Layers,
    level: Option<&str>,
    tile: Tile,
    known: impl Fn(&str) -> bool,
) -> Result<TileAnswer, Refused> {
    let grant = caller.principal().allows(Action::Tile, layers.noun())?;
    let snapshot = caller.ground()?;
    let parts = match layers {
        Layers::Grids => *snapshot.parts(),
        // The snapshot may not have heard yet of what is read.
        Layers::Households | Layers::Incidents => caller.gridmap().store().parts().await?,
    };
    let revision = layers.revision(&snapshot, &parts, grant.scope());
    let is_shared = layers == Layers::Grids && grant.scope().areas().is_none();
    if known(&revision) {
        return Ok(TileAnswer { revision, is_shared, body: None });
    }
    let body = match layers {
        Layers::Grids => grids(caller, &snapshot, levels(snapshot.region(), level)?, tile, &grant).await?,
        Layers::Households => households(&**caller.gridmap().store(), tile, &grant).await?,
        Layers::Incidents => incidents(&**caller.gridmap().store(), tile, &grant).await?,
    };
    Ok(TileAnswer { revision, is_shared, body: Some(body) })
}

async fn grids(
    caller: &Caller<'_>,
    snapshot: &Arc<Snapshot>,
    levels: Vec<Depth>,
    tile: Tile,
    grant: &Grant,
) -> Result<Vec<u8>, Refused> {
    let pending = caller.gridmap().caches().pictures.of(snapshot.tree());
    let area = Area::of(grant.scope(), snapshot.tree());
    if pending.is_quick(tile) {
        return Ok(pending.draw(snapshot.region(), &levels, tile, &area));
    }
    let snapshot = Arc::clone(snapshot);
    let drawing = tokio::task::spawn_blocking(move || pending.draw(snapshot.region(), &levels, tile, &area));
    Ok(drawing.await?)
}

/// What the tiles of a collection hold.
#[derive(Clone, Debug)]
pub struct TileSet {
    /// Of every tile there is now.
    pub revision: String,
    pub layers: Vec<LayerInfo>,
    /// The box around all of it.
    pub bounds: Option<Bbox>,
}

/// One layer of a tile.
#[derive(Clone, Debug)]
pub struct LayerInfo {
    pub id: String,
    pub description: String,
    pub keys: &'static [Key],
}

/// Describes the tiles of a collection: of grids those of `level`, or of all levels.
///
/// # Errors
/// Like [`tile`], without the store.
pub fn tile_set(caller: &Caller<'_>, layers: Layers, level: Option<&str>) -> Result<TileSet, Refused> {
    let grant = caller.principal().allows(Action::Tile, layers.noun())?;
    let snapshot = caller.ground()?;
    let info = |id: &str, description: &str, keys| LayerInfo { id: id.into(), description: description.into(), keys };
    let described = match layers {
        Layers::Grids => {
            let region = snapshot.region();
            let both = |depth: Depth| {
                let level = region.level(depth);
                let names = format!("{}: its name, a point in one tile", level.names.en);
                [info(&level.code, &level.names.en, &GRID_KEYS), info(&names_layer(region, depth), &names, &NAME_KEYS)]
            };
            levels(region, level)?.into_iter().flat_map(both).collect()
        }
        Layers::Households => vec![info("households", "homes", &HOUSEHOLD_KEYS)],
        Layers::Incidents => vec![info("incidents", "incidents", &INCIDENT_KEYS)],
    };
    let bounds = Area::of(grant.scope(), snapshot.tree()).bbox(snapshot.tree());
    Ok(TileSet { revision: layers.revision(&snapshot, snapshot.parts(), grant.scope()), layers: described, bounds })
}

/// The asked level, or all of them.
fn levels(region: &Region, level: Option<&str>) -> Result<Vec<Depth>, Refused> {
    let Some(code) = level else {
        return Ok((0..).zip(&region.levels).map(|(depth, _)| depth).collect());
    };
    let codes = || region.levels.iter().map(|level| level.code.as_str()).collect::<Vec<_>>().join(", ");
    let detail = || format!("{:?} is none of the levels {}", shortened(code), codes());
    region.depth_of(code).map(|depth| vec![depth]).ok_or_else(|| Refused::parameter("level", detail()))
}

/// The picture of the ground asked for last, made once and drawn for everyone.
#[derive(Debug, Default)]
pub struct TileGeometryCache {
    last: Mutex<Option<Pending>>,
    made: Made,
}

/// A picture that may still have to be made.
#[derive(Clone, Debug)]
struct Pending {
    tree: Arc<Tree>,
    picture: Arc<OnceLock<TileGeometry>>,
}

impl TileGeometryCache {
    /// How many pictures were begun.
    #[must_use]
    pub fn made(&self) -> &Made {
        &self.made
    }

    fn of(&self, tree: &Arc<Tree>) -> Pending {
        let mut kept = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.as_ref().filter(|kept| Arc::ptr_eq(&kept.tree, tree)) {
            return known.clone();
        }
        self.made.note();
        kept.insert(Pending { tree: Arc::clone(tree), picture: Arc::default() }).clone()
    }
}

impl Pending {
    /// Tells whether a tile is drawn at once: there is not much in it, and nothing has to be made first.
    fn is_quick(&self, tile: Tile) -> bool {
        let Some(picture) = self.picture.get() else { return false };
        (tile.zoom() > LARGE && picture.is_ready(tile.zoom())) || picture.is_bare(tile)
    }

    /// Draws the grids of `levels` that `area` holds, a layer each, followed by one with the names that lie in this tile, where
    /// a grid is wide enough for its name; an empty tile is no bytes at all.
    ///
    /// Cost: what is in the tile; the first of a ground, and of a zoom, makes what all others share.
    fn draw(&self, region: &Region, levels: &[Depth], tile: Tile, area: &Area) -> Vec<u8> {
        let picture = self.picture.get_or_init(|| TileGeometry::new(Arc::clone(&self.tree)));
        let mut out = Vec::new();
        for &level in levels {
            let names_id = names_layer(region, level);
            let mut layer = Layer::new(&region.level(level).code, &GRID_KEYS);
            let mut names = Layer::new(&names_id, &NAME_KEYS);
            picture.draw(tile, level, |ix, drawn| {
                if !area.holds(ix) {
                    return;
                }
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

/// The layer with the names of a level's grids, each a point in the one tile that holds it: a grid that tiles cut is
/// named once.
fn names_layer(region: &Region, level: Depth) -> String {
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

/// Draws the households in `tile`.
async fn households(store: &dyn Store, tile: Tile, grant: &Grant) -> StoreResult<Vec<u8>> {
    let filter = Filter { bbox: Some(tile.bbox()), scope: grant.scope().clone(), ..Filter::default() };
    let households: Vec<Household> = store.households(filter).map_ok(|stored| stored.thing).try_collect().await?;
    let mut layer = Layer::new("households", &HOUSEHOLD_KEYS);
    for (number, household) in (1..).zip(&households) {
        layer.add_point(number, &[Some(household.id.as_str())], pixel(household.position.into(), tile));
    }
    Ok(written(layer))
}

/// Draws the incidents in `tile`.
async fn incidents(store: &dyn Store, tile: Tile, grant: &Grant) -> StoreResult<Vec<u8>> {
    let filter = Filter { bbox: Some(tile.bbox()), scope: grant.scope().clone(), ..Filter::default() };
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
