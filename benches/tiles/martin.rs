//! The peer: martin, over the same grids in PostGIS.

use std::fs;
use std::process::Command;

use crate::shared::server::Server;

/// What it is told: one table, the pixels and buffer that gridmap has.
const CONFIG: &str = "postgres:
  connection_string: 'DATABASE'
  pool_size: 16
  auto_publish: false
  tables:
    grids:
      schema: public
      table: tile_grid
      srid: 3857
      geometry_column: boundary
      geometry_type: MULTIPOLYGON
      extent: 4096
      buffer: 64
      clip_geom: true
      properties:
        id: text
        code: text
        name: text
        parent: text
";

/// A running martin.
#[derive(Debug)]
pub struct Martin {
    pub server: Server,
    /// Where its configuration lies as long as it runs.
    _folder: tempfile::TempDir,
}

/// Starts the program that `MARTIN` names over a database, keeping no tiles.
pub fn start(database: &str) -> Martin {
    let program = std::env::var("MARTIN").expect("MARTIN names the program");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = folder.path().join("martin.yaml");
    fs::write(&config, CONFIG.replace("DATABASE", database)).expect("a temporary folder is writable");
    let mut command = Command::new(program);
    command.args(["--cache-size", "0", "--workers", "2", "--config"]).arg(config).arg("--listen-addresses");
    Martin { server: Server::spawn(command, "/health"), _folder: folder }
}
