//! Leaves out of a line what cannot be seen (Ramer 1972, Douglas and Peucker 1973).
//!
//! A line is simplified on its own and its ends stay, so of two grids that share it both get the same one.

use super::Pixel;

/// Appends to `out` the pixels of `line` that stray more than `tolerance` pixels from the chord of those kept; the first
/// and the last always. Pixels that repeat the one before are left out.
///
/// Cost: linear times the logarithm of the pixels for most lines.
pub fn simplify(line: &[Pixel], tolerance: u32, out: &mut Vec<Pixel>) {
    let (Some(&first), Some(&last)) = (line.first(), line.last()) else { return };
    let tolerance2 = i128::from(tolerance) * i128::from(tolerance);
    out.push(first);
    // Stretches still to be looked at, the next one on top.
    let mut stretches = vec![(0, line.len() - 1)];
    while let Some((start, end)) = stretches.pop() {
        match farthest(line, start, end).filter(|far| far.strays_more_than(tolerance2)) {
            Some(far) => stretches.extend([(far.at, end), (start, far.at)]),
            None if out.last() != Some(&line[end]) => out.push(line[end]),
            None => {}
        }
    }
    if out.last() != Some(&last) {
        out.push(last);
    }
}

/// The pixel farthest from a chord: the square of its distance is `cross2 / length2`.
struct Far {
    at: usize,
    cross2: i128,
    length2: i128,
}

impl Far {
    fn strays_more_than(&self, tolerance2: i128) -> bool {
        self.cross2 > tolerance2 * self.length2
    }
}

fn farthest(line: &[Pixel], start: usize, end: usize) -> Option<Far> {
    let (a, b) = (line[start], line[end]);
    let (dx, dy) = (i64::from(b.x - a.x), i64::from(b.y - a.y));
    let length2 = dx * dx + dy * dy;
    let from_chord2 = |p: Pixel| {
        let (px, py) = (i64::from(p.x - a.x), i64::from(p.y - a.y));
        let along = px * dx + py * dy;
        // Beside the chord the cross product measures; beyond its ends, or where it has no length, the nearer end does.
        let to_end2 = |x: i64, y: i64| i128::from(x * x + y * y) * i128::from(length2.max(1));
        if along <= 0 {
            to_end2(px, py)
        } else if along >= length2 {
            to_end2(px - dx, py - dy)
        } else {
            let cross = i128::from(dx * py - dy * px);
            cross * cross
        }
    };
    let between = start + 1..end;
    let (at, cross2) = between.map(|at| (at, from_chord2(line[at]))).max_by_key(|(_, far)| *far)?;
    Some(Far { at, cross2, length2: length2.max(1).into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &[(i32, i32)], tolerance: u32, kept: &[(i32, i32)]) {
        let line: Vec<Pixel> = line.iter().map(|&(x, y)| Pixel { x, y }).collect();
        let mut out = Vec::new();
        simplify(&line, tolerance, &mut out);
        assert_eq!(out.iter().map(|p| (p.x, p.y)).collect::<Vec<_>>(), kept);
    }

    #[test]
    fn what_strays_stays() {
        check(&[(0, 0), (5, 1), (10, 0)], 1, &[(0, 0), (10, 0)]);
        check(&[(0, 0), (5, 2), (10, 0)], 1, &[(0, 0), (5, 2), (10, 0)]);
        check(&[(0, 0), (5, 0), (30, 0), (10, 0)], 1, &[(0, 0), (30, 0), (10, 0)]);
        check(&[(0, 0), (0, 0), (9, 0), (9, 0)], 0, &[(0, 0), (9, 0)]);
        check(&[], 1, &[]);
    }

    #[test]
    fn a_closed_line_keeps_its_shape_or_becomes_one_place_and_back() {
        check(&[(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)], 1, &[(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)]);
        check(&[(0, 0), (1, 0), (1, 1), (0, 0)], 2, &[(0, 0)]);
    }
}
