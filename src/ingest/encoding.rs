//! Bytes → text: UTF-8 (with or without a byte order mark), else CP949.
//!
//! Which of the two a text is, is decided by the majority of its letters: one broken byte in a text in UTF-8 does not make it CP949,
//! where nearly any bytes mean something. What is broken is refused where a record stands alone ([`decode`]), and becomes U+FFFD where
//! much else would be lost with it ([`decode_whole`]); reports count such articles.

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
    let marked = bytes.starts_with(UTF8_BOM);
    let bytes = bytes.strip_prefix(UTF8_BOM).unwrap_or(bytes);
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error,
    };
    if marked || is_mostly_utf8(bytes) {
        let detail = format!(
            "the text is UTF-8 with a broken character at byte {}; save it again, or take the character out",
            error.valid_up_to() + 1
        );
        return Err(Refusal::new(RefusalCode::BadEncoding, detail));
    }
    EUC_KR.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| unknown(bytes))
}

/// The same of a file that is one record, or whose records cannot be told apart before it is text: a broken character becomes U+FFFD.
pub(super) fn decode_whole(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let refusal = match decode(bytes) {
        Ok(text) => return Ok(text),
        Err(refusal) => refusal,
    };
    let bytes = bytes.strip_prefix(UTF8_BOM).unwrap_or(bytes);
    let is_utf8 = is_mostly_utf8(bytes);
    let text =
        if is_utf8 { String::from_utf8_lossy(bytes) } else { EUC_KR.decode_without_bom_handling(bytes).0 };
    let broken = text.matches('\u{FFFD}').count();
    let letters = text.chars().filter(|c| ('가'..='힣').contains(c)).count();
    // With more it is something else, sooner in CP949, where noise looks like letters.
    let most = if is_utf8 { letters / 8 } else { (letters / 2).min(2 + letters / 100) };
    if broken > most { Err(refusal) } else { Ok(text) }
}

/// Whether `bytes`, which hold something broken, are UTF-8 for the most part.
pub(super) fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut letters, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        // Two bytes of CP949 are a letter of UTF-8 by chance often enough, three are not.
        letters += chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    letters > broken
}

fn unknown(bytes: &[u8]) -> Refusal {
    let detail = match bytes {
        // Files in UTF-16 are read (`opened`); what comes over HTTP is UTF-8.
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "the text is UTF-16; save it as UTF-8",
        _ => "the bytes are neither UTF-8 nor CP949; save the text as UTF-8",
    };
    Refusal::new(RefusalCode::BadEncoding, detail)
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

    #[test]
    fn one_broken_character_does_not_make_it_another_encoding() {
        let story = "달그림시가 다음 달부터 도서관 문을 밤까지 연다.";
        let mut cut = story.as_bytes().to_vec();
        cut.remove(10);
        assert!(decode(&cut).unwrap_err().detail.contains("byte 10"), "{:?}", decode(&cut));
        let text = decode_whole(&cut).unwrap();
        assert!(text.contains('\u{FFFD}') && text.ends_with("밤까지 연다."), "{text}");

        let mut cp949 = EUC_KR.encode(story).0.into_owned();
        cp949.insert(10, 0xFF);
        assert_eq!(decode(&cp949).unwrap_err().code, RefusalCode::BadEncoding);
        let text = decode_whole(&cp949).unwrap();
        assert!(text.contains('\u{FFFD}') && text.starts_with("달그림시"), "{text}");

        let noise: Vec<u8> = (0..2000_u32).map(|n| (n * 7919 % 251) as u8 | 0x80).collect();
        assert_eq!(decode_whole(&noise).unwrap_err().code, RefusalCode::BadEncoding);
    }
}
