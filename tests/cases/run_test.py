#!/usr/bin/env python3
"""Tests of the text-case runner. Called with --data-dir it plays the server that the tests run against."""

import gzip
import http.server
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from language import CaseError, mismatch, parse_file


PETS = {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}},
                                   "required": ["name"], "additionalProperties": False}}
DOCUMENT = {"components": {"schemas": {}}, "paths": {"/api/v1/pets": {"get": {"parameters": [], "responses": {
    "200": {"content": {"application/json": {"schema": PETS}}}}}}}}


class FakeServer(http.server.BaseHTTPRequestHandler):
    """Echoes what it is sent at /api/echo; counts at /api/count; /test/advance moves its clock."""

    clock_by, count = [], 0

    def log_message(self, *words):
        pass

    def answer(self, status, body, content_type="application/json"):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
        if self.path == "/test/advance":
            FakeServer.clock_by.append(json.loads(body)["by"])
        self.answer(201, json.dumps({
            "path": self.path, "authorization": self.headers.get("Authorization"), "text": body.decode(),
            "own": self.headers.get("X-Own"), "advanced": FakeServer.clock_by, "n": 1.0, "list": [1, 2, 3]}))

    def do_GET(self):
        if self.path == "/api/count":
            FakeServer.count += 1
            self.answer(200, json.dumps({"count": FakeServer.count}))
        elif self.path == "/openapi.json":
            self.answer(200, json.dumps(DOCUMENT))
        elif self.path == "/api/v1/pets":
            self.answer(200, '[{"name":"Rex","age":3}]')
        elif self.path == "/api/lines":
            self.answer(200, '{"a":1}\n{"a":2}\n', "application/x-ndjson")
        else:
            self.answer(404, '{"code":"http.not_found"}')


def play_server(words):
    if words[:2] in (["token", "create"], ["key", "create"]):
        role = words[words.index("--role") + 1] if "--role" in words else "key"
        print("Some words for people.\n" + ("wk-cases" if role == "key" else "tok-" + role))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeServer)
    print(f"Open http://127.0.0.1:{server.server_port}/ in a browser.", flush=True)
    server.serve_forever()


def run(text, *options):
    """Runs the runner on one file with this text; answers (exit code, output)."""
    with tempfile.TemporaryDirectory() as directory:
        pathlib.Path(directory, "a.case").write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, HERE / "run.py", "--binary", str(pathlib.Path(__file__).resolve()),
                               "--directory", directory, *options], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


class Language(unittest.TestCase):
    def test_a_comment_after_a_blank_line_begins_a_case(self):
        cases = parse_file("# First\n# goes on\nGET /a\n200\n# an aside\nGET /b\n200\n\n# Second\nGET /c\n404\n")
        self.assertEqual([case.title for case in cases], ["First goes on", "Second"])
        self.assertEqual([len(case.steps) for case in cases], [2, 1])

    def test_json_goes_on_in_indented_lines(self):
        step = parse_file('POST /a {"b":\n  [1,\n   2]}\n200 {"c":\n  3}\n')[0].steps[0]
        self.assertEqual(json.loads(step.body), {"b": [1, 2]})
        self.assertEqual(json.loads(step.expected), {"c": 3})

    def test_a_text_stands_between_marks(self):
        step = parse_file("POST /a <<<\nline 1\n\n# no comment\n>>>\n200\n")[0].steps[0]
        self.assertEqual((step.body, step.is_text), ("line 1\n\n# no comment", True))

    def test_advance_takes_words_and_units(self):
        for text, by in (("30 days", "30d"), ("2h", "2h"), ("1 week", "1w"), ("15 minutes", "15m")):
            self.assertEqual(parse_file("advance " + text)[0].steps[0].text, by)

    def test_mistakes_are_named_with_their_line(self):
        for text, line in (("GET /a\nGET /b\n200", 1), ("200", 1), ("# t\nfrobnicate", 2), ("POST /a <<<\nx", 1),
                           ("  GET /a", 1), ("GET /a\n200\nadvance soon", 3), ("expect-text \"a\"", 1)):
            with self.assertRaises(CaseError) as raised:
                parse_file(text)
            self.assertEqual(raised.exception.line, line, text)


class Matching(unittest.TestCase):
    def holds(self, expected, actual):
        return mismatch(expected, actual, {}) is None

    def test_objects_match_as_subsets(self):
        self.assertTrue(self.holds({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}))
        self.assertFalse(self.holds({"a": 1, "b": 2}, {"a": 1}))
        self.assertFalse(self.holds({"a": None}, {}))

    def test_arrays_match_exactly_unless_open(self):
        self.assertTrue(self.holds([1, {"a": 1}], [1, {"a": 1, "b": 2}]))
        self.assertFalse(self.holds([1], [1, 2]))
        self.assertFalse(self.holds([1, 2], [1]))
        self.assertFalse(self.holds([2, 1], [1, 2]))
        self.assertTrue(self.holds([1, "..."], [1, 2, 3]))
        self.assertTrue(self.holds([1, "..."], [1]))
        self.assertFalse(self.holds([2, "..."], [1, 2]))

    def test_arrays_match_in_any_order_where_told(self):
        self.assertTrue(self.holds(["<any order>", 1, {"a": 2}], [{"a": 2, "b": 3}, 1]))
        self.assertTrue(self.holds(["<any order>"], []))
        self.assertFalse(self.holds(["<any order>", 1, 1], [1, 2]))
        self.assertFalse(self.holds(["<any order>", 1], [1, 2]))
        self.assertIn('"..." cannot stand', mismatch(["<any order>", 1, "..."], [1, "..."], {}))
        captured = {}
        self.assertIsNone(mismatch(["<any order>", {"n": 2, "id": "<capture:two>"}], [{"n": 2, "id": "x"}], captured))
        self.assertEqual(captured, {"two": "x"})

    def test_numbers_are_equal_by_value_and_never_equal_truth(self):
        self.assertTrue(self.holds(1, 1.0))
        self.assertFalse(self.holds(1, True))
        self.assertFalse(self.holds(True, 1))
        self.assertFalse(self.holds("1", 1))

    def test_patterns(self):
        self.assertTrue(self.holds({"a": "*"}, {"a": None}))
        self.assertFalse(self.holds({"a": "*"}, {}))
        self.assertTrue(self.holds({"a": "<absent>"}, {}))
        self.assertFalse(self.holds({"a": "<absent>"}, {"a": 1}))
        self.assertTrue(self.holds("<match:^aud_[0-9A-Z]{3}$>", "aud_01J"))
        self.assertFalse(self.holds("<number>", "1"))

    def test_a_mismatch_names_its_pointer(self):
        self.assertEqual(mismatch({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, {}), "/a/0/b: expected 1, got 2")


class Runner(unittest.TestCase):
    def test_passes_and_counts(self):
        code, output = run('# One\nPOST /api/echo {"a":1}\n201 {"n":1,"text":"{\\"a\\":1}","list":[1,"..."]}\n'
                           'expect-text "authorization"\nexpect-header Content-Type: application/json\n\n'
                           '# Two\nGET /nowhere\n404 {"code":"http.not_found"}\n')
        self.assertEqual((code, output.strip()), (0, "2 passed, 0 failed"))

    def test_shows_file_line_request_and_answer_of_a_failure(self):
        code, output = run('# A wrong wish\nPOST /api/echo {"a":1}\n201 {"n":2}\nGET /never/sent\n200\n\n# Fine\n'
                           'GET /nowhere\n404\n')
        self.assertEqual(code, 1)
        self.assertIn("a.case:3: A wrong wish", output)
        self.assertIn("/n: expected 2, got 1.0", output)
        self.assertIn('sent:     POST /api/echo {"a":1}', output)
        self.assertIn("expected: 201", output)
        self.assertIn("got:      201 {", output)
        self.assertTrue(output.strip().endswith("1 passed, 1 failed"), output)

    def test_captures_and_principals_and_headers(self):
        code, output = run('# All\nPOST /api/echo {}\n201 {"authorization":"Bearer tok-administrator","n":"<capture:n>",'
                           '"path":"<capture:path>"}\nas operator\nheader X-Own: {{n}}!\n'
                           'POST {{path}}?again {"n":{{n}},"p":"{{path}}"}\n201 {"path":"/api/echo?again",'
                           '"authorization":"Bearer tok-operator","own":"1.0!",'
                           '"text":"{\\"n\\":1.0,\\"p\\":\\"/api/echo\\"}"}\n'
                           'as nobody\nPOST /api/echo {}\n201 {"authorization":null,"own":null}\n')
        self.assertEqual((code, output.strip()), (0, "1 passed, 0 failed"))

    def test_collection_gets_the_write_key_unless_told_otherwise(self):
        code, output = run('# Key\nPOST /v1/track {}\n201 {"authorization":"Basic d2stY2FzZXM6"}\n'
                           'header Authorization:\nPOST /v1/track {"writeKey":"{{write_key}}"}\n'
                           '201 {"authorization":null,"text":"{\\"writeKey\\":\\"wk-cases\\"}"}\n')
        self.assertEqual((code, output.strip()), (0, "1 passed, 0 failed"))

    def test_texts_gzip_ndjson_and_the_clock(self):
        code, output = run('# Mixed\ngzip\nPOST /api/echo <<<\na,b\n1,2\n>>>\n201 {"text":"a,b\\n1,2"}\n'
                           'GET /api/lines\n200 [{"a":1},{"a":2}]\nadvance 30 days\nPOST /api/echo {}\n'
                           '201 {"advanced":["30d"]}\n')
        self.assertEqual((code, output.strip()), (0, "1 passed, 0 failed"))

    def test_eventually_asks_again_until_it_holds(self):
        code, output = run('# Waits\neventually 5s GET /api/count\n200 {"count":4}\n')
        self.assertEqual((code, output.strip()), (0, "1 passed, 0 failed"))
        began = time.monotonic()
        code, output = run('# Waits in vain\neventually 300ms\nGET /api/count\n200 {"count":-1}\n')
        self.assertEqual(code, 1)
        self.assertIn("after waiting 0.3s", output)
        self.assertLess(time.monotonic() - began, 10)

    def test_skips_what_needs_the_other_database(self):
        code, output = run("# Here\nrequires sqlite\nGET /nowhere\n404\n\n# There\nrequires postgresql\nGET /nowhere\n200\n")
        self.assertEqual((code, output.strip()), (0, "1 passed, 0 failed, 1 skipped"))

    def test_filters_by_title(self):
        code, output = run("# Apples\nGET /nowhere\n404\n\n# Pears\nGET /nowhere\n200\n", "--filter", "Apples")
        self.assertEqual((code, output.strip()), (0, "1 passed, 0 failed"))

    def test_fails_where_nothing_ran_or_nothing_can_run(self):
        self.assertEqual(run("")[0], 1)
        code, output = run("# A\nGET /a\n200\n", "--binary", "/bin/false")
        self.assertEqual(code, 1)
        self.assertIn("its server did not start", output)
        code, output = run("# A\nGET /a\n")
        self.assertIn("a.case:2: not a text case", output)
        self.assertEqual(code, 1)

    def test_captures_a_part_of_a_text_and_of_a_header(self):
        code, output = run('# Parts\nPOST /api/echo {"a":"b-17"}\n201 {"text":"<capture:n:b-([0-9]+)>"}\n'
                           'expect-header Content-Type: <capture:kind:application/(.+)>\n'
                           'POST /api/echo {"n":"{{n}}","kind":"{{kind}}"}\n'
                           '201 {"text":"{\\"n\\":\\"17\\",\\"kind\\":\\"json\\"}"}\n'
                           'POST /api/echo {}\n201 {"text":"<capture:n:b-([0-9]+)>"}\n')
        self.assertEqual(code, 1)
        self.assertIn("a.case:8: Parts", output)

    def test_an_answer_that_the_document_does_not_describe_fails_its_case(self):
        code, output = run('# Pets\nGET /api/v1/pets\n200 [{"name":"Rex"}]\n')
        self.assertEqual(code, 1)
        self.assertIn("a.case:2: Pets", output)
        self.assertIn("is not as the document says, at /0", output)
        self.assertIn("'age'", output)

    def test_unknown_variables_are_a_mistake(self):
        code, output = run("# A\nGET /api/{{nothing}}\n404\n")
        self.assertEqual(code, 1)
        self.assertIn("a.case:2", output)
        self.assertIn("'nothing'", output)


if __name__ == "__main__":
    if "--data-dir" in sys.argv:
        play_server(sys.argv[1:])
    else:
        unittest.main()
