//! Signs that a text holds several stories, or one below lines that describe it, in a form that is not read.

use super::super::super::names::{self, Field};
use super::super::super::sentence::has_sentence;

/// Lines of a mail's head.
const MAIL: [&str; 8] =
    ["subject:", "from:", "to:", "date:", "message-id:", "mime-version:", "content-type:", "cc:"];

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
pub(super) fn described_story(lines: &[&str]) -> Option<&'static str> {
    let is_head = |line: &&&str| {
        let line = line.to_ascii_lowercase();
        MAIL.iter().any(|name| line.starts_with(name))
    };
    if lines.iter().take_while(is_head).count() >= 2 {
        return Some("a mail with its head");
    }
    let inside = lines.strip_prefix(&["---"])?;
    let end = inside.iter().take(40).position(|line| *line == "---")?;
    let named = inside.get(..end)?.iter().filter(|line| line.contains(':')).count();
    (named >= 1).then_some("a text below a block of names between lines of ---")
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
        assert!(
            described_story(&["Subject: 하나", "From: a@post.example", "Date: Tue, 05 Mar 2024", STORY])
                .is_some()
        );
        assert!(described_story(&["---", "title: 하나", "date: 2024-03-05", "---", STORY]).is_some());
        assert!(described_story(&["하나", STORY, "---", "다시: 둘"]).is_none());
    }
}
