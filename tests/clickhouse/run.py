#!/usr/bin/env python3
"""History in ClickHouse: text cases that read it, and moving it there and back.

ClickHouse is its own engine behind its HTTP interface (server.py), or the server that QIAO_TEST_CLICKHOUSE names
(clickhouse://user:password@host:port). Ends with "N passed, N failed".
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

DIRECTORY = pathlib.Path(__file__).resolve().parent
CASES = DIRECTORY.parent / "cases"
sys.path.insert(0, str(CASES))
from server import ScratchHistory, Server

# What reads history: timelines, exports, merges, erasure, the index's rebuild, retention.
FOLDERS = ("customer", "collect")
# Whose questions are answered there (--questions-from history), by the same cases.
ASKED_FOLDERS = (("insight",), ("audience", "--filter", "stages.case"))


def start_engine():
    process = subprocess.Popen([sys.executable, str(DIRECTORY / "server.py")], stdout=subprocess.PIPE, text=True)
    address = re.match(r"http://(\S+)", process.stdout.readline())
    if not address:
        sys.exit("ClickHouse's engine did not start; ./qiao test fetches it into build/deps/chdb")
    return process, f"clickhouse://qiao:secret@{address[1]}"


def cases(binary, history):
    failed = 0
    asked = [(folder, "--asks-history", *more) for folder, *more in ASKED_FOLDERS]
    for folder, *more in [(folder,) for folder in FOLDERS] + asked:
        failed += subprocess.run([sys.executable, str(CASES / "run.py"), "--binary", binary, "--history", history,
                                  "--directory", str(CASES / folder), "-j", "2", *more]).returncode != 0
    return failed


class Moving:
    """A bank with some facts, moved from DuckDB to ClickHouse and back."""

    def __init__(self, binary, url):
        self.binary = binary
        self.history = ScratchHistory(url)
        self.scratch = tempfile.mkdtemp(prefix="qiao-move-")

    def run(self):
        server = Server(self.binary)
        try:
            wanted = self.fill(server)
            server.process.terminate()
            server.process.wait(30)
            file = server.directory + "/history.duckdb"
            first = self.move(file, self.history.url)
            self.expect("3 days were copied now" in first, first)
            self.expect("0 days were copied now" in self.move(file, self.history.url), "a second run copies nothing")
            self.damage()
            self.expect("1 days were copied now" in self.move(file, self.history.url), "only the damaged day is copied")
            self.restart(server, self.history)
            self.expect(self.timeline(server) == wanted, "the timeline in ClickHouse")
            server.process.terminate()
            server.process.wait(30)
            back = self.scratch + "/back.duckdb"
            self.expect("4 rows of 3 days" in self.move(self.history.url, back), "the way back")
            shutil.copy(back, file)
            self.restart(server, None)
            self.expect(self.timeline(server) == wanted, "the timeline back in DuckDB")
        finally:
            problem = server.stop()
            self.history.drop()
            shutil.rmtree(self.scratch)
        self.expect(not problem, problem)

    def fill(self, server):
        events = [("view", "2026-09-28T10:00:00+08:00", "visitor"), ("view", "2026-09-29T10:00:00+08:00", "visitor"),
                  ("login", "2026-09-30T10:00:00+08:00", "both"), ("pay", "2026-09-30T11:00:00+08:00", "user")]
        ids = {"visitor": {"anonymousId": "v-1"}, "user": {"userId": "u-1"},
               "both": {"anonymousId": "v-1", "userId": "u-1"}}
        batch = [{"type": "track", "event": name, "timestamp": time, "messageId": f"m{i}", **ids[who],
                  "properties": {"amount": i + 0.5, "note": "it's \"so\""}} for i, (name, time, who) in enumerate(events)]
        answer = server.call("POST", "/v1/batch", {"Content-Type": "application/json"},
                             json.dumps({"writeKey": server.write_key, "batch": batch}))
        self.expect(answer.status == 200, answer.text())
        return self.timeline(server)

    def api(self, server, method, path, body=None):
        headers = {"Authorization": "Bearer " + server.token("administrator"), "Content-Type": "application/json"}
        answer = server.call(method, path, headers, json.dumps(body) if body else None)
        self.expect(answer.status == 200, answer.text())
        return json.loads(answer.text())

    def timeline(self, server):
        """What happened, once history has all four events; it follows behind."""
        deadline = time.monotonic() + 20
        while True:
            found = self.api(server, "POST", "/api/v1/customers/search", {"identity": {"user_id": "u-1"}})["items"]
            items = found and self.api(server, "GET", f"/api/v1/customers/{found[0]['customer']}/timeline")["items"]
            own = [(item["event"], item["at"], item.get("properties")) for item in items
                   if not item["event"].startswith("$")]
            if len(own) == 4:
                return own
            self.expect(time.monotonic() < deadline, f"history has {own}")
            time.sleep(0.2)

    def restart(self, server, history):
        server.history = history
        server.address = None
        server.found_address.clear()
        server.start()
        server.tokens.clear()

    def move(self, source, target):
        done = subprocess.run([self.binary, "move-history", "--from", source, "--to", target],
                              capture_output=True, text=True, timeout=120)
        self.expect(done.returncode == 0, done.stderr)
        return done.stdout

    def damage(self):
        """As a copy leaves it that broke off in the middle of a day."""
        self.history.run(f"DELETE FROM {self.history.name}.events WHERE event = 'pay'")

    @staticmethod
    def expect(holds, what):
        if not holds:
            raise AssertionError(what)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default="build/release/qiao", help="the server to test")
    options = parser.parse_args()
    process, url = None, os.environ.get("QIAO_TEST_CLICKHOUSE")
    if not url:
        process, url = start_engine()
    failed = 0
    try:
        try:
            Moving(options.binary, url).run()
            print("history is moved there and back")
        except AssertionError as fault:
            failed += 1
            print(f"FAILED moving history: {fault}")
        failed += cases(options.binary, url)
    finally:
        if process:
            process.terminate()
    print(f"{1 + len(FOLDERS) + len(ASKED_FOLDERS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
