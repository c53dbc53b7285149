//! Measuring what is recognised in articles with judged names: people, places and organisations, each once an article.
//!
//! A file says where names stand, not what they are: ids and offsets can be kept beside the program, articles of other people cannot. A found
//! entity is right where its name, or one of its mentions as it stands in the article, is a judged name of the same kind. Names compare
//! without blanks, places also without 시, 군, 도 and their like at the end. Optional names are neither asked for nor wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::EvaluateError;
use crate::article::Article;
use crate::entities::{Entities, EntityKind, Part, Recogniser};
use crate::search::context::{SearchContext, article};

/// The kinds that are judged.
const JUDGED: [EntityKind; 3] = [EntityKind::Person, EntityKind::Place, EntityKind::Organisation];

/// A judged name: where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedName {
    /// What it is.
    pub kind: EntityKind,
    /// The part of the article that the offsets count in.
    pub part: Part,
    /// UTF-16 code units before it.
    pub start: usize,
    /// UTF-16 code units before what follows it.
    pub end: usize,
}

/// An article with its judged names: a line of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgedArticle {
    /// The article.
    pub id: String,
    /// Each name once.
    pub entities: Vec<JudgedName>,
    /// Names that are neither asked for nor wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub optional: Vec<JudgedName>,
}

/// Names of an article as people write them down.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenNames {
    #[serde(default)]
    person: Vec<String>,
    #[serde(default)]
    place: Vec<String>,
    #[serde(default)]
    organisation: Vec<String>,
}

/// A line of a file of written names.
#[derive(Debug, Clone, Deserialize)]
struct WrittenArticle {
    id: String,
    #[serde(default)]
    person: Vec<String>,
    #[serde(default)]
    place: Vec<String>,
    #[serde(default)]
    organisation: Vec<String>,
    #[serde(default)]
    optional: WrittenNames,
}

/// Figures of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EntityFigures {
    /// Judged names.
    pub asked: usize,
    /// Judged names that were found.
    pub found: usize,
    /// Entities that are judged names.
    pub right: usize,
    /// Entities that are none.
    pub wrong: usize,
}

impl EntityFigures {
    /// The share of what was found that is right; optional names apart.
    pub fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong).max(1) as f64
    }

    /// The share of the judged names that was found.
    pub fn recall(&self) -> f64 {
        self.found as f64 / self.asked.max(1) as f64
    }
}

/// A name that was missed, or found and wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityMiss {
    /// The article.
    pub id: String,
    /// Of which kind.
    pub kind: EntityKind,
    /// Whether it was found and is wrong; otherwise it was missed.
    pub wrong: bool,
    /// The name.
    pub name: String,
}

/// Figures over all articles of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntityReport {
    /// Articles that were measured.
    pub articles: usize,
    /// By kind.
    pub figures: BTreeMap<EntityKind, EntityFigures>,
    /// What was missed or wrong, in the order of the file.
    pub misses: Vec<EntityMiss>,
}

impl fmt::Display for EntityReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "articles        {}", self.articles)?;
        write!(f, "kind            found   asked   wrong   precision   recall")?;
        for (kind, figures) in &self.figures {
            let EntityFigures { asked, found, wrong, .. } = figures;
            let (precision, recall) = (figures.precision(), figures.recall());
            write!(f, "\n{:<14}{found:>7}{asked:>8}{wrong:>8}{precision:>12.4}{recall:>9.4}", kind.as_str())?;
        }
        Ok(())
    }
}

impl EntityReport {
    /// What was missed or wrong, a line each: `missed` or `wrong`, kind, id and name, with tabs between them.
    pub fn misses(&self) -> String {
        let lines = self.misses.iter().map(|miss| {
            let what = if miss.wrong { "wrong" } else { "missed" };
            format!("{what}\t{}\t{}\t{}\n", miss.kind.as_str(), miss.id, miss.name)
        });
        lines.collect()
    }
}

/// Recognises the articles of the judged file `path`, and compares.
///
/// # Errors
/// [`EvaluateError::Io`], [`EvaluateError::EntityLine`] where a line is not a judged article, its article is not in the index, or an offset is
/// not in its text, [`EvaluateError::Empty`], or [`EvaluateError::Article`].
pub fn entities(context: &SearchContext<'_>, path: &Path) -> Result<EntityReport, EvaluateError> {
    let mut report = EntityReport::default();
    let mut recogniser = Recogniser::new(context.language);
    for kind in JUDGED {
        report.figures.insert(kind, EntityFigures::default());
    }
    each_line(path, |line, text| {
        let judged: JudgedArticle =
            serde_json::from_str(text).map_err(|error| line.wrong(error.to_string()))?;
        let article = line.article(context, &judged.id)?;
        let names = |judged: &[JudgedName]| -> Result<Vec<(EntityKind, String)>, EvaluateError> {
            let name = |name: &JudgedName| {
                let text = text_at(&article, name).ok_or_else(|| {
                    line.wrong(format!("{} to {} is not in the article", name.start, name.end))
                })?;
                Ok((name.kind, text.to_owned()))
            };
            judged.iter().map(name).collect()
        };
        let (asked, optional) = (names(&judged.entities)?, names(&judged.optional)?);
        compare(&judged.id, &article, &recogniser.entities(&article), &asked, &optional, &mut report);
        Ok(())
    })?;
    if report.articles == 0 {
        return Err(EvaluateError::Empty { path: path.to_owned() });
    }
    Ok(report)
}

/// Turns a file of written names, a line `{"id": …, "person": [names], "place": […], "organisation": […], "optional": {"person": […], …}}`,
/// into lines for [`entities`]: where each name first stands.
///
/// # Errors
/// Those of [`entities`]; a name that does not stand in its article is one of a line.
pub fn judged_from_names(context: &SearchContext<'_>, path: &Path) -> Result<String, EvaluateError> {
    let mut lines = String::new();
    each_line(path, |line, text| {
        let written: WrittenArticle =
            serde_json::from_str(text).map_err(|error| line.wrong(error.to_string()))?;
        let article = line.article(context, &written.id)?;
        let places = |names: &WrittenNames| -> Result<Vec<JudgedName>, EvaluateError> {
            let kinds = [&names.person, &names.place, &names.organisation];
            let named = JUDGED
                .into_iter()
                .zip(kinds)
                .flat_map(|(kind, names)| names.iter().map(move |name| (kind, name)));
            named
                .map(|(kind, name)| {
                    first_place(&article, kind, name)
                        .ok_or_else(|| line.wrong(format!("`{name}` is not in the article {:?}", written.id)))
                })
                .collect()
        };
        let asked = WrittenNames {
            person: written.person.clone(),
            place: written.place.clone(),
            organisation: written.organisation.clone(),
        };
        let judged = JudgedArticle {
            id: written.id.clone(),
            entities: places(&asked)?,
            optional: places(&written.optional)?,
        };
        let judged = serde_json::to_string(&judged).map_err(|error| line.wrong(error.to_string()))?;
        lines.push_str(&judged);
        lines.push('\n');
        Ok(())
    })?;
    Ok(lines)
}

/// A line of a file.
pub(super) struct Line<'p> {
    path: &'p Path,
    number: usize,
}

impl Line<'_> {
    /// That something is wrong in it.
    pub(super) fn wrong(&self, reason: String) -> EvaluateError {
        EvaluateError::EntityLine { path: self.path.to_owned(), line: self.number, reason }
    }

    /// The article that it is about.
    pub(super) fn article(&self, context: &SearchContext<'_>, id: &str) -> Result<Article, EvaluateError> {
        let found =
            article(context, id).map_err(|source| EvaluateError::Article { id: id.to_owned(), source })?;
        found.ok_or_else(|| self.wrong(format!("there is no article {id:?} in this index")))
    }
}

/// Takes the lines of a file that are not blank.
pub(super) fn each_line(
    path: &Path,
    mut take: impl FnMut(&Line<'_>, &str) -> Result<(), EvaluateError>,
) -> Result<(), EvaluateError> {
    let io = |source| EvaluateError::Io { path: PathBuf::from(path), source };
    let text = std::fs::read_to_string(path).map_err(io)?;
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        take(&Line { path, number: index + 1 }, line)?;
    }
    Ok(())
}

pub(super) fn part(article: &Article, part: Part) -> &str {
    match part {
        Part::Title => &article.title,
        Part::Body => &article.body,
    }
}

/// The text of a judged name; `None` where its offsets are not in the article.
fn text_at<'a>(article: &'a Article, name: &JudgedName) -> Option<&'a str> {
    let text = part(article, name.part);
    text.get(bytes(text, name.start, name.end)?)
}

/// UTF-16 offsets as bytes; `None` where nothing is between them, or a character is cut.
pub(super) fn bytes(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let mut units = 0;
    let mut begin = None;
    for (at, ch) in text.char_indices().chain([(text.len(), ' ')]) {
        if units == start {
            begin = begin.or(Some(at));
        }
        if units == end {
            return Some(begin?..at).filter(|range| !range.is_empty());
        }
        units += ch.len_utf16();
    }
    None
}

/// A byte of a text as UTF-16 offset.
pub(super) fn units(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().encode_utf16().count()
}

/// Where `name` first stands in `article`, exactly as it is written.
fn first_place(article: &Article, kind: EntityKind, name: &str) -> Option<JudgedName> {
    [Part::Title, Part::Body].into_iter().filter(|_| !name.is_empty()).find_map(|place| {
        let text = part(article, place);
        let start = text.find(name)?;
        let end = start + name.len();
        Some(JudgedName { kind, part: place, start: units(text, start), end: units(text, end) })
    })
}

fn compare(
    id: &str,
    article: &Article,
    found: &Entities,
    asked: &[(EntityKind, String)],
    optional: &[(EntityKind, String)],
    report: &mut EntityReport,
) {
    report.articles += 1;
    let mut written: Vec<Vec<String>> =
        found.entities.iter().map(|entity| vec![comparable(entity.kind, &entity.name)]).collect();
    for mention in &found.mentions {
        let text = part(article, mention.part).get(mention.range.clone()).unwrap_or_default();
        if let (Some(names), Some(entity)) =
            (written.get_mut(mention.entity), found.entities.get(mention.entity))
        {
            names.push(comparable(entity.kind, text));
        }
    }
    let same = |names: &[String], kind: EntityKind, judged: &(EntityKind, String)| {
        judged.0 == kind && names.contains(&comparable(kind, &judged.1))
    };
    for (kind, figures) in &mut report.figures {
        let of_kind = || found.entities.iter().zip(&written).filter(|(entity, _)| entity.kind == *kind);
        for judged in asked.iter().filter(|judged| judged.0 == *kind) {
            figures.asked += 1;
            if of_kind().any(|(_, names)| same(names, *kind, judged)) {
                figures.found += 1;
            } else {
                let name = judged.1.clone();
                report.misses.push(EntityMiss { id: id.to_owned(), kind: *kind, wrong: false, name });
            }
        }
        for (entity, names) in of_kind() {
            if asked.iter().any(|judged| same(names, *kind, judged)) {
                figures.right += 1;
            } else if !optional.iter().any(|judged| same(names, *kind, judged)) {
                figures.wrong += 1;
                let name = entity.name.clone();
                report.misses.push(EntityMiss { id: id.to_owned(), kind: *kind, wrong: true, name });
            }
        }
    }
}

/// What a place may end with or not.
const PLACE_ENDS: [&str; 9] =
    ["특별자치시", "특별자치도", "특별시", "광역시", "특례시", "시", "군", "구", "도"];

/// A name as it is compared: without blanks, and a place without what it may end with.
fn comparable(kind: EntityKind, name: &str) -> String {
    let name: String = name.chars().filter(|ch| !ch.is_whitespace()).collect();
    if kind == EntityKind::Place {
        let short = PLACE_ENDS.iter().find_map(|end| name.strip_suffix(end));
        if let Some(short) = short.filter(|short| short.chars().nth(1).is_some()) {
            return short.to_owned();
        }
    }
    name
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_without_blanks_and_places_without_their_end() {
        assert_eq!(comparable(EntityKind::Person, "도널드 트럼프"), "도널드트럼프");
        assert_eq!(comparable(EntityKind::Place, "한내특별자치도"), comparable(EntityKind::Place, "한내"));
        assert_eq!(comparable(EntityKind::Place, "대구"), "대구");
        assert_eq!(comparable(EntityKind::Organisation, "한내시"), "한내시");
    }

    #[test]
    fn offsets_count_utf16_units() {
        let article: Article =
            serde_json::from_str(r#"{"id": "a", "title": "😀 김하늘", "body": "이바다"}"#).unwrap();
        let name = first_place(&article, EntityKind::Person, "김하늘").unwrap();
        assert_eq!((name.part, name.start, name.end), (Part::Title, 3, 6));
        assert_eq!(text_at(&article, &name), Some("김하늘"));
        let inside = JudgedName { start: 1, ..name.clone() };
        assert_eq!(text_at(&article, &inside), None, "in the middle of a character");
        assert_eq!(text_at(&article, &JudgedName { end: 60, ..name }), None);
    }
}
