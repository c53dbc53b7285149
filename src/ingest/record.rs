//! One file → its raw records, one after the other, in bounded memory.

mod lines;

use std::collections::BTreeMap;
use std::io::{BufRead, Read};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lines::{Line, LineContent, next_line};

use super::encoding::{KoreanText, begins_in_cp949, decode, into_text};
use super::files::{SourceFile, comments_of_readers};
use super::format::Format;
use super::formats::{
    Content, CsvReader, FrontMatter, Records, TaggedText, Workbook, XmlRecords, list_of_articles, sniff,
    sniff_table,
};
use super::json_split::JsonSplitter;
use super::opened::{self, Input, ReadWatch};
use super::raw::{Found, MAX_RECORD_BYTES, RawRecord, RecordContent, damaged, too_large};
use super::refusal::{Refusal, RefusalCode, RefusedRecord};
use super::report::{COUNTED_KEYS, SkipRule};
use super::rule::{FieldPath, IngestRule, SeenPaths};
use super::wrappers::{self, Action, Around, Element, Table, bulk_action, look_into};

/// The largest `.json` file, in bytes: it is held in memory while its articles are read.
pub const MAX_JSON_FILE_BYTES: usize = 256 << 20;

/// The largest `.xml` file, in bytes, expanded: it is held in memory while its articles are read.
const MAX_XML_BYTES: usize = 128 << 20;
/// The first bytes of a JSON file, by which its encoding is judged where it is large.
const FIRST_BYTES: usize = 8 << 20;
/// The largest workbook, in bytes as it lies on disk.
const MAX_WORKBOOK_BYTES: usize = 64 << 20;
/// The same of Excel 97 to 2003, which is held three times while it is read.
const MAX_OLD_WORKBOOK_BYTES: usize = 32 << 20;

/// Reads the records of one file. Also an [`Iterator`].
pub struct RecordReader<'a> {
    file: PathBuf,
    /// Bytes on disk when the file was listed.
    listed: u64,
    consumed: Arc<AtomicU64>,
    state: State<'a>,
    format: Format,
    skipped: BTreeMap<SkipRule, u64>,
    sheets_left_out: Vec<String>,
    keys_beside: BTreeMap<String, u64>,
    rule: Option<Arc<IngestRule>>,
    seen: SeenPaths,
    /// The lines after one that wraps articles, while these are read.
    lines_after: Option<State<'a>>,
    /// What the rule names and no record had; filled at the end.
    missing: Option<std::vec::IntoIter<Refusal>>,
}

enum State<'a> {
    /// A file of one JSON object a line; `line` is the number of the last line read, `id` is what an action line before gave.
    Lines {
        input: Input<'a>,
        line: u64,
        id: Option<String>,
    },
    /// A file that is read as a whole, not yet read.
    Whole {
        input: Input<'a>,
        content: Content,
    },
    /// A `.json` file whose elements are being cut off one by one.
    Elements(JsonSplitter),
    /// A table by columns inside of a `.json` file, which lies there on that line, and the file after it.
    Rows(JsonSplitter, Range<usize>, u64, Box<Table>),
    /// A file whose format has a reader of its own.
    Records(Box<dyn Records + 'a>),
    Done,
}

impl RecordReader<'static> {
    /// Opens `source`.
    ///
    /// # Errors
    /// The refusal of the whole file: it has vanished, may not be read, or is not a regular file any more.
    pub fn open(source: &SourceFile) -> Result<Self, RefusedRecord> {
        RecordReader::opened(source, None)
    }
}

impl<'a> RecordReader<'a> {
    /// Opens `source`; whoever holds what `watch` refers to sees how far it is read, and can stop it. A file that was stopped
    /// ends with a refusal.
    ///
    /// # Errors
    /// Those of [`RecordReader::open`].
    pub fn open_watched(source: &SourceFile, watch: ReadWatch<'a>) -> Result<Self, RefusedRecord> {
        Self::opened(source, Some(watch))
    }

    fn opened(source: &SourceFile, watch: Option<ReadWatch<'a>>) -> Result<Self, RefusedRecord> {
        let refused = |refusal| RefusedRecord { file: source.path.clone(), line: None, refusal };
        let rule = source.rule.clone();
        let encoding = rule.as_ref().and_then(|rule| rule.encoding);
        let columns = rule.as_ref().and_then(|rule| rule.columns.as_ref());
        let opened = opened::open(&source.full_path, watch, encoding).map_err(|error| {
            refused(Refusal::new(RefusalCode::Unreadable, format!("cannot open the file: {error}")))
        })?;
        let (opened::Content { head, whole, input }, consumed) = opened;
        let mut content = match columns {
            Some(_) => sniff_table(&head).map_err(refused)?,
            None => sniff(&head, whole, source.kind).map_err(refused)?,
        };
        // Whoever writes a rule for it knows better.
        if source.is_named_for_comments() && rule.is_none() {
            return Err(refused(comments_of_readers()));
        }
        if content == Content::Lines && rule.as_ref().is_some_and(|rule| rule.records.is_some()) {
            content = Content::Json;
        }
        let mut format = Format::Text;
        let state = match content {
            Content::Lines => {
                format = Format::Jsonl;
                State::Lines { input, line: 0, id: None }
            }
            Content::Table => {
                let reader = CsvReader::new(input, &head, rule.clone());
                format = if reader.is_tabbed() { Format::Tsv } else { Format::Csv };
                State::Records(Box::new(reader))
            }
            content => {
                format = match content {
                    Content::Json => Format::Json,
                    Content::Zip => Format::Xlsx,
                    Content::Ole => Format::Xls,
                    Content::Xml => Format::Xml,
                    Content::Html | Content::HtmlTable => Format::Html,
                    Content::Tagged => Format::Tagged,
                    _ => format,
                };
                State::Whole { input, content }
            }
        };
        let (file, listed) = (source.path.clone(), source.bytes);
        let (skipped, seen) = (BTreeMap::new(), SeenPaths::default());
        let (sheets_left_out, keys_beside) = (Vec::new(), BTreeMap::new());
        Ok(Self {
            file,
            listed,
            consumed,
            state,
            format,
            skipped,
            sheets_left_out,
            keys_beside,
            rule,
            seen,
            lines_after: None,
            missing: None,
        })
    }

    /// What the file is. Certain once the first record was read.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// What was passed over so far, by rule.
    #[must_use]
    pub fn skipped(&self) -> &BTreeMap<SkipRule, u64> {
        &self.skipped
    }

    /// The names of a workbook's sheets that hold something and were not read.
    #[must_use]
    pub fn sheets_left_out(&self) -> &[String] {
        &self.sheets_left_out
    }

    /// The keys beside lists of articles that say nothing of these, with how many lists had them.
    #[must_use]
    pub fn keys_beside(&self) -> &BTreeMap<String, u64> {
        &self.keys_beside
    }

    /// Bytes of the file on disk consumed so far (compressed bytes of a compressed file): at most one buffer ahead of
    /// the records.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.consumed.load(Ordering::Relaxed)
    }

    /// The next record, or why the next line (or the rest of the file) is not one. `None` at the end of the file.
    ///
    /// # Errors
    /// [`RefusedRecord`] names the line. Reading goes on after it, unless the file is damaged there.
    pub fn next_record(&mut self) -> Option<Result<RawRecord, RefusedRecord>> {
        let (line, found) = loop {
            let Some((line, mut found)) = self.step() else {
                let refusal = self.missing_paths().next()?;
                return Some(Err(RefusedRecord { file: self.file.clone(), line: None, refusal }));
            };
            if found.as_ref().is_ok_and(RawRecord::is_unpublished) {
                self.skip(SkipRule::NotPublished);
                continue;
            }
            if let (Some(rule), Ok(record)) = (&self.rule, &mut found) {
                if rule.passes_over(record, &mut self.seen) {
                    self.skip(SkipRule::Configured);
                    continue;
                }
                record.rule = Some(Arc::clone(rule));
            }
            break (line, found);
        };
        Some(found.map_err(|refusal| RefusedRecord { file: self.file.clone(), line, refusal }))
    }

    fn missing_paths(&mut self) -> &mut std::vec::IntoIter<Refusal> {
        let (rule, seen) = (&self.rule, &self.seen);
        self.missing.get_or_insert_with(|| {
            rule.as_ref().map(|rule| rule.missing(seen)).unwrap_or_default().into_iter()
        })
    }

    fn step(&mut self) -> Option<Found> {
        loop {
            // The state is taken out and put back only where reading goes on: whatever ends the file leaves `Done`.
            match std::mem::replace(&mut self.state, State::Done) {
                State::Done => return None,
                State::Lines { mut input, mut line, mut id } => {
                    let Line { content: found, ended } = match next_line(input.as_mut(), &mut line) {
                        Ok(None) => return self.cut_short().map(|refusal| (Some(line), Err(refusal))),
                        Ok(Some(next)) => next,
                        Err(error) => return Some((Some(line), Err(damaged(&error)))),
                    };
                    // The last line, without a line break: the beginning of one where the file was cut short.
                    if !ended && let Some(refusal) = self.cut_short() {
                        return Some((Some(line), Err(refusal)));
                    }
                    // After it nothing is read, also where the file grows meanwhile.
                    let lines =
                        |input, id| if ended { State::Lines { input, line, id } } else { State::Done };
                    if let LineContent::Bytes(bytes) = &found
                        && let Some(action) = bulk_action(bytes)
                    {
                        id = match action {
                            Action::Write(id) => id,
                            Action::Delete => {
                                self.skip(SkipRule::Deletion);
                                None
                            }
                        };
                        self.state = lines(input, id);
                        continue;
                    }
                    if let Some(splitter) = wrapper(&found, line, self.guesses()) {
                        self.state = State::Elements(splitter);
                        self.lines_after = Some(lines(input, None));
                        continue;
                    }
                    let record = found.into_record(line, id);
                    self.state = lines(input, None);
                    return Some((Some(line), record));
                }
                State::Whole { mut input, content } => {
                    if let Err(refusal) = self.open_whole(input.as_mut(), content) {
                        return Some((None, Err(refusal)));
                    }
                }
                State::Elements(mut splitter) => {
                    let Some((line, element)) = splitter.next_element() else {
                        self.state = self.lines_after.take()?;
                        continue;
                    };
                    match self.element(splitter, line, element) {
                        Some(found) => return Some(found),
                        None => continue,
                    }
                }
                State::Rows(splitter, element, line, mut table) => {
                    match table.next(splitter.text(&element)) {
                        Some(found) => {
                            let around = table.around().or(splitter.around()).cloned();
                            self.state = State::Rows(splitter, element, line, table);
                            let record = found.map(|(id, fields)| {
                                let content = RecordContent::Fields(fields);
                                RawRecord { id, around, ..RawRecord::new(Some(line), content) }
                            });
                            return Some((Some(line), record));
                        }
                        None => self.state = State::Elements(splitter),
                    }
                }
                State::Records(mut records) => {
                    let Some(found) = records.next() else {
                        for (rule, count) in records.skipped() {
                            *self.skipped.entry(rule).or_default() += count;
                        }
                        // What was not read is said already.
                        return self
                            .cut_short()
                            .filter(|_| !records.gave_up())
                            .map(|refusal| (None, Err(refusal)));
                    };
                    self.state = State::Records(records);
                    return Some(found);
                }
            }
        }
    }

    fn skip(&mut self, rule: SkipRule) {
        *self.skipped.entry(rule).or_default() += 1;
    }

    /// Reads a file as a whole and goes on with its records.
    fn open_whole(&mut self, input: &mut dyn BufRead, content: Content) -> Result<(), Refusal> {
        let (limit, what) = match content {
            Content::Json => (MAX_JSON_FILE_BYTES, "JSON file"),
            Content::Xml => (MAX_XML_BYTES, "XML file"),
            Content::Zip => (MAX_WORKBOOK_BYTES, "workbook"),
            Content::Ole => (MAX_OLD_WORKBOOK_BYTES, "workbook"),
            _ => (MAX_RECORD_BYTES, "page"),
        };
        if content == Content::Json {
            self.state = State::Elements(JsonSplitter::new(self.whole_text(input, limit, what)?));
            return Ok(());
        }
        let bytes = self.whole(input, limit, what)?;
        self.state = match content {
            Content::Xml => {
                let records = XmlRecords::new(bytes)?;
                self.format = records.format;
                State::Records(Box::new(records))
            }
            Content::Zip | Content::Ole => {
                let rule = self.rule.clone();
                let book = match content {
                    Content::Zip => Workbook::of_zip(bytes, rule),
                    _ => Workbook::of_ole(bytes, rule),
                }?;
                self.format = book.format;
                self.sheets_left_out.clone_from(&book.left_out);
                State::Records(Box::new(book))
            }
            Content::Tagged => State::Records(Box::new(TaggedText::new(&into_text(bytes)?))),
            Content::FrontMatter => State::Records(Box::new(FrontMatter::new(&into_text(bytes)?))),
            Content::HtmlTable => {
                let book = Workbook::of_html(&into_text(bytes)?, self.rule.clone());
                self.sheets_left_out.clone_from(&book.left_out);
                State::Records(Box::new(book))
            }
            Content::Html => {
                let listed = list_of_articles(&bytes);
                let pages = if listed.is_empty() {
                    vec![RecordContent::Html(bytes)]
                } else {
                    listed.into_iter().map(RecordContent::Fields).collect()
                };
                State::Records(Box::new(Pages(pages.into_iter())))
            }
            Content::Page | Content::Json | Content::Lines | Content::Table => {
                State::Records(Box::new(Pages(vec![RecordContent::ScrapedPage(bytes)].into_iter())))
            }
        };
        Ok(())
    }

    /// An element of a `.json` file: a record, or something that holds records. `None` where reading goes on inside of it.
    fn element(
        &mut self,
        mut splitter: JsonSplitter,
        line: u64,
        element: Result<Range<usize>, Refusal>,
    ) -> Option<Found> {
        let element = match element {
            Ok(element) => element,
            Err(refusal) => {
                self.state = State::Elements(splitter);
                return Some((Some(line), Err(refusal)));
            }
        };
        let path = self.rule.as_ref().and_then(|rule| rule.records.clone()).filter(|_| !splitter.is_inside());
        if let Some(path) = path {
            let found = self.records_at(&path, &element, line, &mut splitter);
            self.state = State::Elements(splitter);
            return found;
        }
        let found = match look_into(splitter.text(&element), self.guesses()) {
            Element::Record => {
                let around = splitter.around().cloned();
                let record = json_record(splitter.text(&element), line);
                Some((Some(line), record.map(|record| RawRecord { around, ..record })))
            }
            Element::List(at, around) => {
                self.enter(&mut splitter, &element, at, around);
                None
            }
            Element::Table(mut table) => {
                self.note_beside(table.take_others());
                self.state = State::Rows(splitter, element, line, Box::new(table));
                return None;
            }
            Element::Header => {
                self.skip(SkipRule::ExportHeader);
                None
            }
            Element::Unclear(refusal) => Some((Some(line), Err(refusal))),
        };
        self.state = State::Elements(splitter);
        found
    }

    /// Whether lists of articles are looked for under names that say nothing: not where a rule says what the articles have.
    fn guesses(&self) -> bool {
        self.rule.as_ref().is_none_or(|rule| !rule.names_the_text())
    }

    /// Goes into the list at byte `at` of an element. What it says beside the list and of no article is noted.
    fn enter(&mut self, splitter: &mut JsonSplitter, element: &Range<usize>, at: usize, mut around: Around) {
        self.note_beside(std::mem::take(&mut around.others));
        splitter.enter(element, at, around);
    }

    fn note_beside(&mut self, keys: Vec<String>) {
        for key in keys {
            if self.keys_beside.len() < COUNTED_KEYS || self.keys_beside.contains_key(&key) {
                *self.keys_beside.entry(key).or_default() += 1;
            }
        }
    }

    /// What is at `path` of an element, where a rule says that the articles are. `None` where it is a list: reading goes on inside of it.
    fn records_at(
        &mut self,
        path: &FieldPath,
        element: &Range<usize>,
        line: u64,
        splitter: &mut JsonSplitter,
    ) -> Option<Found> {
        let text = splitter.text(element);
        let there = path.locate(text).filter(|there| there.starts_with(['[', '{']));
        let Some(there) = there else {
            let keys = wrappers::keys_of(text).join(", ");
            let path = path.as_str();
            let detail = format!(
                "there are no articles at `{path}` (records of [[ingest]]); the keys here are {keys}; correct the rule"
            );
            return Some((Some(line), Err(Refusal::new(RefusalCode::MissingPath, detail))));
        };
        let at = there.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        if there.starts_with('[') {
            let around = wrappers::around(text, path);
            self.enter(splitter, element, at, around);
            return None;
        }
        Some((Some(line), json_record(there, line)))
    }

    /// The file as a whole, unless it is too large or was cut short.
    fn whole(&self, input: &mut dyn BufRead, limit: usize, what: &str) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        // One byte more than allowed tells a file at the limit from one above it.
        input.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        if bytes.len() > limit {
            return Err(too_large(what, limit));
        }
        self.cut_short().map_or(Ok(bytes), Err)
    }

    /// The same as text, which a large file takes the memory of once only.
    fn whole_text(&self, input: &mut dyn BufRead, limit: usize, what: &str) -> Result<String, Refusal> {
        let mut bytes = Vec::new();
        input.take(FIRST_BYTES as u64).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        if bytes.len() == FIRST_BYTES && begins_in_cp949(&bytes) {
            let mut text = KoreanText::new(limit);
            text.push(&bytes, false);
            let mut size = bytes.len();
            drop(bytes);
            loop {
                let part = match input.fill_buf() {
                    Ok(part) => part,
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                    Err(error) => return Err(damaged(&error)),
                };
                let length = part.len();
                size += length;
                if size > limit {
                    return Err(too_large(what, limit));
                }
                text.push(part, length == 0);
                if length == 0 {
                    break;
                }
                input.consume(length);
            }
            return self.cut_short().map_or_else(|| text.finish(), Err);
        }
        if bytes.len() == FIRST_BYTES {
            // At once, because a list that grows is copied.
            bytes.reserve_exact(limit + 1 - FIRST_BYTES);
            let rest = (limit + 1 - FIRST_BYTES) as u64;
            input.take(rest).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        }
        if bytes.len() > limit {
            return Err(too_large(what, limit));
        }
        self.cut_short().map_or_else(|| into_text(bytes), Err)
    }

    /// At the end of the file: whether it has fewer bytes than when it was listed. A copy over it begins in this way, and so
    /// does an editor that saves: what is read then is not the file.
    fn cut_short(&self) -> Option<Refusal> {
        let (read, listed) = (self.bytes_read(), self.listed);
        (read < listed).then(|| {
            let detail = format!(
                "the file became shorter before it was read to its end: {read} of {listed} bytes; whole records before this \
                 are kept; write files under a hidden name and rename them when they are complete, and reindex"
            );
            Refusal::new(RefusalCode::Damaged, detail)
        })
    }
}

impl Iterator for RecordReader<'_> {
    type Item = Result<RawRecord, RefusedRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record()
    }
}

/// The records of a page: mostly one.
struct Pages(std::vec::IntoIter<RecordContent>);

impl Records for Pages {
    fn next(&mut self) -> Option<Found> {
        self.0.next().map(|content| (None, Ok(RawRecord::new(None, content))))
    }
}

/// The elements of a line of a JSONL file that is not an article but wraps some, as an answer of an API does.
fn wrapper(line: &LineContent, number: u64, guesses: bool) -> Option<JsonSplitter> {
    let LineContent::Bytes(bytes) = line else { return None };
    let text = Some(bytes).filter(|bytes| wrappers::may_wrap(bytes)).and_then(|bytes| decode(bytes).ok())?;
    let wraps =
        matches!(look_into(&text, guesses), Element::List(..) | Element::Table(_) | Element::Unclear(_));
    wraps.then(|| JsonSplitter::of_line(text.into_owned(), number))
}

/// An element of a `.json` file as a record, unless it is too large.
fn json_record(text: &str, line: u64) -> Result<RawRecord, Refusal> {
    if text.len() > MAX_RECORD_BYTES {
        return Err(too_large("article", MAX_RECORD_BYTES));
    }
    Ok(RawRecord::new(Some(line), RecordContent::Json(text.as_bytes().to_vec())))
}

#[cfg(test)]
mod tests;
