//! `cargo xtask dist`: what is installed, as a folder and as a tarball of it: the program without symbols, settings, the systemd unit,
//! documents, licences, the list of what is linked, alert rules. The symbols are beside it, for `gdb` and `addr2line`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::components::{bill_of_materials, linked};

/// Files of the repository, and where they go. A folder brings all files in it.
const FILES: [(&str, &str); 13] = [
    ("config.toml", "config.toml"),
    ("docs/gisa.service", "gisa.service"),
    ("LICENSE", "doc/LICENSE"),
    ("README.md", "doc/README.md"),
    ("README.ko.md", "doc/README.ko.md"),
    ("CHANGELOG.md", "doc/CHANGELOG.md"),
    ("docs/OPERATIONS.md", "doc/OPERATIONS.md"),
    ("docs/OPERATIONS.ko.md", "doc/OPERATIONS.ko.md"),
    ("docs/LEXICON.md", "doc/LEXICON.md"),
    ("docs/monitoring/alerts.yml", "doc/monitoring/alerts.yml"),
    ("docs/monitoring/dashboard.json", "doc/monitoring/dashboard.json"),
    ("data/dictionary/LICENSE", "doc/licences/mecab-ko-dic/LICENSE"),
    ("data/lexicon", "data/lexicon"),
];

/// What to pack, and where to.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The program, built with `cargo build --release --locked`.
    #[arg(long, default_value = "target/release/gisa")]
    binary: PathBuf,
    /// The folder for the result; what an earlier run has left there under the same name is replaced.
    #[arg(long, default_value = "target/dist")]
    out: PathBuf,
}

/// Makes the folder and the tarball, and prints where they are.
pub(crate) fn make(arguments: &Arguments) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let name = format!("gisa-{}-{}-linux", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
    let folder = arguments.out.join(&name);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;

    program(&arguments.binary, &folder.join("gisa"), &arguments.out.join(format!("{name}.debug")))?;
    for (from, to) in FILES {
        copy(&root.join(from), &folder.join(to))?;
    }
    let components = linked(&root)?;
    for component in &components {
        let texts = component.licences()?;
        let own = folder.join(format!("doc/licences/{}-{}", component.name, component.version));
        for (file, text) in texts {
            fs::create_dir_all(&own)?;
            fs::write(own.join(file), text)?;
        }
    }
    let bill = bill_of_materials(env!("CARGO_PKG_VERSION"), &components)?;
    fs::write(folder.join("doc/sbom.cdx.json"), bill)?;

    let tarball = arguments.out.join(format!("{name}.tar.gz"));
    pack(&folder, &name, &tarball)?;
    writeln!(std::io::stdout(), "{}\n{}", folder.display(), tarball.display())?;
    Ok(())
}

/// The program without its symbols, which go into a file of their own that debuggers find by its name.
fn program(binary: &Path, to: &Path, symbols: &Path) -> Result<()> {
    let objcopy = |arguments: &[&std::ffi::OsStr]| -> Result<()> {
        let status =
            Command::new("objcopy").args(arguments).status().context("objcopy (binutils) is needed")?;
        ensure!(status.success(), "objcopy failed on {}", binary.display());
        Ok(())
    };
    ensure!(binary.is_file(), "{} is missing: cargo build --release --locked", binary.display());
    objcopy(&["--only-keep-debug".as_ref(), binary.as_os_str(), symbols.as_os_str()])?;
    objcopy(&["--strip-all".as_ref(), binary.as_os_str(), to.as_os_str()])?;
    let mut link = std::ffi::OsString::from("--add-gnu-debuglink=");
    link.push(symbols);
    objcopy(&[&link, to.as_os_str()])
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    if from.is_dir() {
        for entry in fs::read_dir(from)? {
            let path = entry?.path();
            copy(&path, &to.join(path.file_name().unwrap_or_default()))?;
        }
        return Ok(());
    }
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

/// Packs the folder under `name`, as root's: whoever unpacks it as root must not give files to a stranger.
fn pack(folder: &Path, name: &str, tarball: &Path) -> Result<()> {
    let file = fs::File::create(tarball).with_context(|| format!("cannot make {}", tarball.display()))?;
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::default()));
    tar.mode(tar::HeaderMode::Deterministic);
    tar.append_dir_all(name, folder)?;
    tar.into_inner()?.finish()?;
    Ok(())
}
