//! A small blocking client for a cluster: JSON over HTTP, many nodes, one deadline a request.
//!
//! The official crate is asynchronous, knows one node and neither retries nor limits times by itself. Archives are asked on threads that
//! may block, and the HTTP library is here already.

use std::fmt;
use std::time::{Duration, Instant};

use base64::Engine as _;
use serde_json::Value;
use ureq::http::{Method, Request};

use super::error::ClusterError;
use super::nodes::Nodes;
use super::reply::{Shards, failure, judged};
use super::trust::Trust;
use crate::query::archive::Deadline;

/// How long to wait for a connection.
const CONNECT: Duration = Duration::from_secs(3);
/// How long to wait for an answer where nobody set a deadline: a fill's request may take long.
const PATIENCE: Duration = Duration::from_secs(120);
/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: u64 = 512 << 20;

/// As whom the cluster is asked. Passwords and keys are never printed.
#[derive(Clone, Default)]
pub enum Credentials {
    /// As nobody.
    #[default]
    None,
    /// As a user with a password.
    User {
        /// The name.
        name: String,
        /// The password.
        password: String,
    },
    /// With a key of the cluster's.
    ApiKey(String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::User { name, .. } => write!(f, "User({name}, …)"),
            Self::ApiKey(_) => f.write_str("ApiKey(…)"),
        }
    }
}

impl Credentials {
    fn header(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::User { name, password } => {
                let pair = base64::engine::general_purpose::STANDARD.encode(format!("{name}:{password}"));
                Some(format!("Basic {pair}"))
            }
            Self::ApiKey(key) => Some(format!("ApiKey {key}")),
        }
    }
}

/// Whether a request may be sent once more where it is not known whether the first was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    /// It changes nothing, or the same each time.
    Harmless,
    /// It must not be.
    No,
}

/// Whose counts of a term a score is made of. It makes no difference where nothing is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statistics {
    /// Those of the shard that an article is in.
    OfEachShard,
    /// Those of all shards together, which have to be asked for first.
    OfAllShards,
}

impl Statistics {
    fn search_type(self) -> &'static str {
        match self {
            Self::OfEachShard => "query_then_fetch",
            Self::OfAllShards => "dfs_query_then_fetch",
        }
    }
}

/// A client for one cluster. Can be shared by threads.
pub struct Client {
    agent: ureq::Agent,
    nodes: Nodes,
    authorization: Option<String>,
}

impl Client {
    /// A client for the cluster whose nodes are at `urls`, each `http://host:port`. Nothing is asked yet.
    ///
    /// # Errors
    /// [`ClusterError::Address`].
    pub fn new(urls: &[String], credentials: &Credentials) -> Result<Self, ClusterError> {
        Self::trusting(urls, credentials, &Trust::default())
    }

    /// The same where some are `https://host:port`, with certificates that `trust` vouches for.
    ///
    /// # Errors
    /// [`ClusterError::Address`]; [`ClusterError::Roots`] for `https` where nobody is trusted.
    pub fn trusting(urls: &[String], credentials: &Credentials, trust: &Trust) -> Result<Self, ClusterError> {
        if trust.is_empty() && urls.iter().any(|url| url.starts_with("https://")) {
            return Err(ClusterError::Roots { reason: "`https` needs `ca_file`".to_owned() });
        }
        let settings = ureq::Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .tls_config(trust.settings())
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .build();
        let authorization = credentials.header();
        Ok(Self { agent: settings.into(), nodes: Nodes::new(urls)?, authorization })
    }

    /// The answer to a question of which any node may be asked again.
    pub(super) fn ask(&self, path: &str, body: &Value, deadline: Deadline) -> Result<Value, ClusterError> {
        self.send(Method::POST, path, Some(body.to_string()), Again::Harmless, deadline)
    }

    /// What is at `path`.
    pub(super) fn get(&self, path: &str, deadline: Deadline) -> Result<Value, ClusterError> {
        self.send(Method::GET, path, None, Again::Harmless, deadline)
    }

    /// The answer to a search in `index`, whole.
    pub(super) fn search(
        &self,
        index: &str,
        body: &Value,
        deadline: Deadline,
    ) -> Result<Value, ClusterError> {
        let path = format!("/{index}/_search?allow_partial_search_results=false{}", timeout(deadline));
        judged(self.ask(&path, body, deadline)?, Shards::All)
    }

    /// The answer of `shards` to a search in what was to be seen at one moment ([`super::point`]).
    pub(super) fn search_at(
        &self,
        point: &Value,
        body: &Value,
        statistics: Statistics,
        shards: Shards,
        deadline: Deadline,
    ) -> Result<Value, ClusterError> {
        let path = format!(
            "/_search?allow_partial_search_results={}&search_type={}{}",
            shards == Shards::Alive,
            statistics.search_type(),
            timeout(deadline)
        );
        judged(self.ask(&path, &at(point, body), deadline)?, shards)
    }

    /// The answers to several such searches, in their order.
    pub(super) fn searches_at(
        &self,
        point: &Value,
        bodies: &[Value],
        shards: Shards,
        deadline: Deadline,
    ) -> Result<Vec<Value>, ClusterError> {
        if bodies.is_empty() {
            return Ok(Vec::new());
        }
        let head = serde_json::json!({"allow_partial_search_results": shards == Shards::Alive});
        let lines: String = bodies.iter().map(|body| format!("{head}\n{}\n", at(point, body))).collect();
        let mut answer = self.send(Method::POST, "/_msearch", Some(lines), Again::Harmless, deadline)?;
        let answers = match answer.get_mut("responses").map(Value::take) {
            Some(Value::Array(answers)) if answers.len() == bodies.len() => answers,
            _ => {
                return Err(ClusterError::Unreadable {
                    what: "answers of a multiple search are missing".to_owned(),
                });
            }
        };
        answers.into_iter().map(|answer| judged(answer, shards)).collect()
    }

    /// Puts `body` at `path`, which is the same each time.
    pub(super) fn put(&self, path: &str, body: &Value, deadline: Deadline) -> Result<Value, ClusterError> {
        self.send(Method::PUT, path, Some(body.to_string()), Again::Harmless, deadline)
    }

    /// The document `id` of `index` as it was written last, whether searches see it or not; `None` where there is none.
    pub(super) fn document(
        &self,
        index: &str,
        id: &str,
        deadline: Deadline,
    ) -> Result<Option<Value>, ClusterError> {
        match self.get(&format!("/{index}/_doc/{id}"), deadline) {
            Ok(mut found) => Ok(found.get_mut("_source").map(Value::take)),
            Err(ClusterError::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends a request to one node after another until one answers; only a harmless one goes to a second.
    pub(super) fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        again: Again,
        deadline: Deadline,
    ) -> Result<Value, ClusterError> {
        let most = if again == Again::Harmless { self.nodes.count() + 1 } else { 1 };
        let mut last = String::new();
        for _ in 0..most {
            let left = match deadline.left() {
                Some(left) if left.is_zero() => return Err(ClusterError::Deadline),
                Some(left) => left,
                None => PATIENCE,
            };
            let (number, url) = self.nodes.pick(Instant::now());
            match self.once(&method, &format!("{url}{path}"), body.as_deref(), left) {
                Ok((status, answer)) => {
                    self.nodes.answered(number);
                    return match failure(status, &answer) {
                        None => Ok(answer),
                        Some(error) => Err(error),
                    };
                }
                Err(ureq::Error::Timeout(ureq::Timeout::Global)) => {
                    // Perhaps the query was slow; perhaps the node hangs, and would take its share of all searches.
                    self.nodes.silent(number, Instant::now());
                    return Err(ClusterError::Deadline);
                }
                Err(error) => {
                    self.nodes.silent(number, Instant::now());
                    last = format!("{url}: {error}");
                }
            }
        }
        Err(ClusterError::Unreachable { tried: most, last })
    }

    fn once(
        &self,
        method: &Method,
        url: &str,
        body: Option<&str>,
        left: Duration,
    ) -> Result<(u16, Value), ureq::Error> {
        let mut request = Request::builder().method(method.clone()).uri(url);
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let lines = body.is_some_and(|body| body.ends_with('\n'));
        let content = if lines { "application/x-ndjson" } else { "application/json" };
        let mut answer = match body {
            Some(body) => {
                let request = request.header("content-type", content).body(body.to_owned())?;
                let request = self.agent.configure_request(request).timeout_global(Some(left)).build();
                self.agent.run(request)?
            }
            None => {
                let request =
                    self.agent.configure_request(request.body(())?).timeout_global(Some(left)).build();
                self.agent.run(request)?
            }
        };
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(LARGEST_ANSWER).read_to_vec()?;
        // A proxy answers in its own words: its status says enough.
        let plain = || Value::String(String::from_utf8_lossy(&body).chars().take(200).collect());
        let json = serde_json::from_slice(&body);
        Ok((status, json.unwrap_or_else(|_| serde_json::json!({"error": plain()}))))
    }
}

/// `body`, asked of what was to be seen at `point`.
fn at(point: &Value, body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(body) = body.as_object_mut() {
        body.insert("pit".to_owned(), point.clone());
    }
    body
}

/// The parameter that lets shards give up when nobody waits any more.
fn timeout(deadline: Deadline) -> String {
    let left = deadline.left().map(|left| format!("&timeout={}ms", left.as_millis().max(1)));
    left.unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::string_slice)]
mod tests {
    use super::*;
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};
    use std::time::Instant;

    /// A node that gives these answers, one a connection, and then is gone. What it was asked, once it is.
    fn node(answers: Vec<(u16, &'static str)>) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = std::thread::spawn(move || {
            let mut asked = Vec::new();
            for (status, body) in answers {
                let (mut stream, _) = listener.accept().unwrap();
                asked.push(request(&stream));
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
            }
            asked
        });
        (url, serving)
    }

    /// A request with its body: whoever closes before all is read may take back what it answered.
    fn request(stream: &TcpStream) -> String {
        let mut lines = BufReader::new(stream);
        let (mut request, mut length) = (String::new(), 0);
        while !request.ends_with("\r\n\r\n") {
            let before = request.len();
            lines.read_line(&mut request).unwrap();
            let header = request[before..].to_lowercase();
            length =
                header.strip_prefix("content-length:").map_or(length, |text| text.trim().parse().unwrap());
        }
        let mut body = vec![0; length];
        lines.read_exact(&mut body).unwrap();
        request + &String::from_utf8_lossy(&body)
    }

    /// The address of a node that is not there.
    fn nobody() -> String {
        format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap())
    }

    #[test]
    fn where_a_node_is_gone_another_is_asked_and_it_says_who_asks() {
        let (url, serving) = node(vec![(200, "{\"it\": \"answers\"}")]);
        let user = Credentials::User { name: "gisa".to_owned(), password: "pw".to_owned() };
        let client = Client::new(&[nobody(), url], &user).unwrap();
        let answer = client.get("/", Deadline::NONE).unwrap();
        assert_eq!(answer.get("it").and_then(Value::as_str), Some("answers"));
        let asked = serving.join().unwrap().concat().to_lowercase();
        assert!(asked.contains("authorization: basic z2lzytpwdw=="), "{asked}");
    }

    #[test]
    fn what_must_not_be_sent_twice_is_not() {
        let (url, serving) = node(vec![(200, "{}")]);
        let client = Client::new(&[nobody(), url.clone()], &Credentials::None).unwrap();
        let sent = client.send(Method::POST, "/x/_bulk", Some("{}\n".to_owned()), Again::No, Deadline::NONE);
        assert!(matches!(sent, Err(ClusterError::Unreachable { tried: 1, .. })), "{sent:?}");
        Client::new(&[url], &Credentials::None).unwrap().get("/", Deadline::NONE).unwrap();
        assert_eq!(serving.join().unwrap().len(), 1);
    }

    #[test]
    fn errors_and_parts_are_told_apart_from_answers() {
        let part = "{\"timed_out\": false, \"_shards\": {\"total\": 3, \"successful\": 2}, \"hits\": {}}";
        let (url, serving) = node(vec![(200, part), (401, "<html>no</html>")]);
        let client = Client::new(&[url], &Credentials::ApiKey("key".to_owned())).unwrap();
        let body = serde_json::json!({"size": 0});
        let partial = client.search("news", &body, Deadline::NONE);
        assert!(matches!(partial, Err(ClusterError::Partial { successful: 2, total: 3 })), "{partial:?}");
        let refused = client.search("news", &body, Deadline::NONE);
        assert!(matches!(refused, Err(ClusterError::Unauthorized { status: 401, .. })), "{refused:?}");
        assert!(
            serving.join().unwrap().iter().all(|asked| asked.contains("allow_partial_search_results=false"))
        );
    }

    #[test]
    fn a_deadline_that_has_passed_asks_nobody() {
        let client = Client::new(&[nobody()], &Credentials::None).unwrap();
        let passed = Deadline::new(Some(Instant::now()));
        assert!(matches!(client.get("/", passed), Err(ClusterError::Deadline)));
    }
}
