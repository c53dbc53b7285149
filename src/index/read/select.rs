//! A selection over the segments of a generation: match, count, group, order.

use std::borrow::Cow;
use std::time::Instant;

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use tantivy::DocAddress;

use super::articles::Articles;
use super::error::ReadError;
use super::facet::FacetCounter;
use super::filter::{Filtered, split, undated_docs};
use super::group;
use super::matching::{Evaluated, Matches, evaluate};
use super::members::SimilarGroups;
use super::named_facet::NamedFacet;
use super::names::LazyNames;
use super::order::{self, Ordered, Ordering};
use super::place;
use super::score::Scorer;
use crate::entities::EntityKind;
use crate::query::archive::{FacetResponse, Found, Phases, Selection, Wanted};
use crate::query::plan::Plan;
use crate::query::request::{FacetField, Representative, Sort, Strictness};

/// What a selection works on.
pub(in crate::index) struct Selector<'a> {
    pub(in crate::index) articles: Articles<'a>,
    pub(in crate::index) similar: &'a SimilarGroups,
    pub(in crate::index) names: &'a LazyNames,
    pub(in crate::index) plan: &'a Plan,
    pub(in crate::index) wanted: &'a Wanted<'a>,
}

impl Selector<'_> {
    /// What is wanted of the articles that the plan finds.
    pub(in crate::index) fn select(&self) -> Result<Selection, ReadError> {
        let mut mark = Instant::now();
        let mut phases = Phases::default();
        let mut matches = self.matches()?;
        let undated = matches.undated + self.undated_in_query(matches.strictness)?;
        phases.end("match", &mut mark);
        let facets = self.facets(&matches)?;
        phases.end("facet", &mut mark);
        let strictness = matches.strictness;
        if self.wanted.window.size == 0 {
            let represented =
                self.wanted.group.map_or(0, |_| group::represented(self.similar, &matches.docs));
            let articles = matches.count();
            let total = articles - represented;
            return Ok(Selection {
                strictness,
                total,
                articles,
                undated,
                facets,
                hits: Vec::new(),
                next: None,
                phases,
            });
        }

        let Wanted { ranking, now, deadline, sort, window, explain, .. } = *self.wanted;
        let scorer = Scorer::new(self.plan, ranking, self.articles, now, deadline)?;
        let articles = matches.count();
        let represented = match self.wanted.group {
            Some(representative) => self.represent(representative, &scorer, &mut matches)?,
            None => FxHashMap::default(),
        };
        let total = matches.count();
        phases.end("fold", &mut mark);
        let (plan, segments) = (self.plan, self.articles.segments);
        let ordering = Ordering { plan, scorer: &scorer, segments, matches: &matches, deadline };
        let Ordered { page, next } = ordering.page(sort, &window, explain)?;
        let by_score = sort == Sort::Relevance;
        let hits = page.into_iter().map(|(hit, parts)| Found {
            place: place::of(hit.at),
            score: if by_score { hit.key as f32 } else { 0.0 },
            similar: represented.get(&hit.at).copied().unwrap_or_default(),
            alike: self.wanted.group.map_or(0, |_| group::others(self.similar, hit.at)),
            parts: (explain && by_score).then_some(parts),
        });
        let hits = hits.collect();
        phases.end("rank", &mut mark);
        Ok(Selection { strictness, total, articles, undated, facets, hits, next, phases })
    }

    /// How many more articles the plan would find if it named no period, because they have no date.
    fn undated_in_query(&self, strictness: Strictness) -> Result<u64, ReadError> {
        let Some(whenever) = self.plan.expr(strictness).whenever() else { return Ok(0) };
        let Wanted { filters, deadline, .. } = *self.wanted;
        let alike = self.alike();
        let mut count = 0;
        for (index, segment) in self.articles.segments.iter().enumerate() {
            let mut within = self.articles.of_segment(index, segment);
            if let Some(alike) = alike.as_ref().and_then(|sets| sets.get(index)) {
                within.intersect_with(alike);
            }
            let undated = undated_docs(segment, filters, &within, deadline)?;
            if !undated.is_clear() {
                count +=
                    evaluate(self.plan, &whenever, segment, &undated, deadline)?.docs.count_ones(..) as u64;
            }
        }
        Ok(count)
    }

    /// The articles near-identical to the one that is wanted, by segment; `None` where none is.
    pub(super) fn alike(&self) -> Option<Vec<FixedBitSet>> {
        let to = self.wanted.similar_to?;
        Some(group::alike(self.similar, self.articles.segments, place::at(to)))
    }

    /// The matches at the first of the attempts that has any.
    pub(super) fn matches(&self) -> Result<Matches, ReadError> {
        let Wanted { filters, deadline, .. } = *self.wanted;
        let mut matches = Matches {
            docs: Vec::with_capacity(self.articles.segments.len()),
            own_field: Vec::with_capacity(self.articles.segments.len()),
            found: Vec::with_capacity(self.articles.segments.len()),
            strictness: Strictness::All,
            undated: 0,
        };
        let alike = self.alike();
        for strictness in self.wanted.attempts {
            matches.strictness = *strictness;
            matches.docs.clear();
            matches.own_field.clear();
            matches.found.clear();
            matches.undated = 0;
            let expr = self.plan.expr(*strictness);
            for (index, segment) in self.articles.segments.iter().enumerate() {
                let within = self.articles.of_segment(index, segment);
                let Evaluated { mut docs, found } = evaluate(self.plan, &expr, segment, &within, deadline)?;
                if let Some(alike) = alike.as_ref().and_then(|sets| sets.get(index)) {
                    docs.intersect_with(alike);
                }
                let Filtered { hits, undated, own_field } = split(segment, docs, filters, deadline)?;
                matches.docs.push(hits);
                matches.undated += undated;
                matches.own_field.push(own_field);
                matches.found.push(found);
            }
            if *strictness == Strictness::Part && self.wanted.group.is_some() {
                // What is folded into a hit is not shown once more as something that comes near it.
                let strict = [Strictness::All];
                let wanted = Wanted { attempts: &strict, group: None, ..*self.wanted };
                let whole = Selector { wanted: &wanted, ..*self }.matches()?;
                group::hide_groups_of(self.similar, &whole.docs, &mut matches.docs);
            }
            if matches.count() > 0 {
                break;
            }
        }
        Ok(matches)
    }

    fn facets(&self, matches: &Matches) -> Result<Vec<FacetResponse>, ReadError> {
        let facets = self.wanted.facets.iter();
        facets.map(|field| self.facet(*field, matches)).collect()
    }

    fn facet(&self, field: FacetField, matches: &Matches) -> Result<FacetResponse, ReadError> {
        self.wanted.deadline.check()?;
        if let Some(kind) = field.entity_kind() {
            return self.named_facet(field, kind, matches);
        }
        let mut counter = FacetCounter::new(field, self.wanted.outlet_groups, self.wanted.deadline);
        for (index, (segment, docs)) in self.articles.segments.iter().zip(counted(field, matches)).enumerate()
        {
            match self.wanted.group {
                Some(_) => counter.add_grouped(index, segment, &docs, self.similar)?,
                None => counter.add(segment, &docs)?,
            }
        }
        Ok(counter.finish(self.wanted.facet_size))
    }

    fn named_facet(
        &self,
        field: FacetField,
        kind: EntityKind,
        matches: &Matches,
    ) -> Result<FacetResponse, ReadError> {
        let segments = self.articles.segments;
        let names = self.names.get(segments)?;
        let similar = self.wanted.group.map(|_| self.similar);
        let facet =
            NamedFacet { field, kind, names: &names, segments, similar, deadline: self.wanted.deadline };
        let docs: Vec<FixedBitSet> = counted(field, matches).map(Cow::into_owned).collect();
        facet.count(&docs, self.wanted.facet_size)
    }

    /// Leaves one match of each group. How many others each represents, where there are any.
    fn represent(
        &self,
        representative: Representative,
        scorer: &Scorer<'_>,
        matches: &mut Matches,
    ) -> Result<FxHashMap<DocAddress, u64>, ReadError> {
        let scores = match representative {
            Representative::Best => {
                order::scores(scorer, self.articles.segments, matches, self.wanted.deadline)?
            }
            Representative::First | Representative::Newest => Vec::new(),
        };
        let docs: &mut [FixedBitSet] = &mut matches.docs;
        Ok(group::represent(self.similar, self.articles.segments, docs, representative, &scores))
    }
}

/// What counts in a facet, by segment: the matches, and what only the field's own filter leaves out.
fn counted(field: FacetField, matches: &Matches) -> impl Iterator<Item = Cow<'_, FixedBitSet>> {
    matches.docs.iter().zip(&matches.own_field).map(move |(hits, own_field)| {
        match own_field.iter().find(|(own, _)| *own == field) {
            Some((_, more)) => Cow::Owned(hits | more),
            None => Cow::Borrowed(hits),
        }
    })
}
