//! The statements about rows that are set aside in temporary tables of one connection: `gathered` as they come, `staged` each
//! at its place, of many in the order in which they are stored best. Their steps, where they have some, are set aside by
//! `store::steps`.

use super::{Dialect, GRID_PATH, GridRelation, Row, TableSpec, write};

/// How many staged rows are read at once.
const PAGE: i64 = 5_000;

/// The places of `n_rows` staged rows, in parts that are stored by one statement each. Small enough that the triggers of a
/// table of which PostgreSQL does not know yet how large it grows need not go well with all of it.
pub(in crate::store) fn parts(n_rows: usize) -> impl Iterator<Item = (i64, i64)> {
    let n_rows = i64::try_from(n_rows).unwrap_or(i64::MAX);
    std::iter::successors(Some(0), |after| Some(after + PAGE))
        .take_while(move |&after| after < n_rows)
        .map(|after| (after, after + PAGE))
}

/// Writes the statement that makes the table of what is gathered.
pub(in crate::store) fn gather<S: Dialect>(table: &TableSpec) -> S {
    let mut rows = S::empty();
    rows.text("create temporary table gathered as select ");
    write::columns(&mut rows, table);
    rows.text(" from ").text(table.name).text(" where false");
    rows
}

/// Writes the insert of rows that are set aside.
pub(in crate::store) fn add(sql: &mut impl Dialect, table: &TableSpec, region: &str, rows: &[Row<'_>]) {
    sql.text("insert into gathered (");
    write::columns(sql, table);
    sql.text(") ").rows(table, region, rows, false);
}

/// Writes the statements that bring the `n_rows` that were gathered into order.
pub(in crate::store) fn sort<S: Dialect>(table: &TableSpec, n_rows: usize) -> Vec<S> {
    let mut statements = S::sort_staged(table, n_rows);
    let mut index = S::empty();
    index.text("create unique index staged_by_id on staged (").text(table.id).text(")");
    let mut statistics = S::empty();
    statistics.text("analyze staged");
    statements.extend([index, statistics]);
    statements
}

/// Writes the columns that order them: what lies in one grid together, since the indexes grow faster so.
pub(in crate::store) fn order(sql: &mut impl Dialect, table: &TableSpec) {
    if table.grid == GridRelation::Path {
        sql.text(GRID_PATH).text(", ");
    }
    sql.text(table.id);
}

/// Writes the select of the `id` of what is staged and was edited, or is no longer there.
pub(in crate::store) fn edited(sql: &mut impl Dialect, table: &TableSpec, region: &str) {
    let ids = |sql: &mut _| staged_ids(sql, table);
    write::edited(sql, table, region, ids);
}

/// Writes the delete of it.
pub(in crate::store) fn leave_edited(sql: &mut impl Dialect, table: &TableSpec, region: &str) {
    sql.text("delete from staged where ").text(table.id).text(" in (");
    edited(sql, table, region);
    sql.text(")");
}

/// Writes a page of where staged things are, by id.
pub(in crate::store) fn placed(sql: &mut impl Dialect, table: &'static TableSpec, after: &str) {
    sql.text("select t.").text(table.id).text(" as id, t.").text(GRID_PATH);
    for column in table.columns.iter().filter(|column| column.kind == super::ColumnKind::Point) {
        sql.text(", ").column(column);
    }
    sql.text(" from staged t where t.").text(table.id).text(" > ").bind_id(after);
    sql.text(" order by t.").text(table.id).text(" limit ").bind_integer(PAGE);
}

fn staged_ids(sql: &mut impl Dialect, table: &TableSpec) {
    sql.text("(select ").text(table.id).text(" from staged)");
}
