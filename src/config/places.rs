//! Texts for readers: without the machine's paths.

use std::path::Path;

use super::Config;

/// What the addresses of the HTTP interface begin with; messages name them as advice.
const ADDRESSES: [&str; 1] = ["/api/"];

impl Config {
    /// `text` for somebody who may know what is wrong but not where it lies: paths in the index folder and the data folder begin
    /// with `index_dir` and `data_dir`, of other absolute paths the last name is left.
    pub fn without_places(&self, text: &str) -> String {
        let mut places: Vec<(String, &str)> = Vec::new();
        for (folder, name) in [(&self.index_dir, "index_dir"), (&self.data_dir, "data_dir")] {
            let resolved = std::fs::canonicalize(folder).ok();
            let given = Some(folder.clone()).filter(|folder| folder.is_absolute());
            places.extend(given.into_iter().chain(resolved).map(|path| (shown(&path), name)));
        }
        // The longer first: one folder may lie in the other.
        places.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        let named =
            places.iter().fold(text.to_owned(), |text, (path, name)| text.replace(path.as_str(), name));
        let mut short = String::with_capacity(named.len());
        let mut before = ' ';
        let mut rest = named.as_str();
        while let Some(first) = rest.chars().next() {
            let end = rest.find(ends_path).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let is_path =
                first == '/' && ends_path(before) && !ADDRESSES.iter().any(|own| word.starts_with(own));
            if is_path {
                short.push_str(word.trim_end_matches('/').rsplit('/').next().unwrap_or_default());
            } else {
                short.push_str(word);
            }
            let mut after = after.chars();
            before = after.next().unwrap_or(' ');
            if end < rest.len() {
                short.push(before);
            }
            rest = after.as_str();
        }
        short
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string().trim_end_matches('/').to_owned()
}

/// What a path in a message is followed by.
fn ends_path(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | '(' | ')' | ',' | ';' | ':' | '`')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::config::{ConfigFile, Overrides};

    #[test]
    fn paths_of_the_machine_are_left_out() {
        let file = ConfigFile { index_dir: "data/index".into(), ..ConfigFile::default() };
        let config = file.resolve(std::path::Path::new("/srv/my news/gisa"), &Overrides::default()).unwrap();
        for (text, expected) in [
            (
                "cannot write /srv/my news/gisa/data/articles/pushed/.LOCK: denied",
                "cannot write data_dir/articles/pushed/.LOCK: denied",
            ),
            (
                "the generation at /srv/my news/gisa/data/index/generation-1 is damaged (see /srv/my news/gisa/data)",
                "the generation at index_dir/generation-1 is damaged (see data_dir)",
            ),
            (
                "copied to \"/backups/monday/1.bin\"; POST /api/admin/reindex",
                "copied to \"1.bin\"; POST /api/admin/reindex",
            ),
            ("put pushed/ back: 3 of 4, 20 % (1/2)", "put pushed/ back: 3 of 4, 20 % (1/2)"),
            ("한글 /가/나 끝", "한글 나 끝"),
            ("", ""),
            ("/", ""),
        ] {
            assert_eq!(config.without_places(text), expected);
        }
    }
}
