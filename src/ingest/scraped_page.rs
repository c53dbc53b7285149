//! One scraped page → one article: title, date, byline, subheadings and paragraphs in order, and nothing that belongs
//! to the page around them.
//!
//! A line is judged by itself first ([`scraped_line`](super::scraped_line)), then by its place. Title, date and
//! subheadings come before the story. After it come lists of other articles, whose headlines look like subheadings and
//! whose dates look like the article's. Hence an unlabelled date counts only between title and story.

use super::body::{LineCleaner, clean_title, plain_text};
use super::byline::{Byline, looks_like_outlet};
use super::identity::{IdSource, derived_id};
use super::outlets::OutletNames;
use super::refusal::{Refusal, RefusalCode, require_text};
use super::scraped_line::{DateLabel, LineKind, classify};
use super::story_address::{AddressPlace, is_address_line};
use crate::article::{Article, Timestamp};

/// A first paragraph has at least this many characters; shorter sentences before it are slogans and headlines.
const MIN_STORY_CHARS: usize = 30;
/// The title is among this many first lines of a page; menus are long, but not longer.
const MAX_HEAD_LINES: usize = 400;
/// This many headlines in a row after the story are a list of other articles.
const MIN_SIDE_LIST: usize = 3;

/// Makes an article of the text of one page; `name` is the file's, for the refusal.
pub(super) fn parse_article(raw: &str, name: &str, outlets: &OutletNames) -> Result<Article, Refusal> {
    let text = plain_text(raw.to_owned());
    let page = ScrapedPage::new(lines_of(&text, outlets), 0);
    let title = page.title();
    article(&page, title, raw, name, outlets)
}

/// The same of a page whose title is known: it stays above the story, however short it is. `marked` says that `raw` is the place of the
/// story, so that nothing else is above that.
pub(super) fn parse_under(
    title: &str,
    raw: &str,
    marked: bool,
    name: &str,
    outlets: &OutletNames,
) -> Result<Article, Refusal> {
    let known = clean_title(title.to_owned());
    if known.is_empty() {
        return parse_article(raw, name, outlets);
    }
    let text = plain_text(raw.to_owned());
    let first = Line { text: &known, kind: LineKind::Plain };
    let lines = std::iter::once(first).chain(lines_of(&text, outlets)).collect();
    let page = ScrapedPage::new(lines, 1);
    let title = page.title_known(marked);
    article(&page, Some(title), raw, name, outlets)
}

fn lines_of<'a>(text: &'a str, outlets: &OutletNames) -> Vec<Line<'a>> {
    let lines = text.split('\n').filter(|line| !line.is_empty());
    lines.map(|text| Line { text, kind: classify(text, outlets) }).collect()
}

fn article(
    page: &ScrapedPage<'_>,
    title: Option<Title<'_>>,
    raw: &str,
    name: &str,
    outlets: &OutletNames,
) -> Result<Article, Refusal> {
    let story = page.story(title.as_ref().map(|title| title.line), outlets);
    let heading = title.as_ref().map_or("", |title| title.text).to_owned();
    require_text(&heading, &story.body).map_err(|_| {
        Refusal::new(RefusalCode::EmptyArticle, format!("no title and no story found in {name}"))
    })?;
    let outlet = story
        .byline
        .outlet
        .or_else(|| title.as_ref().and_then(|title| title.outlet).map(str::to_owned))
        .or_else(|| page.credited_outlet(outlets));
    Ok(Article {
        id: derived_id(&IdSource::Content(["", "", raw]))?,
        title: heading,
        body: story.body,
        outlet: outlet.map(|name| outlets.canonical(&name)),
        reporters: story.byline.reporters,
        section: None,
        published_at: page.date(title.map(|title| title.line)),
        url: None,
        extra: serde_json::Map::new(),
    })
}

struct Line<'a> {
    text: &'a str,
    kind: LineKind,
}

/// A headline, or a line that may be it.
#[derive(Clone, Copy)]
struct Title<'a> {
    /// The number of its line, from 0.
    line: usize,
    text: &'a str,
    /// The outlet that follows the headline in a page's title: `제목 - 새벽신문`.
    outlet: Option<&'a str>,
}

impl Title<'_> {
    fn has_chars(&self, least: usize) -> bool {
        self.text.chars().count() >= least
    }
}

struct Story {
    body: String,
    byline: Byline,
}

struct ScrapedPage<'a> {
    lines: Vec<Line<'a>>,
    /// The first paragraph, or the number of lines if there is none.
    first: usize,
    /// The number of the line after the last one that may belong to the article.
    end: usize,
}

impl<'a> ScrapedPage<'a> {
    /// The first `known` lines are a title.
    fn new(mut lines: Vec<Line<'a>>, known: usize) -> Self {
        let count = lines.len();
        let stories = |least: usize| -> Vec<usize> {
            let long =
                |line: &Line<'_>| matches!(line.kind, LineKind::Story) && line.text.chars().count() >= least;
            lines.iter().enumerate().skip(known).filter(|(_, line)| long(line)).map(|(at, _)| at).collect()
        };
        let mut paragraphs = stories(MIN_STORY_CHARS);
        if paragraphs.is_empty() {
            paragraphs = stories(0);
        }
        // A page may begin with a headline that is a sentence (`…했다.`); it is not the first paragraph.
        let first = match paragraphs.as_slice() {
            [0, next, ..] if lines.first().is_some_and(|line| line.text.chars().count() <= 60) => *next,
            [first, ..] => *first,
            [] => count,
        };
        // From the story on, a date without a label belongs to another article's headline.
        for line in lines.iter_mut().skip(first) {
            if matches!(line.kind, LineKind::Date { label: DateLabel::None, .. }) {
                line.kind = LineKind::Stamp { leads: false };
            }
        }
        let mut page = Self { lines, first, end: count };
        page.end = page.find_end(paragraphs.last().copied());
        page
    }

    fn kind(&self, at: usize) -> Option<&LineKind> {
        self.lines.get(at).map(|line| &line.kind)
    }

    /// Where the article ends and the rest of the page begins.
    fn find_end(&self, last_paragraph: Option<usize>) -> usize {
        let count = self.lines.len();
        let start = if self.first < count { self.first } else { 0 };
        // Bytes of story before each line, so that a page of a million footers is judged in one pass.
        let mut before = vec![0_usize];
        for line in &self.lines {
            let story = if matches!(line.kind, LineKind::Story) { line.text.len() } else { 0 };
            before.push(before.last().copied().unwrap_or(0) + story);
        }
        let upto = |at: usize| before.get(at).copied().unwrap_or(0);
        let stories = |from: usize, to: usize| upto(to).saturating_sub(upto(from));
        let mut end = count;
        for at in start + 1..count {
            let stop = match self.kind(at) {
                // Footers hold sentences of their own, so that some may follow; but where much of the story follows, the
                // page only has a footer in between.
                Some(LineKind::Footer) => stories(at, count) * 2 <= stories(start, at),
                Some(LineKind::SideHeading | LineKind::Stamp { .. }) => stories(at, count) == 0,
                _ => false,
            };
            if stop {
                end = at;
                break;
            }
        }
        // The first stamp's headline is on the line before it, unless each line holds both.
        if matches!(self.kind(end), Some(LineKind::Stamp { .. })) && self.stamps_follow_headlines(end) {
            end -= usize::from(matches!(self.kind(end - 1), Some(LineKind::Plain)));
        }
        let after_story = last_paragraph.filter(|last| *last < end).map_or(start + 1, |last| last + 1);
        self.without_side_list(after_story.max(start + 1), end)
    }

    /// Whether a stamp belongs to the headline before it: always for a bare one, and for a glued one if the list ends
    /// in a bare one.
    fn stamps_follow_headlines(&self, from: usize) -> bool {
        let bare = |at: usize| {
            self.lines.get(at).is_some_and(|line| {
                super::dates::find_date(line.text)
                    .is_some_and(|date| date.start == 0 && date.end == line.text.len())
            })
        };
        let mut stamps =
            (from..self.lines.len()).filter(|at| matches!(self.kind(*at), Some(LineKind::Stamp { .. })));
        stamps.next_back().is_some_and(bare)
    }

    /// Where the article ends if headlines after the story that no time stamp marks as other articles' are cut off: those
    /// after a byline or menu, and [`MIN_SIDE_LIST`] or more in a row.
    fn without_side_list(&self, after_story: usize, end: usize) -> usize {
        // The line after the first byline or menu: an article ends in those.
        let mut closed = None;
        let mut headlines = 0;
        for at in after_story..end {
            match self.kind(at) {
                Some(LineKind::Story) => (closed, headlines) = (None, 0),
                Some(LineKind::Plain) if is_list_item(self.lines.get(at).map_or("", |line| line.text)) => {
                    headlines = 0
                }
                Some(LineKind::Plain) => {
                    headlines += 1;
                    if closed.is_some() || headlines >= MIN_SIDE_LIST {
                        return closed.unwrap_or(at + 1 - headlines);
                    }
                }
                Some(LineKind::Byline(_) | LineKind::Menu) => closed = closed.or(Some(at + 1)),
                _ => {}
            }
        }
        end
    }

    /// The headline: a line that is repeated, else the one above the date, else the first that reads like one.
    fn title(&self) -> Option<Title<'a>> {
        let candidates = self.title_candidates();
        repeated(&candidates).or_else(|| self.above_date(&candidates)).or_else(|| {
            let readable = |title: &&Title<'_>| title.has_chars(10) && title.text.contains(' ');
            candidates.iter().find(readable).or(candidates.first()).copied()
        })
    }

    /// The headline of a page whose title is known, which is the first line: where it stands again, or another headline above the date,
    /// else that line. What comes before it is left out, so that it must not be below a sentence of the story.
    fn title_known(&self, marked: bool) -> Title<'a> {
        let text = self.lines.first().map_or("", |line| line.text);
        let known = Title { line: 0, text, outlet: None };
        let is_story = |line: &Line<'_>| matches!(line.kind, LineKind::Story);
        let story = self
            .lines
            .iter()
            .skip(1)
            .position(|line| is_story(line) && split_page_title(line.text).0 != text);
        let before = story.map_or(self.head(), |at| self.head().min(at + 1));
        // On a whole page slogans may be above the headline.
        let upto = if marked { before } else { self.head() };
        let mut head = self.lines.iter().enumerate().take(upto.min(MAX_HEAD_LINES)).skip(1);
        if let Some((line, _)) = head.rfind(|(_, line)| split_page_title(line.text).0 == text) {
            return Title { line, ..known };
        }
        let others: Vec<Title<'_>> = self
            .title_candidates()
            .into_iter()
            .filter(|title| {
                title.line < before && self.lines.get(title.line).is_some_and(|line| !is_story(line))
            })
            .collect();
        if let Some(other) = self.above_date(&others) {
            // Directly below the title it is a subheading.
            let below = (1..other.line).all(|at| others.iter().any(|title| title.line == at));
            return if below && other.line < MIN_SIDE_LIST { known } else { other };
        }
        let readable = |title: &&Title<'_>| title.has_chars(10) && title.text.contains(' ');
        if marked || readable(&&known) {
            known
        } else {
            others.iter().find(readable).copied().unwrap_or(known)
        }
    }

    /// How many lines are before the story.
    fn head(&self) -> usize {
        self.first.min(self.end)
    }

    fn title_candidates(&self) -> Vec<Title<'a>> {
        let head = self.head();
        self.lines
            .iter()
            .enumerate()
            .take(head.clamp(1, MAX_HEAD_LINES))
            .filter(|(at, line)| {
                matches!(line.kind, LineKind::Plain) || (*at < head && matches!(line.kind, LineKind::Story))
            })
            .map(|(at, line)| {
                let (text, outlet) = split_page_title(line.text);
                Title { line: at, text, outlet }
            })
            .filter(|title| title.has_chars(4))
            .collect()
    }

    /// The title as the first of the lines directly above the first date or byline: subheadings come between them.
    fn above_date(&self, candidates: &[Title<'a>]) -> Option<Title<'a>> {
        let anchor = (0..self.head())
            .find(|at| matches!(self.kind(*at), Some(LineKind::Date { .. } | LineKind::Byline(_))))?;
        let mut top = anchor;
        while top > 0 && anchor - top < MIN_SIDE_LIST && candidates.iter().any(|title| title.line == top - 1)
        {
            top -= 1;
        }
        let block = || candidates.iter().filter(|title| (top..anchor).contains(&title.line));
        // A short line above the headline names a section or a series.
        block().find(|title| title.has_chars(10)).or_else(|| block().next()).copied()
    }

    fn story(&self, title: Option<usize>, outlets: &OutletNames) -> Story {
        let title_text = title.and_then(|at| self.lines.get(at)).map(|line| split_page_title(line.text).0);
        let mut cleaner = LineCleaner::new(None, outlets);
        let mut body: Vec<String> = Vec::new();
        let mut before = None;
        let last = self.lines.iter().take(self.end).rposition(|line| matches!(line.kind, LineKind::Story));
        let ends_in = |at: Option<usize>| {
            at.and_then(|at| self.kind(at)).is_some_and(|kind| {
                matches!(kind, LineKind::Byline(_) | LineKind::Date { .. } | LineKind::Footer)
            })
        };
        for (at, line) in self.lines.iter().enumerate().take(self.end).skip(title.map_or(0, |at| at + 1)) {
            cleaner.keeps_addresses = line.text.contains('@')
                && AddressPlace {
                    before: before.and_then(|at| body.get(at)).map(String::as_str),
                    follows: last.is_some_and(|last| at < last),
                    beside_byline: cleaner.ended_in_byline
                        || ends_in(at.checked_sub(1))
                        || ends_in(Some(at + 1)),
                }
                .is_in_story(line.text);
            cleaner.ended_in_byline = false;
            if cleaner.keeps_addresses && is_address_line(line.text) {
                body.push(line.text.to_owned());
                continue;
            }
            match &line.kind {
                LineKind::Story | LineKind::Plain => {
                    if title_text == Some(split_page_title(line.text).0) || self.is_listed(at) {
                        continue;
                    }
                    let cleaned = cleaner.clean(line.text, at == self.first);
                    if !cleaned.is_empty() {
                        before = Some(body.len());
                        body.push(cleaned.into_owned());
                    }
                }
                LineKind::Byline(byline) | LineKind::Date { byline, .. } => {
                    cleaner.byline.merge(byline.clone())
                }
                _ => {}
            }
        }
        Story { body: body.join("\n"), byline: cleaner.byline }
    }

    /// Whether the line is a headline in a list of other articles that interrupts the story.
    fn is_listed(&self, at: usize) -> bool {
        let near = |at: Option<usize>| {
            at.and_then(|at| self.kind(at))
                .is_some_and(|kind| matches!(kind, LineKind::Stamp { .. } | LineKind::SideHeading))
        };
        at > self.first
            && matches!(self.kind(at), Some(LineKind::Plain))
            && (near(at.checked_sub(1))
                || matches!(self.kind(at + 1), Some(LineKind::Stamp { leads: false })))
    }

    /// The article's own date: labelled anywhere before the page's tail, or bare between title and story.
    fn date(&self, title: Option<usize>) -> Option<Timestamp> {
        let labelled = |wanted: DateLabel| {
            self.lines.iter().find_map(|line| match &line.kind {
                LineKind::Date { moment, label, .. } if *label == wanted => Some(*moment),
                _ => None,
            })
        };
        let bare = || {
            let title = title?;
            self.lines.iter().take(self.head()).skip(title + 1).find_map(|line| match &line.kind {
                LineKind::Date { moment, label: DateLabel::None, .. } => Some(*moment),
                _ => None,
            })
        };
        labelled(DateLabel::Published).or_else(bare).or_else(|| labelled(DateLabel::Modified))
    }

    /// The outlet that a copyright line or a photo credit names. Photo agencies are not outlets of the page.
    fn credited_outlet(&self, outlets: &OutletNames) -> Option<String> {
        const AGENCIES: [&str; 9] =
            ["연합", "뉴시스", "뉴스1", "로이터", "AP", "AFP", "EPA", "게티", "공동취재"];
        let outlet_in = |text: &str| {
            let mut words = text
                .split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '(' | ')' | '·' | ':' | '/'));
            words
                .find(|word| !word.is_empty() && (outlets.contains(word) || looks_like_outlet(word)))
                .filter(|word| !AGENCIES.iter().any(|agency| word.starts_with(agency)))
                .map(str::to_owned)
        };
        let footer = self.lines.iter().find_map(|line| match line.kind {
            LineKind::Footer => line.text.split_once(['ⓒ', '©']).and_then(|(_, holder)| outlet_in(holder)),
            _ => None,
        });
        footer.or_else(|| {
            self.lines.iter().take(self.end).find_map(|line| match &line.kind {
                LineKind::Caption(Some(holder)) => outlet_in(holder),
                _ => None,
            })
        })
    }
}

/// The first title that occurs twice, at the place of its last occurrence: pages carry it in their head and above the
/// story.
fn repeated<'a>(candidates: &[Title<'a>]) -> Option<Title<'a>> {
    candidates.iter().enumerate().find_map(|(index, title)| {
        let again = candidates.iter().skip(index + 1).rev().find(|later| later.text == title.text)?;
        Some(Title { line: again.line, text: title.text, outlet: title.outlet.or(again.outlet) })
    })
}

/// `제목 - 새벽신문`, `제목 | 새벽신문`, `제목 < 정치 < 기사본문 - 새벽신문` → title and outlet.
fn split_page_title(line: &str) -> (&str, Option<&str>) {
    let (head, outlet) = [" - ", " | ", " :: ", " : ", " – "]
        .iter()
        .find_map(|between| line.rsplit_once(between).filter(|(_, tail)| looks_like_outlet(tail)))
        .map_or((line, None), |(head, tail)| (head, Some(tail)));
    let head = head.split_once(" < ").filter(|_| outlet.is_some()).map_or(head, |(head, _)| head);
    (head.trim(), outlet)
}

/// Whether the line is an item of appointments, tables or questions: part of the story wherever it is.
fn is_list_item(text: &str) -> bool {
    text.starts_with(['▲', '△', '▷', '◇', '◆', '■', '□', '○', '●', '◎', '*', '-', '①', '②', '③', '④', '⑤'])
}
