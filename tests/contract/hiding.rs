//! What a key's fixed filter hides, no answer tells: of two archives that differ only in hidden articles, whoever has the key gets
//! the same from both. Every route that reads is asked, and one that is missing here is a failure.

use gisa::access::{KeyFile, NewKey, Scope};
use gisa::article::Timestamp;
use gisa::http::document;
use serde_json::{Value, json};

use crate::contract::articles::{self, Item};
use crate::contract::finding::percent_encoded;
use crate::contract::{cluster, servers, wire};
use crate::newsroom::{Answer, Newsroom, TestServer, with_query};

/// Outlets that the key shows.
const SHOWN: [&str; 4] = ["24시새벽", "나들목뉴스", "새벽신문", "저녁방송"];

/// Two archives, and a key of each.
struct Pair {
    /// Holds hidden articles too.
    whole: (TestServer, String),
    /// Holds nothing else than what the key shows.
    part: (TestServer, String),
    /// Ids of visible articles.
    shown: Vec<String>,
    /// Ids of hidden articles.
    hidden: Vec<String>,
}

fn is_shown(article: &Value) -> bool {
    article["outlet"].as_str().is_some_and(|outlet| SHOWN.contains(&outlet))
}

const WHO: [&str; 11] = [
    "목수 한 사람이",
    "늙은 사공이",
    "마을 이장이",
    "빵집 주인이",
    "우편 배달부가",
    "새내기 교사가",
    "동네 의사가",
    "은퇴한 선장이",
    "젊은 농부가",
    "도서관 사서가",
    "시장 상인이",
];
const WHAT: [&str; 13] = [
    "무너진 돌담을",
    "오래된 종탑을",
    "빈 창고를",
    "낡은 나룻배를",
    "좁은 골목을",
    "마른 우물을",
    "끊긴 다리를",
    "헌 교실을",
    "버려진 온실을",
    "기울어진 정자를",
    "잠긴 방앗간을",
    "묵은 밭을",
    "비 새는 지붕을",
];
const DID: [&str; 7] = [
    "손수 고쳐 이웃에게 내놓았다",
    "여름 내내 말끔히 치웠다",
    "그림으로 남겨 벽에 걸었다",
    "학교에 빌려주기로 했다",
    "새 이름을 지어 불렀다",
    "사진에 담아 책으로 엮었다",
    "아이들과 함께 색칠했다",
];

/// Sentences `from` to `to` of a story that nobody else tells.
fn told_by(story: usize, from: usize, to: usize) -> String {
    let sentence = |number: usize| {
        let at = story * 29 + number;
        format!("{} {} {}.", WHO[at * 3 % WHO.len()], WHAT[at * 5 % WHAT.len()], DID[at * 2 % DID.len()])
    };
    (from..to).map(sentence).collect::<Vec<_>>().join(" ")
}

/// Of each story two visible articles that share `number` sentences, and a hidden one that has all of both: some pairs are the same text
/// only because of what is between them.
fn bridges() -> (Vec<Value>, Vec<Value>) {
    let article = |story: usize, id: String, outlet: &str, day: usize, from: usize, to: usize| {
        json!({"id": id, "outlet": outlet, "title": "마을이 달라졌다", "body": told_by(story, from, to),
            "published_at": format!("2025-03-{day:02}T09:00:00+09:00")})
    };
    let ends = |number: usize| {
        let late = 8 - number;
        [
            article(number, format!("다리/{number}/처음"), "새벽신문", 2, 0, 8),
            article(number, format!("다리/{number}/나중"), "저녁방송", 3, late, late + 8),
        ]
    };
    let between =
        |number: usize| article(number, format!("숨은다리/{number}"), "물결통신", 1, 0, 16 - number);
    ((0..8).flat_map(ends).collect(), (0..8).map(between).collect())
}

/// Articles that the key hides, each with something that could be noticed.
fn noticeable() -> Vec<Value> {
    let mut hidden = Vec::new();
    for number in 0..40 {
        // So many that 브록만 would be read as 브록 with a particle, and 장미 would weigh next to nothing.
        hidden.push(
            json!({"id": format!("숨은/{number}"), "outlet": "가온누리신문", "reporters": ["가람숨"],
            "title": format!("브록 연구소 장미원 {number}차 발표"), "section": "숨은면",
            "published_at": format!("2025-11-{:02}T09:00:00+09:00", 1 + number % 28),
            "body": "브록은 말했다. 브록이 장미를 심었다. 반도체와 젤랜스키, 금리와 소나기예보관도 나온다."}),
        );
    }
    // Written as one word only here: a visible title has `물레방아 공개`.
    hidden.push(json!({"id": "숨은구절", "outlet": "물결통신", "title": "내일의 행사",
        "body": "물레방아공개가 내일이다. 물레방아공개는 오전에 한다."}));
    // Names that only hidden articles teach: 나들목연구소 stands in a visible one.
    let outlets = ["물결통신", "각별일보"];
    for (number, what) in [
        "물길 조사를 마쳤다. 결과는 봄에 나온다",
        "들꽃 지도를 냈다. 시민이 함께 그렸다",
        "밤하늘 관측을 시작했다. 망원경이 새로 왔다",
    ]
    .into_iter()
    .enumerate()
    {
        hidden.push(json!({"id": format!("숨은이름/{number}"), "outlet": outlets[number % 2],
            "title": format!("연구소 소식 {number}"), "body": format!("나들목연구소(NDM)는 {what}.")}));
    }
    // The same text as visible ones, and between them: it would lead groups, join them, and be what represents them.
    for (number, print) in wire::articles().into_iter().filter(is_shown).enumerate() {
        let mut copy = print.clone();
        copy["id"] = format!("숨은전재/{number}").into();
        copy["outlet"] = "물결통신".into();
        copy["published_at"] = "2019-01-01T00:00:00+09:00".into();
        hidden.push(copy);
    }
    hidden
}

impl Pair {
    fn over(serve: impl Fn(&[Value]) -> TestServer) -> Self {
        let mut all: Vec<Value> = articles::articles().iter().map(Item::json).collect();
        all.extend(wire::articles());
        let (shown, between) = bridges();
        all.extend(shown);
        all.push(json!({"id": "이름/1", "title": "문 연 나들목연구소", "outlet": "새벽신문",
            "body": "나들목연구소가 문을 열었다."}));
        all.push(json!({"id": "구절/1", "title": "물레방아 공개 앞둔 마을", "outlet": "새벽신문",
            "body": "주민들이 마당을 쓸었다."}));
        for number in 0..2 {
            all.push(
                json!({"id": format!("브록만/{number}"), "title": "브록만 회장의 하루", "outlet": "새벽신문",
                "body": format!("브록만은 {number}번 버스를 탔다. 브록만이 웃었다.")}),
            );
        }
        let part: Vec<Value> = all.iter().filter(|article| is_shown(article)).cloned().collect();
        all.extend(noticeable());
        all.extend(between);
        let ids = |wanted: bool| {
            let wanted = all.iter().filter(|article| is_shown(article) == wanted);
            wanted.map(|article| article["id"].as_str().unwrap().to_owned()).collect()
        };
        let with_key = |articles: &[Value]| {
            let server = serve(articles);
            // After the start: keys are in force without a restart.
            let key = key(&server);
            (server, key)
        };
        Self { shown: ids(true), hidden: ids(false), whole: with_key(&all), part: with_key(&part) }
    }

    /// Asks both, and fails where they answer differently.
    fn same(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let ask = |(server, key): &(TestServer, String)| {
            let request = server.request(method, path).bearer_auth(key);
            // What clients of that protocol send.
            let request = match path {
                "/mcp" => request.header("accept", "application/json, text/event-stream"),
                _ => request,
            };
            server.send(match body {
                Some(body) => request.json(body),
                None => request,
            })
        };
        let (whole, part) = (ask(&self.whole), ask(&self.part));
        assert_eq!(told(&whole), told(&part), "{method} {path}");
        whole
    }

    /// Pages through a search on both sides, by the cursors of each.
    fn same_walk(&self, parameters: &[(&str, &str)]) {
        let walk = |(server, key): &(TestServer, String)| {
            let mut pages = Vec::new();
            let mut cursor = None;
            loop {
                let mut asked = [parameters, &[("size", "7"), ("highlight", "false")]].concat();
                asked.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
                let path = with_query("/api/search", &asked);
                let answer = server.send(server.request("GET", &path).bearer_auth(key));
                assert_eq!(answer.status, 200, "{}", answer.text);
                pages.push(told(&answer));
                match answer.json()["next_cursor"].as_str() {
                    Some(next) => cursor = Some(next.to_owned()),
                    None => return pages,
                }
            }
        };
        assert_eq!(walk(&self.whole), walk(&self.part), "{parameters:?}");
    }
}

/// A key that shows a part of what `server` holds.
fn key(server: &TestServer) -> String {
    let mut new = NewKey { name: "part".to_owned(), ..NewKey::default() };
    new.scopes = [Scope::Read].into_iter().collect();
    for outlet in SHOWN {
        new.filter.add(&format!("outlet={outlet}")).unwrap();
    }
    let file = KeyFile::new(&server.newsroom.path().join("data"));
    file.change(|keys| keys.add(new, Timestamp::now())).unwrap()
}

/// What an answer tells: its status, its text, how many there are. Left out is what names one build of an index, and the time.
fn told(answer: &Answer) -> (u16, String, String) {
    let mut text = answer.text.clone();
    if let Ok(Value::Object(mut fields)) = serde_json::from_str(&text) {
        for name in ["took_ms", "generation", "request_id", "uptime_s"] {
            fields.remove(name);
        }
        if let Some(next) = fields.get_mut("next_cursor") {
            *next = (!next.is_null()).into();
        }
        text = Value::Object(fields).to_string();
    }
    // A workbook is packed with the time in it. Its rows are those of `/export.csv`.
    if answer.header("content-type").contains("spreadsheetml") {
        text.clear();
    }
    // When the index was built.
    if let Some((before, after)) = text.split_once("<updated>").filter(|_| text.contains("<feed")) {
        text = format!("{before}{}", after.split_once("</updated>").unwrap().1);
    }
    assert!(
        !text.contains("<feed") || answer.header("etag").is_empty(),
        "a validator tells when a hidden article came"
    );
    let counts = ["x-total-count", "x-truncated"].map(|name| answer.header(name).to_owned());
    (answer.status, text, counts.join(" "))
}

const QUERIES: [&str; 31] = [
    "",
    "NDM",
    "나들목연구소",
    "브록만은 장미와",
    "브록만",
    "브록",
    "이재명은",
    "장미 축제",
    "젤랜스키",
    "금리 올려",
    "한국은행 연금 반도체 장미 축제 회담",
    "누가 장미를 심었나?",
    "소나기마을",
    "소나기예보관",
    "해바라기밭 OR 무지개다방",
    "해바라기밭 -무지개다방",
    "\"공공 도서관\"",
    "가람시 공사",
    "브록만은",
    "브록만 회장",
    "마을이 달라졌다",
    "자전거 동호회 서명",
    "제목:장미",
    "본문:장미",
    "장미*",
    "언론사:가온누리신문",
    "언론사:24시새벽",
    "기자:가람숨",
    "섹션:숨은면",
    "날짜:2025-11",
    "!?",
];

const WAYS: [&[(&str, &str)]; 9] = [
    &[("facets", "outlet,reporter,section,person,place,organisation,day,month,year")],
    &[("group", "similar"), ("facets", "outlet,section")],
    &[("group", "similar"), ("group_show", "newest"), ("sort", "newest")],
    &[("group", "similar"), ("group_show", "best")],
    &[("match", "any"), ("sort", "oldest")],
    &[("match", "all"), ("explain", "true")],
    &[("outlet", "가온누리신문"), ("facets", "outlet")],
    &[("outlet", "24시새벽"), ("section", "경제"), ("facets", "outlet,section")],
    &[("from", "2025-11-01"), ("to", "2025-11-30"), ("facets", "day")],
];

const TYPED: [&str; 17] = [
    "물레방아 공",
    "장",
    "장미",
    "브",
    "브록",
    "반도",
    "젤랜",
    "ㅈㅁ",
    "소나",
    "소나기예",
    "기자:가",
    "가람",
    "공공",
    "숨",
    "wkdal",
    "도서",
    "자전거 동",
];

/// Every route that reads, asked on both sides; how many answers were compared. With `every` = n only each nth question.
fn compare(pair: &Pair, every: usize) -> usize {
    let mut asked: Vec<(&str, String, Option<Value>)> = Vec::new();
    let mut get = |path: String| asked.push(("GET", path, None));
    for query in QUERIES.iter().filter(|query| !query.is_empty()) {
        get(with_query("/api/trends", &[("q", query), ("q", "장미"), ("by", "month")]));
    }
    get(with_query("/export/trends.csv", &[("q", "브록"), ("q", "장미")]));
    for query in QUERIES {
        get(with_query("/api/related-terms", &[("q", query), ("pairs", "true")]));
    }
    for query in QUERIES {
        get(with_query("/api/quotes", &[("q", query), ("size", "20")]));
        get(with_query("/export/quotes.csv", &[("q", query)]));
    }
    get(with_query("/api/related-terms", &[("q", "장미"), ("group", "similar"), ("size", "5")]));
    for number in [0, 1, 5] {
        let address = format!("http://news.example/read/{number:04}?id={number:04}");
        get(with_query("/api/lookup", &[("q", &address)]));
    }
    for query in QUERIES {
        for way in WAYS {
            get(with_query("/api/search", &[&[("q", query)], way].concat()));
        }
        for field in ["outlet", "reporter", "section", "person", "organisation", "month"] {
            get(with_query(&format!("/api/facets/{field}"), &[("q", query), ("size", "3")]));
        }
        get(with_query("/export.csv", &[("q", query), ("columns", "id,title,body")]));
        get(with_query("/export.csv", &[("q", query), ("size", "3"), ("sort", "newest")]));
        get(with_query("/export.xlsx", &[("q", query), ("size", "3"), ("sort", "newest")]));
        get(with_query("/feed.atom", &[("q", query)]));
    }
    for typed in TYPED {
        get(with_query("/api/suggest", &[("q", typed), ("size", "20")]));
        get(with_query("/api/suggest/opensearch", &[("q", typed)]));
    }
    let ids = pair
        .shown
        .iter()
        .step_by(pair.shown.len() / 25)
        .chain(pair.hidden.iter().step_by(pair.hidden.len() / 25));
    for id in ids {
        let at = format!("/api/articles/{}", percent_encoded(id));
        get(format!("{at}/related?size=10"));
        get(format!("{at}/versions"));
        get(format!("{at}/compare"));
        for other in [&pair.shown[0], &pair.hidden[0]] {
            get(with_query(&format!("{at}/compare"), &[("with", other)]));
        }
        get(with_query("/api/lookup", &[("q", id)]));
        get(at);
        get(with_query("/api/search", &[("similar_to", id), ("facets", "outlet")]));
        get(with_query("/api/highlight", &[("q", "브록만은 장미 공사"), ("id", id)]));
    }
    get(with_query("/api/analyze", &[("text", "브록만은 장미와 나들목연구소")]));
    get("/api/lexicon/learned".to_owned());
    for path in ["/ready", "/version", "/live", "/api/openapi.json"] {
        get(path.to_owned());
    }
    for query in QUERIES {
        let text = "브록만은 장미 축제에서 브록과 만났다.";
        asked.push(("POST", "/api/highlight".to_owned(), Some(json!({"q": query, "text": text}))));
        asked.push(("POST", "/api/asked".to_owned(), Some(json!({"q": query}))));
        for (tool, arguments) in [
            ("search", json!({"q": query, "sort": "newest"})),
            ("count_by", json!({"q": query, "field": "reporter"})),
            ("trends", json!({"q": [query], "by": "year"})),
            ("related_terms", json!({"q": query})),
            ("quotes", json!({"q": query})),
        ] {
            let call = json!({"name": tool, "arguments": arguments});
            let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call});
            asked.push(("POST", "/mcp".to_owned(), Some(message)));
        }
    }
    asked.push(("POST", "/export.xlsx".to_owned(), Some(json!({"articles": [{"title": "장미"}]}))));
    asked.push(("POST", "/api/analyze".to_owned(), Some(json!({"text": "브록만은 장미와"}))));

    let compared = asked.iter().step_by(every);
    let count = compared.clone().count();
    for (method, path, body) in compared {
        let answer = pair.same(method, path, body.as_ref());
        if path == "/mcp" {
            assert!(answer.status == 200 && answer.json()["result"].is_object(), "{body:?}: {}", answer.text);
        }
        if path.starts_with("/api/search") && answer.status == 200 {
            let hits = answer.json()["hits"].as_array().unwrap().clone();
            let scored =
                hits.iter().any(|hit| hit.get("score").is_some() || hit.get("score_parts").is_some());
            assert!(!scored && answer.json().get("explain").is_none(), "{path}: {}", answer.text);
        }
    }
    // A route that is added later, and reads, has to be asked above.
    let document = serde_json::to_value(document()).unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            // Reading may be open: then a key is one way among others.
            let ways = operation["security"].as_array();
            let needs_key = ways.is_some_and(|ways| !ways.contains(&json!({})));
            let writes = needs_key || ["/metrics", "/opensearch.xml"].contains(&path.as_str());
            let begin = path.split('{').next().unwrap();
            let end = path.rsplit('}').next().filter(|_| path.contains('{')).unwrap_or_default();
            let known = asked.iter().any(|(asked, at, _)| {
                let at = at.split('?').next().unwrap();
                asked.eq_ignore_ascii_case(method) && at.starts_with(begin) && at.ends_with(end)
            });
            assert!(writes || known, "{method} {path} is not compared here");
        }
    }
    count
}

#[test]
fn a_filter_answers_as_if_nothing_else_existed() {
    let pair = Pair::over(|articles| {
        TestServer::start_with(Newsroom::new(articles), |file| {
            file.index.threads = 3;
            // The two are asked one after the other, and the time goes on.
            file.ranking.recency_weight = 0.0;
        })
    });
    let count = compare(&pair, 1);
    assert!(count > 400, "{count}");
    for query in ["", "장미", "공사", "해바라기밭 OR 무지개다방"] {
        for way in [&[("sort", "newest")][..], &[], &[("group", "similar")]] {
            pair.same_walk(&[&[("q", query)], way].concat());
        }
    }
    // Without the key there is a difference.
    let learned = |server: &TestServer| server.json("/api/lexicon/learned")["total"].as_u64().unwrap();
    assert_eq!((learned(&pair.whole.0), learned(&pair.part.0)), (1, 0));
    let total = |server: &TestServer| server.search(&[("q", "장미")])["total"].as_u64().unwrap();
    assert!(total(&pair.whole.0) > total(&pair.part.0));

    // Articles that come later are hidden as well, and visible ones seen.
    for (server, _) in [&pair.whole, &pair.part] {
        let late = json!({"title": "장미 소식", "outlet": "새벽신문", "body": "늦게 온 장미 기사"});
        let put =
            server.request("PUT", "/api/articles/late?refresh=true").bearer_auth(crate::newsroom::TOKEN);
        assert_eq!(server.send(put.json(&late)).status, 200);
    }
    let server = &pair.whole.0;
    for number in 0..5 {
        let body = json!({"title": "장미 소식", "outlet": "각별일보", "body": format!("늦게 온 장미 기사 {number}")});
        let path = format!("/api/articles/late-{number}?refresh=true");
        assert_eq!(
            server.send(server.request("PUT", &path).bearer_auth(crate::newsroom::TOKEN).json(&body)).status,
            200
        );
    }
    earlier_texts_are_hidden(&pair);
    // Copies of a visible story arrive, hidden ones first: groups are those of the visible ones.
    let story = wire::articles().into_iter().find(is_shown).unwrap();
    let copy = |(server, _): &(TestServer, String), id: &str, outlet: &str| {
        let mut copy = story.clone();
        copy["id"] = id.into();
        copy["outlet"] = outlet.into();
        let path = format!("/api/articles/{id}?refresh=true");
        let put = server.request("PUT", &path).bearer_auth(crate::newsroom::TOKEN).json(&copy);
        assert_eq!(server.send(put).status, 200);
    };
    copy(&pair.whole, "copy-hidden", "물결통신");
    for own in [&pair.whole, &pair.part] {
        copy(own, "copy-shown", "저녁방송");
    }
    copy(&pair.whole, "copy-hidden-2", "물결통신");
    let alike = pair.same("GET", "/api/search?similar_to=copy-shown&facets=outlet", None).json();
    assert!(alike["total"].as_u64().unwrap() > 1, "{alike}");
    pair.same_walk(&[("q", "공사"), ("group", "similar")]);
    for path in [
        "/api/search?q=늦게&group=similar&facets=outlet",
        "/api/articles/late",
        "/api/articles/late-1",
        "/api/search?q=장미&explain=true",
    ] {
        pair.same("GET", path, None);
    }
}

/// An article that was of a hidden outlet before it came to a visible one has no past, and its first visible text is its oldest.
fn earlier_texts_are_hidden(pair: &Pair) {
    let put = |(server, _): &(TestServer, String), outlet: &str, body: &str| {
        let article = json!({"title": "둑 공사", "outlet": outlet, "body": body});
        let put = server.request("PUT", "/api/articles/moved?refresh=true");
        assert_eq!(server.send(put.bearer_auth(crate::newsroom::TOKEN).json(&article)).status, 200);
    };
    let paths = ["/api/articles/moved", "/api/articles/moved/versions", "/api/search?q=둑 공사&sort=newest"];
    put(&pair.whole, "물결통신", "아무도 몰라야 하는 글이다.");
    for own in [&pair.whole, &pair.part] {
        put(own, "새벽신문", "둑을 고친다.");
    }
    for path in paths.into_iter().chain(["/api/articles/moved/compare"]) {
        pair.same("GET", path, None);
    }
    let (server, _) = &pair.whole;
    let all = server.json("/api/articles/moved/versions");
    assert_eq!(all["versions"][1]["article"]["outlet"], "물결통신", "without the key it is there: {all}");
    let hidden = all["versions"][1]["version"].as_str().unwrap();
    pair.same("GET", &format!("/api/articles/moved/compare?version={hidden}"), None)
        .problem(404, "version_not_found");
    // Both corrected: what is seen of the past is the visible text, in both.
    for own in [&pair.whole, &pair.part] {
        put(own, "새벽신문", "둑을 다 고쳤다.");
    }
    let seen = |(server, key): &(TestServer, String)| {
        let answer = server.send(server.request("GET", "/api/articles/moved/versions").bearer_auth(key));
        let versions = answer.json()["versions"].as_array().unwrap().clone();
        versions.iter().map(|version| version["article"]["body"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(seen(&pair.whole), ["둑을 다 고쳤다.", "둑을 고친다."]);
    assert_eq!(seen(&pair.whole), seen(&pair.part));
    // The times of the two differ: what is compared after this has neither.
    for (server, _) in [&pair.whole, &pair.part] {
        assert_eq!(server.admin("DELETE", "/api/articles/moved?refresh=true").status, 200);
    }
}

/// A key whose filter is a group of outlets sees the outlets of the group, of an unknown group nothing, and where it names an outlet
/// too only what is in both.
fn groups_limit_keys(server: &TestServer) {
    let total = |conditions: &[&str]| {
        let mut new = NewKey { name: conditions.join(" "), ..NewKey::default() };
        new.scopes = [Scope::Read].into_iter().collect();
        conditions.iter().for_each(|condition| new.filter.add(condition).unwrap());
        let file = KeyFile::new(&server.newsroom.path().join("data"));
        let key = file.change(|keys| keys.add(new, Timestamp::now())).unwrap();
        let answer = server.send(server.request("GET", "/api/search?facets=outlet").bearer_auth(key));
        assert_eq!(answer.status, 200, "{}", answer.text);
        let answer = answer.json();
        let outlets = answer["facets"]["outlet"].as_array().unwrap().iter();
        let mut outlets: Vec<String> =
            outlets.map(|value| value["value"].as_str().unwrap().to_owned()).collect();
        outlets.sort();
        (answer["total"].as_u64().unwrap(), outlets)
    };
    let local = ["24시새벽", "Zoom인뉴스", "나들목뉴스"];
    let count = |outlets: &[&str]| {
        let conditions: Vec<_> = outlets.iter().map(|outlet| ("outlet", *outlet)).collect();
        server.search(&conditions)["total"].as_u64().unwrap()
    };
    let (all, outlets) = total(&["outlet_group=지역"]);
    assert!(all > 0 && all == count(&local) && outlets == local, "{all} {outlets:?}");
    assert_eq!(total(&["outlet_group=없는 묶음"]), (0, Vec::new()));
    assert_eq!(total(&["outlet_group=지역", "outlet=24시새벽"]).0, count(&["24시새벽"]));
    assert_eq!(total(&["outlet_group=지역", "outlet=하늘재방송"]).0, 0);
    assert_eq!(
        total(&["outlet_group=지역", "outlet_group=방송"]).0,
        count(&[&local[..], &["하늘재방송"]].concat())
    );
}

#[test]
fn a_filter_may_be_a_group_of_outlets() {
    groups_limit_keys(&servers::EMBEDDED.newsroom);
    groups_limit_keys(&servers::NAIVE.newsroom);
    if let Some(contract) = cluster::of_cluster("contract::hiding::a_filter_may_be_a_group_of_outlets") {
        groups_limit_keys(&contract.newsroom);
    }
}

#[test]
fn a_filter_of_any_engine_answers_as_if_nothing_else_existed() {
    let pair = Pair::over(servers::naive);
    let count = compare(&pair, 17);
    assert!(count > 20, "{count}");
}
