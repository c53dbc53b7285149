"""What the OpenAPI document cannot say of gisa, because it crosses parameters, or because a value must be one that the server gave.
Each is excluded here, with its reason, and nothing else is."""

import json
import re
from datetime import datetime, timedelta, timezone
from unicodedata import category

import schemathesis
from schemathesis.specs.openapi import checks

# After too many wrong keys in a minute a wrong one is refused with 429. How many that are here depends on how fast the machine is.
checks.AUTH_REJECTION_STATUSES = checks.AUTH_REJECTION_STATUSES | {429}

KOREA = timezone(timedelta(hours=9))
# How a parameter's description says which window pages have.
WINDOW = re.compile(r"`page × size` is at most (\d+)")
# The article that the document's examples name.
READ_BY_OTHERS = "onsaemi-20231114-001"


@schemathesis.serializer("application/x-ndjson", "application/jsonl")
def lines(ctx, value):
    """NDJSON: what is generated is the body itself."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else json.dumps(value).encode()


@schemathesis.hook
def filter_case(ctx, case):
    """Whether a request is one that the document can judge.

    The example's article is not deleted, because other operations read it. Any bytes are NDJSON: a line that is no article is
    listed in an answer of 200, so there is no body of a wrong type. A title or body that is not text is read where it can be, a number or
    a list of paragraphs, which no schema says.
    """
    if case.method == "DELETE" and case.path_parameters.get("id") == READ_BY_OTHERS:
        return False
    if case.media_type == "application/x-ndjson" and not isinstance(case.body, str):
        return False
    if case.operation.path.startswith("/api/articles") and not_text(case.body):
        return False
    if perhaps_too_long(case.query or {}):
        return False
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return True
    query = case.query or {}
    return not (
        made_up_cursor(query)
        or past_the_window(case)
        or ends_before_it_begins(query)
        or shown_without_group(query)
        or another_id(case)
        or saves_what_no_schema_says(case)
    )


def perhaps_too_long(query):
    """The limit of a query, 500, counts characters in NFC and without control characters. What has more before that may be within it; only
    three times as many are certainly not."""
    texts = query.get("q")
    texts = texts if isinstance(texts, list) else [texts]
    return any(isinstance(text, str) and 500 < len(text) <= 1500 for text in texts)


def not_text(body):
    """Whether an article's title or body is anything else than a text."""
    texts = [body.get(name) for name in ("title", "body")] if isinstance(body, dict) else []
    return any(text is not None and not isinstance(text, str) for text in texts)


def saves_what_no_schema_says(case):
    """A saved search's title is one line, its parameters are those of a search, and where it sends to is an address of http."""
    if case.method != "PUT" or case.operation.path != "/api/searches/{name}" or not isinstance(case.body, dict):
        return False
    title, targets = case.body.get("title"), case.body.get("deliver")
    lines = isinstance(title, str) and (not title.strip() or any(category(sign) == "Cc" for sign in title))
    urls = [target.get("url") for target in targets or [] if isinstance(target, dict)]
    addresses = all(isinstance(url, str) and re.match(r"http://[a-z0-9.-]+(:[0-9]{1,4})?(/[a-z0-9]*)?$", url) for url in urls)
    return lines or bool(case.body.get("params")) or not addresses


def made_up_cursor(query):
    """A cursor must be one that the server gave; beside `page` it may not stand at all."""
    return "cursor" in query


def past_the_window(case):
    """`page × size` has a limit, which the description of `page` gives."""
    query = case.query or {}
    about = {parameter["name"]: parameter for parameter in case.operation.definition.raw.get("parameters", [])}
    window = WINDOW.search(about.get("page", {}).get("description", ""))
    if window is None:
        return False
    try:
        size = query.get("size", about["size"]["schema"]["default"])
        return int(query.get("page", 1)) * int(size) > int(window[1])
    except (TypeError, ValueError):
        return False


def ends_before_it_begins(query):
    """`from` must not be later than `to`."""
    try:
        return "from" in query and "to" in query and moment(query["from"]) > moment(query["to"])
    except (TypeError, ValueError):
        return True


def moment(text):
    """A day or a time, as a number."""
    if len(text) == 10:
        return datetime.fromisoformat(text).replace(tzinfo=KOREA).timestamp()
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def shown_without_group(query):
    """`group_show` needs `group=similar`."""
    return "group_show" in query and query.get("group") != "similar"


def another_id(case):
    """An id in the body must be the one in the address."""
    body = case.body
    return isinstance(body, dict) and body.get("id") is not None and body["id"] != case.path_parameters.get("id")
