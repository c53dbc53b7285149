//! Reprints in a short list of articles.

use std::cmp::Ordering;
use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::article::Article;
use crate::korean::fold::{KeptChar, kept_chars_into};

/// Characters of a shingle: longer than a Korean word with its particle, so that two texts on one subject share few.
const SHINGLE: usize = 8;
/// Shared part of all shingles (Jaccard) from which on a text is a reprint of the other.
const SAME: f32 = 0.5;

/// The articles of a list so far, and which later ones are reprints of them.
///
/// Looser than the groups of `group=similar`: in a short list a rewritten version of the same story is not news either.
pub(super) struct Reprints {
    seen: Vec<Vec<u64>>,
}

impl Reprints {
    /// A list that begins with `first`.
    pub(super) fn of(first: &Article) -> Self {
        Self { seen: vec![shingles(first)] }
    }

    /// Adds an article, unless it is a reprint of one that is there: then that one's number, the first is 0.
    pub(super) fn add(&mut self, next: &Article) -> Option<usize> {
        let shingles = shingles(next);
        let of = self.seen.iter().position(|seen| is_reprint_of(&shingles, seen));
        if of.is_none() {
            self.seen.push(shingles);
        }
        of
    }
}

fn is_reprint_of(a: &[u64], b: &[u64]) -> bool {
    let shared = shared(a, b);
    let all = a.len() + b.len() - shared;
    all > 0 && shared as f32 >= SAME * all as f32
}

/// Hashes of all runs of [`SHINGLE`] letters and digits, sorted, each once; of a shorter text, of the whole.
fn shingles(article: &Article) -> Vec<u64> {
    let mut kept: Vec<KeptChar> = Vec::new();
    kept_chars_into(&article.title, &mut kept);
    kept_chars_into(&article.body, &mut kept);
    let mut hashes: Vec<u64> = kept.windows(SHINGLE.min(kept.len()).max(1)).map(hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn hash(run: &[KeptChar]) -> u64 {
    let mut hasher = FxHasher::default();
    for kept in run {
        hasher.write_u32(u32::from(kept.ch));
    }
    hasher.finish()
}

/// How many numbers are in both; both ascending.
fn shared(a: &[u64], b: &[u64]) -> usize {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let mut shared = 0;
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        match x.cmp(y) {
            Ordering::Less => drop(a.next()),
            Ordering::Greater => drop(b.next()),
            Ordering::Equal => {
                shared += 1;
                a.next();
                b.next();
            }
        }
    }
    shared
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn same(a: (&str, &str), b: (&str, &str)) -> bool {
        let article = |(title, body): (&str, &str)| {
            serde_json::from_value(serde_json::json!({"id": "x", "title": title, "body": body})).unwrap()
        };
        is_reprint_of(&shingles(&article(a)), &shingles(&article(b)))
    }

    #[test]
    fn a_reprint_has_another_lead_and_the_same_story() {
        let story = "시의회가 자전거 도로를 넓히는 예산을 통과시켰다. 공사는 가을에 시작되며 내년 봄까지 이어진다. 주민들은 반겼다.";
        let again = story.replace("반겼다", "환영했다");
        assert!(same(("시의회 예산 통과", story), ("[속보] 시의회, 예산 통과", &again)));
        let other = "시의회가 어린이 도서관을 짓는 예산을 통과시켰다. 설계는 여름에 끝나고 내후년에 문을 연다. 주민들은 기대했다.";
        assert!(!same(("시의회 예산 통과", story), ("시의회 예산 통과", other)));
    }

    #[test]
    fn texts_shorter_than_a_shingle_are_the_same_only_as_a_whole() {
        assert!(same(("속보", ""), ("[속보]", "")) && !same(("속보", ""), ("단독", "")));
        assert!(!same(("…", ""), ("…", "")), "nothing to compare is nothing in common");
    }
}
