"""A4 equivalents, and packages of masters that go along, stand on the lists and in the manifest of a delivery."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from services.ingest.context import Context
from shared.auth.roles import Role
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, gathered, granted, opened_packages, sealed
from tests.service.reading_forms import read_as

Rows = list[tuple[Any, ...]]


@pytest.fixture
async def system(at_work: Set, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        context = made.services["ingest"].context
        assert isinstance(context, Context)
        await read_as(context, monkeypatch, None, [2])
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def told(system: Bench, dossiers: int, **terms: object) -> tuple[Rows, Rows, list[dict[str, Any]]]:
    """Deliver what waits; gives the rows of both lists below their heads, and the manifest's lines on packages."""
    delivery = await gathered(system, dossiers=dossiers, **terms)
    await opened_packages(system, delivery)
    officer, place = system.caller(Role.HANDOVER_OFFICER), f"/handover/deliveries/{delivery}"
    lists = [await officer.get(f"{place}/papers/{name}-list.xlsx") for name in ("statistical", "dossier")]
    rows = [list(load_workbook(BytesIO(each.content)).worksheets[0].iter_rows(values_only=True)) for each in lists]
    manifest = await officer.get(f"{place}/manifest.jsonl")
    lines = [json.loads(line) for line in manifest.content.splitlines()[1:]]
    return rows[0][6:], rows[1][6:], lines


async def test_a4_equivalents_come_from_the_checks_of_the_pages_to_every_list(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:2], checked=(1, 2))
    counted, listed, manifest = await told(system, 1)
    assert counted[0][3:7] == counted[1][3:7] == (1, 1, 2, 3)
    assert (listed[0][5], listed[1][5]) == (3, 3)
    assert [line["a4_equivalents"] for line in manifest] == [3]


async def test_documents_are_those_of_the_dossier_though_all_of_them_are_read_as_one(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:2], document_count=5)
    counted, listed, manifest = await told(system, 1)
    assert counted[0][3:6] == counted[1][3:6] == (1, 5, 2)
    assert (listed[0][3], listed[1][3]) == (5, 5)
    assert [line["document_count"] for line in manifest] == [5]


async def test_where_one_page_was_never_told_of_the_dossier_and_every_sum_with_it_are_unknown(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:2], checked=(2,))
    await sealed(system, made_pages[:2], code="H49.2001.002", checked=(1, 1))
    counted, listed, manifest = await told(system, 2)
    assert (counted[0][6], counted[1][6]) == (None, None)
    assert [row[5] for row in listed[:3]] == [None, 2, None]
    assert [line["a4_equivalents"] for line in manifest] == [None, 2], "unknown, and not nothing"


async def test_a_package_of_masters_that_goes_along_has_its_line_and_its_bytes(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages[:2], checked=(1, 1))
    counted, listed, manifest = await told(system, 1, with_masters=True)
    own, masters = (line["size"] for line in manifest)
    assert counted[0][3:8] == (1, 1, 2, 2, own)
    assert counted[1][:8] == (None, "P01", "Gói bản số gốc kèm theo: 1 gói", None, None, None, None, masters)
    assert counted[2][2:8] == ("Cộng", 1, 1, 2, 2, own + masters)
    officer = system.caller(Role.HANDOVER_OFFICER)
    (delivery,) = (await officer.get("/handover/deliveries")).json()["items"]
    place = f"/handover/deliveries/{delivery['id']}"
    head = json.loads((await officer.get(f"{place}/manifest.jsonl")).content.splitlines()[0])
    parts = (await officer.get(f"{place}/parts")).json()["items"]
    assert [head["page_count"], *(part["page_count"] for part in parts)] == [2, 2], "as its papers say"
    assert [line["page_count"] for line in manifest] == [2, 2], "a line tells of its own package"
    assert listed[1][0] == 2
    assert listed[1][6:9] == (masters, manifest[1]["objid"], manifest[1]["sha256"])
