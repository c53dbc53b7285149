//! Every text has an analysis, and what the analysis says of a text is true of it: no input makes it fail, no token
//! lies outside the text, and a token that claims to be written in the text is.

use std::time::{Duration, Instant};

use crate::alone::is_alone;
use crate::cases::cases;
use crate::searchable::language;
use gisa::korean::analysis::{Analysis, BINDING_SIGNS, TITLE_END, TITLE_GAP, TokenKind};
use gisa::korean::fold::{KeptChar, fold, kept_chars};
use gisa::korean::sentence::sentences;
use proptest::prelude::*;

fn analysed(text: &str) -> Analysis {
    let mut analysis = Analysis::default();
    language().korean().analyzer().analyze(text, &mut analysis);
    analysis
}

/// Everything that an analysis says, for comparing two.
fn said(analysis: &Analysis) -> Vec<String> {
    let tokens = analysis.tokens.iter().map(|t| {
        format!("{} @{}+{} {}", analysis.term(t), analysis.position(t.index), t.length, t.kind.name())
    });
    let cut = analysis.morphemes.iter().map(|m| format!("{}..{} {:?}", m.start, m.end, m.class));
    tokens.chain(cut).chain(analysis.edges.iter().map(|edge| format!("edge {edge}"))).collect()
}

/// Terms of at most 64 characters, and the `다` of a dictionary form.
const LONGEST_TERM: usize = 65;

/// Every character that counts is in a morpheme, but for `%`, which is a word of its own to nobody.
fn loses_nothing(analysis: &Analysis, name: &str) {
    let mut morphemes = analysis.morphemes.iter().peekable();
    for character in analysis.kept.iter().filter(|character| character.ch != '%') {
        while morphemes.next_if(|morpheme| morpheme.end <= character.start).is_some() {}
        let covered = morphemes.peek().is_some_and(|morpheme| morpheme.start <= character.start);
        assert!(covered, "{name:?}: {character:?} is in no morpheme");
    }
}

fn check(text: &str) {
    let analysis = analysed(text);
    let kept = &analysis.kept;
    assert_eq!(kept, &kept_chars(text), "{text:?}");

    let mut end = 0;
    for morpheme in &analysis.morphemes {
        assert!(morpheme.start >= end && morpheme.start < morpheme.end, "{text:?}: {morpheme:?} overlaps");
        assert!(text.get(morpheme.start as usize..morpheme.end as usize).is_some(), "{text:?}: {morpheme:?}");
        end = morpheme.end;
    }
    loses_nothing(&analysis, text);

    let mut last = 0;
    for token in &analysis.tokens {
        let term = analysis.term(token);
        let (from, length) = (token.index as usize, usize::from(token.length));
        assert!(length > 0 && from + length <= kept.len(), "{text:?}: {token:?}");
        assert!(!term.is_empty() && term.chars().count() <= LONGEST_TERM, "{text:?}: {term:?}");
        assert!(analysis.position(token.index) >= last, "{text:?}: positions go back at {token:?}");
        last = analysis.position(token.index);
        let written = &kept[from..from + length];
        let spelt: String = written.iter().map(|k| k.ch).take(64).collect();
        match token.kind {
            TokenKind::Dictionary
            | TokenKind::UserWord
            | TokenKind::Unknown
            | TokenKind::Character
            | TokenKind::Run => {
                // A sign that binds Latin words is a part of both.
                assert_eq!(term.trim_matches(BINDING_SIGNS), spelt, "{text:?}");
                let slice = &text[written[0].start as usize..written[length - 1].end as usize];
                // `㍿` is four characters that count, of which a token may hold two.
                let whole = kept.get(from + length).is_none_or(|next| next.start >= written[length - 1].end)
                    && (from == 0 || kept[from - 1].end <= written[0].start);
                if whole && length <= 64 {
                    assert_eq!(fold(slice), spelt, "{text:?}");
                }
            }
            TokenKind::Number => {
                let digits = term.strip_prefix('#').unwrap_or_else(|| panic!("{text:?}: {term:?}"));
                assert!(
                    digits.parse::<u128>().is_ok() && written[0].ch.is_ascii_digit(),
                    "{text:?}: {term:?}"
                );
            }
            TokenKind::Stem => assert!(term.ends_with('다'), "{text:?}: {term:?}"),
            TokenKind::Part | TokenKind::Reading => {}
        }
        let morpheme = analysis.morphemes.get(token.morpheme as usize);
        // `1,200` is one number, whatever the dictionary cuts.
        let number = written.iter().all(|k| k.ch.is_ascii_digit());
        if !number && !matches!(token.kind, TokenKind::Number | TokenKind::Run) {
            let morpheme = morpheme.unwrap_or_else(|| panic!("{text:?}: {token:?}"));
            // A verb that the cut does not show begins at a morpheme and covers several, as hanja do that are read together.
            let several = matches!(token.kind, TokenKind::Stem | TokenKind::Reading);
            let within = |k: &KeptChar| k.start < morpheme.end || several;
            assert!(written.iter().all(|k| k.start >= morpheme.start && within(k)), "{text:?}");
        }
    }

    let mut pair = String::new();
    for index in 0..kept.len() as u32 {
        let at = index as usize;
        let crosses = text.contains(TITLE_END) && index + 1 == analysis.title_kept;
        assert_eq!(analysis.bigram(index, &mut pair), at + 1 < kept.len() && !crosses, "{text:?} at {at}");
        if at + 1 < kept.len() && !crosses {
            let between = match (kept[at + 1].gap, kept[at + 1].apart) {
                (false, apart) => {
                    assert!(!apart, "{text:?}: nothing is between {at} and the next, and parts them");
                    ""
                }
                (true, false) => " ",
                (true, true) => ",",
            };
            assert_eq!(pair, format!("{}{between}{}", kept[at].ch, kept[at + 1].ch), "{text:?}");
        }
    }
    for pair in analysis.edges.windows(2) {
        assert!(pair[0] < pair[1], "{text:?}: edges out of order");
    }
    for &edge in &analysis.edges {
        assert!(analysis.bigram(edge, &mut pair), "{text:?}: no bigram at edge {edge}");
        assert!(!kept[edge as usize + 1].gap, "{text:?}: edge {edge} spans a gap");
    }
    assert!(analysis.title_kept as usize <= kept.len());
    if text.contains(TITLE_END) {
        assert_eq!(analysis.body_start(), analysis.title_kept + TITLE_GAP);
    }

    let mut end = 0;
    for range in sentences(text) {
        let between = &text[end..range.start];
        assert!(between.trim().is_empty(), "{text:?}: {between:?} is in no sentence");
        assert!(range.start < range.end && text.get(range.clone()).is_some(), "{text:?}: {range:?}");
        end = range.end;
    }
    assert!(text[end..].trim().is_empty(), "{text:?}: {:?} is in no sentence", &text[end..]);
}

/// What news text is made of, and what breaks out of scraped pages.
fn newsroom_character() -> impl Strategy<Value = char> {
    let of = |characters: &'static str| prop::sample::select(characters.chars().collect::<Vec<_>>());
    prop_oneof![
        6 => of("이가는을를의에서다했고한국민대통령부동산중기미상원은행장관김박윤정만도로나라들하며었겠까요"),
        2 => prop::char::range('가', '힣'),
        1 => prop::char::range('\u{3131}', '\u{318E}'),
        1 => prop::char::range('\u{1100}', '\u{11FF}'),
        2 => of("尹美中日韓與野檢軍靑故前現李樂北國"),
        1 => prop::char::range('\u{4E00}', '\u{9FFF}'),
        1 => prop::char::range('\u{F900}', '\u{FAFF}'),
        2 => of("aAbBzZGPTKSI4oéßİǅﬁ"),
        2 => of("0123456789십백천만억조경"),
        3 => of(" .,·ㆍ-–—/%‰()[]{}<>〈〉《》「」『』\"'“”‘’…?!~:;&+#@*^_=|▲△◆■㈜㎞℃½Ⅳ①㍿"),
        1 => of("\n\r\t\u{A0}\u{3000}\u{2003}\u{2028}"),
        1 => of("\u{0}\u{7}\u{1B}\u{1E}\u{1F}\u{7F}\u{85}\u{AD}\u{200B}\u{200D}\u{200E}\u{2060}\u{FEFF}\u{FFFD}"),
        1 => of("\u{300}\u{301}\u{338}\u{20E3}\u{302E}\u{309A}\u{345}\u{FE0F}"),
        1 => of("😀🇰👩がカ한ａＡ０，．％＂Ж\u{10FFFF}"),
    ]
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn any_text_has_a_true_analysis(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn any_newsroom_text_has_a_true_analysis(characters in prop::collection::vec(newsroom_character(), 0..80)) {
        check(&characters.into_iter().collect::<String>());
    }

    #[test]
    fn what_was_analysed_before_changes_nothing(
        first in prop::collection::vec(newsroom_character(), 0..40),
        second in prop::collection::vec(newsroom_character(), 0..40),
    ) {
        let (first, second): (String, String) = (first.into_iter().collect(), second.into_iter().collect());
        let mut analyzer = language().korean().analyzer();
        let mut analysis = Analysis::default();
        analyzer.analyze(&second, &mut analysis);
        let fresh = said(&analysis);
        analyzer.analyze(&first, &mut analysis);
        analyzer.analyze(&second, &mut analysis);
        prop_assert_eq!(said(&analysis), fresh);
    }
}

#[test]
fn very_long_inputs_end_and_keep_their_tokens_short() {
    // Sentences that were cut for want of better are counted for all tests of a process together.
    if !is_alone("analysis_is_total::very_long_inputs_end_and_keep_their_tokens_short") {
        return;
    }
    let inputs = [
        ("one syllable", "가".repeat(34_000)),
        ("one particle", "는".repeat(34_000)),
        ("one compound", "부동산".repeat(12_000)),
        ("Latin", "a".repeat(100_000)),
        ("hanja", "大".repeat(34_000)),
        ("digits", "9".repeat(100_000)),
        ("points", "1.".repeat(50_000)),
        ("numbers without end", "999999999999999999999999천".repeat(4_000)),
        ("multipliers", "1조2억3만4천".repeat(6_000)),
        ("brackets", "(".repeat(50_000)),
        ("dots", "·".repeat(50_000)),
        ("terminals", "!".repeat(100_000)),
        ("glued sentences", "밝혔다.".repeat(10_000)),
        ("spaces", "가 ".repeat(25_000)),
        ("line feeds", "\n".repeat(100_000)),
        ("title ends", "\u{1E}가".repeat(25_000)),
        ("accents", format!("a{}", "\u{301}".repeat(50_000))),
        ("invisible", "\u{200B}".repeat(34_000)),
        ("jamo", "\u{1112}\u{1161}\u{11AB}".repeat(11_000)),
    ];
    for (name, text) in inputs {
        let began = Instant::now();
        let analysis = analysed(&text);
        assert!(began.elapsed() < Duration::from_secs(20), "{name}: {:?}", began.elapsed());
        for token in &analysis.tokens {
            assert!(analysis.term(token).chars().count() <= LONGEST_TERM, "{name}");
            assert!(token.kind == TokenKind::Number || token.length <= 4096, "{name}: {token:?}");
            assert!(token.index as usize + usize::from(token.length) <= analysis.kept.len(), "{name}");
        }
        loses_nothing(&analysis, name);
    }
    assert_eq!(
        language().korean().segmenter().fallbacks(),
        0,
        "no sentence was cut at white space for want of better"
    );
}

#[test]
fn threads_agree_with_one_another() {
    let texts: Vec<String> = (0..150)
        .map(|number| {
            let name = ["이재명은", "젤렌스키", "윤석열이", "브록만", "국민의힘은"][number % 5];
            let end = ["밝혔다", "나섰다.", "발표했다", "말했다고 전했다"][number % 4];
            format!(
                "{name} {number}조{}억원을 우크라이나에서 {end} 尹·{number}韓美 챗GPT{number}",
                number * 7
            )
        })
        .collect();
    let alone: Vec<Vec<String>> = texts.iter().map(|text| said(&analysed(text))).collect();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (texts, alone) = (&texts, &alone);
            scope.spawn(move || {
                let mut analyzer = language().korean().analyzer();
                let mut analysis = Analysis::default();
                for step in 0..texts.len() {
                    let at = (step * 7 + thread * 19) % texts.len();
                    analyzer.analyze(&texts[at], &mut analysis);
                    assert_eq!(said(&analysis), alone[at], "{}", texts[at]);
                }
            });
        }
    });
}
