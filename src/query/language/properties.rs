#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use proptest::prelude::*;
use proptest::sample::select;
use time::macros::date;
use time::{Date, Duration};

use super::tree::TreeBuilder;
use super::*;
use crate::entities::EntityKind;

/// Looks at a character per character of the query, at most. Brackets of all kinds in one word come nearest to it.
pub(super) const WORK: u64 = 8;

/// Pieces of the syntax and of headlines, to be put together at random.
const PIECES: &[&str] = &[
    " ",
    " ",
    " ",
    "(",
    ")",
    "-",
    "|",
    "\"",
    "“",
    "”",
    "„",
    "‘",
    "’",
    "'",
    "«",
    "»",
    "*",
    "**",
    "\\",
    ":",
    "..",
    "~",
    "[",
    "]",
    "{",
    "<",
    ">",
    "+",
    "%",
    "·",
    ",",
    "OR",
    " OR ",
    "AND",
    " AND ",
    "NOT ",
    "NOT",
    " ~3 ",
    " NEAR/10 ",
    "가",
    "나다",
    "이재명",
    "김",
    "모",
    "모(34)",
    "씨",
    "(주)",
    "尹",
    "㈜",
    "GPT-4o",
    "5%",
    "C++",
    "a",
    "B",
    "1",
    "제목:",
    "title:",
    "본문:",
    "언론사:",
    "기자:",
    "섹션:",
    "날짜:",
    "date:",
    "DATE：",
    "2023",
    "2023-06",
    "2023-06-01",
    "2023.6.1",
    "이",
    "라며",
    "🙂",
    "\u{301}",
    "\u{1161}",
    "\u{200B}",
    "\u{0}",
    "\u{3000}",
];

/// What reading `input` costs: how often a character was looked at, and the square of the characters there are.
pub(super) fn work(input: &str) -> (u64, u64) {
    let characters = super::text::normalise(input).chars().count() as u64;
    super::text::READS.set(0);
    let _ = parse(input);
    (super::text::READS.get(), characters * characters)
}

fn typed() -> impl Strategy<Value = String> {
    let assembled = prop::collection::vec(select(PIECES), 0..60).prop_map(|pieces| pieces.concat());
    let mixed =
        prop::collection::vec(prop_oneof![select(PIECES).prop_map(str::to_owned), any::<String>()], 0..6)
            .prop_map(|pieces| pieces.concat());
    prop_oneof![4 => assembled, 1 => mixed, 1 => any::<String>()]
}

/// A tree before it is built.
#[derive(Debug, Clone)]
enum Sketch {
    Leaf(Node, Option<TextField>),
    And(Vec<Sketch>),
    Or(Vec<Sketch>),
    Not(Box<Sketch>),
    /// Each one or more alternatives.
    Near([Vec<(Node, Option<TextField>)>; 2], u8),
}

impl Sketch {
    fn build(self, tree: &mut TreeBuilder) -> NodeId {
        match self {
            Sketch::Leaf(node, field) => tree.leaf(node, field, 0..0),
            Sketch::And(members) => {
                let members = members.into_iter().map(|member| member.build(tree)).collect();
                tree.and(members).unwrap()
            }
            Sketch::Or(members) => {
                let members = members.into_iter().map(|member| member.build(tree)).collect();
                tree.or(members).unwrap()
            }
            Sketch::Not(child) => {
                let child = child.build(tree);
                tree.not(child)
            }
            Sketch::Near(operands, within) => {
                let [first, second] = operands.map(|texts| {
                    let texts = texts.into_iter().map(|(node, field)| tree.leaf(node, field, 0..0)).collect();
                    tree.or(texts).unwrap()
                });
                tree.near(first, second, within)
            }
        }
    }
}

fn word() -> impl Strategy<Value = String> {
    let tricky = select(
        &[
            "OR",
            "AND",
            "NOT",
            "김",
            "모",
            "모(34)",
            "씨",
            "김모",
            "(주)카카오",
            "윤(尹)",
            "f(x)",
            "언론사:KBS",
            "제목:-가",
            "날짜:2023",
            "날짜:내일",
            "don't",
            "尹\"노조",
            "5%",
            "C++",
            "a]b",
            "[단독]대통령",
            "박*혜",
            "K-팝",
            "삼성전자:실적",
            "R&D",
            "5·18",
            "(-'a)b",
            "c”d",
            "e»f",
            "㈜카카오",
        ][..],
    );
    prop_oneof![tricky.prop_map(str::to_owned), "[가-힣a-zA-Z0-9一-龥]{1,6}"]
}

fn passage() -> impl Strategy<Value = String> {
    let quote = select(&["", "", "\"", "”", "»", "'", "“"][..]);
    prop::collection::vec((word(), quote), 1..4).prop_map(|words| {
        let words: Vec<String> = words.into_iter().map(|(word, quote)| format!("{word}{quote}")).collect();
        words.join(" ")
    })
}

fn leaf() -> impl Strategy<Value = Sketch> {
    let field = select(&[None, None, Some(TextField::Title), Some(TextField::Body)][..]);
    // One kind of closing quote is left out of each phrase: what is quoted was quoted in something.
    let phrase = (passage(), select(&['"', '”', '»'][..]))
        .prop_map(|(text, own)| text.replace([own, '“'], ""))
        .boxed();
    let text = prop_oneof![
        4 => word().prop_map(|text| Node::Word { text }),
        2 => phrase.clone().prop_map(|text| Node::Phrase { text }),
        1 => word().prop_filter_map("two characters", |text| {
            text.chars().nth(1).is_some().then_some(Node::Prefix { text })
        }),
    ]
    .boxed();
    let name = prop_oneof![word(), phrase].boxed();
    let day =
        |range: std::ops::Range<i64>| range.prop_map(|days| date!(2000 - 01 - 01) + Duration::days(days));
    let dates = prop_oneof![
        (day(0..9000), 0..800_i64)
            .prop_map(|(from, days): (Date, i64)| (Some(from), Some(from + Duration::days(days)))),
        day(0..9000).prop_map(|from| (Some(from), None)),
        day(0..9000).prop_map(|to| (None, Some(to))),
    ];
    let filter = prop_oneof![
        name.clone().prop_map(Filter::Outlet),
        word().prop_map(Filter::OutletGroup),
        Just(Filter::NoOutlet),
        Just(Filter::NoDate),
        name.clone().prop_map(Filter::Reporter),
        name.clone().prop_map(Filter::Section),
        (select(&EntityKind::ALL[..3]), name).prop_map(|(kind, name)| Filter::Named(kind, name)),
        dates.prop_map(|(from, to)| Filter::Date(DateRange { from, to })),
        select(&["어제", "지난주", "최근 7일", "어제..오늘", "..작년 여름", "last-week"][..])
            .prop_map(|text| Filter::SpokenDate(SpokenDates::parse(text).unwrap())),
    ];
    let operand = prop::collection::vec((text.clone(), field.clone()), 1..3);
    prop_oneof![
        1 => ([operand.clone(), operand], 1..=100_u8).prop_map(|(operands, within)| Sketch::Near(operands, within)),
        3 => (text, field).prop_map(|(node, field)| Sketch::Leaf(node, field)),
        1 => filter.prop_map(|filter| Sketch::Leaf(Node::Filter(filter), None)),
    ]
}

fn sketch() -> impl Strategy<Value = Sketch> {
    leaf().prop_recursive(8, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Sketch::And),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Sketch::Or),
            inner.prop_map(|child| Sketch::Not(Box::new(child))),
        ]
    })
}

/// A formula over four words, written with all its brackets, and its truth for each of the 16 sets of words present.
#[derive(Debug, Clone)]
struct Formula {
    text: String,
    truth: u16,
}

fn formula() -> impl Strategy<Value = Formula> {
    // Bit `set` of a word's column says whether the word is in that set.
    let words = [("가", 0xAAAA_u16), ("나", 0xCCCC), ("다", 0xF0F0), ("라", 0xFF00)];
    let word = select(words.to_vec()).prop_map(|(text, truth)| Formula { text: text.to_owned(), truth });
    word.prop_recursive(5, 30, 2, |inner| {
        let joint = select(&[" ", " AND ", " OR ", "|", " | "][..]);
        let minus = select(&["-", "NOT "][..]);
        prop_oneof![
            3 => (inner.clone(), joint, inner.clone()).prop_map(|(a, joint, b)| Formula {
                text: format!("({}{joint}{})", a.text, b.text),
                truth: if joint.contains("OR") || joint.contains('|') { a.truth | b.truth } else { a.truth & b.truth },
            }),
            1 => (minus, inner).prop_map(|(minus, a)| Formula {
                text: format!("({minus}{})", a.text),
                truth: !a.truth,
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_typed_is_read_and_reads_back(input in typed()) {
        let query = match parse(&input) {
            Ok(query) => query,
            Err(QueryError::TooLong { found, .. }) => { prop_assert!(found > 512); return Ok(()); }
            Err(QueryError::TooManyClauses { found, .. }) => { prop_assert!(found > 64); return Ok(()); }
            Err(QueryError::TooDeep { found, .. }) => { prop_assert!(found > 16); return Ok(()); }
        };
        let printed = query.to_string();
        let again = parse_canonical(&printed).unwrap();
        prop_assert_eq!(&again, &query, "printed {:?}", &printed);
        prop_assert_eq!(again.to_string(), printed);
        prop_assert!(query.leaves().count() <= 64);
        prop_assert!(!query.describe().is_empty());
    }

    /// A bound on the work itself, which holds on any machine however busy: the time follows from it.
    #[test]
    fn reading_looks_at_each_character_a_bounded_number_of_times(input in typed()) {
        let (looks, square) = work(&input);
        prop_assert!(looks <= WORK * square + 64, "{looks} looks at {} characters", input.chars().count());
        if let Ok(query) = parse(&input) {
            let leaves = query.leaves().count();
            prop_assert!(query.post_order().len() <= 5 * leaves, "{} nodes for {leaves} leaves", query.post_order().len());
        }
    }

    #[test]
    fn ranges_point_at_what_was_read(input in typed()) {
        let Ok(query) = parse(&input) else { return Ok(()) };
        for (id, node) in query.post_order() {
            let range = query.range(id).unwrap();
            let slice = query.text().get(range.clone()).unwrap();
            match node {
                Node::Word { text } if !text.starts_with("날짜:") && !text.to_lowercase().starts_with("date:") => {
                    // Of a withheld name the spaces are gone, and what was passed over in it.
                    let mut letters = slice.chars();
                    let is_there = text.chars().all(|ch| letters.any(|typed| typed == ch));
                    prop_assert!(slice == text || slice.contains(char::is_whitespace) && is_there, "{slice} {text}");
                }
                _ => prop_assert!(!slice.is_empty()),
            }
            for child in node.children() {
                prop_assert!(*child < id);
                let child = query.range(*child).unwrap();
                prop_assert!(range.start <= child.start && child.end <= range.end);
            }
        }
        let mut end = 0;
        for ignored in query.ignored() {
            prop_assert!(end <= ignored.start && ignored.start < ignored.end);
            prop_assert!(query.text().get(ignored.clone()).is_some());
            end = ignored.end;
        }
    }

    /// Every letter and digit typed is in a clause or is reported as passed over, field names and operators apart.
    #[test]
    fn no_letter_is_lost(input in "[가나다ab1 ()\"“”'*+%,.|&~<>{}\\[\\]🙂-]{0,80}") {
        let Ok(query) = parse(&input) else { return Ok(()) };
        let leaves = query.leaves().filter_map(|(id, _)| query.range(id));
        let covered: Vec<_> = leaves.chain(query.ignored().iter().cloned()).collect();
        let nears = query.post_order().filter(|(_, node)| matches!(node, Node::Near { .. }));
        let covered: Vec<_> = nears.filter_map(|(id, _)| query.range(id)).chain(covered).collect();
        for (at, c) in query.text().char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            prop_assert!(covered.iter().any(|range| range.contains(&at)), "{c} at {at} of {:?}", query.text());
        }
    }

    #[test]
    fn a_printed_tree_is_read_as_itself(sketch in sketch()) {
        let mut tree = TreeBuilder::default();
        let root = sketch.build(&mut tree);
        let query = tree.finish(Some(root), String::new(), Vec::new(), Vec::new());
        prop_assume!(query.leaves().count() <= 64);
        let printed = query.to_string();
        prop_assert_eq!(parse_canonical(&printed).unwrap(), query, "printed {:?}", printed);
    }

    #[test]
    fn normal_trees_have_no_redundant_nodes(input in typed()) {
        let Ok(query) = parse(&input) else { return Ok(()) };
        for (_, node) in query.post_order() {
            let children: Vec<&Node> = node.children().iter().map(|id| query.node(*id).unwrap()).collect();
            match node {
                Node::And(_) => prop_assert!(children.len() > 1 && !children.iter().any(|n| matches!(n, Node::And(_)))),
                Node::Or(_) => prop_assert!(children.len() > 1 && !children.iter().any(|n| matches!(n, Node::Or(_)))),
                Node::Not(_) => prop_assert!(!matches!(children[0], Node::Not(_))),
                Node::In { .. } => prop_assert!(children[0].is_leaf() && !matches!(children[0], Node::Filter(_))),
                Node::Prefix { text } => prop_assert!(text.chars().count() > 1),
                _ => {}
            }
        }
    }

    #[test]
    fn bracketed_formulas_mean_what_they_say(formula in formula()) {
        let query = match parse(&formula.text) {
            Ok(query) => query,
            Err(error) => { prop_assert!(!matches!(error, QueryError::TooDeep { .. }), "{error}"); return Ok(()); }
        };
        for set in 0..16_u16 {
            let holds = query.bottom_up(|_, node, children: Vec<bool>| match node {
                Node::Word { text } => match text.as_str() {
                    "가" => set & 1 != 0,
                    "나" => set & 2 != 0,
                    "다" => set & 4 != 0,
                    _ => set & 8 != 0,
                },
                Node::And(_) => children.iter().all(|holds| *holds),
                Node::Or(_) => children.iter().any(|holds| *holds),
                Node::Not(_) => !children[0],
                other => panic!("{other:?}"),
            });
            prop_assert_eq!(holds, Some(formula.truth >> set & 1 == 1), "{:?} with words {:04b}", &formula.text, set);
        }
    }
}
