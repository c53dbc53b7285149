//! Clients that send what no client should: neither memory nor files nor the log follow them.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::newsroom::{self, Newsroom, TOKEN};
use crate::program::Process;

/// Nothing that is waited for takes so long, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn text(process: &Process, path: &str) -> String {
    process.client.get(process.url(path)).send().unwrap().text().unwrap()
}

fn connect(process: &Process) -> TcpStream {
    let stream = TcpStream::connect(process.url("").trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends many requests on one connection and reads until the last is answered.
fn pipeline(process: &Process, requests: impl Iterator<Item = String> + Send) -> usize {
    let mut stream = connect(process);
    let mut sender = stream.try_clone().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for request in requests {
                // It may be closed in between: then the rest is not sent.
                if sender.write_all(request.as_bytes()).is_err() {
                    return;
                }
            }
            let _ = sender.write_all(b"GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        });
        let mut answers = Vec::new();
        let _ = stream.read_to_end(&mut answers);
        String::from_utf8_lossy(&answers).matches("HTTP/1.1 ").count()
    })
}

/// Resident memory in bytes.
fn memory(process: &Process) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[test]
fn hostile_requests_of_any_shape_leave_series_memory_and_log_as_they_are() {
    let newsroom = Newsroom::configured("[log]\nfile = \"gisa.log\"\n");
    let log = newsroom.path().join("gisa.log");
    let mut process = Process::start_logging_to(newsroom.path(), &log);
    process.wait_until_ready().unwrap();
    let shapes: [fn(u32) -> String; 6] = [
        |number| format!("M{number}{} /live HTTP/1.1\r\nHost: a\r\n\r\n", "X".repeat(2_000)),
        |number| format!("GET /{number}{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(2_000)),
        |number| format!("GET /api/search?x{number}=1 HTTP/1.1\r\nHost: a{number}\r\n\r\n"),
        |number| {
            format!("GET /live HTTP/1.1\r\nHost: a\r\nx-request-id: {number}{}\r\n\r\n", "y".repeat(2_000))
        },
        |number| {
            format!(
                "GET /api/articles/{number} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.0.{}.{}\r\n\r\n",
                number / 256 % 256,
                number % 256
            )
        },
        |number| {
            format!(
                "PUT /api/articles/{number} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {number}\r\nContent-Length: 2\r\n\r\n{{}}"
            )
        },
    ];
    // Some of each kind, so that their series are there: the one for too many wrong keys comes with the 21st.
    for shape in shapes {
        pipeline(&process, (0..50).map(shape));
    }
    let series = |process: &Process| text(process, "/metrics").lines().count();
    // The first look has series of its own.
    series(&process);
    let (before, resident) = (series(&process), memory(&process));
    // Wrong keys wait for their turn, twenty a second.
    for (shape, count) in shapes.into_iter().zip([5_000, 5_000, 5_000, 5_000, 5_000, 50]) {
        let answered = pipeline(&process, (0..count).map(shape));
        assert!(answered * 5 > count as usize * 4, "{answered} of {count} answered");
    }
    assert_eq!(series(&process), before);
    // Of 25,000 requests 60 MB were sent. What the allocator keeps for the next is not theirs.
    let grown = memory(&process).saturating_sub(resident);
    assert!(grown < 20 << 20, "{grown} bytes more");
    let logged = fs::metadata(&log).unwrap().len();
    assert!(logged < 4 << 20, "{logged} bytes of log");
    // What was left out of the log is said when the second is over, with the next request that is turned away.
    let until = Instant::now() + Duration::from_secs(30);
    let log = loop {
        pipeline(&process, [shapes[1](0)].into_iter());
        let written = fs::read_to_string(&log).unwrap();
        if written.contains("requests that were turned away") {
            break written;
        }
        assert!(Instant::now() < until, "{written:.2000}");
    };
    assert!(!log.contains("XXXX"), "methods are not logged");
}

#[test]
fn a_thousand_idle_sockets_silence_nothing() {
    let newsroom = Newsroom::configured("");
    // As a login shell or a service manager starts it, with fewer files than there are sockets.
    let mut command = Command::new("sh");
    let config = newsroom.path().join("config.toml");
    command
        .args(["-c", "ulimit -n 512; exec \"$0\" --config \"$1\" serve", env!("CARGO_BIN_EXE_gisa")])
        .arg(&config);
    command.env("GISA_ADMIN_TOKEN", TOKEN).stderr(Stdio::piped()).stdout(Stdio::null());
    let mut process = Process::of(command.spawn().unwrap());
    process.wait_until_ready().unwrap();

    let mut sockets = Vec::new();
    for number in 0..1_000 {
        let mut socket = connect(&process);
        if number % 2 == 0 {
            // Some have begun a head; a closed connection does not take it.
            let _ = socket.write_all(b"GET /live HTTP/1.1\r\nHost:");
        }
        sockets.push(socket);
    }
    let began = Instant::now();
    for _ in 0..20 {
        // Each on a connection of its own, as probes come.
        let mut probe = connect(&process);
        probe.write_all(b"GET /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        probe.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
    }
    assert!(began.elapsed() < PATIENCE);
    assert!(text(&process, "/api/search?q=x").contains("\"total\""));
    let metrics = text(&process, "/metrics");
    let closed = metrics
        .lines()
        .find_map(|line| line.strip_prefix("gisa_http_connections_closed_total{reason=\"room\"} "));
    assert!(closed.is_some_and(|closed| closed.parse::<u32>().unwrap() > 500), "{closed:?}");
}

#[test]
fn whoever_holds_connections_without_a_key_leaves_room_for_probes_and_administration() {
    let limits = "[server]\nmax_connections = 40\nmax_connections_per_address = 40\n";
    let newsroom = Newsroom::configured(limits);
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    let slow = "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\nk";
    let unread = "GET /api/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n".repeat(200);
    let counted = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".repeat(200);
    for requests in [slow, &unread, &counted] {
        let held: Vec<TcpStream> = (0..80)
            .map(|_| {
                let mut stream = connect(&process);
                // One that was turned away may be closed by now.
                let _ = stream.write_all(requests.as_bytes());
                stream
            })
            .collect();
        for _ in 0..3 {
            // On connections of their own, as a probe comes.
            let client = newsroom::client().timeout(PATIENCE).pool_max_idle_per_host(0).build().unwrap();
            let live = client.get(process.url("/live")).send().unwrap();
            let jobs = client.get(process.url("/api/admin/jobs")).bearer_auth(TOKEN).send().unwrap();
            let metrics = client.get(process.url("/metrics")).bearer_auth(TOKEN).send().unwrap();
            assert_eq!(
                [live, jobs, metrics].map(|answer| answer.status().as_u16()),
                [200; 3],
                "{requests:.40}"
            );
        }
        drop(held);
    }
}

#[test]
fn entries_of_the_audit_log_that_are_lost_are_counted() {
    let newsroom = Newsroom::configured("[log]\naudit_file = \"logs\"\n");
    fs::create_dir(newsroom.path().join("logs")).unwrap();
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    let lost = || {
        let metrics = text(&process, "/metrics");
        let line = metrics.lines().find_map(|line| line.strip_prefix("gisa_audit_errors_total "));
        line.unwrap().parse::<u64>().unwrap()
    };
    let before = lost();
    let put = process.client.put(process.url("/api/articles/a")).bearer_auth(TOKEN);
    let put = put.header("content-type", "application/json").body("{\"title\": \"제목\"}").send().unwrap();
    assert_eq!(put.status().as_u16(), 200);
    let began = Instant::now();
    while lost() == before {
        assert!(began.elapsed() < PATIENCE, "it is not counted");
        std::thread::yield_now();
    }
}
