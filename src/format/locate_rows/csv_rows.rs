//! Questions as rows of a CSV with a header; the answer is put behind each row as further columns.

use std::io::{self, BufRead, Read, Write};

use csv::ByteRecord;

use super::{MAX_ROW_BYTES, RowQuestion, RowsError, Summary};
use crate::domain::Answer;
use crate::format::answer::rounded;

/// What the columns may be called, in any case of letters.
const LON: [&str; 6] = ["lon", "lng", "longitude", "x", "经度", "long"];
const LAT: [&str; 4] = ["lat", "latitude", "y", "纬度"];
const ACCURACY: [&str; 1] = ["accuracy_m"];
const CATEGORY: [&str; 1] = ["category"];

#[derive(Debug)]
pub(super) struct CsvRows<R> {
    reader: csv::Reader<Bounded<R>>,
    header: ByteRecord,
    columns: Columns,
}

#[derive(Clone, Copy, Debug)]
struct Columns {
    lon: usize,
    lat: usize,
    accuracy_m: Option<usize>,
    category: Option<usize>,
}

/// The columns that answers add: the code of the grid at each of `levels`, then what else an answer says in one cell.
/// `status` is `located`, `outside` or `refused`; `answers` and `how` are of the lowest level of the chain.
#[must_use]
pub fn result_columns(levels: &[&str]) -> Vec<String> {
    let rest = [
        "certain",
        "edge_m",
        "neighbour",
        "candidates",
        "answers_id",
        "answers",
        "how",
        "mediator_id",
        "mediator",
        "mediator_m",
        "nearest",
        "nearest_m",
        "generation",
        "revision",
        "status",
        "error",
    ];
    levels.iter().chain(&rest).map(|&name| name.to_owned()).collect()
}

impl<R: BufRead> CsvRows<R> {
    pub(super) fn open(reader: R) -> Result<Self, RowsError> {
        let bounded = Bounded { inner: reader, left: MAX_ROW_BYTES, refused: false };
        let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(bounded);
        let mut header = ByteRecord::new();
        match reader.read_byte_record(&mut header) {
            Ok(true) => {}
            Ok(false) => return Err(RowsError::Empty),
            Err(_) if reader.get_ref().refused => return Err(RowsError::HeaderTooLong),
            Err(error) => return Err(RowsError::Read(error.into())),
        }
        let columns = Columns::of(&header)?;
        Ok(Self { reader, header, columns })
    }

    pub(super) fn answer<'s>(
        mut self,
        levels: &[&str],
        out: impl Write,
        mut locate: impl FnMut(&RowQuestion<'_>) -> Result<Answer<'s>, String>,
    ) -> Result<Summary, RowsError> {
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(out);
        let failed = |error: csv::Error| RowsError::Write(error.into());
        out.write_byte_record(&self.header_out(levels)).map_err(failed)?;
        let (mut summary, mut record, mut cells) = (Summary::default(), ByteRecord::new(), ByteRecord::new());
        while let Some(readable) = self.next(&mut record)? {
            let answer = readable.and_then(|()| self.question(&record)).and_then(|question| locate(&question));
            summary.count(&answer);
            cells.clear();
            (0..self.header.len()).for_each(|column| cells.push_field(record.get(column).unwrap_or_default()));
            push_answer(levels, &answer, &mut cells);
            out.write_byte_record(&cells).map_err(failed)?;
        }
        out.flush().map_err(RowsError::Write)?;
        Ok(summary)
    }

    /// The header of the output; an added column whose name is taken gets `gridmap_` in front.
    fn header_out(&self, levels: &[&str]) -> ByteRecord {
        let mut header = self.header.clone();
        for name in result_columns(levels) {
            let taken = self.header.iter().any(|field| field.eq_ignore_ascii_case(name.as_bytes()));
            header.push_field(if taken { format!("gridmap_{name}") } else { name }.as_bytes());
        }
        header
    }

    /// Reads the next row; `Some(Err(_))` says why it cannot be read as one.
    fn next(&mut self, record: &mut ByteRecord) -> Result<Option<Result<(), String>>, RowsError> {
        if self.reader.get_ref().refused {
            return Ok(None);
        }
        self.reader.get_mut().left = MAX_ROW_BYTES;
        match self.reader.read_byte_record(record) {
            Ok(true) => {
                let (n, expected) = (record.len(), self.header.len());
                let fault = || format!("the row has {n} fields, the header {expected}");
                Ok(Some(if n == expected { Ok(()) } else { Err(fault()) }))
            }
            Ok(false) => Ok(None),
            Err(_) if self.reader.get_ref().refused => {
                record.clear();
                let fault = format!("the row is longer than {MAX_ROW_BYTES} bytes (an open quote?), reading ends here");
                Ok(Some(Err(fault)))
            }
            Err(error) => Err(RowsError::Read(error.into())),
        }
    }

    fn question<'r>(&self, record: &'r ByteRecord) -> Result<RowQuestion<'r>, String> {
        let Columns { lon, lat, accuracy_m, category } = self.columns;
        let text = |column: usize, name: &str| {
            let field = record.get(column).unwrap_or_default().trim_ascii();
            std::str::from_utf8(field).map_err(|_| format!("{name} is not UTF-8"))
        };
        let number = |column: usize, name: &str| {
            let text = text(column, name)?;
            text.parse::<f64>().map_err(|_| format!("{name} {text:?} is not a number"))
        };
        let given = |column: &usize| !record.get(*column).unwrap_or_default().trim_ascii().is_empty();
        Ok(RowQuestion {
            lon: number(lon, "lon")?,
            lat: number(lat, "lat")?,
            accuracy_m: accuracy_m.filter(given).map(|column| number(column, "accuracy_m")).transpose()?,
            category: category.filter(given).map(|column| text(column, "category")).transpose()?,
        })
    }
}

impl Columns {
    fn of(header: &ByteRecord) -> Result<Self, RowsError> {
        let column = |names: &[&str]| {
            let is_one =
                |field: &[u8]| names.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(field.trim_ascii()));
            header.iter().position(is_one)
        };
        let found = || header.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(", ");
        Ok(Self {
            lon: column(&LON).ok_or_else(|| RowsError::Header { missing: "lon", found: found() })?,
            lat: column(&LAT).ok_or_else(|| RowsError::Header { missing: "lat", found: found() })?,
            accuracy_m: column(&ACCURACY),
            category: column(&CATEGORY),
        })
    }
}

fn push_answer(levels: &[&str], answer: &Result<Answer<'_>, String>, cells: &mut ByteRecord) {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            (2..result_columns(levels).len()).for_each(|_| cells.push_field(b""));
            cells.push_field(b"refused");
            return cells.push_field(error.as_bytes());
        }
    };
    for level in levels {
        let grid = answer.grids.iter().find(|grid| grid.level == *level);
        cells.push_field(grid.map_or("", |grid| grid.code).as_bytes());
    }
    let metres = |m: Option<f64>| m.map_or(String::new(), |m| rounded(m).to_string());
    let (edge, link, mediator) = (answer.edge.as_ref(), answer.chain.first(), answer.mediators.first());
    let codes: Vec<&str> = answer.candidates.iter().map(|candidate| candidate.grid.code).collect();
    let mut push = |text: &str| cells.push_field(text.as_bytes());
    push(if answer.certain { "true" } else { "false" });
    push(&metres(edge.map(|edge| edge.distance_m)));
    push(edge.and_then(|edge| edge.neighbour).map_or("", |neighbour| neighbour.code));
    push(&codes.join(" "));
    push(link.map_or("", |link| link.holder.id.as_str()));
    push(link.map_or("", |link| link.holder.name));
    push(link.map_or("", |link| link.how.as_str()));
    push(mediator.map_or("", |mediator| mediator.holder.id.as_str()));
    push(mediator.map_or("", |mediator| mediator.holder.name));
    push(&metres(mediator.and_then(|mediator| mediator.distance_m)));
    push(answer.nearest.map_or("", |nearest| nearest.grid.code));
    push(&metres(answer.nearest.map(|nearest| nearest.distance_m)));
    push(&answer.generation.to_string());
    push(&answer.revision.to_string());
    push(if answer.grids.is_empty() { "outside" } else { "located" });
    push("");
}

/// Lets only so many bytes through until it is told to go on, so that an open quote cannot gather the whole input.
#[derive(Debug)]
struct Bounded<R> {
    inner: R,
    left: usize,
    refused: bool,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            self.refused = true;
            return Err(io::Error::new(io::ErrorKind::InvalidData, "row too long"));
        }
        let n = buffer.len().min(self.left);
        let n_read = self.inner.read(&mut buffer[..n])?;
        self.left -= n_read;
        Ok(n_read)
    }
}
