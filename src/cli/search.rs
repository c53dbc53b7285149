//! `gisa search`.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use gisa::config::Config;
use gisa::search;
use gisa::search::types::{AlsoHit, Hit, MarkedText, SearchRequest, SearchResponse};

use super::{Failure, open_for_search};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The query; put it in quotes if a word begins with a dash: '자전거 -도로'
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// Hits to print, at most 100
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=100))]
    size: u16,
    /// Print the answer as JSON, in the format of /api/search
    #[arg(long)]
    json: bool,
    /// Show how the query was understood
    #[arg(long)]
    explain: bool,
}

pub(super) fn run(config: Config, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (service, serving) = open_for_search(config)?;
    let request = SearchRequest {
        query: arguments.query.join(" "),
        size: usize::from(arguments.size),
        page: 1,
        highlight: true,
        explain: arguments.explain,
        ..SearchRequest::default()
    };
    let response =
        search::search(&serving.context(service.config(), None), &request).map_err(Failure::new)?;
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &response)?;
        writeln!(out)?;
    } else {
        print(&mut out, &response)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print(out: &mut impl Write, response: &SearchResponse) -> io::Result<()> {
    let pen = Pen { colours: io::stdout().is_terminal() };
    let relaxed = if response.relaxed { " (낱말 일부만 맞는 기사)" } else { "" };
    writeln!(out, "{}건{relaxed}, {:.1} ms", response.total, response.took_ms)?;
    if let Some(explanation) = &response.explain {
        writeln!(out, "{}", explanation.description)?;
        for clause in &explanation.clauses {
            writeln!(out, "  {} ({}건): {}", clause.text, clause.articles, clause.forms.join(" | "))?;
        }
    }
    for (number, hit) in response.hits.iter().enumerate() {
        print_hit(out, &pen, number + 1, hit)?;
    }
    let Some(also) = response.also.as_ref().filter(|also| also.total > 0) else { return Ok(()) };
    writeln!(out, "\n모든 낱말이 들어 있지는 않은 기사 {}건", also.total)?;
    for (number, AlsoHit { hit, lacks }) in also.hits.iter().enumerate() {
        print_hit(out, &pen, response.hits.len() + number + 1, hit)?;
        writeln!(out, "   없는 낱말: {}", lacks.join(", "))?;
    }
    Ok(())
}

fn print_hit(out: &mut impl Write, pen: &Pen, number: usize, hit: &Hit) -> io::Result<()> {
    let title = hit.highlight.as_ref().map_or_else(|| hit.title.clone(), |marked| pen.marked(&marked.title));
    writeln!(out, "\n{number}. {title}")?;
    let day = hit.published_at.map(|time| time.kst_date().to_string());
    let facts = [hit.outlet.clone(), hit.section.clone(), day, Some(hit.reporters.join(", "))];
    let facts: Vec<String> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    writeln!(out, "   {} [{}] {:.2}", facts.join(" · "), hit.id, hit.score.unwrap_or_default())?;
    for snippet in hit.highlight.iter().flat_map(|marked| &marked.body) {
        let text = MarkedText { text: snippet.text.clone(), marks: snippet.marks.clone() };
        writeln!(out, "   {}", pen.marked(&text).replace('\n', " "))?;
    }
    Ok(())
}

/// Shows marks: bold on a terminal, in brackets elsewhere.
struct Pen {
    colours: bool,
}

impl Pen {
    fn marked(&self, marked: &MarkedText) -> String {
        let (begin, end) = if self.colours { ("\u{1b}[1;33m", "\u{1b}[0m") } else { ("[", "]") };
        let mut shown = String::with_capacity(marked.text.len() + 16);
        let mut unit = 0;
        for c in marked.text.chars() {
            if marked.marks.iter().any(|mark| mark.first() == Some(&unit)) {
                shown.push_str(begin);
            }
            // A control character in an article could take control of the terminal.
            shown.push(if c.is_control() && c != '\n' { ' ' } else { c });
            unit += c.len_utf16() as u32;
            if marked.marks.iter().any(|mark| mark.last() == Some(&unit)) {
                shown.push_str(end);
            }
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_utf16() {
        let marked = MarkedText { text: "😀중기부가\u{1b}x".to_owned(), marks: vec![[2, 5]] };
        assert_eq!(Pen { colours: false }.marked(&marked), "😀[중기부]가 x");
    }
}
