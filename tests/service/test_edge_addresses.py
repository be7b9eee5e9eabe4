"""Addresses say what they mean: numbers, days and truths in one spelling, nothing unknown, nothing twice, no NUL.

The routes come out of the descriptions (OpenAPI), so that a new parameter is tested the day it is written.
"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from shared.auth.roles import Role
from tests.harness import Bench
from tests.routes import Route, routes_of

WRONG_NUMBERS = ["1_0", "+1", "-1", "1.0", " 1", "1 ", "٣", "01", "", "0x1", "1e1", "9" * 20, "9" * 5000]
WRONG_DAYS = ["0", "1700006400", "1700006400.5", "2026-1-1", "20260101", "2026-01-01T00:00:00", "2026-02-30", ""]
WRONG_TRUTHS = ["1", "0", "yes", "on", "True", "TRUE", ""]
WRONG_TEXTS = ["\0", "a\0b", "x" * 5000]


def wrong_values(schema: dict[str, Any]) -> list[str]:
    """Give what a parameter of this shape must not be."""
    if "$ref" in schema or "enum" in schema:
        return ["\0", "nonsense", ""]
    match schema.get("format", schema["type"]):
        case "integer":
            return WRONG_NUMBERS
        case "boolean":
            return WRONG_TRUTHS
        case "date":
            return WRONG_DAYS
        case "uuid":
            return ["\0", "1", f"{uuid4()}\0"]
        case "string":
            return WRONG_TEXTS
        case other:
            raise AssertionError(f"a new kind of parameter: {other}")


def asked(system: Bench) -> Iterator[tuple[Route, dict[str, dict[str, Any]]]]:
    """Give every route that can be asked without a body, and its query."""
    for route in routes_of(system):
        if route.method != "HEAD":
            yield route, route.query()


async def test_a_parameter_that_a_route_does_not_know_is_refused_and_named(whole_system: Bench) -> None:
    caller = whole_system.caller(*Role)
    for route, query in asked(whole_system):
        for name in ("unknown", *(f"{known}x" for known in query), *(known.upper() for known in query)):
            answer = await caller.request(route.method, route.path(), params={name: "1"})
            told = answer.json()
            assert (answer.status_code, told["code"], told["parameter"]) == (422, "query_unknown", name), route


async def test_a_parameter_that_is_there_twice_is_refused(whole_system: Bench) -> None:
    caller = whole_system.caller(*Role)
    for route, query in asked(whole_system):
        for name in query:
            answer = await caller.request(route.method, route.path(), params=[(name, "1"), (name, "1")])
            assert (answer.status_code, answer.json()["code"]) == (422, "query_repeated"), (route, name)


async def test_an_unknown_parameter_is_refused_only_to_callers_who_may_ask_at_all(whole_system: Bench) -> None:
    answer = await whole_system.caller().get("/catalog/fonds", params={"unknown": "1"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_a_misspelt_dry_run_imports_nothing(whole_system: Bench) -> None:
    archivist = whole_system.caller(Role.ARCHIVIST)
    for query in ({"dryrun": "true"}, {"dry_run": "1"}, {"dry_run": "yes"}):
        answer = await archivist.post("/catalog/imports", params={"fonds_id": str(uuid4()), **query}, content=b"PK")
        assert answer.status_code == 422
        assert answer.json()["code"] in ("query_unknown", "invalid_request")


async def test_a_value_that_only_resembles_what_is_meant_is_refused(whole_system: Bench) -> None:
    caller, seen = whole_system.caller(*Role), set()
    for route, query in asked(whole_system):
        for name, schema in query.items():
            if name == "cursor":  # has its own test, beside the lists
                continue
            seen.add(name)
            for value in wrong_values(schema):
                params, headers = {name: value}, {"If-Match": f'"{"0" * 32}"'}  # of some list or other
                answer = await caller.request(route.method, route.path(), params=params, headers=headers)
                told = (answer.status_code, answer.json()["code"])
                assert told == (422, "invalid_request"), (route.template, name, value[:20], answer.text[:200])
    assert {"limit", "q", "criterion", "fonds_code", "state", "dry_run", "from", "to", "year", "by"} <= seen


@pytest.mark.parametrize("path", ["/ingest/dossiers/{id}/pages/{number}", "/reporting/targets/{number}"])
async def test_a_number_in_a_path_is_plain_digits(whole_system: Bench, path: str) -> None:
    caller = whole_system.caller(*Role)
    for number in ("1_0", "+1", "1.0", "%201", "1%20", "%D9%A3", "01", "-1", "9" * 20, "9" * 5000, "2026%00"):
        answer = await caller.put(path.format(id=uuid4(), number=number), json={})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), number


async def test_a_day_in_a_body_is_written_as_a_day(whole_system: Bench) -> None:
    officer = whole_system.caller(Role.HANDOVER_OFFICER)
    told = {"receiver_id": str(uuid4()), "receiver_name": "Cục", "fonds_code": "P01", "reference": "01/TT"}
    for day in (0, 1700006400, 1.5, True, None, *WRONG_DAYS):
        answer = await officer.post("/handover/agreements", json={**told, "agreed_on": day})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), day
    answer = await officer.post("/handover/agreements", json={**told, "agreed_on": "2026-11-24"})
    assert answer.json()["code"] == "handover.receiver_unknown", "the day was read, and then the receiver looked for"
