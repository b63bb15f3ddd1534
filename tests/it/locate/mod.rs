//! Who answers for a point: against the demo county, an independent oracle, and tables of small worlds.

mod answer_cache;
mod boxes;
mod bulk;
mod cells;
mod chain;
mod columns;
mod command;
mod dates;
mod edge;
mod homes;
mod mediators;
mod oracle;
mod patched;
mod people_oracle;
mod postgis;
mod rows;
mod scan;
pub(crate) mod world;
