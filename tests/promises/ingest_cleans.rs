//! Promise: whatever a newsroom drops in becomes clean articles or a reason with file and line; and no sentence of a
//! story is ever cleaned away.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gisa::article::Article;
use gisa::ingest::{
    Cleaner, IngestRules, OutletNames, RecordReader, RefusalCode, RefusedRecord, list_files, normalise,
};
use proptest::prelude::*;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ingest")
}

fn cleaner() -> Cleaner {
    let (outlets, warnings) = OutletNames::parse("새벽온누리일보 = 온누리일보\n물빛데일리\n");
    assert_eq!(warnings, []);
    Cleaner::new(Arc::new(outlets))
}

/// Everything that a folder gives, as the indexer sees it.
fn ingest(folder: &Path) -> (Vec<Article>, Vec<RefusedRecord>) {
    let cleaner = cleaner();
    let list = list_files(folder, &IngestRules::default()).unwrap();
    let mut refused = list.refused;
    let mut articles = Vec::new();
    for file in &list.files {
        for record in RecordReader::open(file).unwrap() {
            let record = match record {
                Ok(record) => record,
                Err(no) => {
                    refused.push(no);
                    continue;
                }
            };
            let line = record.line;
            match cleaner.read(record, &file.path.to_string_lossy()) {
                Ok(reading) => articles.push(reading.article),
                Err(refusal) => refused.push(RefusedRecord { file: file.path.clone(), line, refusal }),
            }
        }
    }
    (articles, refused)
}

fn page(name: &str) -> Article {
    let bytes = std::fs::read(fixtures().join(name)).unwrap();
    cleaner().article_from_scraped_page(&bytes, name).unwrap()
}

fn body(text: &str) -> String {
    let line = serde_json::json!({"title": "제목", "body": text}).to_string();
    cleaner().article_from_json(line.as_bytes()).unwrap().body
}

#[test]
fn a_page_with_a_byline_and_a_list_of_other_articles() {
    let article = page("page_byline_and_side_list.txt");
    assert_eq!(article.title, "[하천 복원] 郭 시장·환경단체 만난 한빛수계, 보 철거 합의했나");
    assert_eq!(article.outlet.as_deref(), Some("물빛데일리"));
    assert_eq!(article.reporters, ["나한별"]);
    assert_eq!(article.published_at, None, "its only dates belong to other articles");
    let lines: Vec<&str> = article.body.lines().collect();
    assert_eq!(lines.len(), 7);
    assert!(lines[0].starts_with("하천 관리기업인 한빛수계의"), "{}", lines[0]);
    assert_eq!(lines[2], "◆ 곽 시장 만난 한빛수계, 어도 중요성 강조");
    assert!(lines[4].contains("▲어도 설치 확대 ▲수질 자료 공개"));
    assert!(lines[6].ends_with("\"확인된 내용이 없다\"고 선을 그었다."));
    for foreign in ["두레제과", "고을은행", "산들 메신저", "은화코인", "2031-04-15", "기자"]
    {
        assert!(!article.body.contains(foreign), "{foreign}");
    }
}

#[test]
fn a_page_with_menus_a_caption_and_a_login_list() {
    let article = page("page_menu_and_credit.txt");
    assert_eq!(article.title, "도가온 \"가람시 새싹기업과 손잡을 준비됐다\"");
    assert_eq!(article.outlet.as_deref(), Some("두물머리워치"));
    assert_eq!(article.published_at.unwrap().to_string(), "2031-04-11T16:53:00+09:00");
    let lines: Vec<&str> = article.body.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0], "\"하천 기술, 놀라운 진보 보게 될 것\"");
    assert!(lines[3].ends_with("어려움을 겪는다\"고 했다."));
    for foreign in ["검색", "기념촬영", "naver", "facebook", "로그인", "2031.04.11"] {
        assert!(!article.body.contains(foreign), "{foreign}");
    }
}

#[test]
fn a_portal_page_with_everything_around_it() {
    let article = page("page_portal.txt");
    assert_eq!(article.title, "온마을 도서관 예산 다시 심사… 시의회 “주민 뜻 듣겠다”");
    assert_eq!(article.outlet.as_deref(), Some("새벽온누리일보"));
    assert_eq!(article.reporters, ["모란비"]);
    assert_eq!(article.published_at.unwrap().to_string(), "2031-04-19T16:53:00+09:00");
    assert_eq!(
        article.body,
        "온마을 시의회가 도서관 예산을 다시 심사하기로 했다. 주민 3천 명이 서명을 냈기 때문이다.\n\
         의회는 다음 주 공청회를 연다. 모든 회의는 공개된다고 의장은 설명했다."
    );
}

#[test]
fn a_page_with_a_breadcrumb_a_caption_and_a_comment_box() {
    let article = page("page_comment_box.txt");
    assert_eq!(article.title, "두레은행, 작은 가게에 낮은 이자로 돈 빌려준다");
    assert_eq!(
        (article.outlet.as_deref(), article.reporters.join(",")),
        (Some("두레뉴스"), "모란비".to_owned())
    );
    assert_eq!(article.published_at.unwrap().to_string(), "2031-05-02T10:00:00+09:00");
    assert_eq!(
        article.body,
        "두레은행이 작은 가게에 낮은 이자로 돈을 빌려준다고 2일 밝혔다.\n\
         은행은 올해 3000억원을 내놓는다. 지난해보다 두 배 많다.\n\
         은행장은 “지역이 살아야 은행이 산다”고 말했다."
    );
}

#[test]
fn a_bare_date_counts_above_the_story_only() {
    let article = page("page_bare_dates.txt");
    assert_eq!(article.title, "새 다리 놓인다…가람강 두 번째 횡단교 착공");
    assert_eq!(article.published_at.unwrap().to_string(), "2031-05-02T10:00:00+09:00");
    assert!(article.body.starts_with("\"3년 안에 완공\"\n가람강에"), "{}", article.body);
    assert!(article.body.ends_with("완공하겠다고 밝혔다."), "{}", article.body);
}

#[test]
fn a_page_without_a_sentence_keeps_its_list() {
    let article = page("page_appointments.txt");
    assert_eq!(article.title, "[인사] 가람시");
    assert_eq!(article.outlet.as_deref(), Some("두레신문"));
    assert_eq!(article.body.lines().count(), 4);
    assert!(article.body.ends_with("▲ 홍보담당관 모란비"));
}

#[test]
fn a_whole_folder_is_read_and_every_refusal_has_its_place() {
    let (articles, refused) = ingest(&fixtures());
    let ids: Vec<&str> =
        articles.iter().map(|article| article.id.as_str()).filter(|id| id.starts_with("g-")).collect();
    assert_eq!(ids, ["g-1", "g-2", "g-4"]);
    assert_eq!(articles.len(), 9);
    let places: Vec<_> = refused.iter().map(|r| (r.file.to_str().unwrap(), r.line, r.refusal.code)).collect();
    assert_eq!(
        places,
        [
            ("articles.jsonl", Some(4), RefusalCode::BadJson),
            ("articles.jsonl", Some(6), RefusalCode::BadField)
        ]
    );
    let report = serde_json::to_value(&refused[1]).unwrap();
    assert_eq!(report["code"], "bad_field");
    assert!(report["detail"].as_str().unwrap().contains("`body`"));

    let first = &articles[0];
    assert_eq!(first.title, "[속보] 與野, 하천법 \"합의\"");
    assert_eq!(
        first.body,
        "여야가 하천법에 합의했다.\n영화 <물의 노래>도 <끝> 자막까지 상영됐다.\n회의는 모레 다시 열린다."
    );
    assert_eq!(first.outlet.as_deref(), Some("새벽온누리일보"));
    assert_eq!(first.reporters, ["나한별", "도가온"]);
    let second = &articles[1];
    assert_eq!(
        second.body,
        "가람시가 예산안을 냈다.\n시장은 “도로·하천·공원에 쓴다”고 말했다.\n\
         문의는 budget@garam.example로 하면 된다고 시는 밝혔다."
    );
    assert_eq!(second.reporters, ["모란비", "서이레"]);
    assert_eq!(articles[2].extra["desk"]["no"], 3);
}

#[test]
fn cp949_lines_and_pages_give_the_same_articles_as_utf8() {
    let line = r#"{"title":"뷁마을 축제","body":"축제가 열린다."}"#;
    let (cp949, _, lost) = encoding_rs::EUC_KR.encode(line);
    assert!(!lost);
    assert_ne!(cp949.as_ref(), line.as_bytes());
    let cleaner = cleaner();
    assert_eq!(
        cleaner.article_from_json(&cp949).unwrap(),
        cleaner.article_from_json(line.as_bytes()).unwrap()
    );
    let text = std::fs::read_to_string(fixtures().join("page_portal.txt")).unwrap().replace('©', "(c)");
    let (cp949, _, lost) = encoding_rs::EUC_KR.encode(&text);
    assert!(!lost);
    assert_eq!(
        cleaner.article_from_scraped_page(&cp949, "a.txt").unwrap(),
        cleaner.article_from_scraped_page(text.as_bytes(), "b.txt").unwrap()
    );
    assert_eq!(cleaner.article_from_json(b"\xff\xff{}").unwrap_err().code, RefusalCode::BadEncoding);
}

#[test]
fn bylines_and_footers_go_and_the_story_stays() {
    for (raw, clean) in [
        ("[물빛=두물뉴스] 나한별 기자 = 물이 맑다.", "물이 맑다."),
        ("(가람=두물뉴스) 물이 맑다.", "물이 맑다."),
        ("[온누리일보] 물이 맑다.", "물이 맑다."),
        ("나한별 특파원 = 물이 맑다.", "물이 맑다."),
        ("물이 맑다.[두물뉴스 나한별 기자] 산이 높다.", "물이 맑다. 산이 높다."),
        ("물이 맑다. 나한별 기자", "물이 맑다."),
        ("물이 맑다.나한별기자 han@a.example", "물이 맑다."),
        ("물이 맑다.\n◎공감언론 두물뉴스 han@a.example", "물이 맑다."),
        ("물이 맑다.▶ 제보는 카카오톡으로ⓒ 두물뉴스 무단전재-재배포 금지", "물이 맑다."),
        ("[앵커]\n물이 맑다.\n◀ 리포트 ▶\n산이 높다.", "물이 맑다.\n산이 높다."),
        ("강가에 새가 앉아 있다./사진=두물뉴스\n물이 맑다.", "강가에 새가 앉아 있다.\n물이 맑다."),
        ("물이 맑다.\n2031.04.19 /han@a.example", "물이 맑다.\n2031.04.19"),
        // An address inside of a sentence is a part of the story.
        ("문의는 시청(info@a.example) 또는 전화로 한다.", "문의는 시청(info@a.example) 또는 전화로 한다."),
        (
            "접수는 이메일 info@a.example, 우편으로 받는다고 시는 밝혔다.",
            "접수는 이메일 info@a.example, 우편으로 받는다고 시는 밝혔다.",
        ),
        (
            "누구나 보낼 수 있다. 이메일 주소는 vote@a.example",
            "누구나 보낼 수 있다. 이메일 주소는 vote@a.example",
        ),
        ("작품을 받는다. 접수처 박물관 art@a.example", "작품을 받는다. 접수처 박물관 art@a.example"),
        // References without their `&`.
        (
            "여야가 quot;합의quot;했다. Ramp;D는 lt;물길gt;에 실렸다.",
            "여야가 \"합의\"했다. R&D는 <물길>에 실렸다.",
        ),
        // What only looks like it.
        ("[단독] 물이 맑다.", "[단독] 물이 맑다."),
        ("물[水]이 맑고 산(山)이 높다.", "물[水]이 맑고 산(山)이 높다."),
        ("나한별 기자가 물가에 섰다.", "나한별 기자가 물가에 섰다."),
        ("그는 “무단 전재는 안 된다”고 했다.", "그는 “무단 전재는 안 된다”고 했다."),
        ("▶과장 나한별 ▶팀장 도가온", "▶과장 나한별 ▶팀장 도가온"),
        ("A=B이면 B=A다.", "A=B이면 B=A다."),
    ] {
        assert_eq!(body(raw), clean, "{raw}");
    }
}

#[test]
fn the_names_before_a_footer_are_kept() {
    for raw in [
        "물이 맑다. 나한별 기자 han@a.example 무단전재 및 재배포 금지",
        "물이 맑다.\n나한별 기자 han@a.example ⓒ 두물뉴스 무단전재 및 재배포 금지",
        "물이 맑다. 나한별 기자 ▶구독하기 네이버 채널",
    ] {
        let line = serde_json::json!({"title": "물", "body": raw}).to_string();
        let article = cleaner().article_from_json(line.as_bytes()).unwrap();
        assert_eq!(
            (article.body.as_str(), article.reporters.as_slice()),
            ("물이 맑다.", &["나한별".to_owned()][..]),
            "{raw}"
        );
    }
}

/// Sentences of an invented story.
fn sentence() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "가람시는",
        "나한별 기자",
        "사진",
        "물길",
        "“제보”",
        "무단 전재",
        "[속보]",
        "(서울=두물뉴스)",
        "구독",
        "3.5%",
        "<물의 노래>",
        "▶",
        "A=B",
        "&",
        "저작권자",
        "R&D",
        "도로·하천",
        "1·2호기",
    ]);
    (
        prop::collection::vec(word, 1..9),
        prop::sample::select(vec!["말했다.", "열린다.", "밝혔다.", "아니다."]),
    )
        .prop_map(|(words, end)| format!("시장은 {} {end}", words.join(" ")))
}

proptest! {
    #[test]
    fn cleaning_is_total_over_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let cleaner = cleaner();
        let _ = cleaner.article_from_json(&bytes);
        let _ = cleaner.article_from_scraped_page(&bytes, "any.txt");
    }

    #[test]
    fn cleaning_is_total_over_any_text(text in "(\\PC|[<>&;\\[\\]()@=/▶◀ⓒ\n]|사진|기자|나한별|2031-04-15|18:04|무단 전재|다\\.|<p>|</p>|<!--|&amp;){0,60}") {
        let cleaner = cleaner();
        for article in [
            cleaner.article_from_scraped_page(text.as_bytes(), "any.txt"),
            cleaner.article_from_json(serde_json::json!({"title": "가", "body": text}).to_string().as_bytes()),
        ].into_iter().flatten() {
            prop_assert!(article.body.chars().all(|c| c == '\n' || !c.is_control()));
            prop_assert!(!article.title.contains('\n'));
            prop_assert_eq!(normalise(&article.body), article.body.as_str());
        }
    }

    #[test]
    fn every_sentence_of_a_story_survives(sentences in prop::collection::vec(sentence(), 1..6), footer in any::<bool>()) {
        let mut text = sentences.join("\n");
        if footer {
            text.push_str("\n나한별 기자 han@a.example\nⓒ 두물뉴스 무단전재 및 재배포 금지");
        }
        let cleaned = body(&text);
        for sentence in &sentences {
            let kept: String = sentence.replace("(서울=두물뉴스)", "").split_whitespace().collect();
            let body: String = cleaned.replace("(서울=두물뉴스)", "").split_whitespace().collect();
            prop_assert!(body.contains(&kept), "{} not in {}", sentence, cleaned);
        }
    }
}
