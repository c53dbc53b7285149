//! The engines, each behind a server of its own over the same articles.

use std::sync::LazyLock;

use serde_json::Value;

use crate::common::{Newsroom, TestServer};
use crate::newsroom::{self, Item};
use crate::wire;

/// One engine's servers, and what they hold.
pub struct Contract {
    /// Over [`Contract::items`].
    pub newsroom: TestServer,
    pub items: Vec<Item>,
    /// Over [`Contract::prints`].
    pub wire: TestServer,
    pub prints: Vec<Value>,
}

impl Contract {
    fn over(serve: impl Fn(&[Value]) -> TestServer) -> Self {
        let (items, prints) = (newsroom::articles(), wire::articles());
        let lines: Vec<Value> = items.iter().map(Item::json).collect();
        Self { newsroom: serve(&lines), wire: serve(&prints), items, prints }
    }
}

/// The embedded index, built in several segments.
pub static EMBEDDED: LazyLock<Contract> = LazyLock::new(|| Contract::over(embedded));

/// Serves an embedded index of `articles`.
pub fn embedded(articles: &[Value]) -> TestServer {
    TestServer::start_with(Newsroom::new(articles), |file| file.index.threads = 3)
}
