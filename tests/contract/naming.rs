//! An article is found by what somebody has in the clipboard.

use crate::contract::asking::ids;
use crate::contract::servers::Contract;
use crate::newsroom::with_query;

fn lookup(contract: &Contract, asked: &str) -> serde_json::Value {
    contract.newsroom.json(&with_query("/api/lookup", &[("q", asked)]))
}

pub fn an_address_finds_its_article_however_it_is_written(contract: &Contract) {
    let mut found = 0;
    for item in contract.items.iter().filter(|item| item.address().is_some()).step_by(37) {
        let number = item.id.strip_prefix("기사/").unwrap();
        for address in [
            item.address().unwrap(),
            format!("http://news.example/read/{number}?id={number}"),
            format!("https://M.NEWS.EXAMPLE/read/{number}/?fbclid=x&id={number}#comments"),
        ] {
            let answer = lookup(contract, &address);
            assert_eq!(ids(&answer), [item.id.as_str()], "{address}");
            assert_eq!((&answer["total"], &answer["read_as"]), (&1.into(), &"address".into()));
            found += 1;
        }
    }
    assert!(found > 15, "{found}");
    for unknown in ["https://www.news.example/read/none", "https://www.news.example/read/0001?id=0002"] {
        let answer = lookup(contract, unknown);
        assert_eq!((&answer["total"], ids(&answer).len()), (&0.into(), 0), "{unknown}");
        assert_eq!(answer["read_as"], "address");
    }
}

pub fn an_id_finds_its_article(contract: &Contract) {
    for item in contract.items.iter().step_by(29) {
        let answer = lookup(contract, &format!(" {} ", item.id));
        assert_eq!(ids(&answer), [item.id.as_str()]);
        assert_eq!(answer["read_as"], "id");
    }
    assert_eq!(lookup(contract, "없는/번호")["total"], 0);
    contract.newsroom.get("/api/lookup").problem(400, "bad_parameter");
}
