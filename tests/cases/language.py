"""The language of text cases: lines -> cases of steps, and how an expected answer is compared.

Documented in tests/README.md. Nothing here talks to a server.
"""

import json
import re
from dataclasses import dataclass, field

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
REQUEST = re.compile(r"(?P<method>" + "|".join(METHODS) + r") (?P<path>\S+)(?: (?P<body>.*))?$", re.S)
EXPECTED = re.compile(r"(?P<status>[1-5]\d\d)(?: (?P<body>.*))?$", re.S)
VARIABLE = re.compile(r"\{\{(\w+)\}\}")
UNITS = {"minute": "m", "hour": "h", "day": "d", "week": "w", "second": "s"}


class CaseError(Exception):
    """A line that is not in the language, or names what does not exist."""

    def __init__(self, line, message):
        super().__init__(message)
        self.line = line


@dataclass
class Step:
    kind: str  # request, advance, as
    line: int
    text: str = ""  # of advance and as
    method: str = ""
    path: str = ""
    body: str = ""  # JSON or text as written, variables not yet replaced
    is_text: bool = False
    is_gzipped: bool = False
    headers: list = field(default_factory=list)
    eventually_s: float = 0.0
    expected_line: int = 0
    status: int = 0
    expected: str = ""
    texts: list = field(default_factory=list)  # (line, JSON string)
    expected_headers: list = field(default_factory=list)  # (line, name, value)


@dataclass
class Case:
    title: str
    line: int
    steps: list = field(default_factory=list)
    requires: str = ""


def parse_file(text):
    return Parser(text).parse()


class Parser:
    def __init__(self, text):
        self.lines = text.splitlines()
        self.at = 0
        self.cases = []
        self.after_blank = True
        self.last_title_line = 0
        self.request = None  # waits for its expected status, or takes more expectations
        self.pending = {"headers": [], "is_gzipped": False, "eventually_s": 0.0}

    def parse(self):
        while self.at < len(self.lines):
            number, line = self.at + 1, self.lines[self.at]
            self.at += 1
            if not line.strip():
                self.after_blank = True
                continue
            if line.startswith("#"):
                self.comment(number, line.lstrip("#").strip())
            elif line[0] in " \t":
                raise CaseError(number, "an indented line that continues nothing")
            else:
                self.statement(number, line.rstrip())
            self.after_blank = False
        self.demand_answered(len(self.lines))
        return [case for case in self.cases if case.steps]

    def comment(self, number, title):
        if self.after_blank:
            self.demand_answered(number)
            self.cases.append(Case(title, number))
        elif self.cases and not self.cases[-1].steps and self.last_title_line == number - 1:
            self.cases[-1].title += " " + title
        self.last_title_line = number

    def statement(self, number, line):
        word, _, rest = line.partition(" ")
        if not self.cases:
            self.cases.append(Case("(without a title)", number))
        if word == "eventually":
            limit, _, rest = rest.partition(" ")
            self.pending["eventually_s"] = seconds(number, limit)
            if not rest:
                return
            line, word = rest, rest.split(" ")[0]
        if word in METHODS:
            self.add_request(number, line)
        elif re.fullmatch(r"[1-5]\d\d", word):
            self.add_expected(number, line)
        elif word in ("expect-text", "expect-header"):
            self.add_expectation(number, word, rest)
        else:
            self.directive(number, word, rest)

    def directive(self, number, word, rest):
        self.demand_answered(number)
        if word == "advance":
            self.cases[-1].steps.append(Step("advance", number, duration(number, rest)))
        elif word == "as":
            self.cases[-1].steps.append(Step("as", number, rest.strip()))
        elif word == "header":
            name, colon, value = rest.partition(":")
            if not colon:
                raise CaseError(number, "write: header Name: value")
            self.pending["headers"].append((name.strip(), value.strip()))
        elif word == "gzip":
            self.pending["is_gzipped"] = True
        elif word == "requires":
            if rest not in ("sqlite", "postgresql"):
                raise CaseError(number, "write: requires sqlite, or: requires postgresql")
            self.cases[-1].requires = rest
        else:
            raise CaseError(number, f"unknown word {word!r}")

    def add_request(self, number, line):
        self.demand_answered(number)
        line = self.with_continuation(line)
        is_text = line.endswith("<<<")
        body = self.text_block(number) if is_text else None
        match = REQUEST.match(line.removesuffix("<<<").rstrip() if is_text else line)
        if not match:
            raise CaseError(number, "write: METHOD /path {json}")
        step = Step("request", number, method=match["method"], path=match["path"],
                    body=body if is_text else match["body"] or "", is_text=is_text, **self.pending)
        self.pending = {"headers": [], "is_gzipped": False, "eventually_s": 0.0}
        self.cases[-1].steps.append(step)
        self.request = step

    def add_expected(self, number, line):
        if not self.request or self.request.status:
            raise CaseError(number, "a status without a request before it")
        match = EXPECTED.match(self.with_continuation(line))
        self.request.expected_line = number
        self.request.status = int(match["status"])
        self.request.expected = (match["body"] or "").strip()

    def add_expectation(self, number, word, rest):
        if not self.request or not self.request.status:
            raise CaseError(number, f"{word} belongs after the status of a request")
        if word == "expect-text":
            self.request.texts.append((number, rest))
            return
        name, colon, value = rest.partition(":")
        if not colon:
            raise CaseError(number, "write: expect-header Name: value")
        self.request.expected_headers.append((number, name.strip(), value.strip()))

    def with_continuation(self, line):
        while self.at < len(self.lines) and self.lines[self.at][:1] in (" ", "\t"):
            line += "\n" + self.lines[self.at].rstrip()
            self.at += 1
        return line

    def text_block(self, number):
        begin = self.at
        while self.at < len(self.lines):
            self.at += 1
            if self.lines[self.at - 1].rstrip() == ">>>":
                return "\n".join(self.lines[begin:self.at - 1])
        raise CaseError(number, "a text that begins with <<< ends with a line >>>")

    def demand_answered(self, number):
        if self.request and not self.request.status:
            raise CaseError(self.request.line, "a request without an expected status after it")
        self.request = None


def seconds(number, text):
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", text)
    if not match:
        raise CaseError(number, "write a wait as 5s or 500ms")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def duration(number, text):
    """'30 days', '2h' -> the server's form: '30d', '2h'."""
    match = re.fullmatch(r"(\d+) ?([a-z]+)", text.strip())
    unit = match and (match[2] if match[2] in UNITS.values() else UNITS.get(match[2].removesuffix("s")))
    if not unit:
        raise CaseError(number, "write a duration as 30 days, 2h, 15 minutes or 1w")
    return match[1] + unit


def replace_variables(text, variables, line):
    """Replaces {{name}}: a string as it stands inside JSON quotes, all else as JSON."""
    def value_of(match):
        if match[1] not in variables:
            raise CaseError(line, f"no variable {match[1]!r} has been captured")
        value = variables[match[1]]
        encoded = json.dumps(value, ensure_ascii=False)
        return encoded[1:-1] if isinstance(value, str) else encoded
    return VARIABLE.sub(value_of, text)


def mismatch(expected, actual, captured, pointer=""):
    """None where `actual` holds all that `expected` asks for, else a sentence with the JSON Pointer."""
    where = pointer or "the answer"
    if isinstance(expected, str) and expected.startswith("<") and expected.endswith(">"):
        return pattern_mismatch(expected, actual, captured, where)
    if expected == "*" and isinstance(expected, str):
        return None
    if isinstance(expected, dict):
        return object_mismatch(expected, actual, captured, pointer, where)
    if isinstance(expected, list):
        return array_mismatch(expected, actual, captured, pointer, where)
    if is_number(expected) and is_number(actual):
        return None if expected == actual else f"{where}: expected {expected}, got {actual}"
    if type(expected) is not type(actual) or expected != actual:
        return f"{where}: expected {shown(expected)}, got {shown(actual)}"
    return None


def pattern_mismatch(expected, actual, captured, where):
    word, _, rest = expected[1:-1].partition(":")
    if word == "capture" and rest:
        name, _, pattern = rest.partition(":")
        found = re.search(pattern, actual if isinstance(actual, str) else json.dumps(actual, ensure_ascii=False))
        if not found:
            return f"{where}: {shown(actual)} does not match {pattern}"
        captured[name] = found[1] if found.groups() else actual
        return None
    if word == "match" and rest:
        text = actual if isinstance(actual, str) else json.dumps(actual, ensure_ascii=False)
        return None if re.search(rest, text) else f"{where}: {shown(actual)} does not match {rest}"
    kinds = {"number": is_number(actual), "string": isinstance(actual, str),
             "array": isinstance(actual, list), "object": isinstance(actual, dict)}
    if word in kinds and not rest:
        return None if kinds[word] else f"{where}: expected a {word}, got {shown(actual)}"
    return None if expected == actual else f"{where}: expected {shown(expected)}, got {shown(actual)}"


def object_mismatch(expected, actual, captured, pointer, where):
    if not isinstance(actual, dict):
        return f"{where}: expected an object, got {shown(actual)}"
    for name, value in expected.items():
        below = f"{pointer}/{name}"
        if value == "<absent>":
            if name in actual:
                return f"{below}: expected to be absent, got {shown(actual[name])}"
            continue
        if name not in actual:
            return f"{below} is missing"
        problem = mismatch(value, actual[name], captured, below)
        if problem:
            return problem
    return None


def array_mismatch(expected, actual, captured, pointer, where):
    if not isinstance(actual, list):
        return f"{where}: expected an array, got {shown(actual)}"
    if expected and expected[0] == "<any order>":
        return unordered_mismatch(expected[1:], actual, captured, where)
    is_open = bool(expected) and expected[-1] == "..."
    wanted = expected[:-1] if is_open else expected
    if len(actual) < len(wanted) or (len(actual) > len(wanted) and not is_open):
        return f"{where}: expected {len(wanted)} elements{' or more' if is_open else ''}, got {len(actual)}"
    for index, value in enumerate(wanted):
        problem = mismatch(value, actual[index], captured, f"{pointer}/{index}")
        if problem:
            return problem
    return None


def unordered_mismatch(expected, actual, captured, where):
    if "..." in expected:
        return f'{where}: "..." cannot stand in an array of any order; name all elements'
    if len(actual) != len(expected):
        return f"{where}: expected {len(expected)} elements in any order, got {shown(actual)}"
    left = list(actual)
    for value in expected:
        found = next((one for one in left if mismatch(value, one, {}) is None), None)
        if found is None:
            return f"{where}: no element, or no other one, is {shown(value)} in {shown(actual)}"
        mismatch(value, found, captured)
        left.remove(found)
    return None


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def shown(value, limit=300):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else text[:limit] + "…"
