//! An export works for its client: when that goes away, work ends and every permit is given back.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::alone::is_alone;
use crate::newsroom::{Newsroom, TestServer};
use serde_json::json;

/// Rows of the whole export: ten batches.
const ROWS: usize = 2_500;
/// Bytes of a row, so that what the kernel and the server hold for a client is a small part of them all.
const ROW: usize = 30_000;
/// As many long exports as one client may have at once.
const AT_ONCE: usize = 2;

/// A newsroom of many long articles that are quickly indexed: a dash is no token.
fn server() -> TestServer {
    let body = format!("긴 표가 {} 끝난다.", "—".repeat(ROW / 3));
    let articles: Vec<_> = (0..ROWS)
        .map(|number| json!({"id": format!("row-{number:04}"), "title": "표", "body": body}))
        .collect();
    TestServer::start_with(Newsroom::new(&articles), |file| {
        file.search.max_concurrent = 1;
    })
}

/// Begins an export and reads until rows of it have come.
fn begin(server: &TestServer) -> TcpStream {
    let mut client = TcpStream::connect(server.address()).unwrap();
    write!(client, "GET /export.csv?columns=id,body HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut begun = Vec::new();
    let mut buffer = [0; 4096];
    while begun.len() < 2 * ROW {
        let read = client.read(&mut buffer).unwrap();
        assert!(read > 0, "the answer ended early: {}", String::from_utf8_lossy(&begun));
        begun.extend_from_slice(&buffer[..read]);
    }
    let begun = String::from_utf8_lossy(&begun);
    assert!(begun.starts_with("HTTP/1.1 200 OK") && begun.contains("row-"), "{begun:.300}");
    client
}

/// Rows written since the process began, over all exports.
fn rows_written(server: &TestServer) -> usize {
    let metrics = server.get("/metrics").text;
    let line = metrics.lines().find_map(|line| line.strip_prefix("gisa_exported_articles_total "));
    line.map_or(0, |count| count.parse().unwrap())
}

#[test]
fn a_client_that_goes_away_ends_the_work_and_gives_back_its_permits() {
    // Rows are counted for all servers of a process together.
    let test = "export_clients::a_client_that_goes_away_ends_the_work_and_gives_back_its_permits";
    if !is_alone(test) {
        return;
    }
    let server = server();
    // Counting begins with the first look.
    assert_eq!(rows_written(&server), 0);

    let clients: Vec<TcpStream> = (0..AT_ONCE).map(|_| begin(&server)).collect();
    server.get("/export.csv").problem(503, "overloaded");
    // Slow clients hold no search up, though there is one permit for all.
    assert_eq!(server.search(&[("q", "표"), ("size", "1")])["total"], ROWS);
    drop(clients);
    server.wait_for_exports();

    // A search has its turn behind a batch that was still being written; then the count is final.
    assert_eq!(server.search(&[("q", "표"), ("size", "1")])["total"], ROWS);
    let written = rows_written(&server);
    assert!(written >= AT_ONCE * 250, "each has begun: {written}");
    assert!(written < AT_ONCE * ROWS, "none went on to the end: {written}");
    let complete = server.get("/export.csv?columns=id");
    assert_eq!((complete.status, complete.text.lines().count()), (200, ROWS + 1));
    assert_eq!(rows_written(&server), written + ROWS, "nothing was written for those that are gone");
}
