//! The store for provinces and several server instances: PostgreSQL with PostGIS.
//!
//! Writers queue on one advisory lock per database, so revisions become visible in order. A commit wakes every instance
//! by `notify`; where `listen` is refused (a replica) or lost, the slow poll finds it. Statements and waits are bounded,
//! so a database that is away shows as [`StoreError::Unavailable`] within seconds.

mod duty;
pub(super) mod error;
mod ground;
mod holder;
mod household;
mod incident;
mod listen;
mod region;
mod relocate;
mod remembered;
mod service_point;
mod table;
mod transaction;

use std::fmt;
use std::future::ready;
use std::sync::OnceLock;
use std::time::Duration;

use async_trait::async_trait;
use chrono::FixedOffset;
use futures::stream::{self, BoxStream, StreamExt};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};
use tokio::time::timeout;

use super::feed::Feed;
use super::list::pages;
use super::{Differing, Filter, Placed, Result, Rows, Store, StoreError, Tally, Transaction, migrations};
use crate::domain::generation::AcknowledgedGap;
use crate::domain::{
    Change, Duty, Generation, GenerationNumber, Grid, GridId, Holder, Household, Incident, Noun, Region, Revision,
    ServicePoint,
};
use crate::geometry::{Bbox, Position};

/// How many connections one instance holds at most.
const N_CONNECTIONS: u32 = 10;
/// How long a request waits for a connection before it hears that the database is away.
const PATIENCE: Duration = Duration::from_secs(3);

/// What every connection is told. An acknowledged write is on disk whatever the server's own default is.
const SETTINGS: [(&str, &str); 5] = [
    ("timezone", "UTC"),
    ("synchronous_commit", "on"),
    ("statement_timeout", "30s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "60s"),
];

pub(super) struct PostgresStore {
    pool: PgPool,
    feed: Feed,
    /// Known once the region is: it never changes.
    region: OnceLock<String>,
    /// Ends with the store.
    listener: listen::Listener,
}

impl PostgresStore {
    pub(super) async fn open(url: &str) -> Result<Self> {
        // The address may hold a password, so the error must not repeat it.
        let address = || StoreError::Address { url: "postgres://…".into() };
        let options: PgConnectOptions = url.parse().map_err(|_| address())?;
        // Notices that something exists already would stand in the log at every start.
        let quiet = [("client_min_messages", "warning")];
        let options = options.application_name("gridmap").options(quiet).disable_statement_logging();
        migrate(&options).await?;
        let options = options.options(SETTINGS);
        let pool = PgPoolOptions::new().max_connections(N_CONNECTIONS).acquire_timeout(PATIENCE);
        let pool = pool.connect_with(options).await?;
        let feed = Feed::new();
        let listener = listen::Listener::start(pool.clone(), feed.clone());
        Ok(Self { pool, feed, region: OnceLock::new(), listener })
    }

    /// The code of the region kept here; empty, so that nothing is found, in a new database.
    async fn region_code(&self) -> Result<&str> {
        if let Some(code) = self.region.get() {
            return Ok(code);
        }
        Ok(match region::code(&self.pool).await? {
            Some(code) => self.region.get_or_init(|| code),
            None => "",
        })
    }
}
/// Brings the schema up to date on a connection of its own: building an index may take longer than any request may.
async fn migrate(options: &PgConnectOptions) -> Result<()> {
    let connecting = timeout(PATIENCE, PgConnection::connect_with(options)).await;
    let mut connection = connecting.map_err(|_| StoreError::Unavailable(sqlx::Error::PoolTimedOut))??;
    migrations::apply(migrations::POSTGRES, &mut connection).await?;
    Ok(connection.close().await?)
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn region(&self) -> Result<Option<Region>> {
        region::read(&self.pool).await
    }

    async fn revision(&self) -> Result<Revision> {
        region::revision(&self.pool, self.region_code().await?).await
    }

    async fn changes(&self, after: Revision, limit: u32) -> Result<Vec<Change>> {
        region::changes(&self.pool, self.region_code().await?, after, limit).await
    }

    async fn wait(&self, after: Revision) {
        self.feed.wait(after, || self.revision()).await;
    }

    async fn generations(&self) -> Result<Vec<Generation>> {
        ground::generations(&self.pool, self.region_code().await?).await
    }

    async fn acknowledged_gaps(&self, generation: GenerationNumber) -> Result<Vec<AcknowledgedGap>> {
        ground::gaps(&self.pool, self.region_code().await?, generation).await
    }

    fn grids(&self, generation: GenerationNumber) -> BoxStream<'_, Result<Grid>> {
        let grids = async move {
            match self.region_code().await {
                Ok(code) => ground::grids(&self.pool, code, generation),
                Err(error) => stream::once(ready(Err(error))).boxed(),
            }
        };
        stream::once(grids).flatten().boxed()
    }

    async fn grids_between(&self, from: GenerationNumber, to: GenerationNumber) -> Result<Differing> {
        ground::grids_between(&self.pool, self.region_code().await?, from, to).await
    }

    async fn settled(&self) -> Result<Option<GenerationNumber>> {
        relocate::settled(&self.pool, self.region_code().await?).await
    }

    fn placed(&self, noun: Noun, boxes: Option<Vec<Bbox>>) -> BoxStream<'_, Result<Placed>> {
        let placed = async move {
            match self.region_code().await {
                Ok(code) => relocate::placed(&self.pool, code, noun, boxes),
                Err(error) => stream::once(ready(Err(error))).boxed(),
            }
        };
        stream::once(placed).flatten().boxed()
    }

    async fn pending(&self) -> Result<Vec<(GenerationNumber, u64)>> {
        relocate::pending(&self.pool, self.region_code().await?).await
    }

    fn households(&self, filter: Filter) -> Rows<'_, Household> {
        pages(
            filter,
            move |page| async move { household::TABLE.page(&self.pool, self.region_code().await?, &page).await },
        )
    }

    fn holders(&self, filter: Filter) -> Rows<'_, Holder> {
        pages(filter, move |page| async move { holder::TABLE.page(&self.pool, self.region_code().await?, &page).await })
    }

    fn duties(&self, filter: Filter) -> Rows<'_, Duty> {
        pages(filter, move |page| async move { duty::TABLE.page(&self.pool, self.region_code().await?, &page).await })
    }

    fn service_points(&self, filter: Filter) -> Rows<'_, ServicePoint> {
        pages(filter, move |page| async move {
            service_point::TABLE.page(&self.pool, self.region_code().await?, &page).await
        })
    }

    fn incidents(&self, filter: Filter) -> Rows<'_, Incident> {
        pages(
            filter,
            move |page| async move { incident::TABLE.page(&self.pool, self.region_code().await?, &page).await },
        )
    }

    async fn count(&self, noun: Noun, filter: Filter) -> Result<u64> {
        let (pool, region) = (&self.pool, self.region_code().await?);
        match noun {
            Noun::Grids => Ok(0),
            Noun::Households => household::TABLE.count(pool, region, &filter).await,
            Noun::Holders => holder::TABLE.count(pool, region, &filter).await,
            Noun::Duties => duty::TABLE.count(pool, region, &filter).await,
            Noun::ServicePoints => service_point::TABLE.count(pool, region, &filter).await,
            Noun::Incidents => incident::TABLE.count(pool, region, &filter).await,
        }
    }

    async fn households_by_grid(&self) -> Result<Vec<(Option<GridId>, u64)>> {
        household::by_grid(&self.pool, self.region_code().await?).await
    }

    async fn incidents_by_grid(
        &self,
        filter: Filter,
        weeks: Option<FixedOffset>,
    ) -> Result<Vec<Tally<Option<GridId>>>> {
        incident::by_grid(&self.pool, self.region_code().await?, &filter, weeks).await
    }

    async fn incidents_by_position(&self, filter: Filter, weeks: Option<FixedOffset>) -> Result<Vec<Tally<Position>>> {
        incident::by_position(&self.pool, self.region_code().await?, &filter, weeks).await
    }

    async fn shared_positions(&self, filter: Filter, at_least: u64) -> Result<Vec<(Position, u64)>> {
        incident::shared_positions(&self.pool, self.region_code().await?, &filter, at_least).await
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>> {
        Ok(Box::new(transaction::PostgresTransaction::begin(&self.pool, self.feed.clone()).await?))
    }

    async fn close(&self) {
        self.listener.stop();
        self.pool.close().await;
    }
}
