//! What a text without markup is: one page, or what would be lost as one.
//!
//! People call tables, lines of JSON, lists and files of many stories `.txt` too. As one page these would be one article with the text of all,
//! which nobody would notice. Hence what is clearly another thing is read as that, or refused with a word on what to do; a refusal is seen
//! and mended, a wrong article is not.

mod labels;

use super::super::address::is_bare_address;
use super::super::boilerplate::is_footer;
use super::super::dates::find_date;
use super::super::refusal::{Refusal, RefusalCode};
use super::super::sentence::{count_sentences, has_sentence};
use super::content::Content;
use super::{csv, most, tagged};

/// A story that stands on one line has at least so many sentences; a paragraph mostly has one or two.
const STORY_SENTENCES: usize = 3;
/// A line of so many characters may be a headline.
const MAX_TITLE_CHARS: usize = 80;
const AS_LINES: &str = "make a line of JSON of each, {\"title\": …, \"body\": …}, in a .jsonl";

/// What `text` is; `whole` says that nothing follows. It does not begin with JSON.
///
/// # Errors
/// It is nothing that is read, or several stories that nothing separates for certain.
pub(super) fn judge(text: &str, whole: bool) -> Result<Content, Refusal> {
    let all: Vec<&str> = text.lines().map(str::trim).collect();
    // The last line may be cut off.
    let cut = usize::from(!whole && all.len() > 1);
    let judged = all.get(..all.len() - cut).unwrap_or_default();
    let lines: Vec<&str> = judged.iter().copied().filter(|line| !line.is_empty()).collect();
    if let Some(found) = json_lines(&lines) {
        return found;
    }
    if tagged::is_tagged(text) {
        return Ok(Content::Tagged);
    }
    if csv::has_header(text) {
        return Ok(Content::Table);
    }
    if let Some(delimiter) = csv::without_header(text, whole) {
        let name = if delimiter == b'\t' { ".tsv" } else { ".csv" };
        let detail = format!(
            "this is a table without a line that names its columns, not an article; put names such as title, body and date on \
             the first line, and name it {name}; comments and lists do not belong into the articles folder"
        );
        return Err(Refusal::new(RefusalCode::NoHeader, detail));
    }
    if let Some(what) = list(&lines) {
        let detail = format!("this is {what}, not an article; keep it outside of the articles folder");
        return Err(refused(detail));
    }
    if let Some(how) = labels::several_stories(text, &lines) {
        return Err(refused(format!(
            "these are several stories ({how}), and a .txt is one page; {AS_LINES}"
        )));
    }
    if let Some(what) = labels::described_story(text, &lines) {
        return Err(refused(format!(
            "this is {what}, of which a .txt would make the title and the story; {AS_LINES}, with what is named there"
        )));
    }
    if let Some(how) = stories_on_lines(&lines, judged) {
        return Err(refused(format!(
            "each line is an article of its own ({how}), and a .txt is one page; {AS_LINES}"
        )));
    }
    if let Some(how) = stories_in_blocks(judged, cut > 0) {
        return Err(refused(format!(
            "this looks like several stories ({how}), and a .txt is one page; put each into a file of its own, or {AS_LINES}; one story comes \
             in where nothing of that kind is between its parts"
        )));
    }
    Ok(Content::Page)
}

fn refused(detail: String) -> Refusal {
    Refusal::new(RefusalCode::UnknownFormat, detail)
}

/// Lines of JSON below a line that is none, or what Python prints of its dictionaries.
fn json_lines(lines: &[&str]) -> Option<Result<Content, Refusal>> {
    let is_object = |line: &&&str, quote: char| {
        let inside =
            line.trim_end_matches([',', ']']).strip_prefix('[').unwrap_or(line).trim_end_matches([',', ']']);
        inside.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(quote))
            && inside.ends_with('}')
    };
    let count = |quote: char| lines.iter().filter(|line| is_object(line, quote)).count();
    let is_comment = |line: &&&str| line.starts_with('#') || line.starts_with("//");
    let comments = lines.iter().take_while(is_comment).count();
    let rest = lines.len() - comments;
    if most(count('\''), rest)
        || lines.first().is_some_and(|line| line.starts_with("{'") || line.starts_with("[{'"))
    {
        let detail = "these are dictionaries as Python prints them, not JSON; write each with json.dumps(…, ensure_ascii=False), one a \
                      line, in a .jsonl";
        return Some(Err(refused(detail.to_owned())));
    }
    if most(count('"'), rest) {
        let listed = lines.iter().filter(|line| line.ends_with("},")).count();
        return Some(Ok(if listed > 0 && comments == 0 { Content::Json } else { Content::Lines }));
    }
    let first = lines.get(comments)?;
    let begins_json = first.strip_prefix(['{', '[']).is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with(['"', '{'])
            || rest.is_empty() && lines.get(comments + 1).is_some_and(|next| next.starts_with(['"', '{']))
    });
    if !begins_json {
        return None;
    }
    if comments == 0 {
        return Some(Ok(Content::Json));
    }
    let detail = "this is JSON below lines that are none; take these lines away, and name the file .json";
    Some(Err(refused(detail.to_owned())))
}

/// What a list is that holds no story at all.
fn list(lines: &[&str]) -> Option<&'static str> {
    if most(lines.iter().filter(|line| is_bare_address(line)).count(), lines.len()) {
        return Some("a list of addresses");
    }
    let is_coded = |line: &&&str| {
        line.split_once([' ', ',', ':', '=']).is_some_and(|(code, name)| {
            let name = name.trim();
            code.len() >= 2
                && code.bytes().all(|byte| byte.is_ascii_digit())
                && (1..=20).contains(&name.chars().count())
                && find_date(line).is_none()
        })
    };
    let stories = lines.iter().any(|line| has_sentence(line));
    let is_short = |line: &&str| line.chars().count() <= 12 && !line.contains(char::is_whitespace);
    if lines.len() >= 5 && !stories && lines.iter().all(is_short) {
        return Some("a list of words");
    }
    let is_version = |line: &&&str| line.contains("==") || line.contains(">=");
    if lines.len() >= 2 && !stories && most(lines.iter().filter(is_version).count(), lines.len()) {
        return Some("a list of programs");
    }
    if lines.iter().any(|line| line.to_ascii_lowercase().starts_with("user-agent:")) && !stories {
        return Some("a file for robots");
    }
    if lines.len() >= 2 && !stories && most(lines.iter().filter(is_coded).count(), lines.len()) {
        return Some("a list of codes and names");
    }
    // `hong*** 2024.03.05. 15:12`, `rave****(rave****)`
    let first = lines.first()?;
    let masked = first.split_whitespace().next()?.split('(').next()?;
    let shown = masked.trim_end_matches('*');
    let is_masked = masked.len() >= shown.len() + 2
        && (1..=12).contains(&shown.chars().count())
        && shown.chars().all(char::is_alphanumeric);
    (is_masked && !has_sentence(first)).then_some("a page of readers' comments")
}

/// How it is told that each of `lines` is a story; `all` has the blank ones too.
fn stories_on_lines(lines: &[&str], all: &[&str]) -> Option<&'static str> {
    let within = all.iter().skip_while(|line| line.is_empty()).take(lines.len());
    if lines.len() < 2 || within.clone().any(|line| line.is_empty()) {
        return None;
    }
    let count = |fits: &dyn Fn(&str) -> bool| lines.iter().filter(|line| fits(line)).count();
    let is_most = |fits: &dyn Fn(&str) -> bool| most(count(fits), lines.len());
    if is_most(&|line| line.contains("다.  ") || line.contains("요.  ") || line.contains(".\"  ")) {
        return Some("paragraphs are separated by two spaces");
    }
    if is_most(&|line| has_dateline(line) && count_sentences(line) >= 2) {
        return Some("each begins with a dateline");
    }
    let is_story = |line: &str| count_sentences(line) >= STORY_SENTENCES;
    (lines.len() >= 3 && count(&has_sentence) == lines.len() && is_most(&is_story))
        .then_some("each has several sentences, and none is a headline")
}

/// How it is told that `lines` are several stories, one below the other. `open` says that the last one goes on.
fn stories_in_blocks(lines: &[&str], open: bool) -> Option<String> {
    let ruled = blocks(lines, is_rule, 1, open);
    let is_story = |block: &&Vec<&str>| is_story(block);
    let is_signed = |block: &&Vec<&str>| is_story(block) && is_signed(block);
    let count = ruled.len();
    let stories = ruled.iter().filter(is_story).count();
    // Sections of one story have headings with a mark.
    let plain = || ruled.iter().all(|block| !block.first().is_some_and(|line| is_marked(line)));
    // Of two, none is the head of the other.
    let alike = || !ruled.iter().any(|block| self::is_signed(block));
    if count >= 2
        && (most(ruled.iter().filter(is_signed).count(), count)
            || stories == count && plain() && (count >= 3 || alike()))
    {
        let rule: String = lines
            .iter()
            .find(|line| is_rule(line))
            .into_iter()
            .flat_map(|line| line.chars())
            .take(5)
            .collect();
        return Some(format!("separated by lines of {rule}"));
    }
    for least in [2, 1] {
        let apart = blocks(lines, str::is_empty, least, open);
        if apart.len() >= 2 && most(apart.iter().filter(is_signed).count(), apart.len()) {
            return Some("separated by blank lines, each with a date or a byline".to_owned());
        }
    }
    (dated_stories(lines) >= 2).then(|| "each with the date of its publication".to_owned())
}

/// The lines between those that are separators, at least `least` in a row; blank ones are left out.
fn blocks<'a>(
    lines: &[&'a str],
    separates: impl Fn(&str) -> bool,
    least: usize,
    open: bool,
) -> Vec<Vec<&'a str>> {
    let mut blocks: Vec<Vec<&str>> = vec![Vec::new()];
    let mut run = 0;
    for line in lines {
        if separates(line) {
            run += 1;
            continue;
        }
        if run >= least {
            blocks.push(Vec::new());
        }
        if line.is_empty() {
            continue;
        }
        run = 0;
        if let Some(block) = blocks.last_mut() {
            block.push(line);
        }
    }
    blocks.retain(|block| !block.is_empty());
    if open && blocks.len() > 1 {
        blocks.pop();
    }
    blocks
}

/// `-----`, `* * *`, `===== 2 =====`
fn is_rule(line: &str) -> bool {
    let Some(first) = line.chars().next().filter(|c| "-=_*#~—─━═+■□◆◇●○★☆※•·".contains(*c))
    else {
        return false;
    };
    let signs = |line: &str| line.chars().filter(|c| *c != ' ').take_while(|c| *c == first).count();
    let inside = line.trim_matches(|c: char| c == first || c == ' ');
    signs(line) >= 3
        && (inside.is_empty() || inside.chars().count() <= 12 && line.ends_with(&first.to_string().repeat(3)))
}

/// Whether a headline is followed by sentences.
fn is_story(block: &[&str]) -> bool {
    let Some((title, rest)) = block.split_first() else { return false };
    title.chars().count() <= MAX_TITLE_CHARS
        && !has_sentence(title)
        && !says_who_or_when(title)
        && rest.iter().any(|line| has_sentence(line) && !is_footer(line))
}

/// Whether lines of their own say who wrote it, or when.
fn is_signed(block: &[&str]) -> bool {
    block.iter().skip(1).any(|line| says_who_or_when(line) || has_dateline(line))
}

fn says_who_or_when(line: &str) -> bool {
    line.chars().count() <= 60
        && !has_sentence(line)
        && (find_date(line).is_some()
            || line.ends_with("기자")
            || line.contains("기자 ") && line.contains('@'))
}

/// Whether the line begins as a heading within a story does: `■ 종목별 전망`.
fn is_marked(line: &str) -> bool {
    line.starts_with([
        '■', '□', '◆', '◇', '▲', '△', '●', '○', '※', '☞', '▶', '▷', '<', '〈', '-', '•', '·', '[', '(', '1',
        '2', '3', '4',
    ])
}

/// `(가람=온새미통신) …`
fn has_dateline(line: &str) -> bool {
    let Some(rest) = line.strip_prefix(['(', '[', '【']) else { return false };
    let Some((inside, _)) = rest.split_once([')', ']', '】']) else { return false };
    inside.chars().count() <= 40
        && inside.split_once('=').is_some_and(|(place, agency)| !place.is_empty() && !agency.is_empty())
}

/// How many stories there are that have a headline, below it a date with a label, and below that several sentences.
fn dated_stories(lines: &[&str]) -> usize {
    const LABELS: [&str; 9] =
        ["입력", "기사입력", "등록", "승인", "송고", "게시", "작성", "발행", "기사등록"];
    let is_stamp = |line: &str| {
        LABELS.iter().any(|label| line.starts_with(label))
            && line.chars().count() <= 80
            && find_date(line).is_some()
    };
    let (mut stories, mut sentences, mut open) = (0, 0, false);
    for line in lines.iter().filter(|line| !line.is_empty()) {
        if is_stamp(line) {
            // A list of other articles has stamps with nothing between them, and what follows it is the foot of the page.
            if open {
                return 0;
            }
            (open, sentences) = (true, 0);
        } else if line.chars().count() >= 30 && !is_footer(line) {
            sentences += count_sentences(line);
            if open && sentences >= 2 {
                stories += 1;
                open = false;
            }
        }
    }
    stories
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
