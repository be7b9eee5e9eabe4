"""A medium that is full, foreign, broken or not meant: told with a code, and nothing that lies there is touched."""

import asyncio
import errno
import fcntl
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import pytest

from cli.copies.faults import CopyRefused
from cli.deliver.medium import FILE
from shared.auth.roles import Role
from shared.delivery.manifest import FILE as MANIFEST
from shared.errors import StorageFull
from tests.service.conftest import Set, in_one_mode
from tests.service.delivering_desk import DeliveringDesk, delivering

pytestmark = in_one_mode


@pytest.fixture
async def desk(at_work: Set, made_pages: list[Path], tmp_path: Path) -> AsyncIterator[DeliveringDesk]:
    async with delivering(at_work, made_pages, tmp_path / "disk", {}) as made:
        yield made


async def refused(desk: DeliveringDesk, code: str, *parts: int, **how: Any) -> str:  # noqa: ANN401 - of `write`
    with pytest.raises(CopyRefused) as told:
        await desk.write(*parts, **how)
    assert told.value.code == code
    assert await desk.media() == []
    return str(told.value)


def lying(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


async def test_a_medium_without_room_is_told_before_a_package_is_fetched(
    desk: DeliveringDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.statvfs(desk.to)
    monkeypatch.setattr("os.statvfs", lambda _path: os.statvfs_result((*real[:4], 10, *real[5:])))
    with pytest.raises(StorageFull, match="are to be written"):
        await desk.write()
    assert desk.ranges == []
    monkeypatch.undo()
    await desk.write()


async def test_a_medium_that_runs_out_of_room_keeps_what_it_has_and_is_gone_on_with(
    desk: DeliveringDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.open

    def opened(self: Path, *how: Any, **more: Any) -> IO[Any]:  # noqa: ANN401 - as it is
        file: IO[Any] = real(self, *how, **more)
        if self.suffix == ".part":
            write = file.write

            def until_full(chunk: bytes) -> int:
                if file.tell() + len(chunk) > 200_000:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))
                return int(write(chunk))

            monkeypatch.setattr(file, "write", until_full)
        return file

    async def in_portions(body: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(body), 50_000):
            yield body[start : start + 50_000]

    desk.bend(in_portions)
    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(StorageFull):
        await desk.write()
    (part,) = desk.folder.glob("*.part")
    assert part.stat().st_size == 200_000
    assert await desk.media() == []
    monkeypatch.undo()
    await desk.write()
    assert desk.ranges == ["bytes=200000-"]


async def test_a_wrong_folder_is_told_and_left_as_it_is(desk: DeliveringDesk, tmp_path: Path) -> None:
    right = desk.to
    desk.to = tmp_path / "not mounted"
    await refused(desk, "deliver.no_folder")
    assert not (tmp_path / "not mounted").exists(), "else it would go onto the system's own disk"
    desk.to = right
    for name in ("photo.jpg", "P01-001/photo.jpg", "P01-001/manifest.jsonl"):
        (right / name).parent.mkdir(exist_ok=True)
        (right / name).write_bytes(b"someone's")
        await refused(desk, "deliver.not_empty")
        assert lying(right) == {name: b"someone's"}
        (right / name).unlink()
    desk.folder.rmdir()
    desk.folder.symlink_to(tmp_path)
    await refused(desk, "deliver.not_empty")
    desk.folder.unlink()
    (right / "lost+found").mkdir()
    await desk.write()


async def test_a_medium_of_another_delivery_or_begun_otherwise_is_not_written(
    desk: DeliveringDesk, tmp_path: Path
) -> None:
    await desk.write()
    was = lying(desk.to)
    for label, serial in (("HDD 02", "S1"), ("HDD 01", "S2")):
        with pytest.raises(CopyRefused) as told:
            await desk.write(label=label, serial=serial)
        assert told.value.code == "deliver.medium_differs"
        assert "HDD 01" in str(told.value)
    own = (desk.folder / FILE).read_bytes()
    for body, code in (
        (own.replace(desk.delivery_id.encode(), str(uuid4()).encode()), "deliver.other_delivery"),
        (own[:-20], "deliver.medium_malformed"),
    ):
        (desk.folder / FILE).write_bytes(body)
        with pytest.raises(CopyRefused) as told:
            await desk.write()
        assert told.value.code == code
    (desk.folder / FILE).write_bytes(own)
    assert lying(desk.to) == was
    desk.folder.rename(desk.to / "P01-009")
    with pytest.raises(CopyRefused) as told:
        await desk.write()
    assert told.value.code == "deliver.other_delivery"
    assert not desk.folder.exists()


async def test_a_link_in_place_of_a_package_is_not_written_through(desk: DeliveringDesk, tmp_path: Path) -> None:
    await desk.write()
    (package,) = desk.zips
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"precious")
    package.unlink()
    package.with_suffix(".part").symlink_to(elsewhere)
    with pytest.raises(CopyRefused) as told:
        await desk.write()
    assert told.value.code == "deliver.not_empty"
    assert elsewhere.read_bytes() == b"precious"


async def test_one_command_writes_at_a_time(desk: DeliveringDesk) -> None:
    desk.folder.mkdir()
    held = os.open(desk.folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    await refused(desk, "deliver.medium_busy")
    os.close(held)
    await desk.write()


async def test_what_never_reads_back_right_is_not_called_written(desk: DeliveringDesk) -> None:
    async def wrong(body: bytes) -> AsyncIterator[bytes]:
        yield body[:-1] + b"x"

    desk.bend(wrong)
    await refused(desk, "deliver.reads_back_wrong")
    assert (desk.ranges, desk.zips) == (["all", "all"], [])


async def test_another_manifest_than_the_frozen_one_is_refused_before_a_package_is_fetched(
    desk: DeliveringDesk,
) -> None:
    async def cut(body: bytes) -> AsyncIterator[bytes]:
        yield body[:-1]

    async def other(body: bytes) -> AsyncIterator[bytes]:
        yield body.replace(b'"file_code":"H49.2001.001"', b'"file_code":"H49.2001.002"')

    for bent in (cut, other):
        desk.bend(bent, MANIFEST)
        await refused(desk, "deliver.manifest_refused")
        assert desk.ranges == []
    desk.unbend()
    await desk.write()


async def test_papers_that_the_system_cannot_print_are_told_and_the_others_written(
    at_work: Set, made_pages: list[Path], tmp_path: Path
) -> None:
    async with delivering(at_work, made_pages, tmp_path / "disk", {"office_fonts": str(tmp_path / "none")}) as desk:
        written = await desk.write()
        assert written.missing_papers == ["statistical-list.pdf", "dossier-list.pdf", "minutes.pdf"]
        there = sorted(each.name for each in (desk.folder / "papers").iterdir())
        assert there == ["dossier-list.xlsx", "minutes.docx", "statistical-list.xlsx"]
        assert len(await desk.media()) == 1


async def test_only_an_open_delivery_under_an_agreement_about_media_is_written(
    desk: DeliveringDesk, at_work: Set, made_pages: list[Path]
) -> None:
    await refused(desk, "deliver.delivery_unknown", asked="P01-002")
    await refused(desk, "deliver.part_unknown", 1, 7)
    assert list(desk.to.iterdir()) == []
    await desk.write(asked=desk.delivery_id)


@pytest.mark.parametrize(
    ("agreed", "is_opened", "code"),
    [("pull", True, "deliver.medium_not_agreed"), ("media", False, "deliver.delivery_not_open")],
)
async def test_what_was_not_agreed_or_is_not_open_is_refused_here_and_there(
    at_work: Set, made_pages: list[Path], tmp_path: Path, agreed: str, is_opened: bool, code: str
) -> None:
    disk = tmp_path / "disk"
    async with delivering(at_work, made_pages, disk, {}, agreed=agreed, is_opened=is_opened) as desk:
        with pytest.raises(CopyRefused) as told:
            await desk.write()
        assert told.value.code == code
        body = {"label": "HDD", "parts": [1], "inventory_sha256": "0" * 64}
        officer = desk.system.caller(Role.HANDOVER_OFFICER)
        answer = await officer.put(f"{desk.base}/media/{uuid4()}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, code.replace("deliver.", "handover."))
        await asyncio.sleep(0.4)


async def test_whatever_the_system_calls_a_fonds_its_delivery_lies_on_the_medium(desk: DeliveringDesk) -> None:
    there = sorted(desk.to.parent.iterdir())

    async def malformed(body: bytes) -> AsyncIterator[bytes]:
        yield body.replace(b'"fonds_code":"P01"', b'"fonds_code":null')

    async def leading_out(body: bytes) -> AsyncIterator[bytes]:
        yield body.replace(b'"fonds_code":"P01"', b'"fonds_code":"../escape"')

    desk.bend(malformed, "deliveries")
    await refused(desk, "deliver.delivery_malformed")
    desk.bend(leading_out, "deliveries")
    written = await desk.write(asked="../escape-001")
    assert (written.folder.parent, sorted(desk.to.parent.iterdir())) == (desk.to, there)
