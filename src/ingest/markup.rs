//! Removes HTML tags, and only tags: `<기생충>`, `<CNN>` and `<끝>` are Korean typography and stay.

use std::borrow::Cow;

/// Elements whose tags are always markup where they are written in one case.
const SURE: &[&str] = &[
    "a",
    "b",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "iframe",
    "img",
    "li",
    "noscript",
    "ol",
    "p",
    "script",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "wbr",
];
/// Elements whose names newsrooms also write in angle brackets as words (`<TIME>`): markup only with attributes or where
/// the other tag of the pair occurs.
const UNSURE: &[&str] = &[
    "abbr",
    "address",
    "article",
    "aside",
    "audio",
    "big",
    "blockquote",
    "body",
    "button",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "del",
    "details",
    "embed",
    "footer",
    "form",
    "head",
    "header",
    "html",
    "input",
    "ins",
    "label",
    "link",
    "main",
    "mark",
    "meta",
    "nav",
    "object",
    "param",
    "picture",
    "pre",
    "q",
    "s",
    "section",
    "small",
    "source",
    "strike",
    "summary",
    "svg",
    "time",
    "title",
    "tt",
    "video",
];
/// Elements that end a paragraph where they begin and where they end.
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "title",
    "tr",
    "ul",
];
/// The longest name of an element, in bytes.
const MAX_NAME: usize = 12;
/// The longest tag, in bytes. A `<` without a `>` within this distance is a character of the text.
const MAX_TAG: usize = 4096;

/// Removes tags, comments, and the content of `script` and `style`. Block tags become line breaks. Borrows when there
/// is no markup.
pub(super) fn strip_markup(text: &str) -> Cow<'_, str> {
    if !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let mut out: Option<String> = None;
    let mut scanner = Scanner { text, partners: Vec::new(), absent_ends: Vec::new() };
    let mut rest = text;
    let mut copied = 0;
    while let Some((before, after)) = rest.split_once('<') {
        let at = text.len() - rest.len() + before.len();
        rest = after;
        let Some(piece) = scanner.markup_at(after) else {
            continue;
        };
        let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
        out.push_str(text.get(copied..at).unwrap_or_default());
        out.push_str(piece.replacement);
        rest = after.get(piece.length..).unwrap_or_default();
        copied = text.len() - rest.len();
    }
    match out {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.push_str(text.get(copied..).unwrap_or_default());
            Cow::Owned(if text.contains(CDATA) { out.replace("]]>", "") } else { out })
        }
    }
}

/// Markup that begins with the `<` just before some text.
struct Piece {
    /// Bytes after the `<`.
    length: usize,
    replacement: &'static str,
}

/// Start of a CDATA section, which feeds wrap around HTML.
const CDATA: &str = "<![CDATA[";

/// Remembers the outcome of searches through the whole text: searched for each tag anew, a text of a million tags would
/// take quadratic time.
struct Scanner<'a> {
    text: &'a str,
    /// Name of a tag as written, whether it is a closing one, and whether the other of its pair occurs.
    partners: Vec<(&'a str, bool, bool)>,
    /// Ends (`-->`, `</script>`) that do not occur in the rest of the text.
    absent_ends: Vec<&'static str>,
}

impl<'a> Scanner<'a> {
    /// The markup whose `<` is directly before `after`.
    fn markup_at(&mut self, after: &'a str) -> Option<Piece> {
        if let Some(comment) = after.strip_prefix("!--") {
            // A comment without an end is text: it must not hide the rest of the story.
            let length = 3 + self.find_once(comment, "-->")?;
            return Some(Piece { length, replacement: "" });
        }
        if after.starts_with("![CDATA[") {
            return Some(Piece { length: 8, replacement: "" });
        }
        if let Some(rest) = after.strip_prefix('!') {
            let doctype = rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("doctype"));
            return doctype
                .then(|| tag_end(after))
                .flatten()
                .map(|end| Piece { length: end + 1, replacement: "\n" });
        }
        self.tag_at(after)
    }

    /// The tag whose `<` is directly before `after`.
    fn tag_at(&mut self, after: &'a str) -> Option<Piece> {
        let closing = after.starts_with('/');
        let inside = after.strip_prefix('/').unwrap_or(after);
        let name_length = inside.bytes().take(MAX_NAME).take_while(u8::is_ascii_alphanumeric).count();
        let name = inside.get(..name_length)?;
        let upper = name.bytes().any(|byte| byte.is_ascii_uppercase());
        let lower = name.bytes().any(|byte| byte.is_ascii_lowercase());
        let element = find_element(name)?;
        // Nobody writes tags in mixed case, but titles: `<Her>`.
        if upper && lower {
            return None;
        }
        let attributes = inside.get(name_length..)?;
        let end = tag_end(attributes)?;
        let attributes = attributes.get(..end)?;
        if !(attributes.is_empty() || attributes.starts_with(['/', ' ', '\t', '\n', '\r'])) {
            return None;
        }
        // `<A>` and `<B>` also number questions and people.
        let sure = SURE.contains(&element) && !(upper && name.len() == 1 && name != "P");
        let bare = attributes.trim_matches(|c: char| c == '/' || c.is_whitespace()).is_empty();
        if !(sure && bare || attributes.contains('=') || self.has_partner(name, closing)) {
            return None;
        }
        let mut length = usize::from(closing) + name_length + end + 1;
        let dropped = match element {
            "script" => Some("</script>"),
            "style" => Some("</style>"),
            _ => None,
        };
        if let Some(close) = dropped.filter(|_| !closing) {
            // Without its end only the tag goes, and nothing of the story.
            length += self.find_once(after.get(length..)?, close).unwrap_or(0);
        }
        let replacement = match element {
            "td" | "th" => " ",
            _ if dropped.is_some() || BLOCK.contains(&element) => "\n",
            _ => "",
        };
        Some(Piece { length, replacement })
    }

    /// The bytes of `content` up to and including `end`, in any case.
    fn find_once(&mut self, content: &str, end: &'static str) -> Option<usize> {
        if self.absent_ends.contains(&end) {
            return None;
        }
        let found = content
            .as_bytes()
            .windows(end.len())
            .position(|window| window.eq_ignore_ascii_case(end.as_bytes()));
        if found.is_none() {
            self.absent_ends.push(end);
        }
        found.map(|at| at + end.len())
    }

    /// Whether the other tag of the pair occurs anywhere in the text.
    fn has_partner(&mut self, name: &'a str, closing: bool) -> bool {
        if let Some((_, _, known)) = self.partners.iter().find(|(n, c, _)| *n == name && *c == closing) {
            return *known;
        }
        let other = if closing { format!("<{name}") } else { format!("</{name}") };
        let ends = |at: usize| {
            self.text.as_bytes().get(at + other.len()).is_some_and(|b| matches!(b, b'>' | b' ' | b'\n'))
        };
        let found = self.text.match_indices(&other).any(|(at, _)| ends(at));
        self.partners.push((name, closing, found));
        found
    }
}

/// The known element of this name, in any case.
fn find_element(name: &str) -> Option<&'static str> {
    let tables = SURE.iter().chain(UNSURE);
    tables.copied().find(|element| element.eq_ignore_ascii_case(name))
}

/// The byte of the `>` that ends a tag, outside quoted attribute values.
fn tag_end(attributes: &str) -> Option<usize> {
    let mut quote = None;
    for (index, byte) in attributes.bytes().enumerate().take(MAX_TAG) {
        match (quote, byte) {
            (None, b'>') => return Some(index),
            (None, b'<') => return None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    // A quote that is not closed (`<a href='x>`): the first `>` ends the tag.
    attributes.bytes().take(MAX_TAG).position(|byte| byte == b'>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [SURE, UNSURE, BLOCK] {
            assert!(table.is_sorted());
        }
    }

    #[test]
    fn tags_are_removed() {
        assert_eq!(strip_markup("가<br/>나<BR>다<p class=\"x>y\">라</p>"), "가\n나\n다\n라\n");
        assert_eq!(strip_markup("<b>굵게</b> <a href='x'>링크</a> <B>굵게</B>"), "굵게 링크 굵게");
        assert_eq!(strip_markup("앞<!-- 주석 -->뒤<script>if (a<b) {}</SCRIPT>끝"), "앞뒤\n끝");
        assert_eq!(strip_markup("<time datetime=\"2024\">오늘</time><section>절</section>"), "오늘\n절\n");
        assert_eq!(strip_markup("<td>1</td><td>2</td>"), " 1  2 ");
        assert_eq!(strip_markup("<![CDATA[글]]>"), "글");
    }

    #[test]
    fn typography_stays() {
        for text in [
            "영화 <기생충>과 <Her>",
            "<CNN> 방송",
            "<TIME>지",
            "<끝>",
            "3<5 그리고 5>3",
            "<A> 항목",
            "a<b",
            "<br",
            "<!-- 열린 주석",
            "<ACT : PROMISE> - EP",
            "<a 씨>",
            "<Body> 앨범",
            "<p 값이>",
            "<script 없이",
        ] {
            assert_eq!(strip_markup(text), text);
        }
        assert_eq!(strip_markup("<script>닫지 않은 이야기다."), "\n닫지 않은 이야기다.");
    }
}
