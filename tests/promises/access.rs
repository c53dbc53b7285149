//! Keys: what each may do, from when and until when, and who did what.

use std::fs;
use std::time::{Duration, Instant};

use gisa::access::{KeyFile, NewKey, Scope};
use gisa::article::Timestamp;
use gisa::config::{ConfigFile, Gate};
use reqwest::blocking::{Client, Response};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::newsroom::{Newsroom, TOKEN, TestServer, articles};

/// A server where reading is closed, after `change` to its settings.
fn closed(change: impl FnOnce(&mut ConfigFile)) -> TestServer {
    TestServer::start_with(Newsroom::new(&articles()), |file| {
        file.auth.reading = Gate::Closed;
        change(file);
    })
}

fn file_of(server: &TestServer) -> KeyFile {
    KeyFile::new(&server.newsroom.path().join("data"))
}

/// Makes a key while the server runs.
fn add(server: &TestServer, name: &str, scopes: &[Scope]) -> String {
    let new = NewKey { name: name.to_owned(), scopes: scopes.iter().copied().collect(), ..NewKey::default() };
    file_of(server).change(|keys| keys.add(new, Timestamp::now())).unwrap()
}

fn status(server: &TestServer, method: &str, path: &str, key: Option<&str>) -> u16 {
    let request = server.request(method, path);
    let request = if method == "PUT" { request.json(&json!({"title": "새 기사"})) } else { request };
    server
        .send(match key {
            Some(key) => request.bearer_auth(key),
            None => request,
        })
        .status
}

#[test]
fn a_key_allows_its_scopes_and_nothing_else() {
    let server = closed(|_| {});
    let keys = Scope::ALL.map(|scope| add(&server, scope.name(), &[scope]));
    let routes = [
        ("GET", "/api/search?q=자전거"),
        ("GET", "/export.csv"),
        ("PUT", "/api/articles/new"),
        ("DELETE", "/api/articles/new"),
        ("GET", "/api/admin/jobs"),
        ("POST", "/api/admin/lexicon/reload"),
    ];
    // By the key's scope, `read push searches admin`, in the order of the routes.
    let expected = [
        [200, 200, 403, 403, 403, 403],
        [403, 403, 200, 200, 403, 403],
        [403, 403, 403, 403, 403, 403],
        [200, 200, 200, 200, 200, 200],
    ];
    for (key, expected) in keys.iter().zip(expected) {
        for ((method, path), expected) in routes.iter().zip(expected) {
            assert_eq!(status(&server, method, path, Some(key)), expected, "{method} {path}");
        }
    }
    for (method, path) in routes {
        assert_eq!(status(&server, method, path, None), 401, "{method} {path}");
        assert_eq!(status(&server, method, path, Some("gisa_0123456789")), 401, "{method} {path}");
        assert_eq!(status(&server, method, path, Some(TOKEN)), 200, "{method} {path}");
    }
    server
        .send(server.request("PUT", "/api/articles/x").bearer_auth(&keys[0]).json(&json!({})))
        .problem(403, "forbidden");
    // A key that does not read opens nothing that is closed, and closes nothing that is open.
    let open = TestServer::start(&articles());
    let push = add(&open, "cms", &[Scope::Push]);
    assert_eq!(status(&open, "GET", "/api/search", Some(&push)), 200);
    assert_eq!(
        status(&open, "GET", "/api/search", Some("gisa_wrong")),
        401,
        "a key that is none is never ignored"
    );
}

#[test]
fn a_change_of_keys_is_in_force_at_once_and_a_spoilt_file_lets_nobody_in() {
    let server = closed(|_| {});
    let search = |key: &str| status(&server, "GET", "/api/search", Some(key));
    let (one, two) = (add(&server, "one", &[Scope::Read]), add(&server, "two", &[Scope::Read]));
    assert_eq!((search(&one), search(&two)), (200, 200));
    file_of(&server).change(|keys| keys.remove("one")).unwrap();
    assert_eq!((search(&one), search(&two)), (401, 200));
    let path = file_of(&server).path().to_owned();
    let sound = fs::read_to_string(&path).unwrap();
    // What a person might write by hand: the day before yesterday, two years ago.
    fs::write(&path, sound.replace("scopes", "until = \"2024-11-28\"\nscopes")).unwrap();
    assert_eq!(search(&two), 401);
    fs::write(&path, sound.replace("scopes", "skopes")).unwrap();
    let answer = server.send(server.request("GET", "/api/search").bearer_auth(&two));
    answer.problem(503, "not_ready");
    assert!(server.json("/ready")["keys"].as_str().unwrap().starts_with("keys.toml"));
    assert_eq!(search(TOKEN), 200, "the token for administration needs no file");
    assert_eq!(status(&server, "GET", "/api/search", None), 401);
    fs::write(&path, sound).unwrap();
    assert_eq!(search(&two), 200);
    assert_eq!(server.json("/ready")["keys"], Value::Null);
}

#[test]
fn feed_readers_and_spreadsheets_send_a_key_as_password() {
    let server = closed(|_| {});
    let key = add(&server, "feeds", &[Scope::Read, Scope::Push]);
    let basic = |method: &str, path: &str, password: &str| {
        server.send(server.request(method, path).basic_auth("whoever", Some(password)))
    };
    for path in ["/feed.atom", "/export.csv", "/export.xlsx"] {
        assert_eq!(basic("GET", path, &key).status, 200);
        let asked = server.get(path);
        let challenges: Vec<_> = asked.headers.get_all("www-authenticate").iter().collect();
        assert!(
            asked.status == 401 && challenges.iter().any(|one| one.as_bytes().starts_with(b"Basic ")),
            "{challenges:?}"
        );
    }
    // The page asks there: a browser must not open a window for it.
    let asked = server.get("/api/search");
    assert!(
        asked.headers.get_all("www-authenticate").iter().all(|one| !one.as_bytes().starts_with(b"Basic "))
    );
    assert_eq!(basic("GET", "/feed.atom", "no key").status, 401);
    assert_eq!(basic("DELETE", "/api/articles/x", &key).status, 401, "what writes sends a header of its own");
    // A proxy that asks for passwords itself passes them on.
    let open = TestServer::start(&articles());
    assert_eq!(
        open.send(open.request("GET", "/api/search").basic_auth("proxy", Some("its own"))).status,
        200
    );
}

fn browser() -> Client {
    crate::newsroom::client().redirect(Policy::none()).build().unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// Signs in as a browser does; the answer.
fn sign_in(server: &TestServer, form: &str, headers: &[(&str, &str)]) -> Response {
    let url = format!("http://{}/sign-in?to=%3Fq%3D%25EA%25B0%2580", server.address());
    let request = browser().post(url).header("content-type", "application/x-www-form-urlencoded");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(form.to_owned()).send().unwrap()
}

/// The cookie that a sign-in with `form` gives.
fn cookie(server: &TestServer, form: &str) -> String {
    let response = sign_in(server, form, &[("sec-fetch-site", "same-origin")]);
    assert_eq!(response.status().as_u16(), 303);
    header(&response, "set-cookie").split(';').next().unwrap().to_owned()
}

fn with_cookie(server: &TestServer, method: &str, path: &str, cookie: &str, site: Option<&str>) -> u16 {
    let request = server.request(method, path).header("cookie", cookie);
    server
        .send(match site {
            Some(site) => request.header("sec-fetch-site", site),
            None => request,
        })
        .status
}

#[test]
fn a_page_sends_its_reader_to_sign_in_and_back() {
    let server = closed(|file| file.server.trusted_proxies = vec!["127.0.0.1".to_owned()]);
    let key = add(&server, "reader", &[Scope::Read]);
    let get = |path: &str| browser().get(format!("http://{}{path}", server.address())).send().unwrap();
    for (path, expected) in [
        ("/", "./sign-in?to="),
        ("/?q=%EA%B0%80&lang=en", "./sign-in?to=%3Fq%3D%25EA%25B0%2580%26lang%3Den"),
        ("/help", "./sign-in?to=help"),
        ("/docs/embed", "../sign-in?to=docs/embed"),
    ] {
        let response = get(path);
        assert_eq!((response.status().as_u16(), header(&response, "location")), (303, expected), "{path}");
    }
    let page = get("/sign-in");
    assert_eq!(page.status().as_u16(), 200);
    let page = page.text().unwrap();
    for address in
        page.split("\"./").skip(1).filter_map(|rest| rest.split('"').next()).filter(|name| name.contains('.'))
    {
        assert_eq!(get(&format!("/{address}")).status().as_u16(), 200, "the page needs {address}");
    }

    let response = sign_in(&server, &format!("key={key}"), &[("sec-fetch-site", "same-origin")]);
    assert_eq!((response.status().as_u16(), header(&response, "location")), (303, "./?q=%EA%B0%80"));
    let set = header(&response, "set-cookie").to_owned();
    assert!(
        set.contains("; HttpOnly; SameSite=Lax") && !set.contains("Secure") && !set.contains(&key),
        "{set}"
    );
    let by_https =
        [("x-forwarded-proto", "https"), ("x-forwarded-for", "192.0.2.1"), ("sec-fetch-site", "same-origin")];
    assert!(header(&sign_in(&server, &format!("key={key}"), &by_https), "set-cookie").ends_with("; Secure"));
    let cookie = set.split(';').next().unwrap().to_owned();
    for path in ["/", "/help", "/docs", "/api/search", "/feed.atom"] {
        assert_eq!(with_cookie(&server, "GET", path, &cookie, None), 200, "{path}");
    }
    let out = browser().post(format!("http://{}/sign-out", server.address())).send().unwrap();
    assert!(out.status().as_u16() == 303 && header(&out, "set-cookie").contains("Max-Age=0"));

    // Wrong keys, keys that do not read, and forms of other sites.
    let push = add(&server, "push", &[Scope::Push]);
    for (form, headers, expected) in [
        ("key=gisa_no".to_owned(), ("sec-fetch-site", "same-origin"), 401),
        (String::new(), ("sec-fetch-site", "same-origin"), 401),
        (format!("key={push}"), ("sec-fetch-site", "same-origin"), 403),
        (format!("key={key}"), ("sec-fetch-site", "cross-site"), 403),
        (format!("key={key}"), ("origin", "http://evil.example"), 403),
    ] {
        let response = sign_in(&server, &form, &[headers]);
        assert_eq!(
            (response.status().as_u16(), header(&response, "set-cookie")),
            (expected, ""),
            "{headers:?}"
        );
        assert!(response.text().unwrap().contains("role=\"alert\""));
    }
}

#[test]
fn a_cookie_is_bound_to_its_key_and_changes_nothing_for_other_sites() {
    let server = closed(|_| {});
    let key = add(&server, "chief", &[Scope::Admin]);
    let (reading, administering) =
        (cookie(&server, &format!("key={key}")), cookie(&server, &format!("key={key}&scope=admin")));
    let reload = "/api/admin/lexicon/reload";
    assert_eq!(
        with_cookie(&server, "POST", reload, &reading, Some("same-origin")),
        403,
        "only what was ticked"
    );
    assert_eq!(with_cookie(&server, "POST", reload, &administering, Some("same-origin")), 200);
    for site in [None, Some("cross-site"), Some("same-site"), Some("none")] {
        assert_eq!(with_cookie(&server, "POST", reload, &administering, site), 403, "{site:?}");
    }
    let asked = |site: &str| {
        let request = server.request("POST", "/api/asked").header("cookie", &reading);
        let request = request.header("sec-fetch-site", site).header("content-type", "application/json");
        server.send(request.body(json!({"q": "금리"}).to_string())).status
    };
    assert_eq!((asked("same-origin"), asked("cross-site")), (204, 403), "counts are changed too");
    let narrow = add(&server, "reader", &[Scope::Read]);
    let narrow = cookie(&server, &format!("key={narrow}&scope=admin&scope=searches"));
    assert_eq!(with_cookie(&server, "GET", "/api/admin/jobs", &narrow, None), 403, "ticking gives no scope");
    assert_eq!(with_cookie(&server, "GET", "/api/search", &format!("{reading}0"), None), 401);

    let server = server.restart();
    assert_eq!(with_cookie(&server, "GET", "/api/search", &reading, None), 200, "a restart signs nobody out");
    file_of(&server).change(|keys| keys.remove("chief")).unwrap();
    assert_eq!(with_cookie(&server, "GET", "/api/search", &reading, None), 401);
    add(&server, "chief", &[Scope::Admin]);
    assert_eq!(
        with_cookie(&server, "GET", "/api/search", &reading, None),
        401,
        "another key of that name is another"
    );
}

#[test]
fn a_trusted_proxy_alone_says_who_signed_in() {
    let named = |file: &mut ConfigFile| file.auth.trusted_user_header = "X-Forwarded-User".to_owned();
    let ask = |server: &TestServer, names: &[&str]| {
        let request = server.request("GET", "/api/search");
        server
            .send(names.iter().fold(request, |request, name| request.header("x-forwarded-user", *name)))
            .status
    };
    let direct = closed(named);
    assert_eq!(ask(&direct, &["hana"]), 401);
    let server = closed(|file| {
        named(file);
        file.log.audit_file = "logs/audit.log".into();
        file.server.trusted_proxies = vec!["127.0.0.1".to_owned()];
    });
    assert_eq!(
        (ask(&server, &["hana"]), ask(&server, &[]), ask(&server, &[""]), ask(&server, &["a", "b"])),
        (200, 401, 401, 401)
    );
    let admin = server.request("GET", "/api/admin/jobs").header("x-forwarded-user", "hana");
    assert_eq!(server.send(admin).status, 403, "it reads, and nothing else");
    // With a key it may do more, and the audit log has both.
    let reload = server.request("POST", "/api/admin/lexicon/reload").header("x-forwarded-user", "하나");
    assert_eq!(server.send(reload.bearer_auth(TOKEN)).status, 200);
    let line = &audited(&server, 1)[0];
    assert_eq!((&line["who"], &line["person"]), (&json!("administration"), &json!("하나")));
}

#[test]
fn wrong_keys_are_slowed_down_and_right_ones_never() {
    let server = closed(|_| {});
    let key = add(&server, "reader", &[Scope::Read]);
    let wrong = || server.send(server.request("GET", "/api/search").bearer_auth("gisa_guess"));
    let mut tries = 0;
    let refused = loop {
        let answer = wrong();
        tries += 1;
        match answer.status {
            401 => assert!(tries <= 100, "nothing slows them down"),
            _ => break answer,
        }
    };
    refused.problem(429, "wrong_keys");
    assert!((1..=61).contains(&refused.header("retry-after").parse::<u64>().unwrap()));
    let response = sign_in(&server, "key=gisa_guess", &[]);
    assert_eq!(response.status().as_u16(), 429);
    for _ in 0..30 {
        wrong();
        assert_eq!(status(&server, "GET", "/api/search", Some(&key)), 200);
    }
}

#[test]
fn passwords_that_are_guessed_are_wrong_keys_where_a_key_is_needed() {
    let server = TestServer::start(&articles());
    let ask = |path: &str, password: &str| {
        server.send(server.request("GET", path).basic_auth("x", Some(password))).status
    };
    // A proxy passes on what it asked for itself: whoever only reads is never told to wait.
    assert!((0..100).all(|_| ask("/api/search", "of-the-proxy") == 200));
    let tries = (1..=100).find(|_| ask("/api/admin/jobs", "guess") == 429);
    assert!(tries.is_some_and(|tries| tries > 10), "{tries:?}");
    assert_eq!(ask("/api/search", "of-the-proxy"), 200);
    // The right one, after its turn.
    let right = server.send(server.request("GET", "/api/admin/jobs").bearer_auth(TOKEN));
    assert_eq!((right.status, ask("/api/admin/jobs", TOKEN)), (200, 200));
}

#[test]
fn a_sign_in_carries_nothing_that_only_scripts_need() {
    let server = closed(|_| {});
    let key = add(&server, "everything", &[Scope::Read, Scope::Push, Scope::Admin]);
    let response = sign_in(&server, &format!("key={key}&scope=push&scope=admin"), &[]);
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("admin") && !cookie.contains("push"), "{cookie}");
    // Where reading is closed a reader who may not read would come back here again and again.
    let key = add(&server, "no reader", &[Scope::Searches]);
    let response = sign_in(&server, &format!("key={key}&scope=searches"), &[]);
    assert_eq!(response.status().as_u16(), 403);
}

#[test]
fn a_name_that_is_not_listed_reads_nothing() {
    let listed = |file: &mut ConfigFile| file.server.allowed_hosts = vec!["Gisa.Newsroom.example".to_owned()];
    let server = TestServer::start_with(Newsroom::new(&articles()), listed);
    let ask = |path: &str, host: &str| server.send(server.request("GET", path).header("host", host));
    for path in ["/api/search", "/", "/metrics", "/embed.js", "/no-such"] {
        ask(path, "evil.example").problem(421, "wrong_host");
        ask(path, "10.0.0.1").problem(421, "wrong_host");
    }
    for host in ["gisa.newsroom.example", "GISA.newsroom.example:8080", "localhost:7878", "127.0.0.1"] {
        assert_eq!(ask("/api/search", host).status, 200, "{host}");
    }
    for path in ["/live", "/ready"] {
        assert_eq!(ask(path, "evil.example").status, 200, "probes on this machine know no name");
    }
}

#[test]
fn metrics_can_be_closed_and_counts_are_for_those_who_see_all() {
    let server = closed(|file| file.auth.metrics = Gate::Closed);
    let key = add(&server, "prometheus", &[Scope::Read]);
    let mut part =
        NewKey {
            name: "part".to_owned(), filter: "outlet=새벽신문".parse().unwrap(), ..NewKey::default()
        };
    part.scopes = [Scope::Read].into_iter().collect();
    let part = file_of(&server).change(|keys| keys.add(part, Timestamp::now())).unwrap();
    let metrics = |key: Option<&str>| status(&server, "GET", "/metrics", key);
    assert_eq!(
        (metrics(None), metrics(Some(&key)), metrics(Some(&part)), metrics(Some(TOKEN))),
        (401, 200, 403, 200)
    );
    let told = |path: &str, key: Option<&str>| {
        let request = server.request("GET", path);
        server.send(key.map_or(request.try_clone().unwrap(), |key| request.bearer_auth(key))).json()
    };
    assert_eq!(told("/ready", Some(&key))["articles"], 5);
    assert_eq!(told("/version", Some(&key))["index"]["articles"], 5);
    for key in [None, Some(part.as_str())] {
        let (ready, version) = (told("/ready", key), told("/version", key));
        assert_eq!(
            (&ready["status"], &ready["articles"], &ready["writes"]),
            (&json!("ready"), &Value::Null, &Value::Null)
        );
        assert_eq!(version["index"], Value::Null);
    }
}

/// The lines of the audit log once there are `count`.
fn audited(server: &TestServer, count: usize) -> Vec<Value> {
    let file = server.newsroom.path().join("logs/audit.log");
    let began = Instant::now();
    loop {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        if lines.len() >= count {
            return lines;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{lines:#?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn the_audit_log_says_who_did_what_with_which_result() {
    let server = closed(|file| file.log.audit_file = "logs/audit.log".into());
    let (cms, reader) = (add(&server, "cms", &[Scope::Push]), add(&server, "reader", &[Scope::Read]));
    assert_eq!(status(&server, "PUT", "/api/articles/a%2F9", Some(&cms)), 200);
    assert_eq!(status(&server, "PUT", "/api/articles/b", Some(&reader)), 403);
    assert_eq!(status(&server, "PUT", "/api/articles/b", Some("gisa_guess")), 401);
    assert_eq!(status(&server, "GET", "/api/search", Some(&reader)), 200);
    let reload = server.admin("POST", "/api/admin/lexicon/reload");
    cookie(&server, &format!("key={reader}"));
    let lines = audited(&server, 4);
    let said = |line: &Value| {
        ["who", "by", "method", "route", "target", "status"]
            .map(|name| line[name].to_string().replace('"', ""))
            .join(" ")
    };
    assert_eq!(
        lines.iter().map(said).collect::<Vec<_>>(),
        [
            "cms key PUT /api/articles/{id} /api/articles/a%2F9 200",
            "reader key PUT /api/articles/{id} /api/articles/b 403",
            "administration token POST /api/admin/lexicon/reload /api/admin/lexicon/reload 200",
            "reader key POST /sign-in /sign-in 303",
        ]
    );
    assert_eq!(lines[2]["request_id"], reload.header("x-request-id"));
    assert!(
        lines
            .iter()
            .all(|line| line["address"] == "127.0.0.1" && line["time"].as_str().unwrap().ends_with("+09:00"))
    );
    assert_eq!((&lines[0]["signed_in"], &lines[3]["signed_in"]), (&json!(false), &json!(true)));
}

#[test]
fn an_audit_log_that_cannot_be_written_fails_no_request_and_is_said() {
    let newsroom = Newsroom::new(&articles());
    // A file stands where the folder should be.
    fs::write(newsroom.path().join("logs"), "").unwrap();
    let server = TestServer::start_with(newsroom, |file| file.log.audit_file = "logs/audit.log".into());
    assert_eq!(status(&server, "PUT", "/api/articles/n", Some(TOKEN)), 200);
    assert!(!server.json("/ready")["audit"].is_null());
    fs::remove_file(server.newsroom.path().join("logs")).unwrap();
    assert_eq!(status(&server, "PUT", "/api/articles/n", Some(TOKEN)), 200);
    assert_eq!(audited(&server, 1)[0]["who"], "administration");
    let began = Instant::now();
    while !server.json("/ready")["audit"].is_null() {
        assert!(began.elapsed() < Duration::from_secs(60), "it is said although it is over");
    }
}
