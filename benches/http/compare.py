#!/usr/bin/env python3
"""Compares two gisa programs on one data folder: reindexing, searching over HTTP, and size.

    benches/http/compare.py BEFORE AFTER --data FOLDER

BEFORE and AFTER are two gisa programs, both built in the same way; FOLDER holds articles/, and lexicon/ if there is one.
Each round lets both build an index in a fresh folder, serves both indexes, and asks both servers the queries of queries.txt
over one connection each, in turn, query by query. The order changes with every query and round, so that a machine that
becomes slower or faster meanwhile treats both alike. It prints medians over the rounds, as Markdown. benches/README.md says
how to read them.

Only Python's standard library is used. Servers listen on 127.0.0.1 alone. FOLDER is only read: each program works on a copy
of it in the temporary folder (TMPDIR), because a server locks its data folder. Copies, indexes, logs and servers are gone at
the end, also after an error, Ctrl-C or SIGTERM.
"""

import argparse
import contextlib
import dataclasses
import datetime
import http.client
import math
import os
import pathlib
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

QUERIES = pathlib.Path(__file__).with_name("queries.txt")

# Nothing waits longer than this, in seconds.
LONGEST_REINDEX = 3600
LONGEST_START = 120
LONGEST_STOP = 30
LONGEST_ANSWER = 30

# Asked before each measurement and not counted, in seconds: caches and clock frequencies settle.
WARM_UP = 0.3

# A 99th percentile of fewer answers than this says little.
FEWEST_ANSWERS = 20

SETTINGS = """\
listen = "127.0.0.1:{port}"
data_dir = "{data}"
index_dir = "{index}"

[log]
level = "warn"
"""


@dataclasses.dataclass(frozen=True)
class Query:
    """A line of queries.txt."""

    name: str
    of_the_six: bool
    target: str


@dataclasses.dataclass(frozen=True)
class Reindex:
    """One reindex: wall clock and processor time in seconds, memory and index size in bytes."""

    seconds: float
    user_seconds: float
    peak_bytes: int
    index_bytes: int


@dataclasses.dataclass(frozen=True)
class Latency:
    """One query in one round: percentiles in milliseconds, and the total that the answer gives."""

    p50: float
    p99: float
    total: str


class Program:
    """One of the two programs, its folder, and everything measured of it."""

    def __init__(self, label, path, folder):
        self.label = label
        self.path = path
        self.folder = folder
        self.folder.mkdir()
        self.data = folder / "data"
        self.index = folder / "index"
        self.settings = folder / "config.toml"
        self.reindexes = []
        self.latencies = {}
        self.server_peaks = []

    def copy(self, data):
        """Copies what a reindex reads of a data folder."""
        for name in ("articles", "lexicon"):
            if (data / name).is_dir():
                shutil.copytree(data / name, self.data / name)

    def configure(self, port):
        """Writes the settings of the next command."""
        self.settings.write_text(SETTINGS.format(port=port, data=self.data, index=self.index), encoding="utf-8")

    def command(self, verb):
        return [str(self.path), "--config", str(self.settings), verb]

    def environment(self):
        """The environment without settings that would overrule the file."""
        return {name: value for name, value in os.environ.items() if not name.startswith("GISA_")}


class Failed(Exception):
    """Why there is nothing to compare."""


class Interrupted(Exception):
    """A signal asks for the end."""


def read_queries(path):
    """The queries of a file in the format that queries.txt explains."""
    queries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        marked = line.startswith("*")
        name, _, readable = line.lstrip("* ").partition("  ")
        pairs = [pair.partition("=") for pair in readable.strip().split("&")]
        if not name or any(not key or not equals for key, equals, _ in pairs):
            raise Failed(f"{path}:{number}: expected a name, two spaces and parameters, found {line!r}")
        encoded = "&".join(f"{key}={urllib.parse.quote(value, safe=',')}" for key, _, value in pairs)
        queries.append(Query(name, marked, f"/api/search?{encoded}"))
    return queries


def stop(process):
    """Asks a process to end, and kills it where it does not."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def started(command, environment, log):
    """Runs a command with its output in a file, and ends it on the way out."""
    with open(log, "wb") as output:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            yield process
        finally:
            stop(process)


def tail(log):
    """The last lines of a log, for a message."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(lines[-10:])


def reindex(program):
    """Builds an index in a fresh folder."""
    shutil.rmtree(program.index, ignore_errors=True)
    program.configure(port=0)
    log = program.folder / "reindex.log"
    began = time.monotonic()
    with started(program.command("reindex"), program.environment(), log) as process:
        # wait4 alone tells the processor time and memory of this one process.
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - began > LONGEST_REINDEX:
                raise Failed(f"{program.label}: a reindex took more than {LONGEST_REINDEX} s")
            time.sleep(0.01)
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(f"{program.label}: the reindex failed ({process.returncode}):\n{tail(log)}")
    # Without what is unpacked or made once: the dictionary, the lock, the token.
    size = sum(file.stat().st_size for file in program.index.glob("generation-*/**/*") if file.is_file())
    program.reindexes.append(Reindex(seconds, usage.ru_utime, usage.ru_maxrss * 1024, size))


def free_port():
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(program, process, port, log):
    """Returns when the server takes searches."""
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Failed(f"{program.label}: the server ended ({process.returncode}):\n{tail(log)}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST_ANSWER)
        try:
            connection.request("GET", "/api/search?size=0")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    raise Failed(f"{program.label}: the server was not ready after {LONGEST_START} s:\n{tail(log)}")


class Connection:
    """One connection that is kept, and as little Python as possible between a request and its answer."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LONGEST_ANSWER)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        self.socket.close()

    def ask(self, request):
        """Sends a request and returns the answer's head and body."""
        self.socket.sendall(request)
        received = self.socket.recv(1 << 18)
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self.more()
        head = received[:end].lower()
        begin = head.find(b"\r\ncontent-length:")
        if begin < 0:
            raise Failed(f"an answer without its length: {head!r}")
        length = int(head[begin + 17 :].split(b"\r\n", 1)[0])
        while len(received) < end + 4 + length:
            received += self.more()
        return head, received[end + 4 :]

    def more(self):
        received = self.socket.recv(1 << 18)
        if not received:
            raise Failed("the server closed the connection")
        return received


def total_of(head, body, query):
    """The total in an answer, as it is written there."""
    if not head.startswith(b"http/1.1 200"):
        raise Failed(f"{query.name}: {head.splitlines()[0].decode()} {body[:500].decode(errors='replace')}")
    return body.partition(b'"total":')[2].split(b",", 1)[0].decode()


def percentile(ordered, share):
    """The smallest value that at least this share of the values does not exceed."""
    return ordered[math.ceil(share * len(ordered)) - 1]


def measure(connection, query, seconds):
    """Asks one query again and again for some seconds."""
    request = f"GET {query.target} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: application/json\r\n\r\n".encode()
    clock = time.perf_counter_ns
    total = total_of(*connection.ask(request), query)
    settled = clock() + int(WARM_UP * 1e9)
    while clock() < settled:
        connection.ask(request)

    taken = []
    now = clock()
    until = now + int(seconds * 1e9)
    while now < until or len(taken) < FEWEST_ANSWERS:
        began = now
        head, body = connection.ask(request)
        now = clock()
        taken.append(now - began)
    if total_of(head, body, query) != total:
        raise Failed(f"{query.name}: the total changed while it was measured")
    taken.sort()
    return Latency(percentile(taken, 0.50) / 1e6, percentile(taken, 0.99) / 1e6, total)


def peak_memory(process):
    """The most memory that a running process has held, in bytes; none where the system does not tell."""
    try:
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None


def search(programs, queries, seconds):
    """Serves the indexes of both programs and asks each query of one after the other."""
    with contextlib.ExitStack() as stack:
        connections = []
        processes = []
        for program in programs:
            port = free_port()
            program.configure(port)
            log = program.folder / "serve.log"
            process = stack.enter_context(started(program.command("serve"), program.environment(), log))
            wait_until_ready(program, process, port, log)
            processes.append(process)
            connections.append(stack.enter_context(contextlib.closing(Connection(port))))
        pairs = list(zip(programs, connections))
        for query in queries:
            for program, connection in pairs:
                program.latencies.setdefault(query.name, []).append(measure(connection, query, seconds))
            # Neither program is always the one that asks a query first.
            pairs.reverse()
        for program, process in zip(programs, processes):
            if (peak := peak_memory(process)) is not None:
                program.server_peaks.append(peak)


def sizes(program):
    """The size of the program's file in bytes, as it is and without symbols (none without `strip`)."""
    whole = program.path.stat().st_size
    stripped = program.folder / "stripped"
    try:
        subprocess.run(["strip", "-o", stripped, program.path], check=True, timeout=120, capture_output=True)
    except (OSError, subprocess.SubprocessError):
        return whole, None
    return whole, stripped.stat().st_size


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def ratio(before, after):
    return f"{after / before:.3f}" if before else "–"


def spread(before, after):
    """The lowest and highest ratio of one round: what a ratio of medians is worth."""
    ratios = [theirs / ours for ours, theirs in zip(before, after)]
    return f"{min(ratios):.3f}–{max(ratios):.3f}"


def print_reindexes(before, after):
    print(f"\nReindex, medians of {len(before.reindexes)}\n")
    row("", before.label, after.label, "ratio", "ratios by round")
    row("---", "--:", "--:", "--:", "--:")
    for name, field, unit, digits in [
        ("wall clock, s", "seconds", 1, 2),
        ("user CPU, s", "user_seconds", 1, 2),
        ("peak memory, MiB", "peak_bytes", 1 << 20, 0),
        ("index, MiB", "index_bytes", 1 << 20, 1),
    ]:
        ours = [getattr(one, field) / unit for one in before.reindexes]
        theirs = [getattr(one, field) / unit for one in after.reindexes]
        middle = statistics.median(ours), statistics.median(theirs)
        row(name, *(f"{value:.{digits}f}" for value in middle), ratio(*middle), spread(ours, theirs))


def print_latencies(before, after, queries):
    """Prints the table of queries; returns the names of those that the programs answer differently."""
    rounds = len(before.latencies[queries[0].name])
    print(f"\nGET /api/search on one connection, milliseconds, medians of {rounds} rounds; * the six\n")
    row("", "articles", f"p50 {before.label}", f"p50 {after.label}", "ratio", "ratios by round",
        f"p99 {before.label}", f"p99 {after.label}", "ratio")
    row("---", *["--:"] * 8)
    of_the_six, differing, middles = [], [], []
    for query in queries:
        ours, theirs = before.latencies[query.name], after.latencies[query.name]
        totals = sorted({one.total for one in ours + theirs})
        if len(totals) > 1:
            differing.append(query.name)
        p50 = [[one.p50 for one in ours], [one.p50 for one in theirs]]
        p99 = [[one.p99 for one in ours], [one.p99 for one in theirs]]
        m50 = [statistics.median(values) for values in p50]
        m99 = [statistics.median(values) for values in p99]
        middles.append(m50)
        if query.of_the_six:
            of_the_six.append(m50)
        row(("\\* " if query.of_the_six else "") + query.name, " or ".join(totals), f"{m50[0]:.3f}",
            f"{m50[1]:.3f}", ratio(*m50), spread(*p50), f"{m99[0]:.3f}", f"{m99[1]:.3f}", ratio(*m99))
    for name, chosen in [("geometric mean of the six", of_the_six), ("geometric mean of all", middles)]:
        if chosen:
            mean = [statistics.geometric_mean(values) for values in zip(*chosen)]
            row(name, "", f"{mean[0]:.3f}", f"{mean[1]:.3f}", ratio(*mean), "", "", "", "")
    return differing


def print_sizes(before, after):
    print("\nThe program and the memory of its server\n")
    row("", before.label, after.label, "ratio")
    row("---", "--:", "--:", "--:")
    measured = [("file, bytes", 0), ("without symbols, bytes", 1)]
    both = sizes(before), sizes(after)
    for name, at in measured:
        if both[0][at] is not None and both[1][at] is not None:
            row(name, f"{both[0][at]:,}", f"{both[1][at]:,}", ratio(both[0][at], both[1][at]))
    if before.server_peaks and after.server_peaks:
        middle = [statistics.median(program.server_peaks) / (1 << 20) for program in (before, after)]
        row("server's peak memory, MiB", f"{middle[0]:.0f}", f"{middle[1]:.0f}", ratio(*middle))


def print_setting(arguments):
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    print(f"{now}; {platform.system()} {platform.release()}, {os.cpu_count()} cores, load {load} at the start;", end=" ")
    print(f"{arguments.rounds} rounds of {arguments.seconds:g} s a query, {arguments.reindex_rounds} reindexes")


def say(message):
    print(message, file=sys.stderr, flush=True)


def compare(arguments, folder):
    queries = read_queries(QUERIES)
    if arguments.only:
        queries = [query for query in queries if query.of_the_six]
    before = Program("before", arguments.before.resolve(strict=True), folder / "before")
    after = Program("after", arguments.after.resolve(strict=True), folder / "after")
    data = arguments.data.resolve(strict=True)
    if not (data / "articles").is_dir():
        raise Failed(f"{data} holds no folder articles/")

    before.copy(data)
    after.copy(data)
    print_setting(arguments)
    for number in range(arguments.rounds):
        order = (before, after) if number % 2 == 0 else (after, before)
        if number < arguments.reindex_rounds:
            for program in order:
                reindex(program)
                say(f"round {number + 1}: {program.label} reindexed in {program.reindexes[-1].seconds:.1f} s")
        search(order, queries, arguments.seconds)
        say(f"round {number + 1} of {arguments.rounds} done")

    print_reindexes(before, after)
    differing = print_latencies(before, after, queries)
    print_sizes(before, after)
    if differing:
        raise Failed(f"the totals differ for: {', '.join(differing)}")


def interrupt(number, _frame):
    """Turns a signal into an exception, once: folders and servers are cleared on the way out, and that is not disturbed."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    raise Interrupted(signal.Signals(number).name)


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=pathlib.Path, help="the program that is compared with")
    parser.add_argument("after", type=pathlib.Path, help="the program that is judged")
    parser.add_argument("--data", type=pathlib.Path, required=True, metavar="FOLDER", help="holds articles/ and perhaps lexicon/; only read")
    parser.add_argument("--rounds", type=int, default=10, help="alternating rounds (10)")
    parser.add_argument("--seconds", type=float, default=2.0, help="seconds a query, program and round (2)")
    parser.add_argument("--reindex-rounds", type=int, help="how many of the rounds begin with a reindex, one at least (all)")
    parser.add_argument("--only-the-six", action="store_true", dest="only", help="leave out the other queries")
    arguments = parser.parse_args()
    if arguments.reindex_rounds is None:
        arguments.reindex_rounds = arguments.rounds
    if not 1 <= arguments.reindex_rounds <= arguments.rounds or not 0 < arguments.seconds <= 600:
        parser.error("expected 1 <= --reindex-rounds <= --rounds and 0 < --seconds <= 600")
    return arguments


def main():
    arguments = read_arguments()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        with tempfile.TemporaryDirectory(prefix="gisa-compare-") as folder:
            compare(arguments, pathlib.Path(folder))
    except Interrupted as signalled:
        sys.exit(f"interrupted ({signalled}); folders and servers are gone")
    except (Failed, OSError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
