//! What gisa promises, held inside one process: a file a promise.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr
)]

#[path = "../support/alone.rs"]
mod alone;
#[path = "../support/authority.rs"]
mod authority;
#[path = "../support/cases.rs"]
mod cases;
#[path = "../support/folders.rs"]
mod folders;
#[path = "../support/mail_server.rs"]
mod mail_server;
#[path = "../support/newsroom.rs"]
mod newsroom;
#[path = "../support/outside.rs"]
mod outside;
#[path = "../support/reading.rs"]
mod reading;
#[path = "../support/receiver.rs"]
mod receiver;
#[path = "../support/searchable.rs"]
mod searchable;

mod access;
mod admin_reindex;
mod analysis_is_total;
mod archive_is_kept;
mod articles_arrive;
mod asking;
mod assistants;
mod changed_files;
mod connections_are_bounded;
#[path = "../contract/mod.rs"]
mod contract;
mod cursor_walks;
mod dictionary;
mod entities;
mod export_clients;
mod exports;
mod facets_exact;
mod fair_shares;
mod finds_what_it_holds;
mod highlight_golden;
mod highlight_properties;
mod http_contract;
mod ingest_bounds;
mod ingest_cleans;
mod ingest_forms;
mod ingest_lists;
mod ingest_loses_nothing;
mod ingest_only_articles;
mod ingest_rules;
mod ingest_samples;
mod kept_queries;
mod korean_golden;
mod learned_names;
mod lexicon_reload;
mod mailed_searches;
mod model_of_writes;
mod monitoring;
mod named;
mod openapi;
mod page_assets;
mod pairs;
mod proxied;
mod queries_never_break;
mod reading_errors;
mod related;
mod saved_searches;
mod similar;
mod suggest;
mod suggest_golden;
mod suggest_http;
mod verb_forms;
mod versions;
mod watching;
