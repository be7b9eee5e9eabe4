"""Layouts in the database: kept in portions, and read portion by portion as they come up."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col, select

from services.handover.domain.layout import LaidFile, Layout, dump, load
from services.handover.layout_models import LayoutPortion, PackageLayout
from shared.database import Database
from shared.eark.portions import Portion, Scale, Starts
from shared.eark.virtual_tar import VirtualTar
from shared.eark.virtual_zip import VirtualZip
from shared.uow import UnitOfWork

AT_ONCE = 20
STARTS = {
    Scale.ZIP: col(LayoutPortion.zip_at),
    Scale.DIRECTORY: col(LayoutPortion.directory_at),
    Scale.TAR: col(LayoutPortion.tar_at),
}


class FrozenPortions:
    """The portions of one package, each taken off the database when it is asked for; holds the last one given."""

    def __init__(self, database: Database, package_id: UUID) -> None:
        self._database = database
        self._package_id = package_id
        self.place = -1
        self.files: Mapping[str, LaidFile] = {}

    async def since(self, scale: Scale, place: int) -> AsyncGenerator[Portion, None]:
        """Give portions in order, from the one in which this place lies."""
        start = STARTS[scale]
        wanted = select(LayoutPortion).where(start <= place).order_by(start.desc()).limit(1)
        while (found := await self._found(wanted)) is not None:
            files = load(found.files)
            self.place, self.files = found.place, {file.path: file for file in files}
            starts = Starts(found.zip_at, found.directory_at, found.tar_at)
            yield Portion(starts, [file.entry for file in files])
            wanted = select(LayoutPortion).where(LayoutPortion.place == found.place + 1)

    async def _found(self, wanted: Any) -> LayoutPortion | None:  # noqa: ANN401 - a statement, long to spell
        async with self._database.reading() as session:
            found: LayoutPortion | None = (
                await session.exec(wanted.where(LayoutPortion.package_id == self._package_id))
            ).first()
        return found


def zip_of(laid: PackageLayout, portions: FrozenPortions) -> VirtualZip:
    """Give the ZIP of a package."""
    return VirtualZip(portions, laid.file_count, Starts(laid.zip_end, laid.directory_end, laid.tar_end))


def tar_of(laid: PackageLayout, portions: FrozenPortions) -> VirtualTar:
    """Give the TAR of a package."""
    return VirtualTar(portions, laid.tar_end)


async def keep_layout(uow: UnitOfWork, package_id: UUID, layout: Layout) -> PackageLayout:
    """Freeze a layout."""
    end = layout.end
    kept = PackageLayout(
        package_id=package_id,
        file_count=layout.count,
        zip_end=end.zip,
        directory_end=end.directory,
        tar_end=end.tar,
        mark=layout.mark,
    )
    uow.session.add(kept)
    rows = [
        {
            "package_id": package_id,
            "place": place,
            **{f"{scale}_at": at for scale, at in portion.at._asdict().items()},
            "files": portion.files,
        }
        for place, portion in enumerate(layout.portions)
    ]
    for begin in range(0, len(rows), AT_ONCE):
        await uow.session.exec(insert(LayoutPortion), params=rows[begin : begin + AT_ONCE])
    return kept


async def amend_layout(uow: UnitOfWork, package_id: UUID, found: Mapping[int, Iterable[LaidFile]]) -> None:
    """Put what was found of files when they were read, by the place of their portion, in place of what was told."""
    for place, files in found.items():
        row = await uow.session.get_one(LayoutPortion, (package_id, place))
        known = {file.path: file for file in files}
        row.files = dump([amended(file, known[file.path]) if file.path in known else file for file in load(row.files)])


def amended(file: LaidFile, found: LaidFile) -> LaidFile:
    """Give a file with what reading it told: its sums and the copy that is good; nothing that its headers say."""
    return replace(file, from_reserve=found.from_reserve, mib_crc32=found.mib_crc32)
