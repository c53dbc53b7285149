//! A receiver of webhooks on a port of its own, which answers as a test wants.
#![allow(dead_code, reason = "each of the test binaries uses a part of it")]

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

/// How long a delivery is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a receiver answers to one request.
#[derive(Debug, Clone)]
pub enum Reply {
    Status(u16),
    /// 307 to this address.
    Redirect(String),
    /// Nothing, with the connection open.
    Silence,
}

/// A request that came in.
#[derive(Debug, Clone)]
pub struct Received {
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The ids of its hits, in order.
    pub fn ids(&self) -> Vec<String> {
        let hits = self.json()["hits"].as_array().unwrap().clone();
        hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
    }
}

/// A receiver. Where nothing else is said it answers 200.
pub struct Receiver {
    address: SocketAddr,
    is_secure: bool,
    received: mpsc::Receiver<Received>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

impl Receiver {
    pub fn start() -> Self {
        Self::listen(None)
    }

    /// One that is reached over https.
    pub fn start_secure(config: Arc<ServerConfig>) -> Self {
        Self::listen(Some(config))
    }

    fn listen(secure: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let replies: Arc<Mutex<VecDeque<Reply>>> = Arc::default();
        let (sender, received) = mpsc::channel();
        let answering = Arc::clone(&replies);
        let is_secure = secure.is_some();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (sender, replies) = (sender.clone(), Arc::clone(&answering));
                let secure = secure.clone();
                std::thread::spawn(move || match secure {
                    None => answer(stream, &sender, &replies),
                    Some(config) => {
                        let secure = ServerConnection::new(config).unwrap();
                        answer(StreamOwned::new(secure, stream), &sender, &replies);
                    }
                });
            }
        });
        Self { address, is_secure, received, replies }
    }

    /// An address of it.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.address)
    }

    /// The next requests are answered like this, each once; those after them with 200.
    pub fn reply_with(&self, replies: impl IntoIterator<Item = Reply>) {
        self.replies.lock().unwrap().extend(replies);
    }

    /// Waits for the next request.
    pub fn next(&self) -> Received {
        self.received.recv_timeout(PATIENCE).expect("nothing was delivered")
    }

    /// What has come in and was not asked for yet.
    pub fn rest(&self) -> Vec<Received> {
        self.received.try_iter().collect()
    }
}

/// An address at which nobody listens.
pub fn deserted() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/gone", listener.local_addr().unwrap())
}

fn answer(stream: impl Read + Write, sender: &mpsc::Sender<Received>, replies: &Mutex<VecDeque<Reply>>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let reply = replies.lock().unwrap().pop_front().unwrap_or(Reply::Status(200));
        let _ = sender.send(request);
        let text = match reply {
            Reply::Status(status) => format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\n\r\nok"),
            Reply::Redirect(to) => {
                format!("HTTP/1.1 307 X\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
            }
            Reply::Silence => {
                // Until the other side gives up.
                let _ = reader.read(&mut [0]);
                return;
            }
        };
        if reader.get_mut().write_all(text.as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<impl Read>) -> Option<Received> {
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line.trim_end().to_owned())
    };
    let first = line()?;
    let mut headers = Vec::new();
    loop {
        let next = line()?;
        let Some((name, value)) = next.split_once(':') else { break };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or("0", |(_, value)| value);
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    Some(Received { path, headers, body })
}
