"""A request reads the part of a package's layout that it serves, and what an older version laid out stays the same."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx
import pytest
from pydantic import TypeAdapter
from sqlalchemy import event
from sqlmodel import col, delete, select

from services.handover.context import Context
from services.handover.domain import layout
from services.handover.layout_models import GeneratedPiece, LayoutPortion, PackageLayout
from services.handover.models import Package, PackageContent
from shared.auth.roles import Role
from shared.storage.port import MIB
from tests.harness import Bench
from tests.service.conftest import Set
from tests.service.handover_office import RECEIVER, delivered, granted, sealed

OLDER = TypeAdapter(list[dict[str, Any]])


@pytest.fixture
async def system(at_work: Set, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    monkeypatch.setattr(layout, "AT_ONCE", 2)
    async with at_work("catalog", "ingest", "handover", "reporting") as made:
        await made.tell("handover", [granted(RECEIVER, Role.RECEIVER)])
        yield made


async def asked(system: Bench, package: dict[str, Any], form: str, **headers: str) -> httpx.Response:
    receiver = system.caller(Role.RECEIVER, account_id=RECEIVER)
    return await receiver.get(f"/handover/packages/{package['id']}/content", params={"form": form}, headers=headers)


@contextmanager
def counted() -> Iterator[list[int]]:
    """Note the places of the portions that are read."""
    places: list[int] = []

    def note(portion: LayoutPortion, _context: object) -> None:
        places.append(portion.place)

    event.listen(LayoutPortion, "load", note)
    try:
        yield places
    finally:
        event.remove(LayoutPortion, "load", note)


async def test_a_range_reads_the_rows_it_touches_and_no_manifest(
    system: Bench, made_pages: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    await sealed(system, made_pages)
    package = await delivered(system)
    context = cast(Context, system.services["handover"].context)
    keys: list[str] = []
    read = context.archive.read

    def noted(key: str, **part: int) -> AsyncIterator[bytes]:
        keys.append(key)
        return read(key, **part)

    monkeypatch.setattr(context.archive, "read", noted)
    for form in ("zip", "tar"):
        with counted() as all_places:
            whole = (await asked(system, package, form)).content
        assert len(set(all_places)) >= 5, "the package has more portions than a range could need"
        for start in range(0, len(whole) - 9, len(whole) // 40):
            keys.clear()
            with counted() as places:
                part = await asked(system, package, form, Range=f"bytes={start}-{start + 8}")
            assert part.content == whole[start : start + 9]
            assert len(places) <= 2, "two where the range lies across the border of portions"
            assert len(keys) <= 2
            assert all("/data/" in key for key in keys), "nothing but what is served is read from the stores"


async def test_a_package_that_an_older_version_laid_out_is_the_same_bytes_under_the_same_tags(
    system: Bench, made_pages: list[Path]
) -> None:
    await sealed(system, made_pages)
    package = await delivered(system)
    before = {form: await asked(system, package, form) for form in ("zip", "tar")}
    context, package_id = cast(Context, system.services["handover"].context), UUID(str(package["id"]))
    files = await made_older(context, package_id)
    assert any(file["size"] > MIB for file in files if file["key"]), "one whose sums must be found"
    several = await asyncio.gather(*(asked(system, package, form) for form in ("zip", "tar") * 3))
    for after, form in zip(several, ("zip", "tar") * 3, strict=True):
        assert after.content == before[form].content
        for name in ("etag", "content-length", "content-disposition"):
            assert after.headers[name] == before[form].headers[name]
    async with context.database.reading() as session:
        assert (await session.get_one(Package, package_id)).layout is None
        assert (await session.exec(select(PackageContent))).all() == []
        assert len((await session.exec(select(GeneratedPiece))).all()) >= 5


async def made_older(context: Context, package_id: UUID) -> list[dict[str, Any]]:
    """Put a package as the version before this kept it: one text, whole files, no sums; gives its files."""
    async with context.database.writing() as uow:
        rows = (await uow.session.exec(select(LayoutPortion).order_by(col(LayoutPortion.place)))).all()
        files = [asdict(file) for row in rows for file in layout.load(row.files)]
        for file in files:
            del file["mib_crc32"]
        (await uow.session.get_one(Package, package_id)).layout = OLDER.dump_json(files).decode()
        bodies: dict[str, bytes] = {}
        for piece in (await uow.session.exec(select(GeneratedPiece).order_by(col(GeneratedPiece.mib)))).all():
            bodies[piece.path] = bodies.get(piece.path, b"") + piece.content
        uow.session.add_all(
            PackageContent(package_id=package_id, path=path, content=body) for path, body in bodies.items()
        )
        for table in (PackageLayout, LayoutPortion, GeneratedPiece):
            await uow.session.exec(delete(table))
    return files
