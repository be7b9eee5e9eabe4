"""Packages that an older version laid out: carried over into portions when one is first asked for, to the same bytes.

It kept a layout as one text and every generated file whole, and took the sums of stored files out of the dossier's
manifest at each start. A register of then is restored as it was, so that they may turn up at any time.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from isal.isal_zlib import crc32
from sqlmodel import col, delete, select

from services.handover.context import Context
from services.handover.domain.layout import LaidFile, Layout, load
from services.handover.errors import CopiesDamaged, ManifestDamaged, PackageNotOffered
from services.handover.layout_models import PackageLayout
from services.handover.models import Package, PackageContent
from services.handover.operations.building import read_manifest
from services.handover.operations.generated import keep_generated, sums_of
from services.handover.operations.layouts import keep_layout
from services.handover.operations.withdrawing import locked_package
from shared.eark.errors import SourceDisagrees
from shared.storage.port import FixityLost, NotStored
from shared.uow import Caller, UnitOfWork


async def layout_of(context: Context, package_id: UUID) -> PackageLayout:
    """Give how a package is laid out. Raises CopiesDamaged, PackageNotOffered."""
    async with context.database.reading() as session:
        laid = await session.get(PackageLayout, package_id)
    return laid or await carried_over(context, package_id)


async def carried_over(context: Context, package_id: UUID) -> PackageLayout:
    """Carry one package over, once however many wait for it.

    Raises CopiesDamaged, PackageNotOffered, SourceDisagrees.
    """
    async with context.carrying_over:
        async with context.database.reading() as session:
            if (laid := await session.get(PackageLayout, package_id)) is not None:
                return laid
            package = await session.get_one(Package, package_id)
        if package.layout is None:
            raise PackageNotOffered
        told = await told_sums(context, package, await asyncio.to_thread(load, package.layout))
        files = [await summed_up(context, package_id, file) for file in told]
        layout = await asyncio.to_thread(Layout.of, files)
        async with context.database.writing(Caller("handover")) as uow:
            _, row = await locked_package(uow, package_id)
            if (laid := await uow.session.get(PackageLayout, package_id)) is None:  # another process was faster
                laid = await keep_layout(uow, package_id, layout)
                await move_generated(uow, package_id, files)
                row.layout = None
        return laid


async def told_sums(context: Context, package: Package, files: Sequence[LaidFile]) -> list[LaidFile]:
    """Give files with the sums that the dossier's manifest has of them."""
    sums: Mapping[str, tuple[int, ...]] = {}
    with suppress(ManifestDamaged):
        manifest = await read_manifest(context, package)
        sums = {file.key: file.mib_crc32 for file in (*manifest.masters.files, *manifest.aip.files)}
    return [replace(file, mib_crc32=sums.get(file.key, ())) if file.lacks_sums else file for file in files]


async def summed_up(context: Context, package_id: UUID, file: LaidFile) -> LaidFile:
    """Give a file with sums that nobody told, read from a copy that is right. Raises CopiesDamaged, SourceDisagrees."""
    if not file.lacks_sums:
        return file
    if not file.key:
        async with context.database.reading() as session:
            body = (await session.get_one(PackageContent, (package_id, file.path))).content
        if crc32(body) != file.crc32:
            raise SourceDisagrees(f"{file.path} is not what was laid out")
        return replace(file, mib_crc32=sums_of(file.size, [body]))
    for store in (context.archive, context.reserve):
        with suppress(NotStored, FixityLost):
            found = await store.read_back(file.key)
            if found.sha256 == file.sha256:
                return replace(file, mib_crc32=found.mib_crc32)
    raise CopiesDamaged(file.key)


async def move_generated(uow: UnitOfWork, package_id: UUID, files: Sequence[LaidFile]) -> None:
    """Cut the generated files of a package into pieces, one file at a time."""
    of_package = col(PackageContent.package_id) == package_id
    for paths in batches([file.path for file in files if not file.key]):
        asked = select(PackageContent.path, PackageContent.content).where(
            of_package, col(PackageContent.path).in_(paths)
        )
        await keep_generated(
            uow, package_id, ((path, [content]) for path, content in (await uow.session.exec(asked)).all())
        )
    await uow.session.exec(delete(PackageContent).where(of_package))


def batches(paths: Sequence[str], at_once: int = 100) -> Iterator[Sequence[str]]:
    """Cut a list into pieces."""
    for begin in range(0, len(paths), at_once):
        yield paths[begin : begin + at_once]
