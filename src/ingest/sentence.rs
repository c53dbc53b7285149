//! Where sentences end. A sentence distinguishes a story from a headline, a menu or a credit.

/// Whether `line` holds at least one sentence of a story: a predicate's ending (다, 요, 죠, 까 …) before a full stop,
/// question or exclamation mark, anywhere in it.
pub(super) fn has_sentence(line: &str) -> bool {
    sentence_end(line).is_some()
}

/// The bytes of `line` up to and including its last sentence end, with the closing quotes and brackets that follow it.
pub(super) fn sentence_end(line: &str) -> Option<usize> {
    let stop = line
        .char_indices()
        .rev()
        .find(|(at, c)| matches!(c, '.' | '?' | '!') && line.get(..*at).is_some_and(ends_in_predicate))?;
    let after = line.get(stop.0 + stop.1.len_utf8()..).unwrap_or_default();
    let closing =
        after.len() - after.trim_start_matches(['.', '!', '?', '"', '\'', '”', '’', ')', '」', '』']).len();
    Some(stop.0 + stop.1.len_utf8() + closing)
}

/// How many sentences of a story `line` holds.
pub(super) fn count_sentences(line: &str) -> usize {
    let ends = |(at, c): &(usize, char)| {
        let after = line.get(at + c.len_utf8()..).unwrap_or_default();
        matches!(c, '.' | '?' | '!')
            && (after.is_empty() || after.starts_with([' ', '\t', '"', '”', '’', ')']))
            && line.get(..*at).is_some_and(ends_in_predicate)
    };
    line.char_indices().filter(ends).count()
}

/// Whether the last syllable is one that Korean sentences end in: 다 (written), 요 죠 까 (spoken), 음 함 됨 임 (notes).
fn ends_in_predicate(before: &str) -> bool {
    let before = before.trim_end_matches(['"', '\'', '”', '’', ')', '.', '!', '?']);
    // `재배포 금지.` ends a footer.
    if before.ends_with("금지") {
        return false;
    }
    matches!(
        before.chars().next_back(),
        Some(
            '다' | '요'
                | '죠'
                | '까'
                | '자'
                | '라'
                | '네'
                | '지'
                | '음'
                | '함'
                | '됨'
                | '임'
                | '것'
                | '냐'
                | '니'
                | '야'
                | '어'
                | '군'
                | '오'
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_and_what_is_none() {
        assert!(has_sentence("회의는 내일 열린다. 나한별 기자"));
        assert_eq!(sentence_end("“함께 가자.”"), Some("“함께 가자.”".len()));
        assert_eq!(sentence_end("그는 “옳다”고 말했다.\" 끝"), Some("그는 “옳다”고 말했다.\"".len()));
        assert!(!has_sentence("도시철도 연장, 주민 설명회서 무슨 말 오갔나"));
        assert!(!has_sentence("2024.03.05 name@outlet.example"));
        assert_eq!(count_sentences("물이 맑다. “산이 높다.” 그렇다고? 3.5배다. 끝"), 3);
        assert_eq!(sentence_end("간다. 끝"), Some("간다.".len()));
    }
}
