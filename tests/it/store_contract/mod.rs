//! What every store promises, run on both backends.
//!
//! Start with [`made`], which makes the things that are stored; each file then holds one kind of promise.

mod made;
mod things;
