//! A reproducible `.tar.zst`: the same files always give the same bytes.

use std::path::Path;

use anyhow::{Context as _, Result};

/// zstd level. Only this tool pays for it; unpacking is as fast at any level.
const LEVEL: i32 = 19;

/// One file of the archive.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// All files of `folder`, sorted by name.
pub(crate) fn members(folder: &Path) -> Result<Vec<Member>> {
    let mut members = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let name =
            path.file_name().and_then(|name| name.to_str()).context("a file name is not UTF-8")?.to_owned();
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        members.push(Member { name, bytes });
    }
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(members)
}

/// Packs `members` in the given order, with no time, owner or machine in the headers.
pub(crate) fn pack(members: &[Member]) -> Result<Vec<u8>> {
    let mut encoder = zstd::Encoder::new(Vec::new(), LEVEL)?;
    encoder.include_checksum(true)?;
    let mut tar = tar::Builder::new(encoder);
    for member in members {
        let mut header = tar::Header::new_ustar();
        header.set_size(u64::try_from(member.bytes.len())?);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_entry_type(tar::EntryType::Regular);
        tar.append_data(&mut header, &member.name, member.bytes.as_slice())
            .with_context(|| format!("cannot pack {}", member.name))?;
    }
    Ok(tar.into_inner()?.finish()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Read as _;

    use super::*;

    #[test]
    fn packing_sorts_keeps_content_and_is_reproducible() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("b"), b"second").unwrap();
        std::fs::write(folder.path().join("a"), b"first").unwrap();
        let archive = pack(&members(folder.path()).unwrap()).unwrap();
        let again = pack(&members(folder.path()).unwrap()).unwrap();
        assert_eq!(archive, again);

        let mut tar = tar::Archive::new(zstd::Decoder::new(archive.as_slice()).unwrap());
        let mut unpacked = Vec::new();
        for entry in tar.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut content = String::new();
            entry.read_to_string(&mut content).unwrap();
            assert_eq!(entry.header().mtime().unwrap(), 0);
            unpacked.push((entry.path().unwrap().to_str().unwrap().to_owned(), content));
        }
        assert_eq!(unpacked, [("a".to_owned(), "first".to_owned()), ("b".to_owned(), "second".to_owned())]);
    }
}
