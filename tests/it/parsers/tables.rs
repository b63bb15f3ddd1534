//! Tables as spreadsheets and programs write them, and the texts in their cells.

use proptest::prelude::*;

/// One of the ways in which the same table is written.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a way of writing of its own")]
pub(super) struct Style {
    pub(super) line_end: &'static str,
    /// Every cell in quotes, not only those that need them.
    pub(super) all_quoted: bool,
    pub(super) has_mark: bool,
    pub(super) ends_with_line_end: bool,
    /// Lines of commas or of nothing between the rows, and blank cells behind them.
    pub(super) is_padded: bool,
}

impl Style {
    /// The plainest way.
    pub(super) const PLAIN: Self =
        Self { line_end: "\n", all_quoted: false, has_mark: false, ends_with_line_end: true, is_padded: false };

    pub(super) fn write(&self, rows: &[Vec<String>]) -> Vec<u8> {
        let cell = |cell: &String| match cell {
            plain if !self.all_quoted && !plain.contains([',', '"', '\n', '\r']) => plain.clone(),
            other => format!("\"{}\"", other.replace('"', "\"\"")),
        };
        let padding = if self.is_padded { ",, " } else { "" };
        let line = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(",");
        let (header, rows) = rows.split_first().expect("a table has a header");
        let mut lines: Vec<String> =
            std::iter::once(line(header)).chain(rows.iter().map(|row| line(row) + padding)).collect();
        if self.is_padded {
            let commas = ",".repeat(header.len() - 1);
            lines = lines.into_iter().flat_map(|line| [line, commas.clone(), String::new()]).collect();
        }
        let end = if self.ends_with_line_end { self.line_end } else { "" };
        format!("{}{}{end}", if self.has_mark { "\u{feff}" } else { "" }, lines.join(self.line_end)).into_bytes()
    }
}

pub(super) fn styles() -> impl Strategy<Value = Style> {
    let line_ends = prop::sample::select(&["\n", "\r\n", "\r"][..]);
    (line_ends, any::<[bool; 4]>()).prop_map(|(line_end, [all_quoted, has_mark, ends_with_line_end, is_padded])| {
        Style { line_end, all_quoted, has_mark, ends_with_line_end, is_padded }
    })
}

/// A character: of any script, or one that some format gives a meaning to.
fn characters() -> impl Strategy<Value = char> {
    prop_oneof![
        3 => prop::sample::select("\",;:{}[]\\'=+-@#%&\t\n\r \u{3000}\u{feff}\u{85}/0".chars().collect::<Vec<_>>()),
        3 => prop::char::range('a', 'z'),
        3 => prop::char::range('一', '龥'),
        1 => any::<char>(),
    ]
}

/// A text of any characters but NUL, which no database takes.
pub(super) fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(characters(), 0..12)
        .prop_map(|characters| characters.into_iter().filter(|c| *c != '\0').collect())
}

/// A text as it is stored: without white space around it.
pub(super) fn stored_texts() -> impl Strategy<Value = String> {
    texts().prop_map(|text| text.trim().to_owned())
}

/// A text on one line.
pub(super) fn one_line() -> impl Strategy<Value = String> {
    stored_texts().prop_map(|text| text.replace(['\n', '\r'], " "))
}
