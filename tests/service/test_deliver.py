"""A delivery on a disk: written, read back, noted, and proved by the receiver offline as after pulling."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import typer
from typer.testing import CliRunner

from cli.client import ApiClient
from cli.copies.faults import CopyRefused
from cli.credential import Credential
from cli.deliver import deliver
from cli.pull.proof import Proof
from cli.pull.pulling import pull_all
from shared.auth.roles import Role
from shared.delivery.signature import anchors_in
from tests.service.conftest import Set
from tests.service.cutting import Through, served
from tests.service.delivering_desk import DeliveringDesk, delivering
from tests.service.handover_office import RECEIVER
from tests.service.station import Line, client_on
from tests.service.test_pull_proof import signing
from tests.service.test_verify_command import run_cli
from tests.signers import Authority, authority
from tests.verifying import verified


@pytest.fixture
def root(tmp_path: Path) -> Authority:
    folder = tmp_path / "ca"
    folder.mkdir()
    return authority(folder)


@pytest.fixture
async def desk(at_work: Set, made_pages: list[Path], tmp_path: Path, root: Authority) -> AsyncIterator[DeliveringDesk]:
    async with delivering(at_work, made_pages, tmp_path / "disk", signing(root), dossiers=2) as made:
        yield made
        await asyncio.sleep(0.4)  # the others hear of answers: cut off there, a database connection is not closed


def checked(folder: Path) -> str:
    """Hold a medium against its inventory by the tool that every system has."""
    command = [shutil.which("sha256sum") or "", "-c", "inventory.sha256"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def test_a_receiver_proves_a_medium_offline_and_answers_without_fetching_a_package(
    desk: DeliveringDesk, root: Authority, tmp_path: Path
) -> None:
    written = await desk.write(ca=root.pem)
    assert (written.folder, list(written.parts), written.package_count) == (desk.folder, [1, 2], 2)
    listed = await asyncio.to_thread(checked, desk.folder)
    files = [each for each in desk.folder.rglob("*") if each.is_file()]
    assert len(listed.splitlines()) == len(files) - 1, "all but the inventory itself"
    assert {"manifest.jsonl.p7s: OK", "papers/minutes.docx: OK", "medium.json: OK"} <= set(listed.splitlines())
    code, said = await asyncio.to_thread(verified, desk.folder, "--ca", root.pem)
    assert (code, "signature of the manifest checked: openssl" in said) == (0, True), said
    for place in (desk.to, desk.folder):
        assert (await asyncio.to_thread(run_cli, place, "--signer-ca", str(root.pem)))[0] == 0
    (noted,) = await desk.media()
    assert (noted["label"], noted["serial"], noted["parts"], noted["written_by"]) == (
        "HDD 01",
        "S1",
        [1, 2],
        "station-1",
    )
    assert noted["inventory_sha256"] == written.inventory_sha256
    assert (noted["package_count"], noted["byte_count"]) == (2, sum(each["size"] for each in desk.packages))

    await asyncio.to_thread(shutil.copytree, desk.folder, tmp_path / "received" / "P01-001")
    line = Line(desk.system, Role.RECEIVER, RECEIVER)
    async with client_on(line) as client:
        report = await pull_all(client, tmp_path / "received", patience=2, proof=Proof(anchors_in(root.pem)))
    assert (len(report.verified), report.failed, report.unanswered) == (2, [], [])
    assert not [each for each in line.carried if each.endswith("/content")]


async def test_a_medium_that_is_whole_is_read_again_and_noted_once(desk: DeliveringDesk) -> None:
    first = await desk.write()
    assert desk.ranges == ["all", "all"]
    again = await desk.write()
    assert (desk.ranges, again) == ([], first)
    assert len(await desk.media()) == 1
    seen = (await desk.system.caller(Role.HANDOVER_OFFICER).get(desk.base)).json()
    assert (seen["state"], seen["media_count"]) == ("open", 1)


async def test_a_cut_anywhere_is_gone_on_from(desk: DeliveringDesk) -> None:
    async def cut(body: bytes) -> AsyncIterator[bytes]:
        yield body[:100_000]
        raise httpx.ReadError("the line is gone")

    desk.bend(cut)
    for _ in range(3):
        with pytest.raises(httpx.ReadError):
            await desk.write()
    held = sum(each.stat().st_size for each in desk.folder.glob("*.part"))
    assert held >= 300_000
    assert (desk.zips, await desk.media()) == ([], [])
    desk.unbend()
    await desk.write()
    assert desk.ranges == [f"bytes={held}-", "all"]
    await asyncio.to_thread(checked, desk.folder)
    assert len(await desk.media()) == 1


async def test_what_went_wrong_on_the_medium_is_written_anew(desk: DeliveringDesk) -> None:
    await desk.write()
    first, second = desk.zips
    body = first.read_bytes()
    first.write_bytes(body[:-1] + b"x")
    second.rename(second.with_suffix(".part"))
    second.with_suffix(".part").write_bytes(b"\0" * 1000)
    (desk.folder / "papers" / "minutes.docx").write_bytes(b"torn")
    (desk.folder / "inventory.sha256").unlink()
    written = await desk.write()
    assert desk.ranges == ["all", "bytes=1000-", "all"]
    await asyncio.to_thread(checked, desk.folder)
    assert [each["inventory_sha256"] for each in await desk.media()] == [written.inventory_sha256]


async def test_parts_on_media_of_their_own_are_one_delivery_once_they_are_together(
    desk: DeliveringDesk, root: Authority, tmp_path: Path
) -> None:
    first, desk.to = desk.to, tmp_path / "second"
    desk.to.mkdir()
    await desk.write(2, label="HDD 02")
    desk.to = first
    await desk.write(1)
    assert [len(desk.zips), len(list((tmp_path / "second" / "P01-001").glob("*.zip")))] == [1, 1]
    assert sorted((each["label"], *each["parts"]) for each in await desk.media()) == [("HDD 01", 1), ("HDD 02", 2)]
    code, said = await asyncio.to_thread(verified, desk.folder)
    assert (code, "package_missing" in said) == (1, True)
    for medium in (first, tmp_path / "second"):
        await asyncio.to_thread(checked, medium / "P01-001")
        await asyncio.to_thread(shutil.copytree, medium, tmp_path / "together", dirs_exist_ok=True)
    assert (await asyncio.to_thread(verified, tmp_path / "together" / "P01-001", "--ca", root.pem))[0] == 0


async def test_a_note_is_one_officers_word_about_one_medium(desk: DeliveringDesk) -> None:
    officer, place = desk.system.caller(Role.HANDOVER_OFFICER, name="lan"), f"{desk.base}/media/{uuid4()}"
    told = {"label": "Băng 7", "parts": [2, 1, 2], "inventory_sha256": "0" * 64}

    async def answered(caller: httpx.AsyncClient, at: str = place, **other: object) -> tuple[int, str]:
        answer = await caller.put(at, json={**told, **other})
        return answer.status_code, str(answer.json().get("code", ""))

    assert await answered(officer, parts=[1, 3]) == (422, "handover.part_unknown")
    assert await answered(officer, f"/handover/deliveries/{uuid4()}/media/{uuid4()}") == (
        404,
        "handover.delivery_unknown",
    )
    assert [await answered(officer) for _ in range(2)] == [(200, ""), (200, "")]
    assert await answered(officer, label="Băng 8") == (409, "handover.medium_differs")
    for role in (Role.RECEIVER, Role.AUDITOR):
        assert (await answered(desk.system.caller(role, account_id=RECEIVER)))[0] == 403
    ((noted),) = await desk.media()
    assert (noted["label"], noted["parts"], noted["written_by"]) == ("Băng 7", [1, 2], "lan")
    stranger = await desk.system.caller(Role.RECEIVER, account_id=uuid4()).get(f"{desk.base}/media")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "handover.delivery_unknown")


def commanded(folder: Path, **options: object) -> tuple[int, str]:
    """Run the command in English; gives its exit code and what it said."""
    credential = folder / "officer.json"
    credential.write_text('{"url": "http://127.0.0.1:9", "account_id": "' + str(uuid4()) + '", "secret": "s"}')
    credential.chmod(0o600)
    app = typer.Typer()
    app.command()(deliver)
    told = {"credential": credential, "label": "HDD 01", **options}
    arguments = ["P01-001", *(str(each) for name, value in told.items() for each in (f"--{name}", value))]
    outcome = CliRunner().invoke(app, arguments, env={"LC_ALL": "en_US.UTF-8", "SAOLUU_LANGUAGE": ""})
    return outcome.exit_code, outcome.output


async def test_the_command_writes_tells_what_is_there_and_goes_on(
    desk: DeliveringDesk, root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with served(desk.system) as port:
        there = f"http://127.0.0.1:{port}"

        def client(credential: Credential, **_: object) -> ApiClient:
            return ApiClient(credential, patience=2, transport=Through(there, desk.line))

        monkeypatch.setattr("cli.deliver.ApiClient", client)
        how = {"to": desk.to, "signer-ca": root.pem, "serial": "S1"}
        code, said = await asyncio.to_thread(commanded, tmp_path, **how, part=2)
        assert (code, "part 2, 1 packages" in said, "inventory.sha256: " in said) == (0, True, True), said
        assert said.count("written and read back") == 1
        code, said = await asyncio.to_thread(commanded, tmp_path, **how, part=2)
        assert (code, "there already, reads back right" in said) == (0, True), said
        code, said = await asyncio.to_thread(commanded, tmp_path, **how)
        assert (code, "deliver.medium_differs" in said) == (2, True), said
    assert [each["parts"] for each in await desk.media()] == [[2]]


def test_the_command_tells_a_refusal_in_one_line_with_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        raise CopyRefused("deliver.delivery_unknown", "không có đợt", "there is none")

    monkeypatch.setattr("cli.deliver.chosen", nothing)
    code, said = commanded(tmp_path, to=tmp_path)
    assert (code, "deliver.delivery_unknown: there is none" in said) == (2, True)
    assert "--signer-ca" in said, "that no signature is checked is told"
