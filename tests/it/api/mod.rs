//! The API as clients meet it: the real server on a free port, over the demo county.

mod away;
mod callers;
mod columns;
mod county;
mod doors;
mod duties;
mod figures;
mod gdal;
mod hostile;
mod http;
mod items;
mod locate;
mod process;
mod public;
mod scoped;
mod tags;
mod tiles;
mod untold;
mod writes;
