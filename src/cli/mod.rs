//! The command line: parse, call one service function, print. One file per command.

pub mod locate;
pub mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Grid mapping for county government: who answers for this point, and is every home covered
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Locate(locate::Args),
    Serve(serve::Serve),
}

impl Cli {
    pub async fn run(self) -> ExitCode {
        match self.command {
            Command::Locate(args) => locate::run(args).await,
            Command::Serve(serve) => serve.run().await,
        }
    }
}
