//! What came, as a mail says it: a subject, a plain text and the same as HTML, in Korean.
//!
//! The HTML has its styles on its elements and loads nothing: programs for mail leave out the rest.

use super::message::{self, Message, facts, title_of};
use crate::search::Arrived;
use crate::search::types::{MarkedText, Snippet};

/// Snippets of a hit.
const SNIPPETS: usize = 2;
const BETWEEN_SNIPPETS: &str = " … ";
const HINT: &str = "margin:2px 0 4px;color:#5f6368;font-size:13px";

/// A mail without whom it is from and for.
pub(super) struct Digest {
    pub(super) subject: String,
    pub(super) plain: String,
    pub(super) html: String,
}

/// A hit as both texts show it.
struct Shown {
    title: String,
    /// As HTML, with what matched in bold.
    marked_title: String,
    link: Option<String>,
    /// Outlet, time, and whether it was corrected.
    facts: String,
    snippet: String,
    marked_snippet: String,
}

/// What both texts tell.
struct Told<'a> {
    message: &'a Message,
    /// The title of the search, in one line.
    title: String,
    shown: Vec<Shown>,
    /// Where everything that the search finds is.
    all: Option<String>,
    /// Where saved searches are.
    searches: Option<String>,
}

impl Digest {
    /// The mail that tells of `message`, with links to `site`, the address under which readers reach gisa.
    pub(super) fn of(message: &Message, site: Option<&str>) -> Self {
        let told = Told {
            message,
            title: line(&message.title),
            shown: message.hits.iter().map(|arrived| Shown::of(arrived, site)).collect(),
            all: site.map(|site| format!("{site}/?{}", message.query())),
            searches: site.map(|site| format!("{site}/searches")),
        };
        let subject = format!("{}{}: 새 기사 {}건", message.prefix(), told.title, message.count());
        Self { subject, plain: told.plain(), html: told.html() }
    }
}

impl Message {
    /// What stands below the title.
    fn lead(&self) -> String {
        match (self.test, self.count()) {
            (true, 0) => "시험으로 보낸 메일입니다. 지금은 이 검색에 맞는 기사가 없습니다.".to_owned(),
            (true, _) => {
                "시험으로 보낸 메일입니다. 아래 기사는 새로 온 것이 아니라 가장 최근 기사입니다.".to_owned()
            }
            (false, count) => format!("새 기사 {count}건"),
        }
    }

    /// What says that more came than is shown.
    fn rest(&self) -> Option<String> {
        self.rest.map(|rest| format!("이 밖에 새 기사 {}건이 더 있습니다.", rest.hits))
    }
}

impl Shown {
    fn of(arrived: &Arrived, site: Option<&str>) -> Self {
        let hit = &arrived.hit;
        let title = title_of(hit);
        let own = message::link_of(hit);
        let here = || {
            let id = form_urlencoded::Serializer::new(String::new())
                .append_pair("article", hit.id.as_str())
                .finish();
            site.map(|site| format!("{site}/?{id}"))
        };
        let facts: Vec<String> = facts(arrived).map(|fact| line(&fact)).collect();
        let highlight = hit.highlight.as_ref();
        let marked_title = highlight.filter(|_| !hit.title.is_empty()).map(|highlight| &highlight.title);
        let snippets = || highlight.iter().flat_map(|highlight| &highlight.body).take(SNIPPETS);
        let joined = |pieces: Vec<String>| pieces.join(BETWEEN_SNIPPETS);
        Self {
            title: line(title),
            marked_title: marked_title
                .map_or_else(|| escaped(title), |MarkedText { text, marks }| marked(text, marks)),
            link: own.or_else(here),
            facts: facts.join(" · "),
            snippet: joined(snippets().map(|snippet| line(&snippet.text)).collect()),
            marked_snippet: joined(
                snippets().map(|Snippet { text, marks, .. }| marked(text, marks)).collect(),
            ),
        }
    }
}

impl Told<'_> {
    fn plain(&self) -> String {
        let Self { message, title, shown, all, searches } = self;
        let mut text = format!("{title}\n{}\n", message.lead());
        for (number, hit) in (1..).zip(shown) {
            text.push_str(&format!("\n{number}. {}\n", hit.title));
            let more = [Some(hit.facts.as_str()), Some(&hit.snippet), hit.link.as_deref()];
            for more in more.into_iter().flatten().filter(|more| !more.is_empty()) {
                text.push_str(&format!("   {more}\n"));
            }
        }
        if let Some(rest) = message.rest() {
            text.push_str(&format!("\n{rest}\n"));
        }
        if let Some(all) = all {
            text.push_str(&format!("\n검색 결과 모두 보기\n{all}\n"));
        }
        // The line with which programs for mail set a signature apart (RFC 3676).
        text.push_str(&format!("\n-- \n저장한 검색 “{title}”의 알림입니다.\n"));
        if let Some(searches) = searches {
            text.push_str(&format!("잠시 멈추거나 지우기: {searches}\n"));
        }
        text
    }

    fn html(&self) -> String {
        let Self { message, title, shown, all, searches } = self;
        let title = escaped(title);
        let mut html = format!(
            "<!doctype html>\n<html lang=\"ko\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body style=\"margin:0;padding:16px;font-family:sans-serif;font-size:15px;line-height:1.6\">\n\
         <h1 style=\"margin:0;font-size:20px\">{title}</h1>\n<p style=\"margin:4px 0 16px\">{}</p>\n",
            escaped(&message.lead())
        );
        if !shown.is_empty() {
            html.push_str("<ul style=\"margin:0;padding:0;list-style:none\">\n");
        }
        for hit in shown {
            let title = match &hit.link {
                Some(link) => format!("<a href=\"{}\">{}</a>", escaped(link), hit.marked_title),
                None => hit.marked_title.clone(),
            };
            html.push_str(&format!(
                "<li style=\"margin:0 0 18px\">\n<div style=\"font-size:16px\">{title}</div>\n"
            ));
            if !hit.facts.is_empty() {
                html.push_str(&format!("<div style=\"{HINT}\">{}</div>\n", escaped(&hit.facts)));
            }
            if !hit.marked_snippet.is_empty() {
                html.push_str(&format!("<div>{}</div>\n", hit.marked_snippet));
            }
            html.push_str("</li>\n");
        }
        if !shown.is_empty() {
            html.push_str("</ul>\n");
        }
        if let Some(rest) = message.rest() {
            html.push_str(&format!("<p>{}</p>\n", escaped(&rest)));
        }
        if let Some(all) = all {
            html.push_str(&format!("<p><a href=\"{}\">검색 결과 모두 보기</a></p>\n", escaped(all)));
        }
        html.push_str(&format!("<p style=\"{HINT}\">저장한 검색 “{title}”의 알림입니다."));
        if let Some(searches) = searches {
            html.push_str(&format!(" <a href=\"{}\">잠시 멈추거나 지우기</a>", escaped(searches)));
        }
        html.push_str("</p>\n</body>\n</html>\n");
        html
    }
}

/// A text in one line.
pub(super) fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// As HTML, with what the marks cover in bold. They count UTF-16 code units.
fn marked(text: &str, marks: &[[u32; 2]]) -> String {
    let (mut html, mut run) = (String::with_capacity(text.len()), String::new());
    let (mut at, mut is_bold) = (0, false);
    for c in text.chars() {
        let covered = marks.iter().any(|[start, end]| (*start..*end).contains(&at));
        // Two marks side by side become one.
        if covered != is_bold {
            html.push_str(&escaped(&std::mem::take(&mut run)));
            html.push_str(if covered { "<b>" } else { "</b>" });
            is_bold = covered;
        }
        run.push(c);
        at += c.len_utf16() as u32;
    }
    html.push_str(&escaped(&run));
    if is_bold {
        html.push_str("</b>");
    }
    html
}

/// As HTML in one line, fit for attributes too.
fn escaped(text: &str) -> String {
    message::escaped(&line(text)).replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_bold_and_everything_else_is_text() {
        assert_eq!(marked("a<b>𝄞수소트램이", &[[6, 10]]), "a&lt;b&gt;𝄞<b>수소트램</b>이");
        assert_eq!(marked("수소 & 전기", &[[0, 2], [5, 7]]), "<b>수소</b> &amp; <b>전기</b>");
        assert_eq!(marked("가\n나", &[]), "가 나");
        assert_eq!(escaped("\"><x'"), "&quot;&gt;&lt;x&#39;");
    }
}
