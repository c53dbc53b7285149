//! Who may be speaking: the subjects of a stretch of text.
//!
//! A subject is a word with its particle (`장관은`) that ends in a name, in a title after a name, in a pronoun, or in a word for people and
//! institutions. Nothing else is taken for one: `이유는` speaks no more than `하는` does.

use std::ops::Range;

use super::roles::{CLOSE, OFFICES, SERVING, SILENT, SPEAKING, TITLES, UNNAMED};
use super::titles::{LONGEST_TITLE, Titles, outside_brackets, short_form};
use crate::entities::Entities;

/// Particles of what a sentence is about.
pub(super) const TOPIC: &[&str] = &["께서는", "은", "는", "도"];
/// Particles of a subject.
pub(super) const SUBJECT: &[&str] = &["께서", "이", "가"];
const PRONOUNS: &[&str] = &["그", "그녀"];

/// What a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// A human being with a name: the number of the entity.
    Named(usize),
    /// `그`, `그녀`.
    Pronoun,
    /// People without a name, or an institution.
    Unnamed,
}

/// A subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Bytes in the body, particle included.
    pub(super) range: Range<usize>,
    /// Whether its particle says that the sentence is about it.
    pub(super) topic: bool,
    pub(super) who: Who,
}

/// Whom a body names, and by which titles.
pub(super) struct People<'a> {
    pub(super) entities: &'a Entities,
    titles: Titles,
}

impl<'a> People<'a> {
    pub(super) fn new(body: &str, entities: &'a Entities) -> Self {
        Self { entities, titles: Titles::new(body, entities) }
    }
}

/// A word between white space.
#[derive(Debug, Clone)]
pub(super) struct Word<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
}

/// The words in `range` of `body`.
pub(super) fn words(body: &str, range: Range<usize>) -> impl DoubleEndedIterator<Item = Word<'_>> {
    let text = body.get(range.clone()).unwrap_or_default();
    let place = move |word: &str| range.start + (word.as_ptr() as usize - text.as_ptr() as usize);
    let parted = text.split(|ch: char| ch.is_whitespace() || matches!(ch, '"' | '“' | '”'));
    parted.filter(|word| !word.is_empty()).map(move |text| Word { start: place(text), text })
}

/// The subjects in `range` of `body`, in order. With `before_quotation`, what stands last needs no particle: `김하늘 장관 “…”`.
pub(super) fn candidates(
    body: &str,
    range: Range<usize>,
    people: &People<'_>,
    before_quotation: bool,
) -> Vec<Candidate> {
    let words: Vec<Word<'_>> = words(body, range.clone()).collect();
    let mut found: Vec<Candidate> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let plain = word.text.trim_end_matches([',', '.', ':', '=', '·', ')', '-', '…']);
        let plain = if plain.len() < word.text.len() && word.text.contains('(') { word.text } else { plain };
        let last = before_quotation && index + 1 == words.len();
        let stressed = words.get(index + 1).is_some_and(|next| matches!(next.text, "역시" | "또한"));
        let particle = |particles: &[&'static str]| {
            particles.iter().find_map(|particle| Some((plain.strip_suffix(*particle)?, *particle)))
        };
        let mut stems: Vec<(&str, bool, usize)> = Vec::new();
        if let Some((stem, particle)) = particle(TOPIC) {
            stems.push((stem, true, particle.len()));
        } else if let Some((stem, particle)) = particle(SUBJECT) {
            stems.push((stem, false, particle.len()));
        }
        if stressed {
            stems.push((plain, true, 0));
        } else if last {
            stems.push((plain.strip_suffix('의').unwrap_or(plain), false, 0));
        }
        for (stem, topic, particle) in stems {
            let end = word.start + stem.len();
            if let Some((start, who)) = head(body, range.start, word.start, end, people, particle > 0) {
                found.push(Candidate { range: start..end + particle, topic, who });
                break;
            }
        }
    }
    found
}

/// Who the word `start..end` (without its particle) is the last of, and where that begins.
pub(super) fn head(
    body: &str,
    from: usize,
    start: usize,
    end: usize,
    people: &People<'_>,
    has_particle: bool,
) -> Option<(usize, Who)> {
    let entities = people.entities;
    let stem = body.get(start..end)?;
    let bare = stem.split('(').next().filter(|bare| !bare.is_empty()).unwrap_or(stem);
    if stem.is_empty() {
        return None;
    }
    if PRONOUNS.contains(&stem) {
        return has_particle.then_some((start, Who::Pronoun));
    }
    let ends_in = |endings: &[&str]| endings.iter().any(|ending| bare.ends_with(ending));
    // The 전 of `추 전 장관` is not a surname.
    let former = |mention: &Range<usize>| {
        let before = words(body, from..mention.start).next_back();
        body.get(mention.clone()).is_some_and(|text| text.starts_with("전 "))
            && before.is_some_and(|word| word.text.chars().count() == 1)
    };
    let named = person_before(body, from, end, entities).filter(|(mention, _)| !former(mention));
    if let Some((mention, entity)) = named {
        let title = body.get(mention.end..end)?;
        let title = title.trim_start_matches(|ch: char| !ch.is_alphanumeric());
        let title_ends = TITLES.iter().any(|known| title.ends_with(known)) || title.ends_with(')');
        let unnamed = is_unnamed(title);
        if title.is_empty() || (title_ends && !unnamed) {
            if is_of_another(title, entity, people) {
                return Some((mention.start, Who::Unnamed));
            }
            let who = meant(body, &mention, entity, people);
            return Some((mention.start, who.map_or(Who::Unnamed, Who::Named)));
        }
    }
    let titled = ends_in(TITLES) && !is_unnamed(bare);
    if titled && let Some((begin, entity)) = surname_before(body, from, start, bare, people) {
        return Some((begin, entity.map_or(Who::Unnamed, Who::Named)));
    }
    if !has_particle {
        return None;
    }
    let speaks = is_unnamed(bare)
        || ends_in(SPEAKING) && !SILENT.contains(&bare)
        || ends_in(TITLES) && !SILENT.contains(&bare);
    let organisation = mention_ending(end, entities);
    match organisation {
        Some(mention) => Some((mention.start.max(from), Who::Unnamed)),
        None if speaks && (bare.chars().count() >= 2 || bare == "측") => {
            Some((phrase_start(body, from, start), Who::Unnamed))
        }
        None => None,
    }
}

/// Whether `text` ends in a word for people to whom no name is given.
fn is_unnamed(text: &str) -> bool {
    UNNAMED.iter().chain(CLOSE).any(|known| text.ends_with(known))
}

/// Whom a mention of `entity` means: where it is a short form (`김 시장`), whoever is called so beyond doubt.
fn meant(body: &str, mention: &Range<usize>, entity: usize, people: &People<'_>) -> Option<usize> {
    let text = body.get(mention.clone())?;
    let name = people.entities.entities.get(entity)?.name.as_str();
    let short = short_form(text).filter(|(family, title, _)| {
        let titled = TITLES.iter().any(|known| title.ends_with(known));
        titled && !text.contains(name) && name.starts_with(*family)
    });
    match short {
        Some((family, title, former)) => people.titles.called(mention.start, family, title, former),
        None => Some(entity),
    }
}

/// Whether `title`, what follows a name, is that of somebody who belongs to the one named: `시장 대변인`, `의원 지지자 박모씨`.
fn is_of_another(title: &str, entity: usize, people: &People<'_>) -> bool {
    let outside = outside_brackets(title);
    let mut words: Vec<&str> = outside.split_whitespace().collect();
    let Some(last) = words.pop() else { return false };
    let nameless = last.strip_suffix(['씨', '군', '양']).is_some_and(|rest| {
        rest.chars().count() <= 2
            && (rest.ends_with('모') || rest.chars().all(|ch| ch.is_ascii_uppercase()))
            && !rest.is_empty()
    });
    if nameless || words.iter().any(|word| CLOSE.contains(word)) {
        return true;
    }
    let Some(chief) = words.last().filter(|_| SERVING.iter().any(|known| last.ends_with(known))) else {
        return false;
    };
    if !TITLES.iter().any(|known| chief.ends_with(known)) {
        return false;
    }
    // `김하늘 대통령 비서실장` is one who serves, unless 김하늘 is known as the president.
    let office = OFFICES.iter().any(|known| chief.ends_with(known));
    let name = people.entities.entities.get(entity).map_or("", |entity| entity.name.as_str());
    !office || people.titles.holds(entity, name, chief)
}

/// Who is called by surname and title (`김 장관`, `문 전 대통령`): where the words begin, and the person, if the article names one beyond doubt.
fn surname_before(
    body: &str,
    from: usize,
    start: usize,
    title: &str,
    people: &People<'_>,
) -> Option<(usize, Option<usize>)> {
    let mut before = words(body, from..start).rev().peekable();
    // 전 alone may be a surname as well.
    before.next_if(|word| matches!(word.text, "전" | "前" | "신임" | "당시"));
    let surname = before.next()?;
    let mut syllables = surname.text.chars();
    let family = syllables.next().filter(|ch| ('가'..='힣').contains(ch))?;
    if syllables.next().is_some()
        || matches!(family, '이' | '전' | '한') && before.next().is_some_and(|word| word.text == "또")
    {
        return None;
    }
    let former = body.get(surname.start..start).is_some_and(|text| text.contains(['전', '前']));
    let called = people.titles.called(surname.start, family, title, former);
    // 이 의원 and 한 의원 may be any.
    if called.is_none() && matches!(family, '이' | '한') {
        return None;
    }
    Some((surname.start, called))
}

/// The last person who is named before `end`, with nothing but a title in between.
fn person_before(body: &str, from: usize, end: usize, entities: &Entities) -> Option<(Range<usize>, usize)> {
    let in_body = entities.in_body();
    let until = in_body.partition_point(|mention| mention.range.end <= end);
    let mut before = in_body.get(..until).unwrap_or_default().iter().rev();
    let mention = before
        .find(|mention| entities.is_person(mention.entity) || mention.range.end + LONGEST_TITLE < end)?;
    if !entities.is_person(mention.entity)
        || mention.range.start < from
        || mention.range.end + LONGEST_TITLE < end
    {
        return None;
    }
    let between = outside_brackets(body.get(mention.range.end..end)?);
    let mut between = between.split_whitespace().collect::<Vec<_>>();
    between.pop();
    // A particle between the two makes them two.
    let apart = |word: &&str| {
        word.ends_with(['은', '는', '을', '를', '에', '께', ',', '과', '와', '며', '고'])
            || word
                .strip_suffix('의')
                .is_some_and(|stem| stem.is_empty() || TITLES.iter().any(|title| stem.ends_with(title)))
    };
    (!between.iter().any(apart)).then(|| (mention.range.clone(), mention.entity))
}

/// The organisation or place that ends at `end`.
fn mention_ending(end: usize, entities: &Entities) -> Option<Range<usize>> {
    let in_body = entities.in_body();
    let at = in_body.partition_point(|mention| mention.range.end < end);
    in_body.get(at).map(|mention| mention.range.clone()).filter(|range| range.end == end)
}

/// Where the words begin that belong to the one at `start`: the one or two before it that have no particle.
fn phrase_start(body: &str, from: usize, start: usize) -> usize {
    let mut begin = start;
    for word in words(body, from..start).rev().take(2) {
        let joined = !word.text.ends_with([
            '은', '는', '이', '가', '을', '를', '에', '서', '로', '고', '며', ',', '.', '한', '의', '해',
            '던', '후', '날', '면', '다', '와', '과', '도', '라', '데', '만', '게', '힌',
        ]) || matches!(word.text, "한" | "이");
        if !joined || word.text.chars().all(|ch| ch.is_ascii_punctuation()) || word.text.ends_with('일') {
            break;
        }
        begin = word.start;
    }
    begin
}
