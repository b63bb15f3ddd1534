//! Questions as rows of Arrow's columns, from an IPC stream or a Parquet file; the answer is put behind them as further
//! columns.
//!
//! `stream` and `parquet` read and write batches of columns; `questions` takes the numbers out of them; `answers` builds
//! the columns of an answer. Batches are cut small, whatever size they come in. Input columns go out as they came, but any
//! may be null: where the input breaks off, a last row says so.

mod answers;
mod cutter;
mod parquet;
mod questions;
mod stream;

pub(super) use answers::Renderer;
pub(super) use parquet::{FileReader, FileWriter};
pub(super) use stream::{StreamReader, StreamWriter};
