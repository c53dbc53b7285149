//! Character references (`&quot;`, `&#8220;`), also escaped twice (`&amp;quot;`), become characters.

use std::borrow::Cow;

/// Feeds escape up to three times; text that is escaped a fourth time is an article about escaping.
const ROUNDS: usize = 3;

/// Decodes until nothing changes. Unknown references (`R&D`, `&변수;`) stay. Borrows a text without references.
pub(super) fn decode_entities(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        match decode_once(&text) {
            Some(decoded) => text = Cow::Owned(decoded),
            None => break,
        }
    }
    text
}

fn decode_once(text: &str) -> Option<String> {
    let mut out: Option<String> = None;
    let mut rest = text;
    let mut copied = 0;
    while let Some((before, after)) = rest.split_once('&') {
        let at = text.len() - rest.len() + before.len();
        rest = after;
        let Some((decoded, length)) = reference(after) else {
            continue;
        };
        let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
        out.push_str(text.get(copied..at).unwrap_or_default());
        out.push(decoded);
        rest = after.get(length..).unwrap_or_default();
        copied = text.len() - rest.len();
    }
    let mut out = out?;
    out.push_str(text.get(copied..).unwrap_or_default());
    Some(out)
}

/// The character of the reference whose `&` is directly before `after`, and the bytes it takes of `after`.
fn reference(after: &str) -> Option<(char, usize)> {
    let end = after.bytes().take(12).position(|byte| byte == b';')?;
    let name = after.get(..end)?;
    let decoded = match name.strip_prefix('#') {
        None => named(name)?,
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            // U+0080 to U+009F mean Windows-1252 on the web (WHATWG HTML, numeric character references).
            match code {
                0x80..=0x9F => windows_1252(code),
                _ => char::from_u32(code)?,
            }
        }
    };
    Some((decoded, end + 1))
}

fn windows_1252(code: u32) -> char {
    const TABLE: [char; 32] = [
        '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’', '“',
        '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
    ];
    usize::try_from(code.wrapping_sub(0x80)).ok().and_then(|index| TABLE.get(index)).copied().unwrap_or(' ')
}

/// The named references that occur in Korean feeds, and the whole of Latin-1 punctuation (HTML 4.01, section 24).
fn named(name: &str) -> Option<char> {
    Some(match name {
        "amp" | "AMP" => '&',
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "quot" | "QUOT" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" => ' ',
        "shy" | "zwnj" | "zwj" | "lrm" | "rlm" => '\u{200B}',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "sbquo" => '‚',
        "bdquo" => '„',
        "laquo" => '«',
        "raquo" => '»',
        "lsaquo" => '‹',
        "rsaquo" => '›',
        "hellip" => '…',
        "middot" | "centerdot" => '·',
        "bull" => '•',
        "ndash" => '–',
        "mdash" => '—',
        "horbar" => '―',
        "sim" => '∼',
        "tilde" => '˜',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "times" => '×',
        "divide" => '÷',
        "plusmn" => '±',
        "deg" => '°',
        "micro" => 'µ',
        "prime" => '′',
        "Prime" => '″',
        "sup1" => '¹',
        "sup2" => '²',
        "sup3" => '³',
        "frac12" => '½',
        "frac14" => '¼',
        "frac34" => '¾',
        "permil" => '‰',
        "cent" => '¢',
        "pound" => '£',
        "yen" => '¥',
        "euro" => '€',
        "sect" => '§',
        "para" => '¶',
        "dagger" => '†',
        "iexcl" => '¡',
        "iquest" => '¿',
        "larr" => '←',
        "uarr" => '↑',
        "rarr" => '→',
        "darr" => '↓',
        "harr" => '↔',
        "rArr" => '⇒',
        "le" => '≤',
        "ge" => '≥',
        "ne" => '≠',
        "asymp" => '≈',
        "infin" => '∞',
        "radic" => '√',
        "sum" => '∑',
        "alpha" => 'α',
        "beta" => 'β',
        "gamma" => 'γ',
        "delta" => 'δ',
        "mu" => 'μ',
        "pi" => 'π',
        "omega" => 'ω',
        "Omega" => 'Ω',
        "spades" => '♠',
        "clubs" => '♣',
        "hearts" => '♥',
        "diams" => '♦',
        "agrave" => 'à',
        "aacute" => 'á',
        "acirc" => 'â',
        "atilde" => 'ã',
        "auml" => 'ä',
        "aring" => 'å',
        "aelig" => 'æ',
        "ccedil" => 'ç',
        "egrave" => 'è',
        "eacute" => 'é',
        "ecirc" => 'ê',
        "euml" => 'ë',
        "igrave" => 'ì',
        "iacute" => 'í',
        "icirc" => 'î',
        "iuml" => 'ï',
        "ntilde" => 'ñ',
        "ograve" => 'ò',
        "oacute" => 'ó',
        "ocirc" => 'ô',
        "otilde" => 'õ',
        "ouml" => 'ö',
        "oslash" => 'ø',
        "ugrave" => 'ù',
        "uacute" => 'ú',
        "ucirc" => 'û',
        "uuml" => 'ü',
        "szlig" => 'ß',
        "Eacute" => 'É',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "Aring" => 'Å',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_twice_and_numbers() {
        assert_eq!(decode_entities("&quot;R&amp;D&quot; &#8216;가&#x2019; &#150;"), "\"R&D\" ‘가’ –");
        assert_eq!(decode_entities("&amp;amp;quot;세 번"), "\"세 번");
        assert_eq!(
            decode_entities("S&P 500; R&D; &변수; &#xD800; &#; &"),
            "S&P 500; R&D; &변수; &#xD800; &#; &"
        );
        assert!(matches!(decode_entities("그대로 & 둔다"), Cow::Borrowed(_)));
    }
}
