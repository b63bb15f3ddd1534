//! Load from a second process: `wrk` with a list of request paths, and what the server's processor time was meanwhile.

use std::fs;
use std::io::Write;
use std::process::Command;

use super::server::Server;

/// Rounds of load each side gets; they take turns, and the best of each counts.
const ROUNDS: usize = 5;

/// How long a round takes, unless the caller says otherwise.
pub const SECONDS: u32 = 2;

/// Connections of a round, unless the caller says otherwise.
pub const CLIENTS: u32 = 16;

/// After this long without an answer `wrk` gives a request up.
const PATIENCE: &str = "120s";

/// What one side did in its best round, which need not be the same one for each figure.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub requests_per_s: f64,
    /// Of a hundred requests all but one were answered in this time, milliseconds.
    pub p99_ms: f64,
    /// Requests per second of the server's own processor time: unmoved by what else the machine does.
    pub requests_per_cpu_s: f64,
}

impl Rate {
    /// The better of each figure.
    #[must_use]
    pub fn or_better(self, other: Self) -> Self {
        Self {
            requests_per_s: self.requests_per_s.max(other.requests_per_s),
            p99_ms: self.p99_ms.min(other.p99_ms),
            requests_per_cpu_s: self.requests_per_cpu_s.max(other.requests_per_cpu_s),
        }
    }
}

/// Sends `paths` to each server in turn, over and over, and returns the best rate of each.
///
/// # Panics
/// When a server answers anything but 2xx, or `wrk` is missing.
pub fn in_turns<const N: usize>(servers: [(&Server, &[String]); N], accept_encoding: &str) -> [Rate; N] {
    in_turns_of(servers.map(|(server, paths)| (server, paths, SECONDS)), accept_encoding, CLIENTS)
}

/// Like [`in_turns`], each round as long as it says, in seconds, and with so many connections.
pub fn in_turns_of<const N: usize>(
    servers: [(&Server, &[String], u32); N],
    accept_encoding: &str,
    clients: u32,
) -> [Rate; N] {
    let scripts = servers.map(|(_, paths, _)| script(paths, accept_encoding));
    let mut best = [Rate { requests_per_s: 0.0, p99_ms: f64::INFINITY, requests_per_cpu_s: 0.0 }; N];
    for _ in 0..ROUNDS {
        for (side, (server, _, seconds)) in servers.iter().enumerate() {
            let cpu_before = server.cpu_s();
            let script = scripts[side].path().to_str().expect("a plain path");
            let (n_requests, round) = wrk(server, script, *seconds, clients);
            let per_cpu_s = n_requests / (server.cpu_s() - cpu_before);
            best[side] = best[side].or_better(Rate { requests_per_cpu_s: per_cpu_s, ..round });
        }
    }
    best
}

/// A `wrk` script that goes through the paths in order, each round from another on.
fn script(paths: &[String], accept_encoding: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary folder");
    let mut text =
        format!("wrk.headers['Accept-Encoding'] = '{accept_encoding}'\nlocal ready = {{}}\nlocal paths = {{\n");
    for path in paths {
        text.extend(["'", path, "',\n"]);
    }
    text += "}\nfunction init() for i, p in ipairs(paths) do ready[i] = wrk.format('GET', p) end end\n";
    text += "math.randomseed(os.time())\nlocal i = math.random(#paths)\nfunction request() i = i % #ready + 1 return ready[i] end\n";
    text += "function done(s, latency) io.write(string.format('RESULT %d %d %d %d\\n', s.requests, s.duration,";
    text += " s.errors.status + s.errors.read + s.errors.write + s.errors.connect, latency:percentile(99))) end\n";
    file.write_all(text.as_bytes()).expect("a temporary file is writable");
    file
}

/// Runs one round; returns how many requests were answered and how fast, the processor's time not counted.
fn wrk(server: &Server, script: &str, seconds: u32, clients: u32) -> (f64, Rate) {
    let (duration, url) = (format!("-d{seconds}s"), format!("http://{}", server.address));
    let clients = format!("-c{clients}");
    let output = Command::new("wrk")
        .args(["-t1", &clients, &duration, "--timeout", PATIENCE, "-s", script, &url])
        .output()
        .expect("wrk is installed (Debian package wrk)");
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|l| l.strip_prefix("RESULT ")).unwrap_or_else(|| panic!("wrk said: {text}"));
    let numbers: Vec<f64> = line.split(' ').map(|n| n.parse().expect("a number")).collect();
    assert!(numbers[2] == 0.0, "{} answered with errors: {text}", server.address);
    let [n_requests, duration_us, _, p99_us] = numbers[..] else { panic!("wrk said: {text}") };
    let requests_per_s = n_requests / duration_us * 1e6;
    (n_requests, Rate { requests_per_s, p99_ms: p99_us / 1e3, requests_per_cpu_s: 0.0 })
}

/// Seconds of processor time (user and system) the process has used.
pub fn cpu_s(pid: u32) -> f64 {
    ticks_s(&format!("/proc/{pid}/stat"), 11)
}

/// Seconds of processor time of all commands that this process ran to their end.
pub fn commands_cpu_s() -> f64 {
    ticks_s("/proc/self/stat", 13)
}

/// Two neighbouring times of `stat` (see proc(5)), counted after the name: user and system.
fn ticks_s(stat: &str, place: usize) -> f64 {
    let stat = fs::read_to_string(stat).expect("the process lives");
    let after_name = stat.rsplit_once(')').expect("a name in brackets").1;
    let ticks = after_name.split_whitespace().skip(place).take(2).map(|n| n.parse::<f64>().expect("ticks"));
    ticks.sum::<f64>() / 100.0
}
