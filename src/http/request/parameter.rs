//! What a query parameter is: its name, the values it takes, and its meaning. Both the checking of requests
//! ([`super::Params`]) and the OpenAPI document are made from these values, so that they cannot differ.

use std::borrow::Cow;

use serde_json::Value;
use utoipa::openapi::path::{self, ParameterBuilder, ParameterIn, ParameterStyle};
use utoipa::openapi::schema::{
    AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::{RefOr, Required};

use crate::article::MAX_ID_CHARS;

/// A query parameter, whatever its kind.
pub(in crate::http) trait Parameter: Sync {
    /// Its name in the address.
    fn name(&self) -> &'static str;
    /// Its meaning, for the documentation. Bounds, choices and the default are in the schema.
    fn meaning(&self) -> Cow<'static, str>;
    /// The values it takes.
    fn schema(&self) -> Schema;

    /// Whether a request without it is refused.
    fn is_required(&self) -> bool {
        false
    }

    /// Whether several values are written as one, with commas between them.
    fn is_comma_separated(&self) -> bool {
        false
    }
}

/// Some text.
pub(in crate::http) struct Text {
    pub(in crate::http) name: &'static str,
    pub(in crate::http) meaning: &'static str,
    /// The most characters it may have, where the parameter itself has a limit.
    pub(in crate::http) longest: Option<usize>,
    /// Whether it must be there and not empty.
    pub(in crate::http) required: bool,
    /// How it is written.
    pub(in crate::http) form: Form,
}

/// How a text is written, as far as a schema can say it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Form {
    /// As anyone likes.
    Free,
    /// An article's id.
    ArticleId,
    /// A day, or RFC 3339.
    Moment,
    /// A cursor of this server.
    Cursor,
    /// The name of a text of an article.
    Version,
}

/// An article's id ([`crate::article::ArticleId`]) as a regular expression that JSON Schema knows: no control character, and not
/// only white space.
const ARTICLE_ID: &str = "^(?!\\.\\.?$)[^\\u0000-\\u001f\\u007f-\\u009f]*\
    [^\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]\
    [^\\u0000-\\u001f\\u007f-\\u009f]*$";
/// The letters of a cursor.
const CURSOR: &str = "^[A-Za-z0-9_-]+$";
/// How many letters the name of a text has.
pub(in crate::http) const VERSION_LETTERS: usize = 12;
/// The letters of a text's name.
const VERSION: &str = "^[0-9a-f]+$";
/// Anything but white space alone.
const FILLED: &str = "\\S";

/// The schema of an article's id.
pub(in crate::http) fn article_id() -> ObjectBuilder {
    object(Type::String).min_length(Some(1)).max_length(Some(MAX_ID_CHARS)).pattern(Some(ARTICLE_ID))
}

/// Text that may be given several times: any of the values.
pub(in crate::http) struct Texts {
    pub(in crate::http) name: &'static str,
    pub(in crate::http) meaning: &'static str,
    /// The most values.
    pub(in crate::http) most: usize,
    /// The most characters of one value.
    pub(in crate::http) longest: usize,
    /// Whether there must be a value.
    pub(in crate::http) required: bool,
}

/// A whole number.
pub(in crate::http) struct Number {
    pub(in crate::http) name: &'static str,
    pub(in crate::http) meaning: &'static str,
    /// The smallest number allowed.
    pub(in crate::http) least: usize,
    /// The largest number allowed, if there is one.
    pub(in crate::http) most: Option<usize>,
    /// The number where none is given.
    pub(in crate::http) default: usize,
}

/// `true` or `false`.
pub(in crate::http) struct Flag {
    pub(in crate::http) name: &'static str,
    pub(in crate::http) meaning: &'static str,
    /// The value where none is given.
    pub(in crate::http) default: bool,
}

/// One of a few words.
pub(in crate::http) struct Choice<T: 'static> {
    pub(in crate::http) name: &'static str,
    pub(in crate::http) meaning: &'static str,
    /// The words, and the value of each.
    pub(in crate::http) choices: &'static [(&'static str, T)],
    /// The word where none is given; `None` where that depends on other parameters.
    pub(in crate::http) default: Option<&'static str>,
}

/// Some of a few words, with commas between them.
pub(in crate::http) struct List<T: 'static> {
    pub(in crate::http) name: &'static str,
    pub(in crate::http) meaning: &'static str,
    /// All there are.
    pub(in crate::http) choices: &'static [T],
    /// The word for one of them.
    pub(in crate::http) word: fn(T) -> &'static str,
    /// Whether empty words are skipped; they are refused otherwise.
    pub(in crate::http) skips_empty: bool,
}

impl Parameter for Text {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> Cow<'static, str> {
        self.meaning.into()
    }

    fn schema(&self) -> Schema {
        let text = object(Type::String).max_length(self.longest);
        match self.form {
            Form::Free => text.min_length(self.required.then_some(1)).build().into(),
            Form::ArticleId => article_id().build().into(),
            Form::Version => text.min_length(self.longest).pattern(Some(VERSION)).build().into(),
            Form::Cursor => text.min_length(Some(1)).pattern(Some(CURSOR)).build().into(),
            Form::Moment => {
                let written = |format| object(Type::String).format(Some(SchemaFormat::KnownFormat(format)));
                let (day, time) = (written(KnownFormat::Date), written(KnownFormat::DateTime));
                Schema::AnyOf(AnyOfBuilder::new().item(day).item(time).build())
            }
        }
    }

    fn is_required(&self) -> bool {
        self.required
    }
}

impl Parameter for Texts {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> Cow<'static, str> {
        self.meaning.into()
    }

    fn schema(&self) -> Schema {
        let item =
            object(Type::String).min_length(Some(1)).max_length(Some(self.longest)).pattern(Some(FILLED));
        let least = self.required.then_some(1);
        ArrayBuilder::new().items(item).min_items(least).max_items(Some(self.most)).build().into()
    }

    fn is_required(&self) -> bool {
        self.required
    }
}

impl Number {
    /// A number from 1 to `most`.
    pub(in crate::http) const fn up_to(
        name: &'static str,
        meaning: &'static str,
        most: usize,
        default: usize,
    ) -> Self {
        Self { name, meaning, least: 1, most: Some(most), default }
    }
}

impl Parameter for Number {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> Cow<'static, str> {
        self.meaning.into()
    }

    fn schema(&self) -> Schema {
        let number = object(Type::Integer).minimum(Some(self.least)).maximum(self.most);
        number.default(Some(self.default.into())).build().into()
    }
}

impl Parameter for Flag {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> Cow<'static, str> {
        self.meaning.into()
    }

    fn schema(&self) -> Schema {
        object(Type::Boolean).default(Some(self.default.into())).build().into()
    }
}

impl<T: Sync> Parameter for Choice<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> Cow<'static, str> {
        self.meaning.into()
    }

    fn schema(&self) -> Schema {
        let words = self.choices.iter().map(|(word, _)| *word);
        object(Type::String).enum_values(Some(words)).default(self.default.map(Value::from)).build().into()
    }
}

impl<T: Copy + Sync> Parameter for List<T> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn meaning(&self) -> Cow<'static, str> {
        self.meaning.into()
    }

    fn schema(&self) -> Schema {
        let words = self.choices.iter().map(|choice| (self.word)(*choice));
        let least = (!self.skips_empty).then_some(1);
        ArrayBuilder::new()
            .items(object(Type::String).enum_values(Some(words)))
            .min_items(least)
            .build()
            .into()
    }

    fn is_comma_separated(&self) -> bool {
        true
    }
}

fn object(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(kind)
}

/// Parameters that several routes take together.
#[derive(Clone, Copy)]
pub(in crate::http) struct Group {
    parameters: &'static [&'static dyn Parameter],
    /// Whether they are checked but change nothing.
    ignored: bool,
}

impl Group {
    pub(in crate::http) const fn of(parameters: &'static [&'static dyn Parameter]) -> Self {
        Self { parameters, ignored: false }
    }

    /// The same where they change nothing. They are accepted, and still checked, so that the address of a search can be
    /// used for another route as it is.
    pub(in crate::http) const fn ignored(self) -> Self {
        Self { ignored: true, ..self }
    }

    /// The names, in the order of the documentation.
    pub(in crate::http) fn names(self) -> impl Iterator<Item = &'static str> {
        self.parameters.iter().map(|parameter| parameter.name())
    }

    /// The parameters themselves.
    pub(in crate::http) fn parameters(self) -> impl Iterator<Item = &'static dyn Parameter> {
        self.parameters.iter().copied()
    }

    /// The parameters as the OpenAPI document describes them.
    pub(super) fn described(self) -> impl Iterator<Item = path::Parameter> {
        self.parameters.iter().map(move |parameter| described(*parameter, self.ignored))
    }
}

fn described(parameter: &dyn Parameter, ignored: bool) -> path::Parameter {
    let meaning = if ignored { "As in search; has no effect here.".into() } else { parameter.meaning() };
    let required = if parameter.is_required() { Required::True } else { Required::False };
    let described = ParameterBuilder::new()
        .name(parameter.name())
        .parameter_in(ParameterIn::Query)
        .required(required)
        .description(Some(meaning))
        .schema(Some(RefOr::T(parameter.schema())));
    if parameter.is_comma_separated() {
        described.style(Some(ParameterStyle::Form)).explode(Some(false)).build()
    } else {
        described.build()
    }
}
