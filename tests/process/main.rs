//! The real program as a process of its own: killed, restored, restarted, asked from the command line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr
)]

#[path = "../support/authority.rs"]
mod authority;
#[path = "../support/folders.rs"]
mod folders;
#[path = "../support/mail_server.rs"]
mod mail_server;
#[path = "../support/newsroom.rs"]
mod newsroom;
#[path = "../support/outside.rs"]
mod outside;
#[path = "../support/program.rs"]
mod program;
#[path = "../support/receiver.rs"]
mod receiver;

mod alerts_survive_kill;
mod backup_command;
mod changed_survives_kill;
mod cli;
mod cluster_disk;
mod cluster_engine;
mod cluster_jobs;
mod cluster_keys;
mod cluster_nodes;
mod cluster_part;
mod cluster_proxy;
mod cluster_tls;
mod damage_is_noticed;
mod forgetting;
mod index_beside;
mod keys;
mod log_and_signals;
mod papers;
mod read_only_articles;
mod restore_while_serving;
mod service_unit;
mod survives_kill;
mod under_attack;
mod upgrade;
