//! `gisa health`: asks the server at the configured address whether it is ready. For containers: the image needs no
//! other client.

use std::process::ExitCode;

use gisa::config::Config;

use super::Failure;
use super::client::{Client, reason};

pub(super) fn run(config: &Config) -> Result<ExitCode, Failure> {
    let answer = Client::new(config).get("/ready")?;
    let status = answer.status();
    if status.is_success() {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new(format_args!("the server is not ready ({}): {}", status.as_u16(), reason(answer))))
}
