//! All engines over the same articles give the same answers, but for scores and what follows from them: the articles that
//! the project ships with, asked for their own words, names and phrases.

use std::fs;
use std::path::Path;

use gisa::article::Article;
use gisa::learned::{LearnedNames, LearnedPair};
use serde_json::Value;

use crate::contract::asking::{Parameters, ids, sorted, walk};
use crate::contract::chance::Chance;
use crate::contract::finding::percent_encoded;
use crate::contract::{cluster, servers};
use crate::newsroom::{Newsroom, TestServer, with_query};

/// Searches that are tried.
const SEARCHES: usize = 250;

/// The engines over the articles in `data/articles`.
struct Engines {
    embedded: TestServer,
    naive: TestServer,
    /// Where there is one.
    cluster: Option<TestServer>,
    articles: Vec<Article>,
}

impl Engines {
    fn over_samples() -> Self {
        let newsroom = Newsroom::new(&[]);
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
        for file in fs::read_dir(samples).unwrap().map(Result::unwrap).filter(|file| file.path().is_file()) {
            fs::copy(file.path(), newsroom.articles_dir().join(file.file_name())).unwrap();
        }
        let embedded = TestServer::start_with(newsroom, |file| file.index.threads = 3);
        let ids = walk(&embedded, &[], 100);
        let stored = |id: &String| embedded.json(&format!("/api/articles/{}", percent_encoded(id)));
        let stored: Vec<Value> = ids.iter().map(stored).collect();
        assert!(stored.len() >= 120, "{} samples", stored.len());
        let articles =
            stored.iter().map(|article| serde_json::from_value(article.clone()).unwrap()).collect();
        let learned = embedded.json("/api/lexicon/learned?size=1000")["pairs"].clone();
        let learned: Vec<LearnedPair> = serde_json::from_value(learned).unwrap();
        let naive = servers::serve(&stored, |archive| archive.teaching(LearnedNames::new(learned.clone())));
        let learned = LearnedNames::new(learned);
        let cluster = cluster::serve(&stored, &learned, "contract::agreement over a cluster");
        Self { naive, embedded, cluster, articles }
    }

    /// Those that are held to what the embedded index answers.
    fn others(&self) -> impl Iterator<Item = &TestServer> {
        std::iter::once(&self.naive).chain(&self.cluster)
    }

    /// What all answer to a path, without what tells one engine, or one moment, from another.
    fn json(&self, path: &str, what: &str) -> Value {
        let plain = |server: &TestServer| {
            let mut answer = server.json(path);
            for own in ["took_ms", "generation", "sequence", "next_cursor", "suggestion"] {
                answer.as_object_mut().unwrap().remove(own);
            }
            if let Some(explanation) = answer.get_mut("explain") {
                explanation["phases_ms"] = Value::Null;
            }
            answer
        };
        let embedded = plain(&self.embedded);
        for other in self.others() {
            assert_eq!(plain(other), embedded, "{what} {path}");
        }
        embedded
    }
}

/// A word, a few words or a passage of an article, as someone may look for it; or a word of each of two articles.
fn query(chance: &mut Chance, article: &Article, other: &Article) -> String {
    let text = if chance.below(2) == 0 || article.body.is_empty() { &article.title } else { &article.body };
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(from) = (!words.is_empty()).then(|| chance.below(words.len())) else { return String::new() };
    let some = |count: usize| words[from..words.len().min(from + count)].join(" ");
    let bare = |text: String| text.trim_matches(|ch: char| !ch.is_alphanumeric()).replace('"', " ");
    match chance.below(12) {
        0 | 1 => some(1),
        2 | 3 => bare(some(1)),
        4 => format!("\"{}\"", bare(some(2))),
        5 => some(2),
        6 => some(7),
        7 => bare(some(1)).chars().take(2).collect(),
        8 => format!("{}*", bare(some(1)).chars().take(2).collect::<String>()),
        9 | 10 => format!(
            "{} {}",
            bare(some(1)),
            bare(other.body.split_whitespace().nth(7).unwrap_or_default().to_owned())
        ),
        _ => format!("{} -{}", bare(some(1)), words[chance.below(words.len())]),
    }
}

/// Filters that the article passes, sometimes.
fn filters<'a>(chance: &mut Chance, article: &'a Article, day: &'a str) -> Parameters<'a> {
    let mut filters = Vec::new();
    if chance.below(4) == 0 {
        filters.extend(article.outlet.as_deref().map(|outlet| ("outlet", outlet)));
    }
    if chance.below(4) == 0 {
        filters.extend(article.section.as_deref().map(|section| ("section", section)));
    }
    if chance.below(6) == 0 {
        filters.extend(article.reporters.first().map(|reporter| ("reporter", reporter.as_str())));
    }
    if chance.below(6) == 0 && !day.is_empty() {
        filters.push((if chance.below(2) == 0 { "from" } else { "to" }, day));
    }
    filters
}

/// One test for all, because the servers are made for it.
#[test]
fn all_engines_answer_alike() {
    let engines = Engines::over_samples();
    let mut chance = Chance(1);
    let (mut found, mut relaxed) = (0, 0);
    for number in 0..SEARCHES {
        let article = &engines.articles[chance.below(engines.articles.len())];
        let other = &engines.articles[chance.below(engines.articles.len())];
        let query = query(&mut chance, article, other);
        let day = article.published_at.map(|at| at.to_string()[..10].to_owned()).unwrap_or_default();
        let mode = chance.one(&["auto", "auto", "all", "any"]);
        let mut asked = vec![("q", query.as_str()), ("match", mode)];
        asked.extend(filters(&mut chance, article, &day));

        let shown = [
            ("sort", chance.one(&["newest", "oldest"])),
            ("facets", "outlet,reporter,section,person,place,organisation,day,month,year"),
            ("explain", "true"),
            ("size", "20"),
        ];
        let what = format!("{number} {asked:?}");
        let embedded = engines.json(&with_query("/api/search", &[&asked[..], &shown].concat()), &what);
        found += usize::from(embedded["total"] != 0);
        relaxed += usize::from(embedded["relaxed"] == true);

        let related = [&asked[..], &[("pairs", "true"), ("size", "20")]].concat();
        engines.json(&with_query("/api/related-terms", &related), &what);

        if number % 5 == 0 {
            let ranked = [&asked[..], &[("sort", "relevance")]].concat();
            let of = |server| sorted(walk(server, &ranked, 50));
            for other in engines.others() {
                assert_eq!(of(&engines.embedded), of(other), "{what}");
            }
            let marks = with_query("/api/highlight", &[("q", query.as_str()), ("id", article.id.as_str())]);
            engines.json(&marks, &what);
        }
    }
    assert!(found > SEARCHES / 2 && relaxed > 3, "the searches are worth something: {found} {relaxed}");
    what_comes_near_is_the_same(&engines);
    // The best article for the words of a title is that article, or one that has the same.
    for article in engines.articles.iter().step_by(4).filter(|article| article.title.split(' ').count() > 3) {
        for server in engines.others().chain([&engines.embedded]) {
            let best = ids(&server.search(&[("q", &article.title), ("size", "3"), ("match", "any")]));
            assert!(best.contains(&article.id.to_string()), "{}: {best:?}", article.title);
        }
    }
}

/// Articles that lack some words of a title, in whichever order, with the words that they lack.
fn what_comes_near_is_the_same(engines: &Engines) {
    let mut near = 0;
    for (number, article) in engines.articles.iter().enumerate().step_by(6) {
        let query = article.title.split(' ').take(2 + number % 3).collect::<Vec<_>>().join(" ");
        let of = |server: &TestServer| {
            let answer = server.search(&[("q", query.as_str()), ("size", "100")]);
            let hits = answer["also"]["hits"].as_array().map_or(&[][..], Vec::as_slice);
            let total = answer["also"]["total"].clone();
            // Which are the best of more depends on scores.
            let all = total == hits.len();
            let found = hits.iter().filter(|_| all).map(|hit| format!("{} {}", hit["id"], hit["lacks"]));
            (total, sorted(found.collect()))
        };
        let embedded = of(&engines.embedded);
        for other in engines.others() {
            assert_eq!(embedded, of(other), "{query:?}");
        }
        near += embedded.1.len();
    }
    assert!(near > 20, "the searches are worth something: {near}");
}
