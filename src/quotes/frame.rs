//! The sentences of a body, with quotations left whole: what stands around a quotation in its own sentence, before and after it.

use std::ops::Range;

use super::marks::Quoted;
use super::speech::Speech;

/// The sentences of a body. A quotation that stands alone is a sentence; any other is inside one.
pub(super) struct Frames {
    sentences: Vec<Range<usize>>,
}

impl Frames {
    /// The sentences of `body`, in which `marked` stands between quotation marks; `spoken` is the speech of it.
    pub(super) fn new(body: &str, marked: &[Quoted], spoken: &[(Quoted, Speech)]) -> Self {
        let mut sentences = Vec::new();
        let mut start = 0;
        let mut quotations = marked.iter().peekable();
        let mut alone = spoken.iter().filter(|(_, speech)| *speech == Speech::Alone).peekable();
        let mut before = ' ';
        let mut skip = 0;
        for (at, ch) in body.char_indices() {
            if at < skip {
                continue;
            }
            if let Some(quoted) = quotations.next_if(|quoted| quoted.outer.start == at) {
                skip = quoted.outer.end;
                before = '"';
                if alone.next_if(|(own, _)| own.outer.start == at).is_some() {
                    push(&mut sentences, start..at);
                    sentences.push(quoted.outer.clone());
                    start = skip;
                }
                continue;
            }
            let next = at + ch.len_utf8();
            let after = body.get(next..).and_then(|rest| rest.chars().next());
            let ends = match ch {
                '\n' => true,
                '.' | '?' | '!' => {
                    after.is_none_or(char::is_whitespace) && !before.is_ascii_digit()
                        || matches!(before, '다' | '요' | '까' | '죠') && after != Some('.')
                }
                _ => false,
            };
            if ends {
                push(&mut sentences, start..next);
                start = next;
            }
            before = ch;
        }
        push(&mut sentences, start..body.len());
        sentences.retain(|range| body.get(range.clone()).is_some_and(|text| !text.trim().is_empty()));
        Self { sentences }
    }

    /// The number of the sentence that the byte `at` is in.
    pub(super) fn number(&self, at: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.end <= at)
    }

    /// The bytes of a sentence.
    pub(super) fn sentence(&self, number: usize) -> Option<Range<usize>> {
        self.sentences.get(number).cloned()
    }
}

fn push(sentences: &mut Vec<Range<usize>>, range: Range<usize>) {
    if range.start < range.end {
        sentences.push(range);
    }
}
