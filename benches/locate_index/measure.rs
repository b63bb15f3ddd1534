//! Time, so that a busy machine disturbs it least: of every slice of some milliseconds the fastest of several rounds.

use std::time::Instant;

/// Nanoseconds for one item, when `work` is given `items` slice by slice, `rounds` times over.
pub fn ns_per_item<T>(items: &[T], slice: usize, rounds: usize, mut work: impl FnMut(&[T])) -> f64 {
    let mut least = vec![f64::INFINITY; items.len().div_ceil(slice)];
    for _ in 0..rounds {
        for (least, items) in least.iter_mut().zip(items.chunks(slice)) {
            let begun = Instant::now();
            work(items);
            *least = least.min(begun.elapsed().as_secs_f64());
        }
    }
    least.iter().sum::<f64>() * 1e9 / items.len() as f64
}

/// Seconds this thread has been on a processor (Linux counts them in nanoseconds).
pub fn cpu_s() -> f64 {
    let counts = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let ns: f64 = counts.split_whitespace().next().and_then(|n| n.parse().ok()).expect("three numbers");
    ns / 1e9
}

/// Seconds that all threads of this process have been on a processor, in hundredths.
pub fn all_cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let (_, counts) = stat.rsplit_once(')').expect("the name stands in brackets");
    let ticks = |at: usize| counts.split_whitespace().nth(at).and_then(|n| n.parse().ok()).unwrap_or(0.0);
    // User and kernel time, the fourteenth and fifteenth number of all.
    (ticks(11) + ticks(12)) / 100.0
}

/// The least processor time of `rounds` runs, seconds, and the last run's result.
///
/// What takes less than the 20 ms in which the kernel's count can be trusted is repeated.
pub fn least_cpu<T>(rounds: usize, mut work: impl FnMut() -> T) -> (f64, T) {
    let mut made = work();
    let mut least = f64::INFINITY;
    for _ in 0..rounds {
        let (begun, mut n) = (cpu_s(), 0.0);
        while n < 1.0 || cpu_s() - begun < 0.02 {
            made = work();
            n += 1.0;
        }
        least = least.min((cpu_s() - begun) / n);
    }
    (least, made)
}
