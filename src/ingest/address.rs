//! Which addresses name one article.

/// Whether `url` is the address of a page below a host: `http(s)://host/path…`. The home page of an outlet, `nan` or `/news/1` name no
/// article, and an id derived from one of them would let articles overwrite each other.
pub(super) fn names_an_article(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let length = if lower.starts_with("https://") {
        8
    } else if lower.starts_with("http://") {
        7
    } else {
        return false;
    };
    let rest = url.get(length..).unwrap_or_default();
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let path = path.split('#').next().unwrap_or_default();
    let page = path.trim_matches(['/', '?']);
    !host.is_empty() && !page.is_empty() && !url.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_below_a_host() {
        for url in
            ["https://a.example/1", "HTTP://a.example/?p=7", "http://a.example/news/articleView.html?idxno=1"]
        {
            assert!(names_an_article(url), "{url}");
        }
        for url in [
            "nan",
            "-",
            "없음",
            "/news/1",
            "https://a.example",
            "https://a.example/",
            "https://a.example/#top",
            "https:///x",
            "a.example/1",
            "https://a.example/1 2",
        ] {
            assert!(!names_an_article(url), "{url}");
        }
    }
}
