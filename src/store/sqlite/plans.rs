//! What SQLite's planner says it would do with the statements of every noun.

use sqlx::{AssertSqlSafe, QueryBuilder, Sqlite};

use super::SqliteDatabase;
use super::ground::OF_WHAT_DIFFERS;
use crate::domain::{GridId, GridPath};
use crate::geometry::Bbox;
use crate::store::record::TABLES;
use crate::store::table::{Cells, Dialect, GridRelation, Place, TableSpec, select, write};
use crate::store::{Filter, Location, Missing, Within, counts};

/// Calls `judge` with each noun's table and the plan of the statement that `write` makes of it.
async fn check(write: impl Fn(&mut QueryBuilder<Sqlite>, &TableSpec), judge: impl Fn(&TableSpec, &str)) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gridmap.db");
    let database = SqliteDatabase::open(file.to_str().unwrap(), Missing::Create).await.unwrap();
    for table in TABLES {
        let mut sql = QueryBuilder::<Sqlite>::empty();
        sql.text("explain query plan ");
        write(&mut sql, table);
        let rows = sql.build().fetch_all(&database.readers).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.text("detail").unwrap()).collect();
        judge(table, &plan.join("; "));
    }
}

/// Like [`check`] for the page of a filter.
async fn check_page(filter: Filter, judge: impl Fn(&TableSpec, &str)) {
    check(|sql, table| select::page(sql, table, "623021", &filter), judge).await;
}

fn boxed(west: f64, east: f64) -> Filter {
    Filter { bbox: Some(Bbox { west, south: 1.0, east, north: 2.0 }), ..Filter::default() }
}

#[tokio::test]
async fn a_box_is_served_by_the_box_index() {
    let judge = |n_boxes: usize| {
        move |table: &TableSpec, plan: &str| {
            assert_ne!(table.place(), Place::None, "{} has a place", table.name);
            assert_eq!(plan.matches("SCAN b VIRTUAL TABLE INDEX 2:").count(), n_boxes, "{}: {plan}", table.name);
            assert!(plan.contains("SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"), "{}: {plan}", table.name);
        }
    };
    check_page(boxed(103.0, 104.0), judge(1)).await;
    check_page(boxed(170.0, -170.0), judge(2)).await;
}

#[tokio::test]
async fn a_page_is_served_by_the_key() {
    let next = Filter { after: Some("H1".into()), limit: Some(10), ..Filter::default() };
    check_page(next, |table, plan| {
        assert!(plan.contains(&format!("(region_code=? AND {}>?)", table.id)), "{}: {plan}", table.name);
        // The few steps of each incident are sorted, the incidents are not.
        let own_steps = "USE TEMP B-TREE FOR json_group_array(ORDER BY)";
        assert!(!plan.replace(own_steps, "").contains("TEMP B-TREE"), "{}: {plan}", table.name);
    })
    .await;
}

#[tokio::test]
async fn a_subtree_is_served_by_its_index() {
    let path = GridPath::new(["A", "A1"].map(|id| GridId::new(id).unwrap()).to_vec()).unwrap();
    let within = Filter { grid: Some(Within { path, generation: 1 }), ..Filter::default() };
    check_page(within, |table, plan| {
        if table.grid != GridRelation::Path {
            return;
        }
        let served = format!("{}_by_grid (region_code=? AND grid_path>? AND grid_path<?)", table.name);
        assert!(plan.contains(&served), "{}: {plan}", table.name);
    })
    .await;
}

#[tokio::test]
async fn what_stands_in_some_grids_or_outside_is_served_by_the_same_index() {
    let path = |ids: &[&str]| GridPath::new(ids.iter().map(|id| GridId::new(id).unwrap()).collect()).unwrap();
    let judge = |_: &TableSpec, plan: &str| {
        assert!(plan.contains("_by_grid (region_code=? AND grid_path=?)"), "{plan}");
    };
    for location in [Location::In(vec![path(&["A", "A1"]), path(&["A", "A2"])]), Location::Outside] {
        let filter = Filter { location: Some(location), ..Filter::default() };
        check(|sql, _| counts::households(sql, "623021", &filter), judge).await;
        check(|sql, _| counts::by_grid(sql, "623021", &filter, None), judge).await;
    }
}

#[tokio::test]
async fn what_differs_between_generations_is_found_without_a_look_at_every_grid() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gridmap.db");
    let database = SqliteDatabase::open(file.to_str().unwrap(), Missing::Create).await.unwrap();
    for sql in OF_WHAT_DIFFERS {
        let explain = AssertSqlSafe(format!("explain query plan {sql}"));
        let rows = sqlx::query(explain).bind("623021").bind(1).bind(2).fetch_all(&database.readers).await.unwrap();
        let plan: Vec<String> = rows.iter().map(|row| row.text("detail").unwrap()).collect();
        assert!(
            plan.iter().all(|step| !step.ends_with("(region_code=?)") && !step.starts_with("SCAN grid")),
            "{plan:#?}"
        );
    }
}

#[tokio::test]
async fn what_is_there_of_a_batch_is_found_by_the_key() {
    check(
        |sql, table| write::versions(sql, table, "623021", &["H1", "H2"]),
        |table, plan| {
            assert!(plan.contains(&format!("(region_code=? AND {}=?)", table.id)), "{}: {plan}", table.name);
        },
    )
    .await;
    check(
        |sql, table| write::delete(sql, table, "623021", "H1"),
        |table, plan| {
            let of_it = plan.split("; ").next().unwrap_or_default();
            assert!(of_it.contains(&format!("(region_code=? AND {}=?)", table.id)), "{}: {plan}", table.name);
        },
    )
    .await;
}
