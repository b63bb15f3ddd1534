//! Reading and guarding any noun's table.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::sqlite::{SqliteConnection, SqlitePool, SqliteRow};
use sqlx::{QueryBuilder, Sqlite};

use crate::domain::{Noun, Version};
use crate::store::list::{Box2d, Shape, Sql, exact_box, narrow, page};
use crate::store::row::{Cells, Keyed, check_expected};
use crate::store::{Expect, Filter, Result, StoreError, Stored};

/// How one noun is kept in SQLite.
pub(super) struct Table<T: 'static> {
    pub(super) noun: Noun,
    /// The columns `read` wants, from the table as `t`.
    pub(super) select: &'static str,
    pub(super) count: &'static str,
    pub(super) shape: &'static Shape,
    /// Every row of the box index: `select b.row_id from x_box b where true`.
    pub(super) box_index: &'static str,
    pub(super) boxed: Box2d,
    pub(super) read: fn(&SqliteRow) -> Result<Stored<T>>,
    /// The id and version of those of region `?1` that the JSON list `?2` names.
    pub(super) versions: &'static str,
    pub(super) delete: &'static str,
}

pub(super) const POINT: Box2d = Box2d { west: "t.lon", east: "t.lon", south: "t.lat", north: "t.lat" };
const INDEX: Box2d = Box2d { west: "b.west", east: "b.east", south: "b.south", north: "b.north" };

impl<T: Keyed> Table<T> {
    pub(super) async fn page(&self, pool: &SqlitePool, region: &str, filter: &Filter) -> Result<Vec<Stored<T>>> {
        let mut sql = QueryBuilder::new(self.select);
        self.narrow(&mut sql, region, filter);
        page(&mut sql, self.shape, filter);
        let rows = sql.build().fetch_all(pool).await?;
        rows.iter().map(self.read).collect()
    }

    pub(super) async fn count(&self, pool: &SqlitePool, region: &str, filter: &Filter) -> Result<u64> {
        let mut sql = QueryBuilder::new(self.count);
        self.narrow(&mut sql, region, filter);
        let n: i64 = sql.build_query_scalar().fetch_one(pool).await?;
        Ok(n.unsigned_abs())
    }

    /// Writes every condition of `filter`. The `+` keeps the planner from the key's index where the box index serves better:
    /// it knows nothing of how many rows a box lets through.
    pub(super) fn narrow(&self, sql: &mut impl Sql, region: &str, filter: &Filter) {
        sql.text(if filter.bbox.is_some() { " where +t.region_code = " } else { " where t.region_code = " });
        sql.bind_text(region);
        if let Some(bbox) = filter.bbox {
            let boxes = bbox.plain();
            for (place, plain) in boxes.iter().enumerate() {
                sql.text(if place == 0 { " and t.row_id in (" } else { " union " }).text(self.box_index);
                exact_box(sql, INDEX, std::slice::from_ref(plain));
            }
            sql.text(")");
            exact_box(sql, self.boxed, &boxes);
        }
        narrow(sql, self.shape, region, filter);
    }

    /// Holds what is there against what the writer expects of it.
    pub(super) async fn check(
        &self,
        connection: &mut SqliteConnection,
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
        connection: &mut SqliteConnection,
        region: &str,
        id: &str,
    ) -> Result<Option<Version>> {
        let found = self.versions(connection, region, &[id]).await?;
        Ok(found.get(id).map(|version| Version(version.unsigned_abs())))
    }

    async fn versions(
        &self,
        connection: &mut SqliteConnection,
        region: &str,
        ids: &[&str],
    ) -> Result<HashMap<String, i64>> {
        let rows = sqlx::query(self.versions).bind(region).bind(json(ids)).fetch_all(connection).await?;
        rows.iter().map(|row| Ok((row.text("id")?, row.integer("version")?))).collect()
    }

    /// Removes one and tells how many that were: one.
    pub(super) async fn delete(
        &self,
        connection: &mut SqliteConnection,
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

/// A list bound as one value: `json_each` makes rows of it.
pub(super) fn json<T: Serialize + ?Sized>(list: &T) -> String {
    serde_json::to_string(list).expect("lists of texts always have a JSON form")
}

impl Sql for QueryBuilder<Sqlite> {
    fn text(&mut self, sql: &'static str) -> &mut Self {
        self.push(sql)
    }

    fn bind_text(&mut self, value: &str) -> &mut Self {
        self.push_bind(value.to_owned())
    }

    fn bind_id(&mut self, value: &str) -> &mut Self {
        self.push_bind(value.to_owned())
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

#[cfg(test)]
mod tests {
    use super::super::{SqliteStore, household};
    use super::*;
    use crate::domain::{GridId, GridPath};
    use crate::geometry::Bbox;
    use crate::store::Missing;
    use crate::store::filter::Within;

    /// What the planner says it would do for `filter`.
    async fn plan(filter: &Filter) -> String {
        let folder = tempfile::tempdir().unwrap();
        let store =
            SqliteStore::open(folder.path().join("gridmap.db").to_str().unwrap(), Missing::Create).await.unwrap();
        let mut sql = QueryBuilder::new("explain query plan ");
        sql.push(household::TABLE.select);
        household::TABLE.narrow(&mut sql, "623021", filter);
        page(&mut sql, household::TABLE.shape, filter);
        let rows = sql.build().fetch_all(&store.readers).await.unwrap();
        rows.iter().map(|row| row.text("detail").unwrap()).collect::<Vec<_>>().join("; ")
    }

    #[tokio::test]
    async fn a_box_is_served_by_the_box_index() {
        let bbox = |west, east| Filter { bbox: Some(Bbox { west, south: 1.0, east, north: 2.0 }), ..Filter::default() };
        let plain = plan(&bbox(103.0, 104.0)).await;
        assert!(plain.contains("SCAN b VIRTUAL TABLE INDEX 2:"), "{plain}");
        assert!(plain.contains("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"), "{plain}");
        let split = plan(&bbox(170.0, -170.0)).await;
        assert_eq!(split.matches("SCAN b VIRTUAL TABLE INDEX 2:").count(), 2, "{split}");
    }

    #[tokio::test]
    async fn a_page_and_a_subtree_are_served_by_their_indexes() {
        let next = plan(&Filter { after: Some("H1".into()), limit: Some(10), ..Filter::default() }).await;
        assert!(next.contains("(region_code=? AND household_id>?)") && !next.contains("TEMP B-TREE"), "{next}");
        let path = GridPath::new(vec![GridId::new("A").unwrap(), GridId::new("A1").unwrap()]).unwrap();
        let grid = Some(Within { path, generation: 1 });
        let within = plan(&Filter { grid, ..Filter::default() }).await;
        assert!(within.contains("household_by_grid (region_code=? AND grid_path>? AND grid_path<?)"), "{within}");
    }
}
