//! `cargo xtask dictionary`: MeCab wheel in, packed lindera dictionary out.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::figures::Figures;
use crate::source::Source;
use crate::{compile, pack, wheel};

/// Name of the archive that the server embeds.
const ARCHIVE: &str = "ko-dic.tar.zst";
/// Name of the list of checksums next to it, in the format of `sha256sum --check`; the server embeds it too.
const CHECKSUMS: &str = "SHA256SUMS";
/// Name of the list of the archive's files, one line `bytes sha256 name` each; the server embeds it too.
const MANIFEST: &str = "MANIFEST";

/// The arguments of `cargo xtask dictionary`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The wheel of the Python package python-mecab-ko-dic 2.1.1.post2.
    #[arg(long, value_name = "FILE.whl")]
    wheel: PathBuf,
    /// Folder to write the archive, its checksum and its list of files to.
    #[arg(long, value_name = "FOLDER", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/dictionary"))]
    output: PathBuf,
    /// Also write the compiled files, unpacked, to this folder.
    #[arg(long, value_name = "FOLDER")]
    unpacked: Option<PathBuf>,
}

/// Runs the whole chain: read, decode, check, compile, pack.
pub(crate) fn rebuild(arguments: &Arguments) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let files = wheel::read(&arguments.wheel)?;
    let source = Source::decode(&files)?;
    let figures = Figures::of(&source)?;
    write!(out, "{figures}")?;
    figures.check()?;

    let work = tempfile::tempdir().context("cannot create a temporary folder for the MeCab source files")?;
    let source_folder = work.path().join("source");
    let compiled_folder = work.path().join("compiled");
    source.write(&source_folder)?;
    compile::compile(&source_folder, &compiled_folder)?;
    let members = pack::members(&compiled_folder)?;
    for member in &members {
        writeln!(out, "{:>12} bytes  {}", member.bytes.len(), member.name)?;
    }
    if let Some(folder) = &arguments.unpacked {
        copy(&members, folder)?;
    }

    let archive = pack::pack(&members)?;
    let hash = wheel::sha256(&archive);
    let line = |member: &pack::Member| {
        format!("{} {} {}\n", member.bytes.len(), wheel::sha256(&member.bytes), member.name)
    };
    let manifest: String = members.iter().map(line).collect();
    std::fs::create_dir_all(&arguments.output)
        .with_context(|| format!("cannot create the folder {}", arguments.output.display()))?;
    write(&arguments.output.join(ARCHIVE), &archive)?;
    write(&arguments.output.join(MANIFEST), manifest.as_bytes())?;
    write(&arguments.output.join(CHECKSUMS), format!("{hash}  {ARCHIVE}\n").as_bytes())?;
    writeln!(out, "{:>12} bytes  {}", archive.len(), arguments.output.join(ARCHIVE).display())?;
    writeln!(out, "archive SHA-256 {hash}")?;
    Ok(())
}

/// Writes the compiled files into `folder`, creating it.
fn copy(members: &[pack::Member], folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot create the folder {}", folder.display()))?;
    for member in members {
        write(&folder.join(&member.name), &member.bytes)?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}
