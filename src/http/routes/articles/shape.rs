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
        let names = ArrayBuilder::new().items(or_null(Type::String));
        let reporters = AnyOfBuilder::new()
            .item(or_null(Type::String).description(Some("`이름, 이름 기자`")))
            .item(names);
        let id = AnyOfBuilder::new()
            .item(article_id())
            .item(of(SchemaType::from_iter([Type::Number, Type::Null])))
            .description(Some("Not needed: the id is in the address. If there is one, it must be the same."));
        let date = SchemaType::from_iter([Type::String, Type::Number, Type::Null]);
        let fields = of(Type::Object)
            .property("id", id)
            .property("title", or_null(Type::String).description(Some("This or `body` must hold text.")))
            .property("body", or_null(Type::String))
            .property("outlet", or_null(Type::String))
            .property("reporters", reporters)
            .property("section", or_null(Type::String))
            .property("published_at", of(date).description(Some("RFC 3339, or any usual form of a date.")))
            .property("url", or_null(Type::String))
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
             `reporter`, `category`, `date` or `pubDate`.",
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
