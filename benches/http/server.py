"""A server over a copy of a data folder, its readers and its floods: what `abuse.py` and `held_up.py` share."""

import contextlib
import http.client
import json
import os
import pathlib
import random
import resource
import selectors
import shutil
import socket
import subprocess
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


class Answer:
    """What came back: status, headers (names in lower case), body, and how long it took."""

    def __init__(self, status, headers, body, milliseconds):
        self.status, self.headers, self.body, self.milliseconds = status, headers, body, milliseconds

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)


class Server:
    """A server over a copy of a data folder. It can be killed and started again over the same folder."""

    def __init__(self, program, data, files=None, settings="", environment=None, before=None, user=None):
        self.program, self.data, self.files, self.settings = program, data, files, settings
        self.environment = {"GISA_ADMIN_TOKEN": TOKEN} if environment is None else environment
        self.before, self.user, self.process = before, user, None

    def __enter__(self):
        try:
            self.prepare()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def prepare(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gisa-abuse-"))
        shutil.copytree(self.data / "articles", self.folder / "data" / "articles")
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        self.config = self.folder / "config.toml"
        self.config.write_text(f'listen = "{HOST}:{self.port}"\n[log]\nfile = "gisa.log"\n{self.settings}', encoding="utf-8")
        if self.before:
            self.before(self)
        if self.user:
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, self.user, self.user, follow_symlinks=False)

    def variables(self):
        return {name: value for name, value in os.environ.items() if not name.startswith("GISA_")} | self.environment

    def start(self):
        """Starts it and waits until it is ready; the seconds that this took."""

        def limit():
            if self.files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (self.files, self.files))
            if self.user:
                os.setgroups([])
                os.setgid(self.user)
                os.setuid(self.user)

        began = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "--config", self.config, "serve"],
            env=self.variables(),
            cwd=self.folder,
            preexec_fn=limit,
            stderr=subprocess.DEVNULL,
        )
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log()}")
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get("/ready")[0] == 200:
                    return time.monotonic() - began
            time.sleep(0.02 if time.monotonic() - began < 2 else 0.2)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, patience=15):
        """Asks it to end; the seconds that this took and its exit code."""
        began = time.monotonic()
        self.process.terminate()
        return self.process.wait(patience), time.monotonic() - began

    def __exit__(self, *_):
        try:
            if self.process and self.process.poll() is None:
                self.stop()
        finally:
            if self.process:
                self.kill()
            shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments, timeout=120, environment=None):
        """A command of the program over the same folders: exit code, output and errors."""
        done = subprocess.run(
            [self.program, "--config", self.config, *arguments],
            env=self.variables() | (environment or {}),
            cwd=self.folder,
            capture_output=True,
            timeout=timeout,
        )
        return done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace")

    def connection(self, source=HOST, timeout=30):
        return http.client.HTTPConnection(HOST, self.port, timeout=timeout, source_address=(source, 0))

    def ask(self, path, method="GET", body=None, headers=None, source=HOST, token=TOKEN, timeout=30):
        """The answer to a request on a connection of its own."""
        began = time.monotonic()
        connection = self.connection(source, timeout)
        try:
            key = {"Authorization": f"Bearer {token}"} if token else {}
            connection.request(method, path, body, {**key, **(headers or {})})
            answer = connection.getresponse()
            content = answer.read()
            names = {}
            for name, value in answer.getheaders():
                names[name.lower()] = f"{names[name.lower()]}, {value}" if name.lower() in names else value
            return Answer(answer.status, names, content, (time.monotonic() - began) * 1000)
        finally:
            connection.close()

    def get(self, path, source=HOST, method="GET", body=None, headers=None):
        """Status, body and milliseconds of a request on a connection of its own."""
        answer = self.ask(path, method, body, headers, source)
        return answer.status, answer.body, answer.milliseconds

    def socket(self, source=HOST):
        return socket.create_connection((HOST, self.port), timeout=30, source_address=(source, 0))

    def status(self, name):
        """A figure of the kernel's, in MB: RssAnon, VmRSS, VmHWM."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split(f"{name}:")[1].split()[0]) // 1024

    def memory(self):
        """Anonymous resident memory, in MB."""
        return self.status("RssAnon")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def maps(self):
        return len(pathlib.Path(f"/proc/{self.process.pid}/maps").read_text().splitlines())

    def series(self):
        return len(self.get("/metrics")[1].splitlines())

    def log(self):
        with contextlib.suppress(FileNotFoundError):
            return (self.folder / "gisa.log").read_text("utf-8", "replace")
        return ""

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
            except (OSError, http.client.HTTPException):
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
