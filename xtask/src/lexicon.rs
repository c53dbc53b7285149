//! `sys.dic` and `unk.dic`: a header, a Darts double array, tokens and features.
//!
//! Layout: MeCab 0.996, `src/dictionary.cpp` (`Dictionary::open`) and `src/dictionary.h` (`struct Token`).

use anyhow::{Context as _, Result, bail, ensure};

use crate::little_endian::{Fields, text_until_nul};

/// `DIC_VERSION` of MeCab 0.996.
const VERSION: u32 = 102;
/// Bytes of the field that names the character set.
const CHARSET: usize = 32;
/// Bytes of one unit of the double array: `i32` base, `u32` check.
const UNIT: usize = 8;
/// Bytes of one token.
const TOKEN: usize = 16;
/// Longest key accepted, in bytes; keeps the search through a damaged double array finite.
const LONGEST_KEY: usize = 1024;

/// One row of a MeCab dictionary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The word as written, or the category name in `unk.dic`.
    pub(crate) surface: String,
    /// Context id seen from the word before.
    pub(crate) left_id: u16,
    /// Context id seen from the word after.
    pub(crate) right_id: u16,
    /// Cost of choosing this word.
    pub(crate) cost: i16,
    /// The columns after the cost, comma separated, as in the source file.
    pub(crate) features: String,
}

/// A decoded dictionary file, `sys.dic` or `unk.dic`.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Rows sorted by the bytes of their surface; rows of one surface keep MeCab's order.
    pub(crate) entries: Vec<Entry>,
    /// Number of different surfaces.
    pub(crate) surfaces: usize,
    /// Number of context ids on the left axis of the matrix.
    pub(crate) left_size: usize,
    /// Number of context ids on the right axis of the matrix.
    pub(crate) right_size: usize,
}

#[derive(Debug, Clone, Copy)]
struct Token {
    left_id: u16,
    right_id: u16,
    cost: i16,
    feature_offset: usize,
}

/// Decodes a dictionary file.
///
/// # Errors
/// When the file is cut short, of another version or charset, or contradicts its own header.
pub(crate) fn decode(bytes: &[u8]) -> Result<Lexicon> {
    let mut fields = Fields::new(bytes);
    let _magic = fields.u32()?;
    let version = fields.u32()?;
    ensure!(version == VERSION, "the dictionary has version {version}, this tool reads {VERSION}");
    let _kind = fields.u32()?;
    let size = fields.length()?;
    let left_size = fields.length()?;
    let right_size = fields.length()?;
    let array_bytes = fields.length()?;
    let token_bytes = fields.length()?;
    let feature_bytes = fields.length()?;
    let _reserved = fields.u32()?;
    let charset = text_until_nul(fields.bytes(CHARSET)?)?;
    ensure!(charset.eq_ignore_ascii_case("utf-8"), "the dictionary is in {charset}, this tool reads UTF-8");

    let array = DoubleArray::decode(fields.bytes(array_bytes)?)?;
    let tokens = decode_tokens(fields.bytes(token_bytes)?)?;
    let features = fields.bytes(feature_bytes)?;
    ensure!(fields.remaining() == 0, "{} bytes follow the features", fields.remaining());
    ensure!(tokens.len() == size, "the header promises {size} rows, the file holds {}", tokens.len());

    let keys = array.keys()?;
    let mut entries = Vec::with_capacity(size);
    for key in &keys {
        let surface = std::str::from_utf8(&key.bytes).context("a surface is not UTF-8")?;
        let range = key.first_token..key.first_token + key.tokens;
        let run = tokens.get(range).with_context(|| format!("{surface} points outside the tokens"))?;
        for token in run {
            let feature = features
                .get(token.feature_offset..)
                .with_context(|| format!("{surface} points outside the features"))?;
            entries.push(Entry {
                surface: surface.to_owned(),
                left_id: token.left_id,
                right_id: token.right_id,
                cost: token.cost,
                features: text_until_nul(feature)?.to_owned(),
            });
        }
    }
    ensure!(
        entries.len() == size,
        "the double array reaches {} of {size} rows: it was not read completely",
        entries.len()
    );
    Ok(Lexicon { entries, surfaces: keys.len(), left_size, right_size })
}

fn decode_tokens(bytes: &[u8]) -> Result<Vec<Token>> {
    let mut fields = Fields::new(bytes);
    let mut tokens = Vec::with_capacity(bytes.len() / TOKEN);
    while fields.remaining() > 0 {
        let left_id = fields.u16()?;
        let right_id = fields.u16()?;
        let _part_of_speech_id = fields.u16()?;
        let cost = fields.i16()?;
        let feature_offset = fields.length()?;
        let _compound = fields.u32()?;
        tokens.push(Token { left_id, right_id, cost, feature_offset });
    }
    Ok(tokens)
}

/// Darts 0.32, as MeCab carries it in `src/darts.h`.
struct DoubleArray {
    units: Vec<(i32, u32)>,
}

/// One key of the double array with its run of tokens.
struct Key {
    bytes: Vec<u8>,
    first_token: usize,
    tokens: usize,
}

impl DoubleArray {
    fn decode(bytes: &[u8]) -> Result<Self> {
        ensure!(
            bytes.len().is_multiple_of(UNIT),
            "the length of the double array is not a multiple of its units"
        );
        let mut fields = Fields::new(bytes);
        let mut units = Vec::with_capacity(bytes.len() / UNIT);
        while fields.remaining() > 0 {
            units.push((fields.i32()?, fields.u32()?));
        }
        Ok(Self { units })
    }

    /// Base of unit `index` when it is a child of the node whose base is `parent`.
    fn child(&self, parent: u32, index: u32) -> Option<i32> {
        let (base, check) = self.units.get(usize::try_from(index).ok()?)?;
        (*check == parent).then_some(*base)
    }

    /// All keys in byte order. The child for byte `c` of a node with base `b` is unit `b + c + 1`; unit `b`
    /// itself, when its base is negative, ends a key and carries `-1 - value`.
    fn keys(&self) -> Result<Vec<Key>> {
        let (root, _) = self.units.first().context("the double array is empty")?;
        let mut keys = Vec::new();
        // Nodes still to visit: (base, length of the key before this node, byte that leads here).
        let mut stack: Vec<(u32, usize, Option<u8>)> = vec![(u32::try_from(*root)?, 0, None)];
        let mut path: Vec<u8> = Vec::new();
        while let Some((base, depth, byte)) = stack.pop() {
            path.truncate(depth);
            path.extend(byte);
            ensure!(
                path.len() <= LONGEST_KEY,
                "a key is longer than {LONGEST_KEY} bytes: damaged double array"
            );
            if let Some(value) = self.child(base, base)
                && value < 0
            {
                let value = u32::try_from(-1 - i64::from(value))?;
                keys.push(Key {
                    bytes: path.clone(),
                    first_token: usize::try_from(value >> 8)?,
                    tokens: usize::try_from(value & 0xff)?,
                });
            }
            // Pushed from the last byte to the first, so that they are popped in byte order.
            for byte in (0..=u8::MAX).rev() {
                let Some(index) = base.checked_add(u32::from(byte) + 1) else { continue };
                let Some(child) = self.child(base, index) else { continue };
                let Ok(child) = u32::try_from(child) else {
                    bail!("unit {index} of the double array has a negative base but ends no key");
                };
                stack.push((child, path.len(), Some(byte)));
            }
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    /// A double array with the keys `a` (value 0x0002: two tokens from token 0) and `ab` (0x0201: one from 2).
    fn array() -> Vec<u8> {
        let mut units = vec![(0_i32, 0_u32); 400];
        units[0] = (1, 0); // root, base 1
        let a = 1 + usize::from(b'a') + 1;
        units[a] = (150, 1); // node "a", base 150
        units[150] = (-1 - 0x0002, 150); // end of "a"
        let ab = 150 + usize::from(b'b') + 1;
        units[ab] = (300, 150); // node "ab", base 300
        units[300] = (-1 - 0x0201, 300); // end of "ab"
        units.iter().flat_map(|(base, check)| [base.to_le_bytes(), check.to_le_bytes()]).flatten().collect()
    }

    fn token(left: u16, right: u16, cost: i16, feature: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(left.to_le_bytes());
        bytes.extend(right.to_le_bytes());
        bytes.extend(0_u16.to_le_bytes());
        bytes.extend(cost.to_le_bytes());
        bytes.extend(feature.to_le_bytes());
        bytes.extend(0_u32.to_le_bytes());
        bytes
    }

    fn dictionary(version: u32, rows: u32) -> Vec<u8> {
        let array = array();
        let features = "NNG,*\0NNP,인명\0".as_bytes();
        let tokens = [token(1, 2, -3, 0), token(4, 5, 6, 6), token(7, 8, 9, 0)].concat();
        let lengths =
            [array.len(), tokens.len(), features.len()].map(|length| u32::try_from(length).unwrap());
        let mut bytes = Vec::new();
        for field in [0, version, 0, rows, 10, 20, lengths[0], lengths[1], lengths[2], 0] {
            bytes.extend(field.to_le_bytes());
        }
        let mut charset = b"UTF-8".to_vec();
        charset.resize(CHARSET, 0);
        [bytes, charset, array, tokens, features.to_vec()].concat()
    }

    #[test]
    fn rows_come_sorted_by_surface_with_their_tokens_and_features() {
        let lexicon = decode(&dictionary(VERSION, 3)).unwrap();
        let rows: Vec<_> = lexicon
            .entries
            .iter()
            .map(|entry| {
                (entry.surface.as_str(), entry.left_id, entry.right_id, entry.cost, entry.features.as_str())
            })
            .collect();
        assert_eq!(rows, [("a", 1, 2, -3, "NNG,*"), ("a", 4, 5, 6, "NNP,인명"), ("ab", 7, 8, 9, "NNG,*")]);
        assert_eq!((lexicon.surfaces, lexicon.left_size, lexicon.right_size), (2, 10, 20));
    }

    #[test]
    fn a_file_that_contradicts_its_header_is_refused() {
        assert!(decode(&dictionary(VERSION, 4)).unwrap_err().to_string().contains("promises 4 rows"));
        assert!(decode(&dictionary(101, 3)).unwrap_err().to_string().contains("version 101"));
        let whole = dictionary(VERSION, 3);
        assert!(decode(&whole[..whole.len() - 1]).unwrap_err().to_string().contains("1 bytes early"));
    }
}
