//! Reading one row of an answer, by column name.

use chrono::{DateTime, Utc};

use crate::domain::{GridPath, Id, Personal};
use crate::geometry::{Boundary, Position};
use crate::store::Result;
use crate::store::error::inconsistent;
use crate::store::row::{path, wkb};

/// One row of an answer, by column name. Each fails where the column holds something else.
pub trait Cells {
    fn text(&self, column: &'static str) -> Result<String>;
    fn text_or_null(&self, column: &'static str) -> Result<Option<String>>;
    fn integer(&self, column: &'static str) -> Result<i64>;
    fn integer_or_null(&self, column: &'static str) -> Result<Option<i64>>;
    fn real(&self, column: &'static str) -> Result<f64>;
    fn real_or_null(&self, column: &'static str) -> Result<Option<f64>>;
    fn instant(&self, column: &'static str) -> Result<DateTime<Utc>>;
    fn instant_or_null(&self, column: &'static str) -> Result<Option<DateTime<Utc>>>;
    fn bytes(&self, column: &'static str) -> Result<Vec<u8>>;
    fn bytes_or_null(&self, column: &'static str) -> Result<Option<Vec<u8>>>;
}

/// What the cells mean.
impl dyn Cells + '_ {
    pub fn id<T>(&self, column: &'static str) -> Result<Id<T>> {
        Id::new(&self.text(column)?).map_err(|e| inconsistent(column, e))
    }

    pub fn id_or_null<T>(&self, column: &'static str) -> Result<Option<Id<T>>> {
        self.text_or_null(column)?.map(|text| Id::new(&text).map_err(|e| inconsistent(column, e))).transpose()
    }

    /// The word of a column as what it means.
    pub fn word<T>(&self, column: &'static str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T> {
        let word = self.text(column)?;
        parse(&word).ok_or_else(|| inconsistent(column, word))
    }

    /// The number of a column, of the width the domain keeps it in.
    pub fn whole<N: TryFrom<i64>>(&self, column: &'static str) -> Result<N> {
        let number = self.integer(column)?;
        N::try_from(number).map_err(|_| inconsistent(column, number))
    }

    pub fn whole_or_null<N: TryFrom<i64>>(&self, column: &'static str) -> Result<Option<N>> {
        let whole = |number| N::try_from(number).map_err(|_| inconsistent(column, number));
        self.integer_or_null(column)?.map(whole).transpose()
    }

    pub fn personal(&self, column: &'static str) -> Result<Personal<Option<String>>> {
        Ok(Personal::new(self.text_or_null(column)?))
    }

    pub fn position(&self) -> Result<Position> {
        Position::new(self.real("lon")?, self.real("lat")?).map_err(|e| inconsistent("position", e))
    }

    pub fn position_or_null(&self) -> Result<Option<Position>> {
        self.real_or_null("lon")?.is_some().then(|| self.position()).transpose()
    }

    pub fn boundary_or_null(&self) -> Result<Option<Boundary>> {
        self.bytes_or_null("boundary")?.map(|bytes| wkb::read(&bytes)).transpose()
    }

    pub fn grid_path(&self) -> Result<Option<GridPath>> {
        self.text_or_null("grid_path")?.map(|text| path::read(&text)).transpose()
    }
}

/// Implements [`Cells`] for a driver's row; the drivers share no trait that would do without.
macro_rules! cells {
    ($row:ty) => {
        impl_cells!($row: text String, text_or_null Option<String>, integer i64, integer_or_null Option<i64>,
            real f64, real_or_null Option<f64>, instant DateTime<Utc>, instant_or_null Option<DateTime<Utc>>,
            bytes Vec<u8>, bytes_or_null Option<Vec<u8>>);
    };
}

macro_rules! impl_cells {
    ($row:ty: $($name:ident $cell:ty),+) => {
        impl Cells for $row {
            $(fn $name(&self, column: &'static str) -> Result<$cell> {
                Ok(sqlx::Row::try_get(self, column)?)
            })+
        }
    };
}

cells!(sqlx::sqlite::SqliteRow);
cells!(sqlx::postgres::PgRow);

/// The rows of an answer, of whichever database.
pub trait RowSet: Send {
    fn n_rows(&self) -> usize;
    fn row(&self, at: usize) -> &dyn Cells;
}

impl<R: Cells + Send> RowSet for Vec<R> {
    fn n_rows(&self) -> usize {
        self.len()
    }

    fn row(&self, at: usize) -> &dyn Cells {
        &self[at]
    }
}
