//! What is published to the public, attacked by a solver (`tests/told_peer.py`).
#![expect(clippy::disallowed_macros, reason = "these tests print their figures")]

mod trees;
mod views;
mod weeks;

use serde_json::{Value, json};

use crate::python::python;

/// Everything an attacker knows of some counts: between which bounds sums of them lie. None is negative.
#[derive(Default)]
struct Knowledge {
    n: usize,
    rows: Vec<Value>,
    asked: Vec<usize>,
}

impl Knowledge {
    /// One more count, of which nothing is known yet.
    fn count(&mut self) -> usize {
        self.n += 1;
        self.n - 1
    }

    /// The sum of `plus`, less that of `minus`, is `least` to `most`.
    fn sum(&mut self, plus: &[usize], minus: &[usize], least: u64, most: Option<u64>) {
        let minus = minus.iter().map(|&at| -1 - i64::try_from(at).unwrap());
        let terms: Vec<i64> = plus.iter().map(|&at| i64::try_from(at).unwrap()).chain(minus).collect();
        self.rows.push(json!([least, most, terms]));
    }

    /// `whole` is the sum of `parts`.
    fn whole(&mut self, whole: usize, parts: &[usize]) {
        self.sum(parts, &[whole], 0, Some(0));
    }

    fn ask(&mut self, count: usize) {
        self.asked.push(count);
    }

    fn question(self) -> Value {
        json!({"ask": "range", "n": self.n, "rows": self.rows, "of": self.asked})
    }
}

/// The least and the most that a count can be.
type Bounds = (f64, f64);

fn bounds(answer: &Value) -> Vec<Bounds> {
    let one = |bounds: &Value| (bounds[0].as_f64().unwrap(), bounds[1].as_f64().unwrap_or(f64::INFINITY));
    answer.as_array().unwrap().iter().map(one).collect()
}

/// Has the solver answer all questions.
fn solve(questions: &[Value]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("questions.jsonl");
    let lines: Vec<String> = questions.iter().map(Value::to_string).collect();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/told_peer.py");
    let output = python().arg(script).arg(&file).output().unwrap();
    let (told, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}{errors}");
    // The solver says its own name first.
    let answers: Vec<Value> = told.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(answers.len(), questions.len(), "{told}{errors}");
    answers
}
