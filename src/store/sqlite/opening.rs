//! Looks at a SQLite file before anything is made in it: whether it is ours, whole, and may be written.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::store::backend::logged;
use crate::store::{Result, StoreError, migrations};

/// How a file can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Write,
    /// Others may write meanwhile: their locks are heeded.
    Read,
    /// Nobody can write, or what is beside the file cannot be read: no locks, no log.
    ReadImmutable,
}

impl Access {
    /// `options` for this access.
    pub(super) fn of(self, options: SqliteConnectOptions) -> SqliteConnectOptions {
        match self {
            Self::Write => options,
            Self::Read => options.read_only(true),
            Self::ReadImmutable => options.read_only(true).immutable(true),
        }
    }
}

/// Says how `file` can be opened. One that is absent or empty is made ours by whoever opens it.
///
/// # Errors
/// [`StoreError::Foreign`] when it keeps tables that are not ours, [`StoreError::Damaged`] when it is none of SQLite's or
/// broken, [`StoreError::ReadOnlyBehind`] when it cannot be written and lacks what only a writer could bring.
pub(super) async fn look(file: &str) -> Result<Access> {
    if std::fs::metadata(file).map_or(true, |found| found.len() == 0) {
        return Ok(Access::Write);
    }
    let (access, mut connection) = if is_writable(file) {
        match connect(file, Access::Write).await {
            Ok(connection) => (Access::Write, connection),
            // The file may be written and its folder not, so there is no place for the log.
            Err(_) => to_read(file).await?,
        }
    } else {
        to_read(file).await?
    };
    let found = belongs_to_us(file, &mut connection, access).await.map_err(|error| named(file, error));
    connection.close().await?;
    found.map(|()| access)
}

/// Names the file in what is wrong with it.
fn named(file: &str, error: StoreError) -> StoreError {
    match error {
        StoreError::Damaged { cause, .. } => StoreError::Damaged { file: file.to_owned(), cause },
        other => other,
    }
}

fn is_writable(file: &str) -> bool {
    let refused = OpenOptions::new().write(true).open(file).err().map(|error| error.kind());
    !matches!(refused, Some(ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem))
}

async fn to_read(file: &str) -> Result<(Access, SqliteConnection)> {
    if let Ok(connection) = connect(file, Access::Read).await {
        return Ok((Access::Read, connection));
    }
    let log = format!("{file}-wal");
    if std::fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        let why = format!("its newest rows are still in {log}; open it once where it can be written");
        return Err(StoreError::ReadOnlyBehind { file: file.to_owned(), why });
    }
    let connection = connect(file, Access::ReadImmutable).await.map_err(|error| named(file, error.into()))?;
    Ok((Access::ReadImmutable, connection))
}

/// Opens the file and reads a page of it, which is when SQLite first says what it cannot do.
async fn connect(file: &str, access: Access) -> std::result::Result<SqliteConnection, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(Path::new(file)).busy_timeout(super::PATIENCE);
    let mut connection = logged(access.of(options)).connect().await?;
    sqlx::query("select count(*) from sqlite_schema").execute(&mut connection).await?;
    Ok(connection)
}

async fn belongs_to_us(file: &str, connection: &mut SqliteConnection, access: Access) -> Result<()> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by 1",
    )
    .fetch_all(&mut *connection)
    .await?;
    let has = |name: &str| tables.iter().any(|table| table == name);
    let is_ours = has("region") && has("household") && has("_sqlx_migrations");
    if let (Some(table), false) = (tables.first(), is_ours) {
        return Err(StoreError::Foreign { file: file.to_owned(), table: table.clone() });
    }
    if access != Access::Write && migrations::n_applied(connection).await != Some(migrations::SQLITE.len()) {
        let why = "its tables are of an older gridmap; run `gridmap migrate` where it can be written".to_owned();
        return Err(StoreError::ReadOnlyBehind { file: file.to_owned(), why });
    }
    Ok(())
}
