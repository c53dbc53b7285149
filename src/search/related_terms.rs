//! Related terms: what the articles of a search name more often than all articles do, and who stands in them together.

use serde::Serialize;
use utoipa::ToSchema;

use super::context::SearchContext;
use super::error::SearchError;
use super::reading;
use super::session::Session;
use super::types::SearchRequest;
use crate::entities::EntityKind;
use crate::korean::fold::fold;
use crate::query::archive::{Terms, TermsWanted};
use crate::query::language::{Filter, Node};

/// Terms of an answer at most.
pub const MOST_TERMS: usize = 200;
/// Articles that are looked at, at most: the newest of those that match.
pub const MOST_EXAMINED: usize = 20_000;

/// Which terms are asked for.
#[derive(Debug, Clone)]
pub struct TermsRequest {
    /// Their kinds.
    pub kinds: Vec<EntityKind>,
    /// How many at most.
    pub size: usize,
    /// Whether to count how often each two of them stand in one article.
    pub pairs: bool,
}

/// What the articles of a search name more often than all articles.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RelatedTermsResponse {
    /// Articles that match, as `/api/search` says; hits, where near-identical articles fold.
    pub total: u64,
    /// Those that were looked at: all up to 20,000, of more the newest 20,000.
    pub examined: u64,
    /// `true` where a part of the cluster does not answer, so that articles are missing in everything here; left out where none are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<bool>,
    /// Whether fewer words had to match than asked, because nothing held them all.
    pub relaxed: bool,
    /// The terms, most telling first. None where all articles match: out of the whole nothing stands.
    pub terms: Vec<RelatedTerm>,
    /// Each two of the terms that stand in one article, with `pairs=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairs: Option<Vec<RelatedPair>>,
}

/// A term that the articles of a search name more often than all articles.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RelatedTerm {
    /// The term, as the facet of its kind writes it.
    pub term: String,
    /// What it is.
    pub kind: EntityKind,
    /// Articles that hold it, exactly, of those that were looked at.
    pub count: u64,
    /// How sure it is that these articles name it more often than the whole archive: the log-likelihood ratio G². Chance alone gives
    /// 3.84 to one term in twenty, which is the least that is told, and 10.8 to one in a thousand.
    pub score: f64,
}

/// Two terms that stand in one article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RelatedPair {
    /// The place of the one in `terms`, from 0.
    pub first: usize,
    /// The place of the other, a later one.
    pub second: usize,
    /// Articles that hold both, exactly, of those that were looked at.
    pub count: u64,
}

/// The terms that stand out of the articles that `request` finds.
///
/// # Errors
/// A query over the limits, an article that does not exist, the deadline, or a failing archive.
pub fn related_terms(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    wanted: &TermsRequest,
) -> Result<RelatedTermsResponse, SearchError> {
    let session = Session::reading(context, request, reading::read)?;
    let own = OwnWords::of(&session);
    let leave_out = |_, name: &str| own.hold(name);
    let (Terms { total, examined, terms, pairs, .. }, relaxed) = session.terms(&TermsWanted {
        kinds: &wanted.kinds,
        size: wanted.size,
        most: MOST_EXAMINED,
        leave_out: &leave_out,
        pairs: wanted.pairs,
    })?;
    let terms = terms.into_iter().map(|term| RelatedTerm {
        term: term.name,
        kind: term.kind,
        count: term.count,
        score: (term.score * 100.0).round() / 100.0,
    });
    let pairs = pairs.into_iter().map(|pair| RelatedPair {
        first: pair.first,
        second: pair.second,
        count: pair.count,
    });
    Ok(RelatedTermsResponse {
        total,
        examined,
        partial: context.partial(),
        relaxed,
        terms: terms.collect(),
        pairs: wanted.pairs.then(|| pairs.collect()),
    })
}

/// The words that a search asks for, folded: what holds them all names them, which says nothing.
struct OwnWords {
    /// The words as typed, one after the other: `국민 연금` is 국민연금 too.
    typed: String,
    /// What is looked for beside them.
    variants: Vec<String>,
    /// Names that the filters ask for.
    named: Vec<String>,
}

impl OwnWords {
    fn of(session: &Session<'_>) -> Self {
        let wanted = session.plan.wanted.iter().filter_map(|number| session.plan.clauses.get(*number));
        let (mut typed, mut variants) = (String::new(), Vec::new());
        for clause in wanted {
            typed.push_str(&fold(&clause.text));
            variants.extend(clause.alternatives.iter().map(|alternative| fold(&alternative.text)));
        }
        let filters = &session.request.filters;
        let given = EntityKind::ALL.into_iter().flat_map(|kind| filters.entities(kind));
        let mut named: Vec<String> = given.map(|name| fold(name)).collect();
        named.extend(session.query.leaves().filter_map(|(_, node)| match node {
            Node::Filter(Filter::Named(_, name)) => Some(fold(name)),
            _ => None,
        }));
        Self { typed, variants, named }
    }

    /// Whether `name` is one of them, or a part of one.
    fn hold(&self, name: &str) -> bool {
        let name = fold(name);
        self.typed.contains(&name)
            || self.variants.iter().any(|variant| variant.contains(&name))
            || self.named.contains(&name)
    }
}
