//! How a name is typed on a keyboard of Latin letters: by the readings of its characters, and by their initials.

use std::borrow::Cow;

use pinyin::{Pinyin, ToPinyin as _, ToPinyinMulti as _};

/// A name of many characters with two readings has many spellings: no more are kept.
const MAX_SPELLINGS: usize = 8;

/// Longer names are spelt up to here.
const MAX_CHARS: usize = 40;

/// The spellings of one name, each once.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Spellings {
    pub(super) in_full: Vec<String>,
    pub(super) initials: Vec<String>,
}

impl Spellings {
    /// Spells a folded name; nothing where no character of it has a reading.
    pub(super) fn of(name: &str) -> Self {
        if name.chars().all(|c| c.to_pinyin().is_none()) {
            return Self::default();
        }
        let mut all = vec![(String::new(), String::new())];
        for c in name.chars().take(MAX_CHARS) {
            let readings = readings(c, MAX_SPELLINGS / all.len());
            let (usual, others) = readings.split_first().expect("a character stands for itself at least");
            let further: Vec<_> = others.iter().flat_map(|other| with(&all, other)).collect();
            for spelling in &mut all {
                spell(spelling, usual);
            }
            all.extend(further);
        }
        let (mut in_full, mut initials): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        for spellings in [&mut in_full, &mut initials] {
            spellings.sort_unstable();
            spellings.dedup();
        }
        Self { in_full, initials }
    }
}

/// In full, and by initials.
type Spelling = (String, String);

fn spell((in_full, initials): &mut Spelling, reading: &str) {
    in_full.push_str(reading);
    initials.extend(reading.chars().next());
}

/// The same spellings with one reading more.
fn with(all: &[Spelling], reading: &str) -> Vec<Spelling> {
    let mut longer = all.to_vec();
    for spelling in &mut longer {
        spell(spelling, reading);
    }
    longer
}

/// The readings of a character, at most `n` but one at least; what has none stands for itself.
fn readings(c: char, n: usize) -> Vec<Cow<'static, str>> {
    let Some(several) = c.to_pinyin_multi() else { return vec![c.to_string().into()] };
    let mut readings: Vec<Cow<'static, str>> = Vec::new();
    for plain in several.into_iter().map(Pinyin::plain) {
        let reading = if plain.contains('ü') { plain.replace('ü', "v").into() } else { Cow::Borrowed(plain) };
        if !readings.contains(&reading) && readings.len() < n.max(1) {
            readings.push(reading);
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::Spellings;

    #[test]
    fn a_name_is_spelt_by_its_readings_and_their_initials() {
        let road = Spellings::of("东环路第1网格");
        assert!(road.in_full.contains(&"donghuanludi1wangge".to_owned()), "{road:?}");
        assert!(road.initials.contains(&"dhld1wg".to_owned()), "{road:?}");
        let river = Spellings::of("长川乡");
        for spelt in ["changchuanxiang", "zhangchuanxiang"] {
            assert!(river.in_full.contains(&spelt.to_owned()), "{river:?}");
        }
        assert!(Spellings::of("绿地").in_full.contains(&"lvdi".to_owned()));
        assert_eq!(Spellings::of("east road 1"), Spellings::default());
        assert!(Spellings::of(&"长行重".repeat(1_000)).in_full.len() <= 8);
    }
}
