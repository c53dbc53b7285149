//! A selection: which articles match, how many, and those of a page.

use std::time::Instant;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::archive::ClusterArchive;
use super::asked::conditions::{all, condition, has, not, of_filters};
use super::asked::spans::nothing;
use super::document::{document_id, place_of};
use super::folding::Folded;
use super::hits::{Hit, Stretch, damaged};
use super::reply::{hits_of, total};
use super::scoring::Scoring;
use super::second_look::Looked;
use crate::query::archive::{
    After, ArchiveError, Arrival, Arriving, Deadline, Found, Phases, Place, ScoreParts, Selection, Wanted,
    Window,
};
use crate::query::plan::{Expr, Plan};
use crate::query::request::{FacetField, Filters, Representative, Sort, Strictness};

/// What matches at one strictness: conditions that hold for every count, and the filters, of which a facet leaves out its own.
pub(super) struct Matching<'f> {
    core: Vec<Value>,
    /// The same whatever date an article has, where the query asks for one.
    whenever: Option<Vec<Value>>,
    filters: &'f Filters,
}

impl Matching<'_> {
    /// The articles that match, whatever the filter on `except` says.
    pub(super) fn query(&self, except: Option<FacetField>) -> Value {
        all(self.core.iter().cloned().chain(of_filters(self.filters, except)).collect())
    }

    /// The articles that would match if they had a date; `None` where no date is asked for.
    fn undated(&self) -> Option<Value> {
        if self.whenever.is_none() && !self.filters.has_period() {
            return None;
        }
        let core = self.whenever.as_ref().unwrap_or(&self.core);
        let whenever = core.iter().cloned().chain(of_filters(&self.filters.whenever(), None));
        Some(all(whenever.chain([not(has("published"))]).collect()))
    }
}

/// A page, and where the next one begins.
struct Page {
    hits: Vec<(Hit, f64, Option<ScoreParts>)>,
    next: Option<After>,
}

impl ClusterArchive {
    pub(super) fn selected(&self, plan: &Plan, wanted: &Wanted<'_>) -> Result<Selection, ArchiveError> {
        let mut mark = Instant::now();
        let mut phases = Phases::default();
        let (strictness, matching, articles) = self.first_that_finds(plan, wanted)?;
        phases.end("match", &mut mark);
        let facets = self.facets(&matching, wanted)?;
        phases.end("facet", &mut mark);
        let undated = match matching.undated() {
            Some(query) => self.counts(vec![query], wanted.deadline)?.into_iter().sum(),
            None => 0,
        };
        let mut selection = Selection {
            strictness,
            total: articles,
            articles,
            undated,
            facets,
            hits: Vec::new(),
            next: None,
            phases: Phases::default(),
        };
        let wants_hits = wanted.window.size > 0 && articles > 0;
        let needs_scores =
            wants_hits && (wanted.sort == Sort::Relevance || wanted.group == Some(Representative::Best));
        let scoring =
            needs_scores.then(|| self.scoring(plan, wanted.ranking, wanted.deadline)).transpose()?;
        let folded = match wanted.group {
            Some(representative) => {
                let shown = wants_hits.then_some((representative, scoring.as_ref()));
                self.folded(&matching.query(None), shown, wanted.deadline)?
            }
            None => Folded::default(),
        };
        selection.total -= folded.hidden;
        phases.end("fold", &mut mark);
        if wants_hits {
            let query = all([matching.query(None)].into_iter().chain(folded.condition()).collect());
            let page = match (wanted.sort, &scoring) {
                (Sort::Relevance, Some(scoring)) => self.by_score(plan, wanted, &query, scoring)?,
                _ => self.by_time(wanted, &query)?,
            };
            let alike = match wanted.group {
                Some(_) => self.sizes(page.hits.iter().map(|(hit, ..)| hit), wanted.deadline)?,
                None => FxHashMap::default(),
            };
            self.note_versions(page.hits.iter().map(|(hit, ..)| hit));
            let found = |(hit, score, parts): (Hit, f64, Option<ScoreParts>)| Found {
                place: hit.place,
                score: score as f32,
                similar: folded.similar(hit.place),
                alike: hit.group.and_then(|group| alike.get(&group).copied()).unwrap_or_default(),
                parts,
            };
            selection.hits = page.hits.into_iter().map(found).collect();
            selection.next = page.next;
        }
        phases.end("rank", &mut mark);
        selection.phases = phases;
        Ok(selection)
    }

    /// What matches at the first of the wanted attempts that finds any article, or else at the last; and how many.
    pub(super) fn first_that_finds<'w>(
        &self,
        plan: &Plan,
        wanted: &Wanted<'w>,
    ) -> Result<(Strictness, Matching<'w>, u64), ArchiveError> {
        let mut found =
            (Strictness::All, Matching { core: vec![nothing()], whenever: None, filters: wanted.filters }, 0);
        for strictness in wanted.attempts {
            let mut matching =
                self.matching(plan, *strictness, wanted.filters, wanted.similar_to, wanted.deadline)?;
            if *strictness == Strictness::Part && wanted.group.is_some() {
                // What is folded into a hit is not shown once more as something that comes near it.
                let whole =
                    self.matching(plan, Strictness::All, wanted.filters, wanted.similar_to, wanted.deadline)?;
                let groups = self.groups(&whole.query(None), wanted.deadline)?;
                matching.core.push(not(json!({"terms": {"group": groups}})));
            }
            let articles = self.counts(vec![matching.query(None)], wanted.deadline)?.into_iter().sum();
            found = (*strictness, matching, articles);
            if articles > 0 {
                break;
            }
        }
        Ok(found)
    }

    /// What matches at a strictness.
    pub(super) fn matching<'f>(
        &self,
        plan: &Plan,
        strictness: Strictness,
        filters: &'f Filters,
        similar_to: Option<Place>,
        deadline: Deadline,
    ) -> Result<Matching<'f>, ArchiveError> {
        let expr = plan.expr(strictness);
        let nears = self.nears(plan, &expr, deadline)?;
        let near = |wanted: &crate::query::near::Near| {
            let known = nears.iter().find(|(near, _)| near == wanted);
            known.map_or_else(nothing, |(_, query)| query.clone())
        };
        let group = similar_to.map(|to| self.group_of(to, deadline)).transpose()?;
        let core_of = |expr: &Expr| {
            let matching = self.within(vec![condition(plan, expr, &near)]);
            [matching].into_iter().chain(group.clone()).collect()
        };
        Ok(Matching { core: core_of(&expr), whenever: expr.whenever().as_ref().map(core_of), filters })
    }

    /// What `expr` asks for, which has nothing of words near each other.
    pub(super) fn condition_of(&self, plan: &Plan, expr: &Expr) -> Value {
        condition(plan, expr, &|_| nothing())
    }

    /// What meets `condition`, and all else that is wanted of articles.
    pub(super) fn matching_of(&self, condition: Value, wanted: &Wanted<'_>) -> Result<Value, ArchiveError> {
        let mut core = vec![self.within(vec![condition])];
        if let Some(to) = wanted.similar_to {
            core.push(self.group_of(to, wanted.deadline)?);
        }
        Ok(Matching { core, whenever: None, filters: wanted.filters }.query(None))
    }

    /// The article at `place` and those of its group.
    fn group_of(&self, place: Place, deadline: Deadline) -> Result<Value, ArchiveError> {
        self.check_groups()?;
        let mut members = json!({"ids": {"values": [document_id(place)]}});
        self.each_source(&[place], &["group"], deadline, |_, source| {
            if let Some(group) = source.get("group").and_then(Value::as_str) {
                members = json!({"term": {"group": group}});
            }
            Ok(())
        })?;
        Ok(members)
    }

    /// Orders by publication, articles without a date last.
    fn by_time(&self, wanted: &Wanted<'_>, query: &Value) -> Result<Page, ArchiveError> {
        let Window { offset, size, after } = wanted.window;
        let from = after.map(|after| (after.key.unwrap_or(f64::NEG_INFINITY), after.id.as_str()));
        let stretch = Stretch { sort: wanted.sort, skip: offset, size: size + 1, after: from };
        let (mut hits, _) = self.hits(query, stretch, wanted.deadline)?;
        let more = hits.len() > size;
        hits.truncate(size);
        let next = hits.last().filter(|_| more).map(|last| After {
            sort: wanted.sort,
            key: last.key.is_finite().then_some(last.key),
            looked_at: false,
            id: last.id.clone(),
        });
        Ok(Page { hits: hits.into_iter().map(|hit| (hit, 0.0, None)).collect(), next })
    }

    /// Orders by relevance: the best after a second look at where the words stand, the others by the cluster's score.
    fn by_score(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        query: &Value,
        scoring: &Scoring,
    ) -> Result<Page, ArchiveError> {
        let Window { offset, size, after } = wanted.window;
        let query = scoring.query(query.clone(), Some(wanted.now));
        let stretch = |skip, size, after| Stretch { sort: Sort::Relevance, skip, size, after };
        if let Some(after) = after.filter(|after| !after.looked_at) {
            // The second look never reached this far.
            let from = (after.key.unwrap_or(f64::NEG_INFINITY), after.id.as_str());
            let (hits, _) = self.hits(&query, stretch(0, size + 1, Some(from)), wanted.deadline)?;
            return Ok(cut(hits.into_iter().map(Looked::from).collect(), 0, 0, wanted));
        }
        let depth = self.depth(wanted.ranking);
        let (hits, _) = self.hits(&query, stretch(0, depth.max(offset) + size + 1, None), wanted.deadline)?;
        let looked_at = hits.len().min(depth);
        let mut all: Vec<Looked> = hits.into_iter().map(Looked::from).collect();
        if let Some(best) = all.get_mut(..looked_at) {
            self.look_again(plan, wanted, scoring, best)?;
        }
        let passed = |looked: &&Looked| {
            after.is_some_and(|after| {
                let key = after.key.unwrap_or(f64::NEG_INFINITY);
                looked.total > key || looked.total == key && looked.hit.id <= after.id
            })
        };
        let offset = match after {
            None => offset,
            Some(_) => all.iter().take(looked_at).take_while(passed).count(),
        };
        Ok(cut(all, looked_at, offset, wanted))
    }

    /// The articles that came and match, in the order in which they came.
    pub(super) fn came(&self, plan: &Plan, arriving: &Arriving<'_>) -> Result<Vec<Arrival>, ArchiveError> {
        let Arriving { strictness, filters, similar_to, window, deadline } = *arriving;
        let matching = self.matching(plan, strictness, filters, similar_to, deadline)?;
        let after = json!({"range": {"sequence": {"gt": window.after}}});
        let order = if window.latest { "desc" } else { "asc" };
        let query = all(vec![matching.query(None), after]);
        let mut came = Vec::new();
        let mut from: Option<Value> = None;
        while came.len() < window.size {
            let size = (window.size - came.len()).min(5_000);
            let mut body = Map::new();
            let mut add = |name: &str, value: Value| body.insert(name.to_owned(), value);
            add("query", query.clone());
            add("track_total_hits", json!(true));
            add("sort", json!([{"sequence": order}, {"id": "asc"}]));
            add("stored_fields", json!("_none_"));
            add("docvalue_fields", json!(["replaced"]));
            add("size", json!(size));
            if let Some(from) = from.take() {
                add("search_after", from);
            }
            let body = Value::Object(body);
            let answer = self.search(&body, deadline)?;
            total(&answer)?;
            let hits = hits_of(&answer);
            for hit in hits {
                came.push(arrival(hit).ok_or_else(damaged)?);
            }
            match hits.last().and_then(|hit| hit.get("sort")) {
                Some(last) if hits.len() == size => from = Some(last.clone()),
                _ => break,
            }
        }
        came.sort_unstable();
        Ok(came)
    }
}

fn arrival(hit: &Value) -> Option<Arrival> {
    let place = place_of(hit.pointer("/sort/1")?.as_str()?);
    let replaced = hit.pointer("/fields/replaced/0").and_then(Value::as_bool).unwrap_or_default();
    Some(Arrival { sequence: hit.pointer("/sort/0")?.as_u64()?, place, replaced })
}

/// Cuts a page out of hits in order, of which the first had the second look.
fn cut(all: Vec<Looked>, looked_at: usize, offset: usize, wanted: &Wanted<'_>) -> Page {
    let size = wanted.window.size;
    let more = all.len() > offset + size;
    let mut page = Page { hits: Vec::with_capacity(size), next: None };
    for (rank, looked) in all.into_iter().enumerate().skip(offset).take(size) {
        if more && rank + 1 == offset + size {
            page.next = Some(After {
                sort: Sort::Relevance,
                key: Some(looked.total),
                looked_at: rank < looked_at,
                id: looked.hit.id.clone(),
            });
        }
        page.hits.push((looked.hit, looked.total, None));
    }
    page
}
