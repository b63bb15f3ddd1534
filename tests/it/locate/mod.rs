//! Who answers for a point: against the demo county, an independent oracle, and tables of small worlds.

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
mod postgis;
mod prepared;
mod rows;
pub(crate) mod world;
