//! A name that is withheld is one word, however it is spaced: `김 모 씨`, `김모 씨` and `김 모씨` are `김모씨`, and not texts in which 김, 모 and
//! 씨 stand anywhere.

use super::lexer::{Leaf, Lexeme};
use super::text::PARTICLES;
use super::tree::Node;
use crate::korean::surname::{after_age, is_surname};

/// What stands for the given name.
const WITHHELD: char = '모';

/// What a person is called after that.
const CALLED: [char; 4] = ['씨', '군', '양', '옹'];

/// The most words that a withheld name is written in.
const MOST: usize = 3;

/// Makes one word of the words of each withheld name in `lexemes`.
pub(super) fn join_withheld(lexemes: Vec<Lexeme>) -> Vec<Lexeme> {
    let mut joined: Vec<Lexeme> = Vec::with_capacity(lexemes.len());
    let mut rest = lexemes.as_slice();
    while let Some((first, after)) = rest.split_first() {
        let words: Vec<(&Leaf, &str)> = rest.iter().map_while(word_of).take(MOST).collect();
        // What stands before the first word is meant for the whole name: `-김 모 씨`, `제목:김 모 씨`.
        let with_first = |(at, (leaf, _)): &(usize, &(&Leaf, &str))| {
            let field = words.first().and_then(|(first, _)| first.field);
            *at == 0 || !leaf.negated && (leaf.field.is_none() || leaf.field == field)
        };
        let texts: Vec<&str> =
            words.iter().enumerate().take_while(with_first).map(|(_, (_, text))| *text).collect();
        let name = withheld_name(&texts).and_then(|(count, text)| {
            let ((first, _), (last, _)) = (words.first()?, words.get(count - 1)?);
            let range = first.range.start..last.range.end;
            Some((count, Leaf { node: Node::Word { text }, range, ..(*first).clone() }))
        });
        match name.and_then(|(count, leaf)| Some((leaf, rest.get(count..)?))) {
            Some((leaf, after)) => {
                joined.push(Lexeme::Leaf(leaf));
                rest = after;
            }
            None => {
                joined.push(first.clone());
                rest = after;
            }
        }
    }
    joined
}

/// Whether [`join_withheld`] would make one word of several.
pub(super) fn has_withheld(lexemes: Vec<Lexeme>) -> bool {
    let words = lexemes.len();
    join_withheld(lexemes).len() < words
}

/// A leaf that is a word, and its text.
fn word_of(lexeme: &Lexeme) -> Option<(&Leaf, &str)> {
    match lexeme {
        Lexeme::Leaf(leaf @ Leaf { node: Node::Word { text }, .. }) => Some((leaf, text)),
        _ => None,
    }
}

/// How many of `words`, two or three, are a withheld name together, and its text without the spaces, which may end in a particle.
fn withheld_name(words: &[&str]) -> Option<(usize, String)> {
    let fits = |words: &[&str]| match *words {
        [family, withheld, called] => is_surname(family) && is_withheld(withheld) && calls(called).is_some(),
        // Before 모 alone only with 씨 after it: `손 모양` is a shape, and `다른 모양` too.
        [family, rest] if is_surname(family) => {
            let after = rest.strip_prefix(WITHHELD).map(|after| after_age(after).unwrap_or(after));
            after.and_then(calls) == Some('씨')
        }
        [head, called] => {
            let name = head.rsplit_once(WITHHELD);
            name.is_some_and(|(family, age)| is_surname(family) && is_age(age)) && calls(called).is_some()
        }
        _ => false,
    };
    let count = [3, 2].into_iter().find(|count| words.get(..*count).is_some_and(fits))?;
    Some((count, words.get(..count)?.concat()))
}

/// Whether `word` is 모, or 모 with an age in brackets.
fn is_withheld(word: &str) -> bool {
    word.strip_prefix(WITHHELD).is_some_and(is_age)
}

/// Whether nothing but an age in brackets is here, or not even that.
fn is_age(text: &str) -> bool {
    after_age(text).unwrap_or(text).is_empty()
}

/// What `word` calls a person, with a particle after it or without; few particles after what is a word with others, as 군인 and 양가 are.
fn calls(word: &str) -> Option<char> {
    let mut letters = word.chars();
    let called = letters.next().filter(|first| CALLED.contains(first))?;
    let after = letters.as_str();
    let particles: &[&str] =
        if called == '씨' { &PARTICLES } else { &["은", "는", "을", "를", "에게", "와", "과"] };
    (after.is_empty() || particles.contains(&after)).then_some(called)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withheld_name_is_one_word_however_it_is_spaced() {
        for (words, count) in [
            (&["김", "모", "씨"][..], 3),
            (&["김모", "씨", "집"], 2),
            (&["김", "모씨에게"], 2),
            (&["남궁", "모", "씨는"], 3),
            (&["최모", "양은"], 2),
            (&["박", "모", "군"], 3),
            (&["김모(34)", "씨"], 2),
            (&["김", "모(34·여)씨"], 2),
            (&["김", "모(34)", "씨의"], 3),
        ] {
            let (found, text) = withheld_name(words).unwrap_or_default();
            assert_eq!((found, text), (count, words[..count].concat()), "{words:?}");
        }
        for words in [
            &["김", "모", "의원"][..],
            &["손", "모양"],
            &["이", "모양은"],
            &["하트", "모양"],
            &["김하늘", "씨"],
            &["이모", "씨앗"],
            &["부모", "양가"],
            &["추모", "군인"],
            &["김모씨", "는"],
            &["모", "씨"],
            &["김", "모(대표)", "씨"],
            &["김모"],
        ] {
            assert_eq!(withheld_name(words), None, "{words:?}");
        }
    }
}
