//! The columns of an export: their names for programs and for people, and what an article has in each.

use std::borrow::Cow;

use crate::article::{Article, Timestamp};
use crate::http::request::{Choice, List};

/// Characters of the beginning of a body, about three sentences.
const LEAD: usize = 200;
/// A sentence that ends earlier than this is too little of a beginning.
const SHORTEST_LEAD: usize = 40;

/// Who reads an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Programs: English names, RFC 3339.
    Program,
    /// People with a spreadsheet: Korean names, times that it takes for times.
    Spreadsheet,
}

/// Which columns.
pub(super) const COLUMNS: List<Column> = List {
    name: "columns",
    meaning: "Columns, in this order; by default all except `body` and `lead`, or what a reader needs with `for=excel`.",
    choices: &Column::ALL,
    word: Column::name,
    skips_empty: false,
};

/// For whom a CSV is written.
pub(super) const FOR: Choice<Reader> = Choice {
    name: "for",
    meaning: "`excel`: Korean column names, and times like `2026-02-05 10:58:19` in Korean time, which spreadsheets \
              take for times. `data`: the names of the API, and RFC 3339.",
    choices: &[("data", Reader::Program), ("excel", Reader::Spreadsheet)],
    default: Some("data"),
};

/// For whom a workbook is written.
pub(super) const FOR_WORKBOOK: Choice<Reader> = Choice { default: Some("excel"), ..FOR };

/// A column, named as in the file's first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    PublishedAt,
    Outlet,
    Reporters,
    Section,
    Title,
    Url,
    Body,
    Lead,
}

impl Column {
    pub(super) const ALL: [Self; 9] = [
        Self::Id,
        Self::PublishedAt,
        Self::Outlet,
        Self::Reporters,
        Self::Section,
        Self::Title,
        Self::Url,
        Self::Body,
        Self::Lead,
    ];

    /// The columns of an export that asks for none.
    pub(super) fn usual(reader: Reader) -> Vec<Self> {
        match reader {
            Reader::Program => Self::ALL.into_iter().filter(|column| !column.is_text_of_body()).collect(),
            Reader::Spreadsheet => vec![
                Self::PublishedAt,
                Self::Outlet,
                Self::Reporters,
                Self::Section,
                Self::Title,
                Self::Lead,
                Self::Url,
            ],
        }
    }

    fn is_text_of_body(self) -> bool {
        matches!(self, Self::Body | Self::Lead)
    }

    /// As programs call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::PublishedAt => "published_at",
            Self::Outlet => "outlet",
            Self::Reporters => "reporters",
            Self::Section => "section",
            Self::Title => "title",
            Self::Url => "url",
            Self::Body => "body",
            Self::Lead => "lead",
        }
    }

    /// Its head in the file.
    pub(super) fn head(self, reader: Reader) -> &'static str {
        if reader == Reader::Program {
            return self.name();
        }
        match self {
            Self::Id => "기사 번호",
            Self::PublishedAt => "게재 일시",
            Self::Outlet => "언론사",
            Self::Reporters => "기자",
            Self::Section => "섹션",
            Self::Title => "제목",
            Self::Url => "기사 주소",
            Self::Body => "본문",
            Self::Lead => "본문 첫머리",
        }
    }

    /// What an article has in it.
    pub(super) fn of(self, article: &Article, reader: Reader) -> Cow<'_, str> {
        let optional = |text: &'_ Option<String>| Cow::Owned(text.clone().unwrap_or_default());
        match self {
            Self::Id => article.id.as_str().into(),
            Self::PublishedAt => match (article.published_at, reader) {
                (None, _) => "".into(),
                (Some(time), Reader::Program) => time.to_string().into(),
                (Some(time), Reader::Spreadsheet) => local(time).into(),
            },
            Self::Outlet => optional(&article.outlet),
            Self::Reporters => article.reporters.join("; ").into(),
            Self::Section => optional(&article.section),
            Self::Title => article.title.as_str().into(),
            Self::Url => optional(&article.url),
            Self::Body => article.body.as_str().into(),
            Self::Lead => lead(&article.body).into(),
        }
    }
}

/// A time as Korean clocks and spreadsheets write it: `2026-02-05 10:58:19`.
pub(super) fn local(time: Timestamp) -> String {
    // RFC 3339 in Korean time, without the offset.
    time.to_string().chars().take(19).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// The first sentences of a body in one line, as many as fit; the first characters with `…` where not one does.
fn lead(body: &str) -> String {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    let beginning: Vec<char> = line.chars().take(LEAD).collect();
    if beginning.len() == line.chars().count() {
        return line;
    }
    let ends_sentence = |at: &usize| {
        let at = *at;
        beginning.get(at).is_some_and(|c| matches!(c, '.' | '?' | '!'))
            && beginning.get(at + 1).is_some_and(|next| *next == ' ')
    };
    match (SHORTEST_LEAD..beginning.len()).rev().find(ends_sentence) {
        Some(end) => beginning.into_iter().take(end + 1).collect(),
        None => beginning.into_iter().chain(['…']).collect(),
    }
}

/// Text without the control characters that no cell can show, except the line break; a tab becomes a space.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| !c.is_control() || c == '\n';
    if text.chars().all(harmless) {
        return text.into();
    }
    let shown = |c: char| if c == '\t' { Some(' ') } else { harmless(c).then_some(c) };
    text.chars().filter_map(shown).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_ends_with_a_sentence_where_one_fits() {
        assert_eq!(lead("짧은\n 본문이다."), "짧은 본문이다.");
        let sentence = "가".repeat(60) + "다.";
        let long = format!("{sentence} {sentence} {sentence} {sentence}");
        assert_eq!(lead(&long), format!("{sentence} {sentence} {sentence}"));
        let endless = "가".repeat(300);
        assert_eq!(lead(&endless), "가".repeat(LEAD) + "…");
        // 3.5 is not the end of a sentence.
        assert_eq!(lead(&format!("{}3.5{}", "가".repeat(100), "나".repeat(200))).chars().count(), LEAD + 1);
    }

    #[test]
    fn times_are_korean_and_without_offset() {
        assert_eq!(local(Timestamp::from_seconds(1_770_256_699)), "2026-02-05 10:58:19");
    }
}
