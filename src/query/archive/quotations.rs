//! What is wanted of quotations, and what an archive gives.

use super::{FacetValue, Place};
use crate::quotes::{QuotePlace, SpeakerPlace};

/// Which quotations are wanted.
#[derive(Debug, Clone, Copy)]
pub struct QuotesWanted<'a> {
    /// Only those of one of these speakers; all where there are none.
    pub speakers: &'a [String],
    /// Speakers that are counted, at most.
    pub most_speakers: usize,
}

/// The quotations that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quotations {
    /// How many there are, exactly.
    pub total: u64,
    /// How many articles they are in, exactly.
    pub articles: u64,
    /// Those of the window, in order.
    pub quotes: Vec<FoundQuote>,
    /// How many quotations each speaker has, most first, ties in Korean order; whichever speakers are wanted.
    pub speakers: Vec<FacetValue>,
    /// Quotations of speakers beyond those.
    pub other: u64,
    /// Quotations of which the text does not say by which person they are.
    pub unnamed: u64,
}

/// A quotation before its article is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundQuote {
    /// Where its article is.
    pub article: Place,
    /// Where it stands in the body.
    pub place: QuotePlace,
    /// Who says it.
    pub speaker: Option<String>,
    /// Where the words stand that name the speaker.
    pub speaker_place: Option<SpeakerPlace>,
}
