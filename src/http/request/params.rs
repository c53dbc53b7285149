//! The query parameters of a request. Strict: whatever is not understood is refused by name, because a typo in a filter
//! must not silently widen a search.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::parameter::{Choice, Flag, Group, List, Number, Text, Texts};
use crate::http::answer::{ApiError, Code, Fault};

/// The parameters that a route accepts. A type that implements this goes into [`Params`], once in the signature of the handler
/// and once in its description. The values are read with the parameters of the table, never by a name.
pub(in crate::http) trait Accepts {
    /// The parameters, in the order of the documentation.
    const GROUPS: &'static [Group];
}

/// For routes without parameters.
pub(in crate::http) struct NoParameters;

impl Accepts for NoParameters {
    const GROUPS: &'static [Group] = &[];
}

/// The parameters of a request to a route that accepts `A`; any other was refused.
pub(in crate::http) struct Params<A> {
    given: Given,
    accepts: PhantomData<fn() -> A>,
}

/// The decoded parameters of a request, in order.
#[derive(Debug, Default)]
pub(in crate::http) struct Given {
    pairs: Vec<(String, String)>,
}

impl<A: Accepts, S: Send + Sync> FromRequestParts<S> for Params<A> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let given = Given::parse(parts.uri.query().unwrap_or_default())?;
        given.check_names(A::GROUPS)?;
        Ok(Self { given, accepts: PhantomData })
    }
}

impl<A: Accepts> IntoParams for Params<A> {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        A::GROUPS.iter().flat_map(|group| group.described()).collect()
    }
}

impl<A> Deref for Params<A> {
    type Target = Given;

    fn deref(&self) -> &Given {
        &self.given
    }
}

impl Given {
    /// Decodes `application/x-www-form-urlencoded` (URL standard), but refuses bytes that are not UTF-8: a terminal in
    /// CP949 would otherwise search for nonsense and find nothing, without a word.
    pub(super) fn parse(raw: &str) -> Result<Self, ApiError> {
        let mut pairs = Vec::new();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let shown = String::from_utf8_lossy(&decode(name)).into_owned();
            let (Ok(name), Ok(value)) = (String::from_utf8(decode(name)), String::from_utf8(decode(value)))
            else {
                return Err(ApiError::faulty_parameter(
                    &shown,
                    Fault::NotUtf8,
                    "is not UTF-8; encode it as UTF-8, then percent-encode it",
                ));
            };
            pairs.push((name, value));
        }
        Ok(Self { pairs })
    }

    /// Parameters that came in another way than in an address, for a route that accepts `A`; names that it does not accept are refused.
    pub(in crate::http) fn of<A: Accepts>(pairs: Vec<(String, String)>) -> Result<Self, ApiError> {
        let given = Self { pairs };
        given.check_names(A::GROUPS)?;
        Ok(given)
    }

    /// Refuses parameters that are not in `groups`.
    pub(super) fn check_names(&self, groups: &[Group]) -> Result<(), ApiError> {
        let accepted = || groups.iter().flat_map(|group| group.names());
        let unknown = self.pairs.iter().find(|(name, _)| !accepted().any(|accepted| accepted == name));
        let Some((name, _)) = unknown else { return Ok(()) };
        let list = accepted().collect::<Vec<_>>().join(", ");
        let allowed = if list.is_empty() {
            "this address takes none".to_owned()
        } else {
            format!("allowed are {list}")
        };
        Err(ApiError::new(Code::UnknownParameter, format!("there is no parameter `{name}`; {allowed}"))
            .with("parameter", name.as_str()))
    }

    /// The pairs whose name is wanted, in the order given.
    pub(super) fn pairs<'a, W: Fn(&str) -> bool>(
        &'a self,
        is_wanted: W,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a, W> {
        let pairs = self.pairs.iter().filter(move |(name, _)| is_wanted(name));
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of a parameter that may be given once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, ApiError> {
        let mut values = self.pairs(move |key| key == name).map(|(_, value)| value);
        let first = values.next();
        if values.next().is_some() {
            return Err(ApiError::faulty_parameter(name, Fault::Repeated, "is given more than once"));
        }
        Ok(first)
    }

    /// A text. Its length is for the caller to check: each has an error of its own.
    pub(in crate::http) fn text(&self, parameter: &Text) -> Result<Option<&str>, ApiError> {
        self.one(parameter.name)
    }

    /// A text that must be there.
    pub(in crate::http) fn required(&self, parameter: &Text) -> Result<&str, ApiError> {
        let missing = || ApiError::faulty_parameter(parameter.name, Fault::Missing, "is missing");
        self.text(parameter)?.filter(|value| !value.is_empty()).ok_or_else(missing)
    }

    /// `true` or `false`.
    pub(in crate::http) fn flag(&self, parameter: &Flag) -> Result<bool, ApiError> {
        let Flag { name, default, .. } = *parameter;
        match self.one(name)? {
            None => Ok(default),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(other) => {
                Err(ApiError::bad_parameter(name, format!("is {other:?}; allowed are true and false")))
            }
        }
    }

    /// A whole number within its bounds.
    pub(in crate::http) fn number(&self, parameter: &Number) -> Result<usize, ApiError> {
        let Number { name, least, most, default, .. } = *parameter;
        let Some(value) = self.one(name)? else { return Ok(default) };
        let allowed = least..=most.unwrap_or(usize::MAX);
        // `parse` alone would also take `+1`, which is ` 1` in a query string.
        let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let number = value.parse().ok().filter(|number| digits && allowed.contains(number));
        number.ok_or_else(|| {
            let up_to = most.map(|most| format!(" to {most}")).unwrap_or_default();
            ApiError::bad_parameter(
                name,
                format!("is {value:?}; it must be a whole number from {least}{up_to}"),
            )
        })
    }

    /// The value of the given word, or of the default.
    pub(in crate::http) fn choice<T: Copy>(&self, parameter: &Choice<T>) -> Result<Option<T>, ApiError> {
        let Choice { name, choices, default, .. } = *parameter;
        let given = self.one(name)?;
        let Some(word) = given.or(default) else { return Ok(None) };
        match choices.iter().find(|(choice, _)| *choice == word) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => {
                let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
                let reason = format!("is {word:?}; allowed are {}", words.join(", "));
                Err(ApiError::bad_parameter(name, reason))
            }
        }
    }

    /// The words of a comma-separated list, each once, in the order given; `None` where the parameter is not given.
    pub(in crate::http) fn list<T>(&self, parameter: &List<T>) -> Result<Option<Vec<T>>, ApiError>
    where
        T: Copy + PartialEq,
    {
        let List { name, choices, word, skips_empty, .. } = *parameter;
        let Some(text) = self.one(name)? else { return Ok(None) };
        let mut wanted = Vec::new();
        for given in text.split(',').map(str::trim).filter(|given| !(skips_empty && given.is_empty())) {
            let Some(choice) = choices.iter().copied().find(|choice| word(*choice) == given) else {
                let words: Vec<&str> = choices.iter().map(|choice| word(*choice)).collect();
                let reason =
                    format!("names {given:?}; allowed is a comma-separated list of {}", words.join(", "));
                return Err(ApiError::bad_parameter(name, reason));
            };
            if !wanted.contains(&choice) {
                wanted.push(choice);
            }
        }
        Ok(Some(wanted))
    }

    /// All values of a parameter that may be given several times.
    pub(in crate::http) fn texts(&self, parameter: &Texts) -> Result<Vec<String>, ApiError> {
        let Texts { name, most, longest, .. } = *parameter;
        let values: Vec<String> =
            self.pairs(move |key| key == name).map(|(_, value)| value.trim().to_owned()).collect();
        if values.iter().any(String::is_empty) {
            let reason = "is empty; leave it out to search without it";
            return Err(ApiError::faulty_parameter(name, Fault::Empty, reason));
        }
        if values.len() > most {
            let reason = format!("has {} values; it takes at most {most}", values.len());
            return Err(ApiError::faulty_parameter(name, Fault::TooMany, reason).with("most", most));
        }
        if values.iter().any(|value| value.chars().count() > longest) {
            let reason = format!("has a value of more than {longest} characters");
            return Err(ApiError::faulty_parameter(name, Fault::TooLong, reason).with("most", longest));
        }
        Ok(values)
    }
}

/// Percent-decodes, with `+` as a space. A `%` without two hexadecimal digits stays as it is, as the URL standard says.
fn decode(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let escaped = (byte == b'%').then(|| {
            // Looked at in a copy, so that what follows is not lost if it is not an escape.
            let mut ahead = bytes.clone();
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(ahead.next())?, digit(ahead.next())?);
            bytes = ahead;
            u8::try_from(high * 16 + low).ok()
        });
        match (byte, escaped.flatten()) {
            (_, Some(value)) => decoded.push(value),
            (b'+', None) => decoded.push(b' '),
            (other, None) => decoded.push(other),
        }
    }
    decoded
}
