//! The numbered migrations, embedded: the same number means the same in both lists (see `migrations/README.md`).

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnection;

use super::{Result, StoreError};

/// Number, what it brings, and its text.
type Numbered = (i64, &'static str, &'static str);

pub(super) const SQLITE: &[Numbered] = &[
    (1, "county", include_str!("../../migrations/sqlite/0001_county.sql")),
    (2, "mediating roles", include_str!("../../migrations/sqlite/0002_mediating_roles.sql")),
    (3, "grids by generation", include_str!("../../migrations/sqlite/0003_grids_by_generation.sql")),
    (4, "versions never again", include_str!("../../migrations/sqlite/0004_versions_never_again.sql")),
    (5, "tree of generations", include_str!("../../migrations/sqlite/0005_tree_of_generations.sql")),
    (6, "journal", include_str!("../../migrations/sqlite/0006_journal.sql")),
    (7, "edited", include_str!("../../migrations/sqlite/0007_edited.sql")),
    (8, "steps", include_str!("../../migrations/sqlite/0008_steps.sql")),
    (9, "parts", include_str!("../../migrations/sqlite/0009_parts.sql")),
    (10, "large imports", include_str!("../../migrations/sqlite/0010_large_imports.sql")),
    (11, "released counts", include_str!("../../migrations/sqlite/0011_released_counts.sql")),
];
pub(super) const POSTGRES: &[Numbered] = &[
    (1, "county", include_str!("../../migrations/postgres/0001_county.sql")),
    (2, "mediating roles", include_str!("../../migrations/postgres/0002_mediating_roles.sql")),
    (3, "grids by generation", include_str!("../../migrations/postgres/0003_grids_by_generation.sql")),
    (4, "versions never again", include_str!("../../migrations/postgres/0004_versions_never_again.sql")),
    (5, "tree of generations", include_str!("../../migrations/postgres/0005_tree_of_generations.sql")),
    (6, "journal", include_str!("../../migrations/postgres/0006_journal.sql")),
    (7, "edited", include_str!("../../migrations/postgres/0007_edited.sql")),
    (8, "steps", include_str!("../../migrations/postgres/0008_steps.sql")),
    (9, "parts", include_str!("../../migrations/postgres/0009_parts.sql")),
    (10, "large imports", include_str!("../../migrations/postgres/0010_large_imports.sql")),
    (11, "released counts", include_str!("../../migrations/postgres/0011_released_counts.sql")),
];

/// How many migrations a SQLite file has; `None` where that cannot be read.
pub(super) async fn n_applied(connection: &mut SqliteConnection) -> Option<usize> {
    let n: Option<i64> = sqlx::query_scalar("select count(*) from _sqlx_migrations where success")
        .fetch_one(&mut *connection)
        .await
        .ok();
    usize::try_from(n?).ok()
}

/// Applies what is missing of `migrations`, each in a transaction of its own.
pub(super) async fn apply<C>(migrations: &[Numbered], connection: &mut C) -> Result<()>
where
    C: Migrate,
{
    let one = |&(number, what, sql): &Numbered| {
        Migration::new(number, Cow::Borrowed(what), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let migrator = Migrator::with_migrations(migrations.iter().map(one).collect());
    migrator.run_direct(None, connection, false).await.map_err(|error| match error {
        MigrateError::Execute(cause) => match StoreError::from(cause) {
            StoreError::Failed(cause) => StoreError::Migration(MigrateError::Execute(cause)),
            away => away,
        },
        other => StoreError::Migration(other),
    })
}
