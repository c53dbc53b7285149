//! How the pages are served: validators, names that follow the content, nothing inline, relative addresses, few bytes; and
//! examples in the documentation that work.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use crate::newsroom::{self, Answer, Newsroom, TOKEN, TestServer, articles};
use gisa::service::backup::{BackupOptions, backup};
use serde_json::{Value, json};

static SERVER: LazyLock<TestServer> = LazyLock::new(|| TestServer::start(&articles()));

const PAGES: [&str; 10] =
    ["/", "/analyze", "/scraps", "/map", "/quotes", "/searches", "/help", "/embed", "/docs", "/docs/embed"];

/// What a page asks for by itself: styles, scripts, its picture. As addresses from the root.
fn parts_of(page: &str, text: &str) -> Vec<String> {
    let folder = &page[..=page.rfind('/').unwrap()];
    let values = |attribute: &str| -> Vec<String> {
        let opening = format!(" {attribute}=\"");
        let pieces = text.split(&opening).skip(1);
        pieces.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let files = [".css", ".js", ".svg"];
    let named = values("href").into_iter().chain(values("src"));
    named
        .filter(|address| files.iter().any(|file| address.ends_with(file)))
        .map(|address| match address.strip_prefix("../") {
            Some(above) => format!("/{above}"),
            None => format!("{folder}{}", address.strip_prefix("./").unwrap_or(&address)),
        })
        .collect()
}

fn gzipped(path: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let request = SERVER.request("GET", path).header("accept-encoding", "gzip");
    let response = request.send().unwrap();
    assert_eq!(response.status(), 200, "{path}");
    (response.headers().clone(), response.bytes().unwrap().to_vec())
}

fn again(path: &str, first: &Answer) -> Answer {
    SERVER.send(SERVER.request("GET", path).header("if-none-match", first.header("etag")))
}

#[test]
fn pages_are_asked_for_again_and_files_are_kept_for_ever() {
    let mut files = BTreeSet::new();
    for page in PAGES {
        let answer = SERVER.get(page);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, "text/html; charset=utf-8"),
            "{page}"
        );
        assert_eq!(answer.header("cache-control"), "no-cache", "{page}");
        assert_eq!((again(page, &answer).status, again(page, &answer).text.as_str()), (304, ""), "{page}");
        files.extend(parts_of(page, &answer.text));
    }
    assert!(files.len() >= 10, "{files:?}");
    for file in files {
        let answer = SERVER.get(&file);
        assert_eq!(answer.status, 200, "{file}");
        let kind = match file.rsplit('.').next().unwrap() {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(answer.header("content-type"), kind, "{file}");
        let (packed, _) = gzipped(&file);
        assert_eq!(packed["content-encoding"], "gzip", "{file}");
        assert_ne!(packed["etag"], answer.header("etag"), "other bytes, another validator: {file}");
        if file == "/embed.js" {
            // Other sites name it, so its name cannot change.
            assert_eq!(answer.header("cache-control"), "no-cache");
        } else {
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable", "{file}");
            let hash = file.rsplit('.').nth(1).unwrap();
            assert!(hash.len() == 12 && hash.chars().all(|c| c.is_ascii_hexdigit()), "{file}");
        }
        assert_eq!(again(&file, &answer).status, 304, "{file}");
    }
    assert_eq!(SERVER.get("/?q=자전거").status, 200, "the page has parameters of its own");
    SERVER.get("/app.js").problem(404, "not_found");
}

#[test]
fn pages_hold_nothing_inline_and_no_absolute_address() {
    for page in PAGES {
        for language in ["ko", "en"] {
            let answer = SERVER.get(&format!("{page}?lang={language}"));
            // `/docs` is for programs and in English, whatever is asked for.
            assert!(page == "/docs" || answer.text.contains(&format!("<html lang=\"{language}\"")), "{page}");
            // What stands in examples is text.
            let markup = answer.text.replace("&lt;script", "").replace("&quot;", "");
            for refused in [
                " style=",
                "<script>",
                "<style",
                " href=\"/",
                " src=\"/",
                " action=\"/",
                "{{",
                " onclick",
                " onload",
            ] {
                assert!(!markup.contains(refused), "{page}: {refused}");
            }
        }
    }
    assert!(SERVER.get("/").text.contains("href=\"./analyze\""), "the search page leads to the analysis");
    assert!(
        SERVER
            .get("/")
            .text
            .contains("type=\"application/opensearchdescription+xml\" href=\"./opensearch.xml\"")
    );
    assert!(SERVER.get("/").text.contains("type=\"application/atom+xml\" href=\"./feed.atom\""));
}

#[test]
fn pages_speak_the_readers_language() {
    let accepted =
        |language: &str| SERVER.send(SERVER.request("GET", "/").header("accept-language", language)).text;
    assert!(accepted("en-GB,en;q=0.8").contains("<html lang=\"en\""));
    assert!(accepted("ko-KR,ko;q=0.9,en;q=0.8").contains("<html lang=\"ko\""));
    assert!(SERVER.get("/").text.contains("<html lang=\"ko\""));
    assert!(SERVER.get("/").header("vary").contains("accept-language"));
}

#[test]
fn the_first_view_takes_less_than_60_kilobytes() {
    let (_, page) = gzipped("/");
    let mut bytes = page.len();
    let text = SERVER.get("/").text;
    let parts = parts_of("/", &text);
    assert_eq!(parts.len(), 4, "{parts:?}");
    for part in &parts {
        bytes += gzipped(part).1.len();
    }
    // What the script asks for: the list, the chart, the foot. Names and related terms come once the reader does something, or the page has
    // come to rest.
    let requests = [
        "/api/search?group=similar&facets=outlet,outlet_group,section,reporter",
        "/api/facets/month?group=similar&size=1000",
        "/version",
    ];
    for request in requests {
        bytes += gzipped(request).1.len();
    }
    assert!(bytes < 60_000, "{bytes} bytes");
    // Headers come on top: some 700 bytes each.
    let count = 1 + parts.len() + requests.len();
    assert!(bytes + 900 * count < 60_000, "{bytes} bytes and headers");
    println!("first view: {bytes} bytes compressed, {count} requests");
}

/// One example as a request: what curl would make of it.
fn request(line: &str) -> reqwest::blocking::RequestBuilder {
    let words = words(line);
    assert_eq!(words[0], "curl", "{line}");
    let (mut method, mut address, mut get) = ("GET".to_owned(), String::new(), false);
    let (mut data, mut body, mut headers) =
        (Vec::<(String, String)>::new(), None, Vec::<(String, String)>::new());
    let mut rest = words[1..].iter();
    let pair = |text: &str, sign: char| {
        let (name, value) = text.split_once(sign).unwrap();
        (name.trim().to_owned(), value.trim().to_owned())
    };
    while let Some(word) = rest.next() {
        match word.as_str() {
            "-s" | "-N" => {}
            "-G" => get = true,
            "-X" => method.clone_from(rest.next().unwrap()),
            "-H" => headers.push(pair(&rest.next().unwrap().replace("$GISA_ADMIN_TOKEN", TOKEN), ':')),
            "-d" | "--data-urlencode" | "--data-binary" => {
                let value = rest.next().unwrap();
                if get { data.push(pair(value, '=')) } else { body = Some(value.clone()) }
            }
            other => {
                assert!(!other.starts_with('-'), "{line}: {other}");
                address = other.strip_prefix("http://127.0.0.1:7878").unwrap().to_owned();
            }
        }
    }
    if body.is_some() && method == "GET" {
        method = "POST".to_owned();
    }
    let parameters: Vec<(&str, &str)> = data.iter().map(|(name, value)| (&**name, &**value)).collect();
    let address = if parameters.is_empty() { address } else { newsroom::with_query(&address, &parameters) };
    let mut request = SAMPLES.request(&method, &address);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(body.unwrap_or_default())
}

/// A command line as a shell cuts it: spaces, both quotes, line ends behind a backslash.
fn words(line: &str) -> Vec<String> {
    let line = line.replace("\\\n", " ");
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, c) if c.is_whitespace() => {
                words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()))
            }
            (_, c) => word.push(c),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// A server with the sample articles, which the examples name.
static SAMPLES: LazyLock<TestServer> = LazyLock::new(|| {
    let newsroom = Newsroom::new(&[]);
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, newsroom.articles_dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    let server = TestServer::start_with(newsroom, |_| {});
    backup(server.service.config(), &server.newsroom.path().join("monday"), BackupOptions::default())
        .unwrap();
    server
});

#[test]
fn every_example_of_the_documentation_works() {
    let page = SERVER.get("/docs").text;
    let mut examples = 0;
    for example in page.split("<pre class=\"copy\" tabindex=\"0\"><code>").skip(1) {
        let line = example.split("</code>").next().unwrap();
        let line =
            line.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        let backups = SAMPLES.newsroom.path().to_str().unwrap();
        let line = line.replace("/backups/monday", &format!("{backups}/monday"));
        if line.contains("/searches/desk") {
            let saved = json!({"title": "수소트램", "params": {"q": "수소트램"}});
            assert!(
                SAMPLES
                    .send(SAMPLES.request("PUT", "/api/searches/desk").bearer_auth(TOKEN).json(&saved))
                    .status
                    < 300
            );
        }
        // It ends when the reader does.
        if line.contains("/stream") {
            assert_eq!(request(&line).send().unwrap().status(), 200, "{line}");
            examples += 1;
            continue;
        }
        let answer = SAMPLES.send(request(&line));
        // Only jobs have no id that is known beforehand.
        let job = line.contains("/jobs/ID");
        assert!(
            if job { answer.status == 404 } else { answer.status < 300 },
            "{line}\n{} {}",
            answer.status,
            answer.text
        );
        assert!(job || !answer.text.is_empty() || answer.status == 204, "{line}");
        if line.contains("follow=true") {
            assert!(answer.text.lines().last().unwrap().contains("succeeded"), "{line}\n{}", answer.text);
        }
        examples += 1;
    }
    assert!(examples >= 18, "{examples}");
    let found = SAMPLES
        .send(request("curl -s -G 'http://127.0.0.1:7878/api/search' --data-urlencode 'q=중기부 스타트업'"));
    assert!(found.json()["total"].as_u64() > Some(0));
}

#[test]
fn every_example_of_the_help_finds_something() {
    for page in ["/help", "/help?lang=en"] {
        let text = SERVER.get(page).text;
        let mut examples = 0;
        for link in text.split("class=\"example\" href=\"./?q=").skip(1) {
            let query = link.split(['"', '&']).next().unwrap();
            let answer: Value = SAMPLES.json(&format!("/api/search?q={query}"));
            assert!(
                answer["total"].as_u64() > Some(0) && answer["relaxed"] == false,
                "{page}: {query}: {answer}"
            );
            examples += 1;
        }
        assert!(examples >= 14);
    }
}
