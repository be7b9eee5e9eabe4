"""The receiver's client against handover: what was damaged here is fetched anew, only the server's faults are told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from cli.pull.pulling import PullReport, pull_all
from shared.auth.roles import Role
from shared.delivery.manifest import FILE
from shared.delivery.receipt_file import FILE as RECEIPTS
from shared.delivery.receipt_file import receipts_in
from shared.eark.verify import verify_package
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, delivered, gathered, granted, opened_packages, sealed
from tests.service.station import Line, client_on

Bend = Callable[[bytes], AsyncIterator[bytes]]


@dataclass
class Receiver:
    """The receiving archive, with one package offered to it."""

    system: Bench
    line: Line
    to: Path
    package: dict[str, object]
    ranges: list[str] = field(default_factory=list)

    @property
    def place(self) -> Path:
        """Give where the package will lie."""
        return self.to / "P01-001" / f"{self.package['number']:04d}-{self.package['objid']}.zip"

    async def pull(self, *, again: bool = False, patience: float = 2) -> PullReport:
        """Run the client, noting from where it fetches."""

        def note(request: httpx.Request) -> None:
            if request.url.path.endswith("/content"):
                self.ranges.append(request.headers.get("range", "all"))

        self.line.meanwhile = note
        async with client_on(self.line) as client:
            return await pull_all(client, self.to, patience=patience, again=again)

    async def whole(self) -> bytes:
        """Give the bytes that the server offers."""
        caller = self.system.caller(Role.RECEIVER, account_id=RECEIVER)
        return (await caller.get(f"/handover/packages/{self.package['id']}/content")).content

    async def state(self) -> str:
        """Give the package's state at the server."""
        caller = self.system.caller(Role.RECEIVER, account_id=RECEIVER)
        listed = (await caller.get(f"/handover/deliveries/{self.package['delivery_id']}/packages")).json()
        return str(listed["items"][0]["state"])


@pytest.fixture
async def receiver(at_work: Set, made_pages: list[Path], tmp_path: Path) -> AsyncIterator[Receiver]:
    async with at_work("catalog", "ingest", "handover", "reporting") as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        await sealed(system, made_pages[:1])
        package = await delivered(system)
        yield Receiver(system, Line(system, Role.RECEIVER, RECEIVER), tmp_path / "to", package)
        await asyncio.sleep(0.4)  # the others hear of the answer: cut off there, a database connection is not closed


async def test_a_receiver_who_lost_a_disk_fetches_again_what_was_answered_and_answers_nothing_anew(
    receiver: Receiver,
) -> None:
    await demand_accepted(receiver, await receiver.pull())
    receiver.place.unlink()
    assert (await receiver.pull()).verified == [], "what was answered for is not fetched unasked"
    receiver.line.carried.clear()
    await demand_accepted(receiver, await receiver.pull(again=True))
    await demand_accepted(receiver, await receiver.pull(again=True))
    assert receiver.ranges == ["all", "all"], "and what is here is not fetched once more"
    assert not [each for each in receiver.line.carried if each.startswith("PUT")]


async def test_what_cannot_be_fetched_again_is_told_and_changes_no_answer(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(body: bytes) -> AsyncIterator[bytes]:
        yield body[:-1] + b"x"

    await demand_accepted(receiver, await receiver.pull())
    receiver.place.unlink()
    bend(receiver, monkeypatch, wrong)
    report = await receiver.pull(again=True)
    assert (report.verified, report.failed, report.unanswered) == ([], [], [])
    [(path, reason)] = report.unfetched
    assert path == receiver.place
    assert reason.startswith("bytes_differ: ")
    assert not receiver.place.exists()
    assert await receiver.state() == "accepted"


async def demand_accepted(receiver: Receiver, report: PullReport) -> None:
    assert (report.verified, report.failed, report.unanswered) == ([receiver.place], [], [])
    assert verify_package(receiver.place) == []
    assert sha256(receiver.place.read_bytes()).hexdigest() == receiver.package["sha256"]
    beside = [receiver.place.with_name(name) for name in (FILE, RECEIPTS)]
    assert sorted(receiver.place.parent.iterdir()) == [receiver.place, *beside]
    (kept,) = receipts_in(beside[1])
    assert (str(kept.package_id), kept.answer, kept.sha256) == (
        receiver.package["id"],
        "accepted",
        receiver.package["sha256"],
    )
    assert await receiver.state() == "accepted"


@pytest.mark.parametrize("length", ["half", "whole", "longer"])
async def test_a_damaged_part_of_an_earlier_run_is_thrown_away_and_fetched_anew(
    receiver: Receiver, length: str
) -> None:
    body = b"\0" + (await receiver.whole())[1:]
    receiver.place.parent.mkdir(parents=True)
    kept = {"half": body[: len(body) // 2], "whole": body, "longer": body + b"x"}[length]
    receiver.place.with_suffix(".part").write_bytes(kept)
    await demand_accepted(receiver, await receiver.pull())
    assert receiver.ranges[-1] == "all"


async def test_a_good_part_of_an_earlier_run_is_not_fetched_again(receiver: Receiver) -> None:
    body = await receiver.whole()
    receiver.place.parent.mkdir(parents=True)
    receiver.place.with_suffix(".part").write_bytes(body[:100])
    await demand_accepted(receiver, await receiver.pull())
    assert receiver.ranges == ["bytes=100-"]


async def test_a_package_that_was_damaged_on_this_disk_is_fetched_anew(receiver: Receiver) -> None:
    receiver.place.parent.mkdir(parents=True)
    receiver.place.write_bytes((await receiver.whole())[:-1] + b"x")
    await demand_accepted(receiver, await receiver.pull())


def bend(receiver: Receiver, monkeypatch: pytest.MonkeyPatch, bent: Bend, only: str = "") -> None:
    """Let something happen to every body of a package on its way."""
    carry = receiver.line.handle_async_request

    async def carried(request: httpx.Request) -> httpx.Response:
        answer = await carry(request)
        if not request.url.path.endswith("/content") or only not in request.url.path:
            return answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=bent(await answer.aread()))

    monkeypatch.setattr(receiver.line, "handle_async_request", carried)


async def test_bytes_that_come_wrong_every_time_are_rejected_with_the_digest_they_have(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(body: bytes) -> AsyncIterator[bytes]:
        yield body[:-1] + b"x"

    served = sha256((await receiver.whole())[:-1] + b"x").hexdigest()
    bend(receiver, monkeypatch, wrong)
    report = await receiver.pull()
    assert receiver.ranges == ["all", "all"], "not once, and not for ever"
    note = f"sha256: {served} instead of {receiver.package['sha256']}"
    assert report.failed == [(receiver.place, [f"bytes_differ: {note}"])]
    assert await receiver.state() == "rejected"
    beside = [receiver.place.with_name(name) for name in (FILE, RECEIPTS)]
    assert sorted(receiver.place.parent.iterdir()) == beside
    (kept,) = receipts_in(beside[1])
    assert (kept.answer, kept.told) == ("rejected", [{"code": "bytes_differ", "note": note}])
    known = {"answer": "rejected", "sha256": served, "reasons": [{"code": "bytes_differ", "note": note}]}
    caller = receiver.system.caller(Role.RECEIVER, account_id=RECEIVER)
    answer = await caller.put(f"/handover/packages/{receiver.package['id']}/receipt", json=known)
    assert answer.status_code == 200, "the receipt names the digest of what was looked at"


async def test_a_package_that_comes_wrong_once_is_fetched_again_and_accepted(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    damages = [b"x"]

    async def wrong_once(body: bytes) -> AsyncIterator[bytes]:
        yield body[:-1] + (damages.pop() if damages else body[-1:])

    bend(receiver, monkeypatch, wrong_once)
    await demand_accepted(receiver, await receiver.pull())


@pytest.mark.parametrize("name", [".part", ".zip"])
async def test_what_this_disk_cannot_take_leaves_the_package_unanswered(receiver: Receiver, name: str) -> None:
    receiver.place.with_suffix(name).mkdir(parents=True)
    report = await receiver.pull()
    assert (report.verified, report.failed) == ([], [])
    [(path, reason)] = report.unanswered
    assert path == receiver.place
    assert reason.endswith("Is a directory")
    assert await receiver.state() == "offered"
    receiver.place.with_suffix(name).rmdir()
    await demand_accepted(receiver, await receiver.pull())


async def test_a_line_that_is_lost_is_taken_up_again(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = [1, 2]

    async def cut(body: bytes) -> AsyncIterator[bytes]:
        yield body[:1000]
        if losses:
            losses.pop()
            raise httpx.ReadError("the line is gone")
        yield body[1000:]

    bend(receiver, monkeypatch, cut)
    await demand_accepted(receiver, await receiver.pull())
    assert receiver.ranges == ["all", "bytes=1000-", "bytes=2000-"]


async def test_a_package_that_is_broken_off_again_and_again_does_not_hold_up_the_others(
    at_work: Set, made_pages: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work("catalog", "ingest", "handover", "reporting") as system:
        await system.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        await sealed(system, made_pages[:1])
        await sealed(system, made_pages[1:2], code="H49.2001.002")
        first, second = await opened_packages(system, await gathered(system, dossiers=2))
        receiver = Receiver(system, Line(system, Role.RECEIVER, RECEIVER), tmp_path / "to", first)

        async def cut(_body: bytes) -> AsyncIterator[bytes]:
            raise httpx.RemoteProtocolError("peer closed connection")
            yield b""

        bend(receiver, monkeypatch, cut, only=f"/packages/{first['id']}/")
        report = await receiver.pull(patience=300)
        assert [path.name for path in report.verified] == [f"0002-{second['objid']}.zip"]
        assert [path for path, _ in report.unanswered] == [receiver.place]
        assert len(receiver.ranges) == 5 + 1
        await asyncio.sleep(0.4)


async def test_a_package_that_always_breaks_off_is_given_up_unanswered(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut(_body: bytes) -> AsyncIterator[bytes]:
        raise httpx.ReadError("the line is gone")
        yield b""

    bend(receiver, monkeypatch, cut)
    report = await receiver.pull()
    assert (report.verified, report.failed, [path for path, _ in report.unanswered]) == ([], [], [receiver.place])
    assert await receiver.state() == "offered"
