//! Several script files in one: a browser fetches it with one request, it compresses better, and it needs no import map.
//!
//! The files of `src/web` are ES modules that keep to a few habits. This module relies on them and a test enforces them: an
//! import or export is at the beginning of a line, imports take names (`{ a, b as c }`) from a file in the same folder, exports
//! are declarations, imports are not circular, comments are on lines of their own. Each module becomes a function, so that its
//! names do not clash with those of others.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Why files cannot become one script; a test finds this before any server does.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum BundleError {
    #[error("there is no file {0}")]
    Missing(String),
    #[error("{0} imports itself, directly or through others")]
    Circle(String),
    #[error("{file}: cannot read {line:?}")]
    Unread { file: String, line: String },
}

/// Where files come from: their text by name.
pub(super) trait Source {
    /// The text of the file called `name`.
    fn text(&self, name: &str) -> Option<String>;
}

/// The module `entry` and everything it imports as one classic script, each module before those that need it.
pub(super) fn bundle(entry: &str, source: &dyn Source) -> Result<String, BundleError> {
    let linker = Linker::of(entry, source)?;
    Ok(format!("{OPENING}{}}})();\n", linker.script))
}

/// The same, which also leaves its modules to scripts that run after it, and those scripts: of each of `later` the modules that `entry`
/// does not have. They take the others from there, which spares their bytes, and what those keep in variables is the same for all.
pub(super) fn bundle_with(
    entry: &str,
    later: &[&str],
    source: &dyn Source,
) -> Result<(String, Vec<String>), BundleError> {
    let host = Linker::of(entry, source)?;
    let after = |name: &&str| {
        let mut linker = Linker { done: host.done.clone(), ..Linker::new(source) };
        linker.add(name)?;
        let taken: Vec<String> = linker.needed.intersection(&host.done).map(|name| variable(name)).collect();
        Ok(format!("{OPENING}const {{{}}}={SHARED};\n{}}})();\n", taken.join(","), linker.script))
    };
    let later = later.iter().map(after).collect::<Result<_, BundleError>>()?;
    let modules: Vec<String> = host.done.iter().map(|name| variable(name)).collect();
    Ok((format!("{OPENING}{}{SHARED}={{{}}};\n}})();\n", host.script, modules.join(",")), later))
}

const OPENING: &str = "(()=>{\"use strict\";\n";
/// Where a script leaves its modules for others.
const SHARED: &str = "globalThis.$gisa";

struct Linker<'a> {
    source: &'a dyn Source,
    done: BTreeSet<String>,
    /// Modules whose imports are being added.
    open: Vec<String>,
    /// Modules that are imported by one that was added.
    needed: BTreeSet<String>,
    script: String,
}

impl<'a> Linker<'a> {
    fn new(source: &'a dyn Source) -> Self {
        let (done, needed) = (BTreeSet::new(), BTreeSet::new());
        Self { source, done, open: Vec::new(), needed, script: String::new() }
    }

    fn of(entry: &str, source: &'a dyn Source) -> Result<Self, BundleError> {
        let mut linker = Self::new(source);
        linker.add(entry)?;
        Ok(linker)
    }

    fn add(&mut self, name: &str) -> Result<(), BundleError> {
        if self.done.contains(name) {
            return Ok(());
        }
        if self.open.iter().any(|open| open == name) {
            return Err(BundleError::Circle(name.to_owned()));
        }
        let text = self.source.text(name).ok_or_else(|| BundleError::Missing(name.to_owned()))?;
        let module = Module::read(name, &text)?;
        self.open.push(name.to_owned());
        for import in &module.imports {
            self.add(&import.file)?;
            self.needed.insert(import.file.clone());
        }
        self.open.pop();
        let _ = writeln!(self.script, "const {}=(()=>{{", variable(name));
        for Import { names, file } in module.imports.iter().filter(|import| !import.names.is_empty()) {
            let _ = writeln!(self.script, "const {{{names}}}={};", variable(file));
        }
        self.script.push_str(&module.body);
        let _ = writeln!(self.script, "return{{{}}}}})();", module.exports.join(","));
        self.done.insert(name.to_owned());
        Ok(())
    }
}

/// `gisa-search.js` → `$gisa_search`.
fn variable(file: &str) -> String {
    let stem = file.strip_suffix(".js").unwrap_or(file);
    format!("${}", stem.replace(|c: char| !c.is_ascii_alphanumeric(), "_"))
}

struct Import {
    /// As in a destructuring assignment: `a, b: c`.
    names: String,
    file: String,
}

#[derive(Default)]
struct Module {
    imports: Vec<Import>,
    exports: Vec<String>,
    body: String,
}

impl Module {
    fn read(file: &str, text: &str) -> Result<Self, BundleError> {
        let unread = |line: &str| BundleError::Unread { file: file.to_owned(), line: line.to_owned() };
        let mut module = Self::default();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let trimmed = line.trim();
            if trimmed.is_empty() || trimmed.starts_with("//") {
                continue;
            }
            if trimmed.starts_with("/*") {
                let mut last = trimmed;
                while !last.ends_with("*/") {
                    last = lines.next().map(str::trim).ok_or_else(|| unread(line))?;
                }
                continue;
            }
            if line.starts_with("import ") {
                let mut statement = line.to_owned();
                while !statement.ends_with(';') {
                    statement.push_str(lines.next().ok_or_else(|| unread(line))?);
                }
                module.imports.push(import(&statement).ok_or_else(|| unread(&statement))?);
                continue;
            }
            let declaration = match line.strip_prefix("export ") {
                Some(declaration) => {
                    module.exports.push(declared(declaration).ok_or_else(|| unread(line))?.to_owned());
                    declaration
                }
                None => line,
            };
            // Indentation is a tenth of a script and means nothing: no text of several lines depends on it.
            module.body.push_str(declaration.trim());
            module.body.push('\n');
        }
        Ok(module)
    }
}

fn import(statement: &str) -> Option<Import> {
    let rest = statement.strip_prefix("import ")?.strip_suffix(';')?;
    let (names, from) = match rest.split_once(" from ") {
        Some((names, from)) => (names.trim().strip_prefix('{')?.strip_suffix('}')?, from),
        None => ("", rest),
    };
    let file = from.trim().strip_prefix("\"./")?.strip_suffix('"')?;
    Some(Import { names: names.trim().replace(" as ", ":"), file: file.to_owned() })
}

/// The name that a declaration declares.
fn declared(declaration: &str) -> Option<&str> {
    let rest = ["async function ", "function ", "class ", "const "]
        .iter()
        .find_map(|keyword| declaration.strip_prefix(keyword))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$').next().filter(|name| !name.is_empty())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    struct Files<'a>(&'a [(&'a str, &'a str)]);

    impl Source for Files<'_> {
        fn text(&self, name: &str) -> Option<String> {
            self.0.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
        }
    }

    #[test]
    fn modules_become_functions_in_the_order_of_need() {
        let files = Files(&[
            (
                "app.js",
                "// Starts.\nimport { a,\n  b as c } from \"./one.js\";\nimport \"./two.js\";\nc(a);\n",
            ),
            (
                "one.js",
                "/**\n * Gone.\n */\nexport const a = 1;\nexport async function b(x) {\n  two(x);\n}\nfunction own() {}\n",
            ),
            ("two.js", "import { a } from \"./one.js\";\nconst own = a;\n"),
        ]);
        assert_eq!(
            bundle("app.js", &files).unwrap(),
            "(()=>{\"use strict\";\n\
             const $one=(()=>{\nconst a = 1;\nasync function b(x) {\ntwo(x);\n}\nfunction own() {}\nreturn{a,b}})();\n\
             const $two=(()=>{\nconst {a}=$one;\nconst own = a;\nreturn{}})();\n\
             const $app=(()=>{\nconst {a,  b:c}=$one;\nc(a);\nreturn{}})();\n})();\n"
        );
    }

    #[test]
    fn a_later_script_takes_the_modules_that_are_there_already() {
        let files = Files(&[
            ("app.js", "import { a } from \"./one.js\";\na();\n"),
            ("one.js", "export function a() {}\n"),
            ("later.js", "import { a } from \"./one.js\";\nimport { b } from \"./own.js\";\na(b);\n"),
            ("own.js", "export const b = 1;\n"),
        ]);
        let (app, later) = bundle_with("app.js", &["later.js"], &files).unwrap();
        assert!(app.ends_with("globalThis.$gisa={$app,$one};\n})();\n"), "{app}");
        assert_eq!(
            later,
            ["(()=>{\"use strict\";\nconst {$one}=globalThis.$gisa;\n\
             const $own=(()=>{\nconst b = 1;\nreturn{b}})();\n\
             const $later=(()=>{\nconst {a}=$one;\nconst {b}=$own;\na(b);\nreturn{}})();\n})();\n"]
        );
    }

    #[test]
    fn what_cannot_be_linked_is_said() {
        let circle = Files(&[("a.js", "import \"./b.js\";"), ("b.js", "import \"./a.js\";")]);
        assert_eq!(bundle("a.js", &circle), Err(BundleError::Circle("a.js".to_owned())));
        let missing = Files(&[("a.js", "import \"./b.js\";")]);
        assert_eq!(bundle("a.js", &missing), Err(BundleError::Missing("b.js".to_owned())));
        for line in ["import x from \"./b.js\";", "import \"b.js\";", "export default 1;", "export { a };"] {
            let files = Files(&[("a.js", line), ("b.js", "")]);
            assert!(matches!(bundle("a.js", &files), Err(BundleError::Unread { .. })), "{line}");
        }
    }
}
