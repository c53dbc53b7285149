//! Groups of near-identical articles: found over a whole index, and held in memory by its documents.

use std::borrow::Cow;
use std::rc::Rc;

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{
    DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED, TantivyDocument, TantivyError, Term,
};

use super::grouping::{Grouping, Place};
use super::text::Text;
use crate::index::Fields;

/// Texts kept while articles are grouped. What resembles each other was mostly published within days, so nearly all that
/// is asked for again is still here; 20,000 of average length take some 40 MB.
const TEXTS: usize = 20_000;

/// Finds the groups of two or more articles of an index: ids, the first published first (ties by id, articles without a
/// date last), groups in the order of their leaders. `go_on` is asked now and then; the search ends early, with `None`,
/// when it says no.
///
/// # Errors
/// A failing index.
pub fn find(
    searcher: &Searcher,
    fields: &Fields,
    go_on: impl Fn() -> bool,
) -> tantivy::Result<Option<Vec<Vec<String>>>> {
    let mut articles = Vec::new();
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        published(segment, reader, &mut articles)?;
    }
    articles.sort_unstable_by(|a, b| {
        (a.published.is_none(), a.published, &a.id).cmp(&(b.published.is_none(), b.published, &b.id))
    });

    let mut columns = Vec::new();
    for reader in searcher.segment_readers() {
        columns.push(reader.fast_fields().u64("fingerprint")?);
    }
    let mut texts = Texts {
        searcher,
        fields,
        articles: &articles,
        recent: FxHashMap::default(),
        before: FxHashMap::default(),
    };
    let mut grouping = Grouping::default();
    let mut groups: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    let mut sketch = Vec::new();
    for (number, article) in (0_u32..).zip(&articles) {
        if number % 1024 == 0 && !go_on() {
            return Ok(None);
        }
        sketch.clear();
        if let Some(column) = columns.get(article.at.segment_ord as usize) {
            sketch.extend(column.values_for_doc(article.at.doc_id).map(|hash| hash as u32));
        }
        if let Place::Joins(leader) = grouping.place(number, &sketch, |wanted| texts.get(wanted))? {
            groups.entry(leader).or_insert_with(|| vec![leader]).push(number);
        }
    }
    let mut groups: Vec<Vec<u32>> = groups.into_values().collect();
    groups.sort_unstable();
    let id = |number: u32| articles.get(number as usize).map(|article| article.id.clone());
    Ok(Some(groups.into_iter().map(|group| group.into_iter().filter_map(id).collect()).collect()))
}

/// An article in the order of publication.
struct Published {
    id: String,
    published: Option<i64>,
    at: DocAddress,
}

/// Appends the articles of a segment.
fn published(segment: u32, reader: &SegmentReader, out: &mut Vec<Published>) -> tantivy::Result<()> {
    let missing = || TantivyError::SchemaError("the index has no ids".to_owned());
    let ids = reader.fast_fields().str("id")?.ok_or_else(missing)?;
    let times = reader.fast_fields().i64("published")?;
    let mut names = Vec::with_capacity(ids.num_terms());
    let mut stream = ids.dictionary().stream()?;
    while stream.advance() {
        names.push(String::from_utf8_lossy(stream.key()).into_owned());
    }
    for doc in reader.doc_ids_alive() {
        let ord = ids.term_ords(doc).next().ok_or_else(missing)?;
        let id = names.get_mut(ord as usize).map(std::mem::take).ok_or_else(missing)?;
        out.push(Published { id, published: times.first(doc), at: DocAddress::new(segment, doc) });
    }
    Ok(())
}

/// Texts of articles, loaded when asked for; the last [`TEXTS`] to twice as many are kept.
struct Texts<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    articles: &'a [Published],
    recent: FxHashMap<u32, Rc<Text>>,
    before: FxHashMap<u32, Rc<Text>>,
}

impl Texts<'_> {
    fn get(&mut self, number: u32) -> tantivy::Result<Rc<Text>> {
        if let Some(text) = self.recent.get(&number) {
            return Ok(Rc::clone(text));
        }
        let text = match self.before.remove(&number) {
            Some(text) => text,
            None => Rc::new(self.load(number)?),
        };
        if self.recent.len() >= TEXTS {
            self.before = std::mem::take(&mut self.recent);
        }
        self.recent.insert(number, Rc::clone(&text));
        Ok(text)
    }

    fn load(&self, number: u32) -> tantivy::Result<Text> {
        let unreadable =
            || TantivyError::InternalError(format!("the stored article {number} cannot be read"));
        let article = self.articles.get(number as usize).ok_or_else(unreadable)?;
        let stored: TantivyDocument = self.searcher.doc(article.at)?;
        let source = stored.get_first(self.fields.source).and_then(|value| value.as_bytes());
        let article: Compared =
            source.and_then(|bytes| serde_json::from_slice(bytes).ok()).ok_or_else(unreadable)?;
        Ok(Text::of(&article.title, &article.body))
    }
}

/// What is compared of a stored article; the rest is skipped, which is several times as fast as reading all of it.
#[derive(Deserialize)]
struct Compared<'a> {
    #[serde(borrow, default)]
    title: Cow<'a, str>,
    #[serde(borrow, default)]
    body: Cow<'a, str>,
}

/// The groups of an open generation.
#[derive(Debug, Default)]
pub struct SimilarGroups {
    /// Members of each group in the order of publication.
    members: Vec<Vec<DocAddress>>,
    /// By segment: the group of each document in one.
    of: Vec<FxHashMap<DocId, u32>>,
    /// By segment: the documents in a group.
    grouped: Vec<FixedBitSet>,
}

impl SimilarGroups {
    /// Finds the documents of `groups`, as [`super::file::read`] gives them, by their ids.
    ///
    /// # Errors
    /// A failing index, or an id that is not in it.
    pub fn open(searcher: &Searcher, fields: &Fields, groups: &[Vec<String>]) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers();
        let mut opened = Self {
            members: Vec::with_capacity(groups.len()),
            of: vec![FxHashMap::default(); segments.len()],
            grouped: segments
                .iter()
                .map(|reader| FixedBitSet::with_capacity(reader.max_doc() as usize))
                .collect(),
        };
        let inverted = segments
            .iter()
            .map(|reader| reader.inverted_index(fields.id))
            .collect::<tantivy::Result<Vec<_>>>()?;
        for (number, ids) in (0_u32..).zip(groups) {
            let mut members = Vec::with_capacity(ids.len());
            for id in ids {
                let term = Term::from_field_text(fields.id, id);
                let mut found = None;
                for ((segment, reader), inverted) in (0_u32..).zip(segments).zip(&inverted) {
                    let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
                        continue;
                    };
                    while postings.doc() != TERMINATED && reader.is_deleted(postings.doc()) {
                        postings.advance();
                    }
                    if postings.doc() != TERMINATED {
                        found = Some(DocAddress::new(segment, postings.doc()));
                        break;
                    }
                }
                let missing =
                    || TantivyError::InternalError(format!("article {id:?} of a group is not in the index"));
                let at = found.ok_or_else(missing)?;
                members.push(at);
                if let Some(of) = opened.of.get_mut(at.segment_ord as usize) {
                    of.insert(at.doc_id, number);
                }
                if let Some(grouped) = opened.grouped.get_mut(at.segment_ord as usize) {
                    grouped.insert(at.doc_id as usize);
                }
            }
            opened.members.push(members);
        }
        Ok(opened)
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// How many articles are in a group.
    pub fn articles(&self) -> usize {
        self.of.iter().map(FxHashMap::len).sum()
    }

    /// The documents of a segment that are in a group; `None` for a segment that there is not.
    pub fn grouped(&self, segment: usize) -> Option<&FixedBitSet> {
        self.grouped.get(segment)
    }

    /// The group of a document; `None` where nothing resembles it.
    pub fn group(&self, segment: usize, doc: DocId) -> Option<u32> {
        self.of.get(segment)?.get(&doc).copied()
    }

    /// The members of a group in the order of publication.
    pub fn members(&self, group: u32) -> &[DocAddress] {
        self.members.get(group as usize).map_or(&[], Vec::as_slice)
    }
}
