//! The text of an answer with holes where answers of one grid differ: revision, position, edge, distances of mediators.
//!
//! The text is written by the same serializer as any other answer ([`AnswerJson`](super::answer::AnswerJson)); a hole notes
//! how much stood there when its turn came, so nothing is ever looked for in the text.

use std::cell::RefCell;
use std::io;
use std::ops::Range;

use bytes::BytesMut;
use serde::Serialize;
use serde::ser::Serializer;

use super::answer::{Wire, WireEdge, WireMediator, WirePosition, rounded};
use crate::domain::{Answer, Grant, Mediator, Revision};
use crate::geometry::Position;

/// Bytes that an answer seldom exceeds; a longer one only costs a further growth.
const USUAL_LENGTH: usize = 4096;

/// The grid-invariant part of an answer: pieces of one text, in the order in which they mostly come, so that copying them
/// reads on through memory.
#[derive(Debug)]
pub struct AnswerTemplate {
    text: Box<str>,
    /// What comes before the revision, the longitude, the latitude, the distance to the edge, the neighbour and the mediators.
    before: [Range<usize>; 6],
    /// What comes around the distance of each mediator.
    mediators: Box<[[Range<usize>; 2]]>,
    end: Range<usize>,
}

impl AnswerTemplate {
    /// Keeps all of `answer` but its revision, position, edge and mediators; `mediators` are those that filled answers choose
    /// from. Telephones are in it where `phones` is a right to them.
    #[must_use]
    pub fn new<'a>(
        answer: &Answer<'a>,
        mediators: impl IntoIterator<Item = Mediator<'a>>,
        phones: Option<&Grant>,
    ) -> Self {
        let mut pieces = Pieces::default();
        let sink = Sink::default();
        let hole = || Hole(&sink);
        let position = WirePosition { lon: hole(), lat: hole() };
        let edge = WireEdge { distance_m: hole(), neighbour: hole() };
        let [revision, lon, lat, distance_m, neighbour, list, end] =
            sink.cut(&Wire::of(answer, phones, hole(), position, edge, hole()));
        let before = [revision, lon, lat, distance_m, neighbour, list].map(|piece| pieces.add(&piece));
        let mediators = mediators.into_iter().map(|mediator| {
            let sink = Sink::default();
            sink.cut(&WireMediator::of(&mediator, phones, Hole(&sink))).map(|piece| pieces.add(&piece))
        });
        let mediators = mediators.collect();
        let end = pieces.add(&end);
        Self { text: pieces.0.into(), before, mediators, end }
    }

    /// Appends the answer for a point as of `revision`: its position, how far the nearest edge is, the JSON of the grid beyond
    /// it (`None` on the outer border), and the mediators in the order given, each by its place in the list of [`Self::new`]
    /// and with its distance. All distances in metres.
    pub fn fill(
        &self,
        revision: Revision,
        position: Position,
        distance_m: f64,
        neighbour: Option<&str>,
        mediators: impl IntoIterator<Item = (usize, Option<f64>)>,
        out: &mut BytesMut,
    ) {
        let [before_revision, before_lon, before_lat, before_distance, before_neighbour, before_mediators] =
            &self.before;
        out.reserve(USUAL_LENGTH);
        self.put(before_revision, out);
        out.extend_from_slice(Number::new(revision.0).as_bytes());
        self.put(before_lon, out);
        out.extend_from_slice(Number::new(position.lon()).as_bytes());
        self.put(before_lat, out);
        out.extend_from_slice(Number::new(position.lat()).as_bytes());
        self.put(before_distance, out);
        out.extend_from_slice(Number::new(rounded(distance_m)).as_bytes());
        self.put(before_neighbour, out);
        out.extend_from_slice(neighbour.unwrap_or("null").as_bytes());
        self.put(before_mediators, out);
        self.put_mediators(mediators, out);
        self.put(&self.end, out);
    }

    fn put(&self, piece: &Range<usize>, out: &mut BytesMut) {
        out.extend_from_slice(&self.text.as_bytes()[piece.clone()]);
    }

    /// Colleagues are mostly found at one place, so a distance is printed once for all who follow each other with it.
    fn put_mediators(&self, mediators: impl IntoIterator<Item = (usize, Option<f64>)>, out: &mut BytesMut) {
        let mut printed = (None, Number::new(f64::NAN));
        let mut between: &[u8] = b"[";
        for (at, distance_m) in mediators {
            if printed.0 != distance_m {
                printed = (distance_m, Number::new(distance_m.map_or(f64::NAN, rounded)));
            }
            out.extend_from_slice(between);
            between = b",";
            let [before, after] = &self.mediators[at];
            self.put(before, out);
            out.extend_from_slice(printed.1.as_bytes());
            self.put(after, out);
        }
        out.extend_from_slice(if between == b"[" { b"[]" } else { b"]" });
    }
}

/// The one text of all pieces.
#[derive(Debug, Default)]
struct Pieces(String);

impl Pieces {
    fn add(&mut self, piece: &str) -> Range<usize> {
        let start = self.0.len();
        self.0.push_str(piece);
        start..self.0.len()
    }
}

/// What is written, and where its holes are.
#[derive(Debug, Default)]
struct Sink {
    text: RefCell<Vec<u8>>,
    holes: RefCell<Vec<usize>>,
}

impl Sink {
    /// The text of `value`, which has one hole fewer than there are pieces, cut at its holes.
    fn cut<const N: usize>(&self, value: &impl Serialize) -> [String; N] {
        serde_json::to_writer(self, value).expect("an answer has only text keys and finite numbers");
        let text = self.text.borrow();
        let holes = self.holes.borrow();
        let starts = std::iter::once(0).chain(holes.iter().map(|at| at + NULL.len()));
        let ends = holes.iter().copied().chain([text.len()]);
        let piece = |(start, end): (usize, usize)| String::from_utf8_lossy(&text[start..end]).into_owned();
        let pieces: Vec<String> = starts.zip(ends).map(piece).collect();
        pieces.try_into().expect("every hole is written once")
    }
}

impl io::Write for &Sink {
    fn write(&mut self, written: &[u8]) -> io::Result<usize> {
        self.text.borrow_mut().extend_from_slice(written);
        Ok(written.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is written in a hole, to be cut out.
const NULL: &str = "null";

/// A value that is not known yet.
#[derive(Debug)]
struct Hole<'s>(&'s Sink);

impl Serialize for Hole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.holes.borrow_mut().push(self.0.text.borrow().len());
        serializer.serialize_unit()
    }
}

/// A number as JSON; `null` when it is not finite.
#[derive(Clone, Copy, Debug)]
struct Number {
    text: [u8; 24],
    length: usize,
}

impl Number {
    fn new(n: impl Serialize) -> Self {
        let mut text = [0; 24];
        let mut rest = &mut text[..];
        serde_json::to_writer(&mut rest, &n).expect("no finite number is longer than 24 characters");
        let length = 24 - rest.len();
        Self { text, length }
    }

    fn as_bytes(&self) -> &[u8] {
        &self.text[..self.length]
    }
}
