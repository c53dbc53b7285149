//! Bytes → text: UTF-8 (with or without a byte order mark), else CP949.

use std::borrow::Cow;

use encoding_rs::EUC_KR;

use super::refusal::{Refusal, RefusalCode};

const UTF8_BOM: &[u8] = &[0xEF, 0xBB, 0xBF];

/// The text of `bytes`, without a leading byte order mark.
///
/// The WHATWG encoding `euc-kr` is CP949 (Unified Hangul Code), so that all 11,172 syllables decode. Text that is
/// valid UTF-8 is never CP949: three-byte UTF-8 hangul read as CP949 would be valid too often, the other way round
/// almost never.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let bytes = bytes.strip_prefix(UTF8_BOM).unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    EUC_KR.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
        let detail = match bytes {
            // Files in UTF-16 are read (`opened`); what comes over HTTP is UTF-8.
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "the text is UTF-16; save it as UTF-8",
            _ => "the bytes are neither UTF-8 nor CP949; save the text as UTF-8",
        };
        Refusal::new(RefusalCode::BadEncoding, detail)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn utf8_then_cp949_then_refused() {
        assert_eq!(decode("\u{FEFF}기사".as_bytes()).unwrap(), "기사");
        // 뷁 is outside KS X 1001 and inside CP949.
        let (cp949, _, lost) = EUC_KR.encode("뷁 기사");
        assert!(!lost);
        assert_eq!(decode(&cp949).unwrap(), "뷁 기사");
        assert_eq!(decode(&[0x80, 0xFF, 0xFF]).unwrap_err().code, RefusalCode::BadEncoding);
        assert!(decode(&[0xFF, 0xFE, 0x41, 0x00]).unwrap_err().detail.contains("UTF-16"));
    }
}
