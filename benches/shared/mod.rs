//! What the benches of the running server have in common: a cluster, a server process, load on it.

pub mod cluster;
pub mod load;
pub mod server;
