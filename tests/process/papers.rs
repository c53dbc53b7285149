//! README and OPERATIONS, in English and in Korean: their commands work, and both languages say the same. Whoever adds a heading or a
//! command to `X.md` adds it to `X.ko.md` at the same place; text between them is free.

use std::path::Path;
use std::process::Command;

use crate::folders::temporary;
use crate::newsroom::{Newsroom, TOKEN};
use crate::program::Process;

fn paper(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// A heading's level, or a block of code.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Heading(usize),
    Code { language: String, text: String },
}

/// The parts of a paper in order, each with the heading it stands under.
fn parts(text: &str) -> Vec<(String, Part)> {
    let (mut parts, mut heading) = (Vec::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let code = Part::Code { language: language.to_owned(), text: code.join("\n") };
            parts.push((heading.clone(), code));
        } else if line.starts_with('#') {
            heading = line.to_owned();
            parts.push((heading.clone(), Part::Heading(line.chars().take_while(|c| *c == '#').count())));
        }
    }
    parts
}

/// Code without its comments, which are in the language of the paper.
fn without_comments(code: &str) -> Vec<String> {
    let lines = code.lines().map(|line| {
        let end = line.find(" # ").or_else(|| line.starts_with("# ").then_some(0)).unwrap_or(line.len());
        line[..end].trim_end().to_owned()
    });
    lines.filter(|line| !line.is_empty()).collect()
}

fn assert_same_in_both_languages(name: &str) {
    let korean_name = name.replace(".md", ".ko.md");
    let (english, korean) = (parts(&paper(name)), parts(&paper(&korean_name)));
    let mut korean = korean.into_iter();
    for (heading, part) in english {
        let Some((korean_heading, other)) = korean.next() else {
            panic!("{korean_name} ends before {heading:?}: {part:?}");
        };
        let place = format!("{name} {heading:?} and {korean_name} {korean_heading:?}");
        match (&part, &other) {
            (Part::Code { language, text }, Part::Code { language: other_language, text: other_text }) => {
                assert_eq!(language, other_language, "{place}");
                assert_eq!(without_comments(text), without_comments(other_text), "{place}");
            }
            _ => assert_eq!(part, other, "{place}"),
        }
    }
    assert_eq!(korean.next(), None, "{korean_name} has more than {name}");
}

#[test]
fn readme_says_the_same_in_both_languages() {
    assert_same_in_both_languages("README.md");
}

#[test]
fn operations_says_the_same_in_both_languages() {
    assert_same_in_both_languages("docs/OPERATIONS.md");
}

/// Every value that the settings of the compose file name is read, and those that only read are sent to no articles.
#[test]
fn the_settings_beside_the_compose_file_are_read() {
    let compose = paper("docs/cluster/compose.yaml");
    for name in ["writer.toml", "reader.toml", "nginx.conf"] {
        assert!(compose.contains(&format!("./{name}:")), "{name} is not used");
    }
    for name in ["writer.toml", "reader.toml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cluster").join(name);
        let settings = gisa::config::Config::load(Some(&path), &gisa::config::Overrides::default()).unwrap();
        let cluster = settings.engine.unwrap();
        assert_eq!(cluster.urls, ["http://node1:9200", "http://node2:9200", "http://node3:9200"]);
        assert!(["node1:", "node2:", "node3:"].iter().all(|node| compose.contains(node)));
        assert_eq!(cluster.writer.is_some(), name == "reader.toml");
    }
}

/// Lines that need what no test has: a compiler, a daemon, a job's id, files of one's own; or after which only a restart can come.
const ELSEWHERE: [&str; 9] = [
    "GISA_INDEX_DIR=",
    "cargo ",
    "target/release/",
    "docker ",
    "  --log-opt",
    "jobs/ID",
    "FILE…",
    "--at-restart",
    "gisa forget",
];

/// The functions that stand in for `gisa` and `curl`. The latter also says each answer's status on stderr.
const STAND_INS: &str = "set -euo pipefail\n\
    gisa() { \"$GISA\" --config config.toml \"$@\"; }\n\
    curl() { command curl -w '%{stderr}STATUS %{http_code}\\n' \"$@\"; echo; }\n";

/// Runs all commands of a paper against a server with the sample articles.
fn assert_commands_work(name: &str) {
    let newsroom = Newsroom::new(&[]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::remove_file(newsroom.articles_dir().join("first.jsonl")).unwrap();
    for entry in std::fs::read_dir(root.join("data/articles")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, newsroom.articles_dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    std::fs::write(newsroom.path().join("config.toml"), "listen = \"127.0.0.1:0\"\n[index]\nniceness = 0\n")
        .unwrap();
    std::fs::write(newsroom.index_dir().join("admin-token"), TOKEN).unwrap();
    std::fs::write(newsroom.path().join("articles.jsonl"), "{\"id\": \"x-1\", \"title\": \"첫 기사\"}\n")
        .unwrap();
    let mut server = Process::start(newsroom.path(), None);
    server.wait_until_ready().unwrap();
    let address = server.url("").trim_start_matches("http://").to_owned();
    let backups = temporary();

    let mut ran = 0;
    for (heading, part) in parts(&paper(name)) {
        let Part::Code { language, text } = part else { continue };
        let wanted: Vec<&str> =
            text.lines().filter(|line| !ELSEWHERE.iter().any(|start| line.contains(start))).collect();
        if language != "sh" || !wanted.iter().any(|line| line.contains("curl") || line.contains("gisa ")) {
            continue;
        }
        let script = wanted
            .join("\n")
            .replace("127.0.0.1:7878", &address)
            .replace("/backups", backups.path().to_str().unwrap())
            .replace("\"…\"", "\"글이다\"");
        let output = Command::new("bash")
            .args(["-c", &format!("{STAND_INS}{script}")])
            .current_dir(newsroom.path())
            .env("GISA", env!("CARGO_BIN_EXE_gisa"))
            .env("GISA_LISTEN", &address)
            .env("GISA_ADMIN_TOKEN", TOKEN)
            .output()
            .unwrap();
        let said = format!(
            "{name} {heading}\n{script}\n{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.status.success(), "{said}");
        // The paper shows what a misspelt parameter is answered.
        let meant: usize = script.matches("outlets=").count();
        let statuses = String::from_utf8_lossy(&output.stderr).into_owned();
        let failed = statuses.lines().filter_map(|line| line.strip_prefix("STATUS "));
        let failed = failed.filter(|status| !status.starts_with('2')).count();
        assert_eq!(failed, meant, "{said}");
        assert!(!String::from_utf8_lossy(&output.stdout).contains("\"state\":\"failed\""), "{said}");
        ran += 1;
    }
    assert!(ran >= 5, "{name}: {ran} blocks");
}

#[test]
fn the_commands_of_readme_work() {
    assert_commands_work("README.md");
}

#[test]
fn the_commands_of_the_korean_readme_work() {
    assert_commands_work("README.ko.md");
}

#[test]
fn the_commands_of_operations_work() {
    assert_commands_work("docs/OPERATIONS.md");
}

#[test]
fn the_commands_of_the_korean_operations_work() {
    assert_commands_work("docs/OPERATIONS.ko.md");
}
