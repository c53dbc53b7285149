//! The gentle cleaning of an article's own text: markup, bylines, credits, addresses and footers go; every sentence of
//! the story stays, and so does anything doubtful.

use std::borrow::Cow;

use memchr::memchr3;

use super::boilerplate::{is_footer, is_promotion, marker_length};
use super::byline::{Byline, leading_byline, looks_like_outlet, parse_byline};
use super::caption::{is_credit, trailing_credit};
use super::entities::decode_entities;
use super::lost_ampersands::mend_references;
use super::markup::strip_markup;
use super::outlets::OutletNames;
use super::sentence::{has_sentence, sentence_end};
use super::story_address::{AddressPlace, is_address_line, without_emails};
use super::text::{normalise, normalise_line};
use super::values::is_placeholder;

/// A cleaned body, and the outlet and reporters of the bylines taken out of it.
#[derive(Debug, Default)]
pub(super) struct CleanBody {
    pub(super) text: String,
    pub(super) byline: Byline,
}

/// Decodes references, removes markup and normalises, in this order: an escaped tag is a tag.
pub(super) fn plain_text(raw: String) -> String {
    let decoded = mend_references(decode_entities(&raw));
    let stripped = strip_markup(&decoded);
    match (normalise(&stripped), &stripped, &decoded) {
        // Nothing was to be done: the text moves on without a copy.
        (Cow::Borrowed(_), Cow::Borrowed(_), Cow::Borrowed(_)) => raw,
        (text, _, _) => text.into_owned(),
    }
}

/// Whether nothing is left of `raw` as plain text, or a word that stands for nothing: `<p>&nbsp;</p>`, `<b>-</b>`.
pub(super) fn says_nothing(raw: &str) -> bool {
    // Most texts say something within their first tags, and need not be cleaned twice.
    let mut inside = None;
    for (at, c) in raw.char_indices() {
        match (inside, c) {
            (None, '<') => inside = Some('>'),
            (None, '&') => inside = Some(';'),
            (Some(end), c) if c == end => inside = None,
            (None, c) if matches!(c, '가'..='힣') || c.is_alphanumeric() => {
                let before = raw.get(..at).unwrap_or_default().to_ascii_lowercase();
                // What follows these may be no text, and a tag that is written as `&lt;p&gt;` is one.
                let hides = ["<script", "<style", "<!--", "&"].iter().any(|mark| before.contains(mark));
                let short = raw.len() - at <= LONGEST_PLACEHOLDER && before.contains('<');
                return (hides || short) && is_placeholder(&plain_text(raw.to_owned()));
            }
            _ => {}
        }
    }
    is_placeholder(&plain_text(raw.to_owned()))
}

/// `#DIV/0!</b></strong></span></p>`: more than that after its first letter is no word for nothing.
const LONGEST_PLACEHOLDER: usize = 64;

/// A title: one line of plain text.
pub(super) fn clean_title(raw: String) -> String {
    let text = plain_text(raw);
    match normalise_line(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(line) => line,
    }
}

/// Cleans a body. `outlet` is the article's own, where it is known.
pub(super) fn clean_body(raw: String, outlet: Option<&str>, outlets: &OutletNames) -> CleanBody {
    let text = plain_text(raw);
    if !has_marker(&text) {
        return CleanBody { text, byline: Byline::default() };
    }
    let mut cleaner = LineCleaner::new(outlet, outlets);
    let mut lines: Vec<Cow<'_, str>> = Vec::new();
    // Looked for once: a text of a million addresses would take quadratic time.
    let last_story = if text.contains('@') { last_story(&text, outlets) } else { 0 };
    // The last line that says something: what it says counts for all addresses after it.
    let mut before = None;
    let mut rest = text.as_str();
    loop {
        let (line, after) = rest.split_once('\n').map_or((rest, None), |(line, after)| (line, Some(after)));
        if line.contains('@') {
            let begins = after.map_or(text.len(), |after| text.len() - after.len());
            let place = AddressPlace {
                before: before.and_then(|at| lines.get(at)).map(AsRef::as_ref),
                follows: begins < last_story,
                beside_byline: cleaner.ended_in_byline
                    || after.is_some_and(|after| begins_in_byline(after, outlets)),
            };
            cleaner.keeps_addresses = place.is_in_story(line);
        }
        cleaner.ended_in_byline = false;
        let first = lines.is_empty();
        let kept = cleaner.keeps_addresses && is_address_line(line);
        let cleaned =
            if has_marker(line) && !kept { cleaner.clean(line, first) } else { Cow::Borrowed(line) };
        cleaner.keeps_addresses = false;
        if cleaned.is_empty() {
            cleaner.ended_in_byline = true;
        } else {
            if !kept {
                before = Some(lines.len());
            }
            lines.push(cleaned);
        }
        match after {
            Some(after) => rest = after,
            None => break,
        }
    }
    while lines.last().is_some_and(|line| is_promotion(line) || is_footer(line) || line.trim() == "▶") {
        lines.pop();
    }
    CleanBody { text: lines.join("\n"), byline: cleaner.byline }
}

/// The last byte of the last line with a sentence of the story, or 0.
fn last_story(text: &str, outlets: &OutletNames) -> usize {
    let is_story = |line: &str| {
        has_sentence(line) && !is_footer(line) && !is_promotion(line) && parse_byline(line, outlets).is_none()
    };
    let mut end = text.len();
    for line in text.rsplit('\n') {
        if is_story(line) {
            return end;
        }
        end = end.saturating_sub(line.len() + 1);
    }
    0
}

/// Whether `text` begins with a line that is a byline or a footer. An address alone is neither: it may be of the story.
fn begins_in_byline(text: &str, outlets: &OutletNames) -> bool {
    let line = text.split('\n').next().unwrap_or_default();
    !is_address_line(line) && (parse_byline(line, outlets).is_some() || is_footer(line))
}

/// Whether there is anything that a rule could apply to: one pass over the characters, and most paragraphs end here.
fn has_marker(text: &str) -> bool {
    // Most texts that have any have one of these, at their end.
    if memchr3(b'[', b'@', b'=', text.as_bytes()).is_some() {
        return true;
    }
    let mut before = ' ';
    for c in text.chars() {
        let found = match c {
            'ⓒ' | '©' | '▶' | '◀' | '☞' | '【' | '◎' => true,
            // 기자, 특파원, 사진, 무단, 재배포, 제보, 저작권, 구독, <앵커, Copyright.
            '자' => before == '기',
            '원' => before == '파',
            '진' => before == '사',
            '단' => before == '무',
            '포' => before == '배',
            '보' => before == '제',
            '권' => before == '작',
            '독' => before == '구',
            '앵' => before == '<',
            'y' => before == 'p',
            'Y' => before == 'P',
            _ => false,
        };
        if found {
            return true;
        }
        before = c;
    }
    false
}

/// Most times that a line is cleaned; few lines need more than two.
const MAX_PASSES: usize = 6;

/// Cleans the lines of one article and gathers its bylines.
pub(super) struct LineCleaner<'a> {
    outlet: Option<&'a str>,
    outlets: &'a OutletNames,
    pub(super) byline: Byline,
    /// Whether e-mail addresses in this line belong to the story.
    pub(super) keeps_addresses: bool,
    /// Whether a byline, a footer or the like ended the line before.
    pub(super) ended_in_byline: bool,
}

impl<'a> LineCleaner<'a> {
    pub(super) fn new(outlet: Option<&'a str>, outlets: &'a OutletNames) -> Self {
        Self { outlet, outlets, byline: Byline::default(), keeps_addresses: false, ended_in_byline: false }
    }

    /// The story in one line: without bylines, credits and footers. Empty if nothing else is in it.
    pub(super) fn clean<'l>(&mut self, line: &'l str, first: bool) -> Cow<'l, str> {
        let mut text = Cow::Borrowed(line);
        // A byline at the end may hide a credit before it: clean until nothing more goes.
        for _ in 0..MAX_PASSES {
            let before = text.len();
            text = match text {
                Cow::Borrowed(text) => self.pass(text, first),
                Cow::Owned(text) => Cow::Owned(self.pass(&text, first).into_owned()),
            };
            if text.len() == before {
                break;
            }
            // Only punctuation around the removed parts is left.
            if !text.contains(char::is_alphanumeric) {
                return Cow::Borrowed("");
            }
        }
        text
    }

    fn pass<'l>(&mut self, line: &'l str, first: bool) -> Cow<'l, str> {
        if is_footer(line) {
            self.keep_names(line);
            return Cow::Borrowed("");
        }
        let mut text = Cow::Borrowed(line);
        if let Some(shorter) = self.without_brackets(&text, first) {
            text = Cow::Owned(shorter);
        }
        let head = self.head_length(&text, first);
        if head > 0 {
            text = cut(text, |text| text.get(head..));
        }
        // A tail may hide another: `… 나한별 기자 ▶구독하기 ⓒ새벽신문`.
        for _ in 0..8 {
            let Some(end) = self.tail_start(&text) else { break };
            self.ended_in_byline = true;
            text = cut(text, |text| text.get(..end));
        }
        if let Some(shorter) = without_emails(&text).filter(|_| !self.keeps_addresses) {
            text = Cow::Owned(shorter);
        }
        match normalise(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(tidy) => Cow::Owned(tidy),
        }
    }

    /// A footer goes, but not the names of the byline that it begins with.
    fn keep_names(&mut self, footer: &str) {
        if let Some(byline) = leading_byline(footer.trim_start(), self.outlets) {
            self.byline.merge(byline);
        }
    }

    /// The bytes at the start of a line that are broadcast markers, an outlet's name in brackets, or a byline up to `=`.
    fn head_length(&mut self, line: &str, first: bool) -> usize {
        let mut at = 0;
        loop {
            let rest = line.get(at..).unwrap_or_default();
            let blank = rest.len() - rest.trim_start().len();
            let rest = rest.trim_start();
            let length = marker_length(rest);
            let length = if length > 0 { length } else { self.round_byline(rest) };
            let length = if length > 0 { length } else { self.open_byline(rest) };
            let length = if length == 0 && first { self.outlet_bracket(rest) } else { length };
            if length == 0 {
                return if at == 0 { 0 } else { at + blank };
            }
            at += blank + length;
        }
    }

    /// `(서울=새벽통신)` at the start of a line.
    fn round_byline(&mut self, rest: &str) -> usize {
        let Some((inside, length)) = bracketed(rest) else {
            return 0;
        };
        let Some(byline) = parse_byline(inside, self.outlets) else {
            return 0;
        };
        self.byline.merge(byline);
        length
    }

    /// `나한별 도가온 기자 = ` at the start of a line.
    fn open_byline(&mut self, rest: &str) -> usize {
        let window = rest.char_indices().nth(60).map_or(rest, |(end, _)| rest.get(..end).unwrap_or_default());
        let Some((before, _)) = window.split_once('=') else {
            return 0;
        };
        let before_trimmed = before.trim();
        if before_trimmed.is_empty() {
            // A `=` left by a dateline that was removed: `(평양 새벽신문=새벽통신) = 본문`.
            return if self.byline == Byline::default() { 0 } else { before.len() + 1 };
        }
        match parse_byline(before_trimmed, self.outlets) {
            Some(byline) if !byline.reporters.is_empty() => {
                self.byline.merge(byline);
                before.len() + 1
            }
            _ => 0,
        }
    }

    /// `[새벽신문]` at the start of the body, where it names the article's outlet or a known one.
    fn outlet_bracket(&mut self, rest: &str) -> usize {
        let Some((inside, length)) = bracketed(rest).filter(|_| !rest.starts_with('(')) else {
            return 0;
        };
        let name = inside.trim();
        let own = self.outlet.is_some_and(|outlet| self.outlets.canonical(name) == outlet);
        let unnamed = self.outlet.is_none() && looks_like_outlet(name);
        if !(own || unnamed || self.outlets.contains(name)) {
            return 0;
        }
        self.byline.merge(Byline { outlet: Some(name.to_owned()), reporters: Vec::new() });
        length
    }

    /// The line without bracketed credits and square-bracketed bylines, anywhere in it; `None` if it has neither.
    fn without_brackets(&mut self, line: &str, first: bool) -> Option<String> {
        let mut out = String::new();
        let mut rest = line;
        let mut copied = 0;
        let mut found = false;
        while let Some(open) = rest.find(OPENING) {
            let from = rest.get(open..).unwrap_or_default();
            let at = line.len() - from.len();
            let opening = from.chars().next().map_or(1, char::len_utf8);
            rest = from.get(opening..).unwrap_or_default();
            let Some((inside, length)) = bracketed(from) else {
                continue;
            };
            // Inside a later line only a bracket with a reporter is a byline; `[서울=새벽통신]` may belong to the sentence.
            let byline = if from.starts_with(['[', '【']) && !inside.contains("사진") {
                parse_byline(inside, self.outlets)
                    .filter(|byline| first || at == 0 || !byline.reporters.is_empty())
            } else {
                None
            };
            if byline.is_none() && !is_credit(inside) {
                continue;
            }
            if let Some(byline) = byline {
                self.byline.merge(byline);
            }
            found = true;
            out.push_str(line.get(copied..at).unwrap_or_default());
            out.push(' ');
            copied = at + length;
            rest = line.get(copied..).unwrap_or_default();
        }
        if !found {
            return None;
        }
        out.push_str(line.get(copied..).unwrap_or_default());
        Some(normalise_line(&out).into_owned())
    }

    /// Where a byline, a credit, a footer or a promotion begins that ends the line; `None` if the line ends as a story.
    fn tail_start(&mut self, line: &str) -> Option<usize> {
        let line = line.trim_end();
        if line.is_empty() {
            return None;
        }
        let story_end = sentence_end(line).unwrap_or(0);
        let tail = line.get(story_end..).unwrap_or_default();
        let bare = tail.trim();
        if !bare.is_empty() {
            let unwrapped = bracketed(bare)
                .filter(|(_, length)| *length == bare.len())
                .map_or(bare, |(inside, _)| inside);
            // An address alone is not a byline here: it may be of the story, and goes below where it is not.
            let byline = Some(unwrapped).filter(|text| !is_address_line(text));
            if let Some(byline) = byline.and_then(|text| parse_byline(text, self.outlets)) {
                self.byline.merge(byline);
                return Some(story_end);
            }
            if is_footer(bare) || is_promotion(bare) {
                self.keep_names(bare);
                // Text before the mark that makes this a footer may be the story's: `정리=나한별 인턴▶구독하기`.
                let mark = bare.find(['▶', '☞', 'ⓒ', '©', '※', '<']).unwrap_or(0);
                let before = bare.get(..mark).unwrap_or_default().trim_end_matches(['[', '(', '-', ' ']);
                let keep =
                    before.contains(char::is_alphanumeric) && !is_footer(before) && !is_promotion(before);
                return Some(line.len() - tail.trim_start().len() + if keep { before.len() } else { 0 });
            }
        }
        if bare.is_empty() {
            // The last sentence itself may be one that only footers say.
            let last = line.trim_end_matches(['.', '!', '?', '"', '\'', '”', '’', ')']);
            let start = last.rfind("다.").map_or(0, |at| at + "다.".len());
            if start > 0 && is_footer(line.get(start..).unwrap_or_default()) {
                return Some(start);
            }
        }
        let promotion = line.rfind(['▶', '☞']).filter(|at| line.get(*at..).is_some_and(is_promotion));
        let credit = trailing_credit(line)
            .map(|(at, _)| at)
            .filter(|at| has_sentence(line.get(..*at).unwrap_or_default()) || *at == 0);
        promotion.or(credit)
    }
}

const OPENING: [char; 5] = ['[', '【', '(', '<', '〈'];

/// The inside of the bracket that `text` begins with, and the bytes it takes; brackets of the same kind may nest.
pub(super) fn bracketed(text: &str) -> Option<(&str, usize)> {
    let mut chars = text.char_indices();
    let (_, open) = chars.next()?;
    let close = match open {
        '[' => ']',
        '【' => '】',
        '(' => ')',
        '<' => '>',
        '〈' => '〉',
        _ => return None,
    };
    let mut depth = 1;
    for (at, c) in chars.take(120) {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some((text.get(open.len_utf8()..at)?, at + close.len_utf8()));
            }
        }
    }
    None
}

/// Shortens and trims a text; a borrowed text is not copied.
fn cut<'l>(text: Cow<'l, str>, shorten: impl Fn(&str) -> Option<&str>) -> Cow<'l, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(shorten(text).unwrap_or_default().trim()),
        Cow::Owned(text) => Cow::Owned(shorten(&text).unwrap_or_default().trim().to_owned()),
    }
}
