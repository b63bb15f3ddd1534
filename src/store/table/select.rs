//! Reading any noun's table.

use super::{Dialect, TableSpec};
use crate::store::Filter;
use crate::store::list;

/// Writes the select of one page of `filter`.
pub(in crate::store) fn page<S: Dialect>(sql: &mut S, table: &TableSpec, region: &str, filter: &Filter) {
    sql.text("select t.").text(table.id).text(", t.version");
    for column in table.columns {
        sql.text(", ").column(column);
    }
    sql.text(" from ").text(table.name).text(" t");
    list::narrow(sql, table, region, filter);
    list::page(sql, table, filter);
}

/// Writes the count of all that passes `filter`.
pub(in crate::store) fn count(sql: &mut impl Dialect, table: &TableSpec, region: &str, filter: &Filter) {
    sql.text("select count(*) as n from ").text(table.name).text(" t");
    list::narrow(sql, table, region, filter);
}
