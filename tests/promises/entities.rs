//! What an article names: its persons, places and organisations, each once and written one way.
//!
//! `tests/golden/entities.txt` holds invented articles and what is found in them; its head says how to read it and to accept a change.

use std::fmt::Write as _;
use std::path::Path;

use gisa::article::Article;
use gisa::entities::{
    Entities, EntityKind, MOST_NAMES, MOST_WORDS, Part, Recogniser, entities_of, stored_names,
};
use gisa::korean::analysis::{Analysis, analysed_text};
use gisa::korean::{Language, dictionary};
use proptest::prelude::*;
use serde_json::json;

use crate::searchable::language;

fn article(title: &str, body: &str) -> Article {
    serde_json::from_value(json!({"id": "a", "title": title, "body": body})).unwrap()
}

fn found(title: &str, body: &str) -> Entities {
    entities_of(&article(title, body), language())
}

fn names(found: &Entities, kind: EntityKind) -> Vec<&str> {
    found.of_kind(kind).map(|entity| entity.name.as_str()).collect()
}

/// The text of each mention of the entity `name`.
fn mentions<'a>(article: &'a Article, found: &Entities, name: &str) -> Vec<&'a str> {
    let own = found.mentions.iter().filter(|mention| found.entities[mention.entity].name == name);
    own.map(|mention| match mention.part {
        Part::Title => &article.title[mention.range.clone()],
        Part::Body => &article.body[mention.range.clone()],
    })
    .collect()
}

#[test]
fn articles_name_whom_they_name() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/entities.txt");
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, cases) = text.split_once("\n\n").unwrap();
    let mut now = format!("{head}\n");
    for case in cases.split("\n\n").filter(|case| !case.trim().is_empty()) {
        let mut lines = case.lines();
        let (title, body) = (lines.next().unwrap(), lines.next().unwrap());
        let title = title.strip_prefix("= ").unwrap_or_else(|| panic!("`= ` before the title: {title}"));
        let found = found(title, &body.replace("\\n", "\n"));
        write!(now, "\n= {title}\n{body}\n").unwrap();
        for kind in [EntityKind::Person, EntityKind::Place, EntityKind::Organisation] {
            writeln!(now, "{}: {}", kind.as_str(), names(&found, kind).join(", ")).unwrap();
        }
    }
    if std::env::var_os("GISA_BLESS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    assert!(now == text, "tests/golden/entities.txt holds something else; now it is\n{now}");
}

#[test]
fn a_short_form_is_whom_the_article_named_in_full() {
    let body = "김하늘 국토교통부 장관은 7일 한내시를 찾았다. 김 장관은 이바다 한내시장을 만났다. 이 시장은 반겼다. 김 전 장관 시절의 일은 묻지 않았다. \
                김씨는 말이 없었다.";
    let article = article("金장관 한내시 찾아", body);
    let found = entities_of(&article, language());
    assert_eq!(
        mentions(&article, &found, "김하늘"),
        ["金장관", "김하늘", "김 장관", "김 전 장관", "김씨"],
        "{found:?}"
    );
    assert_eq!(mentions(&article, &found, "이바다"), ["이바다", "이 시장"], "{found:?}");
    let nobody = found_nobody("박 장관은 7일 회의를 열었다. 그는 이날 말을 아꼈다.");
    assert!(nobody.is_empty(), "without a full name nobody is named: {nobody:?}");
}

#[test]
fn a_foreign_name_is_whole_and_its_last_word_is_the_same_person() {
    let article = article(
        "",
        "마르코 베르디 감독은 7일 도널드 트럼프 대통령을 만났다. 베르디는 웃었다. 트럼프도 웃었다.",
    );
    let found = entities_of(&article, language());
    assert_eq!(mentions(&article, &found, "마르코 베르디"), ["마르코 베르디", "베르디"], "{found:?}");
    assert_eq!(mentions(&article, &found, "도널드 트럼프"), ["도널드 트럼프", "트럼프"], "{found:?}");
    let article = self::article("", "도널드 트럼프 대통령이 왔다. 전날 트럼프 대통령은 웃었다.");
    let found = entities_of(&article, language());
    assert_eq!(mentions(&article, &found, "도널드 트럼프"), ["도널드 트럼프", "트럼프"], "{found:?}");
}

fn found_nobody(body: &str) -> Vec<String> {
    names(&found("", body), EntityKind::Person).into_iter().map(str::to_owned).collect()
}

#[test]
fn words_that_look_like_names_are_none() {
    for body in [
        "이번 정부안은 성장률 전망을 이상 없이 반영했다. 정부는 한국 경제가 나아진다고 했다.",
        "A씨는 김모씨와 함께 고소를 당했다. 이모 씨도 조사를 받았다.",
        "이용한 사람이 늘었고 조성을 마친 공원은 유명해졌다. 전국서 찾는 곳이다. 최우수상은 없었다.",
        "주의 의무와 방문 일정, 이동하는 경로와 이상의 내용을 정리했다.",
    ] {
        assert!(found_nobody(body).is_empty(), "{body}: {:?}", found_nobody(body));
    }
}

#[test]
fn an_office_has_what_it_belongs_to_in_its_name() {
    let body = "캐나다 외교부는 8일 성명을 냈다. 한국 외교부 당국자도 같은 말을 했다. \
                한내경찰서 마약범죄수사대가 나섰고, 가람병원 노동조합은 파업을 접었다.";
    let found = found("성명", body);
    let organisations = names(&found, EntityKind::Organisation);
    for name in ["캐나다 외교부", "한내경찰서 마약범죄수사대", "가람병원 노동조합"]
    {
        assert!(organisations.contains(&name), "{name}: {organisations:?}");
    }
    assert!(!organisations.contains(&"한국 외교부"), "{organisations:?}");
}

#[test]
fn what_stands_around_an_organisation_tells_it() {
    for (body, expected) in [
        // What it is, its legal form, its initials, a known one in brackets.
        ("시민단체 ‘한내를 여는 사람들’은 8일 집회를 열었다.", &["한내를 여는 사람들"][..]),
        ("얼굴 인식 기업 클리어온AI는 사진을 모았다.", &["클리어온AI"]),
        ("(사)푸른한내실천연대도 나섰다.", &["푸른한내실천연대"]),
        ("노을연방노동통계국(NBLS)은 8일 통계를 냈다. NBLS는 매달 낸다.", &["노을연방노동통계국"]),
        // Lists, and names of two words.
        ("공정위는 가온제분·대한제분·노을제분 등을 조사했다.", &["가온제분", "노을제분"]),
        ("이란 국영 IRNB 통신이 보도했다.", &["IRNB 통신"]),
        ("아사히 신문은 8일 보도했다.", &["아사히신문"]),
        // What an office belongs to stays a name of its own, where it is one.
        ("수원지법 형사13부가 맡았다.", &["수원지법", "수원지법 형사13부"]),
        ("한국은행 강원지역본부는 쌀을 냈다.", &["한국은행", "한국은행 강원지역본부"]),
        ("이날 국회 행정안전위원회는 회의를 열었다.", &["국회 행정안전위원회"]),
        ("전남 고흥군 인구정책실은 8일 알렸다.", &["고흥군 인구정책실"]),
        ("여수시 기후변화대응 민관산학협의체는 왔다.", &["여수시 기후변화대응 민관산학협의체"]),
        // Any particle may follow Latin letters.
        ("현재 IBM과 구글은 다르다.", &["IBM", "구글"]),
    ] {
        let found = found("소식", body);
        let organisations = names(&found, EntityKind::Organisation);
        for name in expected {
            assert!(organisations.contains(name), "{body}: {organisations:?}");
        }
    }
}

#[test]
fn the_first_word_of_a_headline_may_be_an_organisation() {
    let body = "식품 회사 이야기다. 에스피한내는 7일 새 공장을 세운다고 했다.";
    assert!(
        names(&found("에스피한내, 새 공장 세운다", body), EntityKind::Organisation).contains(&"에스피한내")
    );
    let nothing = found("에스피한내, 새 공장 세운다", "다른 이야기다.");
    assert!(names(&nothing, EntityKind::Organisation).is_empty(), "{nothing:?}");
}

#[test]
fn a_short_name_is_the_one_long_name_of_its_article() {
    let name = |title: &str, body: &str| -> Vec<String> {
        names(&found(title, body), EntityKind::Organisation).into_iter().map(str::to_owned).collect()
    };
    assert_eq!(name("삼성, 새 전화기", "삼성전자는 8일 전화기를 냈다."), ["삼성전자"]);
    assert_eq!(name("한화운용, 새 펀드", "한화자산운용은 8일 펀드를 냈다."), ["한화자산운용"]);
    let two = name("삼성, 새 전화기", "삼성전자는 삼성생명과 함께 8일 전화기를 냈다.");
    assert!(two.contains(&"삼성".to_owned()), "which of them it is nobody says: {two:?}");
    assert_eq!(name("롯데 이겼다", "롯데 자이언츠전에서 이겼다."), ["롯데 자이언츠"]);
}

#[test]
fn names_on_stage_that_are_words_are_persons_beside_their_band() {
    let persons = |body: &str| -> Vec<String> {
        names(&found("소식", body), EntityKind::Person).into_iter().map(str::to_owned).collect()
    };
    assert_eq!(persons("블랙핑크 지수는 웃었다. 이날 지수가 말했다."), ["지수"]);
    assert_eq!(persons("아이브(IVE: 안유진·가을·레이)가 왔다."), ["안유진", "가을", "레이"]);
    for body in ["코스피 지수가 올랐다.", "가을, 김하늘 의원과 함께", "지난 가을 대성했다."]
    {
        let found = persons(body);
        assert!(
            !found.iter().any(|name| ["지수", "가을", "대성"].contains(&name.as_str())),
            "{body}: {found:?}"
        );
    }
}

#[test]
fn a_person_asked_for_in_hanja_is_the_one_of_the_column() {
    let names = stored_names(EntityKind::Person, "李在明", language().variants());
    assert!(names.contains(&"이재명".to_owned()), "{names:?}");
    assert_eq!(stored_names(EntityKind::Person, "이재명", language().variants()), ["이재명"]);
}

#[test]
fn places_that_are_words_are_told_by_their_neighbours() {
    for body in [
        "반격에 나선 강원은 골을 넣었다.",
        "규제 강화로 서울 집값이 떨어졌다.",
        "아파트 값은 전주 대비 0.04% 올랐다.",
        "선박 인도 물량이 늘었다.",
        "“값이 오른다”이란 말은 없다.",
        "아이를 돌봐 해주는 곳이다.",
        "인도주의 단체가 왔다.",
    ] {
        let found = found("소식", body);
        let places = names(&found, EntityKind::Place);
        for word in ["나선", "강화", "전주", "인도", "이란", "해주", "인도주"] {
            assert!(!places.contains(&word), "{body}: {places:?}");
        }
    }
    for (body, expected) in [
        ("경기 과천시와 북한어민, 중남미·아시아서도 왔다.", &["경기", "과천시", "북한", "아시아"][..]),
        ("미국의 애플 파크와 서울~양평 고속도로", &["애플 파크", "서울~양평 고속도로"]),
        ("전주 한옥마을과 이란 테헤란, 인도 뉴델리", &["전주", "이란", "인도"]),
        ("곰은 용인시 이동면에 있었다.", &["용인시", "이동면"]),
    ] {
        let found = found("소식", body);
        let places = names(&found, EntityKind::Place);
        for name in expected {
            assert!(places.contains(name), "{body}: {places:?}");
        }
    }
}

#[test]
fn foreign_names_have_hyphens_and_words_inside_and_no_titles() {
    for (body, expected) in [
        ("엔비디아 CEO 젠슨 황은 8일 왔다.", "젠슨 황"),
        ("린다 토머스-그린필드 대사는 8일 말했다.", "린다 토머스-그린필드"),
        ("로버트 F. 케네디 주니어 장관은 8일 말했다.", "로버트 F. 케네디 주니어"),
        ("도어대시 공동 창업자 앤디 팽은 8일 말했다.", "앤디 팽"),
        ("샌안토니오의 그렉 포포비치감독이 8일 왔다.", "그렉 포포비치"),
        ("루이스 이나시우 룰라 다 시우바 대통령은 8일 말했다.", "루이스 이나시우 룰라 다 시우바"),
    ] {
        let found = found("소식", body);
        assert_eq!(names(&found, EntityKind::Person), [expected], "{body}");
    }
}

#[test]
fn districts_that_share_an_ending_are_each_found_once_in_a_list_of_any_length() {
    let body = format!("경북 영덕군 {}한내·구름·노을면 주민이 왔다.", "가람면·".repeat(5_000));
    let article = article("", &body);
    let found = entities_of(&article, language());
    assert_eq!(mentions(&article, &found, "가람면").len(), 5_000);
    for name in ["한내", "구름", "노을면"] {
        assert_eq!(mentions(&article, &found, name), [name]);
    }
}

#[test]
fn a_list_of_sixty_is_found_whole() {
    let given = ["하늘", "민준", "서연", "지훈", "수빈", "도윤", "예진", "현우", "은주", "재호"];
    let families = ["김", "이", "박", "최", "정", "강"];
    let all: Vec<String> = families
        .iter()
        .flat_map(|family| given.iter().map(move |given| format!("{family}{given}")))
        .collect();
    let body = all.iter().map(|name| format!("△한내과장 {name}")).collect::<Vec<_>>().join(" ");
    let found = found("[인사] 온새미부", &body);
    let mut persons = names(&found, EntityKind::Person);
    persons.sort_unstable();
    let mut asked: Vec<&str> = all.iter().map(String::as_str).collect();
    asked.sort_unstable();
    assert_eq!(persons, asked);
}

#[test]
fn the_newsroom_teaches_names() {
    let lexicon = tempfile::tempdir().unwrap();
    std::fs::write(lexicon.path().join("words.txt"), "돌담길옆 organisation\n너른뜰 place\n").unwrap();
    std::fs::write(lexicon.path().join("outlets.txt"), "물빛마당\n").unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shared-dictionary");
    std::fs::create_dir_all(&folder).unwrap();
    let (taught, _) = Language::load(dictionary::open(&folder).unwrap(), Some(lexicon.path())).unwrap();
    let article = article("", "돌담길옆은 너른뜰에서 잔치를 열었다. 물빛마당이 전했다.");
    let found = entities_of(&article, &taught);
    assert_eq!(names(&found, EntityKind::Organisation), ["돌담길옆", "물빛마당"]);
    assert_eq!(names(&found, EntityKind::Place), ["너른뜰"]);
    let found = entities_of(&article, language());
    assert!(found.mentions.is_empty(), "without the lines nobody knows them: {found:?}");
}

#[test]
fn a_hanja_that_stands_alone_is_whom_the_article_names() {
    let article = article("尹 \"예산 늘려라\"", "윤석열 대통령은 7일 회의를 열었다.");
    let found = entities_of(&article, language());
    assert_eq!(mentions(&article, &found, "윤석열"), ["尹", "윤석열"]);
    assert!(found_nobody("尹 예산을 말했다.").is_empty());
}

#[test]
fn what_was_cut_already_gives_the_same() {
    let article = article(
        "김하늘 한내시장 취임",
        "김하늘 한내시장이 7일 취임했다. 한내대교 개통식에는 도널드 스미스 미국 대사가 왔다.",
    );
    let mut recogniser = Recogniser::new(language());
    let text = analysed_text(&article);
    let mut analysis = Analysis::default();
    language().korean().analyzer().analyze(&text, &mut analysis);
    let shared = recogniser.entities_in(&text, article.title.len(), &analysis.words, &analysis.morphemes);
    assert_eq!(shared, recogniser.entities(&article));
    assert_eq!(shared, entities_of(&article, language()));
}

proptest! {
    #![proptest_config(crate::cases::cases(200))]

    #[test]
    fn any_text_has_entities_in_its_bounds(
        title in "[김이박하늘바다장관씨은는 (한내시군구)0-9A-z\u{1F600}金·,.]{0,30}",
        body in "\\PC{0,80}([김이박최][하민서지][늘준연훈](은|는|이|가| 장관| 대표|·|, |\\(45\\) ))*[ -~]{0,20}(한내시 미국 서울 LG전자 트럼프 )?",
    ) {
        let article = article(&title, &body);
        let found = entities_of(&article, language());
        prop_assert_eq!(&found, &Recogniser::new(language()).entities(&article), "the same every time");
        for kind in EntityKind::ALL {
            let most = if kind == EntityKind::Word { MOST_WORDS } else { MOST_NAMES };
            prop_assert!(found.of_kind(kind).count() <= most);
        }
        let mut before = (Part::Title, 0);
        for mention in &found.mentions {
            let text = if mention.part == Part::Title { &article.title } else { &article.body };
            prop_assert!(text.get(mention.range.clone()).is_some_and(|text| !text.is_empty()), "{mention:?}");
            prop_assert!(before <= (mention.part, mention.range.start), "in order, without overlap");
            before = (mention.part, mention.range.end);
            prop_assert!(found.entities[mention.entity].kind != EntityKind::Word);
        }
        let mentioned: u32 = found.entities.iter().filter(|e| e.kind != EntityKind::Word).map(|e| e.count).sum();
        prop_assert_eq!(mentioned as usize, found.mentions.len());
    }
}
