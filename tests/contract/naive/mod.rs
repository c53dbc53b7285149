//! The simplest archive that keeps the contract: a list of articles, looked at one by one. Slow, and short enough to be
//! checked by eye. It knows nothing of the embedded index but the trait.

mod facet;
mod matching;
mod quotations;
mod score;
mod select;
mod terms;
mod text;

use std::collections::HashMap;

use gisa::article::{Article, Timestamp};
use gisa::ingest::common_form;
use gisa::korean::Language;
use gisa::learned::LearnedNames;
use gisa::query::archive::{
    About, Archive, ArchiveError, Arrival, Arriving, Deadline, Found, Frequencies, Likeness, Place, Placed,
    Quotations, QuotesWanted, Selection, Terms, TermsWanted, Vocabulary, Wanted,
};
use gisa::query::plan::Plan;
use gisa::query::request::Filters;
use gisa::query::shape::{Probe, Shape};
use gisa::suggest::{ArrivalReader, Suggestions};
use serde_json::Value;
use text::Analysed;

/// Articles in a list. A [`Place`] is the number of an article in it.
pub struct NaiveArchive {
    articles: Vec<Article>,
    texts: Vec<Analysed>,
    /// When each came: 0 for those that were there before.
    sequences: Vec<u64>,
    /// Of each article, the number of the first of its group of near-identical ones; its own where it is alone.
    group_of: Vec<usize>,
    suggestions: Suggestions,
    learned: LearnedNames,
}

impl NaiveArchive {
    /// An archive of `articles`. Which of them are near-identical is given: those with the same `story`.
    pub fn new(language: &Language, articles: Vec<Article>) -> Self {
        let mut analyzer = language.korean().analyzer();
        let texts = articles.iter().map(|article| Analysed::of(article, &mut analyzer, language)).collect();
        let mut first_of: HashMap<String, usize> = HashMap::new();
        let group = |(number, article): (usize, &Article)| match story(article) {
            Some(story) => *first_of.entry(story).or_insert(number),
            None => number,
        };
        let group_of = articles.iter().enumerate().map(group).collect();
        let mut reader = ArrivalReader::new(language.korean());
        let now = articles.iter().filter_map(|article| article.published_at).max();
        let offer = |offered: Suggestions, article| {
            offered.with(&reader.read(article), now.unwrap_or(Timestamp::from_seconds(0)))
        };
        let suggestions = articles
            .iter()
            .fold(Suggestions::of(Vec::new(), now.unwrap_or(Timestamp::from_seconds(0))), offer);
        let sequences = vec![0; articles.len()];
        Self { articles, texts, sequences, group_of, suggestions, learned: LearnedNames::default() }
    }

    /// The same archive, whose articles teach these names: it does not find out by itself.
    pub fn teaching(self, learned: LearnedNames) -> Self {
        Self { learned, ..self }
    }

    /// The same archive, to which all but the first `before` articles came one by one.
    pub fn arriving_after(mut self, before: usize) -> Self {
        for (sequence, number) in (1..).zip(before..self.articles.len()) {
            self.sequences[number] = sequence;
        }
        self
    }

    /// Whether an article is near-identical to `to`; without one, every article is.
    fn is_alike(&self, number: usize, to: Option<Place>) -> bool {
        to.is_none_or(|to| self.group_of[number] == self.group_of[to.value() as usize])
    }

    /// How many articles hold a term.
    fn holding(&self, probe: &Probe) -> u64 {
        self.texts.iter().filter(|text| !text.positions(probe).is_empty()).count() as u64
    }

    /// Terms of the morpheme lane in an article on average.
    fn average_length(&self) -> f32 {
        let terms: usize = self.texts.iter().map(|text| text.length).sum();
        (terms as f32 / self.texts.len() as f32).max(1.0)
    }

    fn number(&self, place: Place) -> Result<usize, ArchiveError> {
        let number = place.value() as usize;
        let unknown = || ArchiveError::failed(format!("there is no place {number}"));
        (number < self.articles.len()).then_some(number).ok_or_else(unknown)
    }
}

impl Archive for NaiveArchive {
    fn edition(&self) -> String {
        "naive".to_owned()
    }

    fn about(&self) -> About<'_> {
        let articles = self.articles.len() as u64;
        About { name: "naive", articles, sequence: 0, built_at: "2026-01-01T00:00:00Z", segments: 1 }
    }

    fn bytes(&self) -> Result<u64, ArchiveError> {
        Ok(self.articles.iter().map(|article| (article.title.len() + article.body.len()) as u64).sum())
    }

    fn vocabulary(&self) -> &dyn Vocabulary {
        self
    }

    fn select(&self, plan: &Plan, wanted: &Wanted<'_>) -> Result<Selection, ArchiveError> {
        self.selected(plan, wanted)
    }

    fn terms(&self, plan: &Plan, wanted: &Wanted<'_>, of: &TermsWanted<'_>) -> Result<Terms, ArchiveError> {
        self.related(plan, wanted, of)
    }

    fn quotations(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        of: &QuotesWanted<'_>,
    ) -> Result<Quotations, ArchiveError> {
        self.quoted(plan, wanted, of)
    }

    fn arrived(&self, plan: &Plan, arriving: &Arriving<'_>) -> Result<Vec<Arrival>, ArchiveError> {
        self.came(plan, arriving)
    }

    fn nearest(&self, likeness: &Likeness<'_>) -> Result<Vec<Found>, ArchiveError> {
        let to = self.number(likeness.to)?;
        let score = |number: usize| score::shared(&self.texts[number], likeness.terms, likeness.ranking);
        let least = score(to) * likeness.least;
        let found = |number| Found {
            place: Place::new(number as u64),
            score: score(number),
            similar: 0,
            alike: 0,
            parts: None,
        };
        let others = (0..self.articles.len()).filter(|number| *number != to).map(found);
        let mut near: Vec<Found> = others.filter(|found| found.score > 0.0 && found.score >= least).collect();
        near.sort_by(|a, b| {
            let id = |found: &Found| &self.articles[found.place.value() as usize].id;
            b.score.total_cmp(&a.score).then_with(|| id(a).cmp(id(b)))
        });
        near.truncate(likeness.size);
        Ok(near)
    }

    fn find(&self, id: &str) -> Result<Option<Place>, ArchiveError> {
        let number = self.articles.iter().position(|article| article.id.as_str() == id);
        Ok(number.map(|number| Place::new(number as u64)))
    }

    fn find_address(&self, address: &str, _: Deadline) -> Result<Vec<Place>, ArchiveError> {
        let form = |article: &Article| article.url.as_deref().and_then(common_form);
        let all = self.articles.iter().enumerate();
        let mut found: Vec<(usize, &Article)> =
            all.filter(|(_, article)| form(article).as_deref() == Some(address)).collect();
        found.sort_by(|(_, a), (_, b)| a.id.cmp(&b.id));
        Ok(found.into_iter().map(|(number, _)| Place::new(number as u64)).collect())
    }

    fn read(&self, places: &[Place], _: Deadline) -> Result<Vec<Article>, ArchiveError> {
        places.iter().map(|place| Ok(self.articles[self.number(*place)?].clone())).collect()
    }

    fn positions(
        &self,
        plan: &Plan,
        places: &[Place],
        _: Deadline,
    ) -> Result<Option<Vec<Vec<Placed>>>, ArchiveError> {
        let of_article = |place: &Place| {
            let text = &self.texts[self.number(*place)?];
            let wanted = plan.wanted.iter().map(|number| (*number, &plan.clauses[*number]));
            let forms = wanted
                .flat_map(|(number, clause)| clause.forms.iter().map(move |form| (number, clause, form)));
            let placed = forms.flat_map(|(clause, of, form)| {
                let extent = form.shape.extent;
                text.bases(&form.shape, of.field).into_iter().map(move |base| Placed { clause, base, extent })
            });
            Ok(placed.collect())
        };
        places.iter().map(of_article).collect::<Result<_, _>>().map(Some)
    }

    fn suggestions(&self) -> Result<&Suggestions, ArchiveError> {
        Ok(&self.suggestions)
    }

    fn restricted<'a>(
        &'a self,
        filters: &Filters,
        language: &'a Language,
        _: Deadline,
    ) -> Result<Box<dyn Archive + 'a>, ArchiveError> {
        let all = self.articles.iter().zip(&self.texts).zip(&self.sequences);
        let visible = all.filter(|((article, text), _)| matching::passes(filters, article, text, None));
        let (articles, sequences): (Vec<Article>, Vec<u64>) =
            visible.map(|((article, _), sequence)| (article.clone(), *sequence)).unzip();
        Ok(Box::new(Self { sequences, ..Self::new(language, articles) }))
    }
}

impl Vocabulary for NaiveArchive {
    fn count(&self, shape: &Shape, _: Deadline) -> Result<u64, ArchiveError> {
        Ok(self.texts.iter().filter(|text| !text.bases(shape, None).is_empty()).count() as u64)
    }

    fn frequencies(&self, probes: &[Probe], _: Deadline) -> Result<Frequencies, ArchiveError> {
        let held = probes.iter().map(|probe| self.holding(probe)).collect();
        Ok(Frequencies { articles: self.texts.len() as u64, held })
    }

    fn learned(&self) -> &LearnedNames {
        &self.learned
    }
}

/// The story that an article tells, where it says so.
fn story(article: &Article) -> Option<String> {
    article.extra.get("story").and_then(Value::as_str).map(str::to_owned)
}
