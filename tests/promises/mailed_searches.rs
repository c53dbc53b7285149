//! A saved search reports by e-mail what it reports to webhooks: at least once, in order, to every mailbox by itself, in a mail that people
//! can read.

use std::fs;
use std::path::Path;

use gisa::alerts::MailSecurity;
use gisa::article::{KST, Timestamp};
use gisa::config::ConfigFile;
use serde_json::{Value, json};

use crate::authority::Authority;
use crate::mail_server::{Mail, MailServer, Rules};
use crate::newsroom::{Answer, Newsroom, TOKEN, TestServer};
use crate::receiver::Receiver;

fn newsroom() -> Newsroom {
    Newsroom::new(&[
        json!({"id": "old", "title": "수소트램 도입 논의", "body": "수소트램을 두고 시가 논의했다.",
        "outlet": "가람일보"}),
    ])
}

fn server(mails: &MailServer) -> TestServer {
    server_with(mails, |_| {})
}

fn server_with(mails: &MailServer, change: impl FnOnce(&mut ConfigFile)) -> TestServer {
    TestServer::start_with(newsroom(), |file| {
        mails.configure(file);
        file.alerts.allow_hosts = vec!["127.0.0.1".to_owned()];
        change(file);
    })
}

fn send(server: &TestServer, method: &str, path: &str, body: &Value) -> Answer {
    let request = server.request(method, path).bearer_auth(TOKEN).header("content-type", "application/json");
    server.send(request.body(body.to_string()))
}

/// Saves a search for `수소트램`, with what is to be said otherwise.
fn save(server: &TestServer, name: &str, to: &[&str], changes: Value) {
    let mut body =
        json!({"title": "수소트램", "params": {"q": "수소트램"}, "deliver": [{"kind": "email", "to": to}]});
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let answer = send(server, "PUT", &format!("/api/searches/{name}"), &body);
    assert!([200, 201].contains(&answer.status), "{answer:?}");
}

/// Pushes an article, and waits until searches see it.
fn push(server: &TestServer, id: &str, article: &Value) {
    let answer = send(server, "PUT", &format!("/api/articles/{id}?refresh=true"), article);
    assert!([200, 201].contains(&answer.status), "{answer:?}");
}

fn push_titled(server: &TestServer, id: &str, title: &str) {
    push(server, id, &json!({"title": title, "body": "수소트램이 달린다.", "outlet": "가람일보"}));
}

/// Pushes so many articles at once, and waits until searches see them.
fn push_many(server: &TestServer, count: usize) {
    let article = |number| json!({"id": format!("a{number}"), "title": format!("수소트램 {number}호차"), "body": "달린다."});
    let lines: Vec<Value> = (0..count).map(article).collect();
    let request = server.request("POST", "/api/articles?refresh=true").bearer_auth(TOKEN);
    let request = request.header("content-type", "application/x-ndjson").body(crate::newsroom::lines(&lines));
    assert_eq!(server.send(request).status, 200);
}

/// Asks until the saved search is as it should be.
fn until(server: &TestServer, name: &str, is: impl Fn(&Value) -> bool) -> Value {
    let give_up = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let now = server.admin("GET", &format!("/api/searches/{name}")).json();
        if is(&now) {
            return now;
        }
        assert!(std::time::Instant::now() < give_up, "it stays {now}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// The titles that stand in a mail, in order.
fn titles(mail: &Mail) -> Vec<String> {
    let numbered = mail.plain();
    let lines = numbered.lines().filter_map(|line| line.split_once(". "));
    lines.filter(|(number, _)| number.parse::<u32>().is_ok()).map(|(_, title)| title.to_owned()).collect()
}

/// Compares a text with the file `name` of `tests/golden`.
fn assert_golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if text == expected {
        return;
    }
    if std::env::var_os("GISA_BLESS").is_some() {
        fs::write(&path, text).unwrap();
        eprintln!("wrote {}: read the difference before you commit it", path.display());
        return;
    }
    panic!("a mail is not as in {}; if that is meant, set GISA_BLESS=1. It is now\n{text}", path.display());
}

#[test]
fn a_mail_tells_people_what_came() {
    let mails = MailServer::start();
    let server = server_with(&mails, |file| {
        file.server.public_url = "https://intranet.newsroom.example/news/".to_owned();
    });
    let title = "수소트램 <속보> & \"단독\"";
    let params = json!({"q": "수소트램", "outlet": ["가람일보", "나루신문"]});
    let told = ["desk@newsroom.example", "night@newsroom.example"];
    save(&server, "tram", &told, json!({"title": title, "params": params, "paused": true}));
    push(
        &server,
        "a",
        &json!({"title": "수소트램 <1호선> 개통 & 시승", "outlet": "가람일보", "published_at": "2026-02-05T10:58:19+09:00",
            "url": "https://garam.example/a?x=1&y=2",
            "body": "가람시는 5일 수소트램 1호선을 개통했다. 요금은 정해지지 않았다. 시민 200명이 <수소트램>을 먼저 타 봤다."}),
    );
    push(
        &server,
        "naru%2F7",
        &json!({"title": "버스 노선 개편", "outlet": "나루신문", "published_at": "2026-02-05T23:30:00Z",
            "body": "수소트램이 다니는 길의 버스 노선을 줄인다고 나루시가 밝혔다."}),
    );
    push(
        &server,
        "old",
        &json!({"title": "수소트램 도입 결정", "outlet": "가람일보", "url": "javascript:alert(1)",
            "body": "수소트램을 들이기로 시가 정했다."}),
    );
    save(&server, "tram", &told, json!({"title": title, "params": params}));
    let mut came = [mails.next(), mails.next()];
    came.sort_by_key(|mail| mail.to.clone());
    let [desk, night] = came;
    assert_eq!(
        (desk.to.as_slice(), night.to.as_slice()),
        (&[told[0].to_owned()][..], &[told[1].to_owned()][..])
    );
    assert_eq!(desk.from, "gisa@newsroom.example");
    assert!(!desk.source.contains("night@"), "who else is told stays unsaid");
    assert_eq!((desk.plain(), desk.html()), (night.plain(), night.html()));
    assert_ne!(desk.header("message-id"), night.header("message-id"));
    assert!(desk.source.is_ascii(), "servers that know no 8BITMIME take it too");
    assert!(desk.header("content-type").unwrap().starts_with("multipart/alternative"));
    let fields = ["From", "To", "Subject", "Auto-Submitted", "X-Gisa-Sequence"];
    let head: String =
        fields.iter().map(|name| format!("{name}: {}\n", desk.header(name).unwrap_or_default())).collect();
    assert_golden("mail.txt", &format!("{head}\n{}", desk.plain()));
    assert_golden("mail.html", &desk.html());
    let found = until(&server, "tram", |found| found["deliveries"].as_array().unwrap().len() == 2);
    assert_eq!(found["deliver"], json!([{"kind": "email", "to": told}]));
    assert_eq!(found["deliveries"][0]["hits"], 3);
    assert!(found["deliveries"][0]["url"].as_str().unwrap().starts_with("mailto:"), "{found}");
}

#[test]
fn a_mail_that_is_not_accepted_is_sent_again_and_its_failure_shown() {
    let mails = MailServer::start();
    mails.answer_with(["451 4.3.0 저장할 곳이 없습니다", "250 2.0.0 taken"]);
    let server = server(&mails);
    save(&server, "tram", &["desk@newsroom.example"], json!({}));
    push_titled(&server, "a", "수소트램 개통");
    let first = mails.next();
    assert!(first.answer.starts_with("451"));
    let mended = until(&server, "tram", |found| {
        found["failing"] == json!([]) && found["deliveries"].as_array().unwrap().len() == 2
    });
    let second = mails.next();
    assert_eq!(
        (titles(&first), titles(&second)),
        (vec!["수소트램 개통".to_owned()], vec!["수소트램 개통".to_owned()])
    );
    assert_eq!(first.header("message-id"), second.header("message-id"), "it is the same mail");
    let errors = &mended["deliveries"];
    assert!(errors[0]["error"].is_null(), "{errors}");
    let reason = errors[1]["error"].as_str().unwrap();
    assert!(reason.contains("the mail server answered 451") && reason.contains("저장할 곳이"), "{reason}");
}

#[test]
fn a_mailbox_that_does_not_exist_holds_up_no_other() {
    let mails = MailServer::start_with(Rules { unknown: Some("gone@newsroom.example"), ..Rules::default() });
    let server = server(&mails);
    save(&server, "tram", &["gone@newsroom.example", "desk@newsroom.example"], json!({}));
    push_titled(&server, "a", "수소트램 개통");
    assert_eq!(mails.next().to, ["desk@newsroom.example"]);
    let found = until(&server, "tram", |found| !found["failing"].as_array().unwrap().is_empty());
    assert_eq!(found["failing"][0]["url"], "mailto:gone@newsroom.example");
    let reason = found["failing"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("550") && reason.contains("no such mailbox"), "{reason}");
    assert!(mails.rest().is_empty(), "who was told is not told again");
}

#[test]
fn a_mail_server_that_is_down_holds_up_no_webhook() {
    let (mails, receiver) = (MailServer::start(), Receiver::start());
    let server = server_with(&mails, |file| file.alerts.smtp_port = 1);
    let deliver = json!([{"kind": "email", "to": ["desk@newsroom.example"]}, {"kind": "webhook", "url": receiver.url("/")}]);
    save(&server, "tram", &[], json!({"deliver": deliver}));
    push_titled(&server, "a", "수소트램 개통");
    assert_eq!(receiver.next().ids(), ["a"]);
    let found = until(&server, "tram", |found| !found["failing"].as_array().unwrap().is_empty());
    assert_eq!(found["failing"].as_array().unwrap().len(), 1, "{found}");
    assert!(found["failing"][0]["reason"].as_str().unwrap().contains("refused"), "{found}");
}

#[test]
fn a_password_goes_only_over_a_secure_connection_to_a_server_that_is_known() {
    let authority = Authority::new();
    let secure = authority.server(&["127.0.0.1"]);
    let login = Some(("gisa", "열려라 참깨"));
    let newsroom = newsroom();
    let ca_file = authority.write(newsroom.path());
    fs::write(newsroom.path().join("password"), "열려라 참깨\n").unwrap();
    let start = |newsroom: Newsroom, mails: &MailServer, security: MailSecurity, trusts: bool| {
        let server = TestServer::start_with(newsroom, |file| {
            mails.configure(file);
            file.alerts.smtp_security = security;
            file.alerts.smtp_user = "gisa".to_owned();
            file.alerts.smtp_password_file = "password".into();
            if trusts {
                file.alerts.ca_file = ca_file.clone();
            }
        });
        save(&server, "tram", &["desk@newsroom.example"], json!({}));
        let tried = server.admin("POST", "/api/searches/tram/test").json();
        (server, tried["deliveries"][0]["error"].as_str().unwrap_or_default().to_owned())
    };
    let starttls = Rules { starttls: Some(secure.clone()), login, ..Rules::default() };
    let mails = MailServer::start_with(starttls.clone());
    let (server, error) = start(newsroom, &mails, MailSecurity::Starttls, true);
    assert_eq!(error, "");
    assert!(mails.next().is_secure);
    let (server, error) = start(server.into_newsroom(), &mails, MailSecurity::Starttls, false);
    assert!(
        error.contains("an authority that is not known here") && error.contains("alerts.ca_file"),
        "{error}"
    );
    let beginning = MailServer::start_with(Rules { tls: Some(secure), login, ..Rules::default() });
    let (server, error) = start(server.into_newsroom(), &beginning, MailSecurity::Tls, true);
    assert_eq!(error, "");
    assert!(beginning.next().is_secure);
    let unsecured = MailServer::start_with(Rules { login, ..Rules::default() });
    let (server, error) = start(server.into_newsroom(), &unsecured, MailSecurity::Starttls, true);
    assert!(error.contains("STARTTLS is not supported"), "{error}");
    let elsewhere =
        Rules { starttls: Some(authority.server(&["mail.elsewhere.example"])), login, ..Rules::default() };
    let elsewhere = MailServer::start_with(elsewhere);
    let (server, error) = start(server.into_newsroom(), &elsewhere, MailSecurity::Starttls, true);
    assert!(error.contains("its certificate is for another name"), "{error}");
    fs::write(server.newsroom.path().join("password"), "아니다\n").unwrap();
    let (server, error) = start(server.into_newsroom(), &mails, MailSecurity::Starttls, true);
    assert!(error.contains("535") && !error.contains("아니다"), "{error}");
    let shown = server.admin("GET", "/api/searches").text;
    assert!(!shown.contains("아니다") && !shown.contains("참깨"), "{shown}");
    assert!(mails.rest().is_empty() && elsewhere.rest().is_empty() && unsecured.rest().is_empty());
}

/// A time of day in Korea, so many minutes from now, as the settings have it; with the moment.
fn in_minutes(minutes: i64) -> (String, Timestamp) {
    let minute = Timestamp::now().seconds().div_euclid(60) + minutes;
    let of_day = (minute + i64::from(KST.whole_seconds()) / 60).rem_euclid(24 * 60);
    (format!("{:02}:{:02}", of_day / 60, of_day % 60), Timestamp::from_seconds(minute * 60))
}

#[test]
fn what_comes_during_the_day_is_one_mail() {
    let (mails, receiver) = (MailServer::start(), Receiver::start());
    let server = server_with(&mails, |file| file.alerts.daily_at = in_minutes(12 * 60).0);
    save(&server, "tram", &["desk@newsroom.example"], json!({"when": "daily"}));
    save(&server, "at-once", &[], json!({"deliver": [{"kind": "webhook", "url": receiver.url("/")}]}));
    for number in 0..3 {
        push_titled(&server, &format!("a{number}"), &format!("수소트램 {number}호차 납품"));
        assert_eq!(receiver.next().ids(), [format!("a{number}")]);
    }
    assert!(mails.rest().is_empty(), "the day is not over");
    save(&server, "tram", &["desk@newsroom.example"], json!({"when": "at_once"}));
    let mail = mails.next();
    assert_eq!(titles(&mail), ["수소트램 0호차 납품", "수소트램 1호차 납품", "수소트램 2호차 납품"]);
    assert_eq!(mail.header("subject").unwrap(), "수소트램: 새 기사 3건");
    assert!(mails.rest().is_empty());
}

#[test]
fn what_is_daily_comes_at_its_minute_and_all_of_it_although_some_failed() {
    let (mails, receiver) = (MailServer::start(), Receiver::start());
    mails.answer_with(["421 4.3.2 later"]);
    // The next minute but one: this one may be over before the server listens.
    let (daily_at, due) = in_minutes(1);
    let (daily_at, due) =
        if due.seconds() - Timestamp::now().seconds() < 20 { in_minutes(2) } else { (daily_at, due) };
    let server = server_with(&mails, |file| file.alerts.daily_at = daily_at);
    let deliver = json!([{"kind": "email", "to": ["desk@newsroom.example"]}, {"kind": "webhook", "url": receiver.url("/")}]);
    save(&server, "tram", &[], json!({"when": "daily", "deliver": deliver}));
    push_many(&server, 130);
    let refused = mails.next();
    assert!(Timestamp::now() >= due && refused.answer.starts_with("421"));
    assert_eq!(mails.next().header("subject").unwrap(), "수소트램: 새 기사 130건");
    // What one delivery cannot hold does not wait for the next day either.
    assert_eq!((receiver.next().ids().len(), receiver.next().ids().len()), (100, 30));
}

#[test]
fn a_mail_shows_fifty_hits_and_counts_the_others() {
    let mails = MailServer::start();
    let server = server(&mails);
    save(&server, "tram", &["desk@newsroom.example"], json!({"paused": true}));
    push_many(&server, 73);
    save(&server, "tram", &["desk@newsroom.example"], json!({}));
    let mail = mails.next();
    assert_eq!(mail.header("subject").unwrap(), "수소트램: 새 기사 73건");
    let shown: Vec<String> = (0..50).map(|number| format!("수소트램 {number}호차")).collect();
    assert_eq!(titles(&mail), shown);
    assert!(mail.plain().contains("이 밖에 새 기사 23건이 더 있습니다."), "{}", mail.plain());
    assert!(mail.html().contains("이 밖에 새 기사 23건이 더 있습니다."));
    assert_eq!(mail.sequences(), (1, 73));
    let found = until(&server, "tram", |found| found["deliveries"][0]["hits"] == 73);
    assert_eq!(found["last_sequence"], 73, "what is counted is told");
    assert!(
        !mail.plain().contains("http"),
        "without an address of its own it leads nowhere: {}",
        mail.plain()
    );
}

#[test]
fn after_a_restart_nobody_gets_a_mail_again() {
    let mails = MailServer::start();
    let server = server(&mails);
    save(&server, "tram", &["desk@newsroom.example"], json!({}));
    push_titled(&server, "a", "수소트램 개통");
    assert_eq!(titles(&mails.next()), ["수소트램 개통"]);
    until(&server, "tram", |found| found["deliveries"][0].is_object());
    let server = server.restart();
    push_titled(&server, "b", "수소트램 증편");
    assert_eq!(titles(&mails.next()), ["수소트램 증편"]);
    assert!(mails.rest().is_empty());
}

#[test]
fn a_test_says_that_it_is_one() {
    let mails = MailServer::start();
    let server = server(&mails);
    save(&server, "tram", &["desk@newsroom.example"], json!({"when": "daily"}));
    let tried = server.admin("POST", "/api/searches/tram/test").json();
    assert_eq!(tried["deliveries"], json!([{"url": "mailto:desk@newsroom.example", "error": null}]));
    let mail = mails.next();
    assert_eq!(mail.header("subject").unwrap(), "[시험] 수소트램: 새 기사 1건");
    assert!(
        mail.plain().contains("시험으로 보낸 메일입니다") && mail.html().contains("시험으로 보낸 메일입니다")
    );
    assert_eq!(
        (titles(&mail), mail.header("x-gisa-sequence")),
        (vec!["수소트램 도입 논의".to_owned()], None)
    );
    save(&server, "none", &["desk@newsroom.example"], json!({"params": {"q": "비행선"}}));
    server.admin("POST", "/api/searches/none/test").json();
    let mail = mails.next();
    assert!(mail.plain().contains("이 검색에 맞는 기사가 없습니다"), "{}", mail.plain());
}

#[test]
fn what_cannot_be_mailed_cannot_be_saved() {
    let unset = TestServer::start_with(newsroom(), |_| {});
    let body = |to: Value| json!({"title": "수소트램", "deliver": [{"kind": "email", "to": to}]});
    let refused = |server: &TestServer, to: Value| {
        let problem = send(server, "PUT", "/api/searches/tram", &body(to)).problem(400, "bad_body");
        problem["detail"].as_str().unwrap().to_owned()
    };
    let reason = refused(&unset, json!(["desk@newsroom.example"]));
    assert!(reason.contains("alerts.smtp_host") && reason.contains("config.toml"), "{reason}");
    let mails = MailServer::start();
    let server = server(&mails);
    for to in [
        json!(["desk"]),
        json!(["desk@newsroom.example\r\nBcc: all@newsroom.example"]),
        json!(["Desk <desk@newsroom.example>"]),
        json!([]),
        json!("desk@newsroom.example"),
        json!((0..21).map(|number| format!("a{number}@newsroom.example")).collect::<Vec<_>>()),
    ] {
        let reason = refused(&server, to);
        assert!(reason.contains("to") || reason.contains("deliver"), "{reason}");
    }
    let title = json!({"title": "수소트램\r\nBcc: all@newsroom.example", "params": {"q": "수소트램"}});
    send(&server, "PUT", "/api/searches/tram", &title).problem(400, "bad_body");
    assert_eq!(server.admin("GET", "/api/searches").json()["searches"], json!([]));
}
