//! The `reporters` field: names as people and programs write them, with all that stands around them.

use super::super::entities::decode_entities;
use super::super::markup::strip_markup;
use super::super::outlets::OutletNames;
use super::super::values;
use super::super::word_list::WordList;
use super::{glued_name, is_email, is_modifier, is_name, is_place, is_title, looks_like_outlet};

/// The names in the `reporters` field, without titles, addresses, outlets, places and roles. A name of an unknown shape is taken as
/// written, split at commas, so that foreign and unusual names are not lost.
pub(in crate::ingest) fn reporter_names(field: &str, outlets: &OutletNames) -> Vec<String> {
    let mut names = Vec::new();
    let listed = listed_in(field).unwrap_or_else(|| field.to_owned());
    let plain = strip_markup(&decode_entities(&listed)).replace(" and ", ",");
    let plain = with_single_roles(&plain);
    let bare = without_remarks(&plain, outlets);
    for part in bare.split([',', ';', '/', '|', '·', '\u{318D}', '\n', '&', '、']) {
        let normalised = super::super::text::normalise_line(part);
        for part in shares(&normalised) {
            // `세종=홍길동`, `글=홍길동`: what stands before the sign is a place, an outlet or what somebody did.
            let part = part.rsplit_once('=').map_or(part, |(before, name)| {
                // `홍길동 객원기자 = 부산` has it the other way round; `AP=연합` names nobody.
                let (before, after) = (before.trim(), name.trim());
                let is_nobody = |word: &str| is_agency(word) || is_outlet(word, outlets);
                // `사진 제공=가람시` thanks for a picture.
                let thanks = before.ends_with("제공");
                let of_nobody = is_nobody(before) || is_place(before) || is_role(before);
                if thanks || is_nobody(after) && of_nobody {
                    ""
                } else if is_agency(after) || after.is_empty() || is_place(after) || is_outlet(after, outlets)
                {
                    before
                } else {
                    name
                }
            });
            let mut words: Vec<&str> = Vec::new();
            let mut all = part
                .split([' ', '(', ')', '[', ']', '<', '>', ':'])
                .filter(|word| !word.is_empty())
                .peekable();
            let alone = part.split_whitespace().nth(1).is_none();
            while let Some(word) = all.next() {
                let names_nobody = is_role(word)
                    || is_outlet(word, outlets)
                    || is_agency(word)
                    || is_place(word)
                    || is_profession(word);
                if words.is_empty() && is_modifier(word) && all.peek().is_some_and(|next| is_team(next)) {
                    // `온라인 뉴스팀`, which others write as one word.
                    let team = all.next().unwrap_or_default();
                    names.push(format!("{word}{team}"));
                } else if is_and_others(word)
                    && !(words.is_empty() && names.is_empty())
                    && all.clone().all(is_of_others)
                {
                    break;
                } else if ends_name(word, &words, all.peek().is_none()) {
                    end_of_name(&mut words, &mut names);
                } else if let Some(name) = glued_name(word) {
                    end_of_name(&mut words, &mut names);
                    names.push(name.to_owned());
                } else if words.is_empty() && (names_nobody || !alone && is_team(word)) {
                    // `글 홍길동`, `가람일보 홍길동`, `세종 홍길동`, `By 홍길동`; alone it names nobody either: `홍길동, 세종`.
                } else {
                    words.push(word);
                }
            }
            end_of_name(&mut words, &mut names);
        }
    }
    names.retain(|name| !super::super::values::is_placeholder(name));
    names
}

/// `글·사진=홍길동` → `사진=홍길동`: what one person did stands before the name once.
fn with_single_roles(field: &str) -> String {
    let is_sign = |c: char| matches!(c, '·' | '\u{318D}' | '/' | '&' | '+' | ',');
    let mut text = field.to_owned();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find(is_sign)).map(|at| at + from) {
        let after_sign = at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        let before = text.get(..at).unwrap_or_default().trim_end();
        let start = before.rfind(|c: char| !c.is_alphabetic()).map_or(0, |end| {
            end + before.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8)
        });
        let after = text.get(after_sign..).unwrap_or_default().trim_start();
        let next = after.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        if before.get(start..).is_some_and(is_role) && is_role(next) {
            text.replace_range(start..after_sign, "");
            from = start;
        } else {
            from = after_sign;
        }
    }
    text
}

/// `영상=김철수 편집=박영희` in two: a word with a sign begins what somebody else did.
fn shares(part: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    for (sign, _) in part.match_indices('=').skip(1) {
        let before = part.get(..sign).unwrap_or_default().trim_end();
        let word = before.rfind([' ', '=']).map_or(0, |at| at + 1);
        // `가람=너울=홍길동`
        if !before.get(..word).is_some_and(|before| before.ends_with('=')) {
            cuts.push(word);
        }
    }
    cuts.push(part.len());
    cuts.windows(2).filter_map(|pair| part.get(*pair.first()?..*pair.last()?)).collect()
}

/// Agencies whose names have no ending that tells them.
fn is_agency(word: &str) -> bool {
    static AGENCIES: WordList =
        WordList::new("AP AFP UPI EPA DPA TASS Reuters REUTERS 로이터 신화 교도 타스 연합");
    AGENCIES.has(word)
}

/// Whether `word` ends the name in `words`; `last` says that no other word follows.
fn ends_name(word: &str, words: &[&str], last: bool) -> bool {
    let after_one_name = matches!(words, [name] if is_name(name));
    is_more_people(word)
        || last && is_and_others(word)
        // `홍길동 디지털뉴스부 기자`
        || after_one_name && is_team(word)
        || after_one_name && is_profession(word)
        // `글 홍길동 사진 김철수`: the role begins with the next name.
        || !words.is_empty() && is_role(word)
        // `나한별 기자 도가온 기자`: the title ends a name.
        || is_email(word)
        || is_title(word)
        || is_modifier(word)
}

/// The names of a list that a program wrote into a cell: `['홍길동', '김철수']`, `[{"name": "홍길동"}]`.
fn listed_in(field: &str) -> Option<String> {
    let field = field.trim();
    let quoted = field.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))?.trim();
    if let Ok(value) = serde_json::from_str(field)
        && let values::Reading::Is(texts) = values::texts(value)
    {
        return Some(texts.join(","));
    }
    let marks = ['\'', '"'];
    (quoted.starts_with(marks) && quoted.ends_with(marks)).then(|| quoted.replace(marks, ""))
}

/// The field without brackets that hold an outlet, a place or a title and nothing else: `[가람일보] 홍길동`, `홍길동 (서울)`.
fn without_remarks<'a>(field: &'a str, outlets: &OutletNames) -> std::borrow::Cow<'a, str> {
    let mut kept = std::borrow::Cow::Borrowed(field);
    for (open, close) in [('[', ']'), ('(', ')'), ('<', '>'), ('【', '】')] {
        let mut from = 0;
        while let Some(start) = kept.get(from..).and_then(|rest| rest.find(open)).map(|at| at + from) {
            let Some(length) = kept.get(start..).and_then(|rest| rest.find(close)) else { break };
            let inside = kept.get(start + open.len_utf8()..start + length).unwrap_or_default().trim();
            let remark = is_outlet(inside, outlets)
                || is_place(inside)
                || is_role(inside)
                || is_title(inside)
                || is_degree(inside);
            if remark {
                kept.to_mut().replace_range(start..start + length + close.len_utf8(), " ");
            }
            from = start + 1;
        }
    }
    kept
}

/// `2명`, `외2명`, `등 3인`: people without names.
fn is_more_people(word: &str) -> bool {
    let word = word.strip_prefix(['외', '外', '등']).unwrap_or(word);
    let count = word.strip_suffix('명').or_else(|| word.strip_suffix('인'));
    count.is_some_and(|count| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `외`, `등`: and others.
fn is_and_others(word: &str) -> bool {
    matches!(word, "외" | "外" | "등")
}

/// What may follow `외`: `2명`, `기자 2명`.
fn is_of_others(word: &str) -> bool {
    is_more_people(word) || is_title(word) || is_modifier(word)
}

/// A part of a newsroom: `디지털뉴스부`, `뉴스팀`.
fn is_team(word: &str) -> bool {
    word.chars().count() >= 3 && word.ends_with(['부', '팀']) && !is_name(word)
}

/// What somebody is who wrote an article and is not a reporter, written after the name.
fn is_profession(word: &str) -> bool {
    static PROFESSIONS: WordList = WordList::new(
        "변호사 교수 박사 작가 평론가 칼럼니스트 연구원 연구위원 시인 소설가 변리사 회계사 세무사 노무사 \
                               한의사 의사 약사 여행작가 사진가",
    );
    PROFESSIONS.has(word)
}

/// `경제학박사`, `시인`: in brackets after a name.
fn is_degree(inside: &str) -> bool {
    is_profession(inside)
        || !is_name(inside) && ["박사", "교수", "변호사", "연구원"].iter().any(|end| inside.ends_with(end))
}

/// What somebody did for an article, written before a name.
fn is_role(word: &str) -> bool {
    static ROLES: WordList = WordList::new(
        "글 사진 그림 영상 취재 정리 편집 촬영 번역 그래픽 일러스트 기획 구성 영상편집 영상취재 사진편집 공동취재 자막 \
                         연출 진행 작성자 기자명 By by BY",
    );
    ROLES.has(word.trim_end_matches('.'))
}

fn is_outlet(word: &str, outlets: &OutletNames) -> bool {
    outlets.contains(word) || looks_like_outlet(word)
}

/// Moves the words before the end of a name to `names`, as one name or several.
fn end_of_name(words: &mut Vec<&str>, names: &mut Vec<String>) {
    // Korean full names in a row are several people; any other words are one name (`존 스미스`).
    if words.len() > 1 && words.iter().all(|word| word.chars().count() == 3 && is_name(word)) {
        names.extend(words.iter().map(|word| (*word).to_owned()));
    } else if !words.is_empty() {
        names.push(words.join(" "));
    }
    words.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_reporters_field() {
        let (outlets, _) = OutletNames::parse("새벽신문\n");
        for (field, names) in [
            ("나한별, 도가온 기자", "나한별,도가온"),
            ("나한별기자 name@outlet.example", "나한별"),
            ("나한별 도가온 특파원", "나한별,도가온"),
            ("나한별 인턴기자·도가온 기자", "나한별,도가온"),
            ("존 스미스", "존 스미스"),
            (" , 기자", ""),
            ("[가람일보] 홍길동 기자", "홍길동"),
            ("새벽신문 홍길동", "홍길동"),
            ("세종=홍길동", "홍길동"),
            ("세종=홍길동 기자", "홍길동"),
            ("홍길동, 김철수 기자 (서울)", "홍길동,김철수"),
            ("글=홍길동, 사진=김철수", "홍길동,김철수"),
            ("영상=김철수 편집=박영희", "김철수,박영희"),
            ("글 = 홍길동 사진 = 김철수 기자 영상=나한별", "홍길동,김철수,나한별"),
            ("서울=홍길동 기자 부산=김철수 기자", "홍길동,김철수"),
            ("AP=연합", ""),
            ("서울=AP", ""),
            ("로이터=새벽신문", ""),
            ("AP=홍길동", "홍길동"),
            ("홍길동=새벽신문", "홍길동"),
            ("글 홍길동 · 사진 김철수", "홍길동,김철수"),
            ("홍길동 외 2명", "홍길동"),
            ("홍길동 외2인", "홍길동"),
            ("By 홍길동", "홍길동"),
            ("By John Smith", "John Smith"),
            ("홍길동(hong@x.kr)", "홍길동"),
            ("hong@x.kr (홍길동)", "홍길동"),
            ("남궁민수·제갈량 특파원", "남궁민수,제갈량"),
            ("nan", ""),
            ("None", ""),
            ("온라인뉴스팀", "온라인뉴스팀"),
            ("글 홍길동 사진 김철수", "홍길동,김철수"),
            ("홍길동 객원기자 = 부산", "홍길동"),
            ("홍길동 변호사", "홍길동"),
            ("홍길동 외", "홍길동"),
            ("['홍길동', '김철수']", "홍길동,김철수"),
            ("[{\"name\": \"홍길동\"}, {\"name\": \"김철수\"}]", "홍길동,김철수"),
            ("홍길동<br>김철수", "홍길동,김철수"),
            ("<a href=\"/r/1\">홍길동 기자</a>", "홍길동"),
            ("홍길동&middot;김철수&nbsp;기자", "홍길동,김철수"),
            ("By John Smith and Jane Doe", "John Smith,Jane Doe"),
            ("홍길동 <hong@x.kr>", "홍길동"),
            ("글·사진=홍길동 기자", "홍길동"),
            ("글/사진 홍길동 기자", "홍길동"),
            ("글, 사진 = 홍길동", "홍길동"),
            ("취재·글=홍길동, 사진·영상=김철수", "홍길동,김철수"),
            ("홍길동 기자 外 2명", "홍길동"),
            ("홍길동 외 기자 2명", "홍길동"),
            ("홍길동 등 3명", "홍길동"),
            ("홍길동 기자, 세종", "홍길동"),
            ("세종 홍길동 기자", "홍길동"),
            ("홍길동 선임기자(경제학박사)", "홍길동"),
            ("홍길동 논설위원·시인", "홍길동"),
            ("사진 제공=가람시", ""),
            ("영상편집 박영희", "박영희"),
            ("By. 홍길동", "홍길동"),
            ("by John Smith, Reuters", "John Smith"),
            ("새벽신문", ""),
            ("연합뉴스", ""),
            ("온라인 뉴스팀", "온라인뉴스팀"),
            ("홍길동 디지털뉴스부 기자", "홍길동"),
            ("디지털뉴스부 홍길동 기자", "홍길동"),
        ] {
            assert_eq!(reporter_names(field, &outlets).join(","), names, "{field}");
        }
    }
}
