//! Start-up only: reads the command line and runs the command it names. Start reading in `gridmap`'s lib.rs.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use gridmap::cli::Cli;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

fn main() -> ExitCode {
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for eyes, not for files.
    let subscriber = if std::io::stderr().is_terminal() { subscriber } else { subscriber.with_ansi(false) };
    subscriber.init();
    Cli::from_command_line().run()
}
