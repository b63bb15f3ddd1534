//! The store for provinces and several server instances: PostgreSQL with PostGIS.
//!
//! Writers of a region queue on its advisory lock only to commit, from the giving of the revision on, so revisions become
//! visible in order. Until then each holds the rows it has written; whoever writes many things of a noun has a lock on all
//! of them, which those who write one share. A commit wakes every instance by `notify`; where `listen` is refused (a replica)
//! or lost, the slow poll finds it. Statements and waits are bounded, so a database that is away shows as
//! [`StoreError::Unavailable`] within seconds.

mod dialect;
pub(super) mod error;
mod ground;
mod listen;
mod placed;

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::stream::BoxStream;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow};
use sqlx::{Connection as _, Postgres, QueryBuilder};
use tokio::time::timeout;

use super::backend::{Backend, Connection, logged};
use super::feed::Feed;
use super::table::TableSpec;
use super::{GenerationDiff, Placed, Result, StoreError, migrations};
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{Generation, GenerationNumber, Grid, NewGeneration, Noun, Revision};
use crate::geometry::Bbox;

/// How many connections one instance holds at most.
const N_CONNECTIONS: u32 = 10;
/// How long a request waits for a connection before it hears that the database is away.
const PATIENCE: Duration = Duration::from_secs(3);

/// The settings of every connection. An acknowledged write is on disk whatever the server's own default is.
const SETTINGS: [(&str, &str); 5] = [
    ("timezone", "UTC"),
    ("synchronous_commit", "on"),
    ("statement_timeout", "30s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "60s"),
];

#[derive(Debug)]
pub(super) struct PostgresDatabase {
    pool: PgPool,
    /// Ends with the database.
    listener: listen::Listener,
}

impl PostgresDatabase {
    /// What is heard of commits goes to `feed`.
    pub(super) async fn open(url: &str, feed: Feed) -> Result<Self> {
        // The address may hold a password, so the error must not repeat it.
        let address = || StoreError::Address { url: "postgres://…".into() };
        let options: PgConnectOptions = url.parse().map_err(|_| address())?;
        // Notices that something exists already would be in the log at every start.
        let quiet = [("client_min_messages", "warning")];
        let options = logged(options.application_name("gridmap").options(quiet));
        migrate(&options).await?;
        let options = options.options(SETTINGS);
        let pool = PgPoolOptions::new().max_connections(N_CONNECTIONS).acquire_timeout(PATIENCE);
        let pool = pool.connect_with(options).await?;
        let listener = listen::Listener::start(pool.clone(), feed);
        Ok(Self { pool, listener })
    }
}

/// Brings the schema up to date on a connection of its own: building an index may take longer than any request may. A
/// replica has it from its primary, and is served as it is.
async fn migrate(options: &PgConnectOptions) -> Result<()> {
    let connecting = timeout(PATIENCE, PgConnection::connect_with(options)).await;
    let mut connection = connecting.map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))??;
    let is_replica: bool = sqlx::query_scalar("select pg_is_in_recovery()").fetch_one(&mut connection).await?;
    if is_replica {
        check_replica(&mut connection).await?;
    } else {
        migrations::apply(migrations::POSTGRES, &mut connection).await?;
    }
    Ok(connection.close().await?)
}

/// Refuses a replica whose schema is not this program's: only its primary can bring it up to date.
async fn check_replica(connection: &mut PgConnection) -> Result<()> {
    let applied = "select count(*) from _sqlx_migrations where success";
    let n: i64 = sqlx::query_scalar(applied).fetch_one(connection).await.unwrap_or(0);
    if usize::try_from(n).is_ok_and(|n| n == migrations::POSTGRES.len()) {
        return Ok(());
    }
    let why = "its tables are not those of this program; run `gridmap migrate` on its primary".to_owned();
    Err(StoreError::ReadOnlyBehind { file: "the replica".to_owned(), why })
}

#[async_trait]
impl Backend for PostgresDatabase {
    type Sql = QueryBuilder<Postgres>;
    type Row = PgRow;
    type Connection = PostgresWriter;

    async fn fetch(&self, mut sql: Self::Sql) -> Result<Vec<PgRow>> {
        Ok(sql.build().fetch_all(&self.pool).await?)
    }

    async fn begin(&self) -> Result<PostgresWriter> {
        Ok(PostgresWriter::Pooled(self.pool.begin().await?))
    }

    async fn aside(&self) -> Result<PostgresWriter> {
        let mut connection = self.pool.acquire().await?.detach();
        sqlx::query("set statement_timeout = '10min'").execute(&mut connection).await?;
        Ok(PostgresWriter::Alone(connection))
    }

    async fn generations(&self, region: &str) -> Result<Vec<Generation>> {
        ground::generations(&self.pool, region).await
    }

    async fn gaps(&self, region: &str, generation: GenerationNumber) -> Result<Vec<AcknowledgedGap>> {
        ground::gaps(&self.pool, region, generation).await
    }

    fn grids<'a>(&'a self, region: &'a str, generation: GenerationNumber) -> BoxStream<'a, Result<Grid>> {
        ground::grids(&self.pool, region, generation)
    }

    async fn grids_between(
        &self,
        region: &str,
        from: GenerationNumber,
        to: GenerationNumber,
    ) -> Result<GenerationDiff> {
        ground::grids_between(&self.pool, region, from, to).await
    }

    fn placed<'a>(
        &'a self,
        region: &'a str,
        table: &'static TableSpec,
        boxes: Option<Vec<Bbox>>,
    ) -> BoxStream<'a, Result<Placed>> {
        placed::placed(&self.pool, region, table, boxes)
    }

    async fn close(&self) {
        self.listener.stop();
        self.pool.close().await;
    }
}

/// The advisory lock of writers: "gridmap" in ASCII. Programs that knew one region per database hold it alone; writers of
/// regions share it, so that those still take turns with them.
const WRITERS: i64 = 0x0067_7269_646d_6170;
/// The advisory locks of regions: "grid" in ASCII, and a number made of the code.
const REGION: i32 = 0x6772_6964;
/// Those of the things of a noun in a region: "noun" in ASCII, and a number made of both.
const THINGS: i32 = 0x6e6f_756e;

/// A transaction. Dropped, it is rolled back.
#[derive(Debug)]
pub(super) enum PostgresWriter {
    Pooled(sqlx::Transaction<'static, Postgres>),
    /// On a connection that ends with it, and with the temporary tables made on it.
    Alone(PgConnection),
}

impl PostgresWriter {
    fn connection(&mut self) -> &mut PgConnection {
        match self {
            Self::Pooled(transaction) => transaction,
            Self::Alone(connection) => connection,
        }
    }
}

#[async_trait]
impl Connection for PostgresWriter {
    type Sql = QueryBuilder<Postgres>;
    type Row = PgRow;

    /// As arrays: bounds memory on both sides.
    const BATCH: usize = 5_000;

    async fn fetch(&mut self, mut sql: Self::Sql) -> Result<Vec<PgRow>> {
        Ok(sql.build().fetch_all(self.connection()).await?)
    }

    async fn execute(&mut self, mut sql: Self::Sql) -> Result<u64> {
        Ok(sql.build().execute(self.connection()).await?.rows_affected())
    }

    /// Whatever is written here holds up nobody before the commit.
    async fn prepare_staged(&mut self, _: &TableSpec, _: &str, _: usize) -> Result<()> {
        Ok(())
    }

    async fn begin(&mut self) -> Result<()> {
        sqlx::query("begin").execute(self.connection()).await?;
        Ok(())
    }

    /// The lock of a region is one of 2^32 by its code: two regions that share one only take turns.
    async fn lock(&mut self, region: &str) -> Result<()> {
        sqlx::query("select pg_advisory_xact_lock_shared($1), pg_advisory_xact_lock($2, hashtext($3))")
            .bind(WRITERS)
            .bind(REGION)
            .bind(region)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    async fn lock_records(&mut self, region: &str, noun: Noun, alone: bool) -> Result<()> {
        if alone {
            // Whoever writes so much can wait for another who does, and others need not wait for it.
            for setting in ["set local lock_timeout = '10min'", "set local statement_timeout = '10min'"] {
                sqlx::query(setting).execute(self.connection()).await?;
            }
        }
        let lock = if alone {
            "select pg_advisory_xact_lock($1, hashtext($2 || ' ' || $3))"
        } else {
            "select pg_advisory_xact_lock_shared($1, hashtext($2 || ' ' || $3))"
        };
        let lock = sqlx::query(lock).bind(THINGS).bind(region).bind(noun.as_str());
        lock.execute(self.connection()).await?;
        Ok(())
    }

    async fn check_references(&mut self) -> Result<()> {
        let now = "set constraints all immediate; set constraints all deferred";
        sqlx::raw_sql(now).execute(self.connection()).await?;
        Ok(())
    }

    async fn newest(&mut self, region: &str) -> Result<Option<GenerationNumber>> {
        ground::newest(self.connection(), region).await
    }

    async fn publish(
        &mut self,
        region: &str,
        new: &NewGeneration,
        recorded: DateTime<Utc>,
    ) -> Result<GenerationNumber> {
        ground::publish(self.connection(), region, new, recorded).await
    }

    async fn notify(&mut self, region: &str, revision: Revision) -> Result<()> {
        let payload = listen::payload(region, revision);
        let notify = sqlx::query("select pg_notify($1, $2)").bind(listen::CHANNEL).bind(payload);
        notify.execute(self.connection()).await?;
        Ok(())
    }

    async fn commit(self) -> Result<()> {
        match self {
            Self::Pooled(transaction) => transaction.commit().await?,
            Self::Alone(mut connection) => {
                sqlx::query("commit").execute(&mut connection).await?;
                connection.close().await?;
            }
        }
        Ok(())
    }
}
