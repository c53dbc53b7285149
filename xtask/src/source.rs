//! The decoded dictionary, and the MeCab source files that are written from it for lindera's builder.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::characters::{self, Characters};
use crate::lexicon::{self, Entry, Lexicon};
use crate::matrix::{self, Matrix};
use crate::wheel::CompiledFiles;

/// Columns after the cost in a row of mecab-ko-dic.
pub(crate) const FEATURES: usize = 8;

/// A whole MeCab dictionary, decoded.
pub(crate) struct Source {
    pub(crate) lexicon: Lexicon,
    pub(crate) unknown: Lexicon,
    pub(crate) matrix: Matrix,
    pub(crate) characters: Characters,
}

impl Source {
    /// Decodes the files and checks that they belong together.
    pub(crate) fn decode(files: &CompiledFiles) -> Result<Self> {
        let source = Self {
            lexicon: lexicon::decode(&files.lexicon).context("in sys.dic")?,
            unknown: lexicon::decode(&files.unknown).context("in unk.dic")?,
            matrix: matrix::decode(&files.matrix).context("in matrix.bin")?,
            characters: characters::decode(&files.characters).context("in char.bin")?,
        };
        for lexicon in [&source.lexicon, &source.unknown] {
            ensure!(
                (lexicon.left_size, lexicon.right_size)
                    == (source.matrix.left_size, source.matrix.right_size),
                "the lexicon and matrix.bin disagree about the number of context ids"
            );
        }
        for entry in &source.unknown.entries {
            ensure!(
                source.characters.names.contains(&entry.surface),
                "unk.dic names the category {}, which char.bin lacks",
                entry.surface
            );
        }
        Ok(source)
    }

    /// Writes `ko-dic.csv`, `unk.def`, `matrix.def` and `char.def` into `folder`, creating it.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        write_file(&folder.join("ko-dic.csv"), |out| write_csv(&self.lexicon.entries, out))?;
        write_file(&folder.join("unk.def"), |out| write_unknown(&self.unknown.entries, out))?;
        write_file(&folder.join("matrix.def"), |out| self.matrix.write_def(out))?;
        write_file(&folder.join("char.def"), |out| self.characters.write_def(out))
    }
}

fn write_file(path: &Path, content: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<()> {
    let file = File::create(path).with_context(|| format!("cannot create {}", path.display()))?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    content(&mut out)
        .and_then(|()| Ok(out.flush()?))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Splits the features of `entry` into mecab-ko-dic's eight columns (a column may be quoted, as in CSV).
pub(crate) fn columns(entry: &Entry) -> Result<csv::StringRecord> {
    let record = if entry.features.contains('"') {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(entry.features.as_bytes());
        let mut record = csv::StringRecord::new();
        reader.read_record(&mut record)?;
        record
    } else {
        // A CSV parser for each of 816,283 rows takes 8 seconds; only rows with quotes need one.
        entry.features.split(',').collect()
    };
    ensure!(
        record.len() == FEATURES,
        "{} has {} feature columns, expected {FEATURES}: {}",
        entry.surface,
        record.len(),
        entry.features
    );
    Ok(record)
}

fn write_csv(entries: &[Entry], out: &mut impl Write) -> Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
    for entry in entries {
        // lindera trims surfaces and silently drops a row whose surface is then empty.
        ensure!(!entry.surface.trim().is_empty(), "a surface is white space alone: {entry:?}");
        let numbers = [entry.left_id.to_string(), entry.right_id.to_string(), entry.cost.to_string()];
        let columns = columns(entry)?;
        let row =
            std::iter::once(entry.surface.as_str()).chain(numbers.iter().map(String::as_str)).chain(&columns);
        writer.write_record(row)?;
    }
    writer.flush()?;
    Ok(())
}

/// `unk.def` is split at every comma by lindera, so nothing in it may be quoted.
fn write_unknown(entries: &[Entry], out: &mut impl Write) -> Result<()> {
    for entry in entries {
        ensure!(!entry.features.contains('"'), "unk.def cannot carry the quoted {}", entry.features);
        writeln!(
            out,
            "{},{},{},{},{}",
            entry.surface, entry.left_id, entry.right_id, entry.cost, entry.features
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn entry(surface: &str, features: &str) -> Entry {
        Entry {
            surface: surface.to_owned(),
            left_id: 1,
            right_id: 2,
            cost: -3,
            features: features.to_owned(),
        }
    }

    #[test]
    fn rows_survive_commas_and_quotes() {
        let entries = [entry(",", "SC,*,*,*,*,*,*,*"), entry("\"", "SY,*,*,\"a,b\",*,*,*,*")];
        let mut out = Vec::new();
        write_csv(&entries, &mut out).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_slice());
        let rows: Vec<Vec<String>> =
            reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        assert_eq!(
            rows,
            [
                [",", "1", "2", "-3", "SC", "*", "*", "*", "*", "*", "*", "*"],
                ["\"", "1", "2", "-3", "SY", "*", "*", "a,b", "*", "*", "*", "*"],
            ]
        );
    }

    #[test]
    fn rows_that_lindera_would_lose_are_refused() {
        assert!(write_csv(&[entry("가", "NNG,*")], &mut Vec::new()).is_err());
        assert!(write_csv(&[entry(" ", "SP,*,*,*,*,*,*,*")], &mut Vec::new()).is_err());
        assert!(write_unknown(&[entry("DEFAULT", "\"SY\",*")], &mut Vec::new()).is_err());
    }
}
