"""The files that were generated for a package, taken off the database as they come up in its ZIP: never all at once."""

from collections.abc import Iterator, Mapping
from itertools import islice
from uuid import UUID

from sqlmodel import col, select

from services.handover.domain.layout import LaidFile, Layout
from services.handover.models import PackageContent
from shared.database import Database
from shared.storage.port import MIB

AT_ONCE, ROOM = 256, 4 * MIB  # at most so many files, and no further one once they are so large


class GeneratedFiles:
    """Gives generated files by path; whoever reads a package asks for them in the order of its layout."""

    def __init__(self, database: Database, package_id: UUID, layout: Layout) -> None:
        self._database = database
        self._package_id = package_id
        self._layout = layout
        self._at_hand: Mapping[str, bytes] = {}

    async def body(self, path: str) -> bytes:
        """Give a file, and have those that follow it at hand."""
        if path not in self._at_hand:
            wanted = [file.path for file in self._portion(self._layout.places[path])]
            asked = select(PackageContent.path, PackageContent.content).where(
                PackageContent.package_id == self._package_id, col(PackageContent.path).in_(wanted)
            )
            async with self._database.reading() as session:
                self._at_hand = dict((await session.exec(asked)).all())
        return self._at_hand[path]

    def _portion(self, first: int) -> Iterator[LaidFile]:
        size = 0
        for file in islice(self._layout.generated, first, first + AT_ONCE):
            if size and size + file.size > ROOM:
                return
            size += file.size
            yield file
