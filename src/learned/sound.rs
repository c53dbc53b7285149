//! Whether a Korean word is how a Latin one is said: `블루아울` and `Blue Owl`, `더블유씨피` and `WCP`.
//!
//! Vowels are written in too many ways to be compared (`a` is 아, 에, 애, 에이). What is compared is the consonants, in classes that
//! both scripts tell apart: `b`, `f`, `p` and `v` are ㅂ or ㅍ. A silent letter costs little, another consonant much.

use crate::korean::spoken::spelt_out;

/// Up to this part of the consonants may differ.
const TOLERANCE: f32 = 0.26;

/// Longest word that is said letter by letter, in letters.
const LONGEST_SPELT: usize = 5;

/// Whether `hangul`, in hangul syllables, is how `latin`, in Latin letters, is said.
pub fn sounds_like(hangul: &str, latin: &str) -> bool {
    distance(hangul, latin).is_some_and(|distance| distance <= TOLERANCE)
}

/// How far apart they are, from 0 to 1; `None` where there is too little to compare.
pub fn distance(hangul: &str, latin: &str) -> Option<f32> {
    let plain = |text: &str| -> String { text.chars().filter(|ch| ch.is_alphanumeric()).collect() };
    let (hangul, latin) = (plain(hangul), plain(latin));
    if hangul.is_empty() || !hangul.chars().all(|ch| ('가'..='힣').contains(&ch)) {
        return None;
    }
    if !latin.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    if latin.len() <= LONGEST_SPELT && spelt_out(&latin) == hangul {
        return Some(0.0);
    }
    let (one, other) = (of_hangul(&hangul), of_latin(&latin));
    let most = one.len().max(other.len());
    let syllables = hangul.chars().count();
    // `Fed` is not 파드득: as many vowels as syllables, more or less.
    if one.len().min(other.len()) < 2 || syllables > latin.len() || latin.len() > syllables * 4 {
        return None;
    }
    if cost(one.first().copied()?, other.first().copied()?) > 0.5 {
        return None;
    }
    Some(edit(&one, &other) / most as f32)
}

/// The consonants of hangul, in classes.
fn of_hangul(text: &str) -> Vec<u8> {
    const FIRST: &[u8; 19] = b"KKNTTLMPPSS-JJJKTPH";
    const LAST: &[u8; 28] = b"-KKKNNNTLKMLLLPLMPPSSNJJKTPH";
    let mut found = Vec::new();
    let mut before = b'-';
    for ch in text.chars() {
        let code = (ch as usize).wrapping_sub('가' as usize);
        let consonants = [FIRST.get(code / 588), LAST.get(code % 28)];
        let [first, last] = consonants.map(|class| class.copied().unwrap_or(b'-'));
        // 켈리 has one l, as Kelly has.
        let doubled = first == b'L' && before == b'L';
        found.extend([first].into_iter().filter(|class| *class != b'-' && !doubled));
        found.extend([last].into_iter().filter(|class| *class != b'-'));
        before = last;
    }
    found
}

/// The consonants of Latin letters, in classes.
fn of_latin(text: &str) -> Vec<u8> {
    let letters = text.to_ascii_lowercase().into_bytes();
    let mut found: Vec<u8> = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at).copied() {
        let next = letters.get(at + 1).copied().unwrap_or(b' ');
        let soft = matches!(next, b'e' | b'i' | b'y');
        let pair =
            matches!((letter, next), (b'c' | b's' | b'p' | b't' | b'g' | b'w' | b'k', b'h') | (b'c', b'k'));
        let class = match (letter, next) {
            (b'c', b'h') | (b'j', _) | (b'z', _) => b'J',
            (b'p', b'h') => b'P',
            (b's', b'h') | (b't', b'h') => b'S',
            (b'c', _) if soft => b'S',
            (b'g', _) if soft => b'G',
            (b'c' | b'k' | b'q' | b'g', _) => b'K',
            (b'x', _) => b'X',
            (b's', _) => b'S',
            (b'b' | b'f' | b'p' | b'v', _) => b'P',
            (b't' | b'd', _) => b'T',
            (b'l', _) => b'L',
            (b'r', _) => b'R',
            (b'm', _) => b'M',
            (b'n', _) => b'N',
            (b'h', _) => b'H',
            _ => b'-',
        };
        match class {
            b'-' => {}
            b'X' => found.extend(b"KS"),
            _ if letters.get(at.wrapping_sub(1)) == Some(&letter) && at > 0 => {}
            class => found.push(class),
        }
        at += if pair { 2 } else { 1 };
    }
    found
}

/// What it costs to take one class for another.
fn cost(one: u8, other: u8) -> f32 {
    match (one.min(other), one.max(other)) {
        (a, b) if a == b => 0.0,
        (b'L', b'R') => 0.0,
        (b'G', b'J' | b'K') => 0.0,
        // A closing ㅅ is a t; 즈 and 스 are both s.
        (b'S', b'T') | (b'J', b'S') | (b'J', b'T') => 0.3,
        _ => 1.0,
    }
}

/// What it costs that a consonant is not said.
fn silent(class: u8) -> f32 {
    match class {
        // 메이커: an r at the end of a syllable is not said; nor is an h, in many words.
        b'R' | b'H' => 0.2,
        b'K' | b'G' => 0.7,
        _ => 1.0,
    }
}

fn edit(one: &[u8], other: &[u8]) -> f32 {
    let mut row: Vec<f32> = std::iter::once(0.0)
        .chain(other.iter().scan(0.0, |sum, class| {
            *sum += silent(*class);
            Some(*sum)
        }))
        .collect();
    for class in one {
        let mut diagonal = row.first().copied().unwrap_or_default();
        let mut left = diagonal + silent(*class);
        let mut next = vec![left];
        for (at, against) in other.iter().enumerate() {
            let above = row.get(at + 1).copied().unwrap_or_default();
            let value =
                (diagonal + cost(*class, *against)).min(above + silent(*class)).min(left + silent(*against));
            diagonal = above;
            left = value;
            next.push(value);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_so_sounds_so() {
        for (hangul, latin) in [
            ("블루아울", "Blue Owl"),
            ("엔비디아", "NVIDIA"),
            ("더블유씨피", "WCP"),
            ("스타십", "Starship"),
            ("거버넌스 카운슬", "Governance Council"),
            ("르세라핌", "LE SSERAFIM"),
            ("베라 루빈", "Vera Rubin"),
        ] {
            assert!(sounds_like(hangul, latin), "{hangul} {latin}: {:?}", distance(hangul, latin));
        }
    }

    #[test]
    fn what_is_said_otherwise_does_not() {
        for (hangul, latin) in [
            ("지루하다", "Boring"),
            ("한국토지주택공사", "LH"),
            ("평화위원회", "Board of Peace"),
            ("국제통화기금", "International Monetary Fund"),
            ("새로운 삶", "Next Life"),
            ("인공지능", "AI"),
            ("AI", "AI"),
            ("", "x"),
        ] {
            assert!(!sounds_like(hangul, latin), "{hangul} {latin}: {:?}", distance(hangul, latin));
        }
    }
}
