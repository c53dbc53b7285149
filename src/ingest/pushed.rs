//! What the lines of a push are: the same as those of a file of one object a line, but that each is one article: an answer that holds a list
//! of them is refused.

use super::raw::is_unpublished_json;
use super::report::SkipRule;
use super::wrappers::{Action, bulk_action};

/// Reads the lines of one push; what an action line says is of the line after it.
#[derive(Debug, Default)]
pub struct PushedLines {
    id: Option<String>,
}

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
pub enum PushedLine {
    /// An article, or what should be one, with the id that the line before it gave.
    Article(Vec<u8>, Option<String>),
    /// It is passed over.
    Skipped(SkipRule),
    /// It says what to do with the next one.
    Action,
}

impl PushedLines {
    /// What the next line is. Blank lines are to be left out before.
    pub fn next(&mut self, line: Vec<u8>) -> PushedLine {
        match bulk_action(&line) {
            Some(Action::Write(id)) => {
                self.id = id;
                return PushedLine::Action;
            }
            Some(Action::Delete) => {
                self.id = None;
                return PushedLine::Skipped(SkipRule::Deletion);
            }
            None => {}
        }
        let id = self.id.take();
        if is_unpublished_json(&line) {
            return PushedLine::Skipped(SkipRule::NotPublished);
        }
        PushedLine::Article(line, id)
    }

    /// The next line is nothing that could be read.
    pub fn pass(&mut self) {
        self.id = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_push_are_those_of_a_file() {
        let mut lines = PushedLines::default();
        let mut next = |line: &str| lines.next(line.as_bytes().to_vec());
        let article = |line: &str, id: Option<&str>| {
            PushedLine::Article(line.as_bytes().to_vec(), id.map(str::to_owned))
        };
        assert_eq!(next(r#"{"index":{"_id":"a"}}"#), PushedLine::Action);
        assert_eq!(next(r#"{"title":"가"}"#), article(r#"{"title":"가"}"#, Some("a")));
        assert_eq!(next(r#"{"title":"나"}"#), article(r#"{"title":"나"}"#, None));
        assert_eq!(next(r#"{"delete":{"_id":"a"}}"#), PushedLine::Skipped(SkipRule::Deletion));
        assert_eq!(next(r#"{"create":{"_id":7}}"#), PushedLine::Action);
        let draft = r#"{"title":"다","status":"draft"}"#;
        assert_eq!(next(draft), PushedLine::Skipped(SkipRule::NotPublished));
        // The id was the draft's.
        assert_eq!(next(r#"{"title":"라"}"#), article(r#"{"title":"라"}"#, None));
        assert_eq!(next("{"), article("{", None));
    }
}
