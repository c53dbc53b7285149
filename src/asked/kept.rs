//! Keeping what is asked, on a thread of its own: no search waits for the disk, and none fails because of it.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use time::{Date, Duration};

use super::counts::Counts;
use super::error::AskedError;
use super::event::Event;
use super::report::Report;
use super::{DAYS_KEPT, DAYS_OF_ONCE, file};
use crate::article::Timestamp;
use crate::logging::{Trouble, WatchedQueue};

/// Events that may wait for the disk; more are lost, and counted.
const WAITING: usize = 4096;
/// So many bytes are appended to a file before it is added up.
const ADDED_UP_AFTER: usize = 1 << 20;

/// What readers look for, kept in a folder.
pub struct KeptQueries {
    folder: PathBuf,
    events: WatchedQueue<(Date, Event)>,
}

impl KeptQueries {
    /// Keeps events in `folder` from now on; it need not exist.
    pub fn open(folder: PathBuf) -> Self {
        let lost =
            Trouble::none(metrics::counter!("kept_queries_lost_total"), "what readers ask cannot be kept");
        let mut writing = Writing::new(folder.clone());
        let write = move |(day, event)| writing.write(day, event);
        Self { folder, events: WatchedQueue::start("gisa-queries", WAITING, lost, write) }
    }

    /// Keeps `event` as one of today (Korean time). Never waits.
    pub fn keep(&self, event: Event) {
        self.events.write((Timestamp::now().kst_date(), event));
    }

    /// Waits until what was kept so far is written, or for half a second.
    pub fn wait_for_last(&self) {
        self.events.wait_for_last();
    }

    /// What was asked on the days from `first` to `last`. Reads files.
    ///
    /// # Errors
    /// [`AskedError`]: a file cannot be read.
    pub fn report(&self, first: Date, last: Date) -> Result<Report, AskedError> {
        self.wait_for_last();
        let mut counts = Counts::default();
        let mut damaged = 0;
        let days = file::days(&self.folder)?;
        for day in days.into_iter().filter(|day| (first..=last).contains(day)) {
            damaged += file::read(&self.folder, day, |event| counts.add_all(event))?;
        }
        Ok(Report::of(counts, damaged + self.events.trouble().count()))
    }
}

/// The file of the day.
struct Writing {
    folder: PathBuf,
    open: Option<Open>,
}

struct Open {
    day: Date,
    counts: Counts,
    file: File,
    /// Bytes appended since the file was added up.
    appended: usize,
}

impl Writing {
    fn new(folder: PathBuf) -> Self {
        Self { folder, open: None }
    }

    fn write(&mut self, day: Date, event: Event) -> Result<(), AskedError> {
        let written = self.try_write(day, event);
        if written.is_err() {
            // The next event opens the file again.
            self.open = None;
        }
        written
    }

    fn try_write(&mut self, day: Date, event: Event) -> Result<(), AskedError> {
        let mut open = match self.open.take() {
            Some(open) if open.day == day => open,
            before => {
                drop(before);
                self.begin(day)?
            }
        };
        let line = file::line(&event).map_err(AskedError::of("cannot write", &self.folder))?;
        open.counts.add(event);
        open.file.write_all(&line).map_err(AskedError::of("cannot write", file::path(&self.folder, day)))?;
        open.appended += line.len();
        if open.appended >= ADDED_UP_AFTER {
            file::write(&self.folder, day, &open.counts)?;
            open.file = file::append(&self.folder, day)?;
            open.appended = 0;
        }
        self.open = Some(open);
        Ok(())
    }

    /// Begins a day, or goes on with it after a restart: what it has is added up, which also ends a line that was cut off.
    fn begin(&self, day: Date) -> Result<Open, AskedError> {
        let mut counts = Counts::default();
        file::read(&self.folder, day, |event| counts.add(event))?;
        if counts != Counts::default() {
            file::write(&self.folder, day, &counts)?;
        }
        let file = file::append(&self.folder, day)?;
        tidy(&self.folder, day)?;
        Ok(Open { day, counts, file, appended: 0 })
    }
}

/// Adds up the days before `today`, drops what was asked once more than [`DAYS_OF_ONCE`] days ago, and every day after [`DAYS_KEPT`].
fn tidy(folder: &Path, today: Date) -> Result<(), AskedError> {
    let mut days = file::days(folder)?;
    for day in days.extract_if(.., |day| today - *day > Duration::days(DAYS_KEPT)) {
        file::remove(folder, day)?;
    }
    let yesterday = days.iter().rev().find(|day| **day < today).copied();
    if let Some(day) = yesterday {
        let mut counts = Counts::default();
        file::read(folder, day, |event| counts.add(event))?;
        file::write(folder, day, &counts)?;
    }
    for day in days.iter().filter(|day| today - **day > Duration::days(DAYS_OF_ONCE)) {
        drop_once(folder, *day, &days)?;
    }
    Ok(())
}

/// Drops from `day` the queries that were asked once on all `days` together, and what was taken once.
fn drop_once(folder: &Path, day: Date, days: &[Date]) -> Result<(), AskedError> {
    let mut counts = Counts::default();
    file::read(folder, day, |event| counts.add(event))?;
    let once = counts.asked.values().filter(|asked| asked.times == 1).map(|asked| asked.query.clone());
    let mut once: BTreeSet<String> = once.collect();
    let before = counts.taken.len();
    counts.taken.retain(|_, times| *times > 1);
    if once.is_empty() && counts.taken.len() == before {
        return Ok(());
    }
    for other in days.iter().filter(|other| **other != day) {
        file::read(folder, *other, |event| {
            if let Event::Asked(asked) = event {
                once.remove(&asked.query);
            }
        })?;
    }
    counts.asked.retain(|query, _| !once.contains(query));
    file::write(folder, day, &counts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use time::macros::date;

    use super::super::event::{Asked, Taken, TakenKind};
    use super::*;

    fn asked(query: &str) -> Event {
        Event::Asked(Asked::once(query, 3).unwrap())
    }

    fn queries(folder: &Path, day: Date) -> Vec<(String, u64)> {
        let mut counts = Counts::default();
        assert_eq!(file::read(folder, day, |event| counts.add(event)).unwrap(), 0);
        counts.asked.into_values().map(|asked| (asked.query, asked.times)).collect()
    }

    #[test]
    fn a_day_goes_on_after_a_restart_and_a_line_that_was_cut_off_harms_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("queries");
        let day = date!(2026 - 11 - 28);
        let mut writing = Writing::new(folder.clone());
        for query in ["금리", "금리", "환율"] {
            writing.write(day, asked(query)).unwrap();
        }
        drop(writing);
        let mut torn = File::options().append(true).open(file::path(&folder, day)).unwrap();
        torn.write_all(br#"{"what":"asked","query":"#).unwrap();
        let mut writing = Writing::new(folder.clone());
        writing.write(day, asked("금리")).unwrap();
        assert_eq!(queries(&folder, day), [("금리".to_owned(), 3), ("환율".to_owned(), 1)]);
    }

    #[test]
    fn what_was_asked_once_goes_after_thirty_days_and_every_day_after_a_year() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (first, later, today) = (date!(2026 - 10 - 01), date!(2026 - 10 - 20), date!(2026 - 11 - 28));
        let mut writing = Writing::new(folder.to_owned());
        writing.write(date!(2025 - 10 - 01), asked("옛 검색")).unwrap();
        for query in ["홀로", "두 날", "두 번", "두 번"] {
            writing.write(first, asked(query)).unwrap();
        }
        let taken = |typed: &str, times| {
            Event::Taken(Taken {
                kind: TakenKind::Correction,
                typed: typed.to_owned(),
                chosen: "윤석열".to_owned(),
                times,
            })
        };
        writing.write(first, taken("윤석렬", 2)).unwrap();
        writing.write(first, taken("윤섞열", 1)).unwrap();
        writing.write(later, asked("두 날")).unwrap();
        writing.write(date!(2026 - 11 - 20), asked("어제 홀로")).unwrap();
        writing.write(today, asked("오늘")).unwrap();
        assert_eq!(file::days(folder).unwrap(), [first, later, date!(2026 - 11 - 20), today]);
        assert_eq!(queries(folder, first), [("두 날".to_owned(), 1), ("두 번".to_owned(), 2)]);
        assert_eq!(queries(folder, later), [("두 날".to_owned(), 1)]);
        assert_eq!(queries(folder, date!(2026 - 11 - 20)), [("어제 홀로".to_owned(), 1)]);
        let mut counts = Counts::default();
        file::read(folder, first, |event| counts.add(event)).unwrap();
        assert_eq!(counts.taken.len(), 1);
    }

    #[test]
    fn a_file_that_grows_is_added_up() {
        let folder = tempfile::tempdir().unwrap();
        let day = date!(2026 - 11 - 28);
        let mut writing = Writing::new(folder.path().to_owned());
        let long = "가".repeat(400);
        for _ in 0..2_000 {
            writing.write(day, asked(&long)).unwrap();
        }
        let bytes = std::fs::metadata(file::path(folder.path(), day)).unwrap().len();
        assert!(bytes < ADDED_UP_AFTER as u64, "{bytes}");
        assert_eq!(queries(folder.path(), day), [(long, 2_000)]);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_what_was_asked() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let day = date!(2026 - 11 - 28);
        Writing::new(folder.path().to_owned()).write(day, asked("제보자")).unwrap();
        let mode = std::fs::metadata(file::path(folder.path(), day)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
