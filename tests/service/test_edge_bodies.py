"""No body and no header brings a service down: what it cannot keep is refused, on both databases alike.

The bodies come out of the descriptions (OpenAPI); in each of them one value after another is spoilt.
"""

import copy
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from services.embedded import SERVICES
from shared.app import create_app
from shared.auth.roles import Role
from shared.auth.tokens import TokenChecker
from tests.harness import Bench
from tests.routes import routes_of, something

SPOILT: tuple[object, ...] = (
    "\0", "a\0b", "\ud800", "x" * 100_000, "", -1, 2**31, 2**63, 2**64, 10**400, 1.5, True, None, [], {}, [[]],
    "99999999999999999999", "2026-01-01",
)  # fmt: skip
WRONG_HEADERS = {
    "Authorization": ["Bearer", "Bearer a.b.c", "Bearer \u00e9", "Basic eDp5", "Bearer " + "x" * 20_000],
    "Content-Type": ["", "nonsense", "application/json; charset=\u00e9", "multipart/form-data", "text/plain"],
    "Accept-Language": ["", "\u00e9", ",,,", "en" * 5000],
    "Cookie": ["saoluu_session", "saoluu_session=\u00e9", "saoluu_session=" + "x" * 20_000, ";;;=;"],
}


def example(schema: dict[str, Any], parts: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Make a value of a shape."""
    schema = something(schema)
    if "$ref" in schema:
        return example(parts[schema["$ref"].rsplit("/", 1)[1]], parts)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("format", schema.get("type")):
        case "object":
            return {name: example(each, parts) for name, each in schema.get("properties", {}).items()}
        case "array":
            return [example(schema["items"], parts)]
        case kind:
            simple = {"integer": 2026, "number": 1.5, "boolean": True, "uuid": str(uuid4()), "date": "2026-01-01"}
            return simple.get(str(kind), "0" * 64 if "pattern" in schema else "01")


def spoilt(body: object) -> Iterator[object]:
    """Give a body with one value after another spoilt, at any depth."""
    yield from SPOILT
    if isinstance(body, dict | list):
        places: list[Any] = list(body) if isinstance(body, dict) else list(range(len(body)))
        for place in places:
            for worse in spoilt(body[place]):
                changed: Any = copy.copy(body)
                changed[place] = worse
                yield changed


async def test_no_spoilt_body_is_answered_with_a_fault_of_ours(whole_system: Bench) -> None:
    caller, tried = whole_system.caller(*Role), set()
    parts = {
        name: create_app(whole_system.services[name], TokenChecker(whole_system.issuer.url)).openapi()["components"]
        for name in SERVICES
    }
    for route in routes_of(whole_system):
        shape = route.told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if shape is None:
            continue
        tried.add(route.told["operationId"])
        for body in spoilt(example(shape, parts[route.service]["schemas"])):
            content = json.dumps(body)
            answer = await caller.request(
                route.method, route.path(), content=content, headers={"Content-Type": "application/json"}
            )
            assert answer.status_code < 500, (route.template, content[:300], answer.text[:300])
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == "application/problem+json", (route.template, content[:300])
                assert answer.json()["code"], route.template
    assert len(tried) >= 15


async def test_what_is_no_json_is_refused(whole_system: Bench) -> None:
    officer = whole_system.caller(Role.HANDOVER_OFFICER)
    deep, long = b"[" * 100_000, b'{"agreed_on": ' + b"9" * 5000 + b"}"
    for content in (b"", b"{", b"\xff\xfe", b"NaN", b'{"a": Infinity}', deep, long):
        headers = {"Content-Type": "application/json"}
        answer = await officer.post("/handover/agreements", content=content, headers=headers)
        assert answer.status_code in (400, 422), (content[:20], answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    too_large = await officer.post("/handover/agreements", content=b" " * (2 << 20))
    assert (too_large.status_code, too_large.json()["code"]) == (413, "too_large")


async def test_no_header_is_answered_with_a_fault_of_ours(whole_system: Bench) -> None:
    caller = whole_system.caller(Role.AUDITOR)
    for name, values in WRONG_HEADERS.items():
        for value in values:
            headers = [(name.encode(), value.encode())]
            for method, path in (
                ("GET", "/catalog/fonds"),
                ("POST", "/identity/tokens"),
                ("POST", "/identity/sessions"),
            ):
                answer = await caller.request(method, path, headers=headers)
                assert answer.status_code < 500, (name, value[:20], path, answer.text)


async def test_an_address_that_leads_nowhere_is_answered_with_a_problem_document(whole_system: Bench) -> None:
    caller = whole_system.caller(*Role)
    for path in ("/", "/nothing", "/%00", "/catalog", "/catalog/", "/catalog/fonds/", "/catalog/nothing", "//catalog"):
        answer = await caller.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    answer = await caller.delete("/catalog/fonds")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
