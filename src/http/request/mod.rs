//! What a client sends: query parameters, ids in paths, bodies as JSON or as lines.
//!
//! `parameter`: what a parameter is, for checking and for the OpenAPI document. `params`: the parameters of a request.
//! `search`: those that choose, order, page and show articles.

pub mod days;
mod extract;
mod lines;
mod moment;
mod parameter;
mod params;
pub(super) mod search;

pub(super) use extract::{ApiJson, PathId};
pub(super) use lines::{Line, Lines};
pub(super) use parameter::{
    Choice, Flag, Form, Group, List, Number, Parameter, Text, Texts, VERSION_LETTERS, article_id,
};
pub(super) use params::{Accepts, Given, NoParameters, Params};
