//! The stages import in one direction, and each library stays in its stage.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// In the order in which data flows; each may import only from itself and from those before it.
const STAGES: [&str; 21] = [
    "faults", "logging", "article", "ingest", "journal", "korean", "similar", "suggest", "learned",
    "entities", "quotes", "query", "cluster", "index", "search", "access", "asked", "alerts", "config",
    "service", "http",
];
/// Where a library may be named: an engine behind the same stages, or another server, can replace it there.
const KEPT_TO: [(&str, &[&str]); 6] = [
    ("tantivy", &["index"]),
    ("axum", &["http"]),
    ("lindera", &["korean"]),
    ("reqwest", &["alerts"]),
    ("lettre", &["alerts"]),
    ("rustls", &["alerts", "cluster"]),
];

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
fn routes_reach_articles_only_through_a_reader() {
    // Whoever has a fixed filter must not see more because a route forgot it. Probes and metrics, which look at the whole
    // archive, say themselves to whom.
    let routes = files("http").into_iter().filter(|file| file.iter().any(|part| part == "routes"));
    for file in routes.filter(|file| !file.ends_with("ops.rs")) {
        let code = code(&file);
        for way in ["state.search", "state.suggest", "state.serving", ".select(", ".generation()"] {
            assert!(!code.contains(way), "{}: `{way}` knows no filter; take a `Reader`", file.display());
        }
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

/// The files of a stage as a graph: which imports from which.
mod imports {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    /// A module's path from the crate's root: `["index", "read", "rank"]`.
    pub type Module = Vec<String>;

    /// The modules that are files, each with its code, without tests.
    pub struct Sources {
        code: BTreeMap<Module, String>,
    }

    impl Sources {
        pub fn read(files: &[PathBuf], code: impl Fn(&Path) -> String) -> Self {
            let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
            let mut sources = BTreeMap::new();
            let mut tests = BTreeSet::new();
            for file in files {
                let path = file.strip_prefix(&src).unwrap().with_extension("");
                let mut module: Module = path.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
                if module.last().is_some_and(|last| last == "mod") {
                    module.pop();
                }
                let (code, test_modules) = without_tests(&code(file));
                let test_modules = test_modules.into_iter();
                tests.extend(test_modules.map(|name| [module.as_slice(), &[name]].concat()));
                sources.insert(module, code);
            }
            sources.retain(|module, _| !tests.contains(module));
            Self { code: sources }
        }

        /// Which modules each imports from. A folder's `mod.rs` and what is in the folder count as one with each other.
        pub fn graph(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
            let mut graph = BTreeMap::new();
            for (module, code) in &self.code {
                let used = used_paths(code, module).into_iter().filter_map(|path| self.owner(&path, 0));
                let others = used.filter(|used| !used.starts_with(module) && !module.starts_with(used));
                graph.insert(module, others.collect());
            }
            graph
        }

        /// The module in which the item at `path` is defined, re-exports followed; `None` outside of these sources.
        fn owner(&self, path: &[String], depth: usize) -> Option<Module> {
            let known = (1..=path.len())
                .rev()
                .find(|&length| path.get(..length).is_some_and(|module| self.code.contains_key(module)))?;
            let (module, rest) = path.split_at(known);
            let Some(item) = rest.first().filter(|_| depth < 8) else { return Some(module.to_vec()) };
            let code = self.code.get(module)?;
            let reexports: Vec<Module> =
                use_trees(code, true).into_iter().map(|tree| resolved(&tree, module, self)).collect();
            let named = reexports.iter().find(|path| path.last() == Some(item));
            if let Some(named) = named {
                return self.owner(named, depth + 1);
            }
            for glob in reexports.iter().filter(|path| path.last().is_some_and(|last| last == "*")) {
                let target = glob.get(..glob.len() - 1)?;
                let defines = |kind: &str| {
                    self.code.get(target).is_some_and(|code| code.contains(&format!("{kind} {item}")))
                };
                if ["struct", "enum", "fn", "trait", "const", "type"].into_iter().any(defines) {
                    return Some(target.to_vec());
                }
            }
            Some(module.to_vec())
        }
    }

    /// The code without its tests, and the names of test modules in files of their own.
    fn without_tests(code: &str) -> (String, Vec<String>) {
        let mut kept = String::new();
        let mut files = Vec::new();
        let mut lines = code.lines();
        while let Some(line) = lines.next() {
            if line.trim() != "#[cfg(test)]" {
                kept.push_str(line);
                kept.push('\n');
                continue;
            }
            let mut item = lines.next().unwrap_or_default();
            while item.trim_start().starts_with("#[") {
                item = lines.next().unwrap_or_default();
            }
            match item.trim().strip_prefix("mod ").and_then(|name| name.strip_suffix(';')) {
                Some(name) => files.push(name.to_owned()),
                // To the closing brace at the same depth.
                None if item.ends_with('{') => {
                    let indent = item.len() - item.trim_start().len();
                    let end = format!("{}}}", " ".repeat(indent));
                    lines.by_ref().find(|line| *line == end);
                }
                None => {}
            }
        }
        (kept, files)
    }

    /// Paths that a module's code uses, from the crate's root; those of its own re-exports left out.
    fn used_paths(code: &str, module: &[String]) -> Vec<Module> {
        let mut used = Vec::new();
        let without_reexports: String =
            code.split_inclusive(';').filter(|item| !is_reexport(item)).collect::<Vec<_>>().concat();
        for root in ["crate::", "super::"] {
            for (at, _) in without_reexports.match_indices(root) {
                let before = without_reexports.get(..at).unwrap_or_default();
                if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                    continue;
                }
                let mut paths = Vec::new();
                expand(&mut without_reexports.get(at..).unwrap_or_default(), Vec::new(), &mut paths);
                used.extend(paths.iter().map(|path| from_root(path, module)));
            }
        }
        used
    }

    fn is_reexport(item: &str) -> bool {
        let item = item.trim_start();
        item.lines().last().is_some_and(|_| item.contains("pub use ") || item.contains(") use "))
    }

    /// The paths of `use` items, re-exports or others.
    fn use_trees(code: &str, reexports: bool) -> Vec<Module> {
        let mut paths = Vec::new();
        for item in code.split_inclusive(';').filter(|item| is_reexport(item) == reexports) {
            if let Some(at) = item.find("use ") {
                expand(&mut item.get(at + 4..).unwrap_or_default(), Vec::new(), &mut paths);
            }
        }
        paths
    }

    /// Reads a path, or a tree of paths in braces, from the front of `code`.
    fn expand(code: &mut &str, prefix: Module, paths: &mut Vec<Module>) {
        let mut path = prefix;
        loop {
            *code = code.trim_start();
            if let Some(rest) = code.strip_prefix('{') {
                *code = rest;
                loop {
                    *code = code.trim_start();
                    if code.is_empty() || code.starts_with('}') {
                        *code = code.get(1..).unwrap_or_default();
                        return;
                    }
                    expand(code, path.clone(), paths);
                    *code = code.trim_start().trim_start_matches(',');
                }
            }
            if let Some(rest) = code.strip_prefix('*') {
                *code = rest;
                path.push("*".to_owned());
                return paths.push(path);
            }
            let end = code.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len());
            path.push(code.get(..end).unwrap_or_default().to_owned());
            *code = code.get(end..).unwrap_or_default();
            match code.strip_prefix("::") {
                Some(rest) => *code = rest,
                None => {
                    if let Some(rest) = code.trim_start().strip_prefix("as ") {
                        let rest = rest.trim_start();
                        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                        *code = rest.get(end..).unwrap_or_default();
                    }
                    return paths.push(path);
                }
            }
        }
    }

    fn from_root(path: &[String], module: &[String]) -> Module {
        let ups = path.iter().take_while(|part| *part == "super").count();
        if ups > 0 {
            let parent = module.get(..module.len().saturating_sub(ups)).unwrap_or_default();
            return [parent, path.get(ups..).unwrap_or_default()].concat();
        }
        path.get(1..).unwrap_or_default().to_vec()
    }

    /// A path of a re-export, which may begin with a child's name.
    fn resolved(path: &[String], module: &[String], sources: &Sources) -> Module {
        let child = path.first().map(|first| [module, std::slice::from_ref(first)].concat());
        match path.first().map(String::as_str) {
            Some("crate" | "super") => from_root(path, module),
            Some("self") => [module, path.get(1..).unwrap_or_default()].concat(),
            _ if child.is_some_and(|child| sources.code.contains_key(&child)) => [module, path].concat(),
            _ => path.to_vec(),
        }
    }

    /// A round of modules of which each imports from the next, if there is one.
    pub fn cycle(graph: &BTreeMap<&Module, BTreeSet<Module>>) -> Option<Vec<Module>> {
        let mut done = BTreeSet::new();
        for module in graph.keys() {
            let mut way: Vec<Module> = Vec::new();
            if let Some(cycle) = visit(module, graph, &mut way, &mut done) {
                return Some(cycle);
            }
        }
        None
    }

    fn visit(
        module: &Module,
        graph: &BTreeMap<&Module, BTreeSet<Module>>,
        way: &mut Vec<Module>,
        done: &mut BTreeSet<Module>,
    ) -> Option<Vec<Module>> {
        if let Some(at) = way.iter().position(|one| one == module) {
            return Some(way.split_off(at));
        }
        if done.contains(module) {
            return None;
        }
        way.push(module.clone());
        for next in graph.get(module).into_iter().flatten() {
            if let Some(cycle) = visit(next, graph, way, done) {
                return Some(cycle);
            }
        }
        way.pop();
        done.insert(module.clone());
        None
    }

    #[test]
    fn paths_are_read() {
        let module = ["a".to_owned(), "b".to_owned()];
        let code = "use crate::x::{self, y::{Z, W as V}, *};\nuse super::c::D;\nlet e = super::super::f::g(1);\npub use crate::h::I;";
        let used: Vec<String> = used_paths(code, &module).iter().map(|path| path.join("::")).collect();
        assert_eq!(used, ["x::self", "x::y::Z", "x::y::W", "x::*", "a::c::D", "f::g"]);
    }

    #[test]
    fn a_cycle_is_found() {
        let module = |name: &str| vec![name.to_owned()];
        let (a, b, c) = (module("a"), module("b"), module("c"));
        let mut graph = BTreeMap::from([
            (&a, BTreeSet::from([b.clone()])),
            (&b, BTreeSet::from([c.clone()])),
            (&c, BTreeSet::new()),
        ]);
        assert_eq!(cycle(&graph), None);
        graph.insert(&c, BTreeSet::from([b.clone()]));
        assert_eq!(cycle(&graph), Some(vec![b.clone(), c.clone()]));
    }
}

#[test]
fn no_stage_has_cycles() {
    let mut found = Vec::new();
    for stage in STAGES {
        let sources = imports::Sources::read(&files(stage), code);
        if let Some(cycle) = imports::cycle(&sources.graph()) {
            let names: Vec<String> = cycle.iter().map(|module| module.join("::")).collect();
            found.push(names.join(" → "));
        }
    }
    assert!(found.is_empty(), "modules import from each other: {found:#?}");
}
