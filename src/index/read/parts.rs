//! Work on many documents, shared among threads.

use tantivy::TantivyError;

/// What `work` gives for `items`, shared among so many threads; in the order of the items.
///
/// # Errors
/// Those of `work`, the first in the order of the items.
pub(in crate::index) fn in_parts<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&[T]) -> tantivy::Result<Vec<R>> + Sync,
) -> tantivy::Result<Vec<R>> {
    if threads <= 1 || items.len() <= 1 {
        return work(items);
    }
    let part = items.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let started: Vec<_> = items.chunks(part).map(|part| scope.spawn(|| work(part))).collect();
        let mut done = Vec::with_capacity(items.len());
        for thread in started {
            let panicked =
                |_| TantivyError::InternalError("a thread that compares articles panicked".to_owned());
            done.append(&mut thread.join().map_err(panicked)??);
        }
        Ok(done)
    })
}
