//! gridmap tells who answers for a point, and keeps the ground it answers from true.
//!
//! Counties divide their ground into small grids, in a tree county > township > village > grid > group. gridmap stores
//! the grids, the homes on them, the people who answer and the incidents that happen; it answers "which grid, leader
//! and mediator covers this point" from memory, for now or for a past day, and serves everything as GeoJSON.
//!
//! # The rooms
//! | room | job | may use |
//! |---|---|---|
//! | [`geometry`] | valid shapes on the lattice, the planar graph of the whole tree, the checker, coordinate systems | - |
//! | [`domain`] | the nouns and the rules that hold without a database | geometry |
//! | `index` | "what covers this point", from one immutable snapshot | domain |
//! | [`store`] | keeps every change, alike on SQLite and PostgreSQL | domain |
//! | `format` | bytes in, domain out, and back: GeoJSON, CSV, TOML | domain |
//! | `service` | one user task per file: locate, import, check, follow | all above |
//! | [`api`] | HTTP only: parse, call one service function, render; every route stands in `router.rs` | service, config |
//! | `cli` | the command line: parse, call one service function, print; `serve` alone wires `api` | service, config |
//!
//! Imports run one way, downwards in this table, and `index`, `store` and `format` never see each other. Only `store`
//! names sqlx, only `geometry` and `index` rstar, only `index` arc-swap, only `api` axum, only `cli` prints.
//! `tests/it/architecture.rs` holds this.
//!
//! # What always holds
//! - A boundary's vertices lie on the lattice of 1e-7 degree; every question of side is answered in integers.
//! - In a published level no two grids overlap, and neighbours share their vertices; gaps stand only as listed faults.
//! - A generation of the ground is never changed. A snapshot is never changed. One request sees one snapshot.
//! - A revision is visible only after its rows are committed, and every instance, the writer too, learns of it from the
//!   change feed.
//! - A point inside the ground has exactly one owner at the deepest level; the levels above follow by the tree.
//! - Personal data is [`domain::Personal`]: it is read only with an entitlement.

pub mod api;
pub mod cli;
pub mod config;
pub mod domain;
pub mod format;
pub mod geometry;
pub mod index;
pub mod service;
pub mod store;
