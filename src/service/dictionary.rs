//! The unpacked dictionary, compared with its checksums and unpacked anew where it is damaged.
//!
//! Damage that keeps a file's size makes no noise: words are cut in other places, and searches lose articles. What is mapped
//! stays the damaged file, whatever takes its place on disk: so whoever mends it also loads it again.

use std::sync::Arc;

use super::{Service, ServiceError, lexicon};
use crate::korean::dictionary;

impl Service {
    /// Compares the unpacked dictionary with its checksums, and mends it: unpacks it anew, and lets searches and the index use
    /// that. Reads 82 MB, the first time.
    ///
    /// # Errors
    /// [`ServiceError`] if it is damaged and cannot be mended; [`Service::dictionary_damage`] says so.
    pub fn verify_dictionary(&self) -> Result<(), ServiceError> {
        let folder = dictionary::folder_in(&self.config.index_dir)?;
        if !folder.exists() {
            // Another engine's articles are analysed with a dictionary from elsewhere. A folder that is gone is unpacked by
            // whoever loads it next.
            return Ok(());
        }
        let damaged = dictionary::damaged_files(&folder)?;
        if damaged.is_empty() {
            return Ok(());
        }
        let files = damaged.join(", ");
        tracing::error!(files, "the unpacked dictionary is damaged; unpacking it anew");
        self.mend_dictionary().inspect_err(|error| {
            let damage = format!(
                "the unpacked Korean dictionary is damaged ({files}) and could not be unpacked anew: {error}"
            );
            self.set_dictionary_damage(Some(damage));
        })?;
        let damage = format!(
            "the unpacked Korean dictionary was damaged ({files}) and has been unpacked anew; articles that were indexed with it \
             may be cut into the wrong words: reindex"
        );
        tracing::error!("{damage}");
        self.set_dictionary_damage(Some(damage));
        Ok(())
    }

    fn mend_dictionary(&self) -> Result<(), ServiceError> {
        dictionary::mend(&self.config.index_dir)?;
        // The writer first, then the change: whoever needs both turns takes them in this order.
        let mut writer = self.served.writer_turn();
        let change = writer.change();
        let (language, warnings) = lexicon::load(&self.config, self.config.lexicon_dir().as_deref())?;
        lexicon::log(&warnings);
        // As after a restart: with the lexicon that is there now, also where a reindex for it is due.
        if let Some(serving) = self.built() {
            change.serve(serving.with_language(language.clone()));
        }
        change.set_language(Arc::new(language));
        drop(change);
        // It analyses with the damaged one. What it has not committed is read again from the journal.
        *writer.follower = None;
        Ok(())
    }
}
