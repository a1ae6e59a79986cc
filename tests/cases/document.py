"""The server's OpenAPI document as a judge: every answer and every accepted request must be in it.

The shapes are declared beside the handlers (src/api/schema.hpp); this is what keeps them true.
"""

import json
import re
import urllib.parse
from datetime import date, datetime

import jsonschema

PREFIX = "/api/v1/"
PROBLEM = "application/problem+json"
formats = jsonschema.FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def is_time(value):
    return not isinstance(value, str) or datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo is not None


@formats.checks("date", raises=ValueError)
def is_day(value):
    return not isinstance(value, str) or date.fromisoformat(value) is not None


class Document:
    """Judges by the document; remembers which parts of it the answers have shown."""

    def __init__(self, document):
        self.document = document
        self.schemas = document["components"]["schemas"]
        self.seen = set()  # ids of the schemas of members and of elements that came
        self.answered = set()  # (method, path, status, media type)
        self.validators = {}
        self.validator_class = jsonschema.validators.extend(
            jsonschema.Draft202012Validator, {"properties": self.properties, "items": self.items})
        self.paths = [(path, [None if part.startswith("{") else part for part in path.split("/")])
                      for path in document["paths"]]

    # Where the library walks into a member or an element, the schema of it has been seen.
    def properties(self, validator, properties, instance, schema):
        if isinstance(instance, dict):
            self.seen.update(id(member) for name, member in properties.items() if name in instance)
        return jsonschema.Draft202012Validator.VALIDATORS["properties"](validator, properties, instance, schema)

    def items(self, validator, items, instance, schema):
        if isinstance(instance, list) and instance:
            self.seen.add(id(items))
        return jsonschema.Draft202012Validator.VALIDATORS["items"](validator, items, instance, schema)

    def template_of(self, path):
        parts = path.split("/")
        best = None
        for template, wanted in self.paths:
            if len(wanted) != len(parts) or any(w not in (None, p) for w, p in zip(wanted, parts)):
                continue
            if best is None or wanted.count(None) < best[0]:
                best = (wanted.count(None), template)
        return best[1] if best else None

    def fault(self, method, target, sent_type, sent, answer):
        """None, or a sentence: what of the request or of its answer the document does not describe."""
        path, _, query = target.partition("?")
        if not path.startswith(PREFIX):
            return None
        received = (answer.headers.get("Content-Type") or "").partition(";")[0]
        if answer.status >= 400:
            return self.fault_of_value(self.schemas["Problem"], json_of(answer.body), "the refusal", received, PROBLEM)
        template = self.template_of(path)
        operation = self.document["paths"].get(template, {}).get(method.lower())
        if not operation:
            return f"the document has no {method} {path}"
        name = f"{method} {template}"
        return (self.fault_of_query(operation, query, name) or self.fault_of_request(operation, sent_type, sent, name)
                or self.fault_of_answer(operation, method, template, received, answer, name))

    def fault_of_query(self, operation, query, name):
        known = {p["name"]: p["schema"] for p in operation["parameters"] if p.get("in") == "query"}
        for key, value in urllib.parse.parse_qsl(query, keep_blank_values=True):
            if key not in known:
                return f"{name}: the document has no parameter {key!r}"
            if known[key].get("type") == "integer" and re.fullmatch(r"-?\d+", value):
                value = int(value)
            fault = value and self.fault_of_value(known[key], value, f"{name}: the parameter {key!r}")
            if fault:
                return fault
        return None

    def fault_of_request(self, operation, sent_type, sent, name):
        body = operation.get("requestBody")
        if not sent:
            return f"{name}: was accepted without the body that the document demands" if body and body["required"] else None
        if not body:
            return f"{name}: accepted a body that the document does not have"
        if "application/json" not in body["content"]:
            return None  # a file
        value = json_of(sent)
        return self.fault_of_value(body["content"]["application/json"]["schema"], value, f"{name}: the accepted request")

    def fault_of_answer(self, operation, method, template, received, answer, name):
        described = operation["responses"].get(str(answer.status))
        if described is None:
            return f"{name}: the document has no answer {answer.status}"
        content = described.get("content", {})
        if not content:
            self.answered.add((method, template, answer.status, ""))
            return f"{name}: {answer.status} has a body, the document has none" if answer.body else None
        if received not in content:
            return f"{name}: {answer.status} came as {received!r}, the document has {', '.join(content)}"
        self.answered.add((method, template, answer.status, received))
        schema = content[received]["schema"]
        what = f"{name}: the answer {answer.status}"
        if received == "application/json":
            return self.fault_of_value(schema, json_of(answer.body), what)
        if received == "application/x-ndjson":
            for line in answer.body.decode().splitlines():
                fault = self.fault_of_value(schema, json.loads(line), what)
                if fault:
                    return fault
        return None

    def validator_of(self, schema):
        if id(schema) not in self.validators:
            root = {"allOf": [schema], "components": self.document["components"]}
            self.validators[id(schema)] = self.validator_class(root, format_checker=formats)
        return self.validators[id(schema)]

    def faults_of_itself(self):
        """What the document leaves open: endpoints, names, objects and lists that are not described."""
        faults = []
        for method, template, operation in self.operations():
            if not any(status != "default" for status in operation["responses"]):
                faults.append(f"{method} {template} describes no answer")
        for where, schema in self.all_schemas():
            target = schema.get("$ref", "")
            if target and target.rpartition("/")[2] not in self.schemas:
                faults.append(f"{where} names {target}, which nothing defines")
            if schema.get("type") == "object" and not {"properties", "additionalProperties"} & schema.keys():
                faults.append(f"{where} is an object of which nothing is said")
            if schema.get("type") == "array" and not {"items", "prefixItems"} & schema.keys():
                faults.append(f"{where} is a list of which nothing is said")
        return faults

    def never_shown(self):
        """What the document promises and no case has shown: answers, members, elements."""
        missing = []
        for method, template, operation in self.operations():
            for status, answer in operation["responses"].items():
                for kind in answer.get("content", {"": None}) if status != "default" else []:
                    if (method, template, int(status), kind) not in self.answered:
                        missing.append(f"{method} {template} {status} {kind}".rstrip())
        for where, schema in self.all_schemas():
            for name, member in schema.get("properties", {}).items():
                if id(member) not in self.seen and not member.get("readOnly"):
                    missing.append(f"{where}/{name}")
            if "items" in schema and id(schema["items"]) not in self.seen:
                missing.append(f"{where}[]")
        return missing

    def operations_of_api(self):
        """Without the clock of the tests."""
        return ((path, methods) for path, methods in self.document["paths"].items() if path.startswith(PREFIX))

    def operations(self):
        for template, methods in self.operations_of_api():
            for method, operation in methods.items():
                yield method.upper(), template, operation

    def all_schemas(self):
        """(where, schema) of every schema and of those inside it."""
        for name, schema in self.schemas.items():
            yield from inside(name, schema)
        for method, template, operation in self.operations():
            contents = [("asks", operation.get("requestBody", {}))] + list(operation["responses"].items())
            for part, content in contents:
                for one in content.get("content", {}).values():
                    yield from inside(f"{method} {template} {part} ", one["schema"])

    def fault_of_value(self, schema, value, what, received="", wanted=""):
        if received != wanted:
            return f"{what} came as {received!r} instead of {wanted}"
        worst = jsonschema.exceptions.best_match(self.validator_of(schema).iter_errors(value))
        if worst is None:
            return None
        pointer = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in worst.absolute_path)
        message = worst.message if len(worst.message) < 400 else worst.message[:400] + "…"
        return f"{what} is not as the document says, at {pointer or 'its root'}: {message}"


def inside(where, schema):
    yield where, schema
    for name, member in schema.get("properties", {}).items():
        yield from inside(f"{where}/{name}", member)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from inside(where + "[]", schema[word])
    for word in ("anyOf", "oneOf", "prefixItems"):
        for at, part in enumerate(schema.get(word, [])):
            yield from inside(f"{where}|{at}", part)


def json_of(body):
    try:
        return json.loads(body)
    except ValueError:
        return None
