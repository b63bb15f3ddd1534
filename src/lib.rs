//! gridmap tells who answers for a point, and keeps the ground it answers from true.
//!
//! Counties divide their ground into small grids, in a tree county > township > village > grid > group. gridmap stores
//! the grids, the homes on them, the people who answer and the incidents that happen; it answers "which grid, leader
//! and mediator covers this point" from memory, for now or for a past day, and serves everything as GeoJSON.
//!
//! # The rooms
//! | room | job | may use |
//! |---|---|---|
//! | [`geometry`] | valid shapes on the lattice, the planar graph of the whole tree, the checker, coordinate systems, tiles | - |
//! | [`domain`] | the nouns and the rules that hold without a database | geometry |
//! | [`index`] | "what covers this point", from one immutable snapshot | domain |
//! | [`analysis`] | numbers from numbers: figures, and which counts may be published | domain |
//! | [`store`] | keeps every change, alike on SQLite and PostgreSQL | domain |
//! | [`mod@format`] | bytes in, domain out, and back: GeoJSON, CSV, TOML, vector tiles | domain |
//! | [`service`] | one user task per file: locate, import, check, follow | all above |
//! | [`api`] | HTTP only: parse, call one service function, render; every route is in `api/routes.rs` | service, config |
//! | [`cli`] | the command line: parse, call one service function, print; `serve` alone wires `api` | service, config |
//!
//! Imports run one way, upwards in this table, and [`index`], [`analysis`], [`store`] and [`mod@format`] never see each
//! other; [`api`] names neither [`store`] nor [`index`]. Only `store` names sqlx, only `geometry` and `index` rstar, only
//! `index` arc-swap, only `api` axum, only `format` Arrow and Parquet, only `cli` prints.
//! Inside a room no two files use each other, directly or by way of others; a module and the one it lies in are one unit.
//! `tests/it/architecture/` holds this.
//!
//! # One locate, file by file
//! `GET /api/locate?lon=103.3739&lat=34.8836&crs=gcj02`:
//! 1. `api/router.rs` names the request, `api/routes.rs` the handler; `api/guard.rs` has set the limits before it runs, and
//!    `api/app.rs` says who calls: a `Context`, of which the handler makes a `Caller` (`service/caller.rs`).
//! 2. `api/locate.rs` reads the parameters, all faults at once (`api/params.rs`), and takes the coordinates out of their
//!    frame (`geometry/crs/`).
//! 3. `service/locate.rs` asks the table (`domain/access/table.rs`) whether the caller may; `service/mod.rs` hands out the
//!    published snapshot, one `Arc`; `service/ground/` one of another generation where `at` asks for it.
//! 4. The same file puts the point on the lattice and asks `index/tree.rs` for its owner: `index/cells/` finds it,
//!    `index/near/` the nearest edge, and `index/locator.rs` decides on the outer border. `service/chain.rs` climbs the
//!    tree from there over the duties of `index/roster.rs`; `service/mediators.rs` picks who is near and fits.
//! 5. `format/answer.rs` writes the answer; the command line's `gridmap locate` prints the same bytes.
//!
//! A longitude and a latitude alone are what most ask: `service/answer_cache.rs` gives the same bytes by filling the template
//! it keeps of each grid (`format/answer_template.rs`), before any route is looked up.
//!
//! # One search, file by file
//! `GET /api/search?q=cgz`: `api/search.rs` reads the words; `service/search.rs` asks the table whose names the caller may find
//! and keeps the names of the published ground; `index/names/` scans them: folded (`index/names/fold.rs`),
//! spelt (`index/names/spelling.rs`), ranked.
//!
//! # One tile, file by file
//! `GET /api/collections/grids/tiles/WebMercatorQuad/10/408/806?level=grid`: `api/tiles.rs` reads the address;
//! `service/collections/tiles.rs` asks the table, tells whether the caller has the tile already, and draws what the caller's
//! areas hold; `index/tile_geometry.rs` has projected the chains of the planar graph once, keeps them simplified for each zoom
//! (`geometry/tile/`), finds the grids and cuts their rings at the frame; `format/mvt.rs` writes them. Since what two grids
//! share is one chain, no gap shows between them at any zoom.
//!
//! # One list, file by file
//! `GET /api/collections/incidents/items?status=open`: `api/items.rs` reads the query, all faults at once;
//! `service/collections/list.rs` asks the table, makes the caller's areas (`domain/access/scope.rs`) a condition of the query
//! (`store/list.rs`), and names what the answer hangs on (`service/validator.rs`); `api/stored.rs` writes row by row what
//! `service/collections/item.rs` shows of each. How many there are is added up from counts by grid
//! (`service/collections/count.rs`), of which only those are made again in whose grids something has changed
//! (`service/touched.rs`).
//!
//! # One import, file by file
//! `gridmap import grids grids.geojson`:
//! 1. `cli/import/` reads the arguments and opens the files with a progress bar.
//! 2. `service/import/stream.rs` reads records beside the work, whatever their encoding (`format/encoding.rs`):
//!    `format/geojson/` cuts features apart, `format/grid.rs` understands one; every fault keeps its place
//!    (`format/fault.rs`).
//! 3. `service/import/grids.rs` makes the tree that would be and has it checked: `geometry/coverage/check/` finds faults by
//!    place, kind and size, `geometry/coverage/topology.rs` builds the planar graph that all levels are rendered from.
//! 4. It is a change of the ground in force at its own date (`domain/timeline.rs`): `service/ground/draft.rs` merges it into
//!    what waits for later dates, and refuses it by place where it does not fit. `service/ground/publish.rs` writes all of it
//!    in one transaction, with the homes that now lie elsewhere (`service/relocate.rs`): `store/transaction.rs` is the promise,
//!    `store/unit/` keeps it over `store/sqlite/` or `store/postgres/`, and writes who did it and why beside it.
//! 5. The commit wakes the feed (`store/feed.rs`); in every running server `service/follow.rs` reads what changed, has
//!    the tree patched there (`index/patch/`) and publishes the next snapshot (`index/published.rs`). Readers of the
//!    old one finish on it.
//!
//! Homes, incidents and service points are located record by record and set aside in the database (`store/stage.rs`) while
//! others write; `service/import/located.rs` then puts all of them in one transaction, on the ground that is by then.
//!
//! # One noun more
//! A noun is described once, in a file of `store/record/`: its columns, which of them are derived, personal or can be asked
//! for, its place, its time and its grid. `store/table/` writes every statement from that in the words of both databases
//! (`store/sqlite/dialect.rs`, `store/postgres/dialect.rs`). `store/table/mod.rs` says step by step what else a noun needs, and
//! `tests/it/records/` adds one.
//!
//! # What always holds
//! - A boundary's vertices lie on the lattice of 1e-7 degree; every question of side is answered in integers.
//! - In a published level no two grids overlap, and neighbours share their vertices; there are gaps only as listed faults.
//! - The grid of a stored thing is that of the settled ground, over which the snapshot is; what a waiting generation will make
//!   of it is kept apart until its day (`service/ground/settle.rs`).
//! - A generation of the ground is never changed. A snapshot is never changed. One request sees one snapshot.
//! - What was done about an incident is only added to (`store/steps.rs`): no import and no change of it takes a step away.
//! - A store sees one region of its database. Each revision has an entry in the journal: who, why and when.
//! - Writers commit one at a time and before that go on side by side: whoever commits on another ground than its things were
//!   located on puts them on that one, or is refused.
//! - A revision is visible only after its rows are committed, and every instance, the writer too, learns of it from the
//!   change feed.
//! - A point inside the ground has exactly one owner at the deepest level; the levels above follow by the tree.
//! - Who may do what is one table, `domain/access/table.rs`; every service function takes the caller, and what a caller's
//!   areas do not hold is not there.
//! - Personal data is [`domain::Personal`]: it is read only with a grant for it, of things inside the grant's areas.
//! - Who may not see exact counts sees those of the release (`service/release.rs`): rounded once a week
//!   (`analysis/disclosure.rs`), kept in the store, and every count such a caller sees is computed from nothing else.
//! - What is kept for later answers (`service/caches.rs`) serves all callers: it is keyed by what the answers hang on.
//! - Each revision changes parts of what is stored (`domain/part.rs`): the ground, the people, the homes, the incidents. Tags and
//!   caches hang on the parts they read, so an incident that is stored leaves all that is said of the ground as it was.

pub mod analysis;
pub mod api;
pub mod cli;
pub mod config;
pub mod domain;
pub mod format;
pub mod geometry;
pub mod index;
pub mod service;
pub mod store;
