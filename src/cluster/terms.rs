//! What the articles of a search name more often than all do: the newest of them are read and counted here, all others by the cluster.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::asked::conditions::all;
use super::document::column_of;
use super::hits::Stretch;
use crate::entities::EntityKind;
use crate::query::archive::{ArchiveError, Place, Term, TermPair, Terms, TermsWanted, Wanted};
use crate::query::plan::Plan;
use crate::query::request::{Representative, Sort};
use crate::query::significance::{Counts, LEAST_SIGNIFICANCE, least_count};

/// The names of one article, each once.
type Names = Vec<(EntityKind, String)>;

impl ClusterArchive {
    /// The terms that stand out.
    pub(super) fn telling(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        of: &TermsWanted<'_>,
    ) -> Result<Terms, ArchiveError> {
        let deadline = wanted.deadline;
        let (strictness, matching, articles) = self.first_that_finds(plan, wanted)?;
        let mut query = matching.query(None);
        let mut total = articles;
        if wanted.group.is_some() {
            let folded = self.folded(&query, Some((Representative::First, None)), deadline)?;
            total -= folded.hidden;
            query = all([query].into_iter().chain(folded.condition()).collect());
        }
        let stretch = Stretch { sort: Sort::Newest, skip: 0, size: of.most, after: None };
        let (hits, _) = self.hits(&query, stretch, deadline)?;
        let places: Vec<Place> = hits.into_iter().map(|hit| hit.place).collect();
        let named = self.names(&places, of.kinds, wanted)?;
        let mut here: BTreeMap<&(EntityKind, String), u64> = BTreeMap::new();
        for name in named.iter().flatten() {
            *here.entry(name).or_default() += 1;
        }
        let part = places.len() as u64;
        let candidates: Vec<(&(EntityKind, String), u64)> =
            here.into_iter().filter(|(_, count)| *count >= least_count(part)).collect();
        let queries = candidates
            .iter()
            .map(|((kind, name), _)| self.within(vec![json!({"term": {column_of(*kind): name}})]));
        let everywhere = self.counts(queries.collect(), deadline)?;
        let mut terms: Vec<Term> = Vec::new();
        for (((kind, name), count), everywhere) in candidates.into_iter().zip(everywhere) {
            let score = Counts { count, part, everywhere, archive: self.articles() }.significance();
            if score >= LEAST_SIGNIFICANCE && !(of.leave_out)(*kind, name) {
                terms.push(Term { kind: *kind, name: name.clone(), count, score });
            }
        }
        terms.sort_by(Term::compare);
        terms.truncate(of.size);
        let pairs = if of.pairs { pairs(&terms, &named) } else { Vec::new() };
        Ok(Terms { strictness, total, examined: part, terms, pairs })
    }

    fn names(
        &self,
        places: &[Place],
        kinds: &[EntityKind],
        wanted: &Wanted<'_>,
    ) -> Result<Vec<Names>, ArchiveError> {
        let columns: Vec<&str> = kinds.iter().copied().map(column_of).collect();
        let mut named = Vec::with_capacity(places.len());
        self.each_source(places, &columns, wanted.deadline, |_, source| {
            named.push(names_of(source, kinds));
            Ok(())
        })?;
        Ok(named)
    }
}

fn names_of(source: &Value, kinds: &[EntityKind]) -> Names {
    let mut names = Names::new();
    for kind in kinds {
        let column = source.get(column_of(*kind)).and_then(Value::as_array).into_iter().flatten();
        names.extend(column.filter_map(Value::as_str).map(|name| (*kind, name.to_owned())));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// How many of the articles hold each two of `terms`.
fn pairs(terms: &[Term], named: &[Names]) -> Vec<TermPair> {
    let numbers: FxHashMap<(EntityKind, &str), usize> =
        terms.iter().enumerate().map(|(number, term)| ((term.kind, term.name.as_str()), number)).collect();
    let mut together: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for names in named {
        let mut here: Vec<usize> =
            names.iter().filter_map(|(kind, name)| numbers.get(&(*kind, name.as_str())).copied()).collect();
        here.sort_unstable();
        for (at, first) in here.iter().enumerate() {
            for second in here.iter().skip(at + 1) {
                *together.entry((*first, *second)).or_default() += 1;
            }
        }
    }
    together.into_iter().map(|((first, second), count)| TermPair { first, second, count }).collect()
}
