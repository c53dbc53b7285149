//! The placeholders of a page, in double braces: `{{검색|Search}}`, a phrase in both languages together, so that neither is
//! forgotten; `{{@app.js}}`, the address of a style, script or picture; `{{@lang}}`, the language's tag; `{{@here}}`, the page's own
//! address; `{{@notice}}`, what went wrong, on the sign-in page. `{{@head}}` and `{{@top}}` are put in before, by `pages/mod.rs`,
//! for they are themselves pieces of a page with placeholders.

use crate::http::language::Language;

/// The page in one language; an unknown placeholder is the error.
pub(super) fn fill(
    page: &str,
    language: Language,
    link: &dyn Fn(&str) -> Option<String>,
) -> Result<String, String> {
    let mut pieces = page.split("{{");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (inside, after) = piece.split_once("}}").ok_or_else(|| piece.to_owned())?;
        let phrase = match inside.strip_prefix('@') {
            Some("lang") => Some(language.tag().to_owned()),
            Some(name) => link(name),
            None => inside.split_once('|').map(|(korean, english)| {
                if language == Language::Korean { korean.to_owned() } else { english.to_owned() }
            }),
        };
        filled.push_str(&phrase.ok_or_else(|| inside.to_owned())?);
        filled.push_str(after);
    }
    Ok(filled)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn braces_hold_both_languages_and_addresses() {
        let link = |name: &str| (name == "app.js").then(|| "./app.1.js".to_owned());
        let page = "<html lang=\"{{@lang}}\"><b>{{검색|Search}}</b><script src=\"{{@app.js}}\">";
        let filled = |language| fill(page, language, &link).unwrap();
        assert_eq!(filled(Language::Korean), "<html lang=\"ko\"><b>검색</b><script src=\"./app.1.js\">");
        assert!(filled(Language::English).contains("<b>Search</b>"));
        for (broken, said) in [("{{@b.js}}", "@b.js"), ("{{alone}}", "alone"), ("{{open", "open")] {
            assert_eq!(fill(broken, Language::Korean, &link).unwrap_err(), said);
        }
    }
}
