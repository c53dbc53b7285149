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
fn an_ampersand_alone_is_one() {
    let feed = "<rss><channel><title>R&D</title>\n<item><title>R&D 예산 & 세금</title><link>https://a.example/?a=1&b=2&amp;c=3</link><description>가&lt;나 AT&T;</description></item></channel></rss>";
    assert_eq!(
        records(feed),
        [
            r#"2 {"title":"R&D 예산 & 세금","link":"https://a.example/?a=1&b=2&c=3","description":"가<나 AT&T;"}"#
        ]
    );
}

#[test]
fn a_list_of_records_is_not_a_record() {
    for (outer, inner) in [("news", "article"), ("news", "item"), ("items", "item"), ("document", "news")] {
        let record = |title: &str| format!("<{inner}><title>{title}</title><body>나</body></{inner}>");
        let text = format!("<{outer}><title>목록</title>{}\n{}</{outer}>", record("가"), record("다"));
        assert_eq!(
            records(&text),
            [r#"1 {"title":"가","body":"나"}"#, r#"2 {"title":"다","body":"나"}"#],
            "{outer} {inner}"
        );
    }
    let one =
        "<list><item><title>가</title><document><title>붙임</title></document><body>나</body></item></list>";
    assert_eq!(records(one).len(), 1);
    let named = "<list><item><title>가</title><document>나 <b>다</b></document></item></list>";
    assert_eq!(records(named), [r#"1 {"title":"가","document":"나 다"}"#]);
}

#[test]
fn attributes_are_fields_and_children_are_apart() {
    let text = "<list><article id=\"A5\" press=\"가람일보\" xml:lang=\"ko\"><title kind=\"main\">가</title>\
                <date value=\"2026-03-05\"/><image src=\"a\" width=\"1\"/>\
                <authors><author>나한별</author><author>도가온</author></authors></article></list>";
    assert_eq!(
        records(text),
        [
            r#"1 {"id":"A5","press":"가람일보","title":"가","date":"2026-03-05","image.src":"a","image.width":"1","authors":"나한별\n도가온"}"#
        ]
    );
}

#[test]
fn what_is_not_for_the_public_is_left_out_and_counted() {
    let item = "<item><title>가</title><wp:comment><wp:comment_author_email>a@b.example</wp:comment_author_email></wp:comment>\
                <wp:postmeta><wp:meta_key>_edit_lock</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta></item>\
                <item><title>나</title><wp:post_password>비밀</wp:post_password></item>";
    let export =
        format!("<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel>{item}</channel></rss>");
    assert_eq!(records(&export), [r#"1 {"title":"가"}"#]);
    let mut reader = XmlRecords::new(export.into_bytes()).unwrap();
    while reader.next().is_some() {}
    let skipped: Vec<_> = reader.skipped().into_iter().collect();
    assert_eq!(skipped, [(SkipRule::NotPublished, 1), (SkipRule::NotPublic, 3)]);
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

#[test]
fn an_element_may_say_its_name_in_an_attribute() {
    let solr = "<add><doc><field name=\"title\">가</field><field name=\"body\">나 <![CDATA[다]]></field><field name=\"tag\">라</field>\
                <field name=\"tag\">마</field><field name=\"empty\"/></doc></add>";
    assert_eq!(records(solr), [r#"1 {"title":"가","body":"나 다","tag":["라","마"]}"#]);
    let answer = "<response><lst name=\"responseHeader\"><int name=\"status\">0</int></lst><result name=\"response\"><doc><str name=\"title\">가</str>\
                  <arr name=\"reporter\"><str>나한별</str><str>도가온</str></arr><date name=\"date\">2031-05-01T00:00:00Z</date></doc></result></response>";
    assert_eq!(
        records(answer),
        [r#"1 {"title":"가","reporter":"나한별\n도가온","date":"2031-05-01T00:00:00Z"}"#]
    );
    let mysql = "<resultset statement=\"select\"><row><field name=\"title\">가</field><field name=\"content\" xsi:nil=\"true\" /></row></resultset>";
    assert_eq!(records(mysql), [r#"1 {"title":"가"}"#]);
    let admin = "<pma_xml_export><pma:structure_schemas><pma:database name=\"n\"><pma:table name=\"news\">CREATE TABLE</pma:table></pma:database>\
                 </pma:structure_schemas><database name=\"n\"><table name=\"news\"><column name=\"idx\">1</column><column name=\"title\">가</column></table>\
                 <table name=\"news\"><column name=\"title\">나</column></table></database></pma_xml_export>";
    assert_eq!(
        records(admin),
        [r#"1 {"name":"news","idx":"1","title":"가"}"#, r#"1 {"name":"news","title":"나"}"#]
    );
}

#[test]
fn a_sitemap_of_addresses_is_refused_at_once() {
    let sitemap = |inside: &str| {
        let url = format!("<url><loc>https://a.example/1</loc>{inside}</url>");
        XmlRecords::new(format!("<urlset>{url}{url}</urlset>").into_bytes())
    };
    for inside in
        ["", "<lastmod>2031-05-01</lastmod>", "<image:image><image:title>가</image:title></image:image>"]
    {
        let refusal = sitemap(inside).err().unwrap();
        assert!(refusal.detail.contains("addresses and no text"), "{inside}: {refusal}");
    }
    assert!(sitemap("<news:news><news:title>가</news:title></news:news>").is_ok());
}
