//! Finds out in which encoding a text file is, and passes it on as UTF-8: spreadsheets on Chinese desks save CSV in GB 18030,
//! and some programs in UTF-16. Nothing is replaced: what is malformed ends the file with its place.

use std::io::{self, Chain, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

use super::text::{EncodingError, looks_like_gb18030};

/// How much of a file is looked at. Where all of it is ASCII, the rest is taken for UTF-8.
const HEAD: u64 = 1024 * 1024;
const CHUNK: usize = 64 * 1024;
/// The longest malformed sequence with what is looked at behind it, in bytes.
const LONGEST: usize = 8;

/// A file as UTF-8. Memory: its head, and some chunks.
#[derive(Debug)]
pub struct Decoded<R> {
    input: Chain<Cursor<Vec<u8>>, R>,
    /// `None` for UTF-8, which is passed on as it is.
    decoding: Option<Decoding>,
}

#[derive(Debug)]
struct Decoding {
    decoder: Decoder,
    name: &'static str,
    raw: Vec<u8>,
    /// Bytes of `raw` that are decoded; some of the last may belong to a character that is not whole yet.
    n_taken: usize,
    /// Bytes before `raw[0]`.
    offset: u64,
    text: Vec<u8>,
    n_read: usize,
    at_end: bool,
}

/// Begins to read a file, and tells its encoding by name: by its byte order mark, else UTF-8 where its head is that, else
/// GB 18030 where its head looks like that, else UTF-8, so that reading says where it is not.
///
/// # Errors
/// When its head cannot be read.
pub fn decode<R: Read>(mut input: R) -> io::Result<(&'static str, Decoded<R>)> {
    let mut head = Vec::new();
    input.by_ref().take(HEAD).read_to_end(&mut head)?;
    let encoding = encoding_of(&head, (head.len() as u64) < HEAD);
    let decoding = (encoding != UTF_8).then(|| Decoding {
        decoder: encoding.new_decoder_with_bom_removal(),
        name: encoding.name(),
        raw: Vec::new(),
        n_taken: 0,
        offset: 0,
        text: Vec::new(),
        n_read: 0,
        at_end: false,
    });
    Ok((encoding.name(), Decoded { input: Cursor::new(head).chain(input), decoding }))
}

fn encoding_of(head: &[u8], is_whole: bool) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    let Err(error) = std::str::from_utf8(head) else { return UTF_8 };
    let (valid, rest) = head.split_at(error.valid_up_to());
    let is_cut = error.error_len().is_none() && !is_whole;
    // Two bytes of GBK may be a letter of UTF-8 by chance; three that are a Chinese character of it are no chance.
    let is_utf8 = str::from_utf8(valid).is_ok_and(|text| text.chars().any(|c| c >= '\u{800}'));
    if !is_cut && !is_utf8 && looks_like_gb18030(rest) { GB18030 } else { UTF_8 }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(decoding) = &mut self.decoding else { return self.input.read(out) };
        while decoding.n_read == decoding.text.len() && !decoding.at_end {
            decoding.refill(&mut self.input)?;
        }
        let ready = &decoding.text[decoding.n_read..];
        let n = out.len().min(ready.len());
        out[..n].copy_from_slice(&ready[..n]);
        decoding.n_read += n;
        Ok(n)
    }
}

impl Decoding {
    fn refill(&mut self, input: &mut impl Read) -> io::Result<()> {
        let n_kept = LONGEST.min(self.n_taken);
        self.raw.drain(..self.n_taken - n_kept);
        self.offset += (self.n_taken - n_kept) as u64;
        self.at_end = input.take(CHUNK as u64).read_to_end(&mut self.raw)? == 0;
        let new = &self.raw[n_kept..];
        let most = self.decoder.max_utf8_buffer_length_without_replacement(new.len());
        self.text.resize(most.unwrap_or(CHUNK * 4), 0);
        let decode = self.decoder.decode_to_utf8_without_replacement(new, &mut self.text, self.at_end);
        let (result, n_taken, n_written) = decode;
        self.n_taken = n_kept + n_taken;
        if let DecoderResult::Malformed(n_bad, n_after) = result {
            let bad = self.n_taken - usize::from(n_bad) - usize::from(n_after);
            return Err(io::Error::other(EncodingError {
                encoding: self.name,
                offset: self.offset + bad as u64,
                byte: self.raw[bad],
                looks_like: "a damaged file",
            }));
        }
        self.text.truncate(n_written);
        self.n_read = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<(&str, &str), (&str, u64)>) {
        let (name, mut decoded) = decode(bytes).unwrap();
        let mut text = String::new();
        match (decoded.read_to_string(&mut text), expected) {
            (Ok(_), Ok(expected)) => assert_eq!((name, text.as_str()), expected),
            (Err(error), Err((encoding, offset))) => {
                let error = error.downcast::<EncodingError>().unwrap();
                assert_eq!((error.encoding, error.offset), (encoding, offset));
            }
            (read, expected) => panic!("{read:?} {text:?} for {expected:?}"),
        }
    }

    #[test]
    fn the_encodings_of_spreadsheets_are_read() {
        check(b"id,name\n", Ok(("UTF-8", "id,name\n")));
        check("id,村\n".as_bytes(), Ok(("UTF-8", "id,村\n")));
        check(b"", Ok(("UTF-8", "")));
        check(b"id,name\n1,\xC1\xD9\xCC\xB6\xCF\xD8", Ok(("gb18030", "id,name\n1,临潭县")));
        // A rare character has four bytes there.
        check(b"\xC1\xD9\xCC\xB6\x95\x32\x90\x31", Ok(("gb18030", "临潭\u{20087}")));
        check(b"\xFF\xFEi\0d\0\x34\x4E", Ok(("UTF-16LE", "id临")));
        check(b"\xFE\xFF\0i\0d\x4E\x34", Ok(("UTF-16BE", "id临")));
    }

    #[test]
    fn what_is_damaged_is_told_by_its_place_and_nothing_is_replaced() {
        check(b"\xC1\xD9\xCC\xB6,\xCF", Err(("gb18030", 5)));
        check(b"\xFF\xFEi\0\x34\xD8a\0", Err(("UTF-16LE", 4)));
    }

    #[test]
    fn damaged_utf8_and_single_bytes_are_not_taken_for_gb18030() {
        for bytes in [
            b"id,address\n1,\xE6\x9D\x91\n2,\xE6\x9D\n3,\xE6\x9D\x91\xE5\xBA\x84\n".as_slice(),
            b"M\xFCller,J\xF6rg,B\xE4r",
        ] {
            let (name, mut decoded) = decode(bytes).unwrap();
            let mut passed = Vec::new();
            decoded.read_to_end(&mut passed).unwrap();
            assert_eq!((name, passed.as_slice()), ("UTF-8", bytes), "for its reader to refuse");
        }
    }

    #[test]
    fn characters_lie_on_the_borders_of_chunks() {
        let (gbk, _, _) = GB18030.encode("临");
        let long = [b"x".as_slice(), &gbk.repeat(3 * CHUNK)].concat();
        let text = format!("x{}", "临".repeat(3 * CHUNK));
        check(&long, Ok(("gb18030", &text)));
    }
}
