//! The command line: parse, call one service function, print. One file per command; each has its arguments, `Args`,
//! and one function `run`.
//!
//! Exit codes: 0 done, 1 the input was looked at and refused (faults found, nothing stored), 2 the command could not
//! run (wrong arguments, no such file, the database is away). Reports go to stdout; errors, as one clear sentence, to
//! stderr.
#![expect(clippy::disallowed_macros, reason = "this is the room that prints")]

pub mod check;
pub mod generation;
pub mod import;
pub mod locate;
pub mod migrate;
pub mod release;
pub mod serve;

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::config::DatabaseSettings;
use crate::domain::clock::SystemClock;
use crate::geometry::coverage::Tolerance;
use crate::service::Gridmap;
use crate::store::{self, Store, StoreError};

/// Grid mapping for county government: who answers for this point, and is every home covered
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Generation(generation::Args),
    Import(import::Args),
    Locate(locate::Args),
    Migrate(migrate::Args),
    Release(release::Args),
    Serve(serve::Args),
}

impl Cli {
    /// Reads the command line; on a mistake in it prints what is right and ends the program with code 2.
    #[must_use]
    pub fn from_command_line() -> Self {
        Self::parse()
    }

    /// Runs the command to its end and prints what it has to say. (Here and not in `main`, so that all of it is compiled once,
    /// with the library.)
    ///
    /// # Panics
    /// When the system gives no thread.
    #[must_use]
    pub fn run(self) -> ExitCode {
        tokio::runtime::Runtime::new().expect("the system gives threads").block_on(self.command())
    }

    async fn command(self) -> ExitCode {
        match self.command {
            Command::Check(args) => check::run(&args),
            Command::Generation(args) => ended(generation::run(args).await),
            Command::Import(args) => ended(import::run(args).await),
            Command::Locate(args) => ended(locate::run(args).await),
            Command::Migrate(args) => ended(migrate::run(args).await),
            Command::Release(args) => ended(release::run(args).await),
            Command::Serve(args) => ended(serve::run(args).await),
        }
    }
}

/// How a command ended that could run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// The input was looked at and refused.
    Refused,
}

/// Why a command could not run, as one sentence with its causes.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    /// Takes an error with all its causes: the reader is whoever runs the command.
    fn from(error: E) -> Self {
        let mut sentence = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            let text = error.to_string();
            if !sentence.ends_with(&text) {
                sentence.push_str(": ");
                sentence.push_str(&text);
            }
            cause = error.source();
        }
        Self(sentence)
    }
}

/// Prints why a command could not run, and returns the exit code of how it ended.
fn ended(done: Result<Exit, Failure>) -> ExitCode {
    match done {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Refused) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("gridmap: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Parses a width in metres below which places are settled by rule.
fn tolerance(text: &str) -> Result<Tolerance, String> {
    let tolerance = text.parse().ok().and_then(Tolerance::narrower_than);
    tolerance.ok_or_else(|| format!("expected metres, more than 0 and at most {}", Tolerance::MAX_WIDTH_M))
}

/// Prints a report to stdout. A reader who has gone away (`| head`) is no reason to break off what is being done.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Opens the region that the command is for.
pub(crate) async fn open(database: &DatabaseSettings) -> Result<Arc<dyn Store>, StoreError> {
    match &database.region {
        Some(region) => store::open_region(&database.database, region).await,
        None => store::open(&database.database).await,
    }
}

/// Does `task` on what `store` keeps, with the ground already in memory, and closes it however the task ends.
pub(crate) async fn with_open<T, E: From<Failure>>(
    store: Arc<dyn Store>,
    task: impl AsyncFnOnce(&Gridmap) -> Result<T, E>,
) -> Result<T, E> {
    let gridmap = Gridmap::open(Arc::clone(&store), Arc::new(SystemClock)).await.map_err(Failure::from)?;
    let done = task(&gridmap).await;
    store.close().await;
    done
}
