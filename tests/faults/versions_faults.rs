//! The disk fails at every step of keeping earlier texts, and the process dies at every step: recording the same again, as an index
//! does that applies the journal again, makes it whole.
#![cfg(debug_assertions)]

use std::collections::BTreeMap;
use std::path::Path;

use gisa::article::{Article, ArticleId, Timestamp};
use gisa::faults::{self, Area, Fault, FaultPoint};
use gisa::journal::{EarlierText, EarlierTexts, JournalError, Replaced};
use serde_json::json;

use crate::{kill_at_each_step, turn};

/// What is recorded, one batch after the other: texts of two articles, and the deletion of one of them.
fn batches() -> Vec<BTreeMap<ArticleId, Vec<Replaced>>> {
    let id = |id: &str| ArticleId::new(id).unwrap();
    let text = |own: &str, sequence: u64| {
        let article: Article = serde_json::from_value(
            json!({"id": own, "title": "새 다리", "body": format!("{sequence}번째 글")}),
        )
        .unwrap();
        Replaced::Text(Box::new(EarlierText {
            sequence,
            until: Timestamp::from_seconds(1_764_057_600),
            article,
        }))
    };
    vec![
        BTreeMap::from([(id("a"), vec![text("a", 1)]), (id("b"), vec![text("b", 2)])]),
        BTreeMap::from([(id("a"), vec![text("a", 3), text("a", 4)])]),
        BTreeMap::from([(id("b"), vec![Replaced::Deleted(5)])]),
        BTreeMap::from([(id("b"), vec![text("b", 7)])]),
    ]
}

fn record_all(texts: &EarlierTexts) -> Result<(), JournalError> {
    batches().iter().try_for_each(|batch| texts.record(batch))
}

fn sequences(texts: &EarlierTexts, id: &str) -> Vec<u64> {
    texts.of(id).unwrap().texts.iter().map(|text| text.sequence).collect()
}

/// Recording everything again makes it whole.
fn assert_mends(dir: &Path, case: &str) {
    let texts = EarlierTexts::new(dir, 10);
    record_all(&texts).unwrap();
    assert_eq!((sequences(&texts, "a"), sequences(&texts, "b")), (vec![4, 3, 1], vec![7]), "{case}");
}

#[test]
fn whichever_step_fails_the_next_attempt_makes_it_whole() {
    let _turn = turn();
    for point in FaultPoint::of(Area::Versions) {
        for passing in 1..4 {
            let folder = tempfile::tempdir().unwrap();
            let texts = EarlierTexts::new(folder.path(), 10);
            faults::arm(Some(Fault::FailAt(point, passing)));
            let outcome = record_all(&texts);
            faults::arm(None);
            let case = format!("{point:?}, {passing}");
            if passing == 1 {
                let said = outcome.unwrap_err().to_string();
                assert!(
                    said.contains("versions") && said.contains("; "),
                    "names the file and what to do: {said}"
                );
            }
            assert_mends(folder.path(), &case);
        }
    }
}

/// Not a test by itself: the process that dies.
#[test]
fn dies() {
    let Some(dir) = std::env::var_os("GISA_TEST_VERSIONS") else { return };
    record_all(&EarlierTexts::new(Path::new(&dir), 10)).unwrap();
}

#[test]
fn wherever_the_process_dies_the_next_attempt_makes_it_whole() {
    let _turn = turn();
    kill_at_each_step(Area::Versions, "versions_faults::dies", "GISA_TEST_VERSIONS", assert_mends);
}
