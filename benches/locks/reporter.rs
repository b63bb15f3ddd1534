//! One client that reports incidents to a server, one after another, and notes how long each took.

use std::fmt;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::shared::server::Server;

/// From the end of one report to the next.
const PAUSE: Duration = Duration::from_millis(30);

/// How long reports took, in milliseconds, the longest last.
#[derive(Debug)]
pub struct Waits {
    sorted_ms: Vec<f64>,
    pub n_refused: u32,
}

impl Waits {
    /// What no more than this part of all took longer than.
    pub fn part(&self, part: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
        #[expect(clippy::cast_precision_loss, reason = "there are no 2^52 reports")]
        let place = ((self.sorted_ms.len() as f64 * part).ceil() as usize).saturating_sub(1);
        self.sorted_ms[place]
    }
}

impl fmt::Display for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, refused) = (self.sorted_ms.len(), self.n_refused);
        let [p50, p99, longest] = [0.5, 0.99, 1.0].map(|part| self.part(part));
        write!(f, "{n} reports, p50 {p50:.0} ms, p99 {p99:.0} ms, longest {longest:.0} ms, {refused} refused")
    }
}

/// Reports at one position after another, over and over, for as long as `work` takes.
pub fn while_reporting(server: &Server, positions: &[(f64, f64)], work: impl FnOnce()) -> Waits {
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reporting = scope.spawn(|| {
            let mut waits = Waits { sorted_ms: Vec::new(), n_refused: 0 };
            for position in positions.iter().cycle() {
                let begun = Instant::now();
                waits.n_refused += u32::from(!is_stored(server, *position));
                waits.sorted_ms.push(begun.elapsed().as_secs_f64() * 1e3);
                if is_done.load(Ordering::Relaxed) {
                    break;
                }
                thread::sleep(PAUSE);
            }
            waits.sorted_ms.sort_by(f64::total_cmp);
            waits
        });
        work();
        is_done.store(true, Ordering::Relaxed);
        reporting.join().expect("the server answers")
    })
}

/// Opens an incident; tells whether it is stored.
pub fn is_stored(server: &Server, (lon, lat): (f64, f64)) -> bool {
    let body = format!(
        r#"{{"type":"Feature","geometry":{{"type":"Point","coordinates":[{lon},{lat}]}},"properties":{{"kind":"dispute","category":"noise"}}}}"#
    );
    let mut stream = TcpStream::connect(&server.address).expect("the server listens");
    let head = format!(
        "POST /api/collections/incidents/items HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
         Content-Type: application/geo+json\r\nContent-Length: {}\r\n\r\n",
        server.address,
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the server answers");
    answer.starts_with("HTTP/1.1 201")
}
