//! `gisa key`, and keys in backups.

use std::fs;
use std::process::{Command, Output};

use crate::newsroom::{Newsroom, articles};

fn run(newsroom: &Newsroom, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gisa"));
    command.current_dir(newsroom.path()).env_clear().args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn keys_are_added_listed_and_removed() {
    let newsroom = Newsroom::new(&articles());
    assert_eq!(stdout(&run(&newsroom, &["key", "list"])), "");
    let clear = stdout(&run(
        &newsroom,
        &["key", "add", "가람 홈페이지", "--scope", "read", "--filter", "outlet=가람일보"],
    ));
    assert!(clear.starts_with("gisa_") && clear.lines().count() == 1, "{clear}");
    stdout(&run(
        &newsroom,
        &["key", "add", "cms", "--scope", "push", "--scope", "read", "--until", "2999-12-31"],
    ));
    assert_eq!(
        stdout(&run(&newsroom, &["key", "list"])),
        "가람 홈페이지  read  only outlet=가람일보\ncms            read push  until 2999-12-31\n"
    );
    let file = newsroom.path().join("data/keys.toml");
    assert!(!fs::read_to_string(&file).unwrap().contains(clear.trim()));
    for (arguments, said) in [
        (&["key", "add", "cms", "--scope", "read"][..], "there is a key \"cms\" already"),
        (&["key", "add", "x", "--scope", "read", "--until", "2001-01-01"], "has passed"),
        (&["key", "add", "x", "--scope", "admin", "--filter", "outlet=a"], "a filter can only read"),
        (&["key", "add", "x", "--scope", "read", "--filter", "desk=a"], "outlet=NAME"),
        (&["key", "remove", "none"], "gisa key list"),
    ] {
        let error = complaint(&run(&newsroom, arguments));
        assert!(error.contains(said), "{error}");
    }
    assert_eq!(run(&newsroom, &["key", "add", "x", "--scope", "reed"]).status.code(), Some(2));
    stdout(&run(&newsroom, &["key", "remove", "cms"]));
    assert_eq!(stdout(&run(&newsroom, &["key", "list"])).lines().count(), 1);
}

#[test]
fn a_restore_brings_keys_back_and_one_without_keys_takes_none_away() {
    let newsroom = Newsroom::new(&articles());
    let list = || stdout(&run(&newsroom, &["key", "list"]));
    stdout(&run(&newsroom, &["backup", "before"]));
    stdout(&run(&newsroom, &["key", "add", "one", "--scope", "read"]));
    let with_one = list();
    stdout(&run(&newsroom, &["backup", "with"]));
    stdout(&run(&newsroom, &["restore", "before"]));
    assert_eq!(list(), with_one);
    stdout(&run(&newsroom, &["key", "add", "two", "--scope", "read"]));
    stdout(&run(&newsroom, &["key", "remove", "one"]));
    let said = stdout(&run(&newsroom, &["restore", "with"]));
    assert_eq!(list(), with_one);
    assert!(said.contains("keys.toml.before-restore-"), "{said}");
    for file in ["data/keys.toml", "with/data/keys.toml"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(newsroom.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    // A backup of spoilt hashes is not put back.
    fs::write(newsroom.path().join("with/data/keys.toml"), "").unwrap();
    assert!(complaint(&run(&newsroom, &["restore", "with"])).contains("data/keys.toml"));
    assert_eq!(list(), with_one);
}
