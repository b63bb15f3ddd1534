//! A million points in one request, against what parsing and writing the same CSV alone takes: rows as long as our answers
//! (`csv`), and the bare rows that were sent (`csv_input`).

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use crate::databases::{Databases, fixture};
use crate::report::{Better, Row};
use crate::shared::server::Server;

const N_POINTS: u32 = 1_000_000;
/// The two sides take turns this often; the best of each counts.
const ROUNDS: usize = 5;

/// What one side took.
#[derive(Clone, Copy, Debug)]
struct Took {
    wall_s: f64,
    cpu_s: f64,
}

impl Took {
    const FOREVER: Self = Self { wall_s: f64::INFINITY, cpu_s: f64::INFINITY };

    fn best(self, other: Self) -> Self {
        Self { wall_s: self.wall_s.min(other.wall_s), cpu_s: self.cpu_s.min(other.cpu_s) }
    }
}

/// Points a second of `POST /api/locate` with a CSV, by the clock and by the server's processor time.
pub fn http_bulk(databases: &Databases) -> Vec<Row> {
    let input = points();
    let server = Server::gridmap(&databases.sqlite);
    let answered = post(&server, &input);
    let template = template(&answered);
    let mut best = [Took::FOREVER; 3];
    for _ in 0..ROUNDS {
        let cpu_before = server.cpu_s();
        let begun = Instant::now();
        let n_bytes = post(&server, &input).len();
        let ours = Took { wall_s: begun.elapsed().as_secs_f64(), cpu_s: server.cpu_s() - cpu_before };
        assert_eq!(n_bytes, answered.len(), "every round has the same answer");
        best[0] = best[0].best(ours);
        best[1] = best[1].best(alone(&input, &template));
        best[2] = best[2].best(alone(&input, &[]));
    }
    let [ours, csv, bare] = best;
    let rate = |seconds: f64| f64::from(N_POINTS) / seconds;
    let row = |unit, ours: f64, peer, peer_s: f64| {
        Row::new("http_bulk", "1M points, 2770 grids", unit, Better::Higher, rate(ours), (peer, rate(peer_s)))
    };
    vec![
        row("points/s", ours.wall_s, "csv", csv.wall_s),
        row("points/cpu_s", ours.cpu_s, "csv", csv.cpu_s),
        row("points/s", ours.wall_s, "csv_input", bare.wall_s),
    ]
}

/// The homes of the county over and over, each time some metres further on.
pub fn points() -> Vec<u8> {
    let homes = fs::read_to_string(fixture("houses.csv")).expect("the demo county");
    let position = |line: &str| {
        let mut cells = line.split(',').skip(1);
        Some((cells.next()?.parse::<f64>().ok()?, cells.next()?.parse::<f64>().ok()?))
    };
    let homes: Vec<(f64, f64)> = homes.lines().skip(1).filter_map(position).collect();
    let mut text = "id,lon,lat\n".to_owned();
    for (n, (lon, lat)) in (0..N_POINTS).zip(homes.iter().cycle()) {
        let further = f64::from(n / 50_000) * 1e-5;
        writeln!(text, "P{n:07},{:.6},{:.6}", lon + further, lat + further).expect("a text takes all");
    }
    text.into_bytes()
}

/// Sends the points and reads the whole answer; by HTTP/1.0, so that the answer is not parted into chunks.
fn post(server: &Server, input: &[u8]) -> Vec<u8> {
    let address = &server.address;
    let mut stream = TcpStream::connect(address).expect("the server listens");
    let head = format!(
        "POST /api/locate HTTP/1.0\r\nHost: {address}\r\nContent-Type: text/csv\r\n\
         Content-Length: {}\r\n\r\n",
        input.len()
    );
    let mut sending = stream.try_clone().expect("a stream can be had twice");
    let mut answer = Vec::with_capacity(8 * input.len());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            sending.write_all(head.as_bytes()).and_then(|()| sending.write_all(input)).expect("it takes the points");
        });
        stream.read_to_end(&mut answer).expect("it answers");
    });
    let body = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("a head") + 4;
    assert!(answer[..32].windows(5).any(|five| five == b" 200 "), "{}", String::from_utf8_lossy(&answer[..body]));
    answer.drain(..body);
    answer
}

/// Parses `input` and writes its rows with the cells of `more` behind them, with the `csv` crate on one thread: each point
/// is understood, each row written cell by cell, nothing looked up.
fn alone(input: &[u8], more: &[Vec<u8>]) -> Took {
    let (begun, cpu_before) = (Instant::now(), thread_cpu_s());
    let mut reader = csv::Reader::from_reader(input);
    let mut writer = csv::Writer::from_writer(std::io::sink());
    let mut record = csv::ByteRecord::new();
    let number = |cell: &[u8]| std::str::from_utf8(cell).ok().and_then(|text| text.parse::<f64>().ok());
    while reader.read_byte_record(&mut record).expect("the points were just written") {
        black_box((number(&record[1]), number(&record[2])));
        record.extend(more);
        writer.write_byte_record(&record).expect("a sink takes all");
    }
    writer.flush().expect("a sink takes all");
    Took { wall_s: begun.elapsed().as_secs_f64(), cpu_s: thread_cpu_s() - cpu_before }
}

/// Seconds of processor time that this thread has had: other work on the machine does not count.
fn thread_cpu_s() -> f64 {
    let schedstat = fs::read_to_string("/proc/thread-self/schedstat").expect("a kernel that counts");
    let nanoseconds: f64 = schedstat.split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    nanoseconds / 1e9
}

/// The cells that the second row of `like` has behind the three of a point.
fn template(like: &[u8]) -> Vec<Vec<u8>> {
    let text: Vec<u8> = like.iter().copied().filter(|byte| *byte != b'\r').take(4096).collect();
    let text = String::from_utf8_lossy(&text).into_owned();
    let row = text.lines().find(|line| line.starts_with("P0000000")).expect("the answer has the first point");
    row.split(',').skip(3).map(|cell| cell.as_bytes().to_vec()).collect()
}
