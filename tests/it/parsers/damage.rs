//! Valid bytes made a little wrong: cut off, a byte changed, taken out or put in.

use proptest::prelude::*;
use proptest::sample::Index;

/// Bytes that mean something to one of the readers, so that a change of one byte is more than another letter.
const MARKS: &[u8] = b"\",;:{}[]()\\\r\n\t '=+-.0e9N#<\0\x80\xBF\xC1\xD9\xE6\xFE\xFF";

#[derive(Clone, Debug)]
pub(super) enum Damage {
    Cut(Index),
    Change(Index, u8),
    TakeOut(Index, usize),
    PutIn(Index, u8),
    Repeat(Index, usize),
}

impl Damage {
    /// Returns the damaged bytes, and how many at their head are as they were.
    fn done_to(&self, bytes: &[u8]) -> (Vec<u8>, usize) {
        let place = |index: &Index| index.index(bytes.len().max(1)).min(bytes.len());
        let end = |at: usize, n: usize| (at + n).min(bytes.len());
        let with = |at: usize, middle: &[u8], rest: usize| ([&bytes[..at], middle, &bytes[rest..]].concat(), at);
        match self {
            Self::Cut(index) => with(place(index), b"", bytes.len()),
            Self::Change(index, byte) => with(place(index), &[*byte], end(place(index), 1)),
            Self::TakeOut(index, n) => with(place(index), b"", end(place(index), *n)),
            Self::PutIn(index, byte) => with(place(index), &[*byte], place(index)),
            Self::Repeat(index, n) => with(place(index), &bytes[place(index)..end(place(index), *n)], place(index)),
        }
    }
}

/// Does some damage, one after the other. Returns the bytes, and how many at their head are as they were.
pub(super) fn damaged(bytes: &[u8], damages: &[Damage]) -> (Vec<u8>, usize) {
    damages.iter().fold((bytes.to_vec(), bytes.len()), |(bytes, untouched), damage| {
        let (bytes, at) = damage.done_to(&bytes);
        (bytes, untouched.min(at))
    })
}

/// One to three damages.
pub(super) fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let byte = || prop_oneof![3 => prop::sample::select(MARKS), 1 => any::<u8>()];
    let damage = prop_oneof![
        1 => any::<Index>().prop_map(Damage::Cut),
        4 => (any::<Index>(), byte()).prop_map(|(at, byte)| Damage::Change(at, byte)),
        2 => (any::<Index>(), 1..12_usize).prop_map(|(at, n)| Damage::TakeOut(at, n)),
        4 => (any::<Index>(), byte()).prop_map(|(at, byte)| Damage::PutIn(at, byte)),
        1 => (any::<Index>(), 1..40_usize).prop_map(|(at, n)| Damage::Repeat(at, n)),
    ];
    prop::collection::vec(damage, 1..4)
}

/// Sizes of the pieces in which bytes come: mostly a few bytes, so that every mark is parted somewhere.
pub(super) fn sizes() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![4 => 1..5_usize, 1 => 1..80_000_usize], 1..4)
}
