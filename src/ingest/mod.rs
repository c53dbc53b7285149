//! Files and lines → clean [`Article`](crate::article::Article)s, with a report of what was refused and why.
//!
//! [`list_files`] finds the sources, [`RecordReader`] cuts one into raw records (sequential, cheap, bounded memory),
//! and [`Cleaner`] makes an article of one record (total, and safe to call from many threads). Nothing is lost
//! silently: a record that does not become an article becomes a [`RefusedRecord`] with file, line and reason, and of each file a
//! [`FileReport`] says which key fed which field, and what is missing.
//!
//! What a file is, is told by its content before its name (`formats::sniff`). Each format has a reader (`formats`); what a key, a column
//! or an element means is decided in one place for all of them (`names`, `values`, `json`).
//!
//! Three rules decide what becomes of a text:
//!
//! * **Text is settled once.** It is normalised here (`text`) and never again: what is stored is what is indexed, marked and
//!   returned, so offsets need no mapping.
//! * **Gentle with JSON, strict with pages.** A JSON body loses markup, entities, bylines, credits and known footers, and what is
//!   in doubt stays. A scraped `.txt` page is judged line by line and then by place, because what surrounds a story (menus, lists
//!   of other articles with dates of their own) looks like story lines one by one.
//! * **Nothing is invented.** A missing date stays missing: it is never taken from the page's other dates. An id that is not given
//!   is derived from the url, else from outlet, title and body, so the same file always gives the same ids.
//!
//! Sources are read in byte order of their paths. Of several records with one id the last in that order counts, whichever thread
//! is faster.

mod address;
mod any_of;
mod body;
mod boilerplate;
mod byline;
mod caption;
mod cleaner;
mod dates;
mod encoding;
mod entities;
mod files;
mod format;
mod formats;
mod identity;
mod json;
mod json_split;
mod lost_ampersands;
mod markup;
mod names;
mod nested;
mod opened;
mod outlets;
mod pushed;
mod raw;
mod record;
mod refusal;
mod report;
mod rule;
mod scraped_line;
mod scraped_page;
mod sentence;
mod stamp;
mod story_address;
mod text;
mod values;
mod word_list;
mod wrappers;

pub use address::common_form;
pub use cleaner::Cleaner;
pub(crate) use encoding::decode;
pub use files::{FileList, PUSHED_FOLDER, SourceFile, SourceKind, list_files};
pub use format::Format;
pub use json::parse_pushed;
pub use names::Field;
pub use opened::ReadWatch;
pub use outlets::{LexiconWarning, OutletNames};
pub use pushed::{PushedLine, PushedLines};
pub use raw::{MAX_RECORD_BYTES, RawRecord, RecordContent, is_unpublished_json};
pub use record::{MAX_JSON_FILE_BYTES, RecordReader};
pub use refusal::{IngestError, Refusal, RefusalCode, RefusedRecord};
pub(crate) use report::is_zero;
pub use report::{
    FileReport, FileTally, FilesMore, LISTED_FILES, Reading, SkipRule, Totals, Without, shortened,
};
pub use rule::{IngestRule, IngestRules, OneOrMore, RuleError, RuleSpec};
pub use stamp::Stamp;
pub use text::{normalise, normalise_line};
