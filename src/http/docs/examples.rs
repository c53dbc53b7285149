//! Command lines for `/docs`, to copy into a shell. A test runs each of them against a server with the sample articles.

/// The server in the examples; when a browser shows the page, a script puts its own address in this place.
pub(super) const BASE: &str = "http://127.0.0.1:7878";

const TOKEN: &str = r#"-H "Authorization: Bearer $GISA_ADMIN_TOKEN""#;

/// The example for an operation, or the plain request if it needs nothing else.
pub(super) fn curl(method: &str, path: &str, needs_token: bool) -> String {
    if let Some((_, _, arguments)) = EXAMPLES.iter().find(|(m, p, _)| (*m, *p) == (method, path)) {
        return arguments.replace("BASE", BASE).replace("TOKEN", TOKEN);
    }
    let verb = if method == "get" { String::new() } else { format!(" -X {}", method.to_uppercase()) };
    let token = if needs_token { format!(" {TOKEN}") } else { String::new() };
    let address = path
        .replace("{id}", "ID")
        .replace("{field}", "outlet")
        .replace("{name}", "desk")
        .replace("{feed}", "desk.atom");
    format!("curl -s{verb}{token} '{BASE}{address}'")
}

const EXAMPLES: [(&str, &str, &str); 27] = [
    (
        "post",
        "/api/asked",
        "curl -s 'BASE/api/asked' -H 'content-type: application/json' -d '{\"q\": \"반도체 수출\"}'",
    ),
    (
        "get",
        "/api/trends",
        "curl -s -G 'BASE/api/trends' --data-urlencode 'q=반도체' --data-urlencode 'q=부동산' -d 'by=month'",
    ),
    (
        "get",
        "/export/trends.csv",
        "curl -s -G 'BASE/export/trends.csv' --data-urlencode 'q=반도체' --data-urlencode 'q=부동산' -d 'by=year'",
    ),
    (
        "get",
        "/api/related-terms",
        "curl -s -G 'BASE/api/related-terms' --data-urlencode 'q=반도체' -d 'kinds=person,organisation'",
    ),
    ("get", "/api/quotes", "curl -s -G 'BASE/api/quotes' --data-urlencode 'q=협력' -d 'size=3'"),
    (
        "get",
        "/export/quotes.csv",
        "curl -s -G 'BASE/export/quotes.csv' --data-urlencode 'q=협력' -d 'size=100'",
    ),
    ("get", "/api/lookup", "curl -s -G 'BASE/api/lookup' --data-urlencode 'q=onsaemi-20231114-001'"),
    (
        "post",
        "/export.xlsx",
        "curl -s 'BASE/export.xlsx' -H 'content-type: application/json' \\\n  -d '{\"title\": \"스크랩\", \"articles\": [{\"title\": \"수출 반등\", \"outlet\": \"가람일보\"}]}'",
    ),
    (
        "get",
        "/api/search",
        "curl -s -G 'BASE/api/search' --data-urlencode 'q=중기부 스타트업' -d 'facets=outlet,month' -d 'size=3'",
    ),
    (
        "get",
        "/api/facets/{field}",
        "curl -s -G 'BASE/api/facets/outlet' --data-urlencode 'q=미국' -d 'size=5'",
    ),
    (
        "get",
        "/api/highlight",
        "curl -s -G 'BASE/api/highlight' --data-urlencode 'q=공급망 협력' -d 'id=onsaemi-20231114-001'",
    ),
    (
        "post",
        "/api/highlight",
        "curl -s 'BASE/api/highlight' -H 'content-type: application/json' \\\n  -d '{\"q\": \"수출\", \"text\": \"반도체 수출이 넉 달째 늘었다.\"}'",
    ),
    ("get", "/api/articles/{id}", "curl -s 'BASE/api/articles/onsaemi-20231114-001'"),
    ("get", "/api/articles/{id}/related", "curl -s 'BASE/api/articles/onsaemi-20231114-001/related?size=5'"),
    ("get", "/api/articles/{id}/versions", "curl -s 'BASE/api/articles/onsaemi-20231114-001/versions'"),
    (
        "get",
        "/api/articles/{id}/compare",
        "curl -s -G 'BASE/api/articles/onsaemi-20231114-001/compare' -d 'with=garam-20231114-901'",
    ),
    (
        "get",
        "/export.csv",
        "curl -s -G 'BASE/export.csv' --data-urlencode 'q=반도체' -d 'columns=published_at,outlet,title,url'",
    ),
    ("get", "/feed.atom", "curl -s -G 'BASE/feed.atom' --data-urlencode 'q=반도체'"),
    ("get", "/api/analyze", "curl -s -G 'BASE/api/analyze' --data-urlencode 'text=중소벤처기업부가 밝혔다.'"),
    (
        "post",
        "/api/analyze",
        "curl -s 'BASE/api/analyze' -H 'content-type: application/json' -d '{\"text\": \"중소벤처기업부가 밝혔다.\"}'",
    ),
    ("get", "/api/suggest", "curl -s -G 'BASE/api/suggest' --data-urlencode 'q=스타' -d 'size=8'"),
    ("post", "/api/admin/reindex", "curl -s -N -X POST TOKEN 'BASE/api/admin/reindex?follow=true'"),
    (
        "post",
        "/api/admin/restore",
        "curl -s -N TOKEN 'BASE/api/admin/restore?follow=true' -H 'content-type: application/json' \\\n  -d '{\"backup\": \"/backups/monday\"}'",
    ),
    (
        "put",
        "/api/searches/{name}",
        "curl -s -X PUT TOKEN 'BASE/api/searches/desk' -H 'content-type: application/json' \\\n  -d '{\"title\": \"수소트램\", \"params\": {\"q\": \"수소트램\"}}'",
    ),
    ("get", "/api/searches/{name}/hits", "curl -s TOKEN 'BASE/api/searches/desk/hits?after=0'"),
    (
        "put",
        "/api/articles/{id}",
        "curl -s -X PUT TOKEN 'BASE/api/articles/today-1?refresh=true' -H 'content-type: application/json' \\\n  -d '{\"title\": \"첫 수소트램 내년 3월 달린다\", \"body\": \"서울시는 수소트램 10편성을 넣기로 했다.\", \"outlet\": \"가람일보\"}'",
    ),
    (
        "post",
        "/api/articles",
        "curl -s TOKEN 'BASE/api/articles' -H 'content-type: application/x-ndjson' --data-binary '{\"id\": \"today-2\", \"title\": \"둘째 기사\"}'",
    ),
];
