#!/usr/bin/env python3
"""Abuses a server and watches what an ordinary reader, the probes and the process feel of it.

    benches/http/abuse.py fairness PROGRAM --data FOLDER [--connections 1000] [--seconds 20]
    benches/http/abuse.py idle     PROGRAM --data FOLDER [--connections 2000]
    benches/http/abuse.py hostile  PROGRAM --data FOLDER [--requests 1000000]
    benches/http/abuse.py soak     PROGRAM --data FOLDER [--minutes 60]
    benches/http/abuse.py saved    PROGRAM --data FOLDER [--searches 1000] [--seconds 30]

PROGRAM is a gisa program, FOLDER holds articles/. The folder is copied; everything is gone at the end.

fairness: clients at 127.0.0.1 keep CONNECTIONS connections busy with the worst queries, a reader at 127.0.0.2 searches.
idle:     CONNECTIONS sockets, half of them with half a head, while the server may open 1,024 files.
hostile:  requests that no client should send, of six shapes, pipelined: series of metrics, memory, log before and after.
soak:     pushes, reindexes, exports, a client that floods and one that does not read, all at once: a line a minute.
saved:    SEARCHES saved searches with a webhook each, 100 pushes a second, a reader: how long after the answer to its push a hit was
          delivered, and what the reader feels of it. Each article is what ten of the searches look for.

Linux and Python's standard library alone.
"""

import argparse
import contextlib
import http.client
import http.server
import json
import pathlib
import resource
import signal
import sys
import threading
import time

from server import HOST, READER, WORDS, Reader, Server, flood, line, ordinary, quantile

def fairness(arguments):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with Server(arguments.program, arguments.data) as server:
        with Reader(server, READER, ordinary, 0.02) as alone:
            time.sleep(arguments.seconds / 4)
        print(line("reader alone", alone.take()))
        statuses = {}
        heavy = threading.Thread(
            target=flood, args=(server, arguments.connections, arguments.seconds + 2, HOST, statuses), daemon=True
        )
        heavy.start()
        time.sleep(2)
        with Reader(server, READER, ordinary, 0.02) as reader, Reader(server, READER, lambda _: "/live", 0.05) as live:
            time.sleep(arguments.seconds)
        print(line(f"reader beside {arguments.connections} connections of the worst queries", reader.take()))
        print(line("/live meanwhile", live.take()))
        heavy.join()
        print("the heavy client's answers:", dict(sorted(statuses.items())))


def idle(arguments):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with Server(arguments.program, arguments.data, files=1024) as server:
        before, sockets = server.memory(), []
        for number in range(arguments.connections):
            stream = server.socket()
            if number % 2:
                with contextlib.suppress(OSError):
                    stream.send(b"GET /live HTTP/1.1\r\nHost:")
            sockets.append(stream)
        for name, path in [("/live", "/live"), ("search", ordinary(0)), ("jobs", "/api/admin/jobs")]:
            answers = [server.get(path)[::2] for _ in range(50)]
            print(line(f"{name} beside {arguments.connections} idle sockets", answers))
        print(f"memory {before} → {server.memory()} MB, descriptors {server.descriptors()}")


SHAPES = [
    lambda n: f"M{n}{'X' * 105} /live HTTP/1.1\r\nHost: a\r\n\r\n",
    lambda n: f"GET /{n}{'x' * 100} HTTP/1.1\r\nHost: a\r\n\r\n",
    lambda n: f"GET /api/search?x{n}=1 HTTP/1.1\r\nHost: a{n}\r\n\r\n",
    lambda n: f"GET /live HTTP/1.1\r\nHost: a\r\nx-request-id: {n}{'y' * 100}\r\nx-{n}: 1\r\n\r\n",
    lambda n: f"GET /api/articles/{n} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}\r\n\r\n",
    lambda n: f"DELETE /api/articles/{n} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {n}\r\n\r\n",
]


def hostile(arguments):
    with Server(arguments.program, arguments.data) as server:
        def send(shape, count, first=0):
            stream, sent = server.socket(), first
            threading.Thread(target=lambda: drain(stream), daemon=True).start()
            while sent < first + count:
                try:
                    stream.sendall("".join(shape(sent + n) for n in range(200)).encode())
                    sent += 200
                except OSError:
                    stream = server.socket()
                    threading.Thread(target=lambda: drain(stream), daemon=True).start()
            stream.close()

        def drain(stream):
            with contextlib.suppress(OSError):
                while stream.recv(1 << 20):
                    pass

        for shape in SHAPES:
            send(shape, 200)
        server.series()
        before = (server.series(), server.memory(), server.log_bytes())
        began, each = time.monotonic(), arguments.requests // len(SHAPES)
        for shape in SHAPES:
            send(shape, each, 1000)
        after = (server.series(), server.memory(), server.log_bytes())
        print(f"{each * len(SHAPES)} hostile requests in {time.monotonic() - began:.0f} s")
        for name, was, now in zip(("lines of /metrics", "memory, MB", "bytes of log"), before, after):
            print(f"{name}: {was} → {now}")


def soak(arguments):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with Server(arguments.program, arguments.data) as server:
        stop, counts = threading.Event(), {"pushed": 0, "reindexes": 0, "exports": 0, "failed": 0}

        def repeat(pause, work):
            def run():
                number = 0
                while not stop.is_set():
                    try:
                        work(number)
                    except (OSError, http.client.HTTPException) as error:
                        counts["failed"] += 1
                        print("failed:", error)
                    number += 1
                    stop.wait(pause)

            threading.Thread(target=run, daemon=True).start()

        def push(number):
            article = {"title": f"속보 {number % 500} 제{number}판", "body": "가온시 소식이다. " * 20, "outlet": "새벽신문"}
            body = json.dumps(article)
            status = server.get(f"/api/articles/soak-{number % 500}", READER, "PUT", body, {"Content-Type": "application/json"})[0]
            counts["pushed" if status == 200 else "failed"] += 1

        def reindex(_):
            status, text, _ = server.get("/api/admin/reindex?follow=true", READER, "POST")
            last = text.decode().strip().splitlines()[-1]
            counts["reindexes" if status == 200 and '"succeeded"' in last else "failed"] += 1

        def export(_):
            counts["exports" if server.get("/export.csv", "127.0.0.3")[0] == 200 else "failed"] += 1

        def unread(_):
            stream = server.socket("127.0.0.4")
            stream.send(b"GET /export.csv HTTP/1.1\r\nHost: a\r\n\r\n")
            stop.wait(100)
            stream.close()

        repeat(0.05, push)
        repeat(45, reindex)
        repeat(20, export)
        repeat(1, unread)
        repeat(20, lambda _: flood(server, 64, 10, "127.0.0.5"))
        repeat(30, lambda n: [server.socket("127.0.0.6").send(SHAPES[n % 6](k).encode()) for k in range(200)])
        print("| minute | anonymous MB | descriptors | searches answered | p50 ms | p99 ms | pushed | reindexes | exports | failed |")
        print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
        with Reader(server, READER, ordinary, 0.05) as reader:
            for minute in range(1, arguments.minutes + 1):
                time.sleep(60)
                answers = reader.take()
                good = [milliseconds for status, milliseconds in answers if status == 200]
                print(
                    f"| {minute} | {server.memory()} | {server.descriptors()} | {len(good)} of {len(answers)} | "
                    f"{quantile(good, 0.5):.1f} | {quantile(good, 0.99):.1f} | {counts['pushed']} | "
                    f"{counts['reindexes']} | {counts['exports']} | {counts['failed']} |",
                    flush=True,
                )
        stop.set()


class Webhooks(http.server.BaseHTTPRequestHandler):
    """Notes when each hit comes."""

    protocol_version = "HTTP/1.1"
    came = {}

    def do_POST(self):
        hits = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["hits"]
        now = time.monotonic()
        for hit in hits:
            self.came.setdefault((self.path, hit["id"]), now)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Receiver(http.server.ThreadingHTTPServer):
    """Where the webhooks lead."""

    # The searches begin to deliver at the same moment.
    request_queue_size = 4096

    def handle_error(self, *_):
        """A connection that the server closes is not news."""


PUSHES_A_SECOND = 100
SEARCHES_A_HIT = 10


def saved(arguments):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    receiver = Receiver((HOST, 0), Webhooks)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with Server(arguments.program, arguments.data, settings=f'[alerts]\nallow_hosts = ["{HOST}"]\n') as server:
        json_body = {"Content-Type": "application/json"}

        def push(number, stored):
            words = " ".join(f"{WORDS[(number + k) % len(WORDS)]}정책{(number + k) % 100}" for k in range(3))
            group = number % (arguments.searches // SEARCHES_A_HIT)
            body = json.dumps({"title": f"속보 기획{group}호 {words}", "body": "가온시가 새 계획을 내놓았다. " * 20, "outlet": "새벽신문"})
            status = server.get(f"/api/articles/saved-{number}", "127.0.0.3", "PUT", body, json_body)[0]
            if status in (200, 201):
                stored[number] = time.monotonic()

        def pushing(seconds):
            """Pushes from eight threads at even steps; when each was acknowledged."""
            stored, began = {}, time.monotonic()

            def run(thread):
                for number in range(thread, int(seconds * PUSHES_A_SECOND), 8):
                    time.sleep(max(0, began + number / PUSHES_A_SECOND - time.monotonic()))
                    push(first + number, stored)

            threads = [threading.Thread(target=run, args=(thread,)) for thread in range(8)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            print(f"{len(stored)} articles in {time.monotonic() - began:.1f} s")
            return stored

        first = 0
        with Reader(server, READER, ordinary, 0.02) as reader:
            pushing(arguments.seconds)
        print(line("reader beside the pushes, no searches saved", reader.take()))
        for number in range(arguments.searches):
            group = number % (arguments.searches // SEARCHES_A_HIT)
            deliver = [{"kind": "webhook", "url": f"http://{HOST}:{receiver.server_port}/{number}"}]
            body = json.dumps({"title": f"기획 {group}", "params": {"q": f"기획{group}호 속보"}, "deliver": deliver})
            status, text, _ = server.get(f"/api/searches/s{number}", HOST, "PUT", body, json_body)
            if status != 201:
                sys.exit(f"a search cannot be saved: {text.decode()}")
        first = int(arguments.seconds * PUSHES_A_SECOND)
        with Reader(server, READER, ordinary, 0.02) as reader:
            stored = pushing(arguments.seconds)
        print(line(f"reader beside the pushes and {arguments.searches} saved searches", reader.take()))
        wanted = {
            (f"/{search}", f"saved-{number}"): at
            for number, at in stored.items()
            for search in range(number % (arguments.searches // SEARCHES_A_HIT), arguments.searches, arguments.searches // SEARCHES_A_HIT)
        }
        ends = time.monotonic() + 120
        while len(Webhooks.came.keys() & wanted.keys()) < len(wanted) and time.monotonic() < ends:
            time.sleep(0.2)
        waited = [Webhooks.came[key] - at for key, at in wanted.items() if key in Webhooks.came]
        print(
            f"{len(waited)} of {len(wanted)} hits delivered; after the answer to the push: p50 {quantile(waited, 0.5):.2f} s, "
            f"p99 {quantile(waited, 0.99):.2f} s, longest {max(waited, default=float('nan')):.2f} s"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["fairness", "idle", "hostile", "soak", "saved"])
    parser.add_argument("program", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--searches", type=int, default=1000)
    parser.add_argument("--minutes", type=int, default=60)
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    {"fairness": fairness, "idle": idle, "hostile": hostile, "soak": soak, "saved": saved}[arguments.what](arguments)


if __name__ == "__main__":
    main()
