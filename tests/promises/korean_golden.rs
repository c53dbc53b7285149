//! The whole analysis of sentences as newspapers write them, token for token.
//!
//! `tests/golden/korean_tokens.txt` holds sentences and what becomes of them; its head says how to read it, to add a
//! sentence and to accept a change.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::searchable::language;
use gisa::ingest::normalise;
use gisa::korean::analysis::{Analysis, Analyzer};
use gisa::korean::segmenter::Origin;

/// Fewer sentences than this are no cover.
const LEAST: usize = 90;

/// A sentence of the file.
struct Sentence {
    /// As it stands in the file, with escapes.
    written: String,
    /// Whether it goes to the analysis without the cleaning that ingest gives every text.
    raw: bool,
    /// Whether its bigrams are listed too.
    bigrams: bool,
}

impl Sentence {
    fn read(line: &str) -> Option<Self> {
        let (marker, written) = line.strip_prefix('=')?.split_once(' ')?;
        let (raw, bigrams) = (marker == "raw", marker == "bigrams");
        assert!(raw || bigrams || marker.is_empty(), "unknown marker in {line:?}: `=`, `=raw` or `=bigrams`");
        Some(Self { written: written.to_owned(), raw, bigrams })
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut rest = self.written.as_str();
        while let Some((before, after)) = rest.split_once('\\') {
            text.push_str(before);
            if let Some(after) = after.strip_prefix('n') {
                text.push('\n');
                rest = after;
            } else {
                let (code, after) = after.strip_prefix("u{").and_then(|after| after.split_once('}')).unwrap();
                text.push(u32::from_str_radix(code, 16).ok().and_then(char::from_u32).unwrap());
                rest = after;
            }
        }
        text.push_str(rest);
        if self.raw { text } else { normalise(&text).into_owned() }
    }

    fn render(&self, analyzer: &mut Analyzer, out: &mut String) {
        let text = self.text();
        let mut analysis = Analysis::default();
        analyzer.analyze(&text, &mut analysis);
        let marker = if self.raw {
            "raw"
        } else if self.bigrams {
            "bigrams"
        } else {
            ""
        };
        writeln!(out, "={marker} {}", self.written).unwrap();
        if text != self.written {
            writeln!(out, "  text   {}", text.escape_debug()).unwrap();
        }
        let cut: Vec<String> = analysis
            .morphemes
            .iter()
            .map(|morpheme| {
                let entry = analyzer.segmenter().entry(morpheme);
                let origin = match entry.origin {
                    Origin::Dictionary => "",
                    Origin::UserWord => "(user)",
                    Origin::Unknown => "(unknown)",
                };
                let surface = &text[morpheme.start as usize..morpheme.end as usize];
                format!("{}/{}{origin}", surface.escape_debug(), entry.tag)
            })
            .collect();
        writeln!(out, "  cut    {}", cut.join(" ")).unwrap();
        let units = |bytes: u32| text[..bytes as usize].encode_utf16().count();
        for token in &analysis.tokens {
            let first = &analysis.kept[token.index as usize];
            let last = &analysis.kept[token.index as usize + usize::from(token.length) - 1];
            writeln!(
                out,
                "  {:<4} {}..{} {} {}",
                format!("@{}", analysis.position(token.index)),
                units(first.start),
                units(last.end),
                analysis.term(token),
                token.kind.name(),
            )
            .unwrap();
        }
        let mut write_pairs = |name: &str, indices: Vec<u32>| {
            let mut pairs = Vec::new();
            for index in indices {
                let mut pair = String::new();
                if analysis.bigram(index, &mut pair) {
                    pairs.push(format!("{}@{}", pair.replace(' ', "_"), analysis.position(index)));
                }
            }
            if !pairs.is_empty() {
                writeln!(out, "  {name:<6} {}", pairs.join(" ")).unwrap();
            }
        };
        write_pairs("edges", analysis.edges.clone());
        if self.bigrams {
            write_pairs("pairs", (0..analysis.kept.len() as u32).collect());
        }
        out.push('\n');
    }
}

#[test]
fn sentences_are_analysed_as_written_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/korean_tokens.txt");
    let golden = fs::read_to_string(&path).unwrap();
    let mut analyzer = language().korean().analyzer();
    let mut rendered = String::new();
    for line in golden.lines().filter(|line| line.starts_with('#')) {
        writeln!(rendered, "{line}").unwrap();
    }
    rendered.push('\n');
    let mut seen = BTreeSet::new();
    for sentence in golden.lines().filter_map(Sentence::read) {
        assert!(seen.insert(sentence.written.clone()), "{:?} stands there twice", sentence.written);
        sentence.render(&mut analyzer, &mut rendered);
    }
    assert!(seen.len() >= LEAST, "{} sentences are left of at least {LEAST}", seen.len());
    if golden == rendered {
        return;
    }
    if std::env::var_os("GISA_BLESS").is_some() {
        fs::write(&path, rendered).unwrap();
        eprintln!("wrote {}: read the difference before you commit it", path.display());
        return;
    }
    let mut message = String::new();
    let mut sentence = "";
    for (line, (was, is)) in (1..).zip(golden.lines().zip(rendered.lines())) {
        if was.starts_with('=') {
            sentence = was;
        }
        if was != is {
            write!(message, "line {line}, in {sentence:?}\n  was  {was}\n  is   {is}\n").unwrap();
            break;
        }
    }
    panic!(
        "the analysis has changed ({} lines before, {} now).\n{message}\
         If that is meant: `GISA_BLESS=1 cargo test --test korean_golden` rewrites {}; read `git diff` of it, sentence by \
         sentence: a token that eats part of a name or loses a word is a defect, not a new normal. What is in the index \
         changes with it, so raise `ANALYZER_VERSION` in src/index/schema.rs.",
        golden.lines().count(),
        rendered.lines().count(),
        path.display(),
    );
}
