//! Cuts a JSON file into its objects without parsing them: one object, an array of objects, or several in a row.
//!
//! Parsing belongs to the threads that clean; here only strings and brackets are followed, so that one broken
//! article does not take the rest of an array with it as long as its brackets still match.

use std::ops::Range;
use std::sync::Arc;

use super::refusal::{Refusal, RefusalCode};
use super::wrappers::Around;

/// Where the next element is looked for.
#[derive(Debug)]
pub(super) struct JsonSplitter {
    text: String,
    at: usize,
    line: u64,
    in_array: bool,
    /// The lists inside of objects that were entered, the innermost last.
    outer: Vec<Outer>,
}

/// Where reading goes on after a list inside of an object.
#[derive(Debug)]
struct Outer {
    end: usize,
    in_array: bool,
    around: Arc<Around>,
}

impl JsonSplitter {
    pub(super) fn new(text: String) -> Self {
        Self { text, at: 0, line: 1, in_array: false, outer: Vec::new() }
    }

    /// The elements of one line of a file, all of which begin on it.
    pub(super) fn of_line(text: String, line: u64) -> Self {
        Self { line, ..Self::new(text) }
    }

    /// Goes into `element`, which was given last: its next elements are those of the list at byte `at` of it, and `around` is what it says
    /// beside the list.
    pub(super) fn enter(&mut self, element: &Range<usize>, at: usize, around: Around) {
        let at = element.start + at;
        let passed = self.text.as_bytes().get(at..self.at).unwrap_or_default();
        self.line -= passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        let around = match self.around() {
            Some(outer) => around.within(outer.as_ref().clone()),
            None => around,
        };
        self.outer.push(Outer { end: self.at, in_array: self.in_array, around: Arc::new(around) });
        self.at = at;
        self.in_array = false;
    }

    /// What the objects around the next element say beside its list.
    pub(super) fn around(&self) -> Option<&Arc<Around>> {
        self.outer.last().map(|outer| &outer.around)
    }

    /// The text of an element.
    pub(super) fn text(&self, element: &Range<usize>) -> &str {
        self.text.get(element.clone()).unwrap_or_default()
    }

    /// Whether the next element is in a list that was entered.
    pub(super) fn is_inside(&self) -> bool {
        !self.outer.is_empty()
    }

    /// Where the next element lies, with the line on which it begins.
    pub(super) fn next_element(&mut self) -> Option<(u64, Result<Range<usize>, Refusal>)> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at)? {
                b'\n' => self.line += 1,
                b' ' | b'\t' | b'\r' | b',' => {}
                b'[' if !self.in_array => self.in_array = true,
                b']' if self.in_array => {
                    self.in_array = false;
                    if let Some(Outer { end, in_array, .. }) = self.outer.pop() {
                        // What follows the list in its object is not an article.
                        let passed = bytes.get(self.at..end).unwrap_or_default();
                        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
                        (self.at, self.in_array) = (end, in_array);
                        continue;
                    }
                }
                _ => break,
            }
            self.at += 1;
        }
        let start = self.at;
        let line = self.line;
        let rest = bytes.get(start..).unwrap_or_default();
        let Some(length) = element_length(rest) else {
            self.at = bytes.len();
            let detail = "the brackets of this element never close; the rest of the file is not read";
            return Some((line, Err(Refusal::new(RefusalCode::BadJson, detail))));
        };
        let element = rest.get(..length).unwrap_or_default();
        self.at = start + length;
        self.line += element.iter().filter(|byte| **byte == b'\n').count() as u64;
        Some((line, Ok(start..self.at)))
    }
}

/// The bytes of the first value: an object or array up to its closing bracket, a string up to its closing quote,
/// anything else up to the next separator. At least 1. `None` if it never ends.
fn element_length(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (index, byte) in bytes.iter().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    in_string = false;
                    if depth == 0 {
                        return Some(index + 1);
                    }
                }
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return Some(index.max(1)),
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(index + 1);
                }
            }
            b',' | b'\n' if depth == 0 => return Some(index.max(1)),
            _ => {}
        }
    }
    (depth == 0 && !in_string).then_some(bytes.len().max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(u64, String)> {
        let mut splitter = JsonSplitter::new(text.to_owned());
        let mut found = Vec::new();
        while let Some((line, element)) = splitter.next_element() {
            found.push(match element {
                Ok(element) => (line, splitter.text(&element).to_owned()),
                Err(refusal) => (line, refusal.code.as_str().to_owned()),
            });
        }
        found
    }

    #[test]
    fn a_list_inside_of_an_object_is_entered_and_left() {
        let mut splitter =
            JsonSplitter::new("[{\"n\":1,\n\"items\":[{\"a\":1},\n{\"b\":2}],\n\"m\":2},\n{}]".to_owned());
        let (_, element) = splitter.next_element().unwrap_or((0, Ok(0..0)));
        let element = element.unwrap_or_default();
        let at = splitter.text(&element).rfind('[').unwrap_or(0);
        splitter.enter(&element, at, Around::default());
        let mut rest = Vec::new();
        while let Some((line, found)) = splitter.next_element() {
            rest.push((line, splitter.text(&found.unwrap_or_default()).to_owned()));
        }
        assert_eq!(rest, [(2, "{\"a\":1}".to_owned()), (3, "{\"b\":2}".to_owned()), (5, "{}".to_owned())]);
    }

    #[test]
    fn objects_arrays_and_rows_of_objects() {
        assert_eq!(split("{\"a\":1}"), [(1, "{\"a\":1}".to_owned())]);
        assert_eq!(
            split("[\n {\"t\":\"]}\\\"\",\n\"x\":[1]},\n\n{}, 7, \"s\"]\n"),
            [
                (2, "{\"t\":\"]}\\\"\",\n\"x\":[1]}".to_owned()),
                (5, "{}".to_owned()),
                (5, "7".to_owned()),
                (5, "\"s\"".to_owned())
            ]
        );
        assert_eq!(split("{}\n{}"), [(1, "{}".to_owned()), (2, "{}".to_owned())]);
        assert_eq!(split("[{\"a\":1},{\"b\":"), [(1, "{\"a\":1}".to_owned()), (1, "bad_json".to_owned())]);
        assert_eq!(split("}}"), [(1, "}".to_owned()), (1, "}".to_owned())]);
        assert_eq!(split(" \n"), []);
    }
}
