"""Two pulls into one folder: one is refused, and where nothing can be locked nobody signs what the other spoilt."""

import asyncio
import errno
import fcntl
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
import typer
from pydantic import SecretStr
from typer.testing import CliRunner

from cli.copies.faults import CopyRefused
from cli.credential import Credential
from cli.doors import NOT_NOW
from cli.pull import pull
from cli.pull.alone import LOCK, WrittenElsewhere, alone_in
from cli.pull.judging import faults_of
from cli.pull.pulling import PullReport
from shared.delivery.receipt_file import FILE as RECEIPTS
from shared.delivery.receipt_file import receipts_in
from tests.service.conftest import in_one_mode
from tests.service.test_pull import Receiver, bend, demand_accepted
from tests.service.test_pull import receiver as receiver


@pytest.fixture
def lockless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a file system that knows no locks, as some shares are."""

    def refuse(_descriptor: int, _how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    locks = SimpleNamespace(flock=refuse, LOCK_EX=fcntl.LOCK_EX, LOCK_NB=fcntl.LOCK_NB)
    monkeypatch.setattr("cli.pull.alone.fcntl", locks)


async def slowly(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 10_000):
        await asyncio.sleep(0.01)
        yield body[start : start + 10_000]


async def both(receiver: Receiver) -> tuple[PullReport | BaseException, PullReport | BaseException]:
    return await asyncio.gather(receiver.pull(), receiver.pull(), return_exceptions=True)


async def test_of_two_pulls_into_one_folder_the_second_is_refused_and_the_first_goes_on(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    bend(receiver, monkeypatch, slowly)
    outcomes = await both(receiver)
    [told] = [each for each in outcomes if isinstance(each, CopyRefused)]
    assert (told.code, told.exit_code) == ("pull.folder_busy", NOT_NOW)
    [report] = [each for each in outcomes if isinstance(each, PullReport)]
    await demand_accepted(receiver, report)
    assert (await receiver.pull()).unanswered == [], "and once it has ended, the folder is free"


def test_the_command_that_comes_second_says_so_and_exits_with_three(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(pull)
    nobody = Credential(url="http://127.0.0.1:9", account_id=uuid4(), secret=SecretStr("none"))
    nobody.save(tmp_path / "credential.json")
    asked = ["--credential", str(tmp_path / "credential.json"), "--to", str(tmp_path / "to")]
    with alone_in(tmp_path / "to"):
        told = CliRunner().invoke(app, asked, env={"LC_ALL": "en_GB.UTF-8", "SAOLUU_LANGUAGE": ""})
    assert (told.exit_code, "pull.folder_busy: another pull is writing to " in told.output) == (NOT_NOW, True)


def test_a_folder_that_cannot_be_written_to_is_told_with_a_code(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "to" / LOCK).mkdir(parents=True)
    for place in (tmp_path / "file", tmp_path / "to"):
        with pytest.raises(CopyRefused) as told, alone_in(place):
            pass
        assert told.value.code == "pull.folder_unusable"


@in_one_mode
@pytest.mark.usefixtures("lockless")
async def test_without_locks_two_pulls_at_once_reject_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    bend(receiver, monkeypatch, slowly)
    for outcome in await both(receiver):
        assert isinstance(outcome, PullReport)
        assert outcome.failed == []
    await receiver.pull()
    assert await receiver.state() == "accepted"
    assert {each.answer for each in receipts_in(receiver.place.with_name(RECEIPTS))} == {"accepted"}


@in_one_mode
@pytest.mark.parametrize("how", ["added to", "cut", "replaced", "taken away"])
async def test_a_part_that_another_program_spoils_is_answered_with_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    part = receiver.place.with_suffix(".part")

    async def spoiling(body: bytes) -> AsyncIterator[bytes]:
        yield body[:1000]
        if how == "added to":
            part.write_bytes(part.read_bytes() + b"x")
        elif how == "cut":
            part.write_bytes(b"")
        else:
            part.unlink()
        if how == "replaced":
            part.write_bytes(body[:1000])
        yield body[1000:]

    with monkeypatch.context() as line:
        bend(receiver, line, spoiling)
        report = await receiver.pull()
    assert (report.verified, report.failed) == ([], [])
    [(_, reason)] = report.unanswered
    assert reason == f"{part}: {WrittenElsewhere(part).strerror}"
    assert await receiver.state() == "offered"
    await demand_accepted(receiver, await receiver.pull())


@in_one_mode
@pytest.mark.parametrize("how", ["renamed", "added to"])
async def test_what_changes_while_it_is_verified_is_answered_with_nothing(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    part = receiver.place.with_suffix(".part")

    def spoilt(path: Path) -> list[dict[str, str]]:
        if how == "renamed":
            part.rename(receiver.place)
        else:
            part.write_bytes(part.read_bytes() + b"x")
        return faults_of(path)

    with monkeypatch.context() as verifying:
        verifying.setattr("cli.pull.pulling.faults_of", spoilt)
        report = await receiver.pull()
    assert (report.verified, report.failed, len(report.unanswered)) == ([], [], 1)
    assert await receiver.state() == "offered"
    await demand_accepted(receiver, await receiver.pull())
