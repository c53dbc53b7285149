//! How a query was read, in Korean, for `explain`.

use super::date;
use super::date_range::DateRange;
use super::print::{entity_field, text_field};
use super::tree::{Filter, Node, Query};

impl Query {
    /// How the query was read, in one Korean line: `모두: 중기부 그리고 "창업 지원" 그리고 제외: 대선`. It tells the structure only;
    /// whether `모두` is relaxed to most of the words is the search's decision. Ends with what was passed over, if anything.
    pub fn describe(&self) -> String {
        let mut text = match self.bottom_up(describe_node) {
            None => "조건 없음: 모든 기사".to_owned(),
            Some(Part::One(text)) => text,
            Some(Part::Excluded(text)) => format!("모든 기사, {text}"),
            Some(Part::All(members)) => format!("모두: {}", members.join(" 그리고 ")),
            Some(Part::Any(members)) => format!("하나 이상: {}", members.join(" 또는 ")),
        };
        let ignored: Vec<&str> =
            self.ignored().iter().filter_map(|range| self.text().get(range.clone())).collect();
        if !ignored.is_empty() {
            text.push_str(" (읽지 않음: ");
            text.push_str(&ignored.join(" "));
            text.push(')');
        }
        text
    }
}

enum Part {
    One(String),
    Excluded(String),
    All(Vec<String>),
    Any(Vec<String>),
}

impl Part {
    /// As a member of something larger.
    fn inner(self) -> String {
        match self {
            Part::One(text) | Part::Excluded(text) => text,
            Part::All(members) => format!("({})", members.join(" 그리고 ")),
            Part::Any(members) => format!("({})", members.join(" 또는 ")),
        }
    }
}

fn describe_node(_: super::NodeId, node: &Node, children: Vec<Part>) -> Part {
    let mut inner = children.into_iter().map(Part::inner);
    match node {
        Node::And(_) => Part::All(inner.collect()),
        Node::Or(_) => Part::Any(inner.collect()),
        Node::Not(_) => Part::Excluded(format!("제외: {}", inner.next().unwrap_or_default())),
        Node::Near { within, .. } => {
            let operands: Vec<String> = inner.collect();
            Part::One(format!("{within}어절 안에 함께: {}", operands.join(", ")))
        }
        Node::In { field, .. } => {
            Part::One(format!("{}에서 {}", text_field(*field), inner.next().unwrap_or_default()))
        }
        Node::Word { text } => Part::One(text.clone()),
        Node::Phrase { text } => Part::One(format!("\"{text}\"")),
        Node::Prefix { text } => Part::One(format!("앞부분이 ‘{text}’인 말")),
        Node::Filter(Filter::Outlet(name)) => Part::One(format!("언론사가 {name}")),
        Node::Filter(Filter::OutletGroup(name)) => Part::One(format!("언론사 묶음이 {name}")),
        Node::Filter(Filter::NoOutlet) => Part::One("언론사 없음".to_owned()),
        Node::Filter(Filter::NoDate) => Part::One("날짜 없음".to_owned()),
        Node::Filter(Filter::Reporter(name)) => Part::One(format!("기자가 {name}")),
        Node::Filter(Filter::Section(name)) => Part::One(format!("섹션이 {name}")),
        Node::Filter(Filter::Named(kind, name)) => {
            Part::One(format!("{} 이름이 {name}", entity_field(*kind)))
        }
        Node::Filter(Filter::Date(range)) => Part::One(describe_dates(range)),
        Node::Filter(Filter::SpokenDate(dates)) => Part::One(format!("날짜가 {}", dates.text())),
    }
}

fn describe_dates(range: &DateRange) -> String {
    match (range.from, range.to) {
        (Some(from), Some(to)) if from == to => format!("날짜가 {}", date::day(from)),
        (Some(from), Some(to)) => format!("날짜가 {}부터 {}까지", date::day(from), date::day(to)),
        (Some(from), None) => format!("날짜가 {}부터", date::day(from)),
        (None, Some(to)) => format!("날짜가 {}까지", date::day(to)),
        (None, None) => "날짜 제한 없음".to_owned(),
    }
}
