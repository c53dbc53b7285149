//! Behind nginx, set up with the lines of OPERATIONS: every address leads back, and nothing is held up or refused on the way.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::folders::temporary;
use crate::newsroom::{Newsroom, TOKEN, TestServer, articles, client};
use crate::outside;
use tempfile::TempDir;

/// Nothing that is waited for takes so long, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running nginx. Ends when dropped.
struct Nginx {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Nginx {
    /// The lines of OPERATIONS around a gisa at `inner`; `None` where there is no nginx.
    fn before(inner: &str, test: &str) -> Option<Self> {
        let operations = document("docs/OPERATIONS.md");
        let lines = operations.split("```nginx\n").nth(1).unwrap().split("```").next().unwrap();
        assert!(lines.contains("http://127.0.0.1:7878$"), "{lines}");
        let lines = lines.replace("127.0.0.1:7878", inner);
        Self::start(test, |port| format!("server {{\nlisten 127.0.0.1:{port};\n{lines}}}\n"))
    }

    /// The proxy before several servers that only read: `inner` is one of them, the other is not there.
    fn of_the_cluster(inner: &str, test: &str) -> Option<Self> {
        let lines = document("docs/cluster/nginx.conf");
        let (servers, listens) = (["reader1:7878", "reader2:7878"], "listen 80;");
        assert!(servers.iter().all(|server| lines.contains(server)) && lines.contains(listens), "{lines}");
        Self::start(test, |port| {
            let lines = lines.replace(listens, &format!("listen 127.0.0.1:{port};"));
            lines.replace(servers[0], &format!("127.0.0.1:{}", free_port())).replace(servers[1], inner)
        })
    }

    /// One with these settings of its `http` part, for the port at which it listens.
    fn start(test: &str, lines: impl FnOnce(u16) -> String) -> Option<Self> {
        let program = outside::program("nginx", test)?;
        let folder = temporary();
        let port = free_port();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let temporary_paths: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {};\n", path(kind)))
            .concat();
        let settings = format!(
            "daemon off;\nmaster_process off;\npid {};\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n\
             {temporary_paths}{}}}\n",
            path("pid"),
            lines(port)
        );
        std::fs::write(folder.path().join("nginx.conf"), settings).unwrap();
        let child = Command::new(program)
            .args(["-e", "stderr", "-p"])
            .arg(folder.path())
            .arg("-c")
            .arg(folder.path().join("nginx.conf"))
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut nginx = Self { child, address: format!("127.0.0.1:{port}"), _folder: folder };
        let began = Instant::now();
        while std::net::TcpStream::connect(&nginx.address).is_err() {
            assert!(nginx.child.try_wait().unwrap().is_none(), "nginx has ended");
            assert!(began.elapsed() < PATIENCE, "nginx never listened");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(nginx)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn document(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// A port that was free a moment ago; whoever takes it meanwhile makes nginx say so.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn start() -> TestServer {
    TestServer::start_with(Newsroom::new(&articles()), |file| {
        file.server.trusted_proxies = vec!["127.0.0.1".to_owned()];
    })
}

/// Addresses of articles are usual ids.
#[test]
fn an_id_with_slashes_stays_what_it_is() {
    let server = start();
    let Some(nginx) = Nginx::before(server.address(), "an_id_with_slashes_stays_what_it_is") else { return };
    let base = format!("http://{}/news/api/articles", nginx.address);
    let client = client().timeout(PATIENCE).build().unwrap();
    for id in ["a%2Fb", "https%3A%2F%2Fnews.example%2Fa%2F1%3Fx=1", "a%2F..%2Fb", "%EA%B0%80%2F%2F%EB%82%98"]
    {
        // As it is written, not as a client would write it anew.
        let address = |rest: &str| format!("{base}/{id}{rest}");
        let article = serde_json::json!({"title": "빗금 있는 번호", "body": "빗금이 있다."});
        let put = client.put(address("?refresh=true")).bearer_auth(TOKEN).json(&article).send().unwrap();
        assert_eq!(put.status(), 200, "{id}");
        let written = put.json::<serde_json::Value>().unwrap()["id"].as_str().unwrap().to_owned();
        assert!(written.contains('/'), "{written}");
        for rest in ["", "/related", "/versions"] {
            assert_eq!(client.get(address(rest)).send().unwrap().status(), 200, "{id}{rest}");
        }
        assert_eq!(client.delete(address("?refresh=true")).bearer_auth(TOKEN).send().unwrap().status(), 200);
        assert_eq!(server.get(&format!("/api/articles/{id}")).status, 404, "{id}");
    }
    assert_eq!(server.get("/api/articles/b").status, 404);
}

#[test]
fn every_address_leads_back_through_the_proxy() {
    let server = start();
    let Some(nginx) = Nginx::before(server.address(), "every_address_leads_back_through_the_proxy") else {
        return;
    };
    let base = format!("http://{}/news", nginx.address);
    let client = client().timeout(PATIENCE).build().unwrap();
    let get = |address: &str| {
        let answer = client.get(address).send().unwrap();
        assert_eq!(answer.status(), 200, "{address}");
        answer.text().unwrap()
    };
    assert!(get(&base).contains("<html"), "the address without the slash leads there");

    let description = get(&format!("{base}/opensearch.xml"));
    let addresses: Vec<&str> =
        description.split(&['"', '>', '<'][..]).filter(|text| text.starts_with("http://127")).collect();
    assert_eq!(addresses.len(), 4, "{description}");
    for address in addresses {
        assert!(address.starts_with(&base), "{address}");
        get(&address.replace("{searchTerms}", "%EC%9E%90%EC%A0%84%EA%B1%B0"));
    }

    let feed = get(&format!("{base}/feed.atom?q=%EC%9E%90%EC%A0%84%EA%B1%B0"));
    let document = roxmltree::Document::parse(&feed).unwrap();
    let links: Vec<&str> = document.descendants().filter_map(|node| node.attribute("href")).collect();
    assert!(links.iter().any(|link| link.starts_with(&format!("{base}/feed.atom?"))), "{links:?}");
    for link in links.iter().filter(|link| !link.starts_with("https://news.example/")) {
        assert!(link.starts_with(&base), "{link}");
        get(link);
    }
}

#[test]
fn large_writes_and_followed_jobs_pass_the_proxy() {
    let server = start();
    let Some(nginx) = Nginx::before(server.address(), "large_writes_and_followed_jobs_pass_the_proxy") else {
        return;
    };
    let base = format!("http://{}/news", nginx.address);
    let client = client().timeout(PATIENCE).build().unwrap();
    let article = format!("{{\"title\": \"긴 기사\", \"body\": \"{}\"}}", "가나다 라마바. ".repeat(200_000));
    assert!(article.len() > 2 << 20, "longer than nginx takes unless told otherwise");
    let put = client.put(format!("{base}/api/articles/long?refresh=true")).bearer_auth(TOKEN).body(article);
    assert_eq!(put.send().unwrap().status(), 200);
    let followed =
        client.post(format!("{base}/api/admin/reindex?follow=true")).bearer_auth(TOKEN).send().unwrap();
    let lines = followed.text().unwrap();
    assert!(lines.lines().last().unwrap().contains("\"succeeded\""), "{lines}");
}

#[test]
fn only_a_listed_proxy_or_the_settings_say_the_address() {
    let describe = |server: &TestServer| {
        let request = server.request("GET", "/opensearch.xml").header("x-forwarded-host", "news.example");
        server.send(request.header("x-forwarded-proto", "https").header("x-forwarded-prefix", "/news")).text
    };
    let feed = |server: &TestServer| server.get("/feed.atom").text;
    let listed = start();
    assert!(describe(&listed).contains("template=\"https://news.example/news/?q={searchTerms}\""));
    let unlisted = TestServer::start(&articles());
    assert!(!describe(&unlisted).contains("news.example"), "anybody can send these headers");
    assert!(feed(&unlisted).contains("href=\"./feed.atom\""), "relative where the address is not known");
    let set = TestServer::start_with(Newsroom::new(&articles()), |file| {
        file.server.public_url = "https://set.example/gisa/".to_owned();
    });
    assert!(describe(&set).contains("template=\"https://set.example/gisa/?q={searchTerms}\""));
    assert!(feed(&set).contains("href=\"https://set.example/gisa/feed.atom\""));
}

/// Of two servers one is away: nobody notices, and ids are what they are.
#[test]
fn the_proxy_of_a_cluster_passes_over_a_server_that_is_away() {
    let server = start();
    let test = "the_proxy_of_a_cluster_passes_over_a_server_that_is_away";
    let Some(nginx) = Nginx::of_the_cluster(server.address(), test) else { return };
    let client = client().timeout(PATIENCE).build().unwrap();
    for _ in 0..8 {
        for path in ["/api/search?q=%EC%9E%90%EC%A0%84%EA%B1%B0", "/", "/ready"] {
            let answer = client.get(format!("http://{}{path}", nginx.address)).send().unwrap();
            assert_eq!(answer.status(), 200, "{path}");
        }
        let absent = client.get(format!("http://{}/api/articles/a%2Fb", nginx.address)).send().unwrap();
        assert_eq!(absent.json::<serde_json::Value>().unwrap()["code"], "article_not_found");
    }
}
