"""What people said beside what the machine found: the list, the counts, and the command that proposes limits."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner

from cli.credential import Credential
from cli.qc import calibrate
from cli.qc.proposing import as_data, in_words
from services.qc.domain.agreeing import Totals, agreements
from services.qc.domain.profile import Profile
from services.qc.models import GivenVerdict, InspectedPage, PageCheck
from shared.auth.roles import Role
from tests.grounds import Ground
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.qc_desk import Desk
from tests.service.station import Line, client_on

LABEL = Profile.load("tt05-2025").label
LEAST = Profile.load("tt05-2025").least_sharpness


@pytest.fixture
async def desk(at_work: Set, ground: Ground) -> AsyncIterator[Desk]:
    async with at_work("qc") as system:
        yield Desk(system, ground)


async def measure(desk: Desk, dossier: UUID, *sharpness: float, profile: str = LABEL) -> None:
    """Write down how sharp the pages of a dossier are, as if that was measured under a profile."""
    async with desk.system.services["qc"].context.database.writing() as uow:
        asked = select(PageCheck).where(PageCheck.dossier_id == dossier).order_by("number")
        for check, each in zip(await uow.session.exec(asked), sharpness, strict=True):
            page = await uow.session.get_one(InspectedPage, check.page_id)
            is_blurred = each < LEAST
            check.profile, check.measures = profile, {"sharpness": each, "color_mode": "RGB", "skew_degrees": None}
            check.judgement = page.judgement = "review" if is_blurred else "pass"
            check.findings = page.findings = (
                [{"code": "sharpness.blurred", "severity": "review", "value": each, "limit": LEAST}]
                if is_blurred
                else []
            )


async def listed(system: Bench, limit: int = 500) -> list[dict[str, Any]]:
    """Read the judged pages to their end, by page."""
    caller, query, found = system.caller(Role.AUDITOR), {"limit": str(limit)}, []
    while True:
        portion = (await caller.get("/qc/judged-pages", params=query)).json()
        found += portion["items"]
        if portion["next"] is None:
            return sorted(found, key=lambda item: (item["page_id"], item["version"]))
        query["cursor"] = portion["next"]


async def test_a_verdict_is_told_beside_what_the_machine_found_and_measured(desk: Desk) -> None:
    dossier = await desk.dossier("rp", sampled=(2,))
    await measure(desk, dossier, 0.1, 0.6)
    first, second = await desk.pages(dossier)
    given = (await desk.say("lan", first, "rescan", reason="blurred")).json()
    await desk.say("lan", second)
    by_page = {item["page_id"]: item for item in await listed(desk.system)}
    assert by_page[first["page_id"]] == {
        "verdict_id": given["key"],
        "page_id": first["page_id"],
        "version": 1,
        "verdict": "rescan",
        "reason": "blurred",
        "profile": LABEL,
        "is_flagged": True,
        "findings": ["sharpness.blurred"],
        "measures": {"sharpness": 0.1},
    }
    accepted = by_page[second["page_id"]]
    assert (accepted["verdict"], accepted["reason"], accepted["is_flagged"]) == ("accepted", "", False)
    assert accepted["findings"] == []


async def test_what_was_undone_is_not_told_and_what_was_said_instead_is(desk: Desk) -> None:
    page, other = await desk.pages(await desk.dossier("rr"))
    for verdict in (page, other):
        given = (await desk.say("lan", verdict, "rejected", reason="cut")).json()
        assert (await desk.undo("lan", given["key"])).status_code == 200
    await desk.say("lan", page)
    assert [(item["page_id"], item["verdict"]) for item in await listed(desk.system)] == [(page["page_id"], "accepted")]


async def test_of_several_verdicts_from_before_they_could_be_undone_the_last_stands(desk: Desk) -> None:
    (page,) = await desk.pages(await desk.dossier("r"))
    given = (await desk.say("lan", page)).json()
    async with desk.system.services["qc"].context.database.writing() as uow:
        stands = await uow.session.get_one(GivenVerdict, UUID(given["key"]))
        earlier = stands.at - timedelta(days=1)
        uow.session.add(
            GivenVerdict(
                page_id=stands.page_id, version=1, verdict="rejected", reason="cut", inspector="lan", at=earlier
            )
        )  # fmt: skip
    assert [item["verdict"] for item in await listed(desk.system)] == ["accepted"]


async def test_each_version_of_a_page_is_told_with_what_was_said_of_that_version(desk: Desk) -> None:
    (page,) = await desk.pages(await desk.dossier("r"))
    await desk.say("lan", page, "rescan", reason="blurred")
    sha256 = await desk.rescanned(page)
    async with desk.system.services["qc"].context.database.writing() as uow:
        row = await uow.session.get_one(InspectedPage, UUID(page["page_id"]))
        row.judgement, row.is_readable = "pass", True
    assert (await desk.say("lan", {**page, "sha256": sha256})).status_code == 200
    assert [(item["version"], item["verdict"]) for item in await listed(desk.system)] == [
        (1, "rescan"),
        (2, "accepted"),
    ]


async def test_pages_accepted_many_at_once_are_not_told(desk: Desk) -> None:
    dossier = await desk.dossier("prp")
    await desk.take("lan", dossier, unflagged_too=True)
    many = await desk.inspector("lan").post(f"/qc/scopes/{dossier}/acceptances", json={"key": str(uuid4())})
    assert many.json()["accepted_count"] == 2
    assert await listed(desk.system) == []
    await desk.say("lan", (await desk.pages(dossier))[1])
    assert len(await listed(desk.system)) == 1


async def test_the_list_is_read_in_portions_to_its_end(desk: Desk) -> None:
    for page in await desk.pages(await desk.dossier("r" * 7)):
        await desk.say("lan", page)
    assert await listed(desk.system, 3) == await listed(desk.system)
    assert len(await listed(desk.system, 3)) == 7


async def test_pages_are_counted_by_profile_flagged_and_not(desk: Desk) -> None:
    await measure(desk, await desk.dossier("rpp"), 0.1, 0.5, 0.6)
    await measure(desk, await desk.dossier("rp"), 0.1, 0.5, profile="tt05-2025/1")
    await desk.dossier("--")
    told = (await desk.system.caller(Role.ADMIN).get("/qc/judged-pages/totals")).json()
    assert told == {
        "profile": LABEL,
        "profiles": [
            {"profile": "tt05-2025/1", "flagged_count": 1, "unflagged_count": 1},
            {"profile": LABEL, "flagged_count": 1, "unflagged_count": 2},
        ],
    }


async def test_stations_and_readers_do_not_see_it(desk: Desk) -> None:
    for path in ("/qc/judged-pages", "/qc/judged-pages/totals"):
        for role in (Role.STATION, Role.ARCHIVIST):
            assert (await desk.system.caller(role).get(path)).status_code == 403


async def judge_many(desk: Desk) -> None:
    """Have 24 blurred pages sent back, 4 of which the machine passed, and 16 good ones accepted."""
    blurred = [LEAST - 0.2 + 0.01 * number for number in range(20)] + [LEAST + 0.02 * number for number in range(1, 5)]
    good = [LEAST + 0.05 + 0.02 * number for number in range(16)]
    dossier = await desk.dossier("p" * 40)
    await measure(desk, dossier, *blurred, *good)
    for page in await desk.pages(dossier):
        said = {"verdict": "rescan", "reason": "blurred"} if page["number"] <= len(blurred) else {}
        assert (await desk.say("lan", page, **said)).status_code == 200
    await measure(desk, await desk.dossier("p" * 20), *[0.9] * 20)  # nobody looked at these
    old = await desk.dossier("r")
    await measure(desk, old, 0.1, profile="tt05-2025/1")
    await desk.say("lan", (await desk.pages(old))[0])


async def test_the_command_reads_everything_and_proposes_from_pages_of_one_profile(desk: Desk) -> None:
    await judge_many(desk)
    judged = await calibrate.read(client_on(Line(desk.system, Role.AUDITOR)))
    assert (judged.profile.label, judged.in_force, len(judged.pages)) == (LABEL, LABEL, 40)
    assert judged.totals == Totals(20, 40)
    assert judged.left_out == {"tt05-2025/1": 1}
    checks = agreements(judged.pages, judged.totals, judged.profile)
    (blurred,) = [each for each in checks if each.code == "sharpness.blurred"]
    told = as_data(blurred)
    assert (told["field"], told["worse"], told["why_not"]) == ("least_sharpness", "below", None)
    assert (blurred.flagged_count, blurred.fault_count) == (20, 24)
    assert blurred.present is not None
    assert blurred.proposed is not None
    assert (blurred.present.right, blurred.present.wrong, blurred.present.missed) == (20, 0, 8), "4 stand for 8"
    assert blurred.proposed.limit > LEAST
    assert blurred.proposed.recall is not None
    assert blurred.proposed.recall >= 0.95


def words(judged: calibrate.Judged) -> str:
    """Say all that the command says."""
    checks = agreements(judged.pages, judged.totals, judged.profile)
    return "\n".join([*calibrate.heading(judged), *(line for each in checks for line in in_words(each))])


async def test_the_command_says_what_it_found_and_why_it_proposes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await judge_many(desk)
    judged = await calibrate.read(client_on(Line(desk.system, Role.INSPECTOR)))
    monkeypatch.setenv("SAOLUU_LANGUAGE", "en")
    said = words(judged)
    assert "40 judged pages compared; 20 flagged in all, 40 passed" in said
    assert "Left out, by other profiles: tt05-2025/1: 1" in said
    assert "no limit has been changed" in said
    assert "sharpness.blurred: 20 flagged and judged; 20 right, 0 wrong, about 8 missed; precision 100.0 %" in said
    assert f"least_sharpness = {LEAST:g}; proposed 0.3" in said
    judged.pages[:] = judged.pages[:15]
    assert "too few faults, " in words(judged)
    monkeypatch.setenv("SAOLUU_LANGUAGE", "vi")
    assert "quá ít lỗi" in words(judged)


async def test_the_command_ends_with_1_when_there_is_nothing_to_compare_and_prints_json(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = calibrate.read

    async def printed() -> tuple[int, dict[str, Any]]:
        judged = await read(client_on(Line(desk.system, Role.AUDITOR)))

        async def known(*_: object) -> calibrate.Judged:
            return judged

        monkeypatch.setattr(calibrate, "read", known)
        monkeypatch.setattr(Credential, "load", lambda _: None)
        monkeypatch.setattr(calibrate, "ApiClient", lambda *_, **__: None)
        app = typer.Typer()
        app.command()(calibrate.calibrate)
        done = await asyncio.to_thread(CliRunner().invoke, app, ["--credential", "x", "--json"])
        return done.exit_code, json.loads(done.stdout)

    code, told = await printed()
    assert (code, told["judged_count"]) == (1, 0)
    await judge_many(desk)
    code, told = await printed()
    assert (code, told["judged_count"], told["left_out"]) == (0, 40, {"tt05-2025/1": 1})
    assert {check["code"] for check in told["checks"] if check["proposed"]} == {"sharpness.blurred"}
