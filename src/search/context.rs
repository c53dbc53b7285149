//! What every search works on.

use std::time::{Duration, Instant};

use super::error::SearchError;
use crate::article::{Article, Timestamp};
use crate::korean::Language;
use crate::korean::fold::fold;
use crate::query::archive::{Archive, Deadline, Place, Trouble, Wanted, Window};
use crate::query::language::{Node, Query, TextField, parse, parse_words};
use crate::query::plan::Plan;
use crate::query::ranking::RankingOptions;
use crate::query::request::{Filters, MatchMode};
use crate::query::word::WordReader;

/// What every search works on.
#[derive(Clone, Copy)]
pub struct SearchContext<'a> {
    /// What holds the articles.
    pub archive: &'a dyn Archive,
    /// Analysis and lexicons.
    pub language: &'a Language,
    /// What relevance is made of.
    pub ranking: &'a RankingOptions,
    /// When to give up.
    pub deadline: Option<Instant>,
    /// The present, for recency and for time words (`작년`).
    pub now: Timestamp,
    /// How long a correction may be looked for.
    pub correcting: Duration,
    /// Whether a fixed filter hides a part of the archive: then answers have no scores and no explanations, which depend on
    /// what is in it.
    pub filtered: bool,
}

impl SearchContext<'_> {
    /// Does `work` on the articles that pass `filters`, as if there were no others.
    ///
    /// # Errors
    /// The deadline, or a failing archive; those of `work`.
    pub fn restricted<T>(
        &self,
        filters: &Filters,
        work: impl FnOnce(&SearchContext<'_>) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let archive = self.archive.restricted(filters, self.language, self.deadline())?;
        let Self { language, ranking, deadline, now, correcting, .. } = *self;
        work(&SearchContext {
            archive: &*archive,
            language,
            ranking,
            deadline,
            now,
            correcting,
            filtered: true,
        })
    }

    /// Does `work`; where that cannot be answered because a part of the archive is not there, on the rest. Its answer says so, if it is one of
    /// those that can.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn or_partly<T>(
        &self,
        work: impl Fn(&SearchContext<'_>) -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let error = match work(self) {
            // What was searched is gone, too, where it was in the part that is.
            Err(error @ SearchError::Away { trouble: Trouble::Incomplete | Trouble::Moved, .. }) => error,
            done => return done,
        };
        match self.archive.partly(self.deadline()) {
            Ok(Some(archive)) => work(&SearchContext { archive: &*archive, ..*self }),
            _ => Err(error),
        }
    }

    /// `Some(true)` where an answer lacks articles, else nothing: answers of the whole archive do not say that they are.
    pub(super) fn partial(&self) -> Option<bool> {
        self.archive.is_partial().then_some(true)
    }

    /// When to give up, as archives take it.
    pub(super) fn deadline(&self) -> Deadline {
        Deadline::new(self.deadline)
    }

    /// Reads what was typed. The whole title of an article, marks apart, is words and never operators: in `이준호 -서민재 조` nobody
    /// is excluded where that is a headline.
    pub(super) fn read_query(&self, text: &str) -> Result<Query, SearchError> {
        let query = parse(text)?;
        let operates = |node: &Node| matches!(node, Node::Not(_) | Node::Near { .. });
        if query.post_order().any(|(_, node)| operates(node)) && self.is_title(text)? {
            return Ok(parse_words(text)?);
        }
        Ok(query)
    }

    /// Whether any article is found for `query` as it stands.
    pub(super) fn holds(&self, query: &Query) -> Result<bool, SearchError> {
        let plan = self.plan(query, MatchMode::All)?;
        let filters = Filters::default();
        let wanted = Wanted::total(
            plan.attempts(),
            &filters,
            self.language.outlet_groups(),
            self.ranking,
            self.deadline(),
        );
        Ok(self.archive.select(&plan, &wanted)?.total > 0)
    }

    /// Whether an article has `text` for its title.
    fn is_title(&self, text: &str) -> Result<bool, SearchError> {
        // Reprints have one title, other articles hold it in a longer one.
        const LOOKED_AT: usize = 10;
        let mut words = WordReader::new(self.language, self.archive.vocabulary(), self.deadline());
        let plan = Plan::of_clause(words.phrase(text, Some(TextField::Title)));
        let filters = Filters::default();
        let wanted = Wanted {
            window: Window { offset: 0, size: LOOKED_AT, after: None },
            ..Wanted::total(
                plan.attempts(),
                &filters,
                self.language.outlet_groups(),
                self.ranking,
                self.deadline(),
            )
        };
        let selection = self.archive.select(&plan, &wanted)?;
        let places: Vec<Place> = selection.hits.iter().map(|hit| hit.place).collect();
        let whole = (fold(text), minuses(text));
        Ok(self.read(&places)?.iter().any(|article| (fold(&article.title), minuses(&article.title)) == whole))
    }

    /// Plans `query`: how its words are read depends on what the archive holds.
    pub(super) fn plan(&self, query: &Query, match_mode: MatchMode) -> Result<Plan, SearchError> {
        self.plan_at(self.now, query, match_mode)
    }

    /// Plans `query` as it was asked at the moment `now`: what is paged through was asked when its first page was.
    pub(super) fn plan_at(
        &self,
        now: Timestamp,
        query: &Query,
        match_mode: MatchMode,
    ) -> Result<Plan, SearchError> {
        let mut words = WordReader::new(self.language, self.archive.vocabulary(), self.deadline());
        Ok(Plan::new(query, match_mode, self.language, &mut words, now)?)
    }

    /// The article `id` and where it is; `None` where there is none.
    pub(super) fn find(&self, id: &str) -> Result<Option<(Place, Article)>, SearchError> {
        let Some(place) = self.archive.find(id)? else { return Ok(None) };
        let article = self.read(&[place])?.pop();
        Ok(article.map(|article| (place, article)))
    }

    /// The articles at `places`, in the same order.
    pub(super) fn read(&self, places: &[Place]) -> Result<Vec<Article>, SearchError> {
        articles_at(self.archive, places, self.deadline())
    }
}

/// How often a minus is before a word: `오이 -참외` is not the title `오이 참외`.
fn minuses(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.starts_with('-')).count()
}

/// The articles at `places`, in the same order. An archive that leaves one out has failed: hits and articles would no longer belong
/// together, and an article that was found would be one that does not exist.
pub(super) fn articles_at(
    archive: &dyn Archive,
    places: &[Place],
    deadline: Deadline,
) -> Result<Vec<Article>, SearchError> {
    let articles = archive.read(places, deadline)?;
    if articles.len() == places.len() {
        return Ok(articles);
    }
    let (asked, given) = (places.len(), articles.len());
    Err(SearchError::Archive(format!("asked for {asked} articles, the archive gave {given}").into()))
}

/// The stored article `id`; `None` where there is none.
///
/// # Errors
/// The deadline, or a failing archive.
pub fn article(context: &SearchContext<'_>, id: &str) -> Result<Option<Article>, SearchError> {
    Ok(context.find(id)?.map(|(_, article)| article))
}
