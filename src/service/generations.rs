//! Which generation is put into service at a start: the current one, or the newest sound one if that is damaged.

use std::sync::Arc;

use crate::index::{Generation, IndexError, IndexFolder};

/// What was found in the index folder.
#[derive(Default)]
pub(super) struct Found {
    /// The generation to put into service, if any is sound.
    pub(super) generation: Option<Arc<Generation>>,
    /// What is wrong with the current one.
    pub(super) damage: Option<String>,
}

/// Opens the generation that [`IndexFolder::current`] names. If that cannot be opened, or nothing names one, the newest one
/// that passes [`Generation::verify`] takes its place.
pub(super) fn find(folder: &IndexFolder) -> Result<Found, IndexError> {
    let current = match folder.current() {
        Ok(Some(current)) => current,
        Ok(None) => {
            let found = fall_back(folder, None, &folder.current_is_missing())?;
            // Before the first generation there is nothing to name; a killed build may have left something unfinished.
            return Ok(if found.generation.is_some() { found } else { Found::default() });
        }
        Err(damaged) => return fall_back(folder, None, &damaged),
    };
    match Generation::open(folder, &current) {
        Ok(generation) => Ok(Found { generation: Some(Arc::new(generation)), damage: None }),
        Err(error) => fall_back(folder, Some(&current), &error),
    }
}

/// The newest sound generation other than the damaged one. Every candidate is verified thoroughly: a killed build
/// leaves a folder that looks like a generation.
pub(super) fn fall_back(
    folder: &IndexFolder,
    current: Option<&str>,
    error: &IndexError,
) -> Result<Found, IndexError> {
    for name in folder.generations()?.iter().rev().filter(|name| Some(name.as_str()) != current) {
        match Generation::open_verified(folder, name) {
            Ok(generation) => {
                let damage = Some(format!("{error}; {name} serves in its place"));
                return Ok(Found { generation: Some(Arc::new(generation)), damage });
            }
            Err(error) => {
                tracing::warn!(generation = name, %error, "this generation cannot take its place either")
            }
        }
    }
    Ok(Found { generation: None, damage: Some(error.to_string()) })
}
