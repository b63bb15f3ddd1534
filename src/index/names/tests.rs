use super::{NameEntry, NameIndex};

fn index(things: &[(&'static str, &'static str, &'static str)]) -> NameIndex {
    let mut index = NameIndex::default();
    for (n, &(code, name, beside)) in (0..).zip(things) {
        index.add(NameEntry { code, name, beside, found_beside: n >= 5, order: n });
    }
    index
}

const THINGS: [(&str, &str, &str); 8] = [
    ("623021", "临潭县", ""),
    ("623021100", "城关镇", "临潭县"),
    ("623021100001", "东环路社区居民委员会", "临潭县 城关镇"),
    ("623021100001001", "东环路社区第１网格", "临潭县 城关镇 东环路社区"),
    ("623021101001", "上东环路村", "临潭县 新城镇"),
    ("W1", "李某0001", "网格长 东环路社区第1网格"),
    ("W2", "東方朔", "调解员 城关镇"),
    ("W3", "重庆", ""),
];

#[track_caller]
fn check(query: &str, found: &[&str]) {
    let codes: Vec<&str> = index(&THINGS).find(query, 8, |_| true).into_iter().map(|at| THINGS[at].0).collect();
    assert_eq!(codes, found, "{query}");
}

#[test]
fn the_best_comes_first() {
    check("623021", &["623021", "623021100", "623021100001", "623021100001001", "623021101001"]);
    check("623021100", &["623021100", "623021100001", "623021100001001"]);
    check("东环路", &["623021100001", "623021100001001", "623021101001", "W1"]);
    check("w1", &["W1"]);
    check("nowhere", &[]);
    for nothing in ["", "  ", "'", "\u{1}", "\t\n"] {
        check(nothing, &[]);
    }
}

#[test]
fn a_name_is_found_by_its_spelling() {
    check("dong huan lu", &["623021100001", "623021100001001", "623021101001"]);
    check("DongHuanLuSheQu", &["623021100001", "623021100001001"]);
    check("dhlsq", &["623021100001", "623021100001001"]);
    check("cgz", &["623021100"]);
    check("chongqing", &["W3"]);
    check("zq", &["W3"]);
}

#[test]
fn a_name_is_found_however_it_is_written() {
    check("東環路社區第1網格", &["623021100001001", "W1"]);
    check("东方朔", &["W2"]);
    check("臨潭", &["623021"]);
}

#[test]
fn several_words_may_each_be_somewhere() {
    check("城关镇 第1网格", &["623021100001001"]);
    check("网格长 东环路", &["W1"]);
    check("调解员", &["W2"]);
    check("新城镇 lu", &["623021101001"]);
}

#[test]
fn what_is_not_taken_is_not_there_and_no_more_come_than_are_wanted() {
    let index = index(&THINGS);
    assert_eq!(index.find("623021", 2, |_| true), [0, 1]);
    assert_eq!(index.find("623021", 2, |at| at > 1), [2, 3]);
    assert_eq!(index.find("623021", 0, |_| true), [0; 0]);
}
