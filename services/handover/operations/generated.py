"""The files that were generated for a package: kept in pieces of a MiB, read as they come up, never all at once."""

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from typing import TypedDict
from uuid import UUID

from isal.isal_zlib import crc32
from sqlalchemy import insert
from sqlmodel import col, select

from services.handover.domain.layout import LaidFile
from services.handover.layout_models import GeneratedPiece
from services.handover.operations.layouts import FrozenPortions
from shared.database import Database
from shared.eark.errors import SourceDisagrees
from shared.storage.port import MIB
from shared.uow import UnitOfWork

ROOM = 4 * MIB  # small files are at hand until they are so many, and written so many at once
AT_ONCE = 1_000


class Piece(TypedDict):
    """A row."""

    package_id: UUID
    path: str
    mib: int
    content: bytes


class GeneratedFiles:
    """Gives bytes of generated files, each piece proved; has the small ones that follow in the portion at hand."""

    def __init__(self, database: Database, package_id: UUID, portions: FrozenPortions) -> None:
        self._database = database
        self._package_id = package_id
        self._portions = portions
        self._at_hand: Mapping[tuple[str, int], bytes] = {}

    async def read(self, file: LaidFile, begin: int, end: int) -> AsyncGenerator[bytes, None]:
        """Give the bytes of a file from `begin` to `end`. Raises SourceDisagrees before anything wrong leaves."""
        for mib in range(begin // MIB, -(-end // MIB)):
            piece = await self._piece(file, mib)
            if crc32(piece) != file.sums[mib]:
                raise SourceDisagrees(f"{file.path} is not what was laid out")
            yield piece[max(0, begin - mib * MIB) : end - mib * MIB]

    async def _piece(self, file: LaidFile, mib: int) -> bytes:
        if (file.path, mib) not in self._at_hand:
            asked = select(GeneratedPiece.path, GeneratedPiece.content).where(
                GeneratedPiece.package_id == self._package_id,
                col(GeneratedPiece.path).in_(list(self._coming(file))),
                GeneratedPiece.mib == mib,
            )
            async with self._database.reading() as session:
                self._at_hand = {(path, mib): content for path, content in await session.exec(asked)}
        return self._at_hand.get((file.path, mib), b"")

    def _coming(self, first: LaidFile) -> Iterator[str]:
        """Give the paths of a file and of the small ones that follow it in the portion; a large one comes alone."""
        yield first.path
        size, is_behind = first.size, False
        for file in self._portions.files.values():
            if is_behind and not file.key:
                size += file.size
                if size > ROOM or max(file.size, first.size) > MIB:
                    return
                yield file.path
            is_behind = is_behind or file.path == first.path


async def keep_generated(uow: UnitOfWork, package_id: UUID, files: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """Keep generated files, each by its path and its bytes in portions of any size."""
    gathered: list[Piece] = []
    size = 0
    for path, chunks in files:
        for mib, content in enumerate(pieces(chunks)):
            gathered.append(Piece(package_id=package_id, path=path, mib=mib, content=content))
            size += len(content)
            if len(gathered) == AT_ONCE or size >= ROOM:
                await uow.session.exec(insert(GeneratedPiece), params=gathered)
                gathered, size = [], 0
    if gathered:
        await uow.session.exec(insert(GeneratedPiece), params=gathered)


def pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut bytes that come in portions of any size into whole MiBs, the last one of what is left."""
    gathered = bytearray()
    for chunk in chunks:
        gathered += chunk
        while len(gathered) >= MIB:
            yield bytes(gathered[:MIB])
            del gathered[:MIB]
    if gathered:
        yield bytes(gathered)


def sums_of(size: int, chunks: Iterable[bytes]) -> tuple[int, ...]:
    """Give the CRC-32 of each MiB of a file that is larger than one, nothing for a smaller one."""
    return tuple(crc32(piece) for piece in pieces(chunks)) if size > MIB else ()
