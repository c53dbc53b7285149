#![allow(clippy::unwrap_used)]

use super::*;

fn records(text: &str) -> Vec<String> {
    let mut reader = XmlRecords::new(text.as_bytes().to_vec()).unwrap();
    std::iter::from_fn(|| reader.next())
        .map(|(line, found)| match found {
            Ok(RawRecord { content: RecordContent::Feed { fields, .. }, .. }) => {
                format!("{} {}", line.unwrap_or(0), Value::Object(fields))
            }
            Ok(_) => "other".to_owned(),
            Err(refusal) => format!("{} {}", line.unwrap_or(0), refusal.code.as_str()),
        })
        .collect()
}

#[test]
fn children_become_fields() {
    let feed = "<rss><channel><title>가람일보</title>\n<item><title><![CDATA[<b>가</b> & 나]]></title><link>https://a.example/1</link>\
                <category>사회</category><category>교통</category><guid>17</guid><description>&lt;p&gt;다&#46;</description></item></channel></rss>";
    assert_eq!(
        records(feed),
        [
            r#"2 {"title":"<b>가</b> & 나","link":"https://a.example/1","category":["사회","교통"],"feed_guid":"17","description":"<p>다."}"#
        ]
    );
}

#[test]
fn drafts_are_passed_over_and_counted() {
    let export = "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><item><title>가</title><wp:status>publish</wp:status>\
                  <wp:post_type>post</wp:post_type></item><item><title>나</title><wp:status>draft</wp:status></item></channel></rss>";
    let mut reader = XmlRecords::new(export.as_bytes().to_vec()).unwrap();
    assert!(reader.next().unwrap().1.is_ok());
    assert!(reader.next().is_none());
    assert_eq!(reader.skipped().get(&SkipRule::NotPublished), Some(&1));
}

#[test]
fn a_broken_element_costs_itself() {
    let feed = "<rss><channel>\n<item><title>가</title></item>\n<item><title>나<//x </item>\n<item><title>다</title></item></channel></rss>";
    let found = records(feed);
    assert_eq!(found.first().map(String::as_str), Some(r#"2 {"title":"가"}"#));
    assert_eq!(found.last().map(String::as_str), Some(r#"4 {"title":"다"}"#), "{found:?}");
}

#[test]
fn no_entity_is_expanded_and_nothing_is_endless() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"xxxx\"><!ENTITY b \"&a;&a;&b;\">]><rss><item><title>가 &b;</title></item></rss>";
    assert_eq!(records(bomb), [r#"1 {"title":"가 &b;"}"#]);
    let deep = format!("<rss><item><title>{}", "<x>".repeat(100_000));
    assert_eq!(records(&deep), ["1 bad_xml"]);
    assert_eq!(records("<a><b>가</b></a>"), ["0 unknown_format"]);
}
