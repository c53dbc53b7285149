//! Quotations: each looked at by itself, with every clause looked for in the whole article.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gisa::korean::collation;
use gisa::korean::fold::kept_chars;
use gisa::query::archive::{ArchiveError, FacetValue, FoundQuote, Place, Quotations, QuotesWanted, Wanted};
use gisa::query::near::{Near, Span, WordNumbers};
use gisa::query::plan::{Expr, Plan};
use gisa::quotes::{QuotePlace, SpeakerPlace};

use super::NaiveArchive;
use super::matching::passes;

impl NaiveArchive {
    pub(super) fn quoted(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        of: &QuotesWanted<'_>,
    ) -> Result<Quotations, ArchiveError> {
        let mut found = Vec::new();
        for strictness in wanted.attempts {
            let expr = plan.expr(*strictness);
            found = self.quotes_that_hold(plan, &expr, wanted);
            if !found.is_empty() {
                break;
            }
        }
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for quote in &found {
            *counts.entry(quote.speaker.as_deref().unwrap_or_default()).or_default() += 1;
        }
        let unnamed = counts.remove("").unwrap_or_default();
        let counted = counts.into_iter().map(|(value, count)| FacetValue { value: value.to_owned(), count });
        let mut speakers: Vec<FacetValue> = counted.collect();
        speakers.sort_by(|a, b| collation::compare(&a.value, &b.value));
        speakers.sort_by_key(|speaker| Reverse(speaker.count));
        let left_out = speakers.split_off(of.most_speakers.min(speakers.len()));
        let other = left_out.iter().map(|speaker| speaker.count).sum();

        found.retain(|quote| {
            of.speakers.is_empty()
                || quote.speaker.as_ref().is_some_and(|speaker| of.speakers.contains(speaker))
        });
        let mut in_articles: Vec<Place> = found.iter().map(|quote| quote.article).collect();
        in_articles.dedup();
        let (total, articles) = (found.len() as u64, in_articles.len() as u64);
        found.sort_by_key(|quote| {
            let article = &self.articles[quote.article.value() as usize];
            (Reverse(article.published_at), article.id.clone())
        });
        let quotes = found.into_iter().skip(wanted.window.offset).take(wanted.window.size).collect();
        Ok(Quotations { total, articles, quotes, speakers, other, unnamed })
    }

    fn quotes_that_hold(&self, plan: &Plan, expr: &Expr, wanted: &Wanted<'_>) -> Vec<FoundQuote> {
        let mut found = Vec::new();
        for (number, (article, text)) in self.articles.iter().zip(&self.texts).enumerate() {
            if !self.is_alike(number, wanted.similar_to) || !passes(wanted.filters, article, text, None) {
                continue;
            }
            let kept = kept_chars(&article.body);
            let words = WordNumbers::of_article(&article.title, &article.body);
            for quote in text.quotes(article) {
                let place = QuotePlace::of(&quote.text, &article.body, &kept);
                let spans = |clause: &usize| -> Vec<Span> {
                    let spans = text.spans(&plan.clauses[*clause]);
                    spans.filter(|span| text.body_holds(place, span)).collect()
                };
                let near = |near: &Near| {
                    let part = |clauses: &[usize]| clauses.iter().flat_map(spans).collect::<Vec<_>>();
                    near.holds(&part(&near.first), &part(&near.second), &words)
                };
                let found_clauses: Vec<bool> =
                    (0..plan.clauses.len()).map(|clause| !spans(&clause).is_empty()).collect();
                let settled = expr.settled(&mut |filters| passes(filters, article, text, None));
                if settled.holds(&found_clauses, &near) {
                    let speaker_place =
                        quote.speaker_text.and_then(|words| SpeakerPlace::of(&words, place, &kept));
                    let article = Place::new(number as u64);
                    found.push(FoundQuote { article, place, speaker: quote.speaker, speaker_place });
                }
            }
        }
        found
    }
}
