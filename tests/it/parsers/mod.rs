//! Every reader of bytes held to properties: what is written is read back, two ways of reading give one answer, and what is
//! damaged gives the same value or a fault with its place; never a panic.
//!
//! The cases come from a fixed seed, so every run tries the same ones. `make fuzz` tries a hundred times as many, from a seed
//! of its own each time: `PROPTEST_CASES` and `PROPTEST_RNG_SEED` set both.

mod arguments;
mod crs;
mod csv;
mod damage;
mod encodings;
mod features;
mod geojson;
mod json_rows;
mod locate_csv;
mod requests;
mod settings;
mod tables;
mod times;

use std::fmt::Debug;
use std::io::{self, Read};

use gridmap::domain::Answer;
use gridmap::format::locate_rows::{
    AnswerSettings, Asked, Reader, RowAnswer, RowFormat, RowLocator, RowQuestion, RowsError, Summary,
};
use gridmap::geometry::crs::Frame;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseResult, TestRunner};

/// The seed where none is given.
const SEED: u64 = 20_240_601;

/// Tries `test` on `n_cases` values, or on as many times more as `PROPTEST_CASES` is more than proptest's own 256. Panics
/// with the smallest value found that fails.
fn hold<S: Strategy>(n_cases: u32, values: &S, test: impl Fn(S::Value) -> TestCaseResult)
where
    S::Value: Debug,
{
    let given = Config::default();
    let cases = u32::try_from(u64::from(n_cases) * u64::from(given.cases) / 256).unwrap_or(u32::MAX).max(1);
    let rng_seed = if given.rng_seed == RngSeed::Random { RngSeed::Fixed(SEED) } else { given.rng_seed };
    let config = Config { cases, rng_seed, failure_persistence: None, ..given };
    if let Err(failure) = TestRunner::new(config).run(values, test) {
        panic!("{failure}");
    }
}

/// Hands out a text in pieces of the given sizes, in turn, as a slow network does.
struct Trickle<'b> {
    bytes: &'b [u8],
    sizes: Vec<usize>,
    at: usize,
}

impl<'b> Trickle<'b> {
    fn new(bytes: &'b [u8], sizes: &[usize]) -> Self {
        Self { bytes, sizes: sizes.to_vec(), at: 0 }
    }
}

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes.get(self.at).copied().unwrap_or(usize::MAX);
        self.at = (self.at + 1) % self.sizes.len().max(1);
        let n = size.min(out.len()).min(self.bytes.len());
        out[..n].copy_from_slice(&self.bytes[..n]);
        self.bytes = &self.bytes[n..];
        Ok(n)
    }
}

/// A row's question as it was understood, or why there is none.
type Understood = Result<(f64, f64, Option<f64>, Option<String>), String>;

/// Notes what it is asked, and refuses to answer.
#[derive(Default)]
struct Listener(Vec<Understood>);

impl Listener {
    fn note(&mut self, asked: Result<&RowQuestion<'_>, &String>) {
        let owned = |q: &RowQuestion<'_>| (q.lon, q.lat, q.accuracy_m, q.category.map(str::to_owned));
        self.0.push(asked.map(owned).map_err(Clone::clone));
    }
}

impl RowLocator for Listener {
    fn answer(&mut self, asked: &[Asked<'_>], each: &mut dyn FnMut(Result<&RowAnswer<'_>, &str>)) {
        for asked in asked {
            self.note(asked.as_ref());
            each(Err(asked.as_ref().err().map_or("heard", String::as_str)));
        }
    }

    fn locate(&mut self, question: &RowQuestion<'_>) -> Result<Answer<'_>, String> {
        self.note(Ok(question));
        Err("heard".to_owned())
    }
}

/// What the rows of an input ask, and the output beside them.
fn listened(format: RowFormat, input: impl io::BufRead) -> Result<(Vec<Understood>, Vec<u8>), RowsError> {
    let settings = AnswerSettings { levels: vec!["village".to_owned()], most_rows: None };
    let mut reader = Reader::open(format, &Frame::Wgs84, input)?;
    let (mut listener, mut out) = (Listener::default(), Vec::new());
    let (mut renderer, mut writer) = (reader.renderer(&settings), reader.writer(&settings, &mut out)?);
    let mut summary = Summary::default();
    while let Some(batch) = reader.next_batch()? {
        let page = renderer.render(batch, &mut listener);
        summary.add(page.summary);
        writer.put(page)?;
    }
    writer.end(&summary)?;
    Ok((listener.0, out))
}
