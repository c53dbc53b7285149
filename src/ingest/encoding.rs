//! Bytes → text: UTF-8 (with or without a byte order mark), else CP949.
//!
//! Which of the two a text is, is decided by the majority of its letters: one broken byte in a text in UTF-8 does not make it CP949,
//! where nearly any bytes mean something. What is broken is refused where a record stands alone ([`decode`]), and becomes U+FFFD where
//! much else would be lost with it ([`decode_whole`]); reports count such articles.

use std::borrow::Cow;

use encoding_rs::{EUC_KR, Encoding};

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
    // Every byte of every file passes here: with the standard library it takes a fourteenth of the reading of JSON.
    let error = match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(error) => error,
    };
    if marked || is_mostly_utf8(bytes) {
        return Err(broken_utf8(error.valid_up_to()));
    }
    EUC_KR.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| unknown(bytes))
}

/// The text of `bytes` in the encoding that a document declares; `None` if they are broken in it. A declared encoding of Western Europe, in
/// which any bytes mean something, is not believed where the bytes are Korean: old pages and feeds declare it and are CP949.
pub(super) fn decode_declared(bytes: &[u8], declared: &'static Encoding) -> Option<String> {
    let strict = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned)
    };
    if declared.is_single_byte()
        && let Some(text) = strict(EUC_KR)
    {
        let others = text.chars().filter(|c| !c.is_ascii()).count();
        let letters = text.chars().filter(|c| ('가'..='힣').contains(c)).count();
        if letters > 0 && letters * 2 >= others {
            return Some(text);
        }
    }
    strict(declared)
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
    if broken > most_broken(is_utf8, letters) { Err(refusal) } else { Ok(text) }
}

/// Up to so many bytes a text that is broken may be copied.
const SMALL: usize = 64 << 20;
/// The most broken characters of a larger text that are replaced: for each one what follows is moved.
const MOST_REPLACED: usize = 200;

/// The same as [`decode_whole`] of bytes that are not needed any more. A large text in UTF-8 is never copied.
///
/// # Errors
/// Those of [`decode_whole`].
pub(super) fn into_text(mut bytes: Vec<u8>) -> Result<String, Refusal> {
    for _ in 0..MOST_REPLACED {
        let error = match String::from_utf8(bytes) {
            Ok(mut text) => {
                if text.starts_with('\u{FEFF}') {
                    text.drain(..UTF8_BOM.len());
                }
                return Ok(text);
            }
            Err(error) => error,
        };
        let broken = error.utf8_error();
        bytes = error.into_bytes();
        if bytes.len() <= SMALL || !bytes.starts_with(UTF8_BOM) && !is_mostly_utf8(&bytes) {
            break;
        }
        let start = broken.valid_up_to();
        let end = broken.error_len().map_or(bytes.len(), |length| start + length);
        bytes.splice(start..end, "\u{FFFD}".bytes());
    }
    decode_whole(&bytes).map(Cow::into_owned)
}

/// Whether a text that begins with `bytes` is Korean in CP949: neither whole in UTF-8, nor mostly.
pub(super) fn begins_in_cp949(bytes: &[u8]) -> bool {
    let cut_off = std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_some());
    cut_off && !bytes.starts_with(UTF8_BOM) && !is_mostly_utf8(bytes)
}

/// A text in CP949 that is decoded as it is read, so that its bytes and its letters are never in memory together.
pub(super) struct KoreanText {
    text: String,
    decoder: encoding_rs::Decoder,
}

impl KoreanText {
    /// A text of at most so many bytes.
    pub(super) fn new(most: usize) -> Self {
        // Of memory that is never written nothing is taken.
        Self { text: String::with_capacity(most / 2 * 3), decoder: EUC_KR.new_decoder_without_bom_handling() }
    }

    /// Adds the next bytes; after the last ones none may follow.
    pub(super) fn push(&mut self, mut bytes: &[u8], last: bool) {
        loop {
            self.text.reserve(self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
            let (result, read, _) = self.decoder.decode_to_string(bytes, &mut self.text, last);
            bytes = bytes.get(read..).unwrap_or_default();
            if result == encoding_rs::CoderResult::InputEmpty {
                return;
            }
        }
    }

    /// The whole text.
    ///
    /// # Errors
    /// Too much of it is broken: it is something else.
    pub(super) fn finish(self) -> Result<String, Refusal> {
        let broken = self.text.matches('\u{FFFD}').count();
        let letters = || self.text.chars().filter(|c| ('가'..='힣').contains(c)).count();
        if broken > 0 && broken > most_broken(false, letters()) { Err(unknown(&[])) } else { Ok(self.text) }
    }
}

/// How many characters of a text with so many syllables may be broken. With more it is something else, sooner in CP949, where noise looks
/// like letters.
fn most_broken(is_utf8: bool, letters: usize) -> usize {
    if is_utf8 { letters / 8 } else { (letters / 2).min(2 + letters / 100) }
}

/// Whether `bytes`, which hold something broken, are UTF-8 for the most part.
pub(super) fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (letters, broken) = utf8_letters(bytes);
    letters > broken
}

/// The letters of `bytes` as UTF-8, and the places where they are broken.
fn utf8_letters(bytes: &[u8]) -> (usize, usize) {
    let (mut letters, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        // Two bytes of CP949 are a letter of UTF-8 by chance often enough, three are not.
        letters += chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    (letters, broken)
}

fn broken_utf8(valid: usize) -> Refusal {
    let detail = format!(
        "the text is UTF-8 with a broken character at byte {}; save it again, or take the character out",
        valid + 1
    );
    Refusal::new(RefusalCode::BadEncoding, detail)
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
    fn western_declarations_of_korean_bytes_are_not_believed() {
        let latin = Encoding::for_label(b"iso-8859-1").unwrap();
        let korean = EUC_KR.encode("<title>라틴 선언</title>").0.into_owned();
        assert_eq!(decode_declared(&korean, latin).unwrap(), "<title>라틴 선언</title>");
        let french = latin.encode("<title>Les élèves à l'été, déjà</title>").0.into_owned();
        assert_eq!(decode_declared(&french, latin).unwrap(), "<title>Les élèves à l'été, déjà</title>");
        assert_eq!(decode_declared(&korean, EUC_KR).unwrap(), "<title>라틴 선언</title>");
    }

    #[test]
    fn a_korean_text_is_decoded_as_it_is_read() {
        let read = |bytes: &[u8]| {
            assert!(begins_in_cp949(bytes));
            let mut text = KoreanText::new(bytes.len());
            bytes.chunks(1001).for_each(|part| text.push(part, false));
            text.push(&[], true);
            text.finish()
        };
        let story = "달그림시가 다음 달부터 도서관 문을 밤까지 연다.\n".repeat(1000);
        let mut cp949 = EUC_KR.encode(&story).0.into_owned();
        assert_eq!(read(&cp949).unwrap(), story);
        cp949.insert(3000, 0xFF);
        let broken = read(&cp949).unwrap().matches('\u{FFFD}').count();
        assert!((1..=3).contains(&broken), "{broken}");
        let noise: Vec<u8> = (0..9000_u32).map(|n| (n * 7919 % 251) as u8 | 0x80).collect();
        assert_eq!(read(&noise).unwrap_err().code, RefusalCode::BadEncoding);
        // A letter of UTF-8 that is cut off at the end of what was read is not another encoding.
        let utf8 = story.as_bytes();
        assert!((100..110).all(|end| !begins_in_cp949(utf8.get(..end).unwrap())));
        assert!(!begins_in_cp949(b"plain"));
    }

    #[test]
    fn a_text_is_taken_as_it_is() {
        assert_eq!(into_text("\u{FEFF}기사".as_bytes().to_vec()).unwrap(), "기사");
        assert_eq!(into_text(EUC_KR.encode("뷁 기사").0.into_owned()).unwrap(), "뷁 기사");
        let mut large = "달그림시 도서관\n".repeat(SMALL / 22 + 1000).into_bytes();
        assert!(large.len() > SMALL);
        large.remove(5000);
        let text = into_text(large).unwrap();
        assert!(text.matches('\u{FFFD}').count() >= 1 && text.ends_with("도서관\n"));
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
