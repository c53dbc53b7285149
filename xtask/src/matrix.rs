//! `matrix.bin`: the cost of putting one word after another.
//!
//! Layout: MeCab 0.996, `src/connector.cpp` and `src/connector.h`.

use std::io::Write;

use anyhow::{Context as _, Result, ensure};

use crate::little_endian::Fields;

/// Connection costs, `left + left_size * right`, where `left` is the right context id of the word before.
#[derive(Debug)]
pub(crate) struct Matrix {
    /// Context ids of the word before.
    pub(crate) left_size: usize,
    /// Context ids of the word after.
    pub(crate) right_size: usize,
    costs: Vec<i16>,
}

/// Decodes `matrix.bin`.
///
/// # Errors
/// When the file does not hold exactly as many costs as its header says.
pub(crate) fn decode(bytes: &[u8]) -> Result<Matrix> {
    let mut fields = Fields::new(bytes);
    let left_size = usize::from(fields.u16()?);
    let right_size = usize::from(fields.u16()?);
    let cells = left_size * right_size;
    ensure!(
        fields.remaining() == cells * 2,
        "the matrix is {left_size} x {right_size} but {} bytes of costs follow",
        fields.remaining()
    );
    let costs = (0..cells).map(|_| fields.i16()).collect::<Result<_>>()?;
    Ok(Matrix { left_size, right_size, costs })
}

impl Matrix {
    /// Writes MeCab's `matrix.def`: the sizes, then one line `left right cost` a cell.
    pub(crate) fn write_def(&self, out: &mut impl Write) -> Result<()> {
        writeln!(out, "{} {}", self.left_size, self.right_size)?;
        for (right, column) in self.costs.chunks(self.left_size).enumerate() {
            for (left, cost) in column.iter().enumerate() {
                writeln!(out, "{left} {right} {cost}").context("cannot write matrix.def")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn cells_run_along_the_left_axis_first() {
        let cells: [i16; 6] = [10, 11, 12, -20, -21, -22];
        let bytes: Vec<u8> = [3_u16, 2].iter().flat_map(|size| size.to_le_bytes()).collect();
        let bytes = [bytes, cells.iter().flat_map(|cost| cost.to_le_bytes()).collect()].concat();
        let mut out = Vec::new();
        decode(&bytes).unwrap().write_def(&mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "3 2\n0 0 10\n1 0 11\n2 0 12\n0 1 -20\n1 1 -21\n2 1 -22\n"
        );
    }

    #[test]
    fn a_wrong_length_is_refused() {
        assert!(decode(&[1, 0, 1, 0, 5]).unwrap_err().to_string().contains("1 x 1"));
    }
}
