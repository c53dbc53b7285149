//! How likely a few syllables are a Korean name: surname and given name; and which syllables foreign names have.

use std::sync::LazyLock;

use crate::korean::surname::LONG_SURNAMES;

/// Surnames of most people.
const COMMON_SURNAMES: &str = "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허";
/// Further surnames that are not rare.
const KNOWN_SURNAMES: &str = "남심노하곽성차주우구민류나진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용예봉경사부가복태목형두감호빈";

/// Syllables that given names often begin with.
const OFTEN_FIRST: &str = "민지현영재정성수상승동은혜미경종진태기병창용윤준세희유서하선인주광명규원효도혁철학홍덕순우시예나다소아연보채한대건근남찬충해석문형중";
/// Syllables that given names often end with.
const OFTEN_LAST: &str = "민지현영재정성수상승은혜미경진태기용윤준세희서하선인주규원혁철학순우예나연호석훈식숙자옥화섭환범일빈아람권린욱관국열근배모향림란균길";
/// Syllables that given names sometimes begin with.
const SOMETIMES_FIRST: &str = "강건고관교구국권균금노두라래려린마만무배백범봉부빈사산삼새설솔송숙슬신안애양여오옥온완요웅월위율의이일임자장전제조차천청초춘치탁택평필한향헌호화환황훈휘흥희가길난내단담라로루리모바벼별빛샘슬아율은이";
/// Syllables that given names sometimes end with.
const SOMETIMES_LAST: &str = "강건고광구남녀다덕도동두라래량련례로록루룡리만명목무문백병복봉삼상생설솔송술슬승시신안애양언업엽오온완웅월유율음의이익임장전제조종중집찬창채천청춘출충치칠탁택필한해행헌협형홍황효후휘흠흥늘별빛샘솔슬름결봄";

/// What is known of each syllable of hangul, so that nothing is looked for in a string.
static SYLLABLES: LazyLock<Box<[Syllable]>> = LazyLock::new(|| {
    let syllables = '가'..='힣';
    let weight = |often: &str, sometimes: &str, high: u8, syllable: char| {
        if often.contains(syllable) { high } else { u8::from(sometimes.contains(syllable)) }
    };
    syllables
        .map(|syllable| Syllable {
            surname: weight(COMMON_SURNAMES, KNOWN_SURNAMES, 3, syllable),
            first: weight(OFTEN_FIRST, SOMETIMES_FIRST, 2, syllable),
            last: weight(OFTEN_LAST, SOMETIMES_LAST, 2, syllable),
            foreign: FOREIGN.contains(syllable),
        })
        .collect()
});

/// How a syllable is used in names.
#[derive(Clone, Copy, Default)]
struct Syllable {
    surname: u8,
    first: u8,
    last: u8,
    foreign: bool,
}

fn syllable(ch: char) -> Syllable {
    let place = (ch as usize).checked_sub('가' as usize);
    place.and_then(|place| SYLLABLES.get(place)).copied().unwrap_or_default()
}

/// How much a surname of one syllable says for a name: 3 for a common one, 1 for another, 0 for none.
pub(super) fn surname(ch: char) -> u8 {
    syllable(ch).surname
}

/// Whether `name` begins with a surname of most people.
pub(super) fn has_common_surname(name: &str) -> bool {
    name.chars().next().is_some_and(|family| surname(family) >= 3)
}

/// Whether `text` is of syllables of hangul alone.
pub(super) fn is_hangul(text: &str) -> bool {
    text.chars().all(|ch| ('가'..='힣').contains(&ch))
}

/// The number of syllables of the surname that `name` begins with, 1 or 2; `None` where there is none.
pub(super) fn surname_length(name: &str) -> Option<usize> {
    if LONG_SURNAMES.iter().any(|double| name.starts_with(double)) && name.chars().nth(2).is_some() {
        return Some(2);
    }
    (surname(name.chars().next()?) > 0).then_some(1)
}

/// How much `name`, two to four syllables of hangul, looks like a Korean name: 0 (not at all) to 7.
pub(super) fn likeness(name: &str) -> u8 {
    let Some(length) = surname_length(name) else { return 0 };
    let mut given = name.chars().skip(length);
    let family = if length == 2 { 3 } else { name.chars().next().map_or(0, surname) };
    match (given.next(), given.next(), given.next()) {
        (Some(first), None, None) => {
            let last = last_syllable(first).max(first_syllable(first));
            if last == 0 { 0 } else { family.min(2) + last }
        }
        (Some(first), Some(last), None) => {
            let (first, last) = (first_syllable(first), last_syllable(last));
            if first + last == 0 { family.min(1) } else { family + first + last }
        }
        _ => 0,
    }
}

fn first_syllable(ch: char) -> u8 {
    syllable(ch).first
}

fn last_syllable(ch: char) -> u8 {
    syllable(ch).last
}

/// Syllables that foreign names have and Korean words seldom.
const FOREIGN: &str = "르스트크프드브츠카타파키티피토코포투쿠푸테케페베데레네메셰쉬셀렐벨켈젤웰멜델튼턴슨먼런컨번던런팬렌벤켄잭맥캐태테틴틱빈윈쿼츄챠쳐쿄큐퀸퀴뉴류듀릭빅믹닉딕브흐쯔쓰클글블플슬틀폴콜톨롤콕턱벅커퍼터맨랜샌댄앨헨핸웨위와워빙에우아오니로라리루슈즈마미디나사바셴뤼뤄궈쑹쑨쩡뵈쾨퓌슐옐펙롭콥젠첸셸쉘헵첼젝콴슝쑤쥘";

/// How many of the syllables of `word` are such as foreign names have; and how many it has.
pub(super) fn foreign_syllables(word: &str) -> (usize, usize) {
    word.chars().fold((0, 0), |(foreign, all), ch| (foreign + usize::from(syllable(ch).foreign), all + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_look_like_names() {
        assert!(likeness("김하늘") >= 5 && likeness("박민준") >= 6 && likeness("남궁민수") >= 6);
        assert!(likeness("이한") >= 3);
        assert_eq!(likeness("학교"), 0);
        assert_eq!(likeness("김"), 0);
    }
}
