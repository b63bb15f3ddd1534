//! Typed settings, one struct per concern. The only module that reads the environment.
//!
//! Every setting is an option of the command line and a `GRIDMAP_…` variable; the option wins.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use ipnet::IpNet;
use url::Url;

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

    /// An origin whose pages may read what this server answers, say `https://map.example`; `*` for all, `none` for no
    /// other than the server's own. Several by repeating it, in the environment with commas between. Default: `*`, since
    /// the public may read it all anyway; with --open `none`
    #[arg(long, env = "GRIDMAP_ALLOW_ORIGIN", value_name = "ORIGIN|*|none", value_delimiter = ',', value_parser = origin)]
    pub allow_origin: Vec<String>,

    /// An origin whose pages may show the map within them (`?embed=1`), say `https://town.example`; `*` for all, `none` for
    /// no one. Several by repeating it, in the environment with commas between
    #[arg(
        long,
        env = "GRIDMAP_EMBED_ORIGIN",
        value_name = "ORIGIN|*|none",
        value_delimiter = ',',
        value_parser = origin,
        default_value = "none"
    )]
    pub embed_origin: Vec<String>,

    #[command(flatten)]
    pub address: AddressSettings,

    #[command(flatten)]
    pub limits: LimitSettings,
}

/// Where callers reach the server when a proxy stands before it.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Behind a proxy")]
pub struct AddressSettings {
    /// The address that callers use, say `https://map.example/grid`: links begin with it, whatever a proxy says
    #[arg(long, env = "GRIDMAP_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<Url>,

    /// A proxy, or a network of proxies, that is believed when it says by `Forwarded` or `X-Forwarded-Host`, `-Proto` and
    /// `-Prefix` where callers reach it. Several by repeating it, in the environment with commas between
    #[arg(
        long,
        env = "GRIDMAP_TRUSTED_PROXY",
        value_name = "ADDRESS|NETWORK",
        value_delimiter = ',',
        value_parser = network,
        default_value = "127.0.0.0/8,::1"
    )]
    pub trusted_proxy: Vec<IpNet>,
}

fn public_url(text: &str) -> Result<Url, String> {
    let is_plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none() && !has_user(url)
    };
    let url = Url::parse(text).ok().filter(is_plain);
    url.ok_or_else(|| "expected an address such as https://map.example/grid, with nothing behind the path".to_owned())
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| "expected an address or a network such as 10.0.0.0/8".to_owned())
}

impl ServeSettings {
    /// Whose pages may read the answers.
    #[must_use]
    pub fn allowed_origins(&self) -> AllowedOrigins {
        match self.allow_origin.as_slice() {
            [] if self.open => AllowedOrigins::None,
            [] => AllowedOrigins::Any,
            origins => AllowedOrigins::given(origins),
        }
    }

    /// Whose pages may show the map within them.
    #[must_use]
    pub fn embedding_origins(&self) -> AllowedOrigins {
        AllowedOrigins::given(&self.embed_origin)
    }
}

/// The origins whose pages may do something, beside the server's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AllowedOrigins {
    #[default]
    None,
    Any,
    These(Vec<String>),
}

impl AllowedOrigins {
    fn given(origins: &[String]) -> Self {
        let given = |word: &str| origins.iter().any(|origin| origin == word);
        match origins {
            _ if given("*") => Self::Any,
            _ if given("none") => Self::None,
            origins => Self::These(origins.to_vec()),
        }
    }
}

/// Reads `*`, `none`, or an origin as browsers send it: scheme, host and port, and nothing behind.
fn origin(text: &str) -> Result<String, String> {
    if text == "*" || text == "none" {
        return Ok(text.to_owned());
    }
    let is_origin = |url: &Url| url.has_host() && url.origin().ascii_serialization() == text;
    match Url::parse(text) {
        Ok(url) if is_origin(&url) => Ok(text.to_owned()),
        Ok(url) if url.has_host() => Err(format!("expected an origin: {}", url.origin().ascii_serialization())),
        _ => Err("expected an origin such as https://map.example, or * or none".to_owned()),
    }
}

/// How much one client may take, and for how long.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub struct LimitSettings {
    /// Seconds within which a new connection must send the whole head of its first request
    #[arg(long, env = "GRIDMAP_HEAD_TIMEOUT", default_value_t = 5, value_name = "SECONDS", value_parser = seconds())]
    pub head_timeout: u64,

    /// Seconds that a connection may be idle between requests, and that any body may take; longer bodies must keep up
    /// 8 KiB a second beyond that
    #[arg(long, env = "GRIDMAP_READ_TIMEOUT", default_value_t = 20, value_name = "SECONDS", value_parser = seconds())]
    pub read_timeout: u64,

    /// Seconds after which a connection is cut whose caller takes nothing of its answer and sends nothing
    #[arg(long, env = "GRIDMAP_WRITE_TIMEOUT", default_value_t = 20, value_name = "SECONDS", value_parser = seconds())]
    pub write_timeout: u64,

    /// Seconds within which an answer must begin
    #[arg(long, env = "GRIDMAP_ANSWER_TIMEOUT", default_value_t = 30, value_name = "SECONDS", value_parser = seconds())]
    pub answer_timeout: u64,

    /// Connections served at once; more wait, and hear 503 when that takes long. /healthz and /readyz never wait
    #[arg(long, env = "GRIDMAP_CONNECTIONS", default_value_t = 4096, value_name = "NUMBER", value_parser = connections(1))]
    pub connections: usize,

    /// Connections served at once to one address (of IPv6: one /64 network); a quarter of all by default. Set it to 0,
    /// no limit, behind a proxy: all connections come from its address then, and the limit for each caller is the proxy's
    #[arg(long, env = "GRIDMAP_CONNECTIONS_PER_ADDRESS", value_name = "NUMBER", value_parser = connections(0))]
    pub connections_per_address: Option<usize>,

    /// Mebibytes of disk (in TMPDIR) for bodies whose senders do not read their answer yet, all together
    #[arg(long, env = "GRIDMAP_SPOOL", default_value_t = 4096, value_name = "MIB", value_parser = mebibytes())]
    pub spool: usize,
}

/// A second to a day.
fn seconds() -> RangedU64ValueParser {
    RangedU64ValueParser::new().range(1..=86_400)
}

/// More than a million sockets no process has.
fn connections(least: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(least..=1_000_000)
}

/// Up to a pebibyte.
fn mebibytes() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(0..=1 << 30)
}

impl LimitSettings {
    #[must_use]
    pub fn head_timeout(&self) -> Duration {
        Duration::from_secs(self.head_timeout)
    }

    #[must_use]
    pub fn read_timeout(&self) -> Duration {
        Duration::from_secs(self.read_timeout)
    }

    #[must_use]
    pub fn write_timeout(&self) -> Duration {
        Duration::from_secs(self.write_timeout)
    }

    #[must_use]
    pub fn answer_timeout(&self) -> Duration {
        Duration::from_secs(self.answer_timeout)
    }

    /// The most connections of one address; `None` where there is no limit but that of all.
    #[must_use]
    pub fn connections_per_address(&self) -> Option<usize> {
        match self.connections_per_address {
            Some(0) => None,
            Some(most) => Some(most),
            None => Some((self.connections / 4).max(1)),
        }
    }
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            head_timeout: 5,
            read_timeout: 20,
            write_timeout: 20,
            answer_timeout: 30,
            connections: 4096,
            connections_per_address: None,
            spool: 4096,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_browsers_send() {
        for good in ["*", "none", "https://map.example", "http://map.example:8081", "http://[::1]:3000"] {
            assert_eq!(origin(good).as_deref(), Ok(good));
        }
        for bad in
            ["map.example", "https://map.example/", "https://map.example:443", "https://Map.example/x", "null", ""]
        {
            assert!(origin(bad).is_err(), "{bad}");
        }
        assert_eq!(origin("https://map.example/x?y"), Err("expected an origin: https://map.example".to_owned()));
    }
}
