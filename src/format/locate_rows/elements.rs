//! Cuts a stream into rows of bounded length: lines, or the elements of one JSON array.

use std::io::{self, BufRead};

use super::limits::MAX_ROW_BYTES;

/// One row's bytes as they were cut out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// The bytes are in the buffer.
    Whole,
    /// It was longer than [`MAX_ROW_BYTES`] and was passed over.
    TooLong,
    /// The array was not closed: what there was of its last element is in the buffer.
    BrokenOff,
    /// Something other than white space follows the array.
    AfterEnd,
}

/// How far in an array of JSON the reading has come.
#[derive(Debug, Default)]
pub(super) struct Array {
    depth: u32,
    in_string: bool,
    escaped: bool,
    n_elements: u64,
    closed: bool,
}

/// Reads the next line into `row`, without its end; `None` at the end of the input. Empty lines are passed over.
pub(super) fn next_line(reader: &mut impl BufRead, row: &mut Vec<u8>) -> io::Result<Option<Element>> {
    loop {
        row.clear();
        let mut ended = true;
        let n_bytes = each_byte(reader, row, |byte| {
            ended = byte == b'\n';
            if ended { ByteUse::End } else { ByteUse::Keep }
        })?;
        if n_bytes == 0 {
            return Ok(None);
        }
        if row.len() > MAX_ROW_BYTES {
            return Ok(Some(Element::TooLong));
        }
        if !row.trim_ascii().is_empty() {
            return Ok(Some(Element::Whole));
        }
    }
}

impl Array {
    /// Reads the next element into `row`; `None` after the closing bracket. Elements are only cut apart here, not parsed:
    /// a comma or bracket in a string or deeper down does not count.
    pub(super) fn next(&mut self, reader: &mut impl BufRead, row: &mut Vec<u8>) -> io::Result<Option<Element>> {
        row.clear();
        if self.closed {
            each_byte(reader, row, |byte| if byte.is_ascii_whitespace() { ByteUse::Skip } else { ByteUse::Keep })?;
            return Ok((!row.is_empty()).then_some(Element::AfterEnd));
        }
        let mut ended = false;
        each_byte(reader, row, |byte| {
            let step = self.step(byte);
            ended |= step == ByteUse::End;
            step
        })?;
        let element = match (ended, row.len() > MAX_ROW_BYTES) {
            (false, _) => Element::BrokenOff,
            (true, true) => Element::TooLong,
            (true, false) => Element::Whole,
        };
        self.closed |= !ended;
        let nothing = self.closed && ended && self.n_elements == 0 && row.trim_ascii().is_empty();
        self.n_elements += 1;
        if nothing { self.next(reader, row) } else { Ok(Some(element)) }
    }

    fn step(&mut self, byte: u8) -> ByteUse {
        if self.in_string {
            self.in_string = self.escaped || byte != b'"';
            self.escaped = !self.escaped && byte == b'\\';
            return ByteUse::Keep;
        }
        match byte {
            b'"' => self.in_string = true,
            b'[' | b'{' => self.depth = self.depth.saturating_add(1),
            b',' if self.depth == 0 => return ByteUse::End,
            b']' if self.depth == 0 => {
                self.closed = true;
                return ByteUse::End;
            }
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        ByteUse::Keep
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ByteUse {
    Keep,
    Skip,
    End,
}

/// Feeds bytes to `step` until it ends the row or the input ends; keeps at most one byte more than a row may have.
/// Returns how many bytes were read.
fn each_byte(reader: &mut impl BufRead, row: &mut Vec<u8>, mut step: impl FnMut(u8) -> ByteUse) -> io::Result<usize> {
    let mut n_read = 0;
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok(n_read);
        }
        let mut end = None;
        for (at, &byte) in buffer.iter().enumerate() {
            match step(byte) {
                ByteUse::Keep if row.len() <= MAX_ROW_BYTES => row.push(byte),
                ByteUse::Keep | ByteUse::Skip => {}
                ByteUse::End => {
                    end = Some(at + 1);
                    break;
                }
            }
        }
        let n_used = end.unwrap_or(buffer.len());
        reader.consume(n_used);
        n_read += n_used;
        if end.is_some() {
            return Ok(n_read);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(Element, String)> {
        let (mut reader, mut row, mut found) = (text.as_bytes(), Vec::new(), Vec::new());
        let mut array = Array::default();
        while let Some(element) = array.next(&mut reader, &mut row).unwrap() {
            found.push((element, String::from_utf8(row.clone()).unwrap()));
            assert!(found.len() < 20, "it must come to an end");
        }
        found
    }

    #[test]
    fn an_array_is_cut_at_its_own_commas_only() {
        use Element::{AfterEnd, BrokenOff, Whole};
        let cases: &[(&str, &[(Element, &str)])] = &[
            ("]", &[]),
            (" ] \n", &[]),
            ("1,2]", &[(Whole, "1"), (Whole, "2")]),
            (r#"{"a":[1,2]},"x,]"]"#, &[(Whole, r#"{"a":[1,2]}"#), (Whole, r#""x,]""#)]),
            (r#""\"]",3]"#, &[(Whole, r#""\"]""#), (Whole, "3")]),
            ("1,]", &[(Whole, "1"), (Whole, "")]),
            ("1,2", &[(Whole, "1"), (BrokenOff, "2")]),
            ("", &[(BrokenOff, "")]),
            ("1] x", &[(Whole, "1"), (AfterEnd, "x")]),
        ];
        for (text, expected) in cases {
            let found = cut(text);
            let found: Vec<_> = found.iter().map(|(element, row)| (*element, row.as_str())).collect();
            assert_eq!(&found[..found.len().min(expected.len())], *expected, "{text}");
            assert_eq!(found.len(), expected.len(), "{text}");
        }
    }

    #[test]
    fn a_row_without_end_is_passed_over_in_bounded_memory() {
        let text = format!("[{}],1]", "9,".repeat(MAX_ROW_BYTES));
        let (mut reader, mut row, mut array) = (text.as_bytes(), Vec::new(), Array::default());
        assert_eq!(array.next(&mut reader, &mut row).unwrap(), Some(Element::TooLong));
        assert!(row.len() <= MAX_ROW_BYTES + 1);
        assert_eq!(array.next(&mut reader, &mut row).unwrap(), Some(Element::Whole));
        assert_eq!(row, b"1");
    }
}
