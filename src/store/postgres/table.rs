//! Reading and guarding any noun's table.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnection, PgPool, PgRow};
use sqlx::{Postgres, QueryBuilder};

use crate::domain::{Noun, Version};
use crate::store::list::{Box2d, Shape, Sql, exact_box, narrow, page};
use crate::store::row::{Cells, Keyed, check_expected};
use crate::store::{Expect, Filter, Result, StoreError, Stored};

/// How one noun is kept in PostgreSQL.
pub(super) struct Table<T: 'static> {
    pub(super) noun: Noun,
    /// The columns `read` wants, from the table as `t`.
    pub(super) select: &'static str,
    pub(super) count: &'static str,
    pub(super) shape: &'static Shape,
    /// The indexed column, to be compared with a box: `t.position && `.
    pub(super) meets: &'static str,
    pub(super) boxed: Box2d,
    pub(super) read: fn(&PgRow) -> Result<Stored<T>>,
    /// The id and version of those of region `$1` whose id is in the array `$2`.
    pub(super) versions: &'static str,
    pub(super) delete: &'static str,
}

pub(super) const POINT: Box2d =
    Box2d { west: "st_x(t.position)", east: "st_x(t.position)", south: "st_y(t.position)", north: "st_y(t.position)" };

impl<T: Keyed> Table<T> {
    pub(super) async fn page(&self, pool: &PgPool, region: &str, filter: &Filter) -> Result<Vec<Stored<T>>> {
        let mut sql = QueryBuilder::new(self.select);
        self.narrow(&mut sql, region, filter);
        page(&mut sql, self.shape, filter);
        let rows = sql.build().fetch_all(pool).await?;
        rows.iter().map(self.read).collect()
    }

    pub(super) async fn count(&self, pool: &PgPool, region: &str, filter: &Filter) -> Result<u64> {
        let mut sql = QueryBuilder::new(self.count);
        self.narrow(&mut sql, region, filter);
        let n: i64 = sql.build_query_scalar().fetch_one(pool).await?;
        Ok(n.unsigned_abs())
    }

    /// Writes every condition of `filter`.
    pub(super) fn narrow(&self, sql: &mut impl Sql, region: &str, filter: &Filter) {
        sql.text(" where t.region_code = ").bind_text(region);
        if let Some(bbox) = filter.bbox {
            let boxes = bbox.plain();
            for (place, plain) in boxes.iter().enumerate() {
                sql.text(if place == 0 { " and (" } else { " or " }).text(self.meets).text("st_makeenvelope(");
                sql.bind_real(plain.west).text(", ").bind_real(plain.south).text(", ");
                sql.bind_real(plain.east).text(", ").bind_real(plain.north).text(", 4326)");
            }
            sql.text(")");
            exact_box(sql, self.boxed, &boxes);
        }
        narrow(sql, self.shape, region, filter);
    }

    /// Holds what is there against what the writer expects of it.
    pub(super) async fn check(
        &self,
        connection: &mut PgConnection,
        region: &str,
        ids: &[&str],
        expect: Expect,
    ) -> Result<()> {
        if expect == Expect::Any {
            return Ok(());
        }
        let found = self.versions(connection, region, ids).await?;
        check_expected(self.noun, ids, expect, &found)
    }

    pub(super) async fn version(
        &self,
        connection: &mut PgConnection,
        region: &str,
        id: &str,
    ) -> Result<Option<Version>> {
        let found = self.versions(connection, region, &[id]).await?;
        Ok(found.get(id).map(|version| Version(version.unsigned_abs())))
    }

    async fn versions(
        &self,
        connection: &mut PgConnection,
        region: &str,
        ids: &[&str],
    ) -> Result<HashMap<String, i64>> {
        let rows = sqlx::query(self.versions).bind(region).bind(ids).fetch_all(connection).await?;
        rows.iter().map(|row| Ok((row.text("id")?, row.integer("version")?))).collect()
    }

    /// Removes one and tells how many that were: one.
    pub(super) async fn delete(
        &self,
        connection: &mut PgConnection,
        region: &str,
        id: &str,
        expect: Expect,
    ) -> Result<u64> {
        self.check(connection, region, &[id], expect).await?;
        let done = sqlx::query(self.delete).bind(region).bind(id).execute(connection).await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Absent { noun: self.noun, id: id.into() });
        }
        Ok(1)
    }
}

impl Sql for QueryBuilder<Postgres> {
    fn text(&mut self, sql: &'static str) -> &mut Self {
        self.push(sql)
    }

    fn bind_text(&mut self, value: &str) -> &mut Self {
        self.push_bind(value.to_owned())
    }

    fn bind_id(&mut self, value: &str) -> &mut Self {
        self.push_bind(value.to_owned()).push("::text collate \"C\"")
    }

    fn bind_integer(&mut self, value: i64) -> &mut Self {
        self.push_bind(value)
    }

    fn bind_real(&mut self, value: f64) -> &mut Self {
        self.push_bind(value)
    }

    fn bind_instant(&mut self, value: DateTime<Utc>) -> &mut Self {
        self.push_bind(value)
    }
}
