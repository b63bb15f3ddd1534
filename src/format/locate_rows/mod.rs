//! Many questions in, as many answers out, in the same format and order: CSV, NDJSON, JSON, GeoJSON, Arrow, Parquet.
//!
//! Rows are cut off the input in batches of bounded size ([`Reader`]), answered batch by batch, on as many threads as one
//! likes ([`Renderer`]), and written in their order ([`Writer`]); nothing else is gathered, whatever the size. A bad row
//! gets an error in its place and the next one is read: nothing stops in the middle. The same on the command line and
//! over HTTP. Who answers is not known here: a [`RowLocator`].
//!
//! | format | a question | an answer |
//! |---|---|---|
//! | CSV | columns `lon`, `lat` (or `x`, `y`, `lng`, 经度, 纬度 ...), perhaps `accuracy_m`, `category` | the row, then the columns of [`RowAnswer`] |
//! | GeoJSON | a Feature with a Point, perhaps with the properties `accuracy_m`, `category` | the feature with those columns as further properties |
//! | Arrow stream, Parquet | columns `lon`, `lat` of numbers or texts, named as in CSV | the columns, then those of [`RowAnswer`], null where a cell is empty |
//! | NDJSON, JSON array | `{"lon": 103.6, "lat": 34.7}`, perhaps `accuracy_m`, `category`, `id`; others are ignored | the whole answer, with the row's `id` and `status`; or `{"row", "id", "error", "status"}` |

mod answered;
mod arrow;
mod batch;
mod csv;
mod elements;
mod features;
mod given;
mod json_rows;
mod limits;
mod outcome;
mod question;
mod reader;
mod renderer;
mod row_answer;
mod writer;

pub use answered::AnsweredBatch;
pub use batch::Batch;
pub use limits::MAX_ROW_BYTES;
pub use outcome::{AnswerSettings, MOST_FAULTS, RowFault, RowFormat, RowsError, Summary};
pub use question::{Asked, RowLocator, RowQuestion};
pub use reader::Reader;
pub use renderer::Renderer;
pub use row_answer::{RowAnswer, RowLink, RowMediator};
pub use writer::Writer;
