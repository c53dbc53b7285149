#!/usr/bin/env python3
"""Repeats the attacks that an earlier release held up against, and says whether this one does as well.

    benches/http/held_up.py PROGRAM --data FOLDER [--only NAME …] [--quick]

PROGRAM is a gisa program built for release, FOLDER holds articles/: some ten thousand of them, for what is about load (wrk, heavy,
exports). The other rows use the sample articles of this repository. Folders are copied; everything is gone at the end.

Prints a table in Markdown: the attack, what came now, and whether that is as good as before (yes, no, or not tried and why). Each row
is a function that checks by itself what it claims; NAME is the name of one. --quick takes small numbers everywhere: it shows that the
rows work, not what the program bears. Progress goes to the standard error. The exit code is 1 where a row is not as good as before.

Reindexes run with index.niceness = 0, so that they take as long as they take also beside other work. Times are of two cores; figures
that are more than twice as large as those of before count as worse, and a busy machine makes them so: run such a row again alone.

Changed on purpose since the figures of before, and right: an HTTP/1.1 request without Host is refused (400), as is a packed body (415);
a client has two exports at once; connections have limits in number and time; articles that are written at once have 96 MB together, and
whatever finds no room gets 503 with Retry-After; people can sign in, which sets a cookie, but only at /sign-in.

Linux and Python's standard library, and wrk where it is installed. Root for what needs a disk of its own.
"""

import argparse
import base64
import contextlib
import csv
import http.client
import io
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
import xml.etree.ElementTree
import zlib

from server import HOST, ORDINARY, READER, TOKEN, WORDS, Reader, Server, ordinary, quantile, target, worst

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data"
UNHURRIED = "[index]\nniceness = 0\n"
JSON = {"Content-Type": "application/json"}
LINES = {"Content-Type": "application/x-ndjson"}
ROWS = []


class NotTried(Exception):
    """Why a row cannot be tried here."""


def row(attack, archive=False):
    """Makes a function a row of the table. With `archive` it uses the server over FOLDER."""

    def add(function):
        ROWS.append((attack, function, archive))
        return function

    return add


class Run:
    """What a row is given, and what it finds."""

    def __init__(self, arguments, archive):
        self.program, self.quick, self.archive = arguments.program, arguments.quick, archive
        self.came, self.faults, self.untried = [], [], []

    def number(self, full, quick):
        return quick if self.quick else full

    def says(self, text):
        self.came.append(text)

    def claim(self, holds, otherwise):
        if not holds and otherwise not in self.faults:
            self.faults.append(otherwise)

    def server(self, settings=UNHURRIED, data=SAMPLES, **options):
        return Server(self.program, data, settings=settings, **options)


def reindex(server, parameters="", patience=900):
    """The job of a reindex, at its end."""
    answer = server.ask(f"/api/admin/reindex?follow=true{parameters}", "POST", timeout=patience)
    return json.loads(answer.text.strip().splitlines()[-1])


def begin(server, path, body=None):
    """The id of a job that was just asked for."""
    answer = server.ask(path, "POST", body, JSON if body else None)
    if answer.status != 202:
        raise AssertionError(f"{path} answers {answer.status} {answer.text}")
    return answer.json()["job"]["id"]


def job(server, name):
    answer = server.ask(f"/api/admin/jobs/{name}").json()
    return answer.get("job", answer)


def ended(server, name, patience=600):
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        found = job(server, name)
        if found["state"] in ("succeeded", "failed", "cancelled"):
            return found
        time.sleep(0.02)
    raise AssertionError(f"the job {name} has not ended after {patience} s")


def ready(server):
    return server.ask("/ready").json()


def searchable(server):
    """Whether everything that was acknowledged can be found."""
    writes = ready(server)["writes"]
    return writes["searchable"] == writes["durable"]


def article(title, body="가온시 소식이다.", **fields):
    return json.dumps({"title": title, "body": body, "outlet": "새벽신문", **fields})


def put(server, name, text, parameters=""):
    return server.ask(f"/api/articles/{urllib.parse.quote(name, safe='')}{parameters}", "PUT", text, JSON)


def total(server, query):
    return server.ask(target(query, size=1)).json()["total"]


def metric(server, name):
    for text in server.ask("/metrics").text.splitlines():
        if text.startswith(f"{name} "):
            return float(text.split()[-1])
    return float("nan")


def bytes_under(folder):
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())


def longest(answers):
    return max((milliseconds for status, milliseconds in answers if status == 200), default=float("nan"))


def middle(answers):
    return quantile([milliseconds for status, milliseconds in answers if status == 200], 0.5)


def all_answered(answers):
    return bool(answers) and all(status == 200 for status, _ in answers)


def live(_):
    return "/live"


class Peak:
    """The most anonymous memory of a server while it is watched, in MB."""

    def __init__(self, server):
        self.server, self.most, self.stop = server, 0, threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        while not self.stop.wait(0.05):
            with contextlib.suppress(OSError, IndexError):
                self.most = max(self.most, self.server.memory())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def raw(server, data, patience=20, half_close=False):
    """Everything that comes back for these bytes on one connection, and whether the server closes it."""
    came = b""
    with server.socket() as stream:
        stream.settimeout(patience)
        try:
            stream.sendall(data)
            if half_close:
                stream.shutdown(socket.SHUT_WR)
        except OSError:
            # It has answered and closed already; what it said is still there.
            pass
        while True:
            try:
                part = stream.recv(1 << 16)
            except TimeoutError:
                return came, False
            except OSError:
                return came, True
            if not part:
                return came, True
            came += part


def statuses(came):
    return [int(status) for status in re.findall(rb"(?:^|(?<=[\n}>]))HTTP/1\.[01] (\d{3}) ", came)]


# --- Load ---------------------------------------------------------------------------------------------------------------------------

SCRIPT = """
local threads = {{}}
local asked = {{{asked}}}
function setup(thread) table.insert(threads, thread) end
function init(args)
  good, shed, bare, refused, other, number = 0, 0, 0, 0, 0, 0
  texts = {{}}
  for i, one in ipairs(asked) do
    texts[i] = wrk.format(one[1], one[2], {{["Host"] = "a", ["Content-Type"] = "application/json"}}, one[3])
  end
end
function request()
  number = number % #texts + 1
  return texts[number]
end
function response(status, headers, body)
  if status == 200 then good = good + 1
  elseif status == 503 then
    shed = shed + 1
    local after = false
    for name in pairs(headers) do if name:lower() == "retry-after" then after = true end end
    if not after then bare = bare + 1 end
  elseif status == 400 then refused = refused + 1
  else other = other + 1 end
end
function done(summary, latency, requests)
  local sums = {{good = 0, shed = 0, bare = 0, refused = 0, other = 0}}
  for _, thread in ipairs(threads) do
    for name in pairs(sums) do sums[name] = sums[name] + thread:get(name) end
  end
  local e = summary.errors
  io.write(string.format('\\nFIGURES {{"good": %d, "shed": %d, "bare": %d, "refused": %d, "other": %d, "errors": %d, "p50": %f}}\\n',
    sums.good, sums.shed, sums.bare, sums.refused, sums.other, e.connect + e.read + e.write + e.timeout, latency:percentile(50) / 1000))
end
"""


def wrk(server, requests, connections, seconds):
    """Keeps connections at 127.0.0.1 busy with these requests (method, path, body): counts of the answers."""
    if not shutil.which("wrk"):
        raise NotTried("wrk is not installed")
    quoted = (f"[==[{method}]==], [==[{path}]==]" + (f", [==[{body}]==]" if body else "") for method, path, body in requests)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(asked=", ".join(f"{{{one}}}" for one in quoted)))
        script.flush()
        threads = min(2, connections)
        command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", script.name]
        done = subprocess.run([*command, f"http://{HOST}:{server.port}"], capture_output=True, text=True, timeout=seconds + 60)
    if "FIGURES" not in done.stdout:
        raise AssertionError(f"wrk failed: {done.stdout}{done.stderr}")
    return json.loads(done.stdout.split("FIGURES")[1])


@row("wrk, 64 / 256 / 1,000 connections of the worst queries, 12 s each", archive=True)
def floods(run):
    """One client keeps 64, 256 and 1,000 connections busy with the worst searches, and repeats whatever is refused at once.

    Every answer is 200 or a 503 with Retry-After, none is lost; the probes, administration and a reader at another address are
    answered within a second; memory is bounded; afterwards everything is as before at once.
    """
    server, chance = run.archive(), random.Random(7)
    requests = [("GET", worst(chance), None) for _ in range(64)]
    descriptors, probes = server.descriptors(), {"/live": "/live", "/ready": "/ready", "admin": "/api/admin/jobs", "metrics": "/metrics"}
    for connections in run.number([64, 256, 1000], [16, 200]):
        with contextlib.ExitStack() as stack:
            readers = {
                name: stack.enter_context(Reader(server, READER, lambda _, path=path: path, 0.1)) for name, path in probes.items()
            }
            reader = stack.enter_context(Reader(server, "127.0.0.3", ordinary, 0.05))
            figures = wrk(server, requests, connections, run.number(12, 2))
        resident = server.status("VmRSS")
        slowest = ", ".join(f"{name} ≤ {longest(one.answers):.0f}" for name, one in readers.items())
        run.says(
            f"{connections}: {figures['good']:,} × 200, {figures['shed']:,} × 503 ({figures['bare']} without Retry-After), "
            f"{figures['refused'] + figures['other']} other, {figures['errors']} socket errors, p50 {figures['p50']:.0f} ms; {slowest} ms; "
            f"reader {len(reader.answers)} of them, p50 {middle(reader.answers):.0f}, ≤ {longest(reader.answers):.0f} ms; RSS {resident} MB"
        )
        run.claim(figures["good"] > 0, f"{connections}: no search was answered")
        run.claim(figures["bare"] == 0, f"{connections}: {figures['bare']} × 503 without Retry-After")
        run.claim(figures["refused"] + figures["other"] == 0, f"{connections}: answers that are neither 200 nor 503")
        run.claim(figures["errors"] == 0, f"{connections}: {figures['errors']} socket errors")
        run.claim(resident < 1800, f"{connections}: {resident} MB resident (894 before)")
        for name, one in [*readers.items(), ("the reader", reader)]:
            run.claim(all_answered(one.answers), f"{connections}: {name} was not always answered")
            run.claim(longest(one.answers) < 1000, f"{connections}: {name} waited {longest(one.answers):.0f} ms")
    wait_for(lambda: server.descriptors() <= descriptors + 4, 5)
    after = [server.get(ordinary(number))[::2] for number in range(20)]
    run.says(f"after: {middle(after):.0f} ms, {server.descriptors()} descriptors ({descriptors} before)")
    run.claim(server.descriptors() <= descriptors + 4, "descriptors stay open")
    run.claim(middle(after) < 20, f"a search takes {middle(after):.0f} ms afterwards")


def wait_for(condition, seconds):
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(0.02)
    return condition()


@row("one heavy client, 1 / 8 connections, 14 kinds of expensive requests", archive=True)
def heavy(run):
    """One client repeats the most expensive requests of 14 kinds with one connection and with eight, a reader beside it, who has the
    same address, so that nothing but the number of places protects them.

    The reader is never shed; p50 of the reader at most 10 ms beside one connection and 140 ms beside eight (before: 5 and 70), beside an
    OR of 40 words 360 (178). More words than a query may have are refused at once.
    """
    server = run.archive()
    first = server.ask(target(ORDINARY[0], size=1)).json()["hits"]
    name = first[0]["id"] if first else "none"
    words = (WORDS + "서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남 경북 경남 제주 미국 중국 일본".split())[:40]
    syllables = "가나다라마바사아자차카타파하고노도로모보소오조초"
    text = "정부는 반도체 수출 대책과 금리 인상을 발표했다. "
    filters = [("outlet", f"신문{n}") for n in range(64)] + [("reporter", f"기자{n}") for n in range(64)]
    facets = [("facets", "outlet,reporter,section,day,month,year")]
    kinds = {
        "OR of 40 words": target(" OR ".join(words)),
        "가*": target("가*"),
        "24 prefixes": target(" OR ".join(f"{one}*" for one in syllables)),
        "deep pages": target("정부", page=100, size=100),
        "64 + 64 filters, 6 facets": "/api/search?" + urllib.parse.urlencode([("q", "정부 대책"), *filters, *facets]),
        "facet of 1,000 values": "/api/facets/reporter?size=1000",
        "quoted 510": target('"' + (text * 30)[:508] + '"'),
        "negations": target("정부 " + " ".join(f"-{word}" for word in words)),
        "related": f"/api/articles/{urllib.parse.quote(name)}/related",
        "highlight 66 KB": ("POST", "/api/highlight", json.dumps({"q": "반도체 수출", "text": text * 1000}, ensure_ascii=False)),
        "analyze": ("POST", "/api/analyze", json.dumps({"text": (text * 400)[:10_000]}, ensure_ascii=False)),
        "suggest": "/api/suggest?" + urllib.parse.urlencode({"q": "ㅅ"}),
        "single syllables": target(" ".join(syllables[:12])),
        "near words": target("정부 ~100 대책"),
    }
    slowest = {}
    for connections, limit in ((1, 10), (8, 140)):
        for kind, request in kinds.items():
            request = request if isinstance(request, tuple) else ("GET", request, None)
            with Reader(server, HOST, ordinary, 0.01) as reader:
                figures = wrk(server, [request], connections, 1)
            answers = reader.answers
            slowest[connections, kind] = middle(answers)
            most = 360 if kind.startswith("OR") and connections == 8 else limit
            run.claim(figures["good"] > 0, f"{kind}: no answer with 200")
            run.claim(figures["refused"] + figures["other"] == 0, f"{kind}: {figures['refused'] + figures['other']} answers are errors")
            run.claim(all_answered(answers), f"{kind}, {connections}: the reader was shed")
            run.claim(middle(answers) <= most, f"{kind}, {connections}: p50 of the reader {middle(answers):.0f} ms")
    for connections in (1, 8):
        of_these = sorted(((value, kind) for (number, kind), value in slowest.items() if number == connections), reverse=True)
        worst_three = ", ".join(f"{kind} {value:.0f}" for value, kind in of_these[:3])
        run.says(f"{connections}: reader p50 ≤ {of_these[0][0]:.0f} ms ({worst_three})")
    many = server.ask(target(" ".join(chr(0xAC00 + 7 * n) for n in range(200))))
    run.says(f"200 words: {many.status} in {many.milliseconds:.0f} ms")
    run.claim(many.status == 400 and many.milliseconds < 100, f"200 words: {many.status} in {many.milliseconds:.0f} ms")


@row("exports: whole, four at once, unread", archive=True)
def exports(run):
    """Everything with bodies as CSV; four exports at once of two clients, and a third of one client; two that nobody reads.

    The rows are all there; a client has two at once and gets a 503 with Retry-After for more; a reader beside them is always answered;
    unread exports are dropped after the time for idle clients, and their places are free again. Without a token: a key counts as one client,
    wherever it comes from.
    """
    server = run.archive()
    columns = "id,title,body,outlet,published_at"
    began = time.monotonic()
    answer = server.ask(f"/export.csv?columns={columns}", source="127.0.0.4", token=None, timeout=120)
    wanted = min(ready(server)["articles"], 50_000)
    rows = sum(1 for _ in csv.reader(io.StringIO(answer.text))) - 1
    run.says(f"{rows:,} rows in {time.monotonic() - began:.1f} s")
    run.claim(rows == wanted, f"{rows} rows of {wanted}")
    counted, refused, began = [], [], time.monotonic()

    def export(source):
        answer = server.ask(f"/export.csv?columns={columns}", source=source, token=None, timeout=300)
        counted.append((answer.status, answer.body.count(b"\r\n") if answer.status == 200 else answer.text))

    def slow(source):
        stream = server.socket(source)
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stream.sendall(f"GET /export.csv?columns={columns} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        # Begun, and never read again.
        stream.recv(1)
        return stream

    with Reader(server, READER, ordinary, 0.02) as reader:
        threads = [threading.Thread(target=export, args=(source,)) for source in ("127.0.0.4", "127.0.0.4", "127.0.0.5", "127.0.0.5")]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    run.says(f"four at once {time.monotonic() - began:.1f} s, reader p50 {middle(reader.answers):.0f}, ≤ {longest(reader.answers):.0f} ms")
    run.claim([status for status, _ in counted] == [200] * 4, f"four at once: {counted}")
    run.claim(all_answered(reader.answers) and longest(reader.answers) < 1000, "the reader was not answered within a second")
    if wanted < 10_000:
        run.untried.append("unread exports, which need 10,000 articles")
        return
    streams, began = [slow("127.0.0.6") for _ in range(2)], time.monotonic()
    while time.monotonic() - began < 180:
        third = server.ask(f"/export.csv?columns={columns}", source="127.0.0.6", token=None, timeout=300)
        if third.status == 200:
            break
        refused.append(third)
        time.sleep(1)
    run.says(f"unread ones given up after {time.monotonic() - began:.0f} s (server.idle_timeout_s = {IDLE})")
    run.claim(third.status == 200 and time.monotonic() - began < IDLE + 30, "unread exports keep their places")
    run.claim(bool(refused), "a third export of one client was not refused")
    run.claim(all(one.status == 503 and "retry-after" in one.headers for one in refused), "a third export: no 503 with Retry-After")
    [stream.close() for stream in streams]


# --- Bytes of HTTP ------------------------------------------------------------------------------------------------------------------


@row("request smuggling")
def smuggling(run):
    """Requests whose end two programs in a row might see at different places, each with a second request behind it.

    Each is answered once, with 400, and the connection is closed: what follows is never read as a request.
    """
    behind = b"GET /live HTTP/1.1\r\nHost: a\r\n\r\n"
    chunked = b"0\r\n\r\n"
    cases = {
        "CL + TE": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked,
        "TE + CL": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + chunked,
        "TE xchunked": b"Transfer-Encoding: xchunked\r\n\r\n" + chunked,
        "TE chunked, identity": b"Transfer-Encoding: chunked, identity\r\n\r\n" + chunked,
        "TE identity": b"Transfer-Encoding: identity\r\n\r\n" + chunked,
        "TE twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n" + chunked,
        "TE with \\v": b"Transfer-Encoding: \x0bchunked\r\n\r\n" + chunked,
        "TE :": b"Transfer-Encoding : chunked\r\n\r\n" + chunked,
        "two CL": b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        "CL list": b"Content-Length: 2, 3\r\n\r\n{} ",
        "CL +3": b"Content-Length: +3\r\n\r\n{} ",
        "CL -1": b"Content-Length: -1\r\n\r\n{} ",
        "CL 0x3": b"Content-Length: 0x3\r\n\r\n{} ",
        "CL 2^70": b"Content-Length: 1180591620717411303424\r\n\r\n{} ",
        "CL empty": b"Content-Length: \r\n\r\n{} ",
        "obs-fold": b"Content-Length: 2\r\nX: a\r\n b\r\n\r\n{}",
        "chunk overflow": b"Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n",
        "chunk 0x2": b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
        "chunk -1": b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
        "chunk longer than said": b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n0\r\n\r\n",
        "chunk extension of 100 KB": b"Transfer-Encoding: chunked\r\n\r\n2;" + b"x" * 100_000 + b"\r\n{}\r\n0\r\n\r\n",
        "bare CR": b"Content-Length: 2\rX: a\r\n\r\n{}",
    }
    with run.server() as server:
        for name, case in cases.items():
            came, closed = raw(server, b"POST /api/analyze HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + case + behind)
            got = statuses(came)
            run.claim(got == [400], f"{name}: {got or 'no answer'}")
            run.claim(closed, f"{name}: not closed")
        body = behind * 4000
        came, closed = raw(server, b"PUT /api/articles/x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        run.claim(statuses(came) == [401] and closed, f"a refused body of 100 KB: {statuses(came)}, closed: {closed}")
        run.claim(server.ask("/live").status == 200, "the server is gone")
    run.says(f"{len(cases)} ways" + ("" if run.faults else ": 400 and closed; refused with a body unread: 401 and closed"))


@row("other HTTP")
def other_http(run):
    """Heads and addresses that are too long, too many headers, tiny chunks, NUL, old and new versions, pipelines, half-closed.

    Each gets the answer that HTTP asks for, and nothing hangs.
    """
    get = b"GET /live HTTP/1.1\r\nHost: a\r\n"
    close = b"Connection: close\r\n\r\n"
    chunks = b"1\r\nx\r\n" * 300_000 + b"0\r\n\r\n"
    post = b"POST /api/analyze HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
    expect = b"PUT /api/articles/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n"
    cases = {
        "head of 1 MB": (get + b"X: " + b"x" * (1 << 20) + b"\r\n" + close, {431}),
        "101 headers": (get + b"".join(b"X-%d: 1\r\n" % n for n in range(101)) + close, {431}),
        "address of 70 KB": (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n" + close, {414}),
        "300,000 chunks of a byte": (post + b"Transfer-Encoding: chunked\r\n\r\n" + chunks, {413}),
        "NUL in a header": (get + b"X: a\0b\r\n" + close, {400}),
        "NUL in the address": (b"GET /li\0ve HTTP/1.1\r\nHost: a\r\n" + close, {400}),
        "no Host": (b"GET /live HTTP/1.1\r\n" + close, {400}),
        "two Hosts": (get + b"Host: b\r\n" + close, {400}),
        "HTTP/1.0": (b"GET /live HTTP/1.0\r\n\r\n", {200}),
        "HTTP/0.9": (b"GET /live\r\n\r\n", {400}),
        "HTTP/9.9": (b"GET /live HTTP/9.9\r\nHost: a\r\n" + close, {400, 505}),
        "absolute form": (b"GET http://a/live HTTP/1.1\r\nHost: a\r\n" + close, {200}),
        "TRACE": (b"TRACE /live HTTP/1.1\r\nHost: a\r\n" + close, {405}),
        "CONNECT": (b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n" + close, {400, 404, 405}),
        "OPTIONS *": (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n" + close, {200, 400, 404, 405}),
        "packed body": (post + b"Content-Encoding: gzip\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", {415}),
        "Expect without a key": (expect, {401}),
    }
    with run.server() as server:
        for name, (request, wanted) in cases.items():
            came, closed = raw(server, request)
            got = statuses(came)
            run.claim(len(got) == 1 and got[0] in wanted, f"{name}: {got or 'no answer'}")
            run.claim(closed, f"{name}: not closed")
        came, _ = raw(server, get + upgrade + get + close)
        run.claim(statuses(came) == [200, 200], f"h2c: {statuses(came)}")
        head, _ = raw(server, b"HEAD /api/search HTTP/1.1\r\nHost: a\r\n" + close)
        run.claim(statuses(head) == [200] and head.endswith(b"\r\n\r\n"), "HEAD has a body")
        came, closed = raw(server, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        run.claim(statuses(came) in ([], [400], [505]) and closed, f"HTTP/2 preface: {statuses(came)}, closed: {closed}")
        pipelined = b"".join(b"GET /live HTTP/1.1\r\nHost: a\r\nx-request-id: number-%d\r\n\r\n" % n for n in range(100))
        came, _ = raw(server, pipelined + get + close)
        order = [int(number) for number in re.findall(rb"x-request-id: number-(\d+)", came)]
        run.claim(order == list(range(100)), f"100 pipelined requests: {len(order)} answers")
        # hyper takes the end of what the client sends for the end of the client, unless the answer is already under way.
        half = [raw(server, get + b"\r\n", half_close=True) for _ in range(20)]
        answered = sum(statuses(came) == [200] for came, _ in half)
        run.claim(all(closed and statuses(came) in ([], [200]) for came, closed in half), "half-closed: left open")
        run.claim(server.ask("/live").status == 200, "the server is gone")
    run.says(f"{len(cases) + 4} kinds{'' if run.faults else ' as HTTP asks'}; half-closed: {answered} of 20 answered, the others closed")


@row("bytes in addresses")
def addresses(run):
    """%00, %FF, overlong and raw UTF-8, broken escapes, and ways up to the files of the server, in every place of an address.

    No file is ever reached, nothing fails: 404 or 400, and for a value of a parameter 200 at most.
    """
    ugly = ["%00", "%FF", "%C0%AF", "%C0%80", "%ED%A0%80", "%F4%90%80%80", "%zz", "%", "%2"]
    ugly += ["..", "..%2f", "%2e%2e/", "%5c..%5c", "+", ";"]
    ways = ["../config.toml", "..%2fconfig.toml", "..%2f..%2fconfig.toml", "%2e%2e%2fconfig.toml", "....//config.toml", "..%5cconfig.toml"]
    places = ["/", "/api/articles/", "/api/articles/{}/related", "/api/articles/{}/versions", "/api/admin/jobs/", "/api/facets/"]
    places += ["/api/searches/", "/docs/", "/assets/", "/index/", "/data/"]
    paths = [place.replace("{}", one) if "{}" in place else place + one for place in places for one in ugly + ways]
    paths += ["/index/admin-token", "/.git/config", "/config.toml", "//etc/passwd", "/etc/passwd", "/proc/self/environ"]
    values = [f"/api/search?q={one}" for one in ugly] + [f"/api/suggest?q={one}" for one in ugly]
    values += [f"/api/search?{one}=1" for one in ugly] + ["/api/search?q=\udcea\udcb0\udc80"]
    with run.server() as server:
        secret = "listen = "
        for path in paths + values:
            request = path.encode("utf-8", "surrogateescape")
            head = b" HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\nConnection: close\r\n\r\n"
            came, _ = raw(server, b"GET " + request + head)
            got = statuses(came)
            # Paths that lead to an address that exists when they are read as browsers read them are fine; files are not.
            allowed = (200, 400) if path in values else (400, 404, 200) if path.startswith(("/..", "/%2e", "/+", "/;")) else (400, 404)
            run.claim(len(got) == 1 and got[0] in allowed, f"{path.encode('utf-8', 'surrogateescape')!r}: {got}")
            run.claim(secret.encode() not in came and b"root:x" not in came, f"{path}: a file was read")
        run.claim("a handler panicked" not in server.log() and " ERROR " not in server.log(), "errors in the log")
        run.claim(server.ask("/live").status == 200, "the server is gone")
    run.says(f"{len(paths) + len(values)} addresses, no file reached")


# --- Files --------------------------------------------------------------------------------------------------------------------------


def bomb(file, block, count):
    """A gzip file of `count` times `block`, made without packing it more than once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(count):
        check = zlib.crc32(block, check)
    with open(file, "wb") as out:
        out.write(b"\x1f\x8b\x08\0\0\0\0\0\0\xff")
        for _ in range(count):
            out.write(packed)
        out.write(packer.flush(zlib.Z_FINISH))
        out.write(struct.pack("<II", check, len(block) * count & 0xFFFFFFFF))
    return len(block) * count


@row("bombs: compressed files that unpack to gigabytes (10 GB before, 2 GB here)")
def bombs(run):
    """Compressed files that unpack to one endless line, to lines that are not articles, to blank lines, and to the same article a million
    times; 2 GB each, which is of the same kind as the 10 GB of before: no part depends on the whole.

    They are refused or read, the list of refusals is bounded at 10,000, memory below 1 GB; a job is cancelled within two seconds; probes
    and searches go on meanwhile.
    """
    block = 16 << 20
    count = run.number(128, 8)
    one = (json.dumps({"id": "same", "title": "속보", "body": "가온시 소식이다. " * 20}) + "\n").encode()
    blocks = {"one line": b"0" * block, "lines": b"x\n" * (block // 2), "blank lines": b"\n" * block}
    blocks["one article"] = one * (block // len(one))
    for kind, content in blocks.items():
        with run.server() as server, Peak(server) as peak, Reader(server, READER, live, 0.05) as lives:
            with Reader(server, READER, ordinary, 0.1) as reader:
                file = server.folder / "data/articles/zz-bomb.jsonl.gz"
                bomb(file, content, count)
                name, began = begin(server, "/api/admin/reindex"), time.monotonic()
                time.sleep(run.number(4, 0.2))
                server.ask(f"/api/admin/jobs/{name}", "DELETE")
                cancel, cancelled = time.monotonic(), ended(server, name)
                cancel = time.monotonic() - cancel
                whole = f" after {cancelled['refused']:,} refusals"
                run.claim(cancel < 2, f"{kind}: cancelled after {cancel:.1f} s")
                run.claim(len(cancelled.get("refusals") or []) <= 10_000, f"{kind}: more than 10,000 refusals listed")
                # The others take minutes, which is their nature and not a fault.
                if kind in ("one line", "blank lines"):
                    began = time.monotonic()
                    last = job(server, reindex(server)["id"])
                    listed = len(last.get("refusals") or [])
                    whole = f", read in {time.monotonic() - began:.1f} s with {last['refused']:,} refusals ({listed:,} listed)"
                    run.claim(last["state"] == "succeeded", f"{kind}: {last['state']}, {last.get('error')}")
                    run.claim(listed <= 10_000, f"{kind}: {listed} refusals listed")
                    run.claim(kind == "blank lines" and run.quick or last["refused"] > 0, f"{kind}: not refused")
                    run.claim(total(server, "반도체") > 0, f"{kind}: the other articles are gone")
                run.says(f"{kind}: {cancelled['state']} in {cancel:.1f} s{whole}, {peak.most} MB")
        run.claim(peak.most < 1000, f"{kind}: {peak.most} MB anonymous")
        run.claim(all_answered(lives.answers) and longest(lives.answers) < 1000, f"{kind}: /live ≤ {longest(lives.answers):.0f} ms")
        run.claim(all_answered(reader.answers), f"{kind}: a search failed")


@row("hostile folder")
def hostile_folder(run):
    """Files that no newsroom has: JSON two million deep, huge numbers, lines of 16 MB, a million links in a body, names with line breaks,
    pipes, sockets, devices, links to /dev/zero and /etc/passwd, loops, 120 folders deep.

    The reindex succeeds; every good article beside them is found; each refusal has file, code and reason; nothing outside of the folder
    is read; /live answers at once.
    """
    good = run.number(100_000, 1000)
    mega = 1 << 20
    hostile = [
        '{"id": "deep", "title": "깊다", "body": "가", "x": ' + "[" * 2_000_000 + "]" * 2_000_000 + "}",
        "[" * (5 * mega),
        '{"id": "infinite", "title": "수", "body": "가", "n": 1e400}',
        '{"id": "digits", "title": "수", "body": "가", "n": ' + "9" * 1_000_000 + "}",
        '{"id": "twice", "id": "twice", "title": "가", "title": "나", "body": "다", "body": "라"}',
        json.dumps({"id": "title", "title": "낱말 " * 100_000, "body": "가"}),
        json.dumps({"id": "reporters", "title": "기자", "body": "가", "reporters": [f"기자{n}" for n in range(100_000)]}),
        json.dumps({"id": "keys", "title": "열쇠", "body": "가", **{f"k{n}": n for n in range(300_000)}}),
        json.dumps({"id": "nul", "title": "영\0영", "body": "가\0" * 1000}),
        '{"id": "lone", "title": "홀로 \\ud800", "body": "\\udfff 가"}',
        json.dumps({"id": "long", "title": "길다", "body": "가" * (5 * mega)}, ensure_ascii=False),
        json.dumps({"id": "longer", "title": "길다", "body": "x" * (17 * mega)}),
        json.dumps({"id": "blankless", "title": "붙다", "body": "나" * (14 * mega // 3)}, ensure_ascii=False),
        json.dumps({"id": "links", "title": "고리", "body": "<a " * 1_000_000}),
        json.dumps({"id": "bylines", "title": "줄", "body": "홍길동 기자 hong@example.com\n" * run.number(300_000, 20_000)}, ensure_ascii=False),
        '{"id": 1e999, "title": "수", "body": "가"}',
        '{"id": {"a": 1}, "title": ["가"], "body": {"b": 2}}',
        "null",
        '"글"',
        "",
    ]

    def fill(server):
        folder = server.folder / "data/articles"
        lines = (json.dumps({"id": f"good-{n}", "title": f"좋은 소식 {n}", "body": f"쿼크플라즈마 가온시 소식 {n}이다."}) for n in range(good))
        (folder / "good.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "hostile.jsonl").write_text("\n".join(hostile) + "\n", encoding="utf-8")
        (folder / "deep.json").write_text("[" * 2_000_000, encoding="utf-8")
        (folder / "bytes.jsonl").write_bytes(os.urandom(mega))
        (folder / "line\nbreak.jsonl").write_text('{"id": "break", "title": "줄바꿈표지", "body": "가"}\n', encoding="utf-8")
        (folder / "zero.jsonl").symlink_to("/dev/zero")
        (folder / "passwd.txt").symlink_to("/etc/passwd")
        (folder / "nowhere.jsonl").symlink_to("nowhere-at-all")
        (folder / "loop").symlink_to(folder)
        (folder / "one.jsonl").symlink_to("two.jsonl")
        (folder / "two.jsonl").symlink_to("one.jsonl")
        os.mkfifo(folder / "pipe.jsonl")
        with contextlib.suppress(OSError):
            os.mknod(folder / "device.jsonl", 0o600 | stat.S_IFCHR, os.makedev(1, 5))
        with socket.socket(socket.AF_UNIX) as listener:
            here = os.getcwd()
            os.chdir(folder)
            listener.bind("socket.jsonl")
            os.chdir(here)
        # A path longer than a system call takes is made in steps.
        inner = os.open(folder, os.O_RDONLY)
        for _ in range(120):
            os.mkdir("d" * 30, dir_fd=inner)
            outer, inner = inner, os.open("d" * 30, os.O_RDONLY, dir_fd=inner)
            os.close(outer)
        with os.fdopen(os.open("inner.jsonl", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=inner), "w") as file:
            file.write('{"id": "inner", "title": "가장깊은표지", "body": "가"}\n')
        os.close(inner)

    with run.server() as server:
        fill(server)
        began = time.monotonic()
        with Peak(server) as peak, Reader(server, READER, live, 0.05) as lives:
            last = job(server, reindex(server)["id"])
        seconds = time.monotonic() - began
        refusals = last.get("refusals") or []
        found = total(server, "쿼크플라즈마")
        run.says(
            f"{last['articles_indexed']:,} indexed in {seconds:.0f} s, {last['refused']} refused, {peak.most} MB; "
            f"/live ≤ {longest(lives.answers):.0f} ms"
        )
        run.claim(last["state"] == "succeeded", f"{last['state']}: {last.get('error')}")
        run.claim(found == good, f"{found} of {good} good articles are found")
        for mark in ("줄바꿈표지", "가장깊은표지"):
            run.claim(total(server, mark) == 1, f"{mark} is not found")
        run.claim(len(refusals) == last["refused"] > 8, f"{len(refusals)} refusals listed of {last['refused']}")
        bare = [one for one in refusals if not (one.get("file") and one.get("code") and one.get("detail"))]
        run.claim(not bare, f"refusals without file, code or reason: {bare[:3]}")
        files = {one["file"]: one["code"] for one in refusals}
        for name in ("zero.jsonl", "passwd.txt", "nowhere.jsonl"):
            run.claim(files.get(name) == "outside_folder", f"{name}: {files.get(name)}")
        run.claim(total(server, '"root:x:0:0"') == 0, "/etc/passwd was read")
        run.claim(all_answered(lives.answers) and longest(lives.answers) < 250, f"/live ≤ {longest(lives.answers):.0f} ms")
        run.claim(seconds < run.number(120, 60), f"{seconds:.0f} s")


@row("300,000 small files")
def small_files(run):
    """300,000 files of one article each, a thousand in a folder.

    All are indexed, in a minute at most, with less than 2 GB resident (before: 12.3 s, 1.06 GB).
    """
    count = run.number(300_000, 3000)
    with run.server() as server:
        for number in range(count):
            folder = server.folder / f"data/articles/{number // 1000:03}"
            if number % 1000 == 0:
                folder.mkdir()
            with open(folder / f"{number}.json", "w", encoding="utf-8") as file:
                file.write(f'{{"id": "small-{number}", "title": "작은 소식 {number}", "body": "쿼크플라즈마 {number}"}}')
        before, began = ready(server)["articles"], time.monotonic()
        with Reader(server, READER, live, 0.05) as lives:
            last = reindex(server)
        seconds, resident = time.monotonic() - began, server.status("VmHWM")
        run.says(f"{count:,} files in {seconds:.1f} s, {resident} MB resident at most, /live ≤ {longest(lives.answers):.0f} ms")
        run.claim(last["state"] == "succeeded", f"{last['state']}: {last.get('error')}")
        run.claim(ready(server)["articles"] == before + count, f"{ready(server)['articles']} articles of {before + count}")
        run.claim(seconds < 60, f"{seconds:.0f} s")
        run.claim(resident < 2000, f"{resident} MB")
        run.claim(all_answered(lives.answers) and longest(lives.answers) < 500, f"/live ≤ {longest(lives.answers):.0f} ms")
        run.claim(last["refused"] == 0, f"{last['refused']} refused")


# --- Writes -------------------------------------------------------------------------------------------------------------------------


@row("121,500 writes and deletes of one id")
def one_id(run):
    """Puts and deletes one article 21,500 times one by one, and 100,000 times in bulks, with files of the journal that close at 8 MB.

    Every write is acknowledged; index, segments, memory, descriptors and journal do not grow; the last state is what is found.
    """
    single, bulk = run.number(21_500, 600), run.number(100_000, 3000)
    with run.server("[index]\nniceness = 0\njournal_file_mb = 8\n") as server:
        put(server, "one", article("첫 판"), "?refresh=true")
        before = (server.memory(), server.descriptors())
        connection, began = server.connection(), time.monotonic()
        headers = {"Authorization": f"Bearer {TOKEN}", **JSON}
        for number in range(single):
            if number % 3 == 2:
                connection.request("DELETE", "/api/articles/one", headers=headers)
            else:
                connection.request("PUT", "/api/articles/one", article(f"제{number}판").encode(), headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200 and not (number % 3 == 2 and answer.status == 404):
                run.claim(False, f"write {number}: {answer.status} {text.decode()}")
                break
        connection.close()
        rate, began, step, accepted = single / (time.monotonic() - began), time.monotonic(), 10_000, 0
        for first in range(0, bulk, step):
            lines = "\n".join(article(f"묶음 제{number}판", id="one") for number in range(first, min(first + step, bulk)))
            accepted += server.ask("/api/articles", "POST", lines, LINES, timeout=120).json().get("accepted", 0)
        bulk_rate = bulk / (time.monotonic() - began)
        run.claim(accepted == bulk, f"{accepted} of {bulk} lines accepted")
        put(server, "one", article("마지막판표지"), "?refresh=true")
        run.claim(server.ask("/api/articles/one").json()["title"] == "마지막판표지", "the last write is not what is there")
        run.claim(total(server, "마지막판표지") == 1, "the last write is not found")
        journal = server.folder / "data/articles/pushed"
        wait_for(lambda: bytes_under(journal) < 24 << 20 and metric(server, "gisa_index_segments") <= 8, 60)
        segments, written = metric(server, "gisa_index_segments"), bytes_under(journal) >> 20
        index = sum(bytes_under(path) for path in (server.folder / "index").glob("generation-*")) / (1 << 20)
        after = (server.memory(), server.descriptors())
        run.says(
            f"{rate:,.0f} a second one by one, {bulk_rate:,.0f} in bulk; index {index:.1f} MB, {segments:.0f} segments, "
            f"journal {written} MB; {before[0]} → {after[0]} MB anonymous, {before[1]} → {after[1]} descriptors"
        )
        run.claim(rate > 1075, f"{rate:.0f} writes a second one by one (2,150 before)")
        run.claim(bulk_rate > 12_500, f"{bulk_rate:.0f} a second in bulk (25,000 before)")
        run.claim(segments <= 8, f"{segments:.0f} segments")
        run.claim(written < 24, f"the journal has {written} MB, in files that close at 8")
        run.claim(index < 50, f"the index has {index:.0f} MB")
        run.claim(after[0] < before[0] + 150, f"{before[0]} → {after[0]} MB anonymous")
        run.claim(after[1] <= before[1] + 8, f"{before[1]} → {after[1]} descriptors")
        server.kill()
        server.start()
        run.claim(server.ask("/api/articles/one").json().get("title") == "마지막판표지", "the last write is lost after kill -9")


@row("20 PUTs of 16 MB at once")
def large_puts(run):
    """Twenty articles of nearly 16 MB at the same moment; whoever gets a 503 waits and tries again.

    Each is acknowledged or gets a 503 not_written with Retry-After, and is acknowledged in the end; large ones have 64 MB together, so
    memory stays below that of before (1,779 MB); /live answers within a quarter of a second.
    """
    count, size = run.number(20, 6), run.number(16, 4)
    counted, lock = {}, threading.Lock()
    with run.server() as server:
        text = "가온시 시장은 오늘 반도체 공장을 찾아 예산을 밝혔다. "
        body = text * (((size << 20) - 4096) // len(text.encode()))
        waits = []

        def write(number):
            content, began = json.dumps({"title": f"큰 소식 {number}", "body": body}, ensure_ascii=False).encode(), time.monotonic()
            while time.monotonic() - began < 240:
                answer = server.ask(f"/api/articles/large-{number}", "PUT", content, JSON, timeout=120)
                with lock:
                    counted[answer.status] = counted.get(answer.status, 0) + 1
                if answer.status == 503:
                    run.claim("retry-after" in answer.headers, "503 without Retry-After")
                    run.claim(answer.json()["code"] == "not_written", f"503 {answer.json()['code']}")
                    time.sleep(int(answer.headers.get("retry-after", 1)))
                    continue
                run.claim(answer.status == 200, f"{answer.status} {answer.text[:200]}")
                with lock:
                    waits.append(time.monotonic() - began)
                return
            run.claim(False, f"article {number} was not taken within 240 s")

        before = server.memory()
        with Peak(server) as peak, Reader(server, READER, live, 0.05) as lives, Reader(server, READER, ordinary, 0.1) as reader:
            threads = [threading.Thread(target=write, args=(number,)) for number in range(count)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            wait_for(lambda: searchable(server), 120)
        present = sum(server.ask(f"/api/articles/large-{number}", timeout=120).status == 200 for number in range(count))
        run.says(
            f"{counted}, the first after {min(waits, default=0):.1f} s, the last after {max(waits, default=0):.1f} s; "
            f"/live ≤ {longest(lives.answers):.0f} ms, searches ≤ {longest(reader.answers):.0f} ms; {before} → {peak.most} MB anonymous, {server.memory()} stay"
        )
        run.claim(len(waits) == count, f"{len(waits)} of {count} acknowledged")
        run.claim(present == count, f"{present} of {count} are there")
        run.claim(peak.most < 1779, f"{peak.most} MB anonymous (1,779 before)")
        run.claim(server.memory() < 1329, f"{server.memory()} MB stay (1,329 before)")
        run.claim(all_answered(lives.answers) and longest(lives.answers) < 250, f"/live ≤ {longest(lives.answers):.0f} ms")
        run.claim(all_answered(reader.answers), "a search failed")


@row("100 reindexes with cursors")
def reindexes(run):
    """Reindexes the samples 100 times, and walks through them by cursor meanwhile, a page after each.

    Descriptors and maps do not grow, memory reaches a plateau, and the walk goes on or is told that it cannot (410).
    """
    rounds, walked = run.number(100, 6), {200: 0, 410: 0}
    with run.server() as server:
        first = target("", sort="newest", size=5)
        cursor = server.ask(first).json()["next_cursor"]
        figures = []
        for _ in range(rounds):
            last = reindex(server)
            run.claim(last["state"] == "succeeded", f"{last['state']}: {last.get('error')}")
            answer = server.ask(target("", sort="newest", size=5, cursor=cursor)) if cursor else server.ask(first)
            walked[answer.status] = walked.get(answer.status, 0) + 1
            cursor = answer.json().get("next_cursor") if answer.status == 200 else None
            figures.append((server.descriptors(), server.maps(), server.memory()))
        settled = figures[min(9, rounds // 2)]
        generations = len(list((server.folder / "index").glob("generation-*")))
        middle_memory = max(memory for _, _, memory in figures[: max(1, rounds * 6 // 10)])
        run.says(
            f"{rounds}: descriptors {settled[0]} → {figures[-1][0]}, maps {settled[1]} → {figures[-1][1]}, anonymous {figures[0][2]} → "
            f"{middle_memory} → {figures[-1][2]} MB; pages {walked[200]} × 200, {walked[410]} × 410; {generations} generations"
        )
        run.claim(set(walked) == {200, 410}, f"pages: {walked}")
        run.claim(figures[-1][0] <= settled[0] + 4, f"descriptors {settled[0]} → {figures[-1][0]}")
        run.claim(figures[-1][1] <= settled[1] + 60, f"maps {settled[1]} → {figures[-1][1]}")
        run.claim(figures[-1][2] <= middle_memory * 1.2 + 20, f"anonymous {middle_memory} → {figures[-1][2]} MB")
        run.claim(generations <= 2, f"{generations} generations")


@row("kill -9 during push, reindex, backup, restore")
def kills(run):
    """Kills the server, and with it a command, at random moments while three writers push and delete, while it reindexes, backs up or
    restores; starts it again and compares everything that was acknowledged. Some rounds only: 2,000 are taken by
    GISA_KILL_ROUNDS=2000 cargo test --test process survives_kill.

    No acknowledged write is lost; a restore has happened wholly or not at all; a backup is complete or not there; it is ready again at
    once; `gisa check` finds everything sound.
    """
    chance, rounds = random.Random(11), run.number(16, 4)
    starts, written, kept, restored, backups = [], [0], {}, [0, 0], [0, 0]

    def state_of(server, names):
        answers = {name: server.ask(f"/api/articles/{name}") for name in names}
        return {name: answer.json()["title"] if answer.status == 200 else None for name, answer in answers.items()}

    def write(server, writer, stop):
        """Writes until the server is gone; `kept` has for each id what is acknowledged and what may have come since."""
        own = random.Random(chance.random())
        with contextlib.suppress(OSError, http.client.HTTPException):
            while not stop.is_set():
                name = f"w{writer}-{own.randrange(12)}"
                title = None if own.randrange(4) == 0 else f"판 {own.randrange(10**9)}"
                kept.setdefault(name, [None, []])[1].append(title)
                answer = (
                    server.ask(f"/api/articles/{name}", "DELETE")
                    if title is None
                    else server.ask(f"/api/articles/{name}", "PUT", article(title), JSON)
                )
                if answer.status in (200, 404):
                    kept[name] = [title, []]
                    written[0] += 1
                else:
                    run.claim(False, f"a write is answered {answer.status}")

    def settle(server):
        """What may have come has come, or not."""
        wait_for(lambda: searchable(server), 30)
        found = state_of(server, list(kept))
        for name, (title, perhaps) in kept.items():
            run.claim(found[name] == title or found[name] in perhaps, f"{kind}: {name} was {title!r} and is {found[name]!r}")
            kept[name] = [found[name], []]

    with run.server("[index]\nniceness = 0\njournal_file_mb = 0.05\n") as server:
        for number in range(rounds):
            kind = ("push", "reindex", "backup", "restore")[number % 4]
            place, command, stop, former = server.folder / f"backup-{number}", None, threading.Event(), None
            if kind == "restore":
                code, text = server.run("backup", place)
                run.claim(code == 0, f"a backup failed: {text}")
                settle(server)
                former = {name: title for name, (title, _) in kept.items()}
            writers = [threading.Thread(target=write, args=(server, writer, stop)) for writer in range(3)]
            [thread.start() for thread in writers]
            if kind == "restore":
                time.sleep(0.3)
                stop.set()
                [thread.join() for thread in writers]
                settle(server)
                begin(server, "/api/admin/restore", json.dumps({"backup": str(place)}))
            elif kind == "reindex":
                begin(server, "/api/admin/reindex")
            elif kind == "backup":
                command = subprocess.Popen(
                    [server.program, "--config", server.config, "backup", place],
                    env=server.variables(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            time.sleep(chance.uniform(0.02, {"push": 0.3, "reindex": 1, "backup": 0.15, "restore": 1.5}[kind]))
            if command:
                command.kill()
                command.wait()
            server.kill()
            stop.set()
            [thread.join() for thread in writers]
            seconds = server.start()
            if kind != "restore":
                starts.append(seconds)
            if kind == "restore":
                found = state_of(server, list(kept))
                before, after = {name: title for name, (title, _) in kept.items()}, {name: former.get(name) for name in kept}
                run.claim(found in (before, after), "half a restore")
                restored[found == after] += 1
                kept.update({name: [title, []] for name, title in found.items()})
            else:
                settle(server)
            if kind == "backup":
                backups[place.exists()] += 1
                if place.exists():
                    code, text = server.run("backup", "--verify", place)
                    run.claim(code == 0, f"a backup that is there is not sound: {text}")
                else:
                    code, text = server.run("backup", place)
                    run.claim(code == 0, f"no backup after a killed one: {text}")
            found = ready(server)
            run.claim(found["journal_damage"] == [] and found["damage"] is None, f"{kind}: {found['journal_damage']} {found['damage']}")
        code, text = server.run("check")
        run.claim(code == 0, f"gisa check: {text[-300:]}")
    run.says(
        f"{rounds} rounds, {written[0]:,} writes acknowledged, none lost; "
        f"restores {restored[1]} whole and {restored[0]} not begun; backups {backups[1]} complete and {backups[0]} not there; ready again in ≤ {max(starts):.1f} s; check sound"
        if not run.faults
        else f"{rounds} rounds, {written[0]:,} writes acknowledged; ready again in ≤ {max(starts):.1f} s"
    )
    run.claim(max(starts) < 2, f"ready after {max(starts):.1f} s")


# --- Disks and folders --------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder, megabytes):
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "gisa-held-up", folder], capture_output=True, text=True)
    if done.returncode:
        raise NotTried(f"no small disk can be mounted, which needs root: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def own_disk(server, megabytes, stack):
    """Data and index on a small disk. The dictionary is larger than that, and stays outside."""
    data = server.folder / "data"
    articles = server.folder / "articles-before"
    (data / "articles").rename(articles)
    stack.enter_context(small_disk(data, megabytes))
    shutil.copytree(articles, data / "articles")


@row("disk full")
def disk_full(run):
    """The disk of data and index, 16 MB, fills up and is freed again.

    A push is answered 503 not_written with the file's name and Retry-After, searches go on; a reindex fails and says what it needs and
    what is free; once there is room, writing goes on without a restart; nothing acknowledged is lost by kill -9 afterwards.
    """
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(run.server())
        settings = 'index_dir = "data/index"\n'

        def prepare(server):
            own_disk(server, 16, stack)
            text = server.config.read_text("utf-8")
            server.config.write_text(settings + text, "utf-8")
            (server.folder / "data/index").mkdir()
            for dictionary in (first.folder / "index").glob("dictionary-*"):
                (server.folder / "data/index" / dictionary.name).symlink_to(dictionary)

        tuned = "[index]\nthreads = 1\nniceness = 0\nmemory_mb = 32\nkeep_free_mb = 1\n"
        # The disk is unmounted after the server on it has ended.
        disk = Server(run.program, SAMPLES, settings=tuned, before=prepare)
        try:
            disk.prepare()
            disk.start()
            run.claim(put(disk, "n1", article("작은 소식")).status == 200, "no push before the disk is full")
            filler = disk.folder / "data/filler"
            with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
                while file.write(b"x" * 4096):
                    pass
            large = put(disk, "n2", article("큰 소식", "가나다라마바사 아자차카타파하. " * 100_000))
            run.says(f"push {large.status} {large.json().get('code')}, Retry-After {large.headers.get('retry-after')}")
            run.claim(large.status == 503 and large.json()["code"] == "not_written", f"push: {large.status} {large.text[:200]}")
            run.claim("pushed" in large.json().get("detail", ""), f"no file named: {large.json().get('detail')}")
            run.claim("retry-after" in large.headers, "503 without Retry-After")
            last = reindex(disk)
            run.says(f"reindex {last['state']}: {str(last.get('error')).replace(str(disk.folder), '…')}")
            run.claim(last["state"] == "failed" and "MB" in str(last["error"]), f"reindex: {last['state']}, {last.get('error')}")
            run.claim(disk.ask(ordinary(0)).status == 200, "searches fail")
            filler.unlink()
            again = put(disk, "n3", article("다시 소식"), "?refresh=true")
            run.claim(again.status == 200, f"with room again: {again.status} {again.text[:200]}")
            disk.kill()
            disk.start()
            got = [disk.ask(f"/api/articles/{name}").status for name in ("n1", "n2", "n3")]
            run.claim(got == [200, 404, 200], f"after kill -9: {got}")
            run.says(f"with room again {again.status}; after kill -9 {got}")
        finally:
            if disk.process:
                disk.kill()
            stack.close()
            shutil.rmtree(disk.folder, ignore_errors=True)


@row("two servers over one folder")
def two_servers(run):
    """A second server over the same index folder, and one with an index of its own over the same articles.

    Both refuse and name the lock; the first goes on, and takes what is pushed.
    """
    with run.server() as server:
        own = {"GISA_LISTEN": f"{HOST}:0"}
        for name, more, lock in (("index", {}, "LOCK"), ("articles", {"GISA_INDEX_DIR": str(server.folder / "other")}, "pushed/.LOCK")):
            try:
                code, text = server.run("serve", timeout=60, environment=own | more)
            except subprocess.TimeoutExpired:
                run.claim(False, f"a second server over the same {name} serves")
                continue
            text = text.replace(str(server.folder), "…").strip()
            run.claim(code != 0 and lock in text, f"{name}: exit code {code}, {text[-200:]}")
            run.says(f"{name}: exit code {code}, {text[-160:]!r}")
        code, text = server.run("reindex")
        run.claim(code != 0, "`gisa reindex` beside a server is not refused")
        run.claim(put(server, "n1", article("둘째 소식"), "?refresh=true").status == 200, "the first takes no pushes any more")


def in_service(server):
    return server.folder / "index" / (server.folder / "index/CURRENT").read_text().strip()


@row("older index, damaged index")
def older_index(run):
    """An index of an earlier release (of tests/fixtures), one of another schema, one whose commit says other things, all of them damaged,
    jobs.json damaged, admin-token empty. Serving an old index while the next is built: cargo test --test process upgrade.

    The earlier one serves and says that it is out of date; where the current one cannot be read, the one before steps in and it is said;
    where none can, a new one is built; whatever else is damaged is said clearly or made anew.
    """
    before = ROOT / "tests/fixtures/index-before"

    def old(server):
        shutil.rmtree(server.folder / "data/articles")
        shutil.copytree(before / "articles", server.folder / "data/articles")
        current = (before / "CURRENT").read_text()
        shutil.copytree(before / "generation", server.folder / "index" / current.strip())
        (server.folder / "index/CURRENT").write_text(current)

    with run.server(before=old) as server:
        said = ready(server)
        run.says(f"earlier release: serves {said['articles']}, {said['out_of_date']!r}")
        run.claim(said["out_of_date"] and said["articles"] == 3 and total(server, "도서관") == 1, f"an earlier release's: {said}")

    def schema(text):
        meta = json.loads(text)
        meta["schema"][0]["name"] = "another"
        return json.dumps(meta)

    def payload(text):
        meta = json.loads(text)
        meta["payload"] = "{}"
        return json.dumps(meta)

    for name, change in (("schema", schema), ("payload", payload), ("half", lambda text: text[: len(text) // 2])):
        with run.server() as server:
            reindex(server)
            put(server, "n1", article("쿼크플라즈마"), "?refresh=true")
            server.kill()
            meta = in_service(server) / "meta.json"
            meta.write_text(change(meta.read_text()))
            seconds = server.start()
            said = ready(server)
            run.says(f"{name}: {str(said['damage'])[:110]!r}, serves in {seconds:.1f} s")
            run.claim(said["damage"] and said["generation"] != meta.parent.name, f"{name}: {said['damage']}, {said['generation']}")
            run.claim(total(server, "쿼크플라즈마") == 1 and total(server, "반도체") > 0, f"{name}: articles are missing")
            last = reindex(server)
            mended = last["state"] == "succeeded" and ready(server)["damage"] is None
            run.claim(mended, f"{name}: a reindex does not mend it: {last.get('error')}")
    with run.server() as server:
        reindex(server)
        server.kill()
        for meta in (server.folder / "index").glob("generation-*/meta.json"):
            meta.write_text("{")
        (server.folder / "index/jobs.json").write_bytes(os.urandom(200))
        seconds = server.start()
        run.says(f"all damaged, and jobs.json: built anew in {seconds:.1f} s")
        run.claim(total(server, "반도체") > 0, "all damaged: not built anew")
        run.claim(server.ask("/api/admin/jobs").status == 200, "jobs.json damaged: no list of jobs")

    def empty_token(server):
        (server.folder / "index").mkdir(exist_ok=True)
        (server.folder / "index/admin-token").write_text("")

    try:
        with run.server(before=empty_token, environment={}) as server:
            token = (server.folder / "index/admin-token").read_text().strip()
            run.says(f"empty admin-token: a new one of {len(token)} characters")
            empty = server.ask("/api/admin/jobs", token=None, headers={"Authorization": "Bearer "})
            run.claim(len(token) >= 16 or empty.status == 401, "an empty token lets in")
            run.claim(empty.status == 401, f"an empty token: {empty.status}")
    except RuntimeError as error:
        run.says("empty admin-token: refused, named")
        run.claim("admin-token" in str(error), f"empty admin-token: {error}")


@row("stray generation-*")
def stray(run):
    """Folders, files and links named generation-* that no release made, beside the index.

    What has another form of name is left alone; a link is unlinked and its target untouched; the index serves after restart and reindex,
    and no more than two generations stay.
    """
    with run.server() as server:
        index, outside = server.folder / "index", server.folder / "outside"
        outside.mkdir()
        (outside / "keep.txt").write_text("keep")
        (index / "generation-한글").mkdir()
        (index / "generation-with space").mkdir()
        (index / "generation-old").mkdir()
        (index / "generation-old.tar").write_text("x")
        (index / "generation-00000000-19990101T000000Z").symlink_to(outside)
        (index / "generation-99999999-20991231T000000Z").symlink_to(outside)
        reindex(server)
        server.kill()
        server.start()
        last = [reindex(server) for _ in range(2)][-1]
        run.claim(last["state"] == "succeeded", f"reindex: {last.get('error')}")
        server.kill()
        server.start()
        run.claim((outside / "keep.txt").exists() and len(list(outside.iterdir())) == 1, "the target of a link was touched")
        run.claim((index / "generation-한글").exists() and (index / "generation-with space").exists(), "unknown names were removed")
        run.claim(total(server, "반도체") > 0 and ready(server)["damage"] is None, f"damage: {ready(server)['damage']}")
        left = sorted(path.name for path in index.glob("generation-*"))
        built = [name for name in left if (index / name / "meta.json").exists()]
        run.says(f"serves without damage; targets untouched; {len(built)} generations; left besides: {', '.join(set(left) - set(built))}")
        why = re.findall("cannot remove [^\n]*", server.log().replace(str(server.folder), "…"))[-1:]
        run.claim(len(built) <= 2, f"{len(built)} generations stay: {', '.join(why)}")


# --- What is shown ------------------------------------------------------------------------------------------------------------------


@row("stored XSS in every field")
def stored_xss(run):
    """Markup in every field of an article must not run in any page. That needs a browser."""
    raise NotTried("in Chromium: cargo test --test page hostile (tests/page/hostile.rs)")


@row("CSV, Atom")
def csv_and_atom(run):
    """Articles whose fields are formulas, with ]]>, NUL, U+FFFE and bad addresses, as CSV and as feed.

    No cell begins like a formula; the feed is well-formed XML; an address that is none becomes one of gisa's own.
    """
    formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "=cmd|' /C calc'!A0", " =1"]
    ugly = ["]]> & <b> \"'", "영\0영", "끝\ufffe\uffff", "\x1b[31m\x7f\x85", "\u202e\u2028"]
    urls = ["javascript:alert(1)", "data:text/html,x", "http://", "//evil", "http://a b/", "ftp://a/", "vbscript:x", "http://[::1", "\x01"]
    with run.server() as server:
        for number, text in enumerate([*formulas, *ugly]):
            fields = {"outlet": text, "section": text, "reporters": [text], "url": urls[number % len(urls)]}
            name = text if text in formulas and not any(ord(one) < 32 for one in text) else f"ugly-{number}"
            content = json.dumps({"title": text, "body": f"{text} 쿼크플라즈마", **fields})
            answer = put(server, name, content)
            run.claim(answer.status == 200, f"{text!r}: {answer.status} {answer.text[:100]}")
        put(server, "last", article("끝"), "?refresh=true")
        for path in ("/export.csv", "/export.csv?columns=title,id,outlet,section,reporters,url,body"):
            answer = server.ask(path)
            rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"), newline="")))
            for cell in (cell for one in rows[1:] for cell in one):
                run.claim(not re.match("\\s*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]", cell), f"a cell begins with a formula: {cell[:20]!r}")
        run.claim(len(rows) > len(formulas), "articles are missing")
        answer = server.ask("/feed.atom?q=" + urllib.parse.quote("쿼크플라즈마"))
        try:
            feed = xml.etree.ElementTree.fromstring(answer.body)
            atom = "{http://www.w3.org/2005/Atom}"
            links = [link.get("href") for link in feed.iter(f"{atom}link")]
            run.claim(len(list(feed.iter(f"{atom}entry"))) == len(formulas) + len(ugly), "entries of the feed are missing")
            bad = [link for link in links if not re.match(r"https?://[^\s/]+/|\./", link)]
            run.claim(not bad, f"links of the feed: {bad[:3]}")
            run.says(f"{len(rows) - 1} rows without a formula, a well-formed feed with {len(links)} links, none of a bad address")
        except xml.etree.ElementTree.ParseError as error:
            run.claim(False, f"the feed is not well-formed: {error}")


@row("CORS")
def cors(run):
    """Origins that are like the listed one: null, longer, shorter, other scheme, port, case, a slash.

    Only the listed one gets a header; a preflight allows GET alone; Vary names the origin.
    """
    listed = "https://cms.example"
    others = ["null", "https://cms.example.evil.com", "https://evilcms.example", "https://xcms.example", "http://cms.example"]
    others += ["https://cms.example:8443", "https://CMS.example", "https://cms.example/", "https://cms.exampl"]
    others += ["https://cms.example,https://evil", "*", ""]
    with run.server(UNHURRIED + f'[embed]\ncors_origins = ["{listed}"]\n') as server:
        for origin in others:
            answer = server.ask("/api/search", headers={"Origin": origin}, token=None)
            run.claim("access-control-allow-origin" not in answer.headers, f"{origin!r} is allowed")
            run.claim("origin" in answer.headers.get("vary", "").lower(), f"{origin!r}: no Vary: {answer.headers.get('vary')}")
        answer = server.ask("/api/search", headers={"Origin": listed}, token=None)
        run.claim(answer.headers.get("access-control-allow-origin") == listed, "the listed origin is not allowed")
        run.claim("access-control-allow-credentials" not in answer.headers, "credentials are allowed")
        for path in ("/api/search", "/api/articles/x", "/api/admin/reindex"):
            asks = {"Origin": listed, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"}
            answer = server.ask(path, "OPTIONS", headers=asks, token=None)
            methods = {one.strip() for one in answer.headers.get("access-control-allow-methods", "").split(",")} - {""}
            run.claim(methods <= {"GET", "HEAD"}, f"{path}: a preflight allows {methods}")
        run.says(f"{len(others)} origins like the listed one tried; preflight {methods or 'nothing'}; Vary {answer.headers.get('vary')}")


@row("CSRF, clickjacking, headers")
def headers_of_answers(run):
    """Requests that a page elsewhere can make a browser send, pages in frames, headers made up to be repeated.

    A simple POST is refused (401), text/plain with a key too (415); every page forbids frames elsewhere, sets no cookie, redirects
    nowhere; a CR in a request id is 400; a forwarded prefix counts only from a listed proxy and only if it is a path; what depends on it
    is not cached.
    """
    with run.server(UNHURRIED + '[server]\ntrusted_proxies = ["127.0.0.9"]\n') as server:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            for path in ("/api/articles", "/api/admin/reindex", "/api/admin/lexicon/reload", "/api/admin/restore"):
                answer = server.ask(path, "POST", "a=b", {"Content-Type": kind, "Origin": "https://evil.example"}, token=None)
                run.claim(answer.status == 401, f"POST {path} as {kind}: {answer.status}")
        for path, body in (("/api/articles", article("가")), ("/api/admin/restore", '{"backup": "/x"}')):
            answer = server.ask(path, "POST", body, {"Content-Type": "text/plain"})
            run.claim(answer.status == 415, f"text/plain to {path} with a key: {answer.status}")
        for path in ("/", "/help", "/docs", "/docs/embed", "/analyze", "/searches", "/trends", "/quotes", "/embed", "/sign-in", "/nowhere"):
            answer = server.ask(path, token=None, headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"})
            run.claim("frame-ancestors" in answer.headers.get("content-security-policy", ""), f"{path}: no frame-ancestors")
            run.claim(answer.headers.get("x-content-type-options") == "nosniff", f"{path}: no nosniff")
            run.claim("set-cookie" not in answer.headers and "location" not in answer.headers, f"{path}: a cookie or a redirect")
            run.claim("evil" not in answer.text, f"{path}: repeats a forwarded header")
        for value in (b"a\rb", b"a\0b"):
            came, closed = raw(server, b"GET /live HTTP/1.1\r\nHost: a\r\nx-request-id: " + value + b"\r\n\r\n")
            run.claim(statuses(came) == [400] and closed, f"x-request-id {value}: {statuses(came)}")
        answer = server.ask("/live", headers={"x-request-id": "<script>" + "x" * 500})
        run.claim("<script>" not in answer.headers.get("x-request-id", ""), "a malformed request id is repeated")
        for prefix in ("//evil.example", "/\"><script>", "https://evil.example", "/a/../../b", "/evil\\"):
            for source in (HOST, "127.0.0.9"):
                asked = {"X-Forwarded-Prefix": prefix, "X-Forwarded-Proto": "https"}
                answer = server.ask("/opensearch.xml", token=None, headers=asked, source=source)
                run.claim("evil" not in answer.text and "<script" not in answer.text, f"prefix {prefix!r} is repeated")
        answer = server.ask("/opensearch.xml", token=None, headers={"X-Forwarded-Prefix": "/news"}, source="127.0.0.9")
        run.claim("/news/" in answer.text, "a listed proxy's prefix does not count")
        run.claim("no-store" in answer.headers.get("cache-control", ""), f"opensearch.xml: {answer.headers.get('cache-control')}")
        run.claim("x-forwarded-prefix" in answer.headers.get("vary", "").lower(), f"opensearch.xml: Vary {answer.headers.get('vary')}")
    run.says("simple POSTs 401, text/plain with a key 415; no cookie, no redirect, no header repeated" if not run.faults else "tried")


@row("secrets in log, metrics, errors")
def secrets(run):
    """Right, wrong and nearly right tokens and a key, as bearer, Basic, in addresses and bodies, at log level debug.

    Neither the token nor the key stands in the log, the audit log, /metrics, /ready, an error or a file but its own.
    """
    with run.server('level = "debug"\naudit_file = "audit.jsonl"\n' + UNHURRIED) as server:
        code, text = server.run("key", "add", "cms", "--scope", "push")
        found = re.findall(r"\b[A-Za-z0-9_\-]{20,}\b", text)
        run.claim(code == 0 and found, f"no key: {text}")
        key = max(found, key=len)
        put(server, "n1", article("가"))
        answers = []
        for secret in (TOKEN, key):
            basic = base64.b64encode(f"any:{secret}".encode()).decode()
            places = [("/api/admin/jobs", "GET"), ("/api/articles/n1", "DELETE"), ("/api/articles/n2", "PUT"), ("/nowhere", "GET")]
            for path, method in places:
                for scheme in (f"Bearer {secret}", f"Basic {basic}", f"bearer {secret[:-1]}", f"Token {secret}", secret):
                    body = "{" if method == "PUT" else None
                    answers.append(server.ask(path, method, body, {"Authorization": scheme, **JSON}, token=None))
            for path in (f"/api/search?token={secret}", f"/?key={secret}", "/api/articles/x?refresh=x"):
                answers.append(server.ask(path))
            form = {"Content-Type": "application/x-www-form-urlencoded"}
            answers.append(server.ask("/sign-in", "POST", f"key={secret}x", form, token=None))
        reindex(server)
        shown = {name: server.ask(name).text for name in ("/metrics", "/ready", "/version", "/api/admin/jobs")}
        shown["errors"] = "\n".join(answer.text for answer in answers if "token=" not in answer.text)
        shown["log"] = server.log()
        for path in server.folder.rglob("*"):
            if path.is_file() and path.stat().st_size < 1 << 20 and path.name not in ("gisa.log",):
                shown[str(path.relative_to(server.folder))] = path.read_text("utf-8", "replace")
        run.claim(any(name.startswith("audit") for name in shown), "no audit log was written")
        for name, content in shown.items():
            for kind, secret in (("token", TOKEN), ("key", key)):
                run.claim(secret not in content, f"the {kind} is in {name}: …{content[max(0, content.find(secret) - 80):][:90]!r}")
        modes = {name: oct((server.folder / name).stat().st_mode & 0o777) for name in ("data/keys.toml",)}
        run.claim(set(modes.values()) == {"0o600"}, f"modes {modes}")
        run.says(f"{len(answers)} requests, {len(shown)} places looked through: {'0 found' if not run.faults else 'found'}")


@contextlib.contextmanager
def as_user(run, environment, user):
    """A server of that user, who must be allowed to run the program."""
    try:
        server = run.server(environment=environment, user=user).__enter__()
    except PermissionError as error:
        raise NotTried("the program stands where another user may not run it") from error
    try:
        yield server
    finally:
        server.__exit__()


@row("environment: another user, no HOME, LC_ALL=C, odd TZ; stop beside hanging clients")
def environment(run):
    """The server as a user without rights, without HOME, with LC_ALL=C and an odd time zone; then told to stop while clients hold idle
    sockets, half heads, half bodies, unread exports and streams.

    The same answers in Korean time; it ends within 10 s with code 0, and everything acknowledged is there.
    """
    asked = [ordinary(n) for n in range(6)] + ["/api/facets/day", "/api/facets/outlet"]
    asked.append(target("", **{"from": "2025-06-12", "to": "2025-06-12"}))

    def answers(server):
        kept = []
        for path in asked:
            content = server.ask(path).json()
            for name in ("took_ms", "generation", "next_cursor"):
                content.pop(name, None)
            kept.append(content)
        return json.dumps(kept, ensure_ascii=False)

    with run.server() as server:
        usual = answers(server)
    odd = {"LC_ALL": "C", "TZ": "XXX-13:37", "GISA_ADMIN_TOKEN": TOKEN}
    user = 65534 if os.getuid() == 0 else None
    home = os.environ.pop("HOME", None)
    try:
        with as_user(run, odd, user) as server:
            run.claim(re.sub(r'"score": [\d.]+', "", answers(server)) == re.sub(r'"score": [\d.]+', "", usual), "other answers")
            put(server, "n1", article("쿼크플라즈마"))
            streams = []
            key = f"Authorization: Bearer {TOKEN}\r\n"
            texts = [
                "",
                "GET /live HTTP/1.1\r\nHost:",
                f"PUT /api/articles/half HTTP/1.1\r\nHost: a\r\n{key}Content-Length: 1000\r\n\r\n{{",
                f"POST /api/articles HTTP/1.1\r\nHost: a\r\n{key}Content-Type: application/x-ndjson\r\n"
                "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
                "GET /export.csv HTTP/1.1\r\nHost: a\r\n\r\n",
                f"POST /api/admin/reindex?follow=true HTTP/1.1\r\nHost: a\r\n{key}Content-Length: 0\r\n\r\n",
                "GET /live HTTP/1.1\r\nHost: a\r\n\r\n",
            ]
            for text in texts * 5:
                stream = server.socket()
                stream.sendall(text.encode())
                streams.append(stream)
            last = put(server, "n2", article("쿼크플라즈마")).status
            code, seconds = server.stop(20)
            run.says(f"{'as another user' if user else 'as this user'}, without HOME: answers compared")
            run.says(f"stopped in {seconds:.1f} s with code {code} beside {len(streams)} clients")
            run.claim(code == 0 and seconds <= 10, f"stopped in {seconds:.1f} s with code {code}")
            [stream.close() for stream in streams]
            server.start()
            run.claim(last == 200 and total(server, "쿼크플라즈마") == 2, "a push before the stop is gone")
    finally:
        if home is not None:
            os.environ["HOME"] = home
    if user is None:
        run.untried.append("as another user, which needs root")


# --- The table ----------------------------------------------------------------------------------------------------------------------

IDLE = 20


class Archive:
    """The server over FOLDER, which several rows use; started when the first one asks."""

    def __init__(self, arguments):
        self.server = Server(
            arguments.program, arguments.data, settings=f"{UNHURRIED}[server]\nidle_timeout_s = {IDLE}\n"
        )
        self.started = False

    def __call__(self):
        if not self.started:
            self.started = True
            self.server.__enter__()
        return self.server

    def end(self):
        if self.started:
            self.started = False
            self.server.__exit__()


def cell(text):
    return re.sub(r"\s+", " ", text.replace("|", "\\|"))


def attempt(attack, function, arguments, archive):
    """Takes one row and prints it; whether it is as good as before."""
    run, began = Run(arguments, archive), time.monotonic()
    try:
        function(run)
    except NotTried as reason:
        run.untried.append(str(reason))
    except Exception as error:
        traceback.print_exc()
        run.claim(False, f"it ended early: {type(error).__name__} {error}")
    verdict = "no: " + "; ".join(run.faults[:8]) + (f"; and {len(run.faults) - 8} more" if len(run.faults) > 8 else "")
    if not run.faults:
        verdict = "yes" if run.came else "not tried"
        verdict += f"; not tried: {'; '.join(run.untried)}" if run.came and run.untried else ""
        verdict += f": {'; '.join(run.untried)}" if not run.came else ""
    print(f"| {cell(attack)} | {cell('; '.join(run.came) or '–')} | {cell(verdict)} |", flush=True)
    print(f"{function.__name__}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return not run.faults


def end(*_):
    """Ends with everything tidied up, also where the signal comes twice, as from `timeout`."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [function.__name__ for _, function, _ in ROWS]
    parser.add_argument("program", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", default=names, help=", ".join(names))
    parser.add_argument("--quick", action="store_true", help="small numbers everywhere")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, end)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    chosen = [one for one in ROWS if one[1].__name__ in arguments.only]
    archive, good, before = Archive(arguments), True, os.getloadavg()[0]
    print("| attack | what came now | as good as before |\n|---|---|---|", flush=True)
    try:
        for number, (attack, function, _) in enumerate(chosen):
            good &= attempt(attack, function, arguments, archive)
            if not any(uses for _, _, uses in chosen[number + 1 :]):
                archive.end()
    finally:
        archive.end()
    print(f"\nProcesses that wanted a processor: {before:.1f} before, {os.getloadavg()[0]:.1f} at the end, of {os.cpu_count()} cores.")
    sys.exit(not good)


if __name__ == "__main__":
    main()
