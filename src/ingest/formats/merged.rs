//! Cells that were merged with those below them: what the first says holds for each row, as people read it.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use serde_json::Value;

/// The row, from 1, and the column, from 0, of a cell.
pub(super) type Place = (u64, usize);

/// The merged areas of one sheet.
#[derive(Default)]
pub(super) struct Merged {
    /// The last row of each area, by its first cell.
    areas: BTreeMap<Place, u64>,
    /// The areas that the last row was in, by column: their last row, and what they say.
    open: BTreeMap<usize, (u64, Value)>,
}

impl Merged {
    /// Notes that the cell `first` goes down to the row `last`.
    pub(super) fn add(&mut self, first: Place, last: u64) {
        self.areas.insert(first, last);
    }

    /// Gives to the row `row`, whose own cells are `cells`, what cells above say for it.
    pub(super) fn fill(&mut self, row: u64, cells: &mut Vec<(usize, Value)>) {
        if self.areas.is_empty() {
            return;
        }
        self.open.retain(|_, (last, _)| *last >= row);
        let begun: Vec<(usize, u64, Value)> = cells
            .iter()
            .filter_map(|(column, value)| Some((*column, *self.areas.get(&(row, *column))?, value.clone())))
            .collect();
        if !self.open.is_empty() {
            let own: FxHashSet<usize> = cells.iter().map(|(column, _)| *column).collect();
            let above = self.open.iter().filter(|(column, _)| !own.contains(column));
            cells.extend(above.map(|(column, (_, value))| (*column, value.clone())));
        }
        self.open.extend(begun.into_iter().map(|(column, last, value)| (column, (last, value))));
    }
}
