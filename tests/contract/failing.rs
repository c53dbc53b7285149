//! A reading error is never an answer: an archive that fails once, at whichever question, gives an error or the right answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gisa::article::Article;
use gisa::korean::Language;
use gisa::query::archive::{
    About, Archive, ArchiveError, Arrival, Arriving, Deadline, Found, Frequencies, Likeness, Place, Placed,
    Quotations, QuotesWanted, Selection, Terms, TermsWanted, Vocabulary, Wanted,
};
use gisa::query::plan::Plan;
use gisa::query::request::Filters;
use gisa::query::shape::{Probe, Shape};
use gisa::suggest::Suggestions;
use serde_json::Value;

use crate::contract::articles::{self, Item};
use crate::contract::naive::NaiveArchive;
use crate::contract::servers;
use crate::newsroom::with_query;

/// A naive archive of which one question fails.
struct Failing {
    sound: NaiveArchive,
    /// Questions until then; none fails once it has.
    left: Arc<AtomicUsize>,
    /// Whether the last of the articles that are read is left out.
    leaves_out: Arc<AtomicBool>,
}

impl Failing {
    fn asked(&self) -> Result<(), ArchiveError> {
        match self.left.fetch_sub(1, Ordering::SeqCst) {
            1 => Err(ArchiveError::failed("the disk cannot be read")),
            _ => Ok(()),
        }
    }
}

impl Archive for Failing {
    fn edition(&self) -> String {
        self.sound.edition()
    }

    fn about(&self) -> About<'_> {
        self.sound.about()
    }

    fn bytes(&self) -> Result<u64, ArchiveError> {
        self.asked().and_then(|()| self.sound.bytes())
    }

    fn vocabulary(&self) -> &dyn Vocabulary {
        self
    }

    fn select(&self, plan: &Plan, wanted: &Wanted<'_>) -> Result<Selection, ArchiveError> {
        self.asked().and_then(|()| self.sound.select(plan, wanted))
    }

    fn terms(&self, plan: &Plan, wanted: &Wanted<'_>, of: &TermsWanted<'_>) -> Result<Terms, ArchiveError> {
        self.asked().and_then(|()| self.sound.terms(plan, wanted, of))
    }

    fn quotations(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        of: &QuotesWanted<'_>,
    ) -> Result<Quotations, ArchiveError> {
        self.asked().and_then(|()| self.sound.quotations(plan, wanted, of))
    }

    fn arrived(&self, plan: &Plan, arriving: &Arriving<'_>) -> Result<Vec<Arrival>, ArchiveError> {
        self.asked().and_then(|()| self.sound.arrived(plan, arriving))
    }

    fn nearest(&self, likeness: &Likeness<'_>) -> Result<Vec<Found>, ArchiveError> {
        self.asked().and_then(|()| self.sound.nearest(likeness))
    }

    fn find(&self, id: &str) -> Result<Option<Place>, ArchiveError> {
        self.asked().and_then(|()| self.sound.find(id))
    }

    fn find_address(&self, address: &str, deadline: Deadline) -> Result<Vec<Place>, ArchiveError> {
        self.asked().and_then(|()| self.sound.find_address(address, deadline))
    }

    fn read(&self, places: &[Place], deadline: Deadline) -> Result<Vec<Article>, ArchiveError> {
        let mut articles = self.asked().and_then(|()| self.sound.read(places, deadline))?;
        if self.leaves_out.load(Ordering::SeqCst) {
            articles.pop();
        }
        Ok(articles)
    }

    fn positions(
        &self,
        plan: &Plan,
        places: &[Place],
        deadline: Deadline,
    ) -> Result<Option<Vec<Vec<Placed>>>, ArchiveError> {
        self.asked().and_then(|()| self.sound.positions(plan, places, deadline))
    }

    fn suggestions(&self) -> Result<&Suggestions, ArchiveError> {
        self.sound.suggestions()
    }

    fn restricted<'a>(
        &'a self,
        filters: &Filters,
        language: &'a Language,
        deadline: Deadline,
    ) -> Result<Box<dyn Archive + 'a>, ArchiveError> {
        self.asked().and_then(|()| self.sound.restricted(filters, language, deadline))
    }
}

impl Vocabulary for Failing {
    fn count(&self, shape: &Shape, deadline: Deadline) -> Result<u64, ArchiveError> {
        self.asked().and_then(|()| self.sound.count(shape, deadline))
    }

    fn frequencies(&self, probes: &[Probe], deadline: Deadline) -> Result<Frequencies, ArchiveError> {
        self.asked().and_then(|()| self.sound.frequencies(probes, deadline))
    }
}

/// Questions that never come to an end.
const SOUND: usize = usize::MAX / 2;

#[test]
fn whichever_question_fails_the_answer_is_an_error_or_right() {
    let left = Arc::new(AtomicUsize::new(SOUND));
    let lines: Vec<Value> = articles::articles().iter().take(60).map(Item::json).collect();
    let leaves_out = Arc::new(AtomicBool::new(false));
    let server = servers::serve(&lines, |sound| Failing {
        sound,
        left: Arc::clone(&left),
        leaves_out: Arc::clone(&leaves_out),
    });
    let paths = [
        with_query("/api/search", &[("q", "젤렌스키 회담"), ("facets", "outlet,day"), ("explain", "true")]),
        with_query("/api/search", &[("q", "브록만은 장미와"), ("sort", "newest"), ("explain", "true")]),
        with_query("/api/search", &[("q", "젤랜스키")]),
        with_query("/api/search", &[("q", "금리"), ("similar_to", "글/한은"), ("group", "similar")]),
        with_query("/api/facets/outlet", &[("q", "이재명은")]),
        with_query("/api/trends", &[("q", "장미"), ("q", "금리")]),
        with_query("/api/lookup", &[("q", "글/장미")]),
        with_query("/api/lookup", &[("q", "https://none.example/read/1")]),
        with_query("/api/suggest", &[("q", "젤랜")]),
        with_query("/api/suggest", &[("q", "반도")]),
        with_query("/api/highlight", &[("q", "장미는"), ("id", "글/장미")]),
        "/api/articles/%EA%B8%80%2F%EC%9E%A5%EB%AF%B8/related".to_owned(),
    ];
    let plain = |path: &str| {
        let answer = server.get(path);
        let mut json =
            if answer.text.starts_with('{') { answer.json() } else { Value::String(answer.text.clone()) };
        if let Some(explain) = json.get_mut("explain") {
            explain["phases_ms"] = Value::Null;
        }
        if let Some(answer) = json.as_object_mut() {
            answer.remove("took_ms");
            answer.remove("next_cursor");
        }
        (answer.status, json)
    };
    let mut failed = 0;
    for path in &paths {
        left.store(SOUND, Ordering::SeqCst);
        let right = plain(path);
        let questions = SOUND - left.load(Ordering::SeqCst);
        assert!(right.0 == 200 && questions > 0, "{path}: {right:?}");
        for number in 1..=questions {
            left.store(number, Ordering::SeqCst);
            let (status, answer) = plain(path);
            if status == 200 {
                assert_eq!(answer, right.1, "{path}: question {number} of {questions}");
            } else {
                assert_eq!((status, &answer["code"]), (500, &"internal".into()), "{path}: {answer}");
                failed += 1;
            }
        }
        left.store(SOUND, Ordering::SeqCst);
        assert_eq!(plain(path), right, "{path}: and then it goes on as before");
    }
    assert!(failed > paths.len(), "{failed} questions failed");

    leaves_out.store(true, Ordering::SeqCst);
    for path in
        [paths[0].as_str(), paths[paths.len() - 1].as_str(), "/api/articles/%EA%B8%80%2F%EC%9E%A5%EB%AF%B8"]
    {
        let (status, answer) = plain(path);
        assert_eq!((status, &answer["code"]), (500, &"internal".into()), "{path}: {answer}");
    }
}
