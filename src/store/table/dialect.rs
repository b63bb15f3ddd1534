//! What differs between the two databases, in words.

use chrono::{DateTime, Utc};

use super::{Column, Row, TableSpec};
use crate::domain::{GenerationNumber, Noun};
use crate::geometry::Bbox;
use crate::store::Pending;

/// A statement being written in the words of one database: constant text and bound values. What a user wrote is always
/// a bound value.
pub(in crate::store) trait Dialect: Sized + Send + 'static {
    /// The instant a statement runs at, as instants are kept.
    const NOW: &'static str;
    /// Ends a select whose rows nobody else changes until the end of the transaction.
    const FOR_UPDATE: &'static str;
    /// The column of a row's number that staged rows have been given, with a comma, where there is one.
    const STAGED_ROW: &'static str;
    /// The column of the place of a staged row.
    const STAGED_PLACE: &'static str;
    /// Begins an empty statement.
    fn empty() -> Self;

    fn text(&mut self, sql: &'static str) -> &mut Self;
    fn bind_text(&mut self, value: &str) -> &mut Self;
    fn bind_text_or_null(&mut self, value: Option<&str>) -> &mut Self;
    /// An identifier that is a column of its own: typed and collated as the columns of ids are.
    fn bind_id(&mut self, value: &str) -> &mut Self;
    fn bind_integer(&mut self, value: i64) -> &mut Self;
    fn bind_real(&mut self, value: f64) -> &mut Self;
    fn bind_instant(&mut self, value: DateTime<Utc>) -> &mut Self;
    fn bind_bytes(&mut self, value: &[u8]) -> &mut Self;

    /// Writes the column of a select from `t`, under the name it is read by.
    fn column(&mut self, column: &Column) -> &mut Self;
    /// The columns in which this database keeps a column.
    fn written(column: &'static Column) -> &'static [&'static str];
    /// Those of them that tell whether the value is another.
    fn compared(column: &'static Column) -> &'static [&'static str];

    /// Writes `(select ...)`, or the like, of the texts of a list: what follows `in`.
    fn texts(&mut self, list: &[&str]) -> &mut Self;
    /// Writes where the rows of an insert come from: the region, id, version 1, whether they are edited and the written
    /// columns.
    fn rows(&mut self, table: &TableSpec, region: &str, rows: &[Row<'_>], edited: bool) -> &mut Self;

    /// Writes ` where` with the region and, by the spatial index and exactly, any of `boxes`; none is no condition.
    fn narrow_place(&mut self, table: &TableSpec, region: &str, boxes: &[Bbox]) -> &mut Self;

    /// The statements that make `staged` of the `n_rows` that were gathered; where they are many, each at its place in the
    /// order of [`staged::order`].
    ///
    /// [`staged::order`]: super::staged::order
    fn sort_staged(table: &TableSpec, n_rows: usize) -> Vec<Self>;

    /// The statements that set the grid path of each id where it differs; the last one does it.
    fn relocations(table: &TableSpec, region: &str, moved: &[(&str, Option<String>)]) -> Vec<Self>;
    /// Writes the same from what is pending for a generation.
    fn take_over(&mut self, table: &TableSpec, region: &str, generation: GenerationNumber) -> &mut Self;
    /// Writes an insert of what is pending.
    fn put_pending(&mut self, region: &str, noun: Noun, pending: &[Pending]) -> &mut Self;

    /// Writes the number of the week of an instant's column, with `offset` seconds before it is counted.
    fn week(&mut self, column: &'static str, offset: i64) -> &mut Self;
    /// A null of the kind of a week.
    const NO_WEEK: &'static str;
}

/// The columns a box is compared with: the same ones twice for a point.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Box2d {
    pub(in crate::store) west: &'static str,
    pub(in crate::store) east: &'static str,
    pub(in crate::store) south: &'static str,
    pub(in crate::store) north: &'static str,
}

/// Writes the exact comparison of `columns` with any of `boxes`, edges included.
///
/// The spatial indexes of both backends round to 32-bit floats, up to 0.7 m off; this re-checks what they let through.
pub(in crate::store) fn exact_box(sql: &mut impl Dialect, columns: Box2d, boxes: &[Bbox]) {
    for (place, plain) in boxes.iter().enumerate() {
        sql.text(if place == 0 { " and (" } else { " or " });
        sql.text("(").text(columns.west).text(" <= ").bind_real(plain.east);
        sql.text(" and ").text(columns.east).text(" >= ").bind_real(plain.west);
        sql.text(" and ").text(columns.south).text(" <= ").bind_real(plain.north);
        sql.text(" and ").text(columns.north).text(" >= ").bind_real(plain.south).text(")");
    }
    sql.text(")");
}
