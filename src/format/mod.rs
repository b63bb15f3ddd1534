//! Bytes in, domain out, and back.
//!
//! Reading goes in three steps, so that each can be read alone: [`text`] makes sure that the bytes are UTF-8,
//! [`record`] turns a file into [`Record`]s (a line of CSV, a feature of GeoJSON: columns, texts and a shape), and one
//! file per noun ([`household`], [`incident`], ...) turns a record into a thing or into **all** of its [`Fault`]s.
//! Files of any length are read with the memory of one record.
//!
//! Writing starts from [`properties`], one list of names and values per noun, which GeoJSON and CSV both print.

pub mod answer;
pub mod answer_template;
mod basemap_problem;
pub mod basemaps;
pub mod csv;
pub mod duty;
pub mod encoding;
pub mod fault;
pub mod geojson;
pub mod grid;
pub mod holder;
pub mod household;
pub mod incident;
pub mod json;
pub mod keys;
pub mod locate_rows;
pub mod manifest;
pub mod mvt;
pub mod profile;
pub mod properties;
mod raw_record;
pub mod record;
pub mod region;
mod rings;
pub mod row;
pub mod service_point;
pub mod step;
pub mod text;
pub mod time;

pub use fault::{Fault, Place, Problem, ReadError};
pub use properties::Value;
pub use raw_record::{Mapping, Record};
