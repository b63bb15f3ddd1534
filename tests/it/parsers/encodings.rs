//! Files in the encodings of Chinese desks, read as UTF-8.

use std::io::{self, Read};

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use gridmap::format::encoding::decode;
use gridmap::format::text::{EncodingError, Utf8};
use proptest::prelude::*;

use super::damage::{damaged, damages, sizes};
use super::{Trickle, hold};

/// Reads a file to its end: the encoding, and the text without its byte order mark, or where it is damaged.
fn read(input: impl Read) -> (&'static str, Result<String, EncodingError>) {
    let (name, decoded) = decode(input).unwrap();
    let mut text = String::new();
    let read = Utf8::new(decoded).read_to_string(&mut text).map(|_| text);
    (name, read.map_err(|error: io::Error| error.downcast().unwrap()))
}

/// Chinese texts, most of it common characters; now and then so long that they fill several chunks.
fn texts() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        12 => prop::sample::select("临潭县城关镇网格员村社区路号的人口一二三".chars().collect::<Vec<_>>()),
        3 => prop::char::range(' ', '~'),
        1 => Just('\n'),
        1 => prop::char::range('一', '龥'),
        1 => prop::char::range('𠀀', '𠿿'),
    ];
    let times = prop_oneof![14 => Just(1), 1 => 700..1_100_usize];
    (prop::collection::vec(character, 8..40), times)
        .prop_map(|(characters, times)| characters.iter().collect::<String>().repeat(times))
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
}

/// A text in each encoding, with the name under which it is found. Bytes of GBK that chance to be UTF-8 are left out.
fn encoded(text: &str) -> Vec<(&'static Encoding, Vec<u8>)> {
    let mut all = vec![
        (UTF_8, text.as_bytes().to_vec()),
        (UTF_8, [b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        (UTF_16LE, utf16(text, u16::to_le_bytes)),
        (UTF_16BE, utf16(text, u16::to_be_bytes)),
    ];
    for encoding in [GB18030, GBK] {
        let (bytes, _, is_lossy) = encoding.encode(text);
        if !is_lossy && std::str::from_utf8(&bytes).is_err() {
            all.push((GB18030, bytes.into_owned()));
        }
    }
    all
}

#[test]
fn a_text_is_itself_in_every_encoding_and_in_pieces() {
    hold(50, &(texts(), sizes()), |(text, sizes)| {
        for (encoding, bytes) in encoded(&text) {
            for (name, read) in [read(bytes.as_slice()), read(Trickle::new(&bytes, &sizes))] {
                prop_assert_eq!(read.as_deref(), Ok(&*text));
                prop_assert_eq!(name, encoding.name());
            }
        }
        Ok(())
    });
}

#[test]
fn damage_is_told_where_it_is_or_read_as_the_standard_reads_it() {
    hold(60, &(texts(), damages(), sizes()), |(text, damages, sizes)| {
        for (_, bytes) in encoded(&text) {
            let bytes = damaged(&bytes, &damages).0;
            let (name, found) = read(bytes.as_slice());
            prop_assert_eq!(read(Trickle::new(&bytes, &sizes)), (name, found.clone()));
            let encoding = Encoding::for_label(name.as_bytes()).unwrap();
            let (body, n_mark) = Encoding::for_bom(&bytes).map_or((&*bytes, 0), |(_, n)| (&bytes[n..], n));
            let expected = encoding.decode_without_bom_handling_and_without_replacement(body);
            prop_assert_eq!(found.as_deref().ok(), expected.as_deref());
            if let Err(error) = found {
                let at = usize::try_from(error.offset).unwrap();
                prop_assert!(at >= n_mark && bytes.get(at) == Some(&error.byte), "{:?}", error);
                let before = encoding.decode_without_bom_handling_and_without_replacement(&bytes[n_mark..at]);
                prop_assert!(before.is_some(), "the bytes before it are whole: {:?}", error);
            }
        }
        Ok(())
    });
}
