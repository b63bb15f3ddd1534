//! Start-up only: reads the command line and hands over to `cli`.

use std::process::ExitCode;

use clap::Parser as _;
use gridmap::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    Cli::parse().run().await
}
