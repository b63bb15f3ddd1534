//! What every store promises, run on both backends.
//!
//! Start with [`made`], which makes the things that are stored; each other file holds one kind of promise.

mod changes;
mod counts;
mod faults;
mod ground;
pub(crate) mod journal;
mod lists;
pub(crate) mod made;
mod regions;
mod roles;
mod steps;
mod things;
