//! Totals, facet counts, orders and pages equal a plain scan, for hundreds of generated searches over generated articles.
//!
//! The words of the articles are long and have nothing in common, so that whether an article holds one is a matter of
//! looking for it: the scan is the truth.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::searchable::{Searchable, language};
use gisa::article::Timestamp;
use gisa::entities::{Entities, EntityKind, entities_of};
use gisa::ingest::Cleaner;
use gisa::korean::collation;
use gisa::query::archive::{Deadline, TermsWanted, Wanted};
use gisa::query::plan::Plan;
use gisa::search::facet;
use gisa::search::{
    Cursor, FacetField, FacetValue, Filters, MatchMode, SearchRequest, SearchResponse, Sort, search,
};
use serde_json::json;

const WORDS: [&str; 12] = [
    "해바라기밭",
    "무지개다방",
    "수레바퀴옆",
    "도토리묵집",
    "반딧불축제",
    "옹기종기숲",
    "달팽이걸음",
    "소나기마을",
    "별똥별사냥",
    "고슴도치굴",
    "물레방앗간",
    "징검다리목",
];
const PARTICLES: [&str; 5] = ["", "을", "에서", "까지", "."];
/// In the order in which a Korean reader expects them.
const OUTLETS: [&str; 7] =
    ["24시새벽", "가온누리신문", "각별일보", "나들목뉴스", "하늘재방송", "日出週報", "Zoom인뉴스"];
const REPORTERS: [&str; 5] = ["가람슬", "나도담", "문새벽", "한서리", "Amy Han"];
const SECTIONS: [&str; 4] = ["경제", "문화", "사회", "IT"];

/// Year, month, day, hour, minute, second in Korean time.
type Moment = (i32, u32, u32, u32, u32, u32);
/// Where Korean days, months and years end, and where UTC's do.
const EDGES: [Moment; 10] = [
    (1969, 12, 31, 23, 59, 59),
    (1970, 1, 1, 0, 0, 0),
    (2023, 12, 31, 23, 59, 59),
    (2024, 1, 1, 0, 0, 0),
    (2024, 1, 1, 8, 59, 59),
    (2024, 1, 1, 9, 0, 0),
    (2024, 2, 29, 23, 59, 0),
    (2024, 3, 1, 0, 0, 0),
    (2024, 3, 1, 8, 59, 59),
    (2024, 3, 1, 9, 0, 0),
];

/// SplitMix64 (Steele et al. 2014): the same articles and searches in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn some(&mut self, of: &[&str], most: usize) -> Vec<String> {
        let mut chosen: Vec<String> = (0..self.below(most + 1)).map(|_| (*self.one(of)).to_owned()).collect();
        chosen.sort();
        chosen.dedup();
        chosen
    }

    fn moment(&mut self) -> Moment {
        if self.below(3) == 0 {
            return *self.one(&EDGES);
        }
        let (hour, minute) = (self.below(24) as u32, self.below(60) as u32);
        (2023 + self.below(3) as i32, 1 + self.below(12) as u32, 1 + self.below(28) as u32, hour, minute, 0)
    }

    fn text(&mut self, words: usize) -> String {
        let words = (0..words).map(|_| format!("{}{}", self.one(&WORDS), self.one(&PARTICLES)));
        words.collect::<Vec<_>>().join(" ")
    }
}

fn written((year, month, day, hour, minute, second): Moment) -> String {
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+09:00")
}

fn timestamp(moment: Moment) -> Timestamp {
    Timestamp::parse_lenient(&written(moment)).unwrap()
}

#[derive(Debug, Clone)]
struct Model {
    id: String,
    title: String,
    body: String,
    outlet: Option<String>,
    reporters: Vec<String>,
    section: Option<String>,
    published: Option<Moment>,
    /// What the text names: found in the text alone, whatever an index does with it.
    named: Arc<Entities>,
}

/// What the articles say at their end.
const NAMING: [&str; 5] = [
    "김하늘 장관은 서울에서 이바다 대표를 만났다.",
    "이바다 대표는 부산에서 기상청을 찾았다.",
    "박민준 의원은 김하늘 장관에게 물었다.",
    "기상청은 대전에 관측소를 짓는다.",
    "",
];

impl Model {
    fn generate(dice: &mut Dice, id: String) -> Self {
        let naming = NAMING[id.bytes().map(usize::from).sum::<usize>() % NAMING.len()];
        let mut model = Self::told(dice, id);
        model.body = format!("{} {naming}", model.body).trim_end().to_owned();
        let cleaner = Cleaner::new(language().outlets().clone());
        let article = cleaner.article_from_json(model.json().to_string().as_bytes()).unwrap();
        Self { named: Arc::new(entities_of(&article, language())), ..model }
    }

    fn told(dice: &mut Dice, id: String) -> Self {
        let (in_title, in_body) = (1 + dice.below(2), 2 + dice.below(6));
        Self {
            named: Arc::default(),
            id,
            title: dice.text(in_title),
            body: dice.text(in_body),
            outlet: (dice.below(12) > 0).then(|| (*dice.one(&OUTLETS)).to_owned()),
            reporters: dice.some(&REPORTERS, 3),
            section: (dice.below(6) > 0).then(|| (*dice.one(&SECTIONS)).to_owned()),
            published: (dice.below(8) > 0).then(|| dice.moment()),
        }
    }

    fn json(&self) -> serde_json::Value {
        json!({"id": self.id, "title": self.title, "body": self.body, "outlet": self.outlet,
            "reporters": self.reporters, "section": self.section, "published_at": self.published.map(written)})
    }

    fn holds(&self, word: &str) -> bool {
        self.title.contains(word) || self.body.contains(word)
    }

    /// Whether two words stand directly one behind the other, the first without a particle.
    fn holds_phrase(&self, first: &str, second: &str) -> bool {
        [&self.title, &self.body].into_iter().any(|text| {
            let words: Vec<&str> = text.split_whitespace().collect();
            words.windows(2).any(|pair| pair[0].trim_end_matches('.') == first && pair[1].starts_with(second))
        })
    }

    /// What the text names.
    fn names(&self, field: FacetField) -> Vec<String> {
        self.named.of_kind(field.entity_kind().unwrap()).map(|entity| entity.name.clone()).collect()
    }

    fn values(&self, field: FacetField) -> Vec<String> {
        let dated = |write: fn(Moment) -> String| self.published.map(write).into_iter().collect();
        match field {
            FacetField::Outlet => self.outlet.iter().cloned().collect(),
            // The outlets here are in no group.
            FacetField::OutletGroup => Vec::new(),
            FacetField::Reporter => self.reporters.clone(),
            FacetField::Section => self.section.iter().cloned().collect(),
            FacetField::Person | FacetField::Place | FacetField::Organisation => self.names(field),
            FacetField::Day => dated(|(y, m, d, ..)| format!("{y:04}-{m:02}-{d:02}")),
            FacetField::Month => dated(|(y, m, ..)| format!("{y:04}-{m:02}")),
            FacetField::Year => dated(|(y, ..)| format!("{y:04}")),
        }
    }
}

/// A condition on the text.
#[derive(Debug, Clone)]
enum Text {
    All(Vec<&'static str>),
    Any(Vec<&'static str>),
    Without(&'static str, &'static str),
    Phrase(&'static str, &'static str),
    EitherAnd(&'static str, &'static str, &'static str),
    Title(&'static str),
    Body(&'static str),
    OfOutlet(&'static str, &'static str),
    ExceptOutlet(&'static str, &'static str),
    Within(&'static str, Moment, Moment),
}

impl Text {
    fn generate(dice: &mut Dice) -> Self {
        let word = |dice: &mut Dice| *dice.one(&WORDS);
        match dice.below(12) {
            0 => Self::All(Vec::new()),
            1 | 2 => Self::All(vec![word(dice)]),
            3 => Self::All(vec![word(dice), word(dice)]),
            4 => Self::Any(vec![word(dice), word(dice), word(dice)]),
            5 => Self::Without(word(dice), word(dice)),
            6 => Self::Phrase(word(dice), word(dice)),
            7 => Self::EitherAnd(word(dice), word(dice), word(dice)),
            8 => Self::Title(word(dice)),
            9 => Self::Body(word(dice)),
            10 if dice.below(2) == 0 => Self::OfOutlet(word(dice), dice.one::<&'static str>(&OUTLETS)),
            10 => Self::ExceptOutlet(word(dice), dice.one::<&'static str>(&OUTLETS)),
            _ => {
                let (a, b) = (dice.moment(), dice.moment());
                let day = |(y, m, d, ..): Moment, (h, mi, s)| (y, m, d, h, mi, s);
                Self::Within(word(dice), day(a.min(b), (0, 0, 0)), day(a.max(b), (23, 59, 59)))
            }
        }
    }

    /// As typed. `Any` needs `match=any`.
    fn query(&self) -> String {
        match self {
            Self::All(words) | Self::Any(words) => words.join(" "),
            Self::Without(a, b) => format!("{a} -{b}"),
            Self::Phrase(a, b) => format!("\"{a} {b}\""),
            Self::EitherAnd(a, b, c) => format!("({a} OR {b}) {c}"),
            Self::Title(a) => format!("제목:{a}"),
            Self::Body(a) => format!("본문:{a}"),
            Self::OfOutlet(a, outlet) => format!("{a} 언론사:\"{outlet}\""),
            Self::ExceptOutlet(a, outlet) => format!("{a} -언론사:\"{outlet}\""),
            Self::Within(a, from, to) => {
                format!("{a} 날짜:{}..{}", &written(*from)[..10], &written(*to)[..10])
            }
        }
    }

    fn matches(&self, article: &Model) -> bool {
        match self {
            Self::All(words) => words.iter().all(|word| article.holds(word)),
            Self::Any(words) => words.iter().any(|word| article.holds(word)),
            Self::Without(a, b) => article.holds(a) && !article.holds(b),
            Self::Phrase(a, b) => article.holds_phrase(a, b),
            Self::EitherAnd(a, b, c) => (article.holds(a) || article.holds(b)) && article.holds(c),
            Self::Title(a) => article.title.contains(a),
            Self::Body(a) => article.body.contains(a),
            Self::OfOutlet(a, outlet) => article.holds(a) && article.outlet.as_deref() == Some(*outlet),
            Self::ExceptOutlet(a, outlet) => article.holds(a) && article.outlet.as_deref() != Some(*outlet),
            Self::Within(a, from, to) => {
                article.holds(a) && article.published.is_some_and(|at| (*from..=*to).contains(&at))
            }
        }
    }
}

/// A whole search.
#[derive(Debug, Clone)]
struct Asked {
    text: Text,
    outlets: Vec<String>,
    reporters: Vec<String>,
    sections: Vec<String>,
    from: Option<Moment>,
    to: Option<Moment>,
}

impl Asked {
    fn generate(dice: &mut Dice) -> Self {
        let text = Text::generate(dice);
        let filters = dice.below(2);
        let mut bound = |rarely: usize| (filters == 1 && dice.below(rarely) == 0).then(|| dice.moment());
        let (a, b) = (bound(3), bound(3));
        let (from, to) = match (a, b) {
            (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
            open => open,
        };
        Self {
            text,
            outlets: dice.some(&OUTLETS, 2 * filters),
            reporters: dice.some(&REPORTERS, 2 * filters),
            sections: dice.some(&SECTIONS, filters),
            from,
            to,
        }
    }

    fn request(&self, sort: Sort, size: usize) -> SearchRequest {
        let match_mode = match &self.text {
            Text::Any(_) => MatchMode::Any,
            Text::All(words) if words.len() < 2 => MatchMode::Auto,
            _ => MatchMode::All,
        };
        SearchRequest {
            query: self.text.query(),
            filters: Filters {
                outlets: self.outlets.clone(),
                reporters: self.reporters.clone(),
                sections: self.sections.clone(),
                from: self.from.map(timestamp),
                to: self.to.map(timestamp),
                ..Filters::default()
            },
            match_mode,
            sort: Some(sort),
            size,
            page: 1,
            facets: FacetField::ALL.to_vec(),
            facet_size: 1000,
            ..SearchRequest::default()
        }
    }

    /// The articles that match, the filter on `except` left out.
    fn matches<'a>(&self, articles: &'a [Model], except: Option<FacetField>) -> Vec<&'a Model> {
        let passes = |field: FacetField, wanted: &[String], article: &Model| {
            wanted.is_empty()
                || except == Some(field)
                || article.values(field).iter().any(|value| wanted.contains(value))
        };
        let in_time = |article: &Model| match (self.from, self.to) {
            (None, None) => true,
            (from, to) => article
                .published
                .is_some_and(|at| from.is_none_or(|from| at >= from) && to.is_none_or(|to| at <= to)),
        };
        let all = articles.iter().filter(|article| {
            self.text.matches(article)
                && passes(FacetField::Outlet, &self.outlets, article)
                && passes(FacetField::Reporter, &self.reporters, article)
                && passes(FacetField::Section, &self.sections, article)
                && in_time(article)
        });
        all.collect()
    }

    /// What a facet must say.
    fn facet(&self, articles: &[Model], field: FacetField) -> Vec<FacetValue> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for article in self.matches(articles, Some(field)) {
            for value in article.values(field) {
                *counts.entry(value).or_default() += 1;
            }
        }
        let mut values: Vec<FacetValue> =
            counts.into_iter().map(|(value, count)| FacetValue { value, count }).collect();
        let order: &[&str] = match field {
            FacetField::Outlet => &OUTLETS,
            FacetField::Reporter => &REPORTERS,
            FacetField::Section => &SECTIONS,
            FacetField::Person | FacetField::Place | FacetField::Organisation => {
                values.sort_by(|a, b| collation::compare(&a.value, &b.value));
                values.sort_by_key(|facet| Reverse(facet.count));
                return values;
            }
            // Dates are in their order already.
            _ => return values,
        };
        values
            .sort_by_key(|facet| (Reverse(facet.count), order.iter().position(|name| *name == facet.value)));
        values
    }

    /// Ids in the order of publication, without a date last, ties by id.
    fn by_time(&self, articles: &[Model], sort: Sort) -> Vec<String> {
        let mut found = self.matches(articles, None);
        found.sort_by(|a, b| {
            let by_time = match (a.published, b.published) {
                (Some(a), Some(b)) if sort == Sort::Newest => b.cmp(&a),
                (Some(a), Some(b)) => a.cmp(&b),
                (a, b) => a.is_none().cmp(&b.is_none()),
            };
            by_time.then_with(|| a.id.cmp(&b.id))
        });
        found.into_iter().map(|article| article.id.clone()).collect()
    }
}

/// 700 records with 600 ids, so that every tenth replaces an earlier one; several segments.
fn generated(dice: &mut Dice) -> (Vec<Model>, Searchable) {
    let records: Vec<Model> = (0..700)
        .map(|number| {
            let id = if number % 7 == 6 { dice.below(number) * 2 } else { number * 2 };
            Model::generate(dice, format!("기사/{id:04}"))
        })
        .collect();
    let lines: Vec<_> = records.iter().map(Model::json).collect();
    // Which thread indexes what is up to the scheduler: on a busy machine one may take all.
    let build = || Searchable::of_articles(&lines, 3);
    let mut index = build();
    for _ in 0..20 {
        if index.segments() >= 2 {
            break;
        }
        index = build();
    }
    // Of several records with one id, the last stays.
    let last: HashMap<&str, usize> = records.iter().enumerate().map(|(at, a)| (a.id.as_str(), at)).collect();
    let kept = records.iter().enumerate().filter(|(at, article)| last[article.id.as_str()] == *at);
    (kept.map(|(_, article)| article.clone()).collect(), index)
}

fn ids(answer: &SearchResponse) -> Vec<String> {
    answer.hits.iter().map(|hit| hit.id.to_string()).collect()
}

#[test]
fn of_too_many_articles_the_newest_are_looked_at_for_terms() {
    let (articles, index) = generated(&mut Dice(2024));
    let context = index.context();
    let (filters, plan) = (Filters::default(), Plan::of_filters(Filters::default()));
    let groups = language().outlet_groups();
    let wanted = Wanted::total(plan.attempts(), &filters, groups, context.ranking, Deadline::NONE);
    let mut newest: Vec<&Model> = articles.iter().collect();
    newest.sort_by(|a, b| b.published.cmp(&a.published).then_with(|| a.id.cmp(&b.id)));
    let mut told = 0;
    for most in [1, 7, 60, 333, 10_000] {
        let of = TermsWanted {
            kinds: &EntityKind::ALL,
            size: 40,
            most,
            leave_out: &|_, name| name == "김하늘",
            pairs: false,
        };
        let terms = context.archive.terms(&plan, &wanted, &of).unwrap();
        let looked_at: Vec<&Model> = newest.iter().copied().take(most).collect();
        assert_eq!((terms.total, terms.examined), (articles.len() as u64, looked_at.len() as u64));
        for term in &terms.terms {
            let names =
                |article: &&&Model| article.named.of_kind(term.kind).any(|named| named.name == term.name);
            assert_eq!(term.count, looked_at.iter().filter(names).count() as u64, "{most} {term:?}");
            assert_ne!(term.name, "김하늘");
        }
        told += terms.terms.len();
    }
    assert!(told > 1, "{told}");
}

#[test]
fn counts_orders_and_pages_equal_a_plain_scan() {
    let mut dice = Dice(2024);
    let (articles, index) = generated(&mut dice);
    if index.segments() < 2 {
        eprintln!(
            "the scheduler gave one segment twenty times: merging counts of several is not tested this time"
        );
    }
    let context = index.context();
    let (mut matched, mut filtered) = (0, 0);
    for number in 0..300 {
        let asked = Asked::generate(&mut dice);
        let run = |request: &SearchRequest| {
            search(&context, request).unwrap_or_else(|error| panic!("{number} {asked:?}: {error}"))
        };
        let answer = run(&asked.request(Sort::Newest, 100));
        let newest = asked.by_time(&articles, Sort::Newest);
        assert_eq!(answer.total, newest.len() as u64, "{number} {asked:?}");
        assert!(!answer.relaxed);
        matched += usize::from(!newest.is_empty());
        filtered += usize::from(!asked.outlets.is_empty());

        for field in FacetField::ALL {
            let expected = asked.facet(&articles, field);
            assert_eq!(answer.facets[field.name()], expected, "{number} {asked:?}");
            let size = 1 + dice.below(4);
            let request = SearchRequest { facet_size: size, ..asked.request(Sort::Newest, 0) };
            let alone = facet(&context, field, &request).unwrap();
            assert_eq!(alone.total, asked.matches(&articles, Some(field)).len() as u64);
            let by_time = matches!(field, FacetField::Day | FacetField::Month | FacetField::Year);
            let more = expected.len().saturating_sub(size);
            let (shown, other) = if by_time {
                (expected[more..].to_vec(), &expected[..more])
            } else {
                (expected[..size.min(expected.len())].to_vec(), &expected[size.min(expected.len())..])
            };
            let without = asked.matches(&articles, Some(field));
            let without = without.iter().filter(|article| article.values(field).is_empty()).count() as u64;
            assert_eq!(alone.missing, without, "{number} {field:?} {asked:?}");
            assert_eq!(alone.values, shown, "{number} {field:?} {asked:?}");
            assert_eq!(alone.other, other.iter().map(|facet| facet.count).sum::<u64>());
        }

        let size = [13, 50, 64, 100][dice.below(4)];
        for sort in [Sort::Newest, Sort::Oldest, Sort::Relevance] {
            let request = asked.request(sort, size);
            let (mut paged, mut walked) = (Vec::new(), Vec::new());
            let (mut page, mut cursor) = (1, None);
            loop {
                let by_page = run(&SearchRequest { page, ..request.clone() });
                let by_cursor = run(&SearchRequest { cursor: cursor.take(), ..request.clone() });
                assert_eq!((by_page.total, by_cursor.total), (answer.total, answer.total));
                assert_eq!(by_page.facets, answer.facets, "counts do not move while paging");
                paged.extend(ids(&by_page));
                walked.extend(ids(&by_cursor));
                assert_eq!(by_page.next_cursor.is_some(), by_cursor.next_cursor.is_some());
                let Some(next) = by_cursor.next_cursor else { break };
                cursor = Some(Cursor::decode(&next).unwrap());
                page += 1;
            }
            assert_eq!(paged, walked, "{number} {sort:?} {asked:?}");
            if sort == Sort::Relevance {
                paged.sort();
                let mut all = newest.clone();
                all.sort();
                assert_eq!(paged, all, "{number} {asked:?}");
            } else {
                assert_eq!(paged, asked.by_time(&articles, sort), "{number} {sort:?} {asked:?}");
            }
        }
    }
    assert!(matched > 200 && filtered > 50, "the searches are worth something: {matched} {filtered}");
}
