//! A connection that does nothing ends, and a request that HTTP does not allow is told so.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::newsroom::{Newsroom, TOKEN, TestServer, articles};

/// Nothing that is waited for takes so long, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn connect(server: &TestServer) -> TcpStream {
    let stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends and reads until the server closes; an error where it never does.
fn ask(server: &TestServer, request: &str) -> String {
    let mut stream = connect(server);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn connections_that_do_nothing_are_closed() {
    let server = TestServer::start_with(Newsroom::new(&articles()), |file| {
        file.server.header_timeout_s = 1;
        file.server.idle_timeout_s = 2;
    });
    let began = Instant::now();
    // Nothing at all, half a head, and an answered request with nothing after it.
    assert_eq!(ask(&server, ""), "");
    assert_eq!(ask(&server, "GET /live HTTP/1.1\r\nHost: a\r\n"), "");
    assert!(ask(&server, "GET /live HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 200"));
    assert!(began.elapsed() >= Duration::from_secs(1 + 1 + 2), "not before their time");
    // A head that drips: each line in time, the whole of it not.
    let mut dripping = connect(&server);
    let began = Instant::now();
    dripping.write_all(b"GET /live HTTP/1.1\r\nHost: a\r\n").unwrap();
    dripping.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let closed = loop {
        // Every line may be the one that finds the connection closed.
        let open = dripping.write_all(b"X-Line: 1\r\n").is_ok();
        match dripping.read(&mut [0; 64]) {
            Ok(0) => break true,
            Err(error) if open && error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break true,
            Ok(_) => break false,
        }
        assert!(began.elapsed() < PATIENCE, "a head that drips is never closed");
    };
    assert!(closed);
    // Meanwhile a request that takes its time between two requests, but not too much, is served.
    let mut patient = connect(&server);
    for _ in 0..2 {
        patient.write_all(b"GET /live HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert!(patient.read(&mut [0; 4096]).unwrap() > 0);
    }
}

#[test]
fn what_http_does_not_allow_is_refused_with_a_reason() {
    let server = TestServer::start(&articles());
    for head in [
        "GET /live HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /live HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
    ] {
        let answer = ask(&server, head);
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("bad_request"), "{answer}");
    }
    // Old probes send none.
    assert!(ask(&server, "GET /live HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 200"));

    let packed = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0].to_vec();
    for (method, path, kind) in [
        ("POST", "/api/articles", "application/x-ndjson"),
        ("PUT", "/api/articles/x", "application/json"),
        ("POST", "/api/analyze", "application/json"),
    ] {
        let request = server.request(method, path).bearer_auth(TOKEN).header("content-type", kind);
        let answer = server.send(request.header("content-encoding", "gzip").body(packed.clone()));
        answer.problem(415, "unsupported_media_type");
    }
    // The other way to pack it.
    let head = format!(
        "POST /api/articles HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: application/x-ndjson\r\n\
         Transfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n"
    );
    let answer = ask(&server, &head);
    assert!(answer.starts_with("HTTP/1.1 415") && answer.contains("unsupported_media_type"), "{answer}");
    for id in [".", ".."] {
        let line = format!("{{\"id\": \"{id}\", \"title\": \"가\"}}\n");
        let request = server.request("POST", "/api/articles").bearer_auth(TOKEN);
        let answer = server.send(request.header("content-type", "application/x-ndjson").body(line)).json();
        assert_eq!((&answer["accepted"], &answer["refused"][0]["code"]), (&0.into(), &"bad_id".into()));
    }
}

/// Two megabytes each, which nobody reads: beyond a client's share they are not made to wait.
#[test]
fn answers_that_nobody_reads_have_a_limit_in_bytes() {
    let server = TestServer::start(&articles());
    let body = serde_json::json!({"text": "거대".repeat(5000)}).to_string();
    let request = format!(
        "POST /api/analyze HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut unread = Vec::new();
    let refused = (0..200).find_map(|_| {
        let mut stream = connect(&server);
        stream.write_all(request.as_bytes()).unwrap();
        let mut first = [0; 16];
        stream.read_exact(&mut first).unwrap();
        let status = String::from_utf8_lossy(&first[9..12]).into_owned();
        unread.push(stream);
        (status != "200").then_some(status)
    });
    assert_eq!(refused.as_deref(), Some("503"), "after {} answers", unread.len());
    // Half of 256 MB, of some 2 MB each; what the kernel took of each counts no longer.
    assert!((50..120).contains(&unread.len()), "{}", unread.len());
    assert_eq!(server.get("/api/search?q=자전거").status, 200, "small answers are made all the same");
    drop(unread);
    let began = Instant::now();
    let large = || {
        server.send(
            server
                .request("POST", "/api/analyze")
                .header("content-type", "application/json")
                .body(body.clone()),
        )
    };
    while large().status != 200 {
        assert!(began.elapsed() < PATIENCE, "what was never read keeps its place");
    }
}
