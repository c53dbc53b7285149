//! Parts of speech of mecab-ko-dic (the Sejong tag set) and their roles in search.

/// How a morpheme enters the morpheme lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Particles, endings, copula, derivational verb suffixes, auxiliary verbs, punctuation: not indexed.
    Dropped,
    /// Nouns, names, numbers, foreign words, adverbs, determiners, interjections, unknowns: as written.
    Surface,
    /// Verbs and adjectives: as dictionary form (`밝히` → `밝히다`).
    Stem,
}

/// The structure of an entry, by the dictionary's `type` column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structure {
    /// One morpheme, without parts.
    Simple,
    /// A compound noun, with its parts in the expression column.
    Compound,
    /// A pre-analysed string (mostly foreign full names), with its parts.
    Preanalysis,
    /// A fused inflection (`했` = 하+았), with its parts.
    Inflect,
}

impl Structure {
    /// By the dictionary's `type` column.
    pub fn of(kind: &str) -> Self {
        match kind {
            "Compound" => Self::Compound,
            "Preanalysis" => Self::Preanalysis,
            "Inflect" => Self::Inflect,
            _ => Self::Simple,
        }
    }
}

/// Role and structure of a dictionary entry in one byte, so that a table of all entries is small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordClass {
    /// How the morpheme enters the morpheme lane.
    pub role: Role,
    /// Whether the entry has parts.
    pub structure: Structure,
    /// Whether its first tag is a particle or an ending, which queries may strip.
    pub bound: bool,
    /// Whether the tag is SH: hanja.
    pub hanja: bool,
}

/// The first tag of a tag column: `VV` of `VV+EP`.
pub fn first_tag(tag: &str) -> &str {
    tag.split('+').next().unwrap_or(tag)
}

impl WordClass {
    /// From the tag column (`NNG`, `VV+EP`) and the type column of the dictionary.
    pub fn from_columns(tag: &str, kind: &str) -> Self {
        let first = first_tag(tag);
        Self {
            role: role(first),
            structure: Structure::of(kind),
            bound: is_bound(first),
            hanja: first == "SH",
        }
    }

    /// Packed form; never 0, so that 0 can mean "not looked up yet".
    pub fn pack(self) -> u8 {
        let role = match self.role {
            Role::Dropped => 1,
            Role::Surface => 2,
            Role::Stem => 3,
        };
        let structure = match self.structure {
            Structure::Simple => 0,
            Structure::Compound => 1,
            Structure::Preanalysis => 2,
            Structure::Inflect => 3,
        };
        role | structure << 2 | u8::from(self.bound) << 4 | u8::from(self.hanja) << 5
    }

    /// Inverse of [`WordClass::pack`]; `None` for 0.
    pub fn unpack(byte: u8) -> Option<Self> {
        let role = match byte & 3 {
            1 => Role::Dropped,
            2 => Role::Surface,
            3 => Role::Stem,
            _ => return None,
        };
        let structure = match byte >> 2 & 3 {
            1 => Structure::Compound,
            2 => Structure::Preanalysis,
            3 => Structure::Inflect,
            _ => Structure::Simple,
        };
        Some(Self { role, structure, bound: byte & 16 != 0, hanja: byte & 32 != 0 })
    }
}

fn is_bound(tag: &str) -> bool {
    tag.starts_with('J') || tag.starts_with('E') || tag == "VCP"
}

fn role(tag: &str) -> Role {
    match tag {
        "VV" | "VA" | "VCN" => Role::Stem,
        // Auxiliary verbs (있다, 않다, 주다) are in nearly every sentence and in no query.
        "VX" | "VCP" | "XSV" | "XSA" => Role::Dropped,
        "SF" | "SP" | "SSO" | "SSC" | "SE" | "SC" | "SY" | "SO" | "SW" | "SS" => Role::Dropped,
        _ if tag.starts_with('J') || tag.starts_with('E') => Role::Dropped,
        // Interjections, adverbs and determiners too, because unknown names are cut into them: 에어팟 into 에/IC 어/IC 팟,
        // 젤렌스키 into 젤/MAG 렌 스키.
        _ => Role::Surface,
    }
}

/// Whether a part of speech tag names a noun-like head.
pub fn is_nominal(tag: &str) -> bool {
    tag.starts_with('N') || matches!(tag, "SL" | "SH" | "SN" | "XR")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_is_lossless_and_never_zero() {
        for tag in ["NNG", "VV+EP", "JKS", "EF", "SH", "VCP+EF", "MAG", "SF", "UNKNOWN"] {
            for kind in ["*", "Compound", "Preanalysis", "Inflect"] {
                let class = WordClass::from_columns(tag, kind);
                assert_ne!(class.pack(), 0);
                assert_eq!(WordClass::unpack(class.pack()), Some(class));
            }
        }
        assert_eq!(WordClass::unpack(0), None);
    }
}
