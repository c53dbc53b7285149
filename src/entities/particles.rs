//! What may follow a noun in the same word: particles, and the endings of 이다.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// Particles and endings, after a vowel and after a consonant.
const PARTICLES: &[&str] = &[
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "와",
    "과",
    "도",
    "만",
    "로",
    "으로",
    "에서",
    "에게",
    "께",
    "께서",
    "께서는",
    "한테",
    "에게서",
    "에는",
    "에도",
    "에만",
    "에선",
    "엔",
    "에서는",
    "에서도",
    "에서의",
    "에게는",
    "에게도",
    "에의",
    "와는",
    "과는",
    "와도",
    "과도",
    "와의",
    "과의",
    "이나",
    "나",
    "이며",
    "며",
    "이고",
    "고",
    "이다",
    "다",
    "이었다",
    "였다",
    "이라",
    "라",
    "이라고",
    "라고",
    "이라는",
    "라는",
    "이란",
    "란",
    "인",
    "이자",
    "자",
    "보다",
    "보다는",
    "보다도",
    "처럼",
    "까지",
    "까지도",
    "부터",
    "부터는",
    "마저",
    "조차",
    "밖에",
    "뿐",
    "뿐만",
    "으로서",
    "로서",
    "으로써",
    "로써",
    "으로부터",
    "로부터",
    "으로는",
    "로는",
    "으로도",
    "로도",
    "으로의",
    "로의",
    "만의",
    "만은",
    "만이",
    "이랑",
    "랑",
    "하고",
    "이든",
    "든",
    "이지만",
    "지만",
    "입니다",
    "이죠",
    "죠",
    "이에요",
    "예요",
    "여서",
    "이어서",
    "이라면",
    "라면",
    "이라도",
    "라도",
    "으론",
    "론",
    "에서만",
    "과의",
    "이야말로",
    "야말로",
    "씩",
    "측",
    "측은",
    "측이",
    "측의",
    "측에",
    "측과",
    "측도",
    "측에서",
    "들",
    "들은",
    "들이",
    "들의",
    "들을",
    "들과",
    "들도",
    "이라며",
    "라며",
    "이라면서",
    "라면서",
    "이었던",
    "였던",
    "인데",
    "인지",
    "일",
    "이면",
    "면",
    "대로",
    "마다",
    "이라서",
    "라서",
    "임",
    "이요",
    "발",
    "행",
    "내",
    "내에",
    "내의",
    "내에서",
    "이었고",
    "였고",
    "이었으며",
    "였으며",
    "이지",
    "이기도",
    "이기",
    "이라기보다",
];

/// [`PARTICLES`], to be looked up: every word of every text is asked for its ends.
static KNOWN: LazyLock<FxHashSet<&str>> = LazyLock::new(|| PARTICLES.iter().copied().collect());

/// The most bytes of a particle.
const LONGEST: usize = 15;

/// Whether `rest` is nothing, or what may follow a noun.
pub(super) fn are_particles(rest: &str) -> bool {
    rest.is_empty() || (rest.len() <= LONGEST && KNOWN.contains(rest))
}

/// Whether `rest` may follow the noun `noun` in its word.
pub(super) fn may_follow(noun: &str, rest: &str) -> bool {
    are_particles(rest) && noun.chars().next_back().is_some_and(|last| fits(last, rest))
}

/// Whether a noun that ends with `last` may be followed by `rest`: 은, 이, 을, 과 follow a consonant, 는, 가, 를, 와 a vowel.
pub(super) fn fits(last: char, rest: &str) -> bool {
    // How letters and digits are read out loud depends on who reads: `IBM과`, `EU와`.
    if !('가'..='힣').contains(&last) {
        return true;
    }
    let closed = !(last as u32 - '가' as u32).is_multiple_of(28);
    let rieul = closed && (last as u32 - '가' as u32) % 28 == 8;
    match rest.chars().next() {
        Some('은' | '을' | '과' | '이') => closed,
        Some(
            '는' | '를' | '와' | '가' | '랑' | '며' | '다' | '였' | '예' | '죠' | '라' | '란' | '나' | '고'
            | '자',
        ) => !closed,
        Some('로') => !closed || rieul,
        Some('으') => closed && !rieul,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_particle_is_longer_than_the_longest() {
        assert_eq!(PARTICLES.iter().map(|particle| particle.len()).max(), Some(LONGEST));
    }

    #[test]
    fn particles_follow_what_they_fit() {
        assert!(are_particles("") && are_particles("에서는") && !are_particles("장관"));
        assert!(fits('늘', "은") && !fits('늘', "는") && fits('늘', "로") && !fits('다', "을"));
    }
}
