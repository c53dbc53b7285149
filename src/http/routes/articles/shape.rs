//! An article as the OpenAPI document describes it: as it may be written, and as it is read. Both are told by hand, because what
//! is accepted is wider than any type (`crate::ingest`), and what is returned may have fields of its own.

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, AllOfBuilder, AnyOfBuilder, ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type,
};
use utoipa::{PartialSchema, ToSchema};

use crate::http::request::article_id;

/// An article as it is stored.
pub(in crate::http) struct StoredArticle;

/// An article as it may be written.
pub(in crate::http) struct WrittenArticle;

impl PartialSchema for StoredArticle {
    fn schema() -> RefOr<Schema> {
        let names = ArrayBuilder::new().items(of(Type::String));
        let mut article = of(Type::Object)
            .description(Some("An article, with any other field that it was sent with."))
            .property("id", article_id())
            .property("title", of(Type::String).description(Some("May be empty if the body is not.")))
            .property(
                "body",
                of(Type::String).description(Some("Paragraphs, with a line break between them.")),
            )
            .property("outlet", or_null(Type::String))
            .property("reporters", names)
            .property("section", or_null(Type::String))
            .property("published_at", or_null(Type::String).description(Some("RFC 3339, in Korean time.")))
            .property("url", or_null(Type::String));
        for field in ["id", "title", "body", "outlet", "reporters", "section", "published_at", "url"] {
            article = article.required(field);
        }
        article.additional_properties(Some(AdditionalProperties::FreeForm(true))).into()
    }
}

impl ToSchema for StoredArticle {}

impl PartialSchema for WrittenArticle {
    fn schema() -> RefOr<Schema> {
        // What cannot be read costs the field, and not the article.
        let minor = |meaning: &'static str| of(SchemaType::AnyValue).description(Some(meaning));
        let id = AnyOfBuilder::new()
            .item(article_id())
            .item(of(SchemaType::from_iter([Type::Number, Type::Null])))
            .description(Some("Not needed: the id is in the address. If there is one, it must be the same."));
        let fields = of(Type::Object)
            .property("id", id)
            .property("title", or_null(Type::String).description(Some("This or `body` must hold text.")))
            .property("body", or_null(Type::String))
            .property("outlet", minor("Text, or an object with `name`."))
            .property("reporters", minor("`이름, 이름 기자`, or a list of names."))
            .property("section", minor("Text, or a list of which the first counts."))
            .property("published_at", minor("RFC 3339, or any usual form of a date."))
            .property("url", minor("Text."))
            .additional_properties(Some(AdditionalProperties::FreeForm(true)));
        // Text that cleaning leaves something of.
        let text = |name: &'static str| {
            of(Type::Object).property(name, of(Type::String).pattern(Some("[가-힣A-Za-z0-9]"))).required(name)
        };
        let some_text =
            ["title", "body"].into_iter().fold(AnyOfBuilder::new(), |any, name| any.item(text(name)));
        let article = AllOfBuilder::new().item(fields).item(some_text).description(Some(
            "An article: title or body, and optionally outlet, reporters, section, published_at, url, or any other field. \
             Other names of the fields are accepted too: `content` or `text` for a missing body, `press` or `source`, \
             `reporter`, `category`, `date` or `pubDate`. What cannot be read as outlet, reporters, section, date or url costs that field, and \
             not the article.",
        ));
        Schema::AllOf(article.build()).into()
    }
}

impl ToSchema for WrittenArticle {}

fn of(kind: impl Into<SchemaType>) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(kind)
}

fn or_null(kind: Type) -> ObjectBuilder {
    of(SchemaType::from_iter([kind, Type::Null]))
}

/// The id of an article in an address.
pub(in crate::http) struct IdInPath;

impl PartialSchema for IdInPath {
    fn schema() -> RefOr<Schema> {
        article_id().into()
    }
}

impl ToSchema for IdInPath {}
