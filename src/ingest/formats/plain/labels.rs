//! Signs that a text holds several stories, or one below lines that describe it, in a form that is not read.

use super::super::super::names::{self, Field};
use super::super::super::sentence::has_sentence;

/// Lines of a mail's head, and the Korean names that programs show for them.
const MAIL: [&str; 20] = [
    "subject",
    "from",
    "to",
    "date",
    "sent",
    "message-id",
    "mime-version",
    "content-type",
    "cc",
    "received",
    "return-path",
    "delivered-to",
    "reply-to",
    "dkim-signature",
    "보낸사람",
    "보낸이",
    "받는사람",
    "받는이",
    "보낸날짜",
    "참조",
];
/// Lines within which the head of a mail ends.
const MAIL_LINES: usize = 100;

/// How it is told that `lines`, those of `text` that are not blank, are several stories.
pub(super) fn several_stories(text: &str, lines: &[&str]) -> Option<&'static str> {
    let labelled = |field: Field| lines.iter().filter(|line| label_of(line) == Some(field)).count();
    if labelled(Field::Title) >= 2 && labelled(Field::Body) >= 2 {
        return Some("names of a title and of a story come several times");
    }
    if lines.iter().filter(|line| line.ends_with("(끝)") || **line == "끝").count() >= 2 {
        return Some("(끝) ends several");
    }
    let pages = text.split('\u{c}').filter(|page| has_sentence(page)).count();
    (pages >= 2).then_some("there is a page break between them")
}

/// What a text is that has lines above the story which describe it.
pub(super) fn described_story(text: &str, lines: &[&str]) -> Option<&'static str> {
    if is_mail(text) {
        return Some("a mail with its head");
    }
    let inside = lines.strip_prefix(&["---"])?;
    let end = inside.iter().take(40).position(|line| *line == "---")?;
    let named = inside.get(..end)?.iter().filter(|line| line.contains(':')).count();
    (named >= 1).then_some("a text below a block of names between lines of ---")
}

/// Whether a text begins with the head of a mail: lines up to a blank one, most with a name and a colon, of which several are those of mails.
fn is_mail(text: &str) -> bool {
    let head: Vec<&str> =
        text.trim_start().lines().take(MAIL_LINES).take_while(|line| !line.trim().is_empty()).collect();
    let name_of = |line: &str| {
        let (name, _) = line.split_once(':')?;
        let name: String = name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        Some(name).filter(|name| MAIL.contains(&name.as_str()))
    };
    let mut known: Vec<String> = head.iter().filter_map(|line| name_of(line)).collect();
    known.sort_unstable();
    known.dedup();
    let first = head.first().copied().unwrap_or_default();
    // In a file of many mails a line without a colon stands above each.
    let begins = name_of(first).is_some()
        || first.starts_with("From ")
        || first.to_ascii_lowercase().starts_with("x-");
    begins && known.len() >= 2
}

/// The field whose name a line is, or begins with: `제목: …`, `$$TITLE$$…`, `*본문*`, `제목`.
fn label_of(line: &str) -> Option<Field> {
    let bare = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let is_marked = bare.len() < line.len();
    let end = bare.find(|c: char| !c.is_alphanumeric()).unwrap_or(bare.len());
    let (word, rest) = bare.split_at_checked(end)?;
    let parted = rest.is_empty()
        || rest.trim_start().starts_with([':', '=', '：', '*', '$', ']', '】', '>', '|'])
        || is_marked && rest.starts_with(' ');
    names::field_of(word).filter(|_| parted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "가온시는 5일 역 승강장을 새로 열었다고 밝혔다. 공사는 지난해 10월 시작됐다.";

    fn several(text: &str) -> bool {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        several_stories(text, &lines).is_some()
    }

    #[test]
    fn labels_that_come_again_are_several_stories() {
        for form in [
            "[1]\n제목: 하나\n본문: STORY\n",
            "파일명: a.txt\n제목: 하나\n본문: STORY\n",
            "No: 1\nTitle: 하나\nContent: STORY\n",
            "헤드라인=하나\n본문=STORY\n",
            "*제목*\n하나\n*본문*\nSTORY\n",
            "제목\n하나\n본문\nSTORY\n",
            "$$TITLE$$하나\n$$BODY$$STORY\n",
            "(가온=온새미통신) STORY\n(끝)\n",
        ] {
            let one = form.replace("STORY", STORY);
            assert!(several(&format!("{one}\n{one}")), "{form}");
            assert!(!several(&one), "{form}");
        }
        assert!(several(&format!("{STORY}\n\u{c}\n{STORY}")));
        assert!(!several(&format!(
            "제목을 잘 지어야 한다.\n본문도 그렇다.\n제목이 먼저다.\n본문은 나중이다.\n{STORY}"
        )));
    }

    #[test]
    fn heads_above_a_story_are_seen() {
        let described = |text: &str| {
            let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            described_story(text, &lines)
        };
        for head in [
            "Subject: 하나\nFrom: a@post.example\nDate: Tue, 05 Mar 2024",
            "Return-Path: <a@post.example>\nReceived: from mx.example by b\n\tfor <b@post.example>\nX-Spam: no\nSubject: 하나",
            "From a@post.example Tue Mar  5 09:00:00 2031\nFrom: a@post.example\nTo: b@post.example",
            "보낸 사람: 나한별\n받는 사람: 도가온\n보낸 날짜: 2031년 5월 5일\n제목: 하나",
        ] {
            assert_eq!(described(&format!("{head}\n\n{STORY}")), Some("a mail with its head"), "{head}");
        }
        assert!(described(&format!("---\ntitle: {{a: 1}}\ndate: 2024-03-05\n---\n{STORY}")).is_some());
        assert!(described(&format!("하나\n{STORY}\n---\n다시: 둘")).is_none());
        assert!(described(&format!("받는 사람: 아무도 없다\n{STORY}")).is_none());
    }
}
