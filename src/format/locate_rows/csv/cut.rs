//! Takes whole rows off a CSV, in batches.
//!
//! Where no quote is near, a row ends at the end of its line and the last line end is all that is looked for. Where there
//! are quotes, `csv-core` finds the ends outside of them (`row_end`). A quote that is opened and not closed within the
//! longest row, or at the end of the input, costs its own line only: reading goes on behind it.

use std::io::{self, BufRead};

use csv::ByteRecord;

use super::columns::{Columns, is_blank};
use super::row_end::{RowEnd, RowEnds};
use crate::format::locate_rows::batch::{Batch, BatchRows, CsvText};
use crate::format::locate_rows::limits::{BATCH_BYTES, MAX_ROW_BYTES};
use crate::format::locate_rows::outcome::RowsError;

#[derive(Debug)]
pub(in crate::format::locate_rows) struct CsvCutter<R> {
    input: R,
    /// What was read and not yet handed over; begins with a row.
    buffer: Vec<u8>,
    ended: bool,
    columns: Columns,
    n_rows: u64,
}

impl<R: BufRead> CsvCutter<R> {
    /// Reads the header.
    pub(in crate::format::locate_rows) fn open(mut input: R) -> Result<Self, RowsError> {
        let (mut buffer, mut ended) = (Vec::new(), false);
        loop {
            fill(&mut input, &mut buffer, &mut ended, MAX_ROW_BYTES + 1).map_err(RowsError::Read)?;
            let blank = n_line_ends(&buffer);
            buffer.drain(..blank);
            if ended || blank == 0 {
                break;
            }
        }
        let end = match RowEnds::default().next(&buffer) {
            RowEnd::At(end) if end <= MAX_ROW_BYTES => end,
            RowEnd::Open { .. } if ended && buffer.is_empty() => return Err(RowsError::Empty),
            RowEnd::Open { .. } if ended => buffer.len(),
            _ => return Err(RowsError::HeaderTooLong),
        };
        let mut header = ByteRecord::new();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&buffer[..end]);
        reader.read_byte_record(&mut header).map_err(|error| RowsError::Read(error.into()))?;
        buffer.drain(..end);
        Ok(Self { input, buffer, ended, columns: Columns::of(header)?, n_rows: 0 })
    }

    pub(in crate::format::locate_rows) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The next whole rows: as many as fit a batch, or the one row that is longer.
    pub(in crate::format::locate_rows) fn next_batch(&mut self) -> Result<Option<Batch>, RowsError> {
        let mut wanted = BATCH_BYTES;
        loop {
            fill(&mut self.input, &mut self.buffer, &mut self.ended, wanted).map_err(RowsError::Read)?;
            if self.buffer.is_empty() {
                return Ok(None);
            }
            let found = whole_rows(&self.buffer, self.ended);
            let n_rows = found.n_rows + u64::from(found.bad.is_some());
            if n_rows == 0 && found.end > 0 {
                self.buffer.drain(..found.end);
                continue;
            }
            if found.end > 0 || found.bad.is_some() {
                let bytes = self.cut(found.end);
                if let Some(bad) = &found.bad {
                    self.pass_over(bad.n_bytes)?;
                }
                let first_row = self.n_rows + 1;
                self.n_rows += n_rows;
                let bad = found.bad.map(|bad| bad.why);
                return Ok(Some(Batch { first_row, rows: BatchRows::Csv(CsvText { bytes, bad }) }));
            }
            wanted = self.buffer.len() + BATCH_BYTES;
        }
    }

    /// Takes the first `n` bytes off the buffer.
    fn cut(&mut self, n: usize) -> Vec<u8> {
        let mut rest = Vec::with_capacity(BATCH_BYTES + MAX_ROW_BYTES);
        rest.extend_from_slice(&self.buffer[n..]);
        let mut cut = std::mem::replace(&mut self.buffer, rest);
        cut.truncate(n);
        cut
    }

    /// Passes over the line of a bad row, of which `n_bytes` are in the buffer; all of them when it goes on behind it.
    fn pass_over(&mut self, n_bytes: usize) -> Result<(), RowsError> {
        let mut line_ended = self.buffer[..n_bytes].ends_with(b"\n");
        self.buffer.drain(..n_bytes);
        while !line_ended && self.buffer.is_empty() && !self.ended {
            let more = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                more => more.map_err(RowsError::Read)?,
            };
            let end = memchr::memchr(b'\n', more);
            line_ended = end.is_some();
            self.ended = more.is_empty();
            let n = end.map_or(more.len(), |end| end + 1);
            self.input.consume(n);
        }
        Ok(())
    }
}

/// Reads until `buffer` holds `wanted` bytes or the input ends.
fn fill(input: &mut impl BufRead, buffer: &mut Vec<u8>, ended: &mut bool, wanted: usize) -> io::Result<()> {
    while !*ended && buffer.len() < wanted {
        let more = match input.fill_buf() {
            Ok(more) => more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        *ended = more.is_empty();
        let n = more.len().min(wanted - buffer.len());
        buffer.extend_from_slice(&more[..n]);
        input.consume(n);
    }
    Ok(())
}

/// The whole rows a buffer begins with.
#[derive(Debug, Default, PartialEq)]
struct WholeRows {
    n_rows: u64,
    /// Where the last of them ends.
    end: usize,
    bad: Option<UnreadableRow>,
}

/// A row behind them that cannot be read.
#[derive(Debug, PartialEq)]
struct UnreadableRow {
    /// Its line, as far as it is in the buffer.
    n_bytes: usize,
    why: String,
}

fn whole_rows(buffer: &[u8], ended: bool) -> WholeRows {
    let quoted = memchr::memchr(b'"', buffer).is_some();
    let (mut found, in_quotes) = if quoted { quoted_rows(buffer) } else { (plain_rows(buffer), false) };
    let rest = &buffer[found.end..];
    // A row that is too long is known as soon as so much of it is there; an open quote also by the end of the input.
    if rest.len() > MAX_ROW_BYTES {
        found.bad = Some(UnreadableRow {
            n_bytes: memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1),
            why: format!("the row is longer than {MAX_ROW_BYTES} bytes (an open quote?)"),
        });
    } else if ended && !rest.is_empty() {
        let line_end = memchr::memchr(b'\n', rest).filter(|_| in_quotes);
        if let Some(end) = line_end {
            found.bad = Some(UnreadableRow { n_bytes: end + 1, why: "a quote is opened and never closed".to_owned() });
        } else {
            found.end = buffer.len();
            found.n_rows += u64::from(!is_blank(rest));
        }
    }
    found
}

/// Rows of a buffer without quotes: lines that are not blank.
fn plain_rows(buffer: &[u8]) -> WholeRows {
    let mut found = WholeRows::default();
    for end in memchr::memchr2_iter(b'\n', b'\r', buffer) {
        found.n_rows += u64::from(!is_blank(&buffer[found.end..end]));
        found.end = end + 1;
    }
    found
}

/// Rows of a buffer with quotes, up to one that is too long; and whether what is behind them ends within quotes.
fn quoted_rows(buffer: &[u8]) -> (WholeRows, bool) {
    let (mut found, mut ends) = (WholeRows::default(), RowEnds::default());
    loop {
        found.end += n_line_ends(&buffer[found.end..]);
        let rest = &buffer[found.end..];
        match ends.next(&rest[..rest.len().min(MAX_ROW_BYTES + 1)]) {
            RowEnd::At(end) => {
                found.n_rows += u64::from(!is_blank(&rest[..end]));
                found.end += end;
            }
            RowEnd::Open { in_quotes } => return (found, in_quotes),
        }
    }
}

/// How many line ends the bytes begin with.
fn n_line_ends(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(u64, String, Option<String>)> {
        let mut cutter = CsvCutter::open(text.as_bytes()).unwrap();
        let mut cuts = Vec::new();
        while let Some(batch) = cutter.next_batch().unwrap() {
            let BatchRows::Csv(text) = batch.rows else { panic!("of another format") };
            cuts.push((batch.first_row, String::from_utf8(text.bytes).unwrap(), text.bad));
            assert!(cuts.len() < 100, "it must come to an end");
        }
        cuts
    }

    #[test]
    fn rows_are_cut_outside_of_quotes_only() {
        assert_eq!(cut("lon,lat\n1,2\n3,4"), [(1, "1,2\n3,4".to_owned(), None)]);
        assert_eq!(cut("\r\n\nlon,lat\r\n"), []);
        let long = format!("\"a\nb\"\"\n\",{}\n", "x".repeat(BATCH_BYTES / 3));
        let cuts = cut(&format!("lon,lat\n{}", long.repeat(7)));
        assert!(cuts.len() > 2 && cuts.iter().all(|(_, text, bad)| text.starts_with("\"a\n") && bad.is_none()));
        assert_eq!(cuts.iter().map(|(_, text, _)| text.as_str()).collect::<String>(), long.repeat(7));
        assert_eq!(cuts[1].0, 1 + cuts[0].1.matches("\"a").count() as u64, "rows are counted");
    }

    #[test]
    fn an_open_quote_costs_its_own_line_only() {
        let why = "a quote is opened and never closed";
        assert_eq!(
            cut("lon,lat\n1,2\n\"3,4\n5,6\n"),
            [(1, "1,2\n".to_owned(), Some(why.to_owned())), (3, "5,6\n".to_owned(), None)]
        );
        let rows = "5,6\n".repeat(2 * BATCH_BYTES / 4);
        let cuts = cut(&format!("lon,lat\n1,2\n\"3,4\n{rows}"));
        assert!(cuts[0].1 == "1,2\n" && cuts[0].2.as_ref().unwrap().contains("open quote"), "{cuts:?}");
        assert_eq!(cuts[1..].iter().map(|(_, text, _)| text.as_str()).collect::<String>(), rows);
        assert_eq!(cuts[1].0, 3);
    }

    #[test]
    fn a_line_without_end_is_passed_over() {
        let endless = "9".repeat(5 * BATCH_BYTES);
        let cuts = cut(&format!("lon,lat\n{endless}\n1,2\n"));
        assert!(cuts[0].1.is_empty() && cuts[0].2.is_some());
        assert_eq!(cuts[1..], [(2, "1,2\n".to_owned(), None)]);
    }
}
