//! The words that speech is told by: particles after a closing mark, verbs of saying, nouns for what is said, words for those who speak.

/// Particles that make what stands before them somebody's words, and lead on to a verb of saying.
const QUOTATIVE: &[&str] = &[
    "라고",
    "이라고",
    "고",
    "라며",
    "이라며",
    "며",
    "라면서",
    "이라면서",
    "면서",
    "하고",
    "하며",
    "라",
    "이라",
    "냐고",
    "냐며",
    "자고",
    "자며",
    "다고",
    "다며",
    "이냐고",
    "이냐며",
];
/// Words at the beginning of a sentence that say that the last speaker goes on.
pub(super) const GOING_ON: &[&str] =
    &["이어", "이어서", "그러면서", "그러면서도", "아울러", "또", "또한", "더불어", "덧붙여", "계속해서"];
/// Particles that make what stands before them the content of a noun.
const ADNOMINAL: &[&str] =
    &["라는", "이라는", "는", "란", "이란", "라던", "이라던", "던", "이냐는", "냐는", "다는", "라고 하는"];
/// Beginnings of verbs of saying, after the particle.
const SAYING: &[&str] = &[
    "말",
    "밝",
    "강조",
    "지적",
    "비판",
    "주장",
    "설명",
    "덧붙",
    "전했",
    "전하",
    "전한",
    "반박",
    "촉구",
    "요구",
    "당부",
    "호소",
    "토로",
    "털어놓",
    "답",
    "했다",
    "했고",
    "했으",
    "했지",
    "한 ",
    "하고",
    "하며",
    "하면",
    "해명",
    "평가",
    "분석",
    "전망",
    "예상",
    "경고",
    "우려",
    "목소리",
    "외치",
    "외쳤",
    "물었",
    "묻",
    "질문",
    "되물",
    "적었",
    "적은",
    "썼",
    "쓴",
    "남겼",
    "남기",
    "올렸",
    "올리",
    "게재",
    "언급",
    "제안",
    "제시",
    "건의",
    "다짐",
    "약속",
    "포부",
    "소감",
    "자신",
    "단언",
    "단정",
    "일축",
    "선을",
    "꼬집",
    "질타",
    "비난",
    "규탄",
    "맹비난",
    "직격",
    "날을",
    "쏘아",
    "저격",
    "몰아",
    "추궁",
    "따졌",
    "따져",
    "따지",
    "항의",
    "호통",
    "소리",
    "고함",
    "읍소",
    "하소연",
    "푸념",
    "한탄",
    "탄식",
    "한숨",
    "자평",
    "치켜세",
    "추켜세",
    "칭찬",
    "격려",
    "축하",
    "감사",
    "고마",
    "사과",
    "사죄",
    "고개",
    "인사",
    "응원",
    "기대",
    "희망",
    "바람",
    "부연",
    "첨언",
    "귀띔",
    "증언",
    "진술",
    "자백",
    "시인",
    "인정",
    "부인",
    "판단",
    "판시",
    "판결",
    "선고",
    "결론",
    "보도",
    "소개",
    "회상",
    "회고",
    "떠올",
    "기억",
    "고백",
    "공개",
    "발표",
    "공지",
    "알렸",
    "알리",
    "통보",
    "예고",
    "선언",
    "천명",
    "공언",
    "피력",
    "역설",
    "성토",
    "반발",
    "반응",
    "반문",
    "의문",
    "의혹",
    "조언",
    "충고",
    "제언",
    "권고",
    "권유",
    "유감",
    "환영",
    "지지",
    "반겼",
    "웃",
    "울",
    "놀라",
    "농담",
    "너스레",
    "입을",
    "운을",
    "말문",
    "이야기",
    "얘기",
    "말씀",
    "대답",
    "응답",
    "답변",
    "맞받",
    "받아",
    "맞섰",
    "맞불",
    "비유",
    "빗대",
    "표현",
    "지시",
    "명령",
    "주문",
    "독려",
    "압박",
    "재촉",
    "선서",
    "각오",
    "의지",
    "의견",
    "입장",
    "견해",
    "뜻을",
    "심경",
    "속내",
    "불만",
    "아쉬",
    "안타까",
    "분통",
    "울분",
    "분노",
    "격분",
    "격앙",
    "자책",
    "후회",
    "반성",
    "겨냥",
    "힘줘",
    "못 박",
    "못박",
    "잘라",
    "쐐기",
    "거듭",
    "재차",
    "이같이",
    "이렇게",
    "화답",
    "글을",
    "댓글",
    "메시지",
    "생각",
    "봤다",
    "보고",
    "내다",
    "짚",
    "관측",
    "추정",
    "진단",
    "풀이",
    "해석",
    "비꼬",
    "조롱",
    "꾸짖",
    "나무라",
    "타이르",
    "달래",
    "위로",
    "애도",
    "추모",
    "기원",
    "빌",
    "속였",
    "속여",
    "협박",
    "위협",
    "신고",
    "고발",
    "폭로",
    "지목",
    "거론",
    "인용",
    "옹호",
    "두둔",
    "감쌌",
    "엄포",
    "으름장",
    "큰소리",
    "장담",
    "확신",
    "자랑",
    "과시",
    "뽐",
    "귓속",
    "속삭",
    "중얼",
];
/// Beginnings of verbs that name a thing: what they name is no speech.
const NAMING: &[&str] = &[
    "부르", "불리", "불러", "불렀", "부른", "불린", "일컫", "일컬", "칭하", "칭한", "칭했", "이름", "명명",
    "통칭", "지칭",
];
/// Nouns for what somebody says or writes.
const SAID: &[&str] = &[
    "말",
    "지적",
    "의견",
    "주장",
    "반응",
    "평가",
    "목소리",
    "설명",
    "입장",
    "비판",
    "뜻",
    "글",
    "답변",
    "답",
    "취지",
    "메시지",
    "전망",
    "분석",
    "우려",
    "질문",
    "해명",
    "제안",
    "요구",
    "발언",
    "농담",
    "댓글",
    "이야기",
    "얘기",
    "소감",
    "심경",
    "견해",
    "판단",
    "진단",
    "관측",
    "경고",
    "조언",
    "당부",
    "호소",
    "항의",
    "불만",
    "푸념",
    "하소연",
    "비난",
    "논리",
    "반론",
    "반박",
    "방침",
    "계획",
    "각오",
    "다짐",
    "포부",
    "약속",
    "증언",
    "진술",
    "보도",
    "통보",
    "연락",
    "전화",
    "문자",
    "칭찬",
    "호평",
    "혹평",
    "후기",
    "해석",
    "추측",
    "소문",
    "인식",
    "생각",
    "지시",
    "명령",
    "주문",
    "대답",
    "응답",
    "격려",
    "인사",
    "안내",
    "사과",
    "요청",
    "내용",
    "문제의식",
    "의지",
    "의사",
    "하소",
    "탄식",
    "한탄",
    "외침",
    "함성",
    "고백",
    "편지",
    "쪽지",
    "게시",
    "공지",
    "성토",
    "질타",
    "쓴소리",
    "볼멘소리",
    "소리",
    "의문",
    "회의론",
    "여론",
    "시각",
    "반발",
    "변명",
    "판결",
    "결론",
    "논평",
    "성명",
    "단서",
    "조건",
    "유언",
    "명언",
    "격언",
    "원칙",
];
/// Words after which a noun for speech is nobody's: `지적이 나온다`.
const NOBODYS: &[&str] = &[
    "나온",
    "나왔",
    "나오",
    "제기",
    "잇따",
    "쏟아",
    "이어지",
    "이어졌",
    "많",
    "있다",
    "있었",
    "높",
    "커지",
    "거세",
    "지배적",
    "우세",
];

/// Whether `text`, what follows a closing mark, goes on with a particle that makes the quotation somebody's words.
pub(super) fn starts_with_quotative(text: &str) -> bool {
    quotative(text).is_some() || adnominal(text).is_some()
}

fn longest_prefix<'t>(text: &'t str, prefixes: &[&str]) -> Option<&'t str> {
    let longest =
        prefixes.iter().filter(|prefix| text.starts_with(**prefix)).map(|prefix| prefix.len()).max()?;
    text.get(longest..)
}

/// What follows the particle that leads on to a verb of saying.
pub(super) fn quotative(text: &str) -> Option<&str> {
    let rest = longest_prefix(text, QUOTATIVE)?;
    // `라고도`, `고까지`, `며,`; not 고양시 or 라면.
    let rest = longest_prefix(rest, &["도", "까지", "만", "는", "요"]).unwrap_or(rest);
    rest.chars().next().is_none_or(|ch| !ch.is_alphanumeric() || "했한말밝".contains(ch)).then_some(rest)
}

/// What follows the particle that makes the quotation the content of a noun.
pub(super) fn adnominal(text: &str) -> Option<&str> {
    let rest = longest_prefix(text, ADNOMINAL)?;
    rest.chars().next().is_none_or(|ch| !ch.is_alphanumeric()).then_some(rest)
}

fn begins_with(word: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| word.starts_with(beginning.trim_end()))
}

/// `text` up to the end of its clause.
fn clause(text: &str) -> &str {
    text.split(['"', '“', '”', '\n']).next().unwrap_or_default()
}

/// Whether one of the first words of `text`, up to the end of its clause, is a verb of saying.
pub(super) fn says(text: &str, words: usize) -> bool {
    clause(text).split_whitespace().take(words).any(|word| begins_with(word, SAYING))
}

/// Whether `word` begins as a verb of saying does.
pub(super) fn says_word(word: &str) -> bool {
    begins_with(word, SAYING)
}

/// Whether `word` begins as a noun for what is said does.
pub(super) fn said_word(word: &str) -> bool {
    begins_with(word, SAID)
}

/// Whether the next words name a thing.
pub(super) fn names(text: &str) -> bool {
    text.split_whitespace().take(2).any(|word| begins_with(word, NAMING))
}

/// Whether the next words are a noun for what is said.
pub(super) fn is_said(text: &str) -> bool {
    text.split_whitespace().take(3).any(|word| begins_with(word, SAID))
}

/// Whether it is said there that the words are nobody's in particular: `지적이 나온다`.
pub(super) fn is_nobodys(text: &str) -> bool {
    let mut before = "";
    clause(text).split_whitespace().take(6).any(|word| {
        // Whoever 밝히고 있다 is somebody.
        let goes_on = std::mem::replace(&mut before, word).ends_with('고');
        begins_with(word, NOBODYS) && !(goes_on && word.starts_with("있"))
    })
}

/// Whether `text` ends as a sentence of speech does.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end();
    if text.ends_with(['.', '?', '!', '…', '？', '！', '~']) {
        return true;
    }
    let last = text.trim_end_matches([')', '\'', '’', ',', '”', '"']).chars().next_back();
    last.is_some_and(|ch| "다요까죠네라자냐니야군걸오지래데게어아해봐줘마".contains(ch))
}
