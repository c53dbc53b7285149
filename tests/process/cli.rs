//! The command line: exit codes, one clear line an error, and output that can be piped.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::newsroom::{Newsroom, articles};
use gisa::index::IndexFolder;
use serde_json::{Value, json};

fn gisa(newsroom: &Newsroom) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gisa"));
    command.current_dir(newsroom.path()).env_clear();
    command
}

fn run(newsroom: &Newsroom, arguments: &[&str]) -> Output {
    gisa(newsroom).args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// The one line of an error.
fn complaint(output: &Output, code: i32) -> String {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{stderr}");
    let last = stderr.lines().last().unwrap_or_default().to_owned();
    assert!(last.starts_with("gisa: "), "{stderr}");
    assert_eq!(stdout(output), "");
    last
}

#[test]
fn help_lists_the_commands_and_wrong_usage_is_2() {
    let newsroom = Newsroom::new(&[]);
    let help = run(&newsroom, &["--help"]);
    assert_eq!(help.status.code(), Some(0));
    for command in ["serve", "reindex", "search", "analyze", "check", "evaluate", "health", "--config"] {
        assert!(stdout(&help).contains(command), "{command}");
    }
    assert_eq!(run(&newsroom, &["--version"]).status.code(), Some(0));
    for wrong in
        [&["nonsense"][..], &["search"], &["search", "x", "--size", "101"], &["evaluate"], &["--confg", "x"]]
    {
        assert_eq!(run(&newsroom, wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn reindex_search_check() {
    let newsroom = Newsroom::new(&articles());
    let error = complaint(&run(&newsroom, &["search", "자전거"]), 1);
    assert!(error.contains("gisa reindex"), "{error}");
    complaint(&run(&newsroom, &["check"]), 1);

    newsroom.write("broken.jsonl", "{\"title\": \n");
    let built = run(&newsroom, &["reindex"]);
    assert_eq!(built.status.code(), Some(0), "{built:?}");
    assert!(
        stdout(&built).contains("5 articles") && stdout(&built).contains("broken.jsonl:1: bad_json"),
        "{}",
        stdout(&built)
    );

    let found = run(&newsroom, &["search", "자전거", "도로"]);
    assert_eq!(found.status.code(), Some(0));
    assert!(
        stdout(&found).contains("[자전거 도로]") || stdout(&found).contains("[자전거]"),
        "{}",
        stdout(&found)
    );
    let json: Value =
        serde_json::from_str(stdout(&run(&newsroom, &["search", "--json", "--size", "1", "자전거"])))
            .unwrap();
    assert_eq!((&json["total"], json["hits"].as_array().unwrap().len()), (&Value::from(3), 1));
    let excluding = run(&newsroom, &["search", "자전거 -도로", "--json"]);
    let json: Value = serde_json::from_str(stdout(&excluding)).unwrap();
    assert_eq!(json["hits"][0]["id"], "b-2", "options may stand behind the query");

    let lexicon = newsroom.path().join("data/lexicon");
    std::fs::create_dir_all(&lexicon).unwrap();
    std::fs::write(lexicon.join("synonyms.txt"), "# 동의어\n홀로\n").unwrap();
    let checked = run(&newsroom, &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", stdout(&checked));
    assert!(stdout(&checked).contains("sound (in service): 5 articles"), "{}", stdout(&checked));
    assert!(stdout(&checked).contains("lexicon  synonyms.txt:2: "), "{}", stdout(&checked));
    let folder = IndexFolder::new(newsroom.index_dir()).unwrap();
    let generation = folder.path_of(&folder.current().unwrap().unwrap());
    let files = std::fs::read_dir(generation).unwrap().map(|entry| entry.unwrap().path());
    let file =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "pos")).last().unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[0] ^= 0x55;
    std::fs::write(&file, bytes).unwrap();
    let checked = run(&newsroom, &["check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(stdout(&checked).contains("DAMAGED (in service)"), "{}", stdout(&checked));
}

#[test]
fn groups_are_measured_with_judged_pairs() {
    let story = "시의회가 3일 본회의를 열어 자전거 도로를 넓히는 예산 42억원을 통과시켰다. 공사는 오는 9월 시작되며 강변을 따라 12km \
                 구간에 새 길이 놓인다. 주민들은 오래 기다렸다며 반겼고, 상인들은 공사 기간의 교통 불편을 걱정했다. 시는 우회로를 \
                 미리 알리고 밤에만 길을 막겠다고 밝혔다. 의회는 다음 달 중간 점검 결과를 받는다. 축제 기간에는 다리 아래 광장에서 \
                 자전거를 빌려주고, 남는 돈은 안전 표지판을 세우는 데 쓰기로 했다.";
    let other = "한빛시 도서관이 문을 연 지 석 달 만에 찾은 사람이 10만명을 넘었다. 아이들이 앉아 읽는 마루가 인기를 끌었다. 도서관은 \
                 밤 10시까지 문을 열기로 했다. 책을 빌린 사람은 하루 평균 900명이다. 시는 분관 두 곳을 더 짓겠다고 했다.";
    let article = |id: &str, title: &str, body: &str| json!({"id": id, "title": title, "body": body});
    let newsroom = Newsroom::new(&[
        article("one", "자전거 도로 예산 통과", story),
        article(
            "reprint",
            "자전거 길 예산 통과",
            &story.replace("반겼고", "반색했고").replace("밝혔다", "전했다"),
        ),
        article("other", "도서관에 10만명", other),
    ]);
    assert_eq!(run(&newsroom, &["reindex"]).status.code(), Some(0));
    let pairs = newsroom.path().join("pairs.tsv");
    let evaluate = |lines: &str, more: &[&str]| {
        std::fs::write(&pairs, lines).unwrap();
        run(&newsroom, &[&["evaluate", "--similar", "pairs.tsv"], more].concat())
    };
    let lines = "one\treprint\t1\none\tother\t0\n\nreprint\tother\t1\nnobody\tone\t1\n";
    let report = evaluate(lines, &[]);
    assert_eq!(
        stdout(&report).lines().collect::<Vec<_>>(),
        [
            "pairs           2 the same, 1 different, 1 not in the index",
            "precision       1.0000",
            "recall          0.5000",
            "groups          1 of 2 articles",
            "wrongly apart    reprint other",
        ]
    );
    // What shares nothing is decided by a rule.
    let measures = evaluate(lines, &["--measures"]);
    let rows: Vec<Vec<&str>> = stdout(&measures).lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows[0][..4], ["one", "other", "same", "shared"]);
    assert_eq!((rows.len(), &rows[1][..3]), (2, &["one", "reprint", "1"][..]));
    assert!(rows[1].len() == rows[0].len() && rows[1][3..].iter().all(|value| value.parse::<f32>().is_ok()));

    let error = complaint(&evaluate("one\treprint\tyes\n", &[]), 1);
    assert!(error.contains("pairs.tsv") && error.contains('1'), "{error}");
    let error = complaint(&evaluate("nobody\tnothing\t1\n", &[]), 1);
    assert!(error.contains("pairs.tsv"), "{error}");
    assert_eq!(run(&newsroom, &["evaluate", "--queries", "q", "--measures"]).status.code(), Some(2));
}

#[test]
fn the_order_of_hits_is_measured_with_grades() {
    let day = |year: u32| format!("{year}-06-01T09:00:00+09:00");
    let newsroom = Newsroom::new(&[
        json!({"id": "about", "title": "자전거 도로 넓힌다", "published_at": day(2019),
            "body": "시가 자전거 도로를 넓힌다. 자전거 도로는 강을 따라 놓인다."}),
        json!({"id": "mentions", "title": "주말 행사 모음", "published_at": day(2026),
            "body": "시장에서 장터가 열린다. 도서관은 쉰다. 강변에는 자전거를 빌리는 곳이 있고 새 도로도 개통했다."}),
        json!({"id": "lacks", "title": "자전거 등록제", "published_at": day(2026), "body": "자전거를 등록한다."}),
    ]);
    assert_eq!(run(&newsroom, &["reindex"]).status.code(), Some(0));
    let write = |name: &str, text: &str| std::fs::write(newsroom.path().join(name), text).unwrap();
    let judged =
        r#"{"query": "자전거 도로", "kind": "pair", "judgments": {"about": 3, "mentions": 1, "lacks": 0}}"#;
    write("judged.jsonl", judged);
    let report = run(&newsroom, &["evaluate", "--queries", "judged.jsonl"]);
    let lines: Vec<Vec<&str>> =
        stdout(&report).lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[1], ["pair", "1", "1.0000", "1.0000", "1.0000", "1.00"], "{lines:?}");
    assert_eq!(lines[2][0], "all");

    // With nothing but recency in the score, the other order.
    write("text.toml", "[ranking]\nrecency_weight = 0.0\n");
    write(
        "time.toml",
        "[ranking]\nk1 = 0.0\ndepth = 0\ntitle = 0.0\nliteral = 0.0\nrecency_weight = 1.0\nrecency_half_life_days = 30.0\n",
    );
    let compared =
        ["evaluate", "--queries", "judged.jsonl", "--recency", "--compare", "text.toml", "time.toml"];
    let moved = run(&newsroom, &[&compared[..], &["--now", "2026-06-02"]].concat());
    assert!(stdout(&moved).ends_with("0 better, 1 worse, of 1\n"), "{moved:?}");
    assert!(
        stdout(&moved)
            .lines()
            .next()
            .is_some_and(|line| line.starts_with('-') && line.ends_with("자전거 도로"))
    );

    // What ranking sees, in numbers: the strict hits, and what comes near.
    let looks = run(&newsroom, &["evaluate", "--queries", "judged.jsonl", "--looks"]);
    let rows: Vec<Vec<&str>> = stdout(&looks).lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows[0][..4], ["query", "grade", "all", "words"]);
    let keys: Vec<[&str; 4]> = rows[1..].iter().map(|row| [row[0], row[1], row[2], row[3]]).collect();
    assert_eq!(keys, [["0", "3", "1", "2"], ["0", "1", "1", "2"], ["0", "0", "0", "2"]]);
    assert!(rows[1..].iter().flatten().all(|value| value.parse::<f64>().is_ok()));

    // Lines of two kinds cannot be measured together; settings cannot be compared without grades.
    let question = r#"{"query": "등록제", "relevant": ["lacks"]}"#;
    write("mixed.jsonl", &format!("{judged}\n{question}\n"));
    let error = complaint(&run(&newsroom, &["evaluate", "--queries", "mixed.jsonl"]), 1);
    assert!(error.contains("line 2") && error.contains("judgments"), "{error}");
    write("questions.jsonl", question);
    let asked = ["evaluate", "--queries", "questions.jsonl", "--compare", "text.toml", "time.toml"];
    assert!(complaint(&run(&newsroom, &asked), 1).contains("grades"));
    let report = run(&newsroom, &["evaluate", "--queries", "questions.jsonl"]);
    assert!(stdout(&report).contains("MRR@10          1.0000"), "{report:?}");
}

#[test]
fn names_are_measured_with_judged_articles() {
    let newsroom = Newsroom::new(&[json!({"id": "one", "title": "😀 김하늘 장관 부산행",
        "body": "김하늘 국토교통부 장관이 7일 부산을 찾았다. 김 장관은 아무도네를 들렀다."})]);
    assert_eq!(run(&newsroom, &["reindex"]).status.code(), Some(0));
    let write = |name: &str, text: &str| std::fs::write(newsroom.path().join(name), text).unwrap();
    // A judge writes names; the file that is kept has offsets alone.
    let names = json!({"id": "one", "person": ["김하늘"], "place": ["부산", "아무도네"], "optional": {"organisation": ["국토교통부"]}});
    write("names.jsonl", &format!("{names}\n"));
    let turned = run(&newsroom, &["evaluate", "--names", "names.jsonl"]);
    let judged: serde_json::Value = serde_json::from_str(stdout(&turned).trim()).unwrap();
    assert_eq!(judged["entities"][0], json!({"kind": "person", "part": "title", "start": 3, "end": 6}));
    assert_eq!(judged["optional"][0]["part"], "body");
    assert!(!stdout(&turned).contains("하늘"));
    write("judged.jsonl", stdout(&turned));
    let report = run(&newsroom, &["evaluate", "--entities", "judged.jsonl", "--misses"]);
    let lines: Vec<Vec<&str>> =
        stdout(&report).lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["articles", "1"]);
    assert_eq!(lines[2], ["person", "1", "1", "0", "1.0000", "1.0000"]);
    assert_eq!(lines[3], ["place", "1", "2", "0", "1.0000", "0.5000"]);
    assert_eq!(
        lines[4][..4],
        ["organisation", "0", "0", "0"],
        "what is optional is neither asked for nor wrong"
    );
    assert_eq!(lines[5], ["missed", "place", "one", "아무도네"]);

    // Without the optional name, it is wrong.
    let asked = json!({"id": "one", "entities": [judged["entities"][0]]});
    write("judged.jsonl", &asked.to_string());
    let report = run(&newsroom, &["evaluate", "--entities", "judged.jsonl", "--misses"]);
    assert!(stdout(&report).contains("wrong\torganisation\tone\t국토교통부\n"), "{report:?}");

    // What does not fit is refused, with its line.
    let refused = |text: &str, flag: &str| {
        write("bad.jsonl", text);
        complaint(&run(&newsroom, &["evaluate", flag, "bad.jsonl"]), 1)
    };
    let error = refused(&format!("{asked}\n{{\"id\": \"nobody\", \"entities\": []}}\n"), "--entities");
    assert!(error.contains("line 2") && error.contains("nobody"), "{error}");
    let beyond =
        json!({"id": "one", "entities": [{"kind": "person", "part": "title", "start": 3, "end": 600}]});
    assert!(refused(&beyond.to_string(), "--entities").contains("3 to 600"));
    assert!(refused("{\"id\": 3}", "--entities").contains("line 1"));
    assert!(refused(&json!({"id": "one", "person": ["이바다"]}).to_string(), "--names").contains("이바다"));
    assert!(refused("\n", "--entities").contains("nothing"));
    assert_eq!(run(&newsroom, &["evaluate", "--misses"]).status.code(), Some(2));
}

#[test]
fn quotations_are_measured_with_judged_articles() {
    let newsroom = Newsroom::new(&[json!({"id": "one", "title": "😀 김하늘 장관 부산행",
        "body": "김하늘 국토교통부 장관은 😀 “다리를 다시 놓겠다”며 “내년에 짓는다”고 말했다. 경찰은 “길을 막겠다”고 밝혔다."})]);
    assert_eq!(run(&newsroom, &["reindex"]).status.code(), Some(0));
    let write = |name: &str, text: &str| std::fs::write(newsroom.path().join(name), text).unwrap();
    // A judge writes what was said; the file that is kept has offsets alone.
    let said = json!({"id": "one", "quotes": [
        {"text": "다리를 다시 놓겠다", "speaker": "김하늘", "speaker_text": "김하늘 국토교통부 장관은"},
        {"text": "내년에 짓는다", "speaker": "국토교통부"}, {"text": "말했다", "speaker": null}],
        "optional": [{"text": "길을 막겠다"}]});
    write("said.jsonl", &format!("{said}\n"));
    let turned = run(&newsroom, &["evaluate", "--written-quotes", "said.jsonl"]);
    let judged: serde_json::Value = serde_json::from_str(stdout(&turned).trim()).unwrap();
    assert_eq!(
        judged["quotes"][0],
        json!({"start": 18, "end": 28, "speaker": {"part": "body", "start": 0, "end": 3}})
    );
    assert!(!stdout(&turned).contains("다리"));
    write("judged.jsonl", stdout(&turned));
    let report = run(&newsroom, &["evaluate", "--quotes", "judged.jsonl", "--misses"]);
    let lines: Vec<Vec<&str>> =
        stdout(&report).lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["articles", "1"]);
    assert_eq!(lines[2], ["quotations", "2", "3", "0", "1.0000", "0.6667"]);
    assert_eq!(lines[3], ["speakers", "1", "2", "1", "0.5000", "0.5000"]);
    assert_eq!(stdout(&report).lines().nth(4), Some("wrong_speaker\tone\t내년에 짓는다\t김하늘\t국토교통부"));
    assert_eq!(stdout(&report).lines().nth(5), Some("missed\tone\t말했다\t-\t-"));

    // What does not fit is refused, with its line.
    let refused = |text: &str, flag: &str| {
        write("bad.jsonl", text);
        complaint(&run(&newsroom, &["evaluate", flag, "bad.jsonl"]), 1)
    };
    let beyond = json!({"id": "one", "quotes": [{"start": 3, "end": 600}]});
    assert!(refused(&format!("{judged}\n{beyond}"), "--quotes").contains("line 2"));
    assert!(refused(&beyond.to_string(), "--quotes").contains("3 to 600"));
    let unsaid = json!({"id": "one", "quotes": [{"text": "아무도 하지 않은 말"}]}).to_string();
    assert!(refused(&unsaid, "--written-quotes").contains("하지 않은 말"));
}

#[test]
fn what_comes_near_is_printed_after_the_hits() {
    let newsroom = Newsroom::new(&[
        json!({"id": "both", "title": "자전거 도로", "body": "자전거 도로가 놓인다."}),
        json!({"id": "one", "title": "자전거 등록제", "body": "자전거를 등록한다."}),
    ]);
    assert_eq!(run(&newsroom, &["reindex"]).status.code(), Some(0));
    let found = run(&newsroom, &["search", "자전거 도로"]);
    let text = stdout(&found);
    assert!(text.starts_with("1건,") && text.contains("\n모든 낱말이 들어 있지는 않은 기사 1건\n"), "{text}");
    assert!(text.contains("\n2. [자전거] 등록제\n") && text.contains("없는 낱말: 도로"), "{text}");
}

#[test]
fn analyze_needs_no_index() {
    let newsroom = Newsroom::new(&[]);
    let table = run(&newsroom, &["analyze", "자전거로"]);
    assert_eq!(table.status.code(), Some(0), "{table:?}");
    assert!(stdout(&table).contains("NNG") && stdout(&table).contains("bigram"), "{}", stdout(&table));
    let json: Value =
        serde_json::from_str(stdout(&run(&newsroom, &["analyze", "--json", "자전거로"]))).unwrap();
    assert_eq!(json["text"], "자전거로");
}

#[test]
fn settings_that_are_wrong_are_named() {
    let newsroom = Newsroom::new(&articles());
    let error = complaint(&run(&newsroom, &["--config", "other.toml", "check"]), 1);
    assert!(error.contains("other.toml"), "{error}");
    std::fs::write(newsroom.path().join("config.toml"), "[serch]\ndeadline_ms = 1\n").unwrap();
    let error = complaint(&run(&newsroom, &["check"]), 1);
    assert!(error.contains("config.toml") && error.contains("serch"), "{error}");
    std::fs::write(newsroom.path().join("config.toml"), "data_dir = \"elsewhere\"\n").unwrap();
    let error = complaint(&run(&newsroom, &["reindex"]), 1);
    assert!(error.contains("elsewhere") && error.contains("data_dir"), "{error}");
    let overridden = gisa(&newsroom).arg("reindex").env("GISA_DATA_DIR", "data").output().unwrap();
    assert_eq!(overridden.status.code(), Some(0), "{overridden:?}");
}

#[test]
fn a_server_that_cannot_deliver_says_so_at_its_start() {
    for (settings, named) in [
        ("ca_file = \"none.pem\"", "alerts.ca_file"),
        (
            "smtp_host = \"mail.example\"\nsmtp_from = \"gisa@newsroom.example\"\nsmtp_user = \"gisa\"",
            "GISA_SMTP_PASSWORD",
        ),
    ] {
        let newsroom = Newsroom::configured(&format!("[alerts]\n{settings}\n"));
        let ended = complaint(&run(&newsroom, &["serve"]), 1);
        assert!(ended.contains("cannot be delivered") && ended.contains(named), "{ended}");
        // Only the server has the password in its environment.
        for arguments in [&["reindex"][..], &["search", "자전거"]] {
            let output = run(&newsroom, arguments);
            assert!(output.status.success(), "{output:?}");
        }
    }
}

#[test]
fn a_reindex_beside_a_server_says_how_to_ask_it() {
    let newsroom = Newsroom::new(&articles());
    let _held = IndexFolder::new(newsroom.index_dir()).unwrap().lock().unwrap();
    let error = complaint(&run(&newsroom, &["reindex"]), 1);
    assert!(error.contains("curl -N -X POST") && error.contains("/api/admin/reindex?follow=true"), "{error}");
}

#[test]
fn a_closed_pipe_is_quiet() {
    let newsroom = Newsroom::new(&articles());
    assert_eq!(run(&newsroom, &["reindex"]).status.code(), Some(0));
    let mut child = gisa(&newsroom)
        .args(["search", "자전거"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(!stderr.contains("gisa: ") && !stderr.contains("panicked"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn serve_builds_an_index_answers_and_stops_on_a_signal() {
    let newsroom = Newsroom::new(&articles());
    let mut server =
        gisa(&newsroom).env("GISA_LISTEN", "127.0.0.1:0").stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines().map(|line| line.unwrap());
    let serving = log.find(|line| line.contains("serving on")).unwrap();
    let address = serving.split("http://").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    assert!(log.any(|line| line.contains("job succeeded")));
    let health = || gisa(&newsroom).arg("health").env("GISA_LISTEN", &address).output().unwrap();
    // The line above is written a moment before the generation serves to others.
    let began = Instant::now();
    while !health().status.success() {
        assert!(began.elapsed() < Duration::from_secs(60), "{:?}", health());
    }
    let token = std::fs::read_to_string(newsroom.index_dir().join("admin-token")).unwrap();
    assert_eq!(token.trim().len(), 48);
    let second = gisa(&newsroom).env("GISA_LISTEN", &address).output().unwrap();
    assert!(complaint(&second, 1).contains("cannot listen"));

    assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
    let rest: Vec<String> = log.collect();
    assert_eq!(server.wait().unwrap().code(), Some(0), "{rest:?}");
    assert!(rest.iter().any(|line| line.contains("stopped")), "{rest:?}");
    assert!(complaint(&health(), 1).contains("no answer"));
}

/// What a server answers to a search.
#[derive(Clone, Copy)]
enum Searches {
    /// It closes the connection without a word.
    Dead,
    /// It answers with this status.
    Answered(u16),
    /// It turns so many away, and answers those after them.
    ShedFirst(usize),
}

/// The address of a server that is ready, and whose searches end like this.
fn ready_server(searches: Searches) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut searched = 0;
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut head = BufReader::new(connection.try_clone().unwrap()).lines().map_while(Result::ok);
            let path = head.next().unwrap_or_default();
            head.take_while(|line| !line.is_empty()).for_each(drop);
            let status = match searches {
                _ if path.starts_with("GET /ready ") => 200,
                Searches::Dead => continue,
                Searches::Answered(status) => status,
                Searches::ShedFirst(count) => {
                    searched += 1;
                    if searched > count { 200 } else { 503 }
                }
            };
            write!(connection, "HTTP/1.1 {status} X\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}")
                .unwrap();
        }
    });
    address
}

#[test]
fn health_sees_a_dead_search_and_is_patient_with_a_busy_one() {
    let newsroom = Newsroom::new(&[]);
    let health = |searches: Searches| {
        gisa(&newsroom).arg("health").env("GISA_LISTEN", ready_server(searches)).output().unwrap()
    };
    for alive in [200, 401, 429] {
        let output = health(Searches::Answered(alive));
        assert_eq!(output.status.code(), Some(0), "{alive}: {output:?}");
    }
    for shed in [1, 2] {
        let output = health(Searches::ShedFirst(shed));
        assert_eq!(output.status.code(), Some(0), "{shed}: {output:?}");
    }
    assert!(complaint(&health(Searches::Answered(503)), 1).contains("no search came through"));
    assert!(complaint(&health(Searches::Dead), 1).contains("/api/search"));
    assert!(complaint(&health(Searches::Answered(500)), 1).contains("searches fail"));
}
