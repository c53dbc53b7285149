//! Which of the pairs that articles put side by side are two names of one thing.
//!
//! A bracket may also hold a team (`손흥민(LAFC)`), a gloss (`중의원(하원)`) or what the name means just there. Three things tell them apart. What the
//! short form is made of ([`Reason`]). Whether each name stands for nothing else in brackets. And how articles use them: whoever writes of
//! 한국토지주택공사 also writes LH, while few who write 전환 write AX: there the name is `AI 전환`, or none.

use super::agreement::looks_like_person;
use super::candidate::Reason;
use super::collector::{Place, Proposed};
use super::pair::LearnedPair;
use crate::korean::fold::fold;

/// How many articles hold two names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// Those with the short one.
    pub short: u64,
    /// Those with the long one.
    pub long: u64,
    /// Those with both.
    pub both: u64,
}

impl Held {
    /// Of the articles with the long name, the part that has the short one too.
    fn share_of_long(self) -> f32 {
        self.both as f32 / self.long.max(1) as f32
    }
}

/// What is asked of a pair, by reason.
struct Asked {
    /// Of all brackets with the short form, the part that has the long one.
    of_short: f32,
    /// The same of those with the long form.
    of_long: f32,
    /// Of the articles with the long form, the part that has the short one too.
    long_has_short: f32,
    /// Of the articles with the short form, the part that has the long one too.
    short_has_long: f32,
}

impl Asked {
    fn of(reason: Reason, short: &str) -> Self {
        match reason {
            Reason::Syllables => {
                Self { of_short: 0.6, of_long: 0.05, long_has_short: 0.08, short_has_long: 0.04 }
            }
            // A stock's code (`TSLA`) sounds like the company too, and few who write of the company have it.
            Reason::Sound if is_code(short) => {
                Self { of_short: 0.6, of_long: 0.3, long_has_short: 0.05, short_has_long: 0.04 }
            }
            Reason::Sound => Self { of_short: 0.6, of_long: 0.3, long_has_short: 0.03, short_has_long: 0.04 },
            // Nothing else in four of five cases.
            Reason::Usage => Self { of_short: 0.8, of_long: 0.8, long_has_short: 0.15, short_has_long: 0.04 },
        }
    }
}

/// Enough whatever the reason: nearly nobody writes the long name without the short one, and many who write the short one write the long
/// one. Brackets then may have the short one for something else now and then (`SNS(소셜미디어)`).
const TOGETHER: Asked = Asked { of_short: 0.6, of_long: 0.05, long_has_short: 0.9, short_has_long: 0.3 };

/// A shorter end of the words before a bracket is the name where articles use it so nearly as often for the short form as a longer one.
const NEARLY: f32 = 0.6;

/// Of all brackets with the short form, the part that has exactly the long one, at least: others may have what holds it.
const FEWEST_OF_SHORT: f32 = 0.25;

/// The pair that `proposed` is; `None` where it is none. `held` counts articles that hold two names.
///
/// # Errors
/// Those of `held`.
pub fn decide<E>(
    proposed: &Proposed,
    mut held: impl FnMut(&str, &str) -> Result<Held, E>,
) -> Result<Option<LearnedPair>, E> {
    let asked = Asked::of(proposed.reason, &proposed.short);
    let mut fitting: Vec<(&Place, f32)> = Vec::new();
    for (at, place) in proposed.places.iter().enumerate() {
        let halved = proposed.places.get(at + 1).is_some_and(|next| is_half(place, next));
        if halved || !has_shares(place, &TOGETHER) || is_none(proposed.reason, &place.long) {
            continue;
        }
        let held = held(&proposed.short, &place.long)?;
        let fits = |asked: &Asked| has_shares(place, asked) && is_held(held, asked);
        if fits(&asked) || fits(&TOGETHER) {
            fitting.push((place, held.share_of_long()));
        }
    }
    let most = fitting.iter().map(|(_, share)| *share).fold(0.0, f32::max);
    let least = least_characters(&proposed.short);
    let whole = |place: &Place| fold(&place.long).chars().count() >= least;
    let chosen =
        fitting.iter().find(|(place, share)| *share >= NEARLY * most && whole(place)).or(fitting.last());
    Ok(chosen.map(|(place, _)| LearnedPair {
        short: proposed.short.to_string(),
        long: place.long.to_string(),
        reason: proposed.reason,
        stories: place.stories,
        articles: place.articles,
        outlets: place.outlets,
        examples: place.examples.iter().map(|id| id.to_string()).collect(),
    }))
}

/// Whether articles use the names together often enough.
fn is_held(held: Held, asked: &Asked) -> bool {
    let short = held.both as f32 / held.short.max(1) as f32;
    held.share_of_long() >= asked.long_has_short && short >= asked.short_has_long
}

/// Whether the names stand for nothing else in brackets, or for one thing once.
fn has_shares(place: &Place, asked: &Asked) -> bool {
    let enough = |hits: u64, all: u64, least: f32| hits as f32 >= least * all as f32 || hits + 1 >= all;
    enough(place.alike, place.short_bracketed, asked.of_short)
        && enough(place.readings, place.long_bracketed, asked.of_long)
        && place.readings as f32 >= FEWEST_OF_SHORT * place.short_bracketed as f32
}

/// Whether `place` is the second half of two that always stand together: 소프트웨어산업협회 of 한국인공지능·소프트웨어산업협회.
fn is_half(place: &Place, next: &Place) -> bool {
    let before = next.long.strip_suffix(&*place.long);
    before.is_some_and(|before| before.ends_with('·')) && next.readings == place.readings
}

/// How many characters the name of an acronym has at least, where a longer one may be meant: 시스템즈 alone is too little for `TKMS`.
fn least_characters(short: &str) -> usize {
    const LONGEST: usize = 5;
    let letters = short.chars().filter(char::is_ascii_alphabetic).count();
    if (2..=LONGEST).contains(&letters) { 2 * letters - 1 } else { 0 }
}

/// Whether the long form is no name: a person, after whom the team stands, or a kind of something (수요응답형).
fn is_none(reason: Reason, long: &str) -> bool {
    reason == Reason::Usage && (looks_like_person(long) || long.ends_with('형'))
}

/// Whether `short` may be the code of a stock.
fn is_code(short: &str) -> bool {
    (2..=5).contains(&short.len()) && short.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn place(long: &str, readings: u64, short_bracketed: u64, long_bracketed: u64) -> Place {
        Place {
            long: long.into(),
            stories: readings,
            articles: readings,
            outlets: 2,
            readings,
            alike: readings,
            short_bracketed,
            long_bracketed,
            examples: vec!["가-1".into()],
        }
    }

    fn decided(short: &str, reason: Reason, places: Vec<Place>, held: &[(&str, [u64; 3])]) -> Option<String> {
        let proposed = Proposed { short: short.into(), reason, places };
        let decided = decide(&proposed, |_, long| {
            let [short, long, both] = held.iter().find(|(name, _)| *name == long).unwrap().1;
            Ok::<_, Infallible>(Held { short, long, both })
        });
        decided.unwrap().map(|pair| pair.long)
    }

    #[test]
    fn a_name_that_stands_for_nothing_else_in_four_of_five_brackets_is_one() {
        let held = [("한내수자원공단", [20, 18, 16])];
        let of =
            |short, long| decided("HNW", Reason::Usage, vec![place("한내수자원공단", 8, short, long)], &held);
        assert_eq!(of(10, 10).as_deref(), Some("한내수자원공단"));
        assert_eq!(of(11, 10), None, "the short form means something else too");
        assert_eq!(of(10, 11), None, "the brackets after it hold something else too");
    }

    #[test]
    fn a_word_that_others_use_without_the_short_form_is_not_its_name() {
        let places = || vec![place("전환", 9, 9, 9), place("수소 전환", 8, 9, 8)];
        let held = [("전환", [12, 900, 11]), ("수소 전환", [12, 14, 10])];
        assert_eq!(decided("HX", Reason::Usage, places(), &held).as_deref(), Some("수소 전환"));
        let held = [("전환", [12, 900, 11]), ("수소 전환", [12, 400, 10])];
        assert_eq!(decided("HX", Reason::Usage, places(), &held), None);
    }

    #[test]
    fn words_that_only_say_what_something_is_are_left_out() {
        let places = vec![place("파키스탄연맹", 5, 5, 5), place("무장단체 파키스탄연맹", 4, 5, 4)];
        let held = [("파키스탄연맹", [6, 6, 5]), ("무장단체 파키스탄연맹", [6, 4, 4])];
        assert_eq!(decided("PKU", Reason::Usage, places, &held).as_deref(), Some("파키스탄연맹"));
        let places = vec![place("시스템즈", 5, 5, 5), place("한내 마린 시스템즈", 5, 5, 5)];
        let held = [("시스템즈", [6, 6, 5]), ("한내 마린 시스템즈", [6, 5, 5])];
        assert_eq!(
            decided("HNMS", Reason::Usage, places, &held).as_deref(),
            Some("한내 마린 시스템즈"),
            "too short for four letters"
        );
        let places = vec![place("소프트웨어협회", 5, 5, 5), place("인공지능·소프트웨어협회", 5, 5, 5)];
        let held = [("인공지능·소프트웨어협회", [6, 5, 5])];
        assert_eq!(
            decided("AISA", Reason::Usage, places, &held).as_deref(),
            Some("인공지능·소프트웨어협회"),
            "not its second half"
        );
    }

    #[test]
    fn names_that_nearly_all_articles_use_together_are_one_all_the_same() {
        let of = |held: [u64; 3]| {
            let held = [("누리관계망서비스", held)];
            decided("NNS", Reason::Usage, vec![place("누리관계망서비스", 7, 10, 7)], &held)
        };
        assert_eq!(of([40, 20, 19]).as_deref(), Some("누리관계망서비스"));
        assert_eq!(of([40, 20, 17]), None, "some write the long name alone");
        assert_eq!(of([90, 20, 19]), None, "most write the short one of something else");
    }

    #[test]
    fn a_person_and_the_team_are_not_one() {
        let held = [("손가람", [9, 9, 8])];
        assert_eq!(decided("LAFC", Reason::Usage, vec![place("손가람", 8, 8, 8)], &held), None);
    }
}
