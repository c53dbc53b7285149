#!/usr/bin/env python3
"""The six queries, asked of gisa over its embedded index, of gisa over a cluster, and of nori in the same cluster, in turn.

    benches/http/beside_nori.py EMBEDDED_URL CLUSTER_URL NODE_URL --articles FILE.jsonl [--shards 1] [--seconds 5] [--token KEY]

NODE_URL is a node of the cluster, with an analyzer named nori. An index `nori-beside` is made there and filled from FILE by `_bulk` from two
threads, unless it is there with as many articles; how long that took is printed. Each query of queries.txt with a star is then asked for
--seconds of each server, one request after another over one connection each, in turn: plain (ten hits, which gisa always marks; nori without
and with marks), and as a page (marked hits and two facets; gisa folds near-identical articles). What is asked again is what gisa remembers of a
cluster; same_answers.py asks each query once. Only Python's standard library is used.
"""

import argparse
import concurrent.futures
import http.client
import json
import time
import urllib.parse

from compare import QUERIES, read_queries
from server import quantile

INDEX = "nori-beside"
FIELDS = ["title^2", "body"]
# Bytes of a `_bulk`.
BULK = 4_000_000


class Client:
    """One connection to a server."""

    def __init__(self, url, token=""):
        self.address = urllib.parse.urlsplit(url)
        self.headers = {"authorization": f"Bearer {token}"} if token else {}
        self.connection = None

    def ask(self, method, target, body=None, kind="application/json"):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=120)
        headers = self.headers | ({"content-type": kind} if body is not None else {})
        self.connection.request(method, target, body=body, headers=headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 400 and not (answer.status == 404 and method in ("GET", "HEAD", "DELETE")):
            raise SystemExit(f"{method} {target}: {answer.status} {text[:500]!r}")
        return json.loads(text) if text else {}


def six():
    """Names of the starred queries, and where gisa is asked them."""
    return [(query.name, query.target) for query in read_queries(QUERIES) if query.of_the_six]


def bulks(path):
    lines, size = [], 0
    with open(path, encoding="utf-8") as articles:
        for line in articles:
            article = json.loads(line)
            kept = {name: article[name] for name in ("title", "body", "outlet", "section", "published_at") if article.get(name)}
            lines.append(json.dumps({"index": {"_id": article["id"]}}))
            lines.append(json.dumps(kept, ensure_ascii=False))
            size += len(lines[-1].encode())
            if size > BULK:
                yield "\n".join(lines) + "\n"
                lines, size = [], 0
    if lines:
        yield "\n".join(lines) + "\n"


def send(url, body):
    answer = Client(url).ask("POST", f"/{INDEX}/_bulk", body.encode(), "application/x-ndjson")
    if answer["errors"]:
        raise SystemExit("an article was refused")


def fill(url, path, shards):
    node = Client(url)
    with open(path, encoding="utf-8") as articles:
        wanted = sum(1 for _ in articles)
    if node.ask("GET", f"/{INDEX}/_count").get("count") == wanted:
        print(f"nori: {wanted} articles are there")
        return
    node.ask("DELETE", f"/{INDEX}")
    text = {"type": "text", "analyzer": "nori"}
    made = {
        "settings": {"index.number_of_shards": shards, "index.number_of_replicas": 0, "index.refresh_interval": "-1"},
        "mappings": {"properties": {"title": text, "body": text, "outlet": {"type": "keyword"}, "section": {"type": "keyword"}, "published_at": {"type": "date"}}},
    }
    node.ask("PUT", f"/{INDEX}", json.dumps(made))
    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        waiting = set()
        for body in bulks(path):
            waiting.add(threads.submit(send, url, body))
            while len(waiting) >= 3:
                done, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                for one in done:
                    one.result()
        for one in waiting:
            one.result()
    node.ask("POST", f"/{INDEX}/_refresh")
    filled = time.perf_counter() - began
    node.ask("POST", f"/{INDEX}/_forcemerge?max_num_segments=1")
    size = node.ask("GET", f"/{INDEX}/_stats/store")["_all"]["primaries"]["store"]["size_in_bytes"]
    print(f"nori: filled with {wanted} articles in {filled:.1f} s; merged {size / 1e6:.0f} MB")


def nori(words, marks, page):
    body = {
        "query": {"multi_match": {"query": words, "fields": FIELDS}},
        "size": 10,
        "track_total_hits": True,
    }
    if marks:
        body["highlight"] = {"fields": {"title": {"number_of_fragments": 0}, "body": {}}}
    if page:
        body["aggs"] = {name: {"terms": {"field": name, "size": 20}} for name in ("outlet", "section")}
    return ("GET", f"/{INDEX}/_search", json.dumps(body))


def gisa(target, page):
    return ("GET", target + ("&group=similar&facets=outlet,section" if page else ""), None)


def measure(servers, seconds):
    """Milliseconds by server, each asked in turn until all have had `seconds`."""
    for client, request in servers.values():
        client.ask(*request)
    times = {name: [] for name in servers}
    end = time.perf_counter() + seconds * len(servers)
    while time.perf_counter() < end:
        for name, (client, request) in servers.items():
            began = time.perf_counter()
            client.ask(*request)
            times[name].append((time.perf_counter() - began) * 1000)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("embedded")
    parser.add_argument("cluster")
    parser.add_argument("node")
    parser.add_argument("--articles", required=True)
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--token", default="")
    given = parser.parse_args()
    fill(given.node, given.articles, given.shards)
    embedded, cluster, node = Client(given.embedded, given.token), Client(given.cluster, given.token), Client(given.node)
    for page in (False, True):
        print("\n" + ("as a page: marks and two facets" if page else "plain"))
        print("\n| query | embedded p50 / p99, ms | cluster | nori | nori with marks |\n|---|--:|--:|--:|--:|")
        all_times = {}
        for name, target in six():
            words = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query)["q"][0]
            servers = {
                "embedded": (embedded, gisa(target, page)),
                "cluster": (cluster, gisa(target, page)),
                "nori": (node, nori(words, False, page)),
                "nori with marks": (node, nori(words, True, page)),
            }
            times = measure(servers, given.seconds)
            for server, some in times.items():
                all_times.setdefault(server, []).extend(some)
            cells = [f"{quantile(some, 0.5):.1f} / {quantile(some, 0.99):.1f}" for some in times.values()]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)
        cells = [f"{quantile(some, 0.5):.1f} / {quantile(some, 0.99):.1f}" for some in all_times.values()]
        print(f"| all six | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
