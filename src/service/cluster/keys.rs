//! The thread that lets servers that only read have the keys of the writer: there it says what they are, here it hears that.

use std::sync::Weak;
use std::time::{Duration, Instant};

use super::filling::name_of;
use super::{ClusterProgress, ClusterSide};
use crate::access::{FILE, KeySource, TakenKeys, written};
use crate::cluster::KeysIndex;
use crate::config::Gate;
use crate::query::archive::Deadline;
use crate::service::Service;

/// From one look to the next. With how long an answer may take, there and here, that is below [`HOLDS`](crate::access::HOLDS).
const PAUSE: Duration = Duration::from_secs(1);
/// How long all answers for one look may take.
const ANSWER: Duration = Duration::from_secs(3);

/// Says or hears keys until it is told to stop, or the service is gone.
pub(super) fn run(service: &Weak<Service>, progress: &ClusterProgress) {
    loop {
        let goes_on = progress.rest(PAUSE);
        let Some(service) = service.upgrade() else { return };
        // Once more at the end of a writer: what was changed last holds while it is away.
        if goes_on || !service.reads_only() {
            service.pass_keys();
        }
        if !goes_on {
            return;
        }
    }
}

impl Service {
    /// Says in the cluster which keys there are, if they are this machine's; else hears it there. What fails is tried again soon, and said in
    /// `/ready`.
    pub(in crate::service) fn pass_keys(&self) {
        let Some(side) = &self.cluster else { return };
        let outcome = match &self.keys {
            KeySource::Taken(keys) => hear(side, keys),
            KeySource::File(_) => self.say_keys(side),
        };
        let error = outcome.err();
        if !side.progress.set_keys(error.clone()) {
            return;
        }
        match (error, side.reads_only) {
            (Some(error), true) => tracing::error!(error, "no key is accepted while this lasts"),
            (Some(error), false) => {
                tracing::error!(error, "servers that only read do not have these keys; trying again")
            }
            (None, _) => tracing::info!("keys are passed on again"),
        }
        if side.reads_only && self.config.data_dir.join(FILE).exists() {
            tracing::warn!(
                "the file of keys here is not read: a server that only reads has those of the writer"
            );
        }
    }

    fn say_keys(&self, side: &ClusterSide) -> Result<(), String> {
        // Before there is anything to be read, nobody reads.
        let Some(serving) = self.built() else { return Ok(()) };
        let Some(generation) = serving.generation() else { return Ok(()) };
        let keys = self.keys.now().ok();
        let said = written(keys.as_deref(), self.config.auth.reading == Gate::Closed);
        let index = KeysIndex::new(&side.client, &side.settings.prefix);
        match index.say(&said, &name_of(generation), Deadline::within(ANSWER)) {
            Ok(true) => {
                tracing::info!(
                    keys = keys.map(|keys| keys.iter().count()),
                    "servers that only read have these keys"
                );
                Ok(())
            }
            Ok(false) => Ok(()),
            Err(error) => Err(format!("keys cannot be put into the cluster: {error}")),
        }
    }
}

/// Hears what the writer says of keys. Nobody hears it later than it was asked for.
fn hear(side: &ClusterSide, keys: &TakenKeys) -> Result<(), String> {
    let asked = Instant::now();
    let index = KeysIndex::new(&side.client, &side.settings.prefix);
    let said = index.read(Deadline::within(ANSWER));
    let said = said.map_err(|error| format!("keys cannot be taken from the cluster: {error}"))?;
    keys.take(said.as_ref(), asked).map_err(|error| error.to_string())
}
