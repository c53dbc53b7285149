//! Names of outlets. Most have several (한겨레, 한겨레신문); one of them is canonical.

use std::collections::HashMap;

/// A line of a lexicon file that was not understood. The other lines still take effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LexiconWarning {
    /// The line, counted from 1.
    pub line: usize,
    /// The problem and its remedy, in English.
    pub message: String,
}

/// Canonical outlet names and their aliases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutletNames {
    canonical: HashMap<String, String>,
}

impl OutletNames {
    /// Reads `한겨레 = 한겨레신문, 인터넷한겨레`: one outlet a line, aliases optional, `#` begins a comment.
    ///
    /// A name that two lines claim belongs to the first of them; the second is reported.
    #[must_use]
    pub fn parse(text: &str) -> (Self, Vec<LexiconWarning>) {
        let mut names = Self::default();
        let mut warnings = Vec::new();
        for (index, raw) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
            let line = raw.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            let mut warn = |message: String| warnings.push(LexiconWarning { line: index + 1, message });
            let (canonical, aliases) = line.split_once('=').unwrap_or((line, ""));
            let canonical = canonical.trim();
            if lookup_key(canonical).is_empty() {
                warn("no outlet name before `=`".to_owned());
                continue;
            }
            for alias in std::iter::once(canonical).chain(aliases.split(',').map(str::trim)) {
                let key = lookup_key(alias);
                if key.is_empty() {
                    continue;
                }
                let holder = names.canonical.entry(key).or_insert_with(|| canonical.to_owned());
                if holder != canonical {
                    warn(format!("`{alias}` already belongs to `{holder}`; this line's claim is ignored"));
                }
            }
        }
        (names, warnings)
    }

    /// The canonical form of `name`; an unknown name is only trimmed.
    #[must_use]
    pub fn canonical(&self, name: &str) -> String {
        let name = name.trim();
        self.canonical.get(&lookup_key(name)).cloned().unwrap_or_else(|| name.to_owned())
    }

    /// The names under which articles of `name` may be stored: the canonical one, and `name` itself, because an index may
    /// be older than the alias.
    pub fn stored_names(&self, name: &str) -> impl Iterator<Item = String> {
        let (canonical, typed) = (self.canonical(name), name.trim().to_owned());
        let typed = (typed != canonical).then_some(typed);
        std::iter::once(canonical).chain(typed)
    }

    /// Whether `name` is a canonical name or an alias.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        !self.canonical.is_empty() && self.canonical.contains_key(&lookup_key(name))
    }

    /// How many names, canonical ones and aliases together, are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.canonical.len()
    }

    /// Whether no name is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.canonical.is_empty()
    }
}

/// The form under which a name is looked up: case, spaces and a leading "(주)" or "㈜" make no difference.
fn lookup_key(name: &str) -> String {
    let compact: String = name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let bare = compact.trim_start_matches("(주)").trim_start_matches('㈜');
    bare.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_resolve_and_conflicts_are_reported() {
        let text =
            "# 언론사\n새벽신문 = 새벽일간, (주)새벽 미디어\nNTV뉴스\n = 이름없음\n다른신문 = 새벽일간\n";
        let (names, warnings) = OutletNames::parse(text);
        assert_eq!(names.canonical(" 새벽 일간 "), "새벽신문");
        assert_eq!(names.canonical("㈜새벽미디어"), "새벽신문");
        assert_eq!(names.canonical("ntv 뉴스"), "NTV뉴스");
        assert_eq!(names.canonical(" 모르는신문 "), "모르는신문");
        assert_eq!(names.stored_names("새벽일간 ").collect::<Vec<_>>(), ["새벽신문", "새벽일간"]);
        assert_eq!(names.stored_names("새벽신문").collect::<Vec<_>>(), ["새벽신문"]);
        assert_eq!(warnings.iter().map(|w| w.line).collect::<Vec<_>>(), [4, 5]);
        assert!(names.contains("새벽신문") && !names.contains("모르는신문"));
    }
}
