//! `gisa health`: asks the server at the configured address whether it is ready and answers searches. For containers: the image
//! needs no other client.
//!
//! `/ready` alone does not go the way of a search. A server that turns a search away because there are too many is alive, and so is one
//! that wants a key for them: what does not answer, or answers with a server's error, is not, nor one that turns away every search for
//! seconds, however often it is asked. Containers ask several times in a row before they believe it.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use gisa::config::Config;

use super::Failure;
use super::client::{Client, reason};

/// For how long searches may be turned away. With the last answer it stays below the time that the image gives to this command.
const PATIENCE: Duration = Duration::from_secs(3);
/// Between a search that was turned away and the next one.
const PAUSE: Duration = Duration::from_millis(500);

pub(super) fn run(config: &Config) -> Result<ExitCode, Failure> {
    let client = Client::new(config);
    let began = Instant::now();
    let answer = client.get("/ready")?;
    let status = answer.status();
    if !status.is_success() {
        return Err(Failure::new(format_args!(
            "the server is not ready ({}): {}",
            status.as_u16(),
            reason(answer)
        )));
    }
    loop {
        let answer = client.get("/api/search?size=0&highlight=false")?;
        let what = match answer.status().as_u16() {
            503 if began.elapsed() + PAUSE < PATIENCE => {
                std::thread::sleep(PAUSE);
                continue;
            }
            503 => "no search came through for seconds",
            500.. => "searches fail",
            _ => return Ok(ExitCode::SUCCESS),
        };
        return Err(Failure::new(format_args!("{what} ({}): {}", answer.status().as_u16(), reason(answer))));
    }
}
