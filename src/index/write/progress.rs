//! How far a build has come.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a build is doing: one after the other, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Files and journal are read, analysed and indexed; its share is that of the bytes read.
    Reading,
    /// What is still in memory is written, and small segments are merged.
    Writing,
    /// Near-identical articles are grouped, suggestions weighed and names learned, side by side; its share is that of the articles grouped.
    Grouping,
    /// Every file of the new generation is compared with its checksum; its share is that of their bytes.
    Verifying,
    /// What was pushed meanwhile is applied; its share is that of the journal's entries.
    CatchingUp,
    /// The new generation is copied into a cluster, where one is configured; its share is that of the articles.
    Copying,
}

impl Phase {
    /// What takes its time after reading, and how long for each second of reading; measured on 50,673 articles: docs/MEASURED.md.
    const AFTER_READING: [(Self, f64); 3] =
        [(Self::Writing, 0.3), (Self::Grouping, 0.08), (Self::Verifying, 0.01)];

    /// Its name, as in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Writing => "writing",
            Self::Grouping => "grouping",
            Self::Verifying => "verifying",
            Self::CatchingUp => "catching_up",
            Self::Copying => "copying",
        }
    }

    /// Its name, with how much of it is done where that is known: `reading 35 %`.
    #[must_use]
    pub fn with_share(self, share: Option<f64>) -> String {
        let share = share.map(|share| format!(" {:.0} %", share * 100.0)).unwrap_or_default();
        format!("{}{share}", self.name())
    }
}

/// What a running build has done so far; shared with whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes of all files to read.
    pub bytes_total: AtomicU64,
    /// Bytes read of them (compressed, where they are).
    pub bytes_read: AtomicU64,
    /// Records read.
    pub articles_read: AtomicU64,
    /// Articles handed to the index.
    pub articles_indexed: AtomicU64,
    /// Records and files refused.
    pub refused: AtomicU64,
    /// Set to end the build early.
    pub cancel: AtomicBool,
    /// What there is to do in the phase, and what of it is done; nothing where that is not known.
    total: AtomicU64,
    done: AtomicU64,
    clock: Mutex<Clock>,
}

#[derive(Debug, Default)]
struct Clock {
    phase: Option<(Phase, Instant)>,
    /// How long reading took.
    reading: Duration,
}

impl Progress {
    /// Counts from nothing again: the work begins anew.
    pub fn begin_again(&self) {
        for counter in
            [&self.bytes_total, &self.bytes_read, &self.articles_read, &self.articles_indexed, &self.refused]
        {
            counter.store(0, Ordering::Relaxed);
        }
    }

    /// Begins a phase, in which there is so much to do; 0 where that is not known.
    pub fn begin(&self, phase: Phase, total: u64) {
        let mut clock = self.clock();
        if let Some((Phase::Reading, began)) = clock.phase {
            clock.reading = began.elapsed();
        }
        clock.phase = Some((phase, Instant::now()));
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// Notes that so much more of the phase is done.
    pub fn advance(&self, done: u64) {
        self.done.fetch_add(done, Ordering::Relaxed);
    }

    /// What it is doing; none before it begins.
    pub fn phase(&self) -> Option<Phase> {
        self.clock().phase.map(|(phase, _)| phase)
    }

    /// How much of the phase is done, from 0 to 1; none where that is not known.
    pub fn share(&self) -> Option<f64> {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (done, total) = match self.phase()? {
            Phase::Reading => (load(&self.bytes_read), load(&self.bytes_total)),
            _ => (load(&self.done), load(&self.total)),
        };
        (total > 0).then(|| (done as f64 / total as f64).min(1.0))
    }

    /// How long it will probably still take: reading goes evenly, and what comes after it takes shares of its time. None until something
    /// has been read, and for what has no such share.
    pub fn remaining(&self) -> Option<Duration> {
        let share = self.share();
        let clock = self.clock();
        let (phase, began) = clock.phase?;
        let after = |times: &[(Phase, f64)]| times.iter().map(|(_, time)| time).sum::<f64>();
        if phase == Phase::Reading {
            let share = share.filter(|share| *share > 0.0)?;
            let reading = began.elapsed().as_secs_f64() / share;
            let seconds = reading * (1.0 - share + after(&Phase::AFTER_READING));
            return Duration::try_from_secs_f64(seconds).ok();
        }
        let at = Phase::AFTER_READING.iter().position(|(of, _)| *of == phase)?;
        let (now, later) = Phase::AFTER_READING.get(at..)?.split_first()?;
        let (took, reading) = (began.elapsed().as_secs_f64(), clock.reading.as_secs_f64());
        let left = match share {
            // What this phase has shown itself says more than what others took.
            Some(share) if share > 0.1 => took / share * (1.0 - share),
            _ => (reading * now.1 - took).max(0.0),
        };
        Duration::try_from_secs_f64(left + reading * after(later)).ok()
    }

    /// Whether someone asked to end the build.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    fn clock(&self) -> MutexGuard<'_, Clock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_phase_has_its_share_and_an_end() {
        let progress = Progress::default();
        assert_eq!((progress.phase(), progress.share(), progress.remaining()), (None, None, None));
        progress.begin(Phase::Reading, 0);
        progress.bytes_total.store(100, Ordering::Relaxed);
        assert_eq!((progress.share(), progress.remaining()), (Some(0.0), None));
        progress.bytes_read.store(50, Ordering::Relaxed);
        assert_eq!(progress.share(), Some(0.5));
        assert!(progress.remaining().is_some());
        progress.begin(Phase::Writing, 0);
        assert_eq!(progress.share(), None);
        let (writing, began) = (progress.remaining().unwrap(), Instant::now());
        progress.begin(Phase::Grouping, 8);
        progress.advance(2);
        assert_eq!((progress.phase(), progress.share()), (Some(Phase::Grouping), Some(0.25)));
        assert!(progress.remaining().unwrap() <= writing + began.elapsed() * 4);
        progress.begin(Phase::CatchingUp, 0);
        assert_eq!((progress.share(), progress.remaining()), (None, None));
    }

    #[test]
    fn names_are_those_of_answers() {
        let before = [Phase::Reading, Phase::Writing, Phase::Grouping, Phase::Verifying];
        for phase in before.into_iter().chain([Phase::CatchingUp, Phase::Copying]) {
            assert_eq!(serde_json::to_value(phase).unwrap(), phase.name());
        }
    }
}
