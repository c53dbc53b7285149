#!/usr/bin/env python3
"""Asks two servers over the same articles the same random queries, and says where they answer otherwise and how fast each is.

    benches/http/same_answers.py ONE_URL OTHER_URL --articles FILE.jsonl [--count 300] [--seed 1] [--token KEY]

One of them is over the embedded index, the other over a cluster, say. Words come from the articles of FILE: one to three words of a
title, strings copied out of a text and quoted, exclusions, fields, with filters by outlet and time and with near-identical articles
folded. Totals, facets and, ordered by time, the ids of a page must be the same. What either refuses with an error is counted by its code.
Both are asked in turn over one connection each. Only Python's standard library is used.
"""

import argparse
import collections
import http.client
import json
import random
import re
import time
import urllib.parse

from server import quantile

FACETS = "outlet,section,reporter,day"


def read(path, most, chance):
    articles = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            # A sample of all, in one pass.
            place = len(articles) if len(articles) < most else chance.randint(0, number)
            if place < most:
                article = json.loads(line)
                articles[place : place + 1] = [article]
    return [article for article in articles if len(article.get("title") or "") > 6 and article.get("body")]


def words_of(text):
    return re.findall(r"[가-힣]{2,6}|[A-Za-z]{2,10}|\d{2,4}", text)


def query(chance, articles):
    article = chance.choice(articles)
    words = words_of(article["title"]) or ["기사"]
    kind = chance.randrange(7)
    if kind == 0:
        at = chance.randrange(max(1, len(article["body"]) - 12))
        return '"' + re.sub(r'["“”\s]+', " ", article["body"][at : at + chance.randint(3, 10)]).strip() + '"'
    if kind == 1:
        return chance.choice(words) + " -" + chance.choice(words_of(chance.choice(articles)["title"]) or ["그림"])
    if kind == 2:
        return "제목:" + chance.choice(words)
    if kind == 3:
        return chance.choice(words) + " OR " + chance.choice(words_of(chance.choice(articles)["title"]) or ["그림"])
    return " ".join(chance.sample(words, min(len(words), chance.randint(1, 3))))


def parameters(chance, articles):
    asked = {"q": query(chance, articles), "facets": FACETS, "size": 20, "match": chance.choice(["all", "all", "any"])}
    asked["sort"] = chance.choice(["newest", "oldest", "relevance"])
    if chance.random() < 0.3:
        asked["outlet"] = chance.choice(articles).get("outlet") or ""
    if chance.random() < 0.3:
        day = (chance.choice(articles).get("published_at") or "2024-01-01")[:10]
        asked[chance.choice(["from", "to"])] = day
    if chance.random() < 0.4:
        asked["group"] = "similar"
    return {name: value for name, value in asked.items() if value}


class Server:
    def __init__(self, url, token):
        self.address = urllib.parse.urlsplit(url)
        self.headers = {"authorization": f"Bearer {token}"} if token else {}
        self.connection = None
        self.times = []

    def ask(self, target):
        if self.connection is None:
            self.connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=120)
        began = time.perf_counter()
        self.connection.request("GET", target, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        self.times.append((time.perf_counter() - began) * 1000)
        return json.loads(body)



def facts(answer, ordered):
    facets = {name: sorted((value["value"], value["count"]) for value in values) for name, values in (answer.get("facets") or {}).items()}
    return {"total": answer["total"], "facets": facets, "ids": [hit["id"] for hit in answer["hits"]] if ordered else None}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("one")
    parser.add_argument("other")
    parser.add_argument("--articles", required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--token", default="")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    articles = read(given.articles, 5000, chance)
    servers = [Server(given.one, given.token), Server(given.other, given.token)]
    same, found, refused = 0, 0, collections.Counter()
    for number in range(given.count):
        asked = parameters(chance, articles)
        target = "/api/search?" + urllib.parse.urlencode(asked)
        # In turn, so that neither always finds the machine as the other left it.
        order = servers if number % 2 else servers[::-1]
        answers = {server: server.ask(target) for server in order}
        one, other = (answers[server] for server in servers)
        codes = [answer.get("code") for answer in (one, other)]
        if any(codes):
            refused[f"{codes[0] or 'answered'} / {codes[1] or 'answered'}"] += 1
            if codes[0] != codes[1]:
                print("refused:", json.dumps(asked, ensure_ascii=False), codes)
            continue
        ordered = asked["sort"] != "relevance"
        left, right = facts(one, ordered), facts(other, ordered)
        found += left["total"] > 0
        if left == right:
            same += 1
        else:
            differ = [name for name in left if left[name] != right[name]]
            print("differ:", json.dumps(asked, ensure_ascii=False), differ, left["total"], right["total"])
    print(f"{given.count} queries, {found} with hits: {same} the same, refused {dict(refused)}")
    for name, server in zip(("one", "other"), servers):
        p50, p95, p99 = (quantile(server.times, share) for share in (0.5, 0.95, 0.99))
        print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms")


if __name__ == "__main__":
    main()
