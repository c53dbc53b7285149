//! Where a quotation and the words for its speaker stand, in kept indices of the body: what an index keeps, and posting lists tell of.

use std::ops::Range;

use crate::korean::fold::KeptChar;

/// Bits of a packed place: first kept character, how many, and what stands between them and the marks.
const FIRST_BITS: u32 = 30;
const KEPT_BITS: u32 = 18;
const LEAD_BITS: u32 = 6;
const TRAIL_BITS: u32 = 10;

/// Where a quotation stands in its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuotePlace {
    /// The kept index of its first letter or digit.
    pub first: u32,
    /// How many kept characters it has.
    pub kept: u32,
    /// Characters between the opening mark and the first of them.
    lead: u32,
    /// Characters between the last of them and the closing mark.
    trail: u32,
}

/// Where the words stand that name a speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpeakerPlace {
    /// The kept index of their first letter, less that of the quotation.
    offset: i64,
    /// How many kept characters they have.
    kept: u32,
}

/// The kept characters of a body that stand in a range of its bytes: the index of the first, and how many there are.
fn kept_in(range: &Range<usize>, kept: &[KeptChar]) -> (usize, usize) {
    let first = kept.partition_point(|kept| (kept.start as usize) < range.start);
    let end = kept.partition_point(|kept| (kept.start as usize) < range.end);
    (first, end - first)
}

fn bits(value: u64, bits: u32) -> u64 {
    value.min((1 << bits) - 1)
}

impl QuotePlace {
    /// The place of the quotation `text`, bytes of `body`, whose kept characters are `kept`.
    pub fn of(text: &Range<usize>, body: &str, kept: &[KeptChar]) -> Self {
        let (first, count) = kept_in(text, kept);
        let letters = kept.get(first..first + count).unwrap_or_default();
        let chars = |range: Range<usize>| body.get(range).map_or(0, |text| text.chars().count()) as u32;
        let lead = letters.first().map_or(0, |letter| chars(text.start..letter.start as usize));
        let trail = letters.last().map_or(0, |letter| chars(letter.end as usize..text.end));
        Self { first: first as u32, kept: count as u32, lead, trail }
    }

    /// As one number. What is longer than the bits hold (262,143 characters) is cut.
    pub fn pack(self) -> u64 {
        let first = bits(self.first.into(), FIRST_BITS);
        let kept = bits(self.kept.into(), KEPT_BITS);
        let (lead, trail) = (bits(self.lead.into(), LEAD_BITS), bits(self.trail.into(), TRAIL_BITS));
        ((first << KEPT_BITS | kept) << LEAD_BITS | lead) << TRAIL_BITS | trail
    }

    /// What [`QuotePlace::pack`] packed.
    pub fn unpack(packed: u64) -> Self {
        let part = |shift: u32, bits: u32| (packed >> shift & ((1 << bits) - 1)) as u32;
        Self {
            first: part(KEPT_BITS + LEAD_BITS + TRAIL_BITS, FIRST_BITS),
            kept: part(LEAD_BITS + TRAIL_BITS, KEPT_BITS),
            lead: part(TRAIL_BITS, LEAD_BITS),
            trail: part(0, TRAIL_BITS),
        }
    }

    /// Whether it has the kept characters `first..=last` of its body.
    pub fn has(self, first: u32, last: u32) -> bool {
        first >= self.first && last < self.first.saturating_add(self.kept)
    }

    /// The bytes of `body` between the marks; `None` where this is the place of another body.
    pub fn range(self, body: &str, kept: &[KeptChar]) -> Option<Range<usize>> {
        let first = kept.get(self.first as usize)?;
        let last = kept.get((self.first + self.kept).checked_sub(1)? as usize)?;
        let before = body.get(..first.start as usize)?.chars().rev().take(self.lead as usize);
        let after = body.get(last.end as usize..)?.chars().take(self.trail as usize);
        let lead: usize = before.map(char::len_utf8).sum();
        let trail: usize = after.map(char::len_utf8).sum();
        Some(first.start as usize - lead..last.end as usize + trail)
    }
}

impl SpeakerPlace {
    /// The place of the words `text`, bytes of a body, beside the quotation at `quote`; `None` where they have no letter.
    pub fn of(text: &Range<usize>, quote: QuotePlace, kept: &[KeptChar]) -> Option<Self> {
        let (first, count) = kept_in(text, kept);
        (count > 0).then(|| Self { offset: first as i64 - i64::from(quote.first), kept: count as u32 })
    }

    /// As text: few articles have others, so that a dictionary holds them in little space.
    pub fn write(self) -> String {
        format!("{}:{}", self.offset, self.kept)
    }

    /// What [`SpeakerPlace::write`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let (offset, kept) = text.split_once(':')?;
        Some(Self { offset: offset.parse().ok()?, kept: kept.parse().ok()? })
    }

    /// The bytes of the body, beside the quotation at `quote`.
    pub fn range(self, quote: QuotePlace, kept: &[KeptChar]) -> Option<Range<usize>> {
        let first = usize::try_from(i64::from(quote.first) + self.offset).ok()?;
        let last = (first + self.kept as usize).checked_sub(1)?;
        Some(kept.get(first)?.start as usize..kept.get(last)?.end as usize)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::string_slice)]
mod tests {
    use super::*;
    use crate::korean::fold::kept_chars;

    #[test]
    fn a_place_comes_back_from_its_number() {
        let body = "김하늘 장관은 “(웃으며) 그렇다, 고맙다!”고 했다";
        let kept = kept_chars(body);
        let text = body.find('(').unwrap()..body.find('”').unwrap();
        let place = QuotePlace::of(&text, body, &kept);
        assert_eq!(QuotePlace::unpack(place.pack()), place);
        assert_eq!(&body[place.range(body, &kept).unwrap()], "(웃으며) 그렇다, 고맙다!");
        assert!(place.has(place.first, place.first) && !place.has(place.first - 1, place.first));
        let speaker = SpeakerPlace::of(&(0.."김하늘 장관은".len()), place, &kept).unwrap();
        let speaker = SpeakerPlace::read(&speaker.write()).unwrap();
        assert_eq!(&body[speaker.range(place, &kept).unwrap()], "김하늘 장관은");
        assert_eq!(QuotePlace::of(&text, body, &kept).range("", &[]), None);
    }
}
