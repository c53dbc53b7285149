//! Keys that a server has from elsewhere: from the one that has the file. What that one says of them is a document that anybody may carry;
//! a server that has not heard it for a while lets nobody in by a key.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::AccessError;
use super::key::Keys;

/// For how long keys hold after they were asked for: whoever removes one must know when it is out of force everywhere.
pub const HOLDS: Duration = Duration::from_secs(10);
/// Changes whenever the document does: another version's is not guessed at.
const FORMAT: u32 = 1;

/// What the server with the file says to those that have none. Nothing is left out: a server that was told nothing knows nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    /// Whether reading needs a key there.
    reading_closed: bool,
    /// None where the file cannot be read there.
    keys: Option<Keys>,
}

/// What the server with the file says: its keys, none where it cannot read them; and whether reading needs one there.
#[must_use]
pub fn written(keys: Option<&Keys>, reading_closed: bool) -> Value {
    let written = Written { format: FORMAT, reading_closed, keys: keys.cloned() };
    // What cannot be written is read as damaged, which opens nothing.
    serde_json::to_value(written).unwrap_or_default()
}

/// What is in force on a server that has its keys from elsewhere.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The keys.
    pub keys: Arc<Keys>,
    /// Whether reading needs a key where they come from.
    pub reading_closed: bool,
}

/// Keys as they were taken last.
#[derive(Default)]
pub struct TakenKeys {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// With the moment at which it was asked for.
    last: Option<(Instant, Result<Taken, Arc<AccessError>>)>,
    /// What was read last, so that the same is not read again.
    document: Option<Value>,
}

impl TakenKeys {
    /// Takes what was heard, asked for at `asked`; `None` where nobody has ever said anything.
    ///
    /// # Errors
    /// [`AccessError::NotTaken`] where that opens nothing: nothing was said, or nothing that can be read.
    pub fn take(&self, document: Option<&Value>, asked: Instant) -> Result<(), Arc<AccessError>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let read = match &state.last {
            Some((_, read)) if state.document.as_ref() == document => read.clone(),
            _ => read(document).map_err(|reason| Arc::new(AccessError::NotTaken { reason })),
        };
        state.document = document.cloned();
        state.last = Some((asked, read.clone()));
        read.map(|_| ())
    }

    /// What is in force now.
    ///
    /// # Errors
    /// [`AccessError::NotTaken`]: nobody is let in by a key.
    pub fn now(&self) -> Result<Taken, Arc<AccessError>> {
        self.at(Instant::now())
    }

    fn at(&self, now: Instant) -> Result<Taken, Arc<AccessError>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &state.last {
            Some((asked, read)) if now.saturating_duration_since(*asked) <= HOLDS => read.clone(),
            Some(_) => {
                let reason = format!("they could not be asked for in the last {} seconds", HOLDS.as_secs());
                Err(Arc::new(AccessError::NotTaken { reason }))
            }
            None => Err(Arc::new(AccessError::NotTaken { reason: "they were not asked for yet".to_owned() })),
        }
    }
}

fn read(document: Option<&Value>) -> Result<Taken, String> {
    let Some(document) = document else {
        return Err("the server that has them never said any, not even that there are none: start it, with a gisa that is at \
                    least as new as this one"
            .to_owned());
    };
    let format = document.get("format").and_then(Value::as_u64);
    if format.is_some_and(|format| format > u64::from(FORMAT)) {
        return Err("they were written by a later version: update this server".to_owned());
    }
    let damaged = |reason: String| format!("they are damaged: {reason}");
    let written: Written =
        serde_json::from_value(document.clone()).map_err(|error| damaged(error.to_string()))?;
    let Some(keys) = written.keys else {
        return Err("the server that has them cannot read its file".to_owned());
    };
    match keys.problem() {
        Some(reason) => Err(damaged(reason)),
        None => Ok(Taken { keys: Arc::new(keys), reading_closed: written.reading_closed }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::access::{Digest, NewKey, Scope};
    use crate::article::Timestamp;
    use serde_json::json;

    fn keys() -> (Keys, String) {
        let mut keys = Keys::default();
        let filter = "outlet=가람일보".parse().unwrap();
        let until = Some("2999-12-31".to_owned());
        let scopes = [Scope::Read].into_iter().collect();
        let clear =
            keys.add(NewKey { name: "가람".to_owned(), scopes, until, filter }, Timestamp::now()).unwrap();
        (keys, clear)
    }

    #[test]
    fn keys_are_taken_as_they_were_written_and_never_in_clear() {
        let (keys, clear) = keys();
        let document = written(Some(&keys), true);
        assert!(!document.to_string().contains(&clear), "{document}");
        let taken = TakenKeys::default();
        taken.take(Some(&document), Instant::now()).unwrap();
        let now = taken.now().unwrap();
        assert!(now.reading_closed && *now.keys == keys);
        assert!(now.keys.find(&Digest::of(clear.as_bytes())).is_some());
        // None is an answer where it was said.
        taken.take(Some(&written(Some(&Keys::default()), false)), Instant::now()).unwrap();
        let now = taken.now().unwrap();
        assert!(!now.reading_closed && now.keys.iter().count() == 0);
    }

    #[test]
    fn whoever_has_not_heard_of_keys_lets_nobody_in() {
        let (keys, _) = keys();
        let (taken, began) = (TakenKeys::default(), Instant::now());
        assert!(taken.now().is_err(), "before it asked");
        let sound = written(Some(&keys), false);
        let with = |name: &str, value: Value| {
            let mut document = sound.clone();
            document.as_object_mut().unwrap().insert(name.to_owned(), value);
            document
        };
        let without = |name: &str| {
            let mut document = sound.clone();
            document.as_object_mut().unwrap().remove(name);
            document
        };
        let one = &sound["keys"]["key"][0];
        for document in [
            None,
            Some(json!(null)),
            Some(json!({})),
            Some(written(None, false)),
            Some(without("reading_closed")),
            Some(with("keys", json!({"key": [one, one]}))),
            Some(with("keys", json!({"key": [{"name": "x"}]}))),
            Some(with("more", json!(1))),
            Some(with("format", json!(2))),
        ] {
            assert!(taken.take(document.as_ref(), began).is_err(), "{document:?}");
            assert!(taken.at(began).is_err(), "{document:?}");
            taken.take(Some(&sound), began).unwrap();
            assert!(taken.at(began).is_ok());
        }
        assert!(taken.at(began + HOLDS).is_ok());
        assert!(taken.at(began + HOLDS + Duration::from_millis(1)).is_err(), "it asks no more");
        taken.take(Some(&sound), began + HOLDS).unwrap();
        assert!(taken.at(began + HOLDS + HOLDS).is_ok());
    }
}
