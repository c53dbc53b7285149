//! The systemd unit: without a fault, and shut off from what the service does not need.

use std::process::Command;

use crate::folders::temporary;
use crate::outside;

#[test]
fn the_unit_is_valid_and_hardened() {
    let Some(analyze) = outside::program("systemd-analyze", "the_unit_is_valid_and_hardened") else { return };
    let unit = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/gisa.service")).unwrap();
    // The place where it is installed, which this machine need not have.
    let unit = unit.replace("/usr/local/bin/gisa", env!("CARGO_BIN_EXE_gisa"));
    let folder = temporary();
    let path = folder.path().join("gisa.service");
    std::fs::write(&path, unit).unwrap();
    for arguments in [&["verify", "--man=no"][..], &["security", "--offline=true", "--threshold=20"]] {
        let output = Command::new(&analyze).args(arguments).arg(&path).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&said));
    }
}
