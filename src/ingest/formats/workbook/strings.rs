//! How many shared texts a workbook of Excel has, before a library makes a list of them: an empty one takes five bytes of XML.

use std::io::{self, Write};

use super::super::super::refusal::{Refusal, RefusalCode};

/// The most shared texts of a workbook.
const MAX_STRINGS: u64 = 2_000_000;
/// Bytes of a tag that are looked at.
const TAG: usize = 512;

/// Counts the shared texts in the XML that is written into it.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    count: u64,
    /// The count that the list itself gives.
    said: Option<u64>,
    tag: Option<Vec<u8>>,
}

impl SharedStrings {
    /// Refuses what would become too long a list.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        // The library makes room for as many as the list says.
        if self.count.max(self.said.unwrap_or(0)) <= MAX_STRINGS {
            return Ok(());
        }
        let detail = format!("the workbook has more than {MAX_STRINGS} different texts; save it as .csv");
        Err(Refusal::new(RefusalCode::TooLarge, detail))
    }

    fn end_of_tag(&mut self, tag: &[u8]) {
        let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
        let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        match local {
            b"si" => self.count += 1,
            b"sst" if self.said.is_none() => {
                let text = String::from_utf8_lossy(tag);
                let value =
                    text.split_once("uniqueCount").and_then(|(_, rest)| rest.split(['"', '\'']).nth(1));
                let digits = value.unwrap_or("0").trim();
                // What is not a number, or not one that fits, is as much as a list can say.
                self.said = Some(digits.parse().unwrap_or(u64::MAX));
            }
            _ => {}
        }
    }
}

impl Write for SharedStrings {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            match (byte, &mut self.tag) {
                (b'<', _) => self.tag = Some(Vec::new()),
                (b'>', _) => {
                    if let Some(tag) = self.tag.take() {
                        self.end_of_tag(&tag);
                    }
                }
                (byte, Some(tag)) if tag.len() < TAG => tag.push(*byte),
                _ => {}
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn shared_texts_are_counted_and_what_the_list_says_is_not_believed() {
        let read = |xml: &str| {
            let mut strings = SharedStrings::default();
            strings.write_all(xml.as_bytes()).unwrap();
            strings
        };
        let two = read("<?xml?><sst count=\"9\" uniqueCount=\"2\"><si><t>가</t></si><x:si/><size/></sst>");
        assert_eq!((two.count, two.said, two.check().is_ok()), (2, Some(2), true));
        assert!(read(&format!("<sst>{}</sst>", "<si/>".repeat(2_000_001))).check().is_err());
        assert!(read("<sst uniqueCount='99999999999999'><si/></sst>").check().is_err());
    }
}
