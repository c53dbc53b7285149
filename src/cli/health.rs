//! `gisa health`: asks the server at the configured address whether it is ready and answers searches. For containers: the image
//! needs no other client.
//!
//! `/ready` alone does not go the way of a search. A server that turns searches away because there are too many is alive, and so is
//! one that wants a key for them: only what does not answer, or answers with a server's error, is not.

use std::process::ExitCode;

use gisa::config::Config;

use super::Failure;
use super::client::{Client, reason};

pub(super) fn run(config: &Config) -> Result<ExitCode, Failure> {
    let client = Client::new(config);
    let answer = client.get("/ready")?;
    let status = answer.status();
    if !status.is_success() {
        return Err(Failure::new(format_args!(
            "the server is not ready ({}): {}",
            status.as_u16(),
            reason(answer)
        )));
    }
    let answer = client.get("/api/search?size=0&highlight=false")?;
    match answer.status().as_u16() {
        500 | 502 | 504.. => Err(Failure::new(format_args!(
            "searches fail ({}): {}",
            answer.status().as_u16(),
            reason(answer)
        ))),
        _ => Ok(ExitCode::SUCCESS),
    }
}
