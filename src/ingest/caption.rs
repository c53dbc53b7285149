//! Photo credits: `[사진=…]`, `(사진제공=…)`, `…하고 있다./사진=새벽신문`, `ⓒ새벽통신`.

use super::any_of::AnyOf;

/// Longest credit, in characters.
const MAX_CHARS: usize = 40;

/// Whether the inside of a bracket is a credit and nothing else.
pub(super) fn is_credit(inside: &str) -> bool {
    let inside = inside.trim();
    if inside.chars().nth(MAX_CHARS).is_some() || super::sentence::has_sentence(inside) {
        return false;
    }
    if inside.starts_with(['ⓒ', '©']) {
        return true;
    }
    const SUBJECTS: [&str; 9] =
        ["사진", "자료사진", "자료", "그래픽", "이미지", "영상", "일러스트", "캡처", "출처"];
    let Some(rest) = SUBJECTS.iter().find_map(|subject| inside.strip_prefix(subject)) else {
        return false;
    };
    let rest = rest.trim_start();
    let rest =
        ["제공", "출처", "자료", "캡처"].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    let rest = rest.trim_start();
    rest.starts_with(['=', ':'])
        || (inside.starts_with("사진") && (rest.ends_with("제공") || rest.ends_with("캡처")))
}

/// What each mark of a credit at the end of a line begins with: most lines have none of them.
static BEGINNINGS: AnyOf = AnyOf::new(&["/", "ⓒ", "©"]);

/// A credit at the end of a line: where it begins, in bytes, and whom it names.
pub(super) fn trailing_credit(line: &str) -> Option<(usize, &str)> {
    const MARKS: [&str; 9] =
        ["/사진=", "/ 사진=", "/사진 =", "/사진:", "/사진제공=", "/사진 제공=", "/ 사진제공=", "ⓒ", "©"];
    // Only the end of the line can hold one.
    let window = line.char_indices().rev().nth(MAX_CHARS + 12).map_or(0, |(at, _)| at);
    let end = line.get(window..)?;
    if !BEGINNINGS.is_in(end) {
        return None;
    }
    let (at, mark) = MARKS.iter().filter_map(|mark| end.rfind(mark).map(|at| (window + at, *mark))).max()?;
    let holder = line.get(at + mark.len()..)?.trim();
    let short = holder.chars().nth(MAX_CHARS).is_none();
    (short && !holder.is_empty() && !super::sentence::has_sentence(holder)).then_some((at, holder))
}

/// Whom a bracketed credit names.
pub(super) fn credit_holder(inside: &str) -> Option<&str> {
    let holder = inside
        .split_once(['=', ':'])
        .map(|(_, holder)| holder)
        .or_else(|| inside.strip_prefix(['ⓒ', '©']))?;
    let holder = holder.trim().trim_end_matches("제공").trim();
    (!holder.is_empty()).then_some(holder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits() {
        for inside in [
            "사진=새벽통신",
            "사진 출처 : 새벽통신",
            "사진제공=어느 회사",
            "자료=어느 부처",
            "ⓒ 새벽통신",
            "사진 어느구청 제공",
            "그래픽=나한별",
        ] {
            assert!(is_credit(inside), "{inside}");
        }
        for inside in
            ["사진", "사진 왼쪽", "사진전", "자료 제출", "영상 통화", "그는 “사진=기억”이라고 했다."]
        {
            assert!(!is_credit(inside), "{inside}");
        }
        assert_eq!(
            trailing_credit("손을 흔들고 있다./사진=새벽신문"),
            Some(("손을 흔들고 있다.".len(), "새벽신문"))
        );
        assert_eq!(trailing_credit("ⓒ 이 표시는 저작권을 뜻한다."), None);
        assert_eq!(credit_holder("사진=새벽신문 제공"), Some("새벽신문"));
    }
}
