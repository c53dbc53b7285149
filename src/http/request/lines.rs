//! Lines from a stream of bytes, in bounded memory.

use std::collections::VecDeque;

/// Bytes that become lines.
pub(in crate::http) struct Lines {
    /// The most bytes of a line; a longer one is not kept.
    longest: usize,
    complete: VecDeque<Line>,
    /// Bytes of the complete lines.
    bytes: usize,
    /// The bytes after the last line break.
    rest: Vec<u8>,
    /// Whether the line that has begun is longer than allowed; its bytes are not kept.
    too_long: bool,
}

/// A line without its break.
pub(in crate::http) enum Line {
    /// Its bytes.
    Text(Vec<u8>),
    /// It was longer than a line may be.
    TooLong,
}

impl Lines {
    /// No lines yet; each may have at most `longest` bytes.
    pub(in crate::http) fn up_to(longest: usize) -> Self {
        Self { longest, complete: VecDeque::new(), bytes: 0, rest: Vec::new(), too_long: false }
    }

    /// Takes the next bytes.
    pub(in crate::http) fn push(&mut self, chunk: &[u8]) {
        let mut parts = chunk.split(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            if self.rest.len() + part.len() > self.longest {
                self.too_long = true;
                self.rest.clear();
            } else if !self.too_long {
                self.rest.extend_from_slice(part);
            }
            if parts.peek().is_some() {
                self.break_line();
            }
        }
    }

    /// Notes that nothing more comes: the last line needs no line break.
    pub(in crate::http) fn end(&mut self) {
        if self.too_long || !self.rest.is_empty() {
            self.break_line();
        }
    }

    fn break_line(&mut self) {
        let rest = std::mem::take(&mut self.rest);
        self.bytes += rest.len();
        let line = if std::mem::take(&mut self.too_long) { Line::TooLong } else { Line::Text(rest) };
        self.complete.push_back(line);
    }

    /// How many complete lines there are.
    pub(in crate::http) fn count(&self) -> usize {
        self.complete.len()
    }

    /// Bytes of the complete lines.
    pub(in crate::http) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes the first `most` lines away, fewer where they have more than `most_bytes`.
    pub(in crate::http) fn take(&mut self, most: usize, most_bytes: usize) -> Vec<Line> {
        let mut taken = Vec::new();
        let mut bytes = 0;
        while taken.len() < most
            && bytes < most_bytes
            && let Some(line) = self.complete.pop_front()
        {
            if let Line::Text(text) = &line {
                bytes += text.len();
            }
            taken.push(line);
        }
        self.bytes = self.bytes.saturating_sub(bytes);
        taken
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lines_do_not_depend_on_how_the_bytes_come(
            lines in prop::collection::vec("[a-z]{0,12}", 0..20),
            cuts in prop::collection::vec(1_usize..9, 1..40),
        ) {
            let text = lines.join("\n");
            let mut found = Lines::up_to(1 << 20);
            let mut rest = text.as_bytes();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (now, later) = rest.split_at((*cut).min(rest.len()));
                found.push(now);
                rest = later;
            }
            found.end();
            let mut read = Vec::new();
            while found.count() > 0 {
                read.extend(found.take(3, 64));
            }
            let read: Vec<String> = read
                .into_iter()
                .map(|line| match line { Line::Text(text) => String::from_utf8(text).unwrap(), Line::TooLong => panic!() })
                .collect();
            let expected: Vec<&str> = if text.is_empty() { Vec::new() } else { text.strip_suffix('\n').unwrap_or(&text).split('\n').collect() };
            prop_assert_eq!(read, expected);
        }
    }

    #[test]
    fn a_line_without_end_is_refused_and_not_kept() {
        let mut lines = Lines::up_to(1 << 20);
        let megabyte = vec![b'x'; 1 << 20];
        for _ in 0..40 {
            lines.push(&megabyte);
            assert!(lines.rest.len() <= lines.longest);
        }
        lines.push(b"\n{}\n");
        let taken = lines.take(9, 64);
        assert!(matches!(taken.as_slice(), [Line::TooLong, Line::Text(text)] if text == b"{}"));
    }
}
