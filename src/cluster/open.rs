//! Opening what the cluster serves, and looking whether that is still it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::archive::{ClusterArchive, Finds, Held, TEXTS};
use super::beside::{Beside, beside_of};
use super::client::{Client, Statistics};
use super::error::ClusterError;
use super::fill::serving;
use super::mapping::FORMAT;
use super::point::{Point, Points};
use super::reached::Reached;
use super::remembered::Remembered;
use super::reply::{Shards, hits_of, total};
use super::texts::article_of;
use crate::article::Timestamp;
use crate::korean::Language;
use crate::query::archive::{Archive as _, Deadline};
use crate::suggest::Suggestions;
use crate::suggest::titles::ArrivalReader;

/// How long one look may take: whoever follows an index must notice soon that nobody answers.
const LOOKING: Duration = Duration::from_secs(5);
/// How long to wait for the word of a writer that is just showing what it sent. One that was killed then never gives it.
const SHOWING: Duration = Duration::from_secs(3);
/// The pause before looking again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Articles that came since an index was filled whose titles are offered, the latest ones.
const RECALLED: usize = 1_000;

/// What a look at the cluster finds.
pub enum Look {
    /// What is open is what serves.
    Same,
    /// The same index, with later articles.
    Later(Box<ClusterArchive>),
    /// Another index serves, of this name.
    Another(String),
}

/// A way to what a cluster serves under one alias.
pub struct Door {
    client: Arc<Client>,
    prefix: String,
    points: Points,
}

impl Door {
    /// To what the alias `prefix` names. What was opened can be asked for as long as somebody does at least every `keep`.
    #[must_use]
    pub fn new(client: Arc<Client>, prefix: &str, keep: Duration) -> Self {
        let points = Points::new(Arc::clone(&client), keep);
        Self { client, prefix: prefix.to_owned(), points }
    }

    /// The name of the index that the alias names.
    ///
    /// # Errors
    /// [`ClusterError::NoIndex`]; whatever the cluster says.
    pub fn index(&self) -> Result<String, ClusterError> {
        serving(&self.client, &self.prefix, soon())
    }

    /// Opens what the alias names. `language` analyses queries and texts.
    ///
    /// # Errors
    /// [`ClusterError::NoIndex`]; [`ClusterError::Version`] for one of another version or another language, or that was not filled to its
    /// end; whatever the cluster says.
    pub fn open(&self, language: Language) -> Result<ClusterArchive, ClusterError> {
        let client = &self.client;
        let unreadable = |what: &str| ClusterError::Unreadable { what: what.to_owned() };
        let index = self.index()?;
        let answer = client.get(&format!("/{index}"), Deadline::NONE)?;
        let made_of =
            answer.get(&index).ok_or_else(|| unreadable("an index does not say how it was made"))?;
        let about = made_of.pointer("/mappings/_meta/gisa").unwrap_or(&Value::Null);
        check(&index, about, &language)?;
        let text = |path: &str| made_of.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let version = client.get("/", Deadline::NONE)?;
        let version =
            version.pointer("/version/number").and_then(Value::as_str).unwrap_or_default().to_owned();
        let settings = client.get(
            "/_cluster/settings?include_defaults=true&filter_path=**.max_clause_count",
            Deadline::NONE,
        )?;
        let limit = ["transient", "persistent", "defaults"].into_iter().find_map(|level| {
            let limit = settings.get(level)?.pointer("/indices/query/bool/max_clause_count")?;
            limit.as_str()?.parse().ok()
        });
        let beside = Beside::read(client, &beside_of(&index))?;
        let made = text("/settings/index/uuid");
        let seen = self.see(&index)?;
        let archive = ClusterArchive::of(Held {
            edition: seen.edition(&made),
            made,
            articles: seen.articles,
            sequence: seen.reached.sequence,
            point: seen.point(self.points.clone(), &index),
            language,
            built_at: about.get("built_at").and_then(Value::as_str).unwrap_or_default().to_owned(),
            shards: text("/settings/index/number_of_shards").parse().unwrap_or(1),
            limit: limit.unwrap_or(1024),
            plain_bm25: !(version.starts_with("1.") || version.starts_with("2.")),
            suggestions: beside.suggestions(),
            learned: Arc::new(beside.names()),
            found: Finds::default(),
            texts: Arc::new(Remembered::with_room(TEXTS)),
            part: Mutex::default(),
            client: Arc::clone(client),
            index,
        });
        let filled = about.get("sequence").and_then(Value::as_u64).unwrap_or_default();
        archive.offering_what_came(filled)
    }

    /// Looks whether what is `open` is still what serves, and closes what nobody needs any more.
    ///
    /// # Errors
    /// Whatever the cluster says; what is open may still answer.
    pub fn look(&self, open: &ClusterArchive) -> Result<Look, ClusterError> {
        self.points.close_unused(soon());
        let (held, index) = (&open.held, self.index()?);
        if index != held.index {
            return Ok(Look::Another(index));
        }
        let reached = Reached::read(&self.client, &index, soon())?;
        if !open.is_gone() && (!reached.is_steady || held.edition == edition(&index, &held.made, &reached)) {
            return Ok(Look::Same);
        }
        let seen = self.see(&index)?;
        let (articles, sequence, edition) = (seen.articles, seen.reached.sequence, seen.edition(&held.made));
        let point = seen.point(self.points.clone(), &index);
        let later = ClusterArchive::of(Held { articles, sequence, ..held.seen_at(point, edition) });
        Ok(Look::Later(Box::new(later.offering_what_came(held.sequence)?)))
    }

    /// The files of the lexicon that the index which serves was filled with, by name; none where that is the built-in one. With the index'
    /// name.
    ///
    /// # Errors
    /// Whatever the cluster says.
    pub fn lexicon(&self) -> Result<(String, Vec<(String, String)>), ClusterError> {
        let index = self.index()?;
        let lexicon = Beside::read(&self.client, &beside_of(&index))?.lexicon;
        Ok((index, lexicon))
    }

    /// Opens a view of `index` that holds exactly what is said of it; where its writer does not say it, one that holds perhaps more.
    fn see(&self, index: &str) -> Result<Seen, ClusterError> {
        let begun = Instant::now();
        let mut before = Reached::read(&self.client, index, soon())?;
        loop {
            if before.is_steady || begun.elapsed() > SHOWING {
                let id = self.points.open(index, soon())?;
                let after = Reached::read(&self.client, index, soon())?;
                if after == before {
                    let articles = match after.is_steady {
                        true => after.articles,
                        false => self.articles_at(&id)?,
                    };
                    return Ok(Seen { index: index.to_owned(), articles, reached: after, id });
                }
                self.points.discard(id);
                before = after;
            } else {
                std::thread::sleep(LOOK_AGAIN);
                before = Reached::read(&self.client, index, soon())?;
            }
        }
    }

    /// How many articles a view holds.
    fn articles_at(&self, id: &str) -> Result<u64, ClusterError> {
        let all = json!({"size": 0, "track_total_hits": true});
        total(&self.client.search_at(
            &json!({"id": id}),
            &all,
            Statistics::OfEachShard,
            Shards::All,
            soon(),
        )?)
    }
}

/// A view of an index.
struct Seen {
    index: String,
    articles: u64,
    reached: Reached,
    id: String,
}

impl Seen {
    fn edition(&self, made: &str) -> String {
        let edition = edition(&self.index, made, &self.reached);
        // Another server's view need not hold the same.
        if self.reached.is_steady { edition } else { format!("{edition}.{}", self.id) }
    }

    fn point(&self, points: Points, index: &str) -> Point {
        Point::new(points, index.to_owned(), self.reached.clone(), self.id.clone())
    }
}

fn edition(index: &str, made: &str, reached: &Reached) -> String {
    format!("{index}.{made}.{}.{}", reached.key, reached.mended)
}

fn soon() -> Deadline {
    Deadline::within(LOOKING)
}

/// Checks that an index is complete, of this version, and analysed by `language`.
fn check(index: &str, about: &Value, language: &Language) -> Result<(), ClusterError> {
    let found = |name: &str| about.get(name).map_or_else(|| "nothing".to_owned(), Value::to_string);
    let needed = [
        ("the format", "format", json!(FORMAT)),
        ("a filling that is complete:", "complete", json!(true)),
        (ClusterError::LEXICON, "language", json!(language.index_hash())),
    ];
    for (what, name, needed) in needed {
        if about.get(name) != Some(&needed) {
            let (found, needed) = (found(name), needed.to_string());
            return Err(ClusterError::Version { name: index.to_owned(), what, found, needed });
        }
    }
    Ok(())
}

impl ClusterArchive {
    /// The same, which also offers the titles of what came after the journal's entry `after`.
    fn offering_what_came(self, after: u64) -> Result<Self, ClusterError> {
        if self.held.sequence <= after {
            return Ok(self);
        }
        let came = json!({"size": RECALLED, "track_total_hits": true, "query": {"range": {"sequence": {"gt": after}}},
            "sort": [{"sequence": "desc"}, {"id": "asc"}], "_source": ["article"]});
        let answer = self.search(&came, soon())?;
        let now = Timestamp::now();
        let mut reader = ArrivalReader::new(self.held.language.korean());
        let mut suggestions: Suggestions = self.held.suggestions.clone();
        for hit in hits_of(&answer).iter().rev() {
            let article = article_of(hit.get("_source").unwrap_or(&Value::Null))?;
            suggestions = suggestions.with(&reader.read(&article), now);
        }
        let offers = |held: Held| Self::of(Held { suggestions, ..held });
        // Nobody else has it yet.
        Arc::try_unwrap(self.held).map(offers).map_err(|_| ClusterError::EditionGone)
    }
}
