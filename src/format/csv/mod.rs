//! CSV in and out: UTF-8, a header line, commas.

mod lines;

use std::io::Read;
use std::sync::Arc;

use lines::Lines;

use super::raw_record::{Record, RecordResult};
use super::text::OverLimit;
use super::{Fault, Place, Problem, ReadError, Value, profile};

/// The longest row taken. A quote that is opened and never closed would make the rest of the file one cell.
const MAX_ROW_BYTES: usize = 1024 * 1024;

type Reader<R> = csv::Reader<Lines<R>>;

/// The lines of a CSV file after its header.
#[derive(Debug)]
pub struct Rows<R> {
    reader: Reader<R>,
    columns: Arc<[String]>,
    cells: csv::StringRecord,
    failed: bool,
}

impl<R: Read> Rows<R> {
    /// Reads the header line.
    ///
    /// # Errors
    /// When there is none, it names a column twice, or a column profiles people.
    pub fn new(input: R) -> Result<Self, ReadError> {
        let mut reader = reader(input)?;
        reader.get_mut().allow(MAX_ROW_BYTES);
        let header = reader.headers().map_err(read_error)?;
        let columns: Arc<[String]> = header.iter().map(|name| name.trim().to_owned()).collect();
        if columns.is_empty() {
            return Err(ReadError::Empty);
        }
        for (at, column) in columns.iter().enumerate() {
            if let Some(why) = profile::refusal(column) {
                return Err(ReadError::Profile { column: column.clone(), why });
            }
            // Columns of padding have no names.
            if !column.is_empty() && columns[..at].contains(column) {
                return Err(ReadError::RepeatedColumn(column.clone()));
            }
        }
        Ok(Self { reader, columns, cells: csv::StringRecord::new(), failed: false })
    }

    /// The names of the header; those of padding are empty.
    #[must_use]
    pub fn columns(&self) -> &Arc<[String]> {
        &self.columns
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<RecordResult, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        loop {
            self.reader.get_mut().allow(MAX_ROW_BYTES);
            match self.reader.read_record(&mut self.cells) {
                Err(error) => {
                    self.failed = true;
                    return Some(Err(read_error(error)));
                }
                Ok(false) => return None,
                Ok(true) if self.is_blank() => {}
                Ok(true) => break,
            }
        }
        let place = Place::Line(self.line());
        if let Some(problem) = self.problem() {
            return Some(Ok(Err(vec![Fault { place, field: "row".to_owned(), problem }])));
        }
        let cells = self.cells.iter().take(self.columns.len());
        let values = cells.map(|cell| as_written(&self.reader.get_ref().as_read(cell)).to_owned()).collect();
        Some(Ok(Ok(Record { place, columns: Arc::clone(&self.columns), values, geometry: None })))
    }
}

impl<R: Read> Rows<R> {
    /// The line on which the row begins. The crate knows it too, but by the empty lines before it, which it passes over.
    fn line(&self) -> u64 {
        let n_inside = memchr::memchr_iter(b'\n', self.cells.as_slice().as_bytes()).count() as u64;
        let is_ended = !self.reader.get_ref().at_end;
        self.reader.position().line().saturating_sub(n_inside + u64::from(is_ended))
    }

    /// A row without a word in it: the padding of a spreadsheet, or an empty line.
    fn is_blank(&self) -> bool {
        self.cells.iter().all(is_blank)
    }

    /// What keeps the cells from the columns of the header. Blank ones behind the last column are padding.
    fn problem(&self) -> Option<Problem> {
        let (found, expected) = (self.cells.len(), self.columns.len());
        let is_fit = found >= expected && self.cells.iter().skip(expected).all(is_blank);
        let is_quoted = |cell: &str| cell.trim_start().starts_with('"') && (!is_fit || cell.trim_end().ends_with('"'));
        if self.cells.iter().any(|cell| cell.starts_with([' ', '\t']) && is_quoted(cell)) {
            return Some(Problem::QuoteAfterBlank);
        }
        let last = self.columns.iter().rposition(|name| !name.is_empty());
        let mut behind = self.cells.iter().take(expected).skip(last.map_or(0, |last| last + 1));
        if !is_fit {
            return Some(Problem::Cells { found, expected });
        }
        behind.any(|cell| !is_blank(cell)).then_some(Problem::Unnamed)
    }
}

fn is_blank(cell: &str) -> bool {
    cell.trim().is_empty()
}

/// Lines end at line feeds alone, since with both marks the crate numbers a line by the one before it; a carriage return
/// before it ends up in the last cell and is trimmed off like other white space.
fn reader<R: Read>(input: R) -> Result<Reader<R>, ReadError> {
    let end = csv::Terminator::Any(b'\n');
    Ok(csv::ReaderBuilder::new().flexible(true).terminator(end).from_reader(Lines::of(input)?))
}

fn read_error(error: csv::Error) -> ReadError {
    if let csv::ErrorKind::Io(io) = error.kind()
        && let Some(cause) = io.get_ref()
        && cause.is::<OverLimit>()
    {
        return ReadError::TooLong { within: "a row (is a quote not closed?)".to_owned(), limit: MAX_ROW_BYTES };
    }
    let line = error.position().map_or(0, csv::Position::line);
    let what = error.to_string();
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        _ => ReadError::Csv { line, what },
    }
}

/// The mark of UTF-8 before a table: without it Excel reads one in the code page of the desk, and Chinese names become others.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Begins a table: the byte order mark and the header line.
pub fn write_header(names: &[&str], out: &mut Vec<u8>) {
    out.extend_from_slice(BYTE_ORDER_MARK);
    write_cells(names.iter().map(|name| name.as_bytes().to_vec()), out);
}

/// Writes one line; a list goes in one cell, parted by `;`. Texts are made `inert`.
pub fn write_row(properties: &[(&'static str, Value<'_>)], out: &mut Vec<u8>) {
    let cell = |value: &Value<'_>| match value {
        Value::Text(_) | Value::List(_) => inert(value.to_string()),
        _ => value.to_string(),
    };
    write_cells(properties.iter().map(|(_, value)| cell(value).into_bytes()), out);
}

/// Puts an apostrophe before a text that a spreadsheet would take for a formula (OWASP, CSV Injection). [`Rows`] takes it off
/// again, so that what is downloaded can be imported; a text that begins like that itself gets a further one.
fn inert(text: String) -> String {
    if is_formula(text.trim_start_matches('\'')) { format!("'{text}") } else { text }
}

/// The text that [`inert`] was given; the last cell of a line may still end in a carriage return.
pub(super) fn as_written(cell: &str) -> &str {
    let cell = cell.strip_suffix('\r').unwrap_or(cell);
    cell.strip_prefix('\'').filter(|rest| is_formula(rest.trim_start_matches('\''))).unwrap_or(cell)
}

fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

fn write_cells(cells: impl Iterator<Item = Vec<u8>>, out: &mut Vec<u8>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        if cell.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            out.push(b'"');
            for byte in cell {
                out.extend(std::iter::repeat_n(byte, if byte == b'"' { 2 } else { 1 }));
            }
            out.push(b'"');
        } else {
            out.extend(cell);
        }
    }
    out.extend(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers_and_a_short_one_is_a_fault_of_its_own() {
        let rows: Vec<_> = Rows::new("\u{feff}id,name\r\n1,\"a\nb\"\r\n2\r\n\r\n3,c\r\n".as_bytes()).unwrap().collect();
        assert_eq!(rows.len(), 3);
        let Ok(Ok(first)) = &rows[0] else { panic!("{:?}", rows[0]) };
        assert_eq!((first.place, first.value("name")), (Place::Line(2), Some("a\nb")));
        let Ok(Err(faults)) = &rows[1] else { panic!("{:?}", rows[1]) };
        assert_eq!(faults[0].to_string(), "line 4: row: has 1 cells, the header has 2");
        let Ok(Ok(last)) = &rows[2] else { panic!("{:?}", rows[2]) };
        assert_eq!(last.place, Place::Line(6));
    }

    #[test]
    fn lines_end_where_the_first_one_does() {
        let check = |text: &str, expected: &[(u64, &str)]| {
            let rows = Rows::new(text.as_bytes()).unwrap().map(|row| row.unwrap().unwrap());
            let found: Vec<_> = rows.map(|row| (row.place, row.value("name").unwrap_or_default().to_owned())).collect();
            let expected: Vec<_> =
                expected.iter().map(|(line, name)| (Place::Line(*line), (*name).to_owned())).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("id,name\r1,a\r2,b\r", &[(2, "a"), (3, "b")]);
        check("id,name\r1,\"a\nb\"\r2,c\r\n", &[(2, "a\nb"), (3, "c")]);
        check("id,\"na\rme\",name\r\n1,x,a\r\n", &[(2, "a")]);
        check(",id,name\n0,1,a\n1,2,b\n", &[(2, "a"), (3, "b")]);
        check("id,name\r1,\"a\rb\"\r\r,\r2,c\r", &[(2, "a\rb"), (6, "c")]);
        check("id,name\n\n1,a\n\n\n2,b", &[(3, "a"), (6, "b")]);
    }

    #[test]
    fn cells_that_no_name_or_quote_explains_are_faults() {
        let problem = |row: &str| {
            let row = Rows::new(format!("id,name,,\n{row}\n").as_bytes()).unwrap().next().unwrap().unwrap();
            row.err().map(|faults| faults[0].problem.to_string())
        };
        assert_eq!(problem("1,a,,,,"), None);
        assert_eq!(problem("1,\" \"\"a\"\" b\",,"), None);
        assert_eq!(problem("1,a,b,"), Some("has a word in a column that the header does not name".to_owned()));
        assert_eq!(problem("1,a,,,b"), Some("has 5 cells, the header has 4".to_owned()));
        assert!(problem("1, \"a, b\",,,x").unwrap().contains("must follow its comma"));
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_fill_the_memory() {
        let text = format!("id,name\n1,\"{}", "a,b\n".repeat(MAX_ROW_BYTES));
        let error = Rows::new(text.as_bytes()).unwrap().find_map(Result::err).unwrap();
        assert_eq!(error.to_string(), "a row (is a quote not closed?) is longer than 1048576 bytes");
        let many = format!("id,name\n{}", "1,a\n".repeat(MAX_ROW_BYTES));
        assert_eq!(Rows::new(many.as_bytes()).unwrap().filter(|row| matches!(row, Ok(Ok(_)))).count(), MAX_ROW_BYTES);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut out = Vec::new();
        write_header(&["id", "name"], &mut out);
        write_row(&[("id", Value::text("1")), ("name", Value::text("say \"a, b\""))], &mut out);
        assert_eq!(String::from_utf8(out.clone()).unwrap(), "\u{feff}id,name\r\n1,\"say \"\"a, b\"\"\"\r\n");
        let row = Rows::new(out.as_slice()).unwrap().next().unwrap().unwrap().unwrap();
        assert_eq!(row.value("name"), Some("say \"a, b\""));
    }

    #[test]
    fn a_text_is_no_formula_in_a_spreadsheet_and_itself_again_when_it_is_read() {
        let texts = ["=1+1", "+86 931", "-", "@x", "\tx", "'=1", "''-x", "'quoted'", "'", "plain", "1-2"];
        let mut out = Vec::new();
        write_header(&["id", "text"], &mut out);
        for text in texts {
            write_row(&[("id", Value::Number(-1.5)), ("text", Value::text(text))], &mut out);
        }
        let lines = String::from_utf8(out.clone()).unwrap();
        assert!(lines.lines().skip(1).all(|line| !is_formula(&line[5..])), "{lines}");
        assert!(lines.lines().skip(1).all(|line| line.starts_with("-1.5,")), "a number is no formula: {lines}");
        let read = Rows::new(out.as_slice()).unwrap().map(|row| row.unwrap().unwrap().values[1].clone());
        assert_eq!(read.collect::<Vec<_>>(), texts);
    }

    #[test]
    fn a_header_that_profiles_people_or_repeats_itself_is_refused() {
        let error = |text: &str| Rows::new(text.as_bytes()).err().unwrap().to_string();
        assert_eq!(error("id,民族\n"), "column \"民族\" is refused: ethnicity is no business of a grid map");
        assert_eq!(error("id,id\n"), "the header names the column \"id\" twice");
        assert_eq!(error(""), "the file is empty");
    }
}
