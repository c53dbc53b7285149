//! What `cargo xtask dist` makes can be unpacked and run, by a user who owns nothing of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Nothing that is waited for takes so long, on any machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// The user who owns nothing.
const NOBODY: u32 = 65_534;

fn skipped(why: &str) {
    // Not by `eprintln!`, which the test harness keeps to itself where a test passes.
    let mut stderr = std::io::stderr().lock();
    stderr.write_all(format!("\nSKIPPED the_tarball_runs_as_another_user: {why}\n").as_bytes()).unwrap();
}

/// The program that was built for its own tests, beside this test's.
fn program() -> Option<PathBuf> {
    Some(Path::new(env!("CARGO_BIN_EXE_xtask")).with_file_name("gisa")).filter(|path| path.is_file())
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn get(address: &str, path: &str) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(connection, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_tarball_runs_as_another_user() {
    let Some(binary) = program() else {
        return skipped("gisa itself was not built; run `cargo test --workspace`");
    };
    let temporary = tempfile::tempdir().unwrap();
    let out = temporary.path().join("dist");
    let made = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("dist")
        .arg("--binary")
        .arg(&binary)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let tarball = String::from_utf8(made.stdout).unwrap().lines().last().unwrap().to_owned();
    let installed = temporary.path().join("opt");
    fs::create_dir(&installed).unwrap();
    let unpacked = Command::new("tar").arg("-xzf").arg(&tarball).arg("-C").arg(&installed).status().unwrap();
    assert!(unpacked.success());
    let folder = fs::read_dir(&installed).unwrap().next().unwrap().unwrap().path();

    let size = fs::metadata(folder.join("gisa")).unwrap().len();
    assert!(size < fs::metadata(&binary).unwrap().len(), "the symbols are apart");
    for file in
        ["config.toml", "gisa.service", "data/lexicon/synonyms.txt", "doc/OPERATIONS.md", "doc/LICENSE"]
    {
        assert!(folder.join(file).is_file(), "{file}");
    }
    let licences = fs::read_dir(folder.join("doc/licences")).unwrap().count();
    assert!(licences > 100, "licences of {licences} crates");
    let bill = fs::read_to_string(folder.join("doc/sbom.cdx.json")).unwrap();
    for part in ["\"bomFormat\": \"CycloneDX\"", "pkg:cargo/tantivy@", "pkg:cargo/axum@"] {
        assert!(bill.contains(part), "{part}");
    }
    assert!(!bill.contains("pkg:cargo/criterion@"), "what only tests use is not in the program");

    runs_as_another_user(temporary.path(), &folder);
}

fn runs_as_another_user(temporary: &Path, folder: &Path) {
    let state = temporary.join("state");
    fs::create_dir_all(state.join("data/articles")).unwrap();
    fs::write(
        state.join("data/articles/one.jsonl"),
        "{\"id\": \"one\", \"title\": \"첫 수소트램 달린다\"}\n",
    )
    .unwrap();
    // Other users may pass through the temporary folder, which is this user's alone.
    fs::set_permissions(temporary, fs::Permissions::from_mode(0o755)).unwrap();
    for path in [state.clone(), state.join("data"), state.join("data/articles")] {
        if chown(&path, Some(NOBODY), Some(NOBODY)).is_err() {
            return skipped("not root, so it cannot be run as another user");
        }
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
        .arg(folder.join("gisa"))
        .args(["serve"])
        .current_dir(folder)
        .env_clear()
        .env("GISA_DATA_DIR", state.join("data"))
        .env("GISA_INDEX_DIR", state.join("index"))
        .env("GISA_LISTEN", "127.0.0.1:0")
        .stderr(Stdio::piped());
    let Ok(child) = command.spawn() else {
        return skipped("there is no setpriv (util-linux)");
    };
    let mut server = Server(child);
    let mut log = BufReader::new(server.0.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut seen = Vec::new();
    let address = log.find_map(|line| {
        let address = line
            .split_once("serving on http://")
            .map(|(_, rest)| rest.split_whitespace().next().unwrap().to_owned());
        seen.push(line);
        address
    });
    let address = address.unwrap_or_else(|| panic!("it does not serve: {}", seen.join("\n")));
    // What it says later must not fill the pipe.
    std::thread::spawn(move || log.for_each(drop));
    let began = Instant::now();
    while !get(&address, "/ready").starts_with("HTTP/1.1 200") {
        assert!(began.elapsed() < PATIENCE, "{}", get(&address, "/ready"));
        std::thread::sleep(Duration::from_millis(50));
    }
    let found = get(&address, "/api/search?q=%EC%88%98%EC%86%8C%ED%8A%B8%EB%9E%A8");
    assert!(found.contains("\"total\":1"), "{found}");
}
