//! The stages import in one direction, and each library stays in its stage.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// In the order in which data flows; each may import only from itself and from those before it.
const STAGES: [&str; 13] = [
    "faults", "article", "ingest", "journal", "korean", "similar", "suggest", "query", "index", "search",
    "config", "service", "http",
];
/// Where a library may be named: an engine behind the same stages, or another server, can replace it there.
const KEPT_TO: [(&str, &[&str]); 3] =
    [("tantivy", &["index"]), ("axum", &["http"]), ("lindera", &["korean"])];

fn rank(stage: &str) -> Option<usize> {
    STAGES.iter().position(|known| *known == stage)
}

/// The Rust files of a stage: `src/stage.rs`, or everything in `src/stage/`.
fn files(stage: &str) -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![src.join(stage)];
    while let Some(folder) = folders.pop().filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.extend(Some(src.join(format!("{stage}.rs"))).filter(|file| file.exists()));
    files
}

/// The code without comments, which may point anywhere.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Identifiers directly behind `prefix`, also in `prefix{a, b}`.
fn named_behind<'a>(code: &'a str, prefix: &str) -> Vec<&'a str> {
    let mut names = Vec::new();
    for rest in code.split(prefix).skip(1) {
        let group = rest.strip_prefix('{').map(|group| group.split('}').next().unwrap_or_default());
        for name in group.unwrap_or(rest).split(if group.is_some() { ',' } else { '\0' }) {
            let name = name.trim_start();
            let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
            names.push(name.get(..end).unwrap_or_default());
        }
    }
    names
}

#[test]
fn imports_flow_one_way() {
    for (own, stage) in STAGES.iter().enumerate() {
        let files = files(stage);
        assert!(!files.is_empty(), "src/{stage} is gone: change the list of stages");
        for file in files {
            for imported in named_behind(&code(&file), "crate::") {
                if let Some(rank) = rank(imported) {
                    assert!(rank <= own, "{}: {stage} must not import from {imported}", file.display());
                }
            }
        }
    }
}

#[test]
fn every_module_has_its_place() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for module in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        assert!(rank(module.trim_end_matches(';')).is_some(), "{module} is in no stage");
    }
}

#[test]
fn libraries_stay_in_their_stages() {
    for stage in STAGES {
        for file in files(stage) {
            let code = code(&file);
            for (library, stages) in KEPT_TO {
                let used =
                    code.contains(&format!("use {library}::")) || code.contains(&format!(" {library}::"));
                assert!(
                    !used || stages.contains(&stage),
                    "{}: {library} belongs to {stages:?}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn the_reader_of_imports_reads() {
    let code = "use crate::search::{self, X};\nuse crate::{index, http::Y};\nlet x = crate::korean::fold(1);";
    assert_eq!(named_behind(code, "crate::"), ["search", "index", "http", "korean"]);
}
