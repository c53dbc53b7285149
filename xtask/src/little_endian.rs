//! Reads the little-endian fields of MeCab's binary files.

use anyhow::{Context as _, Result};

/// Reads fields from the front of a byte slice.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// Starts at the first byte of `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next `length` bytes.
    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        let (head, tail) = self
            .rest
            .split_at_checked(length)
            .with_context(|| format!("the file ends {} bytes early", length - self.rest.len()))?;
        self.rest = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        Ok(self.bytes(N)?.try_into()?)
    }

    pub(crate) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(crate) fn i16(&mut self) -> Result<i16> {
        Ok(i16::from_le_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(crate) fn i32(&mut self) -> Result<i32> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    /// A `u32` that counts something in memory.
    pub(crate) fn length(&mut self) -> Result<usize> {
        Ok(usize::try_from(self.u32()?)?)
    }

    /// How many bytes are not yet read.
    pub(crate) fn remaining(&self) -> usize {
        self.rest.len()
    }
}

/// The text before the first NUL of `bytes`.
pub(crate) fn text_until_nul(bytes: &[u8]) -> Result<&str> {
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    std::str::from_utf8(text).context("a text of the dictionary is not UTF-8")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn fields_are_little_endian_and_in_order() {
        let mut fields =
            Fields::new(&[0x01, 0x02, 0xff, 0xff, 0x78, 0x56, 0x34, 0x12, 0xfe, 0xff, 0xff, 0xff]);
        assert_eq!(fields.u16().unwrap(), 0x0201);
        assert_eq!(fields.i16().unwrap(), -1);
        assert_eq!(fields.u32().unwrap(), 0x1234_5678);
        assert_eq!(fields.i32().unwrap(), -2);
        assert_eq!(fields.remaining(), 0);
    }

    #[test]
    fn a_short_file_is_an_error_that_says_how_much_is_missing() {
        let error = Fields::new(&[1]).u32().unwrap_err().to_string();
        assert_eq!(error, "the file ends 3 bytes early");
    }

    #[test]
    fn text_ends_at_nul() {
        assert_eq!(text_until_nul("가나\0다".as_bytes()).unwrap(), "가나");
        assert!(text_until_nul(&[0xff, 0]).is_err());
    }
}
