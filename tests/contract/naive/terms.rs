//! What the articles of a search name more often than all do.

use std::collections::BTreeMap;

use gisa::entities::EntityKind;
use gisa::query::archive::{ArchiveError, Term, TermPair, Terms, TermsWanted, Wanted};
use gisa::query::plan::Plan;
use gisa::query::request::Strictness;
use gisa::query::significance::{Counts, LEAST_SIGNIFICANCE, least_count};

use super::NaiveArchive;

impl NaiveArchive {
    pub(super) fn related(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        of: &TermsWanted<'_>,
    ) -> Result<Terms, ArchiveError> {
        let mut matching = Vec::new();
        let mut strictness = Strictness::All;
        for attempt in wanted.attempts {
            strictness = *attempt;
            matching = self.matching(plan, *attempt, wanted, None)?;
            assert!(*attempt != Strictness::Part, "terms of what comes near are not asked for");
            if !matching.is_empty() {
                break;
            }
        }
        if wanted.group.is_some() {
            self.sort_by_publication(&mut matching);
            let mut groups = Vec::new();
            matching.retain(|number| {
                let new = !groups.contains(&self.group_of[*number]);
                groups.push(self.group_of[*number]);
                new
            });
        }
        let total = matching.len() as u64;
        // The newest first, those without a date last, ties by id.
        matching.sort_by(|a, b| {
            let (a, b) = (&self.articles[*a], &self.articles[*b]);
            b.published_at.cmp(&a.published_at).then_with(|| a.id.cmp(&b.id))
        });
        matching.truncate(of.most);

        let all: Vec<usize> = (0..self.articles.len()).collect();
        let (here, everywhere) = (self.named(&matching, of.kinds), self.named(&all, of.kinds));
        let (part, archive) = (matching.len() as u64, all.len() as u64);
        let told = here.into_iter().filter(|(_, count)| *count >= least_count(part));
        let told = told.map(|((kind, name), count)| {
            let everywhere = everywhere[&(kind, name.clone())];
            Term { kind, score: Counts { count, part, everywhere, archive }.significance(), name, count }
        });
        let told =
            told.filter(|term| term.score >= LEAST_SIGNIFICANCE && !(of.leave_out)(term.kind, &term.name));
        let mut terms: Vec<Term> = told.collect();
        terms.sort_by(Term::compare);
        terms.truncate(of.size);

        let holds =
            |number: usize, term: &Term| self.texts[number].names(term.kind).any(|name| name == term.name);
        let mut pairs = Vec::new();
        for (first, one) in terms.iter().enumerate().filter(|_| of.pairs) {
            for (second, other) in terms.iter().enumerate().skip(first + 1) {
                let both = matching.iter().filter(|number| holds(**number, one) && holds(**number, other));
                let count = both.count() as u64;
                pairs.extend((count > 0).then_some(TermPair { first, second, count }));
            }
        }
        Ok(Terms { strictness, total, examined: part, terms, pairs })
    }

    /// How many of some articles name each.
    fn named(&self, numbers: &[usize], kinds: &[EntityKind]) -> BTreeMap<(EntityKind, String), u64> {
        let mut counts = BTreeMap::new();
        for number in numbers {
            for kind in kinds {
                for name in self.texts[*number].names(*kind) {
                    *counts.entry((*kind, name.to_owned())).or_default() += 1;
                }
            }
        }
        counts
    }
}
