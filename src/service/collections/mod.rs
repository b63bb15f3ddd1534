//! The things of the collections: listed, read, written and drawn, as the caller may see them.
//!
//! A [`CollectionItem`] says of one noun where it is kept and what is shown of it; [`list()`], [`one`] and [`mod@tiles`] do the
//! rest for all nouns alike: they ask the table, bound the query by the caller's scope, and lend the grant for personal values.
//! Grids come from memory ([`mod@grids`]), all others from the store.
//!
//! A list of incidents is a count, of whatever it is narrowed by: even without place and text it would tell the public
//! that a township had two unrest signs in March. So who may not see every count gets no list, and learns from
//! figures how many there are.

mod count;
pub mod grids;
mod item;
mod list;
pub mod steps;
pub mod tiles;
mod words;
pub mod write;

use chrono::{DateTime, Utc};

pub use crate::store::{Property, TimeSpan};
pub use count::CountCache;
pub use item::{CollectionItem, Seen};
pub use list::{Listing, One, list, one};

use crate::geometry::Bbox;

/// What a list is narrowed by, and which page of it is wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    pub bbox: Option<Bbox>,
    pub time: Option<TimeSpan>,
    pub filters: Vec<(By, String)>,
    /// Only ids after this one.
    pub after: Option<String>,
    /// The ground in force then, as known then; grids only.
    pub at: Option<DateTime<Utc>>,
    pub known_at: Option<DateTime<Utc>>,
}

/// What a list can be narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Property(Property),
    /// In this grid or one below it, named by code or id.
    Grid,
    Level,
    Parent,
    Code,
    Name,
}
