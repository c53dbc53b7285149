//! `cargo xtask archive FILE N`: an archive of any size, for measuring. Each article is made of windows of running words out of the
//! articles of FILE, so that words, names and their frequencies are those of FILE, while no two articles are alike. The same FILE and
//! N always give the same bytes.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufRead, BufReader, Read, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

/// Words of a window.
const WORDS: RangeInclusive<u64> = 7..=12;
/// Windows of a body.
const WINDOWS: RangeInclusive<u64> = 5..=16;
/// Fields that are taken from one of the articles as they are, under all names that articles are read with.
const TAKEN: [&str; 7] = ["outlet", "press", "source", "reporters", "reporter", "section", "category"];
/// 2019-01-01T00:00:00Z, and eight years of seconds after it.
const FIRST: u64 = 1_546_300_800;
const SPAN: u64 = 8 * 365 * 24 * 60 * 60;

/// What the archive is made of, and how large it gets.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Articles as JSON lines; `.zst` is unpacked.
    file: PathBuf,
    /// How many articles to make.
    number: u64,
}

/// What the articles are made of.
struct Source {
    words: Vec<String>,
    articles: Vec<Value>,
}

/// Writes the articles to standard output.
pub(crate) fn write(arguments: &Arguments) -> Result<()> {
    let source = Source::read(&arguments.file)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for article in source.articles(arguments.number) {
        serde_json::to_writer(&mut out, &article?)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

impl Source {
    fn read(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let reader: Box<dyn Read> = if path.extension().is_some_and(|extension| extension == "zst") {
            Box::new(zstd::Decoder::new(file)?)
        } else {
            Box::new(file)
        };
        let mut source = Self { words: Vec::new(), articles: Vec::new() };
        for line in BufReader::new(reader).lines() {
            let mut article: Value = serde_json::from_str(&line?).context("a line is not JSON")?;
            let body = article.get("body").and_then(Value::as_str).unwrap_or_default();
            source.words.extend(body.split_whitespace().map(str::to_owned));
            if let Some(fields) = article.as_object_mut() {
                fields.retain(|name, _| TAKEN.contains(&name.as_str()));
            }
            source.articles.push(article);
        }
        let enough = WORDS.end() * WINDOWS.end();
        ensure!(source.words.len() as u64 > enough, "the articles must have more than {enough} words");
        Ok(source)
    }

    /// `number` articles, no two of them with the same body.
    fn articles(&self, number: u64) -> impl Iterator<Item = Result<Value>> {
        let mut bodies = HashSet::new();
        let mut chance = Chance(number);
        (1..=number).map(move |n| {
            // A file of few words runs out of bodies only far past any number that can be asked for.
            for _ in 0..100 {
                let article = self.article(n, &mut chance)?;
                let mut hasher = DefaultHasher::new();
                article.get("body").hash(&mut hasher);
                if bodies.insert(hasher.finish()) {
                    return Ok(article);
                }
            }
            anyhow::bail!("the words of the file do not suffice for {number} different articles")
        })
    }

    fn article(&self, number: u64, chance: &mut Chance) -> Result<Value> {
        let windows = chance.within(WINDOWS);
        let sentences: Vec<String> =
            (0..windows).map(|_| Ok(self.window(chance)?.join(" ") + ".")).collect::<Result<_>>()?;
        let model = chance.one_of(&self.articles)?;
        let mut article = json!({
            "id": format!("made-{number:08}"),
            "title": self.window(chance)?.join(" "),
            "body": sentences.join(" "),
            "published_at": FIRST + chance.next() % SPAN,
        });
        for name in TAKEN {
            if let (Some(fields), Some(value)) = (article.as_object_mut(), model.get(name)) {
                fields.insert(name.to_owned(), value.clone());
            }
        }
        Ok(article)
    }

    /// Running words of the file.
    fn window(&self, chance: &mut Chance) -> Result<&[String]> {
        let length = usize::try_from(chance.within(WORDS))?;
        let first = usize::try_from(chance.next() % (self.words.len() - length) as u64)?;
        self.words.get(first..first + length).context("a window lies within the words")
    }
}

/// Numbers that look like chance and are the same each time (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn within(&mut self, range: RangeInclusive<u64>) -> u64 {
        range.start() + self.next() % (range.end() - range.start() + 1)
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Result<&'a T> {
        let at = usize::try_from(self.next() % all.len().max(1) as u64)?;
        all.get(at).context("the file holds no articles")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn samples() -> Source {
        Source::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/articles/01-onsaemi.jsonl"))
            .unwrap()
    }

    fn made(source: &Source, number: u64) -> Vec<Value> {
        source.articles(number).map(Result::unwrap).collect()
    }

    #[test]
    fn articles_are_made_of_running_words_and_no_two_are_alike() {
        let source = samples();
        let articles = made(&source, 2000);
        let text = source.words.join(" ");
        let mut bodies = HashSet::new();
        for article in &articles {
            let body = article["body"].as_str().unwrap();
            assert!(bodies.insert(body));
            let words = body.split_whitespace().count() as u64;
            assert!(
                (WORDS.start() * WINDOWS.start()..=WORDS.end() * WINDOWS.end()).contains(&words),
                "{words}"
            );
            let window: Vec<&str> = body.split_whitespace().take(7).collect();
            let window = window.join(" ");
            assert!(text.contains(window.trim_end_matches('.')), "{window}");
            assert!(!article["title"].as_str().unwrap().is_empty());
            assert!(TAKEN.iter().any(|name| article.get(name).is_some()), "{article}");
        }
        let ids: HashSet<&str> = articles.iter().map(|article| article["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), 2000);
    }

    #[test]
    fn the_same_file_gives_the_same_articles() {
        let source = samples();
        assert_eq!(made(&source, 50), made(&samples(), 50));
        assert_ne!(made(&source, 50)[..], made(&source, 51)[..50], "another number, another archive");
    }
}
