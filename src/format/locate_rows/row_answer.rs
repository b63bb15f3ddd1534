//! The answer to one row of a table, as far as the table has columns for it.

use std::borrow::Cow;

use crate::domain::{Answer, GenerationNumber, Revision};
use crate::format::answer::rounded;

/// An answer of one row, cell by cell as its table has columns. Borrowed from the snapshot that was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct RowAnswer<'s> {
    /// The lowest grid that owns the point, when `grids` and `link` are the same for every point of it: a writer may keep
    /// what it made of them. `None` where this answer was made for this row alone.
    pub ground: Option<u32>,
    /// The code of the grid at each level of the region, top first. All `None` where nothing covers the point.
    pub grids: Cow<'s, [Option<&'s str>]>,
    pub certain: bool,
    /// To the nearest edge, metres.
    pub edge_m: Option<f64>,
    /// The code of the grid beyond it.
    pub neighbour: Option<&'s str>,
    /// The codes of the grids the accuracy reaches.
    pub candidates: Vec<&'s str>,
    /// Who answers at the lowest level of the chain.
    pub link: Option<RowLink<'s>>,
    /// The nearest fitting mediator.
    pub mediator: Option<RowMediator<'s>>,
    /// The code of the grid nearest to a point outside, and how far it is.
    pub nearest: Option<(&'s str, f64)>,
    pub generation: GenerationNumber,
    pub revision: Revision,
}

/// Who answers, and how they come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowLink<'s> {
    pub id: &'s str,
    pub name: &'s str,
    pub how: &'static str,
}

/// Who mediates, and how far away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowMediator<'s> {
    pub id: &'s str,
    pub name: &'s str,
    pub distance_m: Option<f64>,
}

/// The columns between those of the levels and the end.
const COLUMNS: [&str; 16] = [
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

/// How many columns follow those of the levels.
pub(super) const N_COLUMNS: usize = COLUMNS.len();

/// The columns that answers add: the code of the grid at each of `levels`, then what else an answer says in one cell.
/// `status` is `located`, `outside` or `refused`; `answers` and `how` are of the lowest level of the chain. A name that is
/// `taken` already gets `gridmap_` in front.
pub(super) fn names(levels: &[String], taken: impl Fn(&str) -> bool) -> Vec<String> {
    let free = |name: &str| if taken(name) { format!("gridmap_{name}") } else { name.to_owned() };
    levels.iter().map(String::as_str).chain(COLUMNS).map(free).collect()
}

impl<'s> RowAnswer<'s> {
    /// Returns what a whole answer tells a row, in a region of `levels`.
    #[must_use]
    pub fn of(answer: &Answer<'s>, levels: &[&str]) -> Self {
        let code = |level: &&str| answer.grids.iter().find(|grid| grid.level == *level).map(|grid| grid.code);
        let link = answer.chain.first().map(|link| RowLink {
            id: link.holder.id.as_str(),
            name: link.holder.name,
            how: link.how.as_str(),
        });
        let mediator = answer.mediators.first().map(|one| RowMediator {
            id: one.holder.id.as_str(),
            name: one.holder.name,
            distance_m: one.distance_m,
        });
        Self {
            ground: None,
            grids: levels.iter().map(code).collect(),
            certain: answer.certain,
            edge_m: answer.edge.map(|edge| edge.distance_m),
            neighbour: answer.edge.and_then(|edge| edge.neighbour).map(|neighbour| neighbour.code),
            candidates: answer.candidates.iter().map(|candidate| candidate.grid.code).collect(),
            link,
            mediator,
            nearest: answer.nearest.map(|nearest| (nearest.grid.code, nearest.distance_m)),
            generation: answer.generation,
            revision: answer.revision,
        }
    }

    /// Tells whether a grid of the ground owns the point.
    #[must_use]
    pub fn is_located(&self) -> bool {
        self.grids.iter().any(Option::is_some)
    }

    pub(super) fn status(&self) -> &'static str {
        status(self.is_located())
    }

    pub(super) fn candidates(&self) -> String {
        self.candidates.join(" ")
    }
}

/// One cell of a table.
pub(super) enum Cell<'t> {
    Null,
    Text(&'t str),
    Metres(f64),
    Count(u64),
    Flag(bool),
}

impl<'t> Cell<'t> {
    fn text(text: Option<&'t str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }

    fn metres(m: Option<f64>) -> Self {
        m.map_or(Self::Null, Self::Metres)
    }
}

/// Hands out the cells of an answer, in the order of [`names`].
pub(super) fn each_cell(row_answer: Result<&RowAnswer<'_>, &str>, n_levels: usize, mut each: impl FnMut(Cell<'_>)) {
    let row_answer = match row_answer {
        Ok(row_answer) => row_answer,
        Err(why) => {
            (0..n_levels + N_COLUMNS - 2).for_each(|_| each(Cell::Null));
            each(Cell::Text(REFUSED));
            return each(Cell::Text(why));
        }
    };
    row_answer.grids.iter().for_each(|code| each(Cell::text(*code)));
    each(Cell::Flag(row_answer.certain));
    each(Cell::metres(row_answer.edge_m));
    each(Cell::text(row_answer.neighbour));
    each(Cell::text(Some(row_answer.candidates().as_str()).filter(|codes| !codes.is_empty())));
    each(Cell::text(row_answer.link.map(|link| link.id)));
    each(Cell::text(row_answer.link.map(|link| link.name)));
    each(Cell::text(row_answer.link.map(|link| link.how)));
    each(Cell::text(row_answer.mediator.map(|one| one.id)));
    each(Cell::text(row_answer.mediator.map(|one| one.name)));
    each(Cell::metres(row_answer.mediator.and_then(|one| one.distance_m)));
    each(Cell::text(row_answer.nearest.map(|(code, _)| code)));
    each(Cell::metres(row_answer.nearest.map(|(_, m)| m)));
    each(Cell::Count(row_answer.generation.into()));
    each(Cell::Count(row_answer.revision.0));
    each(Cell::Text(row_answer.status()));
    each(Cell::Null);
}

/// The status of a row that has an answer.
pub(super) fn status(is_located: bool) -> &'static str {
    if is_located { LOCATED } else { OUTSIDE }
}

const LOCATED: &str = "located";
const OUTSIDE: &str = "outside";
pub(super) const REFUSED: &str = "refused";

/// Writes metres to the centimetre, in the digits that [`rounded`] has.
pub(super) fn write_metres(m: f64, out: &mut Vec<u8>) {
    let centimetres = (m * 100.0).round();
    if !(0.0..1e13).contains(&centimetres) {
        return out.extend_from_slice(rounded(m).to_string().as_bytes());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was just seen to be in range")]
    let centimetres = centimetres as u64;
    write_count(centimetres / 100, out);
    let (tens, ones) = ((centimetres / 10 % 10) as u8, (centimetres % 10) as u8);
    match (tens, ones) {
        (0, 0) => {}
        (tens, 0) => out.extend_from_slice(&[b'.', b'0' + tens]),
        (tens, ones) => out.extend_from_slice(&[b'.', b'0' + tens, b'0' + ones]),
    }
}

/// Writes a count in decimal digits.
pub(super) fn write_count(mut n: u64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            return out.extend_from_slice(&digits[first..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres_have_the_digits_of_the_rounded_number() {
        let spread = (0..200_000_u32).map(|n| f64::from(n).powf(1.9) / 977.0);
        for m in spread.chain([0.0, 0.004, 0.005, 0.1, 0.99, 0.995, 9.999, 20_040_000.0, 1e12, 3e17]) {
            let mut out = Vec::new();
            write_metres(m, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), rounded(m).to_string(), "{m}");
        }
    }
}
