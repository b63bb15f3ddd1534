//! HTTP only: parse, call one service function, render.
//!
//! `routes` lists every route with what describes it, [`router::Routes`] serves them; `collections` describes what they serve, `error` alone picks status codes.
//! [`server::serve`] runs it all. Follow `locate` for the shortest way through, `stored` for the streamed one.

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
mod parameter;
mod params;
mod region;
mod region_answer;
mod representation;
mod router;
mod routes;
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
