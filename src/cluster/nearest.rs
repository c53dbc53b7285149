//! Articles that share the most weight of terms with another: the cluster proposes those that share the heaviest terms, and what they share is
//! worked out here, from their texts.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::asked::conditions::{all, not};
use super::asked::spans::probe;
use super::document::document_id;
use super::hits::Stretch;
use crate::korean::analysis::{Analysis, analysed_text};
use crate::query::archive::{ArchiveError, Found, Likeness, Place, WeightedTerm};
use crate::query::ranking::{RankingOptions, gain};
use crate::query::request::Sort;
use crate::query::shape::{Lane, Probe};

/// Articles that are proposed for each one that is wanted, and at least.
const PROPOSED: usize = 5;
/// See [`PROPOSED`].
const LEAST_PROPOSED: usize = 100;

impl ClusterArchive {
    /// The articles that share the most weight of terms with another, best first.
    pub(super) fn alike(&self, likeness: &Likeness<'_>) -> Result<Vec<Found>, ArchiveError> {
        let Likeness { terms, to, least, size, ranking, deadline } = *likeness;
        let worth = |lane: Lane, term: &WeightedTerm, share: f32| {
            let probe = probe(&Probe { lane, term: term.term.clone() });
            json!({"constant_score": {"filter": probe, "boost": term.weight * share}})
        };
        let mut should = Vec::new();
        for term in terms.iter().filter(|term| term.weight > 0.0) {
            should.push(worth(Lane::Morph, term, 1.0));
            should.push(worth(Lane::Title, term, ranking.title.max(0.0)));
        }
        let others = all(vec![self.within(Vec::new()), not(json!({"ids": {"values": [document_id(to)]}}))]);
        let query: Value = json!({"bool": {"filter": [others], "should": should, "minimum_should_match": 1}});
        let proposed = (size * PROPOSED).max(LEAST_PROPOSED);
        let stretch = Stretch { sort: Sort::Relevance, skip: 0, size: proposed, after: None };
        let (hits, _) = self.hits(&query, stretch, deadline)?;

        let ids: FxHashMap<Place, &str> = hits.iter().map(|hit| (hit.place, hit.id.as_str())).collect();
        let places: Vec<Place> = std::iter::once(to).chain(hits.iter().map(|hit| hit.place)).collect();
        let mut analyzer = self.held.language.korean().analyzer();
        let mut analysis = Analysis::default();
        let mut shared = Vec::with_capacity(places.len());
        for article in self.articles_at(&places, deadline)? {
            deadline.check()?;
            analyzer.analyze(&analysed_text(&article), &mut analysis);
            shared.push(shares(&analysis, terms, ranking));
        }
        let own = shared.first().copied().unwrap_or_default() * least;
        let scored = places.into_iter().zip(shared).skip(1);
        let mut near: Vec<Found> = scored
            .filter(|(_, score)| *score > 0.0 && *score >= own)
            .map(|(place, score)| Found { place, score, similar: 0, alike: 0, parts: None })
            .collect();
        near.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| ids.get(&a.place).cmp(&ids.get(&b.place)))
        });
        near.truncate(size);
        Ok(near)
    }
}

/// What a text has of weighted terms.
fn shares(analysis: &Analysis, terms: &[WeightedTerm], ranking: &RankingOptions) -> f32 {
    let mut held: FxHashMap<&str, (u32, bool)> = FxHashMap::default();
    for token in &analysis.tokens {
        let (times, in_title) = held.entry(analysis.term(token)).or_default();
        *times += 1;
        *in_title |= token.index < analysis.title_kept;
    }
    let of_term = |WeightedTerm { term, weight }: &WeightedTerm| {
        let (times, in_title) = held.get(term.as_str()).copied().unwrap_or_default();
        let title = if in_title { weight * ranking.title } else { 0.0 };
        gain(*weight, times, ranking.k1, ranking.k1) + title
    };
    terms.iter().map(of_term).sum()
}
