//! Articles in a cluster instead of the embedded index: opened to be read, and filled from what a reindex built.

use std::sync::Arc;

use super::{Access, Service, ServiceError, lexicon};
use crate::article::Timestamp;
use crate::cluster::{ClusterArchive, Copying, Target, copy};
use crate::config::Config;

impl Service {
    /// What serves, by whichever engine: the embedded index as [`Service::open`] does, or the cluster, which is only read here.
    ///
    /// # Errors
    /// Those of [`Service::open`]; [`ServiceError::Cluster`].
    pub fn open_engine(config: Config, access: Access) -> Result<Self, ServiceError> {
        let Some(cluster) = &config.engine else { return Self::open(config, access) };
        let (language, warnings) = lexicon::load(&config, config.lexicon_dir().as_deref())?;
        lexicon::log(&warnings);
        let archive = ClusterArchive::open(cluster.client()?, &cluster.prefix, language.clone())?;
        Self::over_archive(Arc::new(archive), language, config)
    }

    /// Copies what serves into a new index of the cluster, and puts that into service there. Its name; `None` where no cluster is
    /// configured, or nothing serves.
    ///
    /// # Errors
    /// [`ServiceError::Copy`]; what the cluster served before serves on.
    pub fn copy_to_cluster(&self, copying: &Copying) -> Result<Option<String>, ServiceError> {
        let (Some(cluster), Some(serving)) = (&self.config.engine, self.serving()) else { return Ok(None) };
        // `2026-11-29T16:05:07+09:00` as `20261129160507`.
        let moment: String =
            Timestamp::now().to_string().chars().filter(char::is_ascii_digit).take(14).collect();
        let target = Target {
            prefix: cluster.prefix.clone(),
            name: moment,
            layout: cluster.layout,
            threads: self.config.index.threads,
        };
        let client = cluster.client()?;
        Ok(Some(copy(serving.archive(), &serving.language, &client, &target, copying)?))
    }
}
