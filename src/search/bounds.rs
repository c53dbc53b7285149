//! What an answer shows of an article, however much the article holds: a title of a million letters, a hundred thousand reporters
//! or as many marks would make answers of many megabytes. Whatever is left out is said in the answer; the whole article is
//! always at `/api/articles/{id}`.

use std::borrow::Cow;

use super::types::Hit;
use crate::article::Article;
use crate::query::archive::Placed;

/// Occurrences that are looked at in one article, those that come first.
const MOST_OCCURRENCES: usize = 10_000;
/// Letters of a title, outlet, section or address in a hit.
pub(crate) const LONGEST_LINE: usize = 1_000;
/// Reporters in a hit.
pub(crate) const MOST_REPORTERS: usize = 100;
/// Bytes of a body that tell which articles are related.
const LONGEST_LIKENESS: usize = 256 * 1024;

/// Places in the order of the text, and how many were left out.
pub(super) fn first_occurrences(placed: &[Placed]) -> (Cow<'_, [Placed]>, u64) {
    let Some(more) = placed.len().checked_sub(MOST_OCCURRENCES).filter(|more| *more > 0) else {
        return (placed.into(), 0);
    };
    let mut first = placed.to_vec();
    first.sort_by_key(|place| place.base);
    first.truncate(MOST_OCCURRENCES);
    (first.into(), more as u64)
}

/// The beginning of a line.
fn first_letters(line: &str) -> Option<&str> {
    let (end, _) = line.char_indices().nth(LONGEST_LINE)?;
    line.get(..end)
}

impl Hit {
    /// The hit that an article is, without marks and parts of its score.
    pub(crate) fn of(article: Article, score: Option<f32>) -> Self {
        let mut cut = Vec::new();
        let mut line = |name: &'static str, line: String| match first_letters(&line) {
            Some(first) => {
                cut.push(name);
                format!("{first}…")
            }
            None => line,
        };
        let title = line("title", article.title);
        let outlet = article.outlet.map(|outlet| line("outlet", outlet));
        let section = article.section.map(|section| line("section", section));
        // Half an address leads nowhere.
        let url = article.url.filter(|url| first_letters(url).is_none());
        let mut reporters = article.reporters;
        if reporters.len() > MOST_REPORTERS {
            reporters.truncate(MOST_REPORTERS);
            cut.push("reporters");
        }
        Self {
            id: article.id,
            score,
            title,
            outlet,
            reporters,
            section,
            published_at: article.published_at,
            url,
            similar_count: 0,
            similar_total: 0,
            corrected_at: None,
            cut,
            highlight: None,
            score_parts: None,
        }
    }
}

/// An article as its likeness is judged by: its first pages say what it is about.
pub(super) fn first_pages(article: &Article) -> Cow<'_, Article> {
    if article.body.len() <= LONGEST_LIKENESS {
        return Cow::Borrowed(article);
    }
    let end = article.body.floor_char_boundary(LONGEST_LIKENESS);
    let body = article.body.get(..end).unwrap_or_default().to_owned();
    Cow::Owned(Article { body, ..article.clone() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::query::shape::Extent;

    #[test]
    fn a_hit_shows_the_beginning_and_says_what_is_cut() {
        let line = format!(
            r#"{{"id":"x","title":"{}","body":"본문","outlet":"새벽신문","reporters":[{}],"section":null,"published_at":null,"url":"https://news.example/{}"}}"#,
            "가".repeat(100_000),
            vec!["\"한서리\""; 100_000].join(","),
            "a".repeat(100_000),
        );
        let article: Article = serde_json::from_str(&line).unwrap();
        let hit = Hit::of(article, Some(0.0));
        assert_eq!((hit.title.chars().count(), hit.reporters.len()), (LONGEST_LINE + 1, MOST_REPORTERS));
        assert_eq!((hit.cut, hit.url), (vec!["title", "reporters"], None));
    }

    #[test]
    fn the_first_occurrences_are_kept() {
        let place = |base| Placed { clause: 0, base, extent: Extent::Kept(1) };
        let placed: Vec<Placed> = (0..30_000).rev().map(place).collect();
        let (first, more) = first_occurrences(&placed);
        assert_eq!((first.len(), more), (MOST_OCCURRENCES, 20_000));
        assert!(first.iter().all(|place| place.base < MOST_OCCURRENCES as u32));
        assert_eq!(first_occurrences(&placed[..7]).1, 0);
    }
}
