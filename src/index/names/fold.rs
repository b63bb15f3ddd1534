//! What texts are compared by: neither width, composition, letter case, blanks nor traditional characters tell two apart.

use std::collections::HashMap;
use std::sync::LazyLock;

use hanconv::RawDictionary;
use unicode_normalization::UnicodeNormalization as _;

/// Traditional characters by their simplified ones.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let one = |text: &str| Some(text.chars().next()?).filter(|c| c.len_utf8() == text.len());
    RawDictionary::TSCharacters.iter().filter_map(|(from, to)| Some((one(from)?, one(to)?))).collect()
});

/// Returns `text` as it is compared. `ü` is `v`, as keyboards have it; no blank or control character is left.
pub(super) fn folded(text: &str) -> String {
    let letters = text.nfkc().filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '\'' | '’' | '·'));
    let small = letters.flat_map(char::to_lowercase).map(|c| if c == 'ü' { 'v' } else { c });
    small.map(|c| SIMPLIFIED.get(&c).copied().unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn what_is_written_otherwise_is_the_same() {
        for (written, typed) in [
            ("第１网格", "第1网格"),
            ("臨潭縣 羊永村", "临潭县羊永村"),
            ("Cafe\u{301} 街", "caf\u{e9}街"),
            ("\u{fa10}村", "塚村"),
            ("Ａ座", "a 座"),
            ("xi'an", "xian"),
            ("LÜ", "lv"),
        ] {
            assert_eq!(folded(written), folded(typed), "{written}");
        }
        assert_ne!(folded("第1网格"), folded("第2网格"));
    }
}
