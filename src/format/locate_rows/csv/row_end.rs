//! Where a row of RFC 4180 ends.

use csv_core::{ReadRecordResult, Reader};

use crate::format::locate_rows::limits::MAX_ROW_BYTES;

/// Finds the ends of rows that follow each other by `csv-core`, whose cells are not looked at.
#[derive(Debug)]
pub(super) struct RowEnds {
    reader: Reader,
    /// Takes the cells of one row.
    cells: Vec<u8>,
}

/// Where the row that some bytes begin with ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RowEnd {
    /// Behind so many bytes, the byte of the line end among them.
    At(usize),
    /// Not in these bytes; `in_quotes` tells whether they end inside a quoted cell.
    Open { in_quotes: bool },
}

impl Default for RowEnds {
    fn default() -> Self {
        Self { reader: Reader::new(), cells: vec![0; MAX_ROW_BYTES + 1] }
    }
}

impl RowEnds {
    /// Looks at the next row, which `bytes` begin with. Nothing may follow a row that is [`RowEnd::Open`]. Cost: linear in the
    /// row.
    pub(super) fn next(&mut self, bytes: &[u8]) -> RowEnd {
        let mut at = 0;
        while at < bytes.len() {
            let (is_ended, n_read) = self.read(&bytes[at..]);
            at += n_read;
            if is_ended {
                return RowEnd::At(at);
            }
        }
        // Only inside of quotes a line end ends no row.
        RowEnd::Open { in_quotes: at > 0 && !self.read(b"\n").0 }
    }

    /// Tells whether a row ended, and how many bytes were read.
    fn read(&mut self, bytes: &[u8]) -> (bool, usize) {
        // Of a row with more cells than there is room for their ends, the next call reads on.
        let (result, n_read, ..) = self.reader.read_record(bytes, &mut self.cells, &mut [0; 64]);
        (matches!(result, ReadRecordResult::Record), n_read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_ends_outside_of_quotes() {
        let check = |bytes: &str, expected: RowEnd| {
            assert_eq!(RowEnds::default().next(bytes.as_bytes()), expected, "{bytes:?}");
        };
        check("1,2\n3,4\n", RowEnd::At(4));
        check("1,2\r\n3,4", RowEnd::At(4));
        check("\"a\n\"\"b\",2\n3", RowEnd::At(10));
        check("a\"b\n", RowEnd::At(4));
        check("\"a\"b\"\n", RowEnd::At(6));
        check("\u{feff}\"a\nb\"\n", RowEnd::At(9));
        check(&format!("{}\n", ",".repeat(1000)), RowEnd::At(1001));
        check("", RowEnd::Open { in_quotes: false });
        check("1,2", RowEnd::Open { in_quotes: false });
        check("1,\"2\"", RowEnd::Open { in_quotes: false });
        check("1,\"2\n3", RowEnd::Open { in_quotes: true });
        check("1,\"2\"\"", RowEnd::Open { in_quotes: true });
    }
}
