//! Reads MeCab's compiled dictionary files out of the one wheel this tool knows.

use std::io::{Cursor, Read as _};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

/// SHA-256 of `python_mecab_ko_dic-2.1.1.post2-py3-none-any.whl` (mecab-ko-dic 2.1.1-20180720).
const WHEEL_SHA256: &str = "ef8f4e80c8976f1340a7264abb0c96f384fe059fd897584aeba0151753c6ae9b";
/// Folder of the dictionary inside the wheel.
const FOLDER: &str = "mecab_ko_dic/dictionary";

/// The four files of a compiled MeCab dictionary that carry its content.
pub(crate) struct CompiledFiles {
    /// `sys.dic`: the lexicon.
    pub(crate) lexicon: Vec<u8>,
    /// `unk.dic`: the rows for unknown words, keyed by character category.
    pub(crate) unknown: Vec<u8>,
    /// `matrix.bin`: connection costs.
    pub(crate) matrix: Vec<u8>,
    /// `char.bin`: character categories.
    pub(crate) characters: Vec<u8>,
}

/// Reads the wheel at `path`.
///
/// # Errors
/// When the file cannot be read, is any other wheel than the known one, or lacks a dictionary file.
pub(crate) fn read(path: &Path) -> Result<CompiledFiles> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read the wheel {}", path.display()))?;
    let hash = sha256(&bytes);
    ensure!(
        hash == WHEEL_SHA256,
        "{} has SHA-256 {hash}, expected {WHEEL_SHA256}; fetch it again with \
         `pip download --no-deps python-mecab-ko-dic==2.1.1.post2`",
        path.display()
    );
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).context("the wheel is not a zip archive")?;
    let mut member = |name: &str| -> Result<Vec<u8>> {
        let mut file = archive
            .by_name(&format!("{FOLDER}/{name}"))
            .with_context(|| format!("the wheel holds no {FOLDER}/{name}"))?;
        let mut content = Vec::new();
        file.read_to_end(&mut content).with_context(|| format!("cannot unpack {name} from the wheel"))?;
        Ok(content)
    };
    Ok(CompiledFiles {
        lexicon: member("sys.dic")?,
        unknown: member("unk.dic")?,
        matrix: member("matrix.bin")?,
        characters: member("char.bin")?,
    })
}

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_is_written_as_lower_case_hex() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    #[allow(clippy::unwrap_used)]
    fn another_wheel_is_refused_with_the_command_that_fetches_the_right_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.whl");
        std::fs::write(&path, b"not the wheel").unwrap();
        let error = read(&path).err().unwrap().to_string();
        assert!(error.contains("pip download"), "{error}");
    }
}
