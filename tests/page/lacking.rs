//! What is found without a part of the archive is said to be a part.

use crate::browser::Browser;
use crate::{SERVER, assert_sound};

/// Every search of the page is answered as by a cluster of which a shard is lost.
const WITHOUT_A_SHARD: &str = "(() => {
    const whole = window.fetch;
    window.fetch = async (address, how) => {
        const answer = await whole(address, how);
        if (!String(address).includes('api/search')) return answer;
        const said = { ...(await answer.json()), partial: true };
        return new Response(JSON.stringify(said), { headers: { 'content-type': 'application/json' } });
    };
    return true;
})()";

#[test]
fn an_answer_that_lacks_articles_says_so_above_the_list() {
    let Some(browser) = Browser::start("an_answer_that_lacks_articles_says_so_above_the_list") else {
        return;
    };
    let page = browser.page();
    page.goto(&SERVER.url("/"));
    page.wait("document.activeElement.id === 'q'");
    page.eval(WITHOUT_A_SHARD);
    page.type_text("스타트업");
    page.press("Enter");
    page.wait("document.querySelector('#notices .notice.partial')?.textContent.includes('전부가 아닙니다')");
    page.wait("document.querySelector('#hits .title')");
    assert_sound(&page);
}
