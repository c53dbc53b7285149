//! Where the time of a reindex goes, in MB of JSON lines a second: each stage alone, then all of them together.
//!
//! `cargo bench --bench indexing`
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod newsroom;

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, SamplingMode, Throughput};
use gisa::entities::Recogniser;
use gisa::index::build;
use gisa::index::{BuildOptions, IndexFolder, Progress, Sources};
use gisa::ingest::{Cleaner, IngestRules, RawRecord, RecordReader, list_files};
use gisa::korean::analysis::{Analysis, analysed_text};
use gisa::korean::{Language, dictionary};

fn records(folder: &Path) -> Vec<RawRecord> {
    let mut records = Vec::new();
    for file in list_files(folder, &IngestRules::default()).unwrap().files {
        let mut reader = RecordReader::open(&file).unwrap();
        while let Some(record) = reader.next_record() {
            records.push(record.unwrap());
        }
    }
    records
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let temp = tempfile::tempdir().unwrap();
    let data = temp.path().join("articles");
    std::fs::create_dir(&data).unwrap();
    let bytes = newsroom::write_archive(&data);

    let (language, _) = Language::load(dictionary::open(temp.path()).unwrap(), None).unwrap();
    let cleaner = Cleaner::new(Arc::clone(language.outlets()));
    let raw = records(&data);
    let clean: Vec<_> = raw.iter().map(|record| cleaner.read(record.clone(), "").unwrap().article).collect();
    let texts: Vec<String> = clean.iter().map(analysed_text).collect();
    assert_eq!(texts.len(), newsroom::ARTICLES);

    let mut group = criterion.benchmark_group("indexing");
    group.throughput(Throughput::Bytes(bytes)).sample_size(10).sampling_mode(SamplingMode::Flat);
    group.bench_function("read", |bench| bench.iter(|| black_box(records(&data))));
    group.bench_function("clean", |bench| {
        // The copies are made outside of what is measured.
        bench.iter_batched(
            || raw.clone(),
            |raw| {
                for record in raw {
                    black_box(cleaner.read(record, "").unwrap());
                }
            },
            BatchSize::PerIteration,
        );
    });
    let mut analysis = Analysis::default();
    let mut analyzer = language.korean().analyzer();
    group.bench_function("analyze", |bench| {
        bench.iter(|| {
            for text in &texts {
                analyzer.analyze(text, &mut analysis);
                black_box(&analysis);
            }
        });
    });
    // The gain from remembering words: here a new analyzer for each article remembers none.
    group.bench_function("analyze, no memory of words", |bench| {
        bench.iter(|| {
            for text in &texts {
                language.korean().analyzer().analyze(text, &mut analysis);
                black_box(&analysis);
            }
        });
    });
    // What names cost once the article is cut.
    let cut: Vec<_> = clean
        .iter()
        .zip(&texts)
        .map(|(article, text)| {
            let mut analysis = Analysis::default();
            analyzer.analyze(text, &mut analysis);
            (text, article.title.len(), analysis.words, analysis.morphemes)
        })
        .collect();
    let mut recogniser = Recogniser::new(&language);
    group.bench_function("entities", |bench| {
        bench.iter(|| {
            for (text, title, words, morphemes) in &cut {
                black_box(recogniser.entities_in(text, *title, words, morphemes));
            }
        });
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    for threads in [1, cores] {
        group.bench_function(format!("whole build, {threads} threads"), |bench| {
            bench.iter(|| {
                let folder = IndexFolder::new(temp.path().join("index")).unwrap();
                let options = BuildOptions {
                    threads,
                    memory: 512 << 20,
                    lexicon: language.index_hash().to_owned(),
                    keep_free: 0,
                    learn: true,
                };
                let progress = Progress::default();
                let report =
                    build(&Sources::files(&data), &folder, &cleaner, &language, &options, &progress).unwrap();
                assert_eq!(report.articles as usize, newsroom::ARTICLES);
                folder.remove(&report.generation).unwrap();
            });
        });
        if cores == 1 {
            break;
        }
    }
    group.finish();
    criterion.final_summary();
}
