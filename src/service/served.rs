//! What is served, and the two turns in which it is replaced.
//!
//! A [`WriterTurn`] belongs to whoever writes to the generation in service or puts another in its place. A [`ChangeTurn`]
//! belongs to whoever loads the lexicon or replaces generation or language, so that none undoes another's work. Only a
//! change turn can replace anything, and one for a generation comes from the writer's turn: so whoever needs both takes
//! them in the same order, and nobody waits in a circle. [`Served::lexicon_turn`] comes without the writer's; whoever holds
//! it must not ask for that.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};

use super::former::FormerEditions;
use super::serving::Serving;
use super::writes::Follower;
use crate::korean::Language;

/// What is served at the moment, and was a while ago.
pub(super) struct Served {
    serving: ArcSwapOption<Serving>,
    /// As it was loaded last; a generation may be asked with an older analyzer.
    language: ArcSwap<Language>,
    former: FormerEditions<Serving>,
    /// The one writer of the generation in service; none before the first article is pushed.
    writer: Mutex<Option<Follower>>,
    changing: Mutex<()>,
}

impl Served {
    /// Serves `serving`, if there is one; `language` is the one that was loaded last. Editions that were paged through stay
    /// open for `cursor_lifetime` after they are replaced, `editions` of them at most.
    pub(super) fn new(
        serving: Option<Serving>,
        language: Language,
        cursor_lifetime: Duration,
        editions: usize,
    ) -> Self {
        Self {
            serving: ArcSwapOption::from(serving.map(Arc::new)),
            language: ArcSwap::from_pointee(language),
            former: FormerEditions::new(cursor_lifetime, editions),
            writer: Mutex::new(None),
            changing: Mutex::new(()),
        }
    }

    /// What is in service.
    pub(super) fn serving(&self) -> Option<Arc<Serving>> {
        self.serving.load_full()
    }

    /// The language as it was loaded last.
    pub(super) fn language(&self) -> Arc<Language> {
        self.language.load_full()
    }

    /// What was in service before.
    pub(super) fn former(&self) -> &FormerEditions<Serving> {
        &self.former
    }

    /// Waits for its turn to write to the generation in service, or to replace it.
    pub(super) fn writer_turn(&self) -> WriterTurn<'_> {
        let follower = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        WriterTurn { served: self, follower }
    }

    /// Waits for its turn to load the lexicon.
    pub(super) fn lexicon_turn(&self) -> ChangeTurn<'_> {
        let turn = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        ChangeTurn { served: self, _turn: turn }
    }
}

/// The right to write to the generation in service; for whoever holds it that generation stays the same.
pub(super) struct WriterTurn<'a> {
    served: &'a Served,
    /// What writes to it; none until something is to be written.
    pub(super) follower: MutexGuard<'a, Option<Follower>>,
}

impl WriterTurn<'_> {
    /// Waits for its turn to replace what is in service, too.
    pub(super) fn change(&self) -> ChangeTurn<'_> {
        self.served.lexicon_turn()
    }
}

/// The right to replace what is in service, and the language.
pub(super) struct ChangeTurn<'a> {
    served: &'a Served,
    _turn: MutexGuard<'a, ()>,
}

impl ChangeTurn<'_> {
    /// Puts `serving` into service. Paging sessions that began in the former one continue there for a while.
    pub(super) fn serve(&self, serving: Serving) {
        if let Some(former) = self.served.serving.swap(Some(Arc::new(serving)))
            && former.is_paged()
        {
            let name = former.archive().about().name.to_owned();
            self.served.former.keep(former, &name);
        }
    }

    /// Puts `serving`, or nothing, in place of a generation that turned out to be damaged: no paging session continues
    /// there.
    pub(super) fn replace_damaged(&self, serving: Option<Serving>) {
        self.served.serving.store(serving.map(Arc::new));
    }

    /// Takes `language` for the next reindex, and for whoever asks without a generation.
    pub(super) fn set_language(&self, language: Arc<Language>) {
        self.served.language.store(language);
    }
}
