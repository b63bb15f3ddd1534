//! HTTP only: parse, call one service function, render.
//!
//! `routes` lists every route with its handler and with what the API's description says of it; [`router::Routes`] serves them,
//! [`server::serve`] runs it all. `collections` lists what they serve, `error` alone picks status codes. Follow `locate` for
//! the shortest way through, `stored` for the streamed one.
//!
//! The description is written from what the handlers use: the type of an answer (in the handler's file or in `*_answer`) has
//! its schema derived, a `parameter` is read by its name, and an `operation` is a function beside its handler. Only what no
//! type says is written by hand: the patterns of texts in `value_schemas` and the body of an incident in `incident_schema`.
//! `openapi` puts it together.

mod address;
mod app;
mod basemaps;
mod body;
mod collection_answer;
mod collections;
mod coverage;
mod coverage_answer;
mod description;
mod error;
mod features;
mod figures;
mod figures_answer;
mod geojson_schemas;
mod grids;
mod guard;
mod health;
mod hotspots;
mod hotspots_answer;
mod incident_body;
mod incident_schema;
mod incidents;
mod items;
mod locate;
mod locate_answer;
mod locate_body;
mod locate_many;
mod matrix_sets;
mod metrics;
mod openapi;
mod operation;
mod origins;
pub mod page;
mod page_policy;
mod parameter;
mod params;
mod region;
mod region_answer;
mod representation;
mod router;
mod routes;
mod search;
mod server;
mod steps;
mod stored;
mod tiles;
mod tileset_answer;
mod tilesets;
mod unpack;
mod value_schemas;
mod wire;

pub use address::PublicAddress;
pub use app::App;
pub use router::Routes;
pub use server::serve;
