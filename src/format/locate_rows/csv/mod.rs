//! Questions as rows of a CSV with a header; the answer is put behind each row as further columns.
//!
//! `cut` takes whole rows off the input without understanding them; `render` reads the numbers of a batch, asks, and
//! writes each row as it came with its answer behind it.

mod columns;
mod cut;
mod render;
mod row_end;

pub(super) use cut::CsvCutter;
pub(super) use render::Renderer;
