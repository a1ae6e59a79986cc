"""One server for one file of cases: start, tokens, calls, stop."""

import http.client
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.parse
import uuid

START_LIMIT_S = 60
STOP_LIMIT_S = 30
CALL_LIMIT_S = 120


class ServerFault(Exception):
    """The server or its command line did not do what every case needs."""


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def text(self):
        return self.body.decode("utf-8", "replace")


class ScratchDatabase:
    """A database of its own on the PostgreSQL server that --database names."""

    def __init__(self, url):
        self.admin_url = url
        self.name = "qiao_case_" + uuid.uuid4().hex[:12]
        parts = urllib.parse.urlsplit(url)
        self.url = urllib.parse.urlunsplit(parts._replace(path="/" + self.name))
        self.run(f"CREATE DATABASE {self.name}")

    def drop(self):
        self.run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def run(self, statement):
        done = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.admin_url, "-c", statement],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise ServerFault(f"psql could not run {statement!r}: {done.stderr.strip()}")


class ScratchHistory:
    """A database of its own on the ClickHouse server that --history names; the server makes it."""

    def __init__(self, url):
        self.parts = urllib.parse.urlsplit(url)
        self.name = "qiao_case_" + uuid.uuid4().hex[:12]
        self.url = urllib.parse.urlunsplit(self.parts._replace(path="/" + self.name))

    def drop(self):
        self.run(f"DROP DATABASE IF EXISTS {self.name}")

    def run(self, statement):
        connection = http.client.HTTPConnection(self.parts.hostname, self.parts.port, timeout=CALL_LIMIT_S)
        try:
            connection.request("POST", "/", statement,
                               {"X-ClickHouse-User": self.parts.username or "default",
                                "X-ClickHouse-Key": self.parts.password or ""})
            answer = connection.getresponse()
            said = answer.read().decode("utf-8", "replace")
            if answer.status != 200:
                raise ServerFault(f"ClickHouse could not run {statement!r}: {said.strip()}")
        finally:
            connection.close()


class Server:
    def __init__(self, binary, database=None, history=None, asks_history=False):
        self.asks_history = asks_history
        self.binary = binary
        self.directory = tempfile.mkdtemp(prefix="qiao-cases-")
        self.database = None
        self.history = ScratchHistory(history) if history else None
        self.process = None
        self.log = []
        self.tokens = {}
        self.address = None
        self.found_address = threading.Event()
        try:
            self.database = ScratchDatabase(database) if database else None
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self):
        command = [self.binary, "--data-dir", self.directory, "--port", "0", "--no-demo", "--test-clock"]
        self.process = subprocess.Popen(command + self.database_option() + self.history_option(),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        encoding="utf-8", errors="replace")
        self.reader = threading.Thread(target=self.read_output, daemon=True)
        self.reader.start()
        deadline = time.monotonic() + START_LIMIT_S
        while not self.found_address.wait(0.02):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise ServerFault("the server printed no http:// address\n" + self.log_tail())
        self.write_key = self.run_tool("key", "create", "--name", "cases")

    def read_output(self):
        for line in self.process.stdout:
            self.log.append(line.rstrip("\n"))
            found = re.search(r"http://([\w.\[\]:]+:\d+)", line)
            if found and not self.address:
                self.address = found[1]
                self.found_address.set()

    def database_option(self):
        return ["--database", self.database.url] if self.database else []

    def history_option(self):
        if not self.history:
            return []
        return ["--history", self.history.url] + (["--questions-from", "history"] if self.asks_history else [])

    def run_tool(self, *words):
        command = [self.binary, *words, "--data-dir", self.directory, *self.database_option()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        lines = done.stdout.strip().splitlines()
        if done.returncode != 0 or not lines:
            raise ServerFault(f"`{' '.join(words)}` failed: {done.stderr.strip() or done.stdout.strip()}\n"
                              + self.log_tail())
        return lines[-1].strip()

    def token(self, principal):
        """The bearer token of 'operator', or of 'branch of 3301'."""
        if principal not in self.tokens:
            role, _, org = principal.partition(" of ")
            self.tokens[principal] = self.run_tool("token", "create", "--role", role, "--expires", "365d",
                                                   *(["--org", org] if org else []))
        return self.tokens[principal]

    def call(self, method, path, headers, body):
        connection = http.client.HTTPConnection(self.address, timeout=CALL_LIMIT_S)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def log_tail(self, lines=30):
        if self.process and self.process.poll() is not None:
            self.reader.join(5)
        return "\n".join("  | " + line for line in self.log[-lines:])

    def stop(self):
        """Stops the server; answers what was wrong with its end, or None."""
        problem = None
        if self.process:
            was_running = self.process.poll() is None
            self.process.terminate()
            try:
                self.process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                problem = f"the server did not stop within {STOP_LIMIT_S} seconds"
            if not problem and not was_running:
                problem = f"the server ended by itself with status {self.process.returncode}"
            if not problem and self.process.returncode != 0:
                problem = f"the server stopped with status {self.process.returncode}"
            if problem:
                problem += "\n" + self.log_tail()
        if self.database:
            self.database.drop()
        if self.history:
            self.history.drop()
        if not os.environ.get("QIAO_KEEP_CASE_DATA"):
            shutil.rmtree(self.directory, ignore_errors=True)
        return problem
