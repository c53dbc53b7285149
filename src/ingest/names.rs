//! The names under which the world keeps an article's fields, in Korean and English.
//!
//! Names are compared without case, spaces, `_`, `-` and `.`: `Published-At`, `published_at` and `기사 제목` need no entry each. Of
//! several names of one field the first in the list that holds something counts, so that the order here is a decision: names that
//! other schemas use for other things (`text`, `description`, `data`) come last.

use std::fmt;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// A field of an article, as reports name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What names the article.
    Id,
    /// The headline.
    Title,
    /// The story.
    Body,
    /// The outlet.
    Outlet,
    /// Who wrote it.
    Reporters,
    /// The section.
    Section,
    /// When it was published.
    PublishedAt,
    /// Its address.
    Url,
}

impl Field {
    /// All fields, in the order of a report.
    pub const ALL: [Self; 8] = [
        Self::Id,
        Self::Title,
        Self::Body,
        Self::Outlet,
        Self::Reporters,
        Self::Section,
        Self::PublishedAt,
        Self::Url,
    ];

    /// The field as it is written in an article: `published_at`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Title => "title",
            Self::Body => "body",
            Self::Outlet => "outlet",
            Self::Reporters => "reporters",
            Self::Section => "section",
            Self::PublishedAt => "published_at",
            Self::Url => "url",
        }
    }

    /// The names of the field, the first ones first, folded.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES
            .iter()
            .filter(move |(field, _)| *field == Some(self))
            .flat_map(|(_, names)| names.split_ascii_whitespace())
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is known: of a field, or of the time of day beside a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    /// `None` is the time of day.
    pub(super) field: Option<Field>,
    /// Its place among the names of the field, from 0.
    pub(super) rank: u8,
    /// Whether what it holds is an extract or a summary of the story.
    pub(super) extract: bool,
    /// Whether it is an id that a program counts up: one within its outlet only, which an address beside it is everywhere.
    pub(super) counted: bool,
}

/// The lists, each in the order in which names count. The first ones are those that gisa itself writes.
const NAMES: &[(Option<Field>, &str)] = &[
    (
        Some(Field::Id),
        "id newsid 뉴스식별자 기사식별자 기사id articleid artid artclid docid contentid guid objectid wrid postid uri _id",
    ),
    (
        Some(Field::Title),
        "title headline subject 제목 기사제목 뉴스제목 헤드라인 newstitle arttitle artheadline articletitle posttitle \
         wrsubject artcltitl doctitle contenttitle hl1 tit1 기사명 titlerendered",
    ),
    (
        Some(Field::Body),
        "body content text contents 본문 내용 기사내용 기사본문 본문전문 뉴스본문 전문 articlebody articlecontent bodytext \
         newscontent artcontent postbody postcontent wrcontent artclctt contentencoded bodyhtml bodyxhtml html document article \
         articleoriginal paragraphs paragraph context 기사전문 본문내용 fulltext newsbody articletext maintext contenthtml contenttext \
         contentrendered 뉴스내용 newstext story passage 기사원문 원문",
    ),
    (
        Some(Field::Outlet),
        "outlet press source publisher provider media medianame 언론사 언론사명 매체 매체명 매체이름 신문사 보도국 방송사 \
         providername pressname artprovider docsource infosource newspaper company 출처 발행처 publishername publishernm sourcename sourcetitle \
         newsagency newssource newsoutlet newscompany presscompany pressnm medianm mediacompany mediaoutlet providernm officename oname cpname \
         cpnm broadcaster sitename ogsitename 언론매체 언론 매체사 보도매체 보도언론 제공사 제공처 제공언론사 제공매체 뉴스제공자 게재지 \
         게재매체 발행사 발행기관 언론사이름 신문명 방송사명",
    ),
    (
        Some(Field::Reporters),
        "reporters reporter author authors byline writer journalist 기자 기자명 기고자 작성자 글쓴이 creator dccreator rptrnm \
         wrname reportername authorname 바이라인 기자이름",
    ),
    (
        Some(Field::Section),
        "section category categories 카테고리 분류 섹션 통합분류1 통합분류 분야 topic newscategory predefinednewscategory dccategory \
         categoryonedepth caname articlesection sect 카테고리명 섹션명 categoryname sectionname dcsubject",
    ),
    (
        Some(Field::PublishedAt),
        "publishedat date pubdate published datepublished dateline datetime 일자 날짜 일시 작성일 작성일시 작성일자 입력일 \
         입력일시 입력시간 작성시간 송고시각 송고일시 기사일자 기사일시 게시일 게시일시 등록일 등록일시 등록일자 발행일 발행일자 발행일시 발행시간 보도일자 timestamp regdate \
         writedate publishdate publishdatetime publicationdate postdate wrdatetime inputdtm senddate docpublished createdat \
         firstcreated versioncreated 뉴스날짜 뉴스일자 기사날짜 newsdate publisheddate 입력시각 등록시각 작성시각 발행시각 최초입력 dcdate wppostdate regdt publishtime pubtime publishedtime datepublish articledate",
    ),
    (
        Some(Field::Url),
        "url originallink originurl originalurl originalurls link 링크 주소 기사주소 기사링크 기사url articleurl newsurl \
         providerlinkpage naverurl permalink canonicalurl loc 원문링크 원문주소 linkurl urllink weburl pageurl webpageurl detailurl viewurl arturl \
         contenturl contentsurl docurl documenturl storyurl posturl shareurl articlelink newslink orglink orgurl orglinkurl sourceurl sourcelink \
         originlink originallinkurl href canonical canonicallink ogurl httpurl naverlink naverlinkurl daumurl 뉴스링크 뉴스주소 뉴스url \
         원문url 원본링크 원본주소 원본url 네이버링크 네이버url 기사원문링크 기사원문url 링크주소 링크url 웹주소 인터넷주소 출처링크 출처url 바로가기",
    ),
    (None, "time 시각 시간 sendtime"),
];

/// Names of an id that is counted up, within an outlet or a system: they count after all others, and where no address names the article. Not
/// `aid` and `cid`: portals count these for each outlet or section, and articles of different ones would replace each other.
const COUNTED: &str = "articleno articlenumber articlenum articleidx articleseq articlekey articlecode artno artseq artkey newsno newsnumber newsnum \
     newsidx newsseq newskey newscode newsitemid contid contno contentno contentsid contentsno contentkey contentskey arcid arcno documentid \
     documentno docno docnumber docseq storyid storyno postno idxno uuid identifier dcidentifier 기사번호 기사고유번호 기사코드 기사키 \
     기사일련번호 뉴스번호 뉴스id 뉴스코드 콘텐츠id 콘텐츠번호 콘텐츠식별자 문서번호 문서id 게시물번호 게시글번호";

/// Names of the body that hold a part of it only; they come after all others.
const EXTRACTS: &str = "description desc summary abstract 요약 요약문 리드 lead excerpt excerptencoded";

static KNOWN: LazyLock<FxHashMap<&'static str, Known>> = LazyLock::new(|| {
    let mut known = FxHashMap::default();
    for (field, names) in NAMES {
        for (rank, name) in (0..).zip(names.split_ascii_whitespace()) {
            known.insert(name, Known { field: *field, rank, extract: false, counted: false });
        }
    }
    for (rank, name) in (100..).zip(COUNTED.split_ascii_whitespace()) {
        known.insert(name, Known { field: Some(Field::Id), rank, extract: false, counted: true });
    }
    for (rank, name) in (200..).zip(EXTRACTS.split_ascii_whitespace()) {
        known.insert(name, Known { field: Some(Field::Body), rank, extract: true, counted: false });
    }
    known
});

/// What `key` is the name of.
pub(super) fn known(key: &str) -> Option<Known> {
    KNOWN.get(fold(key).as_str()).copied()
}

/// The field that `key` is a name of.
pub(super) fn field_of(key: &str) -> Option<Field> {
    known(key).and_then(|known| known.field)
}

/// The form in which names are compared.
pub(super) fn fold(key: &str) -> String {
    // `_id` keeps its mark: Elasticsearch and MongoDB keep their own id there, beside an `id` of the article.
    if key == "_id" {
        return key.to_owned();
    }
    let skipped = |c: &char| {
        !(c.is_whitespace() || matches!(c, '_' | '-' | '.' | ':' | '\u{FEFF}' | '\u{200B}' | '"' | '\''))
    };
    if key.is_ascii() {
        return key.chars().filter(skipped).map(|c| c.to_ascii_lowercase()).collect();
    }
    key.nfkc().filter(skipped).flat_map(char::to_lowercase).collect()
}

/// Some names of title and body, for people whose keys are not known.
pub(super) fn advice() -> String {
    let list = |field: Field| field.names().take(8).collect::<Vec<_>>().join(", ");
    format!("a title is looked for in {}, …; a story in {}, …", list(Field::Title), list(Field::Body))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_blanks_and_marks() {
        for (key, field) in [
            ("Published-At", Field::PublishedAt),
            ("기사 제목", Field::Title),
            ("통합 분류1", Field::Section),
            ("News_ID", Field::Id),
            ("\u{FEFF}제목", Field::Title),
            // As a Mac writes it, in single jamo.
            ("\u{110C}\u{1166}\u{1106}\u{1169}\u{11A8}", Field::Title),
            ("ｔｉｔｌｅ", Field::Title),
        ] {
            assert_eq!(known(key).unwrap().field, Some(field), "{key}");
        }
        for (field, keys) in [
            (
                Field::Id,
                "articleId art_id newsId news_id contid arcid doc_id docid guid article-no 기사번호 idxno UUID",
            ),
            (
                Field::Url,
                "permalink canonical_url originallink link_url 원문URL 링크주소 pageUrl articleLink og:url",
            ),
            (
                Field::Outlet,
                "press pressName media_name mediaName publisher.name 언론사 매체명 신문사 provider 출처 언론매체 cpName officeName",
            ),
        ] {
            for key in keys.split(' ') {
                assert_eq!(known(key).unwrap().field, Some(field), "{key}");
            }
        }
        assert_eq!((known("aid"), known("cid")), (None, None));
        assert_eq!(known("키워드"), None);
        assert!(known("Description").unwrap().extract);
    }

    #[test]
    fn no_name_means_two_things() {
        let mut seen = std::collections::HashSet::new();
        let lists = NAMES.iter().map(|(_, names)| *names).chain([EXTRACTS, COUNTED]);
        for name in lists.flat_map(str::split_ascii_whitespace) {
            assert!(seen.insert(name), "{name} is listed twice");
            assert_eq!(fold(name), name, "{name} is not folded");
        }
    }
}
