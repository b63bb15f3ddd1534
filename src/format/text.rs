//! Makes sure that a file is UTF-8 while it is read, and says at which byte it is not and what it looks like instead.

use std::io::{self, Read};

use thiserror::Error;

const CHUNK: usize = 64 * 1024;

/// The file is not in the encoding it is read in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the file is not {encoding}: byte {offset} is 0x{byte:02x}; it looks like {looks_like}, save it as UTF-8")]
pub struct EncodingError {
    pub encoding: &'static str,
    /// Counted from 0.
    pub offset: u64,
    pub byte: u8,
    pub looks_like: &'static str,
}

/// Passes UTF-8 through, without a byte order mark at its head; anything else ends in an [`io::Error`] that holds an
/// [`EncodingError`]. Memory: one chunk of 64 KiB.
#[derive(Debug)]
pub struct Utf8<R> {
    inner: R,
    chunk: Vec<u8>,
    /// Checked bytes of `chunk` not handed out yet.
    ready: std::ops::Range<usize>,
    /// Bytes read before `chunk[0]`.
    offset: u64,
    at_end: bool,
    /// How many more bytes may be handed out; `None` is no limit.
    allowed: Option<usize>,
}

/// More was read at once than was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("more than was allowed")]
pub struct OverLimit;

impl<R: Read> Utf8<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, chunk: Vec::new(), ready: 0..0, offset: 0, at_end: false, allowed: None }
    }

    /// Lets another `n_bytes` through, and after them ends in an [`OverLimit`]: for readers that would gather a record
    /// of any length.
    pub fn allow(&mut self, n_bytes: usize) {
        self.allowed = Some(n_bytes);
    }

    /// Reads and checks the next chunk; the bytes of a character cut by its end stay for the next one.
    fn refill(&mut self) -> io::Result<()> {
        let is_head = self.offset == 0 && self.ready.end == 0;
        self.offset += self.ready.end as u64;
        self.chunk.drain(..self.ready.end);
        // Without room to fill, `read_to_end` would begin with very small reads.
        self.chunk.reserve(CHUNK);
        let n_read = self.inner.by_ref().take(CHUNK as u64).read_to_end(&mut self.chunk)?;
        self.at_end = n_read == 0;
        self.ready = 0..self.checked()?;
        if is_head && self.chunk.starts_with(b"\xEF\xBB\xBF") {
            self.ready.start = 3;
        }
        Ok(())
    }

    /// How many bytes at the head of the chunk are whole, valid characters.
    fn checked(&self) -> io::Result<usize> {
        let Err(error) = std::str::from_utf8(&self.chunk) else { return Ok(self.chunk.len()) };
        let valid = error.valid_up_to();
        if error.error_len().is_none() && !self.at_end {
            return Ok(valid);
        }
        let offset = self.offset + valid as u64;
        Err(io::Error::other(EncodingError {
            encoding: "UTF-8",
            offset,
            byte: self.chunk[valid],
            looks_like: guess(&self.chunk[valid..], offset),
        }))
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.at_end {
            self.refill()?;
        }
        let n = out.len().min(self.ready.len());
        if let Some(allowed) = &mut self.allowed {
            *allowed = allowed.checked_sub(n).ok_or_else(|| io::Error::other(OverLimit))?;
        }
        out[..n].copy_from_slice(&self.chunk[self.ready.start..self.ready.start + n]);
        self.ready.start += n;
        Ok(n)
    }
}

/// Names the encoding that `bytes`, from the first one that is not UTF-8, look like.
fn guess(bytes: &[u8], offset: u64) -> &'static str {
    if offset == 0 && (bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")) {
        return "UTF-16";
    }
    if looks_like_gb18030(bytes) { "GBK (GB 18030)" } else { "an encoding of single bytes, or a damaged file" }
}

/// Tells whether `bytes` look like GB 18030, of which GBK is a part: more than one character of two bytes, most of them common
/// ones (GB 2312, both bytes from 0xa1), and nothing that is not of it.
pub(super) fn looks_like_gb18030(bytes: &[u8]) -> bool {
    let (mut n_pairs, mut n_common) = (0, 0);
    let mut rest = bytes.iter().copied();
    while let Some(lead) = rest.next() {
        if lead < 0x80 {
            continue;
        }
        match rest.next() {
            Some(second @ (0x40..=0x7e | 0x80..=0xfe)) if (0x81..=0xfe).contains(&lead) => {
                n_pairs += 1;
                n_common += u32::from(lead >= 0xa1 && second >= 0xa1);
            }
            None => break,
            // GB 18030 writes rare characters in four bytes, the second of them a digit.
            Some(0x30..=0x39) => {
                rest.nth(1);
            }
            Some(_) => return false,
        }
    }
    n_pairs > 1 && 2 * n_common > n_pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8]) -> Result<String, EncodingError> {
        let mut out = String::new();
        match Utf8::new(bytes).read_to_string(&mut out) {
            Ok(_) => Ok(out),
            Err(error) => Err(error.downcast::<EncodingError>().unwrap()),
        }
    }

    #[test]
    fn a_byte_order_mark_is_dropped_and_characters_may_lie_on_a_chunk_border() {
        assert_eq!(check(b"\xEF\xBB\xBFid").unwrap(), "id");
        assert_eq!(check(b"").unwrap(), "");
        let long = "村".repeat(CHUNK);
        assert_eq!(check(long.as_bytes()).unwrap(), long);
    }

    #[test]
    fn other_encodings_are_named_with_the_byte_where_they_show() {
        let gbk = check(b"id,name\n1,\xC1\xD9\xCC\xB6\xCF\xD8").unwrap_err();
        assert_eq!((gbk.offset, gbk.looks_like), (10, "GBK (GB 18030)"));
        assert_eq!(check(b"\xFF\xFEi\0d\0").unwrap_err().looks_like, "UTF-16");
        assert_eq!(check(b"caf\xE9 ").unwrap_err().offset, 3);
        let cut = check("临".as_bytes().split_last().unwrap().1).unwrap_err();
        assert_eq!(cut.offset, 0, "a file cut inside a character");
        let far = [vec![b'a'; CHUNK + 7], b"\xC1\xD9\xCC\xB6".to_vec()].concat();
        assert_eq!(check(&far).unwrap_err().offset, CHUNK as u64 + 7);
    }
}
