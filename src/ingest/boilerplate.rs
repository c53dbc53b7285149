//! Footers, promotions and broadcast markers: text that pages carry around every story.
//!
//! A line that also holds a sentence is kept, unless the sentence itself is one that only footers say.

use super::any_of::AnyOf;
use super::sentence::has_sentence;

/// Words of footers, where there is no sentence on the line.
static FOOTER_WORDS: AnyOf = AnyOf::new(&[
    "무단전재",
    "무단 전재",
    "무단복제",
    "무단 복제",
    "무단배포",
    "무단 배포",
    "재배포 금지",
    "재배포금지",
    "재배포-금지",
    "재판매 및 DB",
    "저작권자",
    "Copyright",
    "copyright",
    "COPYRIGHT",
    "All rights reserved",
    "All Rights Reserved",
    "ALL RIGHTS RESERVED",
    "카카오톡 제보",
    "제보하기",
    "기사제보",
    "기사 제보",
    "구독하기",
    "네이버 채널 구독",
    "AI 학습 및 활용 금지",
    "AI학습 및 활용 금지",
    "보도자료 및 기사",
]);

/// Parts of sentences that occur only in footers.
static FOOTER_SENTENCES: AnyOf = AnyOf::new(&[
    "제보를 기다립니다",
    "제보가 뉴스가 됩니다",
    "제보받습니다",
    "무단 전재 및 재배포를 금",
    "무단전재 및 재배포를 금",
    "무단 전재와 재배포를 금",
    "무단전재와 재배포를 금",
    "제공받은 기사입니다",
    "기사의 섹션 분류는",
    "이 기사의 카테고리는",
    "언론사가 분류",
    "저작권은 해당 언론사에",
    "저작권법의 보호를 받",
    "저작권법에 따라 보호",
    "구독과 좋아요",
    "보내주시면 적극 반영",
    "채널을 추가",
    "채널 추가해",
    "검색해 채널 추가",
    "영상 제보",
    "네이버에서도 만나보세요",
    "채널을 구독해",
    "구독해주세요",
    "구독해 주세요",
    "구독해보세요",
    "섹션으로 분류했습니다",
    "삭제한 댓글은 다시",
    "삭제하시겠습니까",
]);

/// Words of promotions, which begin with `▶` or the like.
static PROMOTIONS: AnyOf = AnyOf::new(&[
    "구독",
    "제보",
    "바로가기",
    "네이버",
    "페이스북",
    "카카오",
    "채널",
    "홈페이지",
    "클릭",
    "뉴스스탠드",
    "온에어",
    "유튜브",
    "인스타그램",
    "트위터",
    "텔레그램",
    "기사 보기",
    "보러가기",
    "더보기",
    "만나보세요",
    "만나세요",
    "이벤트",
    "팔로우",
    "친구 추가",
    "다운로드",
    "라이브",
    "기사 모아보기",
    "현황",
]);

/// The longest footer, about 200 syllables; a longer line is a paragraph.
const MAX_BYTES: usize = 600;

/// Contact lines of broadcasters' appeals for tips.
const CONTACTS: &[&str] = &[
    "[카카오톡]",
    "[전화]",
    "[메일]",
    "[이메일]",
    "[온라인 제보]",
    "전화 :",
    "이메일 :",
    "카카오톡 :",
    "◎공감언론",
    "공감언론 뉴시스",
    "▷ 카카오톡",
    "▷ 전화",
    "▷ 이메일",
];

/// Whether a line is a footer and nothing of the story.
pub(super) fn is_footer(line: &str) -> bool {
    let line = line.trim();
    if line.len() > MAX_BYTES {
        return false;
    }
    // With one sentence of another kind the line is a part of the story.
    FOOTER_SENTENCES.is_in(line)
        && line.split_inclusive("다.").all(|part| !part.ends_with("다.") || FOOTER_SENTENCES.is_in(part))
        || (FOOTER_WORDS.is_in(line) && !has_sentence(line))
}

/// Whether a line at the end of an article advertises or tells how to reach the newsroom.
pub(super) fn is_promotion(line: &str) -> bool {
    let line = line.trim();
    if line.len() > MAX_BYTES {
        return false;
    }
    let marked = line.starts_with(['▶', '☞', '▷', '※', '◀', '★', '☎']);
    marked && PROMOTIONS.is_in(line) && !is_declarative(line)
        || CONTACTS.iter().any(|contact| line.starts_with(contact))
}

/// Whether the line has a declarative sentence (`…다.`), as stories do; promotions plead (`만나보세요!`).
fn is_declarative(line: &str) -> bool {
    line.contains("다.") || line.trim_end_matches(['"', '\'', '”', '’', ')', ']', '>']).ends_with('다')
}

/// The names of the parts of broadcast scripts.
const MARKERS: &[&str] = &[
    "앵커",
    "기자",
    "리포트",
    "리포터",
    "앵커멘트",
    "앵커 멘트",
    "기자멘트",
    "인터뷰",
    "녹취",
    "현장음",
    "VCR",
    "영상편집",
];

/// The bytes of a broadcast marker (`◀ 앵커 ▶`, `[리포트]`, `<기자>`) at the start of the text; 0 if there is none.
pub(super) fn marker_length(text: &str) -> usize {
    const PAIRS: [(char, char); 4] = [('◀', '▶'), ('[', ']'), ('<', '>'), ('【', '】')];
    for (open, close) in PAIRS {
        let Some(rest) = text.strip_prefix(open) else {
            continue;
        };
        let Some((inside, _)) = rest.split_once(close) else {
            continue;
        };
        if MARKERS.contains(&inside.trim()) {
            return open.len_utf8() + inside.len() + close.len_utf8();
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footers_and_stories_about_copyright() {
        for line in [
            "무단 전재 및 재배포 금지",
            "ⓒ 새벽신문, 무단전재-재배포 금지",
            "<저작권자(c) 새벽통신>",
            "본 기사는 새벽신문으로부터 제공받은 기사입니다.",
        ] {
            assert!(is_footer(line), "{line}");
        }
        assert!(!is_footer("강이 불었다. 새벽신문이 여러분의 제보를 기다립니다."));
        for line in
            ["법원은 무단 전재가 저작권자의 권리를 침해했다고 판단했다.", "새벽신문은 올해 창간 10년이다."]
        {
            assert!(!is_footer(line), "{line}");
        }
    }

    #[test]
    fn promotions_and_lists() {
        assert!(is_promotion("▶ 새벽신문 구독하기"));
        assert!(is_promotion("▶네이버에서 만나보세요!"));
        assert!(!is_promotion("☞ 소식지 구독하기 비가 내렸다. 그래도 걸었다"));
        assert!(!is_promotion("▶과장 나한별 ▶팀장 도가온"));
        assert!(!is_promotion("▶회사는 네이버와 손을 잡는다."));
    }

    #[test]
    fn markers() {
        assert_eq!(marker_length("◀ 앵커 ▶ 다음 소식"), "◀ 앵커 ▶".len());
        assert_eq!(marker_length("[기자]\n"), "[기자]".len());
        assert_eq!(marker_length("[기자회견] 전문"), 0);
    }
}
