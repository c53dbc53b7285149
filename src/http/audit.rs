//! The audit log: who wrote and administered what, as JSON lines in a file of its own.
//!
//! A thread writes it: no request waits for the disk, and none fails because of it. What cannot be written is counted
//! (`audit_errors_total`) and said in `/ready` until a line can be written again.

use std::fs::{self, File};
use std::io::{self, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::article::Timestamp;
use crate::config::AuditSettings;
use crate::logging::{Trouble, WatchedQueue, open_at_line};

/// Lines that may wait for the disk; more are lost, and counted.
const WAITING: usize = 1024;

/// Something that was done.
#[derive(Debug, Clone, Serialize)]
pub(in crate::http) struct Entry {
    /// The name of the key, token or person.
    pub(in crate::http) who: String,
    /// What that name is of: `key`, `token`, `person`.
    pub(in crate::http) by: &'static str,
    /// The person that a trusted proxy names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) person: Option<String>,
    /// Whether it was a browser that had signed in.
    pub(in crate::http) signed_in: bool,
    /// Where it came from.
    pub(in crate::http) address: IpAddr,
    /// The method.
    pub(in crate::http) method: String,
    /// The route's pattern.
    pub(in crate::http) route: String,
    /// The path, with the article's id where it is of one.
    pub(in crate::http) target: String,
    /// The status of the answer.
    pub(in crate::http) status: u16,
    /// The request's id: the log has it too.
    pub(in crate::http) request_id: String,
}

/// An entry and its time.
#[derive(Serialize)]
struct Line {
    time: Timestamp,
    #[serde(flatten)]
    entry: Entry,
}

/// The audit log.
pub(in crate::http) struct AuditLog {
    lines: WatchedQueue<Line>,
}

impl AuditLog {
    /// Writes to the file of `settings` from now on.
    pub(in crate::http) fn open(settings: &AuditSettings) -> Self {
        let trouble =
            Trouble::none(metrics::counter!("audit_errors_total"), "the audit log cannot be written");
        let mut file = AuditFile::new(settings.clone());
        if let Err(error) = file.open() {
            trouble.lost(error.to_string());
        }
        let write = move |line| file.write_line(&line);
        Self { lines: WatchedQueue::start("gisa-audit", WAITING, trouble, write) }
    }

    /// Has `entry` written, with the time of now.
    pub(in crate::http) fn write(&self, entry: Entry) {
        self.lines.write(Line { time: Timestamp::now(), entry });
    }

    /// Waits until the entries so far are written, or for half a second: at the end of the process, whose threads end with it.
    pub(in crate::http) fn wait_for_last(&self) {
        self.lines.wait_for_last();
    }

    /// Why the last line could not be written; `None` if it could.
    pub(in crate::http) fn trouble(&self) -> Option<String> {
        self.lines.trouble().last()
    }
}

/// The file, and those that were set aside.
struct AuditFile {
    settings: AuditSettings,
    /// The open file and its size; `None` after a failure: the next line tries again.
    open: Option<(File, u64)>,
}

impl AuditFile {
    fn new(settings: AuditSettings) -> Self {
        Self { settings, open: None }
    }

    fn open(&mut self) -> io::Result<&mut (File, u64)> {
        if self.open.is_none() {
            let path = &self.settings.file;
            fs::create_dir_all(
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")),
            )?;
            let mut options = File::options();
            options.create(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
            let file = open_at_line(path, &mut options)?;
            let bytes = file.metadata()?.len();
            self.open = Some((file, bytes));
        }
        self.open.as_mut().ok_or_else(|| io::Error::other("the file is not open"))
    }

    fn write_line(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.write(&text)
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let written = self.try_write(line);
        if written.is_err() {
            self.open = None;
        }
        written
    }

    fn try_write(&mut self, line: &[u8]) -> io::Result<()> {
        let most = self.settings.file_bytes;
        let (_, bytes) = self.open()?;
        if *bytes > 0 && *bytes + line.len() as u64 > most {
            self.open = None;
            self.set_aside()?;
        }
        let (file, bytes) = self.open()?;
        if let Err(error) = file.write_all(line) {
            // Half a line is not JSON. Where it cannot be taken back, the next one at least begins on a line of its own.
            let _ = file.set_len(*bytes);
            return Err(error);
        }
        *bytes += line.len() as u64;
        Ok(())
    }

    /// `audit.log` becomes `audit.log.1`, that `audit.log.2`, and so on; the last one goes.
    fn set_aside(&self) -> io::Result<()> {
        let numbered = |number: usize| {
            let mut name = self.settings.file.as_os_str().to_owned();
            name.push(format!(".{number}"));
            PathBuf::from(name)
        };
        for number in (1..self.settings.files).rev() {
            match fs::rename(numbered(number), numbered(number + 1)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(&self.settings.file, numbered(1))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_full_file_is_set_aside_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("logs/audit.log");
        let mut audit = AuditFile::new(AuditSettings { file: file.clone(), file_bytes: 25, files: 2 });
        for number in 0..9 {
            audit.write(format!("line {number:04}\n").as_bytes()).unwrap();
        }
        let read = |name: &str| fs::read_to_string(file.with_file_name(name)).ok();
        assert_eq!(read("audit.log").as_deref(), Some("line 0008\n"));
        assert_eq!(read("audit.log.1").as_deref(), Some("line 0006\nline 0007\n"));
        assert_eq!(read("audit.log.2").as_deref(), Some("line 0004\nline 0005\n"));
        assert_eq!(read("audit.log.3"), None);
    }

    #[test]
    fn half_a_line_takes_no_other_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("audit.log");
        fs::write(&file, "{\"who\":").unwrap();
        let mut audit = AuditFile::new(AuditSettings { file: file.clone(), file_bytes: 1 << 20, files: 2 });
        audit.write(b"{}\n").unwrap();
        audit.open = None;
        audit.write(b"{}\n").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "{\"who\":\n{}\n{}\n");
    }

    #[test]
    fn the_end_of_the_process_waits_for_the_last_entry() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("audit.log");
        let log = AuditLog::open(&AuditSettings { file: file.clone(), file_bytes: 1 << 20, files: 2 });
        for number in 0..100 {
            log.write(Entry {
                who: "cms".to_owned(),
                by: "key",
                person: None,
                signed_in: false,
                address: std::net::Ipv4Addr::LOCALHOST.into(),
                method: "PUT".to_owned(),
                route: "/api/articles/{id}".to_owned(),
                target: format!("/api/articles/{number}"),
                status: 200,
                request_id: String::new(),
            });
        }
        log.wait_for_last();
        assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 100);
        assert_eq!(log.trouble(), None);
    }

    #[test]
    fn a_line_that_cannot_be_written_is_an_error_and_the_next_tries_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("audit.log");
        fs::create_dir(&file).unwrap();
        let mut audit = AuditFile::new(AuditSettings { file: file.clone(), file_bytes: 1 << 20, files: 2 });
        assert!(audit.write(b"one\n").is_err());
        fs::remove_dir(&file).unwrap();
        audit.write(b"two\n").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two\n");
    }
}
