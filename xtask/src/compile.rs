//! MeCab source files to lindera's compiled dictionary.

use std::path::Path;

use anyhow::{Context as _, Result};
use lindera::dictionary::{DictionaryBuilder, Metadata};

/// Schema, context id mapping and space penalties: the `metadata.json` of the crate lindera-ko-dic 6.2.0.
const METADATA: &str = include_str!("../ko-dic/metadata.json");
/// How often each context id was read while segmenting a corpus, from the same crate. lindera numbers the ids
/// by it, so that the cells of the matrix that are read most lie together.
const CONTEXT_ID_FREQUENCIES: &str = include_str!("../ko-dic/context_id_freq.txt");

/// Compiles the source files in `source` into `output`, creating it.
///
/// # Errors
/// When lindera refuses a source file or a file cannot be written.
pub(crate) fn compile(source: &Path, output: &Path) -> Result<()> {
    let metadata = Metadata::load(METADATA.as_bytes()).context("in metadata.json")?;
    let frequencies = source.join("context_id_freq.txt");
    std::fs::write(&frequencies, CONTEXT_ID_FREQUENCIES)
        .with_context(|| format!("cannot write {}", frequencies.display()))?;
    DictionaryBuilder::new(metadata)
        .with_context_id_freq(&frequencies)
        .build_dictionary(source, output)
        .context("lindera cannot compile the dictionary")
}
