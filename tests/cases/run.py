#!/usr/bin/env python3
"""Runs the text cases: tests/cases/**/*.case against a server of their own for each file.

The language is described in tests/README.md. Ends with "N passed, N failed".
"""

import argparse
import base64
import gzip
import json
import pathlib
import sys
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

DIRECTORY = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(DIRECTORY))
from document import Document
from language import CaseError, mismatch, parse_file, replace_variables, shown
from server import Server, ServerFault

BEARER_PATHS = ("/api/", "/app/", "/open/", "/metrics", "/openapi.json")
WRITE_KEY_PATHS = ("/v1/",)


class CaseFailure(Exception):
    def __init__(self, line, message):
        super().__init__(message)
        self.line = line


class FileRun:
    """The cases of one file, in order, on one server."""

    def __init__(self, path, cases, server, document, has_postgresql):
        self.path = path
        self.cases = cases
        self.server = server
        self.document = document
        self.has_postgresql = has_postgresql
        key = server.write_key
        self.variables = {"write_key": key, "base_url": "http://" + server.address,
                          "write_key_basic": base64.b64encode(f"{key}:".encode()).decode()}
        self.principal = "administrator"

    def run(self, report):
        for case in self.cases:
            if case.requires and (case.requires == "postgresql") != self.has_postgresql:
                report.skipped()
                continue
            self.principal = "administrator"
            try:
                for step in case.steps:
                    getattr(self, "do_" + step.kind)(step)
                report.passed()
            except (CaseFailure, CaseError) as failure:
                report.failed(f"{self.path}:{failure.line}: {case.title}\n{failure}")
            except (OSError, ServerFault) as fault:
                report.failed(f"{self.path}:{case.line}: {case.title}\n  {type(fault).__name__}: {fault}\n"
                              + self.server.log_tail())

    def do_as(self, step):
        self.principal = step.text

    def do_advance(self, step):
        token = self.server.token("administrator")
        answer = self.server.call("POST", "/test/advance",
                                  {"Authorization": "Bearer " + token, "Content-Type": "application/json"},
                                  json.dumps({"by": step.text}))
        if answer.status // 100 != 2:
            raise CaseFailure(step.line, f"  advance {step.text} was answered with {describe(answer)}")

    def do_request(self, step):
        path = self.encoded_path(step)
        body = self.encoded_body(step)
        headers = self.headers_of(step, path)
        deadline = time.monotonic() + step.eventually_s
        pause_s = 0.01
        while True:
            answer = self.server.call(step.method, path, headers, body)
            failure = self.judge(step, answer)
            if not failure or time.monotonic() > deadline:
                break
            time.sleep(pause_s)
            pause_s = min(pause_s * 2, 0.5)
        if not failure:
            fault = self.document.fault(step.method, path, headers.get("Content-Type", ""), body, answer)
            failure = fault and (step.line, fault)
        if failure:
            line, sentence = failure
            if step.eventually_s:
                sentence += f" (after waiting {step.eventually_s:g}s)"
            raise CaseFailure(line, f"  {sentence}\n  sent:     {step.method} {path} {self.shown_body(step)}\n"
                                    f"  expected: {step.status} {step.expected}\n  got:      {describe(answer)}")

    def encoded_path(self, step):
        path = replace_variables(step.path, self.variables, step.line)
        return urllib.parse.quote(path, safe="!#$%&'()*+,/:;=?@[]~-._")

    def encoded_body(self, step):
        text = replace_variables(step.body, self.variables, step.line)
        if not step.is_text and text:
            parse_json(text, step.line, "the body")
        body = text.encode() if step.body or step.is_text else None
        return gzip.compress(body) if step.is_gzipped and body else body

    def headers_of(self, step, path):
        headers = {}
        if self.principal != "nobody" and path.startswith(BEARER_PATHS):
            headers["Authorization"] = "Bearer " + self.server.token(self.principal)
        if self.principal != "nobody" and path.startswith(WRITE_KEY_PATHS):
            headers["Authorization"] = "Basic " + self.variables["write_key_basic"]
        if step.body:
            headers["Content-Type"] = "text/plain" if step.is_text else "application/json"
        for name, value in step.headers:
            for known in [known for known in headers if known.lower() == name.lower()]:
                del headers[known]
            if value:
                headers[name] = replace_variables(value, self.variables, step.line)
        return headers

    def judge(self, step, answer):
        """None where the answer is as expected, else (line, sentence). Captures on success only."""
        if answer.status != step.status:
            return step.expected_line, f"status {answer.status} instead of {step.status}"
        captured = {}
        if step.expected:
            wanted = parse_json(replace_variables(step.expected, self.variables, step.expected_line),
                                step.expected_line, "the expected answer")
            problem = mismatch(wanted, answer_json(answer), captured)
            if problem:
                return step.expected_line, problem
        for line, quoted in step.texts:
            text = parse_json(replace_variables(quoted, self.variables, line), line, "the expected text")
            if text not in answer.text():
                return line, f"the answer does not contain {shown(text)}"
        for line, name, value in step.expected_headers:
            got = answer.headers.get(name)
            is_capture = got is not None and value.startswith("<capture:")
            if is_capture and mismatch(value, got, captured):
                return line, f"header {name}: expected {value!r}, got {got!r}"
            if got is None or (not is_capture and value not in ("*", got)):
                return line, f"header {name}: expected {value!r}, got {got!r}"
        self.variables.update(captured)
        return None

    def shown_body(self, step):
        text = step.body if len(step.body) < 1000 else step.body[:1000] + "…"
        return text + (" (gzip)" if step.is_gzipped else "")


def parse_json(text, line, what):
    try:
        return json.loads(text)
    except ValueError as error:
        raise CaseError(line, f"  {what} is not JSON: {error}") from None


def answer_json(answer):
    """The answer as JSON; NDJSON as an array of its lines; anything else as its text."""
    text = answer.text()
    try:
        if "ndjson" in (answer.headers.get("Content-Type") or ""):
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        return json.loads(text)
    except ValueError:
        return text


def describe(answer, limit=2000):
    text = answer.text()
    return f"{answer.status} {text if len(text) <= limit else text[:limit] + '…'}"


class Documents:
    """The document of the binary under test, read from the first server that runs."""

    def __init__(self):
        self.lock = threading.Lock()
        self.document = None

    def of(self, server):
        with self.lock:
            if self.document is None:
                self.document = Document(json.loads(server.call("GET", "/openapi.json", {}, None).body))
            return self.document


class Report:
    """Counts and prints; shared by all threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}

    def passed(self):
        self.count("passed")

    def skipped(self, cases=1):
        self.count("skipped", cases)

    def failed(self, text, cases=1):
        self.count("failed", cases)
        with self.lock:
            print("FAILED " + text + "\n", flush=True)

    def count(self, what, cases=1):
        with self.lock:
            self.counts[what] += cases

    def summary(self):
        text = f"{self.counts['passed']} passed, {self.counts['failed']} failed"
        return text + (f", {self.counts['skipped']} skipped" if self.counts["skipped"] else "")


def run_file(path, cases, options, documents, report):
    try:
        server = Server(options.binary, options.database, options.history, options.asks_history)
    except (ServerFault, OSError) as fault:
        report.failed(f"{path}:1: its server did not start\n  {fault}", len(cases))
        return
    try:
        FileRun(path, cases, server, documents.of(server), bool(options.database)).run(report)
    finally:
        problem = server.stop()
        if problem:
            report.failed(f"{path}:1: the end of its server\n  {problem}")


def judge_document(document, options, report):
    """What no single case can tell: gaps of the document; after a whole run, what was never shown."""
    faults = document.faults_of_itself()
    if not options.filter and options.directory == DIRECTORY:
        faults += faults_of_shown(document.never_shown()) + faults_of_committed(document)
    for fault in faults:
        report.failed("/openapi.json: " + fault)


def faults_of_shown(missing):
    """not_shown.txt names what a case cannot show, with the reason in its comments; nothing else may stand in it."""
    lines = (DIRECTORY / "not_shown.txt").read_text(encoding="utf-8").splitlines()
    excused = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return ([f"no case has shown {what}" for what in missing if what not in excused]
            + [f"{what} is shown, or gone: take it out of not_shown.txt" for what in sorted(excused - set(missing))])


def faults_of_committed(document):
    committed = json.loads((DIRECTORY / "../../web/console/openapi.json").read_text(encoding="utf-8"))
    now = {**document.document, "paths": dict(document.operations_of_api())}
    return [] if committed == now else ["web/console/openapi.json is not the server's document; run ./qiao dev openapi"]


# Of no use with --history: the page that asks history in SQL works on a file alone.
OF_A_FILE = ("sql.case",)


def chosen_files(options, report):
    """(path, cases) of every file, without the cases that --filter leaves out."""
    chosen = []
    for path in sorted(pathlib.Path(options.directory).rglob("*.case")):
        try:
            cases = parse_file(path.read_text(encoding="utf-8"))
        except CaseError as error:
            report.failed(f"{path}:{error.line}: not a text case: {error}")
            continue
        if options.history and path.name in OF_A_FILE:
            report.count("skipped", len(cases))
            continue
        if options.filter and options.filter not in str(path):
            cases = [case for case in cases if options.filter in case.title]
        if cases:
            chosen.append((path, cases))
    return chosen


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default="build/release/qiao", help="the server to test")
    parser.add_argument("--filter", default="", help="only files or titles that hold this text")
    parser.add_argument("--database", help="postgresql://… of a server that may make databases")
    parser.add_argument("--history", help="clickhouse://user:password@host:port of a server that may make databases")
    parser.add_argument("--asks-history", action="store_true", help="questions are answered by --history, not the index")
    parser.add_argument("--directory", type=pathlib.Path, default=DIRECTORY, help="where *.case lie")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="files at the same time")
    options = parser.parse_args()
    report, documents = Report(), Documents()
    files = chosen_files(options, report)
    with ThreadPoolExecutor(max_workers=options.jobs) as pool:
        running = [pool.submit(run_file, path, cases, options, documents, report) for path, cases in files]
        for one in running:
            one.result()
    if documents.document:
        judge_document(documents.document, options, report)
    print(report.summary())
    return 1 if report.counts["failed"] or not any(report.counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
