//! The OpenAPI document says every status and every bound: what it forbids is refused, what it allows is answered, and each
//! status that comes is described.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::newsroom::{Answer, Newsroom, TOKEN, TestServer, with_query};
use crate::outside;

/// A server with the sample articles, which the document's examples name.
static SERVER: LazyLock<TestServer> = LazyLock::new(|| {
    let newsroom = Newsroom::new(&[]);
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, newsroom.articles_dir().join(path.file_name().unwrap())).unwrap();
        }
    }
    TestServer::start_with(newsroom, |_| {})
});
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| SERVER.json("/api/openapi.json"));

/// One operation of the document.
struct Operation {
    method: String,
    path: String,
    about: &'static Value,
}

fn operations() -> Vec<Operation> {
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods.iter().map(|(method, about)| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
            about,
        })
    });
    all.collect()
}

impl Operation {
    fn parameters(&self, place: &str) -> Vec<&'static Value> {
        let all = self.about["parameters"].as_array().into_iter().flatten();
        all.filter(|parameter| parameter["in"] == place).collect()
    }

    /// The address with examples in the path.
    fn address(&self) -> String {
        self.parameters("path").iter().fold(self.path.clone(), |address, parameter| {
            let name = parameter["name"].as_str().unwrap();
            address.replace(&format!("{{{name}}}"), parameter["example"].as_str().unwrap_or("nothing"))
        })
    }

    /// The query that it needs, with one parameter more. Each is given once: the one more replaces what is needed.
    fn query<'a>(&self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let needed = self.parameters("query").into_iter().filter(|parameter| parameter["required"] == true);
        let needed = needed
            .map(|parameter| (parameter["name"].as_str().unwrap(), parameter["example"].as_str().unwrap()));
        let other = needed.filter(|(name, _)| more.iter().all(|(more, _)| more != name));
        other.chain(more.iter().copied()).collect()
    }

    /// Asks with these parameters; the status must be one that is described.
    fn ask(&self, query: &[(&str, &str)]) -> Answer {
        let query = self.query(query);
        let path = if query.is_empty() { self.address() } else { with_query(&self.address(), &query) };
        self.described(SERVER.admin(&self.method, &path))
    }

    fn described(&self, answer: Answer) -> Answer {
        let described = self.about["responses"].get(answer.status.to_string()).is_some();
        assert!(
            described,
            "{} {}: {} is not described: {}",
            self.method, self.path, answer.status, answer.text
        );
        answer
    }

    fn body(&self) -> Option<&'static str> {
        let content = self.about["requestBody"]["content"].as_object()?;
        content.keys().next().map(String::as_str)
    }

    /// Whether asking it with nothing to do changes nothing.
    fn reads(&self) -> bool {
        self.method == "GET"
    }
}

/// Values that the schema of a parameter forbids, and some that it allows.
fn values(schema: &Value) -> (Vec<String>, Vec<String>) {
    let (mut wrong, mut right) = (Vec::new(), Vec::new());
    let number = |key: &str| schema[key].as_u64();
    match schema["type"].as_str() {
        Some("integer") => {
            wrong.extend(["", "x", "1.5", "-1"].map(str::to_owned));
            wrong.extend(number("minimum").filter(|least| *least > 0).map(|least| (least - 1).to_string()));
            wrong.extend(number("maximum").map(|most| (most + 1).to_string()));
            right.extend(number("minimum").map(|least| least.to_string()));
            right.extend(number("maximum").map(|most| most.to_string()));
        }
        Some("boolean") => {
            wrong.extend(["", "1", "True"].map(str::to_owned));
            right.extend(["true", "false"].map(str::to_owned));
        }
        Some("array") => {
            let item = &schema["items"];
            if item["enum"].is_array() {
                wrong.push("nonsense".to_owned());
                wrong.extend(number("minItems").map(|_| String::new()));
                let words = item["enum"].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
                right.extend([words.collect::<Vec<_>>().join(",")]);
            } else {
                wrong.extend([String::new(), " ".to_owned()]);
                wrong.extend(item["maxLength"].as_u64().map(|most| "가".repeat(most as usize + 1)));
                right.extend(item["maxLength"].as_u64().map(|most| "가".repeat(most as usize)));
            }
        }
        Some("string") if schema["enum"].is_array() => {
            wrong.extend(["", "nonsense"].map(str::to_owned));
            right.extend(
                schema["enum"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()),
            );
        }
        Some("string") => {
            let empty = String::new();
            if number("minLength") > Some(0) {
                wrong.push(empty)
            } else {
                right.push(empty)
            }
            wrong.extend(number("maxLength").map(|most| "x".repeat(most as usize + 1)));
        }
        _ => {
            // A day or a time.
            assert!(schema["anyOf"].is_array(), "a parameter without a type: {schema}");
            wrong.extend(["", "yesterday", "2023-02-30"].map(str::to_owned));
            right.extend(
                ["2023-02-28", "2023-02-28T09:00:00+09:00", "2023-02-28T00:00:00Z"].map(str::to_owned),
            );
        }
    }
    (wrong, right)
}

#[test]
fn parameters_are_refused_exactly_where_the_document_says() {
    let mut asked = 0;
    for operation in operations().iter().filter(|operation| operation.reads()) {
        for parameter in operation.parameters("query") {
            let name = parameter["name"].as_str().unwrap();
            let (wrong, right) = values(&parameter["schema"]);
            for value in &wrong {
                let answer = operation.ask(&[(name, value)]);
                assert_eq!(answer.status, 400, "{}: {name}={value:?} is allowed", operation.path);
            }
            for value in &right {
                // What else the value needs.
                let with: &[(&str, &str)] = match name {
                    "group_show" => &[("group", "similar")],
                    _ => &[],
                };
                let answer = operation.ask(&[with, &[(name, value)]].concat());
                // Nothing is saved here: then a good value is answered with that, and a bad one as everywhere.
                let understood = answer.status < 400 || answer.text.contains("search_not_found");
                assert!(understood, "{}: {name}={value:?}: {}", operation.path, answer.text);
            }
            let twice = operation.ask(&[(name, "1"), (name, "1")]);
            let several = parameter["schema"]["type"] == "array" && parameter["explode"] != false;
            assert!(twice.status == 400 || several, "{}: {name} twice: {}", operation.path, twice.status);
            asked += wrong.len() + right.len() + 1;
        }
        operation.ask(&[("nonsense", "1")]);
        operation.ask(&[]);
    }
    assert!(asked > 300, "{asked}");
}

#[test]
fn what_no_client_should_send_is_described() {
    let token = || format!("Bearer {TOKEN}");
    let mut bodies = 0;
    for operation in operations() {
        // An empty way among them is that of whoever shows nothing.
        let ways = operation.about["security"].as_array();
        if ways.is_some_and(|ways| !ways.is_empty() && !ways.contains(&json!({}))) {
            let refused = SERVER.send(SERVER.request(&operation.method, &operation.address()));
            assert_eq!(operation.described(refused).status, 401, "{}", operation.path);
        }
        if operation.reads() {
            continue;
        }
        for parameter in operation.parameters("query") {
            let name = parameter["name"].as_str().unwrap();
            // Refused for what comes first: the parameter, or the body that is missing.
            let answer = operation.ask(&[(name, "true"), (name, "true")]);
            assert!([400, 415].contains(&answer.status), "{}: {}", operation.path, answer.status);
        }
        let Some(kind) = operation.body() else { continue };
        let send = |kind: &str, body: &str| {
            let request =
                SERVER.request(&operation.method, &operation.address()).header("authorization", token());
            operation.described(SERVER.send(request.header("content-type", kind).body(body.to_owned())))
        };
        send("image/png", "{}");
        if kind == "application/json" {
            for body in ["null", "[]", "\"x\"", "{", "", "{}"] {
                let answer = send(kind, body);
                assert_eq!(answer.status, 400, "{} {body:?}: {}", operation.path, answer.text);
            }
        }
        bodies += 1;
    }
    assert!(bodies >= 4, "{bodies}");
}

#[test]
fn examples_lead_to_articles() {
    for (path, method) in
        [("/api/articles/{id}", "GET"), ("/api/articles/{id}/related", "GET"), ("/api/highlight", "GET")]
    {
        let all = operations();
        let operation =
            all.iter().find(|operation| operation.path == path && operation.method == method).unwrap();
        assert_eq!(operation.ask(&[]).status, 200, "{path}");
    }
}

/// All checks of schemathesis: what is generated from the document, and what must not be. It is installed by `.ci/run`.
#[test]
fn schemathesis_finds_nothing() {
    let test = "schemathesis_finds_nothing";
    let Some(schemathesis) = outside::program("schemathesis", test) else { return };
    // One of its own: articles are written and deleted.
    let newsroom = Newsroom::new(&[]);
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    for name in ["01-onsaemi.jsonl", "02-garam.jsonl", "04-reprints.jsonl"] {
        std::fs::copy(samples.join(name), newsroom.articles_dir().join(name)).unwrap();
    }
    let server = TestServer::start_with(newsroom, |_| {});
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemathesis");
    // Always the same requests, unless somebody looks for what others would find.
    let seed = std::env::var("GISA_TEST_SCHEMATHESIS_SEED").unwrap_or_else(|_| "15".to_owned());
    let output = Command::new(schemathesis)
        .arg("--config-file")
        .arg(folder.join("schemathesis.toml"))
        .args(["run", &server.url("/api/openapi.json"), "--url", &server.url("")])
        .args(["--header", &format!("Authorization: Bearer {TOKEN}")])
        .args(["--checks", "all", "--max-examples", "20", "--seed", &seed, "--no-shrink", "--report-dir"])
        .arg(server.newsroom.path().join("report"))
        // What these two do lasts, and is tested elsewhere.
        .args(["--exclude-operation-id", "restore", "--exclude-operation-id", "reindex"])
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", &folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(server.newsroom.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let summary: Vec<&str> =
        said.lines().filter(|line| line.contains("generated") || line.contains("Tested")).collect();
    outside::said(&format!("{test}: {}", summary.join(", ")));
}
