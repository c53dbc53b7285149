//! Spans of a text → entities and mentions, in their order and within the limits.

use rustc_hash::FxHashMap;

use super::entity::{Entities, Entity, EntityKind, Mention, Part};

/// A name as it was found: where, and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) kind: EntityKind,
    /// Bytes of the analysed text, title and body in one.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The name, written the one way.
    pub(super) name: String,
}

/// Puts them together. `spans` are in the order of the text and do not overlap, `words` are no more than an article keeps; the title ends
/// at byte `title`, and the body begins one byte later.
pub(super) fn assemble(spans: Vec<Span>, words: Vec<Entity>, title: usize) -> Entities {
    let mut found: Vec<(Entity, usize)> = Vec::new();
    let mut numbers: FxHashMap<(EntityKind, String), usize> = FxHashMap::default();
    let mut mentions = Vec::with_capacity(spans.len());
    for span in spans {
        let in_title = span.start < title;
        let first = span.start;
        let number = *numbers.entry((span.kind, span.name)).or_insert_with_key(|(kind, name)| {
            found.push((Entity { kind: *kind, name: name.clone(), count: 0, in_title: false }, first));
            found.len() - 1
        });
        if let Some((entity, _)) = found.get_mut(number) {
            entity.count += 1;
            entity.in_title |= in_title;
        }
        let (part, offset) = if in_title { (Part::Title, 0) } else { (Part::Body, title + 1) };
        let range = span.start.saturating_sub(offset)..span.end.saturating_sub(offset);
        mentions.push(Mention { entity: number, part, range });
    }
    // Words come in the order in which they tell, which their numbers keep.
    found.extend(words.into_iter().zip(0..));
    in_order(found, mentions)
}

/// Sorts the entities, leaves out what is too much, and numbers the mentions anew.
fn in_order(found: Vec<(Entity, usize)>, mentions: Vec<Mention>) -> Entities {
    let mut order: Vec<usize> = (0..found.len()).collect();
    // A name in the title tells as much as three mentions; what comes first tells more.
    let weight = |entity: &Entity| match entity.kind {
        EntityKind::Word => 0,
        _ => entity.count + if entity.in_title { 3 } else { 0 },
    };
    order.sort_by_key(|&number| {
        found.get(number).map(|(entity, first)| (entity.kind, std::cmp::Reverse(weight(entity)), *first))
    });
    let mut new_numbers = vec![None; found.len()];
    let mut found: Vec<Option<Entity>> = found.into_iter().map(|(entity, _)| Some(entity)).collect();
    let mut result = Entities::default();
    let mut kept = [0_usize; EntityKind::ALL.len()];
    for number in order {
        let Some(entity) = found.get_mut(number).and_then(Option::take) else { continue };
        let Some(kept) = kept.get_mut(entity.kind as usize) else { continue };
        if *kept == entity.kind.most() {
            result.cut += 1;
            continue;
        }
        *kept += 1;
        if let Some(new) = new_numbers.get_mut(number) {
            *new = Some(result.entities.len());
        }
        result.entities.push(entity);
    }
    let renumbered = mentions.into_iter().filter_map(|mention| {
        let entity = new_numbers.get(mention.entity).copied().flatten()?;
        Some(Mention { entity, ..mention })
    });
    result.mentions = renumbered.collect();
    result
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn span(kind: EntityKind, start: usize, name: &str) -> Span {
        Span { kind, start, end: start + name.len(), name: name.to_owned() }
    }

    #[test]
    fn entities_are_counted_and_in_order() {
        let spans = vec![
            span(EntityKind::Place, 0, "한내시"),
            span(EntityKind::Person, 20, "김하늘"),
            span(EntityKind::Person, 40, "이바다"),
            span(EntityKind::Person, 60, "이바다"),
        ];
        let word = Entity { kind: EntityKind::Word, name: "나무".to_owned(), count: 2, in_title: false };
        let found = assemble(spans, vec![word], 10);
        let names: Vec<(&str, u32, bool)> =
            found.entities.iter().map(|e| (e.name.as_str(), e.count, e.in_title)).collect();
        assert_eq!(
            names,
            [("이바다", 2, false), ("김하늘", 1, false), ("한내시", 1, true), ("나무", 2, false)]
        );
        let mentions: Vec<_> = found.mentions.iter().map(|m| (m.entity, m.part, m.range.start)).collect();
        assert_eq!(
            mentions,
            [(2, Part::Title, 0), (1, Part::Body, 9), (0, Part::Body, 29), (0, Part::Body, 49)]
        );
    }

    #[test]
    fn what_is_left_out_is_counted_and_has_no_mentions() {
        let spans = (0..600).map(|n| span(EntityKind::Person, 100 + n * 20, &format!("김{n}"))).collect();
        let found = assemble(spans, Vec::new(), 10);
        assert_eq!((found.entities.len(), found.cut, found.mentions.len()), (512, 88, 512));
    }
}
