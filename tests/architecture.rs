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

/// Identifiers directly after `prefix`, also in `prefix{a, b}`.
fn named_after<'a>(code: &'a str, prefix: &str) -> Vec<&'a str> {
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
            for imported in named_after(&code(&file), "crate::") {
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

/// Names that a file imports from `library`, and `library` itself.
fn imported_from(code: &str, library: &str) -> Vec<String> {
    let mut names = vec![library.to_owned()];
    for import in code.split("use ").skip(1).filter_map(|rest| rest.strip_prefix(&format!("{library}::"))) {
        let tree = import.split(';').next().unwrap_or_default();
        let words = tree.split(|c: char| !c.is_alphanumeric() && c != '_');
        names.extend(words.filter(|word| word.starts_with(char::is_uppercase)).map(str::to_owned));
    }
    names
}

/// What is `pub` in a file, to whole signatures and fields: everything that other stages may see.
fn public_signatures(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("pub ") {
        let before = code.get(..at).unwrap_or_default();
        if before.ends_with(|c: char| !c.is_whitespace()) {
            continue;
        }
        let rest = code.get(at..).unwrap_or_default();
        let words: Vec<&str> = rest.split_whitespace().take(3).collect();
        let end = match words.as_slice() {
            // The fields of an enum's variants are as public as the enum.
            [_, "enum", ..] => rest.find("\n}"),
            [_, "fn" | "struct" | "trait" | "type" | "const" | "static" | "use" | "mod", ..]
            | [_, "async" | "unsafe", "fn"] => rest.find(['{', ';']),
            _ => rest.find(",\n"),
        };
        found.push(rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest));
    }
    found
}

#[test]
fn no_type_of_tantivy_leaves_the_index() {
    for file in files("index") {
        let code = code(&file);
        let names = imported_from(&code, "tantivy");
        for signature in public_signatures(&code) {
            let words: Vec<&str> = signature.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
            let leaked = names.iter().find(|name| words.contains(&name.as_str()));
            assert!(leaked.is_none(), "{}: {leaked:?} in a public signature:\n{signature}", file.display());
        }
    }
}

#[test]
fn the_reader_of_signatures_reads() {
    let code = "use tantivy::{DocId, index::SegmentId};\npub struct A {\n    pub at: DocId,\n    id: SegmentId,\n}\n\
                pub(super) fn f(at: DocId) {}\npub enum B {\n    C { at: DocId },\n}\n";
    assert_eq!(imported_from(code, "tantivy"), ["tantivy", "DocId", "SegmentId"]);
    let signatures = public_signatures(code);
    assert_eq!(signatures, ["pub struct A ", "pub at: DocId", "pub enum B {\n    C { at: DocId },"]);
}

#[test]
fn the_reader_of_imports_reads() {
    let code = "use crate::search::{self, X};\nuse crate::{index, http::Y};\nlet x = crate::korean::fold(1);";
    assert_eq!(named_after(code, "crate::"), ["search", "index", "http", "korean"]);
}
