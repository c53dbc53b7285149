//! Files and lines → clean [`Article`](crate::article::Article)s, with a report of what was refused and why.
//!
//! [`list_files`] finds the sources, [`RecordReader`] cuts one into raw records (sequential, cheap, bounded memory),
//! and [`Cleaner`] makes an article of one record (total, and safe to call from many threads). Nothing is lost
//! silently: a record that does not become an article becomes a [`RefusedRecord`] with file, line and reason.

mod body;
mod boilerplate;
mod byline;
mod caption;
mod cleaner;
mod dates;
mod encoding;
mod entities;
mod files;
mod identity;
mod json;
mod json_split;
mod markup;
mod outlets;
mod record;
mod refusal;
mod scraped_line;
mod scraped_page;
mod sentence;
mod text;

pub use cleaner::Cleaner;
pub(crate) use encoding::decode;
pub use files::{FileList, PUSHED_FOLDER, SourceFile, SourceKind, list_files};
pub use outlets::{LexiconWarning, OutletNames};
pub use record::{MAX_JSON_FILE_BYTES, MAX_RECORD_BYTES, RawRecord, RecordKind, RecordReader};
pub use refusal::{IngestError, Refusal, RefusalCode, RefusedRecord};
pub use text::{normalise, normalise_line};
