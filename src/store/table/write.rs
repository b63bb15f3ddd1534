//! Writing any noun's table.

use super::{Column, ColumnKind, Dialect, GRID_PATH, GridRelation, Row, TableSpec};

/// The rows that are written.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) enum Source<'a> {
    /// These, in a region; `edited` where it is somebody's own change.
    Given { region: &'a str, rows: &'a [Row<'a>], edited: bool },
    /// What is staged, from behind one place up to another.
    Staged { after: i64, upto: i64 },
}

/// Writes the rows: new ones are stored, known ones replaced where they differ.
///
/// The version rises where a column that is not derived differs; where that is more than further steps, the row is `edited`
/// or not from then on. What is stored or differs is counted by the rows affected, or with `returning` given back as `id`,
/// `version` and, where the table has one, `grid_path`.
pub(in crate::store) fn upsert<S: Dialect>(sql: &mut S, table: &TableSpec, source: Source<'_>, returning: bool) {
    let row = if matches!(source, Source::Staged { .. }) { S::STAGED_ROW } else { "" };
    into(sql, table, row);
    match source {
        Source::Given { region, rows, edited } => {
            sql.rows(table, region, rows, edited);
        }
        Source::Staged { after, upto } => {
            sql.text("select ").text(row);
            columns(sql, table);
            // Without a condition SQLite would take what follows for that of a join.
            sql.text(" from staged where ").text(S::STAGED_PLACE).text(" > ").bind_integer(after);
            sql.text(" and ").text(S::STAGED_PLACE).text(" <= ").bind_integer(upto);
            sql.text(" order by ").text(S::STAGED_PLACE);
        }
    }
    sql.text(" on conflict (region_code, ").text(table.id).text(") do update set version = t.version + case when ");
    differs(sql, table, |column| !column.is_derived);
    sql.text(" then 1 else 0 end, edited = case when ");
    differs(sql, table, |column| !column.is_derived && column.kind != ColumnKind::Steps);
    sql.text(" then excluded.edited else t.edited end");
    for &column in table.columns.iter().flat_map(S::written) {
        sql.text(", ").text(column).text(" = excluded.").text(column);
    }
    sql.text(" where ");
    differs(sql, table, |_| true);
    if returning {
        sql.text(" returning ").text(table.id).text(" as id, version");
        grid_path(sql, table);
    }
}

/// Writes rows that are not there yet, and gives back those that were not, like [`upsert`] does. A row that others are about
/// to write is waited for.
///
/// A version goes on from the one that was there before, which a trigger sees to only after this has been given back.
pub(in crate::store) fn insert<S: Dialect>(sql: &mut S, table: &TableSpec, region: &str, rows: &[Row<'_>]) {
    into(sql, table, "");
    sql.rows(table, region, rows, true);
    sql.text(" on conflict (region_code, ").text(table.id).text(") do nothing returning ").text(table.id);
    sql.text(" as id, version + coalesce((select f.version from former_version f where f.region_code = ");
    sql.bind_text(region).text(" and f.noun = '").text(table.name).text("' and f.former_id = ").text(table.id);
    sql.text("), 0) as version");
    grid_path(sql, table);
}

fn into<S: Dialect>(sql: &mut S, table: &TableSpec, row: &'static str) {
    sql.text("insert into ").text(table.name).text(" as t (").text(row);
    columns(sql, table);
    sql.text(") ");
}

/// Writes all columns, as [`Dialect::rows`] has them.
pub(in crate::store) fn columns<S: Dialect>(sql: &mut S, table: &TableSpec) {
    sql.text("region_code, ").text(table.id).text(", version, edited");
    for &column in table.columns.iter().flat_map(|column: &'static Column| S::written(column)) {
        sql.text(", ").text(column);
    }
}

/// Writes whether any of the columns that `counts` is another than before.
fn differs<S: Dialect>(sql: &mut S, table: &TableSpec, counts: impl Fn(&Column) -> bool) {
    let columns = || table.columns.iter().filter(|column| counts(column)).flat_map(S::compared);
    for (before, comma, after) in [("(t.", ", t.", ") is distinct from "), ("(excluded.", ", excluded.", ")")] {
        for (at, &column) in columns().enumerate() {
            sql.text(if at == 0 { before } else { comma }).text(column);
        }
        sql.text(after);
    }
}

/// Writes the select of `id`, `version` and, where the table has one, `grid_path` of those of `ids` that are there. Nobody
/// else changes them until the end of the transaction.
pub(in crate::store) fn versions<S: Dialect>(sql: &mut S, table: &TableSpec, region: &str, ids: &[&str]) {
    sql.text("select ").text(table.id).text(" as id, version");
    grid_path(sql, table);
    sql.text(" from ").text(table.name).text(" where region_code = ").bind_text(region);
    sql.text(" and ").text(table.id).text(" in ").texts(ids).text(" order by ").text(table.id).text(S::FOR_UPDATE);
}

/// Writes the select of the `id` of those that were edited, or are no longer there, of the ids in a list that `ids` writes.
pub(in crate::store) fn edited<S: Dialect>(sql: &mut S, table: &TableSpec, region: &str, ids: impl Fn(&mut S)) {
    sql.text("select ").text(table.id).text(" as id from ").text(table.name).text(" where region_code = ");
    sql.bind_text(region).text(" and edited and ").text(table.id).text(" in ");
    ids(sql);
    sql.text(" union all select f.former_id from former_version f where f.region_code = ").bind_text(region);
    sql.text(" and f.noun = '").text(table.name).text("' and f.former_id in ");
    ids(sql);
    sql.text(" and not exists (select 1 from ").text(table.name).text(" t where t.region_code = f.region_code and t.");
    sql.text(table.id).text(" = f.former_id)");
}

fn grid_path(sql: &mut impl Dialect, table: &TableSpec) {
    if table.grid == GridRelation::Path {
        sql.text(", ").text(GRID_PATH);
    }
}

pub(in crate::store) fn delete(sql: &mut impl Dialect, table: &TableSpec, region: &str, id: &str) {
    sql.text("delete from ").text(table.name).text(" where region_code = ").bind_text(region);
    sql.text(" and ").text(table.id).text(" = ").bind_text(id);
}
