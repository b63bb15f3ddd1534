//! The grids collection, answered from memory.
//!
//! The text of each grid is printed once and kept beside the snapshot; an answer is a copy of prepared bytes. The texts
//! outlive a revision that changes neither the ground nor the homes on it.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, LINK};
use axum::response::{IntoResponse, Response};
use futures::stream;

use super::app::App;
use super::body::CHUNK;
use super::collections::By;
use super::error::{Answered, Kind, Place, Problem};
use super::items::{Asked, write_start};
use super::params::shortened;
use super::representation::{Form, ListTag};
use crate::domain::{Action, Depth, Noun, Principal};
use crate::format::csv;
use crate::format::geojson::{Geometry, write_feature};
use crate::format::properties::{self, GridFacts, Properties};
use crate::index::{GridIndex, Snapshot};
use crate::service::figures::told;

/// The grids of one snapshot as GeoJSON features, each printed when it is first asked for.
#[derive(Clone, Debug)]
pub(crate) struct GridTexts {
    snapshot: Arc<Snapshot>,
    told: Told,
    features: Arc<[OnceLock<Box<[u8]>>]>,
}

/// Whose homes are told: everyone's, or all but those of some grids.
#[derive(Clone, Debug)]
enum Told {
    All,
    AllBut(Arc<[bool]>),
}

impl Told {
    fn to(principal: &Principal, snapshot: &Snapshot) -> Self {
        match principal.may(Action::CountExactly, Noun::Households) {
            true => Self::All,
            false => Self::AllBut(told::homes(snapshot).into()),
        }
    }

    fn n_households(&self, snapshot: &Snapshot, ix: GridIndex) -> Option<u64> {
        let untold = matches!(self, Self::AllBut(untold) if untold[ix as usize]);
        snapshot.n_households(ix).filter(|_| !untold)
    }
}

impl GridTexts {
    pub(crate) fn new(snapshot: Arc<Snapshot>, principal: &Principal) -> Self {
        let features = snapshot.grids().map(|_| OnceLock::new()).collect();
        let told = Told::to(principal, &snapshot);
        Self { snapshot, told, features }
    }

    fn feature(&self, ix: GridIndex) -> &[u8] {
        self.features[ix as usize].get_or_init(|| {
            let grid = self.snapshot.grid(ix);
            let mut out = Vec::with_capacity(grid.boundary.n_vertices() * 25 + 400);
            let properties = facts(&self.snapshot, ix, &self.told);
            write_feature(grid.id.as_str(), Geometry::Boundary(&grid.boundary), &properties, &mut out);
            out.into_boxed_slice()
        })
    }

    /// The same texts for a newer snapshot in which the same would be printed.
    fn for_newer(&self, snapshot: &Arc<Snapshot>) -> Option<Self> {
        let old = &self.snapshot;
        let same_homes = match (old.households(), snapshot.households()) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (old, new) => old.is_none() && new.is_none(),
        };
        let same = Arc::ptr_eq(old.tree(), snapshot.tree()) && same_homes && old.region() == snapshot.region();
        same.then(|| Self { snapshot: Arc::clone(snapshot), ..self.clone() })
    }
}

/// The texts of the published snapshot, kept from one request to the next.
#[derive(Debug, Default)]
pub(crate) struct KeptTexts(Mutex<Option<GridTexts>>);

impl KeptTexts {
    pub(crate) fn of(&self, snapshot: &Arc<Snapshot>, principal: &Principal) -> GridTexts {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(texts) = kept.as_ref().filter(|texts| Arc::ptr_eq(&texts.snapshot, snapshot)) {
            return texts.clone();
        }
        let newer = kept.as_ref().and_then(|texts| texts.for_newer(snapshot));
        let texts = newer.unwrap_or_else(|| GridTexts::new(Arc::clone(snapshot), principal));
        *kept = Some(texts.clone());
        texts
    }
}

fn facts<'s>(snapshot: &'s Snapshot, ix: GridIndex, told: &Told) -> Properties<'s> {
    let grid = snapshot.grid(ix);
    properties::grid(&GridFacts {
        id: grid.id.as_str(),
        code: &grid.code,
        name: grid.name.as_deref(),
        level: &snapshot.region().level(grid.depth).code,
        parent: snapshot.tree().parent(ix).map(|parent| snapshot.grid(parent).id.as_str()),
        area_m2: grid.area_m2(),
        n_households: told.n_households(snapshot, ix),
    })
}

/// Answers a request for grids.
pub(crate) async fn list(app: &App, asked: Asked, headers: &HeaderMap) -> Answered {
    let snapshot = app.snapshot_at(asked.at, asked.known_at).await?;
    let tag = ListTag::new(snapshot.revision(), asked.form, app.principal()).with_ground(&snapshot);
    if let Some(same) = tag.not_modified(headers) {
        return Ok(same);
    }
    let page = Page::select(&snapshot, &asked)?;
    let response = match asked.form {
        Form::GeoJson => {
            let texts = app.grid_texts(&snapshot);
            let body = json(texts, page, &asked, app);
            ([(CONTENT_TYPE, Form::GeoJson.content_type())], body).into_response()
        }
        Form::Csv => table(&snapshot, &page, &asked, app.principal()),
    };
    Ok(tag.mark(response))
}

/// Answers with one grid, as it stands or stood.
pub(crate) async fn one(app: &App, id: &str, asked: &Asked, headers: &HeaderMap) -> Answered {
    let snapshot = app.snapshot_at(asked.at, asked.known_at).await?;
    let ix = snapshot.by_id(id).ok_or_else(|| Problem::because(Kind::NotFound, "there is no grid of that id"))?;
    let tag = ListTag::new(snapshot.revision(), Form::GeoJson, app.principal()).with_ground(&snapshot);
    if let Some(same) = tag.not_modified(headers) {
        return Ok(same);
    }
    let texts = app.grid_texts(&snapshot);
    let body = texts.feature(ix).to_vec();
    Ok(tag.mark(([(CONTENT_TYPE, Form::GeoJson.content_type())], body).into_response()))
}

/// The grids of one answer.
struct Page {
    grids: Vec<GridIndex>,
    matched: u64,
    /// Whether there are more after them.
    cut: bool,
}

impl Page {
    fn select(snapshot: &Snapshot, asked: &Asked) -> Answered<Self> {
        let wanted = Wanted::new(snapshot, asked)?;
        let size = match (asked.form, asked.limit) {
            (Form::Csv, None) => usize::MAX,
            _ => asked.page_size() as usize,
        };
        let mut page = Self { grids: Vec::new(), matched: 0, cut: false };
        for ix in snapshot.grids().filter(|&ix| wanted.takes(snapshot, ix)) {
            page.matched += 1;
            let seen = asked.after.as_deref().is_some_and(|after| snapshot.grid(ix).id.as_str() <= after);
            if !seen && page.grids.len() < size {
                page.grids.push(ix);
            } else if !seen {
                page.cut = true;
            }
        }
        Ok(page)
    }
}

/// The filters of a request, looked up once. A word that names nothing matches nothing.
struct Wanted<'a> {
    asked: &'a Asked,
    depth: Option<Depth>,
    parent: Parent,
}

/// Below which grid.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parent {
    Any,
    Grid(GridIndex),
    Unknown,
}

impl<'a> Wanted<'a> {
    fn new(snapshot: &Snapshot, asked: &'a Asked) -> Answered<Self> {
        let given = |by: By| asked.filters.iter().find(|(f, _)| f.by == by).map(|(_, value)| value.as_str());
        let depth = given(By::Level).map(|level| depth_of(snapshot, level)).transpose()?;
        let parent = given(By::Parent).map_or(Parent::Any, |code| {
            snapshot.by_code(code).or_else(|| snapshot.by_id(code)).map_or(Parent::Unknown, Parent::Grid)
        });
        Ok(Self { asked, depth, parent })
    }

    fn takes(&self, snapshot: &Snapshot, ix: GridIndex) -> bool {
        let grid = snapshot.grid(ix);
        let by_word = self.asked.filters.iter().all(|(filter, value)| match filter.by {
            By::Code => grid.code == *value,
            By::Name => grid.name.as_deref() == Some(value),
            _ => true,
        });
        by_word
            && self.depth.is_none_or(|depth| depth == grid.depth)
            && (self.parent == Parent::Any || snapshot.tree().parent(ix).map(Parent::Grid) == Some(self.parent))
            && self.asked.bbox.is_none_or(|bbox| grid.bbox.intersects(bbox) && grid.boundary.meets(bbox))
    }
}

fn depth_of(snapshot: &Snapshot, level: &str) -> Answered<Depth> {
    let region = snapshot.region();
    region.depth_of(level).ok_or_else(|| {
        let levels: Vec<&str> = region.levels.iter().map(|level| level.code.as_str()).collect();
        let detail = format!("{:?} is none of {}", shortened(level), levels.join(", "));
        Problem::fault(Kind::InvalidParameter, Place::Parameter("level".into()), detail)
    })
}

/// The features copied together chunk by chunk, as fast as the client takes them.
fn json(texts: GridTexts, page: Page, asked: &Asked, app: &App) -> Body {
    let (mut start, mut end) = (Vec::with_capacity(CHUNK), Vec::new());
    write_start(app.now(), page.matched, &mut start);
    let last = page.grids.last().filter(|_| page.cut);
    let last = last.map(|&ix| texts.snapshot.grid(ix).id.as_str());
    asked.write_end(page.grids.len(), last, &mut end);
    let mut chunk = start;
    let mut at = 0;
    let mut whole = Some(end);
    let chunks = std::iter::from_fn(move || {
        while let Some(&ix) = page.grids.get(at) {
            if chunk.len() >= CHUNK {
                return Some(Bytes::from(std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK * 2))));
            }
            if at > 0 {
                chunk.push(b',');
            }
            chunk.extend_from_slice(texts.feature(ix));
            at += 1;
        }
        let end = whole.take()?;
        chunk.extend_from_slice(&end);
        Some(Bytes::from(std::mem::take(&mut chunk)))
    });
    let mut chunks = chunks.fuse();
    match (chunks.next(), chunks.next()) {
        (Some(whole), None) => Body::from(whole),
        (first, second) => {
            let chunks = first.into_iter().chain(second).chain(chunks);
            Body::from_stream(stream::iter(chunks.map(Ok::<_, Infallible>)))
        }
    }
}

fn table(snapshot: &Snapshot, page: &Page, asked: &Asked, principal: &Principal) -> Response {
    let mut out = Vec::new();
    csv::write_header(&properties::GRID, &mut out);
    let told = Told::to(principal, snapshot);
    for &ix in &page.grids {
        csv::write_row(&facts(snapshot, ix, &told), &mut out);
    }
    let mut response = ([(CONTENT_TYPE, Form::Csv.content_type())], out).into_response();
    if let Some(&last) = page.grids.last().filter(|_| page.cut) {
        response.headers_mut().extend(asked.link_to_next(snapshot.grid(last).id.as_str()).map(|link| (LINK, link)));
    }
    response
}
