//! What every [`Code`] says in Korean, for readers whose browser prefers it (`Accept-Language`).
//!
//! The English text is what programs and their logs know. It is not translated word by word: a reader is told what happened and
//! what to do. What the English text said besides stays in the answer, as `detail_en`.

use serde_json::{Map, Value};

use super::code::Code;
use super::fault::Fault;

/// The title of a code.
pub(super) fn title(code: Code) -> &'static str {
    text(code).0
}

/// What happened, and what to do; `members` are those of the answer, `fault` is what is wrong with the parameter among them.
pub(super) fn detail(code: Code, fault: Option<Fault>, members: &Map<String, Value>) -> String {
    let (_, general) = text(code);
    let named = members.get("parameter").and_then(Value::as_str);
    if let (Some(fault), Some(name)) = (fault, named) {
        return of_fault(name, fault, members.get("most").and_then(Value::as_u64).unwrap_or_default());
    }
    if let (Code::BadBody, Some(field)) = (code, members.get("field").and_then(Value::as_str)) {
        return of_saved_search(field, members.get("setting").and_then(Value::as_str));
    }
    if let (Code::Forbidden, true) = (code, members.contains_key("field")) {
        return "다른 키로 저장한 검색이 이 이름을 쓰고 있습니다. 다른 이름을 적어 주세요.".to_owned();
    }
    if let (Code::NotWritten, Some(most)) = (code, members.get("most")) {
        return format!("저장한 검색은 {most}개까지입니다. 쓰지 않는 것을 먼저 지워 주세요.");
    }
    match (code, named) {
        (Code::BadParameter, Some(name)) => {
            format!("조건 `{name}`의 값을 읽을 수 없습니다. {}", values_of(name))
        }
        (Code::UnknownParameter, Some(name)) => format!("조건 `{name}`: 그런 조건은 없습니다. {general}"),
        (Code::ArticleNotFound, Some(name)) => format!("`{name}`에 적은 번호의 기사가 없습니다. {general}"),
        _ => general.to_owned(),
    }
}

/// What is wrong with the parameter `name`, whatever its values are; at most so many of them, or so many characters, may there be.
fn of_fault(name: &str, fault: Fault, most: u64) -> String {
    let detail = match fault {
        Fault::Missing => "값이 빠졌습니다. 값을 적어 다시 보내 주세요.".to_owned(),
        Fault::Repeated => "값을 여러 번 적었습니다. 한 번만 적어 주세요.".to_owned(),
        Fault::Empty => "값이 비어 있습니다. 값을 적거나 이 조건을 빼 주세요.".to_owned(),
        Fault::NotUtf8 => "글자를 읽을 수 없습니다. UTF-8로 적어 주세요.".to_owned(),
        Fault::TooMany => format!("값은 {most}개까지 적을 수 있습니다. 나머지는 빼 주세요."),
        Fault::TooLong => format!("값은 {most}자까지 적을 수 있습니다. 더 짧게 적어 주세요."),
        Fault::BesideCursor => {
            return format!(
                "조건 `{name}`: `cursor` 조건과 함께 쓸 수 없습니다. 둘 가운데 하나를 빼 주세요."
            );
        }
    };
    format!("조건 `{name}`의 {detail}")
}

/// What is wrong with the part `field` of a search to save; `setting` is what would allow it.
fn of_saved_search(field: &str, setting: Option<&str>) -> String {
    let help = match setting {
        Some("alerts.smtp_host") => {
            Some("전자우편을 보내려면 관리자가 config.toml의 `alerts.smtp_host`에 메일 서버를 적어야 합니다.")
        }
        Some("alerts.allow_hosts") => Some(
            "사내 주소입니다. 관리자가 config.toml의 `alerts.allow_hosts`에 적어야 이곳으로 보낼 수 있습니다.",
        ),
        _ => None,
    };
    if let Some(help) = help {
        return format!("`{field}`: {help}");
    }
    let part = field.rsplit_once("].").map_or(field, |(_, part)| part);
    let advice = match part {
        "name" => "이름은 한글, 영문자, 숫자, `-`, `_`로 64자까지 적어 주세요.",
        "title" => "제목은 한 줄로, 1자부터 200자까지 적어 주세요.",
        "deliver" => "보낼 곳은 8곳까지 적을 수 있습니다.",
        "url" => {
            "보낼 수 없는 주소입니다. 받는 곳의 주소를 `http://`부터 온전히, 아이디와 암호 없이, 2,000자 안으로 한 번만 적어 주세요."
        }
        "secret" => "서명할 비밀은 1바이트부터 256바이트까지 적어 주세요. 서명하지 않으려면 비워 둡니다.",
        _ if part.starts_with("to") => {
            "전자우편 주소는 desk@example.com처럼 적고, 여럿이면 나누어 적어 주세요."
        }
        _ => "이 부분을 확인해 주세요.",
    };
    format!("`{field}`: {advice}")
}

/// How a parameter is to be given.
fn values_of(name: &str) -> &'static str {
    match name {
        "from" | "to" => {
            "날짜는 2026-02-05처럼 적고, 시작일이 종료일보다 늦지 않게 해 주세요. 시각까지 적으려면 2026-02-05T10:58:19+09:00처럼 적습니다."
        }
        "q" => "검색어를 UTF-8로 한 번만 적어 주세요.",
        "outlet" | "reporter" | "section" | "person" | "place" | "organisation" => {
            "비어 있지 않은 이름을 적고, 여럿이면 조건을 되풀이해 주세요."
        }
        "outlet_group" => "언론사 묶음의 이름을 적어 주세요. 묶음은 검색 조건의 ‘언론사 묶음’에 나옵니다.",
        "by" => {
            "day, week, month, year 가운데 하나를 적어 주세요. 칸이 4,000개를 넘으면 기간을 좁히거나 더 긴 단위를 골라 주세요."
        }
        "size" | "page" | "snippets" | "snippet_size" => "정해진 범위 안의 정수를 적어 주세요.",
        "sort" => "relevance(정확도), newest(최신), oldest(오래된) 가운데 하나를 적어 주세요.",
        "group" | "group_show" => {
            "group은 none이나 similar로, group_show는 group=similar와 함께 first, newest, best 가운데 하나로 적어 주세요."
        }
        "match" => "all, any, auto 가운데 하나를 적어 주세요.",
        "columns" => "열 이름을 쉼표로 나누어 적어 주세요.",
        "for" => "data나 excel을 적어 주세요.",
        "version" => "`/api/articles/{id}/versions`에 나오는 이름을 그대로 적어 주세요.",
        "similar_to" | "id" | "with" => "기사 번호를 그대로 적어 주세요.",
        _ => "쓸 수 있는 값은 /docs에 있습니다.",
    }
}

/// Title and text of a code.
fn text(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::BadParameter => ("조건의 값이 잘못되었습니다", "쓸 수 있는 값은 /docs에 있습니다."),
        Code::UnknownParameter => (
            "알 수 없는 조건입니다",
            "이름을 바로잡아 주세요. 잘못 적은 조건을 없는 셈 치면 더 많은 기사가 나오기 때문입니다.",
        ),
        Code::QueryTooLong => {
            ("검색어가 너무 깁니다", "검색어는 512자까지 쓸 수 있습니다. 중요한 낱말만 남겨 주세요.")
        }
        Code::QueryTooComplex => ("검색어가 너무 복잡합니다", "낱말이나 괄호의 수를 줄여 주세요."),
        Code::PageWindow => (
            "볼 수 없는 쪽입니다",
            "한 검색에서 10,000번째 기사까지만 쪽으로 볼 수 있습니다. 기간이나 언론사로 좁히거나 `cursor`로 이어 가세요.",
        ),
        Code::BadCursor => (
            "이어 볼 자리가 잘못되었습니다",
            "`cursor` 없이 처음부터 다시 찾아 주세요. 쪽을 넘기는 동안 검색어와 조건과 순서는 그대로 두어야 합니다.",
        ),
        Code::BadRequest => ("요청을 읽을 수 없습니다", "요청의 형식이 HTTP에 맞지 않습니다."),
        Code::BadBody => ("보낸 내용을 읽을 수 없습니다", "보낸 내용의 형식을 확인해 주세요."),
        Code::BadArticle => (
            "기사로 받을 수 없습니다",
            "영어로 적은 까닭이 `reason`에 있습니다. 제목이나 본문이 있어야 하고, 번호와 날짜의 형식이 맞아야 합니다.",
        ),
        Code::Unauthorized => (
            "로그인이 필요합니다",
            "관리자에게 받은 키로 로그인하거나 `Authorization: Bearer 키`를 보내 주세요.",
        ),
        Code::Forbidden => {
            ("이 키로는 할 수 없는 일입니다", "필요한 권한이 있는 키를 관리자에게 요청해 주세요.")
        }
        Code::NotFound => ("없는 주소입니다", "쓸 수 있는 주소는 /docs에 모두 있습니다."),
        Code::ArticleNotFound => {
            ("그런 기사가 없습니다", "지워졌거나 번호가 다릅니다. 번호는 글자 하나까지 같아야 합니다.")
        }
        Code::VersionNotFound => (
            "고치기 전의 글이 없습니다",
            "고친 적이 없거나, 오래되어 지워졌거나, 보관하지 않게 설정되어 있습니다.",
        ),
        Code::JobNotFound => {
            ("그런 작업이 없습니다", "최근 작업 50개는 `GET /api/admin/jobs`에서 볼 수 있습니다.")
        }
        Code::SearchNotFound => {
            ("저장된 검색이 없습니다", "저장된 검색은 `GET /api/searches`에 모두 있습니다.")
        }
        Code::MethodNotAllowed => {
            ("이 주소에서 쓸 수 없는 방법입니다", "쓸 수 있는 방법은 머리글 `Allow`에 있습니다.")
        }
        Code::RequestTimeout => (
            "보내는 내용이 제때 도착하지 않았습니다",
            "더 빠른 연결로, 또는 나누어서 다시 보내 주세요. `accepted`로 센 것만 받았습니다.",
        ),
        Code::ReindexRunning => {
            ("이미 작업이 진행 중입니다", "`job_id`의 작업이 끝나기를 기다리거나 그 작업을 취소해 주세요.")
        }
        Code::JobFinished => ("이미 끝난 작업입니다", "끝난 작업은 취소할 수 없습니다."),
        Code::ReadOnly => (
            "이 서버는 읽기만 합니다",
            "`writer`에 적힌 서버로 보내거나, 기사를 받는 서버가 어디인지 관리자에게 물어 주세요.",
        ),
        Code::CursorExpired => (
            "이어 볼 자리가 사라졌습니다",
            "쪽을 넘기는 동안 색인이 바뀌었습니다. `cursor` 없이 처음부터 다시 찾아 주세요.",
        ),
        Code::BodyTooLarge => ("보낸 내용이 너무 큽니다", "한도를 넘지 않게 나누어 보내 주세요."),
        Code::UnsupportedMediaType => (
            "받지 않는 형식입니다",
            "`Content-Type: application/json`으로, 여러 건이면 `application/x-ndjson`으로 보내 주세요. 압축하지 않습니다.",
        ),
        Code::WrongHost => (
            "이 서버의 이름이 아닙니다",
            "`server.allowed_hosts`에 있는 이름으로 접속하거나 관리자에게 이 이름을 넣어 달라고 해 주세요.",
        ),
        Code::WrongKeys => (
            "틀린 키가 너무 많이 들어왔습니다",
            "키를 확인한 뒤 `Retry-After`의 초가 지나면 다시 시도해 주세요.",
        ),
        Code::LexiconUnreadable => (
            "사전 파일을 읽을 수 없습니다",
            "파일의 내용과 권한을 확인한 뒤 사전을 다시 읽어 주세요. 쓰던 사전은 그대로입니다.",
        ),
        Code::Internal => (
            "서버에 문제가 생겼습니다",
            "요청 번호(`request_id`)를 관리자에게 알려 주세요. 까닭은 서버의 로그에 있습니다.",
        ),
        Code::NotOnThisEngine => (
            "기사를 보관하는 엔진이 할 수 없는 일입니다",
            "무엇이 안 되는지 `detail`에 있습니다. 검색을 좁히거나 그 부분을 빼고 다시 시도해 주세요.",
        ),
        Code::EngineUnreachable => (
            "기사를 보관하는 클러스터가 대답하지 않습니다",
            "잠시 뒤에 다시 시도해 주세요. 관리자는 노드와 네트워크를 확인해 주세요.",
        ),
        Code::EngineRefuses => (
            "클러스터가 이 서버를 받아 주지 않습니다",
            "관리자에게 알려 주세요. `[engine]`의 사용자와 암호, 또는 API 키와 그 권한을 확인해야 합니다.",
        ),
        Code::EngineBusy => {
            ("지금 클러스터에 일이 몰려 있습니다", "`Retry-After`의 초가 지난 뒤에 다시 시도해 주세요.")
        }
        Code::PartialResults => (
            "클러스터의 일부가 대답하지 않습니다",
            "일부만 보여 드리지 않습니다. 잠시 뒤에 다시 시도해 주세요. 관리자는 클러스터의 상태를 확인해 주세요.",
        ),
        Code::EditionGone => (
            "찾던 색인이 바뀌었습니다",
            "다시 찾아 주세요. 시간순이 아닌 `cursor`는 처음부터 다시 시작해야 합니다.",
        ),
        Code::Overloaded => {
            ("지금 요청이 몰려 있습니다", "`Retry-After`의 초가 지난 뒤에 다시 시도해 주세요.")
        }
        Code::NotReady => {
            ("아직 검색할 수 없습니다", "색인을 준비하고 있습니다. 잠시 뒤에 다시 시도해 주세요.")
        }
        Code::ReindexDue => (
            "색인을 새로 만들어야 합니다",
            "지금 색인은 이 기능이 없던 때에 만들어졌습니다. 관리자가 전체 재색인을 하면 쓸 수 있습니다. 다른 검색은 그대로 됩니다.",
        ),
        Code::Deadline => (
            "검색이 너무 오래 걸렸습니다",
            "검색어를 줄이거나 기간을 좁히거나, 잠시 뒤에 다시 시도해 주세요.",
        ),
        Code::KeysUnavailable => (
            "지금은 키를 확인할 수 없습니다",
            "잠시 뒤에 다시 시도해 주세요. 관리자는 클러스터가 대답하는지, 이 서버가 거기서 `PREFIX-keys`를 읽을 수 있는지, 쓰는 서버가 켜져 있었는지 확인해 주세요.",
        ),
        Code::NotWritten => {
            ("저장하지 못했습니다", "이 요청으로 저장된 것은 없습니다. 디스크를 확인한 뒤 다시 보내 주세요.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_hangul(c: char) -> bool {
        ('가'..='힣').contains(&c)
    }

    #[test]
    fn what_cannot_be_saved_is_named_with_what_would_help() {
        let of = |members: &[(&str, &str)]| {
            let members = members.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
            detail(Code::BadBody, None, &members)
        };
        assert!(of(&[("field", "name")]).contains("64자"));
        assert!(of(&[("field", "deliver[3].url")]).contains("`deliver[3].url`: 보낼 수 없는 주소"));
        assert!(of(&[("field", "deliver[0].to[2]")]).contains("전자우편"));
        let setting = of(&[("field", "deliver[0].url"), ("setting", "alerts.allow_hosts")]);
        assert!(setting.contains("`alerts.allow_hosts`"), "{setting}");
        assert_eq!(of(&[]), text(Code::BadBody).1);
    }

    #[test]
    fn what_is_wrong_with_a_parameter_is_said_as_it_is() {
        let members =
            [("parameter".to_owned(), "q".into()), ("most".to_owned(), 5.into())].into_iter().collect();
        let of = |fault| detail(Code::BadParameter, Some(fault), &members);
        for (fault, said) in [
            (Fault::Missing, "빠졌습니다"),
            (Fault::Repeated, "한 번만"),
            (Fault::Empty, "비어"),
            (Fault::NotUtf8, "UTF-8"),
            (Fault::TooMany, "5개까지"),
            (Fault::TooLong, "5자까지"),
            (Fault::BesideCursor, "`cursor`"),
        ] {
            let detail = of(fault);
            assert!(
                detail.starts_with("조건 `q`") && detail.contains(said) && detail.ends_with('.'),
                "{detail}"
            );
        }
    }

    #[test]
    fn every_code_speaks_korean() {
        for code in Code::ALL {
            for name in [None, Some("from"), Some("outlet"), Some("whatever")] {
                let members: Map<String, Value> =
                    name.into_iter().map(|name| ("parameter".to_owned(), name.into())).collect();
                let detail = detail(code, None, &members);
                assert!(title(code).contains(is_hangul) && detail.contains(is_hangul), "{code:?}: {detail}");
                // A sentence for readers: it ends like one, and names the parameter where that is what is wrong.
                assert!(detail.ends_with('.'), "{code:?}: {detail}");
                if let (Code::BadParameter | Code::UnknownParameter, Some(name)) = (code, name) {
                    assert!(detail.contains(name), "{code:?}: {detail}");
                }
            }
        }
    }
}
