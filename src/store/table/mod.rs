//! Nouns described once: every statement about a table of things follows from its [`TableSpec`].
//!
//! A [`Record`] says how a thing fills its columns and is read from them; the two `Dialect`s write what differs between
//! SQLite and PostgreSQL (`select`, `write`). Kept by hand rather than by a query builder of others: arrays of a column
//! (`unnest`), the R*Tree, and row comparisons with nulls would be raw text in those, too.
//!
//! # How to add a noun
//! 1. `domain/`: the type, and a constant in [`Noun`].
//! 2. `migrations/{sqlite,postgres}/NNNN_x.sql` and both lists of `store/migrations.rs`: the table `x` with `region_code`,
//!    `x_id`, `version`, `edited` and its columns, the key `x_key` on the first two, the triggers of `former_version`. What
//!    has a place is `lon, lat` with an R*Tree `x_box (row_id, west, east, south, north)` on SQLite, and `position` with a
//!    `gist` index on PostgreSQL; an index on `(region_code, grid_path)` serves "in this grid or below".
//! 3. `store/record/x.rs`: its [`TableSpec`] and [`Record`], and a line in `store/record/mod.rs`.
//! 4. `format/x.rs`: its fields of an import and its properties in GeoJSON and CSV.
//! 5. `api/collections.rs`: what can be asked of it over HTTP.
//!
//! Then `store.list::<X>(filter)`, `transaction.put(&[x], expect)`, `count`, `delete`, versions, boxes, times, grids, pages,
//! the feed and the journal are there. `tests/it/records/` adds one in this way.

pub(in crate::store) mod cells;
pub(in crate::store) mod dialect;
pub(in crate::store) mod row;
pub(in crate::store) mod select;
pub(in crate::store) mod staged;
pub(in crate::store) mod write;

pub use cells::{Cells, RowSet};
pub use row::{Row, Value};

use super::{Property, Result};
use crate::domain::Noun;
pub(in crate::store) use dialect::Dialect;

/// A thing that is kept in a table of its own, one row each.
pub trait Record: Sized + Send + Sync + 'static {
    const TABLE: &'static TableSpec;

    fn id(&self) -> &str;

    /// Fills the columns of the table but the id.
    fn bind<'a>(&'a self, row: &mut Row<'a>);

    /// Reads what [`Self::bind`] wrote.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`](super::StoreError::Inconsistent) for a row that no version of this program writes.
    fn read(row: &dyn Cells) -> Result<Self>;
}

/// How one noun is kept, alike in both databases.
#[derive(Debug)]
pub struct TableSpec {
    pub noun: Noun,
    pub name: &'static str,
    /// The column of the identifier; with the region's code it is the key.
    pub id: &'static str,
    /// All others but the region's code, the version and whether it is edited, in the order they are written.
    pub columns: &'static [Column],
    pub time: Time,
    pub grid: GridRelation,
}

/// One column, named alike in both databases; a place is kept in columns of each database's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: ColumnKind,
    /// It follows from other columns, or from the ground: that it differs raises no version.
    pub is_derived: bool,
    /// Its values are [`Personal`](crate::domain::Personal): nobody can ask for things by it.
    pub is_personal: bool,
    /// It can be asked for by value.
    pub is_filterable: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    Text,
    Integer,
    Real,
    /// Kept to the microsecond.
    Instant,
    /// Where the thing is; a table has at most one, called `position`, read as `lon` and `lat`.
    Point,
    /// The area it has of its own; at most one, called `boundary`, read as well-known binary.
    Boundary,
    /// What was done about it, kept in the table `step`, where a write only adds; at most one, called `steps`, read as a
    /// JSON list of `[kind, at, by]` in order of time. The thing's own table keeps how many there are, `n_steps`.
    Steps,
}

impl Column {
    const fn new(name: &'static str, kind: ColumnKind) -> Self {
        Self { name, kind, is_derived: false, is_personal: false, is_filterable: false }
    }

    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        Self::new(name, ColumnKind::Text)
    }

    #[must_use]
    pub const fn integer(name: &'static str) -> Self {
        Self::new(name, ColumnKind::Integer)
    }

    #[must_use]
    pub const fn real(name: &'static str) -> Self {
        Self::new(name, ColumnKind::Real)
    }

    #[must_use]
    pub const fn instant(name: &'static str) -> Self {
        Self::new(name, ColumnKind::Instant)
    }

    #[must_use]
    pub const fn position() -> Self {
        Self::new("position", ColumnKind::Point)
    }

    #[must_use]
    pub const fn boundary() -> Self {
        Self::new("boundary", ColumnKind::Boundary)
    }

    #[must_use]
    pub const fn steps() -> Self {
        Self::new("steps", ColumnKind::Steps)
    }

    /// The name of a column that both databases keep under it.
    pub(in crate::store) const fn alone(&'static self) -> &'static [&'static str] {
        std::slice::from_ref(&self.name)
    }

    /// The way down to the grid that the ground puts the thing in.
    #[must_use]
    pub const fn grid_path() -> Self {
        Self::text(GRID_PATH).derived()
    }

    #[must_use]
    pub const fn derived(self) -> Self {
        Self { is_derived: true, ..self }
    }

    /// # Panics
    /// When it is filterable, so in a constant the program does not build.
    #[must_use]
    pub const fn personal(self) -> Self {
        assert!(!self.is_filterable, "nobody asks for things by a personal column");
        Self { is_personal: true, ..self }
    }

    /// # Panics
    /// When it is personal, so in a constant the program does not build.
    #[must_use]
    pub const fn filterable(self) -> Self {
        assert!(!self.is_personal, "nobody asks for things by a personal column");
        Self { is_filterable: true, ..self }
    }
}

/// The column of [`Column::grid_path`].
pub const GRID_PATH: &str = "grid_path";

/// How a noun lies in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    Timeless,
    /// At the instant of this column.
    Instant(&'static str),
    /// From the instant of one column up to but not at that of the other; null is open.
    Period {
        from: &'static str,
        to: &'static str,
    },
}

/// How the things of a noun relate to the tree of grids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GridRelation {
    None,
    /// By its derived [`Column::grid_path`].
    Path,
    /// It names one grid, `grid_id`.
    Named,
}

/// The place of a noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Place {
    None,
    Point,
    Boundary,
}

impl TableSpec {
    pub(in crate::store) fn place(&self) -> Place {
        let has = |kind| self.columns.iter().any(|column| column.kind == kind);
        match (has(ColumnKind::Point), has(ColumnKind::Boundary)) {
            (true, _) => Place::Point,
            (_, true) => Place::Boundary,
            _ => Place::None,
        }
    }

    /// Whether its things have steps.
    pub(in crate::store) fn has_steps(&self) -> bool {
        self.columns.iter().any(|column| column.kind == ColumnKind::Steps)
    }

    /// The column that `property` asks for, if things of this noun can be asked for by it.
    pub(in crate::store) fn filterable(&self, property: Property) -> Option<&'static str> {
        let column = self.columns.iter().find(|column| column.is_filterable && column.name == property.column())?;
        Some(column.name)
    }
}
