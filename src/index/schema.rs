//! The one schema of an index generation.
//!
//! An article is stored as JSON, compressed with zstd level 6. Filters and facets are columns (tantivy's fast fields).

use sha2::{Digest, Sha256};
use tantivy::schema::{
    BytesOptions, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};

use crate::entities::EntityKind;

/// Changes whenever analysis or schema change what is in an index: a generation of another version is
/// served, but a reindex is due.
pub const ANALYZER_VERSION: u32 = 10;

/// At this size, in bytes of articles as JSON, a block of the store is compressed.
pub(in crate::index) const STORE_BLOCK_BYTES: usize = 32 * 1024;

/// What the columns of speakers have for a quotation of which the text does not say it.
pub(in crate::index) const UNSAID: &str = "-";

/// Names of the tokenizers in tantivy's registry; they are part of the schema.
pub(super) mod tokenizer_names {
    pub(crate) const MORPH: &str = "gisa_morph";
    pub(crate) const GRAM: &str = "gisa_gram";
    pub(crate) const EDGE: &str = "gisa_edge";
    pub(crate) const TITLE: &str = "gisa_title";

    /// The one that gives the speakers of quotations.
    pub(crate) const SPEAKER: &str = "gisa_speaker";
    /// The one that gives the places of the words for them.
    pub(crate) const SPEAKER_PLACE: &str = "gisa_speaker_place";

    /// The one that gives a column of names: not words of the text, but what it names.
    pub(crate) fn of_entities(kind: crate::entities::EntityKind) -> &'static str {
        use crate::entities::EntityKind::{Organisation, Person, Place, Word};
        match kind {
            Person => "gisa_person",
            Place => "gisa_place",
            Organisation => "gisa_organisation",
            Word => "gisa_keyword",
        }
    }
}

/// Set in [`Fields::sequence`] of an article that came from a file after its generation was built, by a changed run: like a pushed one it
/// is not in what the build wrote beside the index. The rest is its number in the order in which articles came, 0 where it has none. No
/// journal comes to such numbers.
pub(in crate::index) const OF_CHANGED_FILE: u64 = 1 << 63;

/// Set besides where the changed run replaced another article of this id.
pub(in crate::index) const REPLACED_BY_FILE: u64 = 1 << 62;

/// The number of an article in the order in which articles came, out of its [`Fields::sequence`]; 0 where it came with a build.
pub(in crate::index) fn arrival_number(sequence: u64) -> u64 {
    sequence & !(OF_CHANGED_FILE | REPLACED_BY_FILE)
}

/// Names of the columns, each spelt once.
pub(in crate::index) mod column {
    use crate::entities::EntityKind;
    use crate::query::request::FacetField;

    pub(in crate::index) const ID: &str = "id";
    pub(in crate::index) const OUTLET: &str = "outlet";
    pub(in crate::index) const REPORTER: &str = "reporter";
    pub(in crate::index) const SECTION: &str = "section";
    pub(in crate::index) const PUBLISHED: &str = "published";
    pub(in crate::index) const BODY_START: &str = "body_start";
    pub(in crate::index) const FINGERPRINT: &str = "fingerprint";
    pub(in crate::index) const SEQUENCE: &str = "sequence";
    pub(in crate::index) const ADDRESS: &str = "address";
    pub(in crate::index) const WORD_WIDTHS: &str = "word_widths";
    pub(in crate::index) const QUOTE: &str = "quote";
    pub(in crate::index) const SPEAKER: &str = "speaker";
    pub(in crate::index) const SPEAKER_PLACE: &str = "speaker_place";

    /// The column of what texts name.
    pub(in crate::index) fn of_entities(kind: EntityKind) -> &'static str {
        match kind {
            EntityKind::Person => "person",
            EntityKind::Place => "place",
            EntityKind::Organisation => "organisation",
            EntityKind::Word => "keyword",
        }
    }

    /// The column of a facet that counts names; `None` for those that count times.
    pub(in crate::index) fn of_names(field: FacetField) -> Option<&'static str> {
        match field {
            FacetField::Outlet | FacetField::OutletGroup => Some(OUTLET),
            FacetField::Reporter => Some(REPORTER),
            FacetField::Section => Some(SECTION),
            FacetField::Person => Some(of_entities(EntityKind::Person)),
            FacetField::Place => Some(of_entities(EntityKind::Place)),
            FacetField::Organisation => Some(of_entities(EntityKind::Organisation)),
            FacetField::Day | FacetField::Month | FacetField::Year => None,
        }
    }
}

/// The fields of a generation.
///
/// | field | what | postings | fast | stored |
/// |---|---|---|---|---|
/// | `id` | article id | docs | string | |
/// | `source` | the article as JSON | | | yes |
/// | `morph` | morpheme lane of title and body | docs, freqs, positions | | |
/// | `gram` | bigram lane of title and body | docs, freqs, positions | | |
/// | `edge` | two-character beginnings | docs, freqs, positions | | |
/// | `title` | morpheme lane of the title | docs, lengths | | |
/// | `outlet` `reporter` `section` | filters and facets | | string | |
/// | `published` | seconds since 1970 (UTC) | | i64 | |
/// | `body_start` | position of the body's first character | | u64 | |
/// | `fingerprint` | the smallest hashes of the body's shingles | | u64, up to 32 | |
/// | `sequence` | the journal's number of what wrote it; 0 for a file's article, 2^63 where that came after the build | | u64 | |
/// | `address` | hash of the article's address in its common form | docs | | |
/// | `word_widths` | how many characters so many words cover | | u64 | |
/// | `person` `place` `organisation` `keyword` | what the text names, and its most telling words | | string | |
/// | `quote` | where each quotation stands, in the order of the text | | u64 | |
/// | `speaker` `speaker_place` | who says each, and where that is said; [`UNSAID`] for nobody | | string | |
#[derive(Debug, Clone, Copy)]
pub(in crate::index) struct Fields {
    /// Article id.
    pub(in crate::index) id: Field,
    /// The article as JSON.
    pub(in crate::index) source: Field,
    /// Morpheme lane.
    pub(in crate::index) morph: Field,
    /// Bigram lane.
    pub(in crate::index) gram: Field,
    /// Two-character beginnings of words and morphemes.
    pub(in crate::index) edge: Field,
    /// Morpheme lane of the title alone.
    pub(in crate::index) title: Field,
    /// Outlet name.
    pub(in crate::index) outlet: Field,
    /// Reporter names.
    pub(in crate::index) reporter: Field,
    /// Section name.
    pub(in crate::index) section: Field,
    /// Publication time, seconds since 1970 in UTC.
    pub(in crate::index) published: Field,
    /// Position of the first kept character of the body.
    pub(in crate::index) body_start: Field,
    /// The smallest hashes of the body's shingles: what finds near-identical articles.
    pub(in crate::index) fingerprint: Field,
    /// The sequence number of the journal's entry that wrote the article; 0 or from [`OF_CHANGED_FILE`] on where it came from a file.
    pub(in crate::index) sequence: Field,
    /// [`address_hash`] of the article's address: what finds an article by a pasted link.
    /// None in an index of before it came.
    pub(in crate::index) address: Option<Field>,
    /// [`WordWidths`](crate::query::widths::WordWidths) of the article: what tells without its text whether words are near each other.
    /// None in an index of before it came.
    pub(in crate::index) word_widths: Option<Field>,
    /// What the text names, in the order of [`EntityKind::ALL`]. The tokenizers of these columns find it, so that a text is analysed once.
    /// None in an index of before they came.
    pub(in crate::index) entities: Option<[Field; 4]>,
    /// Where quotations stand, who says them, and where that is said: three columns in step. None in an index of before they came.
    pub(in crate::index) quotes: Option<[Field; 3]>,
}

/// Builds the schema.
pub(in crate::index) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let lane = |tokenizer: &str, record: IndexRecordOption, norms: bool| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(record)
                .set_fieldnorms(norms),
        )
    };
    let name = || TextOptions::default().set_fast("raw");
    let id = TextOptions::default().set_fast("raw").set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let fields = Fields {
        id: builder.add_text_field(column::ID, id),
        source: builder.add_bytes_field("source", BytesOptions::default() | STORED),
        morph: builder.add_text_field(
            "morph",
            lane(tokenizer_names::MORPH, IndexRecordOption::WithFreqsAndPositions, true),
        ),
        gram: builder.add_text_field(
            "gram",
            lane(tokenizer_names::GRAM, IndexRecordOption::WithFreqsAndPositions, true),
        ),
        edge: builder.add_text_field(
            "edge",
            lane(tokenizer_names::EDGE, IndexRecordOption::WithFreqsAndPositions, false),
        ),
        title: builder.add_text_field("title", lane(tokenizer_names::TITLE, IndexRecordOption::Basic, true)),
        outlet: builder.add_text_field(column::OUTLET, name()),
        reporter: builder.add_text_field(column::REPORTER, name()),
        section: builder.add_text_field(column::SECTION, name()),
        published: builder.add_i64_field(column::PUBLISHED, NumericOptions::default().set_fast()),
        body_start: builder.add_u64_field(column::BODY_START, NumericOptions::default().set_fast()),
        fingerprint: builder.add_u64_field(column::FINGERPRINT, NumericOptions::default().set_fast()),
        sequence: builder.add_u64_field(column::SEQUENCE, NumericOptions::default().set_fast()),
        address: Some(builder.add_u64_field(column::ADDRESS, NumericOptions::default().set_indexed())),
        word_widths: Some(builder.add_u64_field(column::WORD_WIDTHS, NumericOptions::default().set_fast())),
        entities: Some(EntityKind::ALL.map(|kind| {
            let found = TextOptions::default().set_fast(tokenizer_names::of_entities(kind));
            builder.add_text_field(column::of_entities(kind), found)
        })),
        quotes: Some([
            builder.add_u64_field(column::QUOTE, NumericOptions::default().set_fast()),
            builder
                .add_text_field(column::SPEAKER, TextOptions::default().set_fast(tokenizer_names::SPEAKER)),
            builder.add_text_field(
                column::SPEAKER_PLACE,
                TextOptions::default().set_fast(tokenizer_names::SPEAKER_PLACE),
            ),
        ]),
    };
    (builder.build(), fields)
}

/// The fields of an index with the schema `found`; `None` if it is another's. One that lacks only what came last serves as it did before,
/// so that an upgrade does not go dark: what it cannot say is left out until the next reindex.
pub(in crate::index) fn fields_of(found: &Schema) -> Option<Fields> {
    let (expected, fields) = schema();
    let same = |of: &Schema| of.fields().map(|(_, entry)| entry.clone()).collect::<Vec<_>>();
    let (found, expected) = (same(found), same(&expected));
    if found == expected {
        return Some(fields);
    }
    let has = |field: Field| (field.field_id() as usize) < found.len();
    // A version added its fields together: all of them are there, or none is.
    let [address, word_widths] =
        [fields.address, fields.word_widths].map(|field| field.filter(|field| has(*field)));
    let entities = fields.entities.filter(|all| all.iter().all(|field| has(*field)));
    let quotes = fields.quotes.filter(|all| all.iter().all(|field| has(*field)));
    let first_of_a_version = [
        fields.address,
        fields.word_widths,
        fields.entities.map(|[first, ..]| first),
        fields.quotes.map(|[first, ..]| first),
    ];
    let ends_before_one =
        first_of_a_version.into_iter().flatten().any(|field| field.field_id() as usize == found.len());
    let known = Fields { address, word_widths, entities, quotes, ..fields };
    (expected.starts_with(&found) && ends_before_one).then_some(known)
}

/// The first eight bytes of the SHA-256 of an address in its [`common_form`](crate::ingest::common_form).
pub(in crate::index) fn address_hash(address: &str) -> u64 {
    Sha256::digest(address).iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The schema of a version that knew only the first `fields` fields.
    fn of_before(fields: usize) -> Schema {
        let mut builder = Schema::builder();
        for (_, entry) in schema().0.fields().take(fields) {
            builder.add_field(entry.clone());
        }
        builder.build()
    }

    #[test]
    fn an_index_of_each_version_before_serves_without_what_came_later() {
        let all = schema().0.fields().count();
        let found = |fields| fields_of(&of_before(fields));
        let has = |fields| {
            found(fields).map(|known| {
                (
                    known.address.is_some(),
                    known.word_widths.is_some(),
                    known.entities.is_some(),
                    known.quotes.is_some(),
                )
            })
        };
        assert_eq!(has(all), Some((true, true, true, true)));
        assert_eq!(has(all - 3), Some((true, true, true, false)));
        assert_eq!(has(all - 7), Some((true, true, false, false)));
        assert_eq!(has(all - 8), Some((true, false, false, false)));
        assert_eq!(has(all - 9), Some((false, false, false, false)));
        // Nobody built such an index.
        assert!(found(all - 10).is_none() && found(all - 2).is_none());
    }
}
