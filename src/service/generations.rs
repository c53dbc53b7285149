//! Which generation serves at a start: the current one, or the newest sound one where that is damaged.

use std::sync::Arc;

use crate::index::{Generation, IndexError, IndexFolder};

/// What was found in the index folder.
#[derive(Default)]
pub(super) struct Found {
    /// The generation to serve, if any is sound.
    pub(super) generation: Option<Arc<Generation>>,
    /// What is wrong with the current one.
    pub(super) damage: Option<String>,
}

/// Opens what [`IndexFolder::current`] names. If that cannot be opened, the newest generation that passes
/// [`Generation::verify`] steps in.
pub(super) fn find(folder: &IndexFolder) -> Result<Found, IndexError> {
    let current = match folder.current() {
        Ok(Some(current)) => current,
        Ok(None) => return Ok(Found::default()),
        Err(damaged @ IndexError::Damaged { .. }) => return fall_back(folder, None, &damaged),
        Err(error) => return Err(error),
    };
    match Generation::open(folder, &current) {
        Ok(generation) => Ok(Found { generation: Some(Arc::new(generation)), damage: None }),
        Err(error) => fall_back(folder, Some(&current), &error),
    }
}

/// The newest sound generation other than the damaged one. Every candidate is verified thoroughly: a build that was
/// killed leaves a folder that looks like one.
pub(super) fn fall_back(
    folder: &IndexFolder,
    current: Option<&str>,
    error: &IndexError,
) -> Result<Found, IndexError> {
    let damage = Some(error.to_string());
    for name in folder.generations()?.iter().rev().filter(|name| Some(name.as_str()) != current) {
        match Generation::open_verified(folder, name) {
            Ok(generation) => return Ok(Found { generation: Some(Arc::new(generation)), damage }),
            Err(error) => tracing::warn!(generation = name, %error, "this generation cannot step in either"),
        }
    }
    Ok(Found { generation: None, damage })
}
