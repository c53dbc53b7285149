"""A server over a copy of a data folder, its readers and its floods: what `abuse.py` and `held_up.py` share."""

import contextlib
import http.client
import os
import pathlib
import random
import resource
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HOST = "127.0.0.1"
READER = "127.0.0.2"
TOKEN = "abuse-token-0123456789"
WORDS = "반도체 부동산 대책 금리 인상 수출 정부 대통령 국회 경제 은행 시장 기업 사고 공사 예산 축제 선거 병원 학교".split()
ORDINARY = ["반도체", "부동산 대책", "손흥민", "한국은행", '"역대 최대"', "3차 상법 개정 자사주 소각은 언제부터 의무화되나"]


def target(query, **parameters):
    return "/api/search?" + urllib.parse.urlencode({"q": query, **parameters})


def worst(chance):
    words = chance.sample(WORDS, len(WORDS))
    return target(" OR ".join(words), facets="outlet,day", group="similar", explain="true", size=100)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


class Server:
    """A server over a copy of a data folder."""

    def __init__(self, program, data, files=None, settings=""):
        self.program, self.data, self.files, self.settings = program, data, files, settings

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gisa-abuse-"))
        shutil.copytree(self.data / "articles", self.folder / "data" / "articles")
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        settings = self.folder / "config.toml"
        settings.write_text(f'listen = "{HOST}:{self.port}"\n[log]\nfile = "gisa.log"\n{self.settings}', encoding="utf-8")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GISA_")}
        environment["GISA_ADMIN_TOKEN"] = TOKEN
        limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (self.files, self.files))) if self.files else None
        self.process = subprocess.Popen(
            [self.program, "--config", settings, "serve"], env=environment, preexec_fn=limit, stderr=subprocess.DEVNULL
        )
        while True:
            if self.process.poll() is not None:
                sys.exit(f"the server ended: {(self.folder / 'gisa.log').read_text()}")
            with contextlib.suppress(OSError):
                if self.get("/ready")[0] == 200:
                    return self
            time.sleep(0.2)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        finally:
            self.process.kill()
            shutil.rmtree(self.folder, ignore_errors=True)

    def connection(self, source=HOST, timeout=30):
        return http.client.HTTPConnection(HOST, self.port, timeout=timeout, source_address=(source, 0))

    def get(self, path, source=HOST, method="GET", body=None, headers=None):
        """Status, body and milliseconds of a request on a connection of its own."""
        began = time.monotonic()
        connection = self.connection(source)
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {TOKEN}", **(headers or {})})
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, text, (time.monotonic() - began) * 1000
        finally:
            connection.close()

    def socket(self, source=HOST):
        return socket.create_connection((HOST, self.port), timeout=30, source_address=(source, 0))

    def memory(self):
        """Anonymous resident memory, in MB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("RssAnon:")[1].split()[0]) // 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def series(self):
        return len(self.get("/metrics")[1].splitlines())

    def log_bytes(self):
        return (self.folder / "gisa.log").stat().st_size


class Reader:
    """Searches one after another and keeps statuses and times."""

    def __init__(self, server, source, choose, pause):
        self.server, self.source, self.choose, self.pause = server, source, choose, pause
        self.answers = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self):
        number = 0
        while not self.stop.is_set():
            try:
                status, _, milliseconds = self.server.get(self.choose(number), self.source)
            except OSError:
                status, milliseconds = 0, float("nan")
            self.answers.append((status, milliseconds))
            number += 1
            self.stop.wait(self.pause)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(60)

    def take(self):
        taken, self.answers = self.answers, []
        return taken


def line(name, answers):
    good = [milliseconds for status, milliseconds in answers if status == 200]
    return (
        f"{name}: {len(good)} of {len(answers)} answered, p50 {quantile(good, 0.5):.1f} ms, "
        f"p99 {quantile(good, 0.99):.1f} ms, longest {max(good, default=float('nan')):.1f} ms"
    )


def ordinary(number):
    return target(ORDINARY[number % len(ORDINARY)])


def flood(server, connections, seconds, source=HOST, status=None):
    """Keeps connections busy with the worst queries: sends again as soon as an answer, or a refusal, has come."""
    chance, selector, ends = random.Random(7), selectors.DefaultSelector(), time.monotonic() + seconds

    def ask(stream):
        with contextlib.suppress(OSError):
            stream.send(f"GET {worst(chance)} HTTP/1.1\r\nHost: a\r\n\r\n".encode())

    def add():
        with contextlib.suppress(OSError):
            stream = server.socket(source)
            stream.setblocking(False)
            selector.register(stream, selectors.EVENT_READ)
            ask(stream)

    while time.monotonic() < ends:
        while len(selector.get_map()) < connections and time.monotonic() < ends:
            add()
        for key, _ in selector.select(0.1):
            try:
                answer = key.fileobj.recv(1 << 20)
            except OSError:
                answer = b""
            if not answer:
                selector.unregister(key.fileobj)
                key.fileobj.close()
                continue
            if answer.startswith(b"HTTP/1.1 "):
                code = answer[9:12].decode()
                if status is not None:
                    status[code] = status.get(code, 0) + 1
                    if code == "503" and b"retry-after" not in answer.lower():
                        status["503 without Retry-After"] = status.get("503 without Retry-After", 0) + 1
                ask(key.fileobj)
    for key in list(selector.get_map().values()):
        key.fileobj.close()
