//! What must hold of marks whatever the texts and queries: over generated articles, the sample articles, and hostile input.

use std::sync::LazyLock;

use crate::cases::cases;
use crate::searchable::{Searchable, language};
use gisa::korean::analysis::Analysis;
use gisa::korean::fold::{KeptChar, fold, kept_chars};
use gisa::query::shape::{Clause, Extent, Form, Lane, Origin, Shape};
use gisa::query::text::{PackedTerms, TextPositions};
use gisa::search::{MarkedText, MatchMode, SearchRequest, SnippetOptions, search};
use html5gum::{Token, Tokenizer};
use proptest::prelude::*;
use proptest::sample::select;

/// Nouns and names that no lexicon has variants for and that no particle is part of; none is a part of another.
const NOUNS: [&str; 12] = [
    "도서관",
    "가로등",
    "소나기",
    "자전거",
    "양조장",
    "우체국",
    "나우경",
    "젤렌스키",
    "브록만",
    "해파리",
    "고속철도",
    "보건소",
];

/// What stands around them: particles, punctuation, and much that is hostile in HTML, in offsets or in analysis.
const AROUND: [&str; 40] = [
    " ",
    " ",
    " ",
    " ",
    "은 ",
    "는 ",
    "을 ",
    "에서 ",
    "의 ",
    "과 ",
    ". ",
    ".\n",
    "·",
    ", ",
    "“",
    "” ",
    "(",
    ") ",
    "‘",
    "’ ",
    "밝혔다. ",
    "열었다고 전했다. ",
    "1조 2000억원",
    "3.5%",
    "24시간 ",
    "美 ",
    "尹 대통령 ",
    "GPT-4o ",
    "중기부 ",
    "😀",
    "👨\u{200D}👩\u{200D}👧",
    "𠮷",
    "<script>alert(1)</script>",
    "&amp;",
    "&lt;mark&gt;",
    "</mark>",
    "<!--",
    "\u{202E}",
    "\u{2066}",
    "\u{0301}",
];

/// Queries of every kind, broken ones too.
const QUERIES: [&str; 46] = [
    "도서관",
    "가로등을",
    "자전거 도서관",
    "\"도서관 자전거\"",
    "도서*",
    "우체국 OR 보건소",
    "소나기 -해파리",
    "제목:나우경",
    "본문:나우경",
    "-자전거",
    "브록만은",
    "젤렌스키 대통령",
    "고속철도 보건소 양조장 우체국 도서관",
    "밝혔다",
    "밝히다",
    "전하다",
    "1조2000억",
    "1.2조원",
    "24시간",
    "4시간",
    "3.5%",
    "미국",
    "美",
    "윤석열 대통령",
    "尹",
    "중소벤처기업부",
    "gpt4o",
    "GPT*",
    "script",
    "<script>",
    "&amp;",
    "amp lt mark",
    "mark*",
    "\"",
    "(((",
    "\\",
    "OR OR",
    "*",
    "--",
    "𠮷",
    "😀",
    "\u{202E}",
    "\u{1103}\u{1169}\u{1109}\u{1165}\u{1100}\u{116A}\u{11AB}",
    "ＧＰＴ",
    "이",
    "도서관이 어디에 있나?",
];

/// Texts of nouns and what stands around them.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![2 => select(&NOUNS[..]), 3 => select(&AROUND[..])];
    prop::collection::vec(piece, 1..40).prop_map(|pieces| pieces.concat())
}

fn query() -> impl Strategy<Value = String> {
    let piece = prop_oneof![select(&QUERIES[..]), select(&NOUNS[..]), select(&AROUND[..])];
    prop_oneof![
        3 => select(&QUERIES[..]).prop_map(str::to_owned),
        2 => prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.join(" ")),
        1 => prop::collection::vec(piece_of_syntax(), 1..12).prop_map(|pieces| pieces.concat()),
    ]
}

fn piece_of_syntax() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        select(&NOUNS[..]),
        select(
            &["(", ")", "\"", "“", "”", "-", " ", "|", " OR ", "NOT ", "*", "제목:", "본문:", "날짜:", "\\"]
                [..]
        ),
    ]
}

/// The invariants of marks; returns the marked pieces.
fn checked(marked: &MarkedText) -> Vec<String> {
    let units: Vec<u16> = marked.text.encode_utf16().collect();
    let slice = |from: usize, to: usize| {
        String::from_utf16(units.get(from..to).unwrap()).expect("marks lie on character bounds")
    };
    let (mut joined, mut pieces, mut at) = (String::new(), Vec::new(), 0);
    for (number, [start, end]) in marked.marks.iter().map(|mark| mark.map(|unit| unit as usize)).enumerate() {
        assert!(start < end && end <= units.len(), "inside the text: {marked:?}");
        assert!(at < start || number == 0, "ordered, disjoint and not touching: {marked:?}");
        joined.push_str(&slice(at, start));
        pieces.push(slice(start, end));
        joined.push_str(&slice(start, end));
        at = end;
    }
    joined.push_str(&slice(at, units.len()));
    assert_eq!(joined, marked.text, "the pieces are the text");
    for piece in &pieces {
        let (first, last) = (piece.chars().next().unwrap(), piece.chars().next_back().unwrap());
        let counts = |ch: char| !fold(ch.encode_utf8(&mut [0; 4])).is_empty();
        let combines = |ch: char| matches!(ch, '\u{300}'..='\u{36F}' | '\u{1100}'..='\u{11FF}');
        assert!(
            counts(first) && (counts(last) || combines(last)),
            "begins and ends with what was found: {piece:?}"
        );
    }
    assert_is_text_and_marks(marked, &pieces);
    pieces
}

/// HTML as a page makes it of text and marks, read by a parser that follows the WHATWG standard.
fn assert_is_text_and_marks(marked: &MarkedText, pieces: &[String]) {
    let units: Vec<u16> = marked.text.encode_utf16().collect();
    let escaped = |from: usize, to: usize| {
        let text = String::from_utf16(&units[from..to]).unwrap();
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let (mut html, mut at) = (String::new(), 0);
    for [start, end] in marked.marks.iter().map(|mark| mark.map(|unit| unit as usize)) {
        html.push_str(&format!("{}<mark>{}</mark>", escaped(at, start), escaped(start, end)));
        at = end;
    }
    html.push_str(&escaped(at, units.len()));

    let (mut text, mut found, mut open) = (String::new(), Vec::new(), None);
    for Ok(token) in Tokenizer::new(&html) {
        match token {
            Token::StartTag(tag) => {
                assert!(&**tag.name == b"mark" && tag.attributes.is_empty() && open.is_none(), "{html}");
                open = Some(text.len());
            }
            Token::EndTag(tag) => {
                assert_eq!(&**tag.name, b"mark", "{html}");
                found.push(text[open.take().unwrap()..].to_owned());
            }
            Token::String(piece) => text.push_str(std::str::from_utf8(&piece).unwrap()),
            other => panic!("{other:?} in {html}"),
        }
    }
    assert_eq!((text.as_str(), open), (marked.text.as_str(), None));
    assert_eq!(found, pieces);
}

/// The places at which `phrase` stands in `text` by the definition: the same characters with gaps at the same places, where a mark that
/// joins letters is no gap either, looked for naively; overlapping and touching ones joined, in bytes.
fn naive(text: &str, phrase: &str) -> Vec<(usize, usize)> {
    let (text, phrase): (Vec<KeptChar>, Vec<KeptChar>) = (kept_chars(text), kept_chars(phrase));
    let mut found: Vec<(usize, usize)> = Vec::new();
    for here in text.windows(phrase.len()) {
        let digits = |at: usize| here[at - 1].ch.is_numeric() && here[at].ch.is_numeric();
        let joined = |at: usize| {
            here[at].gap == phrase[at].gap
                || here[at].mark && !phrase[at].gap && !digits(at)
                || phrase[at].mark && !here[at].gap
        };
        let same = |at: usize| here[at].ch == phrase[at].ch && (at == 0 || joined(at));
        if (0..phrase.len()).all(same) {
            let (start, end) = (here[0].start as usize, here[phrase.len() - 1].end as usize);
            match found.last_mut() {
                Some(last) if start <= last.1 => last.1 = end,
                _ => found.push((start, end)),
            }
        }
    }
    found
}

/// Byte ranges of marks.
fn bytes(marked: &MarkedText) -> Vec<(usize, usize)> {
    let byte = |unit: u32| {
        let mut units = 0;
        let mut chars = marked.text.char_indices();
        chars.find_map(|(at, ch)| {
            let here = units == unit;
            units += ch.len_utf16() as u32;
            here.then_some(at)
        })
    };
    marked
        .marks
        .iter()
        .map(|[start, end]| (byte(*start).unwrap(), byte(*end).unwrap_or(marked.text.len())))
        .collect()
}

proptest! {
    // Each case builds an index.
    #![proptest_config(cases(24))]

    /// Whole articles, snippets, and texts from outside, for many queries over a few articles each.
    #[test]
    fn marks_are_ordered_disjoint_and_the_same_inside_the_index_and_outside(
        bodies in prop::collection::vec(text(), 2..6),
        titles in prop::collection::vec(text(), 6),
        queries in prop::collection::vec(query(), 40),
        count in 0_usize..5,
        characters in 40_usize..200,
    ) {
        // Something always stands there, so that no article is refused as empty.
        let articles: Vec<(String, String)> =
            titles.iter().zip(&bodies).map(|(title, body)| (title.clone(), format!("처음 {body} 끝"))).collect();
        let articles: Vec<(&str, &str)> = articles.iter().map(|(title, body)| (title.as_str(), body.as_str())).collect();
        let index = Searchable::of_texts(articles);
        let stored = index.articles();
        for query in queries.iter().filter(|query| query.chars().count() <= 512) {
            for article in &stored {
                let marked = index.marked(query, article.id.as_str());
                prop_assert_eq!(&marked.body.text, &article.body);
                checked(&marked.title);
                checked(&marked.body);
                let outside = index.outside(query, &article.body);
                prop_assert_eq!(&outside, &marked.body, "{:?}", query);
            }
            let request = SearchRequest {
                query: query.clone(), match_mode: MatchMode::Any, size: 10, page: 1, highlight: true,
                snippets: SnippetOptions { count, characters }, ..SearchRequest::default()
            };
            for hit in search(&index.context(), &request).unwrap().hits {
                let article = stored.iter().find(|article| article.id == hit.id).unwrap();
                let highlight = hit.highlight.unwrap();
                checked(&highlight.title);
                prop_assert!(highlight.body.len() <= count);
                let body: Vec<u16> = article.body.encode_utf16().collect();
                for snippet in highlight.body {
                    prop_assert!(snippet.text.chars().count() <= characters);
                    let start = snippet.start as usize;
                    let slice = &body[start..start + snippet.text.encode_utf16().count()];
                    prop_assert_eq!(&String::from_utf16(slice).unwrap(), &snippet.text);
                    checked(&MarkedText { text: snippet.text, marks: snippet.marks });
                }
            }
        }
    }

}

/// A clause of every term that the morphemes and bigrams of `text` give, and of one that no text holds.
fn every_term(analysis: &Analysis) -> Clause {
    let mut terms: Vec<(Lane, String)> =
        analysis.tokens.iter().map(|token| (Lane::Morph, analysis.term(token).to_owned())).collect();
    let mut pair = String::new();
    for index in 0..analysis.kept.len() as u32 {
        if analysis.bigram(index, &mut pair) {
            terms.extend([(Lane::Gram, pair.clone()), (Lane::Edge, pair.clone())]);
        }
    }
    terms.push((Lane::Morph, "없는말".to_owned()));
    let shapes = terms.into_iter().map(|(lane, term)| Shape::term(lane, term, Extent::Kept(1)));
    let forms = shapes.map(|shape| Form { shape, origin: Origin::Literal }).collect();
    Clause { forms, ..Clause::default() }
}

proptest! {
    #![proptest_config(cases(500))]

    /// What a second look remembers of a text.
    #[test]
    fn packed_terms_have_the_positions_of_the_text(title in text(), body in text()) {
        let mut analysis = Analysis::default();
        language().korean().analyzer().analyze(&format!("{title}\n{body}"), &mut analysis);
        let packed = PackedTerms::of(&analysis);
        let clause = every_term(&analysis);
        let whole = TextPositions::new(&analysis, [&clause].into_iter());
        let of_packed = TextPositions::of_packed(&packed, [&clause].into_iter());
        for form in &clause.forms {
            prop_assert_eq!(whole.bases(&form.shape, None), of_packed.bases(&form.shape, None));
        }
        prop_assert_eq!(packed.body_start(), analysis.body_start());
    }

    /// A text that is not normalised comes back untouched, with the marks of what it looks like.
    #[test]
    fn decomposed_text_is_marked_like_composed_text(text in text(), query in select(&QUERIES[..])) {
        use unicode_normalization::UnicodeNormalization;
        let index = &*SAMPLES;
        let composed = gisa::ingest::normalise(&text).into_owned();
        let decomposed: String = composed.nfd().collect();
        let expected = checked(&index.outside(query, &composed));
        for outside in [decomposed, text] {
            let marked = index.outside(query, &outside);
            prop_assert_eq!(&marked.text, &outside);
            let pieces: Vec<String> =
                checked(&marked).iter().map(|piece| gisa::ingest::normalise(piece).into_owned()).collect();
            prop_assert_eq!(&pieces, &expected, "{:?} in {:?}", query, outside);
        }
    }

    /// Exactly the places where the passage stands, found naively, are marked: none is missed, none is added.
    #[test]
    fn a_phrase_is_marked_where_it_stands_and_nowhere_else(
        text in text(), from in any::<prop::sample::Index>(), length in 2_usize..14,
    ) {
        let text = gisa::ingest::normalise(&text).into_owned();
        let kept = kept_chars(&text);
        prop_assume!(kept.len() > 2);
        let first = from.index(kept.len() - 2);
        let last = (first + length).min(kept.len() - 1);
        let phrase = text[kept[first].start as usize..kept[last].end as usize].replace(['"', '“', '”', '\\', '\n'], " ");
        // What a lexicon has for a part of the phrase is marked too, and an end cut off inside a number may be read on.
        let words: Vec<&str> = phrase.split_whitespace().collect();
        let has_variants = (0..words.len()).any(|at| {
            (1..=3).any(|count| words.get(at..at + count).is_some_and(|run| !language().variants().of(&run.join(" ")).is_empty()))
        });
        prop_assume!(!has_variants && !phrase.chars().any(|ch| ch.is_numeric()));
        prop_assume!(kept_chars(&phrase).len() > 1);
        let marked = SAMPLES.outside(&format!("\"{phrase}\""), &text);
        checked(&marked);
        prop_assert_eq!(bytes(&marked), naive(&text, &phrase), "{:?} in {:?}", phrase, text);
    }

    /// Every mark of a noun holds that noun and begins with it, and every place where it begins a word is marked.
    #[test]
    fn a_noun_is_marked_wherever_it_begins_a_word_without_its_particle(
        text in text(),
        wanted in prop::collection::vec((select(&NOUNS[..]), select(&["", "은", "에서", "의"][..])), 1..4),
        unwanted in select(&NOUNS[..]),
    ) {
        let text = gisa::ingest::normalise(&text).into_owned();
        let nouns: Vec<&str> = wanted.iter().map(|(noun, _)| *noun).filter(|noun| *noun != unwanted).collect();
        let typed: String =
            wanted.iter().filter(|(noun, _)| *noun != unwanted).map(|(noun, particle)| format!("{noun}{particle} ")).collect();
        prop_assume!(!nouns.is_empty());
        let marked = PLAIN.outside(&format!("{typed} -{unwanted}"), &text);
        for piece in checked(&marked) {
            let piece = fold(&piece);
            prop_assert!(nouns.iter().any(|noun| piece.starts_with(noun)), "{:?} in {:?} for {:?}", piece, text, typed);
        }
        let marks = bytes(&marked);
        for noun in nouns {
            for (start, _) in text.match_indices(noun).filter(|(start, _)| begins_word(&text[..*start])) {
                let end = start + noun.len();
                prop_assert!(
                    marks.iter().any(|mark| mark.0 <= start && end <= mark.1),
                    "{:?} at {} of {:?} is not marked for {:?}: {:?}", noun, start, text, typed, marks
                );
            }
        }
    }
}

/// Whether a word begins after `before`. Inside of a word it depends on how that is cut, which other tests look at.
fn begins_word(before: &str) -> bool {
    !before.ends_with(|ch: char| ('가'..='힣').contains(&ch))
}

/// Articles with each noun in front of several particles, so that the index takes none of these for the end of a name.
static PLAIN: LazyLock<Searchable> = LazyLock::new(|| {
    let endings =
        ["은 새로 생겼다.", "에서 사람들이 기다렸다.", "의 문이 열렸다.", "도 많다.", "까지 걸었다."];
    let bodies: Vec<String> =
        NOUNS.iter().flat_map(|noun| endings.iter().map(move |ending| format!("{noun}{ending}"))).collect();
    Searchable::of_texts(bodies.iter().map(|body| ("", body.as_str())))
});

static SAMPLES: LazyLock<Searchable> = LazyLock::new(Searchable::samples);

/// The articles that the project ships with, with words of their own titles and with hostile queries.
#[test]
fn sample_articles_are_marked_soundly() {
    let index = &*SAMPLES;
    let mut marked_somewhere = 0;
    for article in index.articles() {
        let own = article.title.split_whitespace().map(str::to_owned);
        let phrase = article.body.chars().skip(20).take(12).filter(|ch| *ch != '"').collect::<String>();
        let queries = own.chain([format!("\"{phrase}\"")]).chain(QUERIES.map(str::to_owned));
        for query in queries {
            let marked = index.marked(&query, article.id.as_str());
            marked_somewhere += checked(&marked.title).len() + checked(&marked.body).len();
            let outside = index.outside(&query, &article.body);
            assert_eq!(outside, marked.body, "{query:?} in {}", article.id);
        }
    }
    assert!(marked_somewhere > 500, "{marked_somewhere}");
}
