//! Temporary folders that go with the test process, however it ends.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

/// The folder for all temporary folders of this process, and who removes it.
struct Root {
    path: PathBuf,
    _remover: Child,
}

/// A new folder that vanishes with the value, or with the process: values in statics are never dropped, and a process that is
/// killed drops nothing.
pub fn temporary() -> TempDir {
    static ROOT: OnceLock<Root> = OnceLock::new();
    let root = ROOT.get_or_init(|| {
        let path = tempfile::Builder::new().prefix("gisa-test-").tempdir().unwrap().keep();
        // A shell outlives the process: what it reads ends when the process's end of the pipe is closed, by whatever.
        let remover = Command::new("sh")
            .args(["-c", "trap '' HUP INT TERM; cat >/dev/null; rm -rf \"$0\""])
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Root { path, _remover: remover }
    });
    tempfile::tempdir_in(&root.path).unwrap()
}
