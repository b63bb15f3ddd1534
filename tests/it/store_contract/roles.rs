//! A region stored before its roles said who mediates.

use gridmap::domain::Actor;
use gridmap::store::{self, Store};
use sqlx::Connection;

use super::made::region;
use crate::backends::on_both;

/// Puts the ladder back as it was written then, and the migration back among those to be applied.
const BACK: &str =
    "update region set ladder = replace(replace(ladder, ',\"mediates\":true', ''), 'grid_leader', 'mediator');
    delete from _sqlx_migrations where version = 2";

async fn back(url: &str) {
    if url.starts_with("sqlite:") {
        let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
        sqlx::raw_sql(BACK).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(BACK).execute(&mut connection).await.unwrap();
    }
}

#[test]
fn mediators_of_a_region_stored_before_go_on_mediating() {
    on_both(async |database, store| {
        let mut transaction = store.begin(&Actor::SYSTEM, "a test").await.unwrap();
        transaction.put_region(&region()).await.unwrap();
        transaction.commit().await.unwrap();
        drop(store);
        back(&database.url).await;
        let store: std::sync::Arc<dyn Store> = store::open(&database.url).await.unwrap();
        let roles = store.region().await.unwrap().unwrap().roles;
        assert_eq!(
            roles.iter().map(|role| (role.code.as_str(), role.mediates)).collect::<Vec<_>>(),
            [("mediator", true)]
        );
    });
}
