//! A search: which articles match, which of them are shown, and in which order.

use std::collections::BTreeMap;

use gisa::query::archive::{
    After, ArchiveError, Arrival, Arriving, FacetResponse, Found, Phases, Place, ScoreParts, Selection,
    Wanted,
};
use gisa::query::plan::Plan;
use gisa::query::request::{FacetField, Representative, Sort, Strictness};

use super::matching::{holds, passes};
use super::score::{Relevance, recency, sum};
use super::{NaiveArchive, facet};

/// A hit while hits are put in order.
struct Candidate<'a> {
    number: usize,
    id: &'a str,
    /// What hits are ordered by, larger first; negative infinity for what comes last.
    key: f64,
    parts: ScoreParts,
    similar: u64,
    alike: u64,
}

impl NaiveArchive {
    pub(super) fn selected(&self, plan: &Plan, wanted: &Wanted<'_>) -> Result<Selection, ArchiveError> {
        let mut strictness = Strictness::All;
        let mut matching = Vec::new();
        for attempt in wanted.attempts {
            strictness = *attempt;
            matching = self.matching(plan, strictness, wanted, None)?;
            if strictness == Strictness::Part && wanted.group.is_some() {
                let whole = self.matching(plan, Strictness::All, wanted, None)?;
                let group = |number: &usize| self.group_of[*number];
                matching.retain(|number| whole.iter().all(|shown| group(shown) != group(number)));
            }
            if !matching.is_empty() {
                break;
            }
        }
        let mut facets = Vec::new();
        for field in wanted.facets {
            facets.push(self.facet(plan, strictness, wanted, *field)?);
        }
        let articles = matching.len() as u64;
        let candidates = self.candidates(plan, wanted, matching);
        let total = candidates.len() as u64;
        let (hits, next) = page(candidates, wanted);
        let undated = self.undated(plan, strictness, wanted);
        Ok(Selection { strictness, total, articles, undated, facets, hits, next, phases: Phases::default() })
    }

    /// What came, each article looked at by itself.
    pub(super) fn came(&self, plan: &Plan, arriving: &Arriving<'_>) -> Result<Vec<Arrival>, ArchiveError> {
        let expr = plan.expr(arriving.strictness);
        let mut came = Vec::new();
        for (number, (article, text)) in self.articles.iter().zip(&self.texts).enumerate() {
            arriving.deadline.check()?;
            let sequence = self.sequences[number];
            let new = sequence > arriving.window.after;
            if new
                && self.is_alike(number, arriving.similar_to)
                && passes(arriving.filters, article, text, None)
                && holds(plan, &expr, article, text)
            {
                came.push(Arrival { sequence, place: Place::new(number as u64), replaced: false });
            }
        }
        came.sort_unstable();
        if arriving.window.latest {
            came.reverse();
        }
        came.truncate(arriving.window.size);
        came.sort_unstable();
        Ok(came)
    }

    /// The articles that match at a strictness, the filter on `except` left out.
    pub(super) fn matching(
        &self,
        plan: &Plan,
        strictness: Strictness,
        wanted: &Wanted<'_>,
        except: Option<FacetField>,
    ) -> Result<Vec<usize>, ArchiveError> {
        let expr = plan.expr(strictness);
        let mut matching = Vec::new();
        for (number, (article, text)) in self.articles.iter().zip(&self.texts).enumerate() {
            wanted.deadline.check()?;
            let passes = passes(wanted.filters, article, text, except);
            if self.is_alike(number, wanted.similar_to) && passes && holds(plan, &expr, article, text) {
                matching.push(number);
            }
        }
        Ok(matching)
    }

    /// How many articles only the conditions on time leave out, for want of a date.
    fn undated(&self, plan: &Plan, strictness: Strictness, wanted: &Wanted<'_>) -> u64 {
        let expr = plan.expr(strictness);
        let whenever = expr.whenever();
        if whenever.is_none() && !wanted.filters.has_period() {
            return 0;
        }
        let (expr, filters) = (whenever.unwrap_or(expr), wanted.filters.whenever());
        let all = self.articles.iter().zip(&self.texts).enumerate();
        let undated = all.filter(|(number, (article, text))| {
            article.published_at.is_none()
                && self.is_alike(*number, wanted.similar_to)
                && passes(&filters, article, text, None)
                && holds(plan, &expr, article, text)
        });
        undated.count() as u64
    }

    fn facet(
        &self,
        plan: &Plan,
        strictness: Strictness,
        wanted: &Wanted<'_>,
        field: FacetField,
    ) -> Result<FacetResponse, ArchiveError> {
        let counted = self.matching(plan, strictness, wanted, Some(field))?;
        let counted_as = |number: usize| if wanted.group.is_some() { self.group_of[number] } else { number };
        Ok(facet::count(self, field, &counted, counted_as, wanted.facet_size, wanted.outlet_groups))
    }

    /// What is shown of the articles that match: all, or one of each group.
    fn candidates(&self, plan: &Plan, wanted: &Wanted<'_>, matching: Vec<usize>) -> Vec<Candidate<'_>> {
        let relevance = Relevance::new(self, plan, wanted.ranking);
        let candidate = |number: usize| {
            let article = &self.articles[number];
            let published = article.published_at.map(|at| at.seconds() as f64);
            let mut parts = ScoreParts::default();
            let key = match wanted.sort {
                Sort::Newest => published.unwrap_or(f64::NEG_INFINITY),
                Sort::Oldest => published.map_or(f64::NEG_INFINITY, |seconds| -seconds),
                Sort::Relevance => {
                    parts = relevance.parts(number);
                    parts.recency = recency(wanted.ranking, wanted.now, article);
                    f64::from(sum(&parts) * parts.recency)
                }
            };
            Candidate { number, id: article.id.as_str(), key, parts, similar: 0, alike: 0 }
        };
        let Some(representative) = wanted.group else { return matching.into_iter().map(candidate).collect() };
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for number in matching {
            groups.entry(self.group_of[number]).or_default().push(number);
        }
        let one_of = |mut members: Vec<usize>| {
            // Of equals `max_by` takes the last: that is to be the first published.
            self.sort_by_publication(&mut members);
            members.reverse();
            let time = |number: &usize| self.articles[*number].published_at;
            let score = |number: &usize| sum(&relevance.parts(*number));
            let shown = match representative {
                Representative::First => members.last(),
                Representative::Newest => members.iter().max_by(|a, b| time(a).cmp(&time(b))),
                Representative::Best => members.iter().max_by(|a, b| score(a).total_cmp(&score(b))),
            };
            let shown = *shown.expect("a group has members");
            let group = self.group_of[shown];
            let alike = self.group_of.iter().filter(|of| **of == group).count() as u64 - 1;
            Candidate { similar: members.len() as u64 - 1, alike, ..candidate(shown) }
        };
        groups.into_values().map(one_of).collect()
    }

    /// Articles without a date last, ties by id.
    pub(super) fn sort_by_publication(&self, numbers: &mut [usize]) {
        numbers.sort_by_key(|number| {
            let article = &self.articles[*number];
            (article.published_at.is_none(), article.published_at, article.id.clone())
        });
    }
}

/// The hits of the window, and where the next one begins.
fn page(mut candidates: Vec<Candidate<'_>>, wanted: &Wanted<'_>) -> (Vec<Found>, Option<After>) {
    candidates.sort_by(|a, b| b.key.total_cmp(&a.key).then_with(|| a.id.cmp(b.id)));
    if let Some(after) = wanted.window.after {
        let key = after.key.unwrap_or(f64::NEG_INFINITY);
        candidates.retain(|hit| hit.key < key || hit.key == key && hit.id > after.id.as_str());
    }
    let by_score = wanted.sort == Sort::Relevance;
    let rest = candidates.iter().skip(wanted.window.offset);
    let more = rest.clone().count() > wanted.window.size;
    let shown: Vec<&Candidate<'_>> = rest.take(wanted.window.size).collect();
    let next = shown.last().filter(|_| more).map(|last| After {
        sort: wanted.sort,
        key: last.key.is_finite().then_some(last.key),
        looked_at: false,
        id: last.id.to_owned(),
    });
    let found = |hit: &&Candidate<'_>| Found {
        place: Place::new(hit.number as u64),
        score: if by_score { hit.key as f32 } else { 0.0 },
        similar: hit.similar,
        alike: hit.alike,
        parts: (by_score && wanted.explain).then_some(hit.parts),
    };
    (shown.iter().map(found).collect(), next)
}
