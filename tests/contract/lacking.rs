//! An archive of which a part is not there answers with the rest where the answer can say so, and not at all where it cannot.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gisa::article::Article;
use gisa::korean::Language;
use gisa::query::archive::{
    About, Archive, ArchiveError, Arrival, Arriving, Deadline, Found, Frequencies, Likeness, Place,
    Quotations, QuotesWanted, Selection, Terms, TermsWanted, Trouble, Vocabulary, Wanted,
};
use gisa::query::plan::Plan;
use gisa::query::request::Filters;
use gisa::query::shape::{Probe, Shape};
use gisa::suggest::Suggestions;
use serde_json::{Value, json};

use crate::contract::articles::{self, Item};
use crate::contract::naive::NaiveArchive;
use crate::contract::servers;
use crate::newsroom::{TestServer, with_query};

/// A naive archive, and what is there of it while the rest is lost.
struct Lacking {
    whole: NaiveArchive,
    rest: NaiveArchive,
    lost: Arc<AtomicBool>,
}

impl Lacking {
    fn there(&self) -> Result<&NaiveArchive, ArchiveError> {
        if self.lost.load(Ordering::SeqCst) {
            return Err(ArchiveError::Away { trouble: Trouble::Incomplete, cause: "a shard is lost".into() });
        }
        Ok(&self.whole)
    }
}

/// What is there.
struct Rest<'a>(&'a NaiveArchive);

/// Asks the archive behind it whatever it is asked.
macro_rules! asks {
    ($archive:ty, |$own:ident| $behind:expr, $($more:tt)*) => {
        impl Archive for $archive {
            fn edition(&self) -> String {
                "one".to_owned()
            }

            fn about(&self) -> About<'_> {
                let $own = self;
                $own.named().about()
            }

            fn bytes(&self) -> Result<u64, ArchiveError> {
                Ok(1)
            }

            fn vocabulary(&self) -> &dyn Vocabulary {
                self
            }

            fn select(&self, plan: &Plan, wanted: &Wanted<'_>) -> Result<Selection, ArchiveError> {
                let $own = self;
                $behind?.select(plan, wanted)
            }

            fn terms(
                &self,
                plan: &Plan,
                wanted: &Wanted<'_>,
                of: &TermsWanted<'_>,
            ) -> Result<Terms, ArchiveError> {
                let $own = self;
                $behind?.terms(plan, wanted, of)
            }

            fn quotations(
                &self,
                plan: &Plan,
                wanted: &Wanted<'_>,
                of: &QuotesWanted<'_>,
            ) -> Result<Quotations, ArchiveError> {
                let $own = self;
                $behind?.quotations(plan, wanted, of)
            }

            fn arrived(&self, plan: &Plan, arriving: &Arriving<'_>) -> Result<Vec<Arrival>, ArchiveError> {
                let $own = self;
                $behind?.arrived(plan, arriving)
            }

            fn nearest(&self, likeness: &Likeness<'_>) -> Result<Vec<Found>, ArchiveError> {
                let $own = self;
                $behind?.nearest(likeness)
            }

            fn find(&self, id: &str) -> Result<Option<Place>, ArchiveError> {
                let $own = self;
                $behind?.find(id)
            }

            fn find_address(&self, address: &str, deadline: Deadline) -> Result<Vec<Place>, ArchiveError> {
                let $own = self;
                $behind?.find_address(address, deadline)
            }

            fn read(&self, places: &[Place], deadline: Deadline) -> Result<Vec<Article>, ArchiveError> {
                let $own = self;
                $behind?.read(places, deadline)
            }

            fn suggestions(&self) -> Result<&Suggestions, ArchiveError> {
                let $own = self;
                $own.named().suggestions()
            }

            fn restricted<'a>(
                &'a self,
                filters: &Filters,
                language: &'a Language,
                deadline: Deadline,
            ) -> Result<Box<dyn Archive + 'a>, ArchiveError> {
                let $own = self;
                $behind?.restricted(filters, language, deadline)
            }

            $($more)*
        }

        impl Vocabulary for $archive {
            fn count(&self, shape: &Shape, deadline: Deadline) -> Result<u64, ArchiveError> {
                let $own = self;
                $behind?.count(shape, deadline)
            }

            fn frequencies(&self, probes: &[Probe], deadline: Deadline) -> Result<Frequencies, ArchiveError> {
                let $own = self;
                $behind?.frequencies(probes, deadline)
            }
        }
    };
}

impl Lacking {
    fn named(&self) -> &NaiveArchive {
        &self.whole
    }
}

impl Rest<'_> {
    fn named(&self) -> &NaiveArchive {
        self.0
    }

    fn there(&self) -> Result<&NaiveArchive, ArchiveError> {
        Ok(self.0)
    }
}

asks! { Lacking, |own| own.there(),
    fn partly(&self, _: Deadline) -> Result<Option<Box<dyn Archive + '_>>, ArchiveError> {
        Ok(self.lost.load(Ordering::SeqCst).then(|| Box::new(Rest(&self.rest)) as _))
    }
}
asks! { Rest<'_>, |own| own.there(),
    fn is_partial(&self) -> bool {
        true
    }
}

/// A server whose archive loses all but the first articles when that is said.
fn serve() -> (TestServer, Arc<AtomicBool>, u64) {
    let lines: Vec<Value> = articles::articles().iter().take(60).map(Item::json).collect();
    let lost = Arc::new(AtomicBool::new(false));
    let server = servers::serve_archive(&lines, |language, articles| {
        let rest = NaiveArchive::new(language, articles.iter().take(25).cloned().collect());
        let whole = NaiveArchive::new(language, articles);
        Arc::new(Lacking { whole, rest, lost: Arc::clone(&lost) })
    });
    (server, lost, lines.len() as u64)
}

#[test]
fn what_can_say_that_it_is_a_part_is_answered() {
    let (server, lost, all) = serve();
    let paths = [
        with_query("/api/search", &[("q", ""), ("facets", "outlet,day"), ("size", "5")]),
        with_query("/api/search", &[("q", "금리"), ("match", "any")]),
        with_query("/api/facets/outlet", &[("q", "")]),
        with_query("/api/trends", &[("q", "장미"), ("q", "금리")]),
        with_query("/api/related-terms", &[("q", "금리")]),
    ];
    let whole: Vec<Value> = paths.iter().map(|path| server.json(path)).collect();
    assert!(whole.iter().all(|answer| answer.get("partial").is_none()), "whoever is whole says nothing");
    assert_eq!(whole[0]["total"], all);
    assert!(whole[0]["next_cursor"].is_string());

    lost.store(true, Ordering::SeqCst);
    for path in &paths {
        let answer = server.json(path);
        assert_eq!(answer["partial"], true, "{path}: {answer}");
        for strict in ["&strict=true", "&strict=1"] {
            let refused = server.get(&format!("{path}{strict}"));
            match strict {
                "&strict=true" => refused.problem(503, "partial_results"),
                _ => refused.problem(400, "bad_parameter"),
            };
        }
        assert_eq!(server.json(&format!("{path}&strict=false"))["partial"], true);
    }
    let part = server.json(&paths[0]);
    assert_eq!((&part["total"], &part["next_cursor"]), (&json!(25), &Value::Null), "{part}");
    let counted: u64 = part["facets"]["outlet"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| value["count"].as_u64().unwrap())
        .sum();
    assert_eq!(counted + part["missing"]["outlet"].as_u64().unwrap(), 25);
    let ready = server.json("/ready");
    assert_eq!((&ready["partial"], &ready["status"]), (&json!(true), &json!("ready")), "{ready}");

    lost.store(false, Ordering::SeqCst);
    assert_eq!(server.json(&paths[0])["total"], all);
    assert!(server.json("/ready").get("partial").is_none());
}

#[test]
fn what_cannot_say_it_is_not_answered_from_a_part() {
    let (server, lost, _) = serve();
    let first = server.json("/api/search?q=&size=5&sort=newest");
    let cursor = first["next_cursor"].as_str().unwrap().to_owned();
    let id = first["hits"][0]["id"].as_str().unwrap().to_owned();
    lost.store(true, Ordering::SeqCst);
    let article = format!("/api/articles/{}", id.replace('/', "%2F"));
    for path in [
        with_query("/api/search", &[("q", ""), ("size", "5"), ("sort", "newest"), ("cursor", &cursor)]),
        with_query("/export.csv", &[("q", "")]),
        with_query("/feed.atom", &[("q", "")]),
        with_query("/export/trends.csv", &[("q", "금리")]),
        with_query("/export/quotes.csv", &[("q", "금리")]),
        with_query("/api/lookup", &[("q", "글/장미")]),
        with_query("/api/highlight", &[("q", "장미는"), ("id", &id)]),
        format!("{article}/related"),
        article,
    ] {
        let answer = server.get(&path);
        assert_eq!(answer.status, 503, "{path}: {}", answer.text);
        answer.problem(503, "partial_results");
    }
}
