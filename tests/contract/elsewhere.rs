//! A server over an archive that another engine keeps: it says what it serves, and turns away what it cannot do.

use serde_json::json;

use crate::alone::is_alone;
use crate::contract::servers::NAIVE;

#[test]
fn what_is_kept_elsewhere_is_only_searched_here() {
    // Metrics are those of a process: another server in it would count its own articles.
    if !is_alone("contract::elsewhere::what_is_kept_elsewhere_is_only_searched_here") {
        return;
    }
    let server = &NAIVE.newsroom;
    let ready = server.json("/ready");
    assert_eq!((&ready["generation"], &ready["articles"]), (&json!("naive"), &json!(NAIVE.items.len())));
    let version = server.json("/version");
    assert_eq!(version["index"]["generation"], "naive");
    assert_eq!(version["index"]["lexicon"], version["lexicon"]);
    assert!(server.get("/metrics").text.contains(&format!("gisa_index_documents {}", NAIVE.items.len())));
    server.admin("POST", "/api/admin/reindex").problem(405, "method_not_allowed");
    assert_eq!(server.json("/ready"), ready, "it goes on serving");
    let article = json!({"title": "새 기사", "body": "여기에는 들어가지 않는다."});
    let pushed =
        server.request("PUT", "/api/articles/new").bearer_auth(crate::newsroom::TOKEN).json(&article);
    let refused = server.send(pushed).problem(503, "not_written");
    assert!(
        refused["detail"].as_str().unwrap().contains("kept, indexed and restored elsewhere"),
        "{refused}"
    );
    // The lexicon belongs to queries: it is loaded anew, and the same articles are asked.
    assert_eq!(server.admin("POST", "/api/admin/lexicon/reload").status, 200);
    assert_eq!(server.json("/ready")["articles"], ready["articles"]);
}
