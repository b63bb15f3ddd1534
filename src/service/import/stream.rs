//! Reads a file on a thread of its own and hands over what it says in batches, with the memory of a few of them.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::report::ImportReport;
use super::{ImportError, Source};
use crate::format::record::{self, RecordResult, Syntax};
use crate::format::{Fault, Mapping, Place, Problem, ReadError, Record, encoding};

/// Records in a batch: enough that a bulk insert pays off, few enough to stay small.
const BATCH: usize = 5_000;
/// Batches that may wait while the store works.
const WAITING: usize = 2;

/// Some records of a file, understood or refused.
pub(super) struct Batch<T> {
    pub(super) things: Vec<(Place, T)>,
    /// One entry for each refused record.
    pub(super) refused: Vec<Vec<Fault>>,
}

/// How a file ended.
pub(super) struct End {
    pub(super) broken: Option<ReadError>,
    /// What it was read as; `None` where not even its head could be read.
    pub(super) encoding: Option<&'static str>,
    pub(super) unused_columns: Vec<String>,
    /// Which column each field was read from.
    pub(super) columns: Vec<(String, String)>,
}

pub(super) enum Event<T> {
    Batch(Batch<T>),
    End(End),
}

/// The batches of one file.
pub(super) struct Reading<T>(mpsc::Receiver<Event<T>>);

impl<T: Send + 'static> Reading<T> {
    /// Begins to read `source`, whose records `parse` understands and whose fields are `fields`.
    pub(super) fn start(
        source: Source,
        fields: &'static [&'static str],
        noun: &'static str,
        parse: impl Fn(&Record, &SourceSettings) -> Result<T, Vec<Fault>> + Send + 'static,
    ) -> Result<Self, ImportError> {
        source.mapping.check(noun, fields).map_err(ImportError::Mapping)?;
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::task::spawn_blocking(move || read(source, fields, &parse, &sender));
        Ok(Self(receiver))
    }

    /// The next batch, noting in `report` what was read and refused; `None` at the end of the file.
    pub(super) async fn next(&mut self, report: &mut ImportReport) -> Option<Vec<(Place, T)>> {
        match self.0.recv().await {
            Some(Event::Batch(batch)) => {
                report.n_read += (batch.things.len() + batch.refused.len()) as u64;
                batch.refused.into_iter().for_each(|faults| report.refuse(faults));
                Some(batch.things)
            }
            Some(Event::End(end)) => {
                report.broken = end.broken;
                if let Some(preview) = &mut report.preview {
                    preview.columns.extend(end.columns);
                    preview.columns.dedup();
                }
                report.encodings.extend(end.encoding);
                report.encodings.dedup();
                report.unused_columns.extend(end.unused_columns);
                report.unused_columns.sort();
                report.unused_columns.dedup();
                None
            }
            // The thread panicked: nothing more will come, and what came is not the whole file.
            None => {
                report.broken = Some(ReadError::Io(std::io::Error::other("reading broke off")));
                None
            }
        }
    }
}

/// What parsing a record needs to know of its source.
pub(super) struct SourceSettings {
    pub(super) mapping: Mapping,
    pub(super) frame: crate::geometry::crs::Frame,
}

fn read<T>(
    source: Source,
    fields: &[&str],
    parse: &impl Fn(&Record, &SourceSettings) -> Result<T, Vec<Fault>>,
    sender: &mpsc::Sender<Event<T>>,
) {
    let Source { input, syntax, mapping, frame, .. } = source;
    let mut columns = Columns::default();
    let known = SourceSettings { mapping, frame };
    let mut encoding = None;
    let ended = || -> Result<(), ReadError> {
        let (name, input) = encoding::decode(input)?;
        encoding = Some(name);
        let mut batch = Batch { things: Vec::new(), refused: Vec::new() };
        let records = record::read(input, syntax, &known.frame)?;
        if let Some(header) = &records.header {
            Columns::check_header(header, fields, &known.mapping)?;
        }
        for read in records {
            let read: RecordResult = read?;
            if let Ok(record) = &read {
                columns.note(record);
                if syntax == Syntax::Csv && columns.n_noted == 1 {
                    columns.check(&known.mapping)?;
                }
            }
            match read.and_then(|record| Ok((record.place, parse(&record, &known)?))) {
                Ok(thing) => batch.things.push(thing),
                Err(faults) => batch.refused.push(faults),
            }
            if batch.things.len() + batch.refused.len() == BATCH {
                let full = std::mem::replace(&mut batch, Batch { things: Vec::new(), refused: Vec::new() });
                if sender.blocking_send(Event::Batch(full)).is_err() {
                    return Ok(());
                }
            }
        }
        columns.check(&known.mapping)?;
        let _ = sender.blocking_send(Event::Batch(batch));
        Ok(())
    };
    let broken = ended().err();
    // Whoever listened no longer does when the store failed; then there is nobody to tell.
    let read = columns.read(fields, &known.mapping);
    let unused_columns = columns.unused(&read);
    let _ = sender.blocking_send(Event::End(End { broken, encoding, unused_columns, columns: read }));
}

/// The columns a file was seen to have.
#[derive(Default)]
struct Columns {
    seen: BTreeSet<String>,
    last: Option<Arc<[String]>>,
    n_noted: u64,
}

impl Columns {
    fn note(&mut self, record: &Record) {
        self.n_noted += 1;
        if self.last.as_ref().is_some_and(|last| Arc::ptr_eq(last, &record.columns)) {
            return;
        }
        self.seen.extend(record.columns.iter().cloned());
        self.last = Some(Arc::clone(&record.columns));
    }

    /// Some column of a header is a field: else nothing of the file would be understood.
    fn check_header(header: &[String], fields: &[&str], mapping: &Mapping) -> Result<(), ReadError> {
        if fields.iter().any(|field| mapping.column_of(field, header).is_some()) {
            return Ok(());
        }
        Err(ReadError::NoKnownColumn { fields: fields.join(", "), present: header.join(", ") })
    }

    /// Every column that the mapping names was seen, if any record was.
    fn check(&self, mapping: &Mapping) -> Result<(), ReadError> {
        match mapping.columns.iter().find(|(_, column)| self.n_noted > 0 && !self.seen.contains(column)) {
            None => Ok(()),
            Some((field, column)) => Err(ReadError::NoColumn {
                field: field.clone(),
                column: column.clone(),
                present: self.seen.iter().cloned().collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// The column that each field is read from, where one is.
    fn read(&self, fields: &[&str], mapping: &Mapping) -> Vec<(String, String)> {
        let is_set = |field: &str| mapping.constants.iter().any(|(constant, _)| constant == field);
        let seen: Vec<String> = self.seen.iter().filter(|column| !column.is_empty()).cloned().collect();
        let fields = fields.iter().filter(|field| !is_set(field));
        fields.filter_map(|field| Some(((*field).to_owned(), mapping.column_of(field, &seen)?.to_owned()))).collect()
    }

    fn unused(&self, read: &[(String, String)]) -> Vec<String> {
        let is_read = |column: &String| read.iter().any(|(_, read)| read == column);
        self.seen.iter().filter(|column| !column.is_empty() && !is_read(column)).cloned().collect()
    }
}

/// Finds identifiers that a file has twice, with 24 bytes each instead of the texts.
#[derive(Default)]
pub(super) struct Seen {
    hashers: (RandomState, RandomState),
    places: HashMap<(u64, u64), Place>,
}

impl Seen {
    /// Notes `id`, or returns the fault that it was there before. Two hashes of 64 bits are kept for the text.
    pub(super) fn note(&mut self, id: &str, place: Place) -> Option<Fault> {
        let key = (self.hashers.0.hash_one(id), self.hashers.1.hash_one(id));
        let first = *self.places.entry(key).or_insert(place);
        let problem = Problem::Repeated { id: id.to_owned(), first };
        (first != place).then(|| Fault { place, field: "id".to_owned(), problem })
    }
}
