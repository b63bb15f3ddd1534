//! Typed settings, one struct per concern. The only module that reads the environment.
//!
//! Every setting is an option of the command line and a `GRIDMAP_…` variable; the option wins.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// Where the data is kept.
#[derive(Args, Clone, Debug)]
pub struct DatabaseSettings {
    /// The database: `sqlite:FILE` or `postgres://USER@HOST/DATABASE`
    #[arg(long, env = "GRIDMAP_DATABASE", hide_env_values = true, default_value = "sqlite:gridmap.db")]
    pub database: String,

    /// The code of the region meant, where the database holds several or is to hold one more
    #[arg(long, env = "GRIDMAP_REGION", value_name = "CODE")]
    pub region: Option<String>,
}

/// Where the server listens and whom it trusts.
#[derive(Args, Clone, Debug)]
pub struct ServeSettings {
    /// The address and port to listen on
    #[arg(long, env = "GRIDMAP_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Show and change everything without asking who calls: for synthetic data only. The page says so
    #[arg(long, env = "GRIDMAP_OPEN")]
    pub open: bool,

    /// The maps that the page offers to lay under the ground: a TOML file, see docs/basemaps.md. None without it
    #[arg(long, env = "GRIDMAP_BASEMAPS", value_name = "FILE")]
    pub basemaps: Option<PathBuf>,

    #[command(flatten)]
    pub limits: LimitSettings,
}

/// How much one client may take.
#[derive(Args, Clone, Debug)]
pub struct LimitSettings {
    /// Seconds within which a request's head must arrive, and its body must go on
    #[arg(long, env = "GRIDMAP_READ_TIMEOUT", default_value_t = 20, value_name = "SECONDS")]
    pub read_timeout: u64,

    /// Seconds within which an answer must begin
    #[arg(long, env = "GRIDMAP_ANSWER_TIMEOUT", default_value_t = 30, value_name = "SECONDS")]
    pub answer_timeout: u64,

    /// Connections served at once; more wait
    #[arg(long, env = "GRIDMAP_CONNECTIONS", default_value_t = 4096, value_name = "NUMBER")]
    pub connections: usize,
}

impl LimitSettings {
    #[must_use]
    pub fn read_timeout(&self) -> Duration {
        Duration::from_secs(self.read_timeout)
    }

    #[must_use]
    pub fn answer_timeout(&self) -> Duration {
        Duration::from_secs(self.answer_timeout)
    }
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self { read_timeout: 20, answer_timeout: 30, connections: 4096 }
    }
}
