//! An index in a temporary folder, and Korean as the shipped lexicons have it; both made once per test process.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use gisa::article::{Article, Timestamp};
use gisa::index::{BuildOptions, Generation, IndexFolder, Progress, Sources, build_verified};
use gisa::ingest::Cleaner;
use gisa::korean::{Language, dictionary};
use gisa::query::archive::Archive;
use gisa::search::{
    MarkedArticle, MarkedText, MatchMode, RankingOptions, SearchContext, SearchRequest, SearchResponse, Sort,
    article, highlight_article, highlight_text, search,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::folders::temporary;

/// The analysis and the lexicons that the program ships with.
pub fn language() -> &'static Language {
    static LANGUAGE: OnceLock<Language> = OnceLock::new();
    LANGUAGE.get_or_init(|| {
        // Unpacking takes a second and 82 MB: all test processes share one unpacked dictionary.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shared-dictionary");
        fs::create_dir_all(&folder).unwrap();
        let (language, warnings) = Language::load(dictionary::open(&folder).unwrap(), None).unwrap();
        assert!(warnings.is_empty(), "the shipped lexicons have warnings: {warnings:?}");
        language
    })
}

/// An index that vanishes with the value.
pub struct Searchable {
    _folder: TempDir,
    generation: Generation,
    ranking: RankingOptions,
}

impl Searchable {
    /// The articles that the project ships with.
    pub fn samples() -> Self {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
        Self::of_folder(&samples)
    }

    /// Articles with these titles and bodies; their ids are `a0`, `a1`, ….
    pub fn of_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let lines: Vec<Value> = texts
            .into_iter()
            .enumerate()
            .map(|(number, (title, body))| json!({"id": format!("a{number}"), "title": title, "body": body}))
            .collect();
        let index = Self::of_articles(&lines, 1);
        assert_eq!(index.generation.articles() as usize, lines.len(), "every article is indexed");
        index
    }

    /// Articles as they are dropped in, indexed by so many threads, each of which makes segments of its own.
    pub fn of_articles(articles: &[Value], threads: usize) -> Self {
        let folder = temporary();
        let lines: Vec<String> = articles.iter().map(Value::to_string).collect();
        fs::write(folder.path().join("articles.jsonl"), lines.join("\n")).unwrap();
        Self::indexed(folder.path(), threads)
    }

    fn of_folder(articles: &Path) -> Self {
        Self::indexed(articles, 1)
    }

    fn indexed(articles: &Path, threads: usize) -> Self {
        let folder = temporary();
        let index = IndexFolder::new(folder.path()).unwrap();
        let cleaner = Cleaner::new(language().outlets().clone());
        let lexicon = language().index_hash().to_owned();
        let options = BuildOptions { threads, memory: 32 << 20, lexicon, keep_free: 0, learn: true };
        let sources = Sources::files(articles);
        let (report, generation) =
            build_verified(&sources, &index, &cleaner, language(), &options, &Progress::default()).unwrap();
        assert_eq!(report.refused, 0, "{:?}", report.refusals);
        assert!(report.articles > 0);
        Self { _folder: folder, generation, ranking: RankingOptions::default() }
    }

    /// How many segments it has.
    pub fn segments(&self) -> usize {
        self.generation.about().segments
    }

    /// What searches need.
    pub fn context(&self) -> SearchContext<'_> {
        SearchContext {
            archive: &self.generation,
            language: language(),
            ranking: &self.ranking,
            deadline: None,
            now: Timestamp::from_seconds(1_750_000_000),
            correcting: std::time::Duration::from_secs(30),
            filtered: false,
        }
    }

    /// One page of a search in which every word must match.
    pub fn page(&self, query: &str, page: usize, sort: Sort, explain: bool) -> SearchResponse {
        let request = SearchRequest {
            query: query.to_owned(),
            match_mode: MatchMode::All,
            sort: Some(sort),
            size: 100,
            page,
            explain,
            ..SearchRequest::default()
        };
        search(&self.context(), &request).unwrap_or_else(|error| panic!("{query:?}: {error}"))
    }

    /// Ids of all articles that match every word of `query`, in ascending order.
    pub fn ids(&self, query: &str) -> Vec<String> {
        let mut ids = Vec::new();
        for page in 1.. {
            let answer = self.page(query, page, Sort::Newest, false);
            ids.extend(answer.hits.iter().map(|hit| hit.id.to_string()));
            if answer.next_cursor.is_none() {
                assert_eq!(answer.total, ids.len() as u64, "{query:?}: the total is what paging brings");
                break;
            }
        }
        ids.sort();
        let found = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), found, "{query:?}: no article comes twice");
        ids
    }

    /// All articles as they are stored.
    pub fn articles(&self) -> Vec<Article> {
        let stored = |id: &String| article(&self.context(), id).unwrap().unwrap();
        self.ids("").iter().map(stored).collect()
    }

    /// The whole article with the marks of `query`.
    pub fn marked(&self, query: &str, id: &str) -> MarkedArticle {
        highlight_article(&self.context(), query, id).unwrap().unwrap()
    }

    /// A text that is not in the index with the marks of `query`.
    pub fn outside(&self, query: &str, text: &str) -> MarkedText {
        let answer = highlight_text(&self.context(), query, text).unwrap();
        MarkedText { text: answer.text, marks: answer.marks }
    }
}
