//! `gridmap release`: makes a release of the counts for the public, before the week is over.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Exit, Failure, say, with_open};
use crate::config::DatabaseSettings;
use crate::domain::GridId;
use crate::service::{Caller, release};
use crate::store;

/// Release the public counts of homes and incidents now
///
/// A server releases them by itself once a week, with the first public request of it: each rounded down to a multiple of five,
/// and none under five. Until the next week the public sees those, whatever is stored. Call this after a first import.
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseSettings,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> Result<Exit, Failure> {
    let database = &args.database;
    let store = store::open_existing(&database.database, database.region.as_deref()).await?;
    with_open(store, async |gridmap| {
        let released =
            release::now(&Caller::system(gridmap)).await.map_err(|refused| Failure::new(refused.to_string()))?;
        let n_told = |counts: &BTreeMap<GridId, u64>| counts.values().filter(|n| **n > 0).count();
        let (n_homes, n_incidents) = (n_told(&released.households), n_told(&released.incidents));
        if args.json {
            let body = json!({
                "released": released.made, "generation": released.generation,
                "n_grids_with_homes": n_homes, "n_grids_with_incidents": n_incidents,
            });
            say(&format!("{body}\n"));
        } else {
            say(&format!(
                "the public sees the homes of {n_homes} grids and the incidents of {n_incidents} from now on\n"
            ));
        }
        Ok(Exit::Done)
    })
    .await
}
