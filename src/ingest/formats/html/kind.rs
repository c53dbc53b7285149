//! Whether a page is an article at all: not a list of others, nor what a site shows where it has none to show.
//!
//! Crawlers save section fronts, results of searches, error pages and logins beside articles, and each would be an article of nobody's words.
//! A page that says of itself that it is an article is believed; of the others only what is certainly something else is refused, with a
//! word on what to do.

use serde_json::{Map, Value};

use super::super::super::boilerplate::is_footer;
use super::super::super::refusal::{Refusal, RefusalCode};
use super::super::super::sentence::{count_sentences, has_sentence};
use super::json_ld;
use super::page::{Page, Sureness};

/// A link of so many characters may be a headline; `더보기` and `정치` are none.
const HEADLINE: usize = 8;
/// A line of so many characters may tell what a headline is about.
const TELLS: usize = 20;
/// A page with so many headlines and no story is a list.
const MANY: usize = 10;

/// Refuses a page that is certainly no article. `described` is what its JSON-LD says of one.
pub(super) fn refuse_others(page: &Page, described: &Map<String, Value>, title: &str) -> Result<(), Refusal> {
    if described.contains_key("articleBody") {
        return Ok(());
    }
    // Once: scripts may be large.
    let count = if described.is_empty() { 0 } else { json_ld::articles(&page.scripts).len() };
    if says_article(page, described, title, count) {
        return Ok(());
    }
    let lines = page.told_lines();
    if let Some(what) = notice(page, title, &lines) {
        return Err(refused(format!(
            "this page says \"{what}\" in place of an article; it is what a site shows for an error or a login; save the page again, or keep \
             it outside of the articles folder"
        )));
    }
    if is_hollow(page, &lines) {
        return Err(refused(
            "this page holds a title and no text: a script loads the rest; save it from the browser when it is there".to_owned(),
        ));
    }
    // A site may say so of an error, too, but hardly of a list.
    if page.meta(&["og:type"]).is_some_and(|kind| kind.trim() == "article") {
        return Ok(());
    }
    match headlines(page, count, &lines) {
        Some(count) => Err(refused(format!(
            "this page is a list of {count} articles or more, and has no story of its own; save the pages that it links to, or take the feed (RSS) \
             of the site"
        ))),
        None => Ok(()),
    }
}

fn refused(detail: String) -> Refusal {
    Refusal::new(RefusalCode::UnknownFormat, detail)
}

/// Whether the page says of itself that it is one article: in JSON-LD, which describes `count`, in microdata, with a date of publication, or by
/// the place that it has for a story.
fn says_article(page: &Page, described: &Map<String, Value>, title: &str, count: usize) -> bool {
    let dates = ["article:published_time", "og:article:published_time"];
    own_in_json_ld(page, described, title, count)
        || page.meta(&dates).is_some()
        || page.items("headline").count() == 1
        || page.surest().is_some_and(|(sureness, text)| sureness >= Sureness::Id && has_sentence(text))
}

/// Whether what JSON-LD says is said of this page: a list describes several, and none of them under its own address or title. `count` is how many.
fn own_in_json_ld(page: &Page, described: &Map<String, Value>, title: &str, count: usize) -> bool {
    if described.is_empty() {
        return false;
    }
    let own = page.address().as_deref().and_then(super::common_form);
    let headline = described.get("headline").and_then(Value::as_str).unwrap_or_default().trim();
    let shown = [page.heading(), page.meta(&["og:title"]), Some(page.own_title().to_owned())];
    let is_shown = || {
        headline.len() > 3 && (shown.iter().flatten().any(|text| text.contains(headline)) || title.is_empty())
    };
    count < 3 || own.is_some() && json_ld::address_of(described) == own || is_shown()
}

/// Whether nothing is on the page, and nothing is said of it but a title.
fn is_hollow(page: &Page, lines: &[&str]) -> bool {
    let is_said = page.headings().next().is_some() || page.meta(&["og:title", "twitter:title"]).is_some();
    !page.own_title().trim().is_empty() && !is_said && page.listed == 0 && lines.is_empty()
}

/// What a site says where it has no article to show.
fn notice(page: &Page, title: &str, lines: &[&str]) -> Option<String> {
    let told: usize = lines.iter().filter(|line| has_sentence(line)).map(|line| line.chars().count()).sum();
    let sentences: usize = lines.iter().map(|line| count_sentences(line)).sum();
    // A page with several headings may have a login beside its article.
    let heading = page.headings().next().filter(|_| page.headings().count() == 1);
    let heads = heading.into_iter().chain([title, page.own_title()]);
    let head = heads.map(str::trim).find(|head| is_notice(head) || page.has_password && is_login(head));
    if let Some(head) = head.filter(|_| told <= 800) {
        return Some(head.to_owned());
    }
    let first = lines.iter().find(|line| has_sentence(line) || line.chars().count() >= TELLS)?;
    let is_short = sentences <= 4 && told <= 400;
    (is_short && is_refusal(first)).then(|| first.chars().take(80).collect())
}

/// Whether a title is one of an error: `404 Not Found`, `페이지를 찾을 수 없습니다`, `로그인 - 가람일보`.
fn is_notice(title: &str) -> bool {
    const WHOLE: [&str; 34] = [
        "notfound",
        "pagenotfound",
        "error",
        "errorpage",
        "forbidden",
        "accessdenied",
        "unauthorized",
        "badrequest",
        "badgateway",
        "gatewaytimeout",
        "serviceunavailable",
        "internalservererror",
        "requestblocked",
        "toomanyrequests",
        "justamoment",
        "attentionrequired",
        "attentionrequiredcloudflare",
        "robotcheck",
        "captcha",
        "login",
        "signin",
        "오류",
        "오류안내",
        "오류페이지",
        "에러",
        "에러페이지",
        "로그인",
        "회원로그인",
        "로그인페이지",
        "접근제한",
        "접속차단",
        "서비스점검",
        "서비스점검안내",
        "시스템점검안내",
    ];
    const CODES: [&str; 11] = ["400", "401", "403", "404", "405", "410", "429", "500", "502", "503", "504"];
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let folded = letters(title);
    let bare = ["error", "http", "에러", "오류"]
        .iter()
        .fold(folded.as_str(), |text, word| text.strip_prefix(word).unwrap_or(text));
    let after_code = CODES.iter().find_map(|code| bare.strip_prefix(code));
    let is_code = after_code.is_some_and(|rest| {
        let is_word = |word: &&str| word.is_ascii() && rest.starts_with(word);
        rest.is_empty() || WHOLE.contains(&rest) || WHOLE.iter().any(is_word) || is_refusal(title)
    });
    // The outlet may stand after it, or before.
    let parts = title.split(['|', '-', ':', '<', '>', '–']).map(str::trim);
    let is_part = |part: &str| WHOLE.contains(&letters(part).as_str());
    WHOLE.contains(&folded.as_str())
        || is_code
        || title.chars().count() <= 40 && (is_refusal(title) || parts.take(3).any(is_part))
}

/// Whether a title names the place where readers say who they are, on a page that asks for a password.
fn is_login(title: &str) -> bool {
    let lower = title.to_lowercase();
    title.chars().count() <= 30
        && ["로그인", "login", "log in", "sign in", "회원가입"].iter().any(|word| lower.contains(word))
}

/// Whether a line says that there is no article, or that it is not for everybody. What an article quotes stands in quotes.
fn is_refusal(line: &str) -> bool {
    const PHRASES: [&str; 39] = [
        "페이지를 찾을 수 없",
        "페이지를찾을수없",
        "찾을 수 없는 페이지",
        "존재하지 않는 페이지",
        "존재하지 않는 기사",
        "존재하지 않는 게시물",
        "기사가 존재하지",
        "페이지가 존재하지",
        "게시물이 존재하지",
        "없는 페이지입니다",
        "없는 기사입니다",
        "삭제되었거나",
        "삭제된 기사입니다",
        "삭제된 페이지",
        "기사가 삭제되었",
        "기사를 찾을 수 없",
        "요청하신 페이지",
        "요청하신 기사",
        "요청하신 주소",
        "주소가 잘못",
        "잘못된 주소",
        "잘못된 접근",
        "잘못된 경로",
        "비정상적인 접근",
        "접근이 차단되",
        "접근 권한이 없습",
        "로그인이 필요한 서비스",
        "로그인이 필요합니다",
        "로그인 후 이용",
        "로그인 후에 이용",
        "로그인해 주세요",
        "로그인해주세요",
        "서비스 점검 중",
        "page not found",
        "page you requested",
        "was not found on this server",
        "access denied",
        "checking your browser",
        "verify you are human",
    ];
    const QUOTES: [char; 8] = ['"', '\'', '“', '”', '‘', '’', '「', '\u{300E}'];
    let lower = line.to_lowercase();
    line.chars().count() <= 80
        && !line.contains(QUOTES)
        && PHRASES.iter().any(|phrase| lower.contains(phrase))
}

/// How many headlines of others the page lists, if it is a list of them. `described` is how many articles JSON-LD describes, none of them this
/// page's own.
fn headlines(page: &Page, described: usize, lines: &[&str]) -> Option<usize> {
    if described >= 3 {
        return Some(described);
    }
    let teasers = Teasers::of(page);
    let links = teasers.told.len() + page.listed;
    if teasers.is_list() {
        return Some(teasers.told.len());
    }
    // Nothing but links: the headline of an article is there, where it has nothing else.
    let is_headed = page.heading().is_some_and(|heading| heading.chars().count() >= 12);
    let tells = lines.iter().any(|line| has_sentence(line));
    (links >= MANY && !tells && !teasers.any_told() && !is_headed).then_some(links)
}

/// What a page has of headlines that are links, each with what is told below it.
struct Teasers {
    /// Sentences above the first of them.
    lead: usize,
    /// Characters and sentences below each.
    told: Vec<(usize, usize)>,
}

impl Teasers {
    fn of(page: &Page) -> Self {
        let mut teasers = Self { lead: 0, told: Vec::new() };
        let mut from = 0;
        for (start, end) in page.headlines() {
            teasers.tell(page.text().get(from..start).unwrap_or_default());
            teasers.told.push((0, 0));
            from = end;
        }
        teasers.tell(page.text().get(from..).unwrap_or_default());
        teasers
    }

    fn tell(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| tells(line)) {
            match self.told.last_mut() {
                Some((length, sentences)) => {
                    *length += line.chars().count();
                    *sentences += count_sentences(line);
                }
                None => self.lead += count_sentences(line),
            }
        }
    }

    fn any_told(&self) -> bool {
        self.told.iter().any(|(length, _)| *length > 0)
    }

    /// Whether they are what the page consists of: nothing is told above them, most of them are told about, and no one of them at length.
    fn is_list(&self) -> bool {
        let mut lengths: Vec<usize> =
            self.told.iter().map(|(length, _)| *length).filter(|length| *length > 0).collect();
        lengths.sort_unstable();
        let (Some(median), Some(longest)) = (lengths.get(lengths.len() / 2), lengths.last()) else {
            return false;
        };
        let most_sentences = self.told.iter().map(|(_, sentences)| *sentences).max().unwrap_or(0);
        let is_even = most_sentences <= 2 || *longest <= median * 2 && most_sentences <= 4;
        self.lead <= 1 && lengths.len() >= 3 && lengths.len() * 2 >= self.told.len() && is_even
    }
}

/// Whether a line tells something, and is not the foot of a page.
fn tells(line: &str) -> bool {
    line.chars().count() >= TELLS && line.contains(char::is_alphabetic) && !is_footer(line)
}

impl Page {
    /// The lines of the page that are more than a word, without its foot.
    fn told_lines(&self) -> Vec<&str> {
        let lines = self.text().lines().map(str::trim);
        lines.filter(|line| line.chars().count() > 4 && !is_footer(line)).collect()
    }

    /// Where the links that may be headlines lie in the text: alone on their lines, or with what is told below them, of which only the
    /// first line is the headline.
    fn headlines(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.links.iter().filter_map(|(start, end)| {
            let inside = self.text().get(*start..*end)?;
            let skipped = inside.len() - inside.trim_start().len();
            let first = inside.trim_start().lines().next()?;
            let (start, end) = (start + skipped, start + skipped + first.len());
            let before = self.text().get(..start)?.rsplit('\n').next()?;
            let after = self.text().get(end..)?.split('\n').next()?;
            let first = first.trim();
            let length = first.chars().count();
            // What is told may be a link, too.
            let is_told = has_sentence(first) || length > 90;
            let is_alone = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() <= 8;
            ((HEADLINE..=90).contains(&length) && !is_told && is_alone(before) && is_alone(after))
                .then_some((start, end))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
