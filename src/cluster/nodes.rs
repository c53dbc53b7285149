//! The nodes of a cluster: asked in turn, and left alone for a while where they do not answer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::error::ClusterError;

/// How long a node that did not answer is left alone.
const REST: Duration = Duration::from_secs(10);

struct Node {
    url: String,
    /// Left alone until then.
    rests: Mutex<Option<Instant>>,
}

impl Node {
    fn rests_until(&self, now: Instant) -> Option<Instant> {
        self.rests.lock().unwrap_or_else(PoisonError::into_inner).filter(|until| *until > now)
    }

    fn set(&self, until: Option<Instant>) {
        *self.rests.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

/// The nodes of a cluster.
pub(super) struct Nodes {
    nodes: Vec<Node>,
    next: AtomicUsize,
}

impl Nodes {
    /// The nodes at `urls`.
    ///
    /// # Errors
    /// [`ClusterError::Address`] for one that is no `http://host:port` or `https://host:port`, or where there is none.
    pub(super) fn new(urls: &[String]) -> Result<Self, ClusterError> {
        let node = |url: &String| {
            let trimmed = url.trim_end_matches('/');
            match trimmed.strip_prefix("http://").or_else(|| trimmed.strip_prefix("https://")) {
                Some(host) if !host.is_empty() && !host.contains(['/', '@']) => {
                    Ok(Node { url: trimmed.to_owned(), rests: Mutex::default() })
                }
                // What is before an `@` may be a password.
                _ => {
                    Err(ClusterError::Address { url: url.rsplit('@').next().unwrap_or_default().to_owned() })
                }
            }
        };
        let nodes: Vec<Node> = urls.iter().map(node).collect::<Result<_, _>>()?;
        if nodes.is_empty() {
            return Err(ClusterError::Address { url: String::new() });
        }
        Ok(Self { nodes, next: AtomicUsize::new(0) })
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// The number and address of the one to ask next: the next in turn that does not rest; where all do, the one that has rested the
    /// longest.
    pub(super) fn pick(&self, now: Instant) -> (usize, &str) {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let turn = (0..self.nodes.len()).map(|step| first.wrapping_add(step) % self.nodes.len());
        let rested = turn.filter_map(|number| self.nodes.get(number).map(|node| (number, node)));
        let picked = rested.min_by_key(|(_, node)| node.rests_until(now));
        picked.map_or((0, ""), |(number, node)| (number, node.url.as_str()))
    }

    /// Node `number` answered.
    pub(super) fn answered(&self, number: usize) {
        if let Some(node) = self.nodes.get(number) {
            node.set(None);
        }
    }

    /// Node `number` did not answer at `now`.
    pub(super) fn silent(&self, number: usize, now: Instant) {
        if let Some(node) = self.nodes.get(number) {
            node.set(Some(now + REST));
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn three() -> Nodes {
        let urls = ["http://a:9200", "http://b:9200/", "http://c:9200"].map(str::to_owned);
        Nodes::new(&urls).unwrap()
    }

    #[test]
    fn nodes_take_turns_and_silent_ones_rest() {
        let (nodes, now) = (three(), Instant::now());
        let asked = |at| nodes.pick(at).1.to_owned();
        let turn = ["http://a:9200", "http://b:9200", "http://c:9200"];
        assert_eq!([asked(now), asked(now), asked(now)], turn);
        nodes.silent(0, now);
        assert!((0..9).all(|_| asked(now) != "http://a:9200"));
        let later = now + REST + Duration::from_secs(1);
        assert!((0..3).any(|_| asked(later) == "http://a:9200"));
        nodes.answered(0);
        assert!((0..3).any(|_| asked(now) == "http://a:9200"));
    }

    #[test]
    fn where_all_rest_the_first_to_wake_is_asked() {
        let (nodes, now) = (three(), Instant::now());
        for (number, seconds) in [(0, 3), (1, 1), (2, 2)] {
            nodes.silent(number, now + Duration::from_secs(seconds));
        }
        assert_eq!(nodes.pick(now).1, "http://b:9200");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in
            ["", "localhost:9200", "ftp://a:9200", "https://a:9200/path", "http://gisa:secret@a:9200"]
        {
            let refused = Nodes::new(&[wrong.to_owned()]).err().unwrap();
            assert!(matches!(refused, ClusterError::Address { .. }), "{wrong}");
            assert!(!refused.to_string().contains("secret"), "{refused}");
        }
        assert!(Nodes::new(&[]).is_err());
    }
}
