//! What kind of word a dictionary entry is, coarser than its tag and finer than its role in search: names are recognised by it.

use super::pos::first_tag;

/// The kind of a dictionary entry, by its tag and its semantic class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Sense {
    /// No entry, or a tag that is not listed here.
    Unknown = 1,
    /// NNG.
    CommonNoun,
    /// NNP of the class 인명: a person's name, or a part of one.
    Person,
    /// NNP of the class 지명.
    Place,
    /// NNP of any other class.
    ProperNoun,
    /// NNB, NNBC: a noun that only follows others, units included.
    BoundNoun,
    /// NP.
    Pronoun,
    /// SN, NR.
    Number,
    /// SL.
    Latin,
    /// SH.
    Hanja,
    /// XSN.
    NounSuffix,
    /// XPN.
    NounPrefix,
    /// XR: the root of a word like 깨끗하다.
    Root,
    /// J: a particle.
    Particle,
    /// E, VCP, XSV, XSA: an ending, or what turns a noun into a verb.
    Ending,
    /// VV, VA, VX, VCN.
    Verb,
    /// MM.
    Determiner,
    /// MAG, MAJ, IC.
    Adverb,
    /// A sign.
    Sign,
}

impl Sense {
    const ALL: [Self; 19] = [
        Self::Unknown,
        Self::CommonNoun,
        Self::Person,
        Self::Place,
        Self::ProperNoun,
        Self::BoundNoun,
        Self::Pronoun,
        Self::Number,
        Self::Latin,
        Self::Hanja,
        Self::NounSuffix,
        Self::NounPrefix,
        Self::Root,
        Self::Particle,
        Self::Ending,
        Self::Verb,
        Self::Determiner,
        Self::Adverb,
        Self::Sign,
    ];

    /// From the columns tag (`NNG`, `VV+EP`) and meaning (`인명`, `*`) of the dictionary.
    pub fn of(tag: &str, meaning: &str) -> Self {
        match first_tag(tag) {
            "NNG" => Self::CommonNoun,
            "NNP" => match meaning {
                "인명" => Self::Person,
                "지명" => Self::Place,
                _ => Self::ProperNoun,
            },
            "NNB" | "NNBC" => Self::BoundNoun,
            "NP" => Self::Pronoun,
            "SN" | "NR" => Self::Number,
            "SL" => Self::Latin,
            "SH" => Self::Hanja,
            "XSN" => Self::NounSuffix,
            "XPN" => Self::NounPrefix,
            "XR" => Self::Root,
            "VCP" | "XSV" | "XSA" => Self::Ending,
            "VV" | "VA" | "VX" | "VCN" => Self::Verb,
            "MM" => Self::Determiner,
            "MAG" | "MAJ" | "IC" => Self::Adverb,
            tag if tag.starts_with('J') => Self::Particle,
            tag if tag.starts_with('E') => Self::Ending,
            tag if tag.starts_with('S') => Self::Sign,
            _ => Self::Unknown,
        }
    }

    /// As one byte, never 0, so that 0 can mean "not looked up yet".
    pub(super) fn pack(self) -> u8 {
        self as u8
    }

    /// Inverse of [`Sense::pack`]; `None` for 0.
    pub(super) fn unpack(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte).checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_is_lossless_and_never_zero() {
        for sense in Sense::ALL {
            assert_ne!(sense.pack(), 0);
            assert_eq!(Sense::unpack(sense.pack()), Some(sense));
        }
        assert_eq!(Sense::unpack(0), None);
    }

    #[test]
    fn a_sense_is_read_from_the_first_tag_and_the_class() {
        assert_eq!(Sense::of("NNP", "인명"), Sense::Person);
        assert_eq!(Sense::of("NNP", "지명"), Sense::Place);
        assert_eq!(Sense::of("NNP+JKB", "*"), Sense::ProperNoun);
        assert_eq!(Sense::of("VV+EP", "*"), Sense::Verb);
        assert_eq!(Sense::of("UNKNOWN", "*"), Sense::Unknown);
    }
}
