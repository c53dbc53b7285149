//! Near-identical articles fold into one hit: exact totals and facets at any depth, groups that depend on the articles
//! alone, and templates with other facts that stay apart.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::newsroom::{self, Newsroom, TestServer, lines};
use gisa::index::Progress;
use serde_json::{Value, json};

const OUTLETS: [&str; 4] = ["새벽신문", "한낮경제", "저녁방송", "물결통신"];
const REPORTERS: [&str; 3] = ["정가온", "백나린", "남다솜"];
const STORIES: usize = 14;

/// The story of a wire: every number gives another one, on the same subject.
fn story(number: usize) -> (String, String) {
    let pick = |words: [&'static str; 7], by: usize| words[(number * by + number / 7 * 3) % 7];
    let town = pick(["가람시", "너울군", "단비구", "라온시", "마루읍", "바다군", "소담시"], 1);
    let work = pick(
        [
            "강변 산책로",
            "공공 도서관",
            "어린이 병원",
            "수소 충전소",
            "하천 제방",
            "노인 복지관",
            "버스 차고지",
        ],
        3,
    );
    let who = pick(
        [
            "한서리 시장",
            "문가람 과장",
            "도윤슬 의원",
            "서나래 소장",
            "강다온 교수",
            "윤해솔 대표",
            "임보라 위원장",
        ],
        2,
    );
    let worry = pick(
        [
            "소음과 먼지",
            "불어난 공사비",
            "늦어진 보상",
            "부족한 인력",
            "어긋난 설계",
            "겹친 예산",
            "끊긴 통행로",
        ],
        5,
    );
    let wish = pick(
        [
            "밤에도 밝은 길",
            "걸어서 가는 병원",
            "넉넉한 주차장",
            "아이 돌봄 공간",
            "깨끗한 물길",
            "조용한 열람실",
            "촘촘한 버스편",
        ],
        4,
    );
    let title = format!("{town} {work} 공사 시작…주민 기대와 걱정");
    let body = format!(
        "{town}가 오래 미뤄 온 {work} 공사를 시작했다고 알렸다. 예산은 {}억원이며 내년 {}월까지 {}단계로 나뉘어 이어진다. \
         {who}은 기공식에서 {wish} 하나만큼은 꼭 지키겠다고 말했다. 그러나 가까이 사는 이들은 {worry} 문제를 먼저 풀어야 한다며 \
         설명회를 다시 열어 달라고 요구했다. 자전거 동호회도 {}번째 서명을 모아 의회에 냈다.",
        30 + number * 7,
        1 + number % 12,
        2 + number % 5,
        100 + number * 13,
    );
    (title, body)
}

/// How outlets change what they take over.
fn edited(body: &str, how: usize) -> String {
    match how {
        0 => body.to_owned(),
        1 => format!("[온라인뉴스팀] {}", body.replace("말했다", "밝혔다").replace("알렸다", "전했다")),
        2 => {
            format!("{body} 공사를 맡은 회사는 안전 요원을 두 배로 늘리고 날마다 현장을 살피겠다고 덧붙였다.")
        }
        _ => body.replace(". ", ".\n").replace("요구했다", "촉구했다"),
    }
}

/// Stories with one to four articles each; of every third the first has no date.
fn articles() -> Vec<Value> {
    let mut articles = Vec::new();
    for number in 0..STORIES {
        let (title, body) = story(number);
        for copy in 0..=(number % 4) {
            let mut article = json!({
                "id": format!("s{number:02}-{copy}"),
                "title": if copy == 0 { title.clone() } else { format!("{title}({})", OUTLETS[copy]) },
                "body": edited(&body, copy),
                "outlet": OUTLETS[(number + copy) % OUTLETS.len()],
                "reporters": [REPORTERS[(number + copy) % 3]],
                "section": if copy % 2 == 0 { "사회" } else { "지역" },
                // Copies appear hours to weeks later.
                "published_at": format!("2024-{:02}-{:02}T{:02}:00:00+09:00", 1 + number % 9 + copy / 3, 3 + number, 6 + 4 * copy),
            });
            if number % 3 == 1 && copy == 0 {
                article["published_at"] = Value::Null;
            }
            articles.push(article);
        }
    }
    articles
}

/// The story that an article tells, by its id.
fn told(id: &str) -> &str {
    id.split('-').next().unwrap()
}

fn ids(answer: &Value) -> Vec<String> {
    answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

/// What folding must give for `articles` that match: of each story the article that `first` says, and how many others.
fn expected(articles: &[&Value], newest: bool) -> BTreeMap<String, u64> {
    let mut stories: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for article in articles {
        stories.entry(told(article["id"].as_str().unwrap())).or_default().push(article);
    }
    stories
        .into_values()
        .map(|mut of| {
            let time = |article: &Value| {
                article["published_at"].as_str().unwrap_or(if newest { "" } else { "9" }).to_owned()
            };
            of.sort_by_key(|article| (time(article), article["id"].as_str().unwrap().to_owned()));
            let shown = if newest { of.last() } else { of.first() };
            (shown.unwrap()["id"].as_str().unwrap().to_owned(), of.len() as u64 - 1)
        })
        .collect()
}

fn folded(answer: &Value) -> BTreeMap<String, u64> {
    let hits = answer["hits"].as_array().unwrap();
    hits.iter()
        .map(|hit| (hit["id"].as_str().unwrap().to_owned(), hit["similar_count"].as_u64().unwrap()))
        .collect()
}

#[test]
fn reprints_fold_with_exact_counts_at_any_depth() {
    let articles = articles();
    let server = TestServer::start(&articles);
    let all: Vec<&Value> = articles.iter().collect();
    let plain = server.search(&[("q", ""), ("size", "100")]);
    assert_eq!(plain["total"], articles.len());
    assert!(plain["hits"].as_array().unwrap().iter().all(|hit| hit["similar_count"] == 0));

    for (query, sort) in
        [("", "newest"), ("", "oldest"), ("공사 예산", "relevance"), ("자전거 서명", "newest")]
    {
        let parameters = [("q", query), ("sort", sort), ("group", "similar")];
        let whole = server.search(&[&parameters[..], &[("size", "100")]].concat());
        assert_eq!(whole["total"], STORIES, "{query:?}");
        assert_eq!(folded(&whole), expected(&all, false), "{query:?} {sort}");

        // Pages and cursors bring the same hits in the same order, each once, under the same total.
        let (mut paged, mut walked) = (Vec::new(), Vec::new());
        for page in 1..=STORIES.div_ceil(3) {
            let answer =
                server.search(&[&parameters[..], &[("size", "3"), ("page", &page.to_string())]].concat());
            assert_eq!(answer["total"], STORIES);
            paged.extend(ids(&answer));
        }
        assert_eq!(paged, ids(&whole), "{query:?} {sort}");
        let mut cursor: Option<String> = None;
        loop {
            let mut asked = [&parameters[..], &[("size", "4")]].concat();
            if let Some(cursor) = &cursor {
                asked.push(("cursor", cursor));
            }
            let answer = server.search(&asked);
            assert_eq!(answer["total"], STORIES);
            walked.extend(ids(&answer));
            let Some(next) = answer["next_cursor"].as_str() else { break };
            cursor = Some(next.to_owned());
        }
        assert_eq!(walked, ids(&whole), "{query:?} {sort}");
    }

    let newest = server.search(&[("group", "similar"), ("group_show", "newest"), ("size", "100")]);
    assert_eq!(folded(&newest), expected(&all, true));
}

#[test]
fn filters_come_first_and_facets_say_what_choosing_a_value_gives() {
    let articles = articles();
    let server = TestServer::start(&articles);
    for outlet in OUTLETS {
        let matching: Vec<&Value> = articles.iter().filter(|article| article["outlet"] == outlet).collect();
        let answer = server.search(&[("outlet", outlet), ("group", "similar"), ("size", "100")]);
        assert_eq!(folded(&answer), expected(&matching, false), "{outlet}");
        assert_eq!(answer["total"], expected(&matching, false).len());
    }
    for base in [
        vec![("q", "공사")],
        vec![("q", ""), ("section", "지역")],
        vec![("q", "예산"), ("outlet", "물결통신")],
    ] {
        let grouped = [&base[..], &[("group", "similar")]].concat();
        let answer =
            server.search(&[&grouped[..], &[("facets", "outlet,reporter,section"), ("size", "0")]].concat());
        for field in ["outlet", "reporter", "section"] {
            let values = answer["facets"][field].as_array().unwrap();
            assert!(!values.is_empty(), "{field}");
            for value in values {
                let others = grouped.iter().copied().filter(|(name, _)| *name != field);
                let chosen: Vec<_> =
                    others.chain([(field, value["value"].as_str().unwrap()), ("size", "0")]).collect();
                assert_eq!(server.search(&chosen)["total"], value["count"], "{chosen:?}");
            }
            let alone = server.json(&newsroom::with_query(&format!("/api/facets/{field}"), &grouped));
            assert_eq!(&alone["values"], &answer["facets"][field]);
        }
    }
    let years = server.search(&[("facets", "year,month"), ("group", "similar"), ("size", "0")]);
    let dated: BTreeSet<&str> = articles
        .iter()
        .filter(|article| article["published_at"].is_string())
        .map(|article| told(article["id"].as_str().unwrap()))
        .collect();
    assert_eq!(years["facets"]["year"], json!([{"value": "2024", "count": dated.len()}]));
    for month in years["facets"]["month"].as_array().unwrap() {
        let month_name = month["value"].as_str().unwrap();
        let (from, to) = (format!("{month_name}-01"), format!("{month_name}-28"));
        let chosen = server.search(&[("from", &from), ("to", &to), ("group", "similar"), ("size", "0")]);
        assert_eq!(chosen["total"], month["count"], "{month_name}");
    }
    // The facet's own total: what matches without the field's filter.
    let facet = server.json("/api/facets/outlet?group=similar");
    assert_eq!(facet["total"], STORIES);
}

#[test]
fn the_best_match_can_stand_for_its_group() {
    let (title, body) = story(3);
    let articles = [
        json!({"id": "first", "title": title, "body": body, "published_at": "2024-03-01T09:00:00+09:00"}),
        json!({"id": "second", "title": format!("{title}, 물수제비 대회도"), "published_at": "2024-03-02T09:00:00+09:00",
            "body": format!("{body} 기공식에서는 물수제비 대회도 열려 물수제비 명인이 상을 받았다.")}),
        json!({"id": "other", "title": "물수제비 대회 열려", "body": "강가에서 물수제비 대회가 열렸다. 어른과 아이 오십 명이 모였다."}),
    ];
    let server = TestServer::start(&articles);
    let shown = |show: &str| {
        ids(&server.search(&[
            ("q", "공사 물수제비"),
            ("match", "any"),
            ("group", "similar"),
            ("group_show", show),
        ]))
    };
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(shown("first")), ["first", "other"]);
    assert_eq!(sorted(shown("best")), ["other", "second"]);
    // Only one of the group matches: it stands for itself, and nothing is behind it.
    let answer = server.search(&[("q", "물수제비 명인"), ("match", "all"), ("group", "similar")]);
    assert_eq!(folded(&answer), BTreeMap::from([("second".to_owned(), 0)]));
}

#[test]
fn the_articles_behind_a_hit_can_be_listed() {
    let articles = articles();
    let server = TestServer::start(&articles);
    for article in &articles {
        let id = article["id"].as_str().unwrap();
        let mut group: Vec<&str> = articles
            .iter()
            .map(|other| other["id"].as_str().unwrap())
            .filter(|other| told(other) == told(id))
            .collect();
        group.sort_unstable();
        let answer = server.search(&[("similar_to", id), ("size", "100")]);
        let mut listed = ids(&answer);
        listed.sort();
        assert_eq!(listed, group, "{id}");
    }
    let within = server.search(&[("similar_to", "s03-0"), ("outlet", "한낮경제"), ("facets", "outlet")]);
    assert_eq!(ids(&within), ["s03-2"]);
    assert_eq!(within["facets"]["outlet"].as_array().unwrap().len(), 4);
    assert_eq!(server.json("/api/facets/outlet?similar_to=s03-0")["total"], 4);
    let problem = server.get("/api/search?similar_to=nobody").problem(404, "article_not_found");
    assert_eq!(problem["parameter"], "similar_to");
}

#[test]
fn groups_depend_on_the_articles_alone() {
    let articles = articles();
    let server = TestServer::start(&articles);
    let everything = |server: &TestServer| folded(&server.search(&[("group", "similar"), ("size", "100")]));
    let before = everything(&server);
    assert_eq!(before, expected(&articles.iter().collect::<Vec<_>>(), false));

    // The same again, and then from other files, in another order, with other threads and segments.
    server.service.reindex(&Progress::default()).unwrap();
    assert_eq!(everything(&server), before);
    drop(server);
    let newsroom = Newsroom::new(&[]);
    fs::remove_file(newsroom.articles_dir().join("first.jsonl")).unwrap();
    for (number, part) in articles.chunks(5).rev().enumerate() {
        let part: Vec<Value> = part.iter().rev().cloned().collect();
        newsroom.write(&format!("{number:02}.jsonl"), &lines(&part));
    }
    let server = TestServer::start_with(newsroom, |file| file.index.threads = 3);
    assert_eq!(everything(&server), before);
}

#[test]
fn templates_with_other_facts_stay_apart() {
    let weather = |day: u32, low: i32, high: i32, rain: u32| {
        json!({"id": format!("w{day}"), "title": format!("[날씨] {day}일 전국 구름 많고 곳곳 비"), "published_at": format!("2024-05-{day:02}T05:00:00+09:00"),
            "body": format!("{day}일은 전국에 구름이 많고 남부 지방에는 비가 내리겠다. 아침 최저 기온은 {low}도, 낮 최고 기온은 {high}도로 예보됐다. \
                             예상 강수량은 {rain}㎜다. 미세먼지 농도는 전 권역에서 보통 수준을 보이겠고 바다의 물결은 먼바다에서 높게 일겠다.")})
    };
    let caption = |id: &str, who: &str| {
        json!({"id": id, "title": format!("[포토] {who} 역투"), "body": format!(
            "가람 히어로즈 투수 {who}이 11일 오후 너울구장에서 열린 프로야구 단비 베어스와의 경기에서 선발로 나와 공을 던지고 있다. 2024.05.11 사진부")})
    };
    let chart = |day: u32, index: &str, change: &str, volume: &str| {
        json!({"id": format!("c{day}"), "title": format!("코스피 {index} 마감"), "body": format!(
            "{day}일 코스피는 전 거래일보다 {change}포인트 오른 {index}에 거래를 마쳤다. 외국인이 {volume}억원어치를 사들이며 상승을 이끌었고 \
             개인은 차익을 실현했다. 시가총액 상위 종목은 대체로 올랐으며 코스닥도 강세를 보였다.")})
    };
    let articles = [
        weather(3, 11, 19, 20),
        weather(4, 13, 22, 5),
        weather(5, 9, 17, 40),
        caption("p1", "서한결"),
        caption("p2", "문누리"),
        caption("p3", "강이든"),
        chart(7, "2711.25", "14.02", "3120"),
        chart(8, "2745.81", "34.56", "5877"),
    ];
    let server = TestServer::start(&articles);
    let answer = server.search(&[("group", "similar"), ("size", "100")]);
    assert_eq!(answer["total"], articles.len());
    assert!(folded(&answer).values().all(|behind| *behind == 0));
}

#[test]
fn damaged_groups_are_noticed() {
    let server = TestServer::start(&articles());
    let serving = server.service.serving().unwrap();
    serving.generation().unwrap().verify().unwrap();
    let path = serving.generation().unwrap().path().join("similar.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("s03-1", "s02-1")).unwrap();
    let error = serving.generation().unwrap().verify().unwrap_err().to_string();
    assert!(error.contains("similar.jsonl") && error.contains("checksum"), "{error}");
    fs::remove_file(&path).unwrap();
    assert!(serving.generation().unwrap().verify().is_err());
}
