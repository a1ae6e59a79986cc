#!/usr/bin/env python3
"""Tests of the judge that holds answers and requests to the OpenAPI document."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from document import Document
from server import Answer


def shape(**members):
    required = [name for name in members if not name.endswith("_")]
    return {"type": "object", "properties": {name.rstrip("_"): member for name, member in members.items()},
            "required": required, "additionalProperties": False}


TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
PET = {"$ref": "#/components/schemas/Pet"}


def content(schema, kind="application/json"):
    return {"content": {kind: {"schema": schema}}}


DOCUMENT = {
    "components": {"schemas": {
        "Pet": shape(name=TEXT, born_={"type": "string", "format": "date"}, young={"type": "array", "items": PET}),
        "Problem": shape(code=TEXT, detail=TEXT)}},
    "paths": {
        "/api/v1/pets": {
            "get": {"parameters": [{"name": "limit", "in": "query", "schema": WHOLE}],
                    "responses": {"200": content({"type": "array", "items": PET}), "default": {}}},
            "post": {"parameters": [], "requestBody": {"required": True, **content(shape(name=TEXT))},
                     "responses": {"201": content(PET), "default": {}}}},
        "/api/v1/pets/{id}": {"delete": {"parameters": [], "responses": {"204": {}, "default": {}}}},
        "/api/v1/pets/lines": {"get": {"parameters": [],
                                       "responses": {"200": content(PET, "application/x-ndjson"), "default": {}}}}}}
REX = {"name": "Rex", "young": []}


class Judge(unittest.TestCase):
    def setUp(self):
        self.document = Document(json.loads(json.dumps(DOCUMENT)))

    def fault(self, method, target, status, answer=None, sent=None, kind="application/json"):
        body = b"" if answer is None else answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        sent = None if sent is None else json.dumps(sent).encode()
        return self.document.fault(method, target, "application/json", sent,
                                   Answer(status, {"Content-Type": kind}, body)) or ""

    def test_what_is_described_passes(self):
        self.assertEqual(self.fault("POST", "/api/v1/pets", 201, {**REX, "young": [REX]}, {"name": "Rex"}), "")
        self.assertEqual(self.fault("GET", "/api/v1/pets?limit=5", 200, [REX]), "")
        self.assertEqual(self.fault("DELETE", "/api/v1/pets/7", 204), "")
        self.assertEqual(self.fault("GET", "/v1/anything", 200, {"a": 1}), "")

    def test_a_member_too_many_too_few_or_of_another_type_is_named(self):
        self.assertIn("'age'", self.fault("GET", "/api/v1/pets", 200, [{**REX, "age": 3}]))
        self.assertIn("at /0: 'young' is a required property", self.fault("GET", "/api/v1/pets", 200, [{"name": "Rex"}]))
        self.assertIn("at /0/young/0/name", self.fault("GET", "/api/v1/pets", 200, [{**REX, "young": [{**REX, "name": 1}]}]))
        self.assertIn("at /0/born", self.fault("GET", "/api/v1/pets", 200, [{**REX, "born": "yesterday"}]))

    def test_an_accepted_request_must_be_described(self):
        self.assertIn("accepted request", self.fault("POST", "/api/v1/pets", 201, REX, {"name": "Rex", "age": 3}))
        self.assertIn("without the body", self.fault("POST", "/api/v1/pets", 201, REX))
        self.assertIn("a body that", self.fault("DELETE", "/api/v1/pets/7", 204, None, {}))
        self.assertIn("no parameter 'colour'", self.fault("GET", "/api/v1/pets?colour=red", 200, []))
        self.assertIn("'limit'", self.fault("GET", "/api/v1/pets?limit=few", 200, []))

    def test_statuses_types_and_endpoints_must_be_described(self):
        self.assertIn("no answer 200", self.fault("POST", "/api/v1/pets", 200, REX, {"name": "Rex"}))
        self.assertIn("has no PUT", self.fault("PUT", "/api/v1/pets", 200, REX))
        self.assertIn("text/csv", self.fault("GET", "/api/v1/pets", 200, [], kind="text/csv"))
        self.assertIn("204 has a body", self.fault("DELETE", "/api/v1/pets/7", 204, REX))

    def test_a_refusal_is_a_problem(self):
        problem = {"code": "pets.gone", "detail": "The pet is gone."}
        self.assertEqual(self.fault("GET", "/api/v1/never", 404, problem, kind="application/problem+json"), "")
        self.assertIn("instead of application/problem+json", self.fault("GET", "/api/v1/pets", 404, problem))
        self.assertIn("detail", self.fault("GET", "/api/v1/pets", 404, {"code": "a.b"}, kind="application/problem+json"))

    def test_every_line_is_judged_and_a_written_path_wins_over_a_parameter(self):
        lines = "\n".join(json.dumps(pet) for pet in (REX, {"name": 3, "young": []}))
        self.assertIn("at /name", self.fault("GET", "/api/v1/pets/lines", 200, lines.encode(), kind="application/x-ndjson"))

    def test_what_no_case_has_shown_is_told(self):
        self.fault("GET", "/api/v1/pets", 200, [REX])
        missing = self.document.never_shown()
        self.assertNotIn("GET /api/v1/pets 200 application/json", missing)
        self.assertNotIn("Pet/name", missing)
        self.assertIn("DELETE /api/v1/pets/{id} 204", missing)
        self.assertIn("Pet/born", missing)
        self.assertIn("Pet/young[]", missing)

    def test_gaps_of_the_document_are_told(self):
        paths = self.document.document["paths"]
        self.assertEqual(self.document.faults_of_itself(), [])
        del paths["/api/v1/pets"]["get"]["responses"]["200"]
        paths["/api/v1/pets"]["post"]["responses"]["201"] = content({"$ref": "#/components/schemas/Dog"})
        self.document.schemas["Pet"]["properties"]["owner"] = {"type": "object"}
        faults = " ".join(self.document.faults_of_itself())
        for words in ("GET /api/v1/pets describes no answer", "Dog, which nothing defines", "Pet/owner is an object"):
            self.assertIn(words, faults)


if __name__ == "__main__":
    unittest.main()
