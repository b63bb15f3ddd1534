//! The API as clients meet it: the real server on a free port, over the demo county.

mod away;
mod callers;
mod columns;
mod county;
mod doors;
mod duties;
mod figures;
mod files;
mod gdal;
mod hostile;
mod http;
mod items;
mod locate;
mod metrics;
mod origins;
mod packed;
mod parts;
mod process;
mod public;
mod scoped;
mod several_callers;
mod steps;
mod tags;
mod tiles;
mod untold;
mod writes;
