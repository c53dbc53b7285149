//! How long something may be looked for that an answer can do without.

use std::time::Duration;

/// How much more processor time the current thread may take. Not time on a clock: beside others that keep the machine busy the same
/// question must find the same answer.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// The thread's time at which it is over; `None`: never.
    until: Option<Duration>,
}

impl Patience {
    /// Until everything has been looked at.
    pub const ENDLESS: Self = Self { until: None };

    /// For so much of the current thread's processor time; it holds in this thread alone.
    pub fn lasting(time: Duration) -> Self {
        Self { until: own_time().checked_add(time) }
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.until.is_some_and(|until| own_time() >= until)
    }
}

/// Processor time that the current thread has taken.
#[cfg(target_os = "linux")]
fn own_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}

/// Elsewhere the time on the clock has to do.
#[cfg(not(target_os = "linux"))]
fn own_time() -> Duration {
    static BEGAN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    BEGAN.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_free_and_working_is_not() {
        assert!(Patience::lasting(Duration::ZERO).is_over());
        assert!(!Patience::ENDLESS.is_over());
        let patience = Patience::lasting(Duration::from_millis(20));
        assert!(!patience.is_over());
        // Work until it is over: were it never, the test would not end.
        let mut worked: u64 = 1;
        while !patience.is_over() {
            worked = std::hint::black_box(worked.wrapping_mul(6_364_136_223_846_793_005).rotate_left(7));
        }
    }
}
