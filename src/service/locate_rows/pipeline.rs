//! Work in a row on several threads: one reads, several work, the caller's writes, and the order stays.
//!
//! What is read waits in a short queue; a reader that is ahead waits, so the memory does not depend on the input. Whoever
//! fails first stops all.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Pieces read ahead, for each working thread.
const AHEAD: usize = 2;

/// A piece of work, and where its result is waited for.
type Job<I, O> = (I, SyncSender<O>);

/// Reads pieces until there are none, works each, and writes the results in the order of the reading.
///
/// `worker` makes what works on one thread. An input of one piece is worked by the caller alone.
///
/// # Errors
/// The first of reading or writing; what was read before it is written.
pub(super) fn run<I: Send, O: Send, E: Send, W: FnMut(I) -> O>(
    mut read: impl FnMut() -> Result<Option<I>, E> + Send,
    worker: impl Fn() -> W + Sync,
    mut write: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    let Some(first) = read()? else { return Ok(()) };
    let second = match read() {
        Ok(None) => return write(worker()(first)),
        second => second,
    };
    let n_workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (jobs, work) = sync_channel::<Job<I, O>>(AHEAD * n_workers);
    let (order, results) = sync_channel::<Result<Receiver<O>, E>>(AHEAD * n_workers);
    let work = Mutex::new(work);
    thread::scope(|scope| {
        for _ in 0..n_workers {
            scope.spawn(|| work_off(&work, worker()));
        }
        scope.spawn(move || {
            let mut next = std::iter::once(Ok(Some(first))).chain(std::iter::once(second));
            while let Some(piece) = next.next().unwrap_or_else(&mut read).transpose() {
                let (result, waiting) = sync_channel(1);
                let failed = piece.is_err();
                // Nobody listens any more when writing has failed.
                let row_answer = match piece {
                    Ok(piece) => order.send(Ok(waiting)).is_ok() && jobs.send((piece, result)).is_ok(),
                    Err(error) => order.send(Err(error)).is_ok(),
                };
                if failed || !row_answer {
                    return;
                }
            }
        });
        // Moved in, so that a failure to write lets go of the queue and the reader with it.
        let results = results;
        while let Ok(result) = results.recv() {
            // A thread that panicked sent nothing; the scope hands its panic on.
            let Ok(result) = result?.recv() else { break };
            write(result)?;
        }
        Ok(())
    })
}

fn work_off<I, O>(work: &Mutex<Receiver<Job<I, O>>>, mut worker: impl FnMut(I) -> O) {
    loop {
        let job = work.lock().map(|work| work.recv());
        let Ok(Ok((piece, result))) = job else { return };
        // Nobody waits any more when writing has failed.
        let _ = result.send(worker(piece));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(n: u64, fail_read: Option<u64>, fail_write: Option<u64>) -> (Vec<u64>, Result<(), String>) {
        let (mut at, mut written) = (0, Vec::new());
        let read = || {
            at += 1;
            match at {
                _ if Some(at) == fail_read => Err("read".to_owned()),
                _ => Ok((at <= n).then_some(at)),
            }
        };
        let write = |square| {
            written.push(square);
            if Some(written.len() as u64) == fail_write { Err("write".to_owned()) } else { Ok(()) }
        };
        let done = run(read, || |n: u64| n * n, write);
        (written, done)
    }

    #[test]
    fn results_come_in_the_order_of_the_reading() {
        for n in [0, 1, 2, 3, 1000] {
            let (written, done) = sum(n, None, None);
            assert_eq!((written, done), ((1..=n).map(|n| n * n).collect(), Ok(())), "{n}");
        }
    }

    #[test]
    fn what_was_read_before_a_failure_is_written_and_the_failure_told() {
        let (written, done) = sum(1000, Some(100), None);
        assert_eq!((written.len(), done), (99, Err("read".to_owned())));
        let (written, done) = sum(1000, None, Some(7));
        assert_eq!((written.len(), done), (7, Err("write".to_owned())));
    }

    #[test]
    #[should_panic(expected = "scoped thread panicked")]
    fn a_worker_that_panics_ends_the_run() {
        let mut n = 0;
        let read = || {
            n += 1;
            Ok::<_, ()>(Some(n))
        };
        let _ = run(read, || |n: u32| assert!(n < 50, "a broken row"), |()| Ok(()));
    }
}
