"""A rejection that is explained: the ledger hears of it, and the dossier is delivered again only by name."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from shared.auth.roles import Role
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, agreement_of, granted, opened_packages, sealed
from tests.service.test_handover_revised import again_delivered, answered, corrected, preserved

WORDS = "Hai bên thống nhất không giao lại."


@pytest.fixture
async def system(at_work: Set) -> AsyncIterator[Bench]:
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def rejected(system: Bench, package: dict[str, Any]) -> None:
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    said = {"answer": "rejected", "sha256": package["sha256"], "reasons": [{"code": "outside_agreement"}]}
    assert (await receiver.put(f"/handover/packages/{package['id']}/receipt", json=said)).status_code == 200


async def explained(system: Bench) -> None:
    """Explain every correction that is open."""
    officer = system.caller(Role.HANDOVER_OFFICER)
    for each in (await officer.get("/handover/corrections?is_settled=false")).json()["items"]:
        answer = await officer.post(f"/handover/corrections/{each['id']}/explanation", json={"explanation": WORDS})
        assert answer.status_code == 200, answer.text


async def difference(system: Bench, dossier: UUID) -> tuple[int, int, str, bool]:
    """Give what the ledger says of a dossier's receiving, once it has heard an explanation."""
    items: list[dict[str, Any]] = []
    for _ in range(100):
        items = (await system.caller(Role.AUDITOR).get("/reporting/ledger/differences")).json()["items"]
        for each in items:
            if (each["dossier_id"], each["step"]) == (str(dossier), "received") and each["explanation"]:
                return each["expected"], each["found"], each["explanation"], each["is_open"]
        await asyncio.sleep(0.1)
    raise AssertionError(items)


async def test_an_explained_redelivery_leaves_the_accepted_package_in_its_place(
    system: Bench, made_pages: list[Path]
) -> None:
    dossier = await sealed(system, made_pages[:1])
    agreement = await agreement_of(system, 1)
    (first,) = await opened_packages(system, (await again_delivered(system, agreement)).json()["id"])
    await answered(system, first)
    await corrected(system, dossier)
    (second,) = await opened_packages(system, (await again_delivered(system, agreement, dossier)).json()["id"])
    await rejected(system, second)
    await explained(system)
    assert (await preserved(system, dossier))["package_id"] == first["id"]
    assert await difference(system, dossier) == (1, 1, WORDS, False)
    unasked = await again_delivered(system, agreement)
    assert (unasked.status_code, unasked.json()["code"]) == (409, "handover.nothing_to_deliver")
    named = await again_delivered(system, agreement, dossier)
    assert named.status_code == 201
    officer, place = system.caller(Role.HANDOVER_OFFICER), f"/handover/deliveries/{named.json()['id']}"
    assert (await officer.post(f"{place}/cancellation", json={"reason": "nhầm"})).status_code == 200
    assert (await preserved(system, dossier))["package_id"] == first["id"]


async def test_what_was_never_accepted_and_is_explained_is_gathered_only_by_name(
    system: Bench, made_pages: list[Path]
) -> None:
    dossier = await sealed(system, made_pages[:1])
    agreement = await agreement_of(system, 1, with_masters=True)
    first = await opened_packages(system, (await again_delivered(system, agreement)).json()["id"])
    for package in first:
        await rejected(system, package)
    assert (await preserved(system, dossier))["package_id"] is None, "it waits for a package that replaces it"
    await explained(system)
    assert await difference(system, dossier) == (1, 0, WORDS, False)
    unasked = await again_delivered(system, agreement)
    assert (unasked.status_code, unasked.json()["code"]) == (409, "handover.nothing_to_deliver")
    named = (await again_delivered(system, agreement, dossier)).json()["id"]
    officer = system.caller(Role.HANDOVER_OFFICER)
    await officer.post(f"/handover/deliveries/{named}/cancellation", json={"reason": "nhầm"})
    assert (await again_delivered(system, agreement)).json()["code"] == "handover.nothing_to_deliver"
    second = await opened_packages(system, (await again_delivered(system, agreement, dossier)).json()["id"])
    for package in second:
        await answered(system, package)
    once_more = await again_delivered(system, agreement, dossier)
    assert once_more.json()["code"] == "handover.dossiers_unavailable", "it is received now"
