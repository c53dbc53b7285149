//! E-mail addresses: those of bylines and footers go, those of the story stay.
//!
//! Inside of a sentence an address is always the story's. Where it stands alone, on a line or after the last sentence of one, its place
//! decides: beside a byline and after the story it is the reporter's; where the story goes on, or has just said that an address
//! follows, it is what readers need.

use super::byline::is_email;
use super::sentence::sentence_end;

/// Where an address stands.
pub(super) struct AddressPlace<'a> {
    /// The line of the story before it; `None` at its beginning.
    pub(super) before: Option<&'a str>,
    /// Whether a sentence of the story follows on a later line.
    pub(super) follows: bool,
    /// Whether a byline or a footer ends the line before, or is the line after it.
    pub(super) beside_byline: bool,
}

impl AddressPlace<'_> {
    /// Whether addresses after the last sentence of `line` belong to the story.
    pub(super) fn is_in_story(&self, line: &str) -> bool {
        let own = sentence_end(line).and_then(|end| line.get(..end));
        match own.or(self.before) {
            None => false,
            Some(before) => announces(before) || self.follows && !self.beside_byline,
        }
    }
}

/// Whether a line ends in the middle of something, or its last sentence says what an address is for: `신청은 아래 주소로 하면 된다.`
fn announces(line: &str) -> bool {
    const ADDRESSES: [&str; 5] = ["주소", "메일", "전자우편", "e-mail", "email"];
    const PURPOSES: [&str; 11] =
        ["신청", "문의", "접수", "보내", "연락", "제출", "응모", "받는다", "하면", "아래", "다음"];
    let line = line.trim_end();
    if line.ends_with(['(', '[', ':', ',', '=', '“', '‘', '·', '→']) {
        return true;
    }
    let bare = line.trim_end_matches(['.', '!', '?', '"', '”']);
    let last = bare.get(sentence_end(bare).unwrap_or(0)..).unwrap_or_default().to_lowercase();
    [ADDRESSES.as_slice(), &PURPOSES].iter().all(|words| words.iter().any(|word| last.contains(word)))
}

/// Whether there is nothing in `line` but addresses.
pub(super) fn is_address_line(line: &str) -> bool {
    line.contains('@') && without_emails(line).is_some_and(|rest| rest.is_empty())
}

/// Removes e-mail addresses after the last sentence of a line, where nothing else but digits and punctuation is left: what is left of
/// a byline or a footer. Inside of a sentence an address is a part of the story, with a particle (`name@outlet.example로 보내면 된다`)
/// or without one (`문의는 시청(info@city.example) 또는 전화로 한다`), and so it is beside words that are not a byline.
pub(super) fn without_emails(line: &str) -> Option<String> {
    if !line.contains('@') {
        return None;
    }
    let story = sentence_end(line).unwrap_or(0);
    let (story, tail) = line.split_at_checked(story)?;
    let mut rest = String::new();
    let mut found = false;
    for word in tail.split_inclusive([' ', '(', ')', '[', ']', '<', '>', '/', ',', '|']) {
        let bare =
            word.trim_end_matches([' ', '(', ')', '[', ']', '<', '>', '/', ',', '|']).trim_end_matches('.');
        if is_email(bare) {
            found = true;
        } else {
            rest.push_str(word);
        }
    }
    if !found || rest.contains(char::is_alphabetic) {
        return None;
    }
    let rest = rest.trim_matches([' ', '(', ')', '[', ']', '<', '>', '/', ',', '|']);
    Some(if rest.is_empty() { story.to_owned() } else { format!("{story} {rest}") })
}

#[cfg(test)]
mod tests {
    use super::super::body::clean_body;
    use super::super::outlets::OutletNames;

    fn cleaned(body: &str) -> String {
        clean_body(body.to_owned(), None, &OutletNames::default()).text
    }

    #[test]
    fn an_address_on_its_own_line_stays_where_the_story_goes_on() {
        for body in [
            "신청은 시 전자우편(\napply@city.example\n)으로 하면 된다.",
            "신청은 아래 주소로 하면 된다.\napply@city.example\n마감은 15일이다.",
            "접수처는 두 곳이다.\na@city.example, b@city.example\n둘 다 밤에도 받는다.",
            "접수처는 두 곳이다.\na@city.example\nb@city.example\n둘 다 밤에도 받는다.",
            "시는 공모를 시작했다. apply@city.example\n마감은 15일이다.",
            "신청은 아래 주소로 하면 된다.\napply@city.example",
            "신청은 아래 주소로 하면 된다.\na@city.example\nb@city.example",
            "문의는 다음 이메일로 하면 된다. apply@city.example",
            "문의:\napply@city.example",
        ] {
            assert_eq!(cleaned(body), body);
        }
        assert_eq!(
            cleaned("신청은 아래 주소로 한다.\napply@city.example\n나한별 기자 nah@a.example"),
            "신청은 아래 주소로 한다.\napply@city.example"
        );
    }

    #[test]
    fn an_address_beside_a_byline_or_after_the_story_goes() {
        for body in [
            "가람시에 비가 왔다.\nnah@a.example",
            "가람시에 비가 왔다. nah@a.example",
            "가람시에 비가 왔다. 협박범은 이메일을 썼다.\nnah@a.example",
            "가람시에 비가 왔다.\n나한별 기자\nnah@a.example",
            "가람시에 비가 왔다.\nnah@a.example\n나한별 기자",
            "가람시에 비가 왔다.\n(nah@a.example)\nⓒ 가람일보, 무단전재 및 재배포 금지",
        ] {
            let text = cleaned(body);
            assert!(text.starts_with("가람시에 비가 왔다.") && !text.contains('@'), "{text}");
        }
        // The story goes on after a byline in the middle of it, and begins after one at its head.
        for body in [
            "비가 왔다.\n나한별 기자\nnah@a.example\n눈도 왔다.",
            "비가 왔다. 나한별 기자\nnah@a.example\n눈도 왔다.",
            "nah@a.example\n비가 왔다.\n눈도 왔다.",
        ] {
            assert_eq!(cleaned(body), "비가 왔다.\n눈도 왔다.", "{body}");
        }
    }

    #[test]
    fn a_million_addresses_take_no_more_than_their_time() {
        let body = "a@b.example\n".repeat(100_000);
        assert!(cleaned(&body).is_empty());
    }
}
