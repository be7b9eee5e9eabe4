"""The shelf of packages that are being pulled: their layouts and the files generated for them."""

from collections import OrderedDict
from uuid import UUID

from sqlmodel import select

from services.handover.domain.layout import Layout
from services.handover.models import Package, PackageContent
from shared.database import Database

REMEMBERED = 16


class Shelf:
    """Layouts that were lately asked for, with the files generated for them; they never change once frozen."""

    def __init__(self) -> None:
        self._held: OrderedDict[UUID, tuple[Layout, dict[str, bytes]]] = OrderedDict()

    async def take(self, database: Database, package: Package) -> tuple[Layout, dict[str, bytes]]:
        """Give a built package's layout and its generated files by name."""
        if package.id not in self._held:
            layout = Layout.load(str(package.layout))
            async with database.reading() as session:
                rows = await session.exec(select(PackageContent).where(PackageContent.package_id == package.id))
                self._held[package.id] = layout, {row.path: row.content for row in rows}
            while len(self._held) > REMEMBERED:
                self._held.popitem(last=False)
        self._held.move_to_end(package.id)
        return self._held[package.id]
