//! How the lines of a table end.

use std::borrow::Cow;
use std::io::{self, Chain, Cursor, Read};

use crate::format::ReadError;
use crate::format::text::Utf8;

/// How much of a file is looked at to find out how its lines end.
const HEAD: usize = 64 * 1024;

/// A file whose lines end at line feeds. Where the first line ends at a carriage return alone, as some programs still write
/// it, all do: the two marks then change places, so that the crate, which counts line feeds, counts lines.
#[derive(Debug)]
pub(super) struct Lines<R> {
    input: Chain<Cursor<Vec<u8>>, Utf8<R>>,
    is_swapped: bool,
    /// Whether all of it was read: the line read last ended with the file.
    pub(super) at_end: bool,
}

impl<R: Read> Lines<R> {
    /// Looks at the head of a file. A byte order mark is passed over.
    pub(super) fn of(input: R) -> Result<Self, ReadError> {
        let mut input = Utf8::new(input);
        let mut head = vec![0; HEAD];
        let n_read = input.read(&mut head)?;
        head.truncate(n_read);
        if head.ends_with(b"\r") {
            // A line feed may follow.
            input.by_ref().take(1).read_to_end(&mut head)?;
        }
        let mut is_quoted = false;
        let first = head.iter().position(|byte| {
            is_quoted ^= *byte == b'"';
            !is_quoted && matches!(byte, b'\r' | b'\n')
        });
        let is_lone = |at: usize| head[at] == b'\r' && head.get(at + 1) != Some(&b'\n');
        let is_swapped = first.is_some_and(is_lone);
        Ok(Self { input: Cursor::new(head).chain(input), is_swapped, at_end: false })
    }

    /// Lets another `n_bytes` through, as [`Utf8::allow`] does.
    pub(super) fn allow(&mut self, n_bytes: usize) {
        self.input.get_mut().1.allow(n_bytes);
    }
}

impl<R> Lines<R> {
    /// A text as it is in the file.
    pub(super) fn as_read<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let swapped = |c| match c {
            '\r' => '\n',
            '\n' => '\r',
            other => other,
        };
        if self.is_swapped { text.chars().map(swapped).collect() } else { text.into() }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(out)?;
        self.at_end = n == 0;
        if self.is_swapped {
            for byte in &mut out[..n] {
                *byte = match *byte {
                    b'\r' => b'\n',
                    b'\n' => b'\r',
                    other => other,
                };
            }
        }
        Ok(n)
    }
}
