"""What is kept back is left out of a medium, named on it and in its note, and stops nothing else."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from cli.client import ApiClient
from cli.credential import Credential
from shared.auth.roles import Role
from shared.delivery.canonical import canonical
from shared.delivery.left_out import FILE, left_out_in
from tests.service.conftest import Set
from tests.service.cutting import Through, served
from tests.service.delivering_desk import DeliveringDesk, delivering
from tests.service.test_deliver import checked, commanded, root
from tests.service.test_handover_quarantine import kept_as, quarantined, restored
from tests.service.test_handover_unlisting import anew, withdrawn
from tests.service.test_pull_proof import signing
from tests.service.test_verify_command import run_cli
from tests.signers import Authority
from tests.verifying import verified

GONE, UNSOUND = "handover.dossier_withdrawn", "handover.dossier_quarantined"
__all__ = ["root"]


@pytest.fixture
async def desk(at_work: Set, made_pages: list[Path], tmp_path: Path, root: Authority) -> AsyncIterator[DeliveringDesk]:
    async with delivering(at_work, made_pages, tmp_path / "disk", signing(root), dossiers=3) as made:
        yield made
        await asyncio.sleep(0.4)  # the others hear of answers: cut off there, a database connection is not closed


def dossier_of(package: dict[str, Any]) -> UUID:
    return UUID(package["dossier_id"])


def named_in(folder: Path) -> list[tuple[str, str, str]]:
    """Give what a medium says was left out of it: file, package, code."""
    lines = [json.loads(line) for line in (folder / FILE).read_bytes().splitlines()]
    assert (folder / FILE).read_bytes() == b"".join(canonical(each) + b"\n" for each in lines)
    return [(each["file"], each["package_id"], each["code"]) for each in lines]


async def noted(desk: DeliveringDesk) -> tuple[list[str], int, int, str]:
    """Give the one note of the medium: what was left out of it, packages, bytes, the digest of its inventory."""
    (one,) = await desk.media()
    return one["left_out"], one["package_count"], one["byte_count"], one["inventory_sha256"]


def size_of(packages: Sequence[dict[str, Any]]) -> int:
    return sum(each["size"] for each in packages)


async def test_what_is_kept_back_is_left_out_and_all_else_is_written(desk: DeliveringDesk, root: Authority) -> None:
    first, second, third = desk.packages
    masters = (await kept_as(desk.system, dossier_of(third)))[0]
    await desk.system.tell("handover", [withdrawn(dossier_of(first)), quarantined(dossier_of(third), masters)])
    written = await desk.write(ca=root.pem)
    assert [(str(each.package_id), each.code) for each in written.left_out] == [
        (first["id"], GONE),
        (third["id"], UNSOUND),
    ]
    assert (written.package_count, written.byte_count) == (1, second["size"])
    assert [each.name for each in desk.zips] == [each.name for each in desk.zips if second["objid"][-36:] in each.name]
    assert named_in(desk.folder) == [(each.file, str(each.package_id), each.code) for each in written.left_out]
    listed = (await asyncio.to_thread(checked, desk.folder)).splitlines()
    assert {f"{FILE}: OK", "papers/minutes.docx: OK"} <= set(listed)
    assert await noted(desk) == (
        sorted([first["id"], third["id"]]),
        1,
        second["size"],
        written.inventory_sha256,
    )
    code, said = await asyncio.to_thread(run_cli, desk.folder, "--signer-ca", str(root.pem), locale="en_GB.UTF-8")
    assert (code, [line for line in said if "package_missing" in line]) == (
        1,
        [
            f"{desk.folder}/{each.file}: package_missing: A package that the manifest lists is missing"
            f" (left out by the sender: {each.code})"
            for each in written.left_out
        ],
    )
    alone = await asyncio.to_thread(verified, desk.folder, "--ca", root.pem)
    assert (alone[0], alone[1].count("package_missing"), FILE in alone[1]) == (1, 2, False)
    assert await desk.write() == written
    assert len(await desk.media()) == 1

    await desk.system.tell("handover", [anew(dossier_of(first)), restored(dossier_of(third), masters)])
    whole = await desk.write()
    assert (whole.package_count, whole.left_out, (desk.folder / FILE).exists()) == (3, [], False)
    await asyncio.to_thread(checked, desk.folder)
    assert await noted(desk) == ([], 3, size_of(desk.packages), whole.inventory_sha256)


async def test_what_is_kept_back_since_it_was_written_is_taken_off_the_medium(
    desk: DeliveringDesk, root: Authority
) -> None:
    await desk.write()
    first, second, third = desk.packages
    whole, begun, _ = desk.zips
    begun.rename(begun.with_suffix(".part"))
    await desk.system.tell("handover", [withdrawn(dossier_of(first)), withdrawn(dossier_of(second))])
    written = await desk.write()
    assert desk.ranges == []
    assert (len(written.left_out), whole.exists(), begun.exists(), begun.with_suffix(".part").exists()) == (
        2,
        False,
        False,
        False,
    )
    await asyncio.to_thread(checked, desk.folder)
    assert await noted(desk) == (
        sorted([first["id"], second["id"]]),
        1,
        third["size"],
        written.inventory_sha256,
    )


async def test_what_comes_to_be_kept_back_while_it_is_fetched_is_left_out_too(desk: DeliveringDesk) -> None:
    carry, first = type(desk.line).handle_async_request, desk.packages[0]

    async def carried(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(f"{first['id']}/content") and "if-none-match" not in request.headers:
            await desk.system.tell("handover", [withdrawn(dossier_of(first))])
        return await carry(desk.line, request)

    desk.line.handle_async_request = carried  # type: ignore[method-assign]
    written = await desk.write()
    assert ([each.code for each in written.left_out], written.package_count) == ([GONE], 2)
    await asyncio.to_thread(checked, desk.folder)


async def test_the_command_names_what_is_left_out_and_says_so_in_its_exit_code(
    desk: DeliveringDesk, root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.system.tell("handover", [withdrawn(dossier_of(desk.packages[0]))])
    async with served(desk.system) as port:

        def client(credential: Credential, **_: object) -> ApiClient:
            return ApiClient(credential, patience=2, transport=Through(f"http://127.0.0.1:{port}", desk.line))

        monkeypatch.setattr("cli.deliver.ApiClient", client)
        code, said = await asyncio.to_thread(commanded, tmp_path, **{"to": desk.to, "signer-ca": root.pem})
    name = named_in(desk.folder)[0][0]
    assert code == 1
    assert f"{name}: left out: {GONE}: This dossier" in said, said
    assert said.splitlines()[-1].startswith("✗ 1 packages are kept back and not on the medium"), said


async def test_a_note_leaves_out_packages_of_its_parts_only(desk: DeliveringDesk) -> None:
    officer, place = desk.system.caller(Role.HANDOVER_OFFICER), f"{desk.base}/media/{uuid4()}"
    first, second, _ = desk.packages
    told = {"label": "HDD 01", "parts": [1], "inventory_sha256": "0" * 64}

    async def answered(**other: object) -> tuple[int, str]:
        answer = await officer.put(place, json={**told, **other})
        return answer.status_code, str(answer.json().get("code", ""))

    for left_out in ([second["id"]], [str(uuid4())], [first["id"], second["id"]]):
        assert await answered(left_out=left_out) == (422, "handover.left_out_unknown")
    assert [await answered(left_out=[first["id"], first["id"]]) for _ in range(2)] == [(200, ""), (200, "")]
    assert await noted(desk) == ([first["id"]], 0, 0, "0" * 64)
    assert await answered(label="HDD 02") == (409, "handover.medium_differs")
    assert await answered(inventory_sha256="1" * 64) == (200, ""), "it was written anew"
    assert await noted(desk) == ([], 1, first["size"], "1" * 64)


def test_a_list_that_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    line = canonical({"code": GONE, "file": "a.zip", "format": "saoluu.left-out.v1", "package_id": str(UUID(int=1))})
    (tmp_path / FILE).write_bytes(
        b"\xff\n[]\n{}\n" + b"[" * 9999 + b"\n" + line.replace(b"handover", b"\x1b[2J") + b"\n" + line + b"\n" + line
    )
    assert [str(each.code) for each in left_out_in(tmp_path).values()] == [GONE]
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / FILE).symlink_to(tmp_path / FILE)
    assert left_out_in(tmp_path / "elsewhere") == {}
