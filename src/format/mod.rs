//! Bytes in, domain out, and back.

pub mod answer;
pub mod locate_rows;
