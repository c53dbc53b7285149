//! An article as tantivy takes it.
//!
//! Four lanes and the columns of names read one text. tantivy's own document would hold a copy of it for each of them, and up to 10,000
//! documents wait for the thread that indexes them; here all fields borrow the one text, and what waits is bounded in bytes
//! ([`DocumentRoom`]).

use std::iter::Empty;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tantivy::TantivyError;
use tantivy::schema::Field;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value};

use super::schema::{Fields, address_hash};
use crate::article::Article;
use crate::ingest::common_form;
use crate::korean::analysis::{TITLE_GAP, analysed_text};
use crate::korean::fold::{kept_chars, kept_len};
use crate::query::near::WordNumbers;
use crate::quotes::{QuotePlace, quote_texts};
use crate::similar::fingerprint::{shingles, sketch};

/// Bytes of documents that may wait to be indexed, together with the one in work.
const WAITING_BYTES: usize = 64 << 20;
/// How long a document waits for room at most. A thread that indexes takes seconds for the largest article there is; where nothing moves
/// for so long it has died, and then adding the document says why.
const PATIENCE: Duration = Duration::from_secs(60);

/// An article as tantivy takes it.
#[derive(Debug)]
pub(in crate::index) struct ArticleDocument {
    /// Title and body.
    text: String,
    values: Vec<(Field, Content)>,
    place: Option<Place>,
}

/// What a field has.
#[derive(Debug)]
enum Content {
    /// The text of the document.
    Text,
    Str(Box<str>),
    Bytes(Box<[u8]>),
    U64(u64),
    I64(i64),
}

impl ArticleDocument {
    /// The document of `article`, which the journal's entry `sequence` wrote, or a file (0, or with
    /// [`OF_CHANGED_FILE`](super::schema::OF_CHANGED_FILE)).
    ///
    /// # Errors
    /// [`TantivyError::InternalError`] if the article cannot be written as JSON, which no article does.
    pub(in crate::index) fn new(fields: &Fields, article: &Article, sequence: u64) -> tantivy::Result<Self> {
        let source =
            serde_json::to_vec(article).map_err(|error| TantivyError::InternalError(error.to_string()))?;
        let mut values = vec![
            (fields.id, Content::Str(article.id.as_str().into())),
            (fields.source, Content::Bytes(source.into())),
            (fields.sequence, Content::U64(sequence)),
        ];
        values
            .extend([fields.morph, fields.gram, fields.edge, fields.title].map(|lane| (lane, Content::Text)));
        let names = article.outlet.iter().map(|name| (fields.outlet, name));
        let names = names.chain(article.reporters.iter().map(|name| (fields.reporter, name)));
        let names = names.chain(article.section.iter().map(|name| (fields.section, name)));
        values.extend(names.map(|(field, name)| (field, Content::Str(name.as_str().into()))));
        values.extend(article.published_at.map(|time| (fields.published, Content::I64(time.seconds()))));
        let body_start = kept_len(&article.title) as u64 + u64::from(TITLE_GAP);
        values.push((fields.body_start, Content::U64(body_start)));
        if let Some(field) = fields.address
            && let Some(address) = article.url.as_deref().and_then(common_form)
        {
            values.push((field, Content::U64(address_hash(&address))));
        }
        if let Some(field) = fields.word_widths {
            let widths = WordNumbers::of_article(&article.title, &article.body).widths();
            values.push((field, Content::U64(widths.pack())));
        }
        values.extend(fields.entities.into_iter().flatten().map(|field| (field, Content::Text)));
        if let Some([quote, speaker, speaker_place]) = fields.quotes {
            let quotes = quote_texts(&article.body);
            if !quotes.is_empty() {
                let kept = kept_chars(&article.body);
                let places = quotes.iter().map(|range| QuotePlace::of(range, &article.body, &kept));
                values.extend(places.map(|place| (quote, Content::U64(place.pack()))));
                values.extend([speaker, speaker_place].map(|field| (field, Content::Text)));
            }
        }
        let hashes = sketch(shingles(&article.body)).into_iter();
        values.extend(hashes.map(|hash| (fields.fingerprint, Content::U64(u64::from(hash)))));
        Ok(Self { text: analysed_text(article), values, place: None })
    }

    /// The document once `room` has a place for it, which it keeps until it is indexed.
    pub(in crate::index) fn with_place(mut self, room: &DocumentRoom) -> Self {
        let bytes_of = |(_, content): &(Field, Content)| match content {
            Content::Str(text) => text.len(),
            Content::Bytes(bytes) => bytes.len(),
            Content::Text | Content::U64(_) | Content::I64(_) => 0,
        };
        self.place = Some(room.place(self.text.len() + self.values.iter().map(bytes_of).sum::<usize>()));
        self
    }
}

impl Document for ArticleDocument {
    type Value<'a> = Borrowed<'a>;
    type FieldsValuesIter<'a> = FieldValues<'a>;

    fn iter_fields_and_values(&self) -> FieldValues<'_> {
        FieldValues { text: &self.text, values: self.values.iter() }
    }
}

/// Goes through the fields of a document.
pub(in crate::index) struct FieldValues<'a> {
    text: &'a str,
    values: std::slice::Iter<'a, (Field, Content)>,
}

impl<'a> Iterator for FieldValues<'a> {
    type Item = (Field, Borrowed<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (field, content) = self.values.next()?;
        let value = match content {
            Content::Text => Borrowed::Str(self.text),
            Content::Str(text) => Borrowed::Str(text),
            Content::Bytes(bytes) => Borrowed::Bytes(bytes),
            Content::U64(number) => Borrowed::U64(*number),
            Content::I64(number) => Borrowed::I64(*number),
        };
        Some((*field, value))
    }
}

/// What a field has, borrowed from its document.
#[derive(Debug, Clone, Copy)]
pub(in crate::index) enum Borrowed<'a> {
    Str(&'a str),
    Bytes(&'a [u8]),
    U64(u64),
    I64(i64),
}

impl<'a> Value<'a> for Borrowed<'a> {
    type ArrayIter = Empty<Self>;
    type ObjectIter = Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match *self {
            Self::Str(text) => ReferenceValueLeaf::Str(text),
            Self::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
            Self::U64(number) => ReferenceValueLeaf::U64(number),
            Self::I64(number) => ReferenceValueLeaf::I64(number),
        })
    }
}

/// How many bytes of documents wait to be indexed: [`WAITING_BYTES`] at most, or a single document that is larger.
#[derive(Debug, Clone, Default)]
pub(in crate::index) struct DocumentRoom {
    taken: Arc<(Mutex<usize>, Condvar)>,
}

/// A document's part of a room; given back when dropped.
#[derive(Debug)]
struct Place {
    bytes: usize,
    room: DocumentRoom,
}

impl DocumentRoom {
    fn place(&self, bytes: usize) -> Place {
        let (taken, changed) = &*self.taken;
        let taken = taken.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |taken: &mut usize| *taken > 0 && taken.saturating_add(bytes) > WAITING_BYTES;
        let waited = changed.wait_timeout_while(taken, PATIENCE, is_full);
        let (mut taken, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *taken += bytes;
        Place { bytes, room: self.clone() }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let (taken, changed) = &*self.room.taken;
        *taken.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        changed.notify_all();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::index::schema::schema;

    #[test]
    fn all_fields_borrow_one_text() {
        let (_, fields) = schema();
        let article: Article = serde_json::from_str(
            r#"{"id": "가", "title": "시장 발언", "body": "이하늘 시장은 “예산을 늘리겠다”고 말했다.", "outlet": "가람일보", "reporters": ["홍길동", "김하늘"],
                "published_at": "2026-05-04T09:00:00+09:00"}"#,
        )
        .unwrap();
        let document = ArticleDocument::new(&fields, &article, 7).unwrap();
        let of = |wanted: Field| -> Vec<Borrowed<'_>> {
            document
                .iter_fields_and_values()
                .filter(|(field, _)| *field == wanted)
                .map(|(_, value)| value)
                .collect()
        };
        let text = analysed_text(&article);
        let [quote, speaker, _] = fields.quotes.unwrap();
        for lane in
            [fields.morph, fields.gram, fields.edge, fields.title, fields.entities.unwrap()[0], speaker]
        {
            assert!(
                matches!(of(lane)[..], [Borrowed::Str(own)] if own == text && own.as_ptr() == document.text.as_ptr())
            );
        }
        assert!(matches!(of(fields.reporter)[..], [Borrowed::Str("홍길동"), Borrowed::Str("김하늘")]));
        assert!(matches!(of(fields.sequence)[..], [Borrowed::U64(7)]));
        assert_eq!(of(quote).len(), 1);
        let Borrowed::Bytes(source) = of(fields.source)[0] else { panic!("the source is bytes") };
        assert_eq!(serde_json::from_slice::<Article>(source).unwrap(), article);
    }

    #[test]
    fn what_waits_is_bounded_in_bytes() {
        let room = DocumentRoom::default();
        let first = room.place(WAITING_BYTES - 10);
        let second = room.place(10);
        let (sender, receiver) = std::sync::mpsc::channel();
        let waiting = std::thread::spawn({
            let room = room.clone();
            move || {
                // More than the room has, so it waits until it is alone.
                let third = room.place(WAITING_BYTES * 2);
                sender.send(*room.taken.0.lock().unwrap()).unwrap();
                third
            }
        });
        drop(first);
        assert!(receiver.try_recv().is_err());
        drop(second);
        assert_eq!(receiver.recv().unwrap(), WAITING_BYTES * 2);
        drop(waiting.join().unwrap());
        assert_eq!(*room.taken.0.lock().unwrap(), 0);
    }
}
