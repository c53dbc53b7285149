//! The promise of the two lanes: what stands in an article finds the article.
//!
//! * A quoted string of 2 to 12 characters copied out of the stored text finds it, wherever it stands in a word and
//!   however its gaps, its case, its width or its Unicode form are typed.
//! * So does an unquoted word of three or more syllables, though it be cut out of a longer one; but for a common noun of three
//!   syllables, and an amount, in the middle of others.
//! * An unquoted word of two syllables is found where a word or a morpheme begins, and not inside others.

use std::sync::OnceLock;

use crate::cases::cases;
use crate::searchable::{Searchable, language};
use gisa::article::Article;
use gisa::korean::fold::{KeptChar, fold, kept_chars};
use gisa::korean::number::begins_in_words;
use gisa::korean::other_cuts::is_known_noun;
use gisa::search::{MarkedText, Sort};
use proptest::prelude::*;
use proptest::sample::Index;
use unicode_normalization::UnicodeNormalization as _;

/// An index and the articles in it as they are stored.
struct Archive {
    index: Searchable,
    articles: Vec<Article>,
}

impl Archive {
    fn new(index: Searchable) -> Self {
        let articles = index.articles();
        Self { index, articles }
    }

    /// The articles that the project ships with.
    fn samples() -> &'static Self {
        static SAMPLES: OnceLock<Archive> = OnceLock::new();
        SAMPLES.get_or_init(|| {
            let archive = Self::new(Searchable::samples());
            assert!(archive.articles.len() >= 120);
            archive
        })
    }

    /// 400 articles put together at random, always the same ones.
    fn assembled() -> &'static Self {
        static ASSEMBLED: OnceLock<Archive> = OnceLock::new();
        ASSEMBLED.get_or_init(|| {
            let mut chance = Chance(0x5DEE_CE66);
            let texts: Vec<(String, String)> =
                (0..400).map(|_| (chance.text(3, 7, false), chance.text(12, 60, true))).collect();
            Self::new(Searchable::of_texts(texts.iter().map(|(title, body)| (title.as_str(), body.as_str()))))
        })
    }

    /// An article with its text, title or body, that `at` chooses.
    fn text(&self, at: Index, title: bool) -> (&Article, &str) {
        let article = at.get(&self.articles);
        let text = if title || article.body.is_empty() { &article.title } else { &article.body };
        (article, text)
    }
}

/// A linear congruential generator (Knuth, MMIX): the same articles in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn text(&mut self, least: usize, most: usize, breaks: bool) -> String {
        let words = least + self.below(most - least);
        let mut text = String::new();
        for _ in 0..words {
            text.push_str(self.of(STEMS));
            if self.below(4) == 0 {
                text.push_str(self.of(STEMS));
            }
            if self.below(3) > 0 {
                text.push_str(self.of(ENDINGS));
            }
            let gap = self.of(GAPS);
            text.push_str(if gap == "\n" && !breaks { " " } else { gap });
        }
        text
    }
}

const STEMS: &[&str] = &[
    "부동산",
    "동산",
    "우크라이나",
    "이나",
    "국민의힘",
    "국민",
    "중기부",
    "중소벤처기업부",
    "이재명",
    "재명",
    "젤렌스키",
    "에어팟",
    "브록만",
    "샘 알트만",
    "알트먼",
    "윤석열",
    "尹",
    "李",
    "美",
    "中",
    "與野",
    "檢",
    "北美",
    "故 김",
    "챗GPT",
    "GPT-4o",
    "K-팝",
    "5G",
    "코로나19",
    "AI칩",
    "e스포츠",
    "R&D",
    "㈜카카오",
    "(주)카카오",
    "1조2000억원",
    "1.2조원",
    "3·1절",
    "9·11",
    "2분기",
    "5%",
    "1,200명",
    "12,345,678",
    "연준",
    "위원회",
    "개인정보보호",
    "도로ㆍ지반",
    "‘노조 부패’",
    "“검토 중”",
    "밝혔",
    "나섰",
    "발표했",
    "것으로 알려졌",
    "정진해온",
    "마이클 카슨",
    "ChatGPT",
    "OpenAI",
    "AIDS",
    "금융위기",
    "금융위",
    "대통령실",
    "대통령",
    "한국은행",
    "한은",
    "은행",
    "삼성전자",
    "전자",
    "ㅋㅋㅋ",
    "café",
    "Straße",
    "서울대병원",
    "대병원",
];

const ENDINGS: &[&str] = &[
    "이",
    "가",
    "은",
    "는",
    "을",
    "를",
    "의",
    "에",
    "에서",
    "도",
    "만",
    "으로",
    "과",
    "와",
    "까지",
    "이나",
    "이라고",
    "다",
    "다.",
    "며",
    "지만",
    "이다",
    "에게서는",
    "들",
    "측",
    "형",
];

const GAPS: &[&str] =
    &[" ", " ", " ", " ", " ", ", ", "·", ". ", ".", "\n", "…", "(", ") ", " / ", "-", "’ ", "”"];

/// Ways to type one string.
#[derive(Debug, Clone, Copy)]
enum Typed {
    AsItStands,
    OtherCase,
    FullWidth,
    Decomposed,
    CompatibilityHanja,
    OtherGaps(&'static str),
    NoSpaceBehindSentences,
}

const TYPED: [Typed; 11] = [
    Typed::AsItStands,
    Typed::OtherCase,
    Typed::FullWidth,
    Typed::Decomposed,
    Typed::CompatibilityHanja,
    Typed::OtherGaps(" "),
    Typed::OtherGaps("·"),
    Typed::OtherGaps("\n"),
    Typed::OtherGaps(" ‘"),
    Typed::OtherGaps("…"),
    Typed::NoSpaceBehindSentences,
];

/// Hanja and their doubles among the compatibility ideographs (Unicode block U+F900), which feeds are full of.
const DOUBLES: [(char, char); 12] = [
    ('李', '\u{F9E1}'),
    ('樂', '\u{F914}'),
    ('金', '\u{F90A}'),
    ('女', '\u{F981}'),
    ('北', '\u{F963}'),
    ('來', '\u{F92D}'),
    ('勞', '\u{F92F}'),
    ('盧', '\u{F933}'),
    ('年', '\u{F98E}'),
    ('力', '\u{F98A}'),
    ('聯', '\u{F997}'),
    ('兩', '\u{F978}'),
];

impl Typed {
    fn of(self, copied: &str) -> String {
        match self {
            Self::AsItStands => copied.to_owned(),
            Self::OtherCase => {
                let other = |c: char| {
                    if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
                };
                copied.chars().map(other).collect()
            }
            Self::FullWidth => copied
                .chars()
                .map(|c| match c {
                    ' ' => '\u{3000}',
                    '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap(),
                    _ => c,
                })
                .collect(),
            Self::Decomposed => copied.nfd().collect(),
            Self::CompatibilityHanja => {
                let double =
                    |c| DOUBLES.iter().find(|(plain, _)| *plain == c).map_or(c, |(_, double)| *double);
                copied.chars().map(double).collect()
            }
            Self::OtherGaps(gap) => with_gaps(copied, gap),
            Self::NoSpaceBehindSentences => copied.replace("다. ", "다."),
        }
    }
}

/// `text` with `gap` where anything stands between two characters that count, but for two digits: what stands between
/// those makes numbers of them.
fn with_gaps(text: &str, gap: &str) -> String {
    let mut out = String::new();
    let mut end: Option<u32> = None;
    for character in kept_chars(text) {
        if let Some(end) = end.filter(|end| *end < character.start) {
            let digits = out.ends_with(|c: char| c.is_ascii_digit()) && character.ch.is_ascii_digit();
            out.push_str(if digits { &text[end as usize..character.start as usize] } else { gap });
        }
        if end != Some(character.end) {
            out.push_str(&text[character.start as usize..character.end as usize]);
        }
        end = Some(character.end);
    }
    out
}

/// 2 to 12 characters of `text` that hold two letters or digits, as one may type them between quotes.
fn copied(text: &str, at: Index, length: usize) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let length = length.min(characters.len());
    let from = at.index(characters.len() - length + 1);
    let copied: String = characters[from..from + length].iter().collect();
    let copied = copied.replace(['"', '“', '”', '„', '‟', '＂'], " ");
    let copied = copied.trim();
    (kept_chars(copied).len() >= 2).then(|| copied.to_owned())
}

/// The marked pieces of a text, folded.
fn marked_pieces(text: &MarkedText) -> Vec<String> {
    let units: Vec<u16> = text.text.encode_utf16().collect();
    let piece =
        |mark: &[u32; 2]| fold(&String::from_utf16(&units[mark[0] as usize..mark[1] as usize]).unwrap());
    text.marks.iter().map(piece).collect()
}

/// A quoted copy, typed in every way, finds its article, and is marked in it.
fn quoted_copy_is_found(archive: &Archive, article: &Article, copied: &str) {
    let id = article.id.as_str();
    for typed in TYPED {
        let query = format!("\"{}\"", typed.of(copied));
        let found = archive.index.ids(&query);
        assert!(
            found.iter().any(|found| found == id),
            "{typed:?} {query} does not find {id}: {}",
            article.title
        );
    }
    let query = format!("\"{copied}\"");
    let marked = archive.index.marked(&query, id);
    let mut pieces = marked_pieces(&marked.title);
    pieces.extend(marked_pieces(&marked.body));
    let wanted = fold(copied);
    assert!(pieces.iter().any(|piece| piece.contains(&wanted)), "{query} is not marked in {id}: {pieces:?}");
    let explained = archive.index.page(&query, 1, Sort::Newest, true).explain.unwrap();
    let literal =
        explained.clauses.iter().flat_map(|clause| &clause.forms).all(|form| form.starts_with("literal"));
    if literal {
        // Occurrences that touch are one mark, so a mark may hold more than one.
        assert!(
            pieces.iter().all(|piece| piece.contains(&wanted)),
            "{query} marks something else in {id}: {pieces:?}"
        );
        // Half of a sign cannot be marked: what is copied of 80mm may stand there as 80㎜.
        let signs = |text: &str| text.chars().any(|ch| fold(&ch.to_string()).chars().count() > 1);
        let signs = signs(&marked.title.text) || signs(&marked.body.text);
        let once =
            pieces.iter().filter(|piece| !signs && piece.len() < 2 * wanted.len() && **piece != wanted);
        assert!(
            once.clone().all(|piece| overlaps(&wanted, piece)),
            "{query} marks too much in {id}: {pieces:?}"
        );
    }
}

/// Whether `piece` is nothing but overlapping copies of `wanted`.
fn overlaps(wanted: &str, piece: &str) -> bool {
    let places: Vec<usize> =
        piece.char_indices().map(|(at, _)| at).filter(|&at| piece[at..].starts_with(wanted)).collect();
    places.first() == Some(&0)
        && places.last().is_some_and(|last| last + wanted.len() == piece.len())
        && places.windows(2).all(|pair| pair[1] - pair[0] <= wanted.len())
}

/// The runs of neighbouring hangul syllables of `text` with nothing between them, at least `least` long.
fn hangul_runs(text: &str, least: usize) -> Vec<Vec<char>> {
    let mut runs: Vec<Vec<char>> = Vec::new();
    let mut last: Option<KeptChar> = None;
    for character in kept_chars(text) {
        let hangul = matches!(character.ch, '가'..='힣');
        match runs.last_mut() {
            Some(run) if hangul && !character.gap && last.is_some_and(|k| matches!(k.ch, '가'..='힣')) => {
                run.push(character.ch);
            }
            _ if hangul => runs.push(vec![character.ch]),
            _ => {}
        }
        last = Some(character);
    }
    runs.retain(|run| run.len() >= least);
    runs
}

fn archives() -> impl Strategy<Value = &'static Archive> {
    any::<bool>().prop_map(|samples| if samples { Archive::samples() } else { Archive::assembled() })
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an archive of {} articles", self.articles.len())
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_quoted_copy_finds_its_article(
        archive in archives(), which in any::<Index>(), title in prop::bool::weighted(0.2), at in any::<Index>(), length in 2..=12_usize,
    ) {
        let (article, text) = archive.text(which, title);
        if let Some(copied) = copied(text, at, length) {
            quoted_copy_is_found(archive, article, &copied);
        }
    }

    #[test]
    fn three_syllables_of_a_word_find_its_article(
        archive in archives(), which in any::<Index>(), title in prop::bool::weighted(0.2), at in any::<Index>(), from in any::<Index>(),
        length in 3..=8_usize,
    ) {
        let (article, text) = archive.text(which, title);
        let runs = hangul_runs(text, 3);
        if !runs.is_empty() {
            let run = at.get(&runs);
            let length = length.min(run.len());
            let from = from.index(run.len() - length + 1);
            let query: String = run[from..from + length].iter().collect();
            // A common noun of three syllables is found where a noun begins, and 천억원 not in 5천억원: what is in the middle of these need not be.
            let first: String = run[from..from + 3].iter().collect();
            // With a particle or two, as in 어머니가.
            let noun = from > 0 && length <= 5 && is_known_noun(language().korean().segmenter(), &first);
            let amount = begins_in_words(run[from], run[from + 1]);
            let found = archive.index.ids(&query);
            prop_assert!(
                noun || amount || found.iter().any(|id| id == article.id.as_str()),
                "{query} does not find {} ({})", article.id, run.iter().collect::<String>()
            );
        }
    }

    #[test]
    fn the_first_two_syllables_of_a_word_find_its_article(
        archive in archives(), which in any::<Index>(), title in prop::bool::weighted(0.2), at in any::<Index>(),
    ) {
        let (article, text) = archive.text(which, title);
        let words: Vec<Vec<char>> = text
            .split(|c: char| c.is_whitespace() || "\"'“”‘’()[]·…".contains(c))
            .map(|word| word.chars().take_while(|c| matches!(c, '가'..='힣')).collect::<Vec<_>>())
            .filter(|word| word.len() >= 2)
            .collect();
        if !words.is_empty() {
            let word = at.get(&words);
            let query: String = word[..2].iter().collect();
            let found = archive.index.ids(&query);
            prop_assert!(found.iter().any(|id| id == article.id.as_str()), "{query} does not find {}", article.id);
        }
    }
}

/// Every string of the assembled articles' hardest words, wherever cut.
#[test]
fn every_cut_of_difficult_words_is_found() {
    let texts = [
        "중소벤처기업부가 1,234,567명에게 1조2000억원(1.2조원)을 지원한다고 밝혔다.한편 尹대통령은",
        "‘노조 부패’·“검토 중”이라며 ㈜카카오와 챗GPT-4o를 3·1절에",
        "李 대표, 北美 회담 “5% 성장”…우크라이나에서\nK-팝·e스포츠 R&D 9·11 테러",
        "국민의힘이 에어팟과 젤렌스키를 브록만 회장에게",
    ];
    let archive = Archive::new(Searchable::of_texts(texts.iter().map(|text| ("제목", *text))));
    let mut tried = 0;
    for article in &archive.articles {
        let characters: Vec<char> = article.body.chars().collect();
        for length in 2..=12 {
            for copied in characters.windows(length) {
                let copied: String = copied.iter().collect();
                let copied = copied.replace(['"', '“', '”'], " ");
                let copied = copied.trim();
                if kept_chars(copied).len() >= 2 {
                    tried += 1;
                    let found = archive.index.ids(&format!("\"{copied}\""));
                    assert!(
                        found.iter().any(|id| id == article.id.as_str()),
                        "{copied:?} does not find {:?}",
                        article.body
                    );
                }
            }
        }
    }
    assert!(tried > 1_000, "{tried} strings were tried");
}

/// Bodies, of which each query must find exactly those listed.
fn finds_exactly(bodies: &[&str], expected: &[(&str, &[usize])]) {
    let index = Searchable::of_texts(bodies.iter().map(|body| ("", *body)));
    for (query, wanted) in expected {
        let mut wanted: Vec<String> = wanted.iter().map(|number| format!("a{number}")).collect();
        wanted.sort();
        assert_eq!(index.ids(query), wanted, "{query}");
    }
}

#[test]
fn two_syllables_are_found_at_beginnings_only() {
    finds_exactly(
        &[
            /* 0 */ "정부가 부동산을 규제한다.",
            /* 1 */ "아이들이 동산에 올랐다.",
            /* 2 */ "우크라이나에서 휴전 협상이 열렸다.",
            /* 3 */ "이나 씨는 배우로 데뷔했다.",
            /* 4 */ "금융위기가 다시 온다.",
            /* 5 */ "삼성전자는 반도체를 판다.",
            /* 6 */ "반도체공학을 가르친다.",
            /* 7 */ "도체와 부도체를 나눈다.",
            /* 8 */ "한국은행이 금리를 올렸다.",
            /* 9 */ "은행 창구가 붐볐다.",
            /* 10 */ "국민연금 개혁안이 나왔다.",
            /* 11 */ "연금을 받는 노인이 늘었다.",
            /* 12 */ "서울대병원에서 수술을 받았다.",
        ],
        &[
            ("동산", &[1]),
            ("이나", &[3]),
            ("도체", &[7]),
            ("부동산", &[0]),
            ("우크라이나", &[2]),
            ("금융", &[4]),
            ("전자", &[5]),
            ("은행", &[8, 9]),
            ("연금", &[10, 11]),
            ("우크", &[2]),
            ("병원", &[12]),
            ("반도", &[5, 6]),
        ],
    );
}

#[test]
fn particles_are_no_part_of_a_name_and_names_keep_what_looks_like_one() {
    finds_exactly(
        &[
            /* 0 */ "중기부가 예산을 짰다.",
            /* 1 */ "중기부에서 설명회를 열었다.",
            /* 2 */ "브록만 회장이 방한했다.",
            /* 3 */ "에어팟 새 제품이 나왔다.",
            /* 4 */ "젤렌스키 대통령과 회담했다.",
            /* 5 */ "국민의힘은 반대했다.",
            /* 6 */ "국민의 힘으로 이겨냈다.",
            /* 7 */ "이재명은 답하지 않았다.",
            /* 8 */ "이재명 대표가 말했다.",
        ],
        &[
            ("중기부", &[0, 1]),
            ("중기부가", &[0, 1]),
            ("중기부에서", &[0, 1]),
            ("브록만", &[2]),
            ("에어팟", &[3]),
            ("젤렌스키", &[4]),
            ("국민의힘", &[5]),
            ("이재명", &[7, 8]),
            ("이재명은", &[7, 8]),
            ("이재명이", &[7, 8]),
            ("\"이재명은\"", &[7]),
        ],
    );
}

#[test]
fn one_syllable_finds_the_word_and_not_every_syllable() {
    let index = Searchable::of_texts([
        ("尹, 다음달 방미", "대통령실이 일정을 발표했다."),
        ("대통령 일정", "윤 대통령은 내달 출국한다."),
        ("윤리위 회의", "윤리위원회가 윤활유 회사를 조사했다."),
        ("美 금리 동결", "연준은 기다리기로 했다."),
        ("미국 경제", "미국 고용이 늘었다."),
        ("미술관 개관", "시민들이 미술을 즐겼다."),
        ("탄핵 심판", "윤석열 전 대통령이 출석했다."),
    ]);
    let found = |query: &str, article: &str| index.ids(query).iter().any(|id| id == article);
    assert!(found("尹", "a0") && found("尹", "a6"), "{:?}", index.ids("尹"));
    assert!(!found("尹", "a2"), "尹 is not in 윤리");
    assert!(found("윤", "a1") && !found("윤", "a2"), "{:?}", index.ids("윤"));
    assert!(found("美", "a3") && found("美", "a4"), "{:?}", index.ids("美"));
    assert!(!found("美", "a5"), "美 is not in 미술");
    assert!(found("미국", "a3") && found("미국", "a4"), "{:?}", index.ids("미국"));
    assert!(index.marked("尹", "a0").title.marks == [[0, 1]]);
    assert!(index.ids("\"美\"").iter().any(|id| id == "a3"));
}

#[test]
fn ways_to_write_one_thing_find_each_other() {
    let groups: [&[&str]; 11] = [
        &["1조2000억원", "1조2천억원", "1.2조원"],
        &["AI칩", "AI 칩"],
        &["K-팝", "K팝"],
        &["㈜카카오", "(주)카카오", "카카오"],
        &["GPT-4o", "GPT 4o", "gpt-4O"],
        &["3·1절", "3ㆍ1절", "3.1절"],
        &["1,200명", "1200명"],
        &["1,200", "1200"],
        &["코로나19", "코로나-19"],
        &["대통령", "대통령의", "대통령이"],
        &["개인정보보호위원회", "개인정보보호위원회가", "개인정보보호위원회에서"],
    ];
    for group in groups {
        let bodies: Vec<String> = group.iter().map(|way| format!("정부는 {way} 관련 자료를 냈다.")).collect();
        let index = Searchable::of_texts(bodies.iter().map(|body| ("", body.as_str())));
        for way in group {
            assert_eq!(
                index.ids(way).len(),
                group.len(),
                "{way} finds all of {group:?}: {:?}",
                index.ids(way)
            );
        }
    }
}

#[test]
fn a_pasted_title_finds_its_article_or_a_reprint_first() {
    let archive = Archive::samples();
    let mut asked = 0;
    for article in archive.articles.iter().filter(|article| !article.title.trim().is_empty()) {
        let request = gisa::search::SearchRequest {
            query: article.title.clone(),
            size: 1,
            page: 1,
            ..gisa::search::SearchRequest::default()
        };
        let answer = match gisa::search::search(&archive.index.context(), &request) {
            Ok(answer) => answer,
            // A title may be longer than a query.
            Err(gisa::search::SearchError::Query(_)) => continue,
            Err(error) => panic!("{}: {error}", article.title),
        };
        let first = answer.hits.first().map(|hit| fold(&hit.title));
        assert_eq!(first, Some(fold(&article.title)), "{}", article.title);
        asked += 1;
    }
    assert!(asked >= 120, "{asked} titles");
}

#[test]
fn what_a_short_word_finds_holds_it() {
    let archive = Archive::samples();
    let report = gisa::search::evaluate::precision(&archive.index.context(), 300).unwrap();
    assert!(report.words >= 100 && report.hits >= 300, "{report}");
    assert!(report.share() >= 0.995, "{report}");
}
