//! Writing any noun's table.

use super::{Column, ColumnKind, Dialect, GRID_PATH, GridRelation, Row, TableSpec};

/// Writes the rows: new ones are stored, known ones replaced where they differ.
///
/// The version rises where a column that is not derived differs; where that is more than further steps, the row is `edited`
/// or not from then on. What is stored or differs is counted by the rows affected, or with `returning` given back as `id`
/// and, where the table has one, `grid_path`.
pub(in crate::store) fn upsert<S: Dialect>(
    sql: &mut S,
    table: &TableSpec,
    region: &str,
    rows: &[Row<'_>],
    edited: bool,
    returning: bool,
) {
    sql.text("insert into ").text(table.name).text(" as t (region_code, ").text(table.id).text(", version, edited");
    for &column in table.columns.iter().flat_map(S::written) {
        sql.text(", ").text(column);
    }
    sql.text(") ").rows(table, region, rows, edited);
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
        sql.text(" returning ").text(table.id).text(" as id");
        grid_path(sql, table);
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

/// Writes the select of `id`, `version` and, where the table has one, `grid_path` of those of `ids` that are there.
pub(in crate::store) fn versions(sql: &mut impl Dialect, table: &TableSpec, region: &str, ids: &[&str]) {
    sql.text("select ").text(table.id).text(" as id, version");
    grid_path(sql, table);
    sql.text(" from ").text(table.name).text(" where region_code = ").bind_text(region);
    sql.text(" and ").text(table.id).text(" in ").texts(ids);
}

/// Writes the select of the `id` of those of `ids` that were edited, or are no longer there.
pub(in crate::store) fn edited(sql: &mut impl Dialect, table: &TableSpec, region: &str, ids: &[&str]) {
    sql.text("select ").text(table.id).text(" as id from ").text(table.name).text(" where region_code = ");
    sql.bind_text(region).text(" and edited and ").text(table.id).text(" in ").texts(ids);
    sql.text(" union all select f.former_id from former_version f where f.region_code = ").bind_text(region);
    sql.text(" and f.noun = '").text(table.name).text("' and f.former_id in ").texts(ids);
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
