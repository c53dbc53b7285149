//! Any bytes in an .html are read to the end, without a panic and in bounded memory.
//!
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none html SAMPLES -- -max_len=16384 -timeout=5 -rss_limit_mb=512`, with
//! the folder of samples under `tests/fixtures/samples` that fits.
#![no_main]

mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reading::read(bytes, "html"));
