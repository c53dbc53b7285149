//! A newsroom in a temporary folder: articles, index, and the real router on a port of its own.
#![allow(dead_code, reason = "each of the test binaries uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gisa::config::{Config, ConfigFile, Overrides};
use gisa::http::{self, AppState};
use gisa::index::Progress;
use gisa::korean::dictionary;
use gisa::service::{Access, Job, Jobs, Service};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::folders::temporary;

/// Nothing that is waited for takes so long, on any machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The token for administration of every test server.
pub const TOKEN: &str = "test-token-0123456789";

/// What clients of tests are made of. The library has TLS without the cryptography for it: the program gives its own, and tests must too.
pub fn client() -> reqwest::blocking::ClientBuilder {
    // Fails where it is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::blocking::Client::builder()
}

/// A data folder and an index folder that vanish with the value.
pub struct Newsroom {
    folder: TempDir,
}

impl Newsroom {
    /// A newsroom whose `articles/first.jsonl` holds `articles`.
    pub fn new(articles: &[Value]) -> Self {
        let newsroom = Self { folder: temporary() };
        fs::create_dir_all(newsroom.articles_dir()).unwrap();
        fs::create_dir_all(newsroom.index_dir()).unwrap();
        newsroom.share_dictionary();
        newsroom.write("first.jsonl", &lines(articles));
        newsroom
    }

    /// A newsroom of [`articles`] with a config file for the real program: a port of its own, and more `settings`.
    pub fn configured(settings: &str) -> Self {
        let newsroom = Self::new(&articles());
        let config = format!("listen = \"127.0.0.1:0\"\n[index]\nthreads = 1\nmemory_mb = 32\n{settings}");
        fs::write(newsroom.path().join("config.toml"), config).unwrap();
        newsroom
    }

    /// Unpacking takes a second and 82 MB: all tests share one unpacked dictionary.
    fn share_dictionary(&self) {
        static SHARED: OnceLock<PathBuf> = OnceLock::new();
        let shared = SHARED.get_or_init(|| {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shared-dictionary");
            fs::create_dir_all(&folder).unwrap();
            dictionary::unpack(&folder).unwrap()
        });
        #[cfg(unix)]
        std::os::unix::fs::symlink(shared, self.index_dir().join(shared.file_name().unwrap())).unwrap();
    }

    /// The folder that holds everything.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn articles_dir(&self) -> PathBuf {
        self.path().join("data/articles")
    }

    pub fn index_dir(&self) -> PathBuf {
        self.path().join("index")
    }

    /// Drops a file into the articles folder.
    pub fn write(&self, name: &str, content: &str) {
        fs::write(self.articles_dir().join(name), content).unwrap();
    }

    /// The settings, after `change` to what would stand in config.toml.
    pub fn config(&self, change: impl FnOnce(&mut ConfigFile)) -> Config {
        let mut file = ConfigFile { listen: "127.0.0.1:0".to_owned(), ..ConfigFile::default() };
        file.index.threads = 1;
        file.index.memory_mb = 32;
        // Other tests want the processor too, all the time.
        file.index.niceness = 0;
        // Tests share two cores with the compiler: a deadline that is met there.
        file.search.deadline_ms = 30_000;
        file.search.correction_ms = 30_000;
        change(&mut file);
        let overrides = Overrides { admin_token: Some(TOKEN.to_owned()), ..Overrides::default() };
        file.resolve(self.path(), &overrides).unwrap()
    }
}

/// A running server. Stops, and waits until it has stopped, when dropped.
pub struct TestServer {
    pub newsroom: Newsroom,
    pub service: Arc<Service>,
    base: String,
    client: reqwest::blocking::Client,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    /// Serves an index of `articles`.
    pub fn start(articles: &[Value]) -> Self {
        Self::start_with(Newsroom::new(articles), |_| {})
    }

    /// Serves an index of the newsroom's articles, with changed settings.
    pub fn start_with(newsroom: Newsroom, change: impl FnOnce(&mut ConfigFile)) -> Self {
        let service = Service::open(newsroom.config(change), Access::Write).unwrap();
        if service.serving().is_none() {
            service.reindex(&Progress::default()).unwrap();
        }
        Self::serve(newsroom, service)
    }

    /// Serves what `service` has, if that is nothing yet.
    pub fn serve(newsroom: Newsroom, service: Service) -> Self {
        let service = Arc::new(service);
        let (stop, stopped) = oneshot::channel::<()>();
        let (bound, address) = std::sync::mpsc::channel();
        let token = http::admin_token(service.config()).unwrap();
        let state = AppState::new(Arc::clone(&service), token);
        let thread = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                bound.send(listener.local_addr().unwrap()).unwrap();
                let stop = async move {
                    let _ = stopped.await;
                };
                http::serve(listener, state, stop).await;
            });
        });
        let base = format!("http://{}", address.recv().unwrap());
        let client = client().timeout(PATIENCE).build().unwrap();
        Self { newsroom, service, base, client, stop: Some(stop), thread: Some(thread) }
    }

    /// Stops the server, waits until it has stopped, and gives its folders back.
    pub fn into_newsroom(mut self) -> Newsroom {
        self.stop();
        let newsroom = std::mem::replace(&mut self.newsroom, Newsroom { folder: temporary() });
        let service = Arc::clone(&self.service);
        drop(self);
        close(service);
        newsroom
    }

    /// Stops the server, waits until it has stopped, and starts another on the same folders.
    pub fn restart(self) -> Self {
        let config = self.service.config().clone();
        let newsroom = self.into_newsroom();
        let server = Self::serve(newsroom, Service::open(config, Access::Write).unwrap());
        server.wait_until_ready();
        server
    }

    /// Waits until what was pushed before the start is searchable.
    pub fn wait_until_ready(&self) {
        if let Some(status) = self.service.write_status() {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(self.service.searchable(status.durable));
        }
    }

    fn stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let outcome = thread.join();
            if !std::thread::panicking() {
                outcome.unwrap();
            }
        }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// `GET`.
    pub fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path))
    }

    /// `GET` that must succeed, as JSON.
    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    /// A search, as JSON.
    pub fn search(&self, parameters: &[(&str, &str)]) -> Value {
        let answer = self.get(&with_query("/api/search", parameters));
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// Any method, with the token for administration.
    pub fn admin(&self, method: &str, path: &str) -> Answer {
        self.send(self.request(method, path).bearer_auth(TOKEN))
    }

    /// A request to finish and [`send`](Self::send).
    pub fn request(&self, method: &str, path: &str) -> reqwest::blocking::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// The answer to a request whose body is not read: the connection is closed after it, and a client that is still writing then may not see
    /// it. It asks again.
    pub fn send_unread(&self, request: impl Fn() -> reqwest::blocking::RequestBuilder) -> Answer {
        let sent = (0..20).find_map(|_| request().send().ok());
        Self::answer(sent.expect("an answer in one of twenty requests"))
    }

    pub fn send(&self, request: reqwest::blocking::RequestBuilder) -> Answer {
        Self::answer(request.send().unwrap())
    }

    fn answer(response: reqwest::blocking::Response) -> Answer {
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        Answer { status, headers, text: response.text().unwrap() }
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// Waits until no export is being written: each has ended, failed, or lost its client, and has given its permit back.
    /// Metrics are the process's: an export of another server in it counts too.
    pub fn wait_for_exports(&self) {
        let give_up = std::time::Instant::now() + PATIENCE;
        while !self.get("/metrics").text.lines().any(|line| line == "gisa_exports_running 0") {
            assert!(std::time::Instant::now() < give_up, "an export never ended");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// Waits until the job has ended.
    pub fn wait_for(&self, id: &str) -> Job {
        self.wait(|jobs| jobs.get(id).filter(|job| job.state.is_final()))
    }

    /// Waits until the first job has ended: a server without an index starts it by itself.
    pub fn wait_for_first_job(&self) -> Job {
        self.wait(|jobs| jobs.list().pop().filter(|job| job.state.is_final()))
    }

    fn wait(&self, wanted: impl Fn(&Jobs) -> Option<Job>) -> Job {
        wait_for_job(&self.service, wanted)
    }
}

/// Waits until the jobs of an engine give one that is wanted.
pub fn wait_for_job(service: &Service, wanted: impl Fn(&Jobs) -> Option<Job>) -> Job {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut changes = service.jobs().changes();
        loop {
            changes.mark_unchanged();
            if let Some(job) = wanted(service.jobs()) {
                return job;
            }
            tokio::time::timeout(PATIENCE, changes.changed()).await.expect("the job never ended").unwrap();
        }
    })
}

/// Waits until nothing else works with the engine, and ends it: the locks of its folders go with the last that holds it, and
/// the thread of a job lets go a moment after the job has ended.
fn close(mut service: Arc<Service>) {
    let began = Instant::now();
    while let Err(shared) = Arc::try_unwrap(service) {
        assert!(began.elapsed() < PATIENCE, "something still works with a server that has stopped");
        service = shared;
        std::thread::sleep(Duration::from_millis(1));
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Checks that this is a problem document with that status and code, and returns it.
    pub fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:gisa:error:{code}"));
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        problem
    }
}

/// `path` with encoded parameters.
pub fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let url = reqwest::Url::parse_with_params("http://localhost", parameters).unwrap();
    format!("{path}?{}", url.query().unwrap_or_default())
}

/// JSON lines.
pub fn lines(articles: &[Value]) -> String {
    articles.iter().map(|article| format!("{article}\n")).collect()
}

/// Five invented articles from three invented outlets.
pub fn articles() -> Vec<Value> {
    vec![
        json!({"id": "a/1", "title": "시의회, 자전거 도로 예산 통과", "outlet": "새벽신문", "reporters": ["한서리"], "section": "사회",
            "published_at": "2023-06-09T16:53:00+09:00", "url": "https://news.example/a/1",
            "body": "시의회가 자전거 도로를 넓히는 예산을 통과시켰다. 공사는 가을에 시작된다.\n주민들은 환영했다.", "desk": {"number": 3}}),
        json!({"id": "a/2", "title": "자전거 도로 공사 시작", "outlet": "새벽신문", "reporters": ["한서리", "문가람"], "section": "사회",
            "published_at": "2023-10-02T09:00:00+09:00", "body": "지난 여름 통과된 예산으로 자전거 도로 공사가 시작됐다."}),
        json!({"id": "b-1", "title": "반도체 수출 넉 달째 늘어", "outlet": "한낮경제", "reporters": ["도윤슬"], "section": "경제",
            "published_at": "2023-06-10T00:00:00+09:00", "body": "반도체 수출이 넉 달째 늘었다. 수출액은 90억 달러였다."}),
        json!({"id": "b-2", "title": "반도체 공장 준공", "outlet": "한낮경제", "section": "경제",
            "published_at": "2024-01-15T10:30:00+09:00", "body": "새 반도체 공장이 문을 열었다. 자전거로 출근하는 직원도 있다."}),
        json!({"id": "c-1", "title": "날짜 없는 기사", "outlet": "저녁방송", "body": "언제 나왔는지 모르는 이야기다."}),
    ]
}
