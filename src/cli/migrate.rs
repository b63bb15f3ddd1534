//! `gridmap migrate`: brings the database's schema up to date, creating the file of a new SQLite one.

use super::{Exit, Failure, say};
use crate::config::DatabaseSettings;
use crate::store::StoreError;

/// Bring the database up to date; every other command does so too when it opens it
#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    #[command(flatten)]
    database: DatabaseSettings,
}

pub async fn run(args: Args) -> Result<Exit, Failure> {
    let store = match super::open(&args.database).await {
        Err(StoreError::SeveralRegions { codes }) => {
            say(&format!("the database is up to date, with the regions {}\n", codes.join(", ")));
            return Ok(Exit::Done);
        }
        opened => opened?,
    };
    let revision = store.revision().await;
    store.close().await;
    say(&format!("the database is up to date, at revision {}\n", revision?));
    Ok(Exit::Done)
}
