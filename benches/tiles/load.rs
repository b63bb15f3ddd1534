//! Load from a second process: `wrk`, going through a list of paths.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Command;

use crate::server::Server;

/// Rounds each server gets; the best counts.
const ROUNDS: u32 = 3;

/// How many requests a second `server` answers, 8 at a time, with nothing packed.
///
/// # Panics
/// When it answers anything but 2xx, or `wrk` is missing.
pub fn requests_per_s(server: &Server, paths: &[String], seconds: u32) -> f64 {
    let mut script = tempfile::NamedTempFile::new().expect("a temporary folder");
    script.write_all(text(paths).as_bytes()).expect("a temporary file is writable");
    let script = script.path().to_str().expect("a plain path");
    (0..ROUNDS).map(|_| round(server, script, seconds.div_ceil(ROUNDS))).fold(0.0, f64::max)
}

fn text(paths: &[String]) -> String {
    let mut text = String::from("local ready, i = {}, 0\nlocal paths = {\n");
    for path in paths {
        let _ = writeln!(text, "'{path}',");
    }
    text += "}\nfunction init() for i, p in ipairs(paths) do ready[i] = wrk.format('GET', p) end end\n";
    text += "function request() i = i % #ready + 1 return ready[i] end\n";
    text += "function done(s) io.write(string.format('RESULT %d %d %d\\n', s.requests, s.duration,";
    text += " s.errors.status + s.errors.read + s.errors.write + s.errors.connect)) end\n";
    text
}

fn round(server: &Server, script: &str, seconds: u32) -> f64 {
    let seconds = format!("-d{seconds}s");
    let mut command = Command::new("wrk");
    command.args(["-t1", "-c8", &seconds, "--timeout", "120s", "-s", script, &server.url()]);
    let output = command.output().expect("wrk is installed (Debian package wrk)");
    let said = String::from_utf8_lossy(&output.stdout);
    let line = said.lines().find_map(|l| l.strip_prefix("RESULT ")).unwrap_or_else(|| panic!("wrk said: {said}"));
    let numbers: Vec<f64> = line.split(' ').map(|n| n.parse().expect("a number")).collect();
    assert!(numbers[2] == 0.0, "{} answered with errors: {said}", server.url());
    numbers[0] / numbers[1] * 1e6
}
