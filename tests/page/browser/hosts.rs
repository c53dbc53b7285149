//! What stands around gisa in a newsroom: another site that embeds it, and a reverse proxy before it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A name for this machine that browsers do not take for their own: pages from there come over plain http, as in a closed network.
pub const PLAIN: &str = "newsroom.example";

/// Answers every connection with `answer(request line, head)` in a thread of its own, for as long as the test process lives.
fn serve(answer: impl Fn(TcpStream) + Send + Sync + Clone + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            std::thread::spawn(move || answer(stream));
        }
    });
    origin
}

/// The lines of a request's head, and its body.
fn read_request(stream: &TcpStream) -> Option<(Vec<String>, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        head.push(line);
    }
    let length = head
        .iter()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// A reverse proxy that has `upstream` (an address and port) under `path`; returns the address of that path. Everything else
/// is 404, so that an absolute URL does not go unnoticed.
pub fn proxy(upstream: String, path: &'static str) -> String {
    let origin = serve(move |mut stream| {
        let Some((head, body)) = read_request(&stream) else { return };
        let mut parts = head[0].split(' ');
        let (method, target) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let Some(inside) = target.strip_prefix(path).filter(|inside| inside.starts_with('/')) else {
            let _ = stream.write_all(
                b"HTTP/1.1 404 Not Found\r\ncontent-length: 7\r\nconnection: close\r\n\r\noutside",
            );
            return;
        };
        let mut request = format!("{method} {inside} HTTP/1.1\r\nconnection: close\r\n");
        for line in &head[1..] {
            if !line.to_ascii_lowercase().starts_with("connection:") {
                request.push_str(line);
                request.push_str("\r\n");
            }
        }
        let Ok(mut server) = TcpStream::connect(&upstream) else { return };
        let sent =
            server.write_all(format!("{request}\r\n").as_bytes()).and_then(|()| server.write_all(&body));
        if sent.is_ok() {
            let _ = std::io::copy(&mut server, &mut stream);
        }
    });
    format!("{origin}{path}/")
}

/// A site of another origin whose page is set when it is known.
pub struct Site {
    /// Scheme, host and port.
    pub origin: String,
    page: Arc<Mutex<String>>,
}

impl Site {
    /// What it shows from now on.
    pub fn show(&self, page: String) {
        *self.page.lock().unwrap() = page;
    }
}

/// A site whose answers carry `headers`, lines without their ends.
pub fn site(headers: &'static [&'static str]) -> Site {
    let page = Arc::new(Mutex::new(String::new()));
    let shown = Arc::clone(&page);
    let origin = serve(move |mut stream| {
        if read_request(&stream).is_none() {
            return;
        }
        let page = shown.lock().unwrap().clone();
        let mut head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n",
            page.len()
        );
        for header in headers {
            head.push_str(header);
            head.push_str("\r\n");
        }
        let _ = stream.write_all(format!("{head}\r\n{page}").as_bytes());
    });
    Site { origin, page }
}
