//! Nobody crowds out anybody else: one client with hundreds of connections of the worst queries, and an ordinary reader.
#![cfg(target_os = "linux")]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::newsroom::{Newsroom, TestServer, articles, with_query};
use reqwest::blocking::Client;

/// Connections of the heavy client.
const HEAVY: usize = 24;
/// Searches of the reader.
const SEARCHES: usize = 100;

/// A client at its own address of this machine.
fn client(last: u8) -> Client {
    let address = IpAddr::from(Ipv4Addr::new(127, 0, 0, last));
    crate::newsroom::client().local_address(address).build().unwrap()
}

#[test]
fn beside_a_client_that_asks_for_everything_a_reader_is_always_answered() {
    let server = TestServer::start_with(Newsroom::new(&articles()), |file| {
        file.search.max_concurrent = 1;
        file.search.max_waiting = 4;
    });
    let words: Vec<&str> =
        "시의회 자전거 도로 예산 통과 공사 시작 반도체 수출 공장 준공 날짜 기사".split(' ').collect();
    let worst = with_query(
        "/api/search",
        &[("q", &words.join(" OR ")), ("facets", "outlet,day"), ("explain", "true")],
    );
    let (worst, ordinary) = (server.url(&worst), server.url(&with_query("/api/search", &[("q", "자전거")])));
    let (done, shed) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..HEAVY {
            scope.spawn(|| {
                let heavy = client(1);
                while !done.load(Ordering::Relaxed) {
                    let status = heavy.get(&worst).send().unwrap().status();
                    assert!(status == 200 || status == 503, "{status}");
                    shed.fetch_add(usize::from(status == 503), Ordering::Relaxed);
                }
            });
        }
        // Ends the others also where a search of the reader fails.
        let reader = std::panic::catch_unwind(|| {
            let reader = client(2);
            // Not before the room is full for once.
            while shed.load(Ordering::Relaxed) == 0 {
                std::thread::yield_now();
            }
            for number in 0..SEARCHES {
                let answer = reader.get(&ordinary).send().unwrap();
                assert_eq!(answer.status(), 200, "search {number} of the reader");
            }
        });
        done.store(true, Ordering::Relaxed);
        reader.unwrap();
    });
}
