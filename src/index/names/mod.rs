//! Search by name: entries found by code, name, spelling and the words beside them, the best first.
//!
//! All that can be found is one text, entry after entry and field after field, which is scanned from end to end: for a
//! province that is some 20 MB, a few milliseconds, and nothing has to be kept beside it.

mod fold;
mod spelling;

use memchr::memmem::Finder;

use fold::folded;
use spelling::Spellings;

/// Ends a field; folded texts have none.
const END: u8 = b'\n';
/// Stands between the spellings of one field.
const OR: u8 = b'\t';

/// The fields of an entry, in the order in which they stand; then what is beside.
const CODE: usize = 0;
const NAME: usize = 1;
const IN_FULL: usize = 2;
const INITIALS: usize = 3;

/// What one entry is found by.
#[derive(Clone, Copy, Debug, Default)]
pub struct NameEntry<'t> {
    pub code: &'t str,
    pub name: &'t str,
    /// What a word of several may also be: the grids above it, the posts of a person.
    pub beside: &'t str,
    /// Whether that finds it alone, too.
    pub found_beside: bool,
    /// Of those that are found alike, the lower come first.
    pub order: u32,
}

/// The names of many entries, each known by its place in the order in which they were added.
#[derive(Debug, Default)]
pub struct NameIndex {
    text: String,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    start: usize,
    found_beside: bool,
    order: u32,
}

/// How well something fits: the lowest first.
type Rank = u8;

/// So many entries are looked at one by one before they are searched.
const NEAR: usize = 8;

/// Each word of several is somewhere in it.
const WORD_BY_WORD: Rank = 10;

impl NameIndex {
    /// Adds an entry. Cost: linear in its names, and some spelling.
    pub fn add(&mut self, thing: NameEntry<'_>) {
        let NameEntry { code, name, beside, found_beside, order } = thing;
        self.entries.push(Entry { start: self.text.len(), found_beside, order });
        let name = folded(name);
        let Spellings { in_full, initials } = Spellings::of(&name);
        for field in [folded(code), name, in_full.join("\t"), initials.join("\t"), folded(beside)] {
            self.text.push_str(&field);
            self.text.push(char::from(END));
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the `limit` entries that `query` names best, of those that `takes` takes.
    ///
    /// A code or name that is the query comes first, then what begins with it, then a name that holds it, a spelling, and
    /// those in which each word of several is somewhere. Cost: a scan of all names, and sorting what was found.
    #[must_use]
    pub fn find(&self, query: &str, limit: usize, takes: impl Fn(usize) -> bool) -> Vec<usize> {
        let words: Vec<String> = query.split_whitespace().map(folded).filter(|word| !word.is_empty()).collect();
        if words.is_empty() || limit == 0 {
            return Vec::new();
        }
        let mut found = self.hits(&words.concat());
        if words.len() > 1 {
            found.extend(self.holding_all(&words).into_iter().map(|at| (WORD_BY_WORD, at)));
        }
        let mut ranked: Vec<(Rank, u32, usize)> = found
            .into_iter()
            .filter(|(_, at)| takes(*at))
            .map(|(rank, at)| (rank, self.entries[at].order, at))
            .collect();
        // An entry is found twice at most: by all words at once, and word by word.
        let most = 2 * limit;
        if ranked.len() > most {
            ranked.select_nth_unstable(most);
            ranked.truncate(most);
        }
        ranked.sort_unstable();
        let mut best: Vec<usize> = Vec::with_capacity(limit);
        for (.., at) in ranked {
            if best.len() < limit && !best.contains(&at) {
                best.push(at);
            }
        }
        best
    }

    /// Each entry that holds `needle`, and how well it fits.
    fn hits(&self, needle: &str) -> Vec<(Rank, usize)> {
        let (finder, text) = (Finder::new(needle), self.text.as_bytes());
        let mut hits: Vec<(Rank, usize)> = Vec::new();
        let (mut from, mut at) = (0, 0);
        while let Some(hit) = finder.find(&text[from..]).map(|at| from + at) {
            at = self.entry_at(hit, at);
            let field = memchr::memchr_iter(END, &text[self.entries[at].start..hit]).count();
            if let Some(rank) = self.rank(at, field, hit, needle.len()) {
                match hits.last_mut() {
                    Some((best, last)) if *last == at => *best = rank.min(*best),
                    _ => hits.push((rank, at)),
                }
            }
            // Nothing better comes in the same field, but in the next one.
            from = hit + memchr::memchr(END, &text[hit..]).unwrap_or(text.len() - hit);
        }
        hits
    }

    /// How well a hit fits: by the field it is in, and whether it is all of that, its beginning, or inside.
    fn rank(&self, at: usize, field: usize, hit: usize, length: usize) -> Option<Rank> {
        let text = self.text.as_bytes();
        let ends = |byte: u8| byte == END || byte == OR;
        let begins = hit == 0 || ends(text[hit - 1]);
        let place = if begins { usize::from(!ends(text[hit + length])) } else { 2 };
        match field {
            CODE => Some([0, 1, 8][place]),
            NAME => Some([0, 2, 3][place]),
            IN_FULL => Some([4, 5, 7][place]),
            INITIALS => Some([4, 6, 9][place]),
            _ => self.entries[at].found_beside.then_some(WORD_BY_WORD),
        }
    }

    /// Each entry that holds every one of `words`.
    fn holding_all(&self, words: &[String]) -> Vec<usize> {
        let (Some(longest), text) = (words.iter().max_by_key(|word| word.len()), self.text.as_bytes()) else {
            return Vec::new();
        };
        let finders: Vec<Finder<'_>> = words.iter().map(Finder::new).collect();
        let (longest, mut all) = (Finder::new(longest), Vec::new());
        let (mut from, mut at) = (0, 0);
        while let Some(hit) = longest.find(&text[from..]).map(|at| from + at) {
            at = self.entry_at(hit, at);
            let end = self.entries.get(at + 1).map_or(text.len(), |next| next.start);
            if finders.iter().all(|finder| finder.find(&text[self.entries[at].start..end]).is_some()) {
                all.push(at);
            }
            from = end;
        }
        all
    }

    /// The entry in whose text a byte lies, which is none before `from`: mostly it is near.
    fn entry_at(&self, byte: usize, from: usize) -> usize {
        let later = &self.entries[from + 1..];
        let near = later.iter().take(NEAR).take_while(|entry| entry.start <= byte).count();
        if near < NEAR { from + near } else { from + later.partition_point(|entry| entry.start <= byte) }
    }
}

#[cfg(test)]
mod tests;
