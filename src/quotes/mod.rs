//! What is said, and who says it: an article → the quotations of its body.
//!
//! Takes an article and its [`Entities`]. Gives [`Quotation`]s in the order of the text, none inside another. What stands in the title is
//! a headline and no speech of its own. Everything is decided from the text alone, so an article that is pushed gets what a reindex would
//! give it. The steps: `marks` pairs the quotation marks, `speech` tells speech from emphasis and titles, `frame` cuts the text around
//! it into sentences, `speaker` finds who speaks. For it, `candidate` sees subjects, `titles` settles whom a short form means, `unknown` sees
//! subjects whose names are not known, and `told` reads whose words follow from what comes after them. A wrong name is worse than none.

mod candidate;
mod frame;
mod marks;
mod place;
mod roles;
mod speaker;
mod speech;
mod titles;
mod told;
mod unknown;
mod words;

pub use place::{QuotePlace, SpeakerPlace};

use std::ops::Range;

use crate::article::Article;
use crate::entities::Entities;
use crate::korean::fold::kept_len;

use frame::Frames;
use marks::{Quoted, quoted};
use speaker::Speakers;
use speech::{Speech, speech};

/// Direct speech in the body of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    /// Bytes in the body: what stands inside the quotation marks.
    pub text: Range<usize>,
    /// Who says it, as the facet `person` writes the name: only a human being with a name, and only where the text says so.
    pub speaker: Option<String>,
    /// Bytes in the body: the words that name the speaker at that place, with their particle (`김하늘 장관은`, `그는`, `경찰은`).
    pub speaker_text: Option<Range<usize>>,
}

/// The quotations of `article`, in which `entities` are named. Total: any text has some, or none.
pub fn quotes_of(article: &Article, entities: &Entities) -> Vec<Quotation> {
    quotes_in(&article.body, entities)
}

/// The quotations of a body, in which `entities` are named.
pub fn quotes_in(body: &str, entities: &Entities) -> Vec<Quotation> {
    let (marked, spoken) = spoken_in(body);
    if spoken.is_empty() {
        return Vec::new();
    }
    let frames = Frames::new(body, &marked, &spoken);
    Speakers::new(body, entities, &frames, &spoken).quotations()
}

/// Where the quotations of a body stand, in the order of [`quotes_in`]: that is told without knowing whom the text names.
pub fn quote_texts(body: &str) -> Vec<Range<usize>> {
    spoken_in(body).1.into_iter().map(|(quoted, _)| quoted.inner).collect()
}

/// What stands between quotation marks, and what of it is speech.
fn spoken_in(body: &str) -> (Vec<Quoted>, Vec<(Quoted, Speech)>) {
    let marked = quoted(body);
    let spoken = marked.iter().filter_map(|quoted| {
        let inner = body.get(quoted.inner.clone())?;
        Some((quoted.clone(), speech(body, quoted).filter(|_| kept_len(inner) > 0)?))
    });
    let spoken = spoken.collect();
    (marked, spoken)
}

#[cfg(test)]
mod tests;
