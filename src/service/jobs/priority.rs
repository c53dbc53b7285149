//! Letting searches go first while a reindex works.
//!
//! In a server a reindex also leaves one core to searches. What remains of the delay is the scheduler's: endless loops that share nothing
//! with the server cost searches as much (docs/MEASURED.md).

/// Niceness at which a thread only gets processor time that nobody else wants.
const IDLE_NICENESS: u8 = 19;

/// Gives this thread, and those that it starts from now on, that niceness: 0 to 19. With 19, on Linux, it gets the idle
/// policy too: any other thread that wakes takes the processor from it at once. Niceness alone does not do that: a thread
/// that searches would wait until the other's time slice is over (EEVDF, Linux 6.6 and later). On other systems threads
/// have no niceness of their own, and nothing happens.
///
/// # Errors
/// The system's reason; the thread continues as it was.
#[cfg(target_os = "linux")]
pub(in crate::service) fn give_way(niceness: u8) -> std::io::Result<()> {
    use thread_priority::{
        NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
        thread_native_id,
    };
    if niceness >= IDLE_NICENESS {
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle)
            .map_err(|error| std::io::Error::other(format!("{error:?}")))?;
    }
    rustix::process::setpriority_process(None, i32::from(niceness)).map_err(Into::into)
}

#[cfg(not(target_os = "linux"))]
pub(in crate::service) fn give_way(_niceness: u8) -> std::io::Result<()> {
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn threads_started_later_give_way_too() {
        use thread_priority::{NormalThreadSchedulePolicy, ThreadSchedulePolicy, thread_schedule_policy};
        let inherited = std::thread::spawn(|| {
            give_way(19).unwrap();
            std::thread::spawn(|| thread_schedule_policy().unwrap()).join().unwrap()
        });
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        assert_eq!(inherited.join().unwrap(), idle);
        assert_ne!(thread_schedule_policy().unwrap(), idle, "the others stay as they are");
    }
}
