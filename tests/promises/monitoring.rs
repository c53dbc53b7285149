//! Metrics as Prometheus expects them, and dashboards and alerts that name only metrics that exist.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::newsroom::{TestServer, articles};
use crate::outside;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The names of one kind of line of `/metrics`: `# HELP name …`, `# TYPE name …`.
fn named(metrics: &str, kind: &str) -> BTreeSet<String> {
    let lines = metrics.lines().filter_map(|line| line.strip_prefix(kind));
    lines.map(|rest| rest.split_whitespace().next().unwrap().to_owned()).collect()
}

/// The program's source, file by file.
fn sources() -> Vec<String> {
    let (mut folders, mut texts) = (vec![root().join("src")], Vec::<String>::new());
    while let Some(folder) = folders.pop() {
        let paths: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    texts
}

/// The names in calls of the macros that count, or that describe.
fn in_code(sources: &[String], describing: bool) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for source in sources {
        for kind in ["counter!(", "gauge!(", "histogram!("] {
            for (at, _) in source.match_indices(kind) {
                if source[..at].ends_with("describe_") == describing
                    && let Some(rest) = source[at + kind.len()..].trim_start().strip_prefix('"')
                {
                    names.insert(rest.split('"').next().unwrap().to_owned());
                }
            }
        }
    }
    names
}

#[test]
fn every_metric_is_described_and_has_the_prefix() {
    let sources = sources();
    let (counted, described) = (in_code(&sources, false), in_code(&sources, true));
    assert!(counted.len() > 20, "{counted:?}");
    assert_eq!(counted.difference(&described).collect::<Vec<_>>(), Vec::<&String>::new(), "without HELP");
    assert_eq!(described.difference(&counted).collect::<Vec<_>>(), Vec::<&String>::new(), "counted nowhere");

    let server = TestServer::start(&articles());
    server.search(&[("q", "자전거")]);
    let metrics = server.get("/metrics").text;
    let (helped, typed) = (named(&metrics, "# HELP "), named(&metrics, "# TYPE "));
    assert_eq!(helped, typed);
    for name in &typed {
        assert!(name.starts_with("gisa_") || name.starts_with("process_"), "{name}");
    }
    for name in
        ["gisa_build_info", "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds"]
    {
        assert!(typed.contains(name), "{name}");
    }
    let version = env!("CARGO_PKG_VERSION");
    assert!(metrics.lines().any(|line| line.starts_with("gisa_build_info{") && line.contains(version)));
    // An alert on growth sees the first event only of what was 0 before.
    for (series, _) in GROWING {
        assert!(metrics.lines().any(|line| line.starts_with(&format!("{series} "))), "{series}: {metrics}");
    }
}

/// Series whose first growth is to alarm, and the alert.
const GROWING: [(&str, &str); 9] = [
    ("gisa_http_server_errors_total", "GisaServerErrors"),
    ("gisa_http_connections_refused_total{reason=\"all\"}", "GisaConnectionsRefused"),
    ("gisa_http_connections_refused_total{reason=\"address\"}", "GisaConnectionsRefused"),
    ("gisa_http_connections_refused_total{reason=\"files\"}", "GisaConnectionsRefused"),
    ("gisa_journal_errors_total", "GisaWritesFail"),
    ("gisa_audit_errors_total", "GisaAuditLost"),
    ("gisa_kept_queries_lost_total", "GisaQueriesNotKept"),
    ("gisa_search_timeouts_total", "GisaSearchesTooSlow"),
    ("gisa_search_partial_total", "GisaSearchesLackArticles"),
];

/// What alarms while it is so, with a value that does and one that does not.
const STANDING: [(&str, &str, u32, u32); 4] = [
    ("gisa_cluster_failing", "GisaClusterFailing", 1, 0),
    ("gisa_cluster_seconds_behind", "GisaClusterBehind", 90, 5),
    ("gisa_cluster_articles_left_out", "GisaClusterArticlesLeftOut", 1, 0),
    ("gisa_keys_unavailable", "GisaKeysUnknown", 1, 0),
];

#[test]
fn alerts_see_the_first_outbreak() {
    let test = "alerts_see_the_first_outbreak";
    let Some(promtool) = outside::program("promtool", test) else { return };
    let folder = crate::folders::temporary();
    let rules = root().join("docs/monitoring/alerts.yml");
    let mut text = format!("rule_files: [{}]\nevaluation_interval: 1m\ntests:\n", rules.display());
    for (series, alert) in GROWING {
        let labels = series.split_once('{').map_or("", |(_, labels)| labels.trim_end_matches('}'));
        // `for` in the rules is 10 minutes at most: growing on, the alert is there after 20.
        text.push_str(&format!(
            "  - interval: 1m\n    input_series: [{{series: '{}', values: '0x5 100+100x20'}}]\n    promql_expr_test:\n      - expr: \
             count(ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}})\n        eval_time: 20m\n        exp_samples: [{{labels: '{{}}', value: 1}}]\n",
            if labels.is_empty() { format!("{series}{{job=\"gisa\",instance=\"a\"}}") } else { format!("{}{{job=\"gisa\",instance=\"a\",{labels}}}", series.split('{').next().unwrap()) },
        ));
    }
    for (series, alert, wrong, right) in STANDING {
        for (value, fires) in [(wrong, true), (right, false)] {
            let samples = if fires { "[{labels: '{}', value: 1}]" } else { "[]" };
            text.push_str(&format!(
                "  - interval: 1m\n    input_series: [{{series: '{series}{{job=\"gisa\",instance=\"a\"}}', values: '{value}x20'}}]\n    \
                 promql_expr_test:\n      - expr: count(ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}})\n        eval_time: 10m\n        \
                 exp_samples: {samples}\n"
            ));
        }
    }
    let file = folder.path().join("test.yml");
    std::fs::write(&file, text).unwrap();
    let output = Command::new(promtool).args(["test", "rules"]).arg(&file).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn promtool_has_no_objection() {
    let test = "promtool_has_no_objection";
    let Some(promtool) = outside::program("promtool", test) else { return };
    let server = TestServer::start(&articles());
    server.search(&[("q", "자전거")]);
    let metrics = server.get("/metrics").text;
    let mut check = Command::new(&promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    check.stdin.take().unwrap().write_all(metrics.as_bytes()).unwrap();
    let output = check.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));

    let rules = Command::new(promtool)
        .args(["check", "rules"])
        .arg(root().join("docs/monitoring/alerts.yml"))
        .output()
        .unwrap();
    assert!(rules.status.success(), "{}", String::from_utf8_lossy(&rules.stderr));
}

#[test]
fn dashboards_and_alerts_name_metrics_that_exist() {
    let server = TestServer::start(&articles());
    let there = named(&server.get("/metrics").text, "# TYPE ");
    let described = in_code(&sources(), true).into_iter().map(|name| format!("gisa_{name}"));
    let known: BTreeSet<String> = described.chain(there).collect();
    for paper in [
        "docs/monitoring/alerts.yml",
        "docs/monitoring/dashboard.json",
        "docs/OPERATIONS.md",
        "docs/OPERATIONS.ko.md",
    ] {
        let text = read(paper);
        let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let metrics: BTreeSet<&str> = words
            .filter(|word| {
                ["gisa_", "process_"].iter().any(|start| word.len() > start.len() && word.starts_with(start))
            })
            .collect();
        assert!(metrics.len() > 5, "{paper} names no metrics");
        for metric in metrics {
            let parts = ["_bucket", "_count", "_sum"];
            let whole = parts.iter().find_map(|part| metric.strip_suffix(part)).unwrap_or(metric);
            assert!(known.contains(metric) || known.contains(whole), "{paper}: there is no metric {metric}");
        }
    }
    let dashboard: serde_json::Value = serde_json::from_str(&read("docs/monitoring/dashboard.json")).unwrap();
    assert!(dashboard["panels"].as_array().unwrap().len() > 10);
}
